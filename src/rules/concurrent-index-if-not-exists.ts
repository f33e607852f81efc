/**
 * A retry that takes a broken index for a good one.
 *
 * A CREATE INDEX CONCURRENTLY that fails leaves an invalid index behind, under its name. IF NOT EXISTS finds it the next time
 * and reports success; no query ever uses it, every write maintains it, and a unique one does not hold.
 * ## Flags
 * ```sql
 * CREATE INDEX CONCURRENTLY IF NOT EXISTS orders_note_idx ON orders (note);
 * ```
 * ## Stays silent
 * ```sql
 * DROP INDEX CONCURRENTLY IF EXISTS orders_note_idx;
 * CREATE INDEX CONCURRENTLY IF NOT EXISTS orders_note_idx ON orders (note);
 * ```
 * ```sql
 * CREATE INDEX CONCURRENTLY orders_note_idx ON orders (note);
 * ```
 * ## When to leave it
 * Invalid indexes are looked for and dropped by something else.
 */

import { leftByFailure } from '../facts/concurrentFixes';
import { runsAlone } from '../facts/lockFixes';
import { defineRule } from '../facts/rule';
import { changesOf, insertion, rewriteIn } from '../facts/schemaChanges';

export const concurrentIndexIfNotExists = defineRule({
  id: 'concurrent-index-if-not-exists',
  level: 'warning',
  concern: 'errors',

  *check({ schemaScripts }) {
    for (const change of changesOf(schemaScripts, 'createIndex')) {
      const { concurrently, ifNotExists, name } = change.operation;
      if (!concurrently || !ifNotExists || !name) continue;
      const left = leftByFailure(change);
      if (left !== undefined) yield { at: change.at, change, name, left };
    }
  },

  explain: ({ name }) => ({
    what: `If building \`${name.name}\` fails, it stays behind invalid, and IF NOT EXISTS takes it for built when the migration is run again.`,
    why: 'The retry reports success, no query uses the index, and every write still pays for it.',
    remedy: 'Put DROP INDEX CONCURRENTLY IF EXISTS before it.',
    related: [],
  }),

  fix: ({ change, left }) =>
    // sent together the two would make one transaction
    !runsAlone(change)
      ? []
      : rewriteIn(change, 'Drop what a failed build has left', [
          insertion(change.operation.statement.start, `${left};${change.statement.lineBreak}`),
        ]),
});
