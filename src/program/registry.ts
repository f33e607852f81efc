/**
 * The project's container of services: what is registered in it under which name, and which classes and functions it makes or
 * calls with the rest. Registrations are told by how they are written, wherever the container itself comes from.
 */
import { type FileId, fileOf, type UnitId } from '../engine/place';
import type { Sighting } from './analysis';
import { alternativesIn, constantOf, instanceOf, joinAll, shaped } from './lattice';
import type { Memory } from './memory';
import type { Call, Expression, Function as FunctionNode, Module, Unit } from './model';
import type { Registration, RegistryMeaning } from './semantics';
import { calling, callsIn, keyOf, type Site } from './sites';
import { placeless } from './substitute';
import { visitNodes } from './traverse';
import type { Value } from './value';
import { lambdaId, type World } from './world';

/** What is asked of the wiring. */
export interface RegistryInput {
  readonly registries: readonly RegistryMeaning[];
  readonly memory: Memory;
  /** With what functions give, and without. */
  readonly world: World;
  readonly around: World;
  sightings(of: Sighting): readonly FileId[];
  sitesOf(file: FileId, keys: readonly string[]): readonly Site[];
  /** The callee and the wanted arguments, as far as they can be told. */
  passedAt(site: Site, wanted: readonly number[]): readonly Value[];
  moduleOf(file: FileId): Module | undefined;
  unitOf(unit: UnitId): Unit | undefined;
}

export interface Registry {
  /** What is given to whoever asks for the name. */
  offered(name: string): Value | undefined;
  /** What the parameters of a function or constructor are given; nothing where the container does not call it. */
  injected(unit: UnitId, owner: string | undefined): readonly (Value | undefined)[] | undefined;
}

interface Offer {
  readonly as: Registration;
  readonly value: Value;
}

interface Registered {
  readonly offers: ReadonlyMap<string, Offer>;
  /** Files that hold a service each, by its name. */
  readonly files: ReadonlyMap<string, FileId>;
  readonly loaded: ReadonlySet<FileId>;
  /** Functions, and classes as `file name`, that it calls. */
  readonly called: ReadonlySet<string>;
  /** The type of the record of all. */
  readonly all?: string;
}

const NONE: Registered = { offers: new Map(), files: new Map(), loaded: new Set(), called: new Set() };
/** A container that is filled in more files than these is filled in the first of them. */
const MAX_FILES = 60;
/** A name that is registered as more things than these means none of them. */
const MAX_KINDS = 3;
/** Names that stand for each other, one after another. */
const MAX_ALIASES = 5;

export function createRegistry(input: RegistryInput): Registry {
  const { registries, memory, world, around, sightings, sitesOf, passedAt } = input;

  const registered = (): Registered =>
    memory.derive<Registered>(
      'registered',
      () => {
        const parts = registries.map(registeredBy).filter(part => part !== NONE);
        const [only, ...more] = parts;
        if (!only || more.length === 0) return only ?? NONE;
        return {
          offers: new Map(parts.flatMap(({ offers }) => [...offers])),
          files: new Map(parts.flatMap(({ files }) => [...files])),
          loaded: new Set(parts.flatMap(({ loaded }) => [...loaded])),
          called: new Set(parts.flatMap(({ called }) => [...called])),
          ...(only.all === undefined ? {} : { all: only.all }),
        };
      },
      { silent: true, bottom: NONE },
    );

  const registeredBy = ({ packages, registers, loads, injects, all }: RegistryMeaning): Registered => {
    if (registers.size === 0) return NONE;
    const users = [...new Set(packages.flatMap(name => sightings({ kind: 'uses', package: name })))].slice(
      0,
      MAX_FILES,
    );
    if (users.length === 0) return NONE;
    const offers = new Map<string, Offer[]>();
    const called = new Set<string>();
    const keys = new Set([...registers.keys()].map(name => calling(lastOf(name))));
    for (const { name, site } of users.flatMap(file => namedIn(file, keys))) {
      const [callee, registered] = passedAt(site, [0]);
      const as = callee && alternativesIn(callee).map(each => registers.get(entityOf(each)))[0];
      if (!as || !registered) continue;
      const offer = { as, value: placeless(registered, site.unit) };
      offers.set(name, [...(offers.get(name) ?? []), offer]);
      if (as === 'instance' || as === 'result') for (const each of calledIn(registered)) called.add(each);
    }
    const invoked = new Set(injects);
    const names = injects.map(name => calling(lastOf(name)));
    for (const site of users.flatMap(file => sitesOf(file, names))) {
      const [callee] = passedAt(site, []);
      if (callee && alternativesIn(callee).some(each => invoked.has(entityOf(each))))
        for (const each of passedAt(site, [0]).slice(1).flatMap(calledIn)) called.add(each);
    }
    const patterns = users.flatMap(file => sitesOf(file, loads.map(calling))).flatMap(patternsAt);
    const loaded = new Set([...new Set(patterns)].flatMap(paths => sightings({ kind: 'at', paths })));
    const files = new Map<string, FileId>();
    for (const file of loaded) for (const name of namesOf(file)) if (!files.has(name)) files.set(name, file);
    return {
      offers: new Map([...offers].flatMap(([name, each]) => oneOffer(name, each))),
      files,
      loaded,
      called,
      ...(all === undefined ? {} : { all }),
    };
  };

  /** Registrations by the names that are written with them: `{ users: asClass(Users).singleton() }`, `('users', asClass(Users))`. */
  const namedIn = (
    file: FileId,
    keys: ReadonlySet<string>,
  ): readonly { readonly name: string; readonly site: Site }[] => {
    const module = input.moduleOf(file);
    return [...(module ? [module.top, ...module.units] : [])].flatMap(unit => {
      const found: { name: string; site: Site }[] = [];
      const note = (name: Expression | string | undefined, value: Expression | undefined): void => {
        const text = typeof name === 'string' ? name : name?.kind === 'text' ? textIn(name) : undefined;
        const call = text === undefined ? undefined : innermost(value);
        const key = call && keyOf(call);
        if (text === undefined || !call || key === undefined || !keys.has(key)) return;
        const index = callsIn(unit.function.body).get(key)?.indexOf(call) ?? -1;
        if (index >= 0) found.push({ name: text, site: { unit: unit.id, key, index } });
      };
      visitNodes(unit.function.body, node => {
        if (node.kind === 'record') for (const { key, value } of node.entries) note(key, value);
        if (node.kind === 'call') note(node.arguments[0]?.value, node.arguments[1]?.value);
        return true;
      });
      return found;
    });
  };

  /** The patterns of files that a call is handed: `'services/*.js'`, `` `${__dirname}/repos/**` ``. */
  const patternsAt = ({ unit: id, key, index }: Site): readonly string[] => {
    const call = callsIn(input.unitOf(id)?.function.body ?? []).get(key)?.[index];
    const first = call?.arguments[0]?.value;
    return first === undefined ? [] : patternsIn(first).flatMap(pattern => pathsFor(pattern) ?? []);
  };

  const offeredAs = ({ as, value }: Offer, depth: number): Value | undefined =>
    madeFrom(world, as, value, name => offered(name, depth + 1));

  const offered = (name: string, depth = 0): Value | undefined =>
    depth > MAX_ALIASES
      ? undefined
      : memory.derive<Value | undefined>(
          `offered ${name}`,
          () => {
            const { offers, files } = registered();
            const offer = offers.get(name);
            if (offer) return offeredAs(offer, depth);
            const file = files.get(name);
            const held = file === undefined ? undefined : heldBy(file);
            return held && offeredAs({ as: held.shape.kind === 'class' ? 'instance' : 'result', value: held }, depth);
          },
          { silent: true, bottom: undefined },
        );

  /** The class or function that a file is there for. */
  const heldBy = (file: FileId): Value | undefined => {
    const whole = around.imported(file, `./${file.slice(file.lastIndexOf('/') + 1)}`);
    const main = whole.shape.kind === 'module' ? around.exported(file, 'default') : whole;
    return main && alternativesIn(main).find(({ shape }) => shape.kind === 'class' || shape.kind === 'function');
  };

  const calls = (unit: UnitId, owner: string | undefined): boolean =>
    memory.derive(
      `called by the registry ${unit}`,
      () => {
        const { called, loaded } = registered();
        const file = fileOf(unit);
        if (called.has(owner === undefined ? unit : `${file} ${owner}`)) return true;
        if (!loaded.has(file)) return false;
        const held = heldBy(file)?.shape;
        return owner === undefined
          ? held?.kind === 'function' && held.unit === unit
          : held?.kind === 'class' && held.file === file && held.name === owner;
      },
      { silent: true, bottom: false },
    );

  return {
    offered: name => (registries.length === 0 ? undefined : offered(name)),
    injected(unit, owner) {
      if (registries.length === 0 || registered() === NONE || !calls(unit, owner)) return undefined;
      const called = input.unitOf(unit)?.function;
      const { all } = registered();
      if (!called || all === undefined) return undefined;
      if (takesAll(called, name => offered(name) !== undefined)) return [instanceOf(all)];
      return called.parameters.map(({ target }) => (target.kind === 'variable' ? offered(target.name) : undefined));
    },
  };
}

/** What is given of what is registered. */
export function madeFrom(
  world: World,
  as: Registration,
  value: Value,
  named: (name: string) => Value | undefined,
): Value | undefined {
  const values = alternativesIn(value).map(({ shape, from }): Value | undefined => {
    if (as === 'value') return { shape, from };
    if (as === 'alias') {
      const name = constantOf({ shape, from });
      return name === undefined ? undefined : named(name);
    }
    if (as === 'instance')
      return shape.kind === 'class'
        ? shaped({ kind: 'object', file: shape.file, class: shape.name })
        : shape.kind === 'entity'
          ? instanceOf(shape.name)
          : undefined;
    if (shape.kind === 'function') {
      const returns = world.summary(shape.unit)?.returns;
      return returns && placeless(returns, shape.unit);
    }
    const id = shape.kind === 'lambda' ? lambdaId(shape.at) : undefined;
    const returns = shape.kind === 'lambda' ? world.summary(shape.at.unit)?.lambdas.get(id ?? '')?.returns : undefined;
    return returns && shape.kind === 'lambda' ? placeless(returns, shape.at.unit) : undefined;
  });
  const known = values.flatMap(each => (each && each.shape.kind !== 'unknown' ? each : []));
  return known.length === 0 ? undefined : joinAll(known);
}

/** Whether it gets one record of all services; else it gets each by the name of its parameter. */
function takesAll({ parameters }: FunctionNode, isOffered: (name: string) => boolean): boolean {
  const [first, ...more] = parameters;
  if (first?.target.kind === 'entries') return true;
  return first?.target.kind === 'variable' && more.length === 0 && !isOffered(first.target.name);
}

/** The call that a chain of calls begins with: `asClass(Users)` of `asClass(Users).scoped()`. */
function innermost(value: Expression | undefined): Call | undefined {
  let call = value?.kind === 'call' ? value : undefined;
  while (call?.callee.kind === 'member' && call.callee.object.kind === 'call') call = call.callee.object;
  return call;
}

/** What is registered under one name, in one place or several. */
function oneOffer(name: string, offers: readonly Offer[]): readonly [string, Offer][] {
  const [first] = offers;
  if (!first || offers.some(({ as }) => as !== first.as)) return first ? [[name, first]] : [];
  const value = joinAll(offers.map(each => each.value));
  return alternativesIn(value).length > MAX_KINDS ? [] : [[name, { as: first.as, value }]];
}

const calledIn = (value: Value): readonly string[] =>
  alternativesIn(value).flatMap(({ shape }) =>
    shape.kind === 'class' ? [`${shape.file} ${shape.name}`] : shape.kind === 'function' ? [shape.unit] : [],
  );

const lastOf = (entity: string): string => entity.slice(entity.search(/[^#.]+$/));

const entityOf = ({ shape }: Value): string =>
  shape.kind === 'entity' ? shape.name : shape.kind === 'member' ? shape.of : '';

function patternsIn(expression: Expression): readonly string[] {
  const found: string[] = [];
  visitNodes([{ kind: 'evaluate', expression, start: expression.start, end: expression.end }], node => {
    // `path.join(__dirname, '..', 'services/*.js')`
    if (node.kind === 'call') {
      const steps = node.arguments.flatMap(({ value }) => textIn(value) ?? []);
      if (steps.some(step => step.includes('*'))) found.push(steps.join('/'));
      return false;
    }
    const text = node.kind === 'text' ? textIn(node) : undefined;
    if (text?.includes('*')) found.push(text);
    return true;
  });
  return found;
}

/** A text behind the last of what is put into it. */
const textIn = (expression: Expression): string | undefined =>
  expression.kind === 'text'
    ? expression.parts.reduce((text, part) => (part.kind === 'part' ? text + part.value : ''), '')
    : undefined;

/** A regular expression for the paths that a pattern means, from any folder; nothing where it may mean any file at all. */
function pathsFor(pattern: string): string | undefined {
  const steps = pattern.split('/').filter(step => !NO_STEPS.has(step));
  if (steps.every(step => step.includes('*'))) return undefined;
  const last = steps.length - 1;
  const paths = steps.map((step, at) => {
    if (step === '**') return at === last ? '.+' : '(?:[^/]+/)*';
    return at === last ? `${stepFor(step.replace(ENDING, ''))}\\.[cm]?[jt]sx?` : `${stepFor(step)}/`;
  });
  return `(?:^|/)${paths.join('')}$`;
}

/** Where code is built to is not where it is written. */
const NO_STEPS = new Set(['', '.', '..', 'dist', 'build']);

const stepFor = (step: string): string =>
  step.replace(
    /[!@+?]\([^)]*\)|\{([^{}]*)\}|\*+|\?|[.+^$()[\]|\\{}]/g,
    (mark: string, names: string | undefined): string => {
      if (names !== undefined) return `(?:${names.split(',').map(stepFor).join('|')})`;
      if (mark.endsWith('*') || mark.length > 1) return '[^/]*';
      return mark === '?' ? '[^/]' : `\\${mark}`;
    },
  );

const ENDING = /\.(?:[cm]?[jt]sx?|\{[jtsxcm,]+\}|\*)$/;

/** What a service is called that lies in a file: `user-service` and `userService`. */
function namesOf(file: FileId): readonly string[] {
  const own = file.slice(file.lastIndexOf('/') + 1).replace(/\.[cm]?[jt]sx?$/, '');
  if (/\.(?:test|spec|d)$/.test(own)) return [];
  const camel = own
    .replace(/[^\p{L}\p{N}$]+(\p{L}|\p{N})/gu, (_, letter: string) => letter.toUpperCase())
    .replace(/^\p{Lu}/u, letter => letter.toLowerCase());
  return [...new Set([own, camel])];
}
