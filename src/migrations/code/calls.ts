/** Calls: on what the tool hands over, on values, of functions, of what is not followed. */
import { fileOf, type UnitId } from '../../engine/place';
import type { Argument, Call, Expression, Span } from '../../program/model';
import { askedOf, IS_IN, turnOf } from './answers';
import { boundMember, chainOf, grownChain, noteCall } from './chains';
import { isIn, testsAs } from './conditions';
import type { Evaluation } from './evaluation';
import { flowOf } from './flow';
import { invoke, isCallable, onFunction, runHanded } from './functions';
import { type Apply, callOnValue, entriesOf } from './language';
import { asClass, classAt, instanceOf, methodOf, packagesBase, parentOf } from './members';
import { valueOfName } from './modules';
import { noteFailure, noteRepeated, noteUnfollowed, placeOf } from './notes';
import { added } from './records';
import { joined, textOf, textOfParts, textValue } from './texts';
import { type Chain, type GivenArgument, type Names, UNKNOWN, type Value } from './values';

const COLLECTIONS = new Set(['set', 'frozenset', 'list', 'tuple']);

/** What a call gives; what it does is noted. */
export function called(evaluation: Evaluation, call: Call, names: Names, unit: UnitId): Value {
  const before = evaluation.site;
  if (fileOf(unit) === evaluation.module.file)
    evaluation.site = { unit, start: call.callee.start, end: call.callee.end };
  const value = followed(evaluation, call, names, unit);
  evaluation.site = before;
  return value;
}

function followed(evaluation: Evaluation, call: Call, names: Names, unit: UnitId): Value {
  const { callee } = call;
  if (callee.kind === 'this' && callee.super) return toParent(evaluation, call, names, unit);
  // what an import constructs is a thing of the library's, like what its functions give: `new Table(…)`, `sa.Column(…)`
  if (call.form === 'new' && !isImported(evaluation, callee, names, unit)) {
    const of = asClass(evaluation.value(callee, names, unit));
    return of && of.module !== evaluation.module
      ? instanceOf(evaluation, of, argumentsOf(evaluation, call.arguments, names, unit))
      : instanceMade(evaluation, call, names, unit);
  }
  if (callee.kind === 'member') {
    const object = evaluation.value(callee.object, names, unit);
    const asked = askedOf(evaluation, object, callee.name, call, names, unit);
    if (asked) return asked;
    const turn = PER_ITEM.has(callee.name) ? turnOf(evaluation, object, call, names, unit) : undefined;
    if (turn) return turn;
    const dotted = object.kind === 'chain' ? classAt(evaluation, object, callee.name, unit) : undefined;
    if (dotted && packagesBase(evaluation, dotted))
      return instanceOf(evaluation, dotted, argumentsOf(evaluation, call.arguments, names, unit));
    if (object.kind === 'chain')
      return callOnChain(evaluation, object, callee.name, callee.nameSpan, call, names, unit);
    if (object.kind === 'record') {
      const method = evaluation.member(object, callee.name, callee.nameSpan, unit, true);
      if (isCallable(method)) return invoke(evaluation, method, argumentsOf(evaluation, call.arguments, names, unit));
    }
    if (object.kind === 'module') {
      const found = evaluation.member(object, callee.name, callee.nameSpan, unit, true);
      const of = asClass(found);
      if (of && packagesBase(evaluation, of))
        return instanceOf(evaluation, of, argumentsOf(evaluation, call.arguments, names, unit));
      if (isCallable(found)) return invoke(evaluation, found, argumentsOf(evaluation, call.arguments, names, unit));
      if (found.kind === 'chain') return callOnChain(evaluation, found, undefined, callee, call, names, unit);
    }
    if (isCallable(object) && OF_FUNCTIONS.has(callee.name))
      return onFunction(evaluation, object, callee.name, argumentsOf(evaluation, call.arguments, names, unit));
    const given = argumentsOf(evaluation, call.arguments, names, unit);
    // what a function of its own gives may be waited for
    if (GOES_ON.has(callee.name)) {
      for (const { value } of given) if (isCallable(value)) invoke(evaluation, value, [{ value: object }]);
      return UNKNOWN;
    }
    const [only] = given;
    if (only && object.kind === 'list' && IS_IN.has(callee.name)) return isIn(evaluation, only.value, object);
    if (object.kind === 'list' && ADDS.has(callee.name)) return added(evaluation, object, given);
    const apply: Apply = (fn, values) =>
      evaluation.apply(
        fn,
        values.map(value => ({ value })),
      );
    const truth = (value: Value): boolean | undefined => testsAs(evaluation, value);
    return (
      callOnValue(object, callee.name, given, { apply, join: joined, truth }) ?? outside(evaluation, call, given, unit)
    );
  }
  const target = evaluation.value(callee, names, unit);
  const of = asClass(target);
  if (of && packagesBase(evaluation, of))
    return instanceOf(evaluation, of, argumentsOf(evaluation, call.arguments, names, unit));
  if (isCallable(target)) return invoke(evaluation, target, argumentsOf(evaluation, call.arguments, names, unit));
  if (target.kind === 'chain') return callOnChain(evaluation, target, undefined, callee, call, names, unit);
  return outside(evaluation, call, argumentsOf(evaluation, call.arguments, names, unit), unit);
}

/** `super(…)` in the constructor of a class of another file. */
function toParent(evaluation: Evaluation, call: Call, names: Names, unit: UnitId): Value {
  const given = argumentsOf(evaluation, call.arguments, names, unit);
  const [object, of] = [names.get('this'), names.get('<class>')];
  const parent = of?.kind === 'class' ? parentOf(evaluation, of) : undefined;
  const makes = object && parent && methodOf(evaluation, object, parent, 'constructor');
  if (makes) evaluation.apply(makes, given);
  return UNKNOWN;
}

function isImported(evaluation: Evaluation, callee: Expression, names: Names, unit: UnitId): boolean {
  if (callee.kind === 'member') return isImported(evaluation, callee.object, names, unit);
  if (callee.kind !== 'name') return false;
  const value = valueOfName(evaluation, callee.name, names, unit);
  return value.kind === 'chain' && value.root.kind === 'import';
}

/** A call of something that was not followed: harmless, unless it is handed what could act. */
function outside(evaluation: Evaluation, call: Call, given: readonly GivenArgument[], unit: UnitId): Value {
  const what = 'a call of something else';
  if (given.some(({ value }) => value.kind === 'chain')) noteUnfollowed(evaluation, call, unit, what);
  else
    for (const { value } of given)
      if (isCallable(value))
        noteRepeated(evaluation, call, unit, () => invoke(evaluation, value, [{ value: UNKNOWN }]), what);
  return UNKNOWN;
}

function argumentsOf(
  evaluation: Evaluation,
  args: readonly Argument[],
  names: Names,
  unit: UnitId,
): readonly GivenArgument[] {
  return args.flatMap(({ value, name }): readonly GivenArgument[] => {
    const found = evaluation.value(value.kind === 'spread' ? value.value : value, names, unit);
    if (value.kind === 'spread') {
      if (found.kind === 'list' && !found.open) return found.items.map(item => ({ value: item }));
      if (found.kind === 'record') return [...found.entries].map(([key, entry]) => ({ value: entry, name: key }));
      return [{ value: UNKNOWN }];
    }
    return [{ value: found, ...(name === undefined ? {} : { name }) }];
  });
}

function callOnChain(
  evaluation: Evaluation,
  object: Chain,
  name: string | undefined,
  at: Span,
  call: Call,
  names: Names,
  unit: UnitId,
): Value {
  const { root } = object;
  if (object.steps.length === 0 && root.kind === 'this' && name !== undefined) {
    const method = evaluation.module.classes.find(each => each.name === evaluation.owner)?.methods.get(name);
    const found = evaluation.module.units.find(({ id }) => id === method);
    if (found)
      return evaluation.apply(
        { kind: 'function', function: found.function, unit: found.id, names: new Map() },
        argumentsOf(evaluation, call.arguments, names, unit),
      );
  }
  const chain = grownChain(evaluation, object);
  // what is handed over happens before the call
  const given = handedTo(evaluation, object, name, call, names, unit);
  if (root.kind === 'global') return callOnGlobal(evaluation, object, root.name, name, call, given, unit);
  const called = name ?? object.steps.at(-1)?.name ?? 'new';
  const flow = root.kind === 'import' ? flowOf(root.from, called) : undefined;
  if (flow && root.kind === 'import') {
    runHanded(evaluation, flow, given, root.from === 'async' || called === 'new', call, unit);
    return chainOf(root, evaluation.conditions);
  }
  const isBound = name === 'bind' && object.steps.at(-1)?.arguments === undefined;
  if (isBound && root.kind === 'parameter' && object.steps.length > 0) return boundMember(evaluation, object, given);
  return noteCall(evaluation, chain, name, placeOf(evaluation, at, unit), given);
}

/** What a call is handed; of a `sql` that tags a template the text that is sent, in which values are parameters. */
function handedTo(
  evaluation: Evaluation,
  { root, steps }: Chain,
  name: string | undefined,
  call: Call,
  names: Names,
  unit: UnitId,
): readonly GivenArgument[] {
  const [template] = call.arguments;
  const tag = name ?? steps.at(-1)?.name;
  if (call.form !== 'tagged' || root.kind !== 'import' || tag !== 'sql' || template?.value.kind !== 'text')
    return argumentsOf(evaluation, call.arguments, names, unit);
  return [{ value: textOfParts(evaluation, template.value, names, unit, sentFor) }];
}

/** What stands in the text that is sent for `sql.raw('…')`, another `` sql`…` ``, and a name that needs no quotes. */
function sentFor(value: Value): Value | undefined {
  if (value.kind !== 'chain' || value.root.kind !== 'import') return undefined;
  const made = value.steps.findLast(step => step.arguments !== undefined);
  const [first, more] = made?.arguments ?? [];
  if (!made || !first || more) return undefined;
  const text = textValue(first.value);
  if (made.name === 'raw' || made.name === 'sql') return textOf(first.value);
  const isName = made.name === 'identifier' || made.name === 'ref';
  return isName && text !== undefined && /^[a-z_][a-z\d_]*$/.test(text) ? first.value : undefined;
}

/** `Promise.all([…]).then(() => …)` runs what it is handed; what else the language offers is harmless unless it is handed what could act. */
function callOnGlobal(
  evaluation: Evaluation,
  object: Chain,
  root: string,
  name: string | undefined,
  call: Call,
  given: readonly GivenArgument[],
  unit: UnitId,
): Value {
  // Python's `set()` and `list(names)`
  if (COLLECTIONS.has(root) && name === undefined && evaluation.module.language === 'python') {
    const [only] = given;
    if (!only) return { kind: 'list', items: [] };
    if (only.value.kind === 'list' || only.value.kind === 'members') return only.value;
  }
  if (root === 'any' && given[0]?.value.kind === 'within') return given[0].value;
  if (root === 'bool' && given[0]) return given[0].value;
  // PHP's
  if (root === 'in_array' && name === undefined) {
    const [asked, among] = given.map(({ value }) => value);
    if (asked && among && among.kind !== 'unknown') return isIn(evaluation, asked, among);
  }
  if (OF_THE_LANGUAGE.has(root)) {
    const known = entriesOf(root, name, given) ?? (call.form === 'tagged' ? rawText(name, given[0]?.value) : undefined);
    if (known) return known;
    for (const { value } of given)
      if (isCallable(value))
        noteRepeated(evaluation, call, unit, () => invoke(evaluation, value, [{ value: UNKNOWN }]));
    return UNKNOWN;
  }
  if (root !== 'Promise') return outside(evaluation, call, given, unit);
  if (name === 'reject') noteFailure(evaluation, call, unit);
  // what handles an error has none to handle
  else if (name !== 'catch')
    runHanded(evaluation, flowOf('Promise', name ?? 'new') ?? 'functions', given, false, call, unit);
  return object;
}

function instanceMade(evaluation: Evaluation, call: Call, names: Names, unit: UnitId): Value {
  const { callee } = call;
  const name = callee.kind === 'name' || callee.kind === 'member' ? callee.name : '';
  const given = argumentsOf(evaluation, call.arguments, names, unit);
  if (name !== 'Promise') return { kind: 'instance', name, arguments: given };
  runHanded(evaluation, 'functions', given, true, call, unit);
  return chainOf({ kind: 'global', name }, evaluation.conditions);
}

/** `` String.raw`…` ``, of a template without escapes. */
const rawText = (name: string | undefined, value: Value | undefined): Value | undefined =>
  name === 'raw' && value?.kind === 'text' && value.pieces.every(({ escapes }) => escapes === undefined)
    ? value
    : undefined;

/** None of their calls acts on a database, whatever it is handed. */
const OF_THE_LANGUAGE = new Set(
  'JSON Object Array String Number Boolean Math Date Symbol Buffer console parseInt parseFloat isNaN str int len print'.split(
    ' ',
  ),
);

const GOES_ON = new Set(['then', 'finally']);

const PER_ITEM = new Set(['map', 'flatMap', 'forEach', 'filter', 'reduce', 'each', 'mapSeries']);

const ADDS = new Set(['push', 'append', 'add']);

const OF_FUNCTIONS = new Set(['bind', 'call', 'apply']);
