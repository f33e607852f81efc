/**
 * What a path knows of the conditions that it has passed, so that `if (client) client.release()` is asked only where a
 * client is there, and `if (!released)` only where it is not released yet.
 *
 * A condition is known by its spelling (`client`, `options.tx`, `mode === "copy"`), which holds until something that it
 * mentions is assigned.
 */
import type { Expression, Pattern } from './model';

/** `truthy` and `nullish` say more than `present` and `falsy`. */
export type Truth = 'truthy' | 'falsy' | 'present' | 'nullish';

/** By spelling. Never changed in place. */
export type Known = ReadonlyMap<string, Truth>;

export const NOTHING_KNOWN: Known = new Map();

/** More than this is forgotten again: what decides is seldom further away. */
const MAX_KNOWN = 24;
const MAX_SPELLING = 100;
/** `const mine = !tx; const free = mine && !done;` */
const MAX_EXPANSION = 3;

/** What a constant is defined as, where that is a condition: `const ownsClient = !options.client`. */
export type Definitions = ReadonlyMap<string, Expression>;

/** How an expression without effect is spelt; absent for one that may give something else the next time. */
export function spellingOf(expression: Expression): string | undefined {
  const spelt = spell(expression);
  return spelt !== undefined && spelt.length <= MAX_SPELLING ? spelt : undefined;
}

function spell(expression: Expression): string | undefined {
  switch (expression.kind) {
    case 'name':
      return expression.name;
    case 'this':
      return 'this';
    case 'constant':
      return String(expression.value);
    case 'text':
      return expression.parts.every(part => part.kind === 'part')
        ? JSON.stringify(expression.parts.map(part => (part.kind === 'part' ? part.value : '')).join(''))
        : undefined;
    case 'member': {
      const object = spell(expression.object);
      return object && `${object}.${expression.name}`;
    }
    case 'operation': {
      const operands = expression.operands.map(spell);
      return operands.includes(undefined) ? undefined : `(${expression.operator} ${operands.join(' ')})`;
    }
    default:
      return undefined;
  }
}

/** What the value of an expression is known to be on this path. */
export function truthOf(
  known: Known,
  expression: Expression,
  isPresent: (expression: Expression) => boolean,
): Truth | undefined {
  switch (expression.kind) {
    case 'constant':
      if (expression.value === null) return 'nullish';
      return expression.value ? 'truthy' : 'falsy';
    case 'text':
      return expression.parts.length === 0 ? 'falsy' : undefined;
    case 'record':
    case 'list':
    case 'lambda':
    case 'unit':
    case 'class':
      return 'truthy';
    case 'await':
      return truthOf(known, expression.value, isPresent);
    case 'yield':
      return expression.value && truthOf(known, expression.value, isPresent);
    case 'call':
      return isPresent(expression) || expression.form === 'new' ? 'truthy' : undefined;
    case 'assign':
      return expression.operator === undefined ? truthOf(known, expression.value, isPresent) : undefined;
    case 'operation':
      if (expression.operator === '!' && expression.operands[0])
        return opposite(truthOf(known, expression.operands[0], isPresent));
      break;
    case 'choice': {
      if (expression.operator !== '?:') break;
      const then = truthOf(known, expression.then, isPresent);
      return then === truthOf(known, expression.otherwise, isPresent) ? then : undefined;
    }
    default:
  }
  if (isNothing(expression)) return 'nullish';
  const spelling = spellingOf(expression);
  return spelling === undefined ? undefined : known.get(spelling);
}

function opposite(truth: Truth | undefined): Truth | undefined {
  if (truth === 'truthy') return 'falsy';
  return truth === 'falsy' || truth === 'nullish' ? 'truthy' : undefined;
}

const isNothing = (expression: Expression): boolean =>
  (expression.kind === 'constant' && expression.value === null) ||
  (expression.kind === 'name' && expression.name === 'undefined');

/** What is known where `test` came out as `truth`; absent where it cannot have. */
export function knowing(
  known: Known,
  test: Expression,
  truth: boolean,
  definitions: Definitions,
  depth = 0,
): Known | undefined {
  switch (test.kind) {
    case 'constant':
      return Boolean(test.value) === truth ? known : undefined;
    case 'assign':
      return test.target.kind === 'variable' && test.operator === undefined
        ? learn(known, test.target.name, truth ? 'truthy' : 'falsy')
        : known;
    case 'choice':
      return test.operator === '&&' || test.operator === '||'
        ? knowingBoth(known, test, truth, definitions, depth)
        : known;
    case 'operation':
      return knowingOperation(known, test, truth, definitions, depth);
    case 'name':
    case 'member': {
      if (isNothing(test)) return truth ? undefined : known;
      const spelling = spellingOf(test);
      const learnt = spelling === undefined ? known : learn(known, spelling, truth ? 'truthy' : 'falsy');
      const definition = test.kind === 'name' ? definitions.get(test.name) : undefined;
      if (!learnt || !definition || depth >= MAX_EXPANSION) return learnt;
      return knowing(learnt, definition, truth, definitions, depth + 1);
    }
    default:
      return known;
  }
}

/** `a && b` that holds, or `a || b` that does not, tells of both; otherwise of one where the other is known. */
function knowingBoth(
  known: Known,
  { operator, test, then, otherwise }: Extract<Expression, { kind: 'choice' }>,
  truth: boolean,
  definitions: Definitions,
  depth: number,
): Known | undefined {
  const other = operator === '&&' ? then : otherwise;
  const both = operator === '&&';
  const first = knowing(known, test, both, definitions, depth);
  if (truth === both) return first && knowing(first, other, both, definitions, depth);
  if (!first) return known;
  const stops = knowing(known, test, !both, definitions, depth);
  const second = knowing(first, other, !both, definitions, depth);
  if (!stops) return second;
  return second ? known : stops;
}

function knowingOperation(
  known: Known,
  test: Extract<Expression, { kind: 'operation' }>,
  truth: boolean,
  definitions: Definitions,
  depth: number,
): Known | undefined {
  const { operator, operands } = test;
  const [left, right] = operands;
  if (operator === '!' && left) return knowing(known, left, !truth, definitions, depth);
  const negated = operator === '!=' || operator === '!==' || operator === 'is not';
  if (!negated && operator !== '==' && operator !== '===' && operator !== 'is') return learnWhole(known, test, truth);
  if (!left || !right) return known;
  const equal = truth !== negated;
  for (const [value, other] of [
    [left, right],
    [right, left],
  ] as const) {
    if (isNothing(other)) return learnPresence(known, value, !equal);
    if (other.kind === 'constant' && typeof other.value === 'boolean')
      return equal ? knowing(known, value, other.value, definitions, depth) : known;
    if (isTypeOf(value) && other.kind === 'text' && spellingOf(other) === '"undefined"' && value.operands[0])
      return learnPresence(known, value.operands[0], !equal);
  }
  return learnWhole(known, { ...test, operator: '===' }, equal);
}

const isTypeOf = (value: Expression): value is Extract<Expression, { kind: 'operation' }> =>
  value.kind === 'operation' && value.operator === 'typeof';

function learnPresence(known: Known, value: Expression, present: boolean): Known | undefined {
  if (isNothing(value)) return present ? undefined : known;
  const spelling = spellingOf(
    value.kind === 'assign' && value.target.kind === 'variable' ? nameOf(value.target) : value,
  );
  return spelling === undefined ? known : learn(known, spelling, present ? 'present' : 'nullish');
}

const nameOf = ({ name, start, end }: Extract<Pattern, { kind: 'variable' }>): Expression => ({
  kind: 'name',
  name,
  start,
  end,
});

function learnWhole(known: Known, test: Expression, truth: boolean): Known | undefined {
  const spelling = spellingOf(test);
  return spelling === undefined ? known : learn(known, spelling, truth ? 'truthy' : 'falsy');
}

/** Adds what is so of a spelling; absent where the contrary is known. */
function learn(known: Known, spelling: string, truth: Truth): Known | undefined {
  const before = known.get(spelling);
  if (before === truth) return known;
  if (before !== undefined) {
    const both = CONJUNCTION[before][truth];
    return both === 'never' ? undefined : both === before ? known : new Map(known).set(spelling, both);
  }
  return known.size >= MAX_KNOWN ? known : new Map(known).set(spelling, truth);
}

const CONJUNCTION: Readonly<Record<Truth, Readonly<Record<Truth, Truth | 'never'>>>> = {
  truthy: { truthy: 'truthy', present: 'truthy', falsy: 'never', nullish: 'never' },
  present: { truthy: 'truthy', present: 'present', falsy: 'falsy', nullish: 'never' },
  falsy: { truthy: 'never', present: 'falsy', falsy: 'falsy', nullish: 'nullish' },
  nullish: { truthy: 'never', present: 'never', falsy: 'nullish', nullish: 'nullish' },
};

/** What stays known when `spelling` is assigned, and what its new value is known to be. */
export function assigned(known: Known, spelling: string, truth: Truth | undefined): Known {
  let now: Map<string, Truth> | undefined;
  for (const each of known.keys())
    if (mentions(each, spelling)) {
      now ??= new Map(known);
      now.delete(each);
    }
  if (truth === undefined) return now ?? known;
  return learn(now ?? known, spelling, truth) ?? known;
}

/** Whether the spelling stands in the other as a whole word: `tx` in `(! tx.done)`. */
function mentions(within: string, spelling: string): boolean {
  for (let at = within.indexOf(spelling); at >= 0; at = within.indexOf(spelling, at + 1)) {
    const before = within[at - 1] ?? ' ';
    const behind = within[at + spelling.length] ?? ' ';
    if (!/[\w$.]/.test(before) && !/[\w$]/.test(behind)) return true;
  }
  return false;
}

/** What is known on either of two ways. */
export function knownOnBoth(left: Known, right: Known): Known {
  if (left === right) return left;
  let same = true;
  const both = new Map<string, Truth>();
  for (const [spelling, truth] of left) {
    const other = right.get(spelling);
    const either = other === undefined ? undefined : other === truth ? truth : weaker(truth, other);
    if (either !== undefined) both.set(spelling, either);
    if (either !== truth) same = false;
  }
  return same ? left : both;
}

function weaker(left: Truth, right: Truth): Truth | undefined {
  const pair = new Set([left, right]);
  if (pair.has('falsy') && pair.has('nullish')) return 'falsy';
  return pair.has('truthy') && pair.has('present') ? 'present' : undefined;
}
