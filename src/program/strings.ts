/**
 * The text domain: what is known of a text as a sequence of constant stretches, holes, choices and repetitions, and the
 * operations of programs on it. Every result is bounded: what would grow beyond its bound says so by being nothing.
 */
import type { Place } from '../engine/place';
import { unionOfAll } from './sources';
import type { ConstantPiece, Hole, Piece, RepeatPiece, Source, Value } from './value';

type Pieces = readonly Piece[];
/** How two values of one hole are joined; handed in, since values are made of texts and texts of values. */
type JoinValues = (left: Value, right: Value) => Value;

/** Pieces of one text, those inside choices and repetitions included. */
export const MAX_PIECES = 600;
/** Alternatives of one choice that hold holes; constant ones may be more. */
const MAX_ALTERNATIVES = 12;
const MAX_CONSTANT_ALTERNATIVES = 40;
const MAX_DEPTH = 8;

/** One after another, normalised. */
export const concat = (...texts: readonly Pieces[]): Pieces => normalise(texts.flat());

/** Empty stretches dropped, stretches that stand nowhere merged, a repetition's further turns taken into it. */
export function normalise(pieces: Pieces): Pieces {
  const result: Piece[] = [];
  for (const piece of pieces) {
    if (piece.kind === 'constant' && piece.value === '') continue;
    const last = result.at(-1);
    if (piece.kind === 'choice' && piece.alternatives.length === 1) {
      result.push(...(piece.alternatives[0] ?? []));
      continue;
    }
    if (piece.kind === 'repeat' && piece.pieces.length === 0) continue;
    if (last?.kind === 'constant' && piece.kind === 'constant' && !last.at && !piece.at) {
      result[result.length - 1] = { kind: 'constant', value: last.value + piece.value };
      continue;
    }
    if (last?.kind === 'repeat' && last.separator === '' && repeats(last, piece)) continue;
    result.push(piece);
  }
  return absorbTurns(result);
}

/** Whether the piece is nothing more than one more turn, which may also not come. */
function repeats(repeat: RepeatPiece, piece: Piece): boolean {
  if (piece.kind === 'repeat' && samePiece(repeat, piece)) return true;
  if (piece.kind === 'choice')
    return piece.alternatives.every(
      each => each.length === 0 || samePieces(each, repeat.pieces) || isTurnOf(repeat, each),
    );
  return isTurnOf(repeat, [piece]);
}

function isTurnOf(repeat: RepeatPiece, turn: Pieces): boolean {
  if (samePieces(turn, repeat.pieces)) return true;
  const [only, ...more] = repeat.pieces;
  return only?.kind === 'choice' && more.length === 0 && only.alternatives.some(each => samePieces(each, turn));
}

/** `(ab)* a b` and `a b (ab)*` are `(ab)*`. */
function absorbTurns(pieces: Piece[]): Pieces {
  for (let index = 0; index < pieces.length; index++) {
    const repeat = pieces[index];
    if (repeat?.kind !== 'repeat' || repeat.separator !== '') continue;
    const size = repeat.pieces.length;
    while (size > 1 && samePieces(pieces.slice(index + 1, index + 1 + size), repeat.pieces))
      pieces.splice(index + 1, size);
    while (size <= index && samePieces(pieces.slice(index - size, index), repeat.pieces)) {
      pieces.splice(index - size, size);
      index -= size;
    }
    const before = pieces[index - 1];
    if (before?.kind === 'choice' && repeats(repeat, before)) pieces.splice(--index, 1);
  }
  return pieces;
}

/** The same stretch of program: constants of one text, holes of one place. */
function samePieces(left: Pieces, right: Pieces): boolean {
  return left.length === right.length && left.every((piece, index) => samePiece(piece, right[index]));
}

function samePiece(left: Piece, right: Piece | undefined): boolean {
  if (left === right) return true;
  if (!right || left.kind !== right.kind) return false;
  if (left.kind === 'constant' && right.kind === 'constant')
    return left.value === right.value && samePlace(left.at, right.at);
  if (left.kind === 'hole' && right.kind === 'hole')
    return (
      left.source === right.source &&
      samePlace(left.at, right.at) &&
      left.safety === right.safety &&
      left.within === right.within
    );
  if (left.kind === 'choice' && right.kind === 'choice')
    return (
      left.alternatives.length === right.alternatives.length &&
      left.alternatives.every((each, index) => samePieces(each, right.alternatives[index] ?? []))
    );
  if (left.kind === 'repeat' && right.kind === 'repeat')
    return left.separator === right.separator && samePieces(left.pieces, right.pieces);
  return false;
}

const samePlace = (left: Place | undefined, right: Place | undefined): boolean =>
  left === right ||
  (left !== undefined &&
    right !== undefined &&
    left.start === right.start &&
    left.end === right.end &&
    left.unit === right.unit);

/** The piece that stands for both of the same place, with what either brings. */
function unified(left: Piece, right: Piece, join: JoinValues): Piece {
  if (left === right) return left;
  if (left.kind === 'hole' && right.kind === 'hole') {
    const value = join(left.value, right.value);
    return value === left.value ? left : { ...left, value };
  }
  if (left.kind === 'repeat' && right.kind === 'repeat') {
    const pieces = joinTexts(left.pieces, right.pieces, join);
    return !pieces || pieces === left.pieces ? left : { ...left, pieces };
  }
  if (left.kind === 'choice' && right.kind === 'choice') {
    const alternatives = left.alternatives.map(
      (each, index) => joinTexts(each, right.alternatives[index] ?? each, join) ?? each,
    );
    return alternatives.every((each, index) => each === left.alternatives[index]) ? left : { ...left, alternatives };
  }
  return left;
}

/** How many pieces there are, inner ones included. */
export function weightOf(pieces: Pieces): number {
  let weight = 0;
  for (const piece of pieces) {
    weight++;
    if (piece.kind === 'repeat') weight += weightOf(piece.pieces);
    else if (piece.kind === 'choice') for (const alternative of piece.alternatives) weight += weightOf(alternative);
  }
  return weight;
}

/** A choice with what all alternatives begin and end with taken out of it; nothing when it would be too large. */
export function choiceOf(alternatives: readonly Pieces[]): Pieces | undefined {
  const distinct = distinctOf(alternatives);
  const [first, ...others] = distinct;
  if (!first) return [];
  if (others.length === 0) return first;
  let shared = 0;
  while (shared < first.length && others.every(each => samePieceAt(first, each, shared))) shared++;
  const rests = distinct.map(each => each.slice(shared));
  const shortest = Math.min(...rests.map(each => each.length));
  let tail = 0;
  const fromEnd = rests[0] ?? [];
  while (tail < shortest && rests.every(each => sameFromEnd(fromEnd, each, tail))) tail++;
  // what is left of two texts with choices in one place are choices again
  const middles = distinctOf(rests.map(each => each.slice(0, each.length - tail)));
  const constant = middles.every(each => each.every(piece => piece.kind === 'constant'));
  if (middles.length > (constant ? MAX_CONSTANT_ALTERNATIVES : MAX_ALTERNATIVES)) return undefined;
  const choice: Piece = { kind: 'choice', alternatives: middles };
  const result = [...first.slice(0, shared), choice, ...fromEnd.slice(fromEnd.length - tail)];
  return weightOf(result) > MAX_PIECES || depthOf(result) > MAX_DEPTH ? undefined : result;
}

/** Each text once, those that are nothing but a choice taken apart. */
function distinctOf(texts: readonly Pieces[]): readonly Pieces[] {
  const distinct: Pieces[] = [];
  // constants of one value are one alternative wherever they stand
  const constants = new Set<string>();
  const open: Pieces[] = [];
  for (const text of texts.flatMap(flattened)) {
    const constant = constantText(text);
    if (constant === undefined ? open.some(each => samePieces(each, text)) : constants.has(constant)) continue;
    if (constant === undefined) open.push(text);
    else constants.add(constant);
    distinct.push(text);
  }
  return distinct;
}

const samePieceAt = (left: Pieces, right: Pieces, index: number): boolean => {
  const piece = left[index];
  return piece !== undefined && samePiece(piece, right[index]);
};

const sameFromEnd = (left: Pieces, right: Pieces, index: number): boolean => {
  const piece = left[left.length - 1 - index];
  return piece !== undefined && samePiece(piece, right[right.length - 1 - index]);
};

/** The alternatives of a text that is nothing but a choice. */
function flattened(pieces: Pieces): readonly Pieces[] {
  const [only, ...more] = pieces;
  return only?.kind === 'choice' && more.length === 0 ? only.alternatives.flatMap(flattened) : [pieces];
}

function depthOf(pieces: Pieces): number {
  let depth = 0;
  for (const piece of pieces) {
    if (piece.kind === 'repeat') depth = Math.max(depth, 1 + depthOf(piece.pieces));
    else if (piece.kind === 'choice')
      for (const alternative of piece.alternatives) depth = Math.max(depth, 1 + depthOf(alternative));
  }
  return depth;
}

/** Either of two texts, after a branch. */
export function joinTexts(left: Pieces, right: Pieces, join: JoinValues): Pieces | undefined {
  if (left === right) return left;
  if (samePieces(left, right)) {
    const both = left.map((piece, index) => unified(piece, right[index] ?? piece, join));
    return both.every((piece, index) => piece === left[index]) ? left : both;
  }
  return choiceOf([left, right]);
}

/** The text at the head of a loop's next turn: what a turn adds in front or behind is repeated. */
export function widenText(before: Pieces, after: Pieces, join: JoinValues): Pieces | undefined {
  if (samePieces(before, after)) return joinTexts(before, after, join);
  if (before.length <= after.length && before.every((piece, index) => samePiece(piece, after[index])))
    return bounded(normalise([...before, ...repeatOf(after.slice(before.length), '')]));
  const offset = after.length - before.length;
  if (offset > 0 && before.every((piece, index) => samePiece(piece, after[offset + index])))
    return bounded(normalise([...repeatOf(after.slice(0, offset), ''), ...before]));
  // `ab` and `ab*`: one more turn was already taken in.
  const joined = choiceOf([before, after]);
  return joined && bounded(joined);
}

const bounded = (pieces: Pieces): Pieces | undefined => (weightOf(pieces) > MAX_PIECES ? undefined : pieces);

/** Any number of turns; that a turn may add nothing says nothing new. */
export function repeatOf(
  pieces: Pieces,
  separator: string,
  origin: Omit<RepeatPiece, 'kind' | 'pieces' | 'separator'> = {},
): Pieces {
  const [only, ...more] = pieces;
  let turn = pieces;
  if (only?.kind === 'choice' && more.length === 0) {
    const some = only.alternatives.filter(alternative => alternative.length > 0);
    turn = some.length === 1 ? (some[0] ?? []) : [{ kind: 'choice', alternatives: some }];
  }
  if (turn.length === 0) return [];
  const [inner, ...others] = turn;
  if (inner?.kind === 'repeat' && others.length === 0 && inner.separator === separator) return turn;
  return [{ kind: 'repeat', pieces: turn, separator, ...origin }];
}

/** The text of several, some of which may be missing, with a separator between those that are there. */
export function joinItems(
  items: readonly { readonly pieces: Pieces; readonly optional: boolean }[],
  separator: Pieces,
): Pieces | undefined {
  // Which separators stand depends on whether anything stands before: two texts are kept for every tail.
  let started: Pieces = [];
  let fresh: Pieces = [];
  for (const item of [...items].reverse()) {
    const behind: Pieces = [...separator, ...item.pieces, ...started];
    const first: Pieces = [...item.pieces, ...started];
    const withoutFirst = item.optional ? choiceOf([first, fresh]) : first;
    const optionalBehind: Pieces | undefined = item.optional
      ? [{ kind: 'choice', alternatives: [[...separator, ...item.pieces], []] }, ...started]
      : behind;
    if (!withoutFirst || weightOf(withoutFirst) > MAX_PIECES) return undefined;
    fresh = withoutFirst;
    started = optionalBehind;
  }
  return normalise(fresh);
}

/** The text when it is one constant. */
export function constantText(pieces: Pieces): string | undefined {
  let text = '';
  for (const piece of pieces) {
    if (piece.kind !== 'constant') return undefined;
    text += piece.value;
  }
  return text;
}

/** The text of a value's pieces when every piece is constant; `undefined` when something is open. */
export const textOf = constantText;

/** A text without choices and repetitions: what one run of the program may build. */
export type FlatPieces = readonly (ConstantPiece | Hole)[];

/**
 * The texts that this one can be, the fullest first; a repetition stands for one turn. When there are more than `limit`
 * combinations, each alternative of each choice still appears in one of them as long as `limit` allows.
 */
export function alternativesOf(pieces: Pieces, limit: number): readonly FlatPieces[] {
  let texts: FlatPieces[] = [[]];
  let run: (ConstantPiece | Hole)[] = [];
  const flush = (): void => {
    if (run.length > 0) texts = texts.map(text => [...text, ...run]);
    run = [];
  };
  for (const piece of pieces) {
    if (piece.kind === 'constant' || piece.kind === 'hole') {
      run.push(piece);
      continue;
    }
    flush();
    const turns =
      piece.kind === 'repeat'
        ? alternativesOf(piece.pieces, limit)
        : [...piece.alternatives]
            .sort((left, right) => weightOf(right) - weightOf(left))
            .flatMap(each => alternativesOf(each, limit));
    texts = combine(texts, turns, Math.max(1, limit));
  }
  flush();
  return texts;
}

/** One of the texts that have the hole in them, the fullest elsewhere: where there are too many, it may stand in none of those told. */
export function formWith(pieces: Pieces, hole: Hole): FlatPieces | undefined {
  for (const [index, piece] of pieces.entries()) {
    const inside = formInside(piece, hole);
    if (!inside) continue;
    const fullest = (some: Pieces): FlatPieces => alternativesOf(some, 1)[0] ?? [];
    return [...fullest(pieces.slice(0, index)), ...inside, ...fullest(pieces.slice(index + 1))];
  }
  return undefined;
}

function formInside(piece: Piece, hole: Hole): FlatPieces | undefined {
  if (piece === hole) return [hole];
  if (piece.kind === 'repeat') return formWith(piece.pieces, hole);
  if (piece.kind !== 'choice') return undefined;
  for (const alternative of piece.alternatives) {
    const form = formWith(alternative, hole);
    if (form) return form;
  }
  return undefined;
}

function combine(texts: readonly FlatPieces[], turns: readonly FlatPieces[], limit: number): FlatPieces[] {
  const [firstText, ...otherTexts] = texts;
  const [firstTurn, ...otherTurns] = turns;
  if (!firstText || !firstTurn) return [...texts];
  if (texts.length * turns.length <= limit) return texts.flatMap(text => turns.map(turn => [...text, ...turn]));
  const covering = [
    [...firstText, ...firstTurn],
    ...otherTexts.map(text => [...text, ...firstTurn]),
    ...otherTurns.map(turn => [...firstText, ...turn]),
  ];
  return covering.slice(0, limit);
}

/** All sources of all holes. */
export const sourcesOfPieces = (pieces: Pieces): readonly Source[] =>
  unionOfAll(holesOf(pieces).map(hole => hole.value.from));

/** Every hole, those in choices and repetitions included, in order. */
export function holesOf(pieces: Pieces): readonly Hole[] {
  const holes: Hole[] = [];
  const visit = (each: Pieces): void => {
    for (const piece of each) {
      if (piece.kind === 'hole') holes.push(piece);
      else if (piece.kind === 'repeat') visit(piece.pieces);
      else if (piece.kind === 'choice') for (const alternative of piece.alternatives) visit(alternative);
    }
  };
  visit(pieces);
  return holes;
}

/**
 * The same text with every hole replaced by other pieces. A hole for which there is nothing, not even an empty text, takes
 * the alternative that it stands in with it.
 */
export const mapHoles = (pieces: Pieces, map: (hole: Hole) => Pieces | undefined): Pieces =>
  mappedPieces(pieces, map) ?? [];

function mappedPieces(pieces: Pieces, map: (hole: Hole) => Pieces | undefined): Pieces | undefined {
  const result: Piece[] = [];
  for (const piece of pieces) {
    const mapped = mappedPiece(piece, map);
    if (!mapped) return undefined;
    result.push(...mapped);
  }
  return normalise(result);
}

function mappedPiece(piece: Piece, map: (hole: Hole) => Pieces | undefined): Pieces | undefined {
  switch (piece.kind) {
    case 'constant':
      return [piece];
    case 'hole':
      return map(piece);
    case 'repeat': {
      const turn = mappedPieces(piece.pieces, map);
      return turn && [{ ...piece, pieces: turn }];
    }
    case 'choice': {
      const alternatives = piece.alternatives.flatMap(each => {
        const mapped = mappedPieces(each, map);
        return mapped ? [mapped] : [];
      });
      if (alternatives.length === 0) return undefined;
      return choiceOf(alternatives) ?? [{ kind: 'choice', alternatives: alternatives.slice(0, MAX_ALTERNATIVES) }];
    }
  }
}

/** A stretch of a constant piece by offsets in its value, with its own place. */
export function sliceConstant(piece: ConstantPiece, start: number, end: number): ConstantPiece {
  const value = piece.value.slice(start, end);
  if (!piece.at) return { ...piece, value };
  const from = sourceOffset(piece, start);
  const at = { unit: piece.at.unit, start: piece.at.start + from, end: piece.at.start + sourceOffset(piece, end) };
  const escapes = piece.escapes
    ?.filter(([offset]) => offset > start && offset <= end)
    .map(([offset, source]) => [offset - start, source - from] as const);
  return {
    kind: 'constant',
    value,
    at,
    ...(escapes && escapes.length > 0 ? { escapes } : {}),
    ...(piece.literal ? { literal: piece.literal } : {}),
  };
}

/** Offset in the raw source of a constant piece for an offset in its value. */
export function sourceOffset(piece: ConstantPiece, offset: number): number {
  let result = offset;
  for (const [inValue, inSource] of piece.escapes ?? []) if (inValue <= offset) result = inSource + (offset - inValue);
  return result;
}

/** In one line for people and tests: holes as `${source}`, safe ones as `${source!number}`, choices as `{a|b}`, turns as `(…)*`. */
export const printPieces = (pieces: Pieces): string => pieces.map(printPiece).join('');

function printPiece(piece: Piece): string {
  switch (piece.kind) {
    case 'constant':
      return piece.value;
    case 'hole':
      return `\${${piece.source}${piece.safety ? `!${piece.safety}` : ''}}`;
    case 'choice':
      return `{${piece.alternatives.map(printPieces).join('|')}}`;
    case 'repeat':
      return `(${printPieces(piece.pieces)})*${piece.separator === '' ? '' : `[${piece.separator}]`}`;
  }
}

/** What a numbered or anonymous bound parameter looks like in the dialects' texts, casts included. */
const PLACEHOLDER = /(?:[$:@][A-Za-z_]*\d+|\?|%s)(?:::[a-z_ ]+(?:\[\])?)?/g;

/**
 * Whether a text is a list of placeholders, whatever their number: constants and proven numbers alone, which spell
 * nothing but placeholders and punctuation.
 */
export function isPlaceholderList(pieces: Pieces): boolean {
  let text = '';
  for (const piece of pieces) {
    if (piece.kind === 'constant') text += piece.value;
    else if (piece.kind === 'hole' && (piece.safety === 'number' || piece.safety === 'placeholders'))
      text += piece.safety === 'number' ? '0' : '?';
    else if (piece.kind === 'repeat' && /^[\s,]*$/.test(piece.separator) && isPlaceholderList(piece.pieces))
      text += '?';
    else return false;
  }
  const rest = text.replace(PLACEHOLDER, '');
  return rest.length < text.length && /^[\s(),]*$/.test(rest);
}
