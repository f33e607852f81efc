/**
 * A CHECK that is added while the table is read as a whole.
 *
 * ADD CONSTRAINT … CHECK reads every row under ACCESS EXCLUSIVE. With NOT VALID it only holds for rows that come; VALIDATE
 * CONSTRAINT then reads the others while everybody works, unless it shares the transaction, which keeps the first lock.
 * ## Flags
 * ```sql
 * ALTER TABLE orders ADD CONSTRAINT orders_total_check CHECK (total >= 0);
 * ```
 * ```sql
 * BEGIN;
 * ALTER TABLE orders ADD CONSTRAINT orders_total_check CHECK (total >= 0) NOT VALID;
 * ALTER TABLE orders VALIDATE CONSTRAINT orders_total_check;
 * COMMIT;
 * ```
 * ## Stays silent
 * ```sql
 * ALTER TABLE orders ADD CONSTRAINT orders_total_check CHECK (total >= 0) NOT VALID;
 * ```
 * ```sql
 * ALTER TABLE orders VALIDATE CONSTRAINT orders_total_check;
 * ```
 * ## When to leave it
 * A table that is small for good: declare it, `"tables": { "currencies": { "rows": 180 } }`. Where it is less than a week old in the
 * history, or its name speaks of definitions (`roles`, `tag_types`), it is information.
 */
import type { OperationOf } from '../catalog/operation';
import { type ProposedFix, suggestion } from '../engine/finding';
import { outOfTransaction } from '../facts/behindCommit';
import { addedNotValid, validatedLater } from '../facts/lockFixes';
import { defineRule } from '../facts/rule';
import { changesIn, changesOf, existed, isSameTable, named, shareTransaction } from '../facts/schemaChanges';
import type { SchemaChange } from '../facts/schemaScripts';
import { sizeOf, whileSmall } from '../facts/tableSizes';

export const constraintNotValid = defineRule({
  id: 'constraint-not-valid',
  level: 'warning',
  concern: 'performance',

  *check(facts) {
    for (const change of changesOf(facts.schemaScripts, 'addConstraint', 'addColumn', 'validateConstraint')) {
      const { operation } = change;
      const size = existed(change, operation.table) ? sizeOf(facts, change, operation.table) : undefined;
      if (!size) continue;
      if (operation.kind === 'validateConstraint') {
        const added = addedBefore(change, operation);
        if (added) yield { at: change.at, ...size, change, table: operation.table, added, constraint: undefined };
        continue;
      }
      const constraint =
        operation.kind === 'addConstraint'
          ? operation.constraint
          : operation.column.constraints.find(({ kind }) => kind === 'check');
      if (constraint?.kind === 'check' && constraint.enforced && !constraint.notValid)
        yield { at: change.at, ...size, change, table: operation.table, added: undefined, constraint };
    }
  },

  explain: evidence => {
    const table = named(evidence.table);
    if (evidence.added)
      return {
        what: `VALIDATE CONSTRAINT reads all of ${table} in the transaction that has added the constraint, and that one keeps its lock until it commits.`,
        why: `${evidence.added.operation.constraint.kind === 'foreignKey' ? 'Every INSERT, UPDATE and DELETE' : 'Every read and write'} of ${table} waits meanwhile, as it would without NOT VALID.${whileSmall(evidence)}`,
        remedy: 'Validate in a migration of its own, after the one that adds the constraint.',
        related: [{ at: evidence.added.at, says: 'the constraint is added here' }],
      };
    const { change, constraint } = evidence;
    // where a builder makes it of a column's type, it stands nowhere in the source
    const isSeen = change.statement.exact(constraint.span) !== undefined;
    return {
      what: `Adding ${isSeen ? 'this CHECK' : `CHECK (${constraint.expression.text})`} reads all of ${table} under ACCESS EXCLUSIVE.`,
      why: `Every read and write of ${table} waits until the last row is checked.${whileSmall(evidence)}`,
      remedy:
        'Add the constraint NOT VALID, and run VALIDATE CONSTRAINT in a migration of its own: it checks the rows while everybody works.',
      related: [],
    };
  },

  fix: evidence =>
    evidence.constraint
      ? [
          ...addedNotValid(evidence.change, evidence.table, evidence.constraint),
          ...validatedLater(evidence.change, evidence.table, evidence.constraint),
        ]
      : validatedBehind(evidence.change),
});

/** VALIDATE behind the COMMIT that ends the lock. */
function validatedBehind(change: SchemaChange): readonly ProposedFix[] {
  const { statement, operation } = change;
  const edits = outOfTransaction(change, undefined, statement.textOf(operation.statement));
  return edits ? [suggestion('Validate it after COMMIT', edits)] : [];
}

/** Where the constraint was added NOT VALID, in the same transaction. */
function addedBefore(
  change: SchemaChange,
  { table, name }: OperationOf<'validateConstraint'>,
): SchemaChange<OperationOf<'addConstraint'>> | undefined {
  for (const earlier of changesIn(change.script, 'addConstraint')) {
    const { constraint } = earlier.operation;
    if (earlier.statement.index > change.statement.index) return undefined;
    if (constraint.notValid && constraint.name?.name === name.name && isSameTable(earlier.operation.table, table))
      return shareTransaction(earlier, change) ? earlier : undefined;
  }
  return undefined;
}
