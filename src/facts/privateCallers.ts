/**
 * Helpers that only their own file can call, and whose every caller hands in constants: `setStatuses(knex, "'paid'")`.
 * What such a parameter puts into a text was written by the same hand as the text.
 */
import type { Block, Module } from '../program/model';
import { visitNodes } from '../program/traverse';
import type { Value } from '../program/value';
import type { Hazard } from './facts';
import type { Setting } from './setting';
import { constantOf, isHarmlessValue } from './sqlTexts';

/** Whether a hazard of this module is settled by the callers of the function that it stands in. */
export function settledByCallers({ analysis }: Setting, module: Module): (hazard: Hazard) => boolean {
  const known = new Map<string, boolean>();

  const isSettled = (unit: string, index: number, member: readonly string[]): boolean => {
    const name = unit.slice(module.file.length + 1);
    if (!/^[\w$]+$/.test(name) || isExported(module, name) || !isOnlyCalled(module, name)) return false;
    const calls = [module.top, ...module.units].flatMap(({ id }) =>
      analysis.unit(id).calls.filter(({ target }) => target.kind === 'unit' && target.unit === unit),
    );
    return (
      calls.length > 0 &&
      calls.every(({ arguments: passed }) => {
        const value = passed.some(each => each.spread) ? undefined : partOf(passed[index]?.value, member);
        return value !== undefined && isHarmlessValue(value);
      })
    );
  };

  return ({ from, member = [] }) =>
    from.length > 0 &&
    from.every(source => {
      if (source.kind !== 'parameter' || !source.unit.startsWith(`${module.file}#`)) return false;
      const key = `${source.unit} ${source.index} ${member.join('.')}`;
      const settled = known.get(key) ?? isSettled(source.unit, source.index, member);
      known.set(key, settled);
      return settled;
    });
}

/**
 * Whether every call in sight of the functions that the hazard comes from hands in what can do no harm. Others may call them
 * with something else, so it settles nothing; but then somebody has yet to write the mistake.
 */
export function isHandedClosed({ analysis }: Setting, { from, member = [], inputPath, role }: Hazard): boolean {
  // a value can be bound, and is a mistake to paste whoever hands it in; a column's path where a value may stand is none
  if (inputPath || from.length === 0 || role === 'quoted' || role === 'limit') return false;
  const fits = (value: Value): boolean =>
    role === 'value' ? COLUMN_PATH.test(constantOf(value) ?? '') : isHarmlessValue(value);
  return from.every(source => {
    if (source.kind !== 'parameter') return false;
    const calls = analysis
      .callers(source.unit)
      .flatMap(caller => analysis.unit(caller).calls)
      .filter(({ target }) => target.kind === 'unit' && target.unit === source.unit);
    return (
      calls.length > 0 &&
      calls.every(({ arguments: passed, implicit }) => {
        const argument = implicit || passed.some(each => each.spread) ? undefined : passed[source.index];
        return argument !== undefined && fits(analysis.part(argument.value, member, argument.at));
      })
    );
  });
}

/** `orders.id`, which no driver could bind. */
const COLUMN_PATH = /^[a-z_]\w*(?:\.[a-z_]\w*)+$/i;

/** What stands at `member` of an options object: `tableName` of `{ tableName: 'orders' }`. */
const partOf = (whole: Value | undefined, member: readonly string[]): Value | undefined =>
  member.reduce<Value | undefined>(
    (value, name) => (value?.shape.kind === 'record' ? value.shape.entries.get(name) : undefined),
    whole,
  );

const isExported = (module: Module, name: string): boolean => {
  const known = EXPORTED.get(module) ?? exportedNames(module);
  EXPORTED.set(module, known);
  return known.has(name);
};

/** Made once for a module: every hazard asks. */
const EXPORTED = new WeakMap<Module, ReadonlySet<string>>();

/** Names that exports have, or mention. */
function exportedNames(module: Module): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { name, value } of module.exports) {
    names.add(name);
    visitNodes(value, node => {
      if (node.kind === 'name') names.add(node.name);
      return true;
    });
  }
  return names;
}

/** The name stands nowhere but in front of its arguments: whoever got hold of the function itself may call it with anything. */
const isOnlyCalled = (module: Module, name: string): boolean =>
  [module.top, ...module.units].every(({ function: { body } }) => !mentionedIn(body).has(name));

/** Names that a body mentions elsewhere than in front of arguments; made once for it, and an edit leaves most bodies alone. */
function mentionedIn(body: Block): ReadonlySet<string> {
  const known = MENTIONED.get(body);
  if (known) return known;
  const mentioned = new Set<string>();
  const callees = new Set<object>();
  visitNodes(body, node => {
    if (node.kind === 'call') callees.add(node.callee);
    if (node.kind === 'name' && !callees.has(node)) mentioned.add(node.name);
    return true;
  });
  MENTIONED.set(body, mentioned);
  return mentioned;
}

const MENTIONED = new WeakMap<Block, ReadonlySet<string>>();
