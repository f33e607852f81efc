/**
 * A table that is written anew while it is locked, where PostgreSQL can do it beside the others.
 *
 * VACUUM FULL and CLUSTER hold ACCESS EXCLUSIVE until the copy is done. PostgreSQL 19 has REPACK (CONCURRENTLY), which takes
 * that lock only for the last moment. Needs `"postgresVersion": 19` or later in `backend-reviewer.json`.
 * ## Flags
 * ```sql
 * //- backend-reviewer.json
 * { "migrations": { "postgresVersion": 19 } }
 * //- migrations/2_space.sql
 * VACUUM FULL orders;
 * ```
 * ## Stays silent
 * ```sql
 * VACUUM FULL orders;
 * ```
 * ## When to leave it
 * A maintenance window.
 */
import { defineRule } from '../facts/rule';
import { rewrites } from '../facts/schemaChanges';

export const preferRepack = defineRule({
  id: 'prefer-repack',
  level: 'warning',
  concern: 'performance',

  *check({ schemaScripts }) {
    for (const { change, ...rest } of rewrites(schemaScripts))
      if (change.script.server >= 19) yield { at: change.at, ...rest };
  },

  explain: ({ command, of }) => ({
    what: `${command} writes ${of} anew under ACCESS EXCLUSIVE.`,
    why: 'Every read and write waits until the copy and its indexes are done.',
    remedy: 'Use REPACK (CONCURRENTLY), outside of a transaction.',
    related: [],
  }),
});
