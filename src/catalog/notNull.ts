/** Whether a table's own constraints say that a column holds no NULL, as PostgreSQL looks for it since 12. */
import { columnNamed, primaryKeyOf } from './catalog';
import type { Table } from './object';

/** The column is NOT NULL, or part of the primary key. */
export function isNotNull(table: Table, name: string): boolean {
  const column = columnNamed(table, name);
  if (!column) return false;
  return column.notNull || primaryKeyOf(table)?.columns.includes(column.id) === true;
}

/** A validated CHECK holds `column IS NOT NULL` for every row, alone or among others joined by AND. */
export const isCheckedNotNull = (table: Table, name: string): boolean =>
  table.constraints.some(
    constraint =>
      constraint.kind === 'check' &&
      constraint.validated &&
      conjuncts(constraint.expression.tree).some(each => isNotNullTest(each, table, name)),
  );

function conjuncts(tree: unknown): readonly unknown[] {
  const all = field(tree, 'BoolExpr');
  const parts = field(all, 'boolop') === 'AND_EXPR' ? field(all, 'args') : undefined;
  return Array.isArray(parts) ? parts.flatMap(conjuncts) : [tree];
}

/** Names are bound to identities by `$id`; those of a column that the history does not explain stay names. */
function isNotNullTest(tree: unknown, table: Table, name: string): boolean {
  const test = field(tree, 'NullTest');
  if (field(test, 'nulltesttype') !== 'IS_NOT_NULL') return false;
  const reference = field(field(test, 'arg'), 'ColumnRef');
  const id = field(reference, '$id');
  if (id !== undefined) return id === columnNamed(table, name)?.id;
  const fields = field(reference, 'fields');
  return Array.isArray(fields) && field(field(fields[fields.length - 1], 'String'), 'sval') === name;
}

const field = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
