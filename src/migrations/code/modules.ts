/** Names of a file's top level, and what other files of the project hand over. */
import { fileOf, type UnitId } from '../../engine/place';
import type { Module } from '../../program/model';
import { chainOf, namedAgain } from './chains';
import type { Evaluation } from './evaluation';
import { elsewhere } from './notes';
import { bindsName } from './patterns';
import { type Names, UNDEFINED, UNKNOWN, type Value } from './values';

/** The module that a unit is of. */
export function moduleOf(evaluation: Evaluation, unit: UnitId): Module {
  return evaluation.modules.get(fileOf(unit)) ?? evaluation.module;
}

/** What a name means: a variable, a declaration of the file's top level, or something that no file declares. */
export function valueOfName(evaluation: Evaluation, name: string, names: Names, unit: UnitId): Value {
  const found = names.get(name);
  // a chain that nothing hangs on yet is begun anew wherever it is named
  if (found) return found.kind === 'chain' ? namedAgain(evaluation, found) : found;
  if (name === 'undefined') return UNDEFINED;
  const declared = declaredAtTop(evaluation, name, moduleOf(evaluation, unit));
  if (declared) return declared.kind === 'chain' ? namedAgain(evaluation, declared) : declared;
  return chainOf({ kind: 'global', name }, evaluation.conditions);
}

function declaredAtTop(evaluation: Evaluation, name: string, module: Module): Value | undefined {
  const key = `${module.file}#${name}`;
  const known = evaluation.topNames.get(key);
  if (known) return known;
  if (evaluation.pending.has(key)) return UNKNOWN;
  evaluation.pending.add(key);
  const unit = module.top.id;
  let value: Value | undefined;
  for (const statement of module.top.function.body) {
    const expression = statement.kind === 'declare' ? statement.value : undefined;
    if (statement.kind !== 'declare' || !expression || !bindsName(statement.target, name)) continue;
    const bound: Names = new Map();
    elsewhere(evaluation, () =>
      evaluation.bind(statement.target, evaluation.value(expression, new Map(), unit), bound, unit),
    );
    value = bound.get(name);
  }
  evaluation.pending.delete(key);
  if (value) evaluation.topNames.set(key, value);
  return value;
}

/** Another file of the project, or what that hands over as a whole. */
export function moduleFrom(evaluation: Evaluation, unit: UnitId, specifier: string): Value | undefined {
  const module = evaluation.imported(fileOf(unit), specifier);
  if (!module) return undefined;
  evaluation.modules.set(module.file, module);
  return exportOf(evaluation, module, '=') ?? { kind: 'module', module };
}

/** What a file hands over by a name; undefined where it has no such name. */
export function exportOf(evaluation: Evaluation, module: Module, name: string): Value | undefined {
  const key = `${module.file}=${name}`;
  const known = evaluation.topNames.get(key);
  if (known) return known;
  if (evaluation.pending.has(key)) return UNKNOWN;
  evaluation.pending.add(key);
  const found = lookUp(evaluation, module, name);
  evaluation.pending.delete(key);
  if (found) evaluation.topNames.set(key, found);
  return found;
}

function lookUp(evaluation: Evaluation, module: Module, name: string): Value | undefined {
  const unit = module.top.id;
  const own = module.exports.findLast(each => each.name === name);
  if (own?.from !== undefined) {
    const other = moduleFrom(evaluation, unit, own.from);
    if (!other || own.imported === '*') return other;
    return evaluation.member(other, own.imported ?? name, module.top.function, unit, false);
  }
  if (own?.value) {
    const { value: expression } = own;
    let value: Value = UNKNOWN;
    elsewhere(evaluation, () => {
      value = evaluation.value(expression, new Map(), unit);
    });
    return value;
  }
  if (name === '=') return undefined;
  if (module.open) {
    const declared = declaredAtTop(evaluation, name, module);
    if (declared) return declared;
  }
  for (const { name: all, from } of module.exports) {
    const other = all === '*' && from !== undefined ? moduleFrom(evaluation, unit, from) : undefined;
    const found = other?.kind === 'module' ? exportOf(evaluation, other.module, name) : undefined;
    if (found) return found;
  }
  return undefined;
}
