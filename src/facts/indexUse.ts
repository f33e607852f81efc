/** Which of a table's indexes lead to the rows that a query asks for, as the server decides it. */
import { fields, list, namesOf, nodeOf, text, walkFields } from '../sql/treeFields';
import { comparable, type KnownIndex, type KnownTable } from './knownTables';
import type { ColumnFilter, TableFilter } from './tableFilters';

/** A table of so few rows is read as fast without an index. */
export const FEW_ROWS = 1_000;
/** From so many rows on reading all of them is felt. */
export const MANY_ROWS = 10_000;

/** Leaves nearly every row, so that no index is worth its while. */
const LEAVES_MOST = /^(?:<>|!=|!~.*|IS NOT NULL|IS NOT DISTINCT)$/;

/** The conditions that hold for every row that is asked for. */
export const certainIn = ({ conditions }: TableFilter): readonly ColumnFilter[] =>
  conditions.flatMap(({ arms }) => (arms.length === 1 && arms[0] ? [arms[0]] : []));

/** Whether an index leads to the rows of the query. */
export function isServed(filter: TableFilter): boolean {
  if (certainIn(filter).some(each => servedBy(each, filter))) return true;
  return filter.conditions.some(
    ({ arms }) => arms.length > 1 && arms.every(arm => arm !== undefined && servedBy(arm, filter)),
  );
}

/** Whether an index leads to the rows that meet a condition. */
export const servedBy = (condition: ColumnFilter, filter: TableFilter): boolean =>
  filter.table.indexes.some(index => leadsTo(index, condition, filter));

function leadsTo(index: KnownIndex, condition: ColumnFilter, filter: TableFilter): boolean {
  const { column, wrapping, operator, isWild, by, castTo } = condition;
  if (LEAVES_MOST.test(operator) || by === 'scan' || castTo !== undefined || !isImplied(index, filter)) return false;
  // every column of such an index leads as well as the first
  const elements = index.method === 'gin' || index.method === 'brin' ? index.elements : index.elements.slice(0, 1);
  return elements.some(element => {
    if (isWild && !/trgm|bigm|pgroonga/.test(element.opclass ?? index.method)) return false;
    if (wrapping) return element.expression !== undefined && element.expression === comparable(wrapping.tree);
    return element.column === column && (!isFlag(filter.table, column) || leadsOn(index, filter));
  });
}

/** An index that begins with a flag halves the table; what comes behind the flag may do more. */
const leadsOn = ({ elements, where }: KnownIndex, filter: TableFilter): boolean =>
  where !== undefined ||
  certainIn(filter).every(({ column }) => elements[0]?.column === column) ||
  certainIn(filter).some(({ column, wrapping }) => !wrapping && elements[1]?.column === column);

export const isFlag = ({ columns }: KnownTable, column: string): boolean =>
  /^(?:bool(?:ean)?|tinyint|bit)$/.test(columns.get(column)?.name ?? '');

/** Whether the rows that are asked for are all in the index: what it is restricted to, the query asks for too. */
function isImplied({ where }: KnownIndex, filter: TableFilter): boolean {
  if (where === undefined) return true;
  const asked = certainIn(filter).filter(({ wrapping }) => !wrapping);
  return conjuncts(where).every(part => {
    const columns = columnsIn(part);
    const told = asked.filter(({ column }) => columns.includes(column));
    if (columns.length === 0 || told.length === 0) return false;
    const nulls = nodeOf(part, 'NullTest');
    if (nulls) return told.some(({ operator }) => (operator === 'IS NULL') === (nulls.nulltesttype === 'IS_NULL'));
    const constant = constantIn(part);
    const isEquality = namesOf(nodeOf(part, 'A_Expr')?.name).at(-1) === '=';
    return told.some(({ operator, against }) => {
      const own = against.kind === 'value' ? against.constant : undefined;
      return !(isEquality && operator === '=' && own !== undefined && constant !== undefined && own !== constant);
    });
  });
}

const conjuncts = (tree: unknown): readonly unknown[] => {
  const bool = nodeOf(tree, 'BoolExpr');
  return bool?.boolop === 'AND_EXPR' ? list(bool.args).flatMap(conjuncts) : [tree];
};

function columnsIn(tree: unknown): readonly string[] {
  const found: string[] = [];
  walkFields({ tree }, (key, value) => {
    const name = key === 'ColumnRef' ? namesOf(value.fields).at(-1) : undefined;
    if (name !== undefined) found.push(name);
  });
  return found;
}

function constantIn(tree: unknown): string | undefined {
  let found: string | undefined;
  walkFields({ tree }, (key, value) => {
    if (key === 'A_Const') found ??= text(fields(value.sval)?.sval);
  });
  return found;
}

/** Whether an index gives the rows in the order that is asked for, behind the columns that have one value. */
export function isSortServed(filter: TableFilter): boolean {
  const [first] = filter.top;
  const fixed = new Set(
    certainIn(filter).flatMap(({ column, operator, wrapping }) => (operator === '=' && !wrapping ? [column] : [])),
  );
  return filter.table.indexes.some(index => {
    if (index.method !== 'btree' || !isImplied(index, filter)) return false;
    const next = index.elements.find(({ column }) => column === undefined || !fixed.has(column));
    return next?.column !== undefined && next.column === first?.column;
  });
}
