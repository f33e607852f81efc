/**
 * Evaluates a migration's function as far as constants go: the calls that it makes on what the tool hands over, in order,
 * with the constants that it makes them with. Nothing is executed: what is not constant is unknown, and what may change
 * the schema and could not be followed is said.
 */
import type { Place, UnitId } from '../../engine/place';
import type { Expression, Function as FunctionNode, Module } from '../../program/model';
import { chainOf } from './chains';
import type { Evaluation, Imported } from './evaluation';
import { evaluateExpression } from './expressions';
import { applyFunction, runFunction } from './functions';
import { memberOf } from './members';
import { bindPattern } from './patterns';
import { runBlock } from './statements';
import { type Answers, type Entry, type Names, NO_ANSWERS, type Value } from './values';

/** What a migration's function does, `answers` being what is known of what it asks the tool. */
export function evaluateMigration(
  module: Module,
  fn: FunctionNode,
  unit: UnitId,
  owner?: string,
  answers?: Answers,
  imported?: Imported,
): readonly Entry[] {
  const evaluation = evaluationOf(module, { owner, answers, imported });
  const names: Names = new Map();
  fn.parameters.forEach((parameter, index) => {
    evaluation.bind(parameter.target, chainOf({ kind: 'parameter', of: 'migration', index }), names, unit);
  });
  runFunction(evaluation, fn, unit, names);
  return evaluation.entries;
}

/** A direction of a migration that a call has made. */
export interface MadeDirection {
  readonly entries: readonly Entry[];
  readonly function: FunctionNode;
}

/**
 * The directions of a migration that a function of the project's makes: `module.exports = addColumn('orders', 'total', …)`.
 * @param at  the call, where what it does is said to be done when it stands elsewhere
 */
export function evaluateMade(
  module: Module,
  expression: Expression,
  at: Place,
  answers: Answers,
  imported: Imported,
): { readonly up?: MadeDirection; readonly down?: MadeDirection } {
  const unit = module.top.id;
  const direction = (name: 'up' | 'down'): MadeDirection | undefined => {
    const evaluation = evaluationOf(module, { answers, imported, site: at });
    const made = evaluation.value(expression, new Map(), unit);
    const fn = evaluation.member(made, name, expression, unit, true);
    if (fn.kind !== 'function') return undefined;
    evaluation.entries = [];
    evaluation.apply(fn, [{ value: chainOf({ kind: 'parameter', of: 'migration', index: 0 }) }]);
    return { entries: evaluation.entries, function: fn.function };
  };
  const [up, down] = [direction('up'), direction('down')];
  return { ...(up ? { up } : {}), ...(down ? { down } : {}) };
}

/** The value of an expression of a module's top level, or of a class's field: Django's `operations`. */
export function evaluateConstant(module: Module, expression: Expression, unit: UnitId): Value {
  return evaluationOf(module, {}).value(expression, new Map(), unit);
}

interface Known {
  readonly owner?: string | undefined;
  readonly answers?: Answers | undefined;
  readonly imported?: Imported | undefined;
  readonly site?: Place;
}

/** An evaluation that has not begun, with its parts behind their doors. */
function evaluationOf(module: Module, { owner, answers, imported, site }: Known): Evaluation {
  const evaluation: Evaluation = {
    module,
    owner,
    answers: answers ?? NO_ANSWERS,
    imported: imported ?? (() => undefined),
    site,
    entries: [],
    conditions: [],
    depth: 0,
    turns: 0,
    calls: 0,
    topNames: new Map(),
    pending: new Set(),
    modules: new Map([[module.file, module]]),
    classes: new WeakMap(),
    declared: new WeakMap(),
    made: new WeakMap(),
    unnoted: new WeakSet(),
    value: (expression, names, unit) => evaluateExpression(evaluation, expression, names, unit),
    bind: (pattern, value, names, unit) => bindPattern(evaluation, pattern, value, names, unit),
    block: (body, names, unit) => runBlock(evaluation, body, names, unit),
    member: (object, name, at, unit, grows) => memberOf(evaluation, object, name, at, unit, grows),
    apply: (fn, given) => applyFunction(evaluation, fn, given),
  };
  return evaluation;
}
