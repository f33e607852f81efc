/**
 * Tables, columns, constraints and indexes as TypeORM writes them of the records that describe them. Source: typeorm 0.3,
 * src/driver/postgres/PostgresQueryRunner.ts (createTableSql, buildCreateColumnSql, createIndexSql) and PostgresDriver.createFullType.
 */
import { constantText, type Value } from '../code/values';
import { entryOf, flag, literalOf, namesOf, qualified, quoted } from './quoting';
import { NotTranslated } from './translation';
import { expressionName, indexName, keyName } from './typeormNames';

/** The record that `new Table({…})`, `new TableColumn({…})` and their like were made with; a plain record is one too. */
export function optionsOf(value: Value | undefined): Extract<Value, { kind: 'record' }> {
  const made =
    value?.kind === 'chain'
      ? value.steps.find(step => step.arguments)?.arguments?.[0]?.value
      : value?.kind === 'instance'
        ? value.arguments[0]?.value
        : value;
  if (made?.kind !== 'record' || made.open) throw new NotTranslated('options that are not constant');
  return made;
}

export const listOf = (value: Value | undefined): readonly Value[] => {
  if (value?.kind !== 'list' || value.open) throw new NotTranslated('a list that is not constant');
  return value.items;
};

export const optionalList = (value: Value | undefined): readonly Value[] => (value === undefined ? [] : listOf(value));

/** A table: its name, or the `Table` that was made or asked for; with its schema before it. @throws NotTranslated */
export function plainTableName(value: Value | undefined): string {
  const text = constantText(value);
  if (text !== undefined) return text;
  // `const table = await queryRunner.getTable('orders')`
  const asked = value?.kind === 'chain' ? value.steps.find(step => step.name === 'getTable') : undefined;
  const known = asked && constantText(asked.arguments?.[0]?.value);
  if (known !== undefined) return known;
  const isMade = value?.kind === 'chain' || value?.kind === 'instance' || value?.kind === 'record';
  const options = isMade ? optionsOf(value) : undefined;
  const name = constantText(entryOf(options, 'name'));
  if (name === undefined) throw new NotTranslated('a table whose name is not constant');
  const schema = constantText(entryOf(options, 'schema'));
  return schema === undefined ? name : `${schema}.${name.slice(name.lastIndexOf('.') + 1)}`;
}

export const tableName = (value: Value | undefined): string => qualified(plainTableName(value));

const columnNames = (value: Value | undefined): readonly string[] => {
  const names = namesOf(value);
  if (!names) throw new NotTranslated('columns that are not constant');
  return names;
};

export const columnsOf = (value: Value | undefined): string => columnNames(value).map(quoted).join(', ');

/** The name that is given, or the one that TypeORM makes of the columns. */
const ownOrMade = (options: Value, made: (columns: readonly string[]) => string): string =>
  quoted(constantText(entryOf(options, 'name')) ?? made(columnNames(entryOf(options, 'columnNames'))));

/** The names of what is made, and of what is dropped by its description. */
export const nameOf = {
  foreignKey: (table: string, options: Value): string => ownOrMade(options, columns => keyName('FK', table, columns)),
  unique: (table: string, options: Value): string => ownOrMade(options, columns => keyName('UQ', table, columns)),
  index: (table: string, options: Value): string =>
    ownOrMade(options, columns => indexName(table, columns, constantText(entryOf(options, 'where')))),
};

/** The type of a column with its length or precision. @throws NotTranslated */
export function columnType(options: Extract<Value, { kind: 'record' }>): string {
  const given = constantText(options.entries.get('type'));
  if (given === undefined) throw new NotTranslated('a type that is not constant');
  const length = literalOf(options.entries.get('length'))?.replaceAll("'", '');
  const precision = literalOf(options.entries.get('precision'));
  const scale = literalOf(options.entries.get('scale'));
  const array = flag(options.entries.get('isArray')) ? ' array' : '';
  if (length !== undefined && length !== '' && length !== 'NULL') return `${given}(${length})${array}`;
  if (precision !== undefined && precision !== 'NULL' && /^(?:numeric|decimal)$/.test(given))
    return `${given}(${precision}${scale === undefined ? '' : `,${scale}`})${array}`;
  const [, kind, zone = ''] = /^(timestamp|time)(?:tz)?( with(?:out)? time zone)?$/.exec(given) ?? [];
  if (kind !== undefined && precision !== undefined && precision !== 'NULL')
    return `${kind}(${precision})${given.endsWith('tz') ? ' with time zone' : zone}${array}`;
  return given + array;
}

/** The enum of a column: by its own name, or by the table's and the column's. */
export function enumType(table: string, column: string, own: string | undefined): string {
  const schema = table.includes('.') ? `${table.slice(0, table.indexOf('.'))}.` : '';
  const bare = table.slice(table.indexOf('.') + 1).replaceAll('"', '');
  return schema + quoted(own ?? `${bare}_${column.toLowerCase()}_enum`);
}

/** The labels of a column's enum, between quotes. @throws NotTranslated */
export function enumLabels(options: Extract<Value, { kind: 'record' }>): readonly string[] {
  const labels = options.entries.get('enum');
  const values = labels?.kind === 'list' && !labels.open ? labels.items.map(literalOf) : undefined;
  if (!values?.every(each => each !== undefined)) throw new NotTranslated('an enum that is not constant');
  return values;
}

export interface WrittenColumn {
  readonly name: string;
  readonly sql: string;
  readonly primary: boolean;
  readonly unique: boolean;
  /** What its key is called, where it says so. */
  readonly keyName: string | undefined;
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

export function columnSql(table: string, value: Value): WrittenColumn {
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
    type = enumType(table, name, constantText(entry('enumName')));
    enumeration = `CREATE TYPE ${type} AS ENUM(${enumLabels(options).join(', ')})`;
    if (flag(entry('isArray'))) type += ' array';
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
    keyName: constantText(entry('primaryKeyConstraintName')),
    comment: constantText(entry('comment')),
    enumeration,
  };
}

export type PartSql = (table: string, value: Value) => string;

export const foreignKeySql: PartSql = (owner, value) => {
  const options = optionsOf(value);
  const entry = (key: string): string | undefined => constantText(options.entries.get(key));
  const schema = entry('referencedSchema');
  const table = entry('referencedTableName');
  if (table === undefined) throw new NotTranslated('a reference that is not constant');
  const action = (key: string, words: string): string => (entry(key) === undefined ? '' : ` ${words} ${entry(key)}`);
  return (
    `CONSTRAINT ${nameOf.foreignKey(owner, options)} FOREIGN KEY (${columnsOf(options.entries.get('columnNames'))}) REFERENCES ${schema === undefined ? '' : `${quoted(schema)}.`}${qualified(table)} ` +
    `(${columnsOf(options.entries.get('referencedColumnNames'))})${action('onDelete', 'ON DELETE')}${action('onUpdate', 'ON UPDATE')}${action('deferrable', 'DEFERRABLE')}`
  );
};

export const uniqueSql: PartSql = (table, value) => {
  const options = optionsOf(value);
  const deferrable = constantText(options.entries.get('deferrable'));
  return `CONSTRAINT ${nameOf.unique(table, options)} UNIQUE (${columnsOf(options.entries.get('columnNames'))})${deferrable === undefined ? '' : ` DEFERRABLE ${deferrable}`}`;
};

/** The columns of a unique constraint. */
export const uniqueColumns = (value: Value): readonly string[] =>
  columnNames(optionsOf(value).entries.get('columnNames'));

export const primaryKeySql = (table: string, columns: readonly string[], name: string | undefined): string =>
  `CONSTRAINT ${quoted(name ?? keyName('PK', table, columns))} PRIMARY KEY (${columns.map(quoted).join(', ')})`;

export const ownUniqueSql = (table: string, column: string): string =>
  `CONSTRAINT ${quoted(keyName('UQ', table, [column]))} UNIQUE (${quoted(column)})`;

const expressionSql =
  (kind: 'CHECK' | 'EXCLUDE'): PartSql =>
  (table, value) => {
    const options = optionsOf(value);
    const expression = constantText(options.entries.get('expression'));
    if (expression === undefined) throw new NotTranslated('an expression that is not constant');
    const name =
      constantText(entryOf(options, 'name')) ?? expressionName(kind === 'CHECK' ? 'CHK' : 'XCL', table, expression);
    return `CONSTRAINT ${quoted(name)} ${kind} ${kind === 'CHECK' ? `(${expression})` : expression}`;
  };
export const checkSql = expressionSql('CHECK');
export const exclusionSql = expressionSql('EXCLUDE');

export const indexSql: PartSql = (table, value) => {
  const options = optionsOf(value);
  const where = constantText(options.entries.get('where'));
  return [
    `CREATE ${flag(options.entries.get('isUnique')) ? 'UNIQUE ' : ''}INDEX`,
    flag(options.entries.get('isConcurrent')) ? ' CONCURRENTLY' : '',
    ` ${nameOf.index(table, options)} ON ${qualified(table)}`,
    flag(options.entries.get('isSpatial')) ? ' USING GiST' : '',
    ` (${columnsOf(options.entries.get('columnNames'))})`,
    where === undefined || where === '' ? '' : ` WHERE ${where}`,
  ].join('');
};
