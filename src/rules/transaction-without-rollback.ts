/**
 * A transaction that is left open when something fails.
 *
 * Without ROLLBACK the client goes back to the pool with its transaction open: its locks are held, and the next request that
 * gets this client works inside a transaction that has failed, or commits what it never wrote. BEGIN through a pool is no
 * transaction at all: COMMIT may go out on another connection.
 * ## Flags
 * ```ts
 * async function transfer(client: PoolClient, from: string, to: string) {
 *   await client.query('BEGIN');
 *   await client.query('UPDATE account SET cents = cents - 1 WHERE id = $1', [from]);
 *   await client.query('UPDATE account SET cents = cents + 1 WHERE id = $1', [to]);
 *   await client.query('COMMIT');
 * }
 * ```
 * ```ts
 * async function transfer(from: string) {
 *   await pool.query('BEGIN');
 *   await pool.query('UPDATE account SET cents = cents - 1 WHERE id = $1', [from]);
 *   await pool.query('COMMIT');
 * }
 * ```
 * ## Stays silent
 * ```ts
 * async function transfer(client: PoolClient, from: string, to: string) {
 *   await client.query('BEGIN');
 *   try {
 *     await client.query('UPDATE account SET cents = cents - 1 WHERE id = $1', [from]);
 *     await client.query('UPDATE account SET cents = cents + 1 WHERE id = $1', [to]);
 *     await client.query('COMMIT');
 *   } catch (error) {
 *     await client.query('ROLLBACK');
 *     throw error;
 *   }
 * }
 * ```
 * ## When to leave it
 * A script whose process, and so whose connection, ends with the error.
 */
import { suggestion } from '../engine/finding';
import { defineRule } from '../facts/rule';
import type { OpenEnd } from '../facts/transactions';

export const transactionWithoutRollback = defineRule({
  id: 'transaction-without-rollback',
  level: 'warning',
  concern: 'errors',

  *check({ transactions, inMigration, writer }) {
    for (const open of transactions.openEnds) {
      // the tool's own connection: it closes what a step has opened again, and ends with the first error
      if (inMigration && open.how !== 'pooled') continue;
      yield { at: open.at, open, writer };
    }
  },

  explain: ({ open }) => ({
    what: WHAT[open.how](open),
    why:
      open.how === 'pooled'
        ? 'Nothing is rolled back together, and a connection goes back to the pool with its transaction open.'
        : 'The connection goes back with its locks held, and whoever gets it next works inside this transaction.',
    remedy: REMEDY[open.how],
    related: open.out ? [{ at: open.out, says: OUT[open.how] }] : [],
  }),

  fix({ open, writer }) {
    const { handler, rollback } = open;
    if (!handler || rollback === undefined) return [];
    const statement = `${writer.awaited(rollback)};`;
    const mended = writer.handling(handler.source, () => statement, 'first', handler.indentation);
    return mended === undefined ? [] : [suggestion('Roll back first', [{ at: handler.at, newText: mended }])];
  },
});

const WHAT: Readonly<Record<OpenEnd['how'], (open: OpenEnd) => string>> = {
  pooled: ({ label }) =>
    `\`${label}\` begins a transaction on a pool, which may send the statements that follow on other connections.`,
  error: ({ label }) => `The transaction that \`${label}\` begins is not rolled back when a statement in it fails.`,
  return: ({ label }) => `The transaction that \`${label}\` begins is still open when this function returns early.`,
  end: ({ label }) => `The transaction that \`${label}\` begins is still open when this function ends.`,
};

const REMEDY: Readonly<Record<OpenEnd['how'], string>> = {
  pooled: 'Take one client from the pool, and run all of it on that.',
  error: 'Roll back in a `catch`, and throw the error again.',
  return: 'Commit or roll back before every return.',
  end: 'Commit or roll back on every way out.',
};

const OUT: Readonly<Record<OpenEnd['how'], string>> = {
  pooled: '',
  error: 'when this fails, nothing rolls back',
  return: 'leaves it open',
  end: 'leaves it open',
};
