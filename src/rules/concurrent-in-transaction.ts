/**
 * A CONCURRENTLY that PostgreSQL refuses.
 *
 * What works CONCURRENTLY commits by itself on the way, so PostgreSQL refuses it inside a transaction: the migration fails at
 * this statement, whatever the data.
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

import type { OperationOf } from '../catalog/operation';
import { suggestion } from '../engine/finding';
import { defineRule } from '../facts/rule';
import { changesOf } from '../facts/schemaChanges';

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
      const { transaction } = change.statement;
      if (change.operation.concurrently && transaction) yield { at: change.at, change, transaction };
    }
  },

  explain: ({ change: { operation, script }, transaction }) => ({
    what: `${WORDS[operation.kind]} runs inside a transaction, and PostgreSQL refuses it there.`,
    why: 'The migration fails at this statement.',
    remedy:
      transaction.by === 'statement'
        ? 'Take it out of BEGIN … COMMIT.'
        : script.wraps === 'always'
          ? 'Put it into a migration of its own, and tell the tool to run that one outside of a transaction.'
          : 'Put it into a migration of its own: this one is run as a single transaction.',
    related: [],
  }),

  fix: ({ change: { script }, transaction }) =>
    transaction.by === 'tool' && script.unwrap && script.statements.length === 1
      ? [suggestion('Run this migration outside of a transaction', [script.unwrap])]
      : [],
});
