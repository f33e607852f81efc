/** Reading what is inside a value: members, items, entries; and what library tables say a name gives. */
import type { FileId, Place } from '../engine/place';
import { ANY_ITEM, below, itemOf, recordsAmong } from './items';
import {
  anyOf,
  booleanValue,
  constantOf,
  constantValue,
  instanceOf,
  join,
  joinAll,
  listOf,
  listOfAny,
  numberValue,
  recordOf,
  shaped,
  UNKNOWN,
  unknownFrom,
  withSources,
} from './lattice';
import { heldBy, recordFrom, recordsIn, related } from './records';
import { admission, admittedBy, checked, narrowed } from './schemas';
import type { CallMeaning, Gives, Semantics } from './semantics';
import { unionOf } from './sources';
import { emissionFrom, emissionOf, pipedAs } from './streams';
import { holesOf } from './strings';
import type { CallId, EntityName, Records, Source, Value } from './value';
import type { World } from './world';

/** The module of the workspace, by its value; library modules have a colon in their name. */
const isLibrary = (module: string): boolean => module.includes(':');

/** The entity and those that it inherits from, itself first. */
export function* inherited(semantics: Semantics, entity: EntityName): Iterable<EntityName> {
  const seen = new Set<EntityName>();
  for (let each: EntityName | undefined = entity; each !== undefined && !seen.has(each); ) {
    seen.add(each);
    yield each;
    each = semantics.supertypes.get(each);
  }
}

/** The name by which the tables know a member: that of the type that has it. Its own name when no table does. */
export function memberName(semantics: Semantics, type: EntityName, name: string): EntityName {
  for (const each of inherited(semantics, type)) {
    const key = `${each}.${name}`;
    if (semantics.calls.has(key) || semantics.properties.has(key)) return key;
  }
  return `${type}.${name}`;
}

function propertyOf(semantics: Semantics, type: EntityName, name: string): Gives | undefined {
  for (const each of inherited(semantics, type)) {
    const gives = semantics.properties.get(`${each}.${name}`);
    if (gives) return gives;
    if (semantics.calls.has(`${each}.${name}`)) return undefined;
  }
  for (const each of inherited(semantics, type)) {
    const gives = semantics.properties.get(`${each}.*`);
    if (gives) return gives;
  }
  return undefined;
}

/** What reading `name` of `object` gives. Never fails: a member that no one knows is unknown, with the object's sources. */
export function memberOf(world: World, object: Value, name: string, at: Place): Value {
  const { shape, from } = object;
  switch (shape.kind) {
    case 'oneOf': {
      const members = recordsAmong(shape.alternatives, 'object')
        .filter(each => each.shape.kind !== 'scalar' || each.shape.type === 'date')
        .map(each => memberOf(world, each, name, at));
      return members.length === 0 ? unknownFrom(from) : withSources(joinAll(members), from);
    }
    case 'record':
      return shape.parameter
        ? typedAs(shape.entries.get(name), shaped(below(shape.parameter, name), from))
        : recordMember(shape, from, name);
    case 'module':
      return isLibrary(shape.name)
        ? withSources(libraryExport(world.semantics, shape.name, name, at), from)
        : (world.exported(shape.name, name) ?? unknownFrom(from));
    case 'entity':
    case 'instance': {
      const type = shape.kind === 'entity' ? shape.name : shape.of;
      const gives = propertyOf(world.semantics, type, name);
      if (gives) return given(gives, { at, receiver: object, arguments: [], from, world, name });
      const of = memberName(world.semantics, type, name);
      return shaped({ kind: 'member', of, receiver: object }, from);
    }
    case 'member': {
      const gives = propertyOf(world.semantics, shape.of, name);
      return gives ? given(gives, { at, receiver: object, arguments: [], from }) : unknownFrom(from);
    }
    case 'object': {
      const relation = world.relation(shape.file, shape.class, name);
      if (relation) return related(relation, name, shape, from);
      const member = objectMember(world, shape.file, shape.class, object, name, at);
      if (member.shape.kind === 'function') return member;
      return shape.parameter
        ? typedAs(member, shaped(below(shape.parameter, name), object.from))
        : withSources(member, object.from);
    }
    case 'class':
      return ofClass(world, shape, objectMember(world, shape.file, shape.name, object, name, at));
    case 'list':
      if (name === 'length' || name === 'size') return numberValue(from, shape.items?.length);
      return unknownFrom(from);
    case 'text':
      if (name === 'length') return numberValue(from);
      // A member of an enumeration is the constant that it stands for.
      return name === 'value' && holesOf(shape.pieces).length === 0 ? object : unknownFrom(from);
    case 'scalar':
      return name === 'value' && shape.type === 'number' ? object : unknownFrom(from);
    case 'regex':
      return unknownFrom(from);
    case 'unknown':
      // Whatever has a length, it is a number: a client that sends an object with a `length` is a matter of its own.
      if (name === 'length' || name === 'size') return numberValue(from);
      return shape.parameter ? shaped(below(shape.parameter, name), from) : unknownFrom(from);
    case 'function':
    case 'lambda':
      return unknownFrom(from);
  }
}

function recordMember(
  shape: Extract<Value['shape'], { kind: 'record' }>,
  from: readonly Source[],
  name: string,
): Value {
  const entry = shape.entries.get(name);
  if (entry) return entry;
  return unknownFrom(shape.open ? from : []);
}

function objectMember(world: World, file: FileId, name: string, object: Value, member: string, at: Place): Value {
  const value = world.classMember(file, name, member);
  if (!value) {
    // an interface that adds to a library's: `interface SignedInRequest extends Request { user: User }`
    const base = world.libraryBase(file, name);
    return base ? memberOf(world, withSources(base, object.from), member, at) : unknownFrom(object.from);
  }
  if (value.shape.kind !== 'function') return value;
  // Called by being read, with no argument.
  if (object.shape.kind === 'object' && world.isGetter(value.shape.unit))
    return world.summary(value.shape.unit)?.returns ?? unknownFrom(object.from);
  return shaped({ kind: 'function', unit: value.shape.unit, bound: object }, unionOf(value.from, object.from));
}

/** An export of a library's module; `default` of a module without one is the module itself. */
function libraryExport(semantics: Semantics, module: string, name: string, at: Place): Value {
  const entity = `${module}#${name}`;
  const gives = semantics.properties.get(entity);
  if (gives) return given(gives, { at, arguments: [], from: [] });
  if (name === 'default') return shaped({ kind: 'module', name: module });
  return shaped({ kind: 'entity', name: entity });
}

/**
 * A value of which a type tells more: what it may hold, and nothing of where it comes from. It stays the parameter that
 * it is, or the part of one, so that a caller's argument takes its place and a loop's item is known in its members.
 */
export function typedAs(typed: Value | undefined, known: Value): Value {
  if (!typed) return known;
  const value = withSources(typed, known.from);
  const parameter = known.shape.kind === 'unknown' ? known.shape.parameter : undefined;
  if (!parameter) return value;
  const { shape } = value;
  switch (shape.kind) {
    case 'unknown':
      return shape.parameter ? value : withSources(known, typed.from);
    case 'object':
      return shaped({ ...shape, parameter }, value.from);
    case 'record':
      return shape.open ? shaped({ ...shape, parameter }, value.from) : value;
    case 'list':
      return shape.items
        ? value
        : listOfAny(typedAs(shape.each, shaped(below(parameter, ANY_ITEM), known.from)), value.from);
    default:
      return value;
  }
}

/** More than this is no list of functions that someone spreads. */
const MAX_SPREAD = 60;

/** A module of the workspace as the record of what it exports; any other value as it is. */
export function entriesOf(world: World, value: Value, at: Place): Value {
  const { shape } = value;
  if (shape.kind !== 'module' || isLibrary(shape.name)) return value;
  const names = world.exportNames(shape.name);
  if (names.length === 0 || names.length > MAX_SPREAD) return value;
  return recordOf(new Map(names.map(name => [name, memberOf(world, value, name, at)])), true, value.from);
}

/** A key of a record: one of its constants when all are known. */
export function keyOf(collection: Value): Value {
  const { shape, from } = collection;
  if (shape.kind === 'record' && !shape.open) {
    const keys = [...shape.entries.keys()].map(key =>
      shaped({ kind: 'text', pieces: [{ kind: 'constant', value: key }] }),
    );
    return withSources(anyOf(keys), from);
  }
  return unknownFrom(from);
}

/** `object[key]`. */
export function indexed(world: World, object: Value, key: Value, at: Place): Value {
  const from = unionOf(object.from, key.from);
  if (object.shape.kind === 'oneOf') {
    const members = object.shape.alternatives
      .filter(each => each.shape.kind !== 'scalar')
      .map(each => indexed(world, each, key, at));
    return members.length === 0 ? unknownFrom(from) : joinAll(members);
  }
  const constant = constantOf(key);
  if (object.shape.kind === 'list') {
    const known = constant === undefined ? undefined : object.shape.items?.at(Number(constant));
    return withSources(known ?? itemOf(object), key.from);
  }
  if (constant !== undefined && key.shape.kind === 'text') return memberOf(world, object, constant, at);
  if (object.shape.kind === 'record') {
    const entries = [...object.shape.entries.values()];
    if (entries.length === 0 || object.shape.open) return join(anyOf(entries), unknownFrom(from));
    return withSources(anyOf(entries), from);
  }
  if (object.shape.kind === 'instance' || object.shape.kind === 'entity') {
    if (object.shape.kind === 'instance' && object.shape.holds) return withSources(itemOf(object), key.from);
    const gives = propertyOf(
      world.semantics,
      object.shape.kind === 'entity' ? object.shape.name : object.shape.of,
      ANY_ITEM,
    );
    if (gives) return given(gives, { at, receiver: object, arguments: [], from });
  }
  if (object.shape.kind === 'unknown' && object.shape.parameter) return withSources(itemOf(object), key.from);
  return unknownFrom(from);
}

/** A value inside another by a parameter's path. */
export function valueAt(world: World, value: Value, path: readonly string[], at: Place): Value {
  let result = value;
  for (const step of path) result = step === ANY_ITEM ? itemOf(result) : memberOf(world, result, step, at);
  return result;
}

/** Where a table's `gives` is applied. */
export interface GivingSite {
  readonly at: Place;
  readonly receiver?: Value;
  readonly arguments: readonly Value[];
  /** Everything that went in. */
  readonly from: readonly Source[];
  readonly call?: CallId;
  /** What containers hold is asked of. */
  readonly world?: World;
  /** Of a member that is read. */
  readonly name?: string;
  /** Of an operator: the stream that it is one of; of what is handed operators: what they make of its receiver. */
  readonly piped?: Value;
  /** The first argument is a promise, so that a stream of it emits what that gives and no more. */
  readonly isPromise?: boolean;
  /** It is written like a list. */
  readonly isMany?: boolean;
  /** What a type argument says, by its index. */
  readonly types?: (index: number) => Value | undefined;
}

/** More numbers than this are not told apart. */
const MAX_NUMBERS = 12;

/** `range(7)`, `range(1, 8)`: so many numbers, each of them known where they are few. */
function numbersUpTo({ arguments: args, from }: GivingSite): Value {
  const bounds = args.map(({ shape }) => (shape.kind === 'scalar' ? Number(shape.value ?? Number.NaN) : Number.NaN));
  const [first = Number.NaN, second, step] = bounds;
  const [start, end] = second === undefined ? [0, first] : [first, second];
  if (step !== undefined || !(end - start > 0 && end - start <= MAX_NUMBERS)) return listOfAny(numberValue(from), from);
  return listOf(
    Array.from({ length: end - start }, (_, at) => numberValue(from, start + at)),
    from,
  );
}

/** Records of a class that only the caller knows. */
const NO_ONES: Records = { file: '', class: '', loaded: [] };

/** A set of records that a class has is one of its own. */
function ofClass(world: World, { file, name }: { readonly file: FileId; readonly name: string }, value: Value): Value {
  const { shape } = value;
  if (shape.kind === 'instance' && !shape.holds && world.semantics.holders.has(shape.of))
    return shaped({ ...shape, holds: { file, class: name, loaded: [] } }, value.from);
  if (shape.kind === 'instance') return heldBy(value, { file, class: name, loaded: [] });
  if (shape.kind !== 'object' || shape.holds || !world.isHolder(shape.file, shape.class)) return value;
  const loaded = world.loadedByDefault(shape.file, shape.class);
  return shaped({ ...shape, holds: { file, class: name, ...(loaded ? { loaded } : {}) } }, value.from);
}

/** An instance of what a container is asked for: of a class of the workspace, or of a library's. */
function madeOf(asked: Value | undefined, { from, call }: GivingSite): Value {
  switch (asked?.shape.kind) {
    case 'class':
      return shaped({ kind: 'object', file: asked.shape.file, class: asked.shape.name }, from);
    case 'entity':
      return instanceOf(asked.shape.name, from, call);
    default:
      return unknownFrom(from);
  }
}

/** The value that a call or property gives. */
export function given(gives: Gives, site: GivingSite): Value {
  switch (gives.kind) {
    case 'instance': {
      const instance = instanceOf(gives.of, site.from, site.call);
      if (gives.holds === undefined || instance.shape.kind !== 'instance') return instance;
      const holds = recordsIn(gives.holds === 'receiver' ? site.receiver : site.arguments[gives.holds]);
      return shaped({ ...instance.shape, holds: holds ?? NO_ONES }, site.from);
    }
    case 'record': {
      const records = recordsIn(gives.of === 'receiver' ? site.receiver : site.arguments[gives.of]);
      return records ? recordFrom(records, site.from) : unknownFrom(site.from);
    }
    case 'list':
      return listOfAny(instanceOf(gives.of, site.from, site.call), site.from);
    case 'numbers':
      return numbersUpTo(site);
    case 'pairs': {
      const collection = site.arguments[gives.of];
      const items = collection?.shape.kind === 'list' ? collection.shape.items : undefined;
      if (items)
        return listOf(
          items.map((item, at) => listOf([numberValue([], at), item])),
          site.from,
        );
      return listOfAny(listOf([numberValue(), collection ? itemOf(collection) : UNKNOWN]), site.from);
    }
    case 'tuples': {
      const lists = site.arguments.map(({ shape }) => (shape.kind === 'list' ? shape.items : undefined));
      const [first, ...others] = lists;
      if (first && others.every(other => other !== undefined && other.length >= first.length))
        return listOf(
          first.map((_, at) => listOf(lists.map(list => list?.[at] ?? UNKNOWN))),
          site.from,
        );
      return listOfAny(listOf(site.arguments.map(itemOf)), site.from);
    }
    case 'entity':
      return shaped({ kind: 'entity', name: gives.name }, site.from);
    case 'module':
      return shaped({ kind: 'module', name: gives.name }, site.from);
    case 'receiver':
      return site.receiver ? withSources(site.receiver, site.from) : unknownFrom(site.from);
    case 'argument': {
      const argument = site.arguments[gives.index];
      return argument ? withSources(argument, site.from) : unknownFrom(site.from);
    }
    case 'regex': {
      const written = site.arguments[gives.of];
      const pattern = written && constantOf(written);
      return pattern === undefined ? unknownFrom(site.from) : shaped({ kind: 'regex', pattern, flags: '' });
    }
    case 'made':
      return madeOf(site.arguments[gives.of], site);
    case 'stream': {
      const all =
        gives.from === 'arguments'
          ? listOf(site.arguments)
          : emissionFrom(site.arguments[gives.from], site, awaitedAt(site));
      return shaped({ kind: 'instance', of: gives.of, ...(all ? { emits: all } : {}) }, site.from);
    }
    case 'piped':
      return site.piped ? withSources(pipedAs(site.piped, gives.as), site.from) : unknownFrom(site.from);
    case 'emitted': {
      const stream = gives.by === 'receiver' ? site.receiver : site.arguments[gives.by];
      const all = stream && emissionOf(stream);
      return all ? withSources(itemOf(all), site.from) : unknownFrom(site.from);
    }
    case 'offered': {
      const asked = gives.by === 'name' ? undefined : site.arguments[gives.by];
      const name = gives.by === 'name' ? site.name : asked && constantOf(asked);
      const offered = name === undefined ? undefined : site.world?.offered(name);
      if (offered) return withSources(offered, site.from);
      // a container of more than one kind is asked for a class, too
      return madeOf(asked, site);
    }
    case 'items': {
      const collection = gives.of === 'receiver' ? site.receiver : site.arguments[gives.of];
      if (!collection) return unknownFrom(site.from);
      return collection.shape.kind === 'list'
        ? withSources(collection, site.from)
        : listOfAny(itemOf(collection), unionOf(site.from, collection.from));
    }
    case 'keys': {
      const from = site.arguments[gives.of]?.from ?? [];
      return listOfAny(unknownFrom(from), from);
    }
    case 'schema':
      return shaped({ kind: 'instance', of: gives.of, admits: admission(gives.admits, site) }, site.from);
    case 'narrowed': {
      const schema = site.receiver?.shape;
      if (schema?.kind !== 'instance' || !schema.admits) return unknownFrom(site.from);
      return shaped({ ...schema, admits: narrowed(schema.admits, admission(gives.admits, site)) }, site.from);
    }
    case 'checked': {
      const schema = site.receiver?.shape;
      const from = site.arguments[gives.of]?.from ?? [];
      const value = checked((schema?.kind === 'instance' && schema.admits) || unknownFrom([]), from);
      return gives.property === undefined ? value : recordOf(new Map([[gives.property, value]]), true, from);
    }
    case 'with':
    case 'beside':
    case 'said':
      return bySayings(gives, site);
    case 'input': {
      const from = unionOf([{ kind: 'input', label: gives.label, at: site.at }], site.from);
      const said = site.name === undefined ? undefined : saidOf(site.receiver, site.name);
      return said ? checked(said, from) : unknownFrom(from);
    }
    case 'text':
      return constantValue(gives.text);
    case 'scalar':
      if (gives.type === 'number') return numberValue(site.from);
      if (gives.type === 'boolean') return booleanValue(site.from);
      return shaped({ kind: 'scalar', type: 'date' }, site.from);
  }
}

/** What was said of an instance's members, where they are no business of its type: `initTRPC.context<Context>()`. */
function saidOf(instance: Value | undefined, name: string): Value | undefined {
  const said = instance?.shape.kind === 'instance' ? instance.shape.admits?.shape : undefined;
  return said?.kind === 'record' ? said.entries.get(name) : undefined;
}

function bySayings(gives: Extract<Gives, { kind: 'with' | 'beside' | 'said' }>, site: GivingSite): Value {
  const shape = site.receiver?.shape.kind === 'instance' ? site.receiver.shape : undefined;
  switch (gives.kind) {
    case 'said': {
      const said = site.name === undefined ? undefined : saidOf(site.receiver, site.name);
      return said ? withSources(said, site.from) : unknownFrom(site.from);
    }
    case 'beside':
      return shaped({ kind: 'instance', of: gives.of, ...(shape?.admits ? { admits: shape.admits } : {}) }, site.from);
    case 'with': {
      if (!shape) return unknownFrom(site.from);
      const written = site.arguments[gives.index];
      const value = gives.says === 'type' ? site.types?.(gives.index) : written && admittedBy(written, site.at);
      if (!value || value.shape.kind === 'unknown') return shaped(shape, site.from);
      const before = shape.admits?.shape.kind === 'record' ? shape.admits.shape.entries : [];
      const members = new Map([...before, [gives.member, { ...value, from: [] }] as const]);
      return shaped({ ...shape, admits: recordOf(members, true) }, site.from);
    }
  }
}

const awaitedAt =
  ({ world, at }: GivingSite) =>
  (value: Value): Value =>
    world ? awaitedValue(world.semantics, value, at) : value;

/** What waiting for a value gives. */
export function awaitedValue(semantics: Semantics, value: Value, at: Place): Value {
  const { shape, from } = value;
  if (shape.kind === 'oneOf')
    return shape.alternatives.some(each => each.shape.kind === 'instance')
      ? joinAll(shape.alternatives.map(each => awaitedValue(semantics, each, at)))
      : value;
  if (shape.kind !== 'instance') return value;
  for (const type of inherited(semantics, shape.of)) {
    const gives = semantics.resolved.get(type);
    if (gives)
      return given(gives, { at, receiver: value, arguments: [], from, ...(shape.by ? { call: shape.by } : {}) });
  }
  return value;
}

/** The meanings that hold for so many arguments, made one; nothing when no row speaks of them. */
export function meaningFor(
  rows: readonly CallMeaning[] | undefined,
  count: number | undefined,
): CallMeaning | undefined {
  const fitting = (rows ?? []).filter(
    row => !row.arity || count === undefined || (count >= row.arity.min && count <= row.arity.max),
  );
  if (fitting.length < 2) return fitting[0];
  const callbacks = fitting.flatMap(row => row.callbacks ?? []);
  const gives = fitting.find(row => row.gives)?.gives;
  const builds = fitting.find(row => row.builds)?.builds;
  const { proves, provesWhere } = fitting.find(row => row.proves) ?? {};
  const raises = fitting.some(row => row.raises);
  const checks = fitting.find(row => row.checks)?.checks;
  const loads = fitting.some(row => row.loads);
  const pipes = fitting.some(row => row.pipes);
  const bindsHoles = fitting.some(row => row.bindsHoles);
  return {
    ...(gives ? { gives } : {}),
    ...(callbacks.length > 0 ? { callbacks } : {}),
    ...(builds ? { builds } : {}),
    ...(proves ? { proves } : {}),
    ...(bindsHoles ? { bindsHoles } : {}),
    ...(provesWhere ? { provesWhere } : {}),
    ...(raises ? { raises } : {}),
    ...(checks ? { checks } : {}),
    ...(loads ? { loads } : {}),
    ...(pipes ? { pipes } : {}),
  };
}

/** Of several possible callees the one that tells most. */
export function mostTelling(value: Value): Value {
  if (value.shape.kind !== 'oneOf') return value;
  const rank = (each: Value): number => {
    switch (each.shape.kind) {
      case 'member':
      case 'entity':
      case 'instance':
      case 'module':
        return 0;
      case 'function':
      case 'lambda':
      case 'class':
      case 'object':
        return 1;
      case 'unknown':
        return 3;
      default:
        return 2;
    }
  };
  const sorted = [...value.shape.alternatives].sort((left, right) => rank(left) - rank(right));
  return sorted[0] ? withSources(sorted[0], value.from) : UNKNOWN;
}

/** Both, when there are two. */
export const joinOptional = (left: Value | undefined, right: Value | undefined): Value | undefined =>
  left && right ? join(left, right) : (left ?? right);
