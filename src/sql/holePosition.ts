/**
 * Where in a statement a hole of recovered SQL text stands: where a bound value may stand, or where only text can.
 * What an injection can reach, and whether a bound parameter can stop it, hangs on this.
 *
 * The tokens around the hole say what it would be; the parser then confirms it: the statement is parsed with a
 * placeholder in the hole, and a value that the server would not take there is none.
 */
import { type Dialect, LEXIS } from './dialect';
import type { SqlParser } from './parser';
import { isQuestionOperator } from './placeholder';
import { splitStatements } from './statements';
import { HOLE, sourceOf, type Token, tokensOf } from './tokens';

/** The quoted literal around a hole. Texts are as they stand in the SQL, escapes included. */
export interface LiteralAround {
  /** `'`, `E'`, `"` */
  readonly open: string;
  readonly close: string;
  /** Between the opening quote and the first hole in the literal, and between the last one and the closing quote. */
  readonly before: string;
  readonly after: string;
  /** The first and last hole that stand in the literal; one and the same where it holds one. */
  readonly firstHole: number;
  readonly lastHole: number;
}

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

export type HolePosition =
  /** A bound parameter may stand here; `literal` when quotes must go with the hole. */
  | {
      readonly kind: 'value';
      readonly context: ValueContext;
      readonly quoted: boolean;
      /** Nothing but the hole stands between the quotes. True for an unquoted one. */
      readonly wholeLiteral: boolean;
      readonly literal?: LiteralAround;
    }
  /** All that stands in `IN (…)`: one value, or a list that was joined into text. */
  | {
      readonly kind: 'in-list';
      readonly quoted: boolean;
      readonly parenthesised: boolean;
      readonly literal?: LiteralAround;
    }
  /** LIMIT, OFFSET, FETCH or TOP; not every driver can bind it. */
  | { readonly kind: 'limit' }
  /** A name, or part of one: a table, a column, what is selected, sorted or grouped by. */
  | {
      readonly kind: 'identifier';
      readonly of: 'table' | 'column' | 'order' | 'select' | 'name';
      readonly quoted: boolean;
    }
  /** `ASC` or `DESC`. */
  | { readonly kind: 'direction' }
  /** A piece of SQL: conditions, assignments, clauses, operators, part of a word, code in a body or comment. */
  | { readonly kind: 'partial' }
  /** Could be a value, but the server would not take a parameter here, or it cannot be told from a name. */
  | { readonly kind: 'unknown' };

export interface HoledStatement {
  /** One per hole, in order. */
  readonly positions: readonly HolePosition[];
  /** With parameters in all value positions and names in the others it is a statement that the server takes. */
  readonly parses: boolean;
  /** With more than one, no driver can bind parameters. */
  readonly statements: number;
}

const UNKNOWN: HolePosition = { kind: 'unknown' };
const PARTIAL: HolePosition = { kind: 'partial' };

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
/** Statements that take parameters. */
const BINDABLE = /^(?:SELECT|INSERT|REPLACE|UPDATE|DELETE|MERGE|WITH|VALUES|CALL|EXPLAIN|\()$/i;

/** Tokens without comments, with the index of the opening parenthesis that each stands in. */
interface Shape {
  readonly text: string;
  readonly dialect: Dialect;
  readonly tokens: readonly Token[];
  readonly words: readonly string[];
  /** Index of the enclosing `(`, or -1. */
  readonly opener: readonly number[];
}

function shapeOf(text: string, tokens: readonly Token[], dialect: Dialect): Shape {
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

type Guess =
  | { readonly as: 'value'; readonly context: ValueContext }
  | { readonly as: 'in-list'; readonly parenthesised: boolean }
  /** `stand` is a piece of SQL that may stand here, so that the rest can be parsed. */
  | { readonly as: 'limit' | 'direction' | 'partial' | 'unknown'; readonly stand?: string }
  | { readonly as: 'identifier'; readonly of: 'table' | 'column' | 'order' | 'select' | 'name' };

const value = (context: ValueContext): Guess => ({ as: 'value', context });
const identifier = (of: 'table' | 'column' | 'order' | 'select' | 'name'): Guess => ({ as: 'identifier', of });
const guess = (as: 'limit' | 'direction' | 'partial' | 'unknown', stand?: string): Guess =>
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

/** What an unquoted hole, or a literal that holds one, is by the tokens around it. */
function guessAt(shape: Shape, at: number, quoted: boolean): Guess {
  const before = shape.words[at - 1] ?? '';
  const after = shape.words[at + 1] ?? '';
  const previous = shape.tokens[at - 1];
  const next = shape.tokens[at + 1];
  if (!quoted) {
    // part of a name, or of a number
    if (before === '.' || after === '.') return identifier(clauseWord(shape, at) === 'FROM' ? 'table' : 'name');
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

/** Offsets of the holes in a text. */
function holesIn(text: string): readonly number[] {
  const found: number[] = [];
  for (let at = text.indexOf(HOLE); at >= 0; at = text.indexOf(HOLE, at + 1)) found.push(at);
  return found;
}

function literalAround(text: string, token: Token, holes: readonly number[]): LiteralAround | undefined {
  const source = sourceOf(text, token);
  const open = /^(?:[eEnNbBxX]|[uU]&)?(?:'|")/.exec(source)?.[0];
  if (open === undefined || token.open) return undefined;
  const inside = holes.flatMap((at, index) => (at > token.start && at < token.end ? [index] : []));
  const firstHole = inside[0];
  const lastHole = inside[inside.length - 1];
  const first = firstHole === undefined ? undefined : holes[firstHole];
  const last = lastHole === undefined ? undefined : holes[lastHole];
  if (firstHole === undefined || lastHole === undefined || first === undefined || last === undefined) return undefined;
  return {
    open,
    close: open.charAt(open.length - 1),
    before: text.slice(token.start + open.length, first),
    after: text.slice(last + 1, token.end - 1),
    firstHole,
    lastHole,
  };
}

/** How a hole's token is written for the parser, by what the hole was taken for. */
const standIn = (found: Guess, parameter: string): string => {
  switch (found.as) {
    case 'value':
    case 'limit':
      return ` ${parameter} `;
    case 'in-list':
      return ` (${parameter}) `;
    case 'identifier':
      return 'a_name';
    case 'direction':
      return ' DESC ';
    default:
      return found.stand ?? ' ';
  }
};

interface Found {
  readonly token?: Token;
  readonly guess: Guess;
  readonly literal?: LiteralAround;
  readonly quotedName?: boolean;
}

function findAt(shape: Shape, all: readonly Token[], hole: number, holes: readonly number[]): Found {
  const { text } = shape;
  const token = all.find(candidate => candidate.start <= hole && hole < candidate.end);
  const at = token ? shape.tokens.indexOf(token) : -1;
  if (!token || at < 0) return { guess: guess('partial') }; // in a comment
  if (token.kind === 'word') {
    if (token.end - token.start === 1) return { token, guess: guessAt(shape, at, false) };
    return { guess: identifierOrPartial(shape, at) };
  }
  if (token.kind === 'name') return { guess: nameGuess(shape, at), quotedName: true };
  if (token.kind === 'text') {
    const literal = literalAround(text, token, holes);
    if (!literal) return { guess: guess('partial') };
    const adjacent = shape.tokens[at + 1]?.start === token.end && shape.tokens[at + 1]?.kind === 'text';
    return adjacent ? { guess: guess('partial') } : { token, guess: guessAt(shape, at, true), literal };
  }
  return { guess: guess('partial') };
}

/** `orders_` + hole where a name stands is part of a name; anything else that is glued to a word is a piece of SQL. */
function identifierOrPartial(shape: Shape, at: number): Guess {
  const source = shape.tokens[at] ? sourceOf(shape.text, shape.tokens[at]) : '';
  if (source.replaceAll(HOLE, '') === '') return guess('partial');
  const asName = guessAt(shape, at, false);
  return asName.as === 'identifier' ? asName : guess('partial');
}

function nameGuess(shape: Shape, at: number): Guess {
  const asName = guessAt(shape, at, false);
  return asName.as === 'identifier' ? asName : identifier('name');
}

function positionOf({ guess: found, literal, quotedName }: Found, confirmed: boolean): HolePosition {
  switch (found.as) {
    case 'value': {
      if (!confirmed) return UNKNOWN;
      const wholeLiteral =
        !literal || (literal.before === '' && literal.after === '' && literal.firstHole === literal.lastHole);
      return {
        kind: 'value',
        context: found.context,
        quoted: literal !== undefined,
        wholeLiteral,
        ...(literal ? { literal } : {}),
      };
    }
    case 'in-list':
      if (!confirmed) return UNKNOWN;
      return {
        kind: 'in-list',
        quoted: literal !== undefined,
        parenthesised: found.parenthesised,
        ...(literal ? { literal } : {}),
      };
    case 'identifier':
      return { kind: 'identifier', of: found.of, quoted: quotedName === true };
    case 'limit':
    case 'direction':
      return { kind: found.as };
    case 'partial':
      return PARTIAL;
    case 'unknown':
      return UNKNOWN;
  }
}

/**
 * Where each hole of a statement stands. A value position is only called one when the parser takes a placeholder there.
 * @param pieces the constant stretches around the holes, one more than there are holes; they may hold placeholders
 * @param parser the parser of the statement's dialect
 */
export function holePositions(pieces: readonly string[], parser: SqlParser): HoledStatement {
  const count = Math.max(0, pieces.length - 1);
  const text = pieces.join(HOLE);
  const holes = holesIn(text);
  if (holes.length !== count)
    return { positions: Array.from({ length: count }, () => UNKNOWN), parses: false, statements: 1 };
  const { dialect } = parser;
  const all = tokensOf(text, dialect);
  const tokens = all.filter(token => token.kind !== 'comment' && token.kind !== 'foreign');
  const shape = shapeOf(text, tokens, dialect);
  const found = holes.map(hole => findAt(shape, all, hole, holes));
  const statements = splitStatements(text, dialect).length;
  const bindable = tokens[0] !== undefined && BINDABLE.test(sourceOf(text, tokens[0]));
  const parses = statements === 1 && confirms(parser, shape, found);
  return { positions: found.map(one => positionOf(one, parses && bindable)), parses, statements };
}

/** Parses the statement with a placeholder for each value, a name for each name, and nothing for each piece of SQL. */
function confirms(parser: SqlParser, shape: Shape, holes: readonly Found[]): boolean {
  const { text, dialect } = shape;
  const postgres = LEXIS[dialect].postgresStrings;
  const replaced = new Map<Token, Guess>();
  for (const one of holes) if (one.token) replaced.set(one.token, one.guess);
  let number = 1000;
  const parameter = (): string => {
    number += 1;
    return postgres ? `$${number}` : dialect === 'transactsql' ? `@p${number}` : '?';
  };
  const pieces: string[] = [];
  let from = 0;
  for (const [at, token] of shape.tokens.entries()) {
    const found = replaced.get(token);
    let standsFor: string | undefined;
    if (found) {
      const parenthesised = found.as === 'in-list' && shape.words[at - 1] === '(';
      standsFor = standIn(parenthesised ? value('list-item') : found, parameter());
    } else if (token.kind === 'placeholder') {
      const source = sourceOf(text, token);
      const operator = source === '?' && postgres && isQuestionOperator(text, shape.tokens, at);
      if (source === '??') standsFor = 'a_name';
      else if (!operator && !(postgres && source.startsWith('$'))) standsFor = ` ${parameter()} `;
    }
    if (standsFor === undefined) continue;
    pieces.push(text.slice(from, token.start), standsFor);
    from = token.end;
  }
  pieces.push(text.slice(from));
  return parser.accepts(pieces.join('').replaceAll(HOLE, 'h').replace(/;\s*$/, ''));
}

/** Where one hole stands; see `holePositions`. */
export const holePosition = (pieces: readonly string[], hole: number, parser: SqlParser): HolePosition =>
  holePositions(pieces, parser).positions[hole] ?? UNKNOWN;
