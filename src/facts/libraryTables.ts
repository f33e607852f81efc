/** Library tables as the facts look them up: by the name of a call, which call is a query. */

import { namesOf } from '../libraries/names';
import type {
  AcquireRow,
  AliasRow,
  BuiltRow,
  CallbackRow,
  ClauseRow,
  ConnectionRow,
  ExternalRow,
  FragmentRow,
  LibraryModel,
  ListingRow,
  ModelRow,
  QueryRow,
  RelationRow,
  ResolverRow,
  SecretRow,
  SerializerRow,
  TransactionRow,
  TypeRow,
  WrittenFieldRow,
} from '../libraries/vocabulary';
import type { Semantics } from '../program/semantics';
import type { EntityName } from '../program/value';
import { addTo, entitiesOf, entityOf, madeEntities, memberOf, packageOf, typeOf } from './entityNames';
import { semanticsOf } from './semantics';
import { gatheredBehind, type TableBuilder, tableBuilderOf } from './tableBuilders';

/** A row, and the library that it stands in. */
export interface RowOf<Row> {
  readonly library: LibraryModel;
  readonly row: Row;
  /** The call is one on a statement that is being built. */
  readonly onBuilder?: boolean;
}

/** What a call that registers handlers says of the requests that come to them. */
export interface RouteMeaning {
  /** Options that describe what they take: `schema.body`. */
  readonly schemas: readonly string[];
  /** The argument with the path. */
  readonly path?: number;
  /** What is registered is asked before every route that comes after it. */
  readonly everyRoute: boolean;
}

/** What the facts look up by a call's name, as the interpreter names it. */
export interface LibraryTables {
  readonly semantics: Semantics;
  readonly queries: ReadonlyMap<EntityName, readonly RowOf<QueryRow>[]>;
  readonly fragments: ReadonlyMap<EntityName, RowOf<FragmentRow>>;
  /** Types whose instances are statements being built, and when they go out. */
  readonly builders: ReadonlyMap<EntityName, NonNullable<TypeRow['executes']>>;
  /** Types whose instances stand for one statement, however it goes out. */
  readonly statements: ReadonlySet<EntityName>;
  /** What a call on a statement says of its rows. */
  readonly clauses: ReadonlyMap<EntityName, readonly RowOf<ClauseRow>[]>;
  /** What the arguments of a builder's calls name. */
  readonly built: ReadonlyMap<EntityName, BuiltRow>;
  readonly aliases: ReadonlyMap<EntityName, AliasRow>;
  /** Decorators of functions whose parameters hold what a client sent, and what that is. */
  readonly inputHandlers: ReadonlyMap<EntityName, string>;
  /** Calls that register handlers. */
  readonly routes: ReadonlyMap<EntityName, RouteMeaning>;
  /** Calls that gather many requests into one, and the index of their batch function. */
  readonly batches: ReadonlyMap<EntityName, number>;
  /** Calls whose arguments hold field resolvers, and decorators that make a method one. */
  readonly resolvers: ReadonlyMap<EntityName, ResolverRow>;
  /** By package, what can be called on a record, by name: `save`, and `get*` for a getter of any relation. */
  readonly recordMethods: ReadonlyMap<string, ReadonlyMap<string, QueryRow>>;
  /** Decorators of fields that are loaded when they are awaited. */
  readonly lazyRelations: ReadonlySet<EntityName>;
  /** Calls that load relations of records that are there already. */
  readonly fills: ReadonlySet<EntityName>;
  /** By the call that declares a relation; what has it loaded with the records stands there. */
  readonly relations: ReadonlyMap<EntityName, RelationRow>;
  /** What classes write records out, by what they extend, and what they declare their fields with. */
  readonly serializers: ReadonlyMap<EntityName, SerializerRow>;
  readonly writtenFields: ReadonlyMap<EntityName, WrittenFieldRow>;
  /** Classes of handlers that have records and a serializer, by what they extend. */
  readonly listings: ReadonlyMap<EntityName, ListingMeaning>;
  readonly resolverDecorators: ReadonlyMap<EntityName, ResolverRow>;
  /** Calls that begin, end, enclose or join a transaction. */
  readonly transactions: ReadonlyMap<EntityName, readonly RowOf<TransactionRow>[]>;
  /** Names of options and of decorators that put something into a transaction. */
  readonly transactionOptions: ReadonlySet<string>;
  readonly transactionDecorators: ReadonlySet<string>;
  /** Types on which a transaction is open, and those that send each statement on any connection. */
  readonly transactionTypes: ReadonlySet<EntityName>;
  readonly pooledTypes: ReadonlySet<EntityName>;
  /** Calls and constructors (`new …`) that take something which has to be given back. */
  readonly acquires: ReadonlyMap<EntityName, readonly RowOf<AcquireRow>[]>;
  /** Types whose instances may be something that was taken. */
  readonly heldTypes: ReadonlySet<EntityName>;
  /** Calls and constructors (`new …`) that make pools, connections and clients. */
  readonly connections: ReadonlyMap<EntityName, readonly RowOf<ConnectionRow>[]>;
  /** Calls that reach out of the process. */
  readonly external: ReadonlyMap<EntityName, readonly RowOf<ExternalRow>[]>;
  /** Calls that are handed functions, and by the method's name alone those of any receiver. */
  readonly callbacks: ReadonlyMap<EntityName, readonly CallbackRow[]>;
  readonly callbackMethods: ReadonlyMap<string, readonly CallbackRow[]>;
  /** Calls that are handed functions for their error, and by the method's name alone those of any receiver. */
  readonly errorCallbacks: ReadonlyMap<EntityName, readonly CallbackRow[]>;
  readonly errorMethods: ReadonlyMap<string, readonly CallbackRow[]>;
  /** Types of errors that say of any query that it has failed, by their last name. */
  readonly failures: ReadonlySet<string>;
  /** Calls and constructors (`new npm:pg#Pool`) that are handed a secret. */
  readonly secrets: ReadonlyMap<EntityName, readonly RowOf<SecretRow>[]>;
  /** By the method's name alone: what is distinctive enough where the manifest has the package. */
  readonly distinctive: ReadonlyMap<string, readonly RowOf<QueryRow>[]>;
  readonly distinctiveFragments: ReadonlyMap<string, readonly RowOf<FragmentRow>[]>;
  /** Builders that begin with a call by a table's name. */
  readonly tableBuilders: readonly TableBuilder[];
  /** Distinctive methods that are none behind another call, as `upsert updateOne`: MongoDB's bulks gather what to send. */
  readonly gatheredBehind: ReadonlySet<string>;
  /** What stands for a table: by the call or constructor, by the method's name alone, and of classes. */
  readonly models: ModelTables;
  /** The library of an entity, or of a package: `npm:pg#Pool.query` → pg's table. */
  libraryOf(entity: EntityName): LibraryModel | undefined;
}

export interface ModelTables {
  readonly calls: ReadonlyMap<EntityName, readonly RowOf<ModelRow>[]>;
  readonly methods: ReadonlyMap<string, RowOf<ModelRow>>;
  readonly classes: readonly RowOf<ModelRow>[];
}

/** A class of handlers; `lists` where it answers with all of its records by itself. */
export interface ListingMeaning {
  readonly row: ListingRow;
  readonly lists: boolean;
}

/** Tables of these libraries; a later one with the same package replaces the earlier, so that a person's own table wins. */
export function tablesOf(libraries: readonly LibraryModel[]): LibraryTables {
  const byPackage = new Map(libraries.map(library => [library.package, library] as const));
  const byName = new Map(
    [...byPackage.values()].flatMap(library =>
      [library.package, ...(library.also ?? [])].map(name => [name, library] as const),
    ),
  );
  const queries = new Map<EntityName, RowOf<QueryRow>[]>();
  const fragments = new Map<EntityName, RowOf<FragmentRow>>();
  const builders = new Map<EntityName, NonNullable<TypeRow['executes']>>();
  const statements = new Set<EntityName>();
  const clauses = new Map<EntityName, RowOf<ClauseRow>[]>();
  const built = new Map<EntityName, BuiltRow>();
  const aliases = new Map<EntityName, AliasRow>();
  const routes = new Map<EntityName, RouteMeaning>();
  const inputHandlers = new Map<EntityName, string>();
  const batches = new Map<EntityName, number>();
  const resolvers = new Map<EntityName, ResolverRow>();
  const recordMethods = new Map<string, Map<string, QueryRow>>();
  const lazyRelations = new Set<EntityName>();
  const fills = new Set<EntityName>();
  const relations = new Map<EntityName, RelationRow>();
  const serializers = new Map<EntityName, SerializerRow>();
  const writtenFields = new Map<EntityName, WrittenFieldRow>();
  const listings = new Map<EntityName, ListingMeaning>();
  const resolverDecorators = new Map<EntityName, ResolverRow>();
  const distinctive = new Map<string, RowOf<QueryRow>[]>();
  const distinctiveFragments = new Map<string, RowOf<FragmentRow>[]>();
  const transactions = new Map<EntityName, RowOf<TransactionRow>[]>();
  const transactionOptions = new Set<string>();
  const transactionDecorators = new Set<string>();
  const secrets = new Map<EntityName, RowOf<SecretRow>[]>();
  const transactionTypes = new Set<EntityName>();
  const pooledTypes = new Set<EntityName>();
  const acquires = new Map<EntityName, RowOf<AcquireRow>[]>();
  const heldTypes = new Set<EntityName>();
  const connections = new Map<EntityName, RowOf<ConnectionRow>[]>();
  const external = new Map<EntityName, RowOf<ExternalRow>[]>();
  const callbacks = new Map<EntityName, CallbackRow[]>();
  const callbackMethods = new Map<string, CallbackRow[]>();
  const errorCallbacks = new Map<EntityName, CallbackRow[]>();
  const errorMethods = new Map<string, CallbackRow[]>();
  for (const library of byPackage.values()) {
    for (const row of library.queries ?? [])
      for (const name of namesOf(row.call)) {
        for (const entity of entitiesOf(library, name)) addTo(queries, entity, { library, row });
        if (row.distinctive)
          addTo(distinctive, memberOf(name), {
            library,
            row,
            onBuilder: executionOf(library, typeOf(name)) !== undefined,
          });
      }
    for (const row of library.fragments ?? [])
      for (const name of namesOf(row.call)) {
        for (const entity of entitiesOf(library, name)) fragments.set(entity, { library, row });
        if (row.distinctive) addTo(distinctiveFragments, memberOf(name), { library, row });
      }
    for (const [name, type] of Object.entries(library.types ?? {})) {
      const executes = executionOf(library, name);
      if (executes) builders.set(entityOf(library, name), executes);
      if (type.transaction) transactionTypes.add(entityOf(library, name));
      if (type.pooled) pooledTypes.add(entityOf(library, name));
      if (executes) statements.add(entityOf(library, name));
    }
    for (const row of library.clauses ?? [])
      for (const name of namesOf(row.call)) addTo(clauses, entityOf(library, name), { library, row });
    for (const row of library.built ?? [])
      for (const name of namesOf(row.call)) built.set(entityOf(library, name), row);
    for (const row of library.aliases ?? [])
      for (const name of namesOf(row.call)) aliases.set(entityOf(library, name), row);
    for (const row of library.transactions ?? []) {
      for (const name of namesOf(row.call))
        for (const entity of entitiesOf(library, name)) addTo(transactions, entity, { library, row });
      for (const name of namesOf(row.option)) transactionOptions.add(name);
      for (const name of namesOf(row.decorator)) transactionDecorators.add(name);
    }
    for (const row of library.acquires ?? []) {
      for (const entity of madeEntities(library, row)) addTo(acquires, entity, { library, row });
      for (const name of namesOf(row.releasedBy))
        heldTypes.add(entityOf(library, name.slice(0, name.lastIndexOf('.'))));
    }
    for (const row of library.connections ?? [])
      for (const entity of madeEntities(library, row)) addTo(connections, entity, { library, row });
    for (const row of library.external ?? [])
      for (const name of namesOf(row.call))
        for (const entity of entitiesOf(library, name)) addTo(external, entity, { library, row });
    for (const row of library.callbacks ?? [])
      for (const name of namesOf(row.call)) {
        for (const entity of madeEntities(
          library,
          name.startsWith('new ') ? { construct: name.slice(4) } : { call: name },
        ))
          addTo(callbacks, entity, row);
        if ((library.anyReceiver ?? []).includes(name)) addTo(callbackMethods, memberOf(name), row);
      }
    for (const row of library.callbacks ?? [])
      for (const name of row.error === undefined ? [] : namesOf(row.call)) {
        for (const entity of entitiesOf(library, name)) addTo(errorCallbacks, entity, row);
        if ((library.anyReceiver ?? []).includes(name)) addTo(errorMethods, memberOf(name), row);
      }
    for (const row of library.secrets ?? [])
      for (const name of [...namesOf(row.call), ...namesOf(row.construct).map(each => `new ${each}`)]) {
        const made = name.startsWith('new ');
        for (const entity of entitiesOf(library, made ? name.slice('new '.length) : name))
          addTo(secrets, made ? `new ${entity}` : entity, { library, row });
      }
    for (const row of library.routes ?? [])
      for (const name of namesOf(row.call))
        routes.set(entityOf(library, name), {
          schemas: namesOf(row.schemas),
          ...(row.path === undefined ? {} : { path: row.path }),
          everyRoute: row.everyRoute ?? false,
        });
    for (const row of library.inputs ?? [])
      for (const name of namesOf(row.handler)) inputHandlers.set(entityOf(library, name), row.label);
    for (const row of library.queries ?? [])
      if (row.self) {
        const methods = recordMethods.get(library.package) ?? new Map<string, QueryRow>();
        for (const name of namesOf(row.call)) methods.set(memberOf(name), row);
        recordMethods.set(library.package, methods);
      }
    for (const row of library.relations ?? [])
      for (const name of namesOf(row.call)) relations.set(entityOf(library, name), row);
    for (const row of library.serializers ?? []) {
      for (const name of namesOf(row.extends)) serializers.set(entityOf(library, name), row);
      for (const field of row.fields)
        for (const name of namesOf(field.call)) writtenFields.set(entityOf(library, name), field);
    }
    for (const row of library.listings ?? [])
      for (const name of namesOf(row.extends))
        listings.set(entityOf(library, name), { row, lists: namesOf(row.lists).includes(name) });
    for (const name of namesOf(library.fills)) fills.add(entityOf(library, name));
    for (const name of namesOf(library.lazyRelations)) lazyRelations.add(entityOf(library, name));
    for (const row of library.resolvers ?? []) {
      for (const name of namesOf(row.call)) for (const entity of entitiesOf(library, name)) resolvers.set(entity, row);
      for (const name of namesOf(row.construct))
        for (const entity of entitiesOf(library, name)) resolvers.set(`new ${entity}`, row);
      for (const name of namesOf(row.decorator)) resolverDecorators.set(entityOf(library, name), row);
    }
    for (const row of library.batches ?? []) {
      for (const name of namesOf(row.call))
        for (const entity of entitiesOf(library, name)) batches.set(entity, row.callback);
      for (const name of namesOf(row.construct))
        for (const entity of entitiesOf(library, `new ${name}`)) batches.set(entity, row.callback);
    }
  }
  return {
    semantics: semanticsOf([...byPackage.values()]),
    queries,
    fragments,
    builders,
    statements,
    clauses,
    built,
    aliases,
    inputHandlers,
    routes,
    batches,
    resolvers,
    recordMethods,
    lazyRelations,
    fills,
    relations,
    serializers,
    writtenFields,
    listings,
    resolverDecorators,
    acquires,
    heldTypes,
    connections,
    transactions,
    transactionOptions,
    transactionDecorators,
    transactionTypes,
    pooledTypes,
    external,
    callbacks,
    callbackMethods,
    errorCallbacks,
    errorMethods,
    failures: new Set([...byPackage.values()].flatMap(library => library.failures ?? [])),
    secrets,
    distinctive,
    distinctiveFragments,
    tableBuilders: [...byPackage.values()].flatMap(tableBuilderOf),
    gatheredBehind: new Set([...byPackage.values()].flatMap(gatheredBehind)),
    models: modelsOf([...byPackage.values()]),
    libraryOf: entity => byName.get(packageOf(entity)),
  };
}

function modelsOf(libraries: readonly LibraryModel[]): ModelTables {
  const calls = new Map<EntityName, RowOf<ModelRow>[]>();
  const methods = new Map<string, RowOf<ModelRow>>();
  const classes: RowOf<ModelRow>[] = [];
  for (const library of libraries)
    for (const row of library.models ?? []) {
      for (const entity of madeEntities(library, row)) addTo(calls, entity, { library, row });
      if (row.distinctive) for (const name of namesOf(row.call)) methods.set(memberOf(name), { library, row });
      if (row.call === undefined && row.construct === undefined) classes.push({ library, row });
    }
  return { calls, methods, classes };
}

/** When instances of a type go out, by itself or by what it inherits from. */
function executionOf(library: LibraryModel, name: string): TypeRow['executes'] {
  const seen = new Set<string>();
  for (let each: string | undefined = name; each !== undefined && !seen.has(each); ) {
    seen.add(each);
    const type: TypeRow | undefined = library.types?.[each];
    if (type?.executes) return type.executes;
    each = type?.extends;
  }
  return undefined;
}
