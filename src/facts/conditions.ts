/**
 * Under what conditions a call of a unit runs, as far as they answer two questions: does a caller who hands in what the
 * call would ask for keep it from running, and is the answer for a key remembered.
 */
import { alternativesIn } from '../program/lattice';
import type { Block, Choice, Expression, Function as FunctionNode, Pattern, Span, Unit } from '../program/model';
import { visitNodes } from '../program/traverse';
import type { Value } from '../program/value';

/** A parameter, or a member of it, that keeps a call from running when it is there. */
export interface GivenParameter {
  readonly index: number;
  readonly path: readonly string[];
}

export interface CallConditions {
  /** The call runs only where each of these is missing. */
  readonly unlessGiven: readonly GivenParameter[];
  /** The call runs only where the answer is not kept yet, and it is kept then: once for each key. */
  readonly remembered: boolean;
}

export const ALWAYS: CallConditions = { unlessGiven: [], remembered: false };

/** The conditions on the way from the unit's beginning down to the call. */
export function conditionsOf(unit: Unit, call: Span): CallConditions {
  const missing = missingAround(unit.function, call);
  if (missing.length === 0) return ALWAYS;
  const text = (span: Span): string => unit.text.slice(span.start, span.end);
  return {
    unlessGiven: missing.flatMap(each => parameterOf(unit, each) ?? []),
    remembered: missing.some(each => isKept(unit.function, each, text)),
  };
}

/** Whether a caller's arguments hold what keeps the call from running. */
export function isGiven(given: readonly GivenParameter[], args: readonly { readonly value: Value }[]): boolean {
  return given.some(({ index, path }) => {
    let value: Value | undefined = args[index]?.value;
    for (const step of path) value = value?.shape.kind === 'record' ? value.shape.entries.get(step) : undefined;
    return value !== undefined && alternativesIn(value).some(isThere);
  });
}

const isThere = ({ shape }: Value): boolean =>
  shape.kind !== 'scalar' || (shape.type !== 'null' && shape.value !== false && shape.value !== 0);

/** Expressions that are nullish, false or empty where the call runs. */
function missingAround(root: FunctionNode, call: Span): readonly Expression[] {
  const missing: Expression[] = [];
  const holds = (span: Span): boolean => span.start <= call.start && call.end <= span.end;
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    if (Array.isArray(value)) {
      const inner = value.findIndex(each => isSpan(each) && holds(each));
      if (inner >= 0) {
        for (const before of value.slice(0, inner)) missing.push(...missingAfter(before));
        visit(value[inner]);
      } else for (const each of value) if (!isSpan(each)) visit(each);
      return;
    }
    if (isSpan(value) && !holds(value)) return;
    if (isBranching(value)) {
      const { test, then, otherwise } = value;
      if (value.kind === 'branch' || value.operator === '?:') {
        if (isIn(then, holds)) missing.push(...missingIn(test, true));
        if (isIn(otherwise, holds)) missing.push(...missingIn(test, false));
      } else if (value.operator !== '&&' && isIn(otherwise, holds)) missing.push(...missingIn(test, false));
      else if (value.operator === '&&' && isIn(then, holds)) missing.push(...missingIn(test, true));
    }
    for (const inner of Object.values(value)) visit(inner);
  };
  visit(root.body);
  return missing;
}

const isSpan = (value: unknown): value is Span =>
  typeof value === 'object' && value !== null && 'start' in value && typeof value.start === 'number';

interface Branching extends Span {
  readonly kind: 'branch' | 'choice';
  readonly operator?: Choice['operator'];
  readonly test: Expression;
  readonly then: Expression | Block;
  readonly otherwise: Expression | Block;
}

const isBranching = (value: object): value is Branching =>
  'kind' in value && (value.kind === 'branch' || value.kind === 'choice');

const isIn = (part: Expression | Block, holds: (span: Span) => boolean): boolean =>
  isSpan(part) ? holds(part) : part.some(holds);

/** What is missing behind a statement that leaves when it is there: `if (known) return known;`. */
function missingAfter(statement: unknown): readonly Expression[] {
  if (typeof statement !== 'object' || statement === null || !isBranching(statement)) return [];
  const { test, then, otherwise } = statement;
  if (leaves(then)) return missingIn(test, false);
  return leaves(otherwise) ? missingIn(test, true) : [];
}

const leaves = (part: Expression | Block): boolean => {
  const last = isSpan(part) ? undefined : part.at(-1);
  return last !== undefined && ['return', 'throw', 'continue', 'break'].includes(last.kind);
};

/** What must be missing for the test to come out so. */
function missingIn(test: Expression, outcome: boolean): readonly Expression[] {
  if (test.kind === 'choice') {
    const { operator, test: left, then, otherwise } = test;
    if (operator === '&&' && outcome) return [...missingIn(left, true), ...missingIn(then, true)];
    if (operator === '||' && !outcome) return [...missingIn(left, false), ...missingIn(otherwise, false)];
    return [];
  }
  if (test.kind !== 'operation') return outcome ? [] : [test];
  const [left, right] = test.operands;
  if (test.operator === '!' && left) return missingIn(left, !outcome);
  if (!left || !right) return [];
  const isNone = (each: Expression): boolean =>
    (each.kind === 'constant' && each.value === null) || (each.kind === 'name' && each.name === 'undefined');
  const compared = isNone(right) ? left : isNone(left) ? right : undefined;
  if (compared) {
    const equal = test.operator === '===' || test.operator === '==';
    const unequal = test.operator === '!==' || test.operator === '!=';
    return (equal && outcome) || (unequal && !outcome) ? [compared] : [];
  }
  return test.operator === 'in' && !outcome ? [test] : [];
}

/** The parameter that an expression reads, or a member of one; through variables that take it apart. */
function parameterOf(unit: Unit, expression: Expression): GivenParameter | undefined {
  if (expression.kind === 'member') {
    const object = parameterOf(unit, expression.object);
    return object && { ...object, path: [...object.path, expression.name] };
  }
  if (expression.kind !== 'name') return undefined;
  for (const [index, { target }] of unit.function.parameters.entries()) {
    const path = pathIn(target, expression.name);
    if (path) return { index, path };
  }
  let found: GivenParameter | undefined;
  visitNodes(unit.function.body, node => {
    if (found || node.kind === 'lambda') return false;
    if (node.kind !== 'declare' || !node.value || node.value.kind === 'call') return true;
    const path = pathIn(node.target, expression.name);
    const from = path && (node.value.kind === 'name' || node.value.kind === 'member') ? node.value : undefined;
    if (!path || !from || (from.kind === 'name' && from.name === expression.name)) return true;
    const object = parameterOf(unit, from);
    if (object) found = { ...object, path: [...object.path, ...path] };
    return true;
  });
  return found;
}

/** The members on the way to a variable of a pattern. */
function pathIn(pattern: Pattern, name: string): readonly string[] | undefined {
  if (pattern.kind === 'variable') return pattern.name === name ? [] : undefined;
  if (pattern.kind !== 'entries') return undefined;
  for (const { key, target } of pattern.entries) {
    const path = pathIn(target, name);
    if (path) return [key, ...path];
  }
  return undefined;
}

/** What was looked up by a key in a collection that this function writes to: `cache.has(id)`, `cache[id]`. */
function isKept(root: FunctionNode, missing: Expression, text: (span: Span) => string): boolean {
  const collection = collectionOf(missing) ?? collectionOf(initialOf(root, missing));
  if (!collection) return false;
  const name = text(collection);
  let kept = false;
  visitNodes(root.body, node => {
    if (kept) return false;
    if (node.kind === 'call' && node.callee.kind === 'member' && KEEPS.test(node.callee.name))
      kept = text(node.callee.object) === name;
    if (node.kind === 'assign' && node.target.kind === 'place' && node.target.expression.kind === 'index')
      kept = text(node.target.expression.object) === name;
    return !kept;
  });
  return kept;
}

const KEEPS = /^(?:set|add|push|put|store|save)$/i;
const LOOKS_UP = /^(?:has|get|includes|peek|fetch|find)$/i;

function collectionOf(expression: Expression | undefined): Expression | undefined {
  switch (expression?.kind) {
    case 'await':
      return collectionOf(expression.value);
    case 'call':
      return expression.callee.kind === 'member' && LOOKS_UP.test(expression.callee.name)
        ? expression.callee.object
        : undefined;
    case 'index':
      return expression.index.kind === 'constant' ? undefined : expression.object;
    case 'operation':
      return expression.operator === 'in' ? expression.operands[1] : undefined;
    default:
      return undefined;
  }
}

/** What a variable is declared with. */
function initialOf(root: FunctionNode, expression: Expression): Expression | undefined {
  if (expression.kind !== 'name') return undefined;
  let value: Expression | undefined;
  visitNodes(root.body, node => {
    if (node.kind === 'declare' && node.target.kind === 'variable' && node.target.name === expression.name)
      value ??= node.value;
    if (node.kind === 'assign' && node.target.kind === 'variable' && node.target.name === expression.name)
      value ??= node.value;
    return true;
  });
  return value;
}
