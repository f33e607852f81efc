/**
 * A new column that every row must have and none can.
 *
 * ADD COLUMN … NOT NULL without a DEFAULT fails on a table that has rows. On an empty one it succeeds, and the old version of
 * the program, which does not know the column, cannot insert any more. SQLite refuses it of an empty table too. MySQL fills the old
 * rows with 0 or an empty text, which is not what anybody meant; there it is a warning.
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
import type { Dialect } from '../sql/dialect';

export const requiredColumn = defineRule({
  id: 'required-column',
  level: 'error',
  concern: 'errors',

  *check({ schemaScripts }) {
    for (const script of schemaScripts)
      for (const change of changesIn(script, 'addColumn')) {
        const { table, column } = change.operation;
        if (!isRequired(column) || hasValue(change, column)) continue;
        // SQLite refuses it of an empty table too; a builder may make the table anew
        const isRefused = script.dialect === 'sqlite' && change.statement.exact(column.span) !== undefined;
        if (!isRefused && !existed(change, table)) continue;
        const isFilled = isFilledIn(column, script.dialect);
        const how = isRefused ? 'refused' : isFilled ? 'filled' : 'fails';
        yield { at: change.at, loweredBy: isFilled ? 1 : 0, table, column, how };
      }
  },

  explain: ({ table, column, how }) => ({
    what:
      how === 'filled'
        ? `\`${column.name.name}\` must have a value in every row of ${named(table)}, and has no default: MySQL fills the rows that are there with an empty one.`
        : how === 'refused'
          ? `SQLite adds no column like \`${column.name.name}\` to ${named(table)}, ${isKey(column) ? 'a PRIMARY KEY' : 'NOT NULL and without a default'}: the statement fails, also when the table is empty.`
          : `Every row of ${named(table)} must have \`${column.name.name}\`, and the rows that are there have none: the statement fails unless the table is empty.`,
    why: 'The version of the program that still runs does not know the column, and can insert nothing from then on.',
    remedy:
      'Add the column with a DEFAULT; or let it be NULL at first, have the program write it, fill in the old rows, and make it NOT NULL then.',
    related: [],
  }),
});

/** MySQL fills in 0 and '', but its strict mode refuses the zero date, and a key can have one of each. */
const isFilledIn = (column: ColumnDefinition, dialect: Dialect): boolean =>
  (dialect === 'mysql' || dialect === 'mariadb') && !isKey(column) && !/^(?:date|datetime)$/.test(column.type.name);

const isKey = ({ constraints }: ColumnDefinition): boolean =>
  constraints.some(({ kind }) => kind === 'primaryKey' || kind === 'unique');

const isRequired = ({ notNull, constraints }: ColumnDefinition): boolean =>
  notNull !== undefined || constraints.some(({ kind }) => kind === 'primaryKey');

/** A default, an identity, a sequence, what is computed, or a domain's own default. */
function hasValue(
  { before }: SchemaChange,
  { default: value, generated, identity, autoIncrement, type }: ColumnDefinition,
): boolean {
  if (generated || identity || autoIncrement || type.serial) return true;
  // T-SQL numbers each change of a row
  if (type.name === 'rowversion') return true;
  if (value) return !/^null\b/i.test(value.value.text.trim());
  const own = type.dimensions === 0 ? typeNamed(before, type) : undefined;
  return own?.kind === 'domain' && own.default !== undefined;
}
