/** MySQL, MariaDB, SQLite and T-SQL, read by the grammars of node-sql-parser, which know most but not all of each. */
import type { Dialect } from './dialect';
import type { SqlParser } from './parser';
import { isHole, type Placeholder, placeholdersOf, withPlaceholders } from './placeholder';
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
import { type StatementText, splitStatements } from './statements';
import { nameOf, sourceOf, type Token } from './tokens';

/** The parser as one of the builds of `node-sql-parser` offers it. */
export interface GrammarLibrary {
  readonly Parser: new () => {
    parse(
      sql: string,
      options?: { database?: string; parseOptions?: { includeLocations?: boolean } },
    ): { ast: unknown };
  };
}

/** A node of its trees, which have no types worth the name. */
type Tree = Readonly<Record<string, unknown>>;

const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null && !Array.isArray(value);
const tree = (value: unknown): Tree | undefined => (isTree(value) ? value : undefined);
const trees = (value: unknown): readonly Tree[] => (Array.isArray(value) ? value.filter(isTree) : []);
const string = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

interface Reading {
  readonly text: string;
  readonly tokens: readonly Token[];
  readonly placeholders: readonly Placeholder[];
}

const relationOf = (item: Tree): RelationUse | undefined => {
  const name = string(item.table);
  const schema = string(item.db) ?? string(item.schema);
  const alias = string(item.as);
  return name === undefined
    ? undefined
    : { name, ...(schema === undefined ? {} : { schema }), ...(alias === undefined ? {} : { alias }) };
};

const relationsOf = (value: unknown): readonly RelationUse[] =>
  trees(value).flatMap(item => {
    const relation = relationOf(item);
    return relation ? [relation] : string(item.as) === undefined ? [] : [{ name: '', alias: string(item.as) }];
  });

/** A column's name or qualifier, which some builds wrap. */
const columnName = (column: unknown): string | undefined => {
  if (typeof column === 'string') return column;
  const expression = tree(tree(column)?.expr);
  return string(expression?.value);
};

/** A value of one token, or a column's name. */
function comparedValue(reading: Reading, tokens: readonly Token[]): ComparedValue {
  const column = columnAt(reading, tokens);
  if (column && column.length === tokens.length) {
    const { name, qualifier } = column;
    return { kind: 'column', name, ...(qualifier === undefined ? {} : { qualifier }) };
  }
  const [token, more] = tokens;
  if (!token || more) return { kind: 'other' };
  const placeholder = reading.placeholders.find(candidate => candidate.token === token);
  if (placeholder) {
    const { ordinal, number, name } = placeholder;
    return { kind: 'placeholder', start: token.start, end: token.end, ordinal, number, name };
  }
  return token.kind === 'text' || token.kind === 'number'
    ? { kind: 'literal', start: token.start, end: token.end }
    : { kind: 'other' };
}

/** The dotted name that these tokens begin with, and of how many tokens it is. */
function columnAt(
  reading: Reading,
  tokens: readonly Token[],
): { readonly name: string; readonly qualifier?: string; readonly length: number } | undefined {
  const names: string[] = [];
  let length = 0;
  for (; ; length += 2) {
    const token = tokens[length];
    if (!token || (token.kind !== 'word' && token.kind !== 'name') || isHole(reading.text, token)) return undefined;
    names.push(token.kind === 'word' ? sourceOf(reading.text, token) : nameOf(reading.text, token));
    const next = tokens[length + 1];
    if (!next || sourceOf(reading.text, next) !== '.') break;
  }
  const [name, qualifier] = names.reverse();
  if (name === undefined || RESERVED.test(name)) return undefined;
  return { name, ...(qualifier === undefined ? {} : { qualifier }), length: length + 1 };
}

const RESERVED = /^(?:NOT|EXISTS|CASE|NULL|TRUE|FALSE|INTERVAL|CAST|SELECT|@.*)$/i;

/** `column operator value` from the tokens of one condition: the trees do not say where their parts stand. */
function comparisonOf(reading: Reading, tokens: readonly Token[]): Comparison | undefined {
  const column = columnAt(reading, tokens);
  const first = tokens[0];
  const last = tokens[tokens.length - 1];
  const nameEnd = column && tokens[column.length - 1];
  if (!column || !first || !last || !nameEnd) return undefined;
  const words = tokens
    .slice(column.length, column.length + 2)
    .map(token => sourceOf(reading.text, token).toUpperCase());
  const operator = words[0] === 'NOT' ? words.join(' ') : (words[0] ?? '');
  if (!/^(?:[=<>!]{1,3}|(?:NOT )?(?:IN|LIKE))$/.test(operator)) return undefined;
  const after = tokens.slice(column.length + (words[0] === 'NOT' ? 2 : 1));
  return {
    column: column.name,
    ...(column.qualifier === undefined ? {} : { qualifier: column.qualifier }),
    columnSpan: { start: first.start, end: nameEnd.end },
    operator,
    values: /IN$/.test(operator) ? listValues(reading, after) : [comparedValue(reading, after)],
    start: first.start,
    end: last.end,
  };
}

/** The items of `(a, b, c)`, each of one token; anything else counts as one other value. */
function listValues(reading: Reading, tokens: readonly Token[]): readonly ComparedValue[] {
  const inner = tokens.slice(1, -1);
  const separated = inner.every((token, at) => at % 2 === 0 || sourceOf(reading.text, token) === ',');
  if (!separated || inner.length === 0) return [{ kind: 'other' }];
  return inner.filter((_, at) => at % 2 === 0).map(token => comparedValue(reading, [token]));
}

const AFTER_WHERE =
  /^(?:GROUP|ORDER|HAVING|LIMIT|OFFSET|FETCH|UNION|EXCEPT|INTERSECT|FOR|RETURNING|WINDOW|OPTION|LOCK)$/i;

/** The tokens of each condition that AND joins in the outermost WHERE; undefined when OR joins some. */
function conditionTokens(reading: Reading): readonly (readonly Token[])[] | undefined {
  const conditions: Token[][] = [];
  let depth = 0;
  let between = false;
  for (const token of reading.tokens) {
    const source = token.kind === 'word' || token.kind === 'symbol' ? sourceOf(reading.text, token) : '';
    const word = depth === 0 && token.kind === 'word' ? source.toUpperCase() : '';
    if (source === '(') depth += 1;
    else if (source === ')') depth -= 1;
    const current = conditions[conditions.length - 1];
    if (word === 'WHERE' && !current) conditions.push([]);
    else if (!current) continue;
    else if (word === 'OR' || word === 'XOR') return undefined;
    else if (AFTER_WHERE.test(word)) break;
    else if (word === 'AND' && !between) conditions.push([]);
    else current.push(token);
    if (word === 'BETWEEN') between = true;
    else if (word === 'AND') between = false;
  }
  return conditions;
}

function outputOf(item: Tree): Output {
  const expression = tree(item.expr);
  const as = string(item.as);
  const named = as === undefined ? {} : { as };
  if (expression?.type !== 'column_ref') return { kind: 'expression', ...named };
  const name = columnName(expression.column);
  const qualifier = string(expression.table);
  const qualified = qualifier === undefined ? {} : { qualifier };
  if (name === undefined) return { kind: 'expression', ...named };
  return name === '*' ? { kind: 'all', ...qualified } : { kind: 'column', name, ...qualified, ...named };
}

const outputsOf = (columns: unknown): readonly Output[] =>
  columns === '*' ? [{ kind: 'all' }] : trees(columns).map(outputOf);

function contains(value: unknown, test: (node: Tree) => boolean): boolean {
  if (Array.isArray(value)) return value.some(item => contains(item, test));
  if (!isTree(value)) return false;
  return test(value) || Object.values(value).some(child => contains(child, test));
}

/** Every relation in the FROM of any query in the tree, but for the names of its own CTEs. */
function relationsIn(root: Tree): readonly RelationUse[] {
  const own = new Set<string>();
  const found: RelationUse[] = [];
  contains(root, node => {
    for (const cte of trees(node.with)) {
      const name = string(tree(cte.name)?.value);
      if (name !== undefined) own.add(name);
    }
    if (Array.isArray(node.from)) for (const item of trees(node.from)) found.push(...[relationOf(item) ?? []].flat());
    return false;
  });
  return found.filter(relation => relation.schema !== undefined || !own.has(relation.name));
}

const KINDS: Readonly<Record<string, QueryKind>> = {
  select: 'select',
  insert: 'insert',
  replace: 'insert',
  update: 'update',
  delete: 'delete',
};

function queryOf(reading: Reading, root: Tree, span: SqlSpan): SqlQuery {
  const kind = KINDS[string(root.type) ?? ''] ?? 'other';
  const conditions = isTree(root.where) ? conditionTokens(reading) : [];
  const comparisons = (conditions ?? []).flatMap(condition => comparisonOf(reading, condition) ?? []);
  const writes = kind === 'select' || kind === 'other' ? [] : relationsOf(root.table);
  const from = kind === 'select' || kind === 'delete' ? relationsOf(root.from) : kind === 'update' ? writes : [];
  const groups = tree(root.groupby)?.columns ?? root.groupby;
  return {
    kind,
    start: span.start,
    end: span.end,
    reads: relationsIn(root).filter(read => !writes.some(write => write.name === read.name)),
    writes,
    from,
    comparisons,
    onlyComparisons: comparisons.length === conditions?.length,
    hasWhere: isTree(root.where),
    outputs: kind === 'select' ? outputsOf(root.columns) : outputsOf(tree(root.returning)?.columns),
    grouped: (Array.isArray(groups) && groups.length > 0) || isTree(root.having),
    aggregated: kind === 'select' && contains(root.columns, node => node.type === 'aggr_func' || isTree(node.over)),
    distinct: root.distinct !== null && root.distinct !== undefined && tree(root.distinct)?.type !== null,
    limited: (isTree(root.limit) && trees(root.limit.value).length > 0) || isTree(root.top),
    ordered: Array.isArray(root.orderby) && root.orderby.length > 0,
    combined: isTree(root._next) || string(root.set_op) !== undefined,
    locking: string(root.locking_read) !== undefined || isTree(root.locking_read),
    placeholders: reading.placeholders.length,
  };
}

/** @param database the build's own name for its dialect */
export function grammarParser(dialect: Dialect, database: string, library: GrammarLibrary): SqlParser {
  const parser = new library.Parser();
  const parsed = (text: string): readonly Tree[] | undefined => {
    try {
      const { ast } = parser.parse(text, { database, parseOptions: { includeLocations: true } });
      return Array.isArray(ast) ? trees(ast) : [ast].filter(isTree);
    } catch (error) {
      // besides located syntax errors it throws bare ones, and trips over its own trees: either way not a statement for it
      if (error instanceof Error) return undefined;
      throw error;
    }
  };
  const readStatement = (statement: StatementText): readonly SqlQuery[] => {
    const tokens = statement.tokens.map(token => ({
      ...token,
      start: token.start - statement.start,
      end: token.end - statement.start,
    }));
    const placeholders = placeholdersOf(statement.text, tokens, dialect);
    const parseable = withPlaceholders(statement.text, placeholders, source => (source === '??' ? 'x_' : '0'));
    const [root, more] = parsed(parseable) ?? [];
    if (!root || more) return [];
    const reading = { text: statement.text, tokens, placeholders };
    return [shifted(queryOf(reading, root, { start: 0, end: statement.text.length }), statement.start)];
  };
  return {
    dialect,
    accepts: text => parsed(text)?.length === 1,
    read: text => splitStatements(text, dialect).flatMap(readStatement),
  };
}
