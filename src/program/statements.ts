/** Walks statements: what follows what, what is joined where ways meet, and which loops a way leaves. */

import { itemOf } from './items';
import { maybe } from './lambdas';
import { constantOf, joinAll, UNKNOWN, withSources } from './lattice';
import { runLoop } from './loops';
import { typedAs } from './members';
import type { Block, Branch, Declare, Expression, Leave, Return, Scope, Statement, Switch, Try } from './model';
import { dependsOnCalls, observeAwait } from './observing';
import { createScope, lookUp, type Outcome } from './state';
import { nameOf, pathOf, readPath, refinePath } from './storage';
import { visitNodes } from './traverse';
import type { Value } from './value';
import { type Around, isSpent, type JumpTarget, OTHER, type Walk } from './walk';

/** Deeper nesting than people write is not followed. */
const MAX_NESTING = 350;

export function runBlock(walk: Walk, block: Block): void {
  if (walk.nesting > MAX_NESTING) return;
  walk.nesting++;
  hoist(walk, block);
  const leaving = leavingFrom(walk, block);
  const outer = walk.around;
  block.forEach((statement, index) => {
    if (leaving && index === leaving.from) walk.around = outer.filter(each => !leaving.loops.includes(each));
    walk.steps++;
    runStatement(walk, statement);
  });
  walk.around = outer;
  walk.nesting--;
}

/** Functions declared in a block can be called above their declaration. */
function hoist(walk: Walk, block: Block): void {
  for (const statement of block)
    if (statement.kind === 'declare' && (statement.value?.kind === 'lambda' || statement.value?.kind === 'unit'))
      walk.bind(statement.target, walk.evaluate(statement.value, OTHER), 'constant');
}

/**
 * From which statement on a block is passed at most once, since its end leaves loops: a query there is not repeated by them.
 */
function leavingFrom(
  walk: Walk,
  block: Block,
): { readonly from: number; readonly loops: readonly Around[] } | undefined {
  const loops = loopsLeftBy(walk, block).filter(loop => !walk.retried.has(loop.id));
  if (loops.length === 0) return undefined;
  let from = 0;
  block.forEach((statement, index) => {
    if (goesOn(statement)) from = index + 1;
  });
  const last = block.at(-1);
  // `if (!row) continue; return row;` is a search.
  if (from > 0 && (last?.kind === 'return' || last?.kind === 'break'))
    for (const loop of loops) loop.turning.stopsAtFirstHit = true;
  return { from, loops };
}

/** Whether a loop's next turn can begin from inside the statement. */
function goesOn(statement: Statement): boolean {
  let found = false;
  visitNodes([statement], node => {
    if (node.kind === 'continue') found = true;
    return node.kind !== 'lambda' && !(node.kind === 'loop' && node !== statement);
  });
  return found;
}

/** The loops around that the end of a block always leaves. */
function loopsLeftBy(walk: Walk, block: Block): readonly Around[] {
  if (walk.around.length === 0) return [];
  const last = block.at(-1);
  switch (last?.kind) {
    case 'return':
    case 'throw':
      return walk.around.filter(each => each.frame === walk.frame);
    case 'break': {
      const target = targetOf(walk, last);
      if (target?.kind !== 'loop') return [];
      const outermost = walk.around.findIndex(each => each.id === target.loop);
      return outermost < 0 ? [] : walk.around.slice(0, outermost + 1).filter(each => each.frame === walk.frame);
    }
    case 'scope':
      return loopsLeftBy(walk, last.body);
    default:
      return [];
  }
}

function targetOf(walk: Walk, leave: Leave): JumpTarget | undefined {
  const { jumps } = walk.frame;
  for (let index = jumps.length - 1; index >= 0; index--) {
    const target = jumps[index];
    if (!target) continue;
    if (
      leave.label !== undefined
        ? target.label === leave.label
        : target.kind === 'loop' || (target.kind === 'switch' && leave.kind === 'break')
    )
      return target;
  }
  return undefined;
}

function runStatement(walk: Walk, statement: Statement): void {
  switch (statement.kind) {
    case 'evaluate':
      walk.evaluate(statement.expression, { result: { kind: 'discarded' }, awaited: false });
      return;
    case 'declare':
      runDeclare(walk, statement);
      return;
    case 'branch':
      runBranch(walk, statement);
      return;
    case 'switch':
      runSwitch(walk, statement);
      return;
    case 'loop':
      runLoop(walk, statement);
      return;
    case 'try':
      runTry(walk, statement);
      return;
    case 'scope':
      runScope(walk, statement);
      return;
    case 'return':
      runReturn(walk, statement);
      return;
    case 'throw':
      if (statement.value) walk.evaluate(statement.value, OTHER);
      walk.state.reachable = false;
      return;
    case 'break':
    case 'continue':
      runLeave(walk, statement);
      return;
    case 'opaque-statement':
      for (const operand of statement.operands) walk.evaluate(operand, OTHER);
      maybe(walk, () => runInner(walk, statement.body));
  }
}

function runInner(walk: Walk, block: Block): void {
  const outer = walk.scope;
  walk.scope = createScope(outer);
  walk.run(block);
  walk.scope = outer;
}

function runDeclare(walk: Walk, declare: Declare): void {
  const name = nameOf(declare.target);
  const result = {
    kind: 'declared' as const,
    declaration: walk.at(declare.statement),
    ...(name === undefined ? {} : { name }),
  };
  const typed = walk.ofType(declare.type);
  let value = declare.value ? walk.evaluate(declare.value, { result, awaited: false }) : (typed ?? UNKNOWN);
  if (typed && value.shape.kind === 'unknown') value = typedAs(typed, value);
  walk.bind(declare.target, value, declare.constant || isFunction(declare) ? 'constant' : 'variable');
  if (!declare.constant || declare.target.kind !== 'variable' || !declare.value) return;
  const cell = lookUp(walk.scope, declare.target.name);
  if (cell && value.shape.kind === 'scalar' && value.shape.type === 'boolean') cell.test = declare.value;
}

const isFunction = (declare: Declare): boolean => declare.value?.kind === 'lambda' || declare.value?.kind === 'unit';

function runBranch(walk: Walk, branch: Branch): void {
  const test = walk.evaluate(branch.test, OTHER);
  noteHit(walk, branch.test, test, branch.then, true);
  noteHit(walk, branch.test, test, branch.otherwise, false);
  const arm = (block: Block, truth: boolean): Outcome =>
    walk.state.branch(() => {
      walk.refine(branch.test, truth);
      runInner(walk, block);
    });
  const then = arm(branch.then, true);
  const otherwise = arm(branch.otherwise, false);
  walk.state.merge([then, otherwise]);
}

/** `if (row) return row;`: the loop ends with the first turn that finds something. */
function noteHit(walk: Walk, test: Expression, value: Value, arm: Block, truth: boolean): void {
  const last = arm.at(-1);
  if (last?.kind !== 'return' && last?.kind !== 'break') return;
  if (affirms(test) !== truth) return;
  const enough = truth && isEnough(test);
  for (const loop of loopsLeftBy(walk, arm)) {
    if (enough) loop.turning.stopsAtFirstHit = true;
    const calls = new Set(walk.observations.callsSince(loop.mark).map(call => call.id));
    if (dependsOnCalls(value, calls)) loop.turning.stopsAtFirstHit = true;
  }
}

/** `if (picked.length >= limit) break;`: what the turns have gathered is all that was asked for. */
function isEnough(test: Expression): boolean {
  if (test.kind !== 'operation' || !/^(?:>=?|===?)$/.test(test.operator)) return false;
  const [counted, limit] = test.operands;
  // how many there are of a list is a member of it, or what a function of one list gives
  const counts =
    counted?.kind === 'member'
      ? /^(?:length|size)$/.test(counted.name)
      : counted?.kind === 'call' && counted.callee.kind === 'name' && counted.callee.name === 'len';
  return counts && limit?.kind === 'name';
}

/** Whether the test being true says that something is there. */
function affirms(test: Expression): boolean {
  if (test.kind !== 'operation') return true;
  const [left, right] = test.operands;
  if (test.operator === '!') return left ? !affirms(left) : true;
  const isNothing =
    [left, right].some(
      operand =>
        operand?.kind === 'constant' && (operand.value === null || operand.value === 0 || operand.value === false),
    ) || [left, right].some(operand => operand?.kind === 'name' && operand.name === 'undefined');
  if (isNothing && (test.operator === '===' || test.operator === '==' || test.operator === 'is')) return false;
  return !(test.operator === '<' || test.operator === '<=');
}

function runSwitch(walk: Walk, statement: Switch): void {
  const { state } = walk;
  const subject = walk.evaluate(statement.subject, OTHER);
  const path = pathOf(walk, statement.subject);
  const target: JumpTarget = { kind: 'switch', breaks: [], continues: [], depth: state.depth };
  walk.frame.jumps.push(target);
  let fallen: Outcome | undefined;
  let hasDefault = false;
  for (const { tests, body } of statement.cases) {
    if (tests.length === 0) hasDefault = true;
    const values = tests.map(test => walk.evaluate(test, OTHER));
    const before = fallen;
    const end = state.branch(() => {
      const entered = state.branch(() => {
        const constants = values.map(value => constantOf(value));
        if (path && constants.length > 0 && constants.every(constant => constant !== undefined))
          refinePath(walk, path, withSources(joinAll(values), subject.from));
        const [only, ...more] = tests;
        if (statement.subject.kind === 'constant' && only && more.length === 0) walk.refine(only, true);
      });
      state.merge(before ? [entered, before] : [entered]);
      runInner(walk, body);
    });
    fallen = end.reachable ? end : undefined;
  }
  walk.frame.jumps.pop();
  const ends = [...target.breaks, ...(fallen ? [fallen] : [])];
  if (!hasDefault) ends.push(state.branch(() => undefined));
  if (ends.length > 0) state.merge(ends);
  else state.reachable = false;
}

function runTry(walk: Walk, statement: Try): void {
  const { state } = walk;
  const outer = walk.retried;
  if (statement.handlers.length > 0)
    walk.retried = new Set([...outer, ...walk.around.filter(each => each.frame === walk.frame).map(each => each.id)]);
  const tried = state.branch(() => runInner(walk, statement.body));
  walk.retried = outer;
  const handled = statement.handlers.map(handler =>
    state.branch(() => {
      const untouched = state.branch(() => undefined);
      state.merge([untouched, { ...tried, reachable: true }]);
      const scope = walk.scope;
      walk.scope = createScope(scope);
      if (handler.error) walk.bind(handler.error, UNKNOWN, 'constant');
      walk.run(handler.body);
      walk.scope = scope;
    }),
  );
  state.merge([tried, ...handled]);
  const { reachable } = state;
  runInner(walk, statement.finally);
  state.reachable = state.reachable && reachable;
}

function runScope(walk: Walk, statement: Scope): void {
  const { state } = walk;
  const outer = walk.scope;
  const target: JumpTarget = {
    kind: 'scope',
    ...(statement.label === undefined ? {} : { label: statement.label }),
    breaks: [],
    continues: [],
    depth: state.depth,
  };
  walk.frame.jumps.push(target);
  walk.scope = createScope(outer);
  for (const resource of statement.resources) {
    const name = resource.target && nameOf(resource.target);
    const result = {
      kind: 'declared' as const,
      declaration: walk.at(statement),
      ...(name === undefined ? {} : { name }),
    };
    const value = walk.evaluate(resource.value, { result, awaited: false });
    if (resource.target) walk.bind(resource.target, enteredIn(walk, value), 'constant');
  }
  const body = state.branch(() => walk.run(statement.body));
  walk.frame.jumps.pop();
  walk.scope = outer;
  state.merge([body, ...target.breaks]);
}

/**
 * What a resource gives when it is entered: of a function that yields in the middle what it yields, of an object of the
 * workspace what its own method says, else itself.
 */
function enteredIn(walk: Walk, resource: Value): Value {
  const { shape } = resource;
  if (shape.kind === 'list') return itemOf(resource);
  if (shape.kind !== 'object') return resource;
  const enter = walk.world.classMember(shape.file, shape.class, ENTER);
  const entered = enter?.shape.kind === 'function' ? walk.world.summary(enter.shape.unit)?.returns : undefined;
  return entered && entered.shape.kind !== 'unknown' ? entered : resource;
}

/** The method of a class that a front end names so: what `with` calls. */
const ENTER = '<enter>';

function runReturn(walk: Walk, statement: Return): void {
  const { frame, state } = walk;
  if (statement.value) {
    const value = walk.evaluate(statement.value, { result: { kind: 'returned' }, awaited: false });
    if (!frame.lambda) observeAwait(walk, statement.value, value);
    frame.returned.push(value);
    if (!frame.lambda && !isSpent(walk)) noteAdmitted(walk, statement.value, value);
  }
  frame.exits.push(state.snapshot(frame.depth));
  state.reachable = false;
}

/** What a returned condition says of the parameters, for the callers who test it. */
function noteAdmitted(walk: Walk, test: Expression, value: Value): void {
  if (value.shape.kind !== 'scalar' || value.shape.type !== 'boolean' || value.shape.value === false) return;
  const admitted = new Map<number, Value>();
  walk.state.branch(() => {
    walk.refine(test, true);
    walk.subject.function.parameters.forEach((parameter, index) => {
      if (parameter.target.kind !== 'variable') return;
      const path = pathOf(walk, { kind: 'name', name: parameter.target.name, start: 0, end: 0 });
      const now = path && readPath(walk, path, { kind: 'name', name: parameter.target.name, start: 0, end: 0 });
      if (now && now.shape.kind !== 'unknown') admitted.set(index, now);
    });
  });
  walk.admits.push(admitted);
}

function runLeave(walk: Walk, leave: Leave): void {
  const target = targetOf(walk, leave);
  if (target) (leave.kind === 'break' ? target.breaks : target.continues).push(walk.state.snapshot(target.depth));
  walk.state.reachable = false;
}
