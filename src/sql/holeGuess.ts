/** What a hole of recovered SQL text would be, by the tokens around it: a value, a name, or a piece of SQL. */
import type { Dialect } from './dialect';
import { HOLE, sourceOf, type Token } from './tokens';

export type ValueContext =
  /** `column = …`, also `<`, `BETWEEN`, and `column = ANY (…)` with an array. */
  | 'comparison'
  | 'array'
  /** After LIKE and the like. */
  | 'pattern'
  /** `SET column = …` */
  | 'assignment'
  /** One of several items in VALUES, or the only one of an INSERT with one column. */
  | 'insert'
  /** One of several items of an IN list. */
  | 'list-item'
  /** An argument of a function: the server must guess the type of a bound one. */
  | 'argument'
  /** Operand of arithmetic, of `||`, of a cast; a branch of CASE; a column of INSERT … SELECT. */
  | 'expression';

const COMPARES = new Set([
  '=',
  '<>',
  '!=',
  '<',
  '>',
  '<=',
  '>=',
  '<=>',
  '==',
  '@>',
  '<@',
  '&&',
  '~',
  '~*',
  '!~',
  '!~*',
  '@@',
]);
const MATCHES = new Set(['LIKE', 'ILIKE', 'RLIKE', 'REGEXP', 'GLOB', 'TO', 'MATCH']);
const ARITHMETIC = new Set([
  '+',
  '-',
  '*',
  '/',
  '%',
  '||',
  '->',
  '->>',
  '#>',
  '#>>',
  '|',
  '&',
  '::',
  '?|',
  '?&',
  '^',
  '#-',
  '<->',
  '<=>',
]);
const CLAUSES = new Set(
  'SELECT FROM WHERE SET VALUES VALUE ORDER GROUP HAVING ON LIMIT OFFSET RETURNING INTO UPDATE JOIN USING UNION FETCH TABLE WINDOW PARTITION'.split(
    ' ',
  ),
);
const CONDITION_OPENERS = new Set(['WHERE', 'AND', 'OR', 'HAVING', 'ON', 'NOT', 'WHEN', 'XOR']);
const FUNCTION_LIKE_WORDS = new Set(
  'AND OR NOT WHERE ON HAVING SELECT FROM BY THEN ELSE WHEN CASE SET RETURNING DISTINCT AS LIMIT OFFSET UNION ALL EXISTS WITH RECURSIVE MATERIALIZED LATERAL JOIN OVER FILTER USING INTERVAL BETWEEN LIKE ILIKE IS KEY CHECK'.split(
    ' ',
  ),
);
/** Tokens without comments, with the index of the opening parenthesis that each stands in. */
export interface Shape {
  readonly text: string;
  readonly dialect: Dialect;
  readonly tokens: readonly Token[];
  readonly words: readonly string[];
  /** Index of the enclosing `(`, or -1. */
  readonly opener: readonly number[];
}

export function shapeOf(text: string, tokens: readonly Token[], dialect: Dialect): Shape {
  const open: number[] = [];
  const opener: number[] = [];
  const words = tokens.map(token =>
    token.kind === 'word' || token.kind === 'symbol' ? sourceOf(text, token).toUpperCase() : '',
  );
  for (const [at, word] of words.entries()) {
    if (word === ')') open.pop();
    opener.push(open[open.length - 1] ?? -1);
    if (word === '(') open.push(at);
  }
  return { text, dialect, tokens, words, opener };
}

/** The clause keyword that governs a token, looking back at the same depth of parentheses; -1 for none. */
function clauseBefore(shape: Shape, at: number): number {
  const depth = shape.opener[at];
  for (let before = at - 1; before >= 0 && before !== depth; before -= 1)
    if (shape.opener[before] === depth && CLAUSES.has(shape.words[before] ?? '')) return before;
  return -1;
}

const clauseWord = (shape: Shape, at: number): string => {
  const clause = clauseBefore(shape, at);
  return clause < 0 ? '' : (shape.words[clause] ?? '');
};

/** Whether the AND before `at` belongs to a BETWEEN. */
function closesBetween(shape: Shape, and: number): boolean {
  const depth = shape.opener[and];
  for (let before = and - 1; before >= 0 && before !== depth; before -= 1) {
    if (shape.opener[before] !== depth) continue;
    const word = shape.words[before] ?? '';
    if (word === 'BETWEEN') return true;
    if (word === 'AND' || word === 'OR' || CLAUSES.has(word)) return false;
  }
  return false;
}

/** Commas at the depth of `at`, in the parentheses it stands in. */
function itemCount(shape: Shape, opener: number): number {
  let count = 1;
  for (let at = opener + 1; at < shape.tokens.length; at += 1) {
    if (shape.opener[at] === opener && shape.words[at] === ',') count += 1;
    if (shape.words[at] === ')' && shape.opener[at] === shape.opener[opener]) break;
  }
  return count;
}

/** Whether the hole is all that stands between `(` or `,` and `,` or `)`. */
const isWholeItem = (before: string, after: string): boolean =>
  (before === '(' || before === ',') && (after === ')' || after === ',');

/** The number of columns that an INSERT lists before VALUES; undefined when it lists none or a hole. */
function insertColumns(shape: Shape, values: number): number | undefined {
  if (shape.words[values - 1] !== ')') return undefined;
  for (let at = values - 2; at >= 0; at -= 1)
    if (shape.words[at] === '(' && shape.opener[at] === shape.opener[values]) {
      const listed = shape.tokens.slice(at, values).some(token => sourceOf(shape.text, token).includes(HOLE));
      return listed ? undefined : itemCount(shape, at);
    }
  return undefined;
}

export type Guess =
  | { readonly as: 'value'; readonly context: ValueContext }
  | { readonly as: 'in-list'; readonly parenthesised: boolean }
  /** `stand` is a piece of SQL that may stand here, so that the rest can be parsed. */
  | { readonly as: 'limit' | 'direction' | 'partial' | 'unknown'; readonly stand?: string }
  | { readonly as: 'identifier'; readonly of: 'table' | 'column' | 'order' | 'select' | 'name' };

export const value = (context: ValueContext): Guess => ({ as: 'value', context });
export const identifier = (of: 'table' | 'column' | 'order' | 'select' | 'name'): Guess => ({ as: 'identifier', of });
export const guess = (as: 'limit' | 'direction' | 'partial' | 'unknown', stand?: string): Guess =>
  stand === undefined ? { as } : { as, stand };

/** What the item in parentheses is, by what stands before them. */
function inParentheses(shape: Shape, at: number, quoted: boolean): Guess | undefined {
  const opener = shape.opener[at] ?? -1;
  if (opener < 0) return undefined;
  const beforeWord = shape.words[opener - 1] ?? '';
  const before = shape.tokens[opener - 1];
  const whole = isWholeItem(shape.words[at - 1] ?? '', shape.words[at + 1] ?? '');
  const count = itemCount(shape, opener);
  if (beforeWord === 'IN') {
    if (!whole) return value('expression');
    return count === 1 ? { as: 'in-list', parenthesised: true } : value('list-item');
  }
  if (beforeWord === 'ANY' || beforeWord === 'SOME' || beforeWord === 'ALL')
    return whole ? value('array') : value('expression');
  if (beforeWord === 'TOP') return guess('limit');
  const clause = beforeWord === 'VALUES' || beforeWord === 'VALUE' ? opener - 1 : clauseBefore(shape, opener);
  const clauseName = shape.words[clause] ?? '';
  if (clauseName === 'VALUES' || clauseName === 'VALUE') {
    // `VALUES (…), (…)`, not the arguments of a function in a row
    if (beforeWord === 'VALUES' || beforeWord === 'VALUE' || beforeWord === ',') {
      if (!whole) return value('expression');
      if (count > 1 || quoted) return value('insert');
      const columns = insertColumns(shape, clause) ?? 0;
      return columns === 1 ? value('insert') : guess('partial', Array(Math.max(1, columns)).fill(1).join());
    }
  }
  if (clauseName === 'INTO' && shape.opener[opener] === shape.opener[clause]) return identifier('column'); // INSERT INTO t (…)
  if (beforeWord === 'USING' || beforeWord === 'BY') return identifier('column');
  const called =
    before !== undefined &&
    (before.kind === 'name' ||
      (before.kind === 'word' && !FUNCTION_LIKE_WORDS.has(beforeWord) && !beforeWord.includes(HOLE)));
  if (called) return whole ? value('argument') : value('expression');
  return undefined;
}

/** What a part of a qualified name is: `ORDER BY p.` + hole is as much a choice of what to sort by as the hole alone. */
function partOf(clause: string, isLast: boolean): 'table' | 'order' | 'name' {
  if (clause === 'FROM') return 'table';
  return isLast && (clause === 'ORDER' || clause === 'GROUP') ? 'order' : 'name';
}

/** What an unquoted hole, or a literal that holds one, is by the tokens around it. */
export function guessAt(shape: Shape, at: number, quoted: boolean): Guess {
  const before = shape.words[at - 1] ?? '';
  const after = shape.words[at + 1] ?? '';
  const previous = shape.tokens[at - 1];
  const next = shape.tokens[at + 1];
  if (!quoted) {
    // part of a name, or of a number
    if (before === '.' || after === '.') return identifier(partOf(clauseWord(shape, at), before === '.'));
    if (after === '(' && before === 'INTO') return identifier('table');
    if (after === '(') return ['IN', 'VALUES', ''].includes(before) ? guess('partial') : identifier('name');
  }
  if (before === ':' || before === '@') return guess('partial');
  if (COMPARES.has(before)) {
    if (
      clauseWord(shape, at) === 'SET' &&
      before === '=' &&
      (shape.opener[at] ?? -1) === (shape.opener[clauseBefore(shape, at)] ?? -1)
    )
      return computes(after) ? value('expression') : value('assignment');
    return computes(after) ? value('expression') : value('comparison');
  }
  if (MATCHES.has(before))
    return before === 'TO' && shape.words[at - 2] !== 'SIMILAR' ? identifier('name') : value('pattern');
  if (before === 'BETWEEN' || (before === 'AND' && closesBetween(shape, at - 1))) return value('comparison');
  if (before === 'IN') return { as: 'in-list', parenthesised: false };
  if (before === 'LIMIT' || before === 'OFFSET' || before === 'TOP') return guess('limit');
  if ((before === 'FIRST' || before === 'NEXT') && shape.words[at - 2] === 'FETCH') return guess('limit');
  if (before === ',' && clauseWord(shape, at) === 'LIMIT') return guess('limit');
  if (before === 'ESCAPE') return value('expression');
  // `select $1 -- the type`: a typed constant takes a literal and nothing else
  if (
    quoted &&
    previous?.kind === 'word' &&
    /^(?:INTERVAL|DATE|TIME|TIMESTAMP|TIMESTAMPTZ|JSON|JSONB|UUID|NUMERIC)$/.test(before)
  )
    return guess('unknown');
  if (before === 'THEN' || before === 'ELSE') return value('expression');
  if (before === 'WHEN') return shape.words[at - 2] === 'CASE' ? guess('partial') : guess('unknown');
  if (before === 'RETURNING') return identifier('select');

  const inside = inParentheses(shape, at, quoted);
  if (inside) return inside;

  const clause = clauseWord(shape, at);
  if (clause === 'ORDER' || clause === 'GROUP' || clause === 'PARTITION') {
    if (before === 'BY' || before === ',') return quoted ? guess('unknown') : identifier('order');
    return !quoted &&
      clause === 'ORDER' &&
      (after === '' || after === ',' || CLAUSES.has(after) || after === ')' || after === 'NULLS')
      ? guess('direction')
      : guess('partial');
  }
  if (ARITHMETIC.has(before) || (ARITHMETIC.has(after) && after !== '*' && isOperandStart(before)))
    return value('expression');
  if (CONDITION_OPENERS.has(before) || (before === '(' && ['WHERE', 'HAVING', 'ON', ''].includes(clause))) {
    if (COMPARES.has(after) || ['IN', 'LIKE', 'ILIKE', 'BETWEEN', 'IS'].includes(after)) {
      if (quoted) return value('comparison');
      // `5 = ANY (tags)` has the value on the left
      if (after === '=' && shape.words[at + 2] === 'ANY') return value('comparison');
      return comparesToValue(shape, at + 2) ? identifier('column') : guess('unknown', 'a_name');
    }
    if (after === 'NOT') return quoted ? value('comparison') : identifier('column');
    return guess('partial', ' 1 = 1 ');
  }
  if (clause === 'SELECT' || clause === 'RETURNING') {
    const distinct = before === 'DISTINCT' || before === 'ALL';
    if (before === 'SELECT' || before === ',' || distinct)
      return quoted
        ? value('expression')
        : isInsertSelect(shape, at) && after !== 'FROM'
          ? value('expression')
          : identifier('select');
    return before === 'AS' ? identifier('name') : guess('partial');
  }
  if (['FROM', 'INTO', 'UPDATE', 'JOIN', 'TABLE'].includes(before) || (clause === 'FROM' && before === ','))
    return identifier('table');
  if (clause === 'SET' && (before === 'SET' || before === ','))
    return after === '=' ? identifier('column') : guess('partial', ' a_name = 1 ');
  if (previous === undefined && next === undefined) return guess('partial');
  if (before === 'VIEW' || before === 'INDEX' || before === 'EXISTS' || before === 'COLUMN' || before === 'SCHEMA')
    return identifier('name');
  return guess('partial');
}

/** A cast names the type of a bound value; any other operator leaves it to be guessed. */
const computes = (after: string): boolean => after !== '::' && ARITHMETIC.has(after);

const isOperandStart = (word: string): boolean =>
  word === '(' || word === ',' || CONDITION_OPENERS.has(word) || word === 'SELECT';

/** Whether what stands here is a value and not a column, so that what it is compared to is the column. */
function comparesToValue(shape: Shape, at: number): boolean {
  const token = shape.tokens[at];
  if (!token) return false;
  if (token.kind === 'word')
    return (
      /^(?:ANY|SOME|ALL|NULL|TRUE|FALSE|NOT|CURRENT_\w+|NOW)$/.test(shape.words[at] ?? '') ||
      sourceOf(shape.text, token) === HOLE
    );
  return token.kind !== 'name';
}

/** Whether this SELECT gives the rows of an INSERT. */
const isInsertSelect = (shape: Shape, at: number): boolean => {
  const clause = clauseBefore(shape, at);
  return shape.words[clause] === 'SELECT' && shape.words.slice(0, clause).includes('INTO');
};
