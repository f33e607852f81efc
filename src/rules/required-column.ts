/**
 * A new column that every row must have and none can.
 *
 * ADD COLUMN … NOT NULL without a DEFAULT fails on a table that has rows. On an empty one it succeeds, and the old version of
 * the program, which does not know the column, cannot insert any more.
 * ## Flags
 * ```sql
 * ALTER TABLE orders ADD COLUMN currency text NOT NULL;
 * ```
 * ## Stays silent
 * ```sql
 * ALTER TABLE orders ADD COLUMN currency text NOT NULL DEFAULT 'EUR';
 * ```
 * ```sql
 * ALTER TABLE orders ADD COLUMN currency text;
 * ```
 * ```sql
 * ALTER TABLE orders ADD COLUMN id bigint GENERATED ALWAYS AS IDENTITY NOT NULL;
 * ```
 * ## When to leave it
 * A table that is known to be empty and unused.
 */
import { typeNamed } from '../catalog/catalog';
import type { ColumnDefinition } from '../catalog/definition';
import { defineRule } from '../facts/rule';
import { changesIn, existed, named } from '../facts/schemaChanges';
import type { SchemaChange } from '../facts/schemaScripts';

export const requiredColumn = defineRule({
  id: 'required-column',
  level: 'error',
  concern: 'errors',

  *check({ schemaScripts }) {
    for (const script of schemaScripts)
      for (const change of changesIn(script, 'addColumn')) {
        const { table, column } = change.operation;
        if (isRequired(column) && !hasValue(change, column) && existed(change, table))
          yield { at: change.at, table, column, dialect: script.dialect };
      }
  },

  explain: ({ table, column, dialect }) => ({
    what:
      dialect === 'mysql' || dialect === 'mariadb'
        ? `\`${column.name.name}\` must have a value in every row of ${named(table)}, and has no default.`
        : `Every row of ${named(table)} must have \`${column.name.name}\`, and the rows that are there have none: the statement fails unless the table is empty.`,
    why: 'The version of the program that still runs does not know the column, and can insert nothing from then on.',
    remedy:
      'Add the column with a DEFAULT; or let it be NULL at first, have the program write it, fill in the old rows, and make it NOT NULL then.',
    related: [],
  }),
});

const isRequired = ({ notNull, constraints }: ColumnDefinition): boolean =>
  notNull !== undefined || constraints.some(({ kind }) => kind === 'primaryKey');

/** A default, an identity, a sequence, what is computed, or a domain's own default. */
function hasValue(
  { before }: SchemaChange,
  { default: value, generated, identity, autoIncrement, type }: ColumnDefinition,
): boolean {
  if (generated || identity || autoIncrement || type.serial) return true;
  if (value) return !/^null\b/i.test(value.value.text.trim());
  const own = type.dimensions === 0 ? typeNamed(before, type) : undefined;
  return own?.kind === 'domain' && own.default !== undefined;
}
