/** Walks functions inside a unit where they are called, with the variables that they see. */

import { handedByNames } from './handlers';
import { join, joinAll, listOfAny, NULL, shaped, UNKNOWN } from './lattice';
import { given, typedAs } from './members';
import type { Function as FunctionNode, Parameter } from './model';
import { createFunctionScope, lookUp } from './state';
import { bindPattern, nameOf } from './storage';
import type { Value } from './value';
import { type Closure, type Frame, isSpent, type LambdaCall, type Walk } from './walk';
import { lambdaId, type SummaryParameter } from './world';

/** Functions that call each other inside one unit are followed so deep. */
const MAX_DEPTH = 10;

export function callLambda(
  walk: Walk,
  id: string,
  args: readonly Value[],
  options: LambdaCall = {},
): Value | undefined {
  const closure = walk.closures.get(id);
  if (!closure) return undefined;
  if (walk.active.includes(id) || walk.active.length >= MAX_DEPTH) return UNKNOWN;
  if (closure.walked && isSpent(walk)) return UNKNOWN;
  closure.walked = true;
  walk.unwalked[closure.level]?.delete(id);
  const outer = { scope: walk.scope, frame: walk.frame, around: walk.around, retried: walk.retried };
  const { state } = walk;
  const before = state.reachable;
  const frame: Frame = {
    lambda: closure.at,
    self: closure.self,
    returned: [],
    yielded: [],
    exits: [],
    depth: state.depth,
    jumps: [],
  };
  walk.frame = frame;
  walk.active.push(id);
  if (options.around) walk.around = [...options.around, ...walk.around];
  const inside = <T>(run: () => T): T => {
    walk.scope = createFunctionScope(closure.scope);
    return run();
  };
  const truth = options.admitted;
  let admitted: Value | undefined;
  try {
    const end = state.branch(() =>
      inside(() => {
        bindParameters(walk, closure, args);
        walk.run(closure.function.body);
        walk.flushClosures();
      }),
    );
    if (end.reachable && frame.returned.length > 0) frame.returned.push(NULL);
    state.merge([end, ...frame.exits]);
    state.reachable = before;
    if (truth !== undefined) admitted = inside(() => admittedValue(walk, closure, args, truth));
  } finally {
    walk.active.pop();
    walk.scope = outer.scope;
    walk.frame = outer.frame;
    walk.around = outer.around;
    walk.retried = outer.retried;
  }
  const returned = givenBy(closure.function, frame);
  if (args.length === 0) noteSummary(walk, id, closure, returned);
  return truth === undefined ? returned : admitted;
}

/** What a call of the function gives: of a generator the list of what it yields. */
export function givenBy(called: FunctionNode, frame: Frame): Value {
  if (called.generator && frame.yielded.length > 0) return listOfAny(joinAll(frame.yielded));
  return frame.returned.length === 0 ? NULL : joinAll(frame.returned);
}

function noteSummary(walk: Walk, id: string, closure: Closure, returns: Value): void {
  const before = walk.lambdaSummaries.get(id);
  walk.lambdaSummaries.set(id, {
    parameters: parametersOf(closure.function),
    returns: before ? join(before.returns, returns) : returns,
  });
}

/** What a caller must know of parameters. */
export const parametersOf = (called: FunctionNode): readonly SummaryParameter[] =>
  called.parameters.map(parameter => ({
    name: nameOf(parameter.target) ?? '',
    rest: parameter.rest === true,
    ...(parameter.named ? { named: true } : {}),
  }));

function bindParameters(walk: Walk, closure: Closure, args: readonly Value[]): void {
  const owner = lambdaId(closure.at);
  // of a function that nobody in sight calls its parameters' names may tell: `(req, res) => …`
  const handed = args.length === 0 ? handedByNames(walk.own.handlers, closure.function) : undefined;
  closure.function.parameters.forEach((parameter, index) => {
    const gives = handed?.[index];
    const value = gives && given(gives, { at: closure.at, arguments: [], from: [] });
    bindPattern(walk, parameter.target, argumentOf(walk, owner, parameter, index, args, value), 'constant');
  });
}

function argumentOf(
  walk: Walk,
  owner: string,
  parameter: Parameter,
  index: number,
  args: readonly Value[],
  handed: Value | undefined,
): Value {
  const passed = args[index];
  const value = passed ?? handed ?? symbolic(owner, parameter, index);
  const typed = value.shape.kind === 'unknown' ? walk.ofType(parameter.type) : undefined;
  const known = typedAs(typed, value);
  if (!parameter.default) return known;
  const fallback = walk.evaluate(parameter.default);
  return passed && passed.shape.kind !== 'unknown' ? known : join(known, fallback);
}

/** A parameter that nothing is known of: it stands for itself. */
export const symbolic = (owner: string, parameter: Parameter, index: number): Value =>
  shaped({ kind: 'unknown', parameter: { unit: owner, index, path: [] } }, [
    { kind: 'parameter', unit: owner, index, name: nameOf(parameter.target) ?? '' },
  ]);

/** What the first parameter is known to be wherever the function's only return gives `truth`. */
function admittedValue(walk: Walk, closure: Closure, args: readonly Value[], truth: boolean): Value | undefined {
  const [only, ...more] = closure.function.body;
  const [first] = closure.function.parameters;
  if (only?.kind !== 'return' || !only.value || more.length > 0 || first?.target.kind !== 'variable') return args[0];
  const { value } = only;
  const { name } = first.target;
  let admitted: Value | undefined;
  walk.state.branch(() => {
    bindParameters(walk, closure, args);
    walk.refine(value, truth);
    const cell = lookUp(walk.scope, name);
    admitted = cell && walk.state.get(cell);
  });
  return admitted;
}

/** Walks what was met at this depth or deeper and was not called by anyone in sight. */
export function flushClosures(walk: Walk): void {
  const level = walk.active.length + walk.around.length;
  for (let each = level; each < walk.unwalked.length; each++) flushLevel(walk, walk.unwalked[each] ?? new Map());
}

function flushLevel(walk: Walk, unwalked: ReadonlyMap<string, Closure>): void {
  const flushed = new Set<string>();
  for (const id of unwalked.keys()) {
    // what is met again meanwhile comes last: two functions that make each other would go on for ever
    if (flushed.has(id)) continue;
    flushed.add(id);
    maybe(walk, () => callLambda(walk, id, [], { symbolic: true }));
  }
}

/** Walks what may happen or not. */
export function maybe(walk: Walk, run: () => void): void {
  const happened = walk.state.branch(run);
  const skipped = walk.state.branch(() => undefined);
  walk.state.merge([{ ...happened, reachable: true }, skipped]);
}
