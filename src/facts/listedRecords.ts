/**
 * Lists of records that a serializer writes: by a handler whose class answers with all of its records, or where a serializer
 * is made for many. What the serializer reads of each, and the query did not bring along, is asked for once for every record.
 */
import { fileOf, type Place, type UnitId } from '../engine/place';
import { namesOf } from '../libraries/names';
import type { ListingRow } from '../libraries/vocabulary';
import { type ObservedCall, placeIn } from '../program/analysis';
import { alternativesIn, UNKNOWN } from '../program/lattice';
import { recordsIn } from '../program/records';
import type { Records, Value } from '../program/value';
import type { QueryExecution } from './facts';
import {
  ancestryOf,
  type ClassName,
  isTrue,
  namedValue,
  serializerRow,
  type UnloadedRelation,
  unloadedRelations,
} from './serializers';
import type { Setting } from './setting';

/** What a serializer writes many of. */
interface Listed {
  /** Where the records are asked for, or handed over: what somebody would mend. */
  readonly at: Place;
  /** What gives them, where that is not what stands at the place. */
  readonly asked?: string;
  /** Where it is said that the serializer writes them. */
  readonly head: Place;
  readonly records: Records & { readonly loaded: readonly string[] };
  /** The serializers that it may be. */
  readonly serializers: readonly ClassName[];
}

/** Relations that come to be asked for when lists are written that a unit hands to a serializer; one for each list. */
export function listedRelationsIn(setting: Setting, unit: UnitId): readonly QueryExecution[] {
  if (setting.tables.serializers.size === 0) return [];
  const listed = unit === fileOf(unit) ? listingsIn(setting, unit) : [];
  return [...listed, ...setting.analysis.unit(unit).calls.flatMap(call => writtenByCall(setting, unit, call) ?? [])]
    .flatMap(each => executionOf(setting, each) ?? [])
    .filter((each, index, all) => all.findIndex(({ at }) => isSame(at, each.at)) === index);
}

const isSame = (left: Place, right: Place): boolean =>
  left.unit === right.unit && left.start === right.start && left.end === right.end;

function executionOf(
  setting: Setting,
  { at, head, records, serializers, ...listed }: Listed,
): QueryExecution | undefined {
  const [first, ...others] = serializers.map(each => unloadedRelations(setting, each, records));
  // of several serializers no one says which it is
  const unloaded = first?.filter(({ path }) => others.every(other => other.some(each => isSamePath(each.path, path))));
  const [telling] = unloaded ?? [];
  const [by] = telling?.relations.slice(-1) ?? [];
  const library = by && setting.tables.libraryOf(by.by);
  if (!unloaded || !telling || !library) return undefined;
  const [writer] = serializers;
  const brings = loadedBy(setting, unloaded);
  const given = listed.asked ?? setting.analysis.source(at.unit)?.text.slice(at.start, at.end);
  const asked = given?.replace(/\s*\n\s*/g, ' ');
  return {
    at,
    call: at,
    label: unloaded.map(({ path }) => path.join('.')).join(', '),
    evidence: 'traced',
    library: library.package,
    dialect: library.dialect ?? setting.dialect,
    operation: 'read',
    batched: false,
    loadedBy: brings,
    ...(asked === undefined ? {} : { together: { pieces: [asked + brings] } }),
    repeatedBy: [
      {
        head,
        at,
        form: 'serializer',
        item: records.class,
        source: writer?.name ?? '',
        runsPerItem: true,
        stopsAtFirstHit: false,
      },
    ],
    callPath: unloaded.flatMap(({ steps }) => steps.slice(-1)),
  };
}

const isSamePath = (left: readonly string[], right: readonly string[]): boolean => left.join('.') === right.join('.');

/** What has all of them loaded: `.select_related("author__publisher").prefetch_related("tags")`, the way to another included. */
function loadedBy({ tables }: Setting, unloaded: readonly UnloadedRelation[]): string {
  const byForm = new Map<string, string[]>();
  for (const { path, relations } of unloaded) {
    if (unloaded.some(other => other.path.length > path.length && path.every((name, at) => other.path[at] === name)))
      continue;
    const telling = relations.find(({ gives }) => gives !== 'one') ?? relations.at(-1);
    const row = telling && tables.relations.get(telling.by);
    const form = (telling?.reversed ? row?.reverse?.loadedBy : row?.loadedBy) ?? '';
    byForm.set(form, [...(byForm.get(form) ?? []), path.join('__')]);
  }
  return [...byForm].map(([form, names]) => form.replace('…', names.join('", "'))).join('');
}

/** The records of a value, where it is in sight what came with them. */
function knownRecords(value: Value | undefined): Listed['records'] | undefined {
  const records = recordsIn(value);
  return records?.loaded && records.class !== '' ? { ...records, loaded: records.loaded } : undefined;
}

// ——— classes that answer with all of their records ———

function listingsIn(setting: Setting, file: string): readonly Listed[] {
  const { analysis, tables, key } = setting;
  // an answer of its own: the text differs after every edit, and this does not
  const mayHave = analysis.remember(`may list ${key} ${file}`, () => {
    const text = analysis.source(file)?.text ?? '';
    return [...tables.listings.values()].some(({ row }) => row.serializer.some(word => text.includes(word)));
  });
  if (!mayHave) return [];
  return [...analysis.environment(file).classes.keys()].flatMap(name => listingOf(setting, { file, name }) ?? []);
}

/** The row of a class of handlers, and whether it answers with all of its records by itself. */
function listingRow(
  setting: Setting,
  own: ClassName,
): { readonly row: ListingRow; readonly lists: boolean } | undefined {
  const found = ancestryOf(setting, own).entities.flatMap(entity => setting.tables.listings.get(entity) ?? []);
  const [first] = found;
  return first && { row: first.row, lists: found.some(({ lists }) => lists) };
}

function listingOf(setting: Setting, own: ClassName): Listed | undefined {
  const { analysis } = setting;
  const listing = listingRow(setting, own);
  if (!listing?.lists) return undefined;
  const { row } = listing;
  // written anew it may do another thing
  for (const name of namesOf(row.by)) {
    const method = analysis.member(own.file, own.name, name)?.shape;
    const text = method?.kind === 'function' ? (analysis.source(method.unit)?.text ?? '') : undefined;
    if (text !== undefined && !(text.includes(`${row.makes}(`) && text.includes(`${row.records[1]}(`)))
      return undefined;
  }
  const methods = analysis.member(own.file, own.name, 'http_method_names')?.shape;
  if (methods?.kind === 'list' && !methods.each.from.length && !hasGet(methods.items)) return undefined;
  const records = recordsOf(setting, own, row);
  const serializers = serializersOf(setting, own, row);
  return records && serializers.length > 0 ? { ...records, serializers } : undefined;
}

const hasGet = (items: readonly Value[] | undefined): boolean =>
  items === undefined ||
  items.some(
    ({ shape }) => shape.kind === 'text' && shape.pieces.some(each => each.kind === 'constant' && each.value === 'get'),
  );

/** The records that a class answers with, and where they are asked for. */
function recordsOf(
  { analysis }: Setting,
  { file, name }: ClassName,
  { records: [field = '', method = ''] }: ListingRow,
): Pick<Listed, 'at' | 'head' | 'records'> | undefined {
  const own = analysis.environment(file).classes.get(name)?.class;
  const asked = analysis.member(file, name, method)?.shape;
  if (asked?.kind === 'function') {
    const { returns, calls } = analysis.unit(asked.unit);
    const records = knownRecords(returns);
    const last = calls.findLast(({ use }) => use.kind === 'returned') ?? calls.at(-1);
    if (!records || !last || fileOf(asked.unit) !== file) return undefined;
    return { at: last.at, head: last.at, records };
  }
  const records = knownRecords(analysis.member(file, name, field));
  const declared = own?.fields.find(each => each.name === field);
  if (!records || !declared) return undefined;
  const declaration = `${file}#field ${name}.${field}`;
  const at = analysis.unit(declaration).calls.at(-1)?.at ?? placeIn(file, declared);
  return { at, head: at, records };
}

function serializersOf(
  { analysis }: Setting,
  { file, name }: ClassName,
  { serializer: [field = '', method = ''] }: ListingRow,
): readonly ClassName[] {
  const chosen = analysis.member(file, name, method)?.shape;
  const value = chosen?.kind === 'function' ? analysis.unit(chosen.unit).returns : analysis.member(file, name, field);
  const known = value ? alternativesIn(value) : [];
  const classes = known.flatMap(({ shape }) =>
    shape.kind === 'class' ? [{ file: shape.file, name: shape.name }] : [],
  );
  return classes.length === known.length ? classes : [];
}

// ——— serializers that are made for many ———

function writtenByCall(setting: Setting, unit: UnitId, call: ObservedCall): Listed | undefined {
  // a keyword says so, and most calls have none
  if (!call.node.arguments.some(({ name, value }) => name !== undefined && value.kind === 'constant')) return undefined;
  const serializers = madeBy(setting, fileOf(unit), call);
  const [first] = serializers;
  const row = first && serializerRow(setting, first);
  if (!row || !isTrue(call.node, row.many)) return undefined;
  const handed = call.arguments.find(({ name, spread }) => !spread && (name === undefined || name === row.records));
  const records = knownRecords(handed?.value);
  return records && handed
    ? { at: placeIn(unit, call.callee), asked: handed.source, head: call.at, records, serializers }
    : undefined;
}

/** The serializer that a call makes: by its class, or by the method of a handler that has one. */
function madeBy(setting: Setting, file: string, { receiver, node: { callee } }: ObservedCall): readonly ClassName[] {
  const { shape } = namedValue(setting, file, callee) ?? UNKNOWN;
  if (shape.kind === 'class') return [{ file: shape.file, name: shape.name }];
  if (callee.kind !== 'member' || receiver?.shape.kind !== 'object') return [];
  const own = { file: receiver.shape.file, name: receiver.shape.class };
  const listing = [...setting.tables.listings.values()].some(({ row }) => row.makes === callee.name)
    ? listingRow(setting, own)
    : undefined;
  return listing?.row.makes === callee.name ? serializersOf(setting, own, listing.row) : [];
}
