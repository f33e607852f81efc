/**
 * The order of abstract values: how two are joined after a branch, and widened in a loop so that it settles.
 *
 * Every value is bounded in size; what grows beyond its bound becomes unknown, with its sources kept.
 */
import { equalByStructure } from './equality';
import { unionOf, unionOfAll } from './sources';
import { choiceOf, constantText, joinTexts, sourcesOfPieces, widenText } from './strings';

import type { EntityName, Piece, Records, Shape, Source, Value } from './value';

const MAX_ALTERNATIVES = 8;
export const MAX_ITEMS = 200;
const MAX_NESTING = 6;
/** Records that are larger together are data rather than settings: what one of them is is not told apart. */
const MAX_JOINED_ENTRIES = 80;
/** Of longer collections an item is known only when all items are constants. */
const MAX_JOINED_ITEMS = 24;
const MAX_JOINED_CONSTANTS = 40;

export const UNKNOWN: Value = { shape: { kind: 'unknown' }, from: [] };
export const NULL: Value = { shape: { kind: 'scalar', type: 'null', value: null }, from: [] };
/** What a computation that needs itself sees first: no value at all. */
export const NOTHING: Value = { shape: { kind: 'oneOf', alternatives: [] }, from: [] };

export const isNothing = (value: Value): boolean =>
  value.shape.kind === 'oneOf' && value.shape.alternatives.length === 0;

export const shaped = (shape: Shape, from: readonly Source[] = []): Value => ({ shape, from });

export const unknownFrom = (from: readonly Source[]): Value =>
  from.length === 0 ? UNKNOWN : { shape: { kind: 'unknown' }, from };

export const numberValue = (from: readonly Source[] = [], value?: number): Value =>
  shaped({ kind: 'scalar', type: 'number', ...(value === undefined ? {} : { value }) }, from);

export const booleanValue = (from: readonly Source[] = []): Value => shaped({ kind: 'scalar', type: 'boolean' }, from);

/** A text; its sources are those of its holes, and `also`. */
export const textValue = (pieces: readonly Piece[], also: readonly Source[] = []): Value => ({
  shape: { kind: 'text', pieces },
  from: unionOf(sourcesOfPieces(pieces), also),
});

/** A text that stands nowhere. */
export const constantValue = (text: string): Value => textValue(text === '' ? [] : [{ kind: 'constant', value: text }]);

export const instanceOf = (of: EntityName, from: readonly Source[] = [], by?: string): Value =>
  shaped({ kind: 'instance', of, ...(by === undefined ? {} : { by }) }, from);

/** A list whose items are all known, or of which only one stands for any. */
export function listOf(items: readonly Value[], from: readonly Source[] = []): Value {
  const all = unionOf(from, unionOfAll(items.map(item => item.from)));
  const known = items.length <= MAX_ITEMS;
  return shaped({ kind: 'list', each: anyOf(items), ...(known ? { items } : {}) }, all);
}

/** One of many values. Constants are told apart as far as there is room: what is left out is a constant too. */
export function anyOf(values: readonly Value[]): Value {
  if (values.length === 0) return NOTHING;
  const texts = new Map<string, Value>();
  for (const value of values) {
    const text = value.shape.kind === 'text' ? constantText(value.shape.pieces) : undefined;
    if (text === undefined) {
      if (values.length > MAX_JOINED_ITEMS) return unknownFrom(unionOf([], ...values.map(each => each.from)));
      return joinAll(values.map(withoutNull));
    }
    texts.set(text, value);
  }
  const pieces = choiceOf(
    [...texts.values()]
      .slice(0, MAX_JOINED_CONSTANTS)
      .map(value => (value.shape.kind === 'text' ? value.shape.pieces : [])),
  );
  return pieces ? textValue(pieces) : UNKNOWN;
}

export const listOfAny = (each: Value, from: readonly Source[] = []): Value =>
  shaped({ kind: 'list', each }, unionOf(from, each.from));

export const recordOf = (entries: ReadonlyMap<string, Value>, open: boolean, from: readonly Source[] = []): Value =>
  shaped({ kind: 'record', entries, open }, unionOf(from, unionOfAll([...entries.values()].map(entry => entry.from))));

/** The same value, known to depend on more. */
export const withSources = (value: Value, from: readonly Source[]): Value => {
  const union = unionOf(value.from, from);
  return union === value.from ? value : { shape: value.shape, from: union };
};

/** One of two values. */
export function join(left: Value, right: Value): Value {
  return joinWithin(left, right, 0);
}

export const joinAll = (values: readonly Value[]): Value => values.reduce(join, NOTHING);

function joinWithin(left: Value, right: Value, depth: number): Value {
  if (left === right || isNothing(right)) return left;
  if (isNothing(left)) return right;
  const from = unionOf(left.from, right.from);
  if (depth > MAX_NESTING) return unknownFrom(from);
  const shape = left.shape === right.shape ? left.shape : joinShapes(left.shape, right.shape, depth);
  if (!shape) return oneOf(left, right, from, depth);
  return shape === left.shape && from === left.from ? left : { shape, from };
}

/** The shape of both when they are of one kind; nothing when they stay apart. What says nothing new gives the left one. */
function joinShapes(left: Shape, right: Shape, depth: number): Shape | undefined {
  if (left.kind !== right.kind) return undefined;
  if (left.kind === 'text' && right.kind === 'text') {
    const pieces = joinTexts(left.pieces, right.pieces, join);
    if (pieces === left.pieces) return left;
    return pieces ? { kind: 'text', pieces } : { kind: 'unknown' };
  }
  if (left.kind === 'list' && right.kind === 'list') return joinLists(left, right, depth);
  if (left.kind === 'record' && right.kind === 'record') return joinRecords(left, right, depth);
  if (left.kind === 'oneOf') return undefined;
  if (left.kind === 'unknown' && right.kind === 'unknown' && !left.parameter && !right.parameter)
    return left.text ? right : left;
  if (equalByStructure(left, right)) return left;
  if (left.kind === 'scalar' && right.kind === 'scalar' && left.type === right.type)
    return left.value === undefined ? left : { kind: 'scalar', type: left.type };
  if (left.kind === 'instance' && right.kind === 'instance' && left.of === right.of) {
    const holds = joinedRecords(left.holds, right.holds);
    const emits = left.emits && right.emits && join(left.emits, right.emits);
    return { kind: 'instance', of: left.of, ...(holds ? { holds } : {}), ...(emits ? { emits } : {}) };
  }
  if (left.kind === 'object' && right.kind === 'object') return joinObjects(left, right);
  if (left.kind === 'function' && right.kind === 'function' && left.unit === right.unit)
    return left.bound ? { kind: 'function', unit: left.unit } : left;
  return undefined;
}

type ObjectShape = Extract<Shape, { kind: 'object' }>;

/** Two records of a class are one of it; what came with either may have come with it. */
function joinObjects(left: ObjectShape, right: ObjectShape): Shape | undefined {
  if (left.file !== right.file || left.class !== right.class || left.parameter || right.parameter) return undefined;
  const loaded = joinedNames(left.loaded, right.loaded);
  const holds = joinedRecords(left.holds, right.holds);
  return {
    kind: 'object',
    file: left.file,
    class: left.class,
    ...(loaded ? { loaded } : {}),
    ...(holds ? { holds } : {}),
  };
}

/** Records of one class, from either of two queries: what comes with one of them may be what came. */
export function joinedRecords(left: Records | undefined, right: Records | undefined): Records | undefined {
  if (!left || !right || left.file !== right.file || left.class !== right.class) return undefined;
  const loaded = joinedNames(left.loaded, right.loaded);
  return { file: left.file, class: left.class, ...(loaded ? { loaded } : {}) };
}

/** Both lists of names; nothing where one of them is not known. */
export function joinedNames(
  left: readonly string[] | undefined,
  right: readonly string[] | undefined,
): readonly string[] | undefined {
  if (!left || !right) return undefined;
  const more = right.filter(name => !left.includes(name));
  return more.length === 0 ? left : [...left, ...more].sort();
}

type ListShape = Extract<Shape, { kind: 'list' }>;
type RecordShape = Extract<Shape, { kind: 'record' }>;

function joinLists(left: ListShape, right: ListShape, depth: number): Shape {
  const each = joinWithin(left.each, right.each, depth + 1);
  const items = left.items && right.items ? joinItems(left.items, right.items, depth) : undefined;
  if (each === left.each && items === left.items) return left;
  return { kind: 'list', each, ...(items ? { items } : {}) };
}

/** Items that only one of the two has become optional: something or null. */
function joinItems(left: readonly Value[], right: readonly Value[], depth: number): readonly Value[] | undefined {
  if (left.length === right.length) {
    const both = left.map((item, index) => joinWithin(item, right[index] ?? NULL, depth + 1));
    return both.every((item, index) => item === left[index]) ? left : both;
  }
  let shared = 0;
  while (shared < left.length && shared < right.length && equalByStructure(left[shared], right[shared])) shared++;
  const optional = [...left.slice(shared), ...right.slice(shared)].map(item => joinWithin(item, NULL, depth + 1));
  return optional.length + shared > MAX_ITEMS ? undefined : [...left.slice(0, shared), ...optional];
}

function joinRecords(left: RecordShape, right: RecordShape, depth: number): Shape {
  if (left.entries.size + right.entries.size > MAX_JOINED_ENTRIES) return { kind: 'unknown' };
  const entries = new Map(left.entries);
  let same = left.open || !right.open;
  const put = (key: string, value: Value): void => {
    if (entries.get(key) !== value) same = false;
    entries.set(key, value);
  };
  for (const [key, value] of right.entries) {
    const other = left.entries.get(key);
    if (other) put(key, joinWithin(other, value, depth + 1));
    else put(key, left.open ? value : joinWithin(value, NULL, depth + 1));
  }
  for (const [key, value] of left.entries)
    if (!right.entries.has(key) && !right.open) put(key, joinWithin(value, NULL, depth + 1));
  return same ? left : { kind: 'record', entries, open: left.open || right.open };
}

function oneOf(left: Value, right: Value, from: readonly Source[], depth: number): Value {
  const alternatives = [...alternativesIn(left)];
  for (const alternative of alternativesIn(right)) {
    const merged = alternatives.some((each, index) => {
      const shape = joinShapes(each.shape, alternative.shape, depth + 1);
      if (!shape) return false;
      const both = unionOf(each.from, alternative.from);
      if (shape !== each.shape || both !== each.from) alternatives[index] = { shape, from: both };
      return true;
    });
    if (!merged) alternatives.push(alternative);
  }
  const [only, ...more] = alternatives;
  if (only && more.length === 0) return withSources(only, from);
  if (alternatives.length > MAX_ALTERNATIVES) return unknownFrom(from);
  const before = left.shape.kind === 'oneOf' ? left.shape.alternatives : undefined;
  const same = before?.length === alternatives.length && alternatives.every((each, index) => each === before[index]);
  return same && from === left.from ? left : { shape: { kind: 'oneOf', alternatives }, from };
}

/** The values it may be; itself when it is not one of several. */
export const alternativesIn = (value: Value): readonly Value[] =>
  value.shape.kind === 'oneOf' ? value.shape.alternatives : [value];

const isNullLike = (value: Value): boolean =>
  value.shape.kind === 'scalar' && (value.shape.type === 'null' || value.shape.value === false);

/** What it is when it is there at all: nothing but null stays null. */
export function withoutNull(value: Value): Value {
  if (value.shape.kind !== 'oneOf') return value;
  const rest = value.shape.alternatives.filter(each => !isNullLike(each));
  if (rest.length === value.shape.alternatives.length || rest.length === 0) return value;
  return withSources(joinAll(rest), value.from);
}

/** Whether the value may be absent: null, or a condition that did not hold. */
export const mayBeNull = (value: Value): boolean => alternativesIn(value).some(isNullLike);

/**
 * A value that covers both, reached in few steps: what a loop's variable is at the head of the next turn.
 * @param turn  which turn has ended; from the third on whatever still moves becomes unknown
 */
export function widen(before: Value, after: Value, turn: number): Value {
  if (before === after) return before;
  const from = unionOf(before.from, after.from);
  if (turn >= 3) {
    const joined = join(before, after);
    if (joined === before || equalByStructure(joined, before)) return before;
    return equalByStructure(joined.shape, before.shape) ? { shape: before.shape, from } : unknownFrom(from);
  }
  const widened = widenedShape(before.shape, after.shape, turn);
  if (!widened) return join(before, after);
  return widened === before.shape && from === before.from ? before : { shape: widened, from };
}

function widenedShape(before: Shape, after: Shape, turn: number): Shape | undefined {
  if (before === after) return before;
  if (before.kind === 'text' && after.kind === 'text') {
    const pieces = widenText(before.pieces, after.pieces, join);
    return pieces === before.pieces ? before : pieces ? { kind: 'text', pieces } : { kind: 'unknown' };
  }
  if (before.kind === 'list' && after.kind === 'list') {
    if (before.items?.length === after.items?.length) return undefined;
    return { kind: 'list', each: join(before.each, after.each) };
  }
  if (before.kind === 'record' && after.kind === 'record') {
    const entries = new Map(before.entries);
    let same = before.open || !after.open;
    for (const [key, value] of after.entries) {
      const earlier = before.entries.get(key);
      const now = earlier ? widen(earlier, value, turn) : join(value, NULL);
      if (now !== earlier) same = false;
      entries.set(key, now);
    }
    return same ? before : { kind: 'record', entries, open: before.open || after.open };
  }
  return undefined;
}

/** The text when the value is one constant text, the number or truth value as text; else nothing. */
export function constantOf(value: Value): string | undefined {
  if (value.shape.kind === 'text') return constantText(value.shape.pieces);
  if (value.shape.kind === 'scalar' && value.shape.value !== undefined) return String(value.shape.value);
  return undefined;
}
