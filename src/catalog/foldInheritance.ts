/** What tables take from their parents: columns and checks by inheritance, and keys, indexes and triggers as partitions. */
import { tablesOf } from './catalog';
import { type Draft, type Outcome, refuse } from './draft';
import { isForeign, refusedAsForeign, refusedOfForeign } from './foldForeign';
import { nameOfCopy } from './names';
import type { Bound, Column, Constraint, Index, KeyElement, ObjectId, Table, Trigger } from './object';
import { current, shown } from './refer';
import { essenceOfTree } from './sameness';
import { type Fields, mapTree } from './tree';

/** Partitions and inheriting tables of a table. */
export const childrenOf = (draft: Draft, id: ObjectId): readonly Table[] =>
  tablesOf(draft).filter(table => table.partitionOf?.parent === id || table.inherits.includes(id));

export const descendantsOf = (draft: Draft, id: ObjectId): readonly Table[] =>
  childrenOf(draft, id).flatMap(child => [child, ...descendantsOf(draft, child.id)]);

/** Gives a child its parent's columns, or the one of that name. */
export function inheritColumns(draft: Draft, child: Table, parent: Table, only?: string): void {
  const now = current(draft, child);
  const taken = current(draft, parent).columns.filter(({ name }) => only === undefined || name === only);
  const fresh: Column[] = [];
  for (const column of taken) {
    if (now.columns.some(({ name }) => name === column.name)) continue;
    const {
      identity: _,
      comment: __,
      local: ___,
      statistics: ____,
      options: _____,
      ownNotNull: ______,
      ...kept
    } = column;
    fresh.push({ ...kept, id: draft.fresh(), inherited: true });
  }
  // an expression over the parent's columns is one over the child's
  const all = [...now.columns, ...fresh];
  const ids = columnIdsByName(current(draft, parent).columns, all);
  const columns = all.map(column =>
    column.inherited && column.generated
      ? { ...column, generated: { ...column.generated, value: remapped(column.generated.value, ids) } }
      : column,
  );
  draft.change<Table>(now, before => ({ ...before, columns }));
}

/** A partition's columns are what its table's are. */
export function identityIn(draft: Draft, table: Table, column: Column): Column['identity'] {
  const parent = table.partitionOf && draft.version >= 17 ? draft.get(table.partitionOf.parent) : undefined;
  if (column.identity || parent?.kind !== 'table') return column.identity;
  const theirs = parent.columns.find(({ name }) => name === column.name);
  return theirs && identityIn(draft, parent, theirs);
}

/** From the ids of one table's columns to those of another's with the same names. */
function columnIdsByName(from: readonly Column[], to: readonly Column[]): ReadonlyMap<ObjectId, ObjectId> {
  const ids = new Map<ObjectId, ObjectId>();
  for (const column of from) {
    const same = to.find(({ name }) => name === column.name);
    if (same) ids.set(column.id, same.id);
  }
  return ids;
}

/** The same expression over other columns. */
export function remapped(bound: Bound, ids: ReadonlyMap<ObjectId, ObjectId>): Bound {
  const tree = mapTree(bound.tree, (_, value) => {
    const id = typeof value.$id === 'number' ? ids.get(value.$id) : undefined;
    return id === undefined ? value : { ...value, $id: id };
  });
  return { ...bound, tree: tree as Fields, refs: bound.refs.map(id => ids.get(id) ?? id) };
}

function remappedElements(
  elements: readonly KeyElement[],
  ids: ReadonlyMap<ObjectId, ObjectId>,
): readonly KeyElement[] {
  return elements.map(element => ({
    ...element,
    ...(element.column === undefined ? {} : { column: ids.get(element.column) ?? element.column }),
    ...(element.expression ? { expression: remapped(element.expression, ids) } : {}),
  }));
}

/**
 * Gives a child, and its children, what they lack of its parent's constraints, indexes and triggers.
 * @param comes  `now` where it becomes a child: then it gets parts of indexes too that not every partition has
 */
export function inheritParts(draft: Draft, child: Table, parent: Table, comes: 'now' | 'before' = 'before'): Outcome {
  const from = current(draft, parent);
  const ids = columnIdsByName(from.columns, current(draft, child).columns);
  for (const constraint of from.constraints)
    if (constraint.kind === 'check' && !constraint.noInherit) {
      const refused = inheritCheck(draft, child, constraint, ids);
      if (refused) return refused;
    }
  const notNull = new Set(from.columns.filter(column => column.notNull).map(({ name }) => name));
  draft.change<Table>(child, now => ({
    ...now,
    columns: now.columns.map(column =>
      !column.notNull && notNull.has(column.name) && (column.inherited || now.partitionOf)
        ? { ...column, notNull: true }
        : column,
    ),
  }));
  if (current(draft, child).partitionOf?.parent === from.id) {
    const refused = inheritAsPartition(draft, child, from, ids, comes);
    if (refused) return refused;
  }
  for (const grandchild of childrenOf(draft, child.id)) {
    const refused = inheritParts(draft, grandchild, current(draft, child));
    if (refused) return refused;
  }
  return undefined;
}

/** What is said of a part is not said of its copies. */
function asCopy<Part extends Constraint | Index | Trigger>(part: Part): Part {
  const { comment: _, invalid: __, ...copy } = part as Part & Pick<Index, 'invalid'>;
  return copy as Part;
}

function inheritCheck(
  draft: Draft,
  child: Table,
  constraint: Extract<Constraint, { kind: 'check' }>,
  ids: ReadonlyMap<ObjectId, ObjectId>,
): Outcome {
  const now = current(draft, child);
  const same = now.constraints.find(({ name }) => name === constraint.name);
  if (same && same.kind !== 'check') return refuse('exists', `constraint ${same.name} of ${shown(now)} already exists`);
  const { local: _, ...given } = asCopy(constraint);
  const copy = {
    ...given,
    columns: constraint.columns.map(id => ids.get(id) ?? id),
    expression: remapped(constraint.expression, ids),
    inherited: true,
  };
  draft.change<Table>(now, before => ({
    ...before,
    constraints: same
      ? before.constraints.map(one =>
          one.id === same.id ? { ...same, inherited: true, ...(same.inherited ? {} : { local: true }) } : one,
        )
      : [...before.constraints, { ...copy, id: draft.fresh() }],
  }));
  return undefined;
}

function inheritAsPartition(
  draft: Draft,
  child: Table,
  parent: Table,
  ids: ReadonlyMap<ObjectId, ObjectId>,
  comes: 'now' | 'before',
): Outcome {
  for (const index of parent.indexes) {
    if (index.invalid && comes === 'before') continue;
    const refused = inheritIndex(draft, child, parent, index, ids);
    if (refused) return refused;
  }
  for (const constraint of parent.constraints)
    if (constraint.kind === 'foreignKey') {
      const foreign = refusedOfForeign(current(draft, child), constraint.kind);
      if (foreign) return foreign;
      inheritForeignKey(draft, child, constraint, ids);
    }
  for (const trigger of parent.triggers) {
    const refused = trigger.forEachRow ? inheritTrigger(draft, child, trigger, ids) : undefined;
    if (refused) return refused;
  }
  return undefined;
}

function inheritTrigger(draft: Draft, child: Table, trigger: Trigger, ids: ReadonlyMap<ObjectId, ObjectId>): Outcome {
  const now = current(draft, child);
  const there = now.triggers.find(({ name }) => name === trigger.name);
  if (there?.parent === trigger.id) return undefined;
  if (there) return refuse('exists', `trigger ${there.name} for ${shown(now)} already exists`);
  const copy: Trigger = {
    ...asCopy(trigger),
    id: draft.fresh(),
    parent: trigger.id,
    columns: trigger.columns.map(id => ids.get(id) ?? id),
    ...(trigger.when ? { when: remapped(trigger.when, ids) } : {}),
  };
  draft.change<Table>(now, before => ({ ...before, triggers: [...before.triggers, copy] }));
  return undefined;
}

type ForeignKey = Extract<Constraint, { kind: 'foreignKey' }>;

/** What two foreign keys have in common when one may become part of the other. */
const bondOf = ({
  columns,
  table,
  referenced,
  onUpdate,
  onDelete,
  onDeleteColumns,
  match,
  ...rest
}: ForeignKey): string =>
  JSON.stringify([
    columns,
    table,
    referenced,
    onUpdate,
    onDelete,
    onDeleteColumns,
    match,
    rest.deferrable,
    rest.enforced,
  ]);

/** An equal one of the partition's own becomes part of its table's, and falls with it from then on. */
function inheritForeignKey(
  draft: Draft,
  child: Table,
  constraint: ForeignKey,
  ids: ReadonlyMap<ObjectId, ObjectId>,
): void {
  const now = current(draft, child);
  if (now.constraints.some(one => one.parent === constraint.id)) return;
  const here = (columns: readonly ObjectId[]) => columns.map(id => ids.get(id) ?? id);
  const copy: ForeignKey = {
    ...asCopy(constraint),
    id: draft.fresh(),
    columns: here(constraint.columns),
    onDeleteColumns: here(constraint.onDeleteColumns),
    inherited: true,
    parent: constraint.id,
  };
  const same = now.constraints.find(
    one => one.kind === 'foreignKey' && one.parent === undefined && bondOf(one) === bondOf(copy),
  );
  draft.change<Table>(now, before => ({
    ...before,
    constraints: same
      ? before.constraints.map(one => (one === same ? { ...one, inherited: true, parent: constraint.id } : one))
      : [...before.constraints, copy],
  }));
}

/** Whether an index of a partition may become part of that one of its table's. */
export function mayBePartOf(own: Index, child: Table, index: Index, parent: Table): boolean {
  const ids = columnIdsByName(parent.columns, child.columns);
  const there: Index = {
    ...index,
    elements: remappedElements(index.elements, ids),
    include: index.include.map(id => ids.get(id) ?? id),
    ...(index.where ? { where: remapped(index.where, ids) } : {}),
  };
  return shapeOf(own) === shapeOf(there);
}

/** What two indexes have in common when one may be attached to the other. */
const shapeOf = (index: Index): string =>
  JSON.stringify([
    index.unique,
    index.method,
    index.elements.map(({ column, expression, collation, opclass }) => [
      column,
      essenceOfTree(expression?.tree),
      collation,
      opclass,
    ]),
    index.include,
    essenceOfTree(index.where?.tree),
    index.nullsNotDistinct,
  ]);

/** Uniqueness is kept per partition. */
export const coversPartitionKey = (table: Table, columns: readonly ObjectId[]): boolean =>
  (table.partitionBy?.elements ?? []).every(({ column }) => column !== undefined && columns.includes(column));

function inheritIndex(
  draft: Draft,
  child: Table,
  parent: Table,
  index: Index,
  ids: ReadonlyMap<ObjectId, ObjectId>,
): Outcome {
  const now = current(draft, child);
  if (now.indexes.some(one => one.parent === index.id)) return undefined;
  if (isForeign(now)) return refusedAsForeign(now, index);
  const constraint = parent.constraints.find(({ id }) => id === index.constraint);
  const elements = remappedElements(index.elements, ids);
  const include = index.include.map(id => ids.get(id) ?? id);
  // a partition may be parted by other columns than its table
  if (index.unique || constraint?.kind === 'exclude') {
    const columns = elements.flatMap(({ column }) => (column === undefined ? [] : [column]));
    if (!coversPartitionKey(now, columns))
      return refuse('invalid', `unique index ${index.name} must include the partition key of ${shown(now)}`);
  }
  const copy: Index = {
    ...asCopy(index),
    id: draft.fresh(),
    elements,
    include,
    parent: index.id,
    ...(index.where ? { where: remapped(index.where, ids) } : {}),
  };
  // one that serves a constraint of that kind for a constraint, and any for an index without one
  const kindOf = (one: Index) => now.constraints.find(({ id }) => id === one.constraint)?.kind;
  const same = now.indexes.find(
    one =>
      one.parent === undefined &&
      (constraint === undefined || kindOf(one) === constraint.kind) &&
      shapeOf(one) === shapeOf(copy),
  );
  if (same) {
    draft.change<Table>(now, before => ({
      ...before,
      indexes: before.indexes.map(one => (one === same ? { ...one, parent: index.id } : one)),
      // its constraint is part of the partitioned table's from then on
      constraints: before.constraints.map(one =>
        constraint && one.id === same.constraint ? { ...one, inherited: true, parent: constraint.id } : one,
      ),
    }));
    return undefined;
  }
  if (constraint?.kind === 'primaryKey' && now.constraints.some(({ kind }) => kind === 'primaryKey'))
    return refuse('exists', `${shown(now)} has a primary key already`);
  const name = nameOfCopy(draft, now, index, constraint?.kind, parent.columns);
  const constraintId = draft.fresh();
  draft.change<Table>(now, before => ({
    ...before,
    indexes: [...before.indexes, { ...copy, name, ...(constraint ? { constraint: constraintId } : {}) }],
    constraints:
      constraint && 'index' in constraint
        ? [
            ...before.constraints,
            asCopy<Constraint>({
              ...constraint,
              id: constraintId,
              name,
              index: copy.id,
              columns: constraint.columns.map(id => ids.get(id) ?? id),
              inherited: true,
              parent: constraint.id,
            }),
          ]
        : before.constraints,
  }));
  return undefined;
}
