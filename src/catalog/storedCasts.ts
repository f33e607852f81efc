/** The casts that the server has written into what it stores over a column, and that stay when the column gets another type. */
import { deparsed } from './deparse';
import type { Draft } from './draft';
import type { Bound, Column, KeyElement, ObjectId, Statistics, Table } from './object';
import { type Fields, isFields, mapTree } from './tree';
import { isCollatable } from './types';

/** Functions and operators are of text: a `varchar` that becomes something else is a text in them from then on. */
export function keepCasts(draft: Draft, table: Table, column: Column, to: Column['type']): void {
  if (draft.dialect !== undefined || column.type?.name !== 'character varying' || column.type.dimensions > 0) return;
  if (!to || (to.id === undefined && isCollatable(to))) return;
  const cast = (bound: Bound): Bound => asText(bound, column.id);
  const inElements = (elements: readonly KeyElement[]): readonly KeyElement[] =>
    elements.map(element => (element.expression ? { ...element, expression: cast(element.expression) } : element));
  draft.change<Table>(table, now => ({
    ...now,
    indexes: now.indexes.map(index => ({
      ...index,
      elements: inElements(index.elements),
      ...(index.where ? { where: cast(index.where) } : {}),
    })),
    constraints: now.constraints.map(one =>
      one.kind === 'check' ? { ...one, expression: cast(one.expression) } : one,
    ),
  }));
  for (const object of [...draft.objects.values()])
    if (object.kind === 'statistics' && object.table === table.id)
      draft.change<Statistics>(object, now => ({ ...now, elements: inElements(now.elements) }));
}

const TEXT = { typeName: { names: [{ String: { sval: 'text' } }], typemod: -1 } };

function asText(bound: Bound, column: ObjectId): Bound {
  if (!bound.refs.includes(column)) return bound;
  // `IS NULL` and a cast take any type
  const tree = mapTree(bound.tree, (key, value) =>
    key !== 'arg' && isFields(value.ColumnRef) && value.ColumnRef.$id === column
      ? { TypeCast: { arg: value, ...TEXT } }
      : value,
  );
  return tree === bound.tree ? bound : { ...bound, tree: tree as Fields, text: deparsed(tree) };
}
