/**
 * Services that modules provide under tokens, as records: `{ provide: ORDERS, useClass: PgOrders }`. Whoever is marked with the
 * token is given them, and whoever is declared with the class that is one. A record is found by its token alone, in whichever
 * list it is kept.
 */
import { type FileId, fileOf, type UnitId } from '../engine/place';
import type { Sighting } from './analysis';
import { subjectOfUnit } from './declarations';
import { interpret } from './interpret';
import { alternativesIn, constantOf, joinAll } from './lattice';
import { memberOf } from './members';
import type { Memory } from './memory';
import type { Expression, Module, RecordExpression, Unit } from './model';
import { madeFrom } from './registry';
import type { ProviderRecords, RegistryMeaning } from './semantics';
import { sliceFor } from './sites';
import { standsIn } from './standIns';
import { placeless } from './substitute';
import { visitNodes } from './traverse';
import type { Value } from './value';
import type { World } from './world';

export interface ProvidersInput {
  readonly registries: readonly RegistryMeaning[];
  readonly memory: Memory;
  /** With what functions give, and without. */
  readonly world: World;
  readonly around: World;
  sightings(of: Sighting): readonly FileId[];
  moduleOf(file: FileId): Module | undefined;
  unitOf(unit: UnitId): Unit | undefined;
}

export interface Providers {
  /** What is given to whoever asks for a token, as the file writes it. */
  provided(file: FileId, token: Expression): Value | undefined;
  /** What is given to whoever asks for a class. */
  providedFor(file: FileId, name: string): Value | undefined;
}

/** A token is what its constant, class or library's export is; one that is known by nothing else is how it is written. */
interface Token {
  readonly is: string;
  /** Names that a record of it may be written with. */
  readonly names: readonly string[];
}

interface Provider {
  readonly unit: UnitId;
  readonly token: Expression;
  readonly record: RecordExpression;
}

/** A token that more files than these provide is looked for in the first of them. */
const MAX_FILES = 12;
/** A token that is provided as more things than these means none of them. */
const MAX_KINDS = 3;

export function createProviders(input: ProvidersInput): Providers {
  const { memory, world, around, sightings } = input;
  const forms = input.registries.flatMap(({ records }) => records ?? []);

  const tokenOf = (file: FileId, written: Expression): Token | undefined => {
    const text = textOf(written);
    if (text !== undefined) return { is: `text ${text}`, names: [text] };
    const path = pathOf(written);
    const [root = '', ...members] = path;
    let value = path.length === 0 ? undefined : around.variable(file, root);
    if (!value) return undefined;
    for (const member of members) value = memberOf(around, value, member, { unit: file, start: 0, end: 0 });
    const [last = ''] = path.slice(-1);
    const { shape } = value;
    if (shape.kind === 'class')
      return { is: `class ${shape.file} ${shape.name}`, names: [...new Set([last, shape.name])] };
    if (shape.kind === 'entity') return { is: `entity ${shape.name}`, names: [last] };
    const constant = constantOf(value);
    if (constant !== undefined) return { is: `text ${constant}`, names: [last, constant] };
    return { is: `name ${path.join('.')}`, names: [last] };
  };

  /** What an expression of a unit is, without walking all of the unit. */
  const standingFor = (id: UnitId, expression: Expression): Value | undefined => {
    const unit = input.unitOf(id);
    const slice = unit && sliceFor(unit, expression);
    if (!slice) return undefined;
    const { decorators: _, ...plain } = unit.function;
    const subject = subjectOfUnit(unit, []);
    const { returns } = interpret({ ...subject, function: { ...plain, body: slice.body } }, around).analysis;
    return placeless(returns, id);
  };

  const offered = (form: ProviderRecords, { unit, record }: Provider): Value | undefined => {
    for (const { key, value: written } of record.entries) {
      const as = typeof key === 'string' ? form.entries.get(key) : undefined;
      if (!as) continue;
      if (as === 'alias') return provided(fileOf(unit), written) ?? instanceIn(standingFor(unit, written));
      const value = standingFor(unit, written);
      return value && madeFrom(world, as, value, () => undefined);
    }
    return undefined;
  };

  const instanceIn = (value: Value | undefined): Value | undefined =>
    value && madeFrom(world, 'instance', value, () => undefined);

  const providedAs = (asked: Token, from: FileId): Value | undefined => {
    const files = [...new Set(asked.names.flatMap(name => sightings({ kind: 'provides', name })))].filter(
      file => !standsIn(file),
    );
    const found = forms.flatMap(form =>
      files
        .slice(0, MAX_FILES)
        .flatMap(file => {
          const module = input.moduleOf(file);
          return module ? providersIn(module, form.token) : [];
        })
        .filter(({ unit, token }) => tokenOf(fileOf(unit), token)?.is === asked.is)
        .flatMap(provider => {
          const value = offered(form, provider);
          return value ? [{ file: fileOf(provider.unit), value }] : [];
        }),
    );
    // modules may give the same token to services of their own
    const nearest = Math.max(...found.map(({ file }) => sharedFolders(file, from)));
    const all = found
      .filter(({ file }) => sharedFolders(file, from) === nearest)
      .flatMap(({ value }) => alternativesIn(value));
    const real = all.filter(({ shape }) => shape.kind !== 'object' || !standsIn(shape.file, shape.class));
    const known = (real.length > 0 ? real : all).filter(({ shape }) => shape.kind !== 'unknown');
    if (known.length === 0) return undefined;
    const value = joinAll(known);
    return alternativesIn(value).length > MAX_KINDS ? undefined : value;
  };

  const providedOnce = (asked: Token, from: FileId): Value | undefined =>
    memory.derive<Value | undefined>(`provided ${from} ${asked.is}`, () => providedAs(asked, from), {
      silent: true,
      bottom: undefined,
    });

  const provided = (file: FileId, token: Expression): Value | undefined => {
    const asked = forms.length === 0 ? undefined : tokenOf(file, token);
    return asked && providedOnce(asked, file);
  };

  return {
    provided,
    providedFor: (file, name) =>
      forms.length === 0 ? undefined : providedOnce({ is: `class ${file} ${name}`, names: [name] }, file),
  };
}

const PROVIDERS = new WeakMap<Module, Map<string, readonly Provider[]>>();

/** The records of a module that name a token, wherever they stand: in a list of its own, or where a module is declared. */
function providersIn(module: Module, key: string): readonly Provider[] {
  const byKey = PROVIDERS.get(module) ?? new Map<string, readonly Provider[]>();
  PROVIDERS.set(module, byKey);
  const known = byKey.get(key);
  if (known) return known;
  const found: Provider[] = [];
  const look = (unit: UnitId, roots: Parameters<typeof visitNodes>[0]): void =>
    visitNodes(roots, node => {
      if (node.kind !== 'record') return true;
      const token = node.entries.find(entry => entry.key === key)?.value;
      if (token) found.push({ unit, token, record: node });
      return true;
    });
  for (const unit of [module.top, ...module.units]) look(unit.id, unit.function.body);
  for (const { decorators = [], fields } of module.classes) {
    for (const mark of decorators) look(module.file, mark);
    for (const { value } of fields) look(module.file, value);
  }
  byKey.set(key, found);
  return found;
}

/** How many folders two files have in common. */
function sharedFolders(left: FileId, right: FileId): number {
  const others = right.split('/').slice(0, -1);
  const steps = left.split('/').slice(0, -1);
  const end = steps.findIndex((step, at) => step !== others[at]);
  return end < 0 ? steps.length : end;
}

const textOf = (expression: Expression): string | undefined =>
  expression.kind === 'text' && expression.parts.every(part => part.kind === 'part')
    ? expression.parts.map(part => (part.kind === 'part' ? part.value : '')).join('')
    : undefined;

/** `TOKENS.ORDERS` as its names; nothing for anything else. */
function pathOf(expression: Expression): readonly string[] {
  if (expression.kind === 'name') return [expression.name];
  if (expression.kind !== 'member') return [];
  const path = pathOf(expression.object);
  return path.length === 0 ? [] : [...path, expression.name];
}
