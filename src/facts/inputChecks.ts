/**
 * What a client sends and what lies in front of a handler lets through only where it can do no harm: validators among a
 * route's handlers, schemas in its options, decorators on the fields of the class that a body is read as.
 */
import { fileOf, type Place, type UnitId } from '../engine/place';
import { type ObservedArgument, type ObservedCall, placeIn } from '../program/analysis';
import { UNKNOWN } from '../program/lattice';
import type { Expression, Regex } from '../program/model';
import { admission, admittedBy } from '../program/schemas';
import { isWordy, matchedBy } from '../program/textPatterns';
import type { Value } from '../program/value';
import type { DataHole } from './facts';
import type { Setting } from './setting';
import { constantOf, isHarmlessValue } from './sqlTexts';

/** What is checked of one part of a request. */
interface Checked {
  /** As in the label of an input; absent where any part may be meant. */
  readonly label?: string;
  /** Fields of which only harmless values come through, and those of which anything may. */
  readonly settled: readonly string[];
  readonly open: readonly string[];
}

/** Whether a hole that request input reaches holds a field that was checked on the way in. */
export function isCheckedOnEntry(setting: Setting, hole: DataHole): boolean {
  const [entry] = hole.inputPath ?? [];
  const field = hole.member?.at(-1) ?? hole.spelling?.names.at(-1);
  if (!entry || field === undefined) return false;
  if (isDecorated(setting, entry.at, field)) return true;
  const routes = checksInFront(setting, entry.at);
  return (
    routes.length > 0 &&
    routes.every(checks => {
      const speaking = checks.filter(
        ({ label, settled, open }) =>
          (label === undefined || label === hole.inputLabel) && (settled.includes(field) || open.includes(field)),
      );
      return speaking.length > 0 && speaking.every(({ open }) => !open.includes(field));
    })
  );
}

/** The parts of requests as options and validators call them. */
const PARTS: Readonly<Record<string, string>> = {
  query: 'the query string',
  querystring: 'the query string',
  body: 'the request body',
  payload: 'the request body',
  state: 'the cookies',
  params: 'the path',
  headers: 'the request headers',
  cookies: 'the cookies',
};

/** For each route that is answered at the place, what it checks first. */
function checksInFront(setting: Setting, { unit, start }: Place): readonly (readonly Checked[])[] {
  const { analysis, tables, key } = setting;
  if (tables.routes.size === 0) return [];
  return analysis.remember(`checks in front ${key} ${unit} ${start}`, () => {
    const found: (readonly Checked[])[] = [];
    for (const caller of new Set([unit, fileOf(unit), ...analysis.callers(unit)])) {
      const { calls } = analysis.unit(caller);
      for (const call of calls) {
        const route = call.target.kind === 'library' ? tables.routes.get(call.target.name) : undefined;
        if (!route || call.implicit) continue;
        const { schemas, path } = route;
        const isAnswer = (value: Value): boolean => answers(value, unit, start);
        const handed = call.arguments.map(argument => [argument.value, ...within(argument, calls)]);
        if (!handed.some(values => values.some(isAnswer))) continue;
        const isFunction = (value: Value): boolean => value.shape.kind !== 'record' && isAnswer(value);
        found.push([
          ...handed.flatMap(values => (values.some(isFunction) ? [] : checkedBy(values, schemas))),
          ...checkedByPath(call, path),
          ...checkedBefore(setting, call, calls),
        ]);
      }
    }
    return found;
  });
}

/** `/orders/:id(\\d+)`: the part of the path matches that, or the route is not taken. */
function checkedByPath(call: ObservedCall, index: number | undefined): readonly Checked[] {
  const path = index === undefined ? undefined : call.arguments[index];
  const text = path && constantOf(path.value);
  const settled = [...(text ?? '').matchAll(/:(\w+)\(((?:[^()\\]|\\.)*)\)/g)].flatMap(([, name = '', pattern = '']) => {
    const alphabet = matchedBy(pattern, '', 'both');
    return alphabet && isWordy(alphabet) ? [name] : [];
  });
  return settled.length === 0 ? [] : [{ label: PARTS.params, settled, open: [] }];
}

/** What was put in front of all routes of a router before: `router.use(validate(schema))`. */
function checkedBefore({ tables }: Setting, route: ObservedCall, calls: readonly ObservedCall[]): readonly Checked[] {
  const router = ownerIn(route);
  if (router === undefined) return [];
  return calls.flatMap(call => {
    if (call.at.start >= route.at.start || call.implicit || ownerIn(call) !== router) return [];
    const found = call.target.kind === 'library' ? tables.routes.get(call.target.name) : undefined;
    if (!found?.everyRoute || call.arguments.some(({ value }) => constantOf(value) !== undefined)) return [];
    return call.arguments.flatMap(argument => checkedBy([argument.value, ...within(argument, calls)], found.schemas));
  });
}

/** What a method is called on, where that is a variable. */
const ownerIn = ({ source }: ObservedCall): string | undefined => /^([\w$.]+)\.\w+$/.exec(source)?.[1];

/** What a call among the arguments is handed: `asyncHandler(list)`, `validate(schema)`. */
function within({ at, value }: ObservedArgument, calls: readonly ObservedCall[]): readonly Value[] {
  if (value.shape.kind === 'instance') return [];
  const call = calls.find(({ at: own, implicit }) => !implicit && own.start === at.start && own.end === at.end);
  return call ? [...call.arguments.map(each => each.value), ...(call.receiver ? [call.receiver] : [])] : [];
}

/** Whether a function among the values is the unit, or one inside it around the place. */
function answers({ shape }: Value, unit: UnitId, start: number): boolean {
  switch (shape.kind) {
    case 'function':
      return shape.unit === unit;
    case 'lambda':
      return shape.at.unit === unit && shape.at.start <= start && start < shape.at.end;
    case 'list':
      return shape.items?.some(item => answers(item, unit, start)) ?? false;
    // an object that describes a route, its options in it
    case 'record':
      return ['handler', 'options', 'config'].some(name => {
        const entry = shape.entries.get(name);
        return entry !== undefined && answers(entry, unit, start);
      });
    default:
      return false;
  }
}

function checkedBy(values: readonly Value[], schemas: readonly string[]): readonly Checked[] {
  return values.flatMap(({ shape }): readonly Checked[] => {
    switch (shape.kind) {
      case 'list':
        return checkedBy(shape.items ?? [], schemas);
      case 'instance':
        return shape.admits ? checkedParts(shape.admits) : [];
      case 'record':
        return schemas.flatMap(path => {
          const schema = path.split('.').reduce<Value | undefined>(entryOf, { shape, from: [] });
          const label = PARTS[path.slice(path.lastIndexOf('.') + 1)];
          const admitted = schema && admittedIn(schema);
          return admitted ? [fieldsOf(admitted, label)] : [];
        });
      default:
        return [];
    }
  });
}

const entryOf = (value: Value | undefined, name: string): Value | undefined =>
  value?.shape.kind === 'record' ? value.shape.entries.get(name) : undefined;

function admittedIn({ shape }: Value): Value | undefined {
  if (shape.kind === 'instance') return shape.admits;
  return shape.kind === 'record' ? admittedBy({ shape, from: [] }, NOWHERE) : undefined;
}

/** Of what is only asked whether it is harmless the place says nothing. */
const NOWHERE: Place = { unit: '', start: 0, end: 0 };

/** A schema of a request has its parts at the top; any other is one of a part. */
function checkedParts(admitted: Value): readonly Checked[] {
  const { shape } = admitted;
  if (shape.kind !== 'record') return [];
  const names = [...shape.entries.keys()];
  if (!names.every(name => name === 'any' || Object.hasOwn(PARTS, name))) return [fieldsOf(admitted)];
  return [...shape.entries].map(([name, entry]) => fieldsOf(entry, PARTS[name]));
}

function fieldsOf(admitted: Value, label?: string): Checked {
  const settled = new Set<string>();
  const open = new Set<string>();
  const visit = ({ shape }: Value, depth: number): void => {
    if (shape.kind === 'list') visit(shape.each, depth);
    if (shape.kind !== 'record' || depth > MAX_DEPTH) return;
    for (const [name, entry] of shape.entries) {
      (isHarmlessValue(entry) ? settled : open).add(name);
      visit(entry, depth + 1);
    }
  };
  visit(admitted, 0);
  return { ...(label === undefined ? {} : { label }), settled: [...settled], open: [...open] };
}

/** Bodies are described so deep. */
const MAX_DEPTH = 5;

/** The field of the class that the request is read as has a decorator that settles it: `@IsUUID() id: string`. */
function isDecorated({ analysis, tables }: Setting, { unit, start }: Place, field: string): boolean {
  const parameter = analysis
    .source(unit)
    ?.function.parameters.find(each => placeIn(unit, each).start <= start && start < placeIn(unit, each).end);
  const { type } = parameter ?? {};
  if (type?.kind !== 'named') return false;
  const { shape } = analysis.environment(fileOf(unit)).variables.get(type.name) ?? UNKNOWN;
  if (shape.kind !== 'class') return false;
  const { class: declared } = analysis.environment(shape.file).classes.get(shape.name) ?? {};
  const { variables } = analysis.environment(shape.file);
  const named = declared?.fields.find(({ name }) => name === field);
  return (named?.decorators ?? []).some(mark => {
    const callee: Expression = mark.kind === 'call' ? mark.callee : mark;
    const value = callee.kind === 'name' ? variables.get(callee.name) : undefined;
    const meanings = value?.shape.kind === 'entity' ? (tables.semantics.calls.get(value.shape.name) ?? []) : [];
    const first = mark.kind === 'call' ? mark.arguments[0]?.value : undefined;
    const given =
      first?.kind === 'name' ? variables.get(first.name) : first?.kind === 'regex' ? patternOf(first) : undefined;
    return meanings.some(
      ({ proves, gives }) =>
        proves !== undefined ||
        (gives?.kind === 'schema' &&
          isHarmlessValue(admission(gives.admits, { at: NOWHERE, arguments: given ? [given] : [] }))),
    );
  });
}

const patternOf = ({ pattern, flags }: Regex): Value => ({ shape: { kind: 'regex', pattern, flags }, from: [] });
