/**
 * An index that is dropped while its table is locked.
 *
 * DROP INDEX takes ACCESS EXCLUSIVE on the table: it waits for every running query, and every query that comes after it
 * waits behind it. CONCURRENTLY waits as well, but lets the others pass.
 * ## Flags
 * ```sql
 * DROP INDEX orders_customer_idx;
 * ```
 * ## Stays silent
 * ```sql
 * DROP INDEX CONCURRENTLY orders_customer_idx;
 * ```
 * ```sql
 * -- migrate:up
 * CREATE TABLE shipments (id bigint, order_id bigint);
 * CREATE INDEX shipments_order_idx ON shipments (order_id);
 * DROP INDEX shipments_order_idx;
 * ```
 * ## When to leave it
 * A table with no long queries, where a `lock_timeout` keeps the wait short.
 */
import { tableOfIndex } from '../catalog/locks';
import { concurrently, concurrentlyInstead } from '../facts/concurrentFixes';
import { defineRule } from '../facts/rule';
import { changesOf, droppedLater, existed, isPartitioned, isYoung, named } from '../facts/schemaChanges';

export const dropIndexNotConcurrent = defineRule({
  id: 'drop-index-not-concurrent',
  level: 'warning',
  concern: 'performance',

  *check(facts) {
    for (const change of changesOf(facts.schemaScripts, 'drop')) {
      const { objects, concurrently: isConcurrent } = change.operation;
      const [index, more] = objects;
      if (index?.kind !== 'index' || isConcurrent) continue;
      const table = tableOfIndex(change.before, index.name);
      // what the history knows not to be there is not dropped
      if (table ? !existed(change, table) || isPartitioned(change, table) : change.before.complete) continue;
      // nobody waits for a table that goes with it
      if (table && droppedLater(change, table)) continue;
      const loweredBy = table && isYoung(change, table) ? 1 : 0;
      yield { at: change.at, loweredBy, change, index: index.name, table, isSeveral: more !== undefined };
    }
  },

  explain: ({ index, table, change }) => ({
    what: `DROP INDEX ${named(index)} takes ACCESS EXCLUSIVE on ${table ? named(table) : 'its table'}.`,
    why: 'It waits for every running query on the table, and every new read and write waits behind it.',
    remedy: concurrentlyInstead(change, 'DROP INDEX'),
    related: [],
  }),

  fix: ({ change, index, isSeveral }) =>
    // CONCURRENTLY takes one index, and no CASCADE
    isSeveral || change.operation.cascade
      ? []
      : concurrently(change, change.operation.concurrentlyAt, 'Drop the index CONCURRENTLY', index.name),
});
