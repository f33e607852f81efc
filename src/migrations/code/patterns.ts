/** Binds what a pattern takes apart to names. */
import type { UnitId } from '../../engine/place';
import type { Pattern } from '../../program/model';
import type { Evaluation } from './evaluation';
import { putInto } from './records';
import { type Condition, type Names, UNDEFINED, UNKNOWN, type Value } from './values';

/** Binds a value to a name, or what is taken out of it to several. */
export function bindPattern(evaluation: Evaluation, pattern: Pattern, value: Value, names: Names, unit: UnitId): void {
  switch (pattern.kind) {
    case 'variable':
      names.set(pattern.name, value);
      return;
    case 'entries':
      for (const entry of pattern.entries) {
        const found = evaluation.member(value, entry.key, pattern, unit, false);
        const missing = found.kind === 'constant' && found.value === undefined;
        const given = missing && entry.default ? evaluation.value(entry.default, names, unit) : found;
        evaluation.bind(entry.target, given, names, unit);
      }
      if (pattern.rest) evaluation.bind(pattern.rest, UNKNOWN, names, unit);
      return;
    case 'items':
      pattern.items.forEach((item, index) => {
        const found = value.kind === 'list' ? (value.items[index] ?? (value.open ? UNKNOWN : UNDEFINED)) : UNKNOWN;
        if (item.target) evaluation.bind(item.target, found, names, unit);
      });
      if (pattern.rest)
        evaluation.bind(
          pattern.rest,
          value.kind === 'list' ? { ...value, items: value.items.slice(pattern.items.length) } : UNKNOWN,
          names,
          unit,
        );
      return;
    case 'place':
      putInto(evaluation, pattern.expression, value, names, unit);
      return;
  }
}

/** Whether a pattern binds a name. */
export function bindsName(pattern: Pattern, name: string): boolean {
  switch (pattern.kind) {
    case 'variable':
      return pattern.name === name;
    case 'entries':
      return (
        pattern.entries.some(entry => bindsName(entry.target, name)) ||
        (pattern.rest ? bindsName(pattern.rest, name) : false)
      );
    case 'items':
      return (
        pattern.items.some(item => item.target !== undefined && bindsName(item.target, name)) ||
        (pattern.rest ? bindsName(pattern.rest, name) : false)
      );
    case 'place':
      return false;
  }
}

/** Where each variable was declared. */
export function declaredUnder(evaluation: Evaluation, names: Names): Map<string, readonly Condition[]> {
  const known = evaluation.declared.get(names) ?? new Map<string, readonly Condition[]>();
  evaluation.declared.set(names, known);
  return known;
}
