/**
 * What a client sends and what lies in front of a handler lets through only where it can do no harm: validators among a
 * route's handlers, schemas in its options, decorators on the fields of the class that a body is read as.
 */
import { fileOf, type Place, type UnitId } from '../engine/place';
import { type ObservedArgument, type ObservedCall, placeIn } from '../program/analysis';
import { UNKNOWN } from '../program/lattice';
import type { Expression } from '../program/model';
import { describedBy } from '../program/schemas';
import type { Value } from '../program/value';
import type { DataHole } from './facts';
import type { Setting } from './queryCalls';
import { isHarmlessValue } from './sqlTexts';

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
        const schemas = call.target.kind === 'library' ? tables.routes.get(call.target.name) : undefined;
        if (!schemas || call.implicit) continue;
        const isAnswer = (value: Value): boolean => answers(value, unit, start);
        const handed = call.arguments.map(argument => [argument.value, ...within(argument, calls)]);
        if (!handed.some(values => values.some(isAnswer))) continue;
        found.push(handed.flatMap(values => (values.some(isAnswer) ? [] : checkedBy(values, schemas))));
      }
    }
    return found;
  });
}

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
  return shape.kind === 'record' ? describedBy(shape.entries, NOWHERE) : undefined;
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
    return (
      value?.shape.kind === 'entity' && (tables.semantics.calls.get(value.shape.name) ?? []).some(each => each.proves)
    );
  });
}
