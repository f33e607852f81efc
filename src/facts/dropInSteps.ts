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
  const { statement, script } = change;
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
  const expanded = letGoOf(change, title, said, alter, column.name);
  const first = upWith(
    change,
    isOnly(change) ? [`${alter} DROP NOT NULL;`] : statementWith(change, LET_GO(column.name)),
  );
  const down = downOf(change, first, [`${alter} SET NOT NULL;`]);
  const back =
    down &&
    script.downAs?.(down, [
      `Only while no row has NULL in ${column.name}: code that no longer writes it leaves it so.`,
    ]);
  const added = contracted(change, first, `Step 2 of 2 of dropping ${name}.`, column.name);
  if (!expanded || !back || !added) return [];
  const head = isFile ? [] : headOf(change, comments);
  return [previewed(title, [...expanded.edits, ...head, ...back, ...added])];
}

/** One command of a statement. */
const LET_GO = (column: string): string => `ALTER COLUMN ${quoted(column)} DROP NOT NULL`;

/** The statement is nothing else. */
const isOnly = ({ statement }: Drop): boolean => statement.operations.length === 1;

function letGoOf(change: Drop, title: string, said: string, alter: string, column: string): ProposedFix | undefined {
  const { operation } = change;
  const { start } = operation.statement;
  const edits = isOnly(change)
    ? [{ span: operation.statement, newText: `${said}${alter} DROP NOT NULL` }]
    : [
        ...(said === '' ? [] : [{ span: { start, end: start }, newText: said }]),
        { span: operation.span, newText: LET_GO(column) },
      ];
  return (isOnly(change) ? rewriteSent : rewriteIn)(change, title, edits)[0];
}

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
function movedWhole(change: Drop, name: string, short: string): readonly ProposedFix[] {
  const { statement, script } = change;
  if ((statement.builder || statement.inCode) && isWhole(change)) return [];
  const left = isWhole(change) ? 'Nothing to do yet: a' : 'A';
  const emptied = emptiedOf(
    change,
    `${left} migration of its own drops ${name} when no running version uses it any more.`,
  );
  const first = upWith(change, statementWith(change, ''));
  const down = downOf(change, first, []);
  const back = down && script.downAs?.(down, isWhole(change) ? ['Nothing to take back.'] : []);
  const added = contracted(change, first, `Drops ${name}.`, short);
  if (!emptied || !back || !added) return [];
  return [previewed(MOVED, [...emptied, ...back, ...added])];
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
