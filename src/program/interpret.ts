/** Walks one unit from its first statement to its last, and gathers what was seen. */
import type { Place } from '../engine/place';
import type { UnitAnalysis } from './analysis';
import { assignmentsOf } from './declarations';
import { evaluate } from './expressions';
import { callLambda, flushClosures, givenBy, parametersOf, symbolic } from './lambdas';
import {
  booleanValue,
  join,
  joinAll,
  listOfAny,
  NULL,
  numberValue,
  shaped,
  textValue,
  UNKNOWN,
  withSources,
} from './lattice';
import { given as handed, typedAs } from './members';
import type { Parameter, Span } from './model';
import { createObservations } from './observations';
import { refine } from './refinement';
import { createCell, createFunctionScope, createState, type Scope } from './state';
import { runBlock } from './statements';
import { bindPattern } from './storage';
import { holesOf } from './strings';
import { placeless } from './substitute';
import { holeOf } from './textValues';
import type { Value } from './value';
import { type Frame, OTHER, type Subject, type Walk } from './walk';
import type { LambdaSummary, ParameterCall, Summary, World } from './world';

/** All that one walk brings. */
export interface Interpretation {
  readonly analysis: UnitAnalysis;
  /** Variables of the outermost scope as they are at the end. */
  readonly bindings: ReadonlyMap<string, Value>;
  /** What was assigned to variables of the file's top level. */
  readonly moduleWrites: ReadonlyMap<string, Value>;
  /** What was assigned to `this.name`. */
  readonly fieldWrites: ReadonlyMap<string, Value>;
  /** What was added to it: the end of a text, or items of a list. */
  readonly fieldGrowth: ReadonlyMap<string, Value>;
  readonly summary: Summary;
  readonly steps: number;
}

/** A unit may be walked about so many times over before its loops and lambdas are walked once only. */
const TURNS_PER_CHARACTER = 1;
const LEAST_BUDGET = 20_000;
const MOST_BUDGET = 100_000;

export function interpret(subject: Subject, world: World): Interpretation {
  const walk = createWalk(subject, world);
  const root = walk.scope;
  const { frame, state } = walk;
  const owner = subject.unit;
  const end = state.branch(() => {
    subject.function.parameters.forEach((parameter, index) => {
      bindPattern(walk, parameter.target, parameterValue(walk, index), 'constant');
      if (parameter.field && parameter.target.kind === 'variable') {
        const value = state.get(root.cells.get(parameter.target.name) ?? createCell('')) ?? UNKNOWN;
        walk.fieldWrites.set(parameter.target.name, value);
      }
    });
    for (const decorator of subject.function.decorators ?? []) walk.evaluate(decorator);
    walk.run(subject.function.body);
    walk.flushClosures();
  });
  state.merge([end, ...frame.exits]);
  const settled = settledParameters(walk, root);
  const raises = !end.reachable && frame.exits.length === 0 && !subject.function.generator;
  if (end.reachable && frame.returned.length > 0) frame.returned.push(NULL);
  const returns = givenBy(subject.function, frame);
  const bindings = new Map<string, Value>();
  for (const [name, cell] of [...(root.hoisted ?? []), ...root.cells]) {
    const value = state.get(cell);
    if (value) bindings.set(name, value);
  }
  return {
    analysis: { unit: owner, ...walk.observations.finish(), returns },
    bindings,
    moduleWrites: walk.moduleWrites,
    fieldWrites: walk.fieldWrites,
    fieldGrowth: walk.fieldGrowth,
    summary: summaryOf(walk, returns, settled, raises),
    steps: walk.steps,
  };
}

function createWalk(subject: Subject, world: World): Walk {
  const state = createState();
  const self = createCell('this', selfValue(subject));
  const frame: Frame = { self, returned: [], yielded: [], exits: [], depth: 0, jumps: [] };
  const { unit, shift } = subject;
  const walk: Walk = {
    subject,
    world,
    own: world.ownNames(subject.file),
    state,
    observations: createObservations(),
    scope: createFunctionScope(),
    frame,
    around: [],
    retried: new Set(),
    closures: new Map(),
    unwalked: [],
    active: [],
    moduleCells: new Map(),
    moduleWrites: new Map(),
    fieldWrites: new Map(),
    fieldGrowth: new Map(),
    parameterCalls: new Map(),
    parameterGrowth: new Map(),
    admits: [],
    lambdaSummaries: new Map(),
    steps: 0,
    budget: Math.min(LEAST_BUDGET + subject.text.length * TURNS_PER_CHARACTER, MOST_BUDGET),
    nesting: 0,
    at: (span: Span): Place => ({ unit, start: span.start - shift, end: span.end - shift }),
    source: span => subject.text.slice(span.start - shift, span.end - shift),
    evaluate: (expression, use = OTHER) => evaluate(walk, expression, use),
    run: block => runBlock(walk, block),
    bind: (pattern, value, as) => bindPattern(walk, pattern, value, as),
    refine: (test, truth) => refine(walk, test, truth),
    callLambda: (id, args, options) => callLambda(walk, id, args, options),
    flushClosures: () => flushClosures(walk),
    ofType: type => (type ? world.ofType(subject.file, type) : undefined),
  };
  return walk;
}

const selfValue = (subject: Subject): Value =>
  subject.ownerClass === undefined
    ? UNKNOWN
    : shaped({ kind: 'object', file: subject.file, class: subject.ownerClass });

/** A parameter: what is handed in by a library, what its type says, or itself. */
function parameterValue(walk: Walk, index: number): Value {
  const { subject } = walk;
  const parameter = subject.function.parameters[index];
  if (!parameter) return UNKNOWN;
  const itself = symbolic(subject.unit, parameter, index);
  const byType = walk.ofType(parameter.type);
  const offered = byType?.shape.kind === 'instance' ? undefined : offeredTo(walk, parameter);
  const given = offered ?? subject.given[index];
  // what is handed in tells more than an interface
  const isOpen = byType?.shape.kind === 'object' && walk.world.leavesOpen(byType.shape.file, byType.shape.class);
  const typed = given && given.shape.kind !== 'unknown' && (isOpen || offered) ? undefined : byType;
  const known = typed ?? (given && given.shape.kind !== 'unknown' ? given : undefined);
  const decorated = decoratedValue(walk, index);
  if (decorated && (!typed || decorated.shape.kind !== 'unknown')) return decorated;
  const value = typed
    ? withSources(typedAs(typed, itself), decorated?.from ?? given?.from ?? [])
    : known
      ? typedAs(known, itself)
      : withSources(itself, given?.from ?? []);
  if (parameter.target.kind === 'variable' && isNumberInPath(subject, parameter.target.name))
    return numberValue(itself.from);
  if (parameter.rest && parameter.named) return itself;
  if (parameter.rest) return typed?.shape.kind === 'list' ? value : listOfAny(value, itself.from);
  if (!parameter.default) return value;
  const fallback = walk.evaluate(parameter.default);
  return fallback.shape.kind === 'unknown' || fallback.shape.kind === 'scalar' ? value : join(value, fallback);
}

/** Parameters that are harmless texts on every way out, and were not assigned. */
function settledParameters(walk: Walk, root: Scope): ReadonlyMap<number, Value> {
  const settled = new Map<number, Value>();
  walk.subject.function.parameters.forEach(({ target }, index) => {
    if (target.kind !== 'variable') return;
    const cell = root.cells.get(target.name);
    const value = cell && walk.state.get(cell);
    if (!value || !isSettledText(value)) return;
    if (!assignmentsOf(walk.subject.function.body).names.has(target.name)) settled.set(index, value);
  });
  return settled;
}

const isSettledText = ({ shape }: Value): boolean =>
  shape.kind === 'text' && holesOf(shape.pieces).every(hole => hole.safety !== undefined || hole.within !== undefined);

/** What the project's modules provide for the token that a parameter is marked with: `@Inject('ORDERS') orders`. */
function offeredTo(walk: Walk, parameter: Parameter): Value | undefined {
  for (const mark of parameter.decorators ?? []) {
    const token = mark.kind === 'call' ? mark.arguments[0]?.value : undefined;
    if (mark.kind !== 'call' || !token) continue;
    const { shape } = walk.evaluate(mark.callee);
    const gives = shape.kind === 'entity' ? walk.world.semantics.decorators.get(shape.name) : undefined;
    const offered = gives?.kind === 'offered' ? walk.world.provided(walk.subject.file, token) : undefined;
    if (offered) return offered;
  }
  return undefined;
}

/** What a decorator puts into a parameter: `@Query('name') name`, `@Param('id', ParseIntPipe) id`. */
function decoratedValue(walk: Walk, index: number): Value | undefined {
  const parameter = walk.subject.function.parameters[index];
  const { decorators, calls } = walk.world.semantics;
  if (!parameter?.decorators || decorators.size === 0) return undefined;
  for (const decorator of parameter.decorators) {
    const { shape } = walk.evaluate(decorator.kind === 'call' ? decorator.callee : decorator);
    const gives = shape.kind === 'entity' ? decorators.get(shape.name) : undefined;
    if (!gives || gives.kind === 'offered') continue;
    const itself = symbolic(walk.subject.unit, parameter, index);
    const value = withSources(handed(gives, { at: walk.at(parameter), arguments: [], from: [] }), itself.from);
    // a pipe that makes a number of it, or lets only some texts through
    const pipes = decorator.kind === 'call' ? decorator.arguments : [];
    const proves = pipes
      .map(({ value: pipe }) => walk.evaluate(pipe.kind === 'call' ? pipe.callee : pipe).shape)
      .map(pipe => (pipe.kind === 'entity' ? calls.get(pipe.name)?.find(each => each.proves)?.proves : undefined));
    if (proves.includes('number')) return numberValue(value.from);
    if (proves.includes('boolean')) return booleanValue(value.from);
    const proof = proves.find(each => each !== undefined);
    if (!proof) return value;
    const origin = { at: walk.at(parameter), source: walk.source(parameter) };
    return textValue([holeOf(value, origin, proof)], value.from);
  }
  return undefined;
}

/** `@app.route("/orders/<int:id>")`, `@get("/orders/{id:int}")`: the path of a decorator says that its part is a number. */
function isNumberInPath({ function: { decorators = [] } }: Subject, name: string): boolean {
  return decorators.some(mark => {
    const first = mark.kind === 'call' ? mark.arguments[0]?.value : undefined;
    const path = first?.kind === 'text' && first.parts[0]?.kind === 'part' ? first.parts[0].value : '';
    return path.includes(`<int:${name}>`) || path.includes(`<float:${name}>`) || path.includes(`{${name}:int}`);
  });
}

/** The walk as callers see it, with nothing in it that moves when the body is edited. */
function summaryOf(walk: Walk, returns: Value, settled: ReadonlyMap<number, Value>, raises: boolean): Summary {
  const { unit } = walk.subject;
  const plain = (value: Value): Value => placeless(value, unit);
  const calls = new Map<number, ParameterCall>();
  for (const [index, called] of walk.parameterCalls)
    calls.set(index, { arguments: called.arguments.map(plain), repeated: called.repeated });
  const lambdas = new Map<string, LambdaSummary>();
  for (const [id, lambda] of walk.lambdaSummaries)
    lambdas.set(id, { parameters: lambda.parameters, returns: placeless(lambda.returns, id) });
  const [first, ...others] = walk.admits;
  const admits = new Map<number, Value>();
  for (const [index, value] of first ?? [])
    if (others.every(other => other.has(index)))
      admits.set(index, plain(joinAll([value, ...others.flatMap(other => other.get(index) ?? [])])));
  const settles = new Map([...settled].map(([index, value]) => [index, plain(value)] as const));
  const grows = new Map<number, readonly Value[]>();
  for (const [index, items] of walk.parameterGrowth) grows.set(index, items.map(plain));
  return {
    parameters: parametersOf(walk.subject.function),
    returns: plain(returns),
    calls,
    lambdas,
    admits,
    settles,
    grows,
    ...(raises ? { raises: walk.subject.function.async ? 'awaited' : 'at once' } : {}),
  };
}
