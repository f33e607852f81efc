/**
 * What a program is wired together of, as those who call see it: the clients and services that constructors and factories
 * are given. Only such values are carried from callers to what they call; data is not, since others may call with other data.
 */
import { type FileId, fileOf, type UnitId } from '../engine/place';
import type { ProgramInput, Sighting } from './analysis';
import { type FileIndex, subjectOfUnit } from './declarations';
import { interpret } from './interpret';
import { alternativesIn, joinAll, recordOf, shaped } from './lattice';
import type { Memory } from './memory';
import { createMentions } from './mentions';
import type { Class, Expression, Module, Unit } from './model';
import { createProviders } from './providers';
import { createRegistry } from './registry';
import { keptBy, serviceFields, servicesOf } from './services';
import {
  CALLS_IMPORT,
  CALLS_SUPER,
  calling,
  callsIn,
  constructing,
  type Site,
  sitesIn,
  sliceOf,
  sliceOfResult,
} from './sites';
import { standsIn } from './standIns';
import { namesIn } from './storage';
import { placeless } from './substitute';
import type { Value } from './value';
import type { Summary, World } from './world';

export interface WiringInput {
  readonly input: ProgramInput;
  readonly memory: Memory;
  readonly world: World;
  moduleOf(file: FileId): Module | undefined;
  index(file: FileId): FileIndex | undefined;
  unitOf(unit: UnitId): Unit | undefined;
  classOf(file: FileId, name: string): Class | undefined;
  superclassOf(file: FileId, name: string): Value | undefined;
  resolve(from: FileId, specifier: string): FileId | undefined;
}

export interface Wiring {
  /** What the parameters of a function are given by those who call it in sight; gaps where that tells nothing. */
  given(unit: UnitId): readonly (Value | undefined)[];
  /** What a class's constructor keeps in a field, by what it is given in sight; nothing where no method uses it as a service. */
  kept(file: FileId, name: string, field: string): Value | undefined;
  /** The one class of the project that extends or implements another; nothing when there are none or several. */
  onlyHeir(file: FileId, name: string): { readonly file: FileId; readonly name: string } | undefined;
  /** What the project's container of services holds by a name. */
  offered(name: string): Value | undefined;
  /** What its modules provide for a token, as the file writes it. */
  provided(file: FileId, token: Expression): Value | undefined;
  /** Whether it is an interface of which nothing tells which class implements it. */
  leavesOpen(file: FileId, name: string): boolean;
  /** Units that may call a function, by the names in them: of its own file, and of files that import it or its interface. */
  callers(unit: UnitId): readonly UnitId[];
  /** Files of which classes may declare fields with a class of this name, and files that may declare one. */
  relating(name: string): readonly FileId[];
  declaring(name: string): readonly FileId[];
  /** Files that import a file, also through one that hands on what it imports. */
  importers(file: FileId): readonly FileId[];
  /** The files of a folder. */
  inside(folder: string): readonly FileId[];
  /** Other files may be sighted now. */
  changed(): void;
}

/** Of more files than these the first say what there is to say. */
const MAX_FILES = 12;
/** A parameter that gets more kinds of things than these is not wired. */
const MAX_KINDS = 3;
/** A function that more files than these import is looked for in the first of them. */
const MAX_CALLING_FILES = 40;
/** Files that hand on what they import, through so many of their like. */
const MAX_BARRELS = 2;
/** Heirs of heirs deeper than this are not looked for. */
const MAX_HEIRS = 6;

type Given = readonly (Value | undefined)[];

export function createWiring(program: WiringInput): Wiring {
  const { input, memory, world } = program;
  const asked = new Set<string>();
  const mentions = createMentions();

  /**
   * What is passed is told by declarations, constructions and what factories return alone: if callees waited for all that
   * their callers call does, the whole program would be one cycle.
   */
  const around: World = { ...world, summary: id => made(id), offered: () => undefined, provided: () => undefined };

  const sightings = (of: Sighting): readonly FileId[] => {
    const key = `sightings ${Object.values(of).join(' ')}`;
    asked.add(key);
    return memory.input(key, () => input.sightings?.(of) ?? []);
  };

  const look = <T>(key: string, bottom: T, compute: () => T): T =>
    memory.derive(key, compute, { silent: true, bottom });

  const sitesOf = (file: FileId, keys: readonly string[]): readonly Site[] =>
    look<readonly Site[]>(`sites ${file} ${keys.join(',')}`, [], () => {
      const module = program.moduleOf(file);
      return module ? sitesIn(module, keys) : [];
    });

  /** The callee of a call and the wanted of its arguments, as far as they can be told without walking all of its unit. */
  const passedAt = ({ unit: id, key, index }: Site, wanted: readonly number[]): readonly Value[] =>
    look<readonly Value[]>(`passed ${id} ${key} ${index} ${wanted.join(',')}`, [], () => {
      const unit = program.unitOf(id);
      const call = unit && callsIn(unit.function.body).get(key)?.[index];
      const slice = unit && call && sliceOf(unit, call, wanted);
      if (!slice) return [];
      const usesParameters = unit.function.parameters.some(({ target }) =>
        namesIn(target).some(name => slice.names.has(name)),
      );
      const { decorators: _, ...plain } = unit.function;
      const subject = subjectOfUnit(unit, usesParameters ? given(id) : []);
      const { returns } = interpret({ ...subject, function: { ...plain, body: slice.body } }, around).analysis;
      return returns.shape.kind === 'list' ? (returns.shape.items ?? []).map(each => placeless(each, id)) : [];
    });

  /** What a function gives that makes a client or a service, as far as what it returns tells without walking all of it. */
  const made = memory.derived(
    'made',
    (id: UnitId): Summary | undefined => {
      const unit = program.unitOf(id);
      const slice = unit && unit.ownerClass === undefined && id !== fileOf(id) ? sliceOfResult(unit) : undefined;
      if (!unit || !slice) return undefined;
      const { decorators: _, ...plain } = unit.function;
      const subject = subjectOfUnit(unit, []);
      return interpret({ ...subject, function: { ...plain, body: slice.body } }, around).summary;
    },
    { silent: true, bottom: () => undefined },
  );

  /** Arguments of those calls among the sites whose callee is the right one. */
  const argumentsAt = (
    sites: readonly Site[],
    wanted: readonly number[],
    isIt: (callee: Value) => boolean,
  ): readonly Given[] =>
    realOnes(
      sites.filter(site => {
        const [callee] = passedAt(site, []);
        return callee && alternativesIn(callee).some(isIt);
      }),
    ).map(site => placedAt(wanted, passedAt(site, wanted)));

  const registry = createRegistry({
    registries: input.semantics.registries,
    memory,
    world,
    around,
    sightings,
    sitesOf,
    passedAt: (site, wanted) => passedAt(site, wanted),
    moduleOf: program.moduleOf,
    unitOf: program.unitOf,
  });

  const providers = createProviders({
    registries: input.semantics.registries,
    memory,
    world,
    around,
    sightings,
    moduleOf: program.moduleOf,
    unitOf: program.unitOf,
  });

  const constructed = (file: FileId, name: string, wanted: readonly number[], depth = 0): Given =>
    look<Given>(`constructed ${file} ${name} ${wanted.join(',')}`, [], () => {
      const isClass = ({ shape }: Value): boolean =>
        shape.kind === 'class' && shape.file === file && shape.name === name;
      const files = filesAround(file, { kind: 'constructs', name });
      const direct = argumentsAt(
        files.flatMap(each => sitesOf(each, [constructing(name)])),
        wanted,
        isClass,
      );
      const inherited = depth > MAX_HEIRS ? [] : heirsOf(file, name).map(heir => throughHeir(heir, wanted, depth + 1));
      return together([...direct.map(wiredWith('functions')), ...inherited]);
    });

  /** What a base class's constructor is given by a class that extends it. */
  const throughHeir = ({ file, name }: Heir, wanted: readonly number[], depth: number): Given => {
    const own = program.classOf(file, name)?.methods.get('constructor');
    if (own === undefined) return constructed(file, name, wanted, depth);
    return wiredWith('functions')(placedAt(wanted, passedAt({ unit: own, key: CALLS_SUPER, index: 0 }, wanted)));
  };

  const heirsOf = (file: FileId, name: string): readonly Heir[] =>
    look<readonly Heir[]>(`heirs ${file} ${name}`, [], () =>
      filesAround(file, { kind: 'derives', name }).flatMap(each =>
        classesIn(each)
          .filter(candidate => derivesFrom(each, candidate, file, name))
          .map(candidate => ({ file: each, name: candidate.name })),
      ),
    );

  /**
   * The one class that extends or implements another; where there are more, the one that does not stand in for it in tests, or
   * that is provided for it.
   */
  const onlyHeir = (file: FileId, name: string): Heir | undefined => {
    const heirs = heirsOf(file, name).filter(heir => program.classOf(heir.file, heir.name)?.interface !== true);
    return (
      only(heirs) ?? only(heirs.filter(heir => !standsIn(heir.file, heir.name))) ?? providedHeir(file, name, heirs)
    );
  };

  const providedHeir = (file: FileId, name: string, heirs: readonly Heir[]): Heir | undefined => {
    // an interface is no token
    if (heirs.length === 0 || program.classOf(file, name)?.interface === true) return undefined;
    const shape = providers.providedFor(file, name)?.shape;
    if (shape?.kind !== 'object') return undefined;
    return heirs.find(heir => heir.file === shape.file && heir.name === shape.class);
  };

  const classesIn = (file: FileId): readonly Class[] => [...(program.index(file)?.classes.values() ?? [])];

  const derivesFrom = (at: FileId, candidate: Class, file: FileId, name: string): boolean => {
    if (at === file && candidate.name === name) return false;
    const base = candidate.extends && program.superclassOf(at, candidate.name)?.shape;
    if (base?.kind === 'class' && base.file === file && base.name === name) return true;
    return (candidate.implements ?? []).some(type => {
      const shape = type.kind === 'named' && lastOf(type.name) !== name ? undefined : world.ofType(at, type)?.shape;
      return shape?.kind === 'object' && shape.file === file && shape.class === name;
    });
  };

  /** The file itself and those that may hold what is looked for; by import where the class has no name of its own. */
  const filesAround = (file: FileId, of: Extract<Sighting, { readonly name: string }>): readonly FileId[] => {
    const sighted = sightings(of.name === 'default' ? { kind: 'imports', file } : of);
    return [...new Set([file, ...sighted])].slice(0, MAX_FILES + 1);
  };

  const calledWith = (id: UnitId, wanted: readonly number[]): Given => {
    const file = fileOf(id);
    const name = id.slice(file.length + 1);
    const isUnit = ({ shape }: Value): boolean => shape.kind === 'function' && shape.unit === id;
    const own = lastOf(name.replace(/~\d+$/, ''));
    const importers = sightings({ kind: 'imports', file });
    const sites = [
      ...sitesOf(file, [calling(own)]),
      ...(importers.length > MAX_FILES ? [] : importers).flatMap(each =>
        sitesOf(each, [...new Set([own, ...importedNames(each, file)])].map(calling).concat(CALLS_IMPORT)),
      ),
    ];
    return together(argumentsAt(sites, wanted, isUnit).map(wiredWith('no functions')));
  };

  /** Variables of a file's top level that another file is imported into, whole or in part. */
  const importedNames = (from: FileId, file: FileId): readonly string[] =>
    look<readonly string[]>(`imported names ${from} ${file}`, [], () =>
      [...(program.index(from)?.declarations.values() ?? [])].flatMap(({ plain, names }) => {
        const value = plain?.declare.value;
        const imported = value?.kind === 'member' ? value.object : value;
        return imported?.kind === 'import' && program.resolve(from, imported.from) === file ? names : [];
      }),
    );

  const given = (id: UnitId): Given => {
    const needs = look<{ readonly owner?: string; readonly wanted: readonly number[] } | undefined>(
      `needs ${id}`,
      undefined,
      () => {
        const unit = program.unitOf(id);
        if (!unit || id === fileOf(id) || unit.function.parameters.length === 0) return undefined;
        const owner = unit.ownerClass;
        if (owner !== undefined && program.classOf(fileOf(id), owner)?.methods.get('constructor') !== id)
          return undefined;
        return owner === undefined
          ? { wanted: servicesOf(unit.function, isTelling) }
          : { owner, wanted: keptBy(unit.function) };
      },
    );
    if (!needs) return [];
    const { owner, wanted } = needs;
    const made = registry.injected(id, owner);
    if (wanted.length === 0) return made ?? [];
    return look<Given>(`wired ${id}`, [], () => {
      if (owner === undefined) return made ?? calledWith(id, wanted);
      return together([constructed(fileOf(id), owner, wanted), made ?? []]);
    });
  };

  const keptFields = (file: FileId, name: string): ReadonlyMap<string, Value> =>
    look<ReadonlyMap<string, Value>>(`kept ${file} ${name}`, new Map(), () => {
      const id = program.classOf(file, name)?.methods.get('constructor');
      const unit = id === undefined ? undefined : program.unitOf(id);
      const passed = id === undefined ? [] : given(id);
      if (!unit || (!isMarked(unit) && passed.every(each => each === undefined))) return new Map();
      const { fieldWrites } = interpret(subjectOfUnit(unit, passed), {
        ...around,
        offered: registry.offered,
        provided: providers.provided,
      });
      return new Map([...fieldWrites].map(([field, value]) => [field, placeless(value, unit.id)]));
    });

  const isMadeByRegistry = (file: FileId, name: string): boolean => {
    const id = program.classOf(file, name)?.methods.get('constructor');
    if (id === undefined) return false;
    const unit = program.unitOf(id);
    return (unit !== undefined && isMarked(unit)) || registry.injected(id, name) !== undefined;
  };

  const servicesIn = (file: FileId, name: string): ReadonlySet<string> =>
    look<ReadonlySet<string>>(`services ${file} ${name}`, new Set(), () => {
      const fields = new Set<string>();
      for (const each of [{ file, name }, ...heirsOf(file, name)]) {
        const all = program.index(each.file);
        if (all) for (const field of serviceFields(all, each.name, member => !plain.has(member))) fields.add(field);
      }
      return fields;
    });

  /** Files that import a file, also through one that hands on all that lies in its folder. */
  const importersOf = (file: FileId, barrels = 0): readonly FileId[] => {
    const direct = sightings({ kind: 'imports', file });
    if (barrels >= MAX_BARRELS) return direct;
    return [...direct, ...direct.filter(isBarrel).flatMap(each => importersOf(each, barrels + 1))];
  };

  /** The file of the unit, and those of the interfaces and base classes that its class is called by. */
  const filesCalledBy = (id: UnitId, owner: string | undefined): readonly FileId[] => {
    const file = fileOf(id);
    const own = owner === undefined ? undefined : program.classOf(file, owner);
    const above = [
      ...(own?.implements ?? []).map(type => world.ofType(file, type)?.shape),
      own?.extends && owner !== undefined ? program.superclassOf(file, owner)?.shape : undefined,
    ];
    return [file, ...above.flatMap(shape => (shape?.kind === 'class' || shape?.kind === 'object' ? [shape.file] : []))];
  };

  const callers = (id: UnitId): readonly UnitId[] =>
    look<readonly UnitId[]>(`callers ${id}`, [], () => {
      const unit = program.unitOf(id);
      if (!unit || id === fileOf(id)) return [];
      const last = lastOf(id.slice(fileOf(id).length + 1).replace(/~\d+$/, ''));
      // a constructor is called by its class' name
      const own = last === 'constructor' ? (unit.ownerClass ?? last) : last;
      const called = filesCalledBy(id, unit.ownerClass);
      const importers = called.flatMap(each => importersOf(each)).slice(0, MAX_CALLING_FILES);
      return [...new Set([...called, ...importers])].flatMap(file => {
        const module = program.moduleOf(file);
        const names = [own, ...called.flatMap(each => importedNames(file, each))];
        return module ? mentions.unitsIn(module, names) : [];
      });
    });

  /** Names of members that packages' tables speak of, and plain values do not have. */
  const telling = new Set<string>();
  const plain = new Set<string>();
  for (const name of input.semantics.calls.keys())
    if (name.includes('.')) (name.startsWith('npm:') ? telling : plain).add(lastOf(name));
  for (const name of input.semantics.methods.keys()) plain.add(name);
  for (const name of plain) telling.delete(name);
  const isTelling = (member: string): boolean => telling.has(member);

  return {
    given: id => (program.unitOf(id)?.ownerClass === undefined ? given(id) : []),
    kept: (file, name, field) =>
      servicesIn(file, name).has(field) || isMadeByRegistry(file, name) ? keptFields(file, name).get(field) : undefined,
    onlyHeir,
    leavesOpen: (file, name) => program.classOf(file, name)?.interface === true && onlyHeir(file, name) === undefined,
    offered: registry.offered,
    provided: providers.provided,
    callers,
    relating: name => sightings({ kind: 'relates', name }),
    declaring: name => sightings({ kind: 'declares', name }),
    importers: file => [...new Set(importersOf(file))],
    inside: folder => sightings({ kind: 'inside', folder }),
    changed: () => memory.changed(...asked),
  };
}

/** `services/index.js`, which exports what its folder holds. */
const isBarrel = (file: FileId): boolean => /(?:^|\/)(?:index|main|mod|__init__)\.[^/]+$/.test(file);

/** Those that run in production, where there are such. */
function realOnes(sites: readonly Site[]): readonly Site[] {
  const real = sites.filter(({ unit }) => !standsIn(fileOf(unit), lastOf(unit.slice(fileOf(unit).length + 1))));
  return real.length > 0 ? real : sites;
}

/** Whether parameters say by decorators what they are to be given. */
const isMarked = ({ function: called }: Unit): boolean =>
  called.parameters.some(({ decorators }) => decorators !== undefined);

interface Heir {
  readonly file: FileId;
  readonly name: string;
}

const only = <T>(all: readonly T[]): T | undefined => (all.length === 1 ? all[0] : undefined);

const lastOf = (name: string): string => name.slice(name.lastIndexOf('.') + 1);

/** The values of the wanted positions, at their positions. */
function placedAt(wanted: readonly number[], [, ...values]: readonly Value[]): Given {
  const placed: (Value | undefined)[] = [];
  for (const [at, index] of wanted.entries()) placed[index] = values[at];
  return Array.from(placed);
}

/** Position by position what all the calls agree on; nothing where they hand in too many kinds of things. */
function together(all: readonly Given[]): Given {
  const length = Math.max(0, ...all.map(each => each.length));
  return Array.from({ length }, (_, index) => {
    const values = all.flatMap(each => each[index] ?? []);
    if (values.length === 0) return undefined;
    const value = joinAll(values);
    return alternativesIn(value).length > MAX_KINDS ? undefined : value;
  });
}

/**
 * The part of arguments that is wiring: clients, services and records of these; for constructors functions too, which
 * they keep. What others are handed as functions they call, and that is told call by call.
 */
const wiredWith =
  (functions: 'functions' | 'no functions') =>
  (values: readonly (Value | undefined)[]): Given =>
    values.map(value => value && wired(value, functions === 'functions'));

function wired(value: Value, functions: boolean): Value | undefined {
  const { shape } = value;
  switch (shape.kind) {
    case 'instance':
      return shaped({ kind: 'instance', of: shape.of, ...(shape.holds ? { holds: shape.holds } : {}) });
    case 'entity':
    case 'module':
    case 'class':
      return shaped(shape);
    case 'function':
    case 'lambda':
      return functions ? shaped(shape) : undefined;
    case 'object':
      return shaped({ kind: 'object', file: shape.file, class: shape.class });
    case 'member': {
      const receiver = shape.receiver && wired(shape.receiver, functions);
      return functions ? shaped({ kind: 'member', of: shape.of, ...(receiver ? { receiver } : {}) }) : undefined;
    }
    case 'record': {
      const entries = new Map<string, Value>();
      for (const [name, entry] of shape.entries) {
        const kept = wired(entry, functions);
        if (kept) entries.set(name, kept);
      }
      return entries.size > 0 ? recordOf(entries, true) : undefined;
    }
    case 'oneOf': {
      const kept = shape.alternatives.flatMap(each => wired(each, functions) ?? []);
      return kept.length > 0 ? joinAll(kept) : undefined;
    }
    default:
      return undefined;
  }
}
