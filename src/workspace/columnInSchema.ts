/** What a schema has on a column, so that it falls with it or forbids that it falls. */
import type { Catalog } from '../catalog/catalog';
import { columnNames, isTable, isView } from '../catalog/catalog';
import type { ObjectId, Table } from '../catalog/object';

/** `index orders_status_idx`, `foreign key of order_lines`, `view open_orders`; of the column's own table and others. */
export function columnInSchema(catalog: Catalog, table: Table, name: string): readonly string[] {
  const column = table.columns.find(each => each.name.toLowerCase() === name.toLowerCase());
  if (!column) return [];
  const found: string[] = [];
  const isIn = (ids: readonly ObjectId[]): boolean => ids.includes(column.id);
  for (const constraint of table.constraints) {
    const own = 'columns' in constraint ? constraint.columns : [];
    const isNamed = isIn(own) || (constraint.kind === 'check' && isIn(constraint.expression.refs));
    if (!isNamed) continue;
    const to = constraint.kind === 'foreignKey' ? catalog.objects.get(constraint.table) : undefined;
    found.push(
      to?.kind === 'table'
        ? `foreign key ${constraint.name} to ${to.name}(${columnNames(to, constraint.kind === 'foreignKey' ? constraint.referenced : []).join(', ')})`
        : `${KINDS[constraint.kind] ?? 'constraint'} ${constraint.name}`,
    );
  }
  for (const index of table.indexes) {
    if (index.constraint !== undefined) continue;
    const isNamed =
      index.elements.some(each => each.column === column.id || (each.expression && isIn(each.expression.refs))) ||
      (index.where && isIn(index.where.refs));
    if (isNamed) found.push(`index ${index.name}`);
  }
  for (const object of catalog.objects.values()) {
    if (isView(object) && object.query && isIn(object.query.refs))
      found.push(`${object.kind === 'view' ? 'view' : 'materialized view'} ${object.name}`);
    if (isTable(object))
      for (const constraint of object.constraints)
        if (constraint.kind === 'foreignKey' && constraint.table === table.id && isIn(constraint.referenced))
          found.push(`foreign key ${constraint.name} of ${object.name}`);
  }
  return found;
}

const KINDS: Readonly<Record<string, string>> = {
  primaryKey: 'primary key',
  unique: 'unique constraint',
  check: 'check',
  exclude: 'exclusion constraint',
};
