/** Steps that ask first whether the thing is there: the same statement with `IF EXISTS` or `IF NOT EXISTS`. */
import { type Chain, type Condition, constantText } from '../code/values';
import { qualified, quoted } from './quoting';
import { existenceIn, NotTranslated, type Write } from './translation';

const UNDER_CONDITION = 'a step that runs only under a condition';

/** What a tool's calls ask for, by their names. */
export interface Asks {
  /** `hasTable('orders')` */
  readonly table: ReadonlySet<string>;
  /** `hasColumn('orders', 'total')` */
  readonly column: ReadonlySet<string>;
  /** Gives a table's columns by name: `(await describeTable('orders')).total`. */
  readonly columns?: string;
  /** Gives the names of all tables. */
  readonly tables?: string;
}

interface Guard {
  readonly table: string;
  readonly column?: string;
  readonly exists: boolean;
}

/**
 * How a chain writes what it sends under its conditions: as it is where there are none.
 * @throws NotTranslated where a statement does not speak of what is asked for
 */
export function guardedWrite({ conditions }: Chain, asks: Asks, write: Write): Write {
  const [condition, more] = conditions;
  if (!condition) return write;
  const guard = more ? undefined : guardIn(condition, asks);
  if (!guard) throw new NotTranslated(UNDER_CONDITION);
  const refuse = (): never => {
    throw new NotTranslated(UNDER_CONDITION);
  };
  const guarded: Write = Object.assign<(...given: Parameters<Write>) => void, Pick<Write, 'rows' | 'all'>>(
    (sql, at, pieces = [], said = {}) => {
      const own = pieces.length === 0 ? underGuard(sql, guard) : undefined;
      if (own === undefined) return refuse();
      write(own, at, [], said);
    },
    { rows: refuse, all: entries => (entries.length > 0 ? refuse() : undefined) },
  );
  return guarded;
}

function guardIn(condition: Condition, { table, column, columns, tables }: Asks): Guard | undefined {
  const asked = existenceIn(condition, new Set([...table, ...column]));
  if (asked) {
    const { call, exists } = asked;
    const [name, part] = (call.arguments ?? []).map(({ value }) => constantText(value));
    if (name === undefined) return undefined;
    if (table.has(call.name)) return call.arguments?.length === 1 ? { table: qualified(name), exists } : undefined;
    return part === undefined ? undefined : { table: qualified(name), column: quoted(part), exists };
  }
  let { value, holds } = condition;
  while (value.kind === 'not') {
    value = value.value;
    holds = !holds;
  }
  if (value.kind === 'within') {
    const last = value.of.steps.at(-1);
    const item = constantText(value.item);
    const isOfAll = last?.name === tables && last?.arguments?.length === 0;
    return isOfAll && item !== undefined ? { table: qualified(item), exists: holds } : undefined;
  }
  const [call, read, further] = value.kind === 'chain' ? value.steps : [];
  if (!call || !read || further || read.arguments || call.name !== columns) return undefined;
  const name = constantText(call.arguments?.[0]?.value);
  return name === undefined ? undefined : { table: qualified(name), column: quoted(read.name), exists: holds };
}

/** The statement that asks by itself; undefined for one that does something else. */
function underGuard(sql: string, { table, column, exists }: Guard): string | undefined {
  const made = exists ? 'IF EXISTS' : 'IF NOT EXISTS';
  const verb =
    column === undefined ? `${exists ? 'DROP' : 'CREATE'} TABLE` : `ALTER TABLE ${table} ${exists ? 'DROP' : 'ADD'}`;
  const thing = column ?? table;
  const begins = column === undefined ? [verb] : [`${verb} COLUMN`, verb];
  for (const begin of begins)
    for (const words of [`${begin} ${thing}`, `${begin} ${made} ${thing}`]) {
      const rest = sql.startsWith(words) ? sql.slice(words.length) : undefined;
      if (rest === undefined || /^[^\s;]/.test(rest)) continue;
      return `${column === undefined ? verb : `${verb} COLUMN`} ${made} ${thing}${rest}`;
    }
  return undefined;
}
