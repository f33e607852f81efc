/**
 * Another service is waited for while a transaction is open.
 *
 * The transaction holds its locks and its connection until the other service answers: when that takes ten seconds, so do
 * the requests that want the same rows, and soon those that want a connection. And a rollback takes no message, no mail and no
 * payment back.
 * ## Flags
 * ```ts
 * import knex from 'knex';
 *
 * const db = knex({ client: 'pg' });
 *
 * async function pay(order: Order) {
 *   await db.transaction(async trx => {
 *     await trx('orders').where({ id: order.id }).update({ status: 'paid' });
 *     await fetch('https://payments.example.org/charges', { method: 'POST', body: JSON.stringify(order) });
 *   });
 * }
 * ```
 * ## Stays silent
 * ```ts
 * import knex from 'knex';
 *
 * const db = knex({ client: 'pg' });
 *
 * async function pay(order: Order) {
 *   await db.transaction(async trx => {
 *     await trx('orders').where({ id: order.id }).update({ status: 'paid' });
 *     await trx('outbox').insert({ kind: 'charge', order_id: order.id });
 *   });
 *   await fetch('https://payments.example.org/charges', { method: 'POST', body: JSON.stringify(order) });
 * }
 * ```
 * ## When to leave it
 * The answer decides whether to commit, the call is quick and has a timeout, and the locked rows are nobody else's.
 */

import { defineRule } from '../facts/rule';
import type { WaitInTransaction } from '../facts/transactions';

export const externalCallInTransaction = defineRule({
  id: 'external-call-in-transaction',
  level: 'info',
  concern: 'performance',

  *check({ transactions, inMigration }) {
    if (inMigration) return;
    for (const wait of transactions.waits) yield { at: wait.at, wait };
  },

  explain: ({ wait }) => ({
    what: WHAT[wait.kind](wait),
    why: WHY[wait.kind],
    remedy: REMEDY[wait.kind],
    related: [{ at: wait.opened, says: 'the transaction begins here' }, ...wait.path],
  }),
});

const WHAT: Readonly<Record<WaitInTransaction['kind'], (wait: WaitInTransaction) => string>> = {
  http: ({ label }) => `\`${label}\` calls another service while a transaction is open.`,
  queue: ({ label }) => `\`${label}\` sends a message while a transaction is open.`,
  mail: ({ label }) => `\`${label}\` sends a mail while a transaction is open.`,
};

const WHY: Readonly<Record<WaitInTransaction['kind'], string>> = {
  http: 'Its locks and its connection are held until the other service answers, and a rollback takes nothing back there.',
  queue: 'Whoever receives it may look before the commit and find nothing, and a rollback does not call it back.',
  mail: 'Its locks and its connection are held until the mail server answers, and a rollback takes no mail back.',
};

const REMEDY: Readonly<Record<WaitInTransaction['kind'], string>> = {
  http: 'Call it before the transaction or after the commit.',
  queue: 'Send it after the commit, or write it into an outbox table in the transaction.',
  mail: 'Send it after the commit, or write it into an outbox table in the transaction.',
};
