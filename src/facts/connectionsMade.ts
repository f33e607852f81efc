/**
 * Pools, connections and clients that the code makes, and whether a request makes them: in its handler, or in a function that
 * the handler calls. What is kept (in a variable of the file, a field, a cache) is made once.
 */
import { fileOf, type Place, type UnitId } from '../engine/place';
import type { ConnectionRow } from '../libraries/vocabulary';
import type { ObservedCall } from '../program/analysis';
import type { Expression, Member } from '../program/model';
import type { Source } from '../program/value';
import { callbackRunOf } from './callbackRuns';
import type { ConnectionMade, PathStep } from './facts';
import { handlersIn } from './handlers';
import { binderOf, failsHere, type HandleEffect, namesIn, ownerOf, type UnitNames, useOf } from './handles';
import type { RowOf } from './libraryTables';
import { labelOf } from './queryRows';
import type { Setting } from './setting';
import { innerFunctionsIn } from './unitFunctions';

/** One that a call of a function makes anew. */
interface Fresh {
  readonly made: ConnectionMade;
  /** It is given to the caller, who may keep it. */
  readonly returned: boolean;
  /** From the function down to it. */
  readonly path: readonly PathStep[];
}

interface Here extends Fresh {
  readonly call: ObservedCall;
  readonly kept: boolean;
}

/** Deeper than this something in between decides, or remembers. */
const MAX_PATH = 4;
const MAX_FRESH = 4;

/** All that stand in the unit, whoever runs it. */
export function connectionsMadeIn(setting: Setting, unit: UnitId): readonly ConnectionMade[] {
  return hereIn(setting, unit).map(({ made }) => made);
}

const NONE: readonly never[] = [];

function hereIn(setting: Setting, unit: UnitId): readonly Here[] {
  const { analysis, key } = setting;
  return (
    analysis.remember<readonly Here[] | undefined>(`connections made ${key} ${unit}`, () => {
      const found = analysis.unit(unit).calls.flatMap(call => {
        const row = rowFor(setting, call);
        return row && !isAskedFor(call) ? [{ call, row }] : [];
      });
      const names = found.length > 0 ? namesIn(setting, unit) : undefined;
      if (!names) return NONE;
      return found.map(({ call, row }) => ({
        call,
        made: {
          at: call.callee,
          call: call.at,
          label: labelOf(call),
          makes: row.row.makes,
          library: row.library.package,
        },
        ...destinyOf(setting, names, call),
        path: [{ at: call.callee, says: `makes a new ${row.row.makes}` }],
      }));
    }) ?? NONE
  );
}

function rowFor({ tables }: Setting, { target, implicit }: ObservedCall): RowOf<ConnectionRow> | undefined {
  if (implicit || target.kind !== 'library') return undefined;
  return tables.connections
    .get(target.name)
    ?.find(({ row: { arity } }) => !arity || (arity[0] <= target.arity && target.arity <= arity[1]));
}

/** What tells whose account it is. */
const ACCOUNT = /^(?:user|username|login|password|host|hostname|server|uri|url|connectionString)$/i;

/** Whoever asks says where to and as whom: what tries it out, or works on a database of theirs, can share nothing. */
const isAskedFor = ({ arguments: given }: ObservedCall): boolean =>
  given.some(({ value }) =>
    value.shape.kind === 'record'
      ? [...value.shape.entries].some(([name, { from }]) => ACCOUNT.test(name) && from.some(isInput))
      : value.from.some(isInput),
  );

const isInput = ({ kind }: Source): boolean => kind === 'input';

/** What becomes of the value of a call: kept beyond the function, returned to its caller, or dropped with it. */
function destinyOf(
  setting: Setting,
  names: UnitNames,
  { node }: ObservedCall,
): { readonly kept: boolean; readonly returned: boolean } {
  const { binder } = binderOf(names, node);
  switch (binder?.kind) {
    case 'return':
      return { kept: false, returned: true };
    case 'declare':
    case 'assign': {
      if (binder.target.kind !== 'variable') return { kept: true, returned: false };
      const { name } = binder.target;
      const owner = ownerOf(names, binder, name);
      if (owner === 'outside') return { kept: true, returned: false };
      const { effects } = useOf(setting, names, { name, owner, releasedBy: new Set() });
      const all = [...effects.values()];
      return { kept: all.includes('handed'), returned: all.includes('returned') };
    }
    case 'evaluate':
      return DROPPED;
    case 'member':
      return destinyInChain(setting, names, binder);
    case 'call': {
      // `drizzle(new Pool())`: what it becomes part of is a connection too
      const around = names.calls.get(binder);
      return around && around.target.kind === 'library' && !around.target.name.includes('js:')
        ? destinyOf(setting, names, around)
        : { kept: true, returned: false };
    }
    default:
      return { kept: true, returned: false };
  }
}

const DROPPED = { kept: false, returned: false };

/**
 * What becomes of what a promise brings: a function of the chain may keep it, or hand it on to what comes behind; and who
 * keeps the promise itself keeps what the chain has made of it.
 */
function destinyInChain(setting: Setting, names: UnitNames, link: Member): ReturnType<typeof destinyOf> {
  const node = names.parents.of(link);
  const observed = node?.kind === 'call' && node.callee === link ? names.calls.get(node) : undefined;
  if (!observed || link.object.kind !== 'call' || !failsHere(setting, names, link.object)) return DROPPED;
  const { binder } = binderOf(names, observed.node);
  const isStored =
    binder?.kind === 'assign' &&
    (binder.target.kind !== 'variable' || ownerOf(names, binder, binder.target.name) === 'outside');
  const effects = observed.node.arguments.flatMap(({ value }, index) =>
    callbackRunOf(setting.tables, observed, index) === 'on-success' ? effectsOnFirst(setting, names, value) : [],
  );
  if (isStored || effects.includes('handed')) return { kept: true, returned: false };
  const goesOn =
    effects.includes('returned') ||
    !observed.node.arguments.some((_, index) => callbackRunOf(setting.tables, observed, index) === 'on-success');
  const after = destinyOf(setting, names, observed);
  return goesOn || binder?.kind === 'member' ? after : DROPPED;
}

/** What a function of a chain does with what it gets. */
function effectsOnFirst(setting: Setting, names: UnitNames, callback: Expression): readonly HandleEffect[] {
  if (callback.kind !== 'lambda') return [];
  const target = callback.function.parameters[0]?.target;
  if (target?.kind !== 'variable') return [];
  return [...useOf(setting, names, { name: target.name, owner: callback, releasedBy: new Set() }).effects.values()];
}

/** What a call of the unit makes anew each time, itself or in what it calls. */
function freshIn(setting: Setting, unit: UnitId): readonly Fresh[] {
  const { analysis, key } = setting;
  return (
    analysis.remember<readonly Fresh[] | undefined>(`fresh connections ${key} ${unit}`, () => {
      const inner = innerFunctionsIn(setting, unit);
      return freshHere(setting, unit, lambda => inner.runs(lambda));
    }) ?? NONE
  );
}

function freshHere(setting: Setting, unit: UnitId, runs: (lambda: Place | undefined) => boolean): readonly Fresh[] {
  const fresh: Fresh[] = hereIn(setting, unit)
    .filter(({ call, kept }) => !kept && runs(call.inLambda))
    .map(({ made, returned, path }) => ({ made, returned, path }));
  let names: UnitNames | undefined;
  for (const call of setting.analysis.unit(unit).calls) {
    if (fresh.length >= MAX_FRESH) break;
    if (call.implicit || call.target.kind !== 'unit' || call.target.unit === unit || !runs(call.inLambda)) continue;
    for (const { made, returned, path } of freshIn(setting, call.target.unit)) {
      if (path.length >= MAX_PATH || fresh.length >= MAX_FRESH) continue;
      names ??= namesIn(setting, unit);
      const destiny = returned && names ? destinyOf(setting, names, call) : { kept: false, returned: false };
      if (destiny.kept || fresh.some(each => isSame(each.made.call, made.call))) continue;
      const step = { at: call.callee, says: `calls \`${labelOf(call)}\`` };
      fresh.push({ made, returned: destiny.returned, path: [step, ...path] });
    }
  }
  return fresh;
}

const isSame = (left: Place, right: Place): boolean => left.unit === right.unit && left.start === right.start;

/** What the unit, or functions in it, make for every request that they handle. */
export function madeForRequests(setting: Setting, unit: UnitId): readonly ConnectionMade[] {
  const { whole, inner } = handlersIn(setting, unit);
  if (!whole && inner.length === 0) return NONE;
  const functions = innerFunctionsIn(setting, unit);
  const isInHandler = (lambda: Place | undefined): boolean =>
    (whole && functions.runs(lambda)) ||
    (lambda !== undefined && inner.some(({ start, end }) => start <= lambda.start && lambda.end <= end));
  return freshHere(setting, unit, isInHandler).flatMap(({ made, path }): readonly ConnectionMade[] => {
    const [first] = path;
    if (!first) return [];
    const isHere = fileOf(made.call.unit) === fileOf(unit);
    return [
      {
        ...made,
        at: isHere ? made.at : first.at,
        perRequest: {
          path: path.slice(0, -1).map(step => (step === first ? { ...step, says: `a request ${step.says}` } : step)),
          madeAt: made.at,
        },
      },
    ];
  });
}

/** Each place once, whichever of the handlers makes it. */
export function eachMadeOnce(made: readonly ConnectionMade[]): readonly ConnectionMade[] {
  const found = new Map<string, ConnectionMade>();
  for (const each of made) {
    const key = `${each.call.unit}@${each.call.start}`;
    if (!found.has(key)) found.set(key, each);
  }
  return [...found.values()];
}
