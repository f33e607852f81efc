/**
 * A lock that is held for as long as a statement takes.
 *
 * What reads or writes a whole table, or builds an index, under a lock that stops others takes as long as the table is large,
 * and nobody knows how long before. With a `statement_timeout` it gives up before the service does. Said once for each
 * migration, at the first such statement; of a long history in which none has the setting, for the last ones alone: the others
 * have run.
 * ## Flags
 * ```sql
 * ALTER TABLE orders ADD CONSTRAINT orders_total_check CHECK (total >= 0);
 * ```
 * ## Stays silent
 * ```sql
 * SET statement_timeout = '1min';
 * ALTER TABLE orders ADD CONSTRAINT orders_total_check CHECK (total >= 0);
 * ```
 * ```sql
 * ALTER TABLE orders ADD COLUMN note text;
 * ```
 * ## When to leave it
 * The role or the connection of the migrations has the setting already.
 */
import { stoppedBy, stopsWriters } from '../catalog/locks';
import { defineRule } from '../facts/rule';
import { namedOr, settingBefore, withoutTimeout } from '../facts/schemaLocks';

export const missingStatementTimeout = defineRule({
  id: 'missing-statement-timeout',
  level: 'info',
  concern: 'performance',

  *check({ schemaScripts }) {
    for (const { change, lock } of withoutTimeout(
      schemaScripts,
      'statement_timeout',
      each => each.long && stopsWriters(each),
    ))
      yield { at: change.at, change, lock };
  },

  explain: ({ lock: { table, mode } }) => ({
    what: `This holds ${mode} on ${namedOr(table, "the index's table")} for as long as it takes, and nothing ends it.`,
    why: `On a table that is larger than its writer knew, ${stoppedBy(mode)} waits for minutes.`,
    remedy: "Put SET statement_timeout = '1min' before it: it then gives up, and leaves everything as it was.",
    related: [],
  }),

  fix: ({ change }) => settingBefore(change, 'statement_timeout', 60),
});
