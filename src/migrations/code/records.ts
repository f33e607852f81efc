/** Lists and records while they grow. What is put in under a condition may be in them or not. */
import type { UnitId } from '../../engine/place';
import type { Expression } from '../../program/model';
import type { Evaluation } from './evaluation';
import { textValue } from './texts';
import { type GivenArgument, type Names, UNKNOWN, type Value } from './values';

/** A list or record that is made here, under the conditions that hold. */
export function making(evaluation: Evaluation, value: Value): Value {
  evaluation.made.set(value, evaluation.conditions);
  return value;
}

/** Whether something that is done to a list or record has been done for sure. */
function isSure(evaluation: Evaluation, value: Value): boolean {
  return evaluation.conditions.length === 0 || evaluation.made.get(value) === evaluation.conditions;
}

/** Puts a value into a record: `spec.nullable = true`. */
export function putInto(evaluation: Evaluation, target: Expression, value: Value, names: Names, unit: UnitId): void {
  if (target.kind !== 'member' && target.kind !== 'index') return;
  const object = evaluation.value(target.object, names, unit);
  if (object.kind !== 'record') return;
  const key = target.kind === 'member' ? target.name : textValue(evaluation.value(target.index, names, unit));
  const record: { entries: ReadonlyMap<string, Value>; open?: boolean } = object;
  if (key === undefined) record.open = true;
  else setEntry(record, key, isSure(evaluation, object) ? value : UNKNOWN);
}

/** More items at the end of a list; some that may be there make it one that is not known. */
export function added(
  evaluation: Evaluation,
  list: Extract<Value, { kind: 'list' }>,
  given: readonly GivenArgument[],
): Value {
  const grown: { items: readonly Value[]; open?: boolean } = list;
  grown.items = [...list.items, ...given.map(({ value }) => value)];
  if (!isSure(evaluation, list)) grown.open = true;
  return UNKNOWN;
}

/** Puts an entry into a record, as all who hold it see it. */
export function setEntry(record: { entries: ReadonlyMap<string, Value> }, key: string, value: Value): void {
  record.entries = new Map([...record.entries, [key, value]]);
}

/** What a loop over a value goes through; undefined when that is not known. */
export function itemsOf(source: Value, keys: boolean): readonly Value[] | undefined {
  if (source.kind === 'list' && !source.open) return source.items;
  if (source.kind === 'record' && !source.open && keys)
    return [...source.entries.keys()].map(key => ({ kind: 'text', value: key, pieces: [], complete: true }));
  return undefined;
}
