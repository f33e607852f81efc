/** Schemas of validators: what they let through, and what comes out of a check. */
import type { Place } from '../engine/place';
import {
  anyOf,
  booleanValue,
  constantOf,
  listOfAny,
  numberValue,
  recordOf,
  textValue,
  UNKNOWN,
  unknownFrom,
  withSources,
} from './lattice';
import type { Admission } from './semantics';
import { matchedBy } from './textPatterns';
import { holeOf, type Proof, proofBy } from './textValues';
import type { Source, Value } from './value';

/** Where a schema is made, and of what. */
interface Making {
  readonly at: Place;
  readonly arguments: readonly Value[];
}

/** What a table says that a schema lets through. */
export function admission(admits: Admission, { at, arguments: args }: Making): Value {
  switch (admits) {
    case 'number':
      return numberValue();
    case 'boolean':
      return booleanValue();
    case 'literal':
      return harmlessText({ safety: 'escaped-literal' }, at);
    case 'any':
      return UNKNOWN;
    case 'arguments':
      return anyOf(args);
  }
  if ('valuesOf' in admits) {
    const { shape } = args[admits.valuesOf] ?? UNKNOWN;
    if (shape.kind === 'list' && shape.items) return anyOf(shape.items);
    return shape.kind === 'record' && !shape.open ? anyOf([...shape.entries.values()]) : UNKNOWN;
  }
  if ('fieldsOf' in admits) return fieldsAdmitted(args[admits.fieldsOf] ?? UNKNOWN, admits.by, at);
  if ('argument' in admits) {
    const admitted = admittedBy(args[admits.argument] ?? UNKNOWN, at);
    return admits.list ? listOfAny(admitted) : admitted;
  }
  if ('pattern' in admits) return matching(args[admits.pattern] ?? UNKNOWN, at);
  const names = namesIn(args[admits.field] ?? UNKNOWN);
  return recordOf(new Map([[admits.in, recordOf(new Map(names.map(name => [name, UNKNOWN])), true)]]), true);
}

/** Fields with the names of their checks, `{ id: { in: ['query'], isInt: true } }`, by the part of the request that they are in. */
function fieldsAdmitted({ shape }: Value, by: ReadonlyMap<string, Admission>, at: Place): Value {
  if (shape.kind !== 'record') return UNKNOWN;
  const parts = new Map<string, Map<string, Value>>();
  for (const [field, { shape: checks }] of shape.entries) {
    if (checks.kind !== 'record') continue;
    let admitted: Value = UNKNOWN;
    for (const [name, option] of checks.entries) {
      const says = by.get(name);
      if (says) admitted = narrowed(admitted, admission(says, { at, arguments: optionsIn(option) }));
    }
    const inside = checks.entries.get('in');
    const places = inside?.shape.kind === 'list' ? (inside.shape.items ?? []) : inside ? [inside] : [];
    for (const place of places.length > 0 ? places.map(constantOf) : ['any']) {
      const fields = parts.get(place ?? 'any') ?? new Map<string, Value>();
      parts.set(place ?? 'any', fields.set(field, admitted));
    }
  }
  return recordOf(new Map([...parts].map(([part, fields]) => [part, recordOf(fields, true)])), true);
}

/** `{ options: [['name', 'age']] }`, `{ options: /^[a-z]+$/ }`. */
function optionsIn({ shape }: Value): readonly Value[] {
  const options = shape.kind === 'record' ? shape.entries.get('options') : undefined;
  return options?.shape.kind === 'list' ? (options.shape.items ?? []) : options ? [options] : [];
}

/** The last name of each path: `items.*.id` is read as an `id`. */
const namesIn = (value: Value): readonly string[] =>
  (value.shape.kind === 'list' ? (value.shape.items ?? []) : [value]).flatMap(each => {
    const name = constantOf(each)
      ?.split(/[.[\]]+/)
      .filter(step => step !== '' && step !== '*')
      .at(-1);
    return name === undefined ? [] : [name];
  });

const harmlessText = ({ safety, within }: Proof, at: Place): Value =>
  textValue([holeOf(UNKNOWN, { at, source: '' }, safety, within)]);

function matching({ shape }: Value, at: Place): Value {
  const pattern = shape.kind === 'regex' ? shape : undefined;
  const alphabet = pattern && matchedBy(pattern.pattern, pattern.flags);
  return alphabet ? harmlessText(proofBy(alphabet), at) : UNKNOWN;
}

/** What a schema that is made of an argument lets through: of the entries of a record each its own. */
export function admittedBy(made: Value, at: Place): Value {
  const { shape } = made;
  switch (shape.kind) {
    case 'instance':
      return shape.admits ?? UNKNOWN;
    case 'record': {
      const described = describedBy(shape.entries, at);
      if (described) return described;
      return recordOf(new Map([...shape.entries].map(([name, entry]) => [name, admittedBy(entry, at)])), true);
    }
    // `z.enum(['asc', 'desc'])`, `z.union([z.literal('asc'), z.literal('desc')])`
    case 'list':
      return shape.items ? anyOf(shape.items.map(item => admittedBy(item, at))) : UNKNOWN;
    case 'text':
    case 'scalar':
      return made;
    default:
      return UNKNOWN;
  }
}

/** The words of JSON Schema; a record of other schemas has none of its `type`s. */
const TYPES = new Set(['object', 'array', 'string', 'number', 'integer', 'boolean', 'null']);
const HARMLESS_FORMATS = new Set(['uuid', 'date', 'date-time', 'time', 'ipv4', 'ipv6', 'duration']);

/** What JSON Schema lets through: `{ type: 'integer' }`; nothing where the record is none. */
function describedBy(entries: ReadonlyMap<string, Value>, at: Place): Value | undefined {
  const type = constantIn(entries, 'type');
  const choices = entries.get('enum')?.shape;
  if (choices?.kind === 'list') return choices.items ? anyOf(choices.items) : UNKNOWN;
  if (type === undefined || !TYPES.has(type)) return undefined;
  const inner = (value: Value | undefined): Value =>
    value?.shape.kind === 'record' ? (describedBy(value.shape.entries, at) ?? UNKNOWN) : UNKNOWN;
  switch (type) {
    case 'integer':
    case 'number':
      return numberValue();
    case 'boolean':
      return booleanValue();
    case 'array':
      return listOfAny(inner(entries.get('items')));
    case 'object': {
      const properties = entries.get('properties')?.shape;
      if (properties?.kind !== 'record') return UNKNOWN;
      return recordOf(new Map([...properties.entries].map(([name, entry]) => [name, inner(entry)])), true);
    }
    case 'string': {
      const pattern = constantIn(entries, 'pattern');
      const alphabet = pattern === undefined ? undefined : matchedBy(pattern, '');
      if (alphabet) return harmlessText(proofBy(alphabet), at);
      const format = constantIn(entries, 'format');
      return format !== undefined && HARMLESS_FORMATS.has(format)
        ? harmlessText({ safety: 'escaped-literal' }, at)
        : UNKNOWN;
    }
    default:
      return UNKNOWN;
  }
}

function constantIn(entries: ReadonlyMap<string, Value>, name: string): string | undefined {
  const entry = entries.get(name);
  return entry?.shape.kind === 'text' ? constantOf(entry) : undefined;
}

/** What a schema of a field lets through where the field is checked for this, too. */
export function narrowed(admitted: Value, to: Value): Value {
  const { shape } = admitted;
  if (shape.kind === 'unknown') return to;
  if (shape.kind !== 'record') return admitted;
  return recordOf(new Map([...shape.entries].map(([name, entry]) => [name, narrowed(entry, to)])), shape.open);
}

/** What a check of data gives: what the schema lets through, as data that comes from where it came from. */
export function checked(admitted: Value, from: readonly Source[]): Value {
  const { shape } = admitted;
  if (shape.kind === 'scalar' && shape.type === 'number') return numberValue(from);
  if (shape.kind === 'scalar' && shape.type === 'boolean') return booleanValue(from);
  if (shape.kind === 'list') return listOfAny(checked(shape.each, from), from);
  if (shape.kind === 'record')
    return recordOf(new Map([...shape.entries].map(([name, entry]) => [name, checked(entry, from)])), true, from);
  return shape.kind === 'unknown' ? unknownFrom(from) : withSources(admitted, from);
}
