/**
 * A query that runs once for every item of a list.
 *
 * A page of 50 orders makes 51 round trips. At 2 ms each the request waits 100 ms, and longer with every new order. Run
 * side by side they take as many connections from the pool instead, and other requests wait for those.
 * ## Flags
 * ```ts
 * for (const order of orders) {
 *   const { rows } = await pool.query('SELECT * FROM line WHERE order_id = $1', [order.id]);
 *   order.lines = rows;
 * }
 * ```
 * ```ts
 * await Promise.all(orders.map(async order => {
 *   order.lines = (await pool.query('SELECT * FROM line WHERE order_id = $1', [order.id])).rows;
 * }));
 * ```
 * ```ts
 * const linesOf = (id: string) => pool.query('SELECT * FROM line WHERE order_id = $1', [id]);
 *
 * async function fill(orders: Order[]) {
 *   for (const order of orders) order.lines = await linesOf(order.id);
 * }
 * ```
 * ```ts
 * export const resolvers = {
 *   Query: { orders: async () => (await pool.query('SELECT * FROM orders')).rows },
 *   Order: {
 *     lines: async (order: Order) =>
 *       (await pool.query('SELECT * FROM line WHERE order_id = $1', [order.id])).rows,
 *   },
 * };
 * ```
 * ## Stays silent
 * ```ts
 * await pool.query('SELECT * FROM line WHERE order_id = ANY($1)', [orders.map(order => order.id)]);
 * ```
 * ```ts
 * for (const table of ['line', 'payment']) await pool.query('SELECT purge($1)', [table]);
 * ```
 * ```ts
 * for (let page = 0; ; page++) {
 *   const { rows } = await pool.query('SELECT * FROM line ORDER BY id LIMIT 500 OFFSET $1', [page * 500]);
 *   if (rows.length === 0) break;
 *   send(rows);
 * }
 * ```
 * ## When to leave it
 * A handful of items by construction; statements that must commit one at a time. In a migration, over a list of settings
 * and in questions about the schema itself it is information to begin with.
 */
import type { QueryExecution, QueryRepetition } from '../facts/facts';
import { defineRule } from '../facts/rule';
import { batchLoop } from './fixes/batchLoop';
import { sketchOf } from './fixes/sketch';

export const nPlusOne = defineRule({
  id: 'n-plus-one',
  level: 'warning',
  concern: 'performance',

  *check({ queryExecutions, inMigration, writer }) {
    for (const query of queryExecutions) {
      // one prepared statement for each row is how rows are written where there is no round trip
      if (query.inProcess && query.operation === 'write') continue;
      const loop = query.batched ? undefined : query.repeatedBy.find(repeatsPerItem);
      if (!loop) continue;
      yield {
        at: query.at,
        level: isLesser(query, loop) ? ('info' as const) : undefined,
        loweredBy: (query.evidence === 'manifest' ? 1 : 0) + (isSeldom(query, loop, inMigration) ? 1 : 0),
        query,
        loop,
        writer,
      };
    }
  },

  explain: ({ query, loop, writer }) => ({
    what:
      loop.form === 'serializer'
        ? readByWriting(query, loop)
        : `\`${query.label}\` runs once for every ${itemOf(loop)}: ${costOf(query, loop)}.`,
    why:
      query.operation === 'write'
        ? 'A list of 1,000 costs 1,000 round trips, and as many commits outside a transaction.'
        : `A list of 1,000 costs 1,000 ${query.inProcess ? 'statements' : 'round trips'} where one would do.`,
    remedy: remedyFor(query, loop),
    related: [
      { at: loop.head, says: headOf(loop) },
      ...(query.together?.gives ? [{ at: query.together.gives, says: 'gives the records' }] : []),
      ...query.callPath,
    ],
    sketch: batchLoop(query, writer).length === 0 ? sketchOf(query, loop, writer) : undefined,
  }),

  fix: ({ query, writer }) => batchLoop(query, writer),
});

/** What no one statement could do, or what may well be there already. */
const isLesser = (query: QueryExecution, loop: QueryRepetition): boolean =>
  takesOneStatementEach(query) || query.remembered === true || query.inProcess === true || loop.unlessLoaded === true;

/** `BookSerializer` asks for … */
const readByWriting = ({ label }: QueryExecution, { item, source }: QueryRepetition): string =>
  `\`${source}\` asks for \`${label.split(', ').join('`, `')}\` once for every \`${item}\` that it writes: 1 + N round trips.`;

function headOf({ form, item, source }: QueryRepetition): string {
  if (form === 'serializer') return `\`${source}\` writes every \`${item}\``;
  return form === 'resolver' ? `resolves \`${item}.${source}\`` : 'repeats here';
}

/** A step that each database takes once, a handful of settings, questions about the schema itself. */
const isSeldom = ({ sql }: QueryExecution, loop: QueryRepetition, inMigration: boolean): boolean =>
  inMigration || loop.configured === true || CATALOGUE.test(sql?.preview ?? '');

/** Relations in which a server describes its own schema. */
const CATALOGUE = /\b(?:from|join)\s+(?:(?:information_schema|pg_catalog|sys)\.|(?:pg_|sqlite_(?:master|schema)\b))/i;

const repeatsPerItem = (loop: QueryRepetition): boolean =>
  loop.runsPerItem && !loop.stopsAtFirstHit && loop.intended === undefined;

/**
 * Writes that set other values in every row, writes whose statement is not in sight, and functions that read and write:
 * one statement for all of them is possible at times, but a different design rather than a rewrite.
 */
function takesOneStatementEach({ operation, queriesBehind, statement, sql, batchedBy }: QueryExecution): boolean {
  if (operation !== 'write') return false;
  if (queriesBehind !== undefined && queriesBehind > 1) return true;
  if (batchedBy) return false;
  if (!statement) return sql === undefined || !/^\s*(?:insert|replace|delete)\b/i.test(sql.preview);
  switch (statement.kind) {
    case 'insert':
    case 'delete':
      return false;
    case 'update':
      // The one placeholder is the key then: all rows get the same.
      return statement.placeholders !== 1;
    default:
      return true;
  }
}

function itemOf({ form, item, source }: QueryRepetition): string {
  if (form === 'resolver') return item === 'object' ? 'object in a result' : `\`${item}\` in a result`;
  if (item && source) return `\`${item}\` of \`${short(source)}\``;
  if (source) return `item of \`${short(source)}\``;
  return item ? `\`${item}\`` : 'turn of the loop';
}

const costOf = ({ operation, inProcess }: QueryExecution, { source }: QueryRepetition): string => {
  if (operation === 'write') return 'N round trips';
  if (inProcess) return source ? '1 + N statements' : 'a statement each';
  return source ? '1 + N round trips' : 'a round trip each';
};

function remedyFor(query: QueryExecution, { form, source }: QueryRepetition): string {
  if (form === 'resolver') return 'Ask through a loader, which gathers the keys of all of them into one query.';
  const all = source ? `all of \`${short(source)}\`` : 'all items';
  if (form === 'serializer') return `Load it together with the records, by \`${query.loadedBy ?? ''}\`.`;
  if (query.loadedBy) return `Load it together with ${all}, by \`${query.loadedBy}\`.`;
  if (query.operation !== 'write') return `Ask for ${all} at once, and look the answers up inside the loop.`;
  if (query.batchedBy) return `Write ${all} at once, with \`${query.batchedBy}()\`.`;
  return takesOneStatementEach(query)
    ? 'If the list can grow, gather the values and write them in one statement, or in one transaction.'
    : `Write ${all} in one statement.`;
}

const short = (source: string): string => {
  const line = source.replace(/\s+/g, ' ');
  return line.length > 60 ? `${line.slice(0, 57)}…` : line;
};
