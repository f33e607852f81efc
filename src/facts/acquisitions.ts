/**
 * What a unit takes and has to give back, and the ways on which it does not. Followed within the function that holds it: what
 * is handed to someone else is theirs, and a function that returns what it took is itself a call that takes.
 */
import { fileOf, type Place, type UnitId } from '../engine/place';
import { namesOf } from '../libraries/names';
import type { AcquireRow } from '../libraries/vocabulary';
import { type ObservedCall, placeIn } from '../program/analysis';
import { alternativesIn } from '../program/lattice';
import type { Call, Expression, Function as FunctionNode, Lambda, Span } from '../program/model';
import type { ModelNode } from '../program/parents';
import type { Truth } from '../program/pathConditions';
import { type Ending, followPaths, type PathMachine } from '../program/paths';
import { callbackRunOf } from './callbackRuns';
import { entityOf } from './entityNames';
import type { Acquisition, Leak } from './facts';
import {
  binderOf,
  failsHere,
  type Handle,
  type HandleUse,
  namesBoundBy,
  namesIn,
  ownerOf,
  type UnitNames,
  useOf,
} from './handles';
import { isIdle } from './idleHandles';
import type { RowOf } from './libraryTables';
import { queryCallsOf } from './queryCalls';
import { labelOf } from './queryRows';
import { releaseRewriteOf } from './releaseRewrites';
import type { Setting } from './setting';

export interface UnitAcquisitions {
  readonly acquisitions: readonly Acquisition[];
  /** The unit gives its caller what it took: a call of it takes. */
  readonly gives?: RowOf<AcquireRow>;
}

const NONE: UnitAcquisitions = { acquisitions: [] };
/** Generated code alone takes more in one function. */
const MAX_PER_UNIT = 40;

/** Kept in the analysis' memory. */
export function acquisitionsOf(setting: Setting, unit: UnitId): UnitAcquisitions {
  const { analysis, key } = setting;
  // a function that is being looked into further up the stack gives nothing yet
  return (
    analysis.remember<UnitAcquisitions | undefined>(`acquisitions ${key} ${unit}`, () => find(setting, unit)) ?? NONE
  );
}

/** Called by the file's own top level, and not handed to what calls it later: a route's handler. */
const isStartUp = ({ analysis }: Setting, unit: UnitId): boolean =>
  analysis
    .unit(fileOf(unit))
    .calls.some(({ target, implicit }) => target.kind === 'unit' && target.unit === unit && !implicit);

interface Taking {
  readonly call: ObservedCall;
  readonly row: RowOf<AcquireRow>;
}

function find(setting: Setting, unit: UnitId): UnitAcquisitions {
  const takings = setting.analysis
    .unit(unit)
    .calls.flatMap(call => takingAt(setting, unit, call))
    .slice(0, MAX_PER_UNIT);
  if (takings.length === 0) return NONE;
  const names = namesIn(setting, unit);
  if (!names) return NONE;
  const acquisitions: Acquisition[] = [];
  let gives: RowOf<AcquireRow> | undefined;
  const receivers = new Set<string>();
  for (const taking of takings) {
    const held = holding(setting, names, taking);
    if (held === 'returned') gives ??= taking.row;
    if (typeof held === 'string') continue;
    // `connect()` and `startTransaction()` on one runner take one connection
    if (taking.row.row.on === 'receiver') {
      const key = `${held.handle?.name} ${held.handle?.owner?.start}`;
      if (receivers.has(key)) continue;
      receivers.add(key);
    }
    if (held.handle && isIdle(names, held.handle, taking.row.row)) continue;
    const followed = held.handle ? follow(setting, names, taking, held) : undefined;
    if (followed?.isReturned && !followed.use.releases.length) gives ??= taking.row;
    acquisitions.push(acquisitionOf(setting, names, taking, held, followed));
  }
  // what runs once, when the process starts, is given back when it ends
  if (isStartUp(setting, unit)) return gives ? { acquisitions: [], gives } : NONE;
  return gives ? { acquisitions, gives } : { acquisitions };
}

function takingAt(setting: Setting, unit: UnitId, call: ObservedCall): readonly Taking[] {
  if (call.implicit) return [];
  const { target } = call;
  if (target.kind === 'library') {
    const row = setting.tables.acquires
      .get(target.name)
      ?.find(({ row: { arity } }) => !arity || (arity[0] <= target.arity && target.arity <= arity[1]));
    return row && !isLent(row, call) ? [{ call, row }] : [];
  }
  if (target.kind !== 'unit' || target.unit === unit || !mayBeTaken(setting, call)) return [];
  const row = acquisitionsOf(setting, target.unit).gives;
  return row ? [{ call, row }] : [];
}

/** Whether it is handed what it works on. */
const isLent = ({ library, row }: RowOf<AcquireRow>, { arguments: given }: ObservedCall): boolean => {
  const lenders = new Set(namesOf(row.lentBy).map(type => entityOf(library, type)));
  return (
    lenders.size > 0 &&
    given.some(({ value }) =>
      alternativesIn(value).some(({ shape }) => shape.kind === 'instance' && lenders.has(shape.of)),
    )
  );
};

const mayBeTaken = ({ tables }: Setting, { result }: ObservedCall): boolean =>
  alternativesIn(result).some(({ shape }) => shape.kind === 'instance' && tables.heldTypes.has(shape.of));

/** Where something is held: under a name in a function, or nowhere. */
interface Held {
  readonly region: FunctionNode;
  readonly handle?: Handle;
  /** How the walk through the region begins. */
  readonly start: 'taken at the call' | { readonly present: string; readonly error?: string };
  /** Nothing holds it. */
  readonly unnamed?: boolean;
}

/** Where it is held; `returned` to the caller; `elsewhere`: in a field, by whoever it is handed to, for as long as the process runs. */
function holding(setting: Setting, names: UnitNames, { call, row: { row } }: Taking): Held | 'returned' | 'elsewhere' {
  const releasedBy = new Set(namesOf(row.releasedBy).map(name => name.slice(name.lastIndexOf('.') + 1)));
  const named = (name: string, owner: Lambda | undefined): Held => ({
    region: owner?.function ?? names.function,
    handle: { name, owner, releasedBy, ...(row.on === 'receiver' ? {} : poolOf(call)) },
    start: 'taken at the call',
  });
  if (row.on === 'receiver') {
    const object = call.node.callee.kind === 'member' ? call.node.callee.object : undefined;
    if (object?.kind !== 'name') return 'elsewhere';
    const owner = ownerOf(names, object, object.name);
    return owner === 'outside' || !isMadeIn(names, object.name, owner) || isTop(names, owner)
      ? 'elsewhere'
      : named(object.name, owner);
  }
  const callback = callbackFor(names, call, row);
  if (callback) return callback === 'elsewhere' ? callback : inCallback(callback, releasedBy, row);
  const { value, binder } = binderOf(names, call.node);
  switch (binder?.kind) {
    case 'return':
      return 'returned';
    case 'declare':
    case 'assign': {
      if (binder.target.kind !== 'variable') return 'elsewhere';
      const owner = ownerOf(names, binder, binder.target.name);
      return owner === 'outside' || isTop(names, owner) ? 'elsewhere' : named(binder.target.name, owner);
    }
    case 'evaluate':
      return isTop(names, undefined) ? 'elsewhere' : unnamed(names);
    case 'member': {
      if (value !== call.node) return releasedBy.has(binder.name) ? 'elsewhere' : unnamed(names);
      return inChain(setting, names, binder, releasedBy);
    }
    default:
      return 'elsewhere';
  }
}

/** `pool` of `pool.connect()` */
const poolOf = ({ node: { callee } }: ObservedCall): { readonly pool?: string } =>
  callee.kind === 'member' && callee.object.kind === 'name' ? { pool: callee.object.name } : {};

const unnamed = ({ function: region }: UnitNames): Held => ({ region, start: 'taken at the call', unnamed: true });

/** The top level lives as long as the process. */
const isTop = ({ unit }: UnitNames, owner: Lambda | undefined): boolean => owner === undefined && fileOf(unit) === unit;

/** Whether the variable is given its value here by a call, and is not someone else's. */
function isMadeIn(names: UnitNames, name: string, owner: Lambda | undefined): boolean {
  return names.parents.nodes.some(node => {
    if (node.kind !== 'declare' && node.kind !== 'assign') return false;
    if (!namesBoundBy(node.target).includes(name) || ownerOf(names, node, name) !== owner) return false;
    const value = node.value?.kind === 'await' ? node.value.value : node.value;
    return value?.kind === 'call';
  });
}

/** The function among the arguments, in the library's callback form. */
function callbackFor(names: UnitNames, { node }: ObservedCall, row: AcquireRow): Lambda | 'elsewhere' | undefined {
  if (row.parameter === undefined) return undefined;
  const last = node.arguments.at(-1)?.value;
  if (last?.kind === 'lambda') return last;
  const binder = names.parents.of(node);
  // `getConnection(callback)`: whoever wrote the callback has it
  return last?.kind === 'unit' || (last?.kind === 'name' && binder?.kind === 'evaluate') ? 'elsewhere' : undefined;
}

function inCallback(
  lambda: Lambda,
  releasedBy: ReadonlySet<string>,
  { parameter = 0, releaseParameter }: AcquireRow,
): Held | 'elsewhere' {
  const nameOf = (index: number | undefined): string | undefined => {
    const target = index === undefined ? undefined : lambda.function.parameters[index]?.target;
    return target?.kind === 'variable' ? target.name : undefined;
  };
  const name = nameOf(parameter);
  const error = parameter > 0 ? nameOf(0) : undefined;
  const releaseFunction = nameOf(releaseParameter);
  // a callback that takes nothing of what it gets
  if (name === undefined) return { region: lambda.function, start: 'taken at the call', unnamed: true };
  return {
    region: lambda.function,
    handle: { name, owner: lambda, releasedBy, ...(releaseFunction === undefined ? {} : { releaseFunction }) },
    start: { present: name, ...(error === undefined ? {} : { error }) },
  };
}

/** `pool.connect().then(client => …)` */
function inChain(
  setting: Setting,
  names: UnitNames,
  member: ModelNode,
  releasedBy: ReadonlySet<string>,
): Held | 'elsewhere' {
  const next = names.parents.of(member);
  const observed = next?.kind === 'call' && next.callee === member ? names.calls.get(next) : undefined;
  if (!observed || callbackRunOf(setting.tables, observed, 0) !== 'on-success') return 'elsewhere';
  const [first] = observed.node.arguments;
  if (first?.value.kind !== 'lambda') return 'elsewhere';
  return inCallback(first.value, releasedBy, { takes: 'connection', releasedBy: [], parameter: 0 });
}

// ——— along the paths ———

type State = 'none' | 'held' | 'released' | 'returned' | 'handed' | 'again';

interface Followed {
  readonly use: HandleUse;
  readonly endings: readonly Ending<State>[];
  readonly isReturned: boolean;
}

function follow(setting: Setting, names: UnitNames, { call, row: { row } }: Taking, held: Held): Followed | undefined {
  const { handle, region, start } = held;
  if (!handle) return undefined;
  const use = useOf(setting, names, handle);
  const takes = new Set<ModelNode>(row.on === 'receiver' ? takingsOn(setting, names, handle) : [call.node]);
  const machine: PathMachine<State> = {
    start: startOf(start),
    step(node, state) {
      if (takes.has(node) && start === 'taken at the call') {
        if (state === 'held' && row.on !== 'receiver') return 'again';
        return state === 'none' || row.on !== 'receiver' ? 'held' : state;
      }
      const effect = use.effects.get(node);
      return effect && state === 'held' ? effect : state;
    },
    isPresent: node => takes.has(node),
    mayThrow: failures(setting, names, use, takes),
    callback: (node, index) => {
      const observed = names.calls.get(node);
      return observed && callbackRunOf(setting.tables, observed, index);
    },
    closes: (resource, state) =>
      state === 'held' && (holdsCall(resource, call.node) || isHandle(resource, handle)) ? 'released' : state,
  };
  return { use, endings: followPaths(region, machine), isReturned: [...use.effects.values()].includes('returned') };
}

const startOf = (start: Held['start']): PathMachine<State>['start'] => {
  if (start === 'taken at the call') return [{ state: 'none' }];
  const { present, error } = start;
  const known = (truth: Truth, failed: Truth): Record<string, Truth> => ({
    [present]: truth,
    ...(error === undefined ? {} : { [error]: failed }),
  });
  return [
    { state: 'held', known: known('truthy', 'falsy') },
    ...(error === undefined ? [] : [{ state: 'none' as const, known: known('nullish', 'truthy') }]),
  ];
};

const holdsCall = (resource: Expression, call: Call): boolean =>
  resource === call || (resource.kind === 'await' && resource.value === call);

const isHandle = (resource: Expression, { name }: Handle): boolean =>
  resource.kind === 'name' && resource.name === name;

/** All calls that take on the same receiver. */
function takingsOn(setting: Setting, names: UnitNames, { name, owner }: Handle): readonly Call[] {
  return [...names.calls.values()].flatMap(({ target, node }) => {
    if (target.kind !== 'library' || node.callee.kind !== 'member' || node.callee.object.kind !== 'name') return [];
    const rows = setting.tables.acquires.get(target.name) ?? [];
    const isOn = rows.some(({ row }) => row.on === 'receiver') && node.callee.object.name === name;
    return isOn && ownerOf(names, node, name) === owner ? [node] : [];
  });
}

/** Calls whose failure leaves something behind. To begin or undo a transaction fails when the connection is gone anyway. */
function failures(
  setting: Setting,
  names: UnitNames,
  use: HandleUse,
  takes: ReadonlySet<ModelNode>,
): NonNullable<PathMachine<State>['mayThrow']> {
  const framing = new Set(
    queryCallsOf(setting, names.unit)
      .filter(({ sql }) => sql && FRAMES.test(sql.preview))
      .map(({ call }) => call.start),
  );
  const blocking = new Set(
    queryCallsOf(setting, names.unit)
      .filter(({ library }) => library !== undefined && setting.tables.libraryOf(library)?.blocks)
      .map(({ call }) => call.start),
  );
  return node => {
    if (node.kind !== 'call') return node.kind === 'await';
    if (use.effects.get(node) === 'released') return false;
    const observed = names.calls.get(node);
    if (!observed || framing.has(node.start) || isFraming(setting, observed)) return false;
    if (takes.has(node) || blocking.has(node.start) || commits(setting, observed)) return true;
    if (failsHere(setting, names, node)) return true;
    return observed.target.kind === 'unit' && throwsItself(setting, observed.target.unit);
  };
}

const FRAMES = /^\s*(?:begin|start\s+transaction|rollback|abort|set)\b/i;

const isFraming = ({ tables }: Setting, { target, source }: ObservedCall): boolean =>
  target.kind === 'library'
    ? (tables.transactions.get(target.name) ?? []).some(({ row }) => row.does === 'begin' || row.does === 'rollback')
    : (target.kind === 'unknown' || target.kind === 'method') && BEGINS.test(source);

/** What has been gathered is sent, and the call comes back with the answer: `session.commit()`. */
const commits = ({ tables }: Setting, { target }: ObservedCall): boolean =>
  target.kind === 'library' &&
  (tables.transactions.get(target.name) ?? []).some(({ row, library }) => row.does === 'commit' && library.blocks);

/** `startTransaction(connection)` of a package that cannot be looked into. */
const BEGINS = /(?:^|\.)(?:begin\w*|start\w*Transaction|rollback\w*)$/;

/** A function that is not waited for and throws where it stands: a check of what it is given. */
function throwsItself(setting: Setting, unit: UnitId): boolean {
  return (
    setting.analysis.remember<boolean | undefined>(`throws ${unit}`, () => {
      const source = setting.analysis.source(unit)?.function;
      if (!source || source.async || source.generator) return false;
      return followPaths(source, { start: [{ state: 'in' }], step: (_, state) => state, mayThrow: () => false }).some(
        ({ kind }) => kind === 'throw',
      );
    }) ?? false
  );
}

// ——— the fact ———

function acquisitionOf(
  setting: Setting,
  names: UnitNames,
  taking: Taking,
  held: Held,
  followed: Followed | undefined,
): Acquisition {
  const { row, library } = taking.row;
  const { call } = taking;
  const at = call.callee;
  const leaks: Leak[] = held.unnamed
    ? [{ kind: 'unnamed', at: call.at }]
    : isForOthers(followed)
      ? []
      : (followed?.endings ?? []).flatMap(ending => leakAt(names, call, ending));
  const [written] = followed?.use.releases ?? [];
  const name = held.handle?.name;
  const release = written ? textOf(setting, names, written) : releaseInWords(row, call, name ?? 'it');
  const rewrite =
    leaks.length > 0 && held.handle && followed && held.start === 'taken at the call'
      ? releaseRewriteOf(setting, names, call, held.handle, followed.use, taking.row)
      : undefined;
  return {
    at,
    call: call.at,
    label: labelOf(call),
    takes: row.takes,
    evidence: 'traced',
    library: library.package,
    ...(name === undefined ? {} : { name }),
    release,
    pooled: isPooled(setting, call),
    ...(row.collected ? { collected: true } : {}),
    isReleased:
      (followed?.use.effects.size ?? 0) > 0 && [...(followed?.use.effects.values() ?? [])].includes('released'),
    leaks: leaks.sort((left, right) => ORDER.indexOf(left.kind) - ORDER.indexOf(right.kind)),
    ...(rewrite ? { rewrite } : {}),
  };
}

/** `client.release()`, or `releaseConnection(connection)` where it is no method of what is held. */
function releaseInWords(row: AcquireRow, call: ObservedCall, name: string): string {
  const [first = ''] = namesOf(row.releasedBy);
  const dot = first.lastIndexOf('.');
  const taker = call.receiver ? alternativesIn(call.receiver) : [];
  const isTakers =
    row.on !== 'receiver' &&
    taker.some(({ shape }) => shape.kind === 'instance' && shape.of.endsWith(`#${first.slice(0, dot)}`));
  const method = first.slice(dot + 1);
  return isTakers ? `${method}(${name})` : `${name}.${method}()`;
}

const textOf = ({ analysis }: Setting, { unit }: UnitNames, { start, end }: Span): string =>
  analysis.source(unit)?.text.slice(start, end) ?? '';

const isPooled = ({ tables }: Setting, { receiver }: ObservedCall): boolean =>
  receiver !== undefined &&
  alternativesIn(receiver).some(({ shape }) => shape.kind === 'instance' && tables.pooledTypes.has(shape.of));

/** Handed over on some way and never given back here: whoever gets it answers for it. */
const isForOthers = (followed: Followed | undefined): boolean => {
  const effects = [...(followed?.use.effects.values() ?? [])];
  return !effects.includes('released') && effects.length > 0;
};

const ORDER: readonly Leak['kind'][] = ['unnamed', 'return', 'end', 'again', 'throw', 'error'];

function leakAt(names: UnitNames, call: ObservedCall, ending: Ending<State>): readonly Leak[] {
  const { unit } = names;
  if (ending.state === 'again') return [{ kind: 'again', at: call.at }];
  if (ending.state !== 'held') return [];
  const place = (span: Span): Place => placeIn(unit, span);
  const label = (span: Span): string | undefined => {
    const failed = names.callAt(span);
    return failed && labelOf(failed);
  };
  const raised = ending.raised && label(ending.raised);
  const caught = ending.raised && raised !== undefined ? { caught: { at: place(ending.raised), label: raised } } : {};
  // the return of a callback ends what the function that began it was for
  const isLeft = ending.kind === 'end' && ending.left !== undefined;
  const at = isLeft && ending.left ? ending.left : ending.at;
  if (ending.kind === 'raise') {
    const failing = label(ending.at);
    return [{ kind: 'error', at: place(at), ...(failing === undefined ? {} : { failing }), ...caught }];
  }
  return [{ kind: isLeft ? 'return' : ending.kind, at: place(at), ...caught }];
}
