/**
 * The order of abstract values: how two are joined after a branch, and widened in a loop so that it settles.
 *
 * Every value is bounded in size; what grows beyond its bound becomes unknown, with its sources kept.
 */
import { equalByStructure } from './equality';
import { constantText, joinTexts, sourcesOfPieces, widenText } from './strings';
import type { EntityName, Piece, Shape, Source, Value } from './value';

/** More sources than this say no more than that a value depends on much. */
const MAX_SOURCES = 24;
const MAX_ALTERNATIVES = 8;
export const MAX_ITEMS = 200;
const MAX_NESTING = 6;

export const UNKNOWN: Value = { shape: { kind: 'unknown' }, from: [] };
export const NULL: Value = { shape: { kind: 'scalar', type: 'null', value: null }, from: [] };
/** What a computation that needs itself sees first: no value at all. */
export const NOTHING: Value = { shape: { kind: 'oneOf', alternatives: [] }, from: [] };

export const isNothing = (value: Value): boolean =>
  value.shape.kind === 'oneOf' && value.shape.alternatives.length === 0;

export const valueOf = (shape: Shape, from: readonly Source[] = []): Value => ({ shape, from });

export const unknownFrom = (from: readonly Source[]): Value =>
  from.length === 0 ? UNKNOWN : { shape: { kind: 'unknown' }, from };

export const numberValue = (from: readonly Source[] = [], value?: number): Value =>
  valueOf({ kind: 'scalar', type: 'number', ...(value === undefined ? {} : { value }) }, from);

export const booleanValue = (from: readonly Source[] = []): Value => valueOf({ kind: 'scalar', type: 'boolean' }, from);

/** A text; its sources are those of its holes, and `also`. */
export const textValue = (pieces: readonly Piece[], also: readonly Source[] = []): Value => ({
  shape: { kind: 'text', pieces },
  from: unionOf(sourcesOfPieces(pieces), also),
});

/** A text that stands nowhere. */
export const constantValue = (text: string): Value => textValue(text === '' ? [] : [{ kind: 'constant', value: text }]);

export const instanceOf = (of: EntityName, from: readonly Source[] = [], by?: string): Value =>
  valueOf({ kind: 'instance', of, ...(by === undefined ? {} : { by }) }, from);

/** A list whose items are all known, or of which only one stands for any. */
export function listOf(items: readonly Value[], from: readonly Source[] = []): Value {
  const each = joinAll(items.map(withoutNull));
  const known = items.length <= MAX_ITEMS;
  return valueOf({ kind: 'list', each, ...(known ? { items } : {}) }, unionOf(from, ...items.map(item => item.from)));
}

export const listOfAny = (each: Value, from: readonly Source[] = []): Value =>
  valueOf({ kind: 'list', each }, unionOf(from, each.from));

export const recordOf = (entries: ReadonlyMap<string, Value>, open: boolean, from: readonly Source[] = []): Value =>
  valueOf({ kind: 'record', entries, open }, unionOf(from, ...[...entries.values()].map(entry => entry.from)));

const keyOf = (source: Source): string => {
  switch (source.kind) {
    case 'parameter':
      return `p ${source.unit} ${source.index}`;
    case 'item':
      return `l ${source.loop}`;
    case 'input':
      return `i ${source.label} ${source.at.unit} ${source.at.start}`;
    case 'call':
      return `c ${source.call}`;
  }
};

/** All sources, each once. Inputs and parameters are the last to be dropped when there are too many. */
export function unionOf(first: readonly Source[], ...others: readonly (readonly Source[])[]): readonly Source[] {
  const more = others.filter(other => other.length > 0 && other !== first);
  if (more.length === 0) return first;
  if (first.length === 0 && more.length === 1) return more[0] ?? first;
  const all = new Map<string, Source>();
  for (const sources of [first, ...more]) for (const source of sources) all.set(keyOf(source), source);
  if (all.size === first.length) return first;
  const union = [...all.values()];
  if (union.length <= MAX_SOURCES) return union;
  const rank = { input: 0, parameter: 1, item: 2, call: 3 };
  return union.sort((left, right) => rank[left.kind] - rank[right.kind]).slice(0, MAX_SOURCES);
}

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
  if (left.shape === right.shape || equalByStructure(left.shape, right.shape)) return { shape: left.shape, from };
  const shape = depth > MAX_NESTING ? undefined : joinShapes(left.shape, right.shape, depth);
  return shape ? { shape, from } : oneOf(left, right, from, depth);
}

/** The shape of both when they are of one kind; nothing when they stay apart. */
function joinShapes(left: Shape, right: Shape, depth: number): Shape | undefined {
  if (left.kind === 'text' && right.kind === 'text') {
    const pieces = joinTexts(left.pieces, right.pieces, join);
    return pieces ? { kind: 'text', pieces } : { kind: 'unknown' };
  }
  if (left.kind === 'scalar' && right.kind === 'scalar' && left.type === right.type)
    return { kind: 'scalar', type: left.type };
  if (left.kind === 'instance' && right.kind === 'instance' && left.of === right.of)
    return { kind: 'instance', of: left.of };
  if (left.kind === 'function' && right.kind === 'function' && left.unit === right.unit)
    return { kind: 'function', unit: left.unit };
  if (left.kind === 'list' && right.kind === 'list') return joinLists(left, right, depth);
  if (left.kind === 'record' && right.kind === 'record') return joinRecords(left, right, depth);
  return undefined;
}

type ListShape = Extract<Shape, { kind: 'list' }>;
type RecordShape = Extract<Shape, { kind: 'record' }>;

function joinLists(left: ListShape, right: ListShape, depth: number): Shape {
  const each = joinWithin(left.each, right.each, depth + 1);
  const items = left.items && right.items ? joinItems(left.items, right.items, depth) : undefined;
  return { kind: 'list', each, ...(items ? { items } : {}) };
}

/** Items that only one of the two has become optional: something or null. */
function joinItems(left: readonly Value[], right: readonly Value[], depth: number): readonly Value[] | undefined {
  let shared = 0;
  while (shared < left.length && shared < right.length && equalByStructure(left[shared], right[shared])) shared++;
  const [restLeft, restRight] = [left.slice(shared), right.slice(shared)];
  if (restLeft.length === restRight.length) {
    const both = restLeft.map((item, index) => joinWithin(item, restRight[index] ?? NULL, depth + 1));
    return [...left.slice(0, shared), ...both];
  }
  const optional = [...restLeft, ...restRight].map(item => joinWithin(item, NULL, depth + 1));
  return optional.length + shared > MAX_ITEMS ? undefined : [...left.slice(0, shared), ...optional];
}

function joinRecords(left: RecordShape, right: RecordShape, depth: number): Shape {
  const entries = new Map(left.entries);
  for (const [key, value] of right.entries) {
    const other = left.entries.get(key);
    entries.set(
      key,
      other ? joinWithin(other, value, depth + 1) : left.open ? value : joinWithin(value, NULL, depth + 1),
    );
  }
  for (const [key, value] of left.entries)
    if (!right.entries.has(key) && !right.open) entries.set(key, joinWithin(value, NULL, depth + 1));
  return { kind: 'record', entries, open: left.open || right.open };
}

function oneOf(left: Value, right: Value, from: readonly Source[], depth: number): Value {
  const alternatives: Value[] = [];
  for (const alternative of [...alternativesIn(left), ...alternativesIn(right)]) {
    const same = alternatives.findIndex(
      each =>
        equalByStructure(each.shape, alternative.shape) ||
        (depth <= MAX_NESTING && joinShapes(each.shape, alternative.shape, depth + 1) !== undefined),
    );
    const each = alternatives[same];
    if (each) alternatives[same] = joinWithin(each, alternative, depth + 1);
    else alternatives.push(alternative);
  }
  const [only, ...more] = alternatives;
  if (only && more.length === 0) return withSources(only, from);
  return alternatives.length > MAX_ALTERNATIVES || depth > MAX_NESTING
    ? unknownFrom(from)
    : { shape: { kind: 'oneOf', alternatives }, from };
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
  if (before === after || equalByStructure(before, after)) return before;
  const from = unionOf(before.from, after.from);
  if (turn >= 3) {
    const joined = join(before, after);
    return equalByStructure(joined.shape, before.shape) ? { shape: before.shape, from } : unknownFrom(from);
  }
  if (before.shape.kind === 'text' && after.shape.kind === 'text') {
    const pieces = widenText(before.shape.pieces, after.shape.pieces, join);
    return pieces ? { shape: { kind: 'text', pieces }, from } : unknownFrom(from);
  }
  if (before.shape.kind === 'list' && after.shape.kind === 'list') {
    const grows = before.shape.items?.length !== after.shape.items?.length;
    const each = grows ? join(before.shape.each, after.shape.each) : widen(before.shape.each, after.shape.each, turn);
    const items = grows
      ? undefined
      : before.shape.items?.map((item, index) =>
          join(item, after.shape.kind === 'list' ? (after.shape.items?.[index] ?? item) : item),
        );
    return { shape: { kind: 'list', each, ...(items ? { items } : {}) }, from };
  }
  if (before.shape.kind === 'record' && after.shape.kind === 'record') {
    const entries = new Map(before.shape.entries);
    for (const [key, value] of after.shape.entries) {
      const earlier = entries.get(key);
      entries.set(key, earlier ? widen(earlier, value, turn) : join(value, NULL));
    }
    return { shape: { kind: 'record', entries, open: before.shape.open || after.shape.open }, from };
  }
  return join(before, after);
}

/** The text when the value is one constant text, the number or truth value as text; else nothing. */
export function constantOf(value: Value): string | undefined {
  if (value.shape.kind === 'text') return constantText(value.shape.pieces);
  if (value.shape.kind === 'scalar' && value.shape.value !== undefined) return String(value.shape.value);
  return undefined;
}
