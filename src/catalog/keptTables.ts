/** What a way back on another server than PostgreSQL begins with: the tables of both catalogs, and the order of all others. */
import { type Catalog, isTable } from './catalog';
import type { Constraint, ObjectId, Table } from './object';

/** A table of both catalogs, with what of it is the same in both. */
export interface Kept {
  readonly now: Table;
  readonly then: Table;
  /** From columns after the step to those before it. */
  readonly columns: ReadonlyMap<ObjectId, ObjectId>;
}

/** A column that was dropped and made anew may be called as the former one, but its values are not. */
export function keptTable(now: Table, then: Table): Kept {
  const former = new Set(then.columns.map(({ id }) => id));
  const columns = new Map(now.columns.flatMap(({ id }) => (former.has(id) ? [[id, id] as const] : [])));
  return { now, then, columns };
}

export interface Matched {
  readonly kept: readonly Kept[];
  /** In the order in which they were made. */
  readonly missing: readonly Table[];
  readonly doomed: readonly Table[];
}

/** Tables are told by their identity: one that was dropped and made anew has other rows. */
export function matchedTables(after: Catalog, before: Catalog): Matched {
  const kept: Kept[] = [];
  const missing: Table[] = [];
  for (const then of before.objects.values()) {
    if (!isTable(then) || then.dropped) continue;
    const now = after.objects.get(then.id);
    if (isTable(now) && !now.dropped) kept.push(keptTable(now, then));
    else missing.push(then);
  }
  const doomed = [...after.objects.values()].filter(
    (one): one is Table => isTable(one) && !one.assumed && !isTable(before.objects.get(one.id)),
  );
  return { kept: kept.filter(({ now, then }) => now !== then), missing, doomed };
}

export type ForeignKey = Extract<Constraint, { readonly kind: 'foreignKey' }>;

export const foreignKeysOf = (table: Table): readonly ForeignKey[] =>
  table.constraints.filter((each): each is ForeignKey => each.kind === 'foreignKey');

export interface Fallen {
  readonly table: Table;
  /** Foreign keys of tables that fall later, which stand in its way: where tables refer to each other. */
  readonly inTheWay: readonly { readonly of: Table; readonly key: ForeignKey }[];
}

/** Tables in the order in which they can be dropped. */
export function fallingOrder(doomed: readonly Table[]): readonly Fallen[] {
  const order: Fallen[] = [];
  const left = new Set(doomed);
  const keysOn = (table: Table) =>
    [...left].flatMap(of =>
      of === table ? [] : foreignKeysOf(of).flatMap(key => (key.table === table.id ? [{ of, key }] : [])),
    );
  while (left.size > 0) {
    const free = [...left].reverse().find(table => keysOn(table).length === 0);
    const table = free ?? [...left][left.size - 1];
    if (!table) break;
    order.push({ table, inTheWay: free ? [] : keysOn(table) });
    left.delete(table);
  }
  return order;
}

export interface Created {
  readonly table: Table;
  /** Those that can be made with it; the others follow when all tables are there. */
  readonly keys: readonly ForeignKey[];
}

/** Tables in the order in which they can be made. */
export function creatingOrder(missing: readonly Table[]): readonly Created[] {
  const order: Created[] = [];
  const left = new Set(missing);
  const isThere = (id: ObjectId, table: Table): boolean => id === table.id || ![...left].some(each => each.id === id);
  while (left.size > 0) {
    const table = [...left].find(each => foreignKeysOf(each).every(key => isThere(key.table, each))) ?? [...left][0];
    if (!table) break;
    order.push({ table, keys: foreignKeysOf(table).filter(key => isThere(key.table, table)) });
    left.delete(table);
  }
  return order;
}
