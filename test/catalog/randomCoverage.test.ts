/**
 * What the random migrations are made of: every operation that has a written way back must be among them, so that the
 * property test speaks of it. A kind that is new to `Operation` does not compile here before it is said what it is.
 */
import { beforeAll, expect, test } from 'vitest';
import { type Catalog, emptyCatalog } from '../../src/catalog/catalog';
import { fold } from '../../src/catalog/fold';
import type { Operation, OperationKind } from '../../src/catalog/operation';
import { readPostgres } from '../../src/catalog/readPostgres';
import { loadPostgresTrees, type PostgresTrees } from '../../src/sql/postgresTree';
import { Random, restartNames } from './random';
import { MAKERS, randomStatement } from './randomMigrations';

let trees: PostgresTrees;
beforeAll(async () => {
  trees = await loadPostgresTrees();
});

/** The sorts of an operation that a way back tells apart; `once` where there is one only. */
const SORTS: Readonly<Record<OperationKind, readonly string[]>> = {
  createSchema: ['once'],
  createTable: [
    'plain',
    'unlogged',
    'foreign',
    'like',
    'inherits',
    'partitioned by range',
    'partitioned by list',
    'partitioned by hash',
    'partition',
  ],
  createTableAs: ['once'],
  addColumn: ['plain', 'default', 'serial', 'identity', 'stored', 'virtual', 'collation'],
  dropColumn: ['plain', 'cascade'],
  setColumnType: ['plain', 'using', 'collation'],
  setDefault: ['once'],
  dropDefault: ['once'],
  setNotNull: ['once'],
  dropNotNull: ['once'],
  setGenerated: ['once'],
  dropGenerated: ['once'],
  addIdentity: ['once'],
  setIdentity: ['once'],
  dropIdentity: ['once'],
  setColumnOption: ['storage', 'compression', 'statistics', 'options'],
  addConstraint: [
    'primaryKey',
    'unique',
    'unique using index',
    'exclude',
    'check',
    'foreignKey',
    'notNull',
    'not valid',
  ],
  dropConstraint: ['plain', 'cascade'],
  validateConstraint: ['once'],
  alterConstraint: ['once'],
  setTriggerState: ['disabled', 'enabled', 'replica', 'always'],
  setRuleState: ['disabled', 'enabled', 'replica', 'always'],
  setRowSecurity: ['enabled', 'forced'],
  setReplicaIdentity: ['default', 'full', 'nothing', 'index'],
  setTableOptions: ['set', 'reset'],
  setTablespace: ['once'],
  setAccessMethod: ['once'],
  setPersistence: ['permanent', 'unlogged'],
  inherit: ['once'],
  noInherit: ['once'],
  attachPartition: ['once'],
  detachPartition: ['once'],
  clusterOn: ['index', 'none'],
  createIndex: ['plain', 'unique', 'partial', 'include', 'expression', 'only', 'gin'],
  attachIndex: ['once'],
  setIndexOptions: ['set', 'reset'],
  createView: ['plain', 'replaces', 'check option', 'options'],
  createMaterializedView: ['plain', 'no data', 'options'],
  createFunction: ['function', 'procedure', 'replaces', 'sql body'],
  alterFunction: ['set', 'reset'],
  createTrigger: ['row', 'statement', 'constraint', 'instead of', 'replaces', 'transitions'],
  createPolicy: ['permissive', 'restrictive'],
  alterPolicy: ['roles', 'using'],
  createRule: ['insert', 'update', 'delete'],
  createEnum: ['once'],
  addEnumLabel: ['last', 'before', 'after'],
  renameEnumLabel: ['once'],
  createDomain: ['plain', 'collation', 'over enum'],
  alterDomain: [
    'setDefault',
    'setNotNull',
    'addConstraint',
    'dropConstraint',
    'validateConstraint',
    'setDefault over enum',
    'addConstraint over enum',
  ],
  createCompositeType: ['once'],
  createRangeType: ['once'],
  alterCompositeType: ['addAttribute', 'dropAttribute', 'setAttributeType'],
  createSequence: ['plain', 'unlogged', 'owned'],
  alterSequence: ['once'],
  createExtension: ['once'],
  alterExtension: [],
  createStatistics: ['columns', 'expression'],
  createOther: [
    'aggregate',
    'cast',
    'collation',
    'conversion',
    'event trigger',
    'foreign data wrapper',
    'operator',
    'operator class',
    'operator family',
    'publication',
    'server',
    'text search configuration',
    'text search dictionary',
    'user mapping',
  ],
  alterPublication: ['add', 'drop', 'set'],
  drop: [
    'table',
    'foreign table',
    'view',
    'materialized view',
    'index',
    'sequence',
    'trigger',
    'policy',
    'rule',
    'function',
    'procedure',
    'aggregate',
    'type',
    'domain',
    'schema',
    'extension',
    'statistics',
    'cast',
    'collation',
    'operator',
    'publication',
    'server',
    'text search configuration',
  ],
  rename: [
    'table',
    'view',
    'materialized view',
    'index',
    'sequence',
    'column',
    'attribute',
    'constraint',
    'domain constraint',
    'trigger',
    'policy',
    'rule',
    'function',
    'procedure',
    'type',
    'domain',
    'schema',
    'statistics',
  ],
  setSchema: [
    'table',
    'view',
    'materialized view',
    'sequence',
    'type',
    'domain',
    'function',
    'procedure',
    'statistics',
  ],
  setOwner: ['table', 'view', 'sequence', 'function', 'type', 'schema'],
  comment: [
    'table',
    'view',
    'column',
    'index',
    'constraint',
    'trigger',
    'policy',
    'rule',
    'function',
    'type',
    'schema',
  ],
  grant: ['given', 'taken', 'on columns', 'with grant option', 'all in schema'],
  // rows, sessions, upkeep: they leave the schema as it is
  insert: [],
  update: [],
  delete: [],
  merge: [],
  truncate: [],
  copy: [],
  query: [],
  lockTable: [],
  vacuum: [],
  cluster: [],
  reindex: [],
  refreshMaterializedView: [],
  transaction: [],
  setParameter: [],
  unread: [],
  // of other dialects
  redefineColumn: [],
  setStorageWords: [],
};

const which = (...said: readonly (readonly [string, unknown])[]): readonly string[] => {
  const sorts = said.flatMap(([sort, is]) => (is ? [sort] : []));
  return sorts.length > 0 ? sorts : ['plain'];
};

function sortsOf(operation: Operation, catalog: Catalog): readonly string[] {
  switch (operation.kind) {
    case 'createTable':
      return which(
        ['unlogged', operation.persistence === 'unlogged'],
        ['foreign', operation.foreign],
        ['like', operation.like.length > 0],
        ['inherits', operation.inherits.length > 0],
        [`partitioned by ${operation.partitionBy?.strategy}`, operation.partitionBy],
        ['partition', operation.partitionOf],
      );
    case 'addColumn': {
      const { default: value, type, identity, generated, collation } = operation.column;
      return which(
        ['default', value],
        ['serial', type.serial],
        ['identity', identity],
        ['stored', generated?.stored],
        ['virtual', generated && !generated.stored],
        ['collation', collation],
      );
    }
    case 'dropColumn':
    case 'dropConstraint':
      return which(['cascade', operation.cascade]);
    case 'setColumnType':
      return which(['using', operation.using], ['collation', operation.collation]);
    case 'setColumnOption':
      return [operation.option];
    case 'addConstraint': {
      const { constraint } = operation;
      return which(
        [constraint.kind, true],
        ['unique using index', 'usingIndex' in constraint && constraint.usingIndex],
        ['not valid', constraint.notValid],
      );
    }
    case 'setTriggerState':
    case 'setRuleState':
      return [operation.state];
    case 'setRowSecurity':
      return which(['enabled', operation.enabled !== undefined], ['forced', operation.forced !== undefined]);
    case 'setReplicaIdentity':
      return [operation.identity];
    case 'setTableOptions':
    case 'setIndexOptions':
    case 'alterFunction':
      return which(['set', operation.set.length > 0], ['reset', operation.reset.length > 0]);
    case 'setPersistence':
      return [operation.to];
    case 'clusterOn':
      return [operation.index ? 'index' : 'none'];
    case 'createIndex':
      return which(
        ['unique', operation.unique],
        ['partial', operation.where],
        ['include', operation.include.length > 0],
        ['expression', operation.elements.some(({ expression }) => expression)],
        ['only', operation.only],
        ['gin', operation.method === 'gin'],
      );
    case 'createView':
      return which(
        ['replaces', operation.orReplace],
        ['check option', operation.checkOption],
        ['options', operation.options.length > 0],
      );
    case 'createMaterializedView':
      return which(['no data', !operation.withData], ['options', operation.options.length > 0]);
    case 'createFunction':
      return [
        operation.procedure ? 'procedure' : 'function',
        ...which(['replaces', operation.orReplace], ['sql body', operation.sqlBody]),
      ];
    case 'createTrigger':
      return [
        operation.forEachRow ? 'row' : 'statement',
        ...which(
          ['constraint', operation.constraint],
          ['instead of', operation.timing === 'instead of'],
          ['replaces', operation.orReplace],
          ['transitions', operation.transitions.length > 0],
        ),
      ];
    case 'createPolicy':
      return [operation.permissive ? 'permissive' : 'restrictive'];
    case 'alterPolicy':
      return which(['roles', operation.roles], ['using', operation.using]);
    case 'createRule':
      return [operation.event];
    case 'addEnumLabel':
      return which(
        ['before', operation.before],
        ['after', operation.after],
        ['last', operation.before === undefined && operation.after === undefined],
      );
    case 'createDomain':
      return which(['collation', operation.collation], ['over enum', isEnum(catalog, operation.type)]);
    case 'alterDomain': {
      const domain = [...catalog.objects.values()].find(
        one => one.kind === 'domain' && one.name === operation.domain.name,
      );
      const isOver = domain?.kind === 'domain' && isEnum(catalog, domain.type);
      return [operation.change.kind, ...(isOver ? [`${operation.change.kind} over enum`] : [])];
    }
    case 'alterCompositeType':
      return [operation.change.kind];
    case 'createSequence':
      return which(['unlogged', operation.persistence === 'unlogged'], ['owned', operation.options.ownedBy]);
    case 'createStatistics':
      return [operation.elements.some(({ expression }) => expression) ? 'expression' : 'columns'];
    case 'createOther':
      return [operation.what];
    case 'alterPublication':
      return [operation.action];
    case 'drop':
      return operation.objects.map(({ kind }) => kind);
    case 'rename':
    case 'setSchema':
    case 'setOwner':
    case 'comment':
      return [operation.object.kind];
    case 'grant':
      return [
        operation.revoke ? 'taken' : 'given',
        ...which(
          ['on columns', operation.privileges.some(one => one.includes('('))],
          ['with grant option', operation.withGrantOption],
          ['all in schema', operation.allIn],
        ),
      ];
    default:
      return ['once'];
  }
}

const isEnum = (catalog: Catalog, { name }: { readonly name: string }): boolean =>
  [...catalog.objects.values()].some(one => one.kind === 'enum' && one.name === name);

test('every operation that has a way back is among the random ones', () => {
  const missing = new Set(Object.entries(SORTS).flatMap(([kind, sorts]) => sorts.map(sort => `${kind} ${sort}`)));
  for (let seed = 1; seed <= 200 && missing.size > 0; seed += 1) {
    const random = new Random(seed);
    restartNames();
    let catalog = emptyCatalog({ complete: true });
    const next = (statement: string): Catalog | undefined => {
      const operations = readPostgres(trees, statement).flatMap(one => one.operations);
      const folded = fold(catalog, operations, { postgresVersion: 18 });
      if (folded.failures.length > 0) return undefined;
      for (const operation of operations)
        for (const sort of sortsOf(operation, catalog)) missing.delete(`${operation.kind} ${sort}`);
      return folded.catalog;
    };
    for (let at = 0; at < 40; at += 1) catalog = next(randomStatement(random, catalog)) ?? catalog;
    // what is seldom made, or seldom fits, has its turn too
    for (let turn = 0; turn < 4; turn += 1) for (const [, make] of MAKERS) next(make(random, catalog) ?? '');
  }
  expect([...missing]).toEqual([]);
});
