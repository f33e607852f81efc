/**
 * What a file's top level offers: variables, imports, exports, classes. Each name is an answer of its own in the memory, so
 * a unit depends on the names that it uses and not on the file.
 */
import { type FileId, fileOf, type Place, type UnitId } from '../engine/place';
import type { ClassEnvironment, ModuleEnvironment, ProgramInput } from './analysis';
import {
  type AddedMember,
  assignmentsOf,
  type Declaration,
  type FileIndex,
  type Handed,
  indexOf,
  sameDeclaration,
  sameUnit,
  subjectOfDeclaration,
  subjectOfUnit,
  unitOfDeclaration,
  writersIn,
} from './declarations';
import { type ExtensionCall, extensionCallsIn, extensionsIn } from './extensions';
import { type FolderImport, fileNamed, filesFor, folderImportsIn } from './folders';
import { exportsOfUnit, handedByForm } from './handlers';
import { type Interpretation, interpret } from './interpret';
import {
  alternativesIn,
  instanceOf,
  isNothing,
  join,
  joinAll,
  listOfAny,
  NOTHING,
  recordOf,
  shaped,
  UNKNOWN,
  withoutNull,
} from './lattice';
import { given, joinOptional, meaningFor, memberOf, mostTelling, valueAt } from './members';
import type { Memory } from './memory';
import type { Class, Declare, Export, Expression, Module, Pattern, Unit } from './model';
import { createRelations } from './relations';
import { createResolutions } from './resolutions';
import type { Gives, OwnNames } from './semantics';
import { unionOf } from './sources';
import { repeatOf } from './strings';
import { placeless } from './substitute';
import { boundedText } from './textValues';
import { valueOfType } from './types';
import type { EntityName, Value } from './value';
import type { Subject } from './walk';
import { createWiring } from './wiring';
import type { World } from './world';

/** Inheritance deeper than this is a cycle or a riddle. */
const MAX_ANCESTORS = 12;
/** Modules that hand on what they extend are followed so far. */
const MAX_EXTENDERS = 3;

/** Mere look-ups. */
const SILENT = { silent: true } as const;

const NO_NAMES: readonly string[] = [];
const NO_CALLS: readonly ExtensionCall[] = [];
const NO_MEMBERS: readonly AddedMember[] = [];
/** A record that gets more than these is data. */
const MAX_MEMBERS = 150;
const NO_MARKS: readonly Expression[] = [];
const NO_FOLDERS: readonly FolderImport[] = [];

export interface Environment {
  readonly world: World;
  environment(file: FileId): ModuleEnvironment;
  interpretation(unit: UnitId): Interpretation;
  source(unit: UnitId): Unit | undefined;
  handedInput(unit: UnitId, parameter: number, member: readonly string[]): string | undefined;
  part(value: Value, path: readonly string[], at: Place): Value;
  callers(unit: UnitId): readonly UnitId[];
  importers(file: FileId): readonly FileId[];
  changed(file: FileId): void;
  resolutionChanged(): void;
  sightingsChanged(): void;
}

export function createEnvironment(input: ProgramInput, memory: Memory): Environment {
  /** Modules as last read, for where things stand now. */
  const latest = new Map<FileId, Module | undefined>();
  const resolutions = createResolutions();

  const moduleOf = memory.inputs(
    'module',
    (file: FileId): Module | undefined => {
      const module = input.module(file);
      latest.set(file, module);
      return module;
    },
    Object.is,
  );

  const look = <T>(key: string, compute: () => T, equal?: (before: T, after: T) => boolean): T =>
    memory.derive(key, compute, { silent: true, ...(equal ? { equal } : {}) });

  const index = (file: FileId): FileIndex | undefined => {
    const module = moduleOf(file);
    return module && indexOf(module);
  };

  /** Declarations by name. An edit leaves them alone mostly, and then all that was told by them stands. */
  const byName = memory.derived('names', (file: FileId) => index(file)?.byName, SILENT);

  const handed = memory.derived('all handed', (file: FileId) => index(file)?.handed, SILENT);

  const unitOf = memory.derived(
    'unit',
    (unit: UnitId): Unit | undefined => {
      const file = fileOf(unit);
      return unit === file ? moduleOf(file)?.top : index(file)?.units.get(unit);
    },
    { ...SILENT, equal: sameUnit },
  );

  const declarationOf = memory.derived(
    'declaration',
    (id: UnitId): Declaration | undefined => index(fileOf(id))?.declarations.get(id),
    { ...SILENT, equal: sameDeclaration },
  );

  const resolutionsFrom = new Map<FileId, (specifier: string) => FileId | undefined>();
  const resolve = (from: FileId, specifier: string): FileId | undefined => {
    let resolution = resolutionsFrom.get(from);
    if (!resolution) {
      resolution = memory.inputs(`resolve ${from}`, each => {
        const found = input.resolve(from, each);
        resolutions.note(`resolve ${from} ${each}`, { from, specifier: each, found });
        return found;
      });
      resolutionsFrom.set(from, resolution);
    }
    return resolution(specifier);
  };

  const interpretation = memory.derived(
    'analyse',
    (unit: UnitId): Interpretation => {
      const subject = subjectOf(unit);
      return subject ? interpret(subject, world) : emptyInterpretation(unit);
    },
    { bottom: emptyInterpretation },
  );

  const subjectOf = (id: UnitId): Subject | undefined => {
    const unit = unitOf(id);
    if (unit) return subjectOfUnit(unit, handedTo(id));
    const declaration = declarationOf(id);
    return declaration && subjectOfDeclaration(fileOf(id), declaration);
  };

  /** Where a unit is given to calls at the file's top level. */
  const handedAt = memory.derived(
    'handed',
    (unit: UnitId): readonly Handed[] => {
      const file = fileOf(unit);
      const name = unit.slice(file.length + 1);
      const all = handed(file);
      return [...(all?.get(unit) ?? []), ...(isPlainName(name) ? (all?.get(name) ?? []) : [])];
    },
    SILENT,
  );

  /** What a library hands to a unit that is given to it at the file's top level. */
  const handedTo = (unit: UnitId): readonly (Value | undefined)[] => {
    const sites = handedAt(unit);
    const byForm = (): readonly (Value | undefined)[] => wiredOr(handedToForm(unit), unit);
    if (sites.length === 0) return byForm();
    // what wraps a handler, `asyncHandler((req, res) => …)`, is seldom in a table
    const bySites = memory.derive(
      `given ${unit}`,
      () => {
        let values: readonly (Value | undefined)[] = [];
        for (const site of sites) {
          const callee = mostTelling(interpretation(site.declaration).analysis.returns);
          const here = parametersGiven(unit, callee, site.argument, site.count);
          const both = values;
          values = Array.from({ length: Math.max(both.length, here.length) }, (_, at) =>
            joinOptional(both[at], here[at]),
          );
        }
        return values;
      },
      { silent: true, bottom: [] },
    );
    return bySites.some(each => each !== undefined) ? bySites : byForm();
  };

  /** What a unit is handed by how it is written: a handler that is exported, or registered out of sight. */
  const handedToForm = (unit: UnitId): readonly (Value | undefined)[] => {
    const { handlers } = namesIn(languageOf(fileOf(unit)));
    if (handlers.length === 0) return [];
    const known = handled(unit);
    if (!known) return [];
    const at = { unit, start: 0, end: 0 };
    return known.map(gives => (gives ? given(gives, { at, arguments: [], from: [] }) : undefined));
  };

  const handled = memory.derived(
    'handled',
    (unit: UnitId): readonly (Gives | undefined)[] | undefined => {
      const file = fileOf(unit);
      const source = unitOf(unit);
      if (!source || unit === file || source.function.parameters.length === 0) return undefined;
      const type = declaredTypeOf(unit);
      return handedByForm(namesIn(languageOf(file)).handlers, {
        unit,
        function: source.function,
        isMethod: source.ownerClass !== undefined,
        exported: exportsOfUnit(exportsIn(file), unit),
        ...(type === undefined ? {} : { type }),
      });
    },
    SILENT,
  );

  /** The type of a library that a function is declared with: `const handler: RequestHandler = …`. */
  const declaredTypeOf = (unit: UnitId): EntityName | undefined => {
    const file = fileOf(unit);
    for (const id of byName(file)?.get(unit.slice(file.length + 1)) ?? []) {
      const type = declarationOf(id)?.plain?.declare.type;
      const value = type && valueOfType(world, file, type);
      if (value?.shape.kind === 'instance') return value.shape.of;
    }
    return undefined;
  };

  /** What is handed in by the form of the unit; where that is nothing, by those who call it. */
  const wiredOr = (byForm: readonly (Value | undefined)[], unit: UnitId): readonly (Value | undefined)[] =>
    byForm.some(each => each !== undefined) ? byForm : wiring.given(unit);

  const parametersGiven = (
    unit: UnitId,
    callee: Value,
    argument: number,
    count: number,
  ): readonly (Value | undefined)[] => {
    const { shape } = callee;
    const key = shape.kind === 'member' ? shape.of : shape.kind === 'entity' ? shape.name : undefined;
    const meaning = key === undefined ? undefined : meaningFor(input.semantics.calls.get(key), count);
    const callback = meaning?.callbacks?.find(each =>
      each.argument === 'rest' ? argument >= (each.from ?? 0) : each.argument === argument,
    );
    const receiver = shape.kind === 'member' ? shape.receiver : undefined;
    const at = { unit, start: 0, end: 0 };
    return (callback?.parameters ?? []).map(gives =>
      gives
        ? given(gives, { at, ...(receiver ? { receiver: placeless(receiver, unit) } : {}), arguments: [], from: [] })
        : undefined,
    );
  };

  /** @param declared  only what the file itself declares, and not what it has from all of another's names */
  const variable = (file: FileId, name: string, declared = false): Value | undefined =>
    declared ? ownVariable(file, name) : anyVariable(file, name);
  const anyVariable = memory.derivedOf<Value | undefined>(
    'variable',
    (file, name) => computeVariable(file, name, false),
    { bottom: NOTHING },
  );
  const ownVariable = memory.derivedOf<Value | undefined>(
    'variable declared',
    (file, name) => computeVariable(file, name, true),
    { bottom: NOTHING },
  );

  const computeVariable = (file: FileId, name: string, isDeclared: boolean): Value | undefined => {
    const declared = look(`declarations ${file} ${name}`, () => byName(file)?.get(name) ?? []);
    if (declared.length === 0)
      return undeclared(file, name) ?? (isDeclared ? undefined : (fromAll(file, name) ?? itself(file, name)));
    const declarations = declared.flatMap(id => declarationOf(id) ?? []);
    const values = declarations.map(declaration => declaredValue(file, declaration, name));
    if (
      declarations.every(
        ({ body }) => body[0]?.kind !== 'declare' || body[0].constant || body[0].value?.kind === 'unit',
      )
    )
      return withMembers(file, name, joinAll(values));
    return withMembers(file, name, joinAll([...values, ...assignedValues(file, name)]));
  };

  /** A record with what the file's top level puts into it after it was made. */
  const withMembers = (file: FileId, name: string, value: Value): Value => {
    const { shape } = value;
    if (shape.kind !== 'record') return value;
    const added = look(`members ${file} ${name}`, () => index(file)?.members.get(name) ?? NO_MEMBERS);
    if (added.length === 0) return value;
    const entries = new Map(shape.entries);
    let { open } = shape;
    for (const member of added.slice(0, MAX_MEMBERS)) {
      const { returns } = member.unit
        ? { returns: shaped({ kind: 'function', unit: member.unit }) }
        : interpretation(member.declaration).analysis;
      const before = member.name === undefined ? undefined : entries.get(member.name);
      if (member.name !== undefined) entries.set(member.name, before ? join(before, returns) : returns);
      else if (returns.shape.kind === 'record')
        for (const [each, entry] of returns.shape.entries) if (!entries.has(each)) entries.set(each, entry);
      open ||= member.name === undefined;
    }
    return recordOf(entries, open, value.from);
  };

  /** `from a import *`: every name of another module is one of this. */
  const fromAll = (file: FileId, name: string): Value | undefined =>
    look(`takes all ${file}`, () => {
      const module = moduleOf(file);
      return module?.open === true && module.exports.some(entry => entry.name === '*');
    })
      ? exported(file, name)
      : undefined;

  /** What a module's own code calls the module: `exports.list(…)`. */
  const itself = (file: FileId, name: string): Value | undefined => {
    const names = look(`itself ${file}`, () => moduleOf(file)?.itself ?? NO_NAMES, Object.is);
    const module = shaped({ kind: 'module', name: file });
    if (names.includes(name)) return module;
    const member = names.find(each => each.startsWith(`${name}.`));
    return member === undefined ? undefined : recordOf(new Map([[member.slice(name.length + 1), module]]), true);
  };

  const undeclared = (file: FileId, name: string): Value | undefined => {
    const kind = look(`undeclared ${file} ${name}`, () => {
      const all = index(file);
      if (all?.classes.has(name)) return 'class';
      return all?.units.has(`${file}#${name}`) ? 'unit' : undefined;
    });
    if (kind === 'class') return shaped({ kind: 'class', file, name });
    return kind === 'unit' ? shaped({ kind: 'function', unit: `${file}#${name}` }) : undefined;
  };

  const declaredValue = (file: FileId, declaration: Declaration, name: string): Value => {
    if (declaration.plain) return plainValue(file, declaration.plain.declare, name);
    return interpretation(declaration.id).bindings.get(name) ?? UNKNOWN;
  };

  /** Imports, functions and classes need no walk. */
  const plainValue = (file: FileId, declare: Declare, name: string): Value => {
    const { value } = declare;
    const whole = ((): Value => {
      switch (value?.kind) {
        case 'import':
          return world.imported(file, value.from);
        case 'member':
          return value.object.kind === 'import'
            ? memberOf(world, world.imported(file, value.object.from), value.name, top(file))
            : UNKNOWN;
        case 'unit':
          return shaped({ kind: 'function', unit: value.unit });
        case 'class':
          return shaped({ kind: 'class', file, name: value.name });
        default:
          return UNKNOWN;
      }
    })();
    return partOf(file, whole, declare.target, name) ?? UNKNOWN;
  };

  const partOf = (file: FileId, value: Value, target: Pattern, name: string): Value | undefined => {
    switch (target.kind) {
      case 'variable':
        return target.name === name ? value : undefined;
      case 'entries':
        for (const entry of target.entries) {
          const part = partOf(file, memberOf(world, value, entry.key, top(file)), entry.target, name);
          if (part) return part;
        }
        return target.rest && partOf(file, value, target.rest, name);
      default:
        return undefined;
    }
  };

  /** What the rest of the file assigns to a variable of its top level. */
  const assignedValues = (file: FileId, name: string): readonly Value[] => {
    const writers = look(`writers ${file} ${name}`, () => {
      const all = index(file);
      return all ? (writersIn(all).get(name) ?? []) : [];
    });
    return writers.map(writer => {
      const written = interpretation(writer).moduleWrites.get(name);
      return written ? placeless(written, writer) : NOTHING;
    });
  };

  const exported = memory.derivedOf<Value | undefined>('export', (file, name) => computeExport(file, name), {
    bottom: NOTHING,
  });

  const exportsIn = memory.derived('exports', (file: FileId): readonly Export[] => exportsOf(moduleOf(file)), {
    ...SILENT,
    equal: sameExports,
  });

  const computeExport = (file: FileId, name: string): Value | undefined => {
    const entries = exportsIn(file);
    const own = entries.filter(entry => entry.name === name);
    if (own.length > 0) return joinAll(own.map(entry => exportedValue(file, entry)));
    const open = look(`open ${file}`, () => moduleOf(file)?.open === true) ? variable(file, name, true) : undefined;
    if (open) return open;
    const whole = name === '=' ? [] : entries.filter(entry => entry.name === '=');
    if (whole.length > 0) {
      const value = joinAll(whole.map(entry => exportedValue(file, entry)));
      const member = name === 'default' ? value : memberOf(world, value, name, top(file));
      if (member.shape.kind !== 'unknown') return member;
      return takenOver(file, name, entries) ?? added(file, name) ?? fromFolder(file, name) ?? member;
    }
    const taken = takenOver(file, name, entries) ?? added(file, name) ?? fromFolder(file, name);
    if (taken) return taken;
    // A type that only TypeScript sees is exported without a value.
    if (
      name !== 'default' &&
      name !== '=' &&
      look(`type ${file} ${name}`, () => index(file)?.classes.get(name)?.interface === true)
    )
      return shaped({ kind: 'class', file, name });
    return moduleInside(file, name);
  };

  /** What a module exports of all that others do, or an object of its own holds. */
  const takenOver = (file: FileId, name: string, entries: readonly Export[]): Value | undefined => {
    if (name === 'default' || name === '=') return undefined;
    for (const entry of entries) {
      if (entry.name !== '*') continue;
      const found = entry.from === undefined ? spreadMember(file, entry, name) : memberOfModule(file, entry.from, name);
      if (found && !isNothing(found)) return found;
    }
    return undefined;
  };

  const memberOfModule = (file: FileId, from: string, name: string): Value | undefined => {
    const target = resolve(file, from);
    if (target !== undefined) return exported(target, name);
    const library = namesIn(languageOf(file)).modules.get(from);
    return library === undefined
      ? undefined
      : memberOf(world, shaped({ kind: 'module', name: library }), name, top(file));
  };

  const spreadMember = (file: FileId, { value }: Export, name: string): Value | undefined => {
    const whole = value?.kind === 'name' ? variable(file, value.name) : undefined;
    const member = whole && memberOf(world, whole, name, top(file));
    return member && member.shape.kind !== 'unknown' ? member : undefined;
  };

  /**
   * A member that a function of another file puts on the module: `require('./create')(module.exports)`. Told by how that
   * function is written, without walking it: what it does needs the module's members in turn.
   */
  const added = (file: FileId, name: string): Value | undefined => {
    if (name === 'default' || name === '=') return undefined;
    const extensions = look(`extended ${file}`, () => {
      const module = moduleOf(file);
      return module?.itself ? extensionCallsIn(module) : NO_CALLS;
    });
    for (const { from, argument } of extensions) {
      const extender = imported(file, from).shape;
      if (extender.kind !== 'function') continue;
      const found = addedBy(extender.unit, argument, name, 0);
      if (found) return found;
    }
    return undefined;
  };

  const addedBy = (unit: UnitId, parameter: number, name: string, depth: number): Value | undefined => {
    const source = unitOf(unit);
    const extension = source && extensionsIn(source.function).get(parameter);
    if (!extension || depth > MAX_EXTENDERS) return undefined;
    const at = extension.members.get(name);
    if (at) return shaped({ kind: 'lambda', at: { unit, start: at.start, end: at.end } });
    for (const { from, argument } of extension.handedOn) {
      const next = imported(fileOf(unit), from).shape;
      const found = next.kind === 'function' ? addedBy(next.unit, argument, name, depth + 1) : undefined;
      if (found) return found;
    }
    return undefined;
  };

  /** A member that is the module of a file, or what that makes, where a module imports all files of a folder. */
  const fromFolder = (file: FileId, name: string): Value | undefined => {
    if (name === 'default' || name === '=') return undefined;
    for (const folder of folderImportsOf(file)) {
      const files = filesFor(folder, wiring.inside(folder.folder), file);
      const named = fileNamed(name, folder, files);
      const found =
        (named === undefined ? undefined : madeBy(named, name)) ??
        files.map(each => ownExport(each, name)).find(each => each !== undefined);
      if (found) return found;
    }
    return undefined;
  };

  const folderImportsOf = (file: FileId): readonly FolderImport[] =>
    look(`folders ${file}`, () => {
      const module = moduleOf(file);
      return module ? folderImportsIn(module) : NO_FOLDERS;
    });

  const ownExport = (file: FileId, name: string): Value | undefined => {
    const isExported = look(`exports ${name} of ${file}`, () =>
      exportsOf(moduleOf(file)).some(entry => entry.name === name || entry.name === '='),
    );
    const found = isExported ? exported(file, name) : undefined;
    return found && !isNothing(found) && found.shape.kind !== 'unknown' ? found : undefined;
  };

  /** What a module is or exports under the name; of a function, what it makes: `module.exports = sequelize => User`. */
  const madeBy = (file: FileId, name: string): Value | undefined => {
    const own = ownExport(file, name);
    if (own) return own;
    const whole = mostTelling(imported(file, `./${file.slice(file.lastIndexOf('/') + 1)}`));
    const main = whole.shape.kind === 'module' ? (exported(file, 'default') ?? whole) : whole;
    if (main.shape.kind !== 'function') return main;
    const { returns } = interpretation(main.shape.unit).summary;
    return isNothing(returns) || returns.shape.kind === 'unknown' ? undefined : placeless(returns, main.shape.unit);
  };

  const exportedValue = (file: FileId, entry: Export): Value => {
    if (entry.from !== undefined) {
      const module = world.imported(file, entry.from);
      return entry.imported === '*' ? module : memberOf(world, module, entry.imported ?? entry.name, top(file));
    }
    if (entry.value?.kind === 'name') return variable(file, entry.value.name) ?? UNKNOWN;
    if (entry.value?.kind === 'unit') return shaped({ kind: 'function', unit: entry.value.unit });
    if (entry.value?.kind === 'class') return shaped({ kind: 'class', file, name: entry.value.name });
    const ids = look(`exporting ${file} ${entry.name}`, () =>
      [...(index(file)?.declarations.keys() ?? [])].filter(id => isAbout(id, `${file}#export ${entry.name}`)),
    );
    return joinAll(ids.map(id => interpretation(id).analysis.returns));
  };

  const languageOf = memory.derived('language', (file: FileId) => moduleOf(file)?.language, SILENT);

  const namesIn = (language: string | undefined): OwnNames =>
    (language === undefined ? undefined : input.semantics.languages.get(language)) ?? input.semantics;

  /** A module inside a module, by the file of the outer one. */
  const moduleInside = (file: FileId, name: string): Value | undefined => {
    const inside = input.inside?.(file, name);
    const found = inside === undefined ? undefined : resolve(file, inside);
    return found === undefined ? undefined : shaped({ kind: 'module', name: found });
  };

  const imported = (from: FileId, specifier: string): Value => {
    const library = namesIn(languageOf(from)).modules.get(specifier);
    if (library !== undefined) return shaped({ kind: 'module', name: library });
    const file = resolve(from, specifier);
    if (file === undefined) return UNKNOWN;
    const whole = exported(file, '=');
    const isWhole = whole && whole.shape.kind !== 'unknown' && !isNothing(whole);
    return isWhole && !hasMore(file, whole) ? whole : shaped({ kind: 'module', name: file });
  };

  /** Whether a module exports more than the record that it sets its exports to. */
  const hasMore = (file: FileId, { shape }: Value): boolean => {
    if (shape.kind !== 'record') return false;
    if (folderImportsOf(file).length > 0) return true;
    const names = look(`exported names ${file}`, () => exportsOf(moduleOf(file)).map(({ name }) => name));
    return names.some(name => name === '*' || (name !== '=' && name !== 'default' && !shape.entries.has(name)));
  };

  const classOf = memory.derivedOf('class', (file, name): Class | undefined => index(file)?.classes.get(name), {
    ...SILENT,
    equal: sameClass,
  });

  const superclassOf = (file: FileId, name: string): Value | undefined => {
    return superclassesOf(file, name)[0];
  };

  /** The class that is extended, then the further ones. */
  const superclassesOf = (file: FileId, name: string): readonly Value[] =>
    look(`bases ${file} ${name}`, () =>
      [...(index(file)?.declarations.keys() ?? [])].filter(id => isAbout(id, `${file}#extends ${name}`)),
    ).map(id => mostTelling(interpretation(id).analysis.returns));

  const classMember = (file: FileId, name: string, member: string, depth = 0): Value | undefined => {
    const own = classOf(file, name);
    if (!own || depth > MAX_ANCESTORS) return undefined;
    const method = own.methods.get(member);
    if (method !== undefined) return shaped({ kind: 'function', unit: method });
    const held = field(file, name, member);
    if (held) return held;
    const bases = superclassesOf(file, name);
    for (const { shape } of bases) {
      const found =
        shape.kind === 'class'
          ? classMember(shape.file, shape.name, member, depth + 1)
          : shape.kind === 'entity' && member !== 'constructor'
            ? memberOf(world, instanceOf(shape.name), member, top(file))
            : undefined;
      // A library's class is asked for every name: of several, one that knows it.
      if (found && (bases.length === 1 || shape.kind === 'class' || isKnown(found))) return found;
    }
    for (const base of own.interface ? (own.implements ?? []) : []) {
      const value = valueOfType(world, file, base);
      if (value?.shape.kind === 'object') {
        const found = classMember(value.shape.file, value.shape.class, member, depth + 1);
        if (found) return found;
      }
    }
    return undefined;
  };

  /** The library's type that an interface adds to. */
  const libraryBase = (file: FileId, name: string): Value | undefined => {
    const own = classOf(file, name);
    for (const base of own?.interface ? (own.implements ?? []) : []) {
      const value = valueOfType(world, file, base);
      if (value?.shape.kind === 'instance') return value;
      const inherited = value?.shape.kind === 'object' && libraryBaseOf(value.shape.file, value.shape.class);
      if (inherited) return inherited;
    }
    return undefined;
  };
  const libraryBaseOf = (file: FileId, name: string): Value | undefined =>
    memory.derive(`base ${file} ${name}`, () => libraryBase(file, name), { silent: true, bottom: undefined });

  /** A member that a class or interface leaves to those who extend or implement it, where there is one such class. */
  const memberOfHeir = (file: FileId, name: string, member: string): Value | undefined => {
    if (member === 'constructor' || !classOf(file, name)) return undefined;
    const heir = wiring.onlyHeir(file, name);
    return heir && classMember(heir.file, heir.name, member);
  };

  const field = (file: FileId, name: string, member: string): Value | undefined =>
    memory.derive(`field ${file} ${name}.${member}`, () => computeField(file, name, member), { bottom: NOTHING });

  const computeField = (file: FileId, name: string, member: string): Value | undefined => {
    const own = classOf(file, name);
    const declared = own?.fields.find(each => each.name === member);
    const typed = declared?.type && valueOfType(world, file, declared.type);
    const { kind } = declared?.value ?? {};
    const mayGrow = kind === 'list' && typed?.shape.kind === 'list' && isVague(typed.shape.each);
    const injected = typed?.shape.kind === 'instance' ? undefined : injectedInto(file, name, member);
    if (injected) return injected;
    if (typed && kind !== 'call' && !mayGrow) return keptAs(file, name, member, typed);
    const initial = declared?.value && interpretation(`${file}#field ${name}.${member}`).analysis.returns;
    // `lines: Mapped[list["Line"]] = relationship()`: what the call declares is more than the type says
    if (typed && !(initial?.shape.kind === 'instance' && initial.shape.relation)) {
      const grown = mayGrow && initial ? withGrowth(file, name, member, initial) : initial;
      return grown && grown !== initial ? grown : typed;
    }
    const writers = fieldWriters(file, name, member);
    const constructed = writers
      .filter(unit => unit === own?.methods.get('constructor'))
      .map(unit => writtenBy(unit, member));
    const known = joinAll([...(initial ? [initial] : []), ...constructed]);
    if (!isVague(known)) return withGrowth(file, name, member, known);
    const others = writers
      .filter(unit => unit !== own?.methods.get('constructor'))
      .map(unit => writtenBy(unit, member));
    const all = withGrowth(file, name, member, joinAll([known, ...others]));
    const kept = isVague(all) ? wiring.kept(file, name, member) : undefined;
    if (kept && !isVague(kept)) return kept;
    if (!isNothing(all)) return all;
    return declared ? UNKNOWN : undefined;
  };

  /** What the project's modules provide for the token that a field is marked with, or the parameter that declares it. */
  const injectedInto = (file: FileId, name: string, member: string): Value | undefined => {
    const marks = look(`marks ${file} ${name}.${member}`, () => {
      const all = index(file);
      const own = all?.classes.get(name);
      const declared = own?.fields.find(each => each.name === member);
      const made = all?.units.get(own?.methods.get('constructor') ?? '');
      const parameter = made?.function.parameters.find(
        ({ field: isField, target }) => isField && target.kind === 'variable' && target.name === member,
      );
      return declared?.decorators ?? parameter?.decorators ?? NO_MARKS;
    });
    for (const mark of marks) {
      if (mark.kind !== 'call' || mark.callee.kind !== 'name') continue;
      const shape = variable(file, mark.callee.name)?.shape;
      const gives = shape?.kind === 'entity' ? input.semantics.decorators.get(shape.name) : undefined;
      const token = gives?.kind === 'offered' ? mark.arguments[0]?.value : undefined;
      const provided = token && wiring.provided(file, token);
      if (provided) return provided;
    }
    return undefined;
  };

  /** What a field is by its type; where that is an interface, the service that the constructor is given and keeps in it. */
  const keptAs = (file: FileId, name: string, member: string, typed: Value): Value => {
    const { shape } = typed;
    if (shape.kind !== 'object' || !world.leavesOpen(shape.file, shape.class)) return typed;
    return wiring.kept(file, name, member) ?? typed;
  };

  /** A list or text with what the methods of the class add to it; a list only where some method joins it to a text. */
  const withGrowth = (file: FileId, name: string, member: string, held: Value): Value => {
    const { kind } = held.shape;
    if (kind !== 'text' && kind !== 'list') return held;
    const growers = look(`field growers ${file} ${name}.${member}`, () => {
      const all = index(file);
      const units = [...(all?.classes.get(name)?.methods.values() ?? [])].map(id => all?.units.get(id));
      const written = units.flatMap(unit => (unit ? [{ id: unit.id, ...assignmentsOf(unit.function.body) }] : []));
      if (kind === 'list' && !written.some(each => each.joined.has(member))) return NO_NAMES;
      return written.filter(each => each.grown.has(member) || each.fields.has(member)).map(({ id }) => id);
    });
    const added = joinAll(
      growers.map(id => {
        const grown = interpretation(id).fieldGrowth.get(member);
        return grown ? placeless(grown, id) : NOTHING;
      }),
    );
    return isNothing(added) ? held : grownBy(held, added);
  };

  /** Nothing, null, an empty text, or not known: other methods may say more. */
  const isVague = (value: Value): boolean =>
    isNothing(value) ||
    alternativesIn(withoutNull(value)).every(
      ({ shape }) =>
        shape.kind === 'unknown' || shape.kind === 'scalar' || (shape.kind === 'text' && shape.pieces.length === 0),
    );

  /** Methods that assign the field, and constructors that declare it. */
  const fieldWriters = (file: FileId, name: string, member: string): readonly UnitId[] =>
    look(`field writers ${file} ${name}.${member}`, () => {
      const all = index(file);
      const own = all?.classes.get(name);
      return [...(own?.methods.values() ?? [])].filter(id => {
        const unit = all?.units.get(id);
        if (!unit) return false;
        const declares = unit.function.parameters.some(
          parameter => parameter.field && parameter.target.kind === 'variable' && parameter.target.name === member,
        );
        return declares || assignmentsOf(unit.function.body).fields.has(member);
      });
    });

  const writtenBy = (unit: UnitId, member: string): Value => {
    const written = interpretation(unit).fieldWrites.get(member);
    return written ? placeless(written, unit) : NOTHING;
  };

  const world: World = {
    semantics: input.semantics,
    variable,
    exported: (file, name) => exported(file, name),
    exportNames: file => look(`names exported by ${file}`, () => [...exportedNames(file, new Set())]),
    imported,
    classMember: (file, name, member) => classMember(file, name, member) ?? memberOfHeir(file, name, member),
    superclassOf,
    relation: (file, name, member) => relations.relation(file, name, member),
    isHolder: (file, name) => relations.isHolder(file, name),
    loadedByDefault: (file, name) => relations.loadedByDefault(file, name),
    libraryBase: libraryBaseOf,
    aliasOf: memory.derivedOf('alias', (file, name) => classOf(file, name)?.alias, SILENT),
    ownNames: file => namesIn(languageOf(file)),
    isGetter: memory.derived('getter', (unit: UnitId) => unitOf(unit)?.function.getter === true, SILENT),
    ofType: (file, type) => valueOfType(world, file, type),
    leavesOpen: memory.derivedOf('leaves open', (file, name) => wiring.leavesOpen(file, name), SILENT),
    offered: name => wiring.offered(name),
    provided: (file, token) => wiring.provided(file, token),
    // Callers read this alone: the unit's text is no business of theirs.
    summary: memory.derived(
      'summary',
      (unit: UnitId): Interpretation['summary'] | undefined =>
        unitOf(unit) ? interpretation(unit).summary : undefined,
      { ...SILENT, bottom: () => EMPTY_SUMMARY },
    ),
  };

  const relations = createRelations({
    memory,
    semantics: input.semantics,
    world: () => world,
    classOf,
    classNames: file => look(`class names ${file}`, () => [...(index(file)?.classes.keys() ?? [])]),
    field: (file, name, member) => field(file, name, member),
    superclassesOf,
    relating: name => wiring.relating(name),
    declaring: name => wiring.declaring(name),
  });

  const wiring = createWiring({
    input,
    memory,
    world,
    moduleOf,
    index,
    unitOf,
    classOf,
    superclassOf,
    resolve,
  });

  return {
    world,
    interpretation,
    environment: file =>
      memory.derive(`environment ${file}`, () => {
        const all = index(file);
        const variables = new Map<string, Value>();
        for (const name of all?.byName.keys() ?? []) variables.set(name, variable(file, name) ?? UNKNOWN);
        const exportsByName = new Map<string, Value>();
        for (const name of exportedNames(file, new Set())) exportsByName.set(name, exported(file, name) ?? UNKNOWN);
        const classes = new Map<string, ClassEnvironment>();
        for (const [name, own] of all?.classes ?? []) classes.set(name, classEnvironment(file, own));
        return { file, variables, exports: exportsByName, classes };
      }),
    source: unit => {
      const known = unitOf(unit);
      const module = latest.get(fileOf(unit));
      // The unit may have moved since it was last read: its text is the same, its start is not.
      if (known) return unit === fileOf(unit) ? module?.top : ((module && indexOf(module).units.get(unit)) ?? known);
      const declaration = declarationOf(unit);
      const now = module && indexOf(module).declarations.get(unit);
      return declaration && unitOfDeclaration(now ?? declaration);
    },
    handedInput: (unit, parameter, member) => {
      const handed = handedTo(unit)[parameter];
      if (handed?.shape.kind !== 'instance') return undefined;
      const { from } = valueAt(world, handed, member, { unit, start: 0, end: 0 });
      return from.find(source => source.kind === 'input')?.label;
    },
    part: (value, path, at) => valueAt(world, value, path, at),
    callers: wiring.callers,
    importers: wiring.importers,
    changed: file => {
      memory.changed(`module ${file}`, ...resolutions.touchedBy(file));
    },
    resolutionChanged: () => memory.changed(...resolutions.all()),
    sightingsChanged: () => wiring.changed(),
  };

  function exportedNames(file: FileId, seen: Set<FileId>): ReadonlySet<string> {
    const names = new Set<string>();
    if (seen.has(file)) return names;
    seen.add(file);
    for (const entry of exportsOf(moduleOf(file))) {
      if (entry.name !== '*') names.add(entry.name === '=' ? 'default' : entry.name);
      else if (entry.from !== undefined) {
        const target = resolve(file, entry.from);
        if (target !== undefined)
          for (const name of exportedNames(target, seen)) if (name !== 'default') names.add(name);
      }
    }
    return names;
  }

  function classEnvironment(file: FileId, own: Class): ClassEnvironment {
    const fields = new Map<string, Value>();
    const names = new Set(own.fields.map(each => each.name));
    const all = index(file);
    for (const id of own.methods.values()) {
      const unit = all?.units.get(id);
      if (!unit) continue;
      for (const name of assignmentsOf(unit.function.body).fields) names.add(name);
      for (const parameter of unit.function.parameters)
        if (parameter.field && parameter.target.kind === 'variable') names.add(parameter.target.name);
    }
    for (const name of names) fields.set(name, field(file, own.name, name) ?? UNKNOWN);
    const superclass = superclassOf(file, own.name);
    return { class: own, fields, ...(superclass ? { superclass } : {}) };
  }
}

/** Whether tables speak of the member, and do not merely know its type. */
const isKnown = ({ shape }: Value): boolean => shape.kind !== 'unknown' && shape.kind !== 'member';

const top = (file: FileId) => ({ unit: file, start: 0, end: 0 });

const isPlainName = (name: string): boolean => /^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(name);

/** `id` or one of its copies, `id~2`. */
const isAbout = (id: UnitId, name: string): boolean => id === name || id.startsWith(`${name}~`);

const exportsOf = (module: Module | undefined): readonly Export[] => module?.exports ?? [];

/** The same names for the same things: where they stand is no matter. */
const sameExports = (before: readonly Export[], after: readonly Export[]): boolean =>
  before.length === after.length && before.every((entry, at) => exportKey(entry) === exportKey(after[at]));

function exportKey(entry: Export | undefined): string {
  if (!entry) return '';
  const { value } = entry;
  const what =
    value?.kind === 'name'
      ? value.name
      : value?.kind === 'unit'
        ? value.unit
        : value?.kind === 'class'
          ? value.name
          : '';
  return [entry.name, entry.from ?? '', entry.imported ?? '', value?.kind ?? '', what].join('\n');
}

/** The same members of the same types; a field's initial value is a declaration of its own. */
function sameClass(before: Class | undefined, after: Class | undefined): boolean {
  return before === after || (before !== undefined && after !== undefined && classKey(before) === classKey(after));
}

const classKey = (each: Class): string =>
  JSON.stringify([
    each.name,
    each.interface ?? false,
    each.alias ?? null,
    each.extends !== undefined,
    each.implements ?? [],
    each.fields.map(field => [field.name, field.type ?? null, field.value !== undefined]),
    [...each.methods],
  ]);

/** A text goes on with any number of the pieces, a list holds any number of the items. */
function grownBy({ shape, from }: Value, added: Value): Value {
  const all = unionOf(from, added.from);
  if (shape.kind === 'list' && added.shape.kind === 'list')
    return listOfAny(joinAll([shape.each, added.shape.each]), all);
  if (shape.kind === 'text' && added.shape.kind === 'text')
    return boundedText([...shape.pieces, ...repeatOf(added.shape.pieces, '')], all);
  return { shape, from };
}

const EMPTY_SUMMARY: Interpretation['summary'] = {
  parameters: [],
  returns: NOTHING,
  calls: new Map(),
  lambdas: new Map(),
  admits: new Map(),
  settles: new Map(),
  grows: new Map(),
};

/** Shared but for the name: it is handed over with every question. */
const EMPTY: Interpretation = {
  analysis: { unit: '', calls: [], awaits: [], reads: [], texts: [], returns: NOTHING, loops: new Map() },
  bindings: new Map(),
  moduleWrites: new Map(),
  fieldWrites: new Map(),
  fieldGrowth: new Map(),
  summary: EMPTY_SUMMARY,
  steps: 0,
};

const emptyInterpretation = (unit: UnitId): Interpretation => ({ ...EMPTY, analysis: { ...EMPTY.analysis, unit } });
