/** Items of collections, and the paths of what was handed in. */
import { joinAll, shaped, unknownFrom, withoutNull, withSources } from './lattice';
import { recordFrom } from './records';
import type { ParameterPath, Value } from './value';

/** Deeper than this a parameter's members are not told apart. */
const MAX_PATH = 5;
/** A path's step that stands for any item. */
export const ANY_ITEM = '*';

/** The member or item of what was handed in, as far as paths go. */
export const below = (parameter: ParameterPath, step: string): Value['shape'] =>
  parameter.path.length >= MAX_PATH
    ? { kind: 'unknown' }
    : { kind: 'unknown', parameter: { ...parameter, path: [...parameter.path, step] } };

/** Of a relation that gives one record or a list of them: the one that has members, the other that has items. */
export const recordsAmong = (alternatives: readonly Value[], kind: 'object' | 'list'): readonly Value[] => {
  const isEither =
    alternatives.some(({ shape }) => shape.kind === 'object' && shape.loaded) &&
    alternatives.some(({ shape }) => shape.kind === 'list');
  return isEither ? alternatives.filter(({ shape }) => shape.kind === kind) : alternatives;
};

/** What an item of a collection is. */
export function itemOf(collection: Value): Value {
  const { shape, from } = collection;
  switch (shape.kind) {
    case 'list':
      return withSources(withoutNull(shape.each), from);
    case 'oneOf': {
      const items = recordsAmong(shape.alternatives, 'list')
        .filter(each => each.shape.kind !== 'scalar')
        .map(itemOf);
      return items.length === 0 ? unknownFrom(from) : withSources(joinAll(items), from);
    }
    case 'unknown':
      return shape.parameter ? shaped(below(shape.parameter, ANY_ITEM), from) : unknownFrom(from);
    case 'instance':
      return shape.holds ? recordFrom(shape.holds, from) : unknownFrom(from);
    default:
      return unknownFrom(from);
  }
}
