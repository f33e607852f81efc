/** PostgreSQL, read by the server's own parser. */
import type { A_Expr, ColumnRef, Node, RangeVar, ResTarget, SelectStmt } from 'libpg-query';
import type { SqlParser } from './parser';
import { parsingOnce } from './parsingOnce';
import { type Placeholder, placeholdersOf, withPlaceholders } from './placeholder';
import {
  type ComparedValue,
  type Comparison,
  type Output,
  type QueryKind,
  type RelationUse,
  type SqlQuery,
  type SqlSpan,
  shifted,
} from './query';
import { queryBlocksIn } from './queryBlocks';
import { namesIn } from './statementNames';
import { type StatementText, splitStatements } from './statements';
import type { Token } from './tokens';

/** The parser as `libpg-query` offers it. */
export interface PostgresLibrary {
  parseSync(query: string): { stmts?: { stmt?: Node }[] };
}

/** From the server's offsets, which count bytes of UTF-8, to UTF-16 units. */
export function fromBytes(text: string): (byte: number) => number {
  // the common case: nothing but ASCII
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the range is the definition of ASCII
  if (/^[\x00-\x7f]*$/.test(text)) return byte => byte;
  const units: number[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const code = text.codePointAt(at) ?? 0;
    const bytes = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    for (let byte = 0; byte < bytes; byte += 1) units.push(at);
    if (code > 0xffff) at += 1;
  }
  return byte => units[byte] ?? text.length;
}

/** Everything that the reading of one statement stands on. */
interface Reading {
  readonly text: string;
  readonly toUnits: (byte: number) => number;
  readonly tokens: readonly Token[];
  readonly placeholders: readonly Placeholder[];
}

const tokenAt = (reading: Reading, byte: number | undefined): Token | undefined => {
  if (byte === undefined) return undefined;
  const at = reading.toUnits(byte);
  return reading.tokens.find(token => token.start <= at && at < token.end);
};

const lastName = (nodes: readonly Node[] | undefined): string | undefined => {
  const last = nodes?.[nodes.length - 1];
  return last && 'String' in last ? last.String.sval : undefined;
};

const columnOf = (node: ColumnRef): { name: string; qualifier?: string } | undefined => {
  const name = lastName(node.fields);
  const qualifier = lastName(node.fields?.slice(0, -1));
  return name === undefined ? undefined : { name, ...(qualifier === undefined ? {} : { qualifier }) };
};

/** The tokens of a dotted name from its first on. */
function nameSpan(reading: Reading, byte: number | undefined): SqlSpan | undefined {
  const first = tokenAt(reading, byte);
  if (!first) return undefined;
  let at = reading.tokens.indexOf(first);
  while (reading.text.slice(reading.tokens[at + 1]?.start, reading.tokens[at + 1]?.end) === '.') at += 2;
  return { start: first.start, end: reading.tokens[at]?.end ?? first.end };
}

function comparedValue(reading: Reading, node: Node | undefined): ComparedValue {
  if (!node) return { kind: 'other' };
  if ('ColumnRef' in node) {
    const column = columnOf(node.ColumnRef);
    return column ? { kind: 'column', ...column } : { kind: 'other' };
  }
  // `$1::bigint` is the parameter, sent as that type
  if ('TypeCast' in node && node.TypeCast.arg && 'ParamRef' in node.TypeCast.arg)
    return comparedValue(reading, node.TypeCast.arg);
  const location = 'A_Const' in node ? node.A_Const.location : 'ParamRef' in node ? node.ParamRef.location : undefined;
  const token = tokenAt(reading, location);
  if (!token) return { kind: 'other' };
  const placeholder = reading.placeholders.find(candidate => candidate.token === token);
  if (!placeholder)
    return 'A_Const' in node ? { kind: 'literal', start: token.start, end: token.end } : { kind: 'other' };
  const { ordinal, number, name } = placeholder;
  return { kind: 'placeholder', start: token.start, end: token.end, ordinal, number, name };
}

/** What an operator compares, when its left side is a column. */
function comparisonOf(reading: Reading, expression: A_Expr): Comparison | undefined {
  const { lexpr, rexpr } = expression;
  if (!lexpr || !rexpr || !('ColumnRef' in lexpr)) return undefined;
  const column = columnOf(lexpr.ColumnRef);
  const columnSpan = nameSpan(reading, lexpr.ColumnRef.location ?? 0);
  const written = lastName(expression.name)?.toUpperCase();
  if (!column || !columnSpan || written === undefined) return undefined;
  const listed = expression.kind === 'AEXPR_IN';
  if (
    !listed &&
    expression.kind !== 'AEXPR_OP' &&
    expression.kind !== 'AEXPR_OP_ANY' &&
    expression.kind !== 'AEXPR_LIKE'
  )
    return undefined;
  const operator = listed
    ? written === '='
      ? 'IN'
      : 'NOT IN'
    : expression.kind === 'AEXPR_OP_ANY'
      ? `${written} ANY`
      : expression.kind === 'AEXPR_LIKE'
        ? written === '~~'
          ? 'LIKE'
          : 'NOT LIKE'
        : written;
  const items = listed && 'List' in rexpr ? (rexpr.List.items ?? []) : [rexpr];
  const values = items.map(item => comparedValue(reading, item));
  const last = values[values.length - 1];
  if (!last) return undefined;
  let end = 'end' in last ? last.end : columnSpan.end;
  if (listed || expression.kind === 'AEXPR_OP_ANY') {
    // up to the closing parenthesis
    const closing = reading.tokens.find(token => token.start >= end && reading.text[token.start] === ')');
    end = closing?.end ?? end;
  }
  return {
    column: column.name,
    ...(column.qualifier === undefined ? {} : { qualifier: column.qualifier }),
    columnSpan,
    operator,
    values,
    start: columnSpan.start,
    end,
  };
}

/** The conditions that AND joins. */
function conjuncts(node: Node | undefined): readonly Node[] {
  if (!node) return [];
  if ('BoolExpr' in node && node.BoolExpr.boolop === 'AND_EXPR') return (node.BoolExpr.args ?? []).flatMap(conjuncts);
  return [node];
}

function outputOf(target: ResTarget): Output {
  const as = target.name;
  if (target.val && 'ColumnRef' in target.val) {
    const fields = target.val.ColumnRef.fields ?? [];
    const last = fields[fields.length - 1];
    if (last && 'A_Star' in last) {
      const qualifier = lastName(fields.slice(0, -1));
      return { kind: 'all', ...(qualifier === undefined ? {} : { qualifier }) };
    }
    const column = columnOf(target.val.ColumnRef);
    if (column) return { kind: 'column', ...column, ...(as === undefined ? {} : { as }) };
  }
  return { kind: 'expression', ...(as === undefined ? {} : { as }) };
}

const outputsOf = (targets: readonly Node[] | undefined): readonly Output[] =>
  (targets ?? []).flatMap(target => ('ResTarget' in target ? [outputOf(target.ResTarget)] : []));

const relationOf = (range: RangeVar): RelationUse => ({
  name: range.relname ?? '',
  ...(range.schemaname === undefined ? {} : { schema: range.schemaname }),
  ...(range.alias?.aliasname === undefined ? {} : { alias: range.alias.aliasname }),
});

/** Walks a parse tree's plain objects, whatever they are; `see` is given each property that holds an object. */
function walk(value: unknown, see: (key: string, value: object) => void): void {
  if (Array.isArray(value)) {
    for (const item of value) walk(item, see);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  for (const [key, child] of Object.entries(value)) {
    if (typeof child !== 'object' || child === null) continue;
    see(key, child);
    walk(child, see);
  }
}

/** Every relation that a tree names, but for the names of its own CTEs. */
function relationsIn(tree: unknown): readonly RelationUse[] {
  const own = new Set<string>();
  const found: RelationUse[] = [];
  walk(tree, (key, value) => {
    if (key === 'CommonTableExpr' && 'ctename' in value && typeof value.ctename === 'string') own.add(value.ctename);
    if ((key === 'RangeVar' || key === 'relation') && 'relname' in value) found.push(relationOf(value as RangeVar));
  });
  return found.filter(relation => relation.schema !== undefined || !own.has(relation.name));
}

function fromItems(nodes: readonly Node[] | undefined): readonly RelationUse[] {
  return (nodes ?? []).flatMap(node => {
    if ('RangeVar' in node) return [relationOf(node.RangeVar)];
    if ('JoinExpr' in node)
      return fromItems([node.JoinExpr.larg, node.JoinExpr.rarg].filter(side => side !== undefined));
    if ('RangeSubselect' in node) return [{ name: '', alias: node.RangeSubselect.alias?.aliasname }];
    if ('RangeFunction' in node) return [{ name: '', alias: node.RangeFunction.alias?.aliasname }];
    return [];
  });
}

const AGGREGATES = new Set(
  'count sum avg min max array_agg string_agg json_agg jsonb_agg json_object_agg jsonb_object_agg bool_and bool_or every bit_and bit_or stddev variance percentile_cont percentile_disc mode'.split(
    ' ',
  ),
);

function aggregates(targets: readonly Node[] | undefined): boolean {
  let found = false;
  walk(targets ?? [], (key, value) => {
    if (key !== 'FuncCall') return;
    const call = value as { funcname?: Node[]; over?: unknown; agg_star?: boolean };
    if (call.over !== undefined || call.agg_star || AGGREGATES.has(lastName(call.funcname) ?? '')) found = true;
  });
  return found;
}

interface Parts {
  readonly kind: QueryKind;
  readonly where?: Node;
  readonly outputs?: readonly Node[];
  readonly from?: readonly Node[];
  readonly target?: RangeVar;
  readonly select?: SelectStmt;
}

function partsOf(node: Node): Parts {
  if ('SelectStmt' in node) {
    const select = node.SelectStmt;
    return { kind: 'select', where: select.whereClause, outputs: select.targetList, from: select.fromClause, select };
  }
  if ('InsertStmt' in node)
    return { kind: 'insert', outputs: node.InsertStmt.returningClause?.exprs, target: node.InsertStmt.relation };
  if ('UpdateStmt' in node) {
    const { whereClause, returningClause, fromClause, relation } = node.UpdateStmt;
    return { kind: 'update', where: whereClause, outputs: returningClause?.exprs, from: fromClause, target: relation };
  }
  if ('DeleteStmt' in node) {
    const { whereClause, returningClause, usingClause, relation } = node.DeleteStmt;
    return { kind: 'delete', where: whereClause, outputs: returningClause?.exprs, from: usingClause, target: relation };
  }
  if ('MergeStmt' in node) return { kind: 'merge', target: node.MergeStmt.relation };
  return { kind: 'other' };
}

function queryOf(reading: Reading, node: Node, span: SqlSpan): SqlQuery {
  const { kind, where, outputs, from, target, select } = partsOf(node);
  const conditions = conjuncts(where);
  const comparisons = conditions.flatMap(condition => {
    const comparison = 'A_Expr' in condition ? comparisonOf(reading, condition.A_Expr) : undefined;
    return comparison ? [comparison] : [];
  });
  const written = target ? [relationOf(target)] : [];
  const reads = relationsIn(node).filter(
    relation => !written.some(one => one.name === relation.name && one.schema === relation.schema),
  );
  return {
    kind,
    start: span.start,
    end: span.end,
    reads,
    writes: written,
    from: [...(kind === 'update' || kind === 'delete' ? written : []), ...fromItems(from)],
    comparisons,
    onlyComparisons: comparisons.length === conditions.length,
    hasWhere: where !== undefined,
    outputs: outputsOf(outputs),
    grouped: (select?.groupClause?.length ?? 0) > 0 || select?.havingClause !== undefined,
    aggregated: kind === 'select' && aggregates(outputs ? [...outputs] : undefined),
    distinct: select?.distinctClause !== undefined,
    limited: select?.limitCount !== undefined || select?.limitOffset !== undefined,
    ordered: (select?.sortClause?.length ?? 0) > 0,
    combined: select?.op !== undefined && select.op !== 'SETOP_NONE',
    locking: (select?.lockingClause?.length ?? 0) > 0,
    placeholders: reading.placeholders.length,
  };
}

/** Parses one statement; undefined when the server would refuse it. */
function parsed(library: PostgresLibrary, text: string): readonly Node[] | undefined {
  if (text === '') return [];
  try {
    return (library.parseSync(text).stmts ?? []).flatMap(({ stmt }) => (stmt ? [stmt] : []));
  } catch (error) {
    // a syntax error, or a nesting deeper than the stack; what else it may throw is a fault that must be seen
    if (error instanceof RangeError || (error instanceof Error && error.name === 'SqlError')) return undefined;
    throw error;
  }
}

/** @param namesOutputs  as `namesIn` takes it, for statements that are another dialect's */
export function postgresParser(parser: PostgresLibrary, namesOutputs = false): SqlParser {
  const library = parsingOnce(parser);
  return {
    dialect: 'postgresql',
    accepts: text => parsed(library, text)?.length === 1,
    read: text =>
      splitStatements(text, 'postgresql').flatMap(statement => {
        const found = statementIn(library, statement);
        if (!found) return [];
        const { node, reading } = found;
        return [shifted(queryOf(reading, node, { start: 0, end: statement.text.length }), statement.start)];
      }),
    names(text) {
      const found = onlyStatementIn(library, text);
      return found && namesIn(found.node, found.spanAt, namesOutputs);
    },
    blocks(text) {
      const found = onlyStatementIn(library, text);
      return found && queryBlocksIn(found.node, found);
    },
  };
}

/** The tree of a text that holds one statement, and what stands at its locations. */
function onlyStatementIn(library: PostgresLibrary, text: string) {
  const [statement, more] = splitStatements(text, 'postgresql');
  const found = statement && !more ? statementIn(library, statement) : undefined;
  if (!statement || !found) return undefined;
  const { node, reading } = found;
  return {
    node,
    spanAt(location: number): SqlSpan | undefined {
      const span = nameSpan(reading, location);
      return span && { start: statement.start + span.start, end: statement.start + span.end };
    },
    placeholderAt(location: number): number | undefined {
      const token = tokenAt(reading, location);
      const found = token && reading.placeholders.find(each => each.token === token);
      return found && (found.number === undefined ? found.ordinal : found.number - 1);
    },
  };
}

/** The tree of one statement, with placeholders in it; nothing where the server would refuse it. */
function statementIn(
  library: PostgresLibrary,
  statement: StatementText,
): { readonly node: Node; readonly reading: Reading } | undefined {
  const tokens = statement.tokens.map(token => ({
    ...token,
    start: token.start - statement.start,
    end: token.end - statement.start,
  }));
  const placeholders = placeholdersOf(statement.text, tokens, 'postgresql');
  // a digit is the only value as short as a question mark; what stands there is looked up in the tokens
  const parseable = withPlaceholders(statement.text, placeholders, source =>
    source === '??' ? 'x_' : source.startsWith('$') ? source : '0',
  );
  const [node, more] = parsed(library, parseable) ?? [];
  if (!node || more) return undefined;
  return { node, reading: { text: statement.text, toUnits: fromBytes(parseable), tokens, placeholders } };
}
