/**
 * A CONCURRENTLY that PostgreSQL refuses.
 *
 * What works CONCURRENTLY commits by itself on the way, so PostgreSQL refuses it inside a transaction, and a DO block is always
 * inside one; and it refuses it for an index of a partitioned table. The migration fails at this statement, whatever the data.
 * ## Flags
 * ```sql
 * BEGIN;
 * CREATE INDEX CONCURRENTLY orders_customer_idx ON orders (customer_id);
 * COMMIT;
 * ```
 * ```sql
 * -- migrate:up
 * CREATE INDEX CONCURRENTLY orders_customer_idx ON orders (customer_id);
 * ```
 * ## Stays silent
 * ```sql
 * CREATE INDEX CONCURRENTLY orders_customer_idx ON orders (customer_id);
 * ```
 * ```sql
 * -- migrate:up transaction:false
 * CREATE INDEX CONCURRENTLY orders_customer_idx ON orders (customer_id);
 * ```
 * ## When to leave it
 * Where the tool is set up elsewhere to run this file outside of a transaction.
 */

import { tableOfIndex } from '../catalog/locks';
import type { OperationOf } from '../catalog/operation';
import { suggestion } from '../engine/finding';
import { outOfTransaction } from '../facts/behindCommit';
import { leftByFailure } from '../facts/concurrentFixes';
import { indexOfItsOwn } from '../facts/ownMigration';
import { defineRule } from '../facts/rule';
import { changesOf, isPartitioned, named } from '../facts/schemaChanges';
import type { SchemaChange } from '../facts/schemaScripts';

type Concurrent = OperationOf<'createIndex' | 'drop' | 'reindex' | 'detachPartition'>;

const WORDS: Readonly<Record<Concurrent['kind'], string>> = {
  createIndex: 'CREATE INDEX CONCURRENTLY',
  drop: 'DROP INDEX CONCURRENTLY',
  reindex: 'REINDEX CONCURRENTLY',
  detachPartition: 'DETACH PARTITION CONCURRENTLY',
};

export const concurrentInTransaction = defineRule({
  id: 'concurrent-in-transaction',
  level: 'error',
  concern: 'errors',

  *check({ schemaScripts }) {
    for (const change of changesOf(schemaScripts, 'createIndex', 'drop', 'reindex', 'detachPartition')) {
      if (!change.operation.concurrently) continue;
      const { transaction } = change.statement;
      const partitioned = partitionedTable(change);
      if (transaction || partitioned) yield { at: change.at, change, transaction, partitioned };
    }
  },

  explain: ({ change: { operation, script }, transaction, partitioned }) => ({
    what: partitioned
      ? `${WORDS[operation.kind]} does not work on ${named(partitioned)}, which is partitioned: PostgreSQL refuses it.`
      : `${WORDS[operation.kind]} runs inside a ${transaction?.by === 'block' ? 'DO block, which is a ' : ''}transaction, and PostgreSQL refuses it there.`,
    why: 'The migration fails at this statement.',
    remedy: partitioned
      ? operation.kind === 'drop'
        ? 'DROP INDEX without CONCURRENTLY takes the indexes of all partitions with it: bound the wait with a `lock_timeout`.'
        : 'Create the index ON ONLY it, then CONCURRENTLY on each partition, and attach those.'
      : transaction?.by === 'block'
        ? 'Write it outside of the block, as a statement of its own.'
        : transaction?.by === 'statement'
          ? 'Take it out of BEGIN … COMMIT.'
          : script.wraps === 'always'
            ? 'Put it into a migration of its own, and tell the tool to run that one outside of a transaction.'
            : 'Put it into a migration of its own: this one is run as a single transaction.',
    related: [],
  }),

  fix: ({ change, transaction, partitioned }) => {
    const { script, statement, operation } = change;
    if (partitioned) return [];
    if (transaction?.by === 'tool' && script.unwrap && script.statements.length === 1)
      return [suggestion('Run this migration outside of a transaction', [script.unwrap])];
    const ahead = operation.kind === 'createIndex' ? leftByFailure({ ...change, operation }) : undefined;
    const first = ahead === undefined ? '' : `${ahead};${statement.lineBreak}`;
    const edits = outOfTransaction(change, nameOf(operation), `${first}${statement.textOf(operation.statement)}`);
    if (edits) return [suggestion('Take it out of the transaction', edits)];
    return operation.kind === 'createIndex' ? indexOfItsOwn({ ...change, operation }) : [];
  },
});

const nameOf = (operation: Concurrent): string | undefined => {
  switch (operation.kind) {
    case 'drop':
      return operation.objects[0]?.name.name;
    case 'detachPartition':
      return operation.partition.name;
    default:
      return operation.name?.name;
  }
};

/** The partitioned table whose index it would make or drop; ON ONLY it, nothing is built, and it is refused all the same. */
function partitionedTable({
  operation,
  before,
  ...change
}: SchemaChange<Concurrent>): OperationOf<'createIndex'>['table'] | undefined {
  const table =
    operation.kind === 'createIndex'
      ? operation.table
      : operation.kind === 'drop' && operation.objects[0]?.kind === 'index'
        ? tableOfIndex(before, operation.objects[0].name)
        : undefined;
  return table && isPartitioned({ operation, before, ...change }, table) ? table : undefined;
}
