/** A call with everything that is known of it before it is carried out, and what tables and summaries say of it. */
import type { ObservedArgument } from './analysis';
import { alternativesIn, joinAll, listOfAny, recordOf, unknownFrom } from './lattice';
import { inherited, meaningFor } from './members';
import type { Call } from './model';
import { originOf } from './observing';
import type { CallMeaning } from './semantics';
import type { Piped } from './streams';
import type { Instantiation } from './substitute';
import type { CallId, Source, Value } from './value';
import type { Walk } from './walk';
import type { Summary } from './world';

/** One call as far as it is known before it is carried out. */
export interface CallSite {
  readonly walk: Walk;
  readonly call: Call;
  readonly id: CallId;
  readonly receiver?: Value;
  readonly callee: Value;
  readonly arguments: readonly ObservedArgument[];
  /** By position; a spread's items are not told apart, and end the positions that are known. */
  readonly positional: readonly Value[];
  /** Sources of everything that goes in, and the call itself. */
  readonly from: readonly Source[];
  /** Of an operator: the stream that it is called for; of what is handed operators: what they make of its receiver. */
  readonly piped?: Piped;
}

/** The name in the tables of what is called. */
export function entityOf(site: Pick<CallSite, 'walk' | 'callee' | 'call'>): string | undefined {
  const { shape } = site.callee;
  const isNew = site.call.form === 'new' && !site.walk.own.callsClasses;
  switch (shape.kind) {
    case 'entity':
      return isNew ? `new ${shape.name}` : shape.name;
    case 'member':
      return isNew ? `new ${shape.of}` : shape.of;
    case 'module':
      return shape.name.includes(':') ? `${isNew ? 'new ' : ''}${shape.name}#default` : undefined;
    case 'instance': {
      const { calls } = site.walk.world.semantics;
      // `new User()` of what `model('User', …)` gave
      for (const each of inherited(site.walk.world.semantics, shape.of)) {
        const name = isNew ? `new ${each}` : each;
        if (calls.has(name)) return name;
      }
      return shape.of;
    }
    default:
      return undefined;
  }
}

/** The method's name where one is called. */
export const methodName = (call: Call): string | undefined =>
  call.callee.kind === 'member' ? call.callee.name : undefined;

/** What the tables say of this call. */
export function meaningOf(walk: Walk, callee: Value, call: Call, receiver: Value | undefined): CallMeaning | undefined {
  const { semantics } = walk.world;
  const count = call.arguments.some(argument => argument.value.kind === 'spread') ? undefined : call.arguments.length;
  const entity = entityOf({ walk, callee, call });
  const exact = entity === undefined ? undefined : meaningFor(semantics.calls.get(entity), count);
  if (exact) return exact;
  const method = methodName(call);
  if (method === undefined || (call.form === 'new' && !walk.own.callsClasses)) return undefined;
  for (const type of ownTypes(receiver)) {
    const global = walk.own.globals.get(type);
    const own = global === undefined ? undefined : meaningFor(semantics.calls.get(`${global}.${method}`), count);
    if (own) return own;
  }
  return meaningFor(walk.own.methods.get(method), count);
}

/** What the languages call the types of plain values. */
function ownTypes(receiver: Value | undefined): readonly string[] {
  if (!receiver) return [];
  const [first] = alternativesIn(receiver);
  switch (first?.shape.kind) {
    case 'text':
      return ['String', 'str', 'string'];
    case 'list':
      return ['Array', 'list'];
    case 'regex':
      return ['RegExp', 'Pattern'];
    case 'scalar':
      return { number: ['Number', 'int'], date: ['Date', 'datetime'] }[first.shape.type as string] ?? [];
    default:
      return [];
  }
}

/** What a callee's parameters stand for at this call. */
export function instantiation(site: CallSite, owner: string, summary?: Summary): Instantiation {
  const { walk, call } = site;
  const args = summary ? argumentsFor(site, summary) : site.positional;
  return {
    world: walk.world,
    owner,
    arguments: args,
    origin: index => {
      const written = call.arguments[index];
      return originOf(walk, written && !hasSpread(call) ? written.value : call);
    },
    call: site.id,
    site: originOf(walk, call),
  };
}

export const hasSpread = (call: Call): boolean => call.arguments.some(argument => argument.value.kind === 'spread');

const without = (named: ReadonlyMap<string, Value>, names: ReadonlySet<string>): ReadonlyMap<string, Value> =>
  new Map([...named].filter(([name]) => !names.has(name)));

/** What is given by name, the entries of a record that is spread among it. */
export function namedArguments(args: readonly ObservedArgument[]): ReadonlyMap<string, Value> {
  const named = new Map<string, Value>();
  for (const { name, spread, value } of args)
    if (name !== undefined) named.set(name, value);
    else if (spread && value.shape.kind === 'record')
      for (const [key, entry] of value.shape.entries) named.set(key, entry);
  return named;
}

/** Arguments by parameter: positions first, then names; what is left goes to the rest parameter. */
export function argumentsFor(site: CallSite, summary: Pick<Summary, 'parameters'>): readonly (Value | undefined)[] {
  const named = namedArguments(site.arguments);
  const byName = new Set(summary.parameters.flatMap(({ name, rest }) => (rest ? [] : [name])));
  return summary.parameters.map((parameter, index) => {
    if (parameter.named && parameter.rest) return recordOf(without(named, byName), hasSpread(site.call), site.from);
    if (parameter.named)
      return named.get(parameter.name) ?? (hasSpread(site.call) ? unknownFrom(site.from) : undefined);
    if (parameter.rest) return listOfAny(joinAll(site.positional.slice(index)));
    return (
      site.positional[index] ?? named.get(parameter.name) ?? (hasSpread(site.call) ? unknownFrom(site.from) : undefined)
    );
  });
}
