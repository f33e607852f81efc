/** How node-pg-migrate writes columns, constraints and values. Source: its src/operations/tables/shared.ts and src/utils. */
import { constantText, type Value } from '../code/values';
import { entryOf, flag, literal, literalOf, namesOf, quoted } from './quoting';
import { NotTranslated } from './translation';

/** Types by the names that the tool has for them. */
const TYPES: Readonly<Record<string, string>> = {
  int: 'integer',
  string: 'text',
  float: 'real',
  double: 'double precision',
  datetime: 'timestamp',
  bool: 'boolean',
};

/** What is said of one column, its shorthand expanded. */
type Column = ReadonlyMap<string, Value>;

const ID: Column = new Map<string, Value>([
  ['type', { kind: 'text', value: 'serial', pieces: [], complete: true }],
  ['primaryKey', { kind: 'constant', value: true }],
]);

/** What a migration file names `shorthands`, by name. */
export type Shorthands = ReadonlyMap<string, Value>;

/** Whether there is a value, be it null. */
export const given = (value: Value | undefined): boolean =>
  value !== undefined && !(value.kind === 'constant' && value.value === undefined);

/** A constant text. @throws NotTranslated where there is something else */
export function text(value: Value | undefined, what: string): string {
  const found = constantText(value) ?? literalText(value);
  if (found === undefined) throw new NotTranslated(`${what} that is not constant`);
  return found;
}

/** `pgm.func('now()')`, `new PgLiteral('now()')`, `{ literal: true, value: 'now()' }`: SQL as it stands. */
export function literalText(value: Value | undefined): string | undefined {
  if (flag(entryOf(value, 'literal'))) return constantText(entryOf(value, 'value'));
  if (value?.kind === 'instance' && value.name === 'PgLiteral') return constantText(value.arguments[0]?.value);
  const last = value?.kind === 'chain' ? value.steps[value.steps.length - 1] : undefined;
  return last?.name === 'func' || last?.name === 'create' || last?.name === 'PgLiteral'
    ? constantText(last.arguments?.[0]?.value)
    : undefined;
}

/** A value as SQL. @throws NotTranslated */
export function escaped(value: Value | undefined): string {
  const sql = literalText(value) ?? literalOf(value);
  if (sql !== undefined) return sql;
  if (value?.kind === 'list' && !value.open) return `ARRAY[${value.items.map(escaped).join(',')}]`;
  throw new NotTranslated('a value that is not constant');
}

/** `'orders'`, `{ schema: 'sales', name: 'orders' }`, quoted. @throws NotTranslated */
export function named(value: Value | undefined): string {
  if (value?.kind === 'record') {
    const schema = constantText(value.entries.get('schema'));
    const name = text(value.entries.get('name'), 'a name');
    return schema === undefined ? quoted(name) : `${quoted(schema)}.${quoted(name)}`;
  }
  const raw = literalText(value);
  return raw ?? quoted(text(value, 'a name'));
}

/** A name without its schema and quotes. @throws NotTranslated */
export const bareName = (value: Value | undefined): string =>
  text(value?.kind === 'record' ? value.entries.get('name') : value, 'a name');

/** One or several. */
export const several = (value: Value | undefined): readonly Value[] =>
  value?.kind === 'list' ? value.items : given(value) && value ? [value] : [];

function expanded(value: Value, shorthands: Shorthands): Column {
  const own: Column = value.kind === 'record' ? value.entries : new Map([['type', value]]);
  if (value.kind === 'record' && value.open) throw new NotTranslated('a column that is not constant');
  let type = constantText(own.get('type'));
  let whole: Column = own;
  for (let depth = 0; type !== undefined && depth < 8; depth += 1) {
    const shorthand = shorthands.get(type) ?? (type === 'id' ? { kind: 'record' as const, entries: ID } : undefined);
    if (!shorthand) break;
    const base: Column = shorthand.kind === 'record' ? shorthand.entries : new Map([['type', shorthand]]);
    const next = base.get('type');
    whole = new Map([
      ...base,
      ...[...whole].filter(([key]) => key !== 'type'),
      ...(next ? [['type', next] as const] : []),
    ]);
    type = constantText(next);
  }
  return whole;
}

const typeName = (name: string): string => TYPES[name] ?? name;

/** Members of `PgType` that are no types' names with underscores for spaces. */
const LISTED: Readonly<Record<string, string>> = {
  BIT_1: 'bit',
  PG_LSN: 'pg_lsn',
  PG_SNAPSHOT: 'pg_snapshot',
  TXID_SNAPSHOT: 'txid_snapshot',
};

const spaced = (name: string): string => name.toLowerCase().replaceAll('_', ' ');

/** A type as it is written, or a member of the tool's list of them: `PgType.TIMESTAMP_WITH_TIME_ZONE`. @throws NotTranslated */
export function typeIn(value: Value | undefined): string {
  const [list, member] = value?.kind === 'chain' ? value.steps.slice(-2) : [];
  if (list?.name === 'PgType' && member && !member.arguments) return LISTED[member.name] ?? spaced(member.name);
  return typeName(text(value, 'a type'));
}

/** The type of a column or parameter, its shorthand expanded. @throws NotTranslated */
export const typeOf = (value: Value, shorthands: Shorthands): string => typeIn(expanded(value, shorthands).get('type'));

function references(options: (name: string) => Value | undefined): string {
  const target = options('references');
  const written = constantText(target);
  const clauses = [
    written !== undefined && (written.startsWith('"') || written.endsWith(')'))
      ? `REFERENCES ${written}`
      : `REFERENCES ${named(target)}`,
  ];
  for (const [key, words] of [
    ['match', 'MATCH'],
    ['onDelete', 'ON DELETE'],
    ['onUpdate', 'ON UPDATE'],
  ] as const)
    if (given(options(key))) clauses.push(`${words} ${text(options(key), 'an action')}`);
  return clauses.join(' ');
}

const deferrable = (options: (name: string) => Value | undefined): string =>
  `DEFERRABLE INITIALLY ${flag(options('deferred')) ? 'DEFERRED' : 'IMMEDIATE'}`;

/** The options of an identity column or a sequence. @throws NotTranslated */
export function sequenceOptions(value: Value): string {
  const clauses: string[] = [];
  const option = (name: string): Value | undefined => entryOf(value, name);
  const no = (found: Value | undefined): boolean =>
    found?.kind === 'constant' && (found.value === null || found.value === false);
  for (const [key, words, none] of [
    ['type', 'AS', undefined],
    ['increment', 'INCREMENT BY', undefined],
    ['minvalue', 'MINVALUE', 'NO MINVALUE'],
    ['maxvalue', 'MAXVALUE', 'NO MAXVALUE'],
    ['start', 'START WITH', undefined],
    ['cache', 'CACHE', undefined],
    ['owner', 'OWNED BY', 'OWNED BY NONE'],
  ] as const) {
    const found = option(key);
    if (!given(found)) continue;
    if (no(found)) {
      if (none) clauses.push(none);
    } else clauses.push(`${words} ${constantText(found) ?? literalOf(found) ?? ''}`);
  }
  if (given(option('cycle'))) clauses.push(flag(option('cycle')) ? 'CYCLE' : 'NO CYCLE');
  return clauses.join(' ');
}

export interface WrittenColumns {
  readonly columns: readonly string[];
  /** Columns of a primary key that several columns make up. */
  readonly primaryKey: readonly string[];
  readonly comments: readonly string[];
}

/** The definitions of a record of columns. @throws NotTranslated */
export function columnsOf(
  table: Value | undefined,
  columns: Value | undefined,
  shorthands: Shorthands,
): WrittenColumns {
  if (columns?.kind !== 'record' || columns.open) throw new NotTranslated('columns that are not constant');
  const all = [...columns.entries].map(([name, value]) => ({ name, column: expanded(value, shorthands) }));
  const keys = all.filter(({ column }) => flag(column.get('primaryKey'))).map(({ name }) => name);
  const comments: string[] = [];
  const written = all.map(({ name, column }) => {
    const option = (key: string): Value | undefined => column.get(key);
    const has = (key: string): boolean => given(option(key));
    const parts: string[] = [];
    if (has('collation')) parts.push(`COLLATE ${text(option('collation'), 'a collation')}`);
    if (has('default')) parts.push(`DEFAULT ${escaped(option('default'))}`);
    if (flag(option('unique'))) parts.push('UNIQUE');
    if (flag(option('primaryKey')) && keys.length === 1) parts.push('PRIMARY KEY');
    if (flag(option('notNull'))) parts.push('NOT NULL');
    if (has('check')) parts.push(`CHECK (${text(option('check'), 'a check')})`);
    if (has('references')) {
      const said = option('referencesConstraintComment');
      const own = has('referencesConstraintName') ? text(option('referencesConstraintName'), 'a name') : undefined;
      const constraint = own ?? (said && `${bareName(table)}_fk_${name}`);
      parts.push(`${constraint === undefined ? '' : `CONSTRAINT ${quoted(constraint)} `}${references(option)}`);
      if (said && constraint !== undefined) comments.push(commentOnConstraint(constraint, table, said));
    }
    if (flag(option('deferrable'))) parts.push(deferrable(option));
    const identity = option('sequenceGenerated') ?? option('generated');
    if (identity && given(identity)) {
      const options = sequenceOptions(identity);
      parts.push(
        `GENERATED ${text(entryOf(identity, 'precedence'), 'an identity')} AS IDENTITY${options ? ` (${options})` : ''}`,
      );
    }
    if (has('expressionGenerated'))
      parts.push(`GENERATED ALWAYS AS (${text(option('expressionGenerated'), 'an expression')}) STORED`);
    if (has('comment'))
      comments.push(`COMMENT ON COLUMN ${named(table)}.${quoted(name)} IS ${escaped(option('comment'))}`);
    const base = option('type')?.kind === 'record' ? named(option('type')) : typeIn(option('type'));
    const array = option('array');
    const size = array?.kind === 'constant' && typeof array.value === 'number' ? `[${array.value}]` : '';
    return [quoted(name), flag(array) || size ? `${base} ARRAY${size}` : base, ...parts].join(' ');
  });
  return { columns: written, primaryKey: keys.length > 1 ? keys : [], comments };
}

export interface WrittenConstraints {
  readonly constraints: readonly string[];
  readonly comments: readonly string[];
}

export const NO_CONSTRAINTS: WrittenConstraints = { constraints: [], comments: [] };

/** The constraints of a record of options. @param given the name of all of them @throws NotTranslated */
export function constraintsOf(
  table: Value | undefined,
  options: Value | undefined,
  name: string | undefined,
): WrittenConstraints {
  if (options?.kind !== 'record' || options.open) throw new NotTranslated('constraints that are not constant');
  const option = (key: string): Value | undefined => options.entries.get(key);
  const base = bareName(table);
  const constraint = (otherwise: string, sql: string): string => `CONSTRAINT ${quoted(name ?? otherwise)} ${sql}`;
  const list = (value: Value): readonly string[] => {
    const names = namesOf(value);
    if (!names) throw new NotTranslated('columns that are not constant');
    return names;
  };
  const written: string[] = [];
  const comments: string[] = [];
  const checks = option('check');
  several(checks).forEach((check, index) => {
    const made = checks?.kind === 'list' ? `${base}_chck_${index + 1}` : `${base}_chck`;
    written.push(constraint(made, `CHECK (${text(check, 'a check')})`));
  });
  const unique = option('unique');
  if (unique && given(unique)) {
    const sets = unique.kind === 'list' && unique.items.some(item => item.kind === 'list') ? unique.items : [unique];
    for (const set of sets) {
      const columns = list(set);
      written.push(constraint(`${base}_uniq_${columns.join('_')}`, `UNIQUE (${columns.map(quoted).join(', ')})`));
    }
  }
  const key = option('primaryKey');
  if (key && given(key)) written.push(constraint(`${base}_pkey`, `PRIMARY KEY (${list(key).map(quoted).join(', ')})`));
  for (const foreign of several(option('foreignKeys'))) {
    const columns = list(entryOf(foreign, 'columns') ?? foreign);
    const own = constantText(entryOf(foreign, 'referencesConstraintName'));
    const made = own ?? name ?? `${base}_fk_${columns.join('_')}`;
    written.push(
      `CONSTRAINT ${quoted(made)} FOREIGN KEY (${columns.map(quoted).join(', ')}) ${references(each => entryOf(foreign, each))}`,
    );
    const said = entryOf(foreign, 'referencesConstraintComment');
    if (said) comments.push(commentOnConstraint(made, table, said));
  }
  if (given(option('exclude')))
    written.push(constraint(`${base}_excl`, `EXCLUDE ${text(option('exclude'), 'an exclusion')}`));
  const said = option('comment');
  if (given(said) && name !== undefined) comments.push(commentOnConstraint(name, table, said));
  return {
    constraints: flag(option('deferrable')) ? written.map(sql => `${sql} ${deferrable(option)}`) : written,
    comments,
  };
}

const commentOnConstraint = (name: string, table: Value | undefined, said: Value | undefined): string =>
  comment(`CONSTRAINT ${quoted(name)} ON ${named(table)}`, said);

export const comment = (object: string, value: Value | undefined): string =>
  `COMMENT ON ${object} IS ${value?.kind === 'constant' && value.value === null ? 'NULL' : literal(text(value, 'a comment'))}`;
