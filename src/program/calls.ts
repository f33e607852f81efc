/** Evaluates calls: what is called, what it is called with, what it does with the functions among that, what it gives. */
import { fileOf, type UnitId } from '../engine/place';
import type { CallTarget, ObservedArgument } from './analysis';
import {
  type CallbackOutcome,
  callbackResult,
  runCallbacks,
  runUnknownCallbacks,
  runWorkspaceCallbacks,
} from './callbacks';
import {
  argumentsFor,
  type CallSite,
  entityOf,
  hasSpread,
  instantiation,
  meaningOf,
  methodName,
  namedArguments,
} from './callSite';
import { collectionCall } from './collections';
import { GROWS, ownField } from './declarations';
import { itemOf } from './items';
import { parametersOf } from './lambdas';
import {
  alternativesIn,
  anyOf,
  booleanValue,
  constantOf,
  isNothing,
  join,
  joinAll,
  listOfAny,
  NULL,
  numberValue,
  shaped,
  textValue,
  UNKNOWN,
  unknownFrom,
  withSources,
} from './lattice';
import { given, meaningFor, memberOf, mostTelling } from './members';
import type { Call, Expression } from './model';
import type { CallSeen } from './observations';
import { observeText, originOf } from './observing';
import { declaredRelation, heldBy, recordsIn, withLoaded } from './records';
import { refineArguments } from './refinement';
import type { CallMeaning, TextBuilding } from './semantics';
import { unionOf } from './sources';
import { isNamed, wordsIn } from './spelling';
import { growList, knownMember, noteFieldGrowth, pathOf } from './storage';
import { emissionOf, type Piped, saysMany, writtenSource } from './streams';
import { mapHoles } from './strings';
import { type Instantiation, instantiate } from './substitute';
import { leftBy, partsMatchedBy, patternIn } from './textPatterns';
import {
  concatenated,
  formatted,
  holeOf,
  joined,
  type Origin,
  piecesOf,
  proofBy,
  proofByReplacing,
  repeated,
  replaced,
  withinQuotes,
} from './textValues';
import { instanceOfClass, valueOfTypeArgument } from './types';
import type { CallId, Value } from './value';
import { BOUND_BY_TAG, INSIDE_TEXT, OTHER, type Use, type Walk } from './walk';
import { lambdaId, type Summary } from './world';

const ARGUMENT: Use = { result: { kind: 'argument' }, awaited: false };

export function evaluateCall(walk: Walk, written: Call, use: Use): Value {
  const operatorOf = walk.piped;
  walk.piped = undefined;
  const { call, callee, receiver } = calledBy(walk, written, evaluateCallee(walk, written.callee));
  const meaning = meaningOf(walk, callee, call, receiver);
  const building = call.form === 'tagged' || meaning?.builds !== undefined;
  const pipe = meaning?.pipes && receiver ? pipeOf(walk, call, receiver) : undefined;
  const isBinding = call.form === 'tagged' && (meaning?.bindsHoles === true || meaning?.proves === 'bound');
  const inText = isBinding ? BOUND_BY_TAG : INSIDE_TEXT;
  const argumentValues = call.arguments.map((argument, index): ObservedArgument => {
    const value = pipe?.through(index) ?? walk.evaluate(argument.value, building ? inText : ARGUMENT);
    const at = walk.at(argument.value);
    const source = walk.source(argument.value);
    if (argument.name === undefined && argument.value.kind !== 'spread') return { at, source, value };
    return {
      at,
      source,
      ...(argument.name === undefined ? {} : { name: argument.name }),
      ...(argument.value.kind === 'spread' ? { spread: true } : {}),
      value,
    };
  });
  const at = walk.at(call);
  const id: CallId = `${at.unit}@${at.start}-${at.end}`;
  const inputs = unionOf(receiver?.from ?? callee.from, ...argumentValues.map(argument => argument.value.from));
  const positional = positionalOf(argumentValues);
  const from = unionOf(inputs, [{ kind: 'call', call: id }]);
  const piped = pipe?.made() ?? operatorOf;
  const site: CallSite = {
    walk,
    call,
    id,
    ...(receiver ? { receiver } : {}),
    callee,
    arguments: argumentValues,
    positional,
    from,
    ...(piped ? { piped } : {}),
  };
  const target = targetOf(site);
  const seen: { -readonly [Key in keyof CallSeen]: CallSeen[Key] } = {
    id,
    at,
    callee: walk.at(call.callee),
    argumentsAt: walk.at(call.argumentsSpan),
    form: call.form,
    target,
    source: walk.source(call.callee),
    arguments: argumentValues,
    result: UNKNOWN,
    around: walk.around.map(each => each.id),
    awaited: use.awaited,
    use: use.result,
    node: written,
  };
  if (receiver) seen.receiver = receiver;
  if (walk.frame.lambda) seen.inLambda = walk.frame.lambda;
  walk.observations.call(seen);
  const result = taken(site, carryOut(site, target, use));
  walk.observations.result(id, result);
  return result;
}

/** Evaluates operators in their order, each for the stream that the one before has made. */
function pipeOf(walk: Walk, call: Call, receiver: Value) {
  const written = writtenSource(call.callee.kind === 'member' ? call.callee.object : call.callee);
  const does = call.arguments.map(({ value }) => {
    if (value.kind !== 'call') return undefined;
    const gives = meaningOf(walk, evaluateCallee(walk, value.callee).callee, value, undefined)?.gives;
    return gives?.kind === 'piped' ? gives.as : undefined;
  });
  const end = does.lastIndexOf('found');
  let stream = receiver;
  let batches = false;
  return {
    through(index: number): Value {
      const argument = call.arguments[index]?.value;
      walk.piped = { value: stream, written, stops: index < end, batches };
      const value = argument ? walk.evaluate(argument, ARGUMENT) : UNKNOWN;
      walk.piped = undefined;
      if (emissionOf(value)) stream = value;
      batches = does[index] === 'batches' || (batches && does[index] === undefined);
      return value;
    },
    made: (): Piped => ({ value: stream, written, stops: false, batches }),
  };
}

/** Methods that take the next item out of what a `while` walks. */
const TAKES = new Set(['shift', 'pop', 'poll', 'dequeue', 'popleft', 'next', 'pollFirst', 'remove']);

/** What is taken from the collection that a loop empties is the loop's item. */
function taken(site: CallSite, result: Value): Value {
  const { walk, call } = site;
  const method = methodName(call);
  if (method === undefined || !TAKES.has(method) || call.callee.kind !== 'member') return result;
  const text = walk.source(call.callee.object);
  const loop = walk.around.find(each => each.turning.form === 'while' && each.turning.source?.text === text);
  return loop ? withSources(result, [{ kind: 'item', loop: loop.id }]) : result;
}

function evaluateCallee(walk: Walk, callee: Expression): Callee {
  if (callee.kind !== 'member') return { callee: mostTelling(walk.evaluate(callee, OTHER)) };
  const receiver = walk.evaluate(callee.object, { result: { kind: 'receiver', member: callee.name }, awaited: false });
  const path = pathOf(walk, callee);
  const known = path && knownMember(walk, path);
  const value = known ?? memberOf(walk.world, receiver, callee.name, walk.at(callee));
  return { callee: mostTelling(value), receiver };
}

interface Callee {
  readonly callee: Value;
  readonly receiver?: Value;
}

/** `f.call(self, a)`, `f.apply(self, [a])` of what is known to be a function: the call that it is. */
function calledBy(walk: Walk, call: Call, written: Callee): Callee & { readonly call: Call } {
  const name = methodName(call);
  const { receiver } = written;
  const [self, ...others] = call.arguments;
  if (!receiver || !self || self.value.kind === 'spread' || (name !== 'call' && name !== 'apply'))
    return { ...written, call };
  const callee = mostTelling(receiver);
  const { shape } = callee;
  if (call.callee.kind !== 'member' || !isFunction(shape)) return { ...written, call };
  const list = others[0]?.value;
  const passed =
    name === 'call' || !list
      ? others
      : list.kind === 'list'
        ? list.items.map(value => ({ value }))
        : [{ value: { kind: 'spread' as const, value: list, start: list.start, end: list.end } }];
  const owner = walk.evaluate(self.value, ARGUMENT);
  const isOwned = owner.shape.kind !== 'unknown' && owner.shape.kind !== 'scalar';
  const bound = shape.kind === 'member' ? (isOwned ? owner : shape.receiver) : undefined;
  return {
    call: { ...call, callee: call.callee.object, arguments: passed },
    callee,
    ...(bound ? { receiver: bound } : {}),
  };
}

const isFunction = ({ kind }: Value['shape']): boolean => kind === 'function' || kind === 'lambda' || kind === 'member';

function positionalOf(args: readonly ObservedArgument[]): readonly Value[] {
  const values: Value[] = [];
  for (const argument of args) {
    if (argument.name !== undefined) continue;
    if (!argument.spread) values.push(argument.value);
    else if (argument.value.shape.kind === 'list' && argument.value.shape.items)
      values.push(...argument.value.shape.items);
    else {
      values.push(itemOf(argument.value));
      break;
    }
  }
  return values;
}

function targetOf(site: CallSite): CallTarget {
  const { shape } = site.callee;
  const { call } = site;
  switch (shape.kind) {
    case 'function':
      return { kind: 'unit', unit: shape.unit };
    case 'lambda':
      return { kind: 'lambda', at: shape.at };
    case 'class': {
      const unit = constructorOf(site, shape);
      return unit === undefined ? { kind: 'unknown', name: shape.name } : { kind: 'unit', unit };
    }
    default: {
      const name = entityOf(site);
      if (name !== undefined) return { kind: 'library', name, arity: call.arguments.length };
    }
  }
  const method = methodName(call);
  if (method !== undefined) return { kind: 'method', name: method };
  return call.callee.kind === 'name' ? { kind: 'unknown', name: call.callee.name } : { kind: 'unknown' };
}

function constructorOf(site: CallSite, shape: { readonly file: string; readonly name: string }): UnitId | undefined {
  const member = site.walk.world.classMember(shape.file, shape.name, 'constructor');
  return member?.shape.kind === 'function' ? member.shape.unit : undefined;
}

/** Does what the call does, and gives what it gives. */
function carryOut(site: CallSite, target: CallTarget, use: Use): Value {
  const { walk, call, callee } = site;
  const bound = applied(site);
  if (bound) return bound;
  if (call.form === 'tagged' && target.kind === 'unit') {
    const returned = callUnit(site, target.unit);
    // a tag that gives a text has joined its parts; one that binds gives something else
    return isText(returned) ? (site.positional[0] ?? returned) : returned;
  }
  if (target.kind === 'unit') {
    const returned = callUnit(site, target.unit);
    const raises = walk.world.summary(target.unit)?.raises;
    if (raises === 'at once' || (raises === 'awaited' && use.awaited)) walk.state.reachable = false;
    return returned;
  }
  if (target.kind === 'lambda') {
    const id = lambdaId(target.at);
    const closure = walk.closures.get(id);
    const hasNames = site.arguments.some(argument => argument.name !== undefined);
    const args =
      closure && hasNames ? argumentsFor(site, { parameters: parametersOf(closure.function) }) : site.positional;
    const local = walk.callLambda(
      id,
      Array.from(args, value => value ?? unknownFrom([])),
    );
    if (local) return local;
    const summary = walk.world.summary(target.at.unit)?.lambdas.get(id);
    runUnknownCallbacks(site);
    return summary ? instantiate(summary.returns, instantiation(site, id)) : unknownFrom(site.from);
  }
  if (callee.shape.kind === 'class') {
    runUnknownCallbacks(site);
    // what a constructor out of sight is handed, the object holds: a library's, or one that is generated
    return shaped({ kind: 'object', file: callee.shape.file, class: callee.shape.name }, site.from);
  }
  // an enumeration is asked for one of its constants, and raises where there is none: `Sort(text)`
  const constant = walk.own.callsClasses && callee.shape.kind === 'record' ? instanceOfClass(callee) : undefined;
  if (constant) return constant;
  const meaning = meaningOf(walk, callee, call, site.receiver);
  const grown = grows(site);
  if (grown) return grown;
  const collected = collectionCall(site);
  if (collected && !meaning?.callbacks) return collected;
  const typed = typedByName(site);
  if (typed) return typed;
  if (!meaning) {
    noteParameterCall(site);
    runUnknownCallbacks(site);
    return lookedUp(site) ?? saidEscaped(site) ?? unknownFrom(site.from);
  }
  const returned = runCallbacks(site, meaning);
  return meant(site, meaning, returned, use);
}

const isText = ({ shape }: Value): boolean =>
  shape.kind === 'text' ||
  (shape.kind === 'unknown' && shape.text === true) ||
  (shape.kind === 'oneOf' && shape.alternatives.some(isText));

/** `args.get('page', type=int)`: a name among the arguments says what the result is made. */
function typedByName({ walk, arguments: args, from }: CallSite): Value | undefined {
  const type = args.find(({ name }) => name === 'type')?.value.shape;
  if (type?.kind !== 'entity') return undefined;
  const proves = meaningFor(walk.world.semantics.calls.get(type.name), 1)?.proves;
  return proves === 'number' ? numberValue(from) : proves === 'boolean' ? booleanValue(from) : undefined;
}

/** `f.bind(self)` of what is known to be a function. */
function applied({ call, receiver }: CallSite): Value | undefined {
  return methodName(call) === 'bind' && receiver && (isFunction(receiver.shape) || receiver.shape.kind === 'entity')
    ? receiver
    : undefined;
}

function callUnit(site: CallSite, unit: UnitId): Value {
  const { walk, callee } = site;
  const summary = walk.world.summary(unit);
  const { shape } = callee;
  if (!summary) {
    runUnknownCallbacks(site);
    return shape.kind === 'class'
      ? shaped({ kind: 'object', file: shape.file, class: shape.name })
      : unknownFrom(site.from);
  }
  const how = instantiation(site, unit, summary);
  runWorkspaceCallbacks(site, summary, how);
  growArguments(site, summary, how);
  refineArguments(walk, site.call, unit, summary.settles);
  if (shape.kind === 'class') return shaped({ kind: 'object', file: shape.file, class: shape.name });
  // Whoever reads the result also reads that this call made it, unless it is a constant.
  const result = instantiate(summary.returns, how);
  if (isNothing(result)) return unknownFrom(site.from);
  // a manager's own method gives records of the class that has the manager
  const held = recordsIn(site.receiver);
  return held ? heldBy(result, held) : result;
}

function growArguments(site: CallSite, summary: Summary, how: Instantiation): void {
  for (const [index, items] of summary.grows) {
    const argument = site.call.arguments[index];
    const held = site.positional[index];
    if (!argument || !held || argument.value.kind === 'spread') continue;
    const values = items.map(item =>
      join(instantiate(item, how), shaped({ kind: 'scalar', type: 'null', value: null })),
    );
    growList(site.walk, argument.value, held, values, false);
  }
}

function grows(site: CallSite): Value | undefined {
  const how = GROWS.get(methodName(site.call) ?? '');
  const { receiver, call, walk } = site;
  if (!how || !receiver || call.callee.kind !== 'member') return undefined;
  const own = ownField(call.callee.object);
  if (own !== undefined)
    noteFieldGrowth(walk, own, listOfAny(joinAll(how === 'all' ? site.positional.map(itemOf) : site.positional)));
  const isList = alternativesIn(receiver).some(each => each.shape.kind === 'list');
  const isParameter = receiver.shape.kind === 'unknown' && receiver.shape.parameter !== undefined;
  if (!isList && !isParameter) return undefined;
  const items =
    how === 'all'
      ? site.positional.flatMap(value =>
          value.shape.kind === 'list' && value.shape.items ? value.shape.items : [itemOf(value)],
        )
      : site.positional;
  runUnknownCallbacks(site);
  growList(walk, call.callee.object, receiver, items, how === 'front');
  return isList ? numberValue(unionOf(receiver.from)) : unknownFrom(site.from);
}

/** A parameter of the unit that is called: callers who hand in a function learn what it gets. */
function noteParameterCall(site: CallSite): void {
  const { walk } = site;
  const parameter = site.callee.shape.kind === 'unknown' ? site.callee.shape.parameter : undefined;
  if (!parameter || parameter.unit !== walk.subject.unit || parameter.path.length > 0) return;
  const before = walk.parameterCalls.get(parameter.index);
  const repeatedHere = walk.around.length > 0;
  walk.parameterCalls.set(parameter.index, {
    arguments: site.positional.map((value, index) => {
      const earlier = before?.arguments[index];
      return earlier ? join(earlier, value) : value;
    }),
    repeated: repeatedHere || (before?.repeated ?? false),
  });
}

/** `map.get(key)` of pairs of constants, `record.get(key)`: one of the values. */
function lookedUp(site: CallSite): Value | undefined {
  const { receiver } = site;
  if (methodName(site.call) !== 'get' || !receiver) return undefined;
  const key = site.positional[0]?.from ?? [];
  const fallback = site.positional[1];
  const withFallback = (found: Value): Value => (fallback ? join(found, fallback) : found);
  if (receiver.shape.kind === 'record' && !receiver.shape.open && receiver.shape.entries.size > 0)
    return withFallback(withSources(anyOf([...receiver.shape.entries.values()]), key));
  const pairs = receiver.shape.kind === 'list' ? receiver.shape.items : undefined;
  if (!pairs || pairs.length === 0) return undefined;
  const values = pairs.map(pair => (pair.shape.kind === 'list' ? pair.shape.items?.[1] : undefined));
  return values.every(value => value !== undefined)
    ? withFallback(withSources(anyOf(values.flatMap(value => value ?? [])), key))
    : undefined;
}

/** The result of a call whose name says that it escapes: `quoteIdentifier(name)` of a library without a table. */
function saidEscaped({ walk, call, from }: CallSite): Value | undefined {
  const { escaping } = walk.world.semantics;
  const name = methodName(call) ?? (call.callee.kind === 'name' ? call.callee.name : undefined);
  if (!escaping || name === undefined || call.arguments.length === 0 || !isNamed(wordsIn(name), escaping))
    return undefined;
  return textValue([holeOf(unknownFrom(from), originOf(walk, call), 'said-escaped')], from);
}

/** The result by the tables. */
function meant(site: CallSite, meaning: CallMeaning, returned: readonly CallbackOutcome[], use: Use): Value {
  const { walk, call } = site;
  if (meaning.raises) walk.state.reachable = false;
  if (meaning.proves && isProvenHere(site, meaning)) {
    const proven = proves(site, meaning);
    if (proven) return proven;
  }
  const parts = matchedParts(site, meaning);
  if (parts) return parts;
  if (meaning.builds) {
    const text = builds(site, meaning.builds);
    if (text) return observeText(walk, call, text, use);
  }
  const result = callbackResult(meaning, returned, site);
  if (result) return result;
  const found = lookedUp(site);
  if (found) return found;
  const relation = relationDeclared(site);
  if (relation) return relation;
  if (!meaning.gives) return unknownFrom(site.from);
  const value = given(meaning.gives, {
    at: walk.at(call),
    ...(site.receiver ? { receiver: site.receiver } : {}),
    arguments: site.positional,
    from: site.from,
    call: site.id,
    world: walk.world,
    ...(site.piped ? { piped: site.piped.value } : {}),
    ...(meaning.gives.kind === 'with' ? { types: typesOf(site) } : {}),
    ...(meaning.gives.kind === 'stream' ? { isPromise: isPromise(site), isMany: saysMany(call) } : {}),
  });
  return meaning.loads ? withLoaded(value, site) : value;
}

const typesOf =
  ({ walk, call }: CallSite) =>
  (index: number): Value | undefined => {
    const type = call.types?.[index];
    return type && valueOfTypeArgument(walk.world, fileOf(walk.subject.unit), type);
  };

/** Whether the first argument is a call that gives a promise: none of those that the language itself has. */
function isPromise({ walk, call }: CallSite): boolean {
  const written = call.arguments[0]?.value;
  if (written?.kind !== 'call') return false;
  const { callee, receiver } = evaluateCallee(walk, written.callee);
  if (meaningOf(walk, callee, written, receiver) === undefined) return true;
  const entity = entityOf({ walk, callee, call: written });
  return entity !== undefined && !entity.startsWith('js:');
}

/** Whether the call is handed what it makes its result harmless for: `digest('hex')`. */
function isProvenHere({ positional }: CallSite, { provesWhere }: CallMeaning): boolean {
  const first = positional[0] && constantOf(positional[0]);
  return provesWhere === undefined || (first !== undefined && provesWhere.includes(first));
}

/** The parts of a text that a regular expression matches: `/^(\d+)-(\d+)$/.exec(range)`. */
function matchedParts(
  { walk, call, positional, receiver, from }: CallSite,
  { checks }: CallMeaning,
): Value | undefined {
  if (typeof checks?.proves !== 'object' || !checks.proves.groups) return undefined;
  const valueAt = (which: number | 'receiver') => (which === 'receiver' ? receiver : positional[which]);
  const written = valueAt(checks.proves.pattern);
  const pattern = written && patternIn(written);
  const alphabet = pattern && partsMatchedBy(pattern.pattern, pattern.flags);
  if (!alphabet) return undefined;
  const { safety, within } = proofBy(alphabet);
  const tested = valueAt(checks.of);
  const part = textValue([holeOf(unknownFrom(tested?.from ?? []), originOf(walk, call), safety, within)], from);
  return join(listOfAny(part, from), NULL);
}

/** What a field is given that relates records: `author = ForeignKey(Author)`. */
function relationDeclared(site: CallSite): Value | undefined {
  const { relations } = site.walk.world.semantics;
  const entity = relations.size === 0 ? undefined : entityOf(site);
  const meaning = entity === undefined ? undefined : relations.get(entity);
  return entity !== undefined && meaning ? shaped(declaredRelation(site, entity, meaning), site.from) : undefined;
}

/** A value that went through a call that makes it harmless in text. */
function proves(site: CallSite, meaning: CallMeaning): Value | undefined {
  const { walk, call } = site;
  const from = site.from.filter(source => source.kind !== 'call' || source.call !== site.id);
  if (meaning.proves === 'number') return numberValue(from);
  if (meaning.proves === 'boolean') return booleanValue(from);
  const value = site.positional[0] ?? site.receiver ?? UNKNOWN;
  if (meaning.proves === 'bound' && value.shape.kind === 'text') {
    const pieces = mapHoles(value.shape.pieces, hole => [{ ...hole, safety: hole.safety ?? 'bound' }]);
    return meaning.gives ? undefined : textValue(pieces, from);
  }
  if (meaning.proves === 'bound' && meaning.gives) return undefined;
  return textValue([holeOf(value, originOf(walk, call), meaning.proves)], from);
}

/** Text made of the receiver and the arguments. */
function builds(site: CallSite, building: TextBuilding): Value | undefined {
  const { walk, call, receiver } = site;
  const origin = originOf(walk, call);
  const receiverOrigin: Origin = call.callee.kind === 'member' ? originOf(walk, call.callee.object) : origin;
  const argumentOrigin = (index: number): Origin => {
    const written = call.arguments[index];
    return written ? originOf(walk, written.value) : origin;
  };
  switch (building.kind) {
    case 'concat': {
      if (!receiver) return undefined;
      if (receiver.shape.kind === 'list') return undefined;
      const parts = site.positional.map((value, index) => piecesOf(value, argumentOrigin(index)));
      return concatenated(
        [piecesOf(receiver, receiverOrigin), ...parts],
        unionOf(receiver.from, ...site.positional.map(value => value.from)),
      );
    }
    case 'join': {
      // Python joins the argument with the receiver in between.
      const [argument] = site.positional;
      if (receiver?.shape.kind === 'text' && argument)
        return joined(argument, receiver.shape.pieces, origin, argumentOrigin(0));
      if (!receiver) return undefined;
      const separator = argument ? piecesOf(argument, argumentOrigin(0)) : [{ kind: 'constant' as const, value: ',' }];
      return joined(receiver, separator, origin, receiverOrigin);
    }
    case 'keep': {
      const kept = building.of === 'receiver' ? receiver : site.positional[building.of];
      if (!kept) return undefined;
      const from = unionOf(kept.from, receiver?.from ?? [], ...site.positional.map(value => value.from));
      return withSources(keptText(kept), from);
    }
    case 'printf': {
      const format = site.positional[building.format];
      if (format?.shape.kind !== 'text') return unknownFrom(site.from);
      const pick = (key: number | string): { value: Value; origin: Origin } | undefined => {
        const index =
          typeof key === 'number' ? building.format + 1 + key : site.arguments.findIndex(each => each.name === key);
        const value = typeof key === 'number' ? site.positional[index] : site.arguments[index]?.value;
        return value && { value, origin: argumentOrigin(index) };
      };
      const from = unionOf([], ...site.arguments.map(argument => argument.value.from));
      return formatted(
        format.shape.pieces,
        pick,
        origin,
        { braces: !hasPercent(format), ...(building.escapes ? { escapes: building.escapes } : {}) },
        from,
      );
    }
    case 'format': {
      if (receiver?.shape.kind !== 'text') return undefined;
      const named = namedArguments(site.arguments);
      const pick = (key: number | string): { value: Value; origin: Origin } | undefined => {
        const value = typeof key === 'number' ? site.positional[key] : named.get(key);
        const index = typeof key === 'number' ? key : call.arguments.findIndex(argument => argument.name === key);
        return value && { value, origin: hasSpread(call) && typeof key === 'number' ? origin : argumentOrigin(index) };
      };
      const from = unionOf(receiver.from, ...site.arguments.map(argument => argument.value.from));
      return formatted(receiver.shape.pieces, pick, origin, { braces: true }, from);
    }
    case 'replace': {
      const [first, second] = site.positional;
      const whole = building.in === 'receiver' ? receiver : site.positional[building.in];
      const [search, by] =
        building.in !== 'receiver' && receiver?.shape.kind === 'regex' ? [receiver, first] : [first, second];
      // a method of texts looks for a text as it is; to any other call it is a regular expression
      const isLiteral = building.in === 'receiver' && search?.shape.kind !== 'regex';
      const rid =
        whole && search ? withoutSome(site, { whole, search, by, all: building.all, isLiteral }, origin) : undefined;
      if (rid) return rid;
      if (whole?.shape.kind !== 'text') return undefined;
      const known = search && (isLiteral ? constantOf(search) : literalOf(patternIn(search)?.pattern ?? ''));
      return replaced(
        whole,
        known,
        by ? piecesOf(by, argumentOrigin(1)) : [],
        by && known === undefined ? by.from : [],
      );
    }
    case 'repeat': {
      if (!receiver) return undefined;
      return repeated(receiver, site.positional[0] ?? UNKNOWN, origin);
    }
    case 'string': {
      const value = site.positional[0] ?? receiver;
      return value && keptText(value);
    }
  }
}

interface Replacing {
  readonly whole: Value;
  readonly search: Value;
  readonly by: Value | undefined;
  readonly all: boolean;
  /** What is looked for is a text as it stands, and no regular expression. */
  readonly isLiteral: boolean;
}

/**
 * A text with characters taken out of it, or doubled: `name.replace(/\W/g, '')`, `text.replace(/'/g, "''")`. Nothing
 * where what is replaced are not some characters wherever they stand.
 */
function withoutSome({ positional }: CallSite, replacing: Replacing, origin: Origin): Value | undefined {
  const { whole: receiver, search, by } = replacing;
  const replacement = by && constantOf(by);
  if (replacement === undefined || receiver.shape.kind === 'scalar') return undefined;
  const all = replacing.all || (search.shape.kind === 'regex' && search.shape.flags.includes('g'));
  const pattern = replacing.isLiteral
    ? { pattern: escapedPattern(constantOf(search) ?? ''), flags: '' }
    : patternIn(search);
  const left = all && pattern ? leftBy(pattern.pattern, pattern.flags) : undefined;
  if (!left) return undefined;
  const proof = proofByReplacing(left, replacement);
  if (!proof.safety && !proof.within) return undefined;
  const from = unionOf(receiver.from, ...positional.map(value => value.from));
  // what a text is made of keeps its quotes out hole by hole; anything else is a text of its own from here on
  if (receiver.shape.kind !== 'text')
    return textValue([holeOf(unknownFrom(receiver.from), origin, proof.safety, proof.within)], from);
  const pieces = proof.safety
    ? mapHoles(receiver.shape.pieces, hole => [{ ...hole, safety: hole.safety ?? proof.safety }])
    : withinQuotes(receiver.shape.pieces, proof.within ?? '');
  const [only, ...more] = pieces;
  return textValue(only?.kind === 'hole' && more.length === 0 ? [{ ...only, ...origin }] : pieces, from);
}

/** The only text that a regular expression matches, where there is but one: `/:name\b/`. */
function literalOf(pattern: string): string | undefined {
  const text = pattern.replace(/^\\b|\\b$/g, '').replace(/\\(?=[^\w])/g, '');
  return /^[\w\s:@#%&{}<>=~-]+$/.test(text) ? text : undefined;
}

const escapedPattern = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');

const hasPercent = (format: Value): boolean =>
  format.shape.kind === 'text' &&
  format.shape.pieces.some(piece => piece.kind === 'constant' && /%[-+ #0-9.(]*[a-zA-Z]/.test(piece.value));

/** Cased, trimmed or cut: a parameter's own value it is no more, but what it was made of stays. */
function keptText(value: Value): Value {
  if (value.shape.kind === 'unknown') return shaped({ kind: 'unknown', text: true }, value.from);
  if (value.shape.kind === 'oneOf' && value.shape.alternatives.some(each => each.shape.kind === 'unknown'))
    return withSources(joinAll(value.shape.alternatives.map(keptText)), value.from);
  return value;
}
