/**
 * Turns library tables into what the interpreter asks (what flows where) and what the facts ask (which call is a query).
 */
import { namesOf } from '../libraries/validate';
import type {
  AcquireRow,
  BuiltRow,
  CallbackRow,
  ClauseRow,
  ConnectionRow,
  EscapeRow,
  ExternalRow,
  FragmentRow,
  HandlerRow,
  LibraryModel,
  ListingRow,
  ModelRow,
  Names,
  QueryRow,
  RegistryRecords,
  RelationRow,
  ResolverRow,
  SecretRow,
  SerializerRow,
  TextRow,
  TransactionRow,
  TypeRow,
  WrittenFieldRow,
} from '../libraries/vocabulary';
import type {
  Admission,
  CallbackMeaning,
  CallMeaning,
  Gives,
  HandlerMeaning,
  RegistryMeaning,
  RelationMeaning,
  Semantics,
  TextBuilding,
} from '../program/semantics';
import type { EntityName, HoleSafety } from '../program/value';
import { ESCAPING } from './trustedNames';

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

/** `npm:pg` of `npm:pg#Pool.query` and of `new npm:pg#Pool`. */
const packageOf = (entity: EntityName): string => {
  const name = entity.startsWith('new ') ? entity.slice('new '.length) : entity;
  const hash = name.indexOf('#');
  return hash < 0 ? name : name.slice(0, hash);
};

const addTo = <K, V>(map: Map<K, V[]>, key: K, value: V): void => {
  const values = map.get(key);
  if (values) values.push(value);
  else map.set(key, [value]);
};

/** A table's name as an entity; one with `#` is another package's already. */
const entityOf = (library: LibraryModel, name: string): EntityName =>
  name.includes('#') ? name : `${library.package}#${name}`;

/** Names in the tables of what a row calls, and of what it constructs. */
const madeEntities = (
  library: LibraryModel,
  row: { readonly call?: Names; readonly construct?: Names },
): readonly EntityName[] => [
  ...namesOf(row.call).flatMap(name => entitiesOf(library, name)),
  ...namesOf(row.construct).flatMap(name => entitiesOf(library, name).map(entity => `new ${entity}`)),
];

/**
 * The package itself, called, is its default export: `require('knex')(config)`, and so is an export that is a module of its
 * own: `require('lodash/map')(orders, total)`. `new Cursor` is a constructor's call.
 */
function entitiesOf(library: LibraryModel, name: string): readonly EntityName[] {
  if (name.startsWith('new ')) return entitiesOf(library, name.slice('new '.length)).map(entity => `new ${entity}`);
  if (name === 'default') return [entityOf(library, name), library.package];
  return [entityOf(library, name), ...partsNamed(library, name).flatMap(part => [part, `${part}#default`])];
}

/** The modules that hold nothing but this export. */
const partsNamed = (library: LibraryModel, name: string): readonly EntityName[] =>
  name.includes('.') ? [] : namesOf(library.parts).map(part => part.replace('{export}', name));

/** `QueryBuilder` of `QueryBuilder.execute`. */
const typeOf = (name: string): string => name.slice(0, Math.max(0, name.lastIndexOf('.')));

const memberOf = (name: string): string => name.slice(name.lastIndexOf('.') + 1);

/** Tables that another language than JavaScript has for itself, by what their packages begin with. */
const LANGUAGES: ReadonlyMap<string, { readonly language: string; readonly callsClasses: boolean }> = new Map([
  ['py', { language: 'python', callsClasses: true }],
  ['pypi', { language: 'python', callsClasses: true }],
]);

interface NamesOf {
  readonly modules: Map<string, EntityName>;
  readonly globals: Map<string, EntityName>;
  readonly methods: Map<string, readonly CallMeaning[]>;
  handlers: readonly HandlerMeaning[];
  readonly callsClasses?: boolean;
}

function semanticsOf(libraries: readonly LibraryModel[]): Semantics {
  const names: NamesOf = { modules: new Map(), globals: new Map(), methods: new Map(), handlers: [] };
  const languages = new Map<string, NamesOf>();
  const namesFor = (library: LibraryModel): NamesOf => {
    const own = LANGUAGES.get(library.package.slice(0, library.package.indexOf(':')));
    if (!own) return names;
    const { language, callsClasses } = own;
    const known = languages.get(language) ?? {
      modules: new Map(),
      globals: new Map(),
      methods: new Map(),
      handlers: [],
      callsClasses,
    };
    languages.set(language, known);
    return known;
  };
  const calls = new Map<EntityName, readonly CallMeaning[]>();
  const properties = new Map<EntityName, Gives>();
  const supertypes = new Map<EntityName, EntityName>();
  const resolved = new Map<EntityName, Gives>();
  const types = new Map<string, EntityName>();
  const decorators = new Map<EntityName, Gives>();
  const holders = new Set<EntityName>();
  const relations = new Map<EntityName, RelationMeaning>();
  for (const library of libraries) {
    for (const [name, type] of Object.entries(library.types ?? {}))
      if (type.annotated) types.set(name, entityOf(library, name));
    for (const row of library.decorated ?? [])
      for (const name of namesOf(row.decorator)) decorators.set(entityOf(library, name), givesOf(library, row.gives));
    for (const row of library.inputs ?? [])
      for (const name of namesOf(row.decorator))
        decorators.set(entityOf(library, name), { kind: 'input', label: row.label });
    const own = namesFor(library);
    const { modules, globals, methods } = own;
    if (library.handlers)
      own.handlers = mostTelling([...own.handlers, ...library.handlers.map(row => handlerOf(library, row))]);
    for (const name of [library.package, ...(library.also ?? [])]) {
      if (name.endsWith(':')) continue;
      const specifier = name.slice(name.indexOf(':') + 1);
      modules.set(specifier, library.package);
      // `import a.b` and then `a.b.c`: a part of the package that has a name of its own
      for (const part of library.package.startsWith('npm:') ? [] : specifier.split('.').slice(1))
        properties.set(entityOf(library, part), { kind: 'module', name: library.package });
    }
    for (const part of library.parts === undefined ? [] : allNames(library).flatMap(name => partsNamed(library, name)))
      modules.set(part.slice(part.indexOf(':') + 1), part);
    for (const [name, type] of Object.entries(library.types ?? {})) {
      if (type.extends !== undefined) supertypes.set(entityOf(library, name), entityOf(library, type.extends));
      if (type.resolves !== undefined) resolved.set(entityOf(library, name), givesOf(library, type.resolves));
    }
    for (const [entity, meanings] of meaningsOf(library)) calls.set(entity, meanings);
    for (const [name, type] of Object.entries(library.types ?? {}))
      if (type.holds) holders.add(entityOf(library, name));
    for (const row of library.relations ?? [])
      for (const name of namesOf(row.call)) relations.set(entityOf(library, name), relationOf(library, row));
    for (const row of library.gives ?? [])
      for (const name of namesOf(row.property))
        properties.set(entityOf(library, name), givesOf(library, row.gives, row.holds));
    for (const row of library.inputs ?? [])
      for (const name of namesOf(row.property))
        properties.set(entityOf(library, name), { kind: 'input', label: row.label });
    for (const name of library.anyReceiver ?? []) methods.set(memberOf(name), calls.get(entityOf(library, name)) ?? []);
    if (library.package.endsWith(':'))
      for (const name of allNames(library)) {
        const global = name.replace(/^new /, '').split('.', 1)[0] ?? name;
        globals.set(global, entityOf(library, global));
      }
  }
  return {
    ...names,
    languages,
    calls,
    properties,
    supertypes,
    resolved,
    types,
    decorators,
    holders,
    relations,
    registries: libraries.flatMap(registryOf),
    escaping: ESCAPING,
  };
}

function registryOf(library: LibraryModel): readonly RegistryMeaning[] {
  const { registry } = library;
  if (!registry) return [];
  return [
    {
      packages: [library.package, ...(library.also ?? [])].map(name => name.slice(name.indexOf(':') + 1)),
      registers: new Map(
        (
          [
            ['classes', 'instance'],
            ['functions', 'result'],
            ['values', 'value'],
            ['names', 'alias'],
          ] as const
        ).flatMap(([column, registration]) =>
          namesOf(registry[column]).flatMap(name =>
            entitiesOf(library, name).map(each => [each, registration] as const),
          ),
        ),
      ),
      loads: namesOf(registry.loads).map(memberOf),
      injects: namesOf(registry.injects).flatMap(name => entitiesOf(library, name)),
      ...(registry.all === undefined ? {} : { all: entityOf(library, registry.all) }),
      ...(registry.records ? { records: recordsOf(registry.records) } : {}),
    },
  ];
}

const recordsOf = (row: RegistryRecords): RegistryMeaning['records'] => ({
  token: row.token,
  entries: new Map(
    (
      [
        ['class', 'instance'],
        ['function', 'result'],
        ['value', 'value'],
        ['alias', 'alias'],
      ] as const
    ).map(([column, registration]) => [row[column], registration]),
  ),
});

/** What a function is exported as, declared or called tells more than what its parameters are called. */
const mostTelling = (handlers: readonly HandlerMeaning[]): readonly HandlerMeaning[] => {
  const isByNames = ({ types, exported, named }: HandlerMeaning) => !types && !exported && !named;
  return [...handlers.filter(each => !isByNames(each)), ...handlers.filter(isByNames)];
};

function relationOf(library: LibraryModel, row: RelationRow): RelationMeaning {
  const typeNamed = (name: string | undefined) => (name === undefined ? undefined : entityOf(library, name));
  const { to, toName, gives, oneWhere, option, reverse } = row;
  return {
    gives,
    to,
    toName,
    oneWhere,
    as: typeNamed(row.as),
    loadedAs: typeNamed(row.loadedAs),
    option,
    eager: new Set(namesOf(row.eager)),
    asked: new Set(namesOf(row.asked)),
    ...(reverse
      ? {
          reverse: {
            names: namesOf(reverse.names),
            otherwise: reverse.otherwise,
            gives: reverse.gives,
            as: typeNamed(reverse.as),
            loadedAs: typeNamed(reverse.loadedAs),
          },
        }
      : {}),
  };
}

function handlerOf(library: LibraryModel, row: HandlerRow): HandlerMeaning {
  const setOf = (names: Names | undefined) => (names === undefined ? undefined : new Set(namesOf(names)));
  const exported = setOf(row.exported);
  const files = setOf(row.file);
  return {
    ...(row.type === undefined ? {} : { types: new Set(namesOf(row.type).map(name => entityOf(library, name))) }),
    ...(exported ? { exported } : {}),
    ...(files ? { files } : {}),
    ...(row.folder === undefined ? {} : { folders: namesOf(row.folder) }),
    ...(row.named === undefined ? {} : { named: namesOf(row.named).map(name => name.split('.')) }),
    ...(row.parameters ? { parameters: row.parameters.map(names => (names === '' ? undefined : setOf(names))) } : {}),
    gives: row.receives.map(name => (name === '' ? undefined : givesOf(library, name))),
  };
}

/** Every name that the table's rows speak of. */
const allNames = (library: LibraryModel): readonly string[] => [
  ...(library.gives ?? []).flatMap(row => [...namesOf(row.call), ...namesOf(row.construct), ...namesOf(row.property)]),
  ...[
    ...(library.queries ?? []),
    ...(library.fragments ?? []),
    ...(library.escapes ?? []),
    ...(library.callbacks ?? []),
    ...(library.checks ?? []),
    ...(library.texts ?? []),
    ...(library.inputs ?? []),
    ...(library.routes ?? []),
    ...(library.batches ?? []),
    ...(library.external ?? []),
    ...(library.transactions ?? []),
    ...(library.clauses ?? []),
    ...(library.acquires ?? []),
    ...(library.connections ?? []),
    ...(library.secrets ?? []),
    ...(library.relations ?? []),
  ].flatMap(row => namesOf(row.call)),
  ...namesOf(library.loads),
  ...namesOf(library.pipes),
  ...namesOf(library.fills),
  ...(library.raises ?? []),
  ...(library.neutral ?? []),
];

/** What each row says of its calls; the interpreter takes all that fit the number of arguments together. */
function meaningsOf(library: LibraryModel): ReadonlyMap<EntityName, readonly CallMeaning[]> {
  const meanings = new Map<EntityName, CallMeaning[]>();
  const say = (names: Names | undefined, says: CallMeaning, arity?: readonly [number, number]) => {
    for (const name of namesOf(names))
      for (const entity of entitiesOf(library, name))
        addTo(meanings, entity, { ...(arity ? { arity: { min: arity[0], max: arity[1] } } : {}), ...says });
  };
  for (const row of library.relations ?? []) say(row.call, {});
  say(library.loads, { loads: true });
  say(library.pipes, { pipes: true });
  for (const row of library.gives ?? []) {
    const gives = givesOf(library, row.gives, row.holds);
    say(row.call, { gives }, row.arity);
    say(
      namesOf(row.construct).map(name => `new ${name}`),
      { gives },
      row.arity,
    );
  }
  for (const row of library.callbacks ?? []) {
    const callback: CallbackMeaning = {
      argument: row.argument,
      from: row.from,
      parameters: row.receives?.map(name => (name === '' ? undefined : givesOf(library, name))),
      repeats: row.repeats,
      result: row.result,
    };
    say(row.call, { callbacks: [callback] });
  }
  for (const row of library.routes ?? [])
    say(
      row.call,
      {
        callbacks: [
          {
            argument: 'rest',
            from: row.handlers,
            parameters: row.receives.map(name => (name === '' ? undefined : givesOf(library, name))),
          },
        ],
      },
      row.arity,
    );
  for (const row of [...(library.batches ?? []), ...(library.resolvers ?? [])]) {
    say(row.call, {});
    say(
      namesOf(row.construct).map(name => `new ${name}`),
      {},
    );
  }
  for (const row of library.texts ?? []) say(row.call, { builds: buildingOf(row) });
  for (const row of library.escapes ?? [])
    say(row.call, {
      proves: SAFETY[row.makes],
      ...(row.where === undefined ? {} : { provesWhere: namesOf(row.where) }),
    });
  for (const { call, checks, makes, pattern, anchored, groups } of library.checks ?? [])
    say(call, {
      checks: {
        of: checks,
        proves:
          pattern === undefined
            ? SAFETY[makes ?? 'literal']
            : { pattern, ...(anchored ? { anchored } : {}), ...(groups ? { groups } : {}) },
      },
    });
  say(library.raises, { raises: true });
  for (const row of library.inputs ?? []) say(row.call, { gives: { kind: 'input', label: row.label } });
  for (const row of [
    ...(library.queries ?? []),
    ...(library.fragments ?? []),
    ...(library.external ?? []),
    ...(library.transactions ?? []),
    ...(library.clauses ?? []),
    ...(library.acquires ?? []),
    ...(library.connections ?? []),
    ...(library.secrets ?? []),
  ])
    say(row.call, {});
  say(library.neutral, {});

  return meanings;
}

/** What stands behind `of` where a schema is given: what it lets through. */
function admissionOf(cell: string): Admission | undefined {
  switch (cell) {
    case 'any':
    case 'number':
    case 'boolean':
    case 'literal':
    case 'arguments':
      return cell;
  }
  const [, what, index, part] =
    /^(argument|list of argument|values of argument|pattern|field) (\d+)(?: in (\w+))?$/.exec(cell) ?? [];
  switch (what) {
    case 'argument':
      return { argument: Number(index) };
    case 'list of argument':
      return { argument: Number(index), list: true };
    case 'values of argument':
      return { valuesOf: Number(index) };
    case 'pattern':
      return { pattern: Number(index) };
    case 'field':
      return { field: Number(index), in: part ?? 'any' };
    default:
      return undefined;
  }
}

/** What the calls of a type check a field for, by their names. */
const checksOf = (library: LibraryModel, type: string): ReadonlyMap<string, Admission> =>
  new Map(
    (library.gives ?? []).flatMap(row => {
      const admitted = row.gives.startsWith('receiver of ')
        ? admissionOf(row.gives.slice('receiver of '.length))
        : undefined;
      return admitted === undefined
        ? []
        : namesOf(row.call).flatMap(name => (typeOf(name) === type ? [[memberOf(name), admitted] as const] : []));
    }),
  );

/** Reads a cell of the `gives` column. */
function givesOf(library: LibraryModel, cell: string, holds?: number): Gives {
  const [, stream, source] = /^(\S+) (?:from argument (\d+)|with arguments)$/.exec(cell) ?? [];
  if (stream !== undefined)
    return { kind: 'stream', of: entityOf(library, stream), from: source === undefined ? 'arguments' : Number(source) };
  if (cell === 'piped' || cell.startsWith('piped ')) return { kind: 'piped', as: PIPED[cell] };
  const emitted = /^emitted by (?:receiver|argument (\d+))$/.exec(cell);
  if (emitted) return { kind: 'emitted', by: emitted[1] === undefined ? 'receiver' : Number(emitted[1]) };
  const offered = /^offered (?:by name|argument (\d+))$/.exec(cell);
  if (offered) return { kind: 'offered', by: offered[1] === undefined ? 'name' : Number(offered[1]) };
  const record = /^(records?) of (?:receiver|argument (\d+))$/.exec(cell);
  if (record) {
    const of = record[2] === undefined ? 'receiver' : Number(record[2]);
    return record[1] === 'records' ? { kind: 'items', of } : { kind: 'record', of };
  }
  const [, member, says, index] = /^receiver with (\w+) (argument|type) (\d+)$/.exec(cell) ?? [];
  if (member !== undefined)
    return { kind: 'with', member, says: says === 'type' ? 'type' : 'argument', index: Number(index) };
  const [, besides] = /^(\S+) beside receiver$/.exec(cell) ?? [];
  if (besides !== undefined) return { kind: 'beside', of: entityOf(library, besides) };
  const argument = /^(items of |keys of )?argument (\d+)$/.exec(cell);
  if (argument) {
    const index = Number(argument[2]);
    if (argument[1] === undefined) return { kind: 'argument', index };
    return { kind: argument[1] === 'keys of ' ? 'keys' : 'items', of: index };
  }
  const [, label] = /^input (.+)$/.exec(cell) ?? [];
  if (label !== undefined) return { kind: 'input', label };
  const [, text] = /^text (\S+)$/.exec(cell) ?? [];
  if (text !== undefined) return { kind: 'text', text };
  const made = /^instance of argument (\d+)$/.exec(cell);
  if (made) return { kind: 'made', of: Number(made[1]) };
  const compiled = /^regex of argument (\d+)$/.exec(cell);
  if (compiled) return { kind: 'regex', of: Number(compiled[1]) };
  const paired = /^pairs of argument (\d+)$/.exec(cell);
  if (paired) return { kind: 'pairs', of: Number(paired[1]) };
  switch (cell) {
    case 'receiver':
      return { kind: 'receiver' };
    case 'as said':
      return { kind: 'said' };
    case 'items of arguments':
      return { kind: 'tuples' };
    case 'list of number':
      return { kind: 'numbers' };
    case 'items of receiver':
      return { kind: 'items', of: 'receiver' };
    case 'number':
    case 'boolean':
    case 'date':
      return { kind: 'scalar', type: cell };
  }
  const [, type, fields] = /^(\S+) of fields of argument (\d+)$/.exec(cell) ?? [];
  if (type !== undefined)
    return {
      kind: 'schema',
      of: entityOf(library, type),
      admits: { fieldsOf: Number(fields), by: checksOf(library, type) },
    };
  const [, of, admits] = /^(?!records? |list )(\S+) of (.+)$/.exec(cell) ?? [];
  const admission = admits === undefined ? undefined : admissionOf(admits);
  if (of !== undefined && admission)
    return of === 'receiver'
      ? { kind: 'narrowed', admits: admission }
      : { kind: 'schema', of: entityOf(library, of), admits: admission };
  const check = /^checked argument (\d+)(?: in (\w+))?$/.exec(cell);
  if (check)
    return { kind: 'checked', of: Number(check[1]), ...(check[2] === undefined ? {} : { property: check[2] }) };
  if (cell.startsWith('list of ')) return { kind: 'list', of: entityOf(library, cell.slice('list of '.length)) };
  return cell.startsWith('export ')
    ? { kind: 'entity', name: entityOf(library, cell.slice('export '.length)) }
    : {
        kind: 'instance',
        of: entityOf(library, cell),
        ...(library.types?.[cell]?.holds ? { holds: holds ?? ('receiver' as const) } : {}),
      };
}

const PIPED: Readonly<Record<string, Extract<Gives, { kind: 'piped' }>['as']>> = {
  'piped as one': 'one',
  'piped in batches': 'batches',
  'piped until found': 'found',
  'piped flat': 'flat',
};

const SAFETY: Readonly<Record<EscapeRow['makes'], HoleSafety>> = {
  identifier: 'escaped-identifier',
  literal: 'escaped-literal',
  number: 'number',
  boolean: 'boolean',
  bound: 'bound',
};

function buildingOf(row: TextRow): TextBuilding {
  switch (row.builds) {
    case 'replace':
    case 'replace-all':
      return { kind: 'replace', in: row.argument ?? 'receiver', all: row.builds === 'replace-all' };
    case 'keep':
      return { kind: 'keep', of: 'receiver' };
    case 'keep-argument':
      return { kind: 'keep', of: row.argument ?? 0 };
    case 'printf':
      return {
        kind: 'printf',
        format: row.argument ?? 0,
        ...(row.escapes
          ? {
              escapes: Object.fromEntries(
                Object.entries(row.escapes).map(([letter, makes]) => [letter, SAFETY[makes]]),
              ),
            }
          : {}),
      };
    default:
      return { kind: row.builds };
  }
}

/** What is neutral on a type though its name is distinctive, behind the calls that give the type. */
function gatheredBehind({ queries = [], gives = [], neutral = [] }: LibraryModel): readonly string[] {
  const distinctive = new Set(queries.filter(row => row.distinctive).flatMap(row => namesOf(row.call).map(memberOf)));
  return neutral
    .filter(name => distinctive.has(memberOf(name)))
    .flatMap(name =>
      gives
        .flatMap(row => (row.call === undefined ? [] : namesOf(row.call).map(call => ({ call, gives: row.gives }))))
        .filter(
          ({ call, gives: given }) => given === typeOf(name) || (given === 'receiver' && typeOf(call) === typeOf(name)),
        )
        .filter(({ call }) => call.includes('.'))
        .map(({ call }) => `${memberOf(call)} ${memberOf(name)}`),
    );
}

/** A builder that is begun by a table's name, or by two calls, with what can be called on it. */
export interface TableBuilder {
  readonly packages: readonly string[];
  readonly begins: EntityName;
  /** The methods that begin it, where no table's name does. */
  readonly methods?: { readonly first: string; readonly second: string; readonly table: 'call' | 'then' };
  readonly members: ReadonlyMap<string, EntityName>;
}

function tableBuilderOf(library: LibraryModel): readonly TableBuilder[] {
  const { byTable, beginnings = [], gives = [], queries = [] } = library;
  const built = gives.find(row => row.call !== undefined && namesOf(row.call).includes(byTable ?? ''))?.gives;
  const names = [...gives, ...queries].flatMap(row => (row.call === undefined ? [] : namesOf(row.call)));
  const membersOf = (type: string): ReadonlyMap<string, EntityName> =>
    new Map(names.filter(name => typeOf(name) === type).map(name => [memberOf(name), entityOf(library, name)]));
  const packages = [library.package, ...(library.also ?? [])];
  return [
    ...(byTable === undefined || built === undefined
      ? []
      : [{ packages, begins: entityOf(library, byTable), members: membersOf(built) }]),
    ...beginnings.map(({ call, then, table }) => ({
      packages,
      begins: entityOf(library, call),
      methods: { first: memberOf(call), second: memberOf(then), table },
      members: membersOf(typeOf(then)),
    })),
  ];
}
