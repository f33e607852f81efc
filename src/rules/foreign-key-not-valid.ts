/**
 * A foreign key that is added while two tables are locked and one of them is read as a whole.
 *
 * ADD FOREIGN KEY takes SHARE ROW EXCLUSIVE on both tables, and looks up every row before it lets go. With NOT VALID it only
 * holds for rows that come; VALIDATE CONSTRAINT then checks the others while everybody works.
 * ## Flags
 * ```sql
 * ALTER TABLE orders ADD CONSTRAINT orders_customer_fkey FOREIGN KEY (customer_id) REFERENCES customers (id);
 * ```
 * ```sql
 * ALTER TABLE orders ADD COLUMN customer_id bigint REFERENCES customers (id);
 * ```
 * ## Stays silent
 * ```sql
 * ALTER TABLE orders ADD CONSTRAINT orders_customer_fkey FOREIGN KEY (customer_id) REFERENCES customers (id) NOT VALID;
 * ```
 * ```sql
 * -- migrate:up
 * CREATE TABLE shipments (id bigint PRIMARY KEY, order_id bigint REFERENCES orders (id));
 * ```
 * ## When to leave it
 * A table that is small for good: declare it, `"tables": { "currencies": { "rows": 180 } }`. Where it is less than a week old in the
 * history, or its name speaks of definitions (`roles`, `tag_types`), it is information.
 */
import type { ForeignKeyConstraint, QualifiedName } from '../catalog/definition';
import { addedNotValid, validatedLater } from '../facts/lockFixes';
import { defineRule } from '../facts/rule';
import { changesOf, existed, isPartitioned, isSameTable, named } from '../facts/schemaChanges';
import type { SchemaChange } from '../facts/schemaScripts';
import { sizeOf, whileSmall } from '../facts/tableSizes';

export const foreignKeyNotValid = defineRule({
  id: 'foreign-key-not-valid',
  level: 'warning',
  concern: 'performance',

  *check(facts) {
    for (const change of changesOf(facts.schemaScripts, 'addConstraint', 'addColumn')) {
      const { operation } = change;
      const size = existed(change, operation.table) ? sizeOf(facts, change, operation.table) : undefined;
      if (!size) continue;
      if (operation.kind === 'addConstraint') {
        const { constraint } = operation;
        if (constraint.kind === 'foreignKey' && constraint.enforced && !constraint.notValid)
          yield { at: change.at, ...size, change, table: operation.table, constraint, scans: true };
        continue;
      }
      const { column } = operation;
      const constraint = column.constraints.find((one): one is ForeignKeyConstraint => one.kind === 'foreignKey');
      if (!constraint?.enforced) continue;
      // PostgreSQL skips the check where every row holds NULL
      const scans =
        (column.default !== undefined && !/^null\b/i.test(column.default.value.text)) || column.generated !== undefined;
      if (scans) yield { at: change.at, ...size, change, table: operation.table, constraint, scans };
      // one that references itself locks no other table
      else if (existed(change, constraint.references) && !isSameTable(operation.table, constraint.references))
        yield { at: change.at, ...size, level: 'info' as const, change, table: operation.table, constraint, scans };
    }
  },

  explain: ({ change, table, constraint: { references }, scans, smallness }) => {
    const isRefused = isNotValidRefused(change, table);
    // what the migration makes itself has nobody who waits
    const both = !isSameTable(table, references) && existed(change, references);
    return scans
      ? {
          what: `Adding this foreign key locks ${named(table)}${both ? ` and ${named(references)}` : ''} while every row of ${named(table)} is looked up.`,
          why: `${
            change.operation.kind === 'addColumn'
              ? `Every read and write of ${named(table)}${both ? `, and every INSERT, UPDATE and DELETE on ${named(references)},` : ''}`
              : `Every INSERT, UPDATE and DELETE on ${both ? 'both tables' : 'it'}`
          } waits until the last row is checked.${whileSmall({ smallness })}`,
          remedy: isRefused
            ? `Before PostgreSQL 18 NOT VALID is refused on a partitioned table: add the foreign key to each partition NOT VALID, validate it there, and add it to ${named(table)} then. That takes over what the partitions have, and reads nothing.`
            : 'Add the constraint NOT VALID, and run VALIDATE CONSTRAINT in a migration of its own: it checks the rows while everybody works.',
          related: [],
        }
      : {
          what: `The new column is empty, so nothing is scanned for its foreign key; but ${named(references)} is locked against writes together with ${named(table)}.`,
          why: `It holds ACCESS EXCLUSIVE on ${named(table)} while it waits for those who have written to ${named(references)}: until they commit, every read and write of ${named(table)} waits, and so does every new write to ${named(references)}.`,
          remedy: 'Set a `lock_timeout` before it, or add the foreign key NOT VALID in a statement of its own.',
          related: [],
        };
  },

  fix: ({ change, table, constraint, scans }) =>
    scans && !isNotValidRefused(change, table)
      ? [...addedNotValid(change, table, constraint), ...validatedLater(change, table, constraint)]
      : [],
});

const isNotValidRefused = (change: SchemaChange, table: QualifiedName): boolean =>
  change.script.server < 18 && isPartitioned(change, table);
