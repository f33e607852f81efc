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
import type { AtDatabase } from '../migrations/written/django';
import { headOf, withoutTwins } from './expandContract';
import { tableText } from './newMigrations';
import { changesIn, insertion, rewriteIn, rewriteSent } from './schemaChanges';
import type { SchemaChange, SchemaScript } from './schemaScripts';
import { isWhole, rowsAreMoved, statementWith, upWith } from './stepParts';

type Drop = SchemaChange<OperationOf<'drop' | 'dropColumn'>>;

/** The drop that stands at a place. */
export function dropAt(scripts: readonly SchemaScript[], { unit, start }: Place): Drop | undefined {
  for (const script of scripts)
    for (const change of changesIn(script, 'drop', 'dropColumn'))
      if (change.at.unit === unit && change.at.start === start) return change;
  return undefined;
}

/** The fix of a drop; none where the rest of the migration stands on it, it has run somewhere, or its tool's way is not certain. */
export function dropInSteps(change: Drop): readonly ProposedFix[] {
  const { script, before, statement } = change;
  if (!script.isNewest || !script.tail || script.isPartial) return [];
  // a name that is read without its prefix is written with it by nobody
  if (script.dialect !== 'postgresql' || !statement.takes('') || isKeptBack(change)) return [];
  const dropped = droppedBy(change);
  const table = dropped && tableNamed(before, dropped.table);
  if (!table || table.assumed || !table.complete) return [];
  if (!isWhole(change) && rowsAreMoved(change, dropped.column ?? table.name)) return [];
  if (dropped.column === undefined) return movedWhole(change, table, undefined);
  const column = columnNamed(table, dropped.column);
  if (!column || column.assumed || column.inherited) return [];
  return isFilled(column) ? movedWhole(change, table, column) : letGo(change, table, column);
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
  const { statement } = change;
  if (!mayBeNull(change, table, column)) return [];
  const name = `${table.name}.${column.name}`;
  const alter = `ALTER TABLE ${tableText(table)} ALTER COLUMN ${quoted(column.name)}`;
  const title = 'Drop it in 2 steps: NOT NULL now, the column in a new migration that waits for the code';
  const comments = [
    `Step 1 of 2 of dropping ${name}. May be deployed at once: code that writes it goes on, code that does not can insert.`,
    'Code that still reads it meets NULL in the rows of code that no longer writes it.',
  ];
  const step = { comments, up: [`${alter} DROP NOT NULL;`], down: [`${alter} SET NOT NULL;`] };
  const command = `ALTER COLUMN ${quoted(column.name)} DROP NOT NULL`;
  const ahead = upWith(change, isOnly(change) ? step.up : statementWith(change, command));
  const own = statement.builder?.()?.atDatabase;
  const first = own ? cascadesNothing(table, column) && own(step) : letGoBy(change, title, step, command, ahead);
  const added = contracted(change, ahead, `Step 2 of 2 of dropping ${name}.`, column.name);
  return first && added ? [previewed(title, [...first, ...added])] : [];
}

/** The first step in the place of the drop, and its way back. */
function letGoBy(
  change: Drop,
  title: string,
  { comments, up, down }: AtDatabase,
  command: string,
  all: readonly string[],
): readonly Edit<Place>[] | undefined {
  const { statement, operation, script } = change;
  const isFile = !statement.builder && !statement.inCode;
  const said = isFile ? comments.map(each => `-- ${each}\n`).join('') : '';
  const { start } = operation.statement;
  const [expanded] = isOnly(change)
    ? rewriteSent(change, title, [{ span: operation.statement, newText: `${said}${up.join('').replace(/;$/, '')}` }])
    : rewriteIn(change, title, [
        ...(said === '' ? [] : [insertion(start, said)]),
        { span: operation.span, newText: command },
      ]);
  const written = downOf(change, all, down);
  const back =
    written &&
    script.downAs?.(written, [
      `Only while no row has NULL in ${droppedBy(change)?.column}: code that no longer writes it leaves it so.`,
    ]);
  return expanded && back && withoutTwins([...expanded.edits, ...(isFile ? [] : headOf(change, comments)), ...back]);
}

/** A tool that deletes by itself what refers to a row knows nothing any more of a key that the database still has. */
const cascadesNothing = ({ constraints }: Table, column: Column | undefined): boolean =>
  !constraints.some(each => each.kind === 'foreignKey' && (!column || each.columns.includes(column.id)));

/** The statement is nothing else. */
const isOnly = ({ statement }: Drop): boolean => statement.operations.length === 1;

/** The way back of the first step, with what takes the rest of the migration back. */
function downOf(change: Drop, up: readonly string[], instead: readonly string[]): readonly string[] | undefined {
  if (isWhole(change)) return instead;
  const dropped = droppedBy(change);
  return change.script.others?.wayBackOf(up, [], {
    isOf: each =>
      dropped?.column === undefined
        ? each.kind === 'createTable' && each.name.name === dropped?.table.name
        : each.kind === 'addColumn' &&
          each.column.name.name === dropped.column &&
          each.table.name === dropped.table.name,
    by: instead,
  });
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

/**
 * Nothing is in the way of code that does without it: the migration stays, and does the rest. A program says nothing by doing
 * nothing.
 */
function movedWhole(change: Drop, table: Table, column: Column | undefined): readonly ProposedFix[] {
  const { statement } = change;
  const name = column ? `${table.name}.${column.name}` : table.name;
  const own = statement.builder?.()?.atDatabase;
  if ((statement.builder || statement.inCode) && isWhole(change) && !own) return [];
  const ahead = upWith(change, statementWith(change, ''));
  const by = `igration of its own drops ${name} when no running version uses it any more.`;
  const first = own
    ? cascadesNothing(table, column) && own({ comments: [`A m${by}`], up: [], down: [] })
    : emptiedBy(change, `${isWhole(change) ? 'Nothing to do yet: a' : 'A'} m${by}`, ahead);
  const added = contracted(change, ahead, `Drops ${name}.`, column?.name ?? table.name);
  return first && added ? [previewed(MOVED, [...first, ...added])] : [];
}

/** The migration without the drop, and its way back. */
function emptiedBy(change: Drop, says: string, all: readonly string[]): readonly Edit<Place>[] | undefined {
  const emptied = emptiedOf(change, says);
  const down = downOf(change, all, []);
  const back = down && change.script.downAs?.(down, isWhole(change) ? ['Nothing to take back.'] : []);
  return emptied && back && [...emptied, ...back];
}

const MOVED = 'Drop it in a new migration that waits for the code';

/** The statement without the drop; a comment where nothing is left of it. */
function emptiedOf(change: Drop, says: string): readonly Edit<Place>[] | undefined {
  const { statement, operation } = change;
  const { start, end } = operation.statement;
  const isCode = statement.builder !== undefined || statement.inCode;
  if (isOnly(change) && isCode) return statement.without?.(says);
  const rest = statementWith(change, '').join('').replace(/;$/, '');
  const [semicolon = ''] = /^\s*;/.exec(statement.textOf({ start: end, end: end + 20 })) ?? [];
  const edit = isOnly(change)
    ? { span: { start, end: end + semicolon.length }, newText: `-- ${says}` }
    : { span: { start, end }, newText: isCode ? rest : `-- ${says}\n${rest}` };
  return rewriteIn(change, MOVED, [edit])[0]?.edits;
}

/** The migration that drops it. */
function contracted(
  change: Drop,
  ahead: readonly string[],
  says: string,
  short: string,
): readonly Edit<Place>[] | undefined {
  const { statement, operation, script } = change;
  const drop = isOnly(change) ? `${statement.textOf(operation.statement)};` : dropOf(change);
  if (!isWhole(change) && !script.others?.comeToTheSame([...ahead, drop])) return undefined;
  const down = script.others?.wayBackOf([drop], ahead);
  const does = operation.kind === 'dropColumn' ? `drop ${operation.table.name} ${short}` : `drop ${short}`;
  const migration: NewMigration = {
    does,
    comments: [
      `${says} Deploy ${WAITING} reads or writes ${short}.`,
      'What is in it is lost: a way back brings it back empty.',
    ],
    up: [drop],
    down: down ?? [],
    atOnce: true,
  };
  return down && script.tail?.add([migration]);
}

/** One of several commands, as a statement of its own. */
const dropOf = ({ statement, operation }: Drop): string =>
  `ALTER TABLE ${operation.kind === 'dropColumn' ? tableText({ ...operation.table, schema: operation.table.schema ?? 'public' }) : ''} ${statement.textOf(operation.span)};`;

const WAITING = 'when no running version';

/** The fix has been there: the file says itself what it waits for. */
const isKeptBack = ({ statement, operation }: Drop): boolean =>
  statement.textOf({ start: 0, end: operation.statement.start }).includes(WAITING);
