/**
 * Carries a value over the border of a function: what is returned in terms of the parameters becomes what it is at a call.
 *
 * Nothing that crosses keeps a place inside the callee. Constants come without theirs, holes stand where the argument or
 * the call stands: so an edit inside the callee that returns the same disturbs no caller, and no caller holds a place
 * that has moved.
 */
import type { Place, UnitId } from '../engine/place';
import { isNothing, joinAll, NOTHING, shaped, UNKNOWN, withSources } from './lattice';
import { valueAt } from './members';
import { unionOf } from './sources';
import { mapHoles } from './strings';
import { boundedText, holeOf, type Origin, piecesOf, withinQuotes } from './textValues';
import type { CallId, Hole, ParameterPath, Piece, Shape, Source, Value } from './value';
import type { World } from './world';

export interface Instantiation {
  readonly world: World;
  /** The unit or lambda whose parameters are replaced. */
  readonly owner: string;
  readonly arguments: readonly (Value | undefined)[];
  /** The expression of an argument. */
  readonly origin: (index: number) => Origin;
  /** The call, which stands for all calls inside. */
  readonly call: CallId;
  readonly site: Origin;
}

/** Deeper inside a value nothing is told apart any more. */
const MAX_DEPTH = 8;

/** The value with the arguments of a call in place of the parameters. */
export function instantiate(value: Value, how: Instantiation, depth = 0): Value {
  const from = sourcesAt(value.from, how);
  if (depth > MAX_DEPTH) return { shape: { kind: 'unknown' }, from };
  const { shape } = value;
  const inner = (each: Value): Value => instantiate(each, how, depth + 1);
  switch (shape.kind) {
    case 'unknown': {
      if (!shape.parameter) return { shape, from };
      if (shape.parameter.unit !== how.owner)
        return isOfAnother(shape.parameter.unit, how.owner) ? { shape, from } : { shape: { kind: 'unknown' }, from };
      const argument = how.arguments[shape.parameter.index];
      if (!argument) return isOnlyParameter(value) ? NOTHING : { shape: { kind: 'unknown' }, from };
      const others = sourcesAt(
        value.from.filter(source => !isOwn(source, how.owner)),
        how,
      );
      return withSources(valueAt(how.world, argument, shape.parameter.path, how.site.at), others);
    }
    case 'object': {
      const passed = passedAs(shape.parameter, how);
      return passed ? withSources(passed, from) : shaped({ ...shape, parameter: undefined }, from);
    }
    case 'text':
      return boundedText(
        mapHoles(stripped(shape.pieces), hole => holeAt(hole, how, depth)),
        from,
      );
    case 'instance':
      return shaped(
        {
          ...shape,
          ...(shape.by === undefined ? {} : { by: how.call }),
          ...(shape.admits ? { admits: inner(shape.admits) } : {}),
          ...(shape.emits ? { emits: inner(shape.emits) } : {}),
        },
        from,
      );
    case 'member':
      return shaped({ ...shape, ...(shape.receiver ? { receiver: inner(shape.receiver) } : {}) }, from);
    case 'function':
      return shaped({ ...shape, ...(shape.bound ? { bound: inner(shape.bound) } : {}) }, from);
    case 'record': {
      const passed = passedAs(shape.parameter, how);
      if (passed) return withSources(passed, from);
      const entries = new Map([...shape.entries].map(([key, each]) => [key, inner(each)]));
      return shaped({ kind: 'record', entries, open: shape.open }, from);
    }
    case 'list':
      return shaped(
        { kind: 'list', each: inner(shape.each), ...(shape.items ? { items: shape.items.map(inner) } : {}) },
        from,
      );
    case 'oneOf': {
      if (isNothing(value)) return value;
      const joined = joinAll(shape.alternatives.map(inner));
      return isNothing(joined) ? UNKNOWN : joined;
    }
    default:
      return { shape, from };
  }
}

/** What a caller hands in for a parameter that only its type is known of; nothing when the type tells more. */
function passedAs(parameter: ParameterPath | undefined, how: Instantiation): Value | undefined {
  if (!parameter || parameter.unit !== how.owner) return undefined;
  const argument = how.arguments[parameter.index];
  const value = argument && valueAt(how.world, argument, parameter.path, how.site.at);
  if (!value || isNothing(value) || value.shape.kind === 'unknown' || value.shape.kind === 'scalar') return undefined;
  return value;
}

/** A parameter of a function that the callee is neither inside of nor around: one that a field was filled from. */
const isOfAnother = (unit: string, owner: string): boolean =>
  !unit.startsWith(`${owner}@`) && owner.slice(0, Math.max(0, owner.lastIndexOf('@'))) !== unit;

const isOwn = (source: Source, owner: string): boolean => source.kind === 'parameter' && source.unit === owner;

const isOnlyParameter = (value: Value): boolean => value.from.every(source => source.kind === 'parameter');

function holeAt(hole: Hole, how: Instantiation, depth: number): readonly Piece[] | undefined {
  const value = instantiate(hole.value, how, depth + 1);
  // A parameter without an argument: its default is another alternative.
  if (isNothing(value)) return undefined;
  const { shape } = hole.value;
  const parameter = shape.kind === 'unknown' && shape.parameter?.unit === how.owner ? shape.parameter : undefined;
  const whole = parameter && parameter.path.length === 0 ? how.origin(parameter.index) : undefined;
  const origin = whole ?? {
    at: how.site.at,
    source: hole.source,
    ...(hole.spelling ? { spelling: hole.spelling } : {}),
  };
  if (hole.safety) return [holeOf(value, origin, hole.safety)];
  const pieces = piecesOf(value, origin);
  return hole.within === undefined ? pieces : withinQuotes(pieces, hole.within);
}

/** The sources at the call: the arguments' for the parameters', the call itself for whatever happened inside. */
function sourcesAt(from: readonly Source[], how: Instantiation): readonly Source[] {
  let result: readonly Source[] = [];
  for (const source of from) {
    switch (source.kind) {
      case 'parameter':
        if (source.unit === how.owner) result = unionOf(result, how.arguments[source.index]?.from ?? []);
        else if (isOfAnother(source.unit, how.owner)) result = unionOf(result, [source]);
        break;
      case 'input':
        result = unionOf(result, [{ ...source, at: how.site.at }]);
        break;
      case 'call':
        result = unionOf(result, [{ kind: 'call', call: how.call }]);
        break;
      case 'item':
        break;
    }
  }
  return result;
}

const stripped = (pieces: readonly Piece[]): readonly Piece[] => pieces.map(strippedPiece);

function strippedPiece(piece: Piece): Piece {
  switch (piece.kind) {
    case 'constant':
      return { kind: 'constant', value: piece.value };
    case 'hole':
      return piece;
    case 'repeat':
      return { kind: 'repeat', separator: piece.separator, pieces: stripped(piece.pieces) };
    case 'choice':
      return { kind: 'choice', alternatives: piece.alternatives.map(stripped) };
  }
}

/** A source as it is known outside the unit: without loops and offsets inside it. */
function outside(source: Source, unit: UnitId): readonly Source[] {
  switch (source.kind) {
    case 'parameter':
      return source.unit === unit || !source.unit.startsWith(`${unit}@`) ? [source] : [];
    case 'input':
      return [{ ...source, at: { unit, start: 0, end: 0 } }];
    case 'call':
      return [{ kind: 'call', call: `${unit}@` }];
    case 'item':
      return [];
  }
}

/** The value without anything that moves when its unit is edited elsewhere: what a summary holds. */
export function placeless(value: Value, unit: UnitId, depth = 0): Value {
  const nowhere: Place = { unit, start: 0, end: 0 };
  const inner = (each: Value): Value => placeless(each, unit, depth + 1);
  const from = unionOf(
    [],
    value.from.flatMap(source => outside(source, unit)),
  );
  if (depth > MAX_DEPTH) return { shape: { kind: 'unknown' }, from };
  const shape = ((): Shape => {
    const { shape } = value;
    switch (shape.kind) {
      case 'text':
        return {
          kind: 'text',
          pieces: mapHoles(stripped(shape.pieces), hole => [
            {
              kind: 'hole',
              value: inner(hole.value),
              at: nowhere,
              source: hole.source,
              ...(hole.spelling ? { spelling: hole.spelling } : {}),
              ...(hole.safety ? { safety: hole.safety } : {}),
              ...(hole.within ? { within: hole.within } : {}),
            },
          ]),
        };
      case 'instance':
        return {
          ...shape,
          ...(shape.by === undefined ? {} : { by: `${unit}@` }),
          ...(shape.admits ? { admits: inner(shape.admits) } : {}),
          ...(shape.emits ? { emits: inner(shape.emits) } : {}),
        };
      case 'member':
        return { ...shape, ...(shape.receiver ? { receiver: inner(shape.receiver) } : {}) };
      case 'function':
        return { ...shape, ...(shape.bound ? { bound: inner(shape.bound) } : {}) };
      case 'record':
        return { ...shape, entries: new Map([...shape.entries].map(([key, each]) => [key, inner(each)])) };
      case 'list':
        return { kind: 'list', each: inner(shape.each), ...(shape.items ? { items: shape.items.map(inner) } : {}) };
      case 'oneOf':
        return { kind: 'oneOf', alternatives: shape.alternatives.map(inner) };
      default:
        return shape;
    }
  })();
  return { shape, from };
}
