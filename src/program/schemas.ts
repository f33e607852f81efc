/** Schemas of validators: what they let through, and what comes out of a check. */
import { anyOf, booleanValue, numberValue, recordOf, unknownFrom, withSources } from './lattice';
import type { Source, Value } from './value';

/** What a schema that is made of an argument lets through: of the entries of a record each its own. */
export function admittedBy(made: Value): Value {
  const { shape } = made;
  switch (shape.kind) {
    case 'instance':
      return shape.admits ?? unknownFrom([]);
    case 'record':
      return recordOf(new Map([...shape.entries].map(([name, entry]) => [name, admittedBy(entry)])), true);
    // `z.enum(['asc', 'desc'])`
    case 'list':
      return shape.items ? anyOf(shape.items) : unknownFrom([]);
    case 'text':
      return made;
    default:
      return unknownFrom([]);
  }
}

/** What a check of data gives: what the schema lets through, as data that comes from where it came from. */
export function checked(admitted: Value, from: readonly Source[]): Value {
  const { shape } = admitted;
  if (shape.kind === 'scalar' && shape.type === 'number') return numberValue(from);
  if (shape.kind === 'scalar' && shape.type === 'boolean') return booleanValue(from);
  if (shape.kind === 'record')
    return recordOf(new Map([...shape.entries].map(([name, entry]) => [name, checked(entry, from)])), true, from);
  return shape.kind === 'unknown' ? unknownFrom(from) : withSources(admitted, from);
}
