/** How values become text, and what the text operations of programs make of them. */
import type { Place } from '../engine/place';
import { alternativesIn, isNothing, mayBeNull, textValue, unknownFrom, withoutNull } from './lattice';
import { unionOf } from './sources';
import type { Spelling } from './spelling';
import {
  choiceOf,
  concat,
  holesOf,
  isPlaceholderList,
  joinItems,
  MAX_PIECES,
  mapHoles,
  normalise,
  repeatOf,
  sliceConstant,
  weightOf,
} from './strings';
import { type Alphabet, isWordy, quotesNotIn } from './textPatterns';
import type { Hole, HoleSafety, Literal, Piece, Source, Value } from './value';

/** The expression that puts a value into a text. */
export interface Origin {
  readonly at: Place;
  readonly source: string;
  readonly spelling?: Spelling;
  readonly interpolation?: Place;
  readonly literal?: Literal;
}

/** How deep lists and alternatives inside a value are looked into when it becomes text. */
const MAX_DEPTH = 6;

/** The safety that a value has of itself. */
export function safetyOf(value: Value): HoleSafety | undefined {
  switch (value.shape.kind) {
    case 'scalar':
      return value.shape.type === 'boolean' ? 'boolean' : 'number';
    case 'oneOf': {
      const each = value.shape.alternatives.map(safetyOf);
      return each.length > 0 && each.every(safety => safety === 'number' || safety === 'boolean')
        ? 'number'
        : undefined;
    }
    case 'list':
      return safetyOf(withoutNull(value.shape.each));
    default:
      return undefined;
  }
}

/** @param within  quotes that it cannot end */
export function holeOf(
  value: Value,
  origin: Origin,
  safety: HoleSafety | undefined = safetyOf(value),
  within?: string,
): Hole {
  return {
    kind: 'hole',
    value,
    at: origin.at,
    source: origin.source,
    ...(origin.spelling ? { spelling: origin.spelling } : {}),
    ...(origin.interpolation ? { interpolation: origin.interpolation } : {}),
    ...(origin.literal ? { literal: origin.literal } : {}),
    ...(safety ? { safety } : {}),
    ...(within ? { within } : {}),
  };
}

/** Why a text can do no harm, be it anywhere or between some quotes. */
export interface Proof {
  readonly safety?: HoleSafety;
  readonly within?: string;
}

/** What is known of a text of these characters. */
export const proofBy = (alphabet: Alphabet): Proof =>
  isWordy(alphabet) ? { safety: 'allow-listed' } : { within: quotesNotIn(alphabet) };

/**
 * What is known of a text in which some characters were replaced.
 * @param left  the characters that were not
 */
export function proofByReplacing(left: Alphabet, replacement: string): Proof {
  const after = { ascii: new Set([...left.ascii, ...codesOf(replacement)]), others: left.others };
  if (isWordy(after)) return proofBy(after);
  // a quote that is written twice ends nothing
  const [quote, again] = replacement;
  const doubled = quote !== undefined && again === quote && replacement.length === 2 ? quote : '';
  return { within: quotesNotIn(doubled === '' ? after : left) };
}

const codesOf = (text: string): readonly number[] => [...text].map(each => each.charCodeAt(0));

/** The value as part of a text. */
export function piecesOf(value: Value, origin: Origin, depth = 0): readonly Piece[] {
  const { shape } = value;
  switch (shape.kind) {
    case 'text': {
      const [only, ...more] = shape.pieces;
      // What is nothing but one hole stands where it goes in now: that is the expression to mark and to bind.
      if (only?.kind === 'hole' && more.length === 0) return [holeOf(only.value, origin, only.safety, only.within)];
      if ((only?.kind === 'repeat' || only?.kind === 'choice') && more.length === 0) return [{ ...only, ...origin }];
      return shape.pieces;
    }
    case 'scalar':
      if (shape.value === undefined) return [holeOf(value, origin)];
      return [{ kind: 'constant', value: String(shape.value) }];
    case 'oneOf': {
      if (isNothing(value)) return [];
      const rest = alternativesIn(withoutNull(value));
      const [only, ...others] = rest;
      if (only && others.length === 0) return piecesOf(only, origin, depth + 1);
      if (depth > MAX_DEPTH) return [holeOf(value, origin)];
      const choice = choiceOf(rest.map(each => piecesOf(each, origin, depth + 1)));
      if (!choice) return [holeOf(value, origin)];
      const [piece, ...further] = choice;
      return piece?.kind === 'choice' && further.length === 0 ? [{ ...piece, ...origin }] : choice;
    }
    default:
      return [holeOf(value, origin)];
  }
}

/** The same text, none of whose holes can end these quotes. */
export const withinQuotes = (pieces: readonly Piece[], within: string): readonly Piece[] =>
  mapHoles(pieces, hole => [{ ...hole, within: [...new Set((hole.within ?? '') + within)].join('') }]);

/** Whether the value takes part in text rather than in arithmetic. */
export const isTextLike = (value: Value): boolean => alternativesIn(value).some(each => each.shape.kind === 'text');

/** A piece of a statement, as a tag that binds has made it; any other text is a value there, and no part of the statement. */
export const isWrittenByTag = (value: Value): boolean =>
  alternativesIn(value).some(
    ({ shape }) => shape.kind === 'text' && (shape.pieces.length === 0 || shape.pieces.some(isOfTag)),
  );

function isOfTag(piece: Piece): boolean {
  switch (piece.kind) {
    case 'constant':
      return piece.literal?.bindsHoles === true;
    case 'hole':
      return piece.safety === 'bound';
    case 'choice':
      return piece.alternatives.some(pieces => pieces.some(isOfTag));
    case 'repeat':
      return piece.pieces.some(isOfTag);
  }
}

/** A text, kept within its bound: constants lose their places before anything is lost. */
export function boundedText(pieces: readonly Piece[], also: readonly Source[] = []): Value {
  const value = textValue(pieces, also);
  if (pieces.length <= MAX_PIECES / 3 && weightOf(pieces) <= MAX_PIECES) return value;
  const merged = normalise(
    pieces.map(piece => (piece.kind === 'constant' ? { kind: 'constant', value: piece.value } : piece)),
  );
  return weightOf(merged) <= MAX_PIECES ? textValue(merged, also) : unknownFrom(value.from);
}

/** `left + right` as text. */
export const concatenated = (parts: readonly (readonly Piece[])[], also: readonly Source[] = []): Value =>
  boundedText(concat(...parts), also);

/** The items of a collection with a separator between them. */
export function joined(list: Value, separator: readonly Piece[], origin: Origin, itemOrigin: Origin): Value {
  const text = joinedPieces(list, separator, origin, itemOrigin);
  return boundedText(text, list.from);
}

function joinedPieces(list: Value, separator: readonly Piece[], origin: Origin, itemOrigin: Origin): readonly Piece[] {
  const { shape } = list;
  if (shape.kind === 'oneOf') {
    const lists = shape.alternatives.filter(each => each.shape.kind !== 'scalar');
    const each = choiceOf(lists.map(alternative => joinedPieces(alternative, separator, origin, itemOrigin)));
    return each ?? [holeOf(list, origin)];
  }
  if (shape.kind === 'list' && shape.items) {
    const items = shape.items.map(item => ({
      pieces: piecesOf(item, itemOrigin),
      optional: mayBeNull(item),
    }));
    const pieces = joinItems(items, separator);
    if (pieces) return pieces;
  }
  // Placeholders that were made as one text.
  if (shape.kind === 'text' && holesOf(shape.pieces).every(hole => hole.safety !== undefined)) return shape.pieces;
  const item = shape.kind === 'list' ? withoutNull(shape.each) : unknownFrom(list.from);
  const text = constantSeparator(separator);
  const turn = piecesOf(item, itemOrigin);
  return placeholdersOr(
    repeatOf(text === undefined ? [...turn, ...separator] : turn, text ?? '', origin),
    list,
    origin,
  );
}

const constantSeparator = (separator: readonly Piece[]): string | undefined =>
  separator.every(piece => piece.kind === 'constant')
    ? separator.map(piece => (piece.kind === 'constant' ? piece.value : '')).join('')
    : undefined;

/** A repetition that spells nothing but placeholders is one harmless hole. */
function placeholdersOr(pieces: readonly Piece[], value: Value, origin: Origin): readonly Piece[] {
  return isPlaceholderList(pieces) ? [holeOf(value, origin, 'placeholders')] : pieces;
}

/** The text any number of times. */
export function repeated(text: Value, count: Value, origin: Origin): Value {
  const turn = piecesOf(text, origin);
  const from = unionOf(text.from, count.from);
  if (count.shape.kind === 'scalar' && typeof count.shape.value === 'number' && count.shape.value <= 8)
    return concatenated(
      Array.from({ length: Math.max(0, count.shape.value) }, () => turn),
      from,
    );
  return boundedText(placeholdersOr(repeatOf(turn, '', origin), unknownFrom(from), origin), from);
}

/** The receiver with the first occurrence of a constant replaced; where that is not known, with what goes in kept as a source. */
export function replaced(
  text: Value,
  search: string | undefined,
  by: readonly Piece[],
  from: readonly Source[],
): Value {
  if (text.shape.kind !== 'text') return unknownFrom(unionOf(text.from, from));
  if (search === undefined || search === '') return boundedText(text.shape.pieces, from);
  const pieces = text.shape.pieces.flatMap((piece): readonly Piece[] => {
    if (piece.kind !== 'constant' || !piece.value.includes(search)) return [piece];
    const at = piece.value.indexOf(search);
    return [sliceConstant(piece, 0, at), ...by, sliceConstant(piece, at + search.length, piece.value.length)];
  });
  return boundedText(normalise(pieces), from);
}

const CONVERSION =
  /%(?:\((\w+)\))?[-+ #0]*(?:\*|\d+)?(?:\.(?:\*|\d+))?([a-zA-Z%])|\{\{|\}\}|\{(\w*)((?:\.\w+|\[[^\]]*\])*)(?:![a-z])?(?::([^{}]*))?\}/g;
const NUMERIC = new Set(['d', 'i', 'u', 'f', 'F', 'e', 'E', 'g', 'G', 'x', 'X', 'o', 'c', 'b']);

/**
 * A format with its values filled in: `%s`, `%(name)s`, `%d`, or `{}`, `{0}`, `{name}` when `braces`.
 * @param style  `escapes`: conversions that make their value harmless, by letter
 * @param value  the value for a conversion by its position or name; nothing leaves an unknown hole
 */
export function formatted(
  format: readonly Piece[],
  value: (key: number | string) => { readonly value: Value; readonly origin: Origin } | undefined,
  origin: Origin,
  style: { readonly braces?: boolean; readonly escapes?: Readonly<Record<string, HoleSafety>> },
  from: readonly Source[],
): Value {
  let position = 0;
  const pieces = format.flatMap((piece): readonly Piece[] => {
    if (piece.kind !== 'constant') return [piece];
    const result: Piece[] = [];
    let last = 0;
    for (const match of piece.value.matchAll(CONVERSION)) {
      const brace = match[2] === undefined;
      if (brace !== (style.braces ?? false)) continue;
      const isDoubled = match[0] === '{{' || match[0] === '}}';
      const end = match.index + match[0].length;
      result.push(sliceConstant(piece, last, match.index));
      last = end;
      if (match[2] === '%' || isDoubled) {
        result.push({ kind: 'constant', value: isDoubled ? match[0].slice(1) : '%' });
        continue;
      }
      const name = brace ? match[3] : match[1];
      const key = name === undefined || name === '' ? position++ : /^\d+$/.test(name) ? Number(name) : name;
      const filled = value(key);
      const letter = match[2] ?? match[5]?.slice(-1) ?? '';
      const isWhole = !match[4];
      const safety = style.escapes?.[letter] ?? (NUMERIC.has(letter) ? 'number' : undefined);
      if (!filled || !isWhole)
        result.push(
          holeOf(filled ? unknownFrom(filled.value.from) : unknownFrom(from), filled?.origin ?? origin, safety),
        );
      else if (safety) result.push(holeOf(filled.value, filled.origin, safety));
      else result.push(...piecesOf(filled.value, filled.origin));
    }
    result.push(sliceConstant(piece, last, piece.value.length));
    return result;
  });
  return boundedText(normalise(pieces), from);
}
