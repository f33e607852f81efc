/**
 * PostgreSQL statements as operations. Total: what it does not follow is an `unread` operation that says why, so that
 * whoever folds them knows what the catalog does not.
 */
import type { IndexStmt, Node, ReindexStmt, ViewStmt } from 'libpg-query';
import type { PostgresStatement, PostgresTrees } from '../sql/postgresTree';
import { remembered } from '../sql/remembered';
import type { StatementText } from '../sql/statements';
import { Clauses } from './clauses';
import type { Identifier } from './definition';
import type { Operation, OperationOf } from './operation';
import { readAlterTable } from './readPostgresAlter';
import { mayChangeSchema, readBlock } from './readPostgresBlock';
import { readData, readSelect, readSetting, readTransaction } from './readPostgresData';
import {
  readComment,
  readDefaultPrivileges,
  readDrop,
  readGrant,
  readRename,
  readSetOwner,
  readSetSchema,
} from './readPostgresObjects';
import { readOther } from './readPostgresOther';
import { expressionOf, indexElements, optionsOf, relationName, roleName, stringOf } from './readPostgresParts';
import {
  readAlterFunction,
  readAlterPolicy,
  readCreateFunction,
  readCreatePolicy,
  readCreateRule,
  readCreateTrigger,
} from './readPostgresRoutines';
import { ifNotExists, persistenceOf, readCreateTable } from './readPostgresTable';
import {
  readAlterDomain,
  readAlterEnum,
  readAlterSequence,
  readCompositeType,
  readCreateDomain,
  readCreateEnum,
  readCreateExtension,
  readCreateSequence,
  readCreateStatistics,
  readRangeType,
} from './readPostgresTypes';

/** One statement of a text with what it does. */
export interface StatementOperations {
  readonly statement: StatementText;
  readonly operations: readonly Operation[];
}

const readers = new WeakMap<PostgresTrees, (text: string) => readonly StatementOperations[]>();

/**
 * Reads a text statement by statement. Offsets are those of the text. One text is asked for by those who fold a history and
 * by those who judge a step of it: it is parsed once, and each is given operations of its own.
 */
export function readPostgres(trees: PostgresTrees, text: string): readonly StatementOperations[] {
  const reader =
    readers.get(trees) ??
    remembered(given =>
      trees.read(given).map(statement => ({ statement, operations: operationsOf(trees, statement, given) })),
    );
  readers.set(trees, reader);
  return reader(text).map(({ statement, operations }) => ({
    statement,
    operations: operations.map(operation => ({ ...operation })),
  }));
}

/** What one statement does: at least one operation. */
export function operationsOf(trees: PostgresTrees, statement: PostgresStatement, text: string): readonly Operation[] {
  const clauses = new Clauses(statement, text);
  const { tree } = statement;
  if (!tree)
    return [
      {
        statement: clauses.whole,
        span: statement.error?.span ?? clauses.whole,
        kind: 'unread',
        why: 'does not parse',
        says: statement.error?.message ?? 'it does not parse',
        mayChangeSchema: !isOfRowsAlone(text.slice(clauses.whole.start, clauses.whole.end)),
      },
    ];
  const read = definition(clauses, tree) ?? alteration(clauses, tree) ?? data(clauses, tree) ?? session(clauses, tree);
  if (read) return read;
  if ('DoStmt' in tree) return readBlock(clauses, tree.DoStmt, body => readPostgres(trees, body));
  return readOther(clauses, tree);
}

/** Of rows by its first word, and without a word for anything else: a semicolon that is missed may have joined two statements. */
const isOfRowsAlone = (statement: string): boolean =>
  /^(?:insert|update|delete|merge)\b/i.test(statement) && !mayChangeSchema(statement);

function definition(clauses: Clauses, tree: Node): readonly Operation[] | undefined {
  if ('CreateStmt' in tree) return [readCreateTable(clauses, tree.CreateStmt)];
  if ('CreateForeignTableStmt' in tree && tree.CreateForeignTableStmt.base)
    return [readCreateTable(clauses, tree.CreateForeignTableStmt.base, tree.CreateForeignTableStmt.servername ?? '')];
  if ('CreateTableAsStmt' in tree) return [tableAs(clauses, tree)];
  if ('IndexStmt' in tree) return [readCreateIndex(clauses, tree.IndexStmt)];
  if ('ViewStmt' in tree) return [readCreateView(clauses, tree.ViewStmt)];
  if ('CreateSchemaStmt' in tree) return readCreateSchema(clauses, tree);
  if ('CreateFunctionStmt' in tree) return [readCreateFunction(clauses, tree.CreateFunctionStmt)];
  if ('CreateTrigStmt' in tree) return [readCreateTrigger(clauses, tree.CreateTrigStmt)];
  if ('CreatePolicyStmt' in tree) return [readCreatePolicy(clauses, tree.CreatePolicyStmt)];
  if ('RuleStmt' in tree) return [readCreateRule(clauses, tree.RuleStmt, tree)];
  if ('CreateEnumStmt' in tree) return [readCreateEnum(clauses, tree.CreateEnumStmt)];
  if ('CreateDomainStmt' in tree) return [readCreateDomain(clauses, tree.CreateDomainStmt)];
  if ('CompositeTypeStmt' in tree) return [readCompositeType(clauses, tree.CompositeTypeStmt)];
  if ('CreateRangeStmt' in tree) return [readRangeType(clauses, tree.CreateRangeStmt)];
  if ('CreateSeqStmt' in tree) return [readCreateSequence(clauses, tree.CreateSeqStmt)];
  if ('CreateExtensionStmt' in tree) return [readCreateExtension(clauses, tree.CreateExtensionStmt)];
  if ('CreateStatsStmt' in tree) {
    const statistics = readCreateStatistics(clauses, tree.CreateStatsStmt);
    return statistics ? [statistics] : undefined;
  }
  return undefined;
}

function alteration(clauses: Clauses, tree: Node): readonly Operation[] | undefined {
  if ('AlterTableStmt' in tree) return readAlterTable(clauses, tree.AlterTableStmt);
  if ('RenameStmt' in tree) return [readRename(clauses, tree.RenameStmt)];
  if ('DropStmt' in tree) return [readDrop(clauses, tree.DropStmt)];
  if ('AlterObjectSchemaStmt' in tree) return [readSetSchema(clauses, tree.AlterObjectSchemaStmt)];
  if ('AlterOwnerStmt' in tree) return [readSetOwner(clauses, tree.AlterOwnerStmt)];
  if ('CommentStmt' in tree) return [readComment(clauses, tree.CommentStmt)];
  if ('GrantStmt' in tree) return [readGrant(clauses, tree.GrantStmt, false)];
  if ('AlterDefaultPrivilegesStmt' in tree) return readDefaultPrivileges(clauses, tree.AlterDefaultPrivilegesStmt);
  if ('AlterEnumStmt' in tree) return [readAlterEnum(clauses, tree.AlterEnumStmt)];
  if ('AlterSeqStmt' in tree) return [readAlterSequence(clauses, tree.AlterSeqStmt)];
  if ('AlterFunctionStmt' in tree) return [readAlterFunction(clauses, tree.AlterFunctionStmt)];
  if ('AlterPolicyStmt' in tree) return [readAlterPolicy(clauses, tree.AlterPolicyStmt)];
  if ('AlterDomainStmt' in tree) {
    const change = readAlterDomain(clauses, tree.AlterDomainStmt);
    return change ? [change] : undefined;
  }
  return undefined;
}

const whole = (clauses: Clauses) => ({ statement: clauses.whole, span: clauses.whole });

function data(clauses: Clauses, tree: Node): readonly Operation[] | undefined {
  if ('InsertStmt' in tree) return [readData(clauses, 'insert', tree.InsertStmt, tree)];
  if ('UpdateStmt' in tree) return [readData(clauses, 'update', tree.UpdateStmt, tree)];
  if ('DeleteStmt' in tree) return [readData(clauses, 'delete', tree.DeleteStmt, tree)];
  if ('MergeStmt' in tree) return [readData(clauses, 'merge', { ...tree.MergeStmt, targetList: undefined }, tree)];
  if ('SelectStmt' in tree) return readSelect(clauses, tree.SelectStmt, tree);
  if ('TruncateStmt' in tree) {
    const { relations, behavior, restart_seqs } = tree.TruncateStmt;
    const last = clauses.all.to - 1;
    return [
      {
        ...whole(clauses),
        kind: 'truncate',
        tables: relationsOf(clauses, relations),
        ...(behavior === 'DROP_CASCADE' ? { cascade: clauses.span({ from: last, to: last + 1 }) } : {}),
        restartIdentity: restart_seqs === true,
      },
    ];
  }
  if ('CopyStmt' in tree) {
    const { relation, is_from } = tree.CopyStmt;
    return [
      {
        ...whole(clauses),
        kind: 'copy',
        ...(relation ? { table: relationName(clauses, relation) } : {}),
        into: is_from === true,
      },
    ];
  }
  if ('RefreshMatViewStmt' in tree) {
    const { relation, concurrent, skipData } = tree.RefreshMatViewStmt;
    const view = clauses.find(clauses.all, 'VIEW') ?? 0;
    return [
      {
        ...whole(clauses),
        kind: 'refreshMaterializedView',
        name: relationName(clauses, relation),
        ...(concurrent ? { concurrently: clauses.span({ from: view + 1, to: view + 2 }) } : {}),
        concurrentlyAt: clauses.after(view),
        withData: skipData !== true,
      },
    ];
  }
  return undefined;
}

function session(clauses: Clauses, tree: Node): readonly Operation[] | undefined {
  if ('TransactionStmt' in tree) return [readTransaction(clauses, tree.TransactionStmt)];
  if ('VariableSetStmt' in tree) return readSetting(clauses, tree.VariableSetStmt);
  if ('ReindexStmt' in tree) return [readReindex(clauses, tree.ReindexStmt)];
  if ('LockStmt' in tree) {
    const { relations, mode } = tree.LockStmt;
    return [{ ...whole(clauses), kind: 'lockTable', tables: relationsOf(clauses, relations), mode: mode ?? 0 }];
  }
  if ('VacuumStmt' in tree) {
    const { is_vacuumcmd, options, rels } = tree.VacuumStmt;
    if (!is_vacuumcmd) return [{ ...whole(clauses), kind: 'query', reads: [] }];
    const tables = (rels ?? []).flatMap(node =>
      'VacuumRelation' in node ? [relationName(clauses, node.VacuumRelation.relation)] : [],
    );
    const full = optionsOf(options).some(([name, value]) => name === 'full' && value !== 'false' && value !== 'off');
    return [{ ...whole(clauses), kind: 'vacuum', full, tables }];
  }
  if ('ClusterStmt' in tree) {
    const { relation } = tree.ClusterStmt;
    return [{ ...whole(clauses), kind: 'cluster', ...(relation ? { table: relationName(clauses, relation) } : {}) }];
  }
  return undefined;
}

const relationsOf = (clauses: Clauses, nodes: readonly Node[] | undefined) =>
  (nodes ?? []).flatMap(node => ('RangeVar' in node ? [relationName(clauses, node.RangeVar)] : []));

function readCreateSchema(
  clauses: Clauses,
  { CreateSchemaStmt: statement }: Extract<Node, { CreateSchemaStmt: unknown }>,
): readonly Operation[] {
  const name = statement.schemaname ?? roleName(statement.authrole);
  const schema: Operation = {
    ...whole(clauses),
    kind: 'createSchema',
    ...ifNotExists(clauses, statement.if_not_exists, 'SCHEMA'),
    name: clauses.identifier(name, { from: 2, to: clauses.all.to }),
    ...(statement.authrole ? { owner: roleName(statement.authrole) } : {}),
  };
  const inside = (statement.schemaElts ?? []).flatMap(element => definition(clauses, element) ?? []);
  return [schema, ...inside.map(operation => inSchema(operation, name))];
}

/** An element of CREATE SCHEMA is made in that schema. */
function inSchema(operation: Operation, schema: string): Operation {
  switch (operation.kind) {
    case 'createTable':
    case 'createView':
    case 'createSequence':
      return { ...operation, name: { schema, ...operation.name } };
    case 'createIndex':
      return { ...operation, table: { schema, ...operation.table } };
    default:
      return operation;
  }
}

export function readCreateIndex(clauses: Clauses, statement: IndexStmt): OperationOf<'createIndex'> {
  const index = clauses.find(clauses.all, 'INDEX') ?? 0;
  const table = relationName(clauses, statement.relation);
  const after = (clauses.indexAt(table.span.end - 1) ?? index) + 1;
  const rest = { from: after, to: clauses.all.to };
  const include = clauses.find(rest, 'INCLUDE');
  const where = clauses.find(rest, 'WHERE');
  const on = clauses.find(clauses.all, 'ON') ?? index;
  const concurrently = clauses.reads(index + 1, 'CONCURRENTLY') ? index + 1 : undefined;
  const name = statement.idxname;
  return {
    ...whole(clauses),
    kind: 'createIndex',
    ...ifNotExists(clauses, statement.if_not_exists, 'INDEX'),
    ...(name === undefined
      ? {}
      : { name: { ...clauses.identifier(name, { from: on - 1, to: on }), ...schemaOf(statement) } }),
    table,
    only: statement.relation?.inh !== true,
    unique: statement.unique === true,
    ...(concurrently === undefined ? {} : { concurrently: clauses.span({ from: concurrently, to: concurrently + 1 }) }),
    concurrentlyAt: clauses.after(index),
    method: statement.accessMethod ?? 'btree',
    elements: indexElements(clauses, statement.indexParams, clauses.inside(rest)),
    include:
      include === undefined
        ? []
        : clauses.identifiersIn(
            clauses.inside({ from: include, to: clauses.all.to }),
            (statement.indexIncludingParams ?? []).map(node =>
              'IndexElem' in node ? (node.IndexElem.name ?? '') : '',
            ),
          ),
    nullsNotDistinct: statement.nulls_not_distinct === true,
    ...(statement.whereClause && where !== undefined
      ? { where: expressionOf(clauses, statement.whereClause, { from: where + 1, to: clauses.all.to }) }
      : {}),
    options: optionsOf(statement.options),
    ...(statement.tableSpace === undefined ? {} : { tablespace: statement.tableSpace }),
  };
}

/** An index lives in its table's schema. */
const schemaOf = (statement: IndexStmt) =>
  statement.relation?.schemaname === undefined ? {} : { schema: statement.relation.schemaname };

/** The query of a view: from AS to the end, or to the words after it. */
function queryRange(clauses: Clauses) {
  const as = clauses.find(clauses.all, 'AS') ?? 0;
  let to = clauses.all.to;
  const tail = [
    ['WITH', 'NO', 'DATA'],
    ['WITH', 'DATA'],
    ['WITH', 'CHECK', 'OPTION'],
    ['WITH', 'LOCAL', 'CHECK', 'OPTION'],
    ['WITH', 'CASCADED', 'CHECK', 'OPTION'],
  ];
  for (const words of tail) if (clauses.reads(to - words.length, ...words)) to -= words.length;
  return { from: as + 1, to };
}

function columnNames(clauses: Clauses, nodes: readonly Node[] | undefined, nameEnd: number): readonly Identifier[] {
  if (!nodes?.length) return [];
  return clauses.identifiersIn(
    clauses.inside({ from: clauses.indexAt(nameEnd - 1) ?? 0, to: clauses.all.to }),
    nodes.map(stringOf),
  );
}

export function readCreateView(clauses: Clauses, statement: ViewStmt): OperationOf<'createView'> {
  const name = relationName(clauses, statement.view);
  const query = statement.query ?? { SelectStmt: {} };
  return {
    ...whole(clauses),
    kind: 'createView',
    orReplace: statement.replace === true,
    name,
    temporary: statement.view?.relpersistence === 't',
    columns: columnNames(clauses, statement.aliases, name.span.end),
    query: expressionOf(clauses, query, queryRange(clauses)),
    options: optionsOf(statement.options),
    ...(statement.withCheckOption === 'LOCAL_CHECK_OPTION'
      ? { checkOption: 'local' as const }
      : statement.withCheckOption === 'CASCADED_CHECK_OPTION'
        ? { checkOption: 'cascaded' as const }
        : {}),
  };
}

function tableAs(
  clauses: Clauses,
  { CreateTableAsStmt: statement }: Extract<Node, { CreateTableAsStmt: unknown }>,
): Operation {
  const name = relationName(clauses, statement.into?.rel);
  const view = statement.objtype === 'OBJECT_MATVIEW';
  const common = {
    ...whole(clauses),
    ...ifNotExists(clauses, statement.if_not_exists, ...(view ? ['MATERIALIZED', 'VIEW'] : ['TABLE'])),
    name,
    columns: columnNames(clauses, statement.into?.colNames, name.span.end),
    query: expressionOf(clauses, statement.query ?? { SelectStmt: {} }, queryRange(clauses)),
    withData: statement.into?.skipData !== true,
  };
  if (!view)
    return { ...common, kind: 'createTableAs', persistence: persistenceOf(statement.into?.rel?.relpersistence) };
  const { tableSpaceName, accessMethod, options } = statement.into ?? {};
  return {
    ...common,
    kind: 'createMaterializedView',
    options: optionsOf(options),
    ...(tableSpaceName === undefined ? {} : { tablespace: tableSpaceName }),
    ...(accessMethod === undefined ? {} : { accessMethod }),
  };
}

const REINDEXED: Readonly<Record<string, OperationOf<'reindex'>['target']>> = {
  REINDEX_OBJECT_INDEX: 'index',
  REINDEX_OBJECT_TABLE: 'table',
  REINDEX_OBJECT_SCHEMA: 'schema',
  REINDEX_OBJECT_SYSTEM: 'system',
};

function readReindex(clauses: Clauses, statement: ReindexStmt): OperationOf<'reindex'> {
  const target = REINDEXED[statement.kind ?? ''] ?? 'database';
  const keyword = clauses.find(clauses.all, target.toUpperCase()) ?? 0;
  const concurrent = optionsOf(statement.params).some(([name, value]) => name === 'concurrently' && value !== 'false');
  const written = clauses.findName(clauses.all, 'concurrently') ?? keyword;
  const name = statement.relation
    ? relationName(clauses, statement.relation)
    : statement.name === undefined
      ? undefined
      : clauses.identifier(statement.name, { from: keyword + 1, to: clauses.all.to });
  return {
    ...whole(clauses),
    kind: 'reindex',
    target,
    ...(name ? { name } : {}),
    ...(concurrent ? { concurrently: clauses.span({ from: written, to: written + 1 }) } : {}),
    concurrentlyAt: clauses.after(keyword),
  };
}
