/**
 * An index that is built while nobody can write.
 *
 * CREATE INDEX holds a SHARE lock on its table until the index is built: INSERT, UPDATE and DELETE wait, and the requests
 * behind them pile up. CONCURRENTLY builds it beside them.
 * ## Flags
 * ```sql
 * CREATE INDEX orders_customer_idx ON orders (customer_id);
 * ```
 * ## Stays silent
 * ```sql
 * CREATE INDEX CONCURRENTLY orders_customer_idx ON orders (customer_id);
 * ```
 * ```sql
 * -- migrate:up
 * CREATE TABLE shipments (id bigint PRIMARY KEY, order_id bigint NOT NULL);
 * CREATE INDEX shipments_order_idx ON shipments (order_id);
 * ```
 * ## When to leave it
 * A table that is small for good: declare it, `"tables": { "currencies": { "rows": 180 } }`. Where it is less than a week old in the
 * history, or its name speaks of definitions (`roles`, `tag_types`), it is information. A maintenance window in which nobody writes.
 */

import { isIndexThere } from '../catalog/locks';
import type { OperationOf } from '../catalog/operation';
import { concurrently, concurrentlyInstead, leftByFailure } from '../facts/concurrentFixes';
import { indexOfItsOwn } from '../facts/ownMigration';
import { defineRule } from '../facts/rule';
import { changesIn, changesOf, existed, isPartitioned, isSameTable, named } from '../facts/schemaChanges';
import type { SchemaChange } from '../facts/schemaScripts';
import { sizeOf, whileSmall } from '../facts/tableSizes';

export const indexNotConcurrent = defineRule({
  id: 'index-not-concurrent',
  level: 'warning',
  concern: 'performance',

  *check(facts) {
    for (const change of changesOf(facts.schemaScripts, 'createIndex')) {
      const { table, concurrently: isConcurrent, only } = change.operation;
      // ON ONLY makes an index of a partitioned table without one of its partitions: nothing is built
      if (isIndexThere(change.operation, change.before)) continue;
      if (isConcurrent || only || !existed(change, table) || isBesideKey(change)) continue;
      const size = sizeOf(facts, change, table);
      if (size) yield { at: change.at, ...size, change, isPartitioned: isPartitioned(change, table) };
    }
  },

  explain: ({ change, change: { operation }, isPartitioned: hasPartitions, smallness }) => ({
    what: `CREATE INDEX takes a SHARE lock on ${named(operation.table)} until the index is built.`,
    why: `Every INSERT, UPDATE and DELETE on ${named(operation.table)} waits that long.${whileSmall({ smallness })}`,
    remedy: hasPartitions
      ? 'A partitioned table takes no CONCURRENTLY: create the index ON ONLY it, then CONCURRENTLY on each partition, and attach those.'
      : concurrentlyInstead(change, 'CREATE INDEX'),
    related: [],
  }),

  fix: ({ change, isPartitioned: hasPartitions }) => {
    const { concurrentlyAt, name } = change.operation;
    if (hasPartitions) return [];
    const here = concurrently(
      change,
      concurrentlyAt,
      'Build the index CONCURRENTLY',
      name?.name,
      leftByFailure(change),
    );
    return here.length > 0 ? here : indexOfItsOwn(change);
  },
});

/** One call of a builder makes a key with it, whose own index is built under a stronger lock: that one is spoken of. */
const isBesideKey = ({ script, operation, at }: SchemaChange<OperationOf<'createIndex'>>): boolean => {
  for (const { operation: other, at: call } of changesIn(script, 'addColumn', 'addConstraint')) {
    if (call.unit !== at.unit || call.start !== at.start || !isSameTable(other.table, operation.table)) continue;
    const constraints = other.kind === 'addColumn' ? other.column.constraints : [other.constraint];
    if (constraints.some(({ kind }) => kind === 'unique' || kind === 'primaryKey')) return true;
  }
  return false;
};
