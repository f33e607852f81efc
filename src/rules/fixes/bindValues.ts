/**
 * Rewrites text that values were pasted into to bound parameters: `'${name}'` becomes `$1` and `name` a value of the call.
 *
 * Only where the statement is in sight as a whole, in one expression, and every hole that goes stands where the server
 * takes a parameter that means the same. Everything else is left to the person.
 */
import { type Edit, type ProposedFix, type Safety, safe, suggestion } from '../../engine/finding';
import type { Place } from '../../engine/place';
import type { Hazard, QueryExecution, QueryRewrite, SqlFragment, SqlText } from '../../facts/facts';
import { holesOf } from '../../program/strings';
import type { Piece } from '../../program/value';
import type { CodeWriter } from '../../program/writer';
import type { Dialect, PlaceholderStyle } from '../../sql/dialect';
import { type HolePosition, holePositions } from '../../sql/holePosition';
import type { SqlParser } from '../../sql/parser';
import { placeholdersOf, significantTokens } from '../../sql/placeholder';
import { sourceOf, type Token } from '../../sql/tokens';
import {
  type Inserted,
  type InsertedSegment,
  type Segment,
  type SourcePoint,
  type TextSource,
  textSource,
} from './recoveredText';

type Taker = QueryExecution | SqlFragment;

/** What a fix of this rule needs beside the text. */
export interface Bench {
  readonly writer: CodeWriter;
  readonly parser: (dialect: Dialect) => SqlParser | undefined;
}

/** The fixes for a text, the best first; none where none would be right. */
export function bindValues(text: SqlText, query: Taker, { writer, parser }: Bench): readonly ProposedFix[] {
  const { rewrite, placeholder } = query;
  const sqlParser = parser(text.dialect);
  if (!rewrite || !placeholder || !sqlParser) return [];
  const source = sourceOfText(text, rewrite);
  if (!source) return [];
  const statement = readStatement(source, text, query, sqlParser);
  if (!statement) return [];

  const bindings = bindingsIn(statement, text, query);
  if (bindings.length === 0) return [];
  const style = styleOf(placeholder, rewrite, statement, bindings);
  const edits = style && [
    ...bindings.flatMap((binding, index) => textEdits(source, binding, style.placeholders[index] ?? '')),
    ...valueEdits(rewrite, style, bindings, writer),
  ];
  if (!edits || edits.length <= bindings.length - 1 || edits.some(edit => edit === undefined)) return [];
  const complete = edits.filter(edit => edit !== undefined);

  const holes = bindings.flatMap(binding => binding.hazards);
  const all = text.hazards.every(hazard => holes.includes(hazard));
  const proven =
    all && 'operation' in query && query.evidence === 'traced' && bindings.every(binding => binding.safety === 'safe');
  const isTypedByDriver = rewrite.valuesAs?.kind === 'rest';
  const title = titleOf(holes);
  return [proven && !isTypedByDriver ? safe(title, complete) : suggestion(title, complete)];
}

const titleOf = (holes: readonly Hazard[]): string => {
  const sources = [...new Set(holes.map(({ source }) => source.replace(/\s+/g, ' ')))];
  if (sources.length > 3 || sources.some(source => source.length > 40))
    return sources.length === 1 ? 'Bind the value as a parameter' : `Bind the ${sources.length} values as parameters`;
  const [last = '', ...others] = [...sources].reverse();
  return others.length === 0
    ? `Bind ${last} as a parameter`
    : `Bind ${others.reverse().join(', ')} and ${last} as parameters`;
};

/** The expression that builds the text, with all of its pieces in it. */
function sourceOfText(text: SqlText, rewrite: QueryRewrite): TextSource | undefined {
  const expression = rewrite.textExpression ?? rewrite.sqlArgument;
  return expression && textSource(text, expression);
}

interface Statement {
  readonly source: TextSource;
  readonly tokens: readonly Token[];
  readonly positions: readonly HolePosition[];
  readonly dialect: Dialect;
}

/** A condition is read as part of this statement, since a parser takes statements alone. */
const AROUND_FRAGMENT = 'SELECT * FROM a_table WHERE ';

function readStatement(source: TextSource, text: SqlText, query: Taker, parser: SqlParser): Statement | undefined {
  const { recovered } = source;
  const [first = '', ...others] = recovered.constants;
  const isFragment = !('operation' in query);
  const read = holePositions([isFragment ? AROUND_FRAGMENT + first : first, ...others], parser);
  if (!read.parses || read.statements !== 1) return undefined;
  return {
    source,
    tokens: significantTokens(recovered.text, text.dialect),
    positions: read.positions,
    dialect: text.dialect,
  };
}

/** A stretch of the text that one parameter takes the place of. */
interface Binding {
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

function bindingsIn(statement: Statement, text: SqlText, query: Taker): readonly Binding[] {
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

/** An unquoted value: what the server makes of the text and of a parameter differs where only the text has a type. */
function bareBinding(
  statement: Statement,
  hole: InsertedSegment,
  position: HolePosition & { readonly kind: 'value' },
  text: SqlText,
): Binding | undefined {
  switch (position.context) {
    case 'comparison':
    case 'pattern':
    case 'assignment':
    case 'insert':
    case 'list-item':
      return followedBy(statement, hole.end, /^is\b/i) ? undefined : oneHole(hole, text, 'safe');
    case 'array':
      return undefined; // a list joined into text, most likely
    case 'argument':
      return text.dialect === 'postgresql' ? undefined : oneHole(hole, text, 'suggestion');
    case 'expression': {
      if (followedBy(statement, hole.end, /^::/)) return oneHole(hole, text, 'safe');
      return text.dialect !== 'postgresql' || isStep(statement, hole) ? oneHole(hole, text, 'suggestion') : undefined;
    }
  }
}

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
  if (query.rewrite?.valuesAs?.kind === 'property')
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

interface Style {
  /** One per binding. */
  readonly placeholders: readonly string[];
  /** Index among the existing values at which each binding's value goes. */
  readonly indexes: readonly number[];
  readonly names?: readonly string[];
}

/** The placeholders to write; nothing where they could not be counted. */
function styleOf(
  placeholder: PlaceholderStyle,
  rewrite: QueryRewrite,
  { source, tokens, dialect }: Statement,
  bindings: readonly Binding[],
): Style | undefined {
  const { text, holes } = source.recovered;
  // How many placeholders a built list holds is not known here.
  const hidden = holesOf(holes.map(({ piece }) => piece));
  if (hidden.some(({ safety }) => safety === 'placeholders' || safety === 'bound')) return undefined;
  const existing = placeholdersOf(text, tokens, dialect).filter(({ token }) => token.kind === 'placeholder');
  const items = rewrite.valuesArgument ? rewrite.valuesArgument.items : [];
  if (!items || (!rewrite.valuesArgument && !rewrite.insertValuesAt)) return undefined;
  switch (placeholder) {
    case '$n': {
      const highest = Math.max(0, ...existing.map(({ number }) => number ?? 0));
      if (items.length !== highest || existing.some(({ number }) => number === undefined)) return undefined;
      return {
        placeholders: bindings.map((_, index) => `$${highest + index + 1}`),
        indexes: bindings.map(() => items.length),
      };
    }
    case '?': {
      // The client looks for question marks itself, in literals and operators too.
      const marks = text.split('?').length - 1;
      const counted = existing.reduce((sum, { token }) => sum + (token.end - token.start), 0);
      if (marks !== counted || existing.length !== items.length) return undefined;
      return {
        placeholders: bindings.map(() => '?'),
        indexes: bindings.map(({ start }) => existing.filter(({ token }) => token.start < start).length),
      };
    }
    case ':name': {
      if (rewrite.valuesArgument) return undefined;
      const taken = new Set(existing.map(({ name }) => name));
      const names = bindings.map(binding => {
        const name = freeName(binding, taken);
        taken.add(name);
        return name;
      });
      return { placeholders: names.map(name => `:${name}`), indexes: names.map(() => 0), names };
    }
    default:
      return undefined;
  }
}

/** A parameter's name after the last name in its expression. */
function freeName(binding: Binding, taken: ReadonlySet<string | undefined>): string {
  const expression = binding.value.find(part => typeof part !== 'string');
  const last =
    typeof expression === 'object' ? (/([A-Za-z_]\w*)\W*$/.exec(expression.expression)?.[1] ?? 'value') : 'value';
  let name = last;
  for (let count = 2; taken.has(name); count++) name = `${last}${count}`;
  return name;
}

/** The edits that put a placeholder in the place of a stretch of the text; one of them is `undefined` where that fails. */
function textEdits(
  source: TextSource,
  { start, end, written }: Binding,
  placeholder: string,
): readonly (Edit<Place> | undefined)[] {
  const from = source.before(start);
  const to = source.after(end);
  if (!from?.literal || !to) return [undefined];
  if (!source.reaches(start, end)) return [undefined];
  const newText = written(placeholder);
  const { unit } = source.at;
  const edit = (first: number, last: number, text: string): Edit<Place> => ({
    at: { unit, start: first, end: last },
    newText: text,
  });
  if (sameLiteral(from, to)) return [edit(from.offset, to.offset, newText)];

  // The stretch reaches out of its literal: what is added to the literal goes, and maybe the literal behind it.
  const extents = extentsIn(source, start, end);
  const gaps = extents.slice(1).map((extent, index) => source.slice(extents[index]?.end ?? 0, extent.start));
  if (gaps.length === 0 || !gaps.every(gap => /^[\s()]*[+.][\s()]*$/.test(gap))) return [undefined];
  const behind = to.literal ? undefined : nextLiteral(source, end);
  const literal = to.literal ?? behind?.literal;
  const lastHole = [...extents].reverse().find(({ isLiteral }) => !isLiteral);
  if (!lastHole) return [undefined];
  const between = literal ? source.slice(lastHole.end, literal.at.start) : '';
  const opened = (gaps.find(gap => gap.includes('(')) ?? '').split('(').length - 1;
  const closing = new RegExp(`^\\s*\\){${opened}}`).exec(source.slice(lastHole.end, source.at.end));
  if (!closing || gaps.join('').split(')').length - 1 > opened) return [undefined];
  const endOfHole = lastHole.end + (opened > 0 ? closing[0].length : 0);

  const joins = literal && /^[\s)]*[+.]\s*$/.test(between) && between.split(')').length - 1 === opened;
  const inner = to.literal ? to.offset : behind?.offset;
  if (joins && inner !== undefined && !between.includes('\n') && sameDelimiters(from.literal, literal))
    return [edit(from.offset, inner, newText)];
  const closed = edit(from.offset, endOfHole, newText + from.literal.close);
  if (!to.literal) return [closed];
  if (!joins) return [undefined];
  const isEmpty = to.offset + to.literal.close.length === to.literal.at.end;
  return isEmpty
    ? [edit(from.offset, to.literal.at.end, newText + from.literal.close)]
    : [closed, edit(to.literal.at.start + to.literal.open.length, to.offset, '')];
}

type Literal = NonNullable<SourcePoint['literal']>;

const sameLiteral = (left: SourcePoint, right: SourcePoint): boolean =>
  left.literal !== undefined && right.literal !== undefined && sameStart(left.literal.at, right.literal.at);

const sameDelimiters = (left: Literal, right: Literal): boolean =>
  left.open === right.open && left.close === right.close;

/** Literals and added expressions that a stretch of the text touches, each once, the literal before it included. */
function extentsIn(
  source: TextSource,
  start: number,
  end: number,
): { start: number; end: number; isLiteral: boolean }[] {
  const { segments } = source.recovered;
  const first = segments.findIndex(segment => segment.end > start);
  const last = segments.findIndex(segment => segment.end >= end);
  const extents: { start: number; end: number; isLiteral: boolean }[] = [];
  const before = segments[first]?.piece;
  const from = before?.kind === 'constant' || before?.interpolation ? first : first - 1;
  for (const { piece } of segments.slice(Math.max(0, from), last + 1)) {
    const inLiteral = piece.kind === 'constant' || piece.interpolation !== undefined;
    const at = inLiteral ? piece.literal?.at : piece.at;
    if (at && extents.at(-1)?.start !== at.start) extents.push({ start: at.start, end: at.end, isLiteral: inLiteral });
  }
  return extents;
}

/** The literal that goes on behind a hole, with where its content begins. */
function nextLiteral(source: TextSource, end: number): { literal: Literal; offset: number } | undefined {
  const next = source.recovered.segments.find(segment => segment.start === end)?.piece;
  if (next?.kind !== 'constant' || !next.literal || !next.at || !source.reaches(end, end + 1)) return undefined;
  const offset = next.literal.at.start + next.literal.open.length;
  return next.at.start === offset ? { literal: next.literal, offset } : undefined;
}

function valueEdits(
  rewrite: QueryRewrite,
  { indexes, names }: Style,
  bindings: readonly Binding[],
  writer: CodeWriter,
): readonly (Edit<Place> | undefined)[] {
  const values = bindings.map(binding => boundValue(binding, writer));
  const { valuesArgument, insertValuesAt, valuesAs } = rewrite;
  if (names) {
    const record = writer.record(names.map((name, index) => ({ name, value: values[index] ?? '' })));
    return [insertValuesAt && { at: insertValuesAt, newText: `, ${record}` }];
  }
  if (!valuesArgument) {
    const list = valuesAs?.kind === 'rest' ? values.join(', ') : writer.list(values);
    const argument = valuesAs?.kind === 'property' ? writer.record([{ name: valuesAs.name, value: list }]) : list;
    return [insertValuesAt && { at: insertValuesAt, newText: `, ${argument}` }];
  }
  const items = valuesArgument.items ?? [];
  const last = items.at(-1);
  if (!last) return [{ at: valuesArgument.at, newText: writer.list(values) }];
  const byIndex = new Map<number, string[]>();
  for (const [at, index] of indexes.entries()) byIndex.set(index, [...(byIndex.get(index) ?? []), values[at] ?? '']);
  return [...byIndex].map(([index, added]) => {
    const item = items[index];
    return item
      ? { at: { ...item.at, end: item.at.start }, newText: `${added.join(', ')}, ` }
      : { at: { ...last.at, start: last.at.end }, newText: `, ${added.join(', ')}` };
  });
}

function boundValue({ value, interpolated }: Binding, writer: CodeWriter): string {
  const [only, ...more] = value;
  if (typeof only === 'object' && more.length === 0) return only.expression;
  if (interpolated) return writer.interpolated(value, 'template');
  return writer.interpolated(
    value.map(part => (typeof part === 'string' ? part : { expression: operand(part.expression) })),
    'concatenation',
  );
}

/** In parentheses unless it is a name, a member or a call. */
const operand = (expression: string): string =>
  /^[\w$.]+(?:\([^()]*\)|\[[^[\]]*\])?$/.test(expression) ? expression : `(${expression})`;
