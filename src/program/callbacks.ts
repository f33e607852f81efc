/** Functions that are handed to a call: how often and with what they are called, by tables, by summaries, or not known. */
import type { Place } from '../engine/place';
import type { CallSite } from './callSite';
import { foundIn } from './collections';
import { equalByStructure } from './equality';
import { ANY_ITEM, itemOf } from './items';
import { maybe } from './lambdas';
import {
  alternativesIn,
  booleanValue,
  constantOf,
  isNothing,
  join,
  joinAll,
  listOf,
  listOfAny,
  NOTHING,
  NULL,
  numberValue,
  textValue,
  unknownFrom,
  widen,
  withSources,
} from './lattice';
import { given, meaningFor } from './members';
import type { Expression, Pattern } from './model';
import type { Turning } from './observations';
import { originOf } from './observing';
import type { CallbackMeaning, CallMeaning } from './semantics';
import { unionOf } from './sources';
import { namesIn } from './storage';
import { emissionOf, emitsMany, streamOfResults, writtenSource } from './streams';
import { type Instantiation, instantiate } from './substitute';
import { holeOf } from './textValues';
import { settleTurns, unrollTurns } from './turns';
import type { LoopId, Value } from './value';
import type { Walk } from './walk';
import { lambdaId, type Summary } from './world';

/** What a callback returned: for any turn, and for each when the turns are known one by one. */
export interface CallbackOutcome {
  readonly meaning: CallbackMeaning;
  readonly each: Value;
  readonly items?: readonly Value[];
  /** For callbacks that choose items: what a chosen item is. */
  readonly admitted?: Value;
}

/** Lambdas inside records and lists of arguments are looked for so deep. */
const MAX_DEPTH = 3;

/** Walks the callbacks that the tables speak of, and then every other function among the arguments. */
export function runCallbacks(site: CallSite, meaning: CallMeaning): readonly CallbackOutcome[] {
  const outcomes: CallbackOutcome[] = [];
  const known = new Set<number>();
  for (const callback of meaning.callbacks ?? [])
    for (const index of indexesOf(callback, site)) {
      const argument = site.positional[index];
      if (!argument) continue;
      known.add(index);
      outcomes.push(runCallback(site, meaning, callback, index, argument));
    }
  runUnknownCallbacks(site, known);
  return outcomes;
}

function indexesOf(callback: CallbackMeaning, site: CallSite): readonly number[] {
  if (callback.argument !== 'rest') return [callback.argument];
  const from = callback.from ?? 0;
  return Array.from({ length: Math.max(0, site.positional.length - from) }, (_, offset) => from + offset);
}

function runCallback(
  site: CallSite,
  meaning: CallMeaning,
  callback: CallbackMeaning,
  index: number,
  argument: Value,
): CallbackOutcome {
  const given = parameterValues(site, callback);
  if (!callback.repeats) return { meaning: callback, each: invoke(site, index, argument, given) };
  const { item, over } = callback.repeats;
  const held = heldBy(site, over);
  const isStream = over === 'piped' || over === 'emitted';
  const collection = isStream ? held && emissionOf(held) : held;
  if (isStream && !(collection && emitsMany(collection))) {
    const only = [...given];
    only[item] = collection ? itemOf(collection) : unknownFrom(site.from);
    return { meaning: callback, each: invoke(site, index, argument, only) };
  }
  const turning = site.walk.observations.loop(turningFor(site, callback, argument, collection));
  const itemValue = (value: Value): Value => withSources(value, [{ kind: 'item', loop: turning.id }]);
  const withItem = (value: Value): (Value | undefined)[] => {
    const values = [...given];
    values[item] = itemValue(value);
    // A counter beside the item tells the turns apart as well.
    const counter = values[item + 1] ?? numberValue();
    values[item + 1] = counter.shape.kind === 'scalar' ? itemValue(counter) : counter;
    return values;
  };
  const any = collection ? itemOf(collection) : unknownFrom([]);
  if (callback.result === 'value' && item > 0)
    return runReducer(site, callback, index, argument, turning, withItem(any));

  const items: Value[] = [];
  const constants = constantItems(collection);
  if (constants && constants.length > 0) {
    let current: Value = any;
    const turns = {
      turning,
      jumps: false,
      turn: () => void items.push(invoke(site, index, argument, withItem(current))),
    };
    const bind = (value: Value): void => {
      current = value;
    };
    if (unrollTurns(site.walk, turns, constants, bind)) return { meaning: callback, each: joinAll(items), items };
  }
  let each: Value = NOTHING;
  settleTurns(site.walk, {
    turning,
    jumps: false,
    turn: () => {
      each = invoke(site, index, argument, withItem(any));
    },
  });
  const chooses = chosenFrom(meaning, site) !== undefined && argument.shape.kind === 'lambda';
  const admitted = chooses ? admittedItem(site, argument, withItem(any)) : undefined;
  return { meaning: callback, each, ...(admitted ? { admitted } : {}) };
}

/** What is walked. */
function heldBy(site: CallSite, over: NonNullable<CallbackMeaning['repeats']>['over']): Value | undefined {
  if (over === 'piped') return site.piped?.value;
  return over === 'receiver' || over === 'emitted' ? site.receiver : site.positional[over];
}

/** The collection whose items the callbacks choose among. */
function chosenFrom(meaning: CallMeaning, site: CallSite): Value | undefined {
  if (meaning.gives?.kind === 'receiver') return site.receiver;
  if (meaning.gives?.kind !== 'items') return undefined;
  return meaning.gives.of === 'receiver' ? site.receiver : site.positional[meaning.gives.of];
}

function admittedItem(site: CallSite, argument: Value, args: readonly (Value | undefined)[]): Value | undefined {
  if (argument.shape.kind !== 'lambda') return undefined;
  return site.walk.callLambda(lambdaId(argument.shape.at), dense(args), { admitted: true });
}

/** `reduce`: the first parameter is what the last turn returned. */
function runReducer(
  site: CallSite,
  callback: CallbackMeaning,
  index: number,
  argument: Value,
  turning: Turning,
  args: readonly (Value | undefined)[],
): CallbackOutcome {
  const start = site.positional[index + 1] ?? args[callback.repeats?.item ?? 1] ?? unknownFrom(site.from);
  let accumulated = start;
  for (let turn = 1; turn <= 4; turn++) {
    let returned: Value = NOTHING;
    settleTurns(site.walk, {
      turning,
      jumps: false,
      turn: () => {
        returned = invoke(site, index, argument, [accumulated, ...args.slice(1)]);
      },
    });
    const next = widen(accumulated, join(accumulated, returned), turn);
    if (equalByStructure(next, accumulated)) break;
    accumulated = next;
  }
  return { meaning: callback, each: accumulated };
}

/** Items when they are constants, few, and all known. */
export function constantItems(collection: Value | undefined): readonly Value[] | undefined {
  const items = collection?.shape.kind === 'list' ? collection.shape.items : undefined;
  return items?.every(isConstant) ? items : undefined;
}

/** A text or number that is written in the code, or a list or record of such. */
function isConstant(value: Value): boolean {
  if (constantOf(value) !== undefined) return true;
  if (value.shape.kind === 'list') return value.shape.items?.every(isConstant) ?? false;
  return value.shape.kind === 'record' && !value.shape.open && [...value.shape.entries.values()].every(isConstant);
}

const parameterValues = (site: CallSite, callback: CallbackMeaning): (Value | undefined)[] =>
  (callback.parameters ?? []).map(gives =>
    gives === undefined
      ? undefined
      : given(gives, {
          at: site.walk.at(site.call),
          ...(site.receiver ? { receiver: site.receiver } : {}),
          arguments: site.positional,
          from: gives.kind === 'scalar' ? [] : site.from,
          call: site.id,
        }),
  );

/** Calls a function value: a lambda is walked, a unit is observed as called and answered by its summary. */
function invoke(site: CallSite, index: number, callee: Value, args: readonly (Value | undefined)[]): Value {
  const { walk } = site;
  const results = alternativesIn(callee).map((each): Value => {
    switch (each.shape.kind) {
      case 'lambda':
        return walk.callLambda(lambdaId(each.shape.at), dense(args)) ?? unknownFrom(site.from);
      case 'function':
        return invokeUnit(site, index, each.shape.unit, args);
      case 'entity':
      case 'member': {
        const name = each.shape.kind === 'entity' ? each.shape.name : each.shape.of;
        const meaning = meaningFor(walk.world.semantics.calls.get(name), args.length);
        const from = unionOf([], ...args.map(arg => arg?.from ?? []));
        if (meaning?.proves === 'number') return numberValue(from);
        if (meaning?.proves === 'boolean') return booleanValue(from);
        if (meaning?.proves && args[0])
          return textValue(
            [holeOf(args[0], originOf(walk, site.call.arguments[index]?.value ?? site.call), meaning.proves)],
            from,
          );
        return unknownFrom(unionOf(from, site.from));
      }
      case 'unknown':
        noteParameterCallback(walk, each, args);
        return unknownFrom(site.from);
      default:
        return unknownFrom(site.from);
    }
  });
  return joinAll(results);
}

/** Arguments for a lambda; a gap is unknown, which a lambda's own parameter stands for. */
const dense = (args: readonly (Value | undefined)[]): readonly Value[] => {
  const result: Value[] = [];
  for (let index = 0; index < args.length; index++) result.push(args[index] ?? unknownFrom([]));
  return result;
};

function invokeUnit(site: CallSite, index: number, unit: string, args: readonly (Value | undefined)[]): Value {
  const { walk, call } = site;
  const written = call.arguments[index]?.value ?? call;
  const at = walk.at(written);
  const id = `${at.unit}@${at.start}-${at.end}`;
  const from = unionOf([{ kind: 'call', call: id }], ...args.map(arg => arg?.from ?? []));
  const summary = walk.world.summary(unit);
  const how: Instantiation = {
    world: walk.world,
    owner: unit,
    arguments: args,
    origin: () => originOf(walk, written),
    call: id,
    site: originOf(walk, written),
  };
  const returned = summary ? instantiate(summary.returns, how) : unknownFrom(from);
  const result = isNothing(returned) ? unknownFrom(from) : returned;
  walk.observations.call({
    id,
    at,
    callee: at,
    argumentsAt: at,
    form: 'call',
    target: { kind: 'unit', unit },
    source: walk.source(written),
    arguments: dense(args).map(value => ({ at, source: walk.source(written), value })),
    result,
    around: walk.around.map(each => each.id),
    awaited: false,
    use: { kind: 'other' },
    ...(walk.frame.lambda ? { inLambda: walk.frame.lambda } : {}),
    implicit: true,
    node: call,
  });
  return result;
}

/** A parameter handed on to a call that calls it. */
function noteParameterCallback(walk: Walk, callee: Value, args: readonly (Value | undefined)[]): void {
  const parameter = callee.shape.kind === 'unknown' ? callee.shape.parameter : undefined;
  if (!parameter || parameter.unit !== walk.subject.unit || parameter.path.length > 0) return;
  const before = walk.parameterCalls.get(parameter.index);
  walk.parameterCalls.set(parameter.index, {
    arguments: dense(args).map((value, index) => join(before?.arguments[index] ?? NOTHING, value)),
    repeated: walk.around.length > 0 || (before?.repeated ?? false),
  });
}

/** The list or value that the callbacks' results make; nothing when the call's result is another matter. */
export function callbackResult(
  meaning: CallMeaning,
  outcomes: readonly CallbackOutcome[],
  site: CallSite,
): Value | undefined {
  const values = outcomes.flatMap((outcome): readonly Value[] => {
    const { result, repeats } = outcome.meaning;
    if (result === 'value') return [outcome.each];
    if (result === 'emitted' || result === 'flattened') {
      const stream = repeats && heldBy(site, repeats.over);
      return stream ? [streamOfResults(stream, outcome.each, result)] : [];
    }
    if (outcome.meaning.result === 'yielded')
      return [outcome.each.shape.kind === 'list' ? itemOf(outcome.each) : outcome.each];
    if (outcome.meaning.result !== 'list') return [];
    const flat = site.call.callee.kind === 'member' && /flat/i.test(site.call.callee.name);
    const from = site.receiver?.from ?? [];
    if (flat) return [listOfAny(outcome.each.shape.kind === 'list' ? itemOf(outcome.each) : outcome.each, from)];
    return [outcome.items ? listOf(outcome.items, from) : listOfAny(outcome.each, from)];
  });
  if (values.length > 0) return joinAll(values);
  const method = site.call.callee.kind === 'member' ? site.call.callee.name : '';
  if (/^find(?:Last)?$/.test(method) && site.receiver && !meaning.gives)
    return withSources(foundIn(site.receiver), site.from);
  const collection = chosenFrom(meaning, site);
  const admitted = outcomes.find(outcome => outcome.admitted)?.admitted;
  if (admitted && admitted.shape.kind !== 'unknown' && collection) return listOfAny(admitted, collection.from);
  // A function chose among the items: each of them may be missing.
  const chosen = site.positional.some(value => value.shape.kind === 'lambda' || value.shape.kind === 'function');
  if (chosen && outcomes.length > 0 && collection?.shape.kind === 'list' && collection.shape.items)
    return listOf(
      collection.shape.items.map(item => join(item, NULL)),
      collection.from,
    );
  return undefined;
}

/** Whether the words say that items come in batches. */
export const saysBatches = (...words: readonly (string | undefined)[]): boolean =>
  words.some(
    word =>
      word !== undefined &&
      /(?:^|[^a-z])(?:in_?)?(?:chunk|batch|slice)(?:e?s|ed|of)?(?:$|[^a-z])/i.test(separated(withoutPart(word))),
  );

/** A part of a list has the list's own items: `ids.slice(1)`. */
const withoutPart = (word: string): string => word.replace(/\.slice(?=\s*\()/g, '');

/** `idChunks` and `id_chunks` hold the word `chunks`. */
const separated = (word: string): string => word.replace(/([a-z0-9])([A-Z])/g, '$1 $2');

function turningFor(
  site: CallSite,
  callback: CallbackMeaning,
  argument: Value,
  collection: Value | undefined,
): Turning {
  const { walk, call } = site;
  const item = itemPattern(walk, argument, callback.repeats?.item ?? 0);
  const over = callback.repeats?.over;
  const source = writtenBy(site, over);
  const itemText = item?.text;
  const constants = constantItems(collection);
  const text = source && walk.source(source);
  return {
    id: loopIdOf(walk, walk.at(call.argumentsSpan)),
    form: 'callback',
    head: walk.at(call.callee),
    at: walk.at(call),
    ...(itemText === undefined ? {} : { item: itemText }),
    ...(source && collection ? { source: { at: walk.at(source), text: text ?? '', value: collection } } : {}),
    bindings: item?.names ?? [],
    stopsAtFirstHit: callback.repeats?.stopsAtFirstHit ?? (over === 'piped' && site.piped?.stops === true),
    ...(constants ? { constantCount: constants.length } : {}),
    feedsNextTurn: false,
    batches: saysBatches(text, itemText) || (over === 'piped' && site.piped?.batches === true),
  };
}

/** What is walked, as written. */
function writtenBy(
  { call, piped }: CallSite,
  over: NonNullable<CallbackMeaning['repeats']>['over'] | undefined,
): Expression | undefined {
  if (over === 'piped') return piped?.written;
  if (typeof over === 'number') return call.arguments[over]?.value;
  const receiver = call.callee.kind === 'member' ? call.callee.object : undefined;
  return over === 'emitted' ? receiver && writtenSource(receiver) : over === 'receiver' ? receiver : undefined;
}

/** A loop is named by where it begins. */
export const loopIdOf = (walk: Walk, at: Place): LoopId => `${walk.subject.unit}@${at.start}`;

function itemPattern(
  walk: Walk,
  callee: Value,
  index: number,
): { readonly text: string; readonly names: readonly string[] } | undefined {
  if (callee.shape.kind !== 'lambda') return undefined;
  const closure = walk.closures.get(lambdaId(callee.shape.at));
  const target: Pattern | undefined = closure?.function.parameters[index]?.target;
  return target && { text: walk.source(target), names: namesIn(target) };
}

/** A function of the workspace got functions: its summary knows what it calls them with. */
export function runWorkspaceCallbacks(site: CallSite, summary: Summary, how: Instantiation): void {
  const known = new Set<number>();
  for (const [index, called] of summary.calls) {
    const argument = site.positional[index];
    if (!argument || !isCallable(argument)) continue;
    known.add(index);
    const args = called.arguments.map(each => instantiate(each, how));
    if (!called.repeated) {
      invoke(site, index, argument, args);
      continue;
    }
    const walked = walkedBy(called.arguments, how.owner);
    const meaning: CallbackMeaning = { argument: index, ...(walked ? { repeats: walked } : {}) };
    const collection = walked && site.positional[walked.over];
    const turning = site.walk.observations.loop(turningFor(site, meaning, argument, collection));
    const items = args.map(each => withSources(each, [{ kind: 'item', loop: turning.id }]));
    settleTurns(site.walk, { turning, jumps: false, turn: () => void invoke(site, index, argument, items) });
  }
  runUnknownCallbacks(site, known);
}

/** The parameter whose items a function calls another with, and which of that one's parameters the item is. */
function walkedBy(args: readonly Value[], owner: string): { readonly over: number; readonly item: number } | undefined {
  for (const [item, { shape }] of args.entries()) {
    const parameter = 'parameter' in shape ? shape.parameter : undefined;
    const [step, ...more] = parameter?.path ?? [];
    if (parameter?.unit === owner && step === ANY_ITEM && more.length === 0) return { over: parameter.index, item };
  }
  return undefined;
}

const isCallable = (value: Value): boolean =>
  alternativesIn(value).some(each => each.shape.kind === 'lambda' || each.shape.kind === 'function');

/** Nobody knows when these are called: they are walked once, with parameters that stand for themselves. */
export function runUnknownCallbacks(site: CallSite, except: ReadonlySet<number> = new Set()): void {
  const { walk } = site;
  const visit = (value: Value, depth: number): void => {
    if (value.shape.kind === 'lambda') {
      const id = lambdaId(value.shape.at);
      const closure = walk.closures.get(id);
      if (closure && !closure.walked) maybe(walk, () => walk.callLambda(id, [], { symbolic: true }));
    } else if (depth < MAX_DEPTH && value.shape.kind === 'record') {
      for (const entry of value.shape.entries.values()) visit(entry, depth + 1);
    } else if (depth < MAX_DEPTH && value.shape.kind === 'list') {
      for (const item of value.shape.items ?? []) visit(item, depth + 1);
    } else if (value.shape.kind === 'oneOf') for (const each of value.shape.alternatives) visit(each, depth + 1);
  };
  site.arguments.forEach((argument, index) => {
    if (!except.has(index)) visit(argument.value, 0);
  });
}
