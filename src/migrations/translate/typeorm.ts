/**
 * What TypeORM's query runner sends to PostgreSQL. Source: typeorm.io/docs/migrations and typeorm 0.3,
 * src/driver/postgres/PostgresQueryRunner.ts. What describes tables and their parts is read in
 * typeormTable.ts, the names that it makes in typeormNames.ts.
 */
import { type Chain, type ChainStep, constantText, type Value } from '../code/values';
import { type Asks, guardedWrite } from './guarded';
import { entryOf, flag, namesOf, quoted } from './quoting';
import {
  argument,
  NotTranslated,
  type Translator,
  textArgument,
  type Write,
  writesRows,
  writeText,
} from './translation';
import { changeColumn } from './typeormChange';
import {
  checkSql,
  columnSql,
  enumType,
  exclusionSql,
  foreignKeySql,
  indexSql,
  listOf,
  nameOf,
  optionalList,
  optionsOf,
  ownUniqueSql,
  type PartSql,
  plainTableName,
  primaryKeySql,
  tableName,
  uniqueColumns,
  uniqueSql,
} from './typeormTable';

const LOOKS = new Set(
  'hasTable hasColumn hasSchema getTable getTables getView getViews startTransaction commitTransaction rollbackTransaction release getCurrentDatabase getCurrentSchema connect findColumnByName'.split(
    ' ',
  ),
);
const ASKS: Asks = {
  table: new Set(['hasTable', 'getTable']),
  column: new Set(['hasColumn']),
  columnOfTable: new Set(['findColumnByName']),
};
/** What runs the functions that it is handed: the runner's own transaction, and promises. */
const GOES_ON = new Set(['then', 'finally', 'transaction']);
/** Rows, by the query runner's manager. */
const DATA = new Set(
  'clearTable insert save update delete remove upsert softDelete getRepository createQueryBuilder find findOne findOneBy findBy into values where set execute orIgnore'.split(
    ' ',
  ),
);

export const typeormTranslator: Translator = {
  acts: root => root.kind === 'parameter',
  asksServer: [
    'connection.options.type',
    'connection.driver.options.type',
    'dataSource.options.type',
    'dataSource.driver.options.type',
    'manager.connection.options.type',
  ],
  translate,
};

function translate(chain: Chain, plainWrite: Write): void {
  if (chain.steps.every(step => !step.arguments || LOOKS.has(step.name))) return;
  // what is found is there, or there is nothing to drop
  const conditions = chain.conditions.filter(({ value, holds }) => !holds || !soughtIn(value));
  const write = guardedWrite({ ...chain, conditions }, ASKS, plainWrite);
  let isRows = false;
  for (const step of chain.steps) {
    if (!step.arguments || LOOKS.has(step.name)) continue;
    if (GOES_ON.has(step.name)) {
      write.all(step.inner);
      continue;
    }
    if (!isRows && DATA.has(step.name)) {
      isRows = true;
      write.rows(step);
    }
    if (isRows) continue;
    const operation = Object.hasOwn(OPERATIONS, step.name) ? OPERATIONS[step.name] : undefined;
    if (!operation) throw new NotTranslated(`\`${step.name}\``);
    operation(step, write);
  }
}

type Operation = (step: ChainStep, write: Write) => void;

const createTable: Operation = (step, write) => {
  const options = optionsOf(argument(step, 0));
  const name = plainTableName(options);
  const table = tableName(options);
  const columns = listOf(options.entries.get('columns')).map(each => columnSql(table, each));
  for (const enumeration of new Set(columns.map(each => each.enumeration))) if (enumeration) write(enumeration, step);
  const entry = (key: string): readonly Value[] => optionalList(options.entries.get(key));
  const all = (key: string, sqlOf: PartSql): readonly string[] => entry(key).map(each => sqlOf(name, each));
  const uniques = entry('uniques');
  const isApart = (column: string): boolean =>
    !uniques.some(each => uniqueColumns(each).every(every => every === column));
  const keys = columns.filter(({ primary }) => primary);
  const parts = [
    ...columns.map(({ sql }) => sql),
    ...all('uniques', uniqueSql),
    ...columns.flatMap(each => (each.unique && isApart(each.name) ? [ownUniqueSql(name, each.name)] : [])),
    ...all('checks', checkSql),
    ...all('exclusions', exclusionSql),
    ...all('foreignKeys', foreignKeySql),
    ...(keys[0] ? [primaryKeySql(name, namesIn(keys), keys[0].keyName)] : []),
  ];
  write(`CREATE TABLE ${flag(argument(step, 1)) ? 'IF NOT EXISTS ' : ''}${table} (${parts.join(', ')})`, step);
  for (const { name: column, comment } of columns)
    if (comment !== undefined)
      write(`COMMENT ON COLUMN ${table}.${quoted(column)} IS '${comment.replaceAll("'", "''")}'`, step);
  for (const index of all('indices', indexSql)) write(index, step);
};

const namesIn = (columns: readonly { readonly name: string }[]): readonly string[] => columns.map(({ name }) => name);

const addColumns =
  (several: boolean): Operation =>
  (step, write) => {
    const given = argument(step, 1);
    for (const each of several ? listOf(given) : given ? [given] : []) addColumn(argument(step, 0), each, step, write);
  };

function addColumn(of: Value | undefined, given: Value, step: ChainStep, write: Write): void {
  const name = plainTableName(of);
  const table = tableName(of);
  const column = columnSql(table, given);
  if (column.enumeration) write(column.enumeration, step);
  write(`ALTER TABLE ${table} ADD ${column.sql}`, step);
  // a table that has a key has it made anew, with this column in it
  if (column.primary) write(`ALTER TABLE ${table} ADD ${primaryKeySql(name, [column.name], column.keyName)}`, step);
  if (column.unique) write(`ALTER TABLE ${table} ADD ${ownUniqueSql(name, column.name)}`, step);
  if (column.comment !== undefined)
    write(`COMMENT ON COLUMN ${table}.${quoted(column.name)} IS '${column.comment.replaceAll("'", "''")}'`, step);
}

const addEach =
  (sqlOf: PartSql, several: boolean): Operation =>
  (step, write) => {
    const name = plainTableName(argument(step, 0));
    const given = argument(step, 1);
    for (const each of several ? listOf(given) : given ? [given] : [])
      write(`ALTER TABLE ${tableName(argument(step, 0))} ADD ${sqlOf(name, each)}`, step);
  };

const addIndexes =
  (several: boolean): Operation =>
  (step, write) => {
    const given = argument(step, 1);
    for (const each of several ? listOf(given) : given ? [given] : [])
      write(indexSql(plainTableName(argument(step, 0)), each), step);
  };

/** A thing's name: itself, or of the `TableIndex` and its like that was made; without one, as TypeORM names what is so described. */
function ownName(value: Value | undefined, made?: (options: Value) => string): string {
  const given = constantText(value);
  if (given !== undefined) return quoted(given);
  const options = value?.kind === 'chain' || value?.kind === 'instance' ? optionsOf(value) : undefined;
  const name = constantText(options?.entries.get('name'));
  if (name !== undefined) return quoted(name);
  if (!options || !made) throw new NotTranslated('a name that is not constant');
  return made(options);
}

/** The constraints that TypeORM lists of a table, as the server tells them apart. */
const LISTED: Readonly<Record<string, 'f' | 'u'>> = { foreignKeys: 'f', uniques: 'u' };

/** `table.foreignKeys.find(key => key.columnNames.includes('order_id'))`: which constraint is meant, by a column of it. */
function soughtIn(value: Value | undefined): { readonly type: 'f' | 'u'; readonly column: string } | undefined {
  if (value?.kind !== 'within' || value.by !== 'columnNames') return undefined;
  const list = value.of.steps.at(-1);
  const column = constantText(value.item);
  const type = list && !list.arguments ? LISTED[list.name] : undefined;
  return type === undefined || column === undefined ? undefined : { type, column };
}

/** What it is called is asked of the server, as TypeORM does. */
const dropSought =
  (made?: (table: string, options: Value) => string): Operation =>
  (step, write) => {
    const sought = soughtIn(argument(step, 1));
    if (!sought) return dropConstraint(false, made)(step, write);
    write(dropByLists(tableName(argument(step, 0)), sought.type, sought.column), step);
  };

const text = (value: string): string => `'${value.replaceAll("'", "''")}'`;

/** Drops the constraint that the server's lists give: of this kind, with this column in it. */
function dropByLists(table: string, type: 'f' | 'u' | 'p', column: string | undefined): string {
  const within =
    column === undefined
      ? ''
      : ` AND (SELECT attnum FROM pg_attribute WHERE attrelid = conrelid AND attname = ${text(column)}) = ANY (conkey)`;
  return (
    `DO $$ DECLARE found text; BEGIN SELECT conname INTO STRICT found FROM pg_constraint WHERE conrelid = ${text(table)}::regclass AND contype = '${type}'${within}; ` +
    `EXECUTE format(${text(`ALTER TABLE ${table} DROP CONSTRAINT %I`)}, found); END $$`
  );
}

const dropConstraint =
  (several: boolean, made?: (table: string, options: Value) => string): Operation =>
  (step, write) => {
    const table = plainTableName(argument(step, 0));
    const given = argument(step, 1);
    for (const each of several ? listOf(given) : [given])
      write(
        `ALTER TABLE ${tableName(argument(step, 0))} DROP CONSTRAINT ${ownName(each, made && (options => made(table, options)))}`,
        step,
      );
  };

/** An index stands in the schema of its table. */
const dropIndexes =
  (several: boolean): Operation =>
  (step, write) => {
    const table = plainTableName(argument(step, 0));
    const given = argument(step, 1);
    const schema = table.includes('.') ? `${quoted(table.slice(0, table.indexOf('.')))}.` : '';
    for (const each of several ? listOf(given) : [given])
      write(`DROP INDEX ${schema}${ownName(each, options => nameOf.index(table, options))}`, step);
  };

/**
 * With an enum's column goes its type, which is asked of the server there; here it is the one that TypeORM makes for the column, or that
 * the column's description says.
 */
function dropColumn(of: Value | undefined, given: Value | undefined, step: ChainStep, write: Write): void {
  const table = tableName(of);
  const name = ownName(given);
  write(`ALTER TABLE ${table} DROP COLUMN ${name}`, step);
  write(`DROP TYPE IF EXISTS ${enumType(table, name.slice(1, -1), enumNameIn(given))}`, step);
}

const change = (step: ChainStep, from: Value | undefined, to: Value | undefined, write: Write): void =>
  changeColumn(argument(step, 0), from, to, step, write, {
    drop: dropColumn,
    add: addColumn,
    dropUnique: (table, column) => dropByLists(table, 'u', column),
  });

const viewKind = (view: Value | undefined): string =>
  constantText(view) === undefined && flag(optionsOf(view).entries.get('materialized')) ? 'MATERIALIZED VIEW' : 'VIEW';

const enumNameIn = (given: Value | undefined): string | undefined =>
  given?.kind === 'chain' || given?.kind === 'instance'
    ? constantText(optionsOf(given).entries.get('enumName'))
    : undefined;

const query: Operation = (step, write) => {
  const given = argument(step, 0);
  if (given?.kind === 'text' && argument(step, 1))
    throw new NotTranslated('`query` with parameters', writesRows(given.value));
  writeText(given, 'query', step, write);
};

const OPERATIONS: Readonly<Record<string, Operation>> = {
  query,
  createTable,
  addColumn: addColumns(false),
  addColumns: addColumns(true),
  createForeignKey: addEach(foreignKeySql, false),
  createForeignKeys: addEach(foreignKeySql, true),
  createUniqueConstraint: addEach(uniqueSql, false),
  createUniqueConstraints: addEach(uniqueSql, true),
  createCheckConstraint: addEach(checkSql, false),
  createCheckConstraints: addEach(checkSql, true),
  createExclusionConstraint: addEach(exclusionSql, false),
  createExclusionConstraints: addEach(exclusionSql, true),
  createPrimaryKey: (step, write) => {
    const columns = namesOf(argument(step, 1));
    const name = argument(step, 2);
    if (!columns || (name && constantText(name) === undefined)) throw new NotTranslated('a key that is not constant');
    const key = primaryKeySql(plainTableName(argument(step, 0)), columns, constantText(name));
    write(`ALTER TABLE ${tableName(argument(step, 0))} ADD ${key}`, step);
  },
  dropPrimaryKey: (step, write) => write(dropByLists(tableName(argument(step, 0)), 'p', undefined), step),
  createView: (step, write) => {
    const view = optionsOf(argument(step, 0));
    const expression = constantText(view.entries.get('expression'));
    if (expression === undefined) throw new NotTranslated('a view that is not constant');
    write(`CREATE ${viewKind(view)} ${tableName(view)} AS ${expression}`, step);
    if (flag(argument(step, 1))) write.rows(step);
  },
  dropView: (step, write) => write(`DROP ${viewKind(argument(step, 0))} ${tableName(argument(step, 0))}`, step),
  createIndex: addIndexes(false),
  createIndices: addIndexes(true),
  dropTable: (step, write) =>
    write(`DROP TABLE ${flag(argument(step, 1)) ? 'IF EXISTS ' : ''}${tableName(argument(step, 0))}`, step),
  renameTable: (step, write) =>
    write(`ALTER TABLE ${tableName(argument(step, 0))} RENAME TO ${quoted(textArgument(step, 1))}`, step),
  dropColumn: (step, write) => dropColumn(argument(step, 0), argument(step, 1), step, write),
  dropColumns: (step, write) => {
    for (const each of listOf(argument(step, 1))) dropColumn(argument(step, 0), each, step, write);
  },
  // with a description the column becomes what that says, and its name is but a part of it
  renameColumn: (step, write) =>
    constantText(argument(step, 2)) === undefined
      ? change(step, argument(step, 1), argument(step, 2), write)
      : write(
          `ALTER TABLE ${tableName(argument(step, 0))} RENAME COLUMN ${quoted(textArgument(step, 1))} TO ${quoted(textArgument(step, 2))}`,
          step,
        ),
  changeColumn: (step, write) => change(step, argument(step, 1), argument(step, 2), write),
  changeColumns: (step, write) => {
    for (const each of listOf(argument(step, 1)))
      change(step, entryOf(each, 'oldColumn'), entryOf(each, 'newColumn'), write);
  },
  dropIndex: dropIndexes(false),
  dropIndices: dropIndexes(true),
  dropForeignKey: dropSought(nameOf.foreignKey),
  dropUniqueConstraint: dropSought(),
  dropForeignKeys: dropConstraint(true, nameOf.foreignKey),
  dropUniqueConstraints: dropConstraint(true),
  dropCheckConstraint: dropConstraint(false),
  dropCheckConstraints: dropConstraint(true),
  dropExclusionConstraint: dropConstraint(false),
  dropExclusionConstraints: dropConstraint(true),
  createSchema: (step, write) =>
    write(`CREATE SCHEMA ${flag(argument(step, 1)) ? 'IF NOT EXISTS ' : ''}${quoted(textArgument(step, 0))}`, step),
  dropSchema: (step, write) =>
    write(
      `DROP SCHEMA ${flag(argument(step, 1)) ? 'IF EXISTS ' : ''}${quoted(textArgument(step, 0))}${flag(argument(step, 2)) ? ' CASCADE' : ''}`,
      step,
    ),
};
