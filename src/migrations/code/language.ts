/** Calls on a language's own values: lists, texts and records, as far as migrations use them. */
import { type GivenArgument, UNDEFINED, type Value } from './values';

type FunctionValue = Extract<Value, { kind: 'function' }>;
type ListValue = Extract<Value, { kind: 'list' }>;

/** Calls a function of the migration's own with these values. */
export type Apply = (fn: FunctionValue, values: readonly Value[]) => Value;

/** Values written one after the other as text, `between` standing between them. */
export type Join = (values: readonly Value[], between: string) => Value;

/** What a method of a list or text gives; undefined for one that is not known here. */
export function callOnValue(
  object: Value,
  method: string,
  given: readonly GivenArgument[],
  apply: Apply,
  join: Join,
): Value | undefined {
  if (object.kind === 'list' && !object.open) return onList(object, method, given, apply, join);
  if (object.kind === 'list' && method === 'join') return openText(join(object.items, ','));
  if (object.kind === 'text') return onText(object, method, given, join);
  return undefined;
}

const text = (value: string): Value => ({ kind: 'text', value, pieces: [], complete: true });

/** `Object.keys(record)` and its like; undefined for another call. */
export function entriesOf(root: string, method: string | undefined, value: Value | undefined): Value | undefined {
  if (root !== 'Object' || value?.kind !== 'record' || value.open) return undefined;
  const entries = [...value.entries];
  switch (method) {
    case 'keys':
      return { kind: 'list', items: entries.map(([key]) => text(key)) };
    case 'values':
      return { kind: 'list', items: entries.map(([, entry]) => entry) };
    case 'entries':
      return { kind: 'list', items: entries.map(([key, entry]) => ({ kind: 'list', items: [text(key), entry] })) };
    default:
      return undefined;
  }
}

/** A text that is known in part. */
const openText = (value: Value): Value => (value.kind === 'text' ? { ...value, complete: false } : value);

function onList(
  list: ListValue,
  method: string,
  given: readonly GivenArgument[],
  apply: Apply,
  join: Join,
): Value | undefined {
  const first = given[0]?.value;
  const each = (): readonly Value[] | undefined =>
    first?.kind === 'function'
      ? list.items.map((item, index) => apply(first, [item, { kind: 'constant', value: index }]))
      : undefined;
  switch (method) {
    case 'forEach':
      return each() && UNDEFINED;
    case 'map': {
      const items = each();
      return items && { kind: 'list', items };
    }
    case 'flatMap': {
      const items = each();
      return items && { kind: 'list', items: items.flatMap(item => (item.kind === 'list' ? item.items : [item])) };
    }
    case 'reduce':
      return first?.kind === 'function'
        ? list.items.reduce<Value>((sum, item) => apply(first, [sum, item]), given[1]?.value ?? UNDEFINED)
        : undefined;
    case 'reverse':
      return { kind: 'list', items: [...list.items].reverse() };
    case 'concat':
      return { kind: 'list', items: [...list.items, ...given.flatMap(({ value }) => itemsOrSelf(value))] };
    case 'join':
      return join(list.items, first?.kind === 'text' ? first.value : ',');
    default:
      return undefined;
  }
}

const itemsOrSelf = (value: Value): readonly Value[] => (value.kind === 'list' ? value.items : [value]);

function onText(
  text: Extract<Value, { kind: 'text' }>,
  method: string,
  given: readonly GivenArgument[],
  join: Join,
): Value | undefined {
  switch (method) {
    case 'trim':
    case 'toString':
      // what stands around a statement means nothing to a server
      return text;
    case 'concat':
      return join([text, ...given.map(({ value }) => value)], '');
    case 'join': {
      // Python's `', '.join(names)`
      const items = given[0]?.value;
      return items?.kind === 'list' && !items.open ? join(items.items, text.value) : undefined;
    }
    case 'toUpperCase':
    case 'upper':
      return { kind: 'text', value: text.value.toUpperCase(), pieces: [], complete: text.complete };
    case 'toLowerCase':
    case 'lower':
      return { kind: 'text', value: text.value.toLowerCase(), pieces: [], complete: text.complete };
    default:
      return undefined;
  }
}
