/** What migrations do to rows: which of them a statement meets, and whether they were kept elsewhere before. */
import type { Expression, QualifiedName } from '../catalog/definition';
import type { Operation, OperationOf } from '../catalog/operation';
import { type Fields, isFields, list, strings, walk } from '../catalog/tree';
import type { Facts, QueryExecution } from './facts';
import { isSameTable } from './schemaChanges';
import type { SchemaChange } from './schemaScripts';

/**
 * Which rows a condition leaves, as far as its form tells. `all`: there is none, or it holds for every row; `broad`: it says what
 * is left to do (`IS NULL`, `<> 'x'`), or joins; `some`: a value is asked for.
 */
export type Reach = 'all' | 'broad' | 'some';

/** The rows of the table that an UPDATE or DELETE meets. */
export function reachOf({ kind, tree }: OperationOf<'update' | 'delete'>): Reach {
  const statement = statementIn(tree, kind === 'update' ? 'UpdateStmt' : 'DeleteStmt');
  if (!statement) return 'some';
  const sources = list(kind === 'update' ? statement.fromClause : statement.usingClause);
  // a join with a list of values, or with part of a query
  const ctes = ctesOf(statement);
  if (sources.some(source => isBoundedSource(source, ctes))) return 'some';
  const reach = reachOfCondition(statement.whereClause);
  return reach === 'all' && sources.length > 0 ? 'broad' : reach;
}

/**
 * Whether an UPDATE asks for the NULLs of a column that was added with a default: each row that was there got it, and each that came
 * since, so that those are exceptions.
 */
export function asksForExceptions({ operation, script, statement }: SchemaChange<OperationOf<'update'>>): boolean {
  const unset = unsetColumns(statementIn(operation.tree, 'UpdateStmt')?.whereClause);
  if (unset.length === 0) return false;
  const ahead = script.changes.filter(each => each.statement.index < statement.index).map(each => each.operation);
  const before = [...script.earlier(), ...ahead];
  return unset.some(column => {
    const last = before.findLast(
      each =>
        (each.kind === 'addColumn' || each.kind === 'dropDefault') &&
        isSameTable(each.table, operation.table) &&
        (each.kind === 'addColumn' ? each.column.name.name : each.column.name) === column,
    );
    return (
      last?.kind === 'addColumn' &&
      last.column.default !== undefined &&
      !/^\(*null\b/i.test(last.column.default.value.text)
    );
  });
}

/** The columns that a condition wants to be NULL in every row that it leaves. */
function unsetColumns(condition: unknown): readonly string[] {
  if (!isFields(condition)) return [];
  if (isFields(condition.BoolExpr))
    return condition.BoolExpr.boolop === 'AND_EXPR' ? list(condition.BoolExpr.args).flatMap(unsetColumns) : [];
  const test = condition.NullTest;
  if (!isFields(test) || test.nulltesttype !== 'IS_NULL') return [];
  const name = strings(field(field(test.arg, 'ColumnRef'), 'fields')).at(-1);
  return name === undefined ? [] : [name];
}

/** The first table that an INSERT … SELECT reads as a whole. */
export function readWhole({ tree, reads }: OperationOf<'insert'>): QualifiedName | undefined {
  const statement = statementIn(tree, 'InsertStmt');
  const name = wholeIn(field(field(statement, 'selectStmt'), 'SelectStmt'), ctesOf(statement));
  return name === undefined ? undefined : reads.find(read => read.name === name);
}

type Ctes = ReadonlyMap<string, unknown>;

/** The queries of a WITH by their names. */
const ctesOf = (statement: Fields | undefined): Ctes =>
  new Map(
    list(field(statement?.withClause, 'ctes')).flatMap(node => {
      const cte = field(node, 'CommonTableExpr');
      return isFields(cte) && typeof cte.ctename === 'string'
        ? [[cte.ctename, field(cte.ctequery, 'SelectStmt')] as const]
        : [];
    }),
  );

/** The first table of which a query's own FROM reads every row, through joins, subqueries and CTEs. */
function wholeIn(select: unknown, outer: Ctes): string | undefined {
  if (!isFields(select) || isCut(select)) return undefined;
  const ctes = new Map([...outer, ...ctesOf(select)]);
  if (isFields(select.larg)) return wholeIn(select.larg, ctes) ?? wholeIn(select.rarg, ctes);
  return sourceIn(select.fromClause, ctes);
}

function sourceIn(from: unknown, ctes: Ctes): string | undefined {
  for (const item of list(from)) {
    const join = field(item, 'JoinExpr');
    const name = field(field(item, 'RangeVar'), 'relname');
    const inside = field(field(field(item, 'RangeSubselect'), 'subquery'), 'SelectStmt');
    const found = isFields(join)
      ? sourceIn([join.larg, join.rarg], ctes)
      : typeof name === 'string' && !ctes.has(name)
        ? name
        : wholeIn(
            typeof name === 'string' ? ctes.get(name) : inside,
            new Map([...ctes].filter(([each]) => each !== name)),
          );
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A query that gives a bounded number of rows, or one, or whose last condition asks for a value. */
const isCut = (select: Fields): boolean =>
  select.limitCount !== undefined ||
  reachOfCondition(select.whereClause) === 'some' ||
  (list(select.groupClause).length === 0 && list(select.targetList).length > 0 && isOneRow(select));

const AGGREGATES = new Set(['count', 'sum', 'avg', 'min', 'max', 'array_agg', 'string_agg', 'jsonb_agg', 'json_agg']);

const isOneRow = ({ targetList }: Fields): boolean =>
  list(targetList).some(target => {
    const call = field(field(field(target, 'ResTarget'), 'val'), 'FuncCall');
    return isFields(call) && call.over === undefined && AGGREGATES.has(strings(call.funcname).at(-1) ?? '');
  });

function isBoundedSource(source: unknown, ctes: Ctes): boolean {
  const join = field(source, 'JoinExpr');
  // an inner join has no rows but those of both; an outer one has all of a side
  if (isFields(join))
    return join.jointype === 'JOIN_INNER' && [join.larg, join.rarg].some(side => isBoundedSource(side, ctes));
  const name = field(field(source, 'RangeVar'), 'relname');
  const select =
    typeof name === 'string' ? ctes.get(name) : field(field(field(source, 'RangeSubselect'), 'subquery'), 'SelectStmt');
  // groups that a HAVING picks are the exceptions: duplicates, mostly
  return isFields(select) && (list(select.valuesLists).length > 0 || isFields(select.havingClause) || isCut(select));
}

function reachOfCondition(node: unknown): Reach {
  if (!isFields(node)) return 'all';
  if (isFields(node.BoolExpr)) {
    const parts = list(node.BoolExpr.args).map(reachOfCondition);
    if (node.BoolExpr.boolop === 'NOT_EXPR') return 'broad';
    if (node.BoolExpr.boolop === 'OR_EXPR')
      return parts.includes('all') ? 'all' : parts.includes('broad') ? 'broad' : 'some';
    return parts.includes('some') ? 'some' : parts.includes('broad') ? 'broad' : 'all';
  }
  if (isFields(node.NullTest)) return 'broad';
  if (isFields(node.BooleanTest)) return /^IS_NOT/.test(String(node.BooleanTest.booltesttype)) ? 'broad' : 'some';
  if (isFields(node.SubLink)) return reachOfSubquery(node.SubLink);
  if (isFields(node.A_Expr)) return reachOfComparison(node.A_Expr);
  return isConstant(node) ? 'all' : 'some';
}

function reachOfSubquery(link: Fields): Reach {
  const select = field(link.subselect, 'SelectStmt');
  if (!isFields(select) || isCut(select)) return 'some';
  return list(select.valuesLists).length > 0 ? 'some' : 'broad';
}

function reachOfComparison(expression: Fields): Reach {
  const operator = strings(expression.name).at(-1) ?? '';
  if (isConstant(expression.lexpr) && isConstant(expression.rexpr)) return 'all';
  // rows that disagree with another table are those to be mended
  if (/^(?:<>|!=)$/.test(operator) && isBetweenTables(expression)) return 'some';
  if (expression.kind === 'AEXPR_DISTINCT' || /^(?:<>|!=|!~)/.test(operator)) return 'broad';
  if (expression.kind === 'AEXPR_NOT_BETWEEN' || /^NOT\b/i.test(operator)) return 'broad';
  if (isFields(field(expression.rexpr, 'SubLink'))) return 'some';
  // a column of one table with one of another
  const isJoin = holdsColumn(expression.lexpr) && holdsColumn(expression.rexpr);
  return isJoin ? 'broad' : 'some';
}

const isBetweenTables = ({ lexpr, rexpr }: Fields): boolean => {
  const [left, right] = [lexpr, rexpr].map(side => strings(field(field(side, 'ColumnRef'), 'fields')));
  return left?.length === 2 && right?.length === 2 && left[0] !== right[0];
};

function holdsColumn(node: unknown): boolean {
  let found = false;
  walk({ node }, key => {
    found ||= key === 'ColumnRef';
  });
  return found;
}

const isConstant = (node: unknown): boolean => isFields(node) && isFields(node.A_Const);

const field = (node: unknown, name: string): unknown => (isFields(node) ? node[name] : undefined);

/** The statement's own node, also where it stands in a CTE. */
const statementIn = ({ tree }: Expression, kind: string): Fields | undefined => {
  const node = field(tree, kind);
  return isFields(node) ? node : undefined;
};

/** A column that a condition compares with values. */
interface Asked {
  readonly column: string;
  readonly values: unknown;
}

/** What a condition compares with values, by `=` or IN, joined by AND. */
function askedFor({ tree, kind }: OperationOf<'update' | 'delete'>): readonly Asked[] {
  const statement = statementIn(tree, kind === 'update' ? 'UpdateStmt' : 'DeleteStmt');
  const found: Asked[] = [];
  const look = (node: unknown): void => {
    const all = field(node, 'BoolExpr');
    if (isFields(all)) {
      if (all.boolop === 'AND_EXPR') for (const part of list(all.args)) look(part);
      return;
    }
    const expression = field(node, 'A_Expr');
    if (!isFields(expression) || strings(expression.name).at(-1) !== '=') return;
    if (holdsColumn(expression.rexpr)) return;
    const name = strings(field(field(expression.lexpr, 'ColumnRef'), 'fields')).at(-1);
    if (name !== undefined) found.push({ column: name, values: expression.rexpr });
  };
  look(statement?.whereClause);
  return found;
}

/** Columns that a condition compares with values, by `=` or IN, joined by AND. */
export const columnsAskedFor = (operation: OperationOf<'update' | 'delete'>): readonly string[] =>
  askedFor(operation).map(({ column }) => column);

/** Whether all rows that a DELETE names were written by earlier migrations: their texts stand in an INSERT into the table. */
export function isOfMigrations({ operation, script }: SchemaChange<OperationOf<'delete'>>): boolean {
  const named = askedFor(operation).map(({ values }) => textsIn(values));
  if (named.length === 0) return false;
  const written = new Set<string>();
  for (const earlier of script.earlier())
    if (earlier.kind === 'insert' && isSameTable(earlier.table, operation.table))
      for (const text of textsIn(earlier.tree)) written.add(text);
  return named.some(texts => texts.length > 0 && texts.every(text => written.has(text)));
}

/** Whether the way back writes the rows again: its INSERT into the table names every text by which the DELETE asks for them. */
export function isPutBack({ operation, script }: SchemaChange<OperationOf<'delete'>>): boolean {
  const texts = textsIn(statementIn(operation.tree, 'DeleteStmt')?.whereClause);
  if (texts.length === 0) return false;
  const written = new Set<string>();
  for (const back of script.down())
    if (back.kind === 'insert' && isSameTable(back.table, operation.table))
      for (const text of textsIn(back.tree)) written.add(text);
  return texts.every(text => written.has(text));
}

/** Whether the rows are those that a constraint, added behind it, would refuse: what leads nowhere, or is there twice. */
export function isForConstraint(change: SchemaChange<OperationOf<'delete'>>): boolean {
  const { table, tree } = change.operation;
  const statement = statementIn(tree, 'DeleteStmt');
  let compares = list(statement?.usingClause).length > 0;
  walk({ condition: statement?.whereClause }, key => {
    compares ||= key === 'SubLink';
  });
  return (
    compares &&
    change.script.changes.some(
      ({ operation, statement: later }) =>
        later.index > change.statement.index &&
        ((operation.kind === 'addConstraint' &&
          /^(?:foreignKey|unique|primaryKey|exclude)$/.test(operation.constraint.kind) &&
          isSameTable(operation.table, table)) ||
          (operation.kind === 'createIndex' && operation.unique && isSameTable(operation.table, table))),
    )
  );
}

function textsIn(tree: unknown): readonly string[] {
  const found: string[] = [];
  walk({ tree }, (key, node) => {
    const text = key === 'A_Const' ? field(node.sval, 'sval') : undefined;
    if (typeof text === 'string') found.push(text);
  });
  return found;
}

/** Whether a SET of an UPDATE gives a column a value that comes from another: what is kept under another name. */
function keepsColumn(operation: Operation, table: QualifiedName, column: string): boolean {
  if (operation.kind !== 'update' || !isSameTable(operation.table, table)) return false;
  let found = false;
  walk(list(statementIn(operation.tree, 'UpdateStmt')?.targetList), (key, node) => {
    found ||= key === 'ColumnRef' && strings(node.fields).at(-1) === column;
  });
  return found;
}

/** The tables that an operation reads rows of, to write them elsewhere. */
function copiedFrom(operation: Operation): readonly { readonly name: string; readonly schema?: string }[] {
  switch (operation.kind) {
    case 'insert':
    case 'update':
    case 'merge':
      return operation.reads;
    case 'createTableAs':
      return operation.persistence !== 'temporary' && operation.withData ? relationsIn(operation.query) : [];
    case 'copy':
      return operation.table && !operation.into ? [operation.table] : [];
    default:
      return [];
  }
}

function relationsIn({ tree }: Expression): readonly { readonly name: string; readonly schema?: string }[] {
  const found: { name: string; schema?: string }[] = [];
  walk(tree, (key, node) => {
    if (key !== 'RangeVar' || typeof node.relname !== 'string') return;
    found.push({
      name: node.relname,
      ...(typeof node.schemaname === 'string' ? { schema: node.schemaname } : {}),
    });
  });
  return found;
}

const isNamed = (table: QualifiedName, name: { readonly name: string; readonly schema?: string }): boolean =>
  isSameTable(table, { ...name, span: table.span });

/** What a table was copied to as a whole, and alone; undefined for what copies none. */
function wholeCopy(operation: Operation, table: QualifiedName): QualifiedName | undefined {
  if (operation.kind !== 'insert' && operation.kind !== 'createTableAs') return undefined;
  const from = copiedFrom(operation);
  const target = operation.kind === 'insert' ? operation.table : operation.name;
  return from.length === 1 && from.every(each => isNamed(table, each)) && !isSameTable(target, table)
    ? target
    : undefined;
}

/**
 * Whether the rows of a table, or the values of a column, were written elsewhere before the change: in the same migration, or as a
 * whole in an earlier one, by a copy that is still there.
 */
export function isCopiedBefore(change: SchemaChange, table: QualifiedName, column?: string): boolean {
  for (const { operation, statement } of change.script.changes) {
    if (statement.index >= change.statement.index) break;
    if (copiedFrom(operation).some(name => isNamed(table, name))) return true;
    if (column !== undefined && keepsColumn(operation, table, column)) return true;
  }
  const copies: QualifiedName[] = [];
  for (const operation of change.script.earlier()) {
    const copy = wholeCopy(operation, table);
    if (copy) copies.push(copy);
    if (column !== undefined && keepsColumn(operation, table, column)) return true;
    if (operation.kind !== 'drop') continue;
    for (const { name } of operation.objects) {
      const at = copies.findIndex(each => isSameTable(each, name));
      if (at >= 0) copies.splice(at, 1);
    }
  }
  return copies.length > 0;
}

/** Rows go in again behind it: the table is written anew. */
export const isWrittenAnew = (change: SchemaChange, table: QualifiedName): boolean =>
  change.script.changes.some(
    ({ operation, statement }) =>
      statement.index > change.statement.index &&
      ((operation.kind === 'insert' && isSameTable(operation.table, table)) ||
        (operation.kind === 'copy' && operation.into && operation.table && isSameTable(operation.table, table))),
  );

/** How many rows the configuration says that a table has. */
export function declaredRows(
  tables: Facts['declaredTables'],
  { schema, name }: Pick<QualifiedName, 'schema' | 'name'>,
): number | undefined {
  return (
    tables?.get(`${schema ?? 'public'}.${name}`) ??
    (schema === undefined || schema === 'public' ? tables?.get(name) : undefined)
  )?.rows;
}

/** What a builder does to every row of a table, on the way up of a migration; what is SQL is read as such. */
export function* wholeWrites(
  { queryExecutions, migrations }: Pick<Facts, 'queryExecutions' | 'migrations'>,
  does: 'update' | 'delete',
): IterableIterator<QueryExecution> {
  if (migrations.length === 0) return;
  for (const query of queryExecutions) {
    const { rows, sql, callPath, within } = query;
    if (sql || callPath.length > 0 || rows?.changes !== does || rows.filter !== 'none') continue;
    if (rows.needsFilter && !rows.emptyFilter) continue;
    if (!/^(?:down|downgrade|revert|rollback)$/i.test(within ?? '')) yield query;
  }
}
