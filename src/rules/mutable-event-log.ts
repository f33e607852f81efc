/**
 * An UPDATE or DELETE of rows in a table that is only added to: an event store, a ledger, an audit trail.
 *
 * What such a table says is what happened. A row that is changed or gone afterwards takes its place in every balance, replay and
 * report with it, and nobody sees that it was ever otherwise; what was wrong is put right by a further row.
 * ## Flags
 * ```ts
 * //- migrations/1_ledger.up.sql
 * CREATE TABLE ledger_entries (id bigint PRIMARY KEY, account_id bigint NOT NULL, amount numeric NOT NULL, posted_at timestamptz NOT NULL);
 * //- correct.ts
 * import { Pool } from 'pg';
 * const pool = new Pool();
 * export const correct = (id: string, amount: string) => pool.query('UPDATE ledger_entries SET amount = $2 WHERE id = $1', [id, amount]);
 * ```
 * ## Stays silent
 * ```ts
 * //- migrations/1_ledger.up.sql
 * CREATE TABLE ledger_entries (id bigint PRIMARY KEY, account_id bigint NOT NULL, amount numeric NOT NULL, posted_at timestamptz NOT NULL);
 * //- correct.ts
 * import { Pool } from 'pg';
 * const pool = new Pool();
 * export const reverse = (id: string) =>
 *   pool.query('INSERT INTO ledger_entries (account_id, amount, posted_at) SELECT account_id, -amount, now() FROM ledger_entries WHERE id = $1', [id]);
 * ```
 * ## When to leave it
 * A person's data that has to be erased by law, in the one place that does it.
 */
import { logChangesIn } from '../facts/logChanges';
import { defineRule } from '../facts/rule';

export const mutableEventLog = defineRule({
  id: 'mutable-event-log',
  level: 'warning',
  concern: 'errors',

  *check(facts) {
    // what tests and seeds clear away is their own
    if (facts.pathKind !== 'production' && facts.pathKind !== 'script') return;
    yield* logChangesIn(facts);
  },

  explain: ({ label, does, table, because }) => ({
    what: `${label === undefined ? 'This' : `\`${label}\``} ${does}s rows of \`${table}\`, which is only added to: ${because}.`,
    why: 'What happened is then not what the log says, and no balance, replay or report shows that it was ever otherwise.',
    remedy: 'Add a row that corrects it: a reversal, a compensating event.',
    related: [],
  }),
});
