/** What a condition says of the values that it tests: allow-lists, types, presence. */
import type { UnitId } from '../engine/place';
import { meaningOf, methodName } from './callSite';
import { itemOf } from './items';
import {
  alternativesIn,
  anyOf,
  booleanValue,
  constantOf,
  joinAll,
  listOfAny,
  NULL,
  numberValue,
  shaped,
  textValue,
  UNKNOWN,
  withoutNull,
  withSources,
} from './lattice';
import { keyOf, meaningFor, memberOf } from './members';
import type { Call, Expression, Operation } from './model';
import { originOf } from './observing';
import { cellAt, cellOf, pathOf, readPath, refinePath } from './storage';
import { holesOf } from './strings';
import { instantiate } from './substitute';
import { leftBy, matchedBy, patternIn } from './textPatterns';
import { holeOf, type Proof, proofBy } from './textValues';
import type { Value } from './value';
import { OTHER, type Walk } from './walk';
import { lambdaId } from './world';

/** Conditions inside conditions are looked into so deep. */
const MAX_DEPTH = 12;

export function refine(walk: Walk, test: Expression, truth: boolean, depth = 0): void {
  if (depth > MAX_DEPTH) return;
  const again = (inner: Expression | undefined, innerTruth: boolean): void => {
    if (inner) refine(walk, inner, innerTruth, depth + 1);
  };
  switch (test.kind) {
    case 'await':
      again(test.value, truth);
      return;
    case 'choice':
      if (test.operator === '&&' || test.operator === '||') refineBoth(walk, test, truth, depth);
      return;
    case 'operation':
      if (test.operator === '!') again(test.operands[0], !truth);
      else refineComparison(walk, test, truth);
      return;
    case 'call':
      refineCall(walk, test, truth);
      return;
    case 'name': {
      const condition = cellOf(walk, test.name)?.test;
      if (condition) again(condition, truth);
      else if (truth) refinePresent(walk, test);
      return;
    }
    case 'member':
      if (truth) refinePresent(walk, test);
      return;
    case 'assign':
      if (truth && test.target.kind === 'variable' && !test.operator)
        again({ kind: 'name', name: test.target.name, start: test.target.start, end: test.target.end }, true);
      return;
    default:
      return;
  }
}

/** `a && b` where it is true and `a || b` where it is false say both; else one of two ways was taken. */
function refineBoth(walk: Walk, test: Extract<Expression, { kind: 'choice' }>, truth: boolean, depth: number): void {
  const second = test.operator === '&&' ? test.then : test.otherwise;
  const both = test.operator === '&&' ? truth : !truth;
  if (both) {
    refine(walk, test.test, truth, depth + 1);
    refine(walk, second, truth, depth + 1);
    return;
  }
  const { state } = walk;
  const then = state.branch(() => {
    refine(walk, test.test, !truth, depth + 1);
    refine(walk, second, truth, depth + 1);
  });
  const path = test.operator === '&&' ? pathOf(walk, test.test) : undefined;
  const settled = path && then.writes.get(cellAt(path) ?? path.root);
  const first = state.branch(() => {
    refine(walk, test.test, truth, depth + 1);
    // `id && !isUUID(id)` does not hold: there is none, or it is an id
    if (path && settled?.shape.kind === 'text') refinePath(walk, path, withSources(NULL, settled.from));
  });
  state.merge([first, then]);
}

function refinePresent(walk: Walk, tested: Expression): void {
  const path = pathOf(walk, tested);
  if (!path) return;
  const value = readPath(walk, path, tested);
  const present = withoutNull(value);
  if (present !== value) refinePath(walk, path, present);
}

/** Narrows what an expression names, where it names storage. A text that is only cased or trimmed counts as the text. */
function narrow(walk: Walk, tested: Expression, to: (value: Value) => Value | undefined): void {
  const storage = peeled(walk, tested);
  const path = pathOf(walk, storage);
  if (!path) return;
  const value = readPath(walk, path, storage);
  const narrowed = to(value);
  if (narrowed) refinePath(walk, path, withSources(narrowed, value.from));
}

function peeled(walk: Walk, tested: Expression): Expression {
  let inner = tested;
  for (let depth = 0; depth < 4; depth++) {
    if (inner.kind === 'await') inner = inner.value;
    else if (inner.kind === 'call' && inner.callee.kind === 'member') {
      const meaning = meaningFor(walk.own.methods.get(inner.callee.name), inner.arguments.length);
      const own = meaning ?? ownMeaning(walk, inner.callee.name, inner.arguments.length);
      if (own?.builds?.kind === 'keep' && own.builds.of === 'receiver') inner = inner.callee.object;
      else if (own?.builds?.kind === 'string' && inner.arguments.length === 0) inner = inner.callee.object;
      else return inner;
    } else if (inner.kind === 'call' && inner.callee.kind === 'name' && inner.arguments.length === 1) {
      const entity = walk.own.globals.get(inner.callee.name);
      const meaning = entity === undefined ? undefined : meaningFor(walk.world.semantics.calls.get(entity), 1);
      const argument = inner.arguments[0]?.value;
      if (meaning?.builds?.kind !== 'string' || !argument) return inner;
      inner = argument;
    } else return inner;
  }
  return inner;
}

function ownMeaning(walk: Walk, method: string, count: number) {
  for (const type of ['String', 'str', 'string']) {
    const entity = walk.own.globals.get(type);
    const meaning =
      entity === undefined ? undefined : meaningFor(walk.world.semantics.calls.get(`${entity}.${method}`), count);
    if (meaning) return meaning;
  }
  return undefined;
}

const EQUAL = new Set(['===', '==', 'is']);
const UNEQUAL = new Set(['!==', '!=', 'is not']);

function refineComparison(walk: Walk, test: Operation, truth: boolean): void {
  const [left, right] = test.operands;
  if (!left || !right) return;
  if (test.operator === 'in' || test.operator === 'not in') {
    if ((test.operator === 'in') === truth) admit(walk, left, collectionOf(walk, right));
    return;
  }
  if (isIndexTest(test, truth)) {
    const call = left.kind === 'call' ? left : right.kind === 'call' ? right : undefined;
    if (call) refineMembership(walk, call);
    return;
  }
  const equal = EQUAL.has(test.operator) ? truth : UNEQUAL.has(test.operator) ? !truth : undefined;
  if (equal === undefined) return;
  refineEquality(walk, left, right, equal);
  refineEquality(walk, right, left, equal);
}

/** `list.indexOf(x) !== -1`, `>= 0`, `> -1`. */
function isIndexTest(test: Operation, truth: boolean): boolean {
  const [left, right] = test.operands;
  if (left?.kind !== 'call' || methodName(left) !== 'indexOf') return false;
  const bound = right && constantNumber(right);
  if (bound === undefined) return false;
  const found = truth
    ? test.operator
    : { '===': '!==', '==': '!==', '!==': '===', '!=': '===', '<': '>=', '>=': '<', '>': '<=', '<=': '>' }[
        test.operator
      ];
  if (bound === -1) return found === '!==' || found === '!=' || found === '>';
  return bound === 0 && found === '>=';
}

function constantNumber(expression: Expression): number | undefined {
  if (expression.kind === 'constant' && typeof expression.value === 'number') return expression.value;
  const [operand] = expression.kind === 'operation' && expression.operator === '-' ? expression.operands : [];
  return operand?.kind === 'constant' && typeof operand.value === 'number' ? -operand.value : undefined;
}

function refineEquality(walk: Walk, tested: Expression, other: Expression, equal: boolean): void {
  if (tested.kind === 'operation' && tested.operator === 'typeof' && other.kind === 'text') {
    const type = other.parts.map(part => (part.kind === 'part' ? part.value : '')).join('');
    const [operand] = tested.operands;
    if (!operand || !equal) return;
    if (type === 'number' || type === 'bigint') narrow(walk, operand, value => numberValue(value.from));
    if (type === 'string')
      narrow(walk, operand, value =>
        value.shape.kind === 'unknown' ? shaped({ ...value.shape, text: true }, value.from) : value,
      );
    if (type === 'boolean') narrow(walk, operand, value => booleanValue(value.from));
    return;
  }
  if (other.kind === 'constant' && other.value === null) {
    if (!equal) refinePresent(walk, tested);
    // `pattern.exec(name) === null`
    if (tested.kind === 'call') refineCall(walk, tested, !equal);
    return;
  }
  if (other.kind === 'constant' && typeof other.value === 'boolean' && tested.kind === 'call') {
    refineCall(walk, tested, equal === other.value);
    return;
  }
  if (
    !equal ||
    (other.kind !== 'text' && other.kind !== 'constant' && other.kind !== 'name' && other.kind !== 'member')
  )
    return;
  const value = quietly(walk, other);
  if (constantOf(value) !== undefined || isAllConstant(value))
    narrow(walk, tested, before => (constantOf(before) === undefined ? value : undefined));
  else if (value.shape.kind === 'scalar' && value.shape.type === 'number')
    narrow(walk, tested, before => numberValue(before.from));
}

const isAllConstant = (value: Value): boolean =>
  value.shape.kind === 'text' && holesOf(value.shape.pieces).length === 0;

/** The value without observing the expression again: names and members only. */
function quietly(walk: Walk, expression: Expression): Value {
  switch (expression.kind) {
    case 'text':
    case 'constant':
    case 'regex':
    case 'name':
      return walk.evaluate(expression, OTHER);
    case 'member': {
      const path = pathOf(walk, expression);
      return path ? readPath(walk, path, expression) : UNKNOWN;
    }
    default:
      return UNKNOWN;
  }
}

/** Methods that ask whether a collection holds something. */
const MEMBERSHIP = new Set(['includes', 'has', 'contains', 'hasOwnProperty', 'hasOwn', 'containsKey', 'indexOf']);
/** Functions that ask whether something is a number as written. */
const NUMBER_TESTS = new Set([
  'isInteger',
  'isSafeInteger',
  'isFinite',
  'isdigit',
  'isnumeric',
  'isdecimal',
  'is_numeric',
  'is_int',
  'ctype_digit',
]);

function refineCall(walk: Walk, call: Call, truth: boolean): void {
  const name = methodName(call) ?? (call.callee.kind === 'name' ? call.callee.name : undefined);
  if (name === undefined) return;
  const [first] = call.arguments;
  if (name === 'isNaN' || NUMBER_TESTS.has(name)) {
    const tested = first?.value ?? (call.callee.kind === 'member' ? call.callee.object : undefined);
    if (tested && truth === (name !== 'isNaN')) narrow(walk, tested, value => numberValue(value.from));
    return;
  }
  if (refineByTable(walk, call, truth)) return;
  if (name === 'some' && !truth) {
    refineEvery(walk, call, false);
    return;
  }
  if (!truth) return;
  if (name === 'isinstance' && first) {
    if (call.arguments[1] && isNumberType(call.arguments[1].value)) narrow(walk, first.value, v => numberValue(v.from));
    return;
  }
  if (name === 'isidentifier' && call.callee.kind === 'member') {
    const tested = call.callee.object;
    narrow(walk, tested, value => (value.shape.kind === 'scalar' ? undefined : guarded(walk, tested, value)));
    return;
  }
  if (name === 'Boolean' && first) {
    refine(walk, first.value, true, MAX_DEPTH);
    return;
  }
  if (name === 'every') {
    refineEvery(walk, call, true);
    return;
  }
  const applied = name === 'call' && call.callee.kind === 'member' ? call.callee.object : undefined;
  const asked = applied?.kind === 'member' ? applied.name : name;
  if (MEMBERSHIP.has(asked) && asked !== 'indexOf') {
    refineMembership(walk, call);
    return;
  }
  refineByPredicate(walk, call);
}

/** `int`, or `(int, float)`. */
const isNumberType = (type: Expression): boolean =>
  type.kind === 'list'
    ? type.items.length > 0 && type.items.every(isNumberType)
    : type.kind === 'name' && /^(?:int|float|bool|Decimal|Number)$/.test(type.name);

function refineMembership(walk: Walk, call: Call): void {
  if (call.callee.kind !== 'member') return;
  const { name, object } = call.callee;
  const [first, second] = call.arguments;
  if (!first) return;
  // `Object.prototype.hasOwnProperty.call(MAP, key)`
  if (name === 'call') {
    if (second) admit(walk, second.value, collectionOf(walk, first.value));
    return;
  }
  // `Object.hasOwn(MAP, key)` has the collection as its argument.
  if (name === 'hasOwn' && second) admit(walk, second.value, collectionOf(walk, first.value));
  else admit(walk, first.value, collectionOf(walk, object));
}

/** The values that a collection holds, as written right of `in` or left of `.includes`. */
function collectionOf(walk: Walk, collection: Expression): Value {
  if (collection.kind === 'list') {
    const items = collection.items.map(item => quietly(walk, item.kind === 'spread' ? item.value : item));
    return joinAll(
      collection.items.map((item, index) =>
        item.kind === 'spread' ? itemOf(items[index] ?? UNKNOWN) : (items[index] ?? UNKNOWN),
      ),
    );
  }
  // `Object.keys(MAP)`, `Object.values(ENUM)`, `new Set(LIST)` written in place.
  if (collection.kind === 'call') {
    const inner = collection.arguments[0]?.value;
    const method = methodName(collection);
    if (!inner) {
      if (method === 'keys' && collection.callee.kind === 'member')
        return keyOf(quietly(walk, collection.callee.object));
      return UNKNOWN;
    }
    if (method === 'keys') return keyOf(quietly(walk, inner));
    const value = quietly(walk, inner);
    if (method === 'values' && value.shape.kind === 'record') return anyOf([...value.shape.entries.values()]);
    return inner.kind === 'list' ? collectionOf(walk, inner) : itemOf(value);
  }
  const value = quietly(walk, collection);
  if (value.shape.kind === 'record') return keyOf(value);
  if (value.shape.kind === 'list') {
    // Pairs are the entries of a map: its keys are what is asked for.
    const pairs = value.shape.items?.map(item => (item.shape.kind === 'list' ? item.shape.items?.[0] : undefined));
    if (pairs && pairs.length > 0 && pairs.every(pair => pair !== undefined))
      return anyOf(pairs.flatMap(pair => pair ?? []));
    return itemOf(value);
  }
  return itemOf(value);
}

/** The tested value is one of the allowed ones: those, when they are constants; else a hole that an allow-list guards. */
function admit(walk: Walk, tested: Expression, allowed: Value): void {
  const storage = peeled(walk, tested);
  narrow(walk, tested, value => {
    const alternatives = alternativesIn(withoutNull(allowed));
    if (alternatives.length > 0 && alternatives.every(each => each.shape.kind === 'scalar'))
      return numberValue(value.from);
    if (isAllConstant(allowed) && constantOf(value) === undefined) return allowed;
    // A list that a client or a caller brings along allows everything.
    const foreign = allowed.from.some(source => source.kind === 'input' || source.kind === 'parameter');
    if (foreign || value.shape.kind === 'scalar') return undefined;
    return constantOf(value) === undefined ? guarded(walk, storage, value) : undefined;
  });
}

const guarded = (walk: Walk, tested: Expression, value: Value): Value =>
  textValue([holeOf(value, originOf(walk, tested), 'allow-listed')], value.from);

/** `columns.every(column => ALLOWED.includes(column))`, and `columns.some(…)` that came out false. */
function refineEvery(walk: Walk, call: Call, truth: boolean): void {
  const predicate = call.arguments[0]?.value;
  if (call.callee.kind !== 'member') return;
  const list = call.callee.object;
  // a function by its name: `ids.every(Number.isInteger)`
  const named = predicate?.kind === 'member' || predicate?.kind === 'name' ? predicate.name : undefined;
  if (named !== undefined && truth && NUMBER_TESTS.has(named))
    narrow(walk, list, value => listOfAny(numberValue(value.from), value.from));
  if (predicate?.kind !== 'lambda') return;
  narrow(walk, list, value => {
    const admitted = walk.callLambda(lambdaId(walk.at(predicate)), [itemOf(value)], { admitted: truth });
    return admitted && admitted.shape.kind !== 'unknown' ? listOfAny(admitted, value.from) : undefined;
  });
}

/** A check that a library table speaks of: `isUUID(id)`, `pattern.test(name)`. Whether it is one. */
function refineByTable(walk: Walk, call: Call, truth: boolean): boolean {
  const receiver = call.callee.kind === 'member' ? quietly(walk, call.callee.object) : undefined;
  const callee = calleeOf(walk, call.callee) ?? UNKNOWN;
  const meaning = meaningOf(walk, callee, call, receiver);
  if (!meaning?.checks) return false;
  const part = (which: number | 'receiver'): Expression | undefined =>
    which === 'receiver'
      ? call.callee.kind === 'member'
        ? call.callee.object
        : undefined
      : call.arguments[which]?.value;
  const { of, proves } = meaning.checks;
  const tested = part(of);
  if (!tested) return true;
  if (typeof proves === 'string') {
    if (truth) prove(walk, tested, { safety: proves });
    return true;
  }
  const written = part(proves.pattern);
  const pattern = written && patternIn(quietly(walk, written));
  if (!pattern) return true;
  const alphabet = truth
    ? matchedBy(pattern.pattern, pattern.flags, proves.anchored)
    : proves.anchored
      ? undefined
      : leftBy(pattern.pattern, pattern.flags);
  if (alphabet) prove(walk, tested, proofBy(alphabet));
  return true;
}

/** The tested value, known to be harmless, or to hold no quotes. */
function prove(walk: Walk, tested: Expression, { safety, within }: Proof): void {
  const storage = peeled(walk, tested);
  narrow(walk, tested, value => {
    if (safety === 'number') return numberValue(value.from);
    if (safety === 'boolean') return booleanValue(value.from);
    if (value.shape.kind === 'scalar' || constantOf(value) !== undefined || (!safety && !within)) return undefined;
    return textValue([holeOf(value, originOf(walk, storage), safety, within)], value.from);
  });
}

/** A function of the workspace that returns such a condition. */
function refineByPredicate(walk: Walk, call: Call): void {
  const callee = calleeOf(walk, call.callee);
  if (callee?.shape.kind !== 'function') return;
  const summary = walk.world.summary(callee.shape.unit);
  if (summary) refineArguments(walk, call, callee.shape.unit, summary.admits);
}

/** What a function of the workspace says of its parameters is so of the arguments. */
export function refineArguments(walk: Walk, call: Call, owner: UnitId, known: ReadonlyMap<number, Value>): void {
  for (const [index, admitted] of known) {
    const argument = call.arguments[index];
    if (!argument || argument.value.kind === 'spread') continue;
    narrow(walk, argument.value, value => {
      const args: Value[] = [];
      args[index] = value;
      const origin = originOf(walk, argument.value);
      return instantiate(admitted, {
        world: walk.world,
        owner,
        arguments: args,
        origin: () => origin,
        call: `${origin.at.unit}@${origin.at.start}-${origin.at.end}`,
        site: origin,
      });
    });
  }
}

function calleeOf(walk: Walk, callee: Expression): Value | undefined {
  if (callee.kind === 'name') return quietly(walk, callee);
  if (callee.kind !== 'member') return undefined;
  const path = pathOf(walk, callee);
  if (path) return readPath(walk, path, callee);
  const object = callee.object.kind === 'this' ? walk.evaluate(callee.object, OTHER) : NULL;
  return object.shape.kind === 'scalar' ? undefined : memberOf(walk.world, object, callee.name, walk.at(callee));
}
