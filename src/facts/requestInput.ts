/**
 * Proves that what a client sends reaches a hole: read in the same function, or handed in by those who call it, in other files
 * too. It is looked for from the hole upwards, and only where there is a hole: what is found of a parameter is kept in the
 * analysis' memory, so that an edit of a caller is felt only where it hands in something else.
 */
import type { UnitId } from '../engine/place';
import { type ObservedCall, placeIn } from '../program/analysis';
import type { Pattern } from '../program/model';
import { sourceKey } from '../program/sources';
import type { Source, Value } from '../program/value';
import type { DataHole, PathStep } from './facts';
import { registers } from './handlers';
import { labelOf } from './queryRows';
import type { Setting } from './setting';
import { isHarmlessValue } from './sqlTexts';

/** What is proven of request input in one file. */
export interface InputPaths {
  /** The hole, with its path from the input where there is one. */
  proven<T extends DataHole>(hole: T): T;
}

export const inputPathsIn = (setting: Setting): InputPaths => ({
  proven<T extends DataHole>(hazard: T): T {
    const arrival =
      arrivalOf(setting, hazard.from, { member: hazard.member, asItCame: hazard.wholeText }) ??
      byHandler(setting, hazard) ??
      byMember(hazard);
    return arrival ? { ...hazard, inputPath: arrival.path, inputLabel: arrival.label } : hazard;
  },
});

interface Arrival {
  readonly label: string;
  readonly path: readonly PathStep[];
}

/** Data that goes through more hands than these is seldom what came in. */
const MAX_STEPS = 6;

/**
 * Without what only went into a question to somebody else: of `(await users.find(id)).team` the id was the client's, and the
 * team is not.
 */
function withoutAsked({ analysis, tables }: Setting, from: readonly Source[]): readonly Source[] {
  const asked = from.flatMap((source): readonly Source[] => {
    if (source.kind !== 'call') return [];
    const unit = source.call.slice(0, source.call.lastIndexOf('@'));
    const call = analysis.unit(unit).calls.find(({ id }) => id === source.call);
    const asks = call?.awaited || (call?.target.kind === 'library' && tables.queries.has(call.target.name));
    return call && asks ? [...call.arguments.flatMap(({ value }) => value.from), ...(call.receiver?.from ?? [])] : [];
  });
  if (asked.length === 0) return from;
  const keys = new Set(asked.map(sourceKey));
  return from.filter(source => !keys.has(sourceKey(source)));
}

interface Wanted {
  /** What is read from the parameter that is the source, where that is known. */
  readonly member?: readonly string[] | undefined;
  /** Only what comes in as it was sent: a text that a caller has put together is that caller's matter. */
  readonly asItCame: boolean;
}

function arrivalOf(setting: Setting, all: readonly Source[], { member = [], asItCame }: Wanted): Arrival | undefined {
  const from = withoutAsked(setting, all);
  for (const source of from)
    if (source.kind === 'input')
      return { label: source.label, path: [{ at: source.at, says: `${source.label} comes in here` }] };
  const parameters = from.filter(source => source.kind === 'parameter');
  for (const { unit, index } of parameters) {
    const arrival = arrivalAt(setting, unit, index, { member: parameters.length === 1 ? member : [], asItCame });
    if (arrival) return arrival;
  }
  return undefined;
}

/** What reaches a parameter, or a member of it, by the shortest way from those who call the function in sight. */
function arrivalAt(setting: Setting, unit: UnitId, index: number, wanted: Wanted): Arrival | undefined {
  const { analysis, key } = setting;
  return analysis.remember<Arrival | undefined>(
    `input to ${key} ${unit} ${index} ${(wanted.member ?? []).join('.')} ${wanted.asItCame}`,
    () => {
      const own = handled(setting, unit, index);
      if (own) return own;
      const names = analysis.source(unit)?.function.parameters.map(each => nameOf(each.target)) ?? [];
      let shortest: Arrival | undefined;
      for (const caller of analysis.callers(unit))
        for (const call of analysis.unit(caller).calls) {
          if (call.target.kind !== 'unit' || call.target.unit !== unit) continue;
          const arrival = handedBy(setting, call, { index, name: names[index] }, wanted);
          if (arrival && (!shortest || arrival.path.length < shortest.path.length)) shortest = arrival;
        }
      return shortest;
    },
  );
}

/** Request input that a call hands in for a parameter, or for a member of it. */
function handedBy(
  setting: Setting,
  call: ObservedCall,
  parameter: { readonly index: number; readonly name: string | undefined },
  { member = [], asItCame }: Wanted,
): Arrival | undefined {
  if (call.arguments.some(argument => argument.spread)) return undefined;
  const argument =
    call.arguments.find(({ name }) => name !== undefined && name === parameter.name) ??
    [call.arguments[parameter.index]].find(each => each?.name === undefined);
  if (!argument) return undefined;
  const value = setting.analysis.part(argument.value, member, argument.at);
  if (isHarmlessValue(value) || (asItCame && value.shape.kind === 'text')) return undefined;
  const arrival = arrivalOf(setting, value.from, { member: memberIn(value), asItCame });
  if (!arrival || arrival.path.length >= MAX_STEPS) return undefined;
  return {
    label: arrival.label,
    path: [...arrival.path, { at: argument.at, says: `is handed to \`${labelOf(call)}\`` }],
  };
}

const memberIn = ({ shape }: Value): readonly string[] | undefined =>
  shape.kind === 'unknown' ? shape.parameter?.path : undefined;

/** Parameters of a function that is registered to answer requests by its decorator: `@app.get("/orders/{id}")`. */
function handled({ analysis, tables }: Setting, unit: UnitId, index: number): Arrival | undefined {
  const { parameters = [], decorators = [] } = analysis.source(unit)?.function ?? {};
  const parameter = parameters[index];
  if (!parameter || decorators.length === 0 || tables.inputHandlers.size === 0) return undefined;
  const { calls } = analysis.unit(unit);
  const label = calls
    .filter(({ node }) => decorators.includes(node))
    .map(({ target }) => (target.kind === 'library' ? registers(tables, target.name) : undefined))
    .find(each => each !== undefined);
  if (label === undefined) return undefined;
  // what a call provides, `Depends(get_db)`, comes from the program, unless that call is said to give input
  const provided = calls.find(({ node }) => node === parameter.default);
  const given = provided?.result.from.find(source => source.kind === 'input');
  if (provided && given?.kind !== 'input') return undefined;
  const says = given?.kind === 'input' ? given.label : label;
  return { label: says, path: [{ at: placeIn(unit, parameter), says: `${says} comes in here` }] };
}

const nameOf = (target: Pattern): string | undefined => (target.kind === 'variable' ? target.name : undefined);

/** Members of a request that nothing else has. */
const SENT_ALONE: Readonly<Record<string, string>> = {
  GET: 'the query string',
  query_params: 'the query string',
  POST: 'the request body',
  json_body: 'the request body',
  matchdict: 'the path',
  path_params: 'the path',
  COOKIES: 'the cookies',
  META: 'the request headers',
  // of the event that a function in the cloud is called with
  queryStringParameters: 'the query string',
  pathParameters: 'the path',
};

/** A member that only a request has, of a parameter that is called so. */
function byMember({ from, member, at }: DataHole): Arrival | undefined {
  const [sent] = member ?? [];
  const label = sent === undefined || !Object.hasOwn(SENT_ALONE, sent) ? undefined : SENT_ALONE[sent];
  return label !== undefined && from.some(each => each.kind === 'parameter' && /^(?:request|event)$/.test(each.name))
    ? { label, path: [{ at, says: `${label} comes in here` }] }
    : undefined;
}

/** A member of a handler's parameter of which only its type is known: `args.name` of `(_, args: { name: string })`. */
function byHandler({ analysis }: Setting, { from, member, at }: DataHole): Arrival | undefined {
  const [source] = from.filter(each => each.kind === 'parameter');
  if (source?.kind !== 'parameter' || !member) return undefined;
  const label = analysis.handedInput(source.unit, source.index, member);
  return label === undefined ? undefined : { label, path: [{ at, says: `${label} comes in here` }] };
}
