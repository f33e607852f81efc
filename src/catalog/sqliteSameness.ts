/** Which of SQLite's tables and columns are the same before and after a step, and what of them has changed. */
import { nameOf as tokenName } from '../sql/tokens';
import { type Catalog, isTable, isView } from './catalog';
import type { Bound, Column, Constraint, Index, ObjectId, Other, Table, View } from './object';
import { ownerOf, sqliteTokens } from './sqliteText';
import { isFields } from './tree';

/** A table that is there before and after. */
export interface Pair {
  readonly now: Table;
  readonly then: Table;
  /** By the former column's identity. */
  readonly columns: ReadonlyMap<ObjectId, Column>;
}

export interface Matched {
  readonly pairs: readonly Pair[];
  /** There after the step alone. */
  readonly gone: readonly Table[];
  /** There before the step alone. */
  readonly lost: readonly Table[];
  /** From the identity after the step to the one before. */
  readonly former: (id: ObjectId) => ObjectId;
}

/** Identities first, as a rename keeps them; then names, as what was made anew has only that. */
function matched<Value extends { readonly id: ObjectId; readonly name: string }>(
  now: readonly Value[],
  then: readonly Value[],
): ReadonlyMap<ObjectId, Value> {
  const found = new Map<ObjectId, Value>();
  const left = new Map(now.map(each => [each.id, each]));
  for (const { id } of then) {
    const same = left.get(id);
    if (same) found.set(id, same);
    left.delete(id);
  }
  const byName = new Map([...left.values()].map(each => [each.name.toLowerCase(), each]));
  for (const { id, name } of then) {
    const same = found.has(id) ? undefined : byName.get(name.toLowerCase());
    if (same) found.set(id, same);
  }
  return found;
}

const tablesIn = (catalog: Catalog): readonly Table[] =>
  [...catalog.objects.values()].filter(
    (object): object is Table => isTable(object) && object.dropped !== true && object.persistence !== 'temporary',
  );

export const viewsIn = (catalog: Catalog): readonly View[] =>
  [...catalog.objects.values()].filter((object): object is View => isView(object) && !object.temporary);

export const triggersIn = (catalog: Catalog): readonly Other[] =>
  [...catalog.objects.values()].filter(
    (object): object is Other => object.kind === 'other' && object.what === 'trigger',
  );

export function matchTables(after: Catalog, before: Catalog): Matched {
  // what a foreign key names and no migration has made is not there
  const isThere = ({ assumed }: Table, { complete }: Catalog): boolean => !(assumed && complete);
  const now = tablesIn(after).filter(table => isThere(table, after));
  const then = tablesIn(before).filter(table => isThere(table, before));
  const tables = matched(now, then);
  const former = new Map<ObjectId, ObjectId>();
  const pairs: Pair[] = [];
  for (const table of then) {
    const current = tables.get(table.id);
    if (!current) continue;
    const columns = matched(current.columns, table.columns);
    // nothing of its rows would be left
    if (columns.size === 0 && table.columns.length > 0 && !table.assumed) continue;
    pairs.push({ now: current, then: table, columns });
    former.set(current.id, table.id);
    for (const [id, column] of columns) former.set(column.id, id);
  }
  for (const view of viewsIn(after)) {
    const was = viewsIn(before).find(({ name }) => name.toLowerCase() === view.name.toLowerCase());
    if (was) former.set(view.id, was.id);
  }
  return {
    pairs,
    gone: now.filter(table => !pairs.some(pair => pair.now === table)),
    lost: then.filter(table => !pairs.some(pair => pair.then === table)),
    former: id => former.get(id) ?? id,
  };
}

/** An expression by what it names, whatever that is called. */
function essence(bound: Bound | undefined, of: (id: ObjectId) => ObjectId): unknown {
  if (!bound) return null;
  return JSON.parse(
    JSON.stringify(bound.tree, (key, value: unknown) => {
      if (LEFT_OUT.test(key)) return undefined;
      if (key === '$id' || key === '$table' || key === '$of') return typeof value === 'number' ? of(value) : value;
      if (!isFields(value) || typeof value.$id !== 'number') return value;
      const { fields: _, relname: __, ...rest } = value;
      return rest;
    }),
  );
}

const LEFT_OUT = /^(?:\w*location|stmt_len|list_start|list_end)$/;

const squeezed = (text: string): string => text.toLowerCase().replace(/\s+/g, '');

type Former = (id: ObjectId) => ObjectId;

const itself: Former = id => id;

function columnEssence(column: Column, of: Former): string {
  const { type, words } = column;
  const collation = /\bcollate\s+["'`[]?(\w+)/i.exec(words?.type ?? '')?.[1]?.toLowerCase();
  return JSON.stringify([
    type ? [type.name, type.modifiers.map(squeezed)] : null,
    collation === 'binary' ? undefined : collation,
    column.notNull,
    essence(column.default, of),
    column.generated ? [essence(column.generated.value, of), column.generated.stored] : null,
    column.autoIncrement === true,
    (words?.rest ?? []).map(squeezed).filter(each => each !== 'null'),
  ]);
}

export const isSameColumn = (now: Column, then: Column, of: Former): boolean =>
  now.assumed === true || columnEssence(now, of) === columnEssence(then, itself);

function constraintEssence(constraint: Constraint, of: Former): string {
  const { kind, name, words } = constraint;
  const columns = kind === 'check' ? [] : constraint.columns.map(of);
  const own = words?.isNamed ? name.toLowerCase() : '';
  switch (constraint.kind) {
    case 'check':
      return JSON.stringify([kind, own, essence(constraint.expression, of)]);
    case 'foreignKey':
      return JSON.stringify([
        kind,
        own,
        columns,
        of(constraint.table),
        constraint.referenced.map(of),
        constraint.onUpdate,
        constraint.onDelete,
        deferral(words?.text),
      ]);
    default:
      return JSON.stringify([kind, own, columns, keyWords(words?.text)]);
  }
}

const deferral = (text = ''): string => squeezed(/\b(?:not\s+)?deferrable\b[\s\S]*/i.exec(text)?.[0] ?? '');

/** The order and collation of a key's columns, and what happens where it is violated. */
const keyWords = (text = ''): readonly string[] =>
  [...text.matchAll(/\bdesc\b|\bcollate\s+\w+|\bon\s+conflict\s+\w+/gi)].map(([word]) => squeezed(word));

/** Constraints of one list that the other has none like. */
export function constraintsApart({ now, then }: Pair, of: Former) {
  const left = [...then.constraints];
  const gone = now.constraints.filter(constraint => {
    const own = constraintEssence(constraint, of);
    const at = left.findIndex(each => constraintEssence(each, itself) === own);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
  return { gone, lost: left };
}

export interface TableChange extends Pair {
  readonly dropped: readonly Column[];
  readonly added: readonly Column[];
  readonly lostConstraints: readonly Constraint[];
  /** SQLite cannot alter it into what it was. */
  readonly isRebuilt: boolean;
}

export function changeOf(pair: Pair, of: Former): TableChange {
  const { now, then, columns } = pair;
  const kept = new Set([...columns.values()].map(({ id }) => id));
  const dropped = now.columns.filter(({ id }) => !kept.has(id));
  const added = then.columns.filter(({ id }) => !columns.has(id));
  const { gone, lost } = constraintsApart(pair, of);
  const goesAlong = (constraint: Constraint, with_: readonly Column[]): boolean =>
    (constraint.kind === 'check' || constraint.kind === 'foreignKey') &&
    with_.some(({ id }) => id === ownerOf(constraint));
  const isRebuilt =
    tailOf(now) !== tailOf(then) ||
    then.columns.some(column => {
      const current = columns.get(column.id);
      return current !== undefined && !isSameColumn(current, column, of);
    }) ||
    gone.some(each => !goesAlong(each, dropped)) ||
    lost.some(each => !goesAlong(each, added)) ||
    added.some(column => !isAddable(then, column));
  return { ...pair, dropped, added, lostConstraints: lost, isRebuilt };
}

/** WITHOUT ROWID and STRICT. */
const tailOf = ({ words }: Table): string =>
  squeezed(words?.tail ?? '')
    .split(',')
    .sort()
    .join(',');

/** What ADD COLUMN takes: https://sqlite.org/lang_altertable.html#alter_table_add_column */
function isAddable(table: Table, column: Column): boolean {
  const value = column.default?.text.trim();
  if (column.generated) return !column.generated.stored;
  if (value !== undefined && /^(?:\(|current_(?:time|date|timestamp)\b)/i.test(value)) return false;
  if (column.notNull && value === undefined) return false;
  const refers = table.constraints.some(each => each.kind === 'foreignKey' && ownerOf(each) === column.id);
  return !(refers && value !== undefined) && column.autoIncrement !== true;
}

export function isSameIndex(now: Index, then: Index, of: Former): boolean {
  const written = (index: Index, id: Former): string =>
    JSON.stringify([
      index.name.toLowerCase(),
      index.unique,
      index.elements.map(({ column, expression, collation, descending }) => [
        column === undefined ? null : id(column),
        essence(expression, id),
        collation,
        descending,
      ]),
      essence(index.where, id),
    ]);
  return written(now, of) === written(then, itself);
}

export const isSameView = (now: View, then: View, of: Former): boolean =>
  now.name.toLowerCase() === then.name.toLowerCase() &&
  JSON.stringify(now.columns.map(({ name }) => name)) === JSON.stringify(then.columns.map(({ name }) => name)) &&
  JSON.stringify(essence(now.query, of)) === JSON.stringify(essence(then.query, itself));

/** The words of a trigger, however it is quoted and spaced. */
const programOf = (text: string): string =>
  sqliteTokens(text)
    .map(token => (token.kind === 'text' ? text.slice(token.start, token.end) : tokenName(text, token).toLowerCase()))
    .join(' ')
    .replace(/\bif not exists\b/, '');

export const isSameTrigger = (now: Other, then: Other, of: Former): boolean =>
  now.text === then.text ||
  (programOf(now.text) === programOf(then.text) && (now.on === undefined ? undefined : of(now.on)) === then.on);
