/**
 * A transaction that locks one table after the other.
 *
 * A lock is held until the transaction ends. While the second table's lock is waited for, behind a long query or a deadlock's
 * other half, nobody reads or writes the first one. Said once for each transaction, where the second table comes in.
 * ## Flags
 * ```sql
 * BEGIN;
 * ALTER TABLE orders ADD COLUMN note text;
 * ALTER TABLE customers ADD COLUMN note text;
 * COMMIT;
 * ```
 * ## Stays silent
 * ```sql
 * ALTER TABLE orders ADD COLUMN note text;
 * ALTER TABLE customers ADD COLUMN note text;
 * ```
 * ```sql
 * BEGIN;
 * ALTER TABLE orders ADD COLUMN note text;
 * ALTER TABLE orders ADD COLUMN remark text;
 * COMMIT;
 * ```
 * ## When to leave it
 * Changes that may only be seen together, with a `lock_timeout` that is short.
 */
import type { QualifiedName } from '../catalog/definition';
import { defineRule } from '../facts/rule';
import { named } from '../facts/schemaChanges';
import { locksHeld, tableKey } from '../facts/schemaLocks';
import type { SchemaChange } from '../facts/schemaScripts';

interface Held {
  readonly key: string;
  readonly table: QualifiedName;
  readonly change: SchemaChange;
}

export const multiTableTransaction = defineRule({
  id: 'multi-table-transaction',
  level: 'warning',
  concern: 'performance',

  *check({ schemaScripts }) {
    for (const script of schemaScripts) {
      if (script.dialect !== 'postgresql') continue;
      const first = new Map<number, Held>();
      const said = new Set<number>();
      for (const [index, change] of script.changes.entries()) {
        const after = script.changes[index + 1]?.before ?? script.after;
        const number = change.statement.transaction?.number;
        if (number === undefined || said.has(number)) continue;
        for (const { table, mode, byForeignKey } of locksHeld(change)) {
          const key = table && mode === 'ACCESS EXCLUSIVE' ? tableKey(change, table, after) : undefined;
          if (!table || key === undefined) continue;
          const held = first.get(number);
          if (!held) first.set(number, { key, table, change });
          // one that locks the table of a foreign key, or a partition, as well cannot be taken apart
          else if (byForeignKey ? held.change.statement === change.statement : isOneAct(held.change, change)) continue;
          else if (held.key !== key && !said.has(number) && !isRenamed(held.change, table)) {
            said.add(number);
            yield { at: change.at, table, held, byForeignKey };
          }
        }
      }
    }
  },

  explain: ({ table, held, byForeignKey }) => ({
    what: `This waits for ACCESS EXCLUSIVE on ${named(table)}${byForeignKey ? ', at the other end of a foreign key,' : ''} while the transaction holds it on ${named(held.table)}.`,
    why: `Every read and write of ${named(held.table)} waits until both are done, and a transaction that takes them the other way round is a deadlock.`,
    remedy: 'Change each table in a migration of its own, or in a transaction of its own.',
    related: [{ at: held.change.at, says: `${named(held.table)} is locked from here on` }],
  }),
});

const isOneAct = (held: SchemaChange, { operation }: SchemaChange): boolean =>
  held.operation === operation && (operation.kind === 'attachPartition' || operation.kind === 'detachPartition');

/** A table that the history does not know is followed by its names. */
const isRenamed = ({ operation }: SchemaChange, { name }: QualifiedName): boolean =>
  operation.kind === 'rename' && operation.to.name === name;
