/**
 * Where the code gets to know that a query or a call of another service has failed, and what it does then: `catch`
 * blocks, functions that are handed over for the error, promises that nobody waits for.
 */
import type { Place, UnitId } from '../engine/place';
import { type ObservedCall, placeIn } from '../program/analysis';
import type { Block, Expression, Function as FunctionNode, Span, Statement, Try, Unit } from '../program/model';
import { visitNodes } from '../program/traverse';
import type { Evidence, PathStep } from './facts';
import { unsentBuildersOf } from './queryChains';
import { labelOf } from './queryRows';
import type { Setting } from './setting';
import { answersAlike, asksFor, mentions, namesIn, reasonAround, type Treatment, treatmentOf } from './treatments';
import { innerFunctionsIn } from './unitFunctions';
import { isCleanUp, type Work, workOf } from './work';

export interface ErrorHandler {
  /** What to mark: the handler, or the call whose promise is dropped. */
  readonly at: Place;
  readonly form: 'catch' | 'promise' | 'callback' | 'dropped' | 'unsent';
  readonly treatment: Treatment;
  /** What can fail: the most telling of all that the handler answers for. */
  readonly work: FailingWork;
  /** A comment that says why nothing is done. */
  readonly reason?: string;
  /** What fails is asked for in a loop that goes on with another try, or gives a value that is kept beforehand. */
  readonly expected: boolean;
  /** A callback that asks whether there is a result, but not why there is none. */
  readonly asksForResult?: boolean;
  readonly rewrite?: HandlerRewrite;
}

export interface FailingWork {
  readonly at: Place;
  readonly label: string;
  readonly kind: Work['kind'];
  readonly operation: Work['operation'];
  readonly relation?: string;
  readonly evidence: Evidence;
  /** From the call down to the query, where it lies in a function that is called. */
  readonly callPath: readonly PathStep[];
}

/** What a fix must know. */
export interface HandlerRewrite {
  /** The handler as written, from its head to its end; of a dropped promise the call. */
  readonly at: Place;
  readonly source: string;
  /** The error's name, where it has one. */
  readonly error?: string;
  readonly indentation: string;
  /** A function of this file's that logs errors. */
  readonly logger?: string;
  /** The function around it may wait. */
  readonly async: boolean;
}

/** Of a unit, in its own places; the caller keeps them in the analysis' memory. */
export function errorHandlersOf(setting: Setting, unit: UnitId): readonly ErrorHandler[] {
  const work = workOf(setting, unit).filter(({ cleansUp, definesSchema }) => !cleansUp && !definesSchema);
  const unsent = unsentBuildersOf(setting, unit);
  // the text is not asked for without need: that of a file's top level is all of the file's
  const source = work.length === 0 && unsent.length === 0 ? undefined : setting.analysis.source(unit);
  if (!source) return [];
  const scene = sceneOf(setting, source, unit, work);
  return [
    ...caughtIn(scene),
    ...handedOver(scene),
    ...droppedIn(scene),
    ...unsent.map(call => unsentIn(scene, call)),
  ].sort((left, right) => left.at.start - right.at.start);
}

/** What is looked through more than once. */
interface Scene {
  readonly setting: Setting;
  readonly unit: Unit;
  readonly id: UnitId;
  readonly work: readonly Work[];
  readonly calls: readonly ObservedCall[];
  readonly tries: readonly Try[];
  /** Handlers and final blocks: what stands in them cleans up after a failure. */
  readonly aftermath: readonly Span[];
  readonly functions: readonly FunctionSpan[];
  readonly loops: readonly Span[];
  readonly logger?: string;
}

interface FunctionSpan extends Span {
  readonly function: FunctionNode;
  /** Its own returns of a value. */
  readonly returns: Span[];
}

function sceneOf(setting: Setting, unit: Unit, id: UnitId, work: readonly Work[]): Scene {
  const tries: Try[] = [];
  const loops: Span[] = [];
  const functions: FunctionSpan[] = [{ ...spanOf(unit.function), function: unit.function, returns: [] }];
  const returns: Span[] = [];
  visitNodes(unit.function.body, node => {
    if (node.kind === 'try') tries.push(node);
    if (node.kind === 'loop') loops.push(node);
    if (node.kind === 'lambda') functions.push({ ...spanOf(node), function: node.function, returns: [] });
    if (node.kind === 'return' && node.value) returns.push(node);
    return true;
  });
  for (const each of returns) innermost(functions, each)?.returns.push(each);
  const aftermath = tries.flatMap(each => [...each.handlers.map(({ span }) => span), ...blockSpan(each.finally)]);
  const logger = loggerIn(setting, unit);
  return {
    setting,
    unit,
    id,
    work,
    calls: setting.analysis.unit(id).calls,
    tries,
    aftermath,
    functions,
    loops,
    ...(logger === undefined ? {} : { logger }),
  };
}

const spanOf = ({ start, end }: Span): Span => ({ start, end });
const holds = (outer: Span, inner: Span): boolean => outer.start <= inner.start && inner.end <= outer.end;

function blockSpan(block: Block): readonly Span[] {
  const [first] = block;
  const last = block.at(-1);
  return first && last ? [{ start: first.start, end: last.end }] : [];
}

const innermost = <T extends Span>(spans: readonly T[], inner: Span): T | undefined =>
  spans.filter(span => holds(span, inner)).sort((left, right) => left.end - left.start - (right.end - right.start))[0];

// ——— try … catch ———

function caughtIn(scene: Scene): readonly ErrorHandler[] {
  return scene.tries.flatMap((each): readonly ErrorHandler[] => {
    const [body] = blockSpan(guardedBy(each));
    if (!body || each.handlers.length === 0 || isAftermath(scene, each)) return [];
    const work = answeredFor(scene, each, body);
    if (work.length === 0) return [];
    return each.handlers.flatMap((handler): readonly ErrorHandler[] => {
      // of several handlers each answers for the errors of its types
      if (handler.types.length > 0 && each.handlers.length > 1) return [];
      const failing = handler.types.length === 0 || meansQueries(scene, handler) ? work : work.filter(isElsewhere);
      const told = mostTelling(failing);
      if (!told) return [];
      const names = handler.error ? namesIn(handler.error) : [];
      const treated = treatmentOf(scene.unit, handler.body, names);
      const treatment = answersAlike(scene.unit, each.body, handler.body, names) ? 'default' : treated;
      if (treatment === 'handled') return [];
      return [
        {
          at: placeIn(scene.id, handler.span),
          form: 'catch',
          treatment,
          work: failingWork(told),
          ...reasonAround(scene.unit, handler.span, handler.body, each),
          expected: isExpected(scene, each, failing, treatment),
          rewrite: rewriteFor(scene, handler.span, names[0]),
        },
      ];
    });
  });
}

/** The work of the block whose errors reach the handlers: not what an inner `catch` keeps, not what runs later. */
function answeredFor(scene: Scene, each: Try, body: Span): readonly Work[] {
  const around = innermost(scene.functions, each);
  const inner = scene.tries.filter(other => other !== each && holds(body, other) && other.handlers.length > 0);
  const { calls } = scene;
  return scene.work.filter(work => {
    if (!holds(body, work.call) || scene.aftermath.some(span => holds(body, span) && holds(span, work.call)))
      return false;
    if (inner.some(other => blockSpan(guardedBy(other)).some(span => holds(span, work.call)))) return false;
    const own = innermost(scene.functions, work.call);
    if (own !== around && !innerRuns(scene, work)) return false;
    // its failure has a handler of its own
    return !calls.some(call => errorFunction(scene, call, 'only') && holds(receiverSpan(call), work.call));
  });
}

/** The statements whose errors the handlers answer for. */
const guardedBy = ({ body, guarded }: Try): Block => body.slice(0, guarded);

/** Whether one of the handler's types is what a library tells a query's failure by; `except KeyError` lets that pass. */
const meansQueries = ({ setting: { tables } }: Scene, { types }: Try['handlers'][number]): boolean =>
  types.some(type => type.kind !== 'named' || tables.failures.has(/[^.]+$/.exec(type.name)?.[0] ?? ''));

const isElsewhere = ({ kind }: Work): boolean => kind !== 'query';

const innerRuns = ({ setting, id }: Scene, { inLambda }: Work): boolean => innerFunctionsIn(setting, id).runs(inLambda);

/** What is done after a failure, or to end something, may fail in peace. */
const isAftermath = (scene: Scene, span: Span): boolean =>
  scene.aftermath.some(each => holds(each, span)) ||
  scene.functions.some(each => holds(each, span) && isCleanUp(each.function.name ?? ''));

const RANK: Readonly<Record<Work['operation'], number>> = { write: 0, unknown: 1, read: 2 };

/** The write before the read, the database before the rest. */
function mostTelling(failing: readonly Work[]): Work | undefined {
  const rank = (work: Work): number => RANK[work.operation] + (work.kind === 'query' ? 0 : 3);
  return [...failing].sort((left, right) => rank(left) - rank(right))[0];
}

const failingWork = ({ at, label, kind, operation, relation, evidence, behind }: Work): FailingWork => ({
  at,
  label,
  kind,
  operation,
  ...(relation === undefined ? {} : { relation }),
  evidence,
  callPath: behind?.path ?? [],
});

/**
 * A turn of a loop that leaves when it succeeds is one try of several; a variable that is set in the block and declared
 * before it keeps its first value.
 */
function isExpected(scene: Scene, each: Try, failing: readonly Work[], treatment: Treatment): boolean {
  const loop = innermost(scene.loops, each);
  const around = innermost(scene.functions, each);
  if (loop && around && holds(around, loop) && leavesIn(each.body)) return true;
  if (treatment !== 'empty' || failing.some(({ operation }) => operation === 'write')) return false;
  // `try { return await asked(); } catch {} return fallback;`
  if (leavesIn(each.body) && around?.returns.some(({ start }) => start > each.end)) return true;
  const declared = new Set<string>();
  let kept = false;
  visitNodes(each.body, node => {
    if (node.kind === 'declare') for (const name of namesIn(node.target)) declared.add(name);
    if (node.kind === 'assign' && !namesIn(node.target).some(name => declared.has(name))) kept = true;
    return node.kind !== 'lambda';
  });
  return kept;
}

function leavesIn(block: Block): boolean {
  let found = false;
  visitNodes(block, node => {
    if (node.kind === 'return' || node.kind === 'break') found = true;
    return node.kind !== 'lambda' && node.kind !== 'loop' && node.kind !== 'switch';
  });
  return found;
}

// ——— functions that are handed over for the error ———

function handedOver(scene: Scene): readonly ErrorHandler[] {
  return scene.calls.flatMap((call): readonly ErrorHandler[] => {
    const only = errorFunction(scene, call, 'only');
    if (only) return promiseHandler(scene, call, only);
    const first = errorFunction(scene, call, 'first');
    return first ? callbackHandler(scene, call, first) : [];
  });
}

function promiseHandler(scene: Scene, call: ObservedCall, handler: Handed): readonly ErrorHandler[] {
  const receiver = receiverSpan(call);
  const failing = scene.work.filter(({ call: at }) => holds(receiver, at));
  const told = mostTelling(failing);
  if (!told || isAftermath(scene, call.at)) return [];
  const { body, parameters } = handler.function;
  const names = parameters[0] ? namesIn(parameters[0].target) : [];
  const treatment = treatmentOf(scene.unit, body, names);
  if (treatment === 'handled') return [];
  // `const row = await insert(…).catch(() => null)`: what comes of it is looked at
  const looked = treatment === 'default' && call.use.kind !== 'discarded';
  return [
    {
      at: handler.at,
      form: 'promise',
      treatment,
      work: failingWork(told),
      ...reasonAround(scene.unit, handler.at, body, innermostStatement(scene, call.at)),
      expected: looked,
      rewrite: rewriteFor(scene, handler.at, names[0]),
    },
  ];
}

function callbackHandler(scene: Scene, call: ObservedCall, handler: Handed): readonly ErrorHandler[] {
  const work = scene.work.find(({ chain }) => chain.includes(call.id));
  if (!work || isAftermath(scene, call.at)) return [];
  const { body, parameters } = handler.function;
  const names = parameters[0] ? namesIn(parameters[0].target) : [];
  if (mentions(body, names) || mentions(body, ['arguments'])) return [];
  // who asks for nothing but that a read has been made has no use for the error
  if (parameters.length === 0 && work.operation === 'read') return [];
  return [
    {
      at: parameters[0] ? placeIn(handler.unit, parameters[0]) : handler.at,
      form: 'callback',
      treatment: body.length === 0 ? 'empty' : 'leaves',
      work: failingWork(work),
      ...reasonAround(scene.unit, handler.at, body, undefined),
      expected: false,
      asksForResult: asksFor(body, parameters[1] ? namesIn(parameters[1].target) : []),
    },
  ];
}

interface Handed {
  readonly at: Place;
  readonly unit: UnitId;
  readonly function: FunctionNode;
}

const NOTHING_HANDLER = /^(?:_\.)?noop$/i;
const ERROR_NAME = /^_?(?:e|er|err|error|ex)$/i;

/** The function that the call is handed for its error, where it stands here or in a unit of its own. */
function errorFunction(scene: Scene, call: ObservedCall, how: 'only' | 'first'): Handed | undefined {
  const { tables, analysis } = scene.setting;
  const { target, node } = call;
  const named = node.callee.kind === 'member' ? node.callee.name : '';
  const rows = (target.kind === 'library' ? tables.errorCallbacks.get(target.name) : undefined) ?? [
    ...(tables.errorMethods.get(named) ?? []),
  ];
  const fitting = rows.filter(row => row.error === how);
  const index = fitting
    .map(row => (row.argument === 'rest' ? lastFunction(node.arguments.map(({ value }) => value)) : row.argument))
    .find(each => each !== undefined && node.arguments[each] !== undefined);
  const untraced = how === 'first' && rows.length === 0 && isUntracedQuery(scene, call);
  const at = index ?? (untraced ? lastFunction(node.arguments.map(({ value }) => value)) : undefined);
  const value = at === undefined ? undefined : node.arguments[at]?.value;
  if (!value) return undefined;
  const found = functionOf(scene, value, analysis);
  if (!untraced || index !== undefined) return found;
  const first = found?.function.parameters[0]?.target;
  return first?.kind === 'variable' && ERROR_NAME.test(first.name) ? found : undefined;
}

const isUntracedQuery = ({ work }: Scene, call: ObservedCall): boolean =>
  work.some(({ chain, evidence }) => evidence !== 'traced' && chain.includes(call.id));

function lastFunction(values: readonly Expression[]): number | undefined {
  const index = values.findLastIndex(({ kind }) => kind === 'lambda' || kind === 'unit');
  return index < 0 ? undefined : index;
}

function functionOf(scene: Scene, value: Expression, analysis: Setting['analysis']): Handed | undefined {
  if (value.kind === 'lambda') return { at: placeIn(scene.id, value), unit: scene.id, function: value.function };
  if (value.kind === 'unit') {
    const unit = analysis.source(value.unit);
    return unit && { at: placeIn(scene.id, value), unit: value.unit, function: unit.function };
  }
  const text = scene.unit.text.slice(value.start, value.end);
  if (!NOTHING_HANDLER.test(text)) return undefined;
  const nothing: FunctionNode = { parameters: [], body: [], start: value.start, end: value.end };
  return { at: placeIn(scene.id, value), unit: scene.id, function: nothing };
}

/** What the method is called on. */
const receiverSpan = ({ node }: ObservedCall): Span =>
  node.callee.kind === 'member' ? node.callee.object : node.callee;

// ——— promises that nobody waits for ———

function droppedIn(scene: Scene): readonly ErrorHandler[] {
  const byId = new Map(scene.calls.map(call => [call.id, call]));
  return scene.work.flatMap((work): readonly ErrorHandler[] => {
    const call = byId.get(work.id);
    if (!call || call.awaited || call.use.kind !== 'discarded' || work.kind !== 'query') return [];
    const around = innermost(scene.functions, call.at);
    // what a script does at its top level ends with it, and shows
    if (!around || (around.function === scene.unit.function && !scene.id.includes('#'))) return [];
    if (isAftermath(scene, call.at)) return [];
    if (!(work.behind ? failsOn(scene.setting, work) : isDropped(scene, work, call))) return [];
    const { async = false } = around.function;
    return [
      {
        at: work.at,
        form: work.promises === 'lazy' && !work.behind ? 'unsent' : 'dropped',
        treatment: 'empty',
        work: failingWork(work),
        ...reasonAround(scene.unit, call.at, [], innermostStatement(scene, call.at)),
        expected: false,
        rewrite: { ...rewriteFor(scene, call.at, undefined), async },
      },
    ];
  });
}

/** Sent by a library that gives promises, and handed no function that hears of it. */
const isDropped = (scene: Scene, work: Work, { node, form }: ObservedCall): boolean =>
  work.evidence === 'traced' &&
  work.promises !== undefined &&
  // what is built in several calls goes out where it is waited for
  work.chain.length === 1 &&
  form !== 'new' &&
  (work.operation === 'write' || (work.operation === 'unknown' && work.sources.length > 0)) &&
  !node.arguments.some(({ value }) => value.kind === 'lambda' || value.kind === 'unit' || isPassedOn(scene, value));

/** A callback by its name: `db.query(sql, values, callback)`. */
const isPassedOn = ({ unit }: Scene, value: Expression): boolean =>
  /^(?:[\w$.]+\.)?(?:cb|callback|done|next|fn|handler|noop)$/i.test(unit.text.slice(value.start, value.end));

/** A function of the workspace that writes, may wait, and lets its own errors pass. */
function failsOn(setting: Setting, { behind, operation, evidence }: Work): boolean {
  if (!behind || operation !== 'write' || evidence === 'manifest') return false;
  const callee = setting.analysis.source(behind.unit);
  if (!callee?.function.async) return false;
  const inside = workOf(setting, behind.unit).filter(work => work.operation === 'write' && !work.cleansUp);
  if (inside.length === 0) return false;
  const scene = sceneOf(setting, callee, behind.unit, inside);
  const kept = scene.tries.filter(each => each.handlers.length > 0);
  return inside.some(
    work =>
      !kept.some(each => blockSpan(guardedBy(each)).some(span => holds(span, work.call))) &&
      !scene.calls.some(call => errorFunction(scene, call, 'only') && holds(receiverSpan(call), work.call)),
  );
}

function unsentIn(scene: Scene, call: ObservedCall): ErrorHandler {
  const around = innermost(scene.functions, call.at);
  return {
    at: call.at,
    form: 'unsent',
    treatment: 'empty',
    work: {
      at: call.callee,
      label: labelOf(call),
      kind: 'query',
      operation: 'write',
      evidence: 'traced',
      callPath: [],
    },
    expected: false,
    rewrite: { ...rewriteFor(scene, call.at, undefined), async: around?.function.async ?? false },
  };
}

function innermostStatement({ unit }: Scene, inner: Span): Statement | undefined {
  let found: Statement | undefined;
  visitNodes(unit.function.body, node => {
    if (!holds(node, inner)) return false;
    if (node.kind === 'evaluate' || node.kind === 'declare' || node.kind === 'return') found = node;
    return true;
  });
  return found;
}

// ——— for fixes ———

function rewriteFor(scene: Scene, span: Span, error: string | undefined): HandlerRewrite {
  const { unit, id, logger, functions } = scene;
  return {
    at: placeIn(id, span),
    source: unit.text.slice(span.start, span.end),
    ...(error === undefined ? {} : { error }),
    indentation: /[^\n]*$/.exec(unit.text.slice(0, span.start))?.[0].match(/^\s*/)?.[0] ?? '',
    ...(logger === undefined ? {} : { logger }),
    async: innermost(functions, span)?.function.async ?? false,
  };
}

/** What this unit logs errors with already: `logger.error`. */
function loggerIn(_setting: Setting, unit: Unit): string | undefined {
  return /(?:^|[^\w$.])((?:this\.)?(?:logger|log)\.error)\(/.exec(unit.text)?.[1];
}
