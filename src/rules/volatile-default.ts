/**
 * A new column whose default makes PostgreSQL write the whole table anew.
 *
 * Since PostgreSQL 11 a default that is the same for every row is kept once, and ADD COLUMN takes an instant. One that must be
 * computed for each row (random(), gen_random_uuid(), a sequence, a function of one's own) is written into every row, under
 * ACCESS EXCLUSIVE.
 * ## Flags
 * ```sql
 * ALTER TABLE orders ADD COLUMN reference uuid DEFAULT gen_random_uuid();
 * ```
 * ```sql
 * ALTER TABLE orders ADD COLUMN total_with_tax numeric GENERATED ALWAYS AS (total * 1.19) STORED;
 * ```
 * ## Stays silent
 * ```sql
 * ALTER TABLE orders ADD COLUMN created_at timestamptz NOT NULL DEFAULT now();
 * ```
 * ```sql
 * ALTER TABLE orders ADD COLUMN state text DEFAULT 'new';
 * ```
 * ## When to leave it
 * A table that is small for good.
 */
import type { ColumnDefinition } from '../catalog/definition';
import { isConstrainedDomain } from '../catalog/locks';
import { volatileCall } from '../catalog/volatility';
import { defineRule } from '../facts/rule';
import { changesOf, existed, insertion, named, rewriteIn } from '../facts/schemaChanges';
import type { SchemaChange } from '../facts/schemaScripts';

export const volatileDefault = defineRule({
  id: 'volatile-default',
  level: 'warning',
  concern: 'performance',

  *check({ schemaScripts }) {
    for (const change of changesOf(schemaScripts, 'addColumn')) {
      const { table, column } = change.operation;
      // with a primary key the index is built as well, and primary-key-in-place says both
      const isKey = column.constraints.some(({ kind }) => kind === 'primaryKey');
      const because = existed(change, table) ? reasonOf(change, column) : undefined;
      if (because !== undefined && (!isKey || because === 'default'))
        yield { at: change.at, change, table, column, because };
    }
  },

  explain: ({ table, column, because }) => ({
    what: `${WHAT[because](column)}, so all of ${named(table)} is written anew under ACCESS EXCLUSIVE.`,
    why: `Every read and write of ${named(table)} waits until the last row is written.`,
    remedy:
      because === 'domain'
        ? "Give the column the domain's own type and a CHECK that is added NOT VALID and validated in a later migration."
        : because === 'generated'
          ? 'Add a plain column, let a trigger or the program write it, and fill in the old rows in batches.'
          : 'Add the column without a default, SET DEFAULT in a second statement, and fill in the old rows in batches.',
    related: [],
  }),

  fix: ({ change, table, column, because }) => {
    const { statement, operation } = change;
    const { default: value, notNull } = column;
    const isAlone = !statement.operations.some(
      each => each !== operation && 'column' in each && 'name' in each.column && each.column.name === column.name.name,
    );
    if (because !== 'default' || !value || notNull || !isAlone) return [];
    const of = `ALTER TABLE ${statement.textOf(table.span)} ALTER COLUMN ${statement.textOf(column.name.span)}`;
    // by itself it is done when the next one fails
    const again =
      statement.transaction || operation.kind !== 'addColumn' || operation.ifNotExists
        ? []
        : [insertion(operation.ifNotExistsAt, ' IF NOT EXISTS')];
    return rewriteIn(change, 'Set the default for new rows alone', [
      ...again,
      { span: { start: value.span.start - 1, end: value.span.end }, newText: '' },
      insertion(operation.statement.end, `;${statement.lineBreak}${of} SET ${statement.textOf(value.span)}`),
    ]);
  },
});

type Reason = 'generated' | 'sequence' | 'domain' | 'old server' | 'default';

const WHAT: Readonly<Record<Reason, (column: ColumnDefinition) => string>> = {
  generated: ({ name }) => `\`${name.name}\` is stored for each row`,
  sequence: ({ name }) => `\`${name.name}\` takes the next number of a sequence for each row`,
  domain: ({ name, type }) =>
    `The constraint of domain \`${type.name}\` is checked by writing \`${name.name}\` into each row`,
  'old server': ({ name }) => `Before PostgreSQL 11 the default of \`${name.name}\` is written into each row`,
  default: ({ name, default: value }) =>
    `The default of \`${name.name}\`, \`${value?.value.text ?? ''}\`, is computed for each row`,
};

function reasonOf({ script, before }: SchemaChange, column: ColumnDefinition): Reason | undefined {
  if (column.generated) return column.generated.stored ? 'generated' : undefined;
  if (column.type.serial || column.identity) return 'sequence';
  // without a default a NOT NULL one fails, of which required-column speaks
  if (isConstrainedDomain(before, column.type)) return column.notNull && !column.default ? undefined : 'domain';
  const value = column.default?.value;
  if (!value || /^null\b/i.test(value.text.trim())) return undefined;
  if (volatileCall(value, before) !== undefined) return 'default';
  return script.server < 11 ? 'old server' : undefined;
}
