/** Types and columns of SQLAlchemy, as its PostgreSQL dialect writes them. Source: docs.sqlalchemy.org/en/20/core/type_basics.html and dialects/postgresql.html. */
import { GIVEN } from '../code/members';
import { type ChainStep, constantText, UNKNOWN, type Value } from '../code/values';
import { flag, literal, literalOf, namesOf, quoted } from './quoting';
import { OF_PACKAGES } from './sqlalchemyPackages';
import { NotTranslated } from './translation';

/** Types that are written as they are, by the names of their classes. */
const PLAIN: Readonly<Record<string, string>> = {
  Integer: 'INTEGER',
  INTEGER: 'INTEGER',
  INT: 'INTEGER',
  BigInteger: 'BIGINT',
  BIGINT: 'BIGINT',
  SmallInteger: 'SMALLINT',
  SMALLINT: 'SMALLINT',
  Text: 'TEXT',
  UnicodeText: 'TEXT',
  TEXT: 'TEXT',
  Boolean: 'BOOLEAN',
  BOOLEAN: 'BOOLEAN',
  Date: 'DATE',
  DATE: 'DATE',
  LargeBinary: 'BYTEA',
  BYTEA: 'BYTEA',
  Double: 'DOUBLE PRECISION',
  DOUBLE_PRECISION: 'DOUBLE PRECISION',
  DOUBLE: 'DOUBLE PRECISION',
  REAL: 'REAL',
  Interval: 'INTERVAL',
  INTERVAL: 'INTERVAL',
  JSON: 'JSON',
  JSONB: 'JSONB',
  UUID: 'UUID',
  Uuid: 'UUID',
  INET: 'INET',
  CIDR: 'CIDR',
  MACADDR: 'MACADDR',
  TSVECTOR: 'TSVECTOR',
  CITEXT: 'CITEXT',
  HSTORE: 'HSTORE',
  MONEY: 'MONEY',
  OID: 'OID',
  INT4RANGE: 'INT4RANGE',
  INT8RANGE: 'INT8RANGE',
  NUMRANGE: 'NUMRANGE',
  DATERANGE: 'DATERANGE',
  TSRANGE: 'TSRANGE',
  TSTZRANGE: 'TSTZRANGE',
};
const SIZED = new Set(['String', 'Unicode', 'VARCHAR', 'CHAR', 'NVARCHAR', 'Float', 'FLOAT', 'BIT']);
const ENUMS = new Set(['Enum', 'ENUM']);
const OTHERS = new Set(['DateTime', 'TIMESTAMP', 'Time', 'TIME', 'Numeric', 'NUMERIC', 'DECIMAL', 'ARRAY']);

const isType = (name: string): boolean =>
  Object.hasOwn(PLAIN, name) || SIZED.has(name) || ENUMS.has(name) || OTHERS.has(name);

/** An argument by its keyword, or by its position among those without one. */
export function argumentOf(step: ChainStep, name: string, index?: number): Value | undefined {
  const all = step.arguments ?? [];
  const byName = all.find(each => each.name === name);
  if (byName || index === undefined) return byName?.value;
  return all.filter(each => each.name === undefined)[index]?.value;
}

export const positional = (step: ChainStep): readonly Value[] =>
  (step.arguments ?? []).filter(each => each.name === undefined).map(each => each.value);

/** The step of a chain that makes the thing: `Column` of `sa.Column(…)`, whatever is called on it afterwards. */
export const madeBy = (value: Value | undefined, names: (name: string) => boolean): ChainStep | undefined =>
  value?.kind === 'chain' ? value.steps.find(step => names(step.name)) : undefined;

/** `'x'`, `op.f('x')`, `sa.text('x')`, `sa.quoted_name('x', True)` */
export function textOf(value: Value | undefined): string | undefined {
  const made = madeBy(
    value,
    name => name === 'f' || name === 'text' || name === 'literal_column' || name === 'quoted_name',
  );
  return constantText(value) ?? (made ? constantText(positional(made)[0]) : undefined);
}

/** @throws NotTranslated */
export function nameOf(value: Value | undefined, what: string): string {
  const name = textOf(value);
  if (name === undefined) throw new NotTranslated(`${what} that is not constant`);
  return name;
}

export interface EnumType {
  readonly name: string;
  readonly values: readonly string[];
  /** False where the type is there already: `create_type=False`. */
  readonly created: boolean;
}

/** The enum that a type's chain makes; undefined for other types. @throws NotTranslated */
export function enumOf(value: Value | undefined): EnumType | undefined {
  const step = madeBy(value, name => ENUMS.has(name));
  if (!step) return undefined;
  const given = positional(step);
  const values =
    given.length === 1 && given[0]?.kind === 'list' ? namesOf(given[0]) : given.map(each => constantText(each));
  const name = constantText(argumentOf(step, 'name'));
  if (!values || name === undefined || !values.every(each => each !== undefined))
    throw new NotTranslated('an enum that is not constant');
  const schema = constantText(argumentOf(step, 'schema'));
  const create = argumentOf(step, 'create_type');
  const native = argumentOf(step, 'native_enum');
  if (native?.kind === 'constant' && native.value === false) throw new NotTranslated('an enum that is a text');
  return {
    name: schema === undefined ? quoted(name) : `${quoted(schema)}.${quoted(name)}`,
    values,
    created: !(create?.kind === 'constant' && create.value === false),
  };
}

const size = (value: Value | undefined): string => {
  const written = literalOf(value);
  if (value && written === undefined) throw new NotTranslated('a type that is not constant');
  return written === undefined || written === 'NULL' ? '' : `(${written})`;
};

/** What a type is on PostgreSQL alone: `sa.JSON().with_variant(postgresql.JSONB(), 'postgresql')`. */
function variantOf(value: Value | undefined): Value | undefined {
  if (value?.kind !== 'chain') return undefined;
  for (const step of [...value.steps].reverse()) {
    if (step.name !== 'with_variant') continue;
    const [type, ...servers] = positional(step);
    if (type && servers.some(each => constantText(each) === 'postgresql')) return type;
  }
  return undefined;
}

/** @throws NotTranslated where its length is not constant */
function typeOfPackage(value: Value | undefined): string | undefined {
  if (value?.kind !== 'chain' || value.root.kind !== 'import') return undefined;
  const [from = ''] = value.root.from.split('.');
  const types = Object.hasOwn(OF_PACKAGES, from) ? OF_PACKAGES[from] : undefined;
  const step = types && value.steps.find(({ name }) => Object.hasOwn(types, name));
  const written = step && types?.[step.name];
  return written?.replace('(n)', () => size(argumentOf(step as ChainStep, from === 'pgvector' ? 'dim' : 'length', 0)));
}

/** Of a type that the project has made of another: what it says to be on PostgreSQL. */
function decorated(value: Value | undefined): Value | undefined {
  if (value?.kind !== 'record') return undefined;
  const chosen = value.entries.get('load_dialect_impl');
  if (chosen?.kind === 'bound') return chosen.call([{ value: POSTGRES }]);
  const impl = value.entries.get('impl');
  const made = value.entries.get(GIVEN);
  if (impl?.kind !== 'chain' || made?.kind !== 'list') return impl;
  const last = impl.steps.at(-1);
  if (!last || last.arguments || made.items.length === 0) return impl;
  // what it is made with goes to the type that it is made of
  const steps = [...impl.steps.slice(0, -1), { ...last, arguments: made.items.map(item => ({ value: item })) }];
  return { ...impl, steps };
}

/** What SQLAlchemy tells a type of the server. */
const POSTGRES: Value = {
  kind: 'record',
  entries: new Map<string, Value>([
    ['name', { kind: 'text', value: 'postgresql', pieces: [], complete: true }],
    ['type_descriptor', { kind: 'bound', call: ([first]) => first?.value ?? UNKNOWN }],
  ]),
};

/** A type as SQL. @throws NotTranslated */
export function typeSql(value: Value | undefined): string {
  const own = decorated(value);
  if (own) return typeSql(own);
  const variant = variantOf(value);
  if (variant) return typeSql(variant);
  const brought = typeOfPackage(value);
  if (brought !== undefined) return brought;
  const step = madeBy(value, isType);
  if (!step) throw new NotTranslated('a type that is not known');
  const { name } = step;
  const plain = Object.hasOwn(PLAIN, name) ? PLAIN[name] : undefined;
  if (plain !== undefined) return plain;
  switch (name) {
    case 'String':
    case 'Unicode':
    case 'VARCHAR':
    case 'NVARCHAR':
      return `VARCHAR${size(argumentOf(step, 'length', 0))}`;
    case 'CHAR':
    case 'BIT':
      return `${name}${size(argumentOf(step, 'length', 0))}`;
    case 'Float':
    case 'FLOAT':
      return `FLOAT${size(argumentOf(step, 'precision', 0))}`;
    case 'Numeric':
    case 'NUMERIC':
    case 'DECIMAL': {
      const precision = literalOf(argumentOf(step, 'precision', 0));
      const scale = literalOf(argumentOf(step, 'scale', 1));
      if (precision === undefined) return 'NUMERIC';
      return scale === undefined ? `NUMERIC(${precision})` : `NUMERIC(${precision}, ${scale})`;
    }
    case 'DateTime':
    case 'TIMESTAMP':
    case 'Time':
    case 'TIME': {
      const zone = flag(argumentOf(step, 'timezone', 0)) ? 'WITH' : 'WITHOUT';
      const kind = name === 'DateTime' || name === 'TIMESTAMP' ? 'TIMESTAMP' : 'TIME';
      return `${kind}${size(argumentOf(step, 'precision'))} ${zone} TIME ZONE`;
    }
    case 'ARRAY': {
      const dimensions = literalOf(argumentOf(step, 'dimensions'));
      return typeSql(argumentOf(step, 'item_type', 0)) + '[]'.repeat(dimensions === undefined ? 1 : Number(dimensions));
    }
    default: {
      const type = enumOf(value);
      if (!type) throw new NotTranslated(`the type \`${name}\``);
      return type.name;
    }
  }
}

/** A server's default: a text is quoted, `sa.text(…)` and `sa.func.now()` are SQL. @throws NotTranslated */
export function defaultSql(value: Value): string {
  const own = constantText(value);
  if (own !== undefined) return literal(own);
  const written = textOf(value);
  if (written !== undefined) return written;
  if (value.kind === 'chain') {
    const last = value.steps[value.steps.length - 1];
    const fn = value.steps.some(step => step.name === 'func');
    if (last?.arguments && fn) {
      if (last.name === 'now' && last.arguments.length === 0) return 'now()';
      const given = positional(last).map(each => literalOf(each));
      if (given.every(each => each !== undefined)) return `${last.name}(${given.join(', ')})`;
    }
    if (last?.name === 'false' || last?.name === 'true') return last.name;
  }
  throw new NotTranslated('a default that is not constant');
}

export interface WrittenColumn {
  readonly name: string;
  readonly sql: string;
  /** What stands beside the column in its table: `FOREIGN KEY (…)`, `UNIQUE (…)`. */
  readonly constraints: readonly string[];
  readonly primaryKey: boolean;
  readonly indexed: 'unique' | 'plain' | undefined;
  readonly comment: Value | undefined;
  readonly type: Value | undefined;
}

/**
 * A column. @throws NotTranslated
 * @param ownKey whether it is the one column of its table's primary key: an integer then counts by itself
 */
export function columnSql(step: ChainStep, ownKey: boolean): WrittenColumn {
  const [first, ...rest] = positional(step);
  const name = nameOf(first, 'a column');
  const type =
    argumentOf(step, 'type_') ??
    rest.find(each => each.kind === 'record' || typeOfPackage(each) !== undefined || madeBy(each, isType));
  const call = (wanted: string): ChainStep | undefined =>
    rest.map(each => madeBy(each, made => made === wanted)).find(each => each !== undefined);
  const foreign = call('ForeignKey');
  const identity = call('Identity');
  const computed = call('Computed');
  const fallback = argumentOf(step, 'server_default');
  const isKey = flag(argumentOf(step, 'primary_key'));
  const nullable = argumentOf(step, 'nullable');
  const notNull = isKey || ownKey || (nullable?.kind === 'constant' && nullable.value === false);
  const increments = argumentOf(step, 'autoincrement');
  const counts =
    ownKey && !foreign && !fallback && !identity && !(increments?.kind === 'constant' && increments.value === false);
  const written = typeSql(type);
  const serial = counts ? { INTEGER: 'SERIAL', BIGINT: 'BIGSERIAL', SMALLINT: 'SMALLSERIAL' }[written] : undefined;
  const parts = [quoted(name), serial ?? written];
  if (identity)
    parts.push(
      `GENERATED ${flag(argumentOf(identity, 'always', 0)) ? 'ALWAYS' : 'BY DEFAULT'} AS IDENTITY${identityOptions(identity)}`,
    );
  if (computed) parts.push(`GENERATED ALWAYS AS (${nameOf(positional(computed)[0], 'an expression')}) STORED`);
  if (fallback && !(fallback.kind === 'constant' && fallback.value === null))
    parts.push(`DEFAULT ${defaultSql(fallback)}`);
  if (notNull) parts.push('NOT NULL');
  const constraints: string[] = [];
  if (foreign) constraints.push(foreignKeySql([name], foreign));
  const unique = flag(argumentOf(step, 'unique'));
  const indexed = flag(argumentOf(step, 'index'));
  if (unique && !indexed) constraints.push(`UNIQUE (${quoted(name)})`);
  return {
    name,
    sql: parts.join(' '),
    constraints,
    primaryKey: isKey,
    indexed: indexed ? (unique ? 'unique' : 'plain') : undefined,
    comment: argumentOf(step, 'comment'),
    type,
  };
}

function identityOptions(step: ChainStep): string {
  const start = literalOf(argumentOf(step, 'start', 2));
  const increment = literalOf(argumentOf(step, 'increment', 3));
  const options = [
    increment === undefined ? '' : `INCREMENT BY ${increment}`,
    start === undefined ? '' : `START WITH ${start}`,
  ].filter(Boolean);
  return options.length === 0 ? '' : ` (${options.join(' ')})`;
}

/** `users.id`, `auth.users.id` */
const referred = (target: string): { readonly table: string; readonly column: string } => {
  const parts = target.split('.');
  return { table: parts.slice(0, -1).map(quoted).join('.'), column: quoted(parts[parts.length - 1] ?? '') };
};

export function actionsSql(step: ChainStep): string {
  const word = (name: string, words: string): string => {
    const value = constantText(argumentOf(step, name));
    return value === undefined ? '' : ` ${words} ${value}`;
  };
  const deferrable = argumentOf(step, 'deferrable');
  const deferred = deferrable && flag(deferrable) ? ' DEFERRABLE' : '';
  return `${word('onupdate', 'ON UPDATE')}${word('ondelete', 'ON DELETE')}${deferred}${word('initially', 'INITIALLY')}`;
}

/** A foreign key of `sa.ForeignKey('t.c')` or of `sa.ForeignKeyConstraint([…], ['t.c'])`. @throws NotTranslated */
export function foreignKeySql(columns: readonly string[], step: ChainStep): string {
  const given = step.name === 'ForeignKey' ? positional(step)[0] : argumentOf(step, 'refcolumns', 1);
  const targets = namesOf(given)?.map(referred);
  const table = targets?.[0]?.table;
  if (!targets || !table) throw new NotTranslated('a foreign key that is not constant');
  const name = textOf(argumentOf(step, 'name'));
  return (
    `${name === undefined ? '' : `CONSTRAINT ${quoted(name)} `}FOREIGN KEY (${columns.map(quoted).join(', ')}) ` +
    `REFERENCES ${table} (${targets.map(({ column }) => column).join(', ')})${actionsSql(step)}`
  );
}
