/**
 * Where in a statement a hole of recovered SQL text stands: where a bound value may stand, or where only text can.
 * What an injection can reach, and whether a bound parameter can stop it, hangs on this.
 *
 * The tokens around the hole say what it would be; the parser then confirms it: the statement is parsed with a
 * placeholder in the hole, and a value that the server would not take there is none.
 */
import { type Dialect, LEXIS } from './dialect';
import { type Guess, guess, guessAt, identifier, type Shape, shapeOf, type ValueContext, value } from './holeGuess';
import type { SqlParser } from './parser';
import { isQuestionOperator } from './placeholder';
import { remembered } from './remembered';
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

/** Statements that take parameters. */
const BINDABLE = /^(?:SELECT|INSERT|REPLACE|UPDATE|DELETE|MERGE|WITH|VALUES|CALL|EXPLAIN|\()$/i;

/** Offsets of the holes in a text. */
function holesIn(text: string): readonly number[] {
  const found: number[] = [];
  for (let at = text.indexOf(HOLE); at >= 0; at = text.indexOf(HOLE, at + 1)) found.push(at);
  return found;
}

function literalAround(text: string, token: Token, holes: readonly number[]): LiteralAround | undefined {
  const source = sourceOf(text, token);
  // `X'…'`, `B'…'` and `U&'…'` are read in a way of their own, which no bound text is
  const open = /^[eEnN]?['"]/.exec(source)?.[0];
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
  if (holesIn(text).length !== count)
    return { positions: Array.from({ length: count }, () => UNKNOWN), parses: false, statements: 1 };
  const known = POSITIONS.get(parser) ?? remembered(holed => findPositions(holed, parser));
  POSITIONS.set(parser, known);
  return known(text);
}

/** While one types, the statements of a file are nearly all those of the review before. */
const POSITIONS = new WeakMap<SqlParser, (text: string) => HoledStatement>();

function findPositions(text: string, parser: SqlParser): HoledStatement {
  const holes = holesIn(text);
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

/** What a hole stands for, as far as the tokens around it tell; broken and partial text has such holes too. */
export type HoleRole =
  | 'value'
  /** Between the quotes of a literal. */
  | 'quoted'
  | 'limit'
  /** A table, a schema, a column that is selected, a part of any name. */
  | 'name'
  /** A column that is compared, assigned or inserted into. */
  | 'column'
  /** What is sorted or grouped by, `ASC` or `DESC`. */
  | 'order'
  /** Anything else: a condition, a clause, an operator. */
  | 'sql';

/** The role of each hole of a text, in order. */
export function holeRoles(text: string, dialect: Dialect): readonly HoleRole[] {
  const all = tokensOf(text, dialect);
  const tokens = all.filter(token => token.kind !== 'comment' && token.kind !== 'foreign');
  const shape = shapeOf(text, tokens, dialect);
  const holes = holesIn(text);
  return holes.map(hole => {
    const { guess: found, literal, token } = findAt(shape, all, hole, holes);
    return token?.kind === 'text' && literal ? 'quoted' : roleOf(found);
  });
}

function roleOf(found: Guess): HoleRole {
  switch (found.as) {
    case 'value':
    case 'in-list':
      return 'value';
    case 'limit':
      return 'limit';
    case 'direction':
      return 'order';
    case 'identifier':
      return found.of === 'order' || found.of === 'column' ? found.of : 'name';
    default:
      return 'sql';
  }
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
