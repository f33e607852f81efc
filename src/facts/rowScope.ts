/**
 * Which rows a query is about and how many of them come back, as far as its call, the calls on its builder and their
 * arguments tell. Conditions that are put together elsewhere are not known, and then nothing is said.
 */
import type { UnitId } from '../engine/place';
import { namesOf } from '../libraries/names';
import type { ClauseRow, QueryRow } from '../libraries/vocabulary';
import type { ObservedCall } from '../program/analysis';
import { alternativesIn } from '../program/lattice';
import type { CallId, Value } from '../program/value';
import type { ConditionObject, OperatorOpening, RowScope } from './facts';
import { operatorOpeningsIn } from './operatorOpenings';
import type { QueryCall } from './queryCall';
import type { Setting } from './setting';

/** Nothing when the tables say nothing of the query's rows, or of a call on its builder. */
export function rowScopeOf(setting: Setting, unit: UnitId, query: QueryCall): RowScope | undefined {
  const calls = setting.analysis.unit(unit).calls;
  const own = callsOn(setting, calls, new Set(query.chain));
  const rows = own.flatMap(({ call }) => setting.tables.queries.get(nameOf(call)) ?? []).length;
  if (rows === 0) return undefined;
  const openings: OperatorOpening[] = [];
  let filter: RowScope['filter'] = 'none';
  let changes: RowScope['changes'];
  let bounded = false;
  let streams = false;
  let needsFilter = false;
  let emptyFilter = false;
  let returns: QueryRow['returns'];
  const filters = (state: RowScope['filter']): void => {
    if (state === 'some' || filter === 'none') filter = filter === 'some' ? 'some' : state;
    if (state === 'unknown' && filter !== 'some') filter = 'unknown';
  };
  for (const { call, known } of own) {
    if (!known) filters('unknown');
    for (const row of rowsOf(setting, call)) {
      if (row.changes) changes = row.changes;
      needsFilter ||= row.needsFilter ?? false;
      returns = row.returns ?? returns;
      const given = filterOf(call, row);
      if (given) filters(given.state);
      emptyFilter ||= given?.empty ?? false;
      openings.push(...openingsIn(setting, unit, call, row));
      if (isLimited(call, row)) bounded = true;
    }
    for (const row of clausesOf(setting, call)) {
      if (row.says === 'filters' || row.says === 'joins') filters('some');
      if (row.says === 'limits' || row.says === 'aggregates') bounded = true;
      if (row.says === 'streams') streams = true;
      for (const [index, role] of [[row.filter, 'filter'] as const, [row.code, 'code'] as const])
        if (index !== undefined) openings.push(...openingsAt(setting, unit, call, index, role));
    }
  }
  if (isHandedOn(calls, own)) filters('unknown');
  const readsAll = filter === 'none' && !bounded && !streams && own.every(each => leavesAll(setting, each.call));
  const takesLimit = own.some(({ call }) => rowsOf(setting, call).some(row => row.limit !== undefined));
  const limitsAt = readsAll && own.length === 1 && own[0] ? limitPlace(setting, unit, own[0].call) : undefined;
  return {
    filter,
    ...(changes ? { changes } : {}),
    needsFilter,
    emptyFilter,
    bounded: bounded || returns === 'one' || returns === 'count' || returns === 'nothing',
    streams,
    ...(returns ? { returns } : {}),
    ...(readsAll && (takesLimit ? returns === 'many' : isBoundableBuilder(setting, own)) ? { readsAll } : {}),
    ...(limitsAt ? { limitsAt } : {}),
    openings,
  };
}

/** Words in the arguments of a call that make it less than all rows, or sums of them. */
const NARROWS =
  /\b(?:where|having|group|groupBy|distinct|required|through|limit|take|top|first|cursor|paginate|pageSize|(?:count|sum|avg|min|max)(?:All|Distinct)?|fn|exists)\b/i;

const NO_CONDITIONS = /\bwhere\s*:\s*\{\s*\}/;

/** Nothing in its own arguments takes rows away, as far as their words tell. */
const leavesAll = ({ tables }: Setting, call: ObservedCall): boolean =>
  !(tables.queries.get(nameOf(call)) ?? []).some(({ row }) => row.operation === 'write') &&
  call.arguments.every(argument => !argument.spread && !NARROWS.test(argument.source.replace(NO_CONDITIONS, '')));

/** All of it is a builder that has a call for a limit, so that the tables know what bounds it. */
const isBoundableBuilder = ({ tables }: Setting, own: readonly CallOn[]): boolean => {
  const isStatement = (value: Value | undefined): boolean =>
    value !== undefined &&
    alternativesIn(value).some(({ shape }) => shape.kind === 'instance' && tables.builders.has(shape.of));
  const [first] = own;
  if (!first || !own.every(({ call }) => isStatement(call.receiver) || isStatement(call.result))) return false;
  const library = packageIn(nameOf(first.call));
  return [...tables.clauses].some(
    ([name, rows]) => packageIn(name) === library && rows.some(({ row }) => row.says === 'limits'),
  );
};

const packageIn = (entity: string): string => entity.slice(0, entity.indexOf('#'));

/** Where an option that bounds the rows goes in: first in the object of options, or as the only argument. */
function limitPlace(setting: Setting, unit: UnitId, call: ObservedCall): RowScope['limitsAt'] {
  const [option] = rowsOf(setting, call).flatMap(row => (row.limit === 0 ? namesOf(row.limitProperty) : []));
  if (option === undefined) return undefined;
  const at = (offset: number) => ({ unit, start: offset, end: offset });
  const [options] = call.arguments;
  if (!options) return { at: at(call.argumentsAt.start + 1), option, before: '{ ', after: ' }' };
  if (call.arguments.length > 1 || call.node.arguments[0]?.value.kind !== 'record') return undefined;
  if (!options.source.startsWith('{')) return undefined;
  const isEmpty = /^\{\s*\}$/.test(options.source);
  return { at: at(options.at.start + 1), option, before: ' ', after: isEmpty ? ' ' : ',' };
}

const nameOf = ({ target }: ObservedCall): string => (target.kind === 'library' ? target.name : '');

const fits = (arity: readonly [number, number] | undefined, count: number): boolean =>
  arity === undefined || (arity[0] <= count && count <= arity[1]);

const rowsOf = ({ tables }: Setting, call: ObservedCall): readonly QueryRow[] =>
  (tables.queries.get(nameOf(call)) ?? []).map(({ row }) => row).filter(row => fits(row.arity, call.arguments.length));

const clausesOf = ({ tables }: Setting, call: ObservedCall): readonly ClauseRow[] =>
  (tables.clauses.get(nameOf(call)) ?? []).map(({ row }) => row).filter(row => fits(row.arity, call.arguments.length));

/** A call on the statement, and whether the tables know it. */
interface CallOn {
  readonly call: ObservedCall;
  readonly known: boolean;
}

/** The calls of the query and all further ones on what they gave. */
function callsOn({ tables }: Setting, calls: readonly ObservedCall[], ids: ReadonlySet<CallId>): readonly CallOn[] {
  const all = new Set(ids);
  const isStatement = (value: Value): boolean =>
    alternativesIn(value).some(({ shape }) => shape.kind === 'instance' && tables.statements.has(shape.of));
  const found: CallOn[] = [];
  for (const call of [...calls].sort((left, right) => left.at.end - right.at.end)) {
    const { receiver, target } = call;
    const isOn = receiver !== undefined && isStatement(receiver) && madeBy(receiver).some(id => all.has(id));
    if (!ids.has(call.id) && !isOn) continue;
    all.add(call.id);
    // a builder that was handed in has conditions of its own
    const isForeign = ids.has(call.id) && receiver !== undefined && isStatement(receiver) && !isOn;
    found.push({ call, known: !isForeign && target.kind === 'library' && tables.semantics.calls.has(target.name) });
  }
  return found;
}

const madeBy = (value: Value): readonly CallId[] =>
  alternativesIn(value).flatMap(({ shape }) => (shape.kind === 'instance' && shape.by !== undefined ? [shape.by] : []));

/** The statement goes to a function that may add to it, or is one of several values. */
function isHandedOn(calls: readonly ObservedCall[], own: readonly CallOn[]): boolean {
  const ids = new Set(own.map(({ call }) => call.id));
  return calls.some(
    call =>
      !ids.has(call.id) &&
      call.target.kind !== 'library' &&
      call.arguments.some(argument => madeBy(argument.value).some(id => ids.has(id))),
  );
}

/** What a row's own argument says: nothing there, nothing in it, or conditions. */
function filterOf(
  call: ObservedCall,
  { filter, filterProperty }: QueryRow,
): { readonly state: RowScope['filter']; readonly empty?: boolean } | undefined {
  if (filter === undefined) return undefined;
  if (call.arguments.some(argument => argument.spread)) return { state: 'unknown' };
  const argument = call.arguments[filter];
  if (!argument) return { state: 'none' };
  const { shape } = argument.value;
  if (filterProperty !== undefined) {
    if (shape.kind !== 'record') return { state: 'unknown' };
    const conditions = shape.entries.get(filterProperty);
    if (!conditions) return { state: shape.open ? 'unknown' : 'none' };
    return given(conditions);
  }
  return given(argument.value);
}

const given = (value: Value): { readonly state: RowScope['filter']; readonly empty: boolean } => {
  const state = stateOf(value);
  return { state, empty: state === 'none' };
};

/** Of conditions: an object that is known to be empty leaves every row. */
function stateOf({ shape }: Value): RowScope['filter'] {
  if (shape.kind !== 'record') return 'unknown';
  if (shape.entries.size > 0) return 'some';
  return shape.open ? 'unknown' : 'none';
}

function openingsIn(setting: Setting, unit: UnitId, call: ObservedCall, row: QueryRow): readonly OperatorOpening[] {
  const at = (index: number | undefined, role: ConditionObject['role']): readonly OperatorOpening[] =>
    index === undefined ? [] : openingsAt(setting, unit, call, index, role);
  return [
    ...(row.filterProperty === undefined ? at(row.filter, 'filter') : []),
    ...at(row.update, 'update'),
    ...at(row.pipeline, 'pipeline'),
    ...(row.code ?? []).flatMap(index => at(index, 'code')),
  ];
}

function openingsAt(
  setting: Setting,
  unit: UnitId,
  call: ObservedCall,
  index: number,
  role: ConditionObject['role'],
): readonly OperatorOpening[] {
  if (setting.tables.libraryOf(nameOf(call))?.operators === undefined) return [];
  const argument = call.arguments[index];
  const node = call.node.arguments[index]?.value;
  if (!argument || argument.spread || node?.kind === 'lambda' || node?.kind === 'unit') return [];
  const { at, source, value } = argument;
  return operatorOpeningsIn(setting, unit, call, { at, source, value, role }, index);
}

function isLimited(call: ObservedCall, { limit, limitProperty }: QueryRow): boolean {
  if (limit === undefined) return false;
  const options = call.arguments[limit]?.value.shape;
  if (options?.kind !== 'record') return options !== undefined;
  return options.open || namesOf(limitProperty).some(name => options.entries.has(name));
}
