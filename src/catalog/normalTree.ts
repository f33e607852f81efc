/** Expressions and queries as the server tells them from each other: what is written in two ways and means the same is one. */
import { type Fields, isFields, list } from './tree';

const text = (value: string): Fields => ({ String: { sval: value } });

const namesOf = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.map(item => String((item as { String?: { sval?: string } })?.String?.sval ?? '')) : [];

const TEXTS = new Set(['text', 'varchar', 'bpchar']);

/** Takes away what says nothing. Called innermost first. */
export function normal(_: string, value: Fields): Fields {
  if (typeof value.$of === 'string' && list(value.fields).length === 1)
    return { ...value, fields: [text(value.$of), ...list(value.fields)] };
  if (Array.isArray(value.targetList)) return normalSelect(value);
  if (isFields(value.SortBy) && value.SortBy.sortby_dir === 'SORTBY_ASC')
    return { SortBy: { ...value.SortBy, sortby_dir: 'SORTBY_DEFAULT' } };
  if (isFields(value.CaseExpr) && isNull(value.CaseExpr.defresult)) {
    const { defresult: _default, ...cases } = value.CaseExpr;
    return { CaseExpr: cases };
  }
  if (isFields(value.BoolExpr)) return { BoolExpr: flattened(value.BoolExpr) };
  if (isFields(value.TypeCast)) {
    const { arg, typeName } = value.TypeCast;
    const names = isFields(typeName) ? namesOf(typeName.names) : [];
    const name = names[names.length - 1] ?? '';
    const plain = isFields(typeName) && typeName.typmods === undefined && typeName.arrayBounds === undefined;
    const literal = isFields(arg) && isFields(arg.A_Const) ? arg.A_Const : undefined;
    const written = isFields(literal?.sval) ? String(literal.sval.sval ?? '') : undefined;
    // how the server writes -1
    if (plain && name === 'int4' && written !== undefined && /^-\d+$/.test(written))
      return { A_Const: { ival: { ival: Number(written) } } };
    // what the server adds to a literal beside something of that type
    if (literal && isFields(arg) && isFields(typeName) && typeName.typmods === undefined) {
      if (plain || written !== undefined) return arg;
    }
    // 'x'::text is what the server makes of 'x' beside a text
    if (plain && TEXTS.has(name) && isFields(arg)) return arg;
    if (
      isFields(typeName) &&
      typeName.typmods === undefined &&
      isFields(arg) &&
      isFields(arg.A_ArrayExpr) &&
      TEXTS.has(name)
    )
      return arg;
  }
  if (Array.isArray(value.names) || Array.isArray(value.funcname)) {
    const key = Array.isArray(value.names) ? 'names' : 'funcname';
    const names = namesOf(value[key]);
    if (names.length > 1 && (names[0] === 'pg_catalog' || names[0] === 'public'))
      return { ...value, [key]: [{ String: { sval: names[names.length - 1] } }] };
  }
  if (isFields(value.A_Expr)) return between(value.A_Expr) ?? { A_Expr: normalOperator(value.A_Expr) };
  return value;
}

const isNull = (value: unknown): boolean => isFields(value) && isFields(value.A_Const) && value.A_Const.isnull === true;

/** `a AND (b AND c)` is `a AND b AND c`. */
function flattened(expression: Fields): Fields {
  if (expression.boolop === 'NOT_EXPR') return expression;
  const args = list(expression.args).flatMap(arg =>
    isFields(arg) && isFields(arg.BoolExpr) && arg.BoolExpr.boolop === expression.boolop
      ? list(arg.BoolExpr.args)
      : [arg],
  );
  return { ...expression, args };
}

/** What the server makes of BETWEEN. */
function between({ kind, lexpr, rexpr }: Fields): Fields | undefined {
  const isNot = kind === 'AEXPR_NOT_BETWEEN';
  if (kind !== 'AEXPR_BETWEEN' && !isNot) return undefined;
  const [low, high] = isFields(rexpr) && isFields(rexpr.List) ? list(rexpr.List.items) : [];
  const compared = (name: string, bound: unknown): Fields => ({
    A_Expr: { kind: 'AEXPR_OP', name: operator(name), lexpr, rexpr: bound },
  });
  const args = [compared(isNot ? '<' : '>=', low), compared(isNot ? '>' : '<=', high)];
  return { BoolExpr: { boolop: isNot ? 'OR_EXPR' : 'AND_EXPR', args } };
}

/** GROUP BY and ORDER BY by the place or the name of an output stand for its expression. */
function normalSelect(select: Fields): Fields {
  const outputs = list(select.targetList).map(target =>
    isFields(target) && isFields(target.ResTarget) ? target.ResTarget : {},
  );
  const grouped = (node: unknown, prefersOutput: boolean): unknown => {
    if (!isFields(node)) return node;
    if (isFields(node.A_Const) && isFields(node.A_Const.ival)) {
      const place = node.A_Const.ival.ival;
      return (typeof place === 'number' && outputs[place - 1]?.val) || node;
    }
    const reference = isFields(node.ColumnRef) ? node.ColumnRef : undefined;
    const names = namesOf(reference?.fields);
    const isColumn = reference?.$of !== undefined;
    if (names.length === 0 || (isColumn ? !prefersOutput : names.length > 1)) return node;
    return outputs.find(({ name }) => name === names[names.length - 1])?.val ?? node;
  };
  const sorted = (item: unknown): unknown =>
    isFields(item) && isFields(item.SortBy)
      ? { SortBy: { ...item.SortBy, node: grouped(item.SortBy.node, true) } }
      : item;
  return {
    ...select,
    ...(Array.isArray(select.groupClause) ? { groupClause: select.groupClause.map(item => grouped(item, false)) } : {}),
    ...(Array.isArray(select.sortClause) ? { sortClause: select.sortClause.map(sorted) } : {}),
  };
}

const operator = (name: string): readonly Fields[] => [text(name)];

function normalOperator(expression: Fields): Fields {
  const { kind, name, lexpr, rexpr } = expression;
  const written = namesOf(name);
  if (kind === 'AEXPR_IN' && isFields(rexpr) && isFields(rexpr.List))
    return {
      kind: written[0] === '=' ? 'AEXPR_OP_ANY' : 'AEXPR_OP_ALL',
      name,
      lexpr,
      rexpr: { A_ArrayExpr: { elements: rexpr.List.items } },
    };
  if (kind === 'AEXPR_LIKE' || kind === 'AEXPR_ILIKE') return { ...expression, kind: 'AEXPR_OP' };
  if (kind === 'AEXPR_OP' && written[0] === '!=') return { ...expression, name: operator('<>') };
  return expression;
}
