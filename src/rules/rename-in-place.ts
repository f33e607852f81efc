/**
 * A table or column that gets another name while programs use the old one.
 *
 * Between the migration and the last restart two versions of the program run, and one of them asks for a name that is not
 * there.
 *
 * The fix of the newest migration makes it several: one that adds the new name and keeps both in step, one that fills in old rows, and
 * one, to be kept back until no running version knows the old name, that ends it.
 * ## Flags
 * ```sql
 * ALTER TABLE orders RENAME COLUMN note TO remark;
 * ```
 * ```sql
 * ALTER TABLE vouchers RENAME TO coupons;
 * ```
 * ## Stays silent
 * ```sql
 * ALTER TABLE vouchers RENAME TO coupons;
 * CREATE VIEW vouchers AS SELECT * FROM coupons;
 * ```
 * ```sql
 * DROP TABLE orders;
 * ALTER TABLE new_orders RENAME TO orders;
 * ```
 * ```sql
 * ALTER TABLE orders RENAME CONSTRAINT orders_fk TO orders_customer_fkey;
 * ```
 * ## When to leave it
 * A table that only this migration's own release uses; a deployment that stops everything first.
 */
import { columnNamed, indexNamed, isTable, relationNamed, tableNamed } from '../catalog/catalog';
import type { QualifiedName } from '../catalog/definition';
import type { OperationOf } from '../catalog/operation';
import type { ProposedFix } from '../engine/finding';
import { renameInSteps } from '../facts/expandContract';
import { defineRule } from '../facts/rule';
import { changesIn, existed, insertion, isYoung, named, rewriteIn } from '../facts/schemaChanges';
import type { SchemaChange } from '../facts/schemaScripts';
import { takesNameOver } from '../facts/schemaSuccessors';

export const renameInPlace = defineRule({
  id: 'rename-in-place',
  level: 'warning',
  concern: 'errors',

  *check({ schemaScripts }) {
    for (const script of schemaScripts)
      for (const change of changesIn(script, 'rename')) {
        const { object, to } = change.operation;
        if (object.kind === 'column' && object.on) {
          if (
            isTableInUse(change, object.on) &&
            !isNewColumn(change, object.on, object.name.name, to.name) &&
            !isTableRenamed(change, object.on)
          )
            yield {
              at: change.at,
              ...young(isYoung(change, object.on, object.name.name)),
              change,
              what: `column \`${object.name.name}\` of ${named(object.on)}`,
              to,
              isColumn: true,
            };
        } else if (
          object.kind === 'table' &&
          isTableInUse(change, object.name) &&
          !staysThere(change, object.name) &&
          !takesNameOver(change, { ...object.name, name: to.name })
        )
          yield {
            at: change.at,
            ...young(isYoung(change, object.name)),
            change,
            what: `table ${named(object.name)}`,
            to,
            isColumn: false,
          };
      }
  },

  explain: ({ what, to, isColumn, isYoung }) => ({
    what: `This renames ${what} to \`${to.name}\` while programs still use the old name.`,
    why: isYoung
      ? 'It was made less than ten days before: where a version that uses it runs already, every query of that version fails from the migration to its restart.'
      : 'Every query of the version that runs fails from the migration to its restart.',
    remedy: isColumn
      ? 'Add a column of the new name, write both, fill in the old rows, let the program read the new one, and drop the old one in a later migration.'
      : 'Rename it and create a view of the old name in the same migration; drop the view when no running version uses it.',
    related: [],
  }),

  fix({ change, isColumn }) {
    const steps = renameInSteps(change);
    return steps.length > 0 || isColumn ? steps : viewOfOldName(change);
  },
});

/** What may be in no release yet is an information. */
const young = (isYoung: boolean) => (isYoung ? { isYoung, level: 'info' as const } : { isYoung });

/** A view of one table takes writes as well, so that the version that runs goes on. */
function viewOfOldName(change: SchemaChange<OperationOf<'rename'>>): readonly ProposedFix[] {
  const { object, to, statement: span } = change.operation;
  const { statement, script } = change;
  if (script.dialect !== 'postgresql') return [];
  const before = statement.textOf(object.name.span);
  const schema = /^(.*\.)[^.]+$/.exec(before)?.[1] ?? '';
  return rewriteIn(change, 'Create a view of the old name', [
    insertion(
      span.end,
      `;${statement.lineBreak}CREATE VIEW ${before} AS SELECT * FROM ${schema}${statement.textOf(to.span)}`,
    ),
  ]);
}

/** ALTER TABLE speaks of indexes, views and sequences as well. */
function isTableInUse(change: SchemaChange, name: QualifiedName): boolean {
  const found = relationNamed(change.before, name);
  if (found ? found.kind !== 'table' : indexNamed(change.before, name) !== undefined) return false;
  return existed(change, name);
}

/** The table itself gets another name in the migration, and programs fail on that already. */
function isTableRenamed({ script }: SchemaChange, table: QualifiedName): boolean {
  for (const change of changesIn(script, 'rename')) {
    const { object, to } = change.operation;
    const isIt = object.kind === 'table' && (object.name.name === table.name || to.name === table.name);
    if (isIt && !staysThere(change, object.name)) return true;
  }
  return false;
}

/** Something of the old name is there after the migration: a view for those who still use it, or the table's successor. */
const staysThere = ({ script }: SchemaChange, name: QualifiedName): boolean =>
  relationNamed(script.after, name) !== undefined;

/**
 * The column was added by the migration itself, one of its name is there after it, or it takes the place of one that programs
 * know by the new name.
 */
function isNewColumn({ before, script }: SchemaChange, table: QualifiedName, column: string, to: string): boolean {
  const after = tableNamed(script.after, table);
  if (after && columnNamed(after, column)) return true;
  const first = tableNamed(script.before, table);
  if (first && columnNamed(first, to)) return true;
  const known = tableNamed(before, table);
  const found = known && columnNamed(known, column);
  if (!found || found.assumed) return false;
  const was = script.before.objects.get(known.id);
  return !isTable(was) || !was.columns.some(({ id }) => id === found.id);
}
