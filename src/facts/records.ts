/**
 * Records of an ORM: what its own queries returned. A method of one that the ORM's table has for records (`order.save()`,
 * `order.$relatedQuery('lines')`, `order.getLines()`), and a relation of one that is loaded when it is awaited, are
 * statements of their own, although nothing else tells what the record is.
 */
import { fileOf, type Place, type UnitId } from '../engine/place';
import type { LibraryModel, QueryRow } from '../libraries/vocabulary';
import { type ObservedCall, placeIn, type Repetition } from '../program/analysis';
import { UNKNOWN } from '../program/lattice';
import type { Class, Field, Type } from '../program/model';
import type { CallId, Source, Value } from '../program/value';
import type { LibraryTables, RowOf } from './libraryTables';
import type { Setting } from './setting';

/** The library whose query each call of a unit is, for the libraries whose records have methods. */
export function recordSources(
  { recordMethods, libraryOf }: LibraryTables,
  calls: readonly ObservedCall[],
): ReadonlyMap<CallId, LibraryModel> {
  const sources = new Map<CallId, LibraryModel>();
  for (const { id, target } of calls) {
    const library = target.kind === 'library' ? libraryOf(target.name) : undefined;
    if (library && recordMethods.has(library.package)) sources.set(id, library);
  }
  return sources;
}

/** The row of a method that is called on a record; nothing where the receiver is none, or the method is not the ORM's. */
export function recordMethod(
  { recordMethods }: LibraryTables,
  call: ObservedCall,
  sources: ReadonlyMap<CallId, LibraryModel>,
): RowOf<QueryRow> | undefined {
  if (sources.size === 0 || call.target.kind !== 'method' || call.form !== 'call') return undefined;
  const library = libraryBehind(call.receiver?.from ?? [], sources);
  if (!library) return undefined;
  const row = methodOf(recordMethods.get(library.package), call, call.target.name);
  return row && { library, row };
}

function methodOf(
  methods: ReadonlyMap<string, QueryRow> | undefined,
  call: ObservedCall,
  name: string,
): QueryRow | undefined {
  const row = methods?.get(name);
  if (row) return row;
  // a name that only begins like the ORM's may be the model's own: then it is waited for where it asks
  const prefix = /^[a-z]+(?=[A-Z])/.exec(name)?.[0];
  const named = prefix === undefined ? undefined : methods?.get(`${prefix}*`);
  return named && (call.awaited || call.use.kind === 'returned') ? named : undefined;
}

/** A statement of a record that a function runs which the record is handed to. */
export interface HandedRecord {
  readonly library: LibraryModel;
  readonly row: QueryRow;
  /** The call in that function, by a unit. */
  readonly query: ObservedCall;
  /** Where the record comes from. */
  readonly from: readonly Source[];
}

/**
 * What a function does with the record that it is handed in a loop: `posts.map(toDto)`, where `toDto` asks for
 * `post.getAuthor()`. In the function itself nothing tells what the record is.
 */
export function recordHandedTo(
  { analysis, tables }: Setting,
  call: ObservedCall,
  sources: ReadonlyMap<CallId, LibraryModel>,
): HandedRecord | undefined {
  if (sources.size === 0 || call.target.kind !== 'unit' || call.arguments.some(({ spread }) => spread))
    return undefined;
  const { unit } = call.target;
  for (const [index, { value }] of call.arguments.entries()) {
    const library = isRecord(value) ? libraryBehind(value.from, sources) : undefined;
    if (!library) continue;
    const methods = tables.recordMethods.get(library.package);
    for (const query of analysis.unit(unit).calls) {
      const { target, form, receiver } = query;
      if (target.kind !== 'method' || form !== 'call') continue;
      const [only, ...more] = receiver?.from ?? [];
      if (only?.kind !== 'parameter' || only.unit !== unit || only.index !== index || more.length > 0) continue;
      const { shape } = receiver ?? UNKNOWN;
      // the parameter itself, and no member of it
      if (shape.kind !== 'unknown' || shape.parameter?.path.length !== 0) continue;
      const row = methodOf(methods, query, target.name);
      if (row?.self && !row.unlessLoaded) return { library, row, query, from: value.from };
    }
  }
  return undefined;
}

/** What nobody took a member of: a name of a record is no record. */
const isRecord = ({ shape }: Value): boolean => shape.kind === 'unknown' || shape.kind === 'object';

const libraryBehind = (
  from: readonly Source[],
  sources: ReadonlyMap<CallId, LibraryModel>,
): LibraryModel | undefined => {
  for (const source of from) {
    const library = source.kind === 'call' ? sources.get(source.call) : undefined;
    if (library) return library;
  }
  return undefined;
};

/**
 * Whether the records of a relation came with the record that has it: a call that the record comes from, or one that loads
 * relations of records that are there, names it.
 * @param where  what asks for it
 */
export function cameLoaded(
  { fills }: LibraryTables,
  calls: readonly ObservedCall[],
  record: readonly Source[],
  relation: string,
  where: Place,
): boolean {
  const behind = new Set(record.flatMap(source => (source.kind === 'call' ? [source.call] : [])));
  const named = new RegExp(`(?<![\\w$])${relation.replace(/\$/g, '\\$&')}(?![\\w$])`);
  return calls.some(({ id, at, target, arguments: args }) => {
    const isFill = target.kind === 'library' && fills.has(target.name) && at.end <= where.start;
    if (!isFill && !behind.has(id)) return false;
    return args.slice(isFill ? 1 : 0).some(({ source }) => named.test(source));
  });
}

/** A relation that is asked for when it is awaited: `await order.customer`. */
export interface LazyRead {
  readonly at: Place;
  readonly source: string;
  readonly library: LibraryModel;
  readonly repetitions: readonly Repetition[];
  readonly from: readonly Source[];
}

/** Awaited relations of a unit that stand in a loop. */
export function lazyReadsIn(setting: Setting, unit: UnitId): readonly LazyRead[] {
  const { analysis, tables } = setting;
  const awaited = analysis.unit(unit).awaits.filter(({ repetitions }) => repetitions.length > 0);
  if (awaited.length === 0 || tables.lazyRelations.size === 0) return [];
  const relations = lazyRelationsIn(setting, fileOf(unit));
  const source = relations.size === 0 ? undefined : analysis.source(unit);
  if (!source) return [];
  return awaited.flatMap(({ at, value, repetitions }): LazyRead[] => {
    if (at.unit !== unit) return [];
    const written = source.text.slice(at.start, at.end);
    const member = /^[\w$]+(?:[\w$.!?]*)\.([\w$]+)$/.exec(written)?.[1];
    const library = member === undefined ? undefined : relations.get(member);
    if (member !== undefined && library && cameLoaded(tables, analysis.unit(unit).calls, value.from, member, at))
      return [];
    return library ? [{ at: placeIn(unit, at), source: written, library: library, repetitions, from: value.from }] : [];
  });
}

/** Relations that load themselves, by name, of the classes that a file declares or imports. */
function lazyRelationsIn({ analysis, tables, key }: Setting, file: string): ReadonlyMap<string, LibraryModel> {
  return (
    analysis.remember<ReadonlyMap<string, LibraryModel> | undefined>(`lazy relations ${key} ${file}`, () => {
      const { classes, variables } = analysis.environment(file);
      const relations = new Map<string, LibraryModel>();
      const add = (declaredIn: string, each: Class | undefined) => {
        for (const field of each?.fields ?? []) {
          const library = isPromise(field.type)
            ? lazyLibrary(analysis.environment(declaredIn).variables, field)
            : undefined;
          if (library) relations.set(field.name, library);
        }
      };
      const lazyLibrary = (
        names: ReadonlyMap<string, typeof UNKNOWN>,
        { decorators = [] }: Field,
      ): LibraryModel | undefined => {
        for (const decorator of decorators) {
          const name = decorator.kind === 'call' ? decorator.callee : decorator;
          const { shape } = (name.kind === 'name' ? names.get(name.name) : undefined) ?? UNKNOWN;
          if (shape.kind === 'entity' && tables.lazyRelations.has(shape.name)) return tables.libraryOf(shape.name);
        }
        return undefined;
      };
      for (const each of classes.values()) add(file, each.class);
      for (const { shape } of variables.values())
        if (shape.kind === 'class' && shape.file !== file)
          add(shape.file, analysis.environment(shape.file).classes.get(shape.name)?.class);
      return relations;
    }) ?? new Map()
  );
}

const isPromise = (type: Type | undefined): boolean => type?.kind === 'named' && type.name === 'Promise';
