import { isFields, list, strings } from './tree';

/** The name that the server gives an output without one. */
export function outputName(node: unknown): string | undefined {
  if (!isFields(node)) return undefined;
  if (isFields(node.ColumnRef)) {
    const names = strings(node.ColumnRef.fields);
    return names[names.length - 1];
  }
  if (isFields(node.FuncCall)) {
    const names = strings(node.FuncCall.funcname);
    return names[names.length - 1];
  }
  if (isFields(node.TypeCast)) {
    const inner = outputName(node.TypeCast.arg);
    if (inner !== undefined) return inner;
    const names = isFields(node.TypeCast.typeName) ? strings(node.TypeCast.typeName.names) : [];
    return names[names.length - 1];
  }
  if (isFields(node.A_Indirection)) {
    const names = strings(node.A_Indirection.indirection);
    return names[names.length - 1] ?? outputName(node.A_Indirection.arg);
  }
  if (isFields(node.CollateClause)) return outputName(node.CollateClause.arg);
  if (isFields(node.CaseExpr)) return outputName(node.CaseExpr.defresult) ?? 'case';
  if (isFields(node.CoalesceExpr)) return 'coalesce';
  if (isFields(node.MinMaxExpr)) return node.MinMaxExpr.op === 'IS_LEAST' ? 'least' : 'greatest';
  if (isFields(node.A_ArrayExpr)) return 'array';
  if (isFields(node.RowExpr)) return 'row';
  if (isFields(node.A_Expr) && node.A_Expr.kind === 'AEXPR_NULLIF') return 'nullif';
  if (isFields(node.SQLValueFunction))
    return String(node.SQLValueFunction.op ?? '')
      .replace('SVFOP_', '')
      .replace(/_N$/, '')
      .toLowerCase();
  if (isFields(node.SubLink)) {
    if (node.SubLink.subLinkType === 'EXISTS_SUBLINK') return 'exists';
    if (node.SubLink.subLinkType === 'ARRAY_SUBLINK') return 'array';
    const select = isFields(node.SubLink.subselect) ? node.SubLink.subselect.SelectStmt : undefined;
    const [first] = isFields(select) ? list(select.targetList) : [];
    const target = isFields(first) ? first.ResTarget : undefined;
    return isFields(target) ? (typeof target.name === 'string' ? target.name : outputName(target.val)) : undefined;
  }
  return undefined;
}
