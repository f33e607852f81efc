/**
 * A column that may hold NULL from now on, and never did.
 *
 * The programs that run were written for a column that always has a value. The first NULL that a new version writes reaches
 * the old ones, reports and other services, where nobody looks for it.
 * ## Flags
 * ```sql
 * ALTER TABLE orders ALTER COLUMN customer_id DROP NOT NULL;
 * ```
 * ## Stays silent
 * ```sql
 * -- migrate:up
 * CREATE TABLE vouchers (id bigint, code text NOT NULL);
 * ALTER TABLE vouchers ALTER COLUMN code DROP NOT NULL;
 * ```
 * ## When to leave it
 * Every reader of the column is known to take NULL, or it is the way back of a NOT NULL.
 */
import type { OperationOf } from '../catalog/operation';
import { defineRule } from '../facts/rule';
import { changesIn, changesOf, columnBefore, existed, isSameTable, named } from '../facts/schemaChanges';
import type { SchemaChange } from '../facts/schemaScripts';

export const dropNotNull = defineRule({
  id: 'drop-not-null',
  level: 'warning',
  concern: 'errors',

  *check({ schemaScripts }) {
    for (const change of changesOf(schemaScripts, 'dropNotNull')) {
      const { table, column } = change.operation;
      const known = columnBefore(change, table, column.name);
      const wasNullable = known !== undefined && !known.assumed && !known.notNull;
      // a builder that says all of a column anew says nothing of what it was
      if (change.statement.repeatsType && (known === undefined || known.assumed)) continue;
      if (existed(change, table) && !wasNullable && !isNullableSince(change) && !isSetAgain(change))
        yield { at: change.at, table, column };
    }
  },

  explain: ({ table, column }) => ({
    what: `\`${column.name}\` of ${named(table)} may hold NULL from now on.`,
    why: 'Programs that run were written for a value in every row, and fail at the first one without.',
    remedy: 'Let every reader of the column take NULL first, and drop the constraint in a later migration.',
    related: [],
  }),
});

/** Knex alters a column by taking NOT NULL away and setting it again. */
function isSetAgain({ operation, script, statement }: SchemaChange<OperationOf<'dropNotNull'>>): boolean {
  for (const later of changesIn(script, 'setNotNull'))
    if (
      later.statement.index >= statement.index &&
      later.operation.column.name === operation.column.name &&
      isSameTable(later.operation.table, operation.table)
    )
      return true;
  return false;
}

/** A step before it has taken NOT NULL away, of a column that the history does not make. */
function isNullableSince({ operation, script, statement }: SchemaChange<OperationOf<'dropNotNull'>>): boolean {
  const ahead = script.changes.filter(change => change.statement.index < statement.index);
  const last = [...script.earlier(), ...ahead.map(change => change.operation)].findLast(
    each =>
      (each.kind === 'setNotNull' || each.kind === 'dropNotNull') &&
      each.column.name === operation.column.name &&
      isSameTable(each.table, operation.table),
  );
  return last?.kind === 'dropNotNull';
}
