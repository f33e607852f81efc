/**
 * What of an SQL text becomes a parameter, and what is bound for it.
 *
 * A parameter is not always what the same text was: a literal has a type where a parameter has none, a list that was
 * joined is many values, and what stands in for a column or a keyword is no value at all.
 */
import type { Safety } from '../../engine/finding';
import type { Place } from '../../engine/place';
import type { Hazard, QueryExecution, SqlFragment, SqlText } from '../../facts/facts';
import { holesOf } from '../../program/strings';
import type { Piece } from '../../program/value';
import type { Dialect } from '../../sql/dialect';
import type { HolePosition } from '../../sql/holePosition';
import { sourceOf, type Token } from '../../sql/tokens';
import type { Inserted, InsertedSegment, Segment, TextSource } from './recoveredText';

type Taker = QueryExecution | SqlFragment;

/** A statement that parses, with what its holes are. */
export interface Statement {
  readonly source: TextSource;
  readonly tokens: readonly Token[];
  readonly positions: readonly HolePosition[];
  readonly dialect: Dialect;
}

/** A stretch of the text that one parameter takes the place of. */
export interface Binding {
  readonly start: number;
  readonly end: number;
  readonly hazards: readonly Hazard[];
  /** What is bound: one expression, or a text with expressions in it. */
  readonly value: readonly (string | { readonly expression: string })[];
  readonly interpolated: boolean;
  readonly safety: Safety;
  /** The stretch with the placeholder in it. */
  readonly written: (placeholder: string) => string;
}

const itself = (placeholder: string): string => placeholder;

/** What can be bound, in the order of the text; holes that cannot are left out. */
export function bindingsIn(statement: Statement, text: SqlText, query: Taker): readonly Binding[] {
  const { holes } = statement.source.recovered;
  const bindings: Binding[] = [];
  for (const [index, hole] of holes.entries()) {
    const hazards = hazardsOf(hole.piece, text.hazards);
    const covered = bindings.at(-1);
    if (covered && covered.end > hole.start) continue;
    if (hazards.length === 0) continue;
    const binding = bindingAt(statement, index, text, query);
    if (binding) bindings.push(binding);
  }
  return bindings;
}

const sameStart = (left: Place, right: Place): boolean => left.unit === right.unit && left.start === right.start;

const hazardsOf = (piece: Inserted, hazards: readonly Hazard[]): readonly Hazard[] => {
  const holes = holesOf([piece]);
  return hazards.filter(({ at }) => holes.some(hole => sameStart(hole.at, at)));
};

function bindingAt(statement: Statement, index: number, text: SqlText, query: Taker): Binding | undefined {
  const position = statement.positions[index];
  const hole = statement.source.recovered.holes[index];
  if (!position || !hole) return undefined;
  switch (position.kind) {
    case 'value':
      return position.quoted ? literalBinding(statement, hole, text) : bareBinding(statement, hole, position, text);
    case 'limit':
      // Elsewhere a text sent for a number is an error here, so the value needs a look.
      return oneHole(hole, text, text.dialect === 'postgresql' ? 'safe' : 'suggestion');
    case 'in-list':
      return position.quoted && !joinsLiterals(hole.piece)
        ? literalBinding(statement, hole, text)
        : listBinding(statement, hole, text, query);
    case 'unknown':
      return typedLiteral(statement, hole, text);
    default:
      return undefined;
  }
}

/**
 * An unquoted value: what the server makes of the text and of a parameter differs where only the text has a type, and
 * what is called a column may be one.
 */
function bareBinding(
  statement: Statement,
  hole: InsertedSegment,
  position: HolePosition & { readonly kind: 'value' },
  text: SqlText,
): Binding | undefined {
  if (NAMES_SQL.test(hole.piece.source ?? '')) return undefined;
  switch (position.context) {
    case 'comparison':
    case 'pattern':
    case 'assignment':
    case 'insert':
    case 'list-item':
      return followedBy(statement, hole.end, /^is\b/i) ? undefined : oneHole(hole, text, 'safe');
    case 'array': // a list joined into text, most likely
    case 'argument': // often a column
      return undefined;
    case 'expression':
      if (followedBy(statement, hole.end, /^::/)) return oneHole(hole, text, 'safe');
      return isStep(statement, hole) ? oneHole(hole, text, 'suggestion') : undefined;
  }
}

/** An expression whose last name says that it holds a piece of SQL. */
const NAMES_SQL =
  /(?:col(?:umn)?|field|table|schema|alias|ident(?:ifier)?|sql|query|clause|where|cond(?:ition)?|expr(?:ession)?)(?:_?name)?s?\W*$/i;

/** `stock = stock - …`: the parameter takes the column's type, which is right unless the column is a date. */
function isStep(statement: Statement, hole: Segment): boolean {
  const before = statement.source.recovered.text.slice(0, hole.start);
  const step = /([\w."]+)\s*=\s*([\w."]+)\s*[-+*]\s*$/.exec(before);
  return step !== null && step[1] === step[2];
}

const followedBy = (statement: Statement, offset: number, what: RegExp): boolean =>
  what.test(statement.source.recovered.text.slice(offset).trimStart());

function oneHole(hole: InsertedSegment, text: SqlText, safety: Safety): Binding | undefined {
  const { piece } = hole;
  // What may also be a keyword or an expression of SQL is no value.
  if (!isOneValue(piece, /^-?\d+(?:\.\d+)?$/) || escapesByHand(piece.source)) return undefined;
  return {
    start: hole.start,
    end: hole.end,
    hazards: hazardsOf(piece, text.hazards),
    value: [{ expression: piece.source }],
    interpolated: piece.interpolation !== undefined,
    safety,
    written: itself,
  };
}

/**
 * Whether the expression gives a value and no SQL around it: a hole, or one of several holes and constants that read as
 * `constants` says.
 */
const isOneValue = (piece: Inserted, constants: RegExp): piece is Inserted & { readonly source: string } =>
  piece.source !== undefined &&
  (piece.kind === 'hole' ||
    (piece.kind === 'choice' &&
      piece.alternatives.every(each => each.length <= 1 && each.every(isValueOr(constants)))));

const isValueOr =
  (constants: RegExp) =>
  (piece: Piece): boolean =>
    piece.kind === 'hole' || (piece.kind === 'constant' && constants.test(piece.value));

/** What an expression puts between the quotes of a literal, when it brings no quotes of its own. */
const staysInside = (piece: Inserted): piece is Inserted & { readonly source: string } =>
  isOneValue(piece, /^[^'"\\]*$/) ||
  (piece.kind === 'repeat' &&
    piece.source !== undefined &&
    /^[^'"\\]*$/.test(piece.separator) &&
    piece.pieces.every(isValueOr(/^[^'"\\]*$/)));

/** A quoted literal with one hole or several in it: it goes as a whole, and what else stood in it goes into the value. */
function literalBinding(statement: Statement, hole: Segment, text: SqlText, written = itself): Binding | undefined {
  const { recovered } = statement.source;
  const token = statement.tokens.find(({ start, end }) => start <= hole.start && hole.start < end);
  if (token?.kind !== 'text' || token.open) return undefined;
  const inside = recovered.holes.filter(({ start }) => start > token.start && start < token.end);
  const source = sourceOf(recovered.text, token);
  const quote = source.charAt(0);
  // A prefix gives the literal a type or another lexis; a backslash means something else in every dialect.
  if (quote !== "'" && quote !== '"') return undefined;
  if (source.includes('\\')) return undefined;
  const sources = inside.flatMap(({ piece }) => (staysInside(piece) ? [piece.source] : []));
  if (sources.length !== inside.length || sources.some(escapesByHand)) return undefined;
  if (text.dialect === 'postgresql' && !takesUntyped(recovered.text, token)) return undefined;

  const value: (string | { readonly expression: string })[] = [];
  let from = token.start + 1;
  for (const [index, { start, end }] of inside.entries()) {
    if (start > from) value.push(recovered.text.slice(from, start).replaceAll(quote + quote, quote));
    value.push({ expression: sources[index] ?? '' });
    from = end;
  }
  if (from < token.end - 1) value.push(recovered.text.slice(from, token.end - 1).replaceAll(quote + quote, quote));
  return {
    start: token.start,
    end: token.end,
    hazards: inside.flatMap(({ piece }) => hazardsOf(piece, text.hazards)),
    value,
    interpolated: inside.some(({ piece }) => piece.interpolation !== undefined),
    safety: 'safe',
    written,
  };
}

/**
 * Where PostgreSQL takes a literal of unknown type but no parameter of unknown type: `'x' IS NULL`, and functions whose
 * arguments may be of any type.
 */
function takesUntyped(text: string, literal: Token): boolean {
  const isOperand = /[-+*/<>=~!@#%^&|]\s*$/.test(text.slice(0, literal.start));
  if (/^\s*is\b/i.test(text.slice(literal.end)) && !isOperand) return false;
  const called = /(\w+)\s*\((?:[^()]|\([^()]*\))*$/.exec(text.slice(0, literal.start))?.[1];
  if (called && TAKES_ANY_TYPE.has(called.toLowerCase()) && !/^\s*::/.test(text.slice(literal.end))) return false;
  // The same expression twice is the same for GROUP BY only as long as it is the same text.
  return !/\bgroup\s+by\b|\bdistinct\b|\bunion\b/i.test(text) || isFilter(text, literal);
}

/** `VARIADIC "any"` and `"any"` in the catalog of PostgreSQL 18. */
const TAKES_ANY_TYPE = new Set([
  'concat',
  'concat_ws',
  'format',
  'json_build_array',
  'json_build_object',
  'jsonb_build_array',
  'jsonb_build_object',
  'num_nonnulls',
  'num_nulls',
  'pg_typeof',
  'count',
  'json_agg',
  'jsonb_agg',
]);

/** Whether the last clause before the literal is one that filters. */
const isFilter = (text: string, literal: Token): boolean => {
  const clauses = text.slice(0, literal.start).match(/\b(?:select|from|where|having|on|group|order|values|set)\b/gi);
  return /^(?:where|having|on)$/i.test(clauses?.at(-1) ?? '');
};

const TYPED = /^(?:interval|date|time|timestamp|timestamptz)$/i;

/** PostgreSQL's `INTERVAL '… days'` takes a constant alone; `$1::interval` reads the same text. */
function typedLiteral(statement: Statement, hole: Segment, text: SqlText): Binding | undefined {
  if (text.dialect !== 'postgresql') return undefined;
  const { recovered } = statement.source;
  const index = statement.tokens.findIndex(({ start, end }) => start <= hole.start && hole.start < end);
  const literal = statement.tokens[index];
  const type = statement.tokens[index - 1];
  const next = statement.tokens[index + 1];
  if (literal?.kind !== 'text' || type?.kind !== 'word') return undefined;
  const name = sourceOf(recovered.text, type);
  if (!TYPED.test(name)) return undefined;
  // `INTERVAL '3' DAY`
  if (next?.kind === 'word' && /^(?:year|month|day|hour|minute|second)$/i.test(sourceOf(recovered.text, next)))
    return undefined;
  const binding = literalBinding(statement, hole, text, placeholder => `${placeholder}::${name.toLowerCase()}`);
  return binding && { ...binding, start: type.start, safety: 'suggestion' };
}

/** A list that was joined into `IN (…)` becomes one array. */
function listBinding(statement: Statement, hole: InsertedSegment, text: SqlText, query: Taker): Binding | undefined {
  const list = listSource(hole.piece);
  if (!list) return undefined;
  const { recovered } = statement.source;
  const at = statement.tokens.findIndex(({ start, end }) => start <= hole.start && hole.start < end);
  const item = statement.tokens[at];
  const words = (offset: number): string => {
    const token = statement.tokens[at + offset];
    return token ? sourceOf(recovered.text, token).toUpperCase() : '';
  };
  // The item is the list and nothing else, in quotes only when they stand between its items too.
  const quotes = joinsLiterals(hole.piece) ? 1 : 0;
  if (!item || item.start !== hole.start - quotes || item.end !== hole.end + quotes) return undefined;
  if (words(-1) !== '(' || words(1) !== ')' || words(-2) !== 'IN') return undefined;
  const hazards = hazardsOf(hole.piece, text.hazards);
  const bound = { hazards, value: [{ expression: list }], interpolated: false, safety: 'suggestion' } as const;
  // A client that writes the values into the text itself spells a list out.
  if (query.rewrite?.valuesAs?.kind === 'property' || query.rewrite?.writesLists)
    return { ...bound, start: item.start, end: item.end, written: itself };
  const negated = words(-3) === 'NOT';
  const first = statement.tokens[at - (negated ? 3 : 2)];
  const last = statement.tokens[at + 1];
  if (text.dialect !== 'postgresql' || !first || !last) return undefined;
  return {
    ...bound,
    start: first.start,
    end: last.end,
    written: placeholder => (negated ? `<> ALL(${placeholder})` : `= ANY(${placeholder})`),
  };
}

/** The list itself, where what goes in is nothing but its items with commas between them. */
function listSource(piece: Inserted): string | undefined {
  if (piece.kind === 'hole') return piece.value.shape.kind === 'list' ? piece.source : undefined;
  if (piece.kind === 'choice') return undefined;
  const [item, ...more] = piece.pieces;
  if (!/^\s*,\s*$/.test(piece.separator) && !joinsLiterals(piece)) return undefined;
  if (item?.kind !== 'hole' || more.length > 0) return undefined;
  // The items of what the joining call is made on; those of a mapped list have a source of their own.
  return piece.at && sameStart(item.at, piece.at) && item.at.end < piece.at.end ? item.source : undefined;
}

/** `ids.join("','")`, between quotes */
const joinsLiterals = (piece: Inserted): boolean => piece.kind === 'repeat' && /^'\s*,\s*'$/.test(piece.separator);

/** Doubling quotes by hand is part of the text's making: bound as it is, the value would hold them twice. */
const escapesByHand = (source: string): boolean => /''|\\'|\\\\|escape/i.test(source);
