/** What attaching a partition reads: nothing where a CHECK says already what the bound says. */
import { type Catalog, columnOfId, tablesOf } from './catalog';
import type { PartitionBound, QualifiedName } from './definition';
import type { Constraint, Table } from './object';
import { isFields, walk } from './tree';

/** The columns of a partitioned table's key; undefined where they are not known, or are expressions. */
export function keyColumns(table: Table | undefined): readonly string[] | undefined {
  if (!table?.partitionBy) return undefined;
  const names = table.partitionBy.elements.map(({ column }) =>
    column === undefined ? undefined : columnOfId(table, column)?.name,
  );
  return names.every((name): name is string => name !== undefined) ? names : undefined;
}

/** A validated CHECK speaks of the key, or, where that is not known, of a value of the bound. */
export function isCheckedForBound(
  partition: Table,
  bound: PartitionBound | undefined,
  keys: readonly string[] | undefined,
): boolean {
  const values = literalsOf(bound?.tree);
  return partition.constraints.some(
    constraint =>
      constraint.kind === 'check' &&
      constraint.validated &&
      (keys
        ? keys.every(key => speaksOf(partition, constraint, key))
        : literalsOf(constraint.expression.tree).some(value => values.includes(value))),
  );
}

function speaksOf(partition: Table, { columns }: Constraint, key: string): boolean {
  const column = partition.columns.find(({ name }) => name === key);
  return column !== undefined && columns.includes(column.id);
}

function literalsOf(tree: unknown): readonly string[] {
  const found: string[] = [];
  walk(tree, (key, node) => {
    if (key !== 'A_Const') return;
    for (const kind of ['sval', 'ival', 'fval'] as const) {
      const value = node[kind];
      if (isFields(value)) found.push(String(value[kind] ?? '0'));
    }
  });
  return found;
}

/** The default partition of a table, which has to give up the rows of every new bound, as a name at the table's place. */
export function defaultPartition(
  catalog: Catalog,
  table: Table | undefined,
  at: QualifiedName,
): QualifiedName | undefined {
  if (!table) return undefined;
  const found = tablesOf(catalog).find(({ partitionOf }) => partitionOf?.isDefault && partitionOf.parent === table.id);
  return found && { name: found.name, schema: found.schema, span: at.span };
}
