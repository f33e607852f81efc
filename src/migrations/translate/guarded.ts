/**
 * Steps that ask first whether a thing is there. What they send has the question with it; where the statement can ask by itself, it
 * is the same with `IF EXISTS` or `IF NOT EXISTS`.
 */
import { type Chain, type Condition, constantText, taken, type Value } from '../code/values';
import type { Guard } from '../guards';
import { askedByRows } from './askedInSql';
import { qualified, quoted } from './quoting';
import { existenceIn, NotTranslated, type Write, writesRows } from './translation';

export const UNDER_CONDITION = 'a step that runs only under a condition';

/** What a tool's calls ask for, by their names. */
export interface Asks {
  /** `hasTable('orders')` */
  readonly table: ReadonlySet<string>;
  /** `hasColumn('orders', 'total')`; of several columns, whether all are there. */
  readonly column: ReadonlySet<string>;
  /** Gives a table's columns by name, or a list of them: `(await describeTable('orders')).total`. */
  readonly columns?: ReadonlySet<string>;
  /** Gives the names of all tables. */
  readonly tables?: ReadonlySet<string>;
  /** Asks the table that a call before it gives: `(await getTable('orders')).findColumnByName('total')`. */
  readonly columnOfTable?: ReadonlySet<string>;
}

/** What columns are called in the lists that servers and libraries give. */
const NAMES_COLUMN = new Set(['name', 'column_name', 'columnName', 'Field', 'field', 'COLUMN_NAME']);
const NAMES_TABLE = new Set(['name', 'table_name', 'tableName', 'TABLE_NAME', 'tablename']);

/** How a chain writes what it sends under its conditions: as it is where there are none. */
export function guardedWrite({ conditions }: Chain, asks: Asks, write: Write): Write {
  const all = conditions.flatMap(taken);
  if (all.length === 0) return write;
  return writeUnder(
    all.map(condition => guardIn(condition, asks)),
    write,
  );
}

/** How is written what runs only where all of these are so; what is undefined is not known. */
export function writeUnder(guards: readonly (Guard | undefined)[], write: Write): Write {
  return Object.assign<(...given: Parameters<Write>) => void, Pick<Write, 'rows' | 'all'>>(
    (sql, at, pieces = [], said = {}) => {
      const known = guards.filter(guard => guard !== undefined);
      if (known.length < guards.length) throw new NotTranslated(UNDER_CONDITION, writesRows(sql));
      const [only, more] = known;
      const own = pieces.length === 0 && only && !more ? underGuard(sql, only) : undefined;
      write(own ?? sql, at, pieces, { ...said, guards: [...known, ...(said.guards ?? [])] });
    },
    {
      rows: write.rows,
      all(entries) {
        if (entries.length > 0) throw new NotTranslated(UNDER_CONDITION);
      },
    },
  );
}

/** One question however often it is spoken of. */
const questions = new WeakMap<Value, object>();

function questionOf(value: Value): object {
  const known = questions.get(value) ?? {};
  questions.set(value, known);
  return known;
}

function guardIn(condition: Condition, asks: Asks): Guard | undefined {
  const { value, holds } = condition;
  const of = (name: string | undefined, column?: string): Guard | undefined => {
    if (name === undefined) return undefined;
    const at = name.lastIndexOf('.');
    return {
      asked: questionOf(value),
      ...(at < 0 ? {} : { schema: name.slice(0, at) }),
      table: name.slice(at + 1),
      ...(column === undefined ? {} : { column }),
      exists: holds,
    };
  };
  const asked = existenceIn(condition, new Set([...asks.table, ...asks.column, ...(asks.columnOfTable ?? [])]));
  if (asked && value.kind === 'chain') {
    const { call } = asked;
    const [name, part, more] = (call.arguments ?? []).map(given => constantText(given.value));
    if (asks.columnOfTable?.has(call.name))
      return name === undefined ? undefined : of(tableOf(value.steps.slice(0, -1), asks), name);
    if (asks.table.has(call.name))
      // a second argument is of another kind: options, a schema
      return call.arguments?.length === 1 ? of(name) : undefined;
    return part === undefined || more !== undefined ? undefined : of(name, part);
  }
  if (value.kind === 'within') {
    const item = constantText(value.item);
    if (item === undefined) return undefined;
    const last = value.of.steps.at(-1);
    const { by } = value;
    if (last && asks.tables?.has(last.name) && (by === undefined || NAMES_TABLE.has(by))) return of(item);
    if (by !== undefined && !NAMES_COLUMN.has(by)) return undefined;
    return of(tableOf(value.of.steps, asks), item);
  }
  if (value.kind !== 'chain') return undefined;
  const read = value.steps.at(-1);
  if (!read || read.arguments) return undefined;
  const inSql = askedByRows(value.steps);
  if (inSql) return { asked: questionOf(value), ...inSql, exists: holds };
  const table = tableOf(value.steps.slice(0, -1), asks);
  return table === undefined || read.name === 'length' ? undefined : of(table, read.name);
}

/** The table whose columns these calls give. */
function tableOf(steps: Chain['steps'], { columns, table }: Asks): string | undefined {
  const last = steps.at(-1);
  // `(await getTable('orders')).columns`
  if (last?.name === 'columns' && !last.arguments) {
    const call = steps.at(-2);
    return call?.arguments && table.has(call.name) ? constantText(call.arguments[0]?.value) : undefined;
  }
  if (!last?.arguments || !(columns?.has(last.name) || (last.name.startsWith('get') && table.has(last.name))))
    return undefined;
  const [first, more] = last.arguments;
  if (more && more.name !== undefined) return undefined;
  // `knex('orders').columnInfo()`
  if (!first && last.name === 'columnInfo') {
    const call = steps.at(-2);
    return call?.name === '()' ? constantText(call.arguments?.[0]?.value) : undefined;
  }
  return constantText(first?.value);
}

/** The statement that asks by itself; undefined for one that does something else. */
function underGuard(sql: string, { schema, table: bare, column, exists }: Guard): string | undefined {
  const table = schema === undefined ? quoted(bare) : `${qualified(schema)}.${quoted(bare)}`;
  const made = exists ? 'IF EXISTS' : 'IF NOT EXISTS';
  const verb =
    column === undefined ? `${exists ? 'DROP' : 'CREATE'} TABLE` : `ALTER TABLE ${table} ${exists ? 'DROP' : 'ADD'}`;
  const thing = column === undefined ? table : quoted(column);
  const begins = column === undefined ? [verb] : [`${verb} COLUMN`, verb];
  for (const begin of begins)
    for (const words of [`${begin} ${thing}`, `${begin} ${made} ${thing}`]) {
      const rest = sql.startsWith(words) ? sql.slice(words.length) : undefined;
      if (rest === undefined || /^[^\s;]/.test(rest)) continue;
      return `${column === undefined ? verb : `${verb} COLUMN`} ${made} ${thing}${rest}`;
    }
  return undefined;
}
