/**
 * A table that is read as a whole before it becomes a partition.
 *
 * ATTACH PARTITION reads every row of the new partition under ACCESS EXCLUSIVE, and those of the default partition too, to see
 * that each belongs there. A validated CHECK that says as much spares it the reading.
 * ## Flags
 * ```sql
 * ALTER TABLE events ATTACH PARTITION events_2024 FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
 * ```
 * ## Stays silent
 * ```sql
 * ALTER TABLE events_2024
 *   ADD CONSTRAINT bound CHECK (at IS NOT NULL AND at >= '2024-01-01' AND at < '2025-01-01') NOT VALID;
 * ALTER TABLE events_2024 VALIDATE CONSTRAINT bound;
 * ALTER TABLE events ATTACH PARTITION events_2024 FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
 * ```
 * ```sql
 * -- migrate:up
 * CREATE TABLE events_2024 (LIKE events INCLUDING ALL);
 * ALTER TABLE events ATTACH PARTITION events_2024 FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
 * ```
 * ## When to leave it
 * A partition that is small, and no default partition with rows.
 */
import type { OperationOf } from '../catalog/operation';
import { defaultPartition, isCheckedForBound, keyColumns } from '../catalog/partitions';
import type { ProposedFix } from '../engine/finding';
import { runsAlone } from '../facts/lockFixes';
import { defineRule } from '../facts/rule';
import { changesOf, existed, named, rewriteIn, tableBefore } from '../facts/schemaChanges';
import type { SchemaChange } from '../facts/schemaScripts';

type Attach = SchemaChange<OperationOf<'attachPartition'>>;

export const attachPartitionScan = defineRule({
  id: 'attach-partition-scan',
  level: 'warning',
  concern: 'performance',

  *check({ schemaScripts }) {
    for (const change of changesOf(schemaScripts, 'attachPartition')) {
      const { table, partition } = change.operation;
      const known = tableBefore(change, partition);
      if (!existed(change, partition) || known?.foreignServer !== undefined) continue;
      const parent = tableBefore(change, table);
      if (known && isCheckedForBound(known, change.operation.bound, keyColumns(parent))) continue;
      const fallback = defaultPartition(change.before, parent, table);
      yield { at: change.at, change, byDefault: fallback && existed(change, fallback) ? fallback : undefined };
    }
  },

  explain: ({ change: { operation }, byDefault }) => {
    const isHash = /\bMODULUS\b/i.test(operation.bound?.text ?? '');
    return {
      what: `ATTACH PARTITION reads all of ${named(operation.partition)}${byDefault ? ` and of the default partition ${named(byDefault)}` : ''} under ACCESS EXCLUSIVE.`,
      why: `Every read and write of ${byDefault ? 'both' : named(operation.partition)} waits until the last row is checked.`,
      remedy: isHash
        ? 'No CHECK spares it the reading of a hash partition: attach it while it is empty.'
        : 'Add a CHECK that says what the bound says, NOT VALID, and VALIDATE it, before: then nothing is read.',
      related: [],
    };
  },

  fix: ({ change }) => checkBefore(change),
});

/** A CHECK as the bound is, validated before and dropped after; of one column, between literals or in a list of them. */
function checkBefore(change: Attach): readonly ProposedFix[] {
  const { operation, statement } = change;
  const { bound, partition, table } = operation;
  const keys = keyColumns(tableBefore(change, table));
  const [key] = keys ?? [];
  if (!bound || keys?.length !== 1 || key === undefined || !runsAlone(change)) return [];
  if (!/^[a-z_][a-z0-9_]*$/.test(key) || !/^[a-z_][a-z0-9_]{0,56}$/.test(partition.name)) return [];
  const test = testOf(bound.text, key);
  if (test === undefined) return [];
  const name = `${partition.name}_bound`;
  const of = `ALTER TABLE ${statement.textOf(partition.span)}`;
  return rewriteIn(change, 'Validate a CHECK before, so that nothing is read', [
    {
      span: operation.statement,
      newText: [
        `${of} DROP CONSTRAINT IF EXISTS ${name}, ADD CONSTRAINT ${name} CHECK (${test}) NOT VALID`,
        `${of} VALIDATE CONSTRAINT ${name}`,
        statement.textOf(operation.statement),
        `${of} DROP CONSTRAINT IF EXISTS ${name}`,
      ].join(`;${statement.lineBreak}`),
    },
  ]);
}

const LITERAL = `(?:'(?:[^']|'')*'|-?\\d+(?:\\.\\d+)?)`;
const RANGE = new RegExp(
  `^FOR\\s+VALUES\\s+FROM\\s*\\(\\s*(${LITERAL})\\s*\\)\\s*TO\\s*\\(\\s*(${LITERAL})\\s*\\)$`,
  'i',
);
const LIST = new RegExp(`^FOR\\s+VALUES\\s+IN\\s*\\(\\s*(${LITERAL}(?:\\s*,\\s*${LITERAL})*)\\s*\\)$`, 'i');

function testOf(bound: string, key: string): string | undefined {
  const [, from, to] = RANGE.exec(bound.trim()) ?? [];
  if (from !== undefined && to !== undefined) return `${key} IS NOT NULL AND ${key} >= ${from} AND ${key} < ${to}`;
  const [, values] = LIST.exec(bound.trim()) ?? [];
  return values === undefined ? undefined : `${key} IS NOT NULL AND ${key} IN (${values})`;
}
