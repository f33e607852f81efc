/**
 * What the everyday methods of lists, records and texts give when it is known what is in them. The names are those that
 * collections have in most languages; what is not known is left to the tables.
 */
import { type CallSite, methodName } from './callSite';
import { itemOf } from './items';
import {
  alternativesIn,
  constantOf,
  constantValue,
  join,
  joinAll,
  listOf,
  listOfAny,
  NULL,
  recordOf,
  withoutNull,
  withSources,
} from './lattice';
import { entriesOf, keyOf, memberOf } from './members';
import { unionOf } from './sources';
import { holesOf } from './strings';
import type { Value } from './value';

/** Longer constant texts are not split into lists. */
const MAX_SPLIT = 100;

/** The result of a call on, or about, a collection that is known; nothing when it is not. */
export function collectionCall(site: CallSite): Value | undefined {
  const method = methodName(site.call) ?? calledName(site);
  if (method === undefined) return undefined;
  if (site.call.form === 'new') return constructed(site);
  const { receiver } = site;
  const [first, second] = site.positional;
  if (receiver?.shape.kind === 'list') return ofList(site, receiver, receiver.shape, method, first);
  if (receiver?.shape.kind === 'text') return ofText(receiver, method, first);
  if (receiver?.shape.kind === 'record' && site.positional.length === 0) return ofRecord(receiver, method);
  if (method === 'pick' && first && second && site.callee.shape.kind === 'entity') return picked(site, first, second);
  if (receiver?.shape.kind === 'entity' && first) {
    if (first.shape.kind === 'record' && !second) return ofRecord(first, method);
    if (method === 'assign') return assigned(site);
    if (method === 'fromEntries') return fromPairs(first);
  }
  // `Array(n).fill('?')`, whatever the list was before.
  if (method === 'fill' && first && receiver) return listOfAny(first, receiver.from);
  return undefined;
}

const calledName = (site: CallSite): string | undefined =>
  site.call.callee.kind === 'name' ? site.call.callee.name : undefined;

/** A map that is made of constant pairs stays the list of its pairs, whose values are known. */
function constructed(site: CallSite): Value | undefined {
  const [first] = site.positional;
  const items = first?.shape.kind === 'list' ? first.shape.items : undefined;
  if (!first || !items || items.length === 0) return undefined;
  const isPair = (item: Value): boolean =>
    item.shape.kind === 'list' &&
    item.shape.items?.length === 2 &&
    item.shape.items.every(part => constantOf(part) !== undefined);
  return items.every(isPair) ? first : undefined;
}

function ofList(
  site: CallSite,
  list: Value,
  shape: Extract<Value['shape'], { kind: 'list' }>,
  method: string,
  first: Value | undefined,
): Value | undefined {
  switch (method) {
    case 'concat':
      return site.positional.reduce(appended, list);
    case 'fill':
      return first && listOfAny(first, list.from);
    case 'flat':
      return listOfAny(shape.each.shape.kind === 'list' ? itemOf(shape.each) : shape.each, list.from);
    case 'pop':
    case 'shift':
    case 'at':
    case 'popleft':
      return withSources(join(itemOf(list), NULL), site.from);
    case 'slice':
      return site.positional.length === 0 ? list : undefined;
    case 'values':
    case 'toArray':
    case 'groups':
      return list;
    case 'group':
      return itemOf(list);
    default:
      return undefined;
  }
}

function appended(list: Value, more: Value): Value {
  const from = unionOf(list.from, more.from);
  if (list.shape.kind !== 'list') return list;
  if (more.shape.kind !== 'list') return listOfAny(join(list.shape.each, more), from);
  if (list.shape.items && more.shape.items) return listOf([...list.shape.items, ...more.shape.items], from);
  return listOfAny(join(list.shape.each, more.shape.each), from);
}

function ofText(text: Value, method: string, separator: Value | undefined): Value | undefined {
  if (method !== 'split' || text.shape.kind !== 'text') return undefined;
  const constant = constantOf(text);
  const by = separator && constantOf(separator);
  if (constant !== undefined && by !== undefined && constant.length <= MAX_SPLIT * 20) {
    const parts = constant.split(by);
    if (parts.length <= MAX_SPLIT) return listOf(parts.map(constantValue));
  }
  const holes = holesOf(text.shape.pieces);
  return holes.length === 0 ? undefined : listOfAny(joinAll(holes.map(hole => hole.value)), text.from);
}

function ofRecord(record: Value, method: string): Value | undefined {
  if (record.shape.kind !== 'record') return undefined;
  const { entries, open } = record.shape;
  const values = [...entries.values()];
  switch (method) {
    case 'keys':
    case 'getOwnPropertyNames':
      return open ? listOfAny(keyOf(record), record.from) : listOf([...entries.keys()].map(constantValue), record.from);
    case 'values':
      return open ? undefined : listOf(values.map(withoutNull), record.from);
    case 'entries':
    case 'items':
      if (open) return undefined;
      return listOf(
        [...entries].map(([key, value]) => listOf([constantValue(key), value])),
        record.from,
      );
    default:
      return undefined;
  }
}

/** `Object.assign({}, a, b)` */
function assigned(site: CallSite): Value | undefined {
  const entries = new Map<string, Value>();
  let open = false;
  for (const each of site.positional) {
    const value = entriesOf(site.walk.world, each, site.walk.at(site.call));
    if (value.from.length > 0 && (value.shape.kind !== 'record' || value.shape.open))
      for (const [key, before] of entries)
        entries.set(key, join(before, memberOf(site.walk.world, value, key, site.walk.at(site.call))));
    if (value.shape.kind !== 'record') {
      open = true;
      continue;
    }
    open ||= value.shape.open;
    for (const [key, each] of value.shape.entries) entries.set(key, each);
  }
  return recordOf(entries, open, unionOf([], ...site.positional.map(value => value.from)));
}

/** `pick(body, ['name', 'age'])`: entries of these names, and no others. */
function picked({ walk, call }: CallSite, whole: Value, names: Value): Value | undefined {
  const keys = names.shape.kind === 'list' ? names.shape.items?.map(constantOf) : undefined;
  if (!keys?.every(key => key !== undefined)) return undefined;
  const at = walk.at(call);
  return recordOf(new Map(keys.map(key => [key ?? '', memberOf(walk.world, whole, key ?? '', at)])), false, whole.from);
}

function fromPairs(pairs: Value): Value | undefined {
  if (pairs.shape.kind !== 'list' || !pairs.shape.items) return undefined;
  const entries = new Map<string, Value>();
  for (const pair of pairs.shape.items) {
    const [key, value] = pair.shape.kind === 'list' ? (pair.shape.items ?? []) : [];
    const name = key && constantOf(key);
    if (name === undefined || !value) return undefined;
    entries.set(name, value);
  }
  return recordOf(entries, false, pairs.from);
}

/** `list.find(…)`: one of its items, or nothing. */
export const foundIn = (receiver: Value): Value => join(joinAll(alternativesIn(receiver).map(itemOf)), NULL);
