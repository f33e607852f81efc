/** What attaching a partition reads: nothing where a CHECK says already what the bound says. */
import { type Catalog, columnOfId, tablesOf } from './catalog';
import type { PartitionBound, QualifiedName } from './definition';
import type { Constraint, Table } from './object';
import { type Fields, isFields, strings, walk } from './tree';

/** The columns of a partitioned table's key; undefined where they are not known, or are expressions. */
export function keyColumns(table: Table | undefined): readonly string[] | undefined {
  if (!table?.partitionBy) return undefined;
  const names = table.partitionBy.elements.map(({ column }) =>
    column === undefined ? undefined : columnOfId(table, column)?.name,
  );
  return names.every((name): name is string => name !== undefined) ? names : undefined;
}

/**
 * A validated CHECK speaks of the key, or, where that is not known, of a value of the bound. Where it is a range of one column,
 * it has to say both of its ends, and that there is no NULL.
 */
export function isCheckedForBound(
  partition: Table,
  bound: PartitionBound | undefined,
  keys: readonly string[] | undefined,
): boolean {
  const values = literalsOf(bound?.tree);
  const checks = partition.constraints.filter(({ kind, validated }) => kind === 'check' && validated);
  const [key, more] = keys ?? [];
  const isOfKey = checks.some(check =>
    keys
      ? keys.every(name => speaksOf(partition, check, name))
      : check.kind === 'check' && literalsOf(check.expression.tree).some(value => values.includes(value)),
  );
  return isOfKey && (key === undefined || more !== undefined || !leavesRangeOpen(partition, bound, key, checks));
}

/** What the checks say of the column in plain comparisons leaves an end of the range open, or NULL. */
function leavesRangeOpen(
  partition: Table,
  bound: PartitionBound | undefined,
  key: string,
  checks: readonly Constraint[],
): boolean {
  const text = bound?.text ?? '';
  const column = partition.columns.find(({ name }) => name === key);
  if (!column || !/^\s*FOR\s+VALUES\s+FROM\b/i.test(text)) return false;
  const said = new Set<string>();
  for (const check of checks) {
    if (check.kind !== 'check' || !check.columns.includes(column.id)) continue;
    walk(check.expression.tree, (kind, node) => {
      if (kind === 'NullTest') said.add('null');
      else if (kind === 'A_Expr') said.add((check.columns.length === 1 && comparisonOf(node)) || 'anything');
      else if (kind === 'FuncCall' || kind === 'SubLink') said.add('anything');
    });
  }
  const says = (operators: string): boolean => operators.split(' ').some(operator => said.has(operator));
  if (says('anything')) return false;
  const hasLower = says('= >= > BETWEEN') || /\bFROM\s*\(\s*MINVALUE\b/i.test(text);
  const hasUpper = says('= <= < BETWEEN') || /\bTO\s*\(\s*MAXVALUE\b/i.test(text);
  return !hasLower || !hasUpper || (!column.notNull && !said.has('null'));
}

/** The operator of a comparison that has a column at its left. */
function comparisonOf(node: Fields): string | undefined {
  if (!isFields(node.lexpr) || !('ColumnRef' in node.lexpr)) return undefined;
  return strings(node.name).at(-1);
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
