/**
 * Writes that belong together, and nothing that makes them one.
 *
 * The second write uses what the first returned: the lines need their order's id. When the second fails, or the process is
 * stopped in between, the first stays: an order without lines, which no code expects and nobody cleans up. A transaction
 * keeps both or neither.
 * ## Flags
 * ```ts
 * async function place(order: Order) {
 *   const { rows } = await pool.query('INSERT INTO orders (person_id) VALUES ($1) RETURNING id', [order.personId]);
 *   await pool.query('INSERT INTO line (order_id, sku) VALUES ($1, $2)', [rows[0].id, order.sku]);
 * }
 * ```
 * ## Stays silent
 * ```ts
 * async function place(client: PoolClient, order: Order) {
 *   const { rows } = await client.query('INSERT INTO orders (person_id) VALUES ($1) RETURNING id', [order.personId]);
 *   await client.query('INSERT INTO line (order_id, sku) VALUES ($1, $2)', [rows[0].id, order.sku]);
 * }
 * ```
 * ```ts
 * async function place(order: Order) {
 *   const { rows } = await pool.query('INSERT INTO orders (person_id) VALUES ($1) RETURNING id', [order.personId]);
 *   await pool.query('INSERT INTO audit_log (order_id) VALUES ($1)', [rows[0].id]);
 * }
 * ```
 * ## When to leave it
 * The first row is complete without the second, or a job finds what is unfinished and mends it.
 */

import { defineRule } from '../facts/rule';
import type { DependentWrites, WriteStep } from '../facts/transactions';
import { wrapInTransaction } from './fixes/wrapInTransaction';

export const missingTransaction = defineRule({
  id: 'missing-transaction',
  level: 'warning',

  *check({ transactions, inMigration, pathKind, writer }) {
    // migration tools wrap their steps, and what tests and seeds leave behind is thrown away
    if (inMigration || pathKind !== 'production') return;
    for (const writes of transactions.dependentWrites) {
      const [second] = writes.later;
      if (second) yield { at: second.at, loweredBy: writes.evidence === 'manifest' ? 1 : 0, writes, second, writer };
    }
  },

  explain: ({ writes, second }) => ({
    what: `${named(second)} uses what ${named(writes.earlier)} returned, and no transaction holds them together.`,
    why: `When it fails, or the process stops in between, ${leftover(writes, second)}.`,
    remedy: 'Run both in one transaction.',
    related: [
      { at: writes.earlier.at, says: 'the first write' },
      ...writes.later.slice(1).map(({ at }) => ({ at, says: 'this one too' })),
      ...writes.earlier.path,
      ...second.path,
    ],
  }),

  fix: ({ writes, writer }) => wrapInTransaction(writes, writer),
});

const named = ({ label }: WriteStep): string => `\`${label}\``;

const leftover = ({ earlier }: DependentWrites, second: WriteStep): string => {
  const kept =
    earlier.relation === undefined ? 'what the first wrote stays' : `the row of \`${earlier.relation}\` stays`;
  return second.relation === undefined ? `${kept} without the rest` : `${kept} without its \`${second.relation}\``;
};
