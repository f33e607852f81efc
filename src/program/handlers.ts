/**
 * Functions that are handed a request though nobody in sight calls them: told by the type that they are declared with, by
 * what they are exported as and where, and by what their parameters are called. The tables say which.
 */
import { type FileId, fileOf, type UnitId } from '../engine/place';
import type { Export, Function as FunctionNode } from './model';
import type { Gives, HandlerMeaning } from './semantics';
import type { EntityName } from './value';

/** How a function is written, as far as a table can ask for it. */
export interface HandlerForm {
  readonly unit: UnitId;
  readonly function: FunctionNode;
  /** A method of a class is called by its class. */
  readonly isMethod: boolean;
  /** What it is exported as. */
  readonly exported: readonly string[];
  /** The type that it is declared with, where a table has it. */
  readonly type?: EntityName;
}

/** What the first fitting row hands to the function's parameters. */
export function handedByForm(
  handlers: readonly HandlerMeaning[],
  form: HandlerForm,
): readonly (Gives | undefined)[] | undefined {
  return handlers.find(handler => fits(handler, form))?.gives;
}

/** What a function inside another is handed: only the names of its parameters tell. */
export function handedByNames(
  handlers: readonly HandlerMeaning[],
  called: FunctionNode,
): readonly (Gives | undefined)[] | undefined {
  return handlers.find(
    ({ types, exported, files, folders, named, parameters }) =>
      !types && !exported && !files && !folders && !named && parameters && hasNames(parameters, called),
  )?.gives;
}

function fits({ types, exported, files, folders, named, parameters }: HandlerMeaning, form: HandlerForm): boolean {
  const file = fileOf(form.unit);
  return (
    (!types || (form.type !== undefined && types.has(form.type))) &&
    (!exported || form.exported.some(name => exported.has(name))) &&
    (!files || files.has(baseName(file))) &&
    (!folders || folders.some(folder => `/${file}`.includes(`/${folder}/`))) &&
    (!named || (!form.isMethod && named.some(steps => endsWith(form.unit.slice(file.length + 1), steps)))) &&
    (!parameters || hasNames(parameters, form.function))
  );
}

/** `route` of `app/orders/route.ts`. */
const baseName = (file: FileId): string => (file.split('/').at(-1) ?? file).replace(/\.[^.]*$/, '');

function endsWith(name: string, steps: readonly string[]): boolean {
  const own = name.replace(/~\d+$/, '').split('.');
  return own.length >= steps.length && steps.every((step, at) => step === '*' || own.at(at - steps.length) === step);
}

/** Every parameter that is named is named so; one taken apart may be anything, as long as another stands there by name. */
function hasNames(parameters: readonly (ReadonlySet<string> | undefined)[], called: FunctionNode): boolean {
  let named = false;
  for (const [index, names] of parameters.entries()) {
    const target = called.parameters[index]?.target;
    if (!target) return false;
    if (!names) continue;
    if (target.kind === 'entries') continue;
    if (target.kind !== 'variable' || !names.has(target.name)) return false;
    named = true;
  }
  return named;
}

/** What a unit is exported as, itself or by its name. */
export function exportsOfUnit(exports: readonly Export[], unit: UnitId): readonly string[] {
  const exported = EXPORTED.get(exports) ?? exportedIn(exports);
  EXPORTED.set(exports, exported);
  const [asUnit = [], byName = []] = [exported.get(unit), exported.get(unit.slice(fileOf(unit).length + 1))];
  return [...asUnit, ...byName];
}

/** Made once for a file's exports: every function of it asks. */
const EXPORTED = new WeakMap<readonly Export[], ReadonlyMap<string, readonly string[]>>();

/** Exported names by the unit, or by the name, that they stand for; a unit's id has its file in it and is no name. */
function exportedIn(exports: readonly Export[]): ReadonlyMap<string, readonly string[]> {
  const exported = new Map<string, string[]>();
  for (const { name, from, value } of exports) {
    if (from !== undefined) continue;
    const key = value?.kind === 'unit' ? value.unit : value?.kind === 'name' ? value.name : undefined;
    if (key === undefined) continue;
    const names = exported.get(key);
    if (names) names.push(name);
    else exported.set(key, [name]);
  }
  return exported;
}
