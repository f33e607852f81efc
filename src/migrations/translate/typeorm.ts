/**
 * What TypeORM's query runner sends to PostgreSQL. Source: typeorm.io/docs/migrations and typeorm 0.3,
 * src/driver/postgres/PostgresQueryRunner.ts. Constraints without a name get one that is a hash there; here the server
 * names them, which is the same schema as long as nobody names them later.
 */
import { type Chain, type ChainStep, constantText, type Value } from '../code/values';
import { type Asks, guardedWrite } from './guarded';
import { entryOf, flag, literalOf, namesOf, qualified, quoted } from './quoting';
import {
  argument,
  NotTranslated,
  type Translator,
  textArgument,
  type Write,
  writesRows,
  writeText,
} from './translation';

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

/** The record that `new Table({…})`, `new TableColumn({…})` and their like were made with; a plain record is one too. */
function optionsOf(value: Value | undefined): Extract<Value, { kind: 'record' }> {
  const made =
    value?.kind === 'chain'
      ? value.steps.find(step => step.arguments)?.arguments?.[0]?.value
      : value?.kind === 'instance'
        ? value.arguments[0]?.value
        : value;
  if (made?.kind !== 'record' || made.open) throw new NotTranslated('options that are not constant');
  return made;
}

const listOf = (value: Value | undefined): readonly Value[] => {
  if (value?.kind !== 'list' || value.open) throw new NotTranslated('a list that is not constant');
  return value.items;
};

const optionalList = (value: Value | undefined): readonly Value[] => (value === undefined ? [] : listOf(value));

/** A table: its name, or the `Table` that was made or asked for. @throws NotTranslated */
function tableName(value: Value | undefined): string {
  const name = constantText(value) ?? constantText(entryOf(value, 'name'));
  if (name !== undefined) return qualified(name);
  // `const table = await queryRunner.getTable('orders')`
  const asked = value?.kind === 'chain' ? value.steps.find(step => step.name === 'getTable') : undefined;
  const known = asked && constantText(asked.arguments?.[0]?.value);
  if (known !== undefined) return qualified(known);
  const made =
    value?.kind === 'chain' || value?.kind === 'instance'
      ? constantText(optionsOf(value).entries.get('name'))
      : undefined;
  if (made === undefined) throw new NotTranslated('a table whose name is not constant');
  return qualified(made);
}

const columnsOf = (value: Value | undefined): string => {
  const names = namesOf(value);
  if (!names) throw new NotTranslated('columns that are not constant');
  return names.map(quoted).join(', ');
};

/** `CONSTRAINT "name" `, or nothing where the tool would make one up. */
const named = (options: Value): string => {
  const name = constantText(entryOf(options, 'name'));
  return name === undefined ? '' : `CONSTRAINT ${quoted(name)} `;
};

const SIZED = new Set(['varchar', 'character varying', 'char', 'character', 'bit', 'varbit', 'bit varying']);

function columnType(options: Extract<Value, { kind: 'record' }>): string {
  const given = constantText(options.entries.get('type'));
  if (given === undefined) throw new NotTranslated('a type that is not constant');
  const length = literalOf(options.entries.get('length'))?.replaceAll("'", '');
  const precision = literalOf(options.entries.get('precision'));
  const scale = literalOf(options.entries.get('scale'));
  const array = flag(options.entries.get('isArray')) ? ' array' : '';
  if (SIZED.has(given) && length !== undefined && length !== '') return `${given}(${length})${array}`;
  if (precision !== undefined && precision !== 'NULL' && /^(?:numeric|decimal)$/.test(given))
    return `${given}(${precision}${scale === undefined ? '' : `,${scale}`})${array}`;
  const [, kind, zone = ''] = /^(timestamp|time)(?:tz)?( with(?:out)? time zone)?$/.exec(given) ?? [];
  if (kind !== undefined && precision !== undefined && precision !== 'NULL')
    return `${kind}(${precision})${given.endsWith('tz') ? ' with time zone' : zone}${array}`;
  return given + array;
}

interface WrittenColumn {
  readonly name: string;
  readonly sql: string;
  readonly primary: boolean;
  readonly unique: boolean;
  readonly comment: string | undefined;
  /** The enum that is made for it. */
  readonly enumeration: string | undefined;
}

const SERIALS: Readonly<Record<string, string>> = {
  integer: 'SERIAL',
  int: 'SERIAL',
  int4: 'SERIAL',
  smallint: 'SMALLSERIAL',
  int2: 'SMALLSERIAL',
  bigint: 'BIGSERIAL',
  int8: 'BIGSERIAL',
};

function columnSql(table: string, value: Value): WrittenColumn {
  const options = optionsOf(value);
  const name = constantText(options.entries.get('name'));
  if (name === undefined) throw new NotTranslated('a column whose name is not constant');
  const entry = (key: string): Value | undefined => options.entries.get(key);
  const given = constantText(entry('type'));
  const generated = flag(entry('isGenerated'));
  const strategy = constantText(entry('generationStrategy')) ?? (generated ? 'increment' : undefined);
  let type: string;
  let enumeration: string | undefined;
  if (given === 'enum' || given === 'simple-enum') {
    const labels = entry('enum');
    const values = labels?.kind === 'list' && !labels.open ? labels.items.map(literalOf) : undefined;
    if (!values?.every(each => each !== undefined)) throw new NotTranslated('an enum that is not constant');
    const own = constantText(entry('enumName'));
    const schema = table.includes('.') ? `${table.slice(0, table.indexOf('.'))}.` : '';
    const bare = table.slice(table.indexOf('.') + 1).replaceAll('"', '');
    type = schema + quoted(own ?? `${bare}_${name.toLowerCase()}_enum`);
    enumeration = `CREATE TYPE ${type} AS ENUM(${values.join(', ')})`;
  } else type = columnType(options);
  if (generated && strategy === 'increment') type = SERIALS[type] ?? type;
  if (generated && strategy === 'identity')
    type += ` GENERATED ${constantText(entry('generatedIdentity')) ?? 'BY DEFAULT'} AS IDENTITY`;
  const parts = [quoted(name), type];
  const expression = constantText(entry('asExpression'));
  if (expression !== undefined) parts.push(`GENERATED ALWAYS AS (${expression}) STORED`);
  const collation = constantText(entry('collation'));
  if (collation !== undefined) parts.push(`COLLATE ${quoted(collation)}`);
  if (!flag(entry('isNullable'))) parts.push('NOT NULL');
  const fallback = entry('default');
  if (fallback && !(fallback.kind === 'constant' && (fallback.value === null || fallback.value === undefined))) {
    // a default is SQL as it is written: `'now()'`, `"'new'"`
    const written = constantText(fallback) ?? literalOf(fallback);
    if (written === undefined) throw new NotTranslated('a default that is not constant');
    parts.push(`DEFAULT ${written}`);
  } else if (generated && strategy === 'uuid') parts.push('DEFAULT uuid_generate_v4()');
  return {
    name,
    sql: parts.join(' '),
    primary: flag(entry('isPrimary')),
    unique: flag(entry('isUnique')),
    comment: constantText(entry('comment')),
    enumeration,
  };
}

function foreignKeySql(value: Value): string {
  const options = optionsOf(value);
  const entry = (key: string): string | undefined => constantText(options.entries.get(key));
  const schema = entry('referencedSchema');
  const table = entry('referencedTableName');
  if (table === undefined) throw new NotTranslated('a reference that is not constant');
  const action = (key: string, words: string): string => (entry(key) === undefined ? '' : ` ${words} ${entry(key)}`);
  return (
    `${named(options)}FOREIGN KEY (${columnsOf(options.entries.get('columnNames'))}) REFERENCES ${schema === undefined ? '' : `${quoted(schema)}.`}${qualified(table)} ` +
    `(${columnsOf(options.entries.get('referencedColumnNames'))})${action('onDelete', 'ON DELETE')}${action('onUpdate', 'ON UPDATE')}${action('deferrable', 'DEFERRABLE')}`
  );
}

const uniqueSql = (value: Value): string => {
  const options = optionsOf(value);
  const deferrable = constantText(options.entries.get('deferrable'));
  return `${named(options)}UNIQUE (${columnsOf(options.entries.get('columnNames'))})${deferrable === undefined ? '' : ` DEFERRABLE ${deferrable}`}`;
};

const expressionSql =
  (kind: string) =>
  (value: Value): string => {
    const options = optionsOf(value);
    const expression = constantText(options.entries.get('expression'));
    if (expression === undefined) throw new NotTranslated('an expression that is not constant');
    return `${named(options)}${kind} ${kind === 'CHECK' ? `(${expression})` : expression}`;
  };

function indexSql(table: string, value: Value): string {
  const options = optionsOf(value);
  const name = constantText(options.entries.get('name'));
  const where = constantText(options.entries.get('where'));
  return [
    `CREATE ${flag(options.entries.get('isUnique')) ? 'UNIQUE ' : ''}INDEX`,
    flag(options.entries.get('isConcurrent')) ? ' CONCURRENTLY' : '',
    name === undefined ? '' : ` ${quoted(name)}`,
    ` ON ${table}`,
    flag(options.entries.get('isSpatial')) ? ' USING GiST' : '',
    ` (${columnsOf(options.entries.get('columnNames'))})`,
    where === undefined || where === '' ? '' : ` WHERE ${where}`,
  ].join('');
}

const createTable: Operation = (step, write) => {
  const options = optionsOf(argument(step, 0));
  const table = tableName(options);
  const columns = listOf(options.entries.get('columns')).map(each => columnSql(table, each));
  for (const { enumeration } of columns) if (enumeration) write(enumeration, step);
  const entry = (key: string): readonly Value[] => optionalList(options.entries.get(key));
  const uniques = entry('uniques');
  const ownUnique = columns.filter(({ unique }) => unique).map(({ name }) => `UNIQUE (${quoted(name)})`);
  const keys = columns.filter(({ primary }) => primary).map(({ name }) => quoted(name));
  const keyName = listOf(options.entries.get('columns'))
    .map(each => constantText(optionsOf(each).entries.get('primaryKeyConstraintName')))
    .find(each => each !== undefined);
  const parts = [
    ...columns.map(({ sql }) => sql),
    ...uniques.map(uniqueSql),
    ...ownUnique,
    ...entry('checks').map(expressionSql('CHECK')),
    ...entry('exclusions').map(expressionSql('EXCLUDE')),
    ...entry('foreignKeys').map(foreignKeySql),
    ...(keys.length > 0
      ? [`${keyName === undefined ? '' : `CONSTRAINT ${quoted(keyName)} `}PRIMARY KEY (${keys.join(', ')})`]
      : []),
  ];
  write(`CREATE TABLE ${flag(argument(step, 1)) ? 'IF NOT EXISTS ' : ''}${table} (${parts.join(', ')})`, step);
  for (const { name, comment } of columns)
    if (comment !== undefined)
      write(`COMMENT ON COLUMN ${table}.${quoted(name)} IS '${comment.replaceAll("'", "''")}'`, step);
  for (const index of entry('indices')) write(indexSql(table, index), step);
};

const addColumns =
  (several: boolean): Operation =>
  (step, write) => {
    const table = tableName(argument(step, 0));
    const given = argument(step, 1);
    for (const each of several ? listOf(given) : given ? [given] : []) {
      const column = columnSql(table, each);
      if (column.enumeration) write(column.enumeration, step);
      write(`ALTER TABLE ${table} ADD ${column.sql}`, step);
      if (column.primary) write(`ALTER TABLE ${table} ADD PRIMARY KEY (${quoted(column.name)})`, step);
      if (column.unique) write(`ALTER TABLE ${table} ADD UNIQUE (${quoted(column.name)})`, step);
    }
  };

const addEach =
  (sqlOf: (value: Value) => string, several: boolean): Operation =>
  (step, write) => {
    const table = tableName(argument(step, 0));
    const given = argument(step, 1);
    for (const each of several ? listOf(given) : given ? [given] : [])
      write(`ALTER TABLE ${table} ADD ${sqlOf(each)}`, step);
  };

/** A thing's name: itself, or of the `TableIndex` and its like that was made. */
function ownName(value: Value | undefined): string {
  const name =
    constantText(value) ??
    constantText(
      value?.kind === 'chain' || value?.kind === 'instance' ? optionsOf(value).entries.get('name') : undefined,
    );
  if (name === undefined) throw new NotTranslated('a name that is not constant');
  return name;
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
const dropSought: Operation = (step, write) => {
  const sought = soughtIn(argument(step, 1));
  if (!sought) return dropConstraint(step, write);
  const table = tableName(argument(step, 0));
  const text = (value: string): string => `'${value.replaceAll("'", "''")}'`;
  write(
    `DO $$ DECLARE found text; BEGIN SELECT conname INTO STRICT found FROM pg_constraint WHERE conrelid = ${text(table)}::regclass AND contype = '${sought.type}' ` +
      `AND (SELECT attnum FROM pg_attribute WHERE attrelid = conrelid AND attname = ${text(sought.column)}) = ANY (conkey); ` +
      `EXECUTE format(${text(`ALTER TABLE ${table} DROP CONSTRAINT %I`)}, found); END $$`,
    step,
  );
};

const dropConstraint: Operation = (step, write) =>
  write(`ALTER TABLE ${tableName(argument(step, 0))} DROP CONSTRAINT ${quoted(ownName(argument(step, 1)))}`, step);

const query: Operation = (step, write) => {
  const text = argument(step, 0);
  if (text?.kind === 'text' && argument(step, 1))
    throw new NotTranslated('`query` with parameters', writesRows(text.value));
  writeText(text, 'query', step, write);
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
  createCheckConstraint: addEach(expressionSql('CHECK'), false),
  createExclusionConstraint: addEach(expressionSql('EXCLUDE'), false),
  createPrimaryKey: (step, write) =>
    write(`ALTER TABLE ${tableName(argument(step, 0))} ADD PRIMARY KEY (${columnsOf(argument(step, 1))})`, step),
  createIndex: (step, write) => {
    const given = argument(step, 1);
    if (given) write(indexSql(tableName(argument(step, 0)), given), step);
  },
  createIndices: (step, write) => {
    for (const each of listOf(argument(step, 1))) write(indexSql(tableName(argument(step, 0)), each), step);
  },
  dropTable: (step, write) =>
    write(`DROP TABLE ${flag(argument(step, 1)) ? 'IF EXISTS ' : ''}${tableName(argument(step, 0))}`, step),
  renameTable: (step, write) =>
    write(`ALTER TABLE ${tableName(argument(step, 0))} RENAME TO ${quoted(textArgument(step, 1))}`, step),
  dropColumn: (step, write) =>
    write(`ALTER TABLE ${tableName(argument(step, 0))} DROP COLUMN ${quoted(ownName(argument(step, 1)))}`, step),
  dropColumns: (step, write) => {
    for (const each of listOf(argument(step, 1)))
      write(`ALTER TABLE ${tableName(argument(step, 0))} DROP COLUMN ${quoted(ownName(each))}`, step);
  },
  renameColumn: (step, write) =>
    write(
      `ALTER TABLE ${tableName(argument(step, 0))} RENAME COLUMN ${quoted(textArgument(step, 1))} TO ${quoted(ownName(argument(step, 2)))}`,
      step,
    ),
  dropIndex: (step, write) => write(`DROP INDEX ${quoted(ownName(argument(step, 1)))}`, step),
  dropForeignKey: dropSought,
  dropUniqueConstraint: dropSought,
  dropCheckConstraint: dropConstraint,
  dropExclusionConstraint: dropConstraint,
  createSchema: (step, write) =>
    write(`CREATE SCHEMA ${flag(argument(step, 1)) ? 'IF NOT EXISTS ' : ''}${quoted(textArgument(step, 0))}`, step),
  dropSchema: (step, write) =>
    write(
      `DROP SCHEMA ${flag(argument(step, 1)) ? 'IF EXISTS ' : ''}${quoted(textArgument(step, 0))}${flag(argument(step, 2)) ? ' CASCADE' : ''}`,
      step,
    ),
};
