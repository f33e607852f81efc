/**
 * A lock that is waited for without an end.
 *
 * A statement that needs a strong lock waits behind every query that runs on the table, and all that come after it wait behind
 * it: one long report stops the whole service. With a `lock_timeout` it gives up, and can be tried again. Said once for each
 * migration, at the first such statement; of a long history in which none has the setting, for the last ones alone: the others
 * have run.
 * ## Flags
 * ```sql
 * ALTER TABLE orders ADD COLUMN note text;
 * ```
 * ## Stays silent
 * ```sql
 * SET lock_timeout = '5s';
 * ALTER TABLE orders ADD COLUMN note text;
 * ```
 * ```sql
 * -- migrate:up
 * CREATE TABLE shipments (id bigint);
 * ALTER TABLE shipments ADD COLUMN note text;
 * ```
 * ## When to leave it
 * The role or the connection of the migrations has the setting already.
 */
import { stoppedBy, stopsWriters } from '../catalog/locks';
import { defineRule } from '../facts/rule';
import { namedOr, settingBefore, withoutTimeout } from '../facts/schemaLocks';

export const missingLockTimeout = defineRule({
  id: 'missing-lock-timeout',
  level: 'info',
  concern: 'performance',

  *check({ schemaScripts }) {
    for (const { change, lock } of withoutTimeout(schemaScripts, 'lock_timeout', stopsWriters))
      yield { at: change.at, change, lock };
  },

  explain: ({ lock: { table, mode } }) => ({
    what: `This waits for ${mode} on ${namedOr(table, "the index's table")} for as long as any query there runs.`,
    why: `Meanwhile ${stoppedBy(mode)} that comes after it waits behind it.`,
    remedy: "Put SET lock_timeout = '5s' before it, and try again when it gives up.",
    related: [],
  }),

  fix: ({ change }) => settingBefore(change, 'lock_timeout', 5),
});
