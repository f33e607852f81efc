/** CREATE INDEX and ALTER INDEX, and how the index of a partitioned table is put together from its partitions'. */
import { bindOver } from './bind';
import { isSameName, namesIndexesByTable } from './catalog';
import { type Draft, type Outcome, refuse } from './draft';
import { hasPartitions } from './foldAlone';
import { indexName } from './foldDialect';
import { refusedIndexOfForeign } from './foldForeign';
import { childrenOf, coversPartitionKey, inheritParts, mayBePartOf } from './foldInheritance';
import { withOptions } from './foldTableSetting';
import { withoutServed } from './impliedIndexes';
import { columnsRead, elementsInName, isVirtual, unfitIndex } from './indexable';
import { freeRelationName } from './names';
import type { Index, ObjectId, Table, View } from './object';
import type { OperationOf } from './operation';
import { columnIds, current, isRefusal, keyElements, relationFor, shown } from './refer';
import { isUsualOfParted, storedIn } from './storedAs';

export function foldCreateIndex(draft: Draft, op: OperationOf<'createIndex'>): Outcome {
  const relation = relationFor(draft, op.table);
  if (isRefusal(relation)) return relation;
  const foreign = draft.dialect === undefined ? refusedIndexOfForeign(relation) : undefined;
  if (foreign) return foreign;
  const given = op.name?.name;
  const isTaken =
    given !== undefined &&
    (namesIndexesByTable(draft)
      ? relation.indexes.some(({ name }) => isSameName(draft, name, given))
      : draft.taken('r', relation.schema, given));
  if (isTaken) return op.ifNotExists ? undefined : refuse('exists', `relation ${given} already exists`);
  const elements = keyElements(draft, relation, op.elements);
  if (isRefusal(elements)) return elements;
  const include = columnIds(draft, relation, op.include);
  if (isRefusal(include)) return include;
  const now = current(draft, relation);
  const columns = elements.flatMap(({ column }) => (column === undefined ? [] : [column]));
  const where = op.where ? bindOver(draft, op.where, now) : undefined;
  if (draft.dialect === undefined && isVirtual(now, columnsRead(elements, include, where)))
    return refuse('invalid', `an index of ${shown(now)} cannot hold a virtual generated column`);
  if (op.unique && now.kind === 'table' && !coversPartitionKey(now, columns))
    return refuse('invalid', `a unique index of the partitioned table ${shown(now)} must include its partition key`);
  const [first] = op.elements;
  const name =
    given ??
    (draft.dialect !== undefined && first?.column ? indexName(now, first.column.name) : undefined) ??
    freeRelationName(draft, now.schema, now.name, elementsInName(now, elements, include), 'idx', false);
  const index: Index = {
    id: draft.fresh(),
    name,
    unique: op.unique,
    method: op.method,
    elements,
    include,
    includeNamed: op.include.map(({ name: column }) => column),
    ...(where ? { where } : {}),
    nullsNotDistinct: op.nullsNotDistinct,
    options: op.options,
    ...storedIn({ tablespace: op.tablespace }),
    ...(op.words ? { words: op.words } : {}),
    ...(op.only && hasPartitions(draft, now) ? { invalid: true as const } : {}),
  };
  if (now.kind === 'table' && isUsualOfParted(op.tablespace, now))
    return refuse('invalid', `index ${name} of a partitioned table has no entries to lie in the usual tablespace`);
  const unfit = unfitIndex(draft, index, now);
  if (unfit) return unfit;
  draft.change<Table | View>(now, before => ({
    ...before,
    indexes: [...before.indexes, index],
    ...(before.kind === 'table' ? withoutServed(before, index) : {}),
  }));
  if (now.kind === 'table' && !op.only)
    for (const child of childrenOf(draft, now.id)) {
      const refused = inheritParts(draft, child, current(draft, now));
      if (refused) return refused;
    }
  if (!op.only) takeValidity(draft, now.id, index.id);
  return undefined;
}

/** An index of a partition may lack parts itself: the index that it is now part of lacks them too. */
function takeValidity(draft: Draft, table: ObjectId, index: ObjectId): void {
  if (partsOf(draft, table, index).some(({ invalid }) => invalid)) setValidity(draft, table, index, true);
}

const partsOf = (draft: Draft, table: ObjectId, index: ObjectId): readonly Index[] =>
  childrenOf(draft, table).flatMap(({ indexes }) => indexes.filter(({ parent }) => parent === index));

function setValidity(draft: Draft, table: ObjectId, index: ObjectId, lacksParts: boolean): void {
  const owner = draft.get(table);
  if (owner?.kind !== 'table') return;
  draft.change<Table>(owner, now => ({
    ...now,
    indexes: now.indexes.map(({ invalid, ...one }) =>
      one.id === index
        ? { ...one, ...(lacksParts ? { invalid: true as const } : {}) }
        : { ...one, ...(invalid ? { invalid } : {}) },
    ),
  }));
}

export function foldAttachIndex(draft: Draft, op: OperationOf<'attachIndex'>): Outcome {
  const parent = ownerOfIndex(draft, op.index);
  const child = ownerOfIndex(draft, op.child);
  if (!parent || !child)
    return draft.complete
      ? refuse('missing', `index ${shown(parent ? op.child : op.index)} does not exist`)
      : undefined;
  const [table, whole] = parent;
  const [owner, index] = child;
  if (table.kind !== 'table' || owner.kind !== 'table')
    return refuse('invalid', `${whole.name} is no index of a partitioned table`);
  if (index.parent === whole.id) return undefined;
  const refused = cannotBePart(table, whole, owner, index);
  if (refused) return refused;
  draft.change<Table>(owner, now => ({
    ...now,
    indexes: now.indexes.map(one => (one.id === index.id ? { ...one, parent: whole.id } : one)),
    constraints: now.constraints.map(one =>
      whole.constraint !== undefined && one.id === index.constraint
        ? { ...one, inherited: true, parent: whole.constraint }
        : one,
    ),
  }));
  completed(draft, table.id, whole.id);
  return undefined;
}

function cannotBePart(table: Table, whole: Index, owner: Table, index: Index): Outcome {
  const no = (why: string): Outcome => refuse('invalid', `cannot attach index ${index.name} to ${whole.name}: ${why}`);
  if (index.parent !== undefined) return no('it is attached to another');
  if (owner.partitionOf?.parent !== table.id)
    return owner.assumed || table.assumed ? undefined : no(`it is no index of a partition of ${shown(table)}`);
  if (owner.indexes.some(one => one.parent === whole.id)) return no(`${shown(owner)} has a part of it`);
  if (table.complete && owner.complete && !mayBePartOf(index, owner, whole, table)) return no('they differ');
  return whole.constraint !== undefined && index.constraint === undefined
    ? no('no constraint belongs to it')
    : undefined;
}

/** With a part on every partition the index is whole, and may complete one that it is part of. */
function completed(draft: Draft, table: ObjectId, index: ObjectId): void {
  const parts = partsOf(draft, table, index).filter(({ invalid }) => !invalid);
  if (parts.length !== childrenOf(draft, table).length) return;
  setValidity(draft, table, index, false);
  const owner = draft.get(table);
  const above = owner?.kind === 'table' ? owner.indexes.find(({ id }) => id === index)?.parent : undefined;
  if (owner?.kind === 'table' && owner.partitionOf && above !== undefined)
    completed(draft, owner.partitionOf.parent, above);
}

export function foldIndexOptions(draft: Draft, op: OperationOf<'setIndexOptions'>): Outcome {
  const found = ownerOfIndex(draft, op.index);
  if (!found) return draft.complete ? refuse('missing', `index ${shown(op.index)} does not exist`) : undefined;
  const [owner, index] = found;
  draft.change<Table | View>(owner, now => ({
    ...now,
    indexes: now.indexes.map(one => (one.id === index.id ? { ...one, options: withOptions(one.options, op) } : one)),
  }));
  return undefined;
}

export function ownerOfIndex(
  draft: Draft,
  name: { readonly schema?: string; readonly name: string },
): readonly [Table | View, Index] | undefined {
  const owner = draft.find('r', name);
  if (owner?.kind !== 'table' && owner?.kind !== 'view' && owner?.kind !== 'materializedView') return undefined;
  const index = owner.indexes.find(one => isSameName(draft, one.name, name.name));
  return index ? [owner, index] : undefined;
}
