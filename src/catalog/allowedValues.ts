/** The values that a CHECK leaves a column: `status IN ('new', 'paid')`, and the form in which the server prints that. */
import type { Constraint, ObjectId, Table } from './object';

/** Of one constraint; nothing where it says anything else. */
export function allowedBy(
  constraint: Constraint,
): { readonly column: ObjectId; readonly values: readonly string[] } | undefined {
  if (constraint.kind !== 'check') return undefined;
  const [column, more] = constraint.columns;
  const values = valuesIn(constraint.expression.tree);
  return column === undefined || more !== undefined || !values ? undefined : { column, values };
}

/** Of all constraints of a table together; nothing where the column may hold anything. */
export function allowedIn({ constraints }: Table, column: ObjectId): readonly string[] | undefined {
  const lists = constraints.flatMap(constraint => {
    const allowed = allowedBy(constraint);
    return allowed?.column === column ? [allowed.values] : [];
  });
  const [first, ...others] = lists;
  return first?.filter(value => others.every(other => other.includes(value)));
}

function valuesIn(tree: unknown): readonly string[] | undefined {
  const test = field(tree, 'A_Expr');
  const kind = field(test, 'kind');
  const operator = field(field(asList(field(test, 'name'))[0], 'String'), 'sval');
  if (operator !== '=' || !isColumn(field(test, 'lexpr'))) return undefined;
  const given = uncast(field(test, 'rexpr'));
  const items =
    kind === 'AEXPR_IN'
      ? asList(field(field(given, 'List'), 'items') ?? given)
      : kind === 'AEXPR_OP_ANY'
        ? asList(field(field(given, 'A_ArrayExpr'), 'elements'))
        : [];
  const values = items.map(item => field(field(field(uncast(item), 'A_Const'), 'sval'), 'sval'));
  return values.length > 0 && values.every(value => typeof value === 'string') ? values : undefined;
}

const isColumn = (tree: unknown): boolean => field(uncast(tree), 'ColumnRef') !== undefined;

function uncast(tree: unknown): unknown {
  const cast = field(tree, 'TypeCast');
  return cast === undefined ? tree : uncast(field(cast, 'arg'));
}

const asList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const field = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
