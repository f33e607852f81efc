/** Expressions on the paths of a function: what is evaluated in which order, what may fail, which functions run meanwhile. */
import type { Argument, Call, Choice, Comprehension, Expression, Lambda } from './model';
import type { CallbackRun } from './paths';
import type { PathWalk } from './pathWalk';
import { both, caught, each, isError, isOpen, joinWays, NO_WAY, passing, type Ways } from './ways';

/** Functions in functions that are called by name: so deep, and so many in one region. */
const MAX_INLINE_DEPTH = 4;
const MAX_INLINED = 200;

export function evaluatePaths<S extends string>(walk: PathWalk<S>, expression: Expression, ways: Ways<S>): Ways<S> {
  switch (expression.kind) {
    case 'call':
      return evaluateCall(walk, expression, ways);
    case 'choice':
      return walk.step(expression, evaluateChoice(walk, expression, ways));
    case 'assign': {
      const { target, value, operator } = expression;
      const addressed = target.kind === 'place' ? evaluateParts(walk, target.expression, ways) : ways;
      const valued = walk.evaluate(value, addressed);
      return walk.step(expression, walk.bind(target, valued, operator === undefined ? value : undefined));
    }
    case 'await':
    case 'yield': {
      const now = expression.value ? walk.evaluate(expression.value, ways) : ways;
      // A call that is waited for fails once.
      if (expression.value?.kind !== 'call') walk.raise(expression, now);
      return walk.step(expression, now);
    }
    case 'lambda':
      return walk.step(expression, walk.later(expression, ways));
    case 'comprehension':
      return walk.step(expression, evaluateComprehension(walk, expression, ways));
    default:
      return walk.step(expression, evaluateParts(walk, expression, ways));
  }
}

const evaluateAll = <S extends string>(walk: PathWalk<S>, expressions: readonly Expression[], ways: Ways<S>): Ways<S> =>
  expressions.reduce((now, expression) => walk.evaluate(expression, now), ways);

const evaluateParts = <S extends string>(walk: PathWalk<S>, expression: Expression, ways: Ways<S>): Ways<S> =>
  evaluateAll(walk, partsOf(expression), ways);

function partsOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'text':
      return expression.parts.flatMap(part => (part.kind === 'hole' ? [part.expression] : []));
    case 'member':
      return [expression.object];
    case 'index':
      return [expression.object, expression.index];
    case 'operation':
    case 'opaque':
      return expression.operands;
    case 'record':
      return expression.entries.flatMap(({ key, value }) => (typeof key === 'object' ? [key, value] : [value]));
    case 'list':
      return expression.items;
    case 'spread':
      return [expression.value];
    default:
      return [];
  }
}

function evaluateChoice<S extends string>(walk: PathWalk<S>, choice: Choice, ways: Ways<S>): Ways<S> {
  const { operator, test, then, otherwise } = choice;
  const tested = walk.evaluate(test, ways);
  if (operator === '??') return both(tested, walk.evaluate(otherwise, walk.where(tested, isNullish(test), true)));
  // One of the two sides of `a || b` and `a && b` is the test itself.
  const side = (expression: Expression, truth: boolean): Ways<S> => {
    const entered = walk.where(tested, test, truth);
    return expression === test ? entered : walk.evaluate(expression, entered);
  };
  return both(side(then, true), side(otherwise, false));
}

const isNullish = (test: Expression): Expression => ({
  kind: 'operation',
  operator: '==',
  operands: [test, { kind: 'constant', value: null, start: test.end, end: test.end }],
  start: test.start,
  end: test.end,
});

function evaluateComprehension<S extends string>(
  walk: PathWalk<S>,
  { loops, element }: Comprehension,
  ways: Ways<S>,
): Ways<S> {
  const [first, ...inner] = loops;
  if (!first) return ways;
  return walk.settle(walk.evaluate(first.source, ways), from => {
    let now = evaluateAll(walk, first.tests, walk.bind(first.item, from));
    for (const { item, source, tests } of inner)
      now = evaluateAll(walk, tests, walk.bind(item, walk.evaluate(source, now)));
    return { next: walk.evaluate(element, now), out: from };
  });
}

type Runs = readonly (CallbackRun | undefined)[];

function evaluateCall<S extends string>(walk: PathWalk<S>, call: Call, ways: Ways<S>): Ways<S> {
  const { callee, arguments: args } = call;
  const { machine } = walk;
  const runs: Runs = args.map((_, index) => machine.callback?.(call, index));
  if (callee.kind === 'member' && runs.some(isSettling)) return evaluateChain(walk, call, callee.object, runs, ways);
  const own = functionOf(walk, callee);
  const followed = args.map(({ value }, index) => (runs[index] ? functionOf(walk, value) : undefined));
  let now = own ? ways : evaluateCallee(walk, callee, ways);
  now = evaluateAll(
    walk,
    args.filter((_, index) => !followed[index]).map(({ value }) => value),
    now,
  );
  if (own) return walk.step(call, inline(walk, own, now));
  walk.raise(call, now);
  if (machine.ends?.(call)) return NO_WAY;
  now = walk.step(call, now);
  followed.forEach((lambda, index) => {
    if (lambda) now = runFunction(walk, lambda, runs[index], now);
  });
  return now;
}

/** What is called is not handed over: only its object counts. */
const evaluateCallee = <S extends string>(walk: PathWalk<S>, callee: Expression, ways: Ways<S>): Ways<S> =>
  callee.kind === 'name' || callee.kind === 'member' || callee.kind === 'index'
    ? evaluateParts(walk, callee, ways)
    : walk.evaluate(callee, ways);

const isSettling = (run: CallbackRun | undefined): boolean =>
  run === 'on-success' || run === 'on-failure' || run === 'always';

function runFunction<S extends string>(
  walk: PathWalk<S>,
  lambda: Lambda,
  run: CallbackRun | undefined,
  ways: Ways<S>,
): Ways<S> {
  if (run === 'perhaps') return both(ways, inline(walk, lambda, ways));
  if (run === 'repeatedly') return walk.settle(ways, from => ({ next: inline(walk, lambda, from), out: from }));
  return inline(walk, lambda, ways);
}

/** `made.then(…)`, `made.catch(…)`, `made.finally(…)`: the `try` that it is. */
function evaluateChain<S extends string>(
  walk: PathWalk<S>,
  call: Call,
  receiver: Expression,
  runs: Runs,
  ways: Ways<S>,
): Ways<S> {
  const { ends, exits } = walk.apart(() => walk.evaluate(receiver, ways));
  for (const exit of exits) if (!isError(exit)) walk.passOn(exit);
  const failed = exits.filter(isError);
  const handler = call.arguments.find((_, index) => runs[index] === 'on-failure');
  const last = call.arguments.find((_, index) => runs[index] === 'always');
  const handled = handler ? perform(walk, handler, caught(failed)) : NO_WAY;
  const finish = (left: Ways<S>): Ways<S> => (last ? perform(walk, last, left) : left);
  if (!handler) for (const exit of failed) walk.passOn(exit, passing(exit.ways, finish));
  const kept = call.arguments
    .filter(argument => argument !== handler)
    .reduce((now, argument) => perform(walk, argument, now), ends);
  return walk.step(call, both(kept, handled));
}

function perform<S extends string>(walk: PathWalk<S>, { value }: Argument, ways: Ways<S>): Ways<S> {
  const lambda = functionOf(walk, value);
  return lambda ? inline(walk, lambda, ways) : walk.evaluate(value, ways);
}

const functionOf = (
  { lambdas }: { readonly lambdas: ReadonlyMap<string, Lambda> },
  expression: Expression,
): Lambda | undefined => {
  if (expression.kind === 'lambda') return expression;
  return expression.kind === 'name' ? lambdas.get(expression.name) : undefined;
};

/** The body of a function of the region, where it is called: its `return` goes on behind the call. */
function inline<S extends string>(walk: PathWalk<S>, lambda: Lambda, ways: Ways<S>): Ways<S> {
  const { active } = walk;
  if (!isOpen(ways) || active.has(lambda) || active.size >= MAX_INLINE_DEPTH || walk.inlined >= MAX_INLINED)
    return ways;
  walk.inlined++;
  active.add(lambda);
  const { ends, exits } = walk.apart(() => {
    const bound = lambda.function.parameters.reduce((now, { target }) => walk.bind(target, now), ways);
    return walk.run(lambda.function.body, bound);
  });
  active.delete(lambda);
  const last = lambda.function.body.at(-1)?.end ?? 0;
  const returned: Ways<S>[] = [];
  for (const exit of exits) {
    if (exit.kind !== 'return') walk.passOn(exit);
    else returned.push(each(exit.ways, ({ exit: left, ...way }) => (left && left.end < last ? { ...way, left } : way)));
  }
  return joinWays([ends, ...returned]);
}
