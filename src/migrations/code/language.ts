/** Calls on a language's own values: lists, texts and records, as far as migrations use them. */
import { type GivenArgument, UNDEFINED, type Value } from './values';

type FunctionValue = Extract<Value, { kind: 'function' }>;
type ListValue = Extract<Value, { kind: 'list' }>;

/** Calls a function of the migration's own with these values. */
export type Apply = (fn: FunctionValue, values: readonly Value[]) => Value;

/** What of the evaluation the calls need. */
export interface Evaluating {
  readonly apply: Apply;
  /** Values written one after the other as text, `between` standing between them. */
  readonly join: (values: readonly Value[], between: string) => Value;
  readonly truth: (value: Value) => boolean | undefined;
}

/** What a method of a list or text gives; undefined for one that is not known here. */
export function callOnValue(
  object: Value,
  method: string,
  given: readonly GivenArgument[],
  evaluating: Evaluating,
): Value | undefined {
  const { join } = evaluating;
  if (object.kind === 'list' && !object.open) return onList(object, method, given, evaluating);
  if (object.kind === 'list' && method === 'join') return openText(join(object.items, ','));
  if (object.kind === 'text') return onText(object, method, given, join);
  if (object.kind === 'record') return onRecord(object, method, given);
  return undefined;
}

const truthValue = (value: boolean): Value => ({ kind: 'constant', value });

/** `spec.hasOwnProperty('index')`, and Python's `spec.get('index')`. */
function onRecord(
  record: Extract<Value, { kind: 'record' }>,
  method: string,
  given: readonly GivenArgument[],
): Value | undefined {
  const key = given[0]?.value.kind === 'text' && given[0].value.complete ? given[0].value.value : undefined;
  switch (method) {
    case 'hasOwnProperty':
      if (key === undefined) return undefined;
      return record.entries.has(key) ? truthValue(true) : record.open ? undefined : truthValue(false);
    case 'get':
      if (key === undefined) return undefined;
      return record.entries.get(key) ?? (record.open ? undefined : (given[1]?.value ?? UNDEFINED));
    case 'keys':
    case 'values':
    case 'items':
      return entriesOf('Object', method === 'items' ? 'entries' : method, [{ value: record }]);
    default:
      return undefined;
  }
}

const text = (value: string): Value => ({ kind: 'text', value, pieces: [], complete: true });

/** `Object.keys(record)` and its like; undefined for another call. */
export function entriesOf(
  root: string,
  method: string | undefined,
  [first, second, third, ...more]: readonly GivenArgument[],
): Value | undefined {
  const value = first?.value;
  if (root === 'JSON' && method === 'stringify' && value && !second && !third) return stringified(value);
  // the names of what is asked of a server
  if (root === 'Object' && method === 'keys' && (value?.kind === 'chain' || value?.kind === 'members')) return value;
  // `Object.prototype.hasOwnProperty.call(spec, 'index')`
  if (root === 'Object' && (method === 'call' || method === 'hasOwn') && value && second)
    return onRecordOnly(value, second);
  if (root === 'Array' && method === 'isArray' && value) return isList(value);
  if (root === 'Array' && method === 'from' && value?.kind === 'list') return value;
  if ((root === 'str' || root === 'String') && method === undefined && value?.kind === 'text') return value;
  if (root === 'len' && value?.kind === 'list' && !value.open) return { kind: 'constant', value: value.items.length };
  if (root === 'Object' && method === 'assign') return assigned([first, second, third, ...more]);
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

/** `Object.assign({}, base, { open: true })` as the record that it gives, when what it is put into is made for that. */
function assigned(given: readonly (GivenArgument | undefined)[]): Value | undefined {
  const records = given.flatMap(each => (each ? [each.value] : []));
  const [first] = records;
  if (first?.kind !== 'record' || first.entries.size > 0 || first.open) return undefined;
  if (!records.every(record => record.kind === 'record' && !record.open)) return undefined;
  return {
    kind: 'record',
    entries: new Map(records.flatMap(record => (record.kind === 'record' ? [...record.entries] : []))),
  };
}

/** `JSON.stringify({ open: true })` as its text; undefined where a part is not known. */
function stringified(value: Value): Value | undefined {
  const plain = plainOf(value);
  return plain && text(JSON.stringify(plain.is));
}

/** What holds itself has no text in JSON. */
const MOST_NESTING = 50;

/** A value of nothing but constants as it is. */
function plainOf(value: Value, nesting = 0): { readonly is: unknown } | undefined {
  if (nesting > MOST_NESTING) return undefined;
  const inner = (part: Value) => plainOf(part, nesting + 1);
  switch (value.kind) {
    case 'text':
      return value.complete ? { is: value.value } : undefined;
    case 'constant':
      return value.value === undefined ? undefined : { is: value.value };
    case 'list': {
      const items = value.open ? [] : value.items.map(inner);
      return value.open || items.includes(undefined) ? undefined : { is: items.map(item => item?.is) };
    }
    case 'record': {
      if (value.open) return undefined;
      const entries = [...value.entries].map(([key, entry]) => [key, inner(entry)] as const);
      if (entries.some(([, entry]) => entry === undefined)) return undefined;
      return { is: Object.fromEntries(entries.map(([key, entry]) => [key, entry?.is])) };
    }
    default:
      return undefined;
  }
}

const onRecordOnly = (value: Value, key: GivenArgument): Value | undefined =>
  value.kind === 'record' ? onRecord(value, 'hasOwnProperty', [key]) : undefined;

function isList(value: Value): Value | undefined {
  if (value.kind === 'list') return truthValue(true);
  return value.kind === 'text' || value.kind === 'record' || value.kind === 'constant' ? truthValue(false) : undefined;
}

/** A text that is known in part. */
const openText = (value: Value): Value => (value.kind === 'text' ? { ...value, complete: false } : value);

function onList(
  list: ListValue,
  method: string,
  given: readonly GivenArgument[],
  { apply, join, truth }: Evaluating,
): Value | undefined {
  const first = given[0]?.value;
  /** What the function says of each item; undefined where one of them is not known. */
  const said = (): readonly boolean[] | undefined => {
    const truths = each()?.map(truth);
    return truths?.every(each => each !== undefined) ? truths : undefined;
  };
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
    case 'filter': {
      const truths = said();
      return truths && { kind: 'list', items: list.items.filter((_, index) => truths[index]) };
    }
    case 'some':
    case 'every': {
      const truths = said();
      return truths && truthValue(method === 'some' ? truths.includes(true) : !truths.includes(false));
    }
    case 'find': {
      const truths = said();
      return truths && (list.items[truths.indexOf(true)] ?? UNDEFINED);
    }
    case 'slice': {
      const [from, to] = given.map(({ value }) => (value.kind === 'constant' ? Number(value.value) : Number.NaN));
      if (Number.isNaN(from ?? 0) || Number.isNaN(to ?? 0)) return undefined;
      return { kind: 'list', items: list.items.slice(from, to) };
    }
    case 'at': {
      const at = first?.kind === 'constant' && typeof first.value === 'number' ? first.value : undefined;
      return at === undefined ? undefined : (list.items.at(at) ?? UNDEFINED);
    }
    case 'flat':
      return { kind: 'list', items: list.items.flatMap(item => (item.kind === 'list' ? item.items : [item])) };
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
  join: Evaluating['join'],
): Value | undefined {
  const first = given[0]?.value;
  const other = first?.kind === 'text' && first.complete && text.complete ? first.value : undefined;
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
    case 'startsWith':
    case 'startswith':
      return other === undefined ? undefined : truthValue(text.value.startsWith(other));
    case 'endsWith':
    case 'endswith':
      return other === undefined ? undefined : truthValue(text.value.endsWith(other));
    case 'includes':
      return other === undefined ? undefined : truthValue(text.value.includes(other));
    case 'split':
      if (other === undefined) return undefined;
      return {
        kind: 'list',
        items: text.value.split(other).map((value): Value => ({ kind: 'text', value, pieces: [], complete: true })),
      };
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
