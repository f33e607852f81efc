/** Statements on the paths of a function: what branches, repeats, leaves, and what happens on every way out. */
import type { Block, Expression, Loop, Scope, Statement, Switch, Try } from './model';
import type { PathWalk } from './pathWalk';
import { both, caught, type Exit, isError, isOpen, joinWays, NO_WAY, passing, type Ways } from './ways';

export function pathsOfBlock<S extends string>(walk: PathWalk<S>, block: Block, ways: Ways<S>): Ways<S> {
  let now = ways;
  for (const statement of block) {
    if (!isOpen(now)) break;
    now = pathsOf(walk, statement, now);
  }
  return now;
}

function pathsOf<S extends string>(walk: PathWalk<S>, statement: Statement, ways: Ways<S>): Ways<S> {
  switch (statement.kind) {
    case 'evaluate':
      return walk.evaluate(statement.expression, ways);
    case 'declare': {
      const valued = statement.value ? walk.evaluate(statement.value, ways) : ways;
      return walk.step(statement, walk.bind(statement.target, valued, statement.value ?? 'nothing'));
    }
    case 'branch': {
      const tested = walk.evaluate(statement.test, ways);
      const then = walk.run(statement.then, walk.where(tested, statement.test, true));
      return both(then, walk.run(statement.otherwise, walk.where(tested, statement.test, false)));
    }
    case 'switch':
      return pathsOfSwitch(walk, statement, ways);
    case 'loop':
      return pathsOfLoop(walk, statement, ways);
    case 'try':
      return pathsOfTry(walk, statement, ways);
    case 'scope':
      return pathsOfScope(walk, statement, ways);
    case 'return':
    case 'throw': {
      const valued = statement.value ? walk.evaluate(statement.value, ways) : ways;
      walk.leave(statement.kind, statement, walk.step(statement, valued));
      return NO_WAY;
    }
    case 'break':
    case 'continue':
      walk.leave(statement.kind, statement, ways, statement.label);
      return NO_WAY;
    case 'opaque-statement': {
      const evaluated = statement.operands.reduce((now, operand) => walk.evaluate(operand, now), ways);
      return both(evaluated, walk.run(statement.body, evaluated));
    }
  }
}

/** Runs what a `break` or `continue` may be for, and gives the ways of those that are. */
function absorbing<S extends string>(
  walk: PathWalk<S>,
  run: () => Ways<S>,
  isTarget: (exit: Exit<S>) => boolean,
): { readonly ends: Ways<S>; readonly breaks: Ways<S>; readonly continues: Ways<S> } {
  const { ends, exits } = walk.apart(run);
  let breaks: Ways<S> = NO_WAY;
  let continues: Ways<S> = NO_WAY;
  for (const exit of exits) {
    if (exit.kind === 'break' && isTarget(exit)) breaks = both(breaks, exit.ways);
    else if (exit.kind === 'continue' && isTarget(exit)) continues = both(continues, exit.ways);
    else walk.passOn(exit);
  }
  return { ends, breaks, continues };
}

function pathsOfSwitch<S extends string>(walk: PathWalk<S>, { subject, cases }: Switch, ways: Ways<S>): Ways<S> {
  const tested = walk.evaluate(subject, ways);
  const hasDefault = cases.some(({ tests }) => tests.length === 0);
  const { ends, breaks } = absorbing(
    walk,
    () => {
      let fallen: Ways<S> = NO_WAY;
      for (const { tests, body } of cases) {
        const [only, ...more] = tests;
        const asked = tests.reduce((now, test) => walk.evaluate(test, now), tested);
        const entered = only && more.length === 0 ? walk.where(asked, caseTest(subject, only), true) : asked;
        fallen = walk.run(body, both(entered, fallen));
      }
      return fallen;
    },
    exit => exit.kind === 'break' && exit.label === undefined,
  );
  return joinWays([ends, breaks, hasDefault ? NO_WAY : tested]);
}

/** `switch (true) { case done: … }` asks what is written; otherwise a case compares. */
const caseTest = (subject: Expression, test: Expression): Expression =>
  subject.kind === 'constant'
    ? test
    : { kind: 'operation', operator: '===', operands: [subject, test], start: test.start, end: test.end };

function pathsOfLoop<S extends string>(walk: PathWalk<S>, loop: Loop, ways: Ways<S>): Ways<S> {
  const { before, source, test, testLast, item, body, after, form } = loop;
  const begun = walk.run(before ?? [], ways);
  const entry = source ? walk.evaluate(source, begun) : begun;
  return walk.settle(entry, from => {
    let out: Ways<S> = form === 'each' ? from : NO_WAY;
    const ask = (now: Ways<S>): Ways<S> => {
      if (!test) return now;
      const tested = walk.evaluate(test, now);
      out = both(out, walk.where(tested, test, false));
      return walk.where(tested, test, true);
    };
    const turned = testLast ? from : ask(from);
    const { ends, breaks, continues } = absorbing(
      walk,
      () => walk.run(body, item ? walk.bind(item, turned) : turned),
      ({ label }) => label === undefined || label === loop.label,
    );
    let next = both(ends, continues);
    if (testLast) next = ask(next);
    if (after) next = walk.evaluate(after, next);
    return { next, out: both(out, breaks) };
  });
}

function pathsOfTry<S extends string>(walk: PathWalk<S>, statement: Try, ways: Ways<S>): Ways<S> {
  const { body, handlers, finally: last } = statement;
  const tried = body.slice(0, statement.guarded);
  const behind = body.slice(tried.length);
  const guarded = (): Ways<S> => {
    if (handlers.length === 0) return walk.run(body, ways);
    const { ends, exits } = walk.apart(() => walk.run(tried, ways));
    // An error of a type that no handler names goes on.
    const catchesAll = handlers.some(({ types }) => types.length === 0);
    for (const exit of exits) if (!catchesAll || !isError(exit)) walk.passOn(exit);
    const failed = caught(exits.filter(isError));
    return handlers.reduce(
      (now, { error, body: handler }) => both(now, walk.run(handler, error ? walk.bind(error, failed) : failed)),
      behind.length === 0 ? ends : walk.run(behind, ends),
    );
  };
  return last.length === 0 ? guarded() : finallyDo(walk, guarded, left => walk.run(last, left));
}

/** Does `last` on every way out of `run`, once for each kind of way. */
function finallyDo<S extends string>(walk: PathWalk<S>, run: () => Ways<S>, last: (ways: Ways<S>) => Ways<S>): Ways<S> {
  const { ends, exits } = walk.apart(run);
  const kinds = new Map<string, Exit<S>>();
  for (const exit of exits) {
    const key = `${exit.kind} ${exit.label ?? ''}`;
    const before = kinds.get(key);
    kinds.set(key, before ? { ...before, ways: both(before.ways, exit.ways) } : exit);
  }
  for (const exit of kinds.values()) {
    // what fails on the way out comes after what led there
    const late = walk.apart(() => passing(exit.ways, last));
    walk.passOn(exit, late.ends);
    for (const other of late.exits) walk.passOn(other);
  }
  return isOpen(ends) ? last(ends) : ends;
}

function pathsOfScope<S extends string>(walk: PathWalk<S>, { resources, body, label }: Scope, ways: Ways<S>): Ways<S> {
  let opened = ways;
  for (const { target, value } of resources) {
    opened = walk.evaluate(value, opened);
    if (target) opened = walk.bind(target, opened, value);
  }
  const close = (left: Ways<S>): Ways<S> =>
    resources.reduceRight(
      (now, { value }) => walk.change(now, value, state => walk.machine.closes?.(value, state) ?? state),
      left,
    );
  const { ends, breaks } = absorbing(
    walk,
    () => (resources.length === 0 ? walk.run(body, opened) : finallyDo(walk, () => walk.run(body, opened), close)),
    exit => label !== undefined && exit.kind === 'break' && exit.label === label,
  );
  return both(ends, breaks);
}
