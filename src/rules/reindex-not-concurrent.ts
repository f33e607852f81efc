/**
 * Indexes that are built anew while nobody can write.
 *
 * REINDEX locks the table against writes and the index against reads until it is done; of a schema or a database one table
 * after the other.
 * ## Flags
 * ```sql
 * REINDEX TABLE orders;
 * ```
 * ## Stays silent
 * ```sql
 * REINDEX TABLE CONCURRENTLY orders;
 * ```
 * ```sql
 * REINDEX SYSTEM shop;
 * ```
 * ## When to leave it
 * A maintenance window; a corrupt index that no query may read meanwhile.
 */

import { concurrently } from '../facts/concurrentFixes';
import { defineRule } from '../facts/rule';
import { changesOf, existed, named } from '../facts/schemaChanges';

export const reindexNotConcurrent = defineRule({
  id: 'reindex-not-concurrent',
  level: 'warning',
  concern: 'performance',

  *check({ schemaScripts }) {
    for (const change of changesOf(schemaScripts, 'reindex')) {
      const { target, concurrently: isConcurrent, name } = change.operation;
      if (isConcurrent || target === 'system' || (target === 'table' && name && !existed(change, name))) continue;
      yield { at: change.at, change, hasConcurrently: change.script.server >= 12 };
    }
  },

  explain: ({ change: { operation }, hasConcurrently }) => {
    const { target, name } = operation;
    const what = `${target.toUpperCase()}${name ? ` ${named(name)}` : ''}`;
    return {
      what: `REINDEX ${what} builds ${target === 'index' ? 'the index' : 'every index in it'} under locks that stop every write to the table, and every read that would use the index.`,
      why: 'Both wait until the build is done.',
      remedy: hasConcurrently
        ? 'Use REINDEX … CONCURRENTLY, outside of a transaction.'
        : 'This server has no REINDEX CONCURRENTLY: create a second index CONCURRENTLY, drop the old one CONCURRENTLY, and rename.',
      related: [],
    };
  },

  fix: ({ change, hasConcurrently }) =>
    hasConcurrently
      ? concurrently(change, change.operation.concurrentlyAt, 'Reindex CONCURRENTLY', change.operation.name?.name)
      : [],
});
