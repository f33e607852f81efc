/** Evaluates expressions. */
import { fileOf, type UnitId } from '../../engine/place';
import type { Expression } from '../../program/model';
import { called } from './calls';
import { chainOf } from './chains';
import { comprehended } from './comprehensions';
import { isIn, negated, sameness, testsAs } from './conditions';
import type { Evaluation } from './evaluation';
import { exportOf, moduleFrom, moduleOf, valueOfName } from './modules';
import { arithmetic, compared, kindOf } from './operators';
import { declaredUnder } from './patterns';
import { making } from './records';
import { joined, textOfParts, textValue } from './texts';
import { type Names, UNDEFINED, UNKNOWN, type Value } from './values';

const SAME = new Set(['===', '==', 'is']);
const NOT_SAME = new Set(['!==', '!=', '<>', 'is not']);

/** What an expression gives. The calls in it are noted on the way, in the order in which they happen. */
export function evaluateExpression(evaluation: Evaluation, expression: Expression, names: Names, unit: UnitId): Value {
  switch (expression.kind) {
    case 'constant':
      return { kind: 'constant', value: expression.value };
    case 'text':
      return textOfParts(evaluation, expression, names, unit);
    case 'name':
      return valueOfName(evaluation, expression.name, names, unit);
    case 'this':
      return (
        names.get('this') ??
        (fileOf(unit) === evaluation.module.file ? chainOf({ kind: 'this' }, evaluation.conditions) : UNKNOWN)
      );
    case 'import':
      return (
        moduleFrom(evaluation, unit, expression.from) ??
        chainOf({ kind: 'import', from: expression.from }, evaluation.conditions)
      );
    case 'member':
      return evaluation.member(
        evaluation.value(expression.object, names, unit),
        expression.name,
        expression.nameSpan,
        unit,
        true,
      );
    case 'index': {
      const object = evaluation.value(expression.object, names, unit);
      const index = evaluation.value(expression.index, names, unit);
      if (index.kind === 'text' && index.complete)
        return evaluation.member(object, index.value, expression, unit, true);
      if (object.kind === 'list' && index.kind === 'constant' && typeof index.value === 'number')
        return object.items.at(index.value) ?? (object.open ? UNKNOWN : UNDEFINED);
      return UNKNOWN;
    }
    case 'call':
      return called(evaluation, expression, names, unit);
    case 'operation':
      return operated(evaluation, expression.operator, expression.operands, names, unit);
    case 'choice':
      return chosen(evaluation, expression, names, unit);
    case 'assign':
      return assigned(evaluation, expression, names, unit);
    case 'record':
      return recordFrom(evaluation, expression, names, unit);
    case 'list': {
      const values = expression.items.map(item =>
        evaluation.value(item.kind === 'spread' ? item.value : item, names, unit),
      );
      const spreads = expression.items.map(item => item.kind === 'spread');
      const known = values.every((value, at) => !spreads[at] || (value.kind === 'list' && !value.open));
      const items = values.flatMap((value, at) => (spreads[at] && value.kind === 'list' ? value.items : [value]));
      return making(evaluation, { kind: 'list', items, ...(known ? {} : { open: true }) });
    }
    case 'await':
      return evaluation.value(expression.value, names, unit);
    case 'spread':
      return evaluation.value(expression.value, names, unit);
    case 'yield':
      if (expression.value) evaluation.value(expression.value, names, unit);
      return UNKNOWN;
    case 'lambda':
      return {
        kind: 'function',
        function: expression.function,
        unit,
        names,
        ...(evaluation.site && fileOf(unit) !== evaluation.module.file ? { site: evaluation.site } : {}),
      };
    case 'unit': {
      const found = moduleOf(evaluation, expression.unit).units.find(({ id }) => id === expression.unit);
      return found ? { kind: 'function', function: found.function, unit: found.id, names: new Map() } : UNKNOWN;
    }
    case 'comprehension':
      return comprehended(evaluation, expression, names, unit);
    case 'opaque':
      for (const operand of expression.operands) evaluation.value(operand, names, unit);
      return UNKNOWN;
    case 'class': {
      const module = moduleOf(evaluation, unit);
      const found = module.classes.find(({ name }) => name === expression.name);
      return found ? { kind: 'class', class: found, module } : UNKNOWN;
    }
    case 'regex':
      return UNKNOWN;
  }
}

function recordFrom(
  evaluation: Evaluation,
  expression: Extract<Expression, { kind: 'record' }>,
  names: Names,
  unit: UnitId,
): Value {
  const entries = new Map<string, Value>();
  let open = false;
  for (const { key, value: given } of expression.entries) {
    const value = evaluation.value(given, names, unit);
    if (key === undefined) {
      if (value.kind === 'module') {
        for (const { name } of value.module.exports) {
          const each = exportOf(evaluation, value.module, name);
          if (each) entries.set(name, each);
        }
      } else if (value.kind !== 'record') open = true;
      else {
        open ||= value.open === true;
        for (const [name, entry] of value.entries) entries.set(name, entry);
      }
      continue;
    }
    const name = typeof key === 'string' ? key : textValue(evaluation.value(key, names, unit));
    if (name === undefined) open = true;
    else entries.set(name, value);
  }
  return making(evaluation, { kind: 'record', entries, ...(open ? { open } : {}) });
}

function operated(
  evaluation: Evaluation,
  operator: string,
  operands: readonly Expression[],
  names: Names,
  unit: UnitId,
): Value {
  const values = operands.map(operand => evaluation.value(operand, names, unit));
  const [first, second] = values;
  if (operator === '!' && first) {
    const truth = testsAs(evaluation, first);
    return truth === undefined ? { kind: 'not', value: first } : { kind: 'constant', value: !truth };
  }
  if (operator === 'typeof' && first) return kindOf(first) ?? UNKNOWN;
  if (first && second && values.length === 2) {
    if (SAME.has(operator)) return sameness(evaluation, first, second, operator === '==');
    if (NOT_SAME.has(operator)) return negated(sameness(evaluation, first, second, operator === '!='));
    if (operator === 'in') return isIn(evaluation, first, second);
    if (operator === 'not in') return negated(isIn(evaluation, first, second));
    const known = compared(operator, first, second);
    if (known) return known;
  }
  if (operator === '-' && values.length === 1 && first?.kind === 'constant' && typeof first.value === 'number')
    return { kind: 'constant', value: -first.value };
  if (operator === '+') {
    if (values.every(value => value.kind === 'constant' && typeof value.value === 'number'))
      return {
        kind: 'constant',
        value: values.reduce((sum, value) => sum + (value.kind === 'constant' ? Number(value.value) : 0), 0),
      };
    if (values.some(value => value.kind === 'text')) return joined(values, '');
    if (values.every(value => value.kind === 'list'))
      return {
        kind: 'list',
        items: values.flatMap(value => (value.kind === 'list' ? value.items : [])),
        ...(values.some(value => value.kind === 'list' && value.open) ? { open: true } : {}),
      };
  }
  return UNKNOWN;
}

function chosen(
  evaluation: Evaluation,
  expression: Extract<Expression, { kind: 'choice' }>,
  names: Names,
  unit: UnitId,
): Value {
  const { operator, test, then, otherwise } = expression;
  const value = evaluation.value(test, names, unit);
  const truth =
    operator === '??' && value.kind === 'constant'
      ? value.value !== undefined && value.value !== null
      : testsAs(evaluation, value);
  switch (operator) {
    case '?:':
      return truth === undefined
        ? eitherSide(evaluation, value, then, otherwise, names, unit)
        : evaluation.value(truth ? then : otherwise, names, unit);
    case '&&':
      if (truth === false) return value;
      return truth ? evaluation.value(then, names, unit) : bothSides(evaluation, value, '&&', then, names, unit);
    case '||':
    case '??':
      if (truth) return value;
      if (truth === false) return evaluation.value(otherwise, names, unit);
      return operator === '||'
        ? bothSides(evaluation, value, '||', otherwise, names, unit)
        : eitherSide(evaluation, value, undefined, otherwise, names, unit);
  }
}

/** `value && more`, `value || more`, of which the second part happens only under the first. */
function bothSides(
  evaluation: Evaluation,
  value: Value,
  operator: '&&' | '||',
  more: Expression,
  names: Names,
  unit: UnitId,
): Value {
  const before = evaluation.conditions;
  evaluation.conditions = [...before, { value, holds: operator === '&&' }];
  const right = evaluation.value(more, names, unit);
  evaluation.conditions = before;
  return { kind: 'either', operator, left: value, right };
}

/** Both sides happen under their conditions; what they give is not known. */
function eitherSide(
  evaluation: Evaluation,
  value: Value,
  then: Expression | undefined,
  otherwise: Expression | undefined,
  names: Names,
  unit: UnitId,
): Value {
  const before = evaluation.conditions;
  if (then) {
    evaluation.conditions = [...before, { value, holds: true }];
    evaluation.value(then, names, unit);
  }
  if (otherwise) {
    evaluation.conditions = [...before, { value, holds: false }];
    evaluation.value(otherwise, names, unit);
  }
  evaluation.conditions = before;
  return UNKNOWN;
}

function assigned(
  evaluation: Evaluation,
  { target, operator, value }: Extract<Expression, { kind: 'assign' }>,
  names: Names,
  unit: UnitId,
): Value {
  const given = evaluation.value(value, names, unit);
  const before = target.kind === 'variable' ? (names.get(target.name) ?? UNKNOWN) : UNKNOWN;
  const next =
    operator === undefined
      ? given
      : (arithmetic(operator, before, given) ?? (operator === '+' ? joined([before, given], '') : UNKNOWN));
  // under a condition that is not known the variable may hold either
  const isOpen =
    evaluation.conditions.length > 0 &&
    target.kind === 'variable' &&
    names.has(target.name) &&
    declaredUnder(evaluation, names).get(target.name) !== evaluation.conditions;
  evaluation.bind(target, isOpen ? UNKNOWN : next, names, unit);
  return next;
}
