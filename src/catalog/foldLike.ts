/** CREATE TABLE … (LIKE other INCLUDING …): what is copied, and under which names. */
import { type Draft, type Outcome, refuse } from './draft';
import { isForeign } from './foldForeign';
import { identityIn, remapped } from './foldInheritance';
import { freeRelationName, freeStatisticsName, nameOfCopy } from './names';
import type { Column, Constraint, Index, KeyElement, Sequence, Statistics, Table } from './object';
import type { LikeClause } from './operation';
import { current, isRefusal, relationFor, shown } from './refer';

/** What a foreign table does not take from another. */
const NOT_OF_FOREIGN: readonly string[] = ['identity', 'indexes', 'storage', 'compression'];

/** Copies columns (their types and NOT NULL always) and, with INCLUDING, the rest. Foreign keys are never copied. */
export function copyLike(draft: Draft, table: Table, like: LikeClause): Outcome {
  const source = relationFor(draft, like.table);
  if (isRefusal(source)) return source;
  const isForeignCopy = isForeign(current(draft, table));
  if (isForeignCopy && draft.version < 18)
    return refuse('invalid', `LIKE is not supported for the foreign table ${shown(table)}`);
  const including = isForeignCopy
    ? new Set([...like.including].filter(what => !NOT_OF_FOREIGN.includes(what)))
    : like.including;
  const ids = new Map<number, number>();
  for (const column of source.columns) ids.set(column.id, draft.fresh());
  const columns = source.columns.map((column): Column => {
    const {
      default: value,
      generated,
      identity: _,
      comment,
      storage,
      compression,
      statistics: ____,
      options: ______,
      inherited: __,
      local: ___,
      ownNotNull: _____,
      ...kept
    } = column;
    return {
      ...kept,
      id: ids.get(column.id) ?? column.id,
      ...(value && including.has('defaults') ? { default: value } : {}),
      ...(generated && including.has('generated')
        ? { generated: { ...generated, value: remapped(generated.value, ids) } }
        : {}),
      ...(comment !== undefined && including.has('comments') ? { comment } : {}),
      ...(storage !== undefined && including.has('storage') ? { storage } : {}),
      ...(compression !== undefined && including.has('compression') ? { compression } : {}),
    };
  });
  draft.change<Table>(table, now => ({
    ...now,
    columns: [...now.columns, ...columns],
    complete: now.complete && (source.kind !== 'table' || source.complete),
  }));
  if (source.kind !== 'table') return undefined;
  if (including.has('identity')) for (const column of source.columns) copyIdentity(draft, table, source, column, ids);
  if (including.has('constraints'))
    for (const constraint of source.constraints)
      if (constraint.kind === 'check')
        draft.change<Table>(table, now => ({
          ...now,
          constraints: [
            ...now.constraints,
            {
              ...ownOf(constraint, including.has('comments')),
              id: draft.fresh(),
              validated: true,
              columns: constraint.columns.map(id => ids.get(id) ?? id),
              expression: remapped(constraint.expression, ids),
            },
          ],
        }));
  const commented = including.has('comments');
  if (including.has('indexes'))
    for (const index of source.indexes) copyIndex(draft, table, source, index, ids, commented);
  if (including.has('statistics'))
    for (const object of [...draft.objects.values()])
      if (object.kind === 'statistics' && object.table === source.id)
        copyStatistics(draft, table, source, object, ids, commented);
  return undefined;
}

/** A copy belongs to nobody's parent. */
function ownOf<One extends Constraint>(
  { inherited: _, local: __, parent: ___, comment, ...own }: One,
  says: boolean,
): One {
  return { ...own, ...(says && comment !== undefined ? { comment } : {}) } as One;
}

/** Columns come in the order of the table, and expressions last. */
function copyStatistics(
  draft: Draft,
  table: Table,
  source: Table,
  statistics: Statistics,
  ids: ReadonlyMap<number, number>,
  commented: boolean,
): void {
  const { comment, owner: _, ...kept } = statistics;
  const { schema, name } = current(draft, table);
  const own = source.columns.flatMap(({ id, name: named }) =>
    statistics.elements.some(({ column }) => column === id)
      ? [{ column: ids.get(id) ?? id, named, opclassOptions: [], descending: false }]
      : [],
  );
  const expressions = statistics.elements.flatMap(element =>
    element.expression ? [{ ...element, expression: remapped(element.expression, ids) }] : [],
  );
  const elements: readonly KeyElement[] = [...own, ...expressions];
  draft.put({
    ...kept,
    id: draft.fresh(),
    schema,
    name: freeStatisticsName(
      draft,
      schema,
      name,
      elements.map(({ named }) => named),
    ),
    table: table.id,
    elements,
    ...(commented && comment !== undefined ? { comment } : {}),
  });
}

/** The copy's sequence has the settings of the original's, whatever type they came from. */
function copyIdentity(
  draft: Draft,
  table: Table,
  source: Table,
  column: Column,
  ids: ReadonlyMap<number, number>,
): void {
  const identity = identityIn(draft, source, column);
  const original = identity ? draft.get(identity.sequence) : undefined;
  const id = ids.get(column.id);
  if (!identity || original?.kind !== 'sequence' || id === undefined) return;
  const now = current(draft, table);
  const { type, ...options } = original.options;
  const max = type === 'integer' ? '2147483647' : type === 'smallint' ? '32767' : undefined;
  const sequence: Sequence = {
    ...original,
    id: draft.fresh(),
    schema: now.schema,
    name: freeRelationName(draft, now.schema, now.name, column.name, 'seq', false),
    options: { ...(max === undefined ? {} : { max }), ...options },
    ownedBy: { table: table.id, column: id },
    grants: [],
  };
  draft.put(sequence);
  const { always } = identity;
  draft.change<Table>(table, before => ({
    ...before,
    columns: before.columns.map(one => (one.id === id ? { ...one, identity: { always, sequence: sequence.id } } : one)),
  }));
}

function copyIndex(
  draft: Draft,
  table: Table,
  source: Table,
  index: Index,
  ids: ReadonlyMap<number, number>,
  commented: boolean,
): void {
  const now = current(draft, table);
  const constraint = source.constraints.find(({ id }) => id === index.constraint);
  const name = nameOfCopy(draft, now, index, constraint?.kind, source.columns);
  const constraintId = draft.fresh();
  const { parent: _, invalid: __, comment, ...kept } = index;
  const copy: Index = {
    ...kept,
    ...(commented && comment !== undefined ? { comment } : {}),
    id: draft.fresh(),
    name,
    elements: index.elements.map(element => ({
      ...element,
      ...(element.column === undefined ? {} : { column: ids.get(element.column) ?? element.column }),
      ...(element.expression ? { expression: remapped(element.expression, ids) } : {}),
    })),
    include: index.include.map(id => ids.get(id) ?? id),
    ...(index.where ? { where: remapped(index.where, ids) } : {}),
    ...(constraint ? { constraint: constraintId } : {}),
  };
  draft.change<Table>(now, before => ({
    ...before,
    indexes: [...before.indexes, copy],
    constraints:
      constraint && 'index' in constraint
        ? [
            ...before.constraints,
            {
              ...ownOf(constraint, false),
              id: constraintId,
              name,
              index: copy.id,
              columns: constraint.columns.map(id => ids.get(id) ?? id),
            },
          ]
        : before.constraints,
  }));
}
