/** Turns library tables into what the interpreter asks: what flows where. */

import { namesOf } from '../libraries/names';
import type { HandlerRow, LibraryModel, Names, RegistryRecords, RelationRow } from '../libraries/vocabulary';
import type {
  CallMeaning,
  Gives,
  HandlerMeaning,
  RegistryMeaning,
  RelationMeaning,
  Semantics,
} from '../program/semantics';
import type { EntityName } from '../program/value';
import { allNames, meaningsOf } from './callMeanings';
import { entitiesOf, entityOf, memberOf, partsNamed } from './entityNames';
import { givesOf } from './givesCells';
import { ESCAPING } from './trustedNames';

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

/** What the interpreter asks of these libraries. */
export function semanticsOf(libraries: readonly LibraryModel[]): Semantics {
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
