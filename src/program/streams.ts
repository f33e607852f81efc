/**
 * Streams: values that emit others, one after another, to operators that are written in a row. Whether one emits many or a
 * single value is what counts: what an operator calls for each of many is repeated, and what follows a promise is not.
 */
import { equalByStructure } from './equality';
import { itemOf } from './items';
import { listOf, listOfAny, shaped } from './lattice';
import type { Call, Expression } from './model';
import type { Gives } from './semantics';
import type { Value } from './value';

/** A stream that an operator is called for. */
export interface Piped {
  readonly value: Value;
  /** What it is made of, as written. */
  readonly written: Expression;
  /** A later operator ends it with the first value that will do. */
  readonly stops: boolean;
  /** Each value is a batch of those that were emitted before. */
  readonly batches: boolean;
}

/** A list of what a stream emits; nothing where that is not known. */
export const emissionOf = ({ shape }: Value): Value | undefined =>
  shape.kind === 'instance' ? shape.emits : undefined;

export const emitsMany = ({ shape }: Value): boolean => shape.kind !== 'list' || shape.items?.length !== 1;

/**
 * What a stream of a value emits: the items of a list one by one, what a promise gives all at once.
 * @param awaited  what waiting for a value gives
 */
export function emissionFrom(
  value: Value | undefined,
  site: { readonly isPromise?: boolean; readonly isMany?: boolean },
  awaited: (value: Value) => Value,
): Value | undefined {
  if (!value) return undefined;
  const emitted = emissionOf(value);
  if (emitted) return emitted;
  if (site.isPromise || value.shape.kind === 'instance') return listOf([awaited(value)]);
  if (value.shape.kind === 'list') return value;
  return value.shape.kind === 'unknown' && site.isMany ? listOfAny(itemOf(value), value.from) : undefined;
}

/** A stream behind an operator. */
export function pipedAs(stream: Value, as: Extract<Gives, { kind: 'piped' }>['as']): Value {
  const all = emissionOf(stream);
  if (!all || as === undefined) return stream;
  switch (as) {
    case 'one':
      return emitting(stream, listOf([listOfAny(itemOf(all))]));
    case 'batches':
      return emitsMany(all) ? emitting(stream, listOfAny(listOfAny(itemOf(all)))) : stream;
    case 'found':
      return emitting(stream, listOf([itemOf(all)]));
    case 'flat':
      return emitting(stream, flattened(all, itemOf(all)));
  }
}

/** The stream of what a function gives for each value of another, or of what is in that. */
export function streamOfResults(stream: Value, each: Value, how: 'emitted' | 'flattened'): Value {
  const all = emissionOf(stream);
  if (!all) return stream;
  if (how === 'flattened') return emitting(stream, flattened(all, each));
  return emitting(stream, emitsMany(all) ? listOfAny(each) : listOf([each]));
}

function flattened(all: Value, each: Value): Value {
  // what a promise gave and has something in it is a list, whatever is known of it
  const isWhole = !emitsMany(all) && each.shape.kind === 'unknown' && equalByStructure(each, itemOf(all));
  const inner = emissionOf(each) ?? (each.shape.kind === 'list' || isWhole ? listOfAny(itemOf(each)) : listOf([each]));
  return emitsMany(all) || emitsMany(inner) ? listOfAny(itemOf(inner)) : listOf([itemOf(inner)]);
}

const emitting = ({ shape, from }: Value, emits: Value): Value =>
  shape.kind === 'instance' ? shaped({ ...shape, emits }, from) : { shape, from };

/** What a stream is made of, as written: `ids` of `from(ids)`. */
export function writtenSource(stream: Expression): Expression {
  const argument = stream.kind === 'call' && stream.arguments.length === 1 ? stream.arguments[0]?.value : undefined;
  return argument ?? stream;
}

/** Whether the first argument is written like a list where its value does not tell: `users`, `await all()`. */
export function saysMany({ arguments: [first] }: Call): boolean {
  if (first?.value.kind === 'await') return true;
  const written = first?.value;
  const name = written?.kind === 'name' || written?.kind === 'member' ? written.name : undefined;
  return name !== undefined && /(?:[^s]s|list|rows|array)$/i.test(name) && !/status$/i.test(name);
}
