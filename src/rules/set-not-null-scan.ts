/**
 * A NOT NULL that reads the whole table while it is locked.
 *
 * SET NOT NULL looks at every row under ACCESS EXCLUSIVE. Since PostgreSQL 12 it believes a validated CHECK (column IS NOT
 * NULL), which can be validated while everybody works; then it takes an instant.
 * ## Flags
 * ```sql
 * ALTER TABLE orders ALTER COLUMN customer_id SET NOT NULL;
 * ```
 * ## Stays silent
 * ```sql
 * ALTER TABLE orders ADD CONSTRAINT orders_customer_set CHECK (customer_id IS NOT NULL) NOT VALID;
 * ALTER TABLE orders VALIDATE CONSTRAINT orders_customer_set;
 * ALTER TABLE orders ALTER COLUMN customer_id SET NOT NULL;
 * ALTER TABLE orders DROP CONSTRAINT orders_customer_set;
 * ```
 * ## When to leave it
 * A table that is small for good: declare it, `"tables": { "currencies": { "rows": 180 } }`. Where it is less than a week old in the
 * history, or its name speaks of definitions (`roles`, `tag_types`), it is information.
 */
import type { ConstraintDefinition, Identifier } from '../catalog/definition';
import { isKnownNotNull, nullableKeyColumns } from '../catalog/locks';
import { notNullByCheck } from '../facts/lockFixes';
import { defineRule } from '../facts/rule';
import { changesOf, existed, named } from '../facts/schemaChanges';
import { sizeOf, whileSmall } from '../facts/tableSizes';

export const setNotNullScan = defineRule({
  id: 'set-not-null-scan',
  level: 'warning',
  concern: 'performance',

  *check(facts) {
    for (const change of changesOf(facts.schemaScripts, 'setNotNull', 'addConstraint')) {
      const { operation, before, script } = change;
      const size = existed(change, operation.table) ? sizeOf(facts, change, operation.table) : undefined;
      if (!size) continue;
      if (operation.kind === 'addConstraint')
        for (const name of nullableKeyColumns(operation, before, script.server).slice(0, 1))
          yield {
            at: change.at,
            ...size,
            change,
            table: operation.table,
            column: { name, span: operation.span },
            byKey: true,
          };
      const column = operation.kind === 'setNotNull' ? operation.column : notNullColumn(operation.constraint);
      if (!column || isKnownNotNull(before, operation.table, column.name, script.server)) continue;
      yield { at: change.at, ...size, change, table: operation.table, column, byKey: false };
    }
  },

  explain: ({ change: { script }, table, column, byKey, smallness }) => ({
    what: `${byKey ? `\`${column.name}\` may hold NULL, so making it a primary key` : `SET NOT NULL on \`${column.name}\``} reads all of ${named(table)} under ACCESS EXCLUSIVE.`,
    why: `Every read and write of ${named(table)} waits until the last row is checked.${whileSmall({ smallness })}`,
    remedy:
      script.server >= 12
        ? `Add CHECK (${column.name} IS NOT NULL) NOT VALID, VALIDATE it in a later migration, and ${byKey ? 'make it the key' : 'SET NOT NULL'} after that: it then reads nothing.`
        : `Before PostgreSQL 12 there is no way around it: keep a CHECK (${column.name} IS NOT NULL) that was added NOT VALID and validated, instead.`,
    related: [],
  }),

  fix: ({ change, table, column }) => (change.script.server < 12 ? [] : notNullByCheck(change, table, column)),
});

/** `ADD CONSTRAINT name NOT NULL column`, since PostgreSQL 18. */
const notNullColumn = (constraint: ConstraintDefinition): Identifier | undefined =>
  constraint.kind === 'notNull' && !constraint.notValid ? constraint.column : undefined;
