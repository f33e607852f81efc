/** What is made of an answer that a call gives: its items, a member of each, whether one is there. */
import type { UnitId } from '../../engine/place';
import type { Call } from '../../program/model';
import { isIn } from './conditions';
import type { Evaluation } from './evaluation';
import { invoke, isCallable } from './functions';
import { noteRepeated } from './notes';
import { textValue } from './texts';
import { type Chain, type Names, type TextTest, UNKNOWN, type Value } from './values';

/** An item of a list that a call gives. */
export const itemOf = (of: Chain): Chain => ({ kind: 'chain', root: { kind: 'item', of }, steps: [], conditions: [] });

/** The member of an item of this answer that a value is. */
function memberOfItem(of: Chain, value: Value): string | undefined {
  if (value.kind !== 'chain' || value.root.kind !== 'item' || value.root.of !== of) return undefined;
  const [only, more] = value.steps;
  return only && !more && only.arguments === undefined ? only.name : undefined;
}

/** The list that is made when each item of an answer becomes this; undefined where it is more than a member or the item itself. */
export const madeOf = (of: Chain, element: Value): Value | undefined => {
  const by = memberOfItem(of, element);
  if (by !== undefined) return { kind: 'members', of, by };
  // the items as they are
  return element.kind === 'chain' &&
    element.root.kind === 'item' &&
    element.root.of === of &&
    element.steps.length === 0
    ? of
    : undefined;
};

/** Whether an item is there for which this is so. */
export function foundIn(of: Chain, so: Value): Value | undefined {
  if (so.kind === 'within' && so.by === undefined) {
    const by = memberOfItem(of, so.of);
    return by === undefined ? undefined : { kind: 'within', item: so.item, of, by };
  }
  if (so.kind !== 'equal') return undefined;
  for (const [one, item] of [
    [so.left, so.right],
    [so.right, so.left],
  ] as const) {
    const by = memberOfItem(of, one);
    if (by !== undefined) return { kind: 'within', item, of, by };
    if (one.kind === 'chain' && one.root.kind === 'item' && one.root.of === of && one.steps.length === 0)
      return { kind: 'within', item, of };
  }
  return undefined;
}

/**
 * What is asked of an answer: `columns.some(each => each.name === 'total')`, `names.includes('orders')`, and of the name of a
 * server: `client.startsWith('pg')`. Undefined for another call.
 */
export function askedOf(
  evaluation: Evaluation,
  object: Value,
  name: string,
  call: Call,
  names: Names,
  unit: UnitId,
): Value | undefined {
  const [first, more] = call.arguments;
  if (object.kind === 'members' && first && !more && (IS_IN.has(name) || name === 'indexOf'))
    return isIn(evaluation, evaluation.value(first.value, names, unit), object);
  if (object.kind !== 'chain') return undefined;
  const last = object.steps.at(-1);
  if (object.root.kind === 'item' && !first && AS_IT_IS.has(name)) return object;
  if (!last || !first || more) return undefined;
  if (TESTS.has(name) && last.arguments === undefined) {
    const text = textValue(evaluation.value(first.value, names, unit));
    // a list that an item has: `keys.find(key => key.columnNames.indexOf('order_id') !== -1)`
    if (name === 'indexOf' && object.root.kind === 'item' && text !== undefined)
      return { kind: 'within', item: evaluation.value(first.value, names, unit), of: object };
    const how = TEXT_TESTS.get(name);
    const answer = text === undefined || !how ? undefined : evaluation.answers.has(object, how, text);
    if (answer !== undefined) return { kind: 'constant', value: answer };
    return how === 'includes' && text !== undefined
      ? { kind: 'within', item: evaluation.value(first.value, names, unit), of: object }
      : UNKNOWN;
  }
  if (last.arguments !== undefined && (IS_IN.has(name) || name === 'hasOwnProperty' || name === 'indexOf')) {
    const item = evaluation.value(first.value, names, unit);
    return item.kind === 'text' ? { kind: 'within', item, of: object } : undefined;
  }
  if (!SEEKS.has(name) || object.steps.every(step => step.arguments === undefined)) return undefined;
  const seeks = evaluation.value(first.value, names, unit);
  if (!isCallable(seeks)) return undefined;
  let found: Value = UNKNOWN;
  noteRepeated(evaluation, call, unit, () => {
    found = invoke(evaluation, seeks, [{ value: itemOf(object) }]);
  });
  return foundIn(object, found) ?? UNKNOWN;
}

/** A call of a function for each of the items of a list that is not known, or for each row of an answer. */
export function turnOf(
  evaluation: Evaluation,
  object: Value,
  call: Call,
  names: Names,
  unit: UnitId,
): Value | undefined {
  const isAnswer =
    object.kind === 'chain' &&
    (object.steps.some(step => step.arguments !== undefined) ||
      object.root.kind === 'item' ||
      (object.root.kind === 'parameter' && object.root.of !== 'migration'));
  if (!isAnswer && object.kind !== 'unknown' && !(object.kind === 'list' && object.open)) return undefined;
  const [first] = call.arguments;
  const fn = first && evaluation.value(first.value, names, unit);
  if (!fn || !isCallable(fn)) return undefined;
  let item: Value = UNKNOWN;
  noteRepeated(evaluation, call, unit, () => {
    item = invoke(evaluation, fn, [{ value: object.kind === 'chain' ? itemOf(object) : UNKNOWN }]);
  });
  const members =
    object.kind === 'chain' && call.callee.kind === 'member' && call.callee.name === 'map' && madeOf(object, item);
  return members || { kind: 'list', items: [item], open: true };
}

/** What asks whether an item is in a list or set. */
export const IS_IN = new Set(['includes', 'has', 'contains']);

/** What gives a text as it is, or in other letters. */
const AS_IT_IS = new Set(['toLowerCase', 'lower', 'toString', 'trim', 'strip']);

const SEEKS = new Set(['some', 'find', 'filter', 'findIndex', 'any']);

const TEXT_TESTS: ReadonlyMap<string, TextTest> = new Map([
  ['startsWith', 'startsWith'],
  ['startswith', 'startsWith'],
  ['endsWith', 'endsWith'],
  ['endswith', 'endsWith'],
  ['includes', 'includes'],
]);

const TESTS = new Set([...TEXT_TESTS.keys(), 'indexOf', 'match', 'search']);
