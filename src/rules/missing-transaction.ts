/**
 * Writes that belong together, and nothing that makes them one.
 *
 * The second write uses what the first returned: the lines need their order's id. When the second fails, or the process is
 * stopped in between, the first stays: an order without lines, which no code expects and nobody cleans up. A transaction
 * keeps both or neither. So it is with rows that are deleted to be written anew, with rows of two tables that a foreign key
 * ties, and with a quantity that goes from one row to another, or into an order.
 * ## Flags
 * ```ts
 * async function place(order: Order) {
 *   const { rows } = await pool.query('INSERT INTO orders (person_id) VALUES ($1) RETURNING id', [order.personId]);
 *   await pool.query('INSERT INTO line (order_id, sku) VALUES ($1, $2)', [rows[0].id, order.sku]);
 * }
 * ```
 * ```ts
 * async function setRoles(userId: string, roles: string[]) {
 *   await pool.query('DELETE FROM user_role WHERE user_id = $1', [userId]);
 *   await pool.query('INSERT INTO user_role SELECT $1, unnest($2::text[])', [userId, roles]);
 * }
 * ```
 * ```ts
 * async function transfer(from: string, to: string, cents: number) {
 *   await pool.query('UPDATE account SET balance = balance - $1 WHERE id = $2', [cents, from]);
 *   await pool.query('UPDATE account SET balance = balance + $1 WHERE id = $2', [cents, to]);
 * }
 * ```
 * ```ts
 * //- migrations/1_shop.up.sql
 * CREATE TABLE orders (id uuid PRIMARY KEY, state text);
 * CREATE TABLE payment (id uuid PRIMARY KEY, order_id uuid REFERENCES orders (id));
 * //- pay.ts
 * import { Pool } from 'pg';
 * const pool = new Pool();
 * export async function pay(orderId: string) {
 *   await pool.query('INSERT INTO payment (order_id) VALUES ($1)', [orderId]);
 *   await pool.query("UPDATE orders SET state = 'paid' WHERE id = $1", [orderId]);
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

import type { DependentWrites, WriteStep } from '../facts/dependentWrites';
import { defineRule } from '../facts/rule';
import { wrapInTransaction } from './fixes/wrapInTransaction';

export const missingTransaction = defineRule({
  id: 'missing-transaction',
  level: 'warning',
  concern: 'errors',

  *check({ transactions, tiedWrites, inMigration, pathKind, writer }) {
    // migration tools wrap their steps, and what tests and seeds leave behind is thrown away
    if (inMigration || pathKind !== 'production') return;
    for (const writes of [...transactions.dependentWrites, ...tiedWrites]) {
      const [second] = writes.later;
      // what is deleted by halves is deleted by the next try
      const lowered = [writes.evidence === 'manifest', writes.bond === 'removes'].filter(each => each).length;
      if (second) yield { at: second.at, loweredBy: lowered, writes, second, writer };
    }
  },

  explain: ({ writes, second }) => ({
    what: whatOf(writes, second),
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

function whatOf({ bond, earlier }: DependentWrites, second: WriteStep): string {
  const both = `${named(second)} and ${named(earlier)}`;
  switch (bond) {
    case 'value':
      return `${named(second)} uses what ${named(earlier)} returned, and no transaction holds them together.`;
    case 'replaces':
      return `${named(second)} writes anew what ${named(earlier)} has deleted, and no transaction holds them together.`;
    case 'removes':
      return `${both} delete what belongs together, and no transaction holds them together.`;
    case 'references':
      return `${both} write rows that a foreign key between \`${earlier.relation}\` and \`${second.relation}\` ties, and no transaction holds them together.`;
    case 'moves':
      return `${both} change numbers that have to agree, and no transaction holds them together.`;
  }
}

function leftover(writes: DependentWrites, second: WriteStep): string {
  const { earlier } = writes;
  switch (writes.bond) {
    case 'replaces':
      return `the rows of \`${earlier.relation ?? 'the table'}\` are gone, and no new ones are there`;
    case 'removes':
      return `the rows of \`${second.relation ?? 'the second'}\` stay without their \`${earlier.relation ?? 'others'}\``;
    case 'references':
      return `\`${earlier.relation}\` is written, and \`${second.relation}\` is not`;
    case 'moves':
      return 'one number is changed, and the other is not';
    case 'value':
      return kept(writes, second);
  }
}

const kept = ({ earlier }: DependentWrites, second: WriteStep): string => {
  const stays =
    earlier.relation === undefined ? 'what the first wrote stays' : `the row of \`${earlier.relation}\` stays`;
  return second.relation === undefined ? `${stays} without the rest` : `${stays} without its \`${second.relation}\``;
};
