/**
 * The schema as of a step: an immutable value. Keeping one for every step of a long history is cheap, since two
 * catalogs share what is the same in both.
 */
import type { OtherDialect } from './dialectCursor';
import type {
  CatalogObject,
  Column,
  Constraint,
  Extension,
  Index,
  ObjectId,
  Relation,
  Routine,
  Sequence,
  Table,
  Type,
  View,
} from './object';
import { ShardedMap } from './shardedMap';

/** What a session has set, and what its open transaction began with. */
export interface Session {
  readonly searchPath: readonly string[];
  /** The catalogs that ROLLBACK and ROLLBACK TO go back to, outermost first; empty outside of a transaction. */
  readonly savepoints: readonly { readonly name: string; readonly catalog: Catalog }[];
}

export interface Catalog {
  readonly objects: ShardedMap<ObjectId, CatalogObject>;
  /** From `r:public.orders` and its like to identities; of an index to its relation's. */
  readonly names: ShardedMap<string, ObjectId>;
  /** What is not here does not exist. False where history is missing or was not understood. */
  readonly complete: boolean;
  readonly nextId: ObjectId;
  readonly session: Session;
  /** The major version of the PostgreSQL that has run what it is folded from; absent of an empty one. */
  readonly version?: number;
  /** Of another server than PostgreSQL. */
  readonly dialect?: OtherDialect;
  /** There, who has written the statements: a builder's are kept in PostgreSQL's words, which do not compare with the server's own. */
  readonly wordedBy?: 'builder' | 'text' | 'both';
}

export const NEW_SESSION: Session = { searchPath: ['public'], savepoints: [] };

const PUBLIC: CatalogObject = {
  kind: 'schema',
  id: 1,
  name: 'public',
  comment: 'standard public schema',
  grants: [],
};

/** An empty database. `complete` is false where something may be there that no migration creates. */
export const emptyCatalog = ({
  complete,
  dialect,
}: {
  readonly complete: boolean;
  readonly dialect?: OtherDialect | undefined;
}): Catalog => ({
  objects: ShardedMap.empty<ObjectId, CatalogObject>().with(PUBLIC.id, PUBLIC),
  names: ShardedMap.empty<string, ObjectId>().with(nameKey('s', undefined, 'public'), PUBLIC.id),
  complete,
  nextId: 2,
  session: NEW_SESSION,
  ...(dialect === undefined ? {} : { dialect }),
});

/** The key as names are told apart in this catalog: by case in PostgreSQL alone. */
export const keyIn = ({ dialect }: Pick<Catalog, 'dialect'>, key: string): string =>
  dialect === undefined ? key : key.toLowerCase();

/** Whether two names are one name in this catalog. */
export const isSameName = ({ dialect }: Pick<Catalog, 'dialect'>, one: string, other: string): boolean =>
  one === other || (dialect !== undefined && one.toLowerCase() === other.toLowerCase());

/** Whether indexes have their names within their table, so that two tables may have one of the same name. */
export const namesIndexesByTable = ({ dialect }: Pick<Catalog, 'dialect'>): boolean =>
  dialect !== undefined && dialect !== 'sqlite';

/** The catalog as the next migration's session sees it. */
export const inNewSession = (catalog: Catalog): Catalog =>
  catalog.session === NEW_SESSION ? catalog : { ...catalog, session: NEW_SESSION };

/** The name spaces: relations and indexes, types, routines, schemas, extensions, statistics, others. */
export type NameSpace = 'r' | 't' | 'f' | 's' | 'x' | 'st' | 'o';

export const nameKey = (space: NameSpace, schema: string | undefined, name: string): string =>
  schema === undefined ? `${space}:${name}` : `${space}:${schema}.${name}`;

interface Name {
  readonly schema?: string;
  readonly name: string;
}

/** The key under which a name is found: with its schema, or in the first schema of the search path that has it. */
export function resolvedKey(catalog: Catalog, space: NameSpace, { schema, name }: Name): string | undefined {
  const schemas = schema === undefined ? ['pg_temp', ...catalog.session.searchPath] : [schema];
  for (const candidate of schemas) {
    const key = keyIn(catalog, nameKey(space, candidate, name));
    if (catalog.names.get(key) !== undefined) return key;
  }
  return undefined;
}

function lookUp(catalog: Catalog, space: NameSpace, name: Name): CatalogObject | undefined {
  const key = resolvedKey(catalog, space, name);
  const id = key === undefined ? undefined : catalog.names.get(key);
  return id === undefined ? undefined : catalog.objects.get(id);
}

export const isTable = (object: CatalogObject | undefined): object is Table => object?.kind === 'table';

export const isView = (object: CatalogObject | undefined): object is View =>
  object?.kind === 'view' || object?.kind === 'materializedView';

export const isRelation = (object: CatalogObject | undefined): object is Relation =>
  isTable(object) || isView(object) || object?.kind === 'sequence';

export const isType = (object: CatalogObject | undefined): object is Type =>
  object?.kind === 'enum' || object?.kind === 'domain' || object?.kind === 'composite' || object?.kind === 'range';

/** The table, view or sequence of that name; an index of that name is none. */
export function relationNamed(catalog: Catalog, name: Name): Relation | undefined {
  const found = lookUp(catalog, 'r', name);
  return isRelation(found) && isSameName(catalog, found.name, name.name) ? found : undefined;
}

export function tableNamed(catalog: Catalog, name: Name): Table | undefined {
  const found = relationNamed(catalog, name);
  return isTable(found) ? found : undefined;
}

export function sequenceNamed(catalog: Catalog, name: Name): Sequence | undefined {
  const found = relationNamed(catalog, name);
  return found?.kind === 'sequence' ? found : undefined;
}

/** The index of that name with the table or materialized view that it is on. */
export function indexNamed(catalog: Catalog, name: Name): { index: Index; on: Table | View } | undefined {
  const found = lookUp(catalog, 'r', name);
  if (!isTable(found) && !isView(found)) return undefined;
  const index = found.indexes.find(candidate => isSameName(catalog, candidate.name, name.name));
  return index ? { index, on: found } : undefined;
}

export function typeNamed(catalog: Catalog, name: Name): Type | undefined {
  const found = lookUp(catalog, 't', name);
  return isType(found) ? found : undefined;
}

export function extensionNamed(catalog: Catalog, name: string): Extension | undefined {
  const found = lookUp(catalog, 'x', { schema: '', name });
  return found?.kind === 'extension' ? found : undefined;
}

export const columnNamed = (relation: Table | View, name: string): Column | undefined =>
  relation.columns.find(column => column.name === name);

export const columnOfId = (relation: Table | View, id: ObjectId): Column | undefined =>
  relation.columns.find(column => column.id === id);

export const constraintNamed = (table: Table, name: string): Constraint | undefined =>
  table.constraints.find(constraint => constraint.name === name);

export const primaryKeyOf = (table: Table): Constraint | undefined =>
  table.constraints.find(constraint => constraint.kind === 'primaryKey');

/** The names of columns, as a constraint or an index holds them. */
export const columnNames = (relation: Table | View, ids: readonly ObjectId[]): readonly string[] =>
  ids.map(id => columnOfId(relation, id)?.name ?? '');

export const tablesOf = (catalog: Catalog): readonly Table[] => [...catalog.objects.values()].filter(isTable);

export function* relationsOf(catalog: Catalog): IterableIterator<Table | View> {
  for (const object of catalog.objects.values()) if (isTable(object) || isView(object)) yield object;
}

/** Functions and procedures of that name, whatever their arguments. */
export function routinesNamed(catalog: Catalog, { schema, name }: Name): readonly Routine[] {
  const schemas = schema === undefined ? catalog.session.searchPath : [schema];
  const found: Routine[] = [];
  for (const object of catalog.objects.values())
    if (object.kind === 'routine' && object.name === name && schemas.includes(object.schema)) found.push(object);
  return found;
}
