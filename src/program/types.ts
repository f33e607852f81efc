/** What a written type says of a value. */
import type { FileId, Place } from '../engine/place';
import {
  anyOf,
  booleanValue,
  constantValue,
  instanceOf,
  joinAll,
  listOfAny,
  NULL,
  numberValue,
  recordOf,
  shaped,
  UNKNOWN,
} from './lattice';
import { given, keyOf, meaningFor, memberOf } from './members';
import type { Type } from './model';
import type { Value } from './value';
import type { World } from './world';

/** Types around a type that leave what it is: the value is awaited, or wrapped, or may be missing. */
const TRANSPARENT = new Set([
  'Promise',
  'PromiseLike',
  'Awaited',
  'Readonly',
  'Partial',
  'Required',
  'NonNullable',
  'Omit',
  'Pick',
  'Optional',
  'Future',
  'CompletableFuture',
  'Awaitable',
  'Coroutine',
]);
const LISTS = new Set([
  'Array',
  'ReadonlyArray',
  'Set',
  'ReadonlySet',
  'List',
  'Iterable',
  'AsyncIterable',
  'Collection',
  'Sequence',
  'list',
  'set',
]);
const NUMBERS = new Set([
  'number',
  'bigint',
  'int',
  'float',
  'double',
  'long',
  'short',
  'byte',
  'Integer',
  'Long',
  'Double',
  'BigInt',
  'int64',
  'int32',
  'uint',
  'uint64',
  'float64',
  'Decimal',
  'BigDecimal',
]);
const BOOLEANS = new Set(['boolean', 'bool', 'Boolean']);
const DATES = new Set(['Date', 'datetime', 'LocalDate', 'LocalDateTime', 'Instant']);
const MAX_DEPTH = 8;

/** The value of a type as seen from a file; nothing when it tells nothing. */
export function valueOfType(world: World, file: FileId, type: Type, depth = 0): Value | undefined {
  if (depth > MAX_DEPTH) return undefined;
  const inner = (each: Type): Value | undefined => valueOfType(world, file, each, depth + 1);
  switch (type.kind) {
    case 'constant':
      if (type.value === null) return NULL;
      if (typeof type.value === 'string') return constantValue(type.value);
      return typeof type.value === 'number' ? numberValue([], type.value) : booleanValue();
    case 'union': {
      const parts = type.of.filter(each => !isAbsence(each)).map(inner);
      // One part that may be anything leaves nothing to say.
      return parts.length > 0 && parts.every(part => part !== undefined)
        ? joinAll(parts.flatMap(part => part ?? []))
        : undefined;
    }
    case 'list':
      return listOfAny(inner(type.of) ?? UNKNOWN);
    case 'record': {
      const entries = new Map<string, Value>();
      for (const entry of type.entries) {
        const value = inner(entry.type);
        if (value) entries.set(entry.name, value);
      }
      return entries.size > 0 ? recordOf(entries, true) : undefined;
    }
    case 'opaque':
      return undefined;
    case 'named':
      return valueOfName(world, file, type, depth, inner);
  }
}

/** The value of a type that is handed to a call, `context<Context>()`; of a function's, `context<typeof createContext>()`, its result. */
export function valueOfTypeArgument(world: World, file: FileId, type: Type): Value | undefined {
  const value = valueOfType(world, file, type);
  if (value?.shape.kind !== 'function') return value;
  const result = resultOf(world, file, value);
  return result && asType(result, 0);
}

const isAbsence = (type: Type): boolean =>
  (type.kind === 'constant' && type.value === null) ||
  (type.kind === 'named' &&
    (type.name === 'undefined' || type.name === 'null' || type.name === 'void' || type.name === 'None'));

function valueOfName(
  world: World,
  file: FileId,
  type: Extract<Type, { kind: 'named' }>,
  depth: number,
  inner: (type: Type) => Value | undefined,
): Value | undefined {
  const [argument] = type.arguments;
  const steps = type.name.split('.');
  const last = steps.at(-1) ?? type.name;
  if (argument && TRANSPARENT.has(last)) return inner(argument);
  if (argument && LISTS.has(last) && !isLibrarys(world.variable(file, type.name)))
    return listOfAny(inner(argument) ?? UNKNOWN);
  if (isQuery(type)) {
    const value = queriedValue(world, file, type, depth);
    return value && asType(value, depth);
  }
  if (type.name === 'keyof') {
    const record = argument?.kind === 'named' ? world.variable(file, argument.name) : undefined;
    const key = record && keyOf(record);
    return key?.shape.kind === 'text' ? key : undefined;
  }
  if (NUMBERS.has(type.name)) return numberValue();
  if (BOOLEANS.has(type.name)) return booleanValue();
  const [root, ...members] = steps;
  let value = root === undefined ? undefined : world.variable(file, root);
  if (!value && root !== undefined) {
    const known = world.semantics.types.get(root);
    if (known !== undefined) value = shaped({ kind: 'entity', name: known });
  }
  if (!value) return DATES.has(type.name) ? shaped({ kind: 'scalar', type: 'date' }) : undefined;
  for (const member of members) value = memberOf(world, value, member, nowhere(file));
  if (value.shape.kind === 'class') {
    const alias = world.aliasOf(value.shape.file, value.shape.name);
    if (alias) return valueOfType(world, value.shape.file, alias, depth + 1);
  }
  return madeHarmless(world, value) ?? holding(world, file, instanceOfClass(value), argument);
}

/** `Repository<Order>`: what it holds, its type says. */
function holding(world: World, file: FileId, value: Value | undefined, argument: Type | undefined): Value | undefined {
  if (value?.shape.kind !== 'instance' || argument?.kind !== 'named' || !world.semantics.holders.has(value.shape.of))
    return value;
  const shape = world.variable(file, argument.name)?.shape;
  return shape?.kind === 'class'
    ? shaped({ ...value.shape, holds: { file: shape.file, class: shape.name } }, value.from)
    : value;
}

const nowhere = (file: FileId): Place => ({ unit: file, start: 0, end: 0 });

type Named = Extract<Type, { kind: 'named' }>;

/** A type that is told by a variable: `typeof db`, `ReturnType<typeof connect>`, `Context['db']`. */
const isQuery = ({ name }: Named): boolean =>
  name === 'typeof' || RESULTS.has(name) || name === 'InstanceType' || name === '[]';

/** What a call of a function gives, as TypeScript and those before `Awaited` was there call it. */
const RESULTS = new Set(['ReturnType', 'AsyncReturnType', 'inferAsyncReturnType']);

/** The value that such a type is asked of. */
function queriedValue(world: World, file: FileId, type: Named, depth: number): Value | undefined {
  const [of, key] = type.arguments;
  if (!of || depth > MAX_DEPTH) return undefined;
  const asked = of.kind === 'named' && isQuery(of) ? queriedValue(world, file, of, depth + 1) : undefined;
  switch (type.name) {
    case 'typeof': {
      const [root = '', ...members] = of.kind === 'named' ? of.name.split('.') : [];
      const value = world.variable(file, root);
      return value && members.reduce((each, member) => memberOf(world, each, member, nowhere(file)), value);
    }
    case 'InstanceType':
      return asked && instanceOfClass(asked);
    default: {
      if (RESULTS.has(type.name)) return asked && resultOf(world, file, asked);
      if (key?.kind !== 'constant') return undefined;
      if (typeof key.value === 'number') return parameterOfCallback(world, file, of, key.value, depth);
      const value = typeof key.value === 'string' ? (asked ?? valueOfType(world, file, of, depth + 1)) : undefined;
      return value && memberOf(world, value, String(key.value), nowhere(file));
    }
  }
}

/** What a call of the function gives, whatever it is called with. */
function resultOf(world: World, file: FileId, { shape }: Value): Value | undefined {
  if (shape.kind === 'function') return world.summary(shape.unit)?.returns;
  const key = shape.kind === 'member' ? shape.of : shape.kind === 'entity' ? shape.name : undefined;
  const gives = key === undefined ? undefined : meaningFor(world.semantics.calls.get(key), undefined)?.gives;
  return gives && given(gives, { at: nowhere(file), arguments: [], from: [] });
}

/** `Parameters<Parameters<typeof db.transaction>[0]>[0]`: what a function is called with that a call is handed. */
function parameterOfCallback(world: World, file: FileId, of: Type, index: number, depth: number): Value | undefined {
  const handed = parametersOf(of);
  const [called, at] = handed?.kind === 'named' && handed.name === '[]' ? handed.arguments : [];
  const callee = called && parametersOf(called);
  if (callee?.kind !== 'named' || !isQuery(callee) || at?.kind !== 'constant') return undefined;
  const shape = queriedValue(world, file, callee, depth + 1)?.shape;
  if (shape?.kind !== 'member' && shape?.kind !== 'entity') return undefined;
  const key = shape.kind === 'member' ? shape.of : shape.name;
  const gives = meaningFor(world.semantics.calls.get(key), undefined)?.callbacks?.find(
    ({ argument }) => argument === at.value,
  )?.parameters?.[index];
  const receiver = shape.kind === 'member' && shape.receiver ? { receiver: shape.receiver } : {};
  return gives ? given(gives, { at: nowhere(file), ...receiver, arguments: [], from: [] }) : undefined;
}

const parametersOf = (type: Type): Type | undefined =>
  type.kind === 'named' && type.name === 'Parameters' ? type.arguments[0] : undefined;

/** What holds of every value of the variable's type: what it is an instance of, and not what it is made of. */
function asType({ shape }: Value, depth: number): Value | undefined {
  if (depth > MAX_DEPTH) return undefined;
  switch (shape.kind) {
    case 'instance':
      return instanceOf(shape.of);
    case 'object':
      return shaped({ kind: 'object', file: shape.file, class: shape.class });
    case 'function':
    case 'member':
      return shaped(
        shape.kind === 'member' ? { kind: 'member', of: shape.of } : { kind: 'function', unit: shape.unit },
      );
    case 'record': {
      const entries = new Map<string, Value>();
      for (const [name, entry] of shape.entries) {
        const value = asType(entry, depth + 1);
        if (value) entries.set(name, value);
      }
      return entries.size > 0 ? recordOf(entries, true) : undefined;
    }
    case 'oneOf': {
      const known = shape.alternatives.filter(({ shape: { kind } }) => kind !== 'scalar');
      const parts = known.flatMap(each => asType(each, depth + 1) ?? []);
      return parts.length > 0 && parts.length === known.length ? joinAll(parts) : undefined;
    }
    default:
      return undefined;
  }
}

/** What is an instance of a class that takes nothing else, `UUID`, is as harmless as what was just made one. */
function madeHarmless(world: World, { shape }: Value): Value | undefined {
  const made = shape.kind === 'entity' ? meaningFor(world.semantics.calls.get(shape.name), undefined) : undefined;
  if (made?.proves === 'number') return numberValue();
  if (made?.proves === 'boolean') return booleanValue();
  const isDate = made?.gives?.kind === 'scalar' && made.gives.type === 'date';
  return made?.proves === 'escaped-literal' || isDate ? shaped({ kind: 'scalar', type: 'date' }) : undefined;
}

/** A library's own type of that name: `Collection` of a database driver. */
const isLibrarys = (value: Value | undefined): boolean => value?.shape.kind === 'entity';

/** An instance of what the name stands for. */
export function instanceOfClass(value: Value): Value | undefined {
  const { shape } = value;
  switch (shape.kind) {
    case 'entity':
      return instanceOf(shape.name);
    case 'member':
      return instanceOf(shape.of);
    case 'module':
      return shape.name.includes(':') ? instanceOf(`${shape.name}#default`) : undefined;
    case 'class':
      return shaped({ kind: 'object', file: shape.file, class: shape.name });
    case 'record': {
      // An enumeration: a value of it is one of its constants.
      const entries = [...shape.entries.values()];
      return entries.length > 0 && !shape.open && entries.every(isConstant) ? anyOf(entries) : undefined;
    }
    case 'list': {
      // One of a list that the code writes out: `(typeof SORTS)[number]`.
      const { items } = shape;
      return items && items.length > 0 && items.every(isConstant) ? anyOf(items) : undefined;
    }
    default:
      return undefined;
  }
}

const isConstant = (value: Value): boolean =>
  (value.shape.kind === 'text' && value.shape.pieces.every(piece => piece.kind === 'constant')) ||
  (value.shape.kind === 'scalar' && value.shape.type === 'number');
