/**
 * A table that is written anew while it is locked.
 *
 * VACUUM FULL and CLUSTER copy the whole table and build its indexes anew, under ACCESS EXCLUSIVE: nobody reads or writes it
 * until they are done.
 * ## Flags
 * ```sql
 * VACUUM FULL orders;
 * ```
 * ## Stays silent
 * ```sql
 * VACUUM (ANALYZE) orders;
 * ```
 * ## When to leave it
 * A maintenance window.
 */
import { defineRule } from '../facts/rule';
import { rewrites } from '../facts/schemaChanges';

export const rewriteUnderLock = defineRule({
  id: 'rewrite-under-lock',
  level: 'warning',
  concern: 'performance',

  *check({ schemaScripts }) {
    // from PostgreSQL 19 on prefer-repack speaks
    for (const { change, ...rest } of rewrites(schemaScripts))
      if (change.script.server < 19) yield { at: change.at, ...rest };
  },

  explain: ({ command, of }) => ({
    what: `${command} writes ${of} anew under ACCESS EXCLUSIVE.`,
    why: 'Every read and write waits until the copy and its indexes are done.',
    remedy: 'Let plain VACUUM free the space for new rows, or use pg_repack, which works beside the others.',
    related: [],
  }),
});
