/** Calls functions of the project's own, and those that a library is handed. */
import { fileOf, type UnitId } from '../../engine/place';
import type { Call, Function as FunctionNode, Pattern } from '../../program/model';
import { type Callable, DEEPEST, type Evaluation, type FunctionValue } from './evaluation';
import type { Flow } from './flow';
import { noteRepeated, noteUnfollowed } from './notes';
import { setEntry } from './records';
import { type GivenArgument, type Names, partsOf, UNDEFINED, UNKNOWN, type Value } from './values';

/** How many calls of functions are followed. */
const MOST_CALLS = 20_000;

/** Runs a body whose parameters are bound, and gives what it returns. */
export function runFunction(evaluation: Evaluation, fn: FunctionNode, unit: UnitId, names: Names): Value {
  if (evaluation.depth >= DEEPEST) {
    noteUnfollowed(evaluation, fn, unit, 'calls that go too deep');
    return UNKNOWN;
  }
  evaluation.depth += 1;
  const end = evaluation.block(fn.body, names, unit);
  evaluation.depth -= 1;
  return end?.kind === 'returns' ? end.value : UNDEFINED;
}

/** Calls a function of the project's own with these arguments. */
export function applyFunction(evaluation: Evaluation, target: FunctionValue, more: readonly GivenArgument[]): Value {
  evaluation.calls += 1;
  if (evaluation.calls > MOST_CALLS) {
    if (evaluation.calls === MOST_CALLS + 1)
      noteUnfollowed(evaluation, target.function, target.unit, 'very many calls');
    return UNKNOWN;
  }
  if (fileOf(target.unit) === evaluation.module.file) return applied(evaluation, target, more);
  const { site, entries } = evaluation;
  if (target.site) evaluation.site = target.site;
  const isHanded = [...more.map(({ value }) => value), ...target.names.values()].some(mayAct);
  if (!isHanded) evaluation.entries = [];
  const value = applied(evaluation, target, more);
  // what is handed nothing that could act is asked for what it gives, however it gets at that
  if (!isHanded) evaluation.entries = [...entries, ...evaluation.entries.filter(({ kind }) => kind === 'chain')];
  evaluation.site = site;
  return value;
}

function applied(evaluation: Evaluation, target: FunctionValue, more: readonly GivenArgument[]): Value {
  const inner: Names = new Map(target.names);
  const given = target.given ? [...target.given, ...more] : more;
  const positional = given.filter(({ name }) => name === undefined);
  target.function.parameters.forEach((parameter, index) => {
    const byName =
      parameter.target.kind === 'variable'
        ? given.find(({ name }) => name === (parameter.target.kind === 'variable' ? parameter.target.name : undefined))
        : undefined;
    const value: Value = parameter.rest
      ? { kind: 'list', items: positional.slice(index).map(each => each.value) }
      : ((byName ?? positional[index])?.value ??
        (parameter.default ? evaluation.value(parameter.default, inner, target.unit) : UNDEFINED));
    evaluation.bind(parameter.target, value, inner, target.unit);
    // `constructor(private knex)`
    const object = inner.get('this');
    if (parameter.field && parameter.target.kind === 'variable' && object?.kind === 'record')
      setEntry(object, parameter.target.name, value);
  });
  return runFunction(evaluation, target.function, target.unit, inner);
}

/** Calls what can be called. */
export function invoke(evaluation: Evaluation, target: Callable, given: readonly GivenArgument[]): Value {
  return target.kind === 'bound' ? target.call(given) : evaluation.apply(target, given);
}

/** `fn.bind(thing, …)`, `fn.call(thing, …)`, `fn.apply(thing, […])`. */
export function onFunction(
  evaluation: Evaluation,
  target: Callable,
  name: string,
  [, ...given]: readonly GivenArgument[],
): Value {
  switch (name) {
    case 'bind':
      return target.kind === 'bound'
        ? { kind: 'bound', call: more => target.call([...given, ...more]) }
        : { ...target, given: [...(target.given ?? []), ...given] };
    case 'call':
      return invoke(evaluation, target, given);
    default: {
      const list = given[0]?.value;
      const spread = list?.kind === 'list' && !list.open ? list.items.map(value => ({ value })) : [{ value: UNKNOWN }];
      return invoke(evaluation, target, spread);
    }
  }
}

/**
 * What a library that runs functions makes of those it is handed. What they would be handed is not known.
 * @param isWaitedFor whether the last thing that they are handed is a function by which they say that they are done
 */
export function runHanded(
  evaluation: Evaluation,
  flow: Flow,
  given: readonly GivenArgument[],
  isWaitedFor: boolean,
  call: Call,
  unit: UnitId,
): void {
  const values = given.map(({ value }) => value);
  const [source] = values;
  let rest = values;
  if (flow === 'items' && source) {
    const each = values.find(isCallable);
    const items = source.kind === 'list' && !source.open ? source.items : undefined;
    if (each && items) for (const item of items) invoke(evaluation, each, [{ value: item }]);
    else if (each) noteRepeated(evaluation, call, unit, () => invoke(evaluation, each, [{ value: UNKNOWN }]));
    rest = values.slice(1).filter(value => value !== each);
  }
  for (const value of rest.flatMap(membersOf)) {
    if (value.kind === 'bound') value.call([]);
    if (value.kind !== 'function') continue;
    const last = value.function.parameters.length - 1 - (value.given?.length ?? 0);
    evaluation.apply(
      value,
      handedTo(value, index => (isWaitedFor && index === last ? DONE : UNKNOWN)),
    );
  }
}

/** What a function is handed by whoever calls it back: Node's hand over an error first, and there is none. */
export function handedTo(
  { function: { parameters }, given = [] }: FunctionValue,
  value: (index: number) => Value,
): readonly GivenArgument[] {
  return parameters
    .slice(given.length)
    .map(({ target }, index) => ({ value: index === 0 && isError(target) ? UNDEFINED : value(index) }));
}

/** Whether something could act on a database: what the tool hands over, in whatever it is kept. */
const mayAct = (value: Value): boolean =>
  [...partsOf(value)].some(
    part =>
      part.kind === 'bound' || (part.kind === 'chain' && (part.root.kind === 'parameter' || part.root.kind === 'this')),
  );

export const isCallable = (value: Value): value is Callable => value.kind === 'function' || value.kind === 'bound';

const isError = (target: Pattern): boolean => target.kind === 'variable' && /^(?:err|error|e)$/.test(target.name);

/** What is in a list or record, or the value itself. */
const membersOf = (value: Value): readonly Value[] =>
  value.kind === 'list' ? value.items : value.kind === 'record' ? [...value.entries.values()] : [value];

/** The function by which a callback says that it is done. */
const DONE: Value = { kind: 'bound', call: () => UNDEFINED };
