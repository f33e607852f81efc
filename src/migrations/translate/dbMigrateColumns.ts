/** Types and columns of db-migrate, as its PostgreSQL driver writes them. Source: db-migrate-shared 1.2, data_type.js, and db-migrate-pg 1.5. */
import { constantText, type Value } from '../code/values';
import { entryOf, flag, literalOf } from './quoting';
import { NotTranslated } from './translation';

/** `dbm.dataType`, whose members are names of types. */
const DATA_TYPES: Readonly<Record<string, string>> = {
  CHAR: 'char',
  STRING: 'string',
  TEXT: 'text',
  SMALLINT: 'smallint',
  BIGINT: 'bigint',
  INTEGER: 'int',
  SMALL_INTEGER: 'smallint',
  BIG_INTEGER: 'bigint',
  REAL: 'real',
  DATE: 'date',
  DATE_TIME: 'datetime',
  TIME: 'time',
  BLOB: 'blob',
  TIMESTAMP: 'timestamp',
  BINARY: 'binary',
  BOOLEAN: 'boolean',
  DECIMAL: 'decimal',
};

const SQL_TYPES: Readonly<Record<string, string>> = {
  string: 'VARCHAR',
  datetime: 'TIMESTAMP',
  blob: 'BYTEA',
  int: 'INTEGER',
};

/** Names of types that the driver does not know it sends as they are. */
export const typeName = (type: string): string =>
  (Object.hasOwn(SQL_TYPES, type) ? SQL_TYPES[type] : undefined) ?? type.toUpperCase();

export interface ColumnSpec {
  readonly type: string | undefined;
  readonly timezone: boolean;
  /** `(255)`, or nothing. */
  readonly length: string;
  readonly primaryKey: boolean;
  readonly autoIncrement: boolean;
  readonly notNull: boolean;
  readonly unique: boolean | undefined;
  readonly default: string | undefined;
  readonly comment: string | undefined;
  readonly foreignKey: Value | undefined;
}

/**
 * What is said of a column: a record, or the type alone.
 * @param typeless whether the type may be left out, as where a column is changed
 * @throws NotTranslated
 */
export function specOf(given: Value | undefined, { typeless = false } = {}): ColumnSpec {
  const options = given?.kind === 'record' ? given : undefined;
  if (options?.open) throw new NotTranslated('a column that is not constant');
  const option = (key: string): Value | undefined => options?.entries.get(key);
  const named = options ? option('type') : given;
  const type = named && typeOf(named);
  if (type === undefined && !(typeless && named === undefined)) throw new NotTranslated('a type that is not known');
  const zoned = /^(time|timestamp)tz$/.exec(type ?? '')?.[1];
  const length = option('length');
  const size = length && (constantText(length) ?? literalOf(length));
  if (length && size === undefined) throw new NotTranslated('a length that is not constant');
  const fallback = option('defaultValue');
  const unique = option('unique');
  return {
    type: typeless ? type : (zoned ?? type),
    timezone: zoned !== undefined || flag(option('timezone')),
    length: size === undefined || size === '0' || size === 'NULL' ? '' : `(${size})`,
    primaryKey: flag(option('primaryKey')),
    autoIncrement: flag(option('autoIncrement')),
    notNull: flag(option('notNull')),
    unique: unique?.kind === 'constant' && typeof unique.value === 'boolean' ? unique.value : undefined,
    // NULL is taken where a column is changed, and nowhere else
    default:
      fallback && !isUndefined(fallback) ? (typeless && isNull(fallback) ? 'NULL' : defaultOf(fallback)) : undefined,
    comment: constantText(option('comment')),
    foreignKey: option('foreignKey'),
  };
}

function typeOf(value: Value): string | undefined {
  const text = constantText(value);
  if (text !== undefined) return text;
  // `type.STRING`, `dbm.dataType.STRING`
  const last = value.kind === 'chain' ? value.steps.at(-1) : undefined;
  return last && !last.arguments && Object.hasOwn(DATA_TYPES, last.name) ? DATA_TYPES[last.name] : undefined;
}

const isNull = (value: Value): boolean => value.kind === 'constant' && value.value === null;

const isUndefined = (value: Value): boolean => value.kind === 'constant' && value.value === undefined;

/** A text stands between quotes as it is, `raw` and `special` without. */
function defaultOf(value: Value): string {
  const text = constantText(value);
  if (text !== undefined) return `'${text}'`;
  // an object of a text is none: `new String('now()')`
  if (value.kind === 'instance' && value.name === 'String') {
    const raw = constantText(value.arguments[0]?.value);
    if (raw !== undefined) return raw;
  }
  if (value.kind === 'record') {
    const raw = constantText(entryOf(value, 'raw')) ?? constantText(entryOf(value, 'prep'));
    if (raw !== undefined) return raw;
    if (constantText(entryOf(value, 'special')) === 'CURRENT_TIMESTAMP') return 'CURRENT_TIMESTAMP';
  }
  const written = value.kind === 'constant' && value.value !== null ? literalOf(value) : undefined;
  if (written === undefined) throw new NotTranslated('a default that is not constant');
  return written;
}

/**
 * A column as it stands in CREATE TABLE and ADD COLUMN, and what is sent for it afterwards.
 * @param isKey whether the key of the table is this column alone; where it is added the key is lost
 */
export function columnSql(
  table: string,
  column: string,
  spec: ColumnSpec,
  isKey: boolean,
): { readonly sql: string; readonly after: readonly string[] } {
  const counts = spec.primaryKey && spec.autoIncrement;
  const parts = [
    column.startsWith('"') ? column : `"${column}"`,
    counts ? undefined : typeName(spec.type ?? '') + spec.length,
    spec.timezone ? 'WITH TIME ZONE' : undefined,
    counts ? (spec.type === 'bigint' ? 'BIGSERIAL' : 'SERIAL') : undefined,
    spec.primaryKey && isKey ? 'PRIMARY KEY' : undefined,
    spec.notNull ? 'NOT NULL' : undefined,
    spec.unique ? 'UNIQUE' : undefined,
    spec.default === undefined ? undefined : `DEFAULT ${spec.default}`,
  ];
  const after = [
    ...(spec.foreignKey ? [reference(table, column, spec.foreignKey)] : []),
    ...(spec.comment === undefined ? [] : [`COMMENT on COLUMN ${table}.${column} IS '${spec.comment}'`]),
  ];
  return { sql: parts.filter(part => part !== undefined).join(' '), after };
}

function reference(table: string, column: string, key: Value): string {
  const text = (name: string): string => {
    const found = constantText(entryOf(key, name));
    if (found === undefined) throw new NotTranslated('a reference that is not constant');
    return found;
  };
  const mapping = entryOf(key, 'mapping');
  const pairs: readonly (readonly [string, Value])[] =
    mapping?.kind === 'record' && !mapping.open ? [...mapping.entries] : mapping ? [[column, mapping]] : [];
  const referenced = pairs.map(([, value]) => constantText(value));
  if (pairs.length === 0 || !referenced.every(each => each !== undefined))
    throw new NotTranslated('a reference that is not constant');
  const rules = entryOf(key, 'rules');
  const rule = (name: string): string => constantText(entryOf(rules, name)) ?? 'NO ACTION';
  const quoted = (names: readonly string[]): string => names.map(each => `"${each}"`).join(', ');
  return (
    `ALTER TABLE "${table}" ADD CONSTRAINT "${text('name')}" FOREIGN KEY (${quoted(pairs.map(([each]) => each))})` +
    ` REFERENCES "${text('table')}" (${quoted(referenced)}) ON DELETE ${rule('onDelete')} ON UPDATE ${rule('onUpdate')}`
  );
}
