/**
 * What node-pg-migrate sends. Source: salsita.github.io/node-pg-migrate and the package's src/operations.
 */
import { type Chain, type ChainStep, constantText, type Value } from '../code/values';
import {
  bareName,
  columnsOf,
  comment,
  constraintsOf,
  escaped,
  literalText,
  named,
  type Shorthands,
  sequenceOptions,
  several,
  text,
  typeName,
  typeOf,
} from './nodePgMigrateColumns';
import { entryOf, flag, quoted } from './quoting';
import { argument, NotTranslated, type Translator, type Write, writesRows } from './translation';

/** What changes no schema: settings of the run, and values that other calls are handed. */
const QUIET = new Set(['func', 'noTransaction', 'toString', 'log']);

/** Kinds of objects whose calls are named alike: `dropView`, `renameView`. */
const KINDS: Readonly<Record<string, string>> = {
  Table: 'TABLE',
  View: 'VIEW',
  MaterializedView: 'MATERIALIZED VIEW',
  Type: 'TYPE',
  Domain: 'DOMAIN',
  Sequence: 'SEQUENCE',
  Schema: 'SCHEMA',
};

type Operation = (step: ChainStep, write: Write, shorthands: Shorthands) => void;

/** The tool's translator; a file may have shorthands of its own for columns. */
export const nodePgMigrateTranslator = (shorthands: Shorthands = new Map()): Translator => ({
  acts: root => root.kind === 'parameter' && root.index === 0,
  translate: (chain, write) => translate(chain, write, shorthands),
});

function translate(chain: Chain, write: Write, shorthands: Shorthands): void {
  if (chain.conditions.length > 0) throw new NotTranslated('a step that runs only under a condition');
  for (const step of chain.steps) {
    if (!step.arguments || QUIET.has(step.name)) continue;
    const operation = Object.hasOwn(OPERATIONS, step.name) ? OPERATIONS[step.name] : alike(step.name);
    if (!operation) throw new NotTranslated(`\`${step.name}\``);
    operation(step, write, shorthands);
  }
}

const option = (step: ChainStep, index: number, name: string): Value | undefined =>
  entryOf(argument(step, index), name);
const when = (condition: boolean, words: string): string => (condition ? words : '');
const ifExists = (step: ChainStep, index: number): string => when(flag(option(step, index, 'ifExists')), 'IF EXISTS ');
const ifNotExists = (step: ChainStep, index: number): string =>
  when(flag(option(step, index, 'ifNotExists')), 'IF NOT EXISTS ');
const cascade = (step: ChainStep, index: number): string => when(flag(option(step, index, 'cascade')), ' CASCADE');

/** `dropX` and `renameX` of the kinds that need no more than a name. */
function alike(name: string): Operation | undefined {
  const [, verb, kind] = /^(drop|rename)(\w+)$/.exec(name) ?? [];
  const words = kind === undefined || !Object.hasOwn(KINDS, kind) ? undefined : KINDS[kind];
  if (words === undefined) return undefined;
  if (verb === 'drop')
    return (step, write) =>
      write(`DROP ${words} ${ifExists(step, 1)}${named(argument(step, 0))}${cascade(step, 1)}`, step);
  return (step, write) =>
    write(`ALTER ${words} ${named(argument(step, 0))} RENAME TO ${quoted(bareName(argument(step, 1)))}`, step);
}

const addColumns: Operation = (step, write, shorthands) => {
  const { columns, comments } = columnsOf(argument(step, 0), argument(step, 1), shorthands);
  const add = `ADD ${ifNotExists(step, 2)}`;
  write(`ALTER TABLE ${named(argument(step, 0))} ${columns.map(column => add + column).join(', ')}`, step);
  for (const each of comments) write(each, step);
};

const dropColumns: Operation = (step, write) => {
  const given = argument(step, 1);
  const names = given?.kind === 'record' ? [...given.entries.keys()] : several(given).map(each => text(each, 'a name'));
  const drops = names.map(name => `DROP ${ifExists(step, 2)}${quoted(name)}${cascade(step, 2)}`);
  write(`ALTER TABLE ${named(argument(step, 0))} ${drops.join(', ')}`, step);
};

const addConstraint: Operation = (step, write) => {
  const table = named(argument(step, 0));
  const name = constantText(argument(step, 1));
  const expression = constantText(argument(step, 2));
  const constraints =
    expression === undefined
      ? constraintsOf(argument(step, 0), argument(step, 2), name)
      : [`${name === undefined ? '' : `CONSTRAINT ${quoted(name)} `}${expression}`];
  write(`ALTER TABLE ${table} ${constraints.map(each => `ADD ${each}`).join(', ')}`, step);
};

const createIndex: Operation = (step, write) => {
  const on = (name: string): boolean => flag(option(step, 2, name));
  const columns = several(argument(step, 1)).map(column => {
    if (column.kind !== 'record') return indexColumn(column);
    const sort = constantText(column.entries.get('sort'));
    const operators = column.entries.get('opclass');
    return [indexColumn(column.entries.get('name')), operators ? named(operators) : '', sort ?? '']
      .filter(Boolean)
      .join(' ');
  });
  const method = constantText(option(step, 2, 'method'));
  const where = option(step, 2, 'where');
  const include = several(option(step, 2, 'include')).map(each => quoted(text(each, 'a name')));
  const nulls = constantText(option(step, 2, 'nulls'));
  write(
    [
      `CREATE ${when(on('unique'), 'UNIQUE ')}INDEX ${when(on('concurrently'), 'CONCURRENTLY ')}${ifNotExists(step, 2)}`,
      `${quoted(indexName(step))} ON ${named(argument(step, 0))}`,
      method === undefined ? '' : ` USING ${method}`,
      ` (${columns.join(', ')})`,
      when(include.length > 0, ` INCLUDE (${include.join(', ')})`),
      nulls === undefined ? '' : ` NULLS ${nulls.toUpperCase()}`,
      where ? ` WHERE ${text(where, 'a condition')}` : '',
    ].join(''),
    step,
  );
};

function indexColumn(value: Value | undefined): string {
  const written = literalText(value) ?? text(value, 'a column');
  if (!/[^\w".]/.test(written)) return quoted(written);
  return written.endsWith(')') ? written : `(${written})`;
}

/** `orders_user_id_unique_index`: how the tool names what it is given no name for. */
function indexName(step: ChainStep): string {
  const given = constantText(option(step, 2, 'name'));
  if (given !== undefined) return given;
  const columns = several(argument(step, 1)).map(column =>
    text(column.kind === 'record' ? column.entries.get('name') : column, 'a column'),
  );
  return `${bareName(argument(step, 0))}_${columns.join('_')}${when(flag(option(step, 2, 'unique')), '_unique')}_index`;
}

const dropIndex: Operation = (step, write) => {
  const table = argument(step, 0);
  const schema = table?.kind === 'record' ? constantText(table.entries.get('schema')) : undefined;
  const name = (schema === undefined ? '' : `${quoted(schema)}.`) + quoted(indexName(step));
  const concurrently = when(flag(option(step, 2, 'concurrently')), 'CONCURRENTLY ');
  write(`DROP INDEX ${concurrently}${ifExists(step, 2)}${name}${cascade(step, 2)}`, step);
};

function parameters(value: Value | undefined, shorthands: Shorthands, withDefaults: boolean): string {
  const all = several(value).map(parameter => {
    const entry = (name: string): string | undefined => constantText(entryOf(parameter, name));
    const name = entry('name');
    const fallback = entryOf(parameter, 'default');
    return [
      entry('mode'),
      name === undefined ? undefined : quoted(name),
      typeOf(parameter, shorthands),
      withDefaults && fallback ? `DEFAULT ${escaped(fallback)}` : undefined,
    ]
      .filter(part => part !== undefined)
      .join(' ');
  });
  return `(${all.join(', ')})`;
}

function functionSql(
  name: string,
  signature: string,
  options: Value | undefined,
  body: Value | undefined,
  returns: string,
): string {
  const entry = (key: string, otherwise: string): string => constantText(entryOf(options, key)) ?? otherwise;
  if (entryOf(options, 'set')) throw new NotTranslated('a function with settings');
  const definition = text(body, "a function's body");
  const dollars = definition.includes('$body$') ? '$own_body$' : '$body$';
  return [
    `CREATE ${when(flag(entryOf(options, 'replace')), 'OR REPLACE ')}FUNCTION ${name}${signature}`,
    `RETURNS ${returns}`,
    `AS ${dollars}${definition}${dollars}`,
    entry('behavior', 'VOLATILE'),
    `LANGUAGE ${text(entryOf(options, 'language'), 'a language')}`,
    entry('security', 'INVOKER') === 'INVOKER' ? '' : `SECURITY ${entry('security', 'INVOKER')}`,
    when(flag(entryOf(options, 'window')), 'WINDOW'),
    when(flag(entryOf(options, 'onNull')), 'RETURNS NULL ON NULL INPUT'),
    entryOf(options, 'parallel') ? `PARALLEL ${entry('parallel', '')}` : '',
  ]
    .filter(Boolean)
    .join('\n');
}

const createTrigger: Operation = (step, write) => {
  const options = argument(step, 2);
  const entry = (key: string): string | undefined => constantText(entryOf(options, key));
  const constraint = flag(entryOf(options, 'constraint'));
  const moment = constraint ? 'AFTER' : entry('when');
  if (moment === undefined) throw new NotTranslated('a trigger without its moment');
  const level = /instead\s+of/i.test(moment) ? 'ROW' : (entry('level') ?? 'STATEMENT');
  const name = argument(step, 1);
  const definition = argument(step, 3);
  const routine = entryOf(options, 'function') ?? name;
  if (definition && definition.kind !== 'constant')
    write(functionSql(named(routine), '()', options, definition, 'trigger'), step);
  const events = several(entryOf(options, 'operation')).map(each => text(each, 'an event'));
  const condition = entry('condition');
  const deferred = flag(entryOf(options, 'deferrable'))
    ? ` DEFERRABLE INITIALLY ${flag(entryOf(options, 'deferred')) ? 'DEFERRED' : 'IMMEDIATE'}`
    : ' NOT DEFERRABLE';
  const given = several(entryOf(options, 'functionParams')).map(escaped).join(', ');
  write(
    `CREATE ${when(constraint, 'CONSTRAINT ')}TRIGGER ${named(name)} ${moment} ${events.join(' OR ')} ON ${named(argument(step, 0))}` +
      `${when(constraint, deferred)} FOR EACH ${level}${condition === undefined ? '' : ` WHEN (${condition})`} EXECUTE FUNCTION ${named(routine)}(${given})`,
    step,
  );
};

const alterColumn: Operation = (step, write) => {
  const table = named(argument(step, 0));
  const column = named(argument(step, 1));
  const options = argument(step, 2);
  if (options?.kind !== 'record' || options.open) throw new NotTranslated('an alteration that is not constant');
  const has = (name: string): boolean => options.entries.has(name);
  const no = (name: string): boolean => {
    const value = options.entries.get(name);
    return value?.kind === 'constant' && (value.value === false || value.value === null);
  };
  const actions: string[] = [];
  if (has('default'))
    actions.push(
      no('default') && !flag(options.entries.get('default')) && isNull(options.entries.get('default'))
        ? 'DROP DEFAULT'
        : `SET DEFAULT ${escaped(options.entries.get('default'))}`,
    );
  if (has('type')) {
    const collation = constantText(options.entries.get('collation'));
    const using = constantText(options.entries.get('using'));
    actions.push(
      `SET DATA TYPE ${typeName(text(options.entries.get('type'), 'a type'))}${collation === undefined ? '' : ` COLLATE ${collation}`}${using === undefined ? '' : ` USING ${using}`}`,
    );
  }
  if (flag(options.entries.get('notNull'))) actions.push('SET NOT NULL');
  else if (no('notNull') || flag(options.entries.get('allowNull'))) actions.push('DROP NOT NULL');
  const identity = options.entries.get('sequenceGenerated') ?? options.entries.get('generated');
  if (identity?.kind === 'record')
    actions.push(
      `ADD GENERATED ${text(identity.entries.get('precedence'), 'an identity')} AS IDENTITY${when(sequenceOptions(identity) !== '', ` (${sequenceOptions(identity)})`)}`,
    );
  else if (identity) actions.push('DROP IDENTITY');
  if (has('expressionGenerated')) throw new NotTranslated('an alteration of a generated expression');
  if (actions.length > 0)
    write(`ALTER TABLE ${table} ${actions.map(action => `ALTER ${column} ${action}`).join(', ')}`, step);
  if (has('comment')) write(comment(`COLUMN ${table}.${column}`, options.entries.get('comment')), step);
};

const isNull = (value: Value | undefined): boolean => value?.kind === 'constant' && value.value === null;

/** `pgm.db.query`, which is sent at once and not with the steps: rows are told apart from what may change the schema. */
const sentAtOnce: Operation = step => {
  const given = argument(step, 0);
  throw new NotTranslated(`\`${step.name}\``, given?.kind === 'text' && writesRows(given.value));
};

const sql: Operation = (step, write) => {
  const given = argument(step, 0);
  const values = argument(step, 1);
  if (given?.kind !== 'text' || !given.complete)
    throw new NotTranslated('`sql` of a text that is not constant', given?.kind === 'text' && writesRows(given.value));
  if (values?.kind !== 'record') return write(given.value, step, given.pieces);
  if (values.open) throw new NotTranslated('`sql` with values that are not constant');
  let written = given.value;
  for (const [name, value] of values.entries)
    written = written.replaceAll(
      `{${name}}`,
      value.kind === 'text' || value.kind === 'record' ? named(value) : escaped(value),
    );
  write(written, step);
};

const createTable: Operation = (step, write, shorthands) => {
  const table = argument(step, 0);
  const { columns, primaryKey, comments } = columnsOf(table, argument(step, 1), shorthands);
  for (const each of ['inherits', 'like', 'partition'])
    if (option(step, 2, each)) throw new NotTranslated(`a table with \`${each}\``);
  const given = option(step, 2, 'constraints');
  const constraints = given ? constraintsOf(table, given, undefined) : [];
  const key =
    primaryKey.length > 0
      ? [`CONSTRAINT ${quoted(`${bareName(table)}_pkey`)} PRIMARY KEY (${primaryKey.map(quoted).join(', ')})`]
      : [];
  const kind = `${when(flag(option(step, 2, 'temporary')), 'TEMPORARY ')}${when(flag(option(step, 2, 'unlogged')), 'UNLOGGED ')}`;
  write(
    `CREATE ${kind}TABLE ${ifNotExists(step, 2)}${named(table)} (${[...columns, ...constraints, ...key].join(', ')})`,
    step,
  );
  for (const each of comments) write(each, step);
  if (option(step, 2, 'comment')) write(comment(`TABLE ${named(table)}`, option(step, 2, 'comment')), step);
};

const createView =
  (kind: string): Operation =>
  (step, write) => {
    const options = argument(step, 1);
    const columns = several(entryOf(options, 'columns')).map(each => quoted(text(each, 'a name')));
    if (entryOf(options, 'options') || entryOf(options, 'checkOption') || flag(entryOf(options, 'recursive')))
      throw new NotTranslated('a view with options');
    const words = `CREATE ${when(flag(entryOf(options, 'replace')), 'OR REPLACE ')}${when(flag(entryOf(options, 'temporary')), 'TEMPORARY ')}${kind} ${ifNotExists(step, 1)}`;
    write(
      `${words}${named(argument(step, 0))}${when(columns.length > 0, `(${columns.join(', ')})`)} AS ${text(argument(step, 2), 'a query')}`,
      step,
    );
  };

const OPERATIONS: Readonly<Record<string, Operation>> = {
  createTable,
  addColumns,
  addColumn: addColumns,
  dropColumns,
  dropColumn: dropColumns,
  alterColumn,
  addConstraint,
  createConstraint: addConstraint,
  createIndex,
  addIndex: createIndex,
  dropIndex,
  createTrigger,
  sql,
  query: sentAtOnce,
  select: sentAtOnce,
  createView: createView('VIEW'),
  createMaterializedView: createView('MATERIALIZED VIEW'),
  renameColumn: (step, write) =>
    write(
      `ALTER TABLE ${named(argument(step, 0))} RENAME ${named(argument(step, 1))} TO ${named(argument(step, 2))}`,
      step,
    ),
  renameConstraint: (step, write) =>
    write(
      `ALTER TABLE ${named(argument(step, 0))} RENAME CONSTRAINT ${named(argument(step, 1))} TO ${named(argument(step, 2))}`,
      step,
    ),
  dropConstraint: (step, write) =>
    write(
      `ALTER TABLE ${when(flag(option(step, 2, 'ifTableExists')), 'IF EXISTS ')}${named(argument(step, 0))} DROP CONSTRAINT ${ifExists(step, 2)}${named(argument(step, 1))}${cascade(step, 2)}`,
      step,
    ),
  alterTable: (step, write) => {
    const security = option(step, 1, 'levelSecurity');
    if (!security) throw new NotTranslated('`alterTable`');
    write(`ALTER TABLE ${named(argument(step, 0))} ${text(security, 'row security')} ROW LEVEL SECURITY`, step);
  },
  createType: (step, write, shorthands) => {
    const given = argument(step, 1);
    if (given?.kind === 'list' && !given.open)
      return write(`CREATE TYPE ${named(argument(step, 0))} AS ENUM (${given.items.map(escaped).join(', ')})`, step);
    if (given?.kind !== 'record' || given.open) throw new NotTranslated('a type that is not constant');
    const parts = [...given.entries].map(([name, value]) => `${quoted(name)} ${typeOf(value, shorthands)}`);
    write(`CREATE TYPE ${named(argument(step, 0))} AS (${parts.join(', ')})`, step);
  },
  addTypeValue: (step, write) => {
    const before = option(step, 2, 'before');
    const after = option(step, 2, 'after');
    const place = before ? ` BEFORE ${escaped(before)}` : after ? ` AFTER ${escaped(after)}` : '';
    write(
      `ALTER TYPE ${named(argument(step, 0))} ADD VALUE ${ifNotExists(step, 2)}${escaped(argument(step, 1))}${place}`,
      step,
    );
  },
  renameTypeValue: (step, write) =>
    write(
      `ALTER TYPE ${named(argument(step, 0))} RENAME VALUE ${escaped(argument(step, 1))} TO ${escaped(argument(step, 2))}`,
      step,
    ),
  createSequence: (step, write) => {
    const options = argument(step, 1);
    const written = options ? sequenceOptions(options) : '';
    write(
      `CREATE SEQUENCE ${ifNotExists(step, 1)}${named(argument(step, 0))}${when(written !== '', ` ${written}`)}`,
      step,
    );
  },
  createSchema: (step, write) => {
    const owner = option(step, 1, 'authorization');
    write(
      `CREATE SCHEMA ${ifNotExists(step, 1)}${named(argument(step, 0))}${owner ? ` AUTHORIZATION ${text(owner, 'an owner')}` : ''}`,
      step,
    );
  },
  createExtension: (step, write) => {
    const schema = option(step, 1, 'schema');
    for (const each of several(argument(step, 0)))
      write(`CREATE EXTENSION ${ifNotExists(step, 1)}${named(each)}${schema ? ` SCHEMA ${named(schema)}` : ''}`, step);
  },
  dropExtension: (step, write) => {
    for (const each of several(argument(step, 0)))
      write(`DROP EXTENSION ${ifExists(step, 1)}${named(each)}${cascade(step, 1)}`, step);
  },
  createFunction: (step, write, shorthands) =>
    write(
      functionSql(
        named(argument(step, 0)),
        parameters(argument(step, 1), shorthands, true),
        argument(step, 2),
        argument(step, 3),
        constantText(option(step, 2, 'returns')) ?? 'void',
      ),
      step,
    ),
  dropFunction: (step, write, shorthands) =>
    write(
      `DROP FUNCTION ${ifExists(step, 2)}${named(argument(step, 0))}${parameters(argument(step, 1), shorthands, false)}${cascade(step, 2)}`,
      step,
    ),
  dropTrigger: (step, write) =>
    write(
      `DROP TRIGGER ${ifExists(step, 2)}${named(argument(step, 1))} ON ${named(argument(step, 0))}${cascade(step, 2)}`,
      step,
    ),
  renameTrigger: (step, write) =>
    write(
      `ALTER TRIGGER ${named(argument(step, 1))} ON ${named(argument(step, 0))} RENAME TO ${named(argument(step, 2))}`,
      step,
    ),
  refreshMaterializedView: (step, write) =>
    write(
      `REFRESH MATERIALIZED VIEW ${when(flag(option(step, 1, 'concurrently')), 'CONCURRENTLY ')}${named(argument(step, 0))}`,
      step,
    ),
};
