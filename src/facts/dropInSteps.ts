/**
 * A drop of what is still used, in steps that every running version survives: the migration lets go of what stops code that
 * does without it, and a later one, which waits until nobody asks for it any more, drops it.
 */
import { columnNamed, tableNamed } from '../catalog/catalog';
import type { QualifiedName } from '../catalog/definition';
import { quoted } from '../catalog/naming';
import type { Bound, Column, Table } from '../catalog/object';
import type { OperationOf } from '../catalog/operation';
import type { Edit } from '../engine/finding';
import { type ProposedFix, previewed } from '../engine/finding';
import type { Place } from '../engine/place';
import type { NewMigration } from '../migrations/added/newMigration';
import { headOf } from './expandContract';
import { tableText } from './newMigrations';
import { changesIn, rewriteIn, rewriteSent } from './schemaChanges';
import type { SchemaChange, SchemaScript } from './schemaScripts';

type Drop = SchemaChange<OperationOf<'drop' | 'dropColumn'>>;

/** The drop that stands at a place. */
export function dropAt(scripts: readonly SchemaScript[], { unit, start }: Place): Drop | undefined {
  for (const script of scripts)
    for (const change of changesIn(script, 'drop', 'dropColumn'))
      if (change.at.unit === unit && change.at.start === start) return change;
  return undefined;
}

/** The fix of a drop; none where the migration does more, has run somewhere, or its tool's way is not certain. */
export function dropInSteps(change: Drop): readonly ProposedFix[] {
  const { script, before, statement } = change;
  if (!script.isNewest || !script.tail || script.changes.length !== 1 || script.isPartial) return [];
  // a name that is read without its prefix is written with it by nobody
  if (script.dialect !== 'postgresql' || !statement.takes('') || isKeptBack(change)) return [];
  const dropped = droppedBy(change);
  const table = dropped && tableNamed(before, dropped.table);
  if (!table || table.assumed || !table.complete) return [];
  if (dropped.column === undefined) return movedWhole(change, table.name, table.name);
  const column = columnNamed(table, dropped.column);
  if (!column || column.assumed || column.inherited) return [];
  const name = `${table.name}.${column.name}`;
  return isFilled(column) ? movedWhole(change, name, column.name) : letGo(change, table, column);
}

/** One column, or one table. */
function droppedBy({ operation }: Drop): { readonly table: QualifiedName; readonly column?: string } | undefined {
  if (operation.kind === 'dropColumn') return { table: operation.table, column: operation.column.name };
  const [only, more] = operation.objects;
  return only?.kind === 'table' && !more ? { table: only.name } : undefined;
}

// ——— what code must be able to leave out first ———

/** NOT NULL goes at once, so that code that no longer writes the column inserts; the column goes in a new migration. */
function letGo(change: Drop, table: Table, column: Column): readonly ProposedFix[] {
  const { statement, operation, script } = change;
  if (!mayBeNull(change, table, column)) return [];
  const name = `${table.name}.${column.name}`;
  const alter = `ALTER TABLE ${tableText(table)} ALTER COLUMN ${quoted(column.name)}`;
  const title = 'Drop it in 2 steps: NOT NULL now, the column in a new migration that waits for the code';
  const comments = [
    `Step 1 of 2 of dropping ${name}. May be deployed at once: code that writes it goes on, code that does not can insert.`,
    'Code that still reads it meets NULL in the rows of code that no longer writes it.',
  ];
  const isFile = !statement.builder && !statement.inCode;
  const said = isFile ? comments.map(each => `-- ${each}\n`).join('') : '';
  const [expanded] = rewriteSent(change, title, [
    { span: operation.statement, newText: `${said}${alter} DROP NOT NULL` },
  ]);
  const back = script.downAs?.(
    [`${alter} SET NOT NULL;`],
    [`Only while no row has NULL in ${column.name}: code that no longer writes it leaves it so.`],
  );
  const added = contracted(change, [`${alter} DROP NOT NULL;`], `Step 2 of 2 of dropping ${name}.`, column.name);
  if (!expanded || !back || !added) return [];
  const head = isFile ? [] : headOf(change, comments);
  return [previewed(title, [...expanded.edits, ...head, ...back, ...added])];
}

/** Code that leaves the column out has it filled, or NULL in it. */
const isFilled = ({ notNull, default: value, generated, identity }: Column): boolean =>
  !notNull || value !== undefined || generated !== undefined || identity !== undefined;

/** Whether rows without a value are taken once NOT NULL is gone, and the way back is the same NOT NULL. */
function mayBeNull({ before }: Drop, table: Table, { id, type, notNullName }: Column): boolean {
  if (notNullName !== undefined || table.ofType !== undefined || table.partitionOf) return false;
  const domain = type?.id === undefined ? undefined : before.objects.get(type.id);
  if (!type || domain?.kind === 'domain') return false;
  const isOf = (bound: Bound | undefined): boolean => bound?.refs.includes(id) === true;
  const isTaken = table.constraints.every(each => {
    if (each.kind === 'primaryKey') return !each.columns.includes(id);
    if (each.kind === 'foreignKey') return !each.columns.includes(id) || each.match === 'simple';
    return each.kind !== 'check' || !isOf(each.expression) || isTrueOfNull(each.expression.text);
  });
  const isIndexed = table.indexes.some(
    each =>
      each.unique &&
      ((each.nullsNotDistinct && each.elements.some(({ column }) => column === id)) ||
        each.id === table.replicaIdentity ||
        each.elements.some(({ expression }) => isOf(expression))),
  );
  return isTaken && !isIndexed && !table.policies.some(({ using, check }) => isOf(check ?? using));
}

/** What asks nothing about NULL comes to NULL with it, which a CHECK takes. */
const isTrueOfNull = (check: string): boolean =>
  !/\b(?:is|isnull|notnull|null|nullif|coalesce|distinct|case)\b|\w\s*\(/i.test(
    check.replace(/\b(?:in|any|all|and|or|not|check|char_length|length|lower|upper)\s*\(/gi, '#('),
  );

// ——— the drop itself ———

/** Nothing is in the way of code that does without it: the migration stays, and does nothing. In files of SQL alone. */
function movedWhole(change: Drop, name: string, short: string): readonly ProposedFix[] {
  const { statement, operation, script } = change;
  if (statement.builder || statement.inCode) return [];
  const title = 'Drop it in a new migration that waits for the code';
  const { start, end } = operation.statement;
  const [semicolon = ''] = /^\s*;/.exec(statement.textOf({ start: end, end: end + 20 })) ?? [];
  const [emptied] = rewriteIn(change, title, [
    {
      span: { start, end: end + semicolon.length },
      newText: `-- Nothing to do yet: a migration of its own drops ${name} when no running version uses it any more.`,
    },
  ]);
  const back = script.downAs?.([], ['Nothing to take back.']);
  const added = contracted(change, [], `Drops ${name}.`, short);
  if (!emptied || !back || !added) return [];
  return [previewed(title, [...emptied.edits, ...back, ...added])];
}

/** The migration that drops it. */
function contracted(
  { statement, operation, script }: Drop,
  ahead: readonly string[],
  says: string,
  short: string,
): readonly Edit<Place>[] | undefined {
  const down = script.downBehind?.(ahead);
  const does = operation.kind === 'dropColumn' ? `drop ${operation.table.name} ${short}` : `drop ${short}`;
  const migration: NewMigration = {
    does,
    comments: [
      `${says} Deploy ${WAITING} reads or writes ${short}.`,
      'What is in it is lost: a way back brings it back empty.',
    ],
    up: [`${statement.textOf(operation.statement)};`],
    down: down ?? [],
    atOnce: true,
  };
  return down && script.tail?.add([migration]);
}

const WAITING = 'when no running version';

/** The fix has been there: the file says itself what it waits for. */
const isKeptBack = ({ statement, operation }: Drop): boolean =>
  statement.textOf({ start: 0, end: operation.statement.start }).includes(WAITING);
