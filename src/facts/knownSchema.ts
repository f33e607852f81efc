/**
 * The tables that a project's migrations and schema files come to, as its code sees them: by the names in its statements.
 * What only may be there is never said to be missing.
 */
import { type Catalog, isTable, isView } from '../catalog/catalog';
import type { Table, View } from '../catalog/object';
import { nearest } from '../engine/nearest';
import type { Place } from '../engine/place';
import type { SchemaHead } from '../migrations/head';
import { isToolsOwn } from '../migrations/history';
import { type KnownTable, knownTable, together } from './knownTables';
import type { HistoryTail } from './newMigrations';
import type { ClientModel } from './prismaModels';

/**
 * What is there no more under a name: a table, a column of one, a label of an enumeration that a column has; or the type that
 * a column had.
 */
export interface Gone {
  readonly what: 'table' | 'column' | 'label' | 'type';
  /** The table by the name that it had. */
  readonly table: string;
  /** The table that has it today, by its name now. */
  readonly tableNow?: string;
  readonly column?: string;
  readonly label?: string;
  /** A CHECK leaves the column no such value: it may be asked for, and is not there. */
  readonly byCheck?: true;
  /** Of a label and a type: what the column is now, and what it was. */
  readonly type?: ValueType;
  readonly typeBefore?: ValueType;
  /** Nothing that was not understood may have brought it back. */
  readonly isSure?: boolean;
  /** Renamed to this; dropped where absent. */
  readonly to?: string;
  /** The statement that did it, the file that it stands in, and the migration's name. */
  readonly at: Place;
  readonly file: string;
  readonly migration: string;
}

/** A column's type, as far as it decides which values it takes. */
export interface ValueType {
  /** As a message writes it. */
  readonly name: string;
  /** Of an enumeration. */
  readonly labels?: readonly string[];
}

/** One history, or the SQL files of a folder, as they stand at their head. */
export interface KnownPart {
  readonly head: SchemaHead;
  /** All of it was understood, and it speaks of nothing that it has not made. */
  readonly isWhole: boolean;
  readonly gone: readonly Gone[];
  /** Migrations make it; else files say what it is to be. */
  readonly isHistory: boolean;
  /** Where migrations are added to it. */
  readonly tail?: HistoryTail;
}

export interface KnownRelation {
  /** All its columns are known. */
  readonly isComplete: boolean;
  readonly columns: ReadonlySet<string>;
  /** Whether it has no such column for certain, as far as is known of it. */
  lacks(column: string): boolean;
  /** By the column's former name. */
  readonly gone: ReadonlyMap<string, Gone>;
  /** All that is known of it; absent where there may be more: columns, or indexes. */
  readonly table?: KnownTable;
  /** By the column: what it takes no more, or otherwise. */
  readonly changed: ReadonlyMap<string, readonly Gone[]>;
}

export interface KnownSchema {
  /** `open`: it may be there, or not be a matter of these migrations; `absent`: there is none. */
  relation(name: { readonly schema?: string; readonly name: string }): KnownRelation | Gone | 'open' | 'absent';
  /** The tables and views of that name, each with the schema that it is part of. */
  found(
    name: string,
  ): readonly { readonly relation: Table | View; readonly catalog: Catalog; readonly isHistory: boolean }[];
  /** What a client that is made of a schema calls so: `orderLine` of `prisma.orderLine`. */
  client(model: string): ClientModel | undefined;
  /** Most of the code may speak to another database. */
  readonly isAboutAnother: boolean;
  /** Tables by their names, for what is nearest to a wrong one. */
  readonly tables: readonly string[];
  readonly gone: readonly Gone[];
  /** Where a change of a table is added; undefined where several could hold it, or none does. */
  tailOf(table: { readonly schema: string; readonly name: string }): HistoryTail | undefined;
}

export const isGone = (known: KnownRelation | Gone): known is Gone => 'what' in known;

export interface KnownSchemaInput {
  readonly parts: readonly KnownPart[];
  /** Something else may make tables: a tool or a server's dialect that is not read. */
  readonly isPartial: boolean;
  /** Whether that something speaks of a table. */
  readonly isUnread: (name: string) => boolean;
  /** What the code's statements name as tables, as far as a look at the texts tells. */
  readonly asked: ReadonlySet<string>;
  /** Tables that the code itself makes or alters, beside all migrations. */
  readonly isMadeElsewhere: (name: string) => boolean;
  /** Tables that the code itself makes indexes on. */
  readonly isIndexedElsewhere: (name: string) => boolean;
  /** Tables that a model in the code stands for. */
  readonly isModelled: (name: string) => boolean;
  /** The models of clients that are made of a schema, by the names in calls. */
  readonly clients: ReadonlyMap<string, ClientModel>;
}

interface Found {
  readonly relation: Table | View;
  readonly part: KnownPart;
}

export function knownSchemaOf(input: KnownSchemaInput): KnownSchema {
  const { parts, isPartial, isUnread, asked, isMadeElsewhere, isIndexedElsewhere, isModelled, clients } = input;
  const byName = new Map<string, Found[]>();
  /** Of servers that do not tell names apart by case: by the name in lower case. */
  const byFoldedName = new Map<string, Found[]>();
  const schemas = new Set<string>();
  for (const part of parts)
    for (const object of part.head.catalog.objects.values()) {
      if (!isTable(object) && !isView(object)) continue;
      if (isTable(object) && object.dropped) continue;
      const isFolded = part.head.catalog.dialect !== undefined;
      const names = isFolded ? byFoldedName : byName;
      const key = isFolded ? object.name.toLowerCase() : object.name;
      const known = names.get(key) ?? [];
      known.push({ relation: object, part });
      names.set(key, known);
      if (!object.assumed) schemas.add(object.schema);
    }
  const gone = parts.flatMap(part => part.gone);
  const isAboutAnother = asksForOthers(asked, new Map([...byName, ...byFoldedName]), isMadeElsewhere);
  const isWhole = !isPartial && parts.length > 0 && parts.every(part => part.isWhole) && !isAboutAnother;
  const foundAs = (name: string): readonly Found[] => [
    ...(byName.get(name) ?? []),
    ...(byFoldedName.get(name.toLowerCase()) ?? []),
  ];
  const isOf = (one: string, other: string): boolean =>
    one === other || (byFoldedName.size > 0 && one.toLowerCase() === other.toLowerCase());
  const answers = new Map<string, ReturnType<KnownSchema['relation']>>();

  function answer(name: { readonly schema?: string; readonly name: string }): ReturnType<KnownSchema['relation']> {
    if (isServersOwn(name)) return 'open';
    const found = foundAs(name.name).filter(
      ({ relation }) => name.schema === undefined || relation.schema === name.schema,
    );
    if (found.length === 0) {
      if (isMadeElsewhere(name.name)) return 'open';
      const was = gone.filter(each => each.what === 'table' && isOf(each.table, name.name));
      const [first] = was;
      if (first && was.every(({ to }) => to === first.to) && isUndone(name.name)) return first;
      if (isModelled(name.name)) return 'open';
      const isOurs = name.schema === undefined || schemas.has(name.schema);
      return isWhole && isOurs && schemas.size > 0 ? 'absent' : 'open';
    }
    const names = found.flatMap(({ relation, part }) =>
      relation.columns.flatMap(({ name: one }) => spellings(one, part)),
    );
    const isFolded = found.some(({ part }) => part.head.catalog.dialect !== undefined);
    const columns = isFolded ? new FoldedNames(names) : new Set(names);
    const isOpen = isMadeElsewhere(name.name);
    const isComplete = !isOpen && found.every(isAllKnown);
    const own = new Map<string, Gone>();
    const changed = new Map<string, readonly Gone[]>();
    for (const each of gone) {
      if (each.column === undefined || each.tableNow === undefined || !isOf(each.tableNow, name.name)) continue;
      if (each.what === 'column' && !columns.has(each.column))
        for (const spelling of isFolded ? [each.column, each.column.toLowerCase()] : [each.column])
          own.set(spelling, each);
      if (each.type && columns.has(each.column)) changed.set(each.column, [...(changed.get(each.column) ?? []), each]);
    }
    const table = tableAmong(found, name.name);
    return {
      isComplete,
      columns,
      lacks: column =>
        !columns.has(column) &&
        (isComplete || (!isOpen && found.every(each => isKnownOf(each, column) || hasTaken(each, column)))),
      gone: own,
      changed,
      ...(table ? { table } : {}),
    };
  }

  /** A table of which all is known; what other histories do to one that they have not made comes to it. */
  function tableAmong(found: readonly Found[], name: string): KnownTable | undefined {
    if (isUnread(name) || isMadeElsewhere(name) || isIndexedElsewhere(name)) return undefined;
    const tables = found.map(({ relation, part }) => {
      if (!isTable(relation) || !isOrdinary(relation) || !part.head.isSettled(name)) return undefined;
      if (!relation.assumed && !relation.complete) return undefined;
      return knownTable(relation, part.head.catalog);
    });
    const isOwn = found.some(({ relation }) => !relation.assumed);
    const known = tables.filter(table => table !== undefined);
    return isOwn && known.length === found.length ? known.reduce(together) : undefined;
  }

  /** Whether what says that a table is gone is understood well enough. */
  const isUndone = (table: string): boolean =>
    !isUnread(table) &&
    parts.every(
      part =>
        part.head.isSettled(table) ||
        part.gone.some(each => each.what === 'table' && isOf(each.table, table) && each.isSure === true),
    );

  const hasTaken = ({ relation, part }: Found, column: string): boolean =>
    !isUnread(relation.name) &&
    part.gone.some(
      each =>
        each.what === 'column' &&
        each.isSure === true &&
        each.tableNow === relation.name &&
        each.column !== undefined &&
        isOf(each.column, column),
    );

  return {
    relation(name) {
      const key = `${name.schema ?? ''}.${name.name}`;
      const known = answers.get(key) ?? answer(name);
      answers.set(key, known);
      return known;
    },
    found: name =>
      foundAs(name).map(({ relation, part }) => ({
        relation,
        catalog: part.head.catalog,
        isHistory: part.isHistory,
      })),
    client: model => clients.get(model),
    isAboutAnother,
    tables: [...byName, ...byFoldedName].flatMap(([, found]) => found.slice(0, 1).map(({ relation }) => relation.name)),
    gone,
    tailOf({ schema, name }) {
      const found = (byName.get(name) ?? []).filter(({ relation }) => relation.schema === schema);
      const [own, other] = found.filter(({ relation }) => !relation.assumed);
      return own && !other ? own.part.tail : undefined;
    },
  };
}

/** Every column of it is known, as far as what was understood tells. */
const isMade = ({ relation }: Found): boolean =>
  isTable(relation) && relation.complete && !relation.assumed && relation.foreignServer === undefined;

/** Every column of it is known. */
const isAllKnown = (found: Found): boolean => isMade(found) && found.part.head.isSettled(found.relation.name);

/** Whether it has a column of this name is known. */
const isKnownOf = (found: Found, column: string): boolean =>
  isMade(found) && found.part.head.isWithout(found.relation.name, column);

/** Names that are found in any case; each is in it as it is spelled, and in lower case. */
class FoldedNames extends Set<string> {
  override has(name: string): boolean {
    return super.has(name) || super.has(name.toLowerCase());
  }
}

/** A column's name, and how it may be spelled where case says nothing. */
const spellings = (name: string, { head }: KnownPart): readonly string[] =>
  head.catalog.dialect === undefined ? [name] : [name, name.toLowerCase()];

/** Rows are found by what it has itself: no partition, no child of others, nothing that a session keeps to itself. */
const isOrdinary = ({ name, partitionOf, inherits, persistence }: Table): boolean =>
  partitionOf === undefined && inherits.length === 0 && persistence !== 'temporary' && !isToolsOwn(name);

/**
 * The code asks for more tables that nothing here makes than for those that are made: the migrations began on a database that
 * was there, or most of the code speaks to another one.
 */
function asksForOthers(
  asked: ReadonlySet<string>,
  made: ReadonlyMap<string, unknown>,
  isMadeElsewhere: (name: string) => boolean,
): boolean {
  let known = 0;
  const unknown: string[] = [];
  for (const name of asked)
    if (made.has(name) || made.has(name.toLowerCase())) known += 1;
    else if (!isServersOwn({ name }) && !isMadeElsewhere(name)) unknown.push(name);
  // what is misspelt is meant to be one of those that are there
  return unknown.length > known && unknown.filter(name => nearest(name, [...made.keys()]) === undefined).length > known;
}

/** What the server and its extensions keep. */
const isServersOwn = ({ schema, name }: { readonly schema?: string; readonly name: string }): boolean =>
  /^(?:pg_|information_schema$|cron$|topology$|tiger$|timescaledb|_timescaledb|pgboss|auth$|storage$|vault$|net$|extensions$|graphile_)/.test(
    schema ?? '',
  ) ||
  /^(?:pg_|sqlite_|sql_)|^(?:spatial_ref_sys|geometry_columns|geography_columns|raster_columns|raster_overviews|dual)$/.test(
    name,
  );
