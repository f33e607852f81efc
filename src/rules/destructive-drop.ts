/**
 * A table, column or database that is dropped with all that is in it.
 *
 * What is dropped is gone when the migration commits, and only a backup brings it back. The version of the program that still
 * runs meanwhile fails at every query that names it.
 *
 * Where the code still uses it, the fix of the newest migration moves the drop into a new one that waits for the code.
 * ## Flags
 * ```sql
 * DROP TABLE vouchers;
 * ```
 * ```sql
 * ALTER TABLE orders DROP COLUMN coupon;
 * ```
 * ## Stays silent
 * ```sql
 * -- migrate:up
 * CREATE TABLE staging (id bigint);
 * DROP TABLE staging;
 * ```
 * ```sql
 * -- migrate:up
 * DROP VIEW open_orders;
 * ```
 * ```sql
 * CREATE TABLE new_orders (id bigint PRIMARY KEY, total numeric NOT NULL);
 * INSERT INTO new_orders (id, total) SELECT id, total FROM orders;
 * DROP TABLE orders;
 * ALTER TABLE new_orders RENAME TO orders;
 * ```
 * ## When to leave it
 * The last step of a change that was made in several: no running version reads it any more, and its data is kept elsewhere
 * or not needed. Say so.
 */
import { relationNamed, tablesOf } from '../catalog/catalog';
import type { QualifiedName } from '../catalog/definition';
import type { OperationOf } from '../catalog/operation';
import { dropInSteps } from '../facts/dropInSteps';
import { defineRule } from '../facts/rule';
import {
  changesIn,
  droppedLater,
  existed,
  isSameTable,
  isYoung,
  listed,
  named,
  tableBefore,
} from '../facts/schemaChanges';
import { isCopiedBefore } from '../facts/schemaData';
import type { SchemaChange } from '../facts/schemaScripts';
import { nameBefore, successorOf } from '../facts/schemaSuccessors';

export const destructiveDrop = defineRule({
  id: 'destructive-drop',
  level: 'warning',
  concern: 'errors',

  *check({ schemaScripts, brokenUses }) {
    const inUse = ({ at: { unit, start } }: SchemaChange): boolean =>
      brokenUses.some(({ gone: { at } }) => at.unit === unit && at.start === start);
    for (const script of schemaScripts)
      for (const change of changesIn(script, 'drop', 'dropColumn')) {
        const { operation } = change;
        if (operation.kind === 'dropColumn') {
          if (
            existed(change, operation.table) &&
            !isNew(change, operation.table, operation.column.name) &&
            !hasSuccessor(change, operation.table, operation.column.name) &&
            !isPutAside(change, operation.table, operation.column.name) &&
            !goesWithItsTable(change, operation.table)
          )
            yield {
              at: change.at,
              drop: inUse(change) ? change : undefined,
              ...young(isYoung(change, operation.table, operation.column.name)),
              what: `column \`${operation.column.name}\` of ${named(operation.table)}`,
              is: 'column' as const,
            };
          continue;
        }
        const dropped = operation.objects.filter(
          ({ kind, name }) =>
            kind === 'database' || (kind === 'table' && holdsData(change, name) && !successorOf(change, name)),
        );
        yield* schemasOf(change as SchemaChange<OperationOf<'drop'>>);
        const [first] = dropped;
        if (first)
          yield {
            at: change.at,
            drop: inUse(change) ? change : undefined,
            ...young(dropped.every(({ name }) => isYoung(change, name))),
            what: `${first.kind} ${listed(dropped.map(({ name }) => called(change, name)))}`,
            is: first.kind === 'database' ? ('database' as const) : ('table' as const),
          };
        // a table that is made anew without some of its columns
        for (const { kind, name } of operation.objects) {
          const { lost = [] } = kind === 'table' && existed(change, name) ? (successorOf(change, name) ?? {}) : {};
          // what a file that may come later adds was not there yet
          if (lost.length > 0 && !script.isOrderGuessed)
            yield {
              at: change.at,
              drop: undefined,
              ...young(false),
              what: `${columnsNamed(lost)} of ${named(name)}`,
              is: 'column' as const,
            };
        }
      }
  },

  explain: ({ what, is, isYoung }) => ({
    what: `This drops ${what} with all data in it.`,
    why: isYoung
      ? 'It was made less than ten days before: where a version that uses it runs already, only a backup brings the data back, and that version fails at every query that names it.'
      : 'Only a backup brings back what was not copied before, and the version of the program that still runs fails at every query that names it.',
    remedy:
      is === 'database'
        ? 'Leave databases to people with a backup at hand.'
        : 'Deploy a version that does not use it first; rename it, or keep a copy, and drop it in a later migration.',
    related: [],
  }),

  // what nobody uses is dropped as well now as later
  fix: ({ drop }) => (drop ? dropInSteps(drop) : []),
});

/** More names than these are a number. */
const MOST_NAMED = 5;

function columnsNamed(columns: readonly string[]): string {
  const names = columns.map(column => `\`${column}\``);
  const shown = names.length > MOST_NAMED ? [...names.slice(0, 3), `${names.length - 3} more`] : names;
  return `${names.length > 1 ? 'columns' : 'column'} ${listed(shown)}`;
}

/** What may be in no release yet is an information. */
const young = (isYoung: boolean) => (isYoung ? { isYoung, level: 'info' as const } : { isYoung });

/** The table's name, with the one that programs know it by where the migration itself has renamed it. */
function called({ script, statement }: SchemaChange, table: QualifiedName): string {
  const before = nameBefore(script, statement.index, table);
  return before === table ? named(table) : `${named(table)}, until this migration ${named(before)},`;
}

/** A schema that goes with the tables that are known to be in it; one that is made anew is what it is for. */
function* schemasOf(change: SchemaChange<OperationOf<'drop'>>) {
  const { operation, before, script } = change;
  if (!operation.cascade) return;
  for (const { kind, name } of operation.objects) {
    if (kind !== 'schema') continue;
    const within = tablesOf(before).filter(
      table => table.schema === name.name && !table.assumed && script.before.objects.has(table.id),
    );
    if (
      within.length === 0 ||
      [...changesIn(script, 'createSchema')].some(each => each.operation.name.name === name.name)
    )
      continue;
    const tables = within.length > 3 ? `its ${within.length} tables` : listed(within.map(named));
    const made = within.map(table => ({ ...name, schema: table.schema, name: table.name }));
    yield {
      at: change.at,
      drop: undefined,
      ...young(made.every(table => isYoung(change, table))),
      what: `schema \`${name.name}\`, ${tables} included,`,
      is: 'table' as const,
    };
  }
}

/** The table is dropped as a whole behind it, which is said there. */
function goesWithItsTable(change: SchemaChange, table: QualifiedName): boolean {
  const drop = droppedLater(change, table);
  return drop !== undefined && !successorOf(drop, table);
}

/** Another column gets its name, whom programs find in its place. */
function hasSuccessor(change: SchemaChange, table: QualifiedName, column: string): boolean {
  for (const { operation, statement } of changesIn(change.script, 'rename')) {
    const { object, to } = operation;
    // what was put aside under that name before is what is dropped
    if (statement.index < change.statement.index) continue;
    if (object.kind === 'column' && object.on && isSameTable(object.on, table) && to.name === column) return true;
  }
  return false;
}

/** Whether the column was added by the migration itself, or is known not to be there. */
function isNew(change: SchemaChange, table: QualifiedName, column: string): boolean {
  const known = tableBefore(change, table);
  const found = known?.columns.find(({ name }) => name === column);
  if (!found || !known) return known?.complete === true;
  const before = change.script.before.objects.get(known.id);
  const was = before?.kind === 'table' && before.columns.some(({ id }) => id === found.id);
  return !was && found.assumed !== true;
}

/** The column was given another name by the migration itself, and its values a new home: nobody knows what is dropped. */
function isPutAside(change: SchemaChange, table: QualifiedName, column: string): boolean {
  const known = tableBefore(change, table);
  const found = known?.columns.find(({ name }) => name === column);
  const before = known && change.script.before.objects.get(known.id);
  const was = before?.kind === 'table' ? before.columns.find(({ id }) => id === found?.id) : undefined;
  return was !== undefined && was.name !== column && isCopiedBefore(change, table, column);
}

/** A table that was there; not one that is only cleared away, in case, before it is made. */
function holdsData(change: SchemaChange, table: QualifiedName): boolean {
  if (!existed(change, table)) return false;
  const { operation, before, script, statement } = change;
  const inCase = operation.kind === 'drop' && operation.ifExists !== undefined && !relationNamed(before, table);
  if (!inCase) return true;
  for (const later of changesIn(script, 'createTable', 'createTableAs'))
    if (later.statement.index > statement.index && isSameTable(later.operation.name, table)) return false;
  return true;
}
