/** What a language's operators make of constants, as far as migrations use them. */
import type { Value } from './values';

const constant = (value: number | boolean): Value => ({ kind: 'constant', value });

const isNothing = (value: Value): boolean =>
  value.kind === 'constant' && (value.value === null || value.value === undefined);

/** Whether a value is there for sure. */
const isSomething = (value: Value): boolean =>
  value.kind === 'text' ||
  value.kind === 'list' ||
  value.kind === 'record' ||
  value.kind === 'function' ||
  value.kind === 'bound' ||
  value.kind === 'instance' ||
  value.kind === 'class' ||
  (value.kind === 'constant' && !isNothing(value));

/** Whether two values are the same; what has to be found out where that is not known. */
export function equality(left: Value, right: Value, isLoose: boolean): Value {
  if (left.kind === 'constant' && right.kind === 'constant')
    return constant(left.value === right.value || (isLoose && isNothing(left) && isNothing(right)));
  if (left.kind === 'text' && right.kind === 'text' && left.complete && right.complete)
    return constant(left.value === right.value);
  if ((isNothing(left) && isSomething(right)) || (isSomething(left) && isNothing(right))) return constant(false);
  if (
    !isLoose &&
    ((left.kind === 'text' && right.kind === 'constant') || (left.kind === 'constant' && right.kind === 'text'))
  )
    return constant(false);
  // what is compared with nothing is asked whether it is there
  if (isNothing(right)) return { kind: 'not', value: left };
  if (isNothing(left)) return { kind: 'not', value: right };
  if (right.kind === 'constant') {
    if (right.value === true) return left;
    if (right.value === false) return { kind: 'not', value: left };
    const known = counted('===', left, right.value);
    if (known) return known;
  }
  return { kind: 'equal', left, right };
}

/** `rows.length > 0`, `names.indexOf('orders') >= 0`: whether there are some, or it is in. */
function counted(operator: string, left: Value, right: number | null | undefined | boolean): Value | undefined {
  const isLength = left.kind === 'chain' && left.steps.at(-1)?.name === 'length';
  if (left.kind !== 'within' && !isLength) return undefined;
  const some = `${operator} ${String(right)}`;
  if (some === '> 0' || some === '>= 1' || some === '> -1' || (some === '>= 0' && left.kind === 'within')) return left;
  if (some === '=== 0' || some === '< 1' || some === '<= 0' || some === '=== -1' || some === '< 0')
    return { kind: 'not', value: left };
  return undefined;
}

/** A comparison of two values; undefined where it is none, or nothing is known of it. */
export function compared(operator: string, left: Value, right: Value): Value | undefined {
  if (right.kind !== 'constant') return undefined;
  const known = counted(operator, left, right.value);
  if (known) return known;
  if (left.kind !== 'constant' || typeof left.value !== 'number' || typeof right.value !== 'number') return undefined;
  switch (operator) {
    case '<':
      return constant(left.value < right.value);
    case '<=':
      return constant(left.value <= right.value);
    case '>':
      return constant(left.value > right.value);
    case '>=':
      return constant(left.value >= right.value);
    default:
      return arithmetic(operator, left, right);
  }
}

/** What an operation on two numbers gives. */
export function arithmetic(operator: string, left: Value, right: Value): Value | undefined {
  if (left.kind !== 'constant' || right.kind !== 'constant') return undefined;
  const [one, other] = [left.value, right.value];
  if (typeof one !== 'number' || typeof other !== 'number') return undefined;
  switch (operator) {
    case '+':
      return constant(one + other);
    case '-':
      return constant(one - other);
    case '*':
      return constant(one * other);
    case '%':
      return constant(one % other);
    default:
      return undefined;
  }
}

/** What `typeof` says. */
export function kindOf(value: Value): Value | undefined {
  const said = (text: string): Value => ({ kind: 'text', value: text, pieces: [], complete: true });
  switch (value.kind) {
    case 'text':
      return said('string');
    case 'function':
    case 'bound':
      return said('function');
    case 'list':
    case 'record':
    case 'instance':
      return said('object');
    case 'constant':
      return said(value.value === null ? 'object' : typeof value.value);
    default:
      return undefined;
  }
}
