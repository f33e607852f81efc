/**
 * A partition that is detached while the whole partitioned table is locked.
 *
 * DETACH PARTITION takes ACCESS EXCLUSIVE on the partitioned table: it waits for every query on any partition, and all new
 * ones wait behind it. PostgreSQL has DETACH … CONCURRENTLY since 14.
 * ## Flags
 * ```sql
 * ALTER TABLE events DETACH PARTITION events_2023;
 * ```
 * ## Stays silent
 * ```sql
 * ALTER TABLE events DETACH PARTITION events_2023 CONCURRENTLY;
 * ```
 * ```sql
 * ALTER TABLE events DETACH PARTITION events_2023 FINALIZE;
 * ```
 * ## When to leave it
 * A table with a default partition, which CONCURRENTLY does not take: then with a short `lock_timeout`.
 */

import { concurrently } from '../facts/concurrentFixes';
import { defineRule } from '../facts/rule';
import { changesOf, existed, named } from '../facts/schemaChanges';

export const detachNotConcurrent = defineRule({
  id: 'detach-not-concurrent',
  level: 'warning',
  concern: 'performance',

  *check({ schemaScripts }) {
    for (const change of changesOf(schemaScripts, 'detachPartition')) {
      const { table, concurrently: isConcurrent, finalize } = change.operation;
      if (!isConcurrent && !finalize && change.script.server >= 14 && existed(change, table))
        yield { at: change.at, change };
    }
  },

  explain: ({ change: { operation } }) => ({
    what: `DETACH PARTITION takes ACCESS EXCLUSIVE on ${named(operation.table)} and on ${named(operation.partition)}.`,
    why: `It waits for every running query on ${named(operation.table)}, and every new read and write of any partition waits behind it.`,
    remedy: 'Use DETACH PARTITION … CONCURRENTLY, outside of a transaction.',
    related: [],
  }),

  fix: ({ change }) =>
    concurrently(change, change.operation.concurrentlyAt, 'Detach CONCURRENTLY', change.operation.partition.name),
});
