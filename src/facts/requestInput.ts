/**
 * Proves that what a client sends reaches a hole: read in the same function, or in a function of the same file that hands
 * it on as an argument.
 */
import type { Place, UnitId } from '../engine/place';
import { placeIn } from '../program/analysis';
import type { Pattern } from '../program/model';
import type { Source } from '../program/value';
import type { DataHole, PathStep } from './facts';
import { labelOf, type Setting } from './queryCalls';

/** Data that a function hands to another of the workspace. */
interface Flow {
  readonly callee: UnitId;
  readonly parameter: number;
  readonly at: Place;
  /** The callee as a person would say it. */
  readonly label: string;
  readonly from: readonly Source[];
}

/** What is proven of request input in one file. */
export interface InputPaths {
  /** The hole, with its path from the input where there is one. */
  proven<T extends DataHole>(hole: T): T;
}

/** Parameters that request input reaches, from these units. */
export function inputPathsIn(setting: Setting, units: readonly UnitId[]): InputPaths {
  // asked for the first hazard only: most files have none
  let known: ReadonlyMap<string, Arrival> | undefined;
  return {
    proven<T extends DataHole>(hazard: T): T {
      known ??= reachedParameters(setting, units);
      const arrival = arrivalOf(hazard.from, known) ?? byHandler(setting, hazard) ?? byMember(hazard);
      return arrival ? { ...hazard, inputPath: arrival.path, inputLabel: arrival.label } : hazard;
    },
  };
}

function reachedParameters(setting: Setting, units: readonly UnitId[]): ReadonlyMap<string, Arrival> {
  const flows = units.flatMap(unit => flowsOf(setting, unit));
  const reached = new Map(units.flatMap(unit => handled(setting, unit)));
  // each round goes one call further; a parameter that is reached once is reached
  for (let added = true; added; ) {
    added = false;
    for (const flow of flows) {
      const key = parameterKey(flow.callee, flow.parameter);
      const arrival = reached.has(key) ? undefined : arrivalOf(flow.from, reached);
      if (!arrival) continue;
      reached.set(key, {
        ...arrival,
        path: [...arrival.path, { at: flow.at, says: `is handed to \`${flow.label}\`` }],
      });
      added = true;
    }
  }
  return reached;
}

interface Arrival {
  readonly label: string;
  readonly path: readonly PathStep[];
}

const parameterKey = (unit: UnitId, index: number): string => `${unit} ${index}`;

function arrivalOf(from: readonly Source[], reached: ReadonlyMap<string, Arrival>): Arrival | undefined {
  for (const source of from)
    if (source.kind === 'input')
      return { label: source.label, path: [{ at: source.at, says: `${source.label} comes in here` }] };
  for (const source of from)
    if (source.kind === 'parameter') {
      const arrival = reached.get(parameterKey(source.unit, source.index));
      if (arrival) return arrival;
    }
  return undefined;
}

/** Parameters of a function that is registered to answer requests by its decorator: `@app.get("/orders/{id}")`. */
function handled({ analysis, tables }: Setting, unit: UnitId): [string, Arrival][] {
  const { parameters = [], decorators = [] } = analysis.source(unit)?.function ?? {};
  if (decorators.length === 0 || tables.inputHandlers.size === 0) return [];
  const { calls } = analysis.unit(unit);
  const label = calls
    .filter(({ node }) => decorators.includes(node))
    .map(({ target }) => (target.kind === 'library' ? tables.inputHandlers.get(target.name) : undefined))
    .find(each => each !== undefined);
  if (label === undefined) return [];
  return parameters.flatMap((parameter, index): [string, Arrival][] => {
    // what a call provides, `Depends(get_db)`, comes from the program, unless that call is said to give input
    const provided = calls.find(({ node }) => node === parameter.default);
    const given = provided?.result.from.find(source => source.kind === 'input');
    if (provided && given?.kind !== 'input') return [];
    const says = given?.kind === 'input' ? given.label : label;
    const path = [{ at: placeIn(unit, parameter), says: `${says} comes in here` }];
    return [[parameterKey(unit, index), { label: says, path }]];
  });
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

/** Calls of a unit that hand on input, or a parameter that may hold some. */
function flowsOf({ analysis, key }: Setting, unit: UnitId): readonly Flow[] {
  return (
    analysis.remember(`input flows ${key} ${unit}`, () =>
      analysis.unit(unit).calls.flatMap((call): Flow[] => {
        if (call.target.kind !== 'unit' || call.arguments.some(argument => argument.spread)) return [];
        const { unit: callee } = call.target;
        const names = analysis.source(callee)?.function.parameters.map(each => nameOf(each.target));
        return call.arguments.flatMap(({ at, value, name }, position): Flow[] => {
          const from = value.from.filter(source => source.kind === 'input' || source.kind === 'parameter');
          const parameter = name === undefined ? position : (names?.indexOf(name) ?? -1);
          return from.length > 0 && parameter >= 0 ? [{ callee, parameter, at, label: labelOf(call), from }] : [];
        });
      }),
    ) ?? []
  );
}
