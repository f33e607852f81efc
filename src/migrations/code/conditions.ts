/** What values test as, and what is the same as or in what, as far as is known of what the migration asks. */

import type { Evaluation } from './evaluation';
import { equality } from './operators';
import { textValue } from './texts';
import { truthOf, UNKNOWN, type Value } from './values';

/** What a value tests as, by what is known of the server too. */
export function testsAs(evaluation: Evaluation, value: Value): boolean | undefined {
  switch (value.kind) {
    case 'not': {
      const inner = testsAs(evaluation, value.value);
      return inner === undefined ? undefined : !inner;
    }
    case 'either': {
      const truths = [testsAs(evaluation, value.left), testsAs(evaluation, value.right)];
      const decides = value.operator === '||';
      if (truths.includes(decides)) return decides;
      return truths.includes(undefined) ? undefined : !decides;
    }
    default:
      return evaluation.answers.holds(value) ?? truthOf(value);
  }
}

/** Whether one value is the other, as far as the tool's answers tell. */
export function sameness(evaluation: Evaluation, left: Value, right: Value, isLoose: boolean): Value {
  const known = evaluation.answers.isAmong(left, [right]) ?? evaluation.answers.isAmong(right, [left]);
  return known === undefined ? equality(left, right, isLoose) : { kind: 'constant', value: known };
}

/** `item in of`, of a list, a record's keys, or what a call gives. */
export function isIn(evaluation: Evaluation, item: Value, of: Value): Value {
  if (of.kind === 'chain') return { kind: 'within', item, of };
  if (of.kind === 'members') return { kind: 'within', item, of: of.of, by: of.by };
  const name = textValue(item);
  if (of.kind === 'record' && name !== undefined)
    return of.entries.has(name)
      ? { kind: 'constant', value: true }
      : of.open
        ? UNKNOWN
        : { kind: 'constant', value: false };
  if (of.kind !== 'list') return UNKNOWN;
  const known = of.open ? undefined : evaluation.answers.isAmong(item, of.items);
  if (known !== undefined) return { kind: 'constant', value: known };
  const truths = of.items.map(each => testsAs(evaluation, equality(item, each, false)));
  if (truths.includes(true)) return { kind: 'constant', value: true };
  return of.open || truths.includes(undefined) ? UNKNOWN : { kind: 'constant', value: false };
}

/** `!value`, or what is known of it. */
export const negated = (value: Value): Value =>
  value.kind === 'constant'
    ? { kind: 'constant', value: !value.value }
    : value.kind === 'not'
      ? value.value
      : { kind: 'not', value };
