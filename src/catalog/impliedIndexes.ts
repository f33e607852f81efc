/** The indexes that MySQL keeps for foreign keys by itself: each gives way to one that is written and serves as well. */
import { isSameName } from './catalog';
import type { Draft } from './draft';
import type { ImpliedIndex, Index, ObjectId, Table } from './object';
import { current } from './refer';

/** Makes one for a new foreign key where no index begins with its columns; a shorter one of its own goes. */
export function imply(draft: Draft, table: Table, implied: ImpliedIndex): void {
  const now = current(draft, table);
  const others = now.implied ?? [];
  const isLonger = (columns: readonly ObjectId[]): boolean =>
    columns.length > implied.columns.length && beginsWith(columns, implied.columns);
  if (now.indexes.some(index => serves(index, implied.columns))) return;
  if (others.some(({ columns }) => isLonger(columns))) return;
  const left = others.filter(({ columns }) => !beginsWith(implied.columns, columns));
  draft.change<Table>(now, before => ({ ...before, implied: [...left, implied] }));
}

/** A written index takes the place of those that it serves as well as. */
export function withoutServed(table: Table, index: Index): Pick<Table, 'implied'> {
  return table.implied ? { implied: table.implied.filter(({ columns }) => !serves(index, columns)) } : {};
}

/** What is left of them without a column. */
export const shrunk = ({ implied }: Table, column: ObjectId): Pick<Table, 'implied'> =>
  implied
    ? {
        implied: implied
          .map(({ name, columns }) => ({ name, columns: columns.filter(id => id !== column) }))
          .filter(({ columns }) => columns.length > 0),
      }
    : {};

/** Drops the one of that name, if there is one. */
export function dropImplied(draft: Draft, table: Table, name: string): boolean {
  const isIt = (each: ImpliedIndex): boolean => isSameName(draft, each.name, name);
  if (!table.implied?.some(isIt)) return false;
  draft.change<Table>(table, now => ({ ...now, implied: (now.implied ?? []).filter(each => !isIt(each)) }));
  return true;
}

/** Calls the one of that name otherwise, if there is one. */
export function renameImplied(draft: Draft, table: Table, name: string, to: string): void {
  draft.change<Table>(table, now => ({
    ...now,
    ...(now.implied
      ? { implied: now.implied.map(each => (isSameName(draft, each.name, name) ? { ...each, name: to } : each)) }
      : {}),
  }));
}

/** A part of a text does not serve. */
const serves = ({ elements, method }: Index, columns: readonly ObjectId[]): boolean =>
  method === 'btree' &&
  columns.every((column, at) => elements[at]?.column === column && elements[at]?.opclassOptions.length === 0);

const beginsWith = (columns: readonly ObjectId[], beginning: readonly ObjectId[]): boolean =>
  beginning.every((column, at) => columns[at] === column);
