/**
 * The names and conditions in statements of MySQL, MariaDB, SQLite and T-SQL, read by PostgreSQL's parser as far as the two
 * agree (`asPostgres.ts`). What would be a column there and may be something else here is left out.
 */
import { asPostgres } from './asPostgres';
import type { Dialect } from './dialect';
import type { SqlParser } from './parser';
import type { NamedColumn } from './statementNames';
import { nameOf, sourceOf, type Token, tokensOf } from './tokens';

/** Schemas that say nothing but where things are anyway; elsewhere it is the database's name. */
const OWN_SCHEMA: Readonly<Record<Exclude<Dialect, 'postgresql'>, RegExp>> = {
  mysql: /^(?!)/,
  mariadb: /^(?!)/,
  sqlite: /^(?:main|temp)$/i,
  transactsql: /^dbo$/i,
};

export function namesByPostgres(
  dialect: Exclude<Dialect, 'postgresql'>,
  postgres: SqlParser,
): Required<Pick<SqlParser, 'names' | 'blocks'>> {
  return {
    names(text) {
      const written = asPostgres(text, dialect);
      const names = written === undefined ? undefined : postgres.names?.(written);
      if (!names) return undefined;
      const source = sourceIn(text, dialect);
      const { columns, ...rest } = respelled(names, source);
      return { ...rest, columns: columns.filter(column => isColumn(column, source)) };
    },
    blocks(text) {
      const written = asPostgres(text, dialect);
      const blocks = written === undefined ? undefined : postgres.blocks?.(written);
      return blocks && respelled(blocks, sourceIn(text, dialect));
    },
  };
}

interface Source {
  readonly text: string;
  readonly dialect: Exclude<Dialect, 'postgresql'>;
  readonly tokens: readonly Token[];
}

const sourceIn = (text: string, dialect: Source['dialect']): Source => ({
  text,
  dialect,
  tokens: tokensOf(text, dialect).filter(({ kind }) => kind !== 'comment'),
});

/** The same with each name as it is written, whose case the parser has folded. One thing stays one thing. */
function respelled<Value>(value: Value, source: Source): Value {
  const known = new Map<object, unknown>();
  const spell = (each: unknown): unknown => {
    if (typeof each !== 'object' || each === null) return each;
    const before = known.get(each);
    if (before !== undefined) return before;
    if (Array.isArray(each)) {
      const copy: unknown[] = [];
      known.set(each, copy);
      for (const item of each) copy.push(spell(item));
      return copy;
    }
    const copy: Record<string, unknown> = {};
    known.set(each, copy);
    for (const [key, child] of Object.entries(each)) copy[key] = key === 'tree' ? child : spell(child);
    const { name, schema, end } = copy;
    if (typeof name === 'string' && typeof end === 'number') {
      const token = source.tokens.find(one => one.end === end);
      const written = token && (token.kind === 'word' ? sourceOf(source.text, token) : nameOf(source.text, token));
      if (written?.toLowerCase() === name.toLowerCase()) copy.name = written;
    }
    if (typeof schema === 'string' && OWN_SCHEMA[source.dialect].test(schema)) delete copy.schema;
    return copy;
  };
  return spell(value) as Value;
}

/** Words that stand for a part of a time in the first argument of a call. */
const UNIT =
  /^(?:microseconds?|milliseconds?|seconds?|minutes?|hours?|days?|dayofyear|weeks?|weekday|months?|quarters?|years?|iso_week|dd|dy|d|dw|hh|mi|n|mm|m|ms|ns|mcs|qq|q|ss|s|ww|wk|yy|yyyy)$/i;
const ROW_ID = /^(?:rowid|oid|_rowid_)$/i;

function isColumn({ name, start, end }: NamedColumn, { text, dialect, tokens }: Source): boolean {
  const last = tokens.findIndex(token => token.end === end);
  const first = tokens.findIndex(token => token.start === start);
  const at = (index: number): string => {
    const token = tokens[index];
    return token ? sourceOf(text, token) : '';
  };
  if (dialect === 'sqlite') {
    if (ROW_ID.test(name)) return false;
    // a text where no column is called so
    if (first === last && at(first).startsWith('"')) return false;
  }
  if (first !== last) return true;
  if (at(first - 1) === '(' && at(last + 1) === ',' && UNIT.test(name)) return false;
  // `SELECT total = a + b` names an output
  const isFirst =
    /^(?:,|select|distinct|all)$/i.test(at(first - 1)) || /^top$/i.test(at(first - 2)) || at(first - 1) === ')';
  const isAlias = dialect === 'transactsql' && at(last + 1) === '=' && isFirst;
  return !isAlias && !/^(?:@|#)/.test(at(first));
}
