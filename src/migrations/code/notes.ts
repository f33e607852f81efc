/** What an evaluation notes beside values: where something is done, what fails, what could not be followed. */
import { fileOf, type Place, type UnitId } from '../../engine/place';
import type { Span } from '../../program/model';
import type { Evaluation } from './evaluation';
import { UNKNOWN } from './values';

/** Where something is said to be done: in the migration's own file, at the call of what stands in another one. */
export function placeOf(evaluation: Evaluation, { start, end }: Span, unit: UnitId): Place {
  return evaluation.site && fileOf(unit) !== evaluation.module.file ? evaluation.site : { unit, start, end };
}

/** Notes a failure that nothing keeps from happening; one under a condition may not happen. */
export function noteFailure(evaluation: Evaluation, at: Span, unit: UnitId): void {
  if (evaluation.conditions.length === 0)
    evaluation.entries.push({ kind: 'throws', at: placeOf(evaluation, at, unit) });
}

/** Notes something that may change the schema and could not be followed. */
export function noteUnfollowed(evaluation: Evaluation, at: Span, unit: UnitId, what: string): void {
  evaluation.entries.push({ kind: 'unfollowed', at: placeOf(evaluation, at, unit), what });
}

/** A loop over what is not constant: what one turn does, and that nobody knows how often. */
export function noteRepeated(
  evaluation: Evaluation,
  at: Span,
  unit: UnitId,
  turn: () => void,
  what = 'a loop over what is not constant',
): void {
  const { entries, conditions } = evaluation;
  const chains = entries.flatMap(entry => (entry.kind === 'chain' ? [{ entry, length: entry.steps.length }] : []));
  evaluation.entries = [];
  evaluation.conditions = [...conditions, { value: UNKNOWN, holds: true }];
  turn();
  const repeats = evaluation.entries;
  evaluation.entries = entries;
  evaluation.conditions = conditions;
  const grown = chains.filter(({ entry, length }) => entry.steps.length > length);
  // what was begun before the loop and goes on in it
  for (const { entry, length } of grown) entry.steps.length = length;
  if (grown.length > 0) noteUnfollowed(evaluation, at, unit, what);
  else if (repeats.length > 0) entries.push({ kind: 'unfollowed', at: placeOf(evaluation, at, unit), what, repeats });
}

/** What the top level of a file does is done when it is loaded, and by no migration. */
export function elsewhere(evaluation: Evaluation, work: () => void): void {
  const { entries, conditions, site } = evaluation;
  evaluation.entries = [];
  evaluation.conditions = [];
  work();
  evaluation.entries = entries;
  evaluation.conditions = conditions;
  evaluation.site = site;
}
