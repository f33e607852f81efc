/** Types and columns of Sequelize, as its PostgreSQL generator writes them. Source: sequelize 6, lib/dialects/postgres/query-generator.js and data-types.js. */
import { constantText, type Value } from '../code/values';
import { entryOf, flag, literal, literalOf, namesOf, quoted } from './quoting';
import { NotTranslated } from './translation';

const PLAIN: Readonly<Record<string, string>> = {
  TEXT: 'TEXT',
  CITEXT: 'CITEXT',
  INTEGER: 'INTEGER',
  BIGINT: 'BIGINT',
  SMALLINT: 'SMALLINT',
  BOOLEAN: 'BOOLEAN',
  DATE: 'TIMESTAMP WITH TIME ZONE',
  DATEONLY: 'DATE',
  TIME: 'TIME',
  JSON: 'JSON',
  JSONB: 'JSONB',
  UUID: 'UUID',
  BLOB: 'BYTEA',
  HSTORE: 'HSTORE',
  INET: 'INET',
  CIDR: 'CIDR',
  MACADDR: 'MACADDR',
  TSVECTOR: 'TSVECTOR',
  FLOAT: 'FLOAT',
  REAL: 'REAL',
  DOUBLE: 'DOUBLE PRECISION',
};
const SIZED: Readonly<Record<string, number>> = { STRING: 255, CHAR: 255 };
const OTHERS = new Set(['DECIMAL', 'NUMERIC', 'ARRAY', 'ENUM']);

const isType = (name: string): boolean => Object.hasOwn(PLAIN, name) || Object.hasOwn(SIZED, name) || OTHERS.has(name);

/** A table: `'orders'` or `{ tableName, schema }`. @throws NotTranslated */
export function tableOf(value: Value | undefined): {
  readonly name: string;
  readonly schema?: string;
  readonly sql: string;
} {
  const name = constantText(value?.kind === 'record' ? value.entries.get('tableName') : value);
  if (name === undefined) throw new NotTranslated('a table whose name is not constant');
  const schema = constantText(entryOf(value, 'schema'));
  return schema === undefined
    ? { name, sql: quoted(name) }
    : { name, schema, sql: `${quoted(schema)}.${quoted(name)}` };
}

interface WrittenType {
  readonly sql: string;
  /** The labels of an enum, whose type is made before the column. */
  readonly labels?: readonly string[];
}

/** The enum's type that the tool makes for a column. */
export const enumName = (table: { readonly name: string; readonly schema?: string }, column: string): string =>
  `${table.schema === undefined ? '' : `${quoted(table.schema)}.`}${quoted(`enum_${table.name}_${column}`)}`;

function typeOf(
  value: Value | undefined,
  given: Value | undefined,
  table: Parameters<typeof enumName>[0],
  column: string,
): WrittenType {
  const own = constantText(value);
  if (own !== undefined) return { sql: own };
  const step = value?.kind === 'chain' ? value.steps.find(({ name }) => isType(name)) : undefined;
  if (!step) throw new NotTranslated('a type that is not known');
  const first = step.arguments?.[0]?.value;
  const number = (argument: Value | undefined): string | undefined => {
    const written = literalOf(argument);
    if (argument && written === undefined) throw new NotTranslated('a type that is not constant');
    return written;
  };
  const { name } = step;
  const plain = Object.hasOwn(PLAIN, name) ? PLAIN[name] : undefined;
  if (name === 'FLOAT' && first) return { sql: `FLOAT(${number(first)})` };
  if (plain !== undefined) return { sql: plain };
  if (Object.hasOwn(SIZED, name)) {
    if (value?.kind === 'chain' && value.steps.some(each => each.name === 'BINARY')) return { sql: 'BYTEA' };
    return {
      sql: `${name === 'CHAR' ? 'CHAR' : 'VARCHAR'}(${first?.kind === 'record' ? number(entryOf(first, 'length')) : (number(first) ?? SIZED[name])})`,
    };
  }
  switch (name) {
    case 'ENUM': {
      const values =
        entryOf(given, 'values') ?? entryOf(first, 'values') ?? (first?.kind === 'list' ? first : undefined);
      const labels = values ? namesOf(values) : (step.arguments ?? []).map(each => constantText(each.value));
      if (!labels?.every(label => label !== undefined) || labels.length === 0)
        throw new NotTranslated('an enum that is not constant');
      return { sql: enumName(table, column), labels };
    }
    case 'ARRAY': {
      const of = typeOf(first?.kind === 'record' ? entryOf(first, 'type') : first, undefined, table, column);
      return { ...of, sql: `${of.sql}[]` };
    }
    default: {
      const parts = [number(first), number(step.arguments?.[1]?.value)].filter(part => part !== undefined);
      return { sql: parts.length === 0 ? 'DECIMAL' : `DECIMAL(${parts.join(',')})` };
    }
  }
}

/** A default; undefined where the tool fills the value in by itself: `Sequelize.NOW`, `UUIDV4`. @throws NotTranslated */
function defaultOf(value: Value): string | undefined {
  if (value.kind === 'chain') {
    const last = value.steps[value.steps.length - 1];
    if (last?.name === 'NOW' || last?.name === 'UUIDV1' || last?.name === 'UUIDV4') return undefined;
    if (last?.name === 'literal') {
      const text = constantText(last.arguments?.[0]?.value);
      if (text !== undefined) return text;
    }
    if (last?.name === 'fn') {
      const [fn, ...given] = (last.arguments ?? []).map(each => each.value);
      const name = constantText(fn);
      const written = given.map(each => literalOf(each));
      if (name !== undefined && written.every(each => each !== undefined)) return `${name}(${written.join(', ')})`;
    }
  }
  const written = literalOf(value);
  if (written !== undefined) return written;
  if (value.kind === 'list' && !value.open && value.items.length === 0) return "'{}'";
  throw new NotTranslated('a default that is not constant');
}

export interface WrittenColumn {
  readonly name: string;
  readonly type: string;
  readonly labels?: readonly string[];
  readonly notNull: boolean;
  readonly increments: 'serial' | 'identity' | undefined;
  readonly default: string | undefined;
  readonly unique: boolean;
  readonly primaryKey: boolean;
  readonly references: string | undefined;
  readonly comment: string | undefined;
}

/** What is said of a column. @throws NotTranslated */
export function columnOf(table: ReturnType<typeof tableOf>, key: string, given: Value): WrittenColumn {
  const options = given.kind === 'record' ? given : undefined;
  if (options?.open) throw new NotTranslated('a column that is not constant');
  const option = (name: string): Value | undefined => options?.entries.get(name);
  const name = constantText(option('field')) ?? key;
  const type = typeOf(options ? option('type') : given, options, table, name);
  const nullable = option('allowNull');
  const fallback = option('defaultValue');
  const unique = option('unique');
  if (unique && unique.kind !== 'constant') throw new NotTranslated('a unique key that columns share');
  const has = (value: Value | undefined): value is Value =>
    value !== undefined && !(value.kind === 'constant' && value.value === undefined);
  return {
    name,
    type: type.sql,
    ...(type.labels ? { labels: type.labels } : {}),
    notNull: nullable?.kind === 'constant' && nullable.value === false,
    increments: flag(option('autoIncrement'))
      ? flag(option('autoIncrementIdentity'))
        ? 'identity'
        : 'serial'
      : undefined,
    default: has(fallback) ? defaultOf(fallback) : undefined,
    unique: flag(unique),
    primaryKey: flag(option('primaryKey')),
    references: references(option, table.schema),
    comment: constantText(option('comment')),
  };
}

function references(option: (name: string) => Value | undefined, schema: string | undefined): string | undefined {
  const target = option('references');
  if (!target || (target.kind === 'constant' && !target.value)) return undefined;
  const model = entryOf(target, 'model') ?? entryOf(target, 'table') ?? (target.kind === 'text' ? target : undefined);
  const table = tableOf(model);
  const within = table.schema === undefined && schema !== undefined ? `${quoted(schema)}.${table.sql}` : table.sql;
  const key = constantText(entryOf(target, 'key')) ?? constantText(entryOf(target, 'field')) ?? 'id';
  if (entryOf(target, 'deferrable')) throw new NotTranslated('a deferrable reference');
  const action = (name: string, words: string): string => {
    const value = constantText(option(name));
    return value === undefined ? '' : ` ${words} ${value.toUpperCase()}`;
  };
  return `REFERENCES ${within} (${quoted(key)})${action('onDelete', 'ON DELETE')}${action('onUpdate', 'ON UPDATE')}`;
}

const SERIALS: Readonly<Record<string, string>> = { INTEGER: 'SERIAL', BIGINT: 'BIGSERIAL', SMALLINT: 'SMALLSERIAL' };

/** A column as it stands in CREATE TABLE and ADD COLUMN; the key of a table stands apart, and where one is added it is lost. */
export function definition(column: WrittenColumn): string {
  const serial = column.increments === 'serial' ? (SERIALS[column.type] ?? 'SERIAL') : undefined;
  return [
    quoted(column.name),
    serial ?? column.type,
    column.notNull && !serial ? 'NOT NULL' : undefined,
    column.increments === 'identity' ? 'GENERATED BY DEFAULT AS IDENTITY' : undefined,
    column.default === undefined ? undefined : `DEFAULT ${column.default}`,
    column.unique ? 'UNIQUE' : undefined,
    column.references,
  ]
    .filter(part => part !== undefined)
    .join(' ');
}

/** The enum's type, made unless it is there: what the tool does before a table or column that uses it. */
export const createEnum = (name: string, labels: readonly string[]): string =>
  `DO $$ BEGIN CREATE TYPE ${name} AS ENUM (${labels.map(literal).join(', ')}); EXCEPTION WHEN duplicate_object THEN NULL; END $$`;
