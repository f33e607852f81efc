/** Comprehensions: item by item over what is known, and over what is asked of a server. */
import type { UnitId } from '../../engine/place';
import type { Expression } from '../../program/model';
import { foundIn, itemOf, madeOf } from './answers';
import type { Evaluation } from './evaluation';
import { noteRepeated } from './notes';
import { itemsOf } from './records';
import { type Chain, type Names, UNKNOWN, type Value } from './values';

/** The list that a comprehension makes: `[… for each in …]`. */
export function comprehended(
  evaluation: Evaluation,
  expression: Extract<Expression, { kind: 'comprehension' }>,
  names: Names,
  unit: UnitId,
): Value {
  const [loop, more] = expression.loops;
  const source = loop && evaluation.value(loop.source, names, unit);
  if (loop && !more && source?.kind === 'chain') return ofAnswer(evaluation, expression, loop, source, names, unit);
  if (loop && !more && source?.kind === 'members' && loop.tests.length === 0) return source;
  const items = source && itemsOf(source, false);
  if (!loop || more || !items || loop.tests.length > 0) {
    const own: Names = new Map(names);
    noteRepeated(evaluation, expression, unit, () => {
      for (const each of expression.loops) evaluation.bind(each.item, UNKNOWN, own, unit);
      evaluation.value(expression.element, own, unit);
    });
    return UNKNOWN;
  }
  const inner: Names = new Map(names);
  return {
    kind: 'list',
    items: items.map(item => {
      evaluation.bind(loop.item, item, inner, unit);
      return evaluation.value(expression.element, inner, unit);
    }),
  };
}

/** `[each['name'] for each in inspector.get_columns('orders')]`, which is read alone. */
function ofAnswer(
  evaluation: Evaluation,
  expression: Extract<Expression, { kind: 'comprehension' }>,
  loop: Extract<Expression, { kind: 'comprehension' }>['loops'][number],
  source: Chain,
  names: Names,
  unit: UnitId,
): Value {
  const inner: Names = new Map(names);
  let element: Value = UNKNOWN;
  noteRepeated(evaluation, expression, unit, () => {
    evaluation.bind(loop.item, itemOf(source), inner, unit);
    for (const test of loop.tests) evaluation.value(test, inner, unit);
    element = evaluation.value(expression.element, inner, unit);
  });
  if (loop.tests.length > 0) return UNKNOWN;
  return madeOf(source, element) ?? foundIn(source, element) ?? UNKNOWN;
}
