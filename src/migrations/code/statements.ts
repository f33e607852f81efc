/** Runs statements, in order, under the conditions that they stand under, and loops turn by turn over what is known. */
import type { UnitId } from '../../engine/place';
import type { Block, Statement } from '../../program/model';
import { sameness, testsAs } from './conditions';
import type { End, Evaluation } from './evaluation';
import { noteFailure, noteRepeated, noteUnfollowed } from './notes';
import { declaredUnder } from './patterns';
import { itemsOf } from './records';
import { type Names, UNDEFINED, UNKNOWN } from './values';

/** How many turns of loops over constant lists are followed. */
const MOST_TURNS = 2_000;

/** Runs a block; what it finds out of conditions ends with it. */
export function runBlock(evaluation: Evaluation, body: Block, names: Names, unit: UnitId): End | undefined {
  const before = evaluation.conditions;
  // a function may be called above the place where it is declared
  for (const statement of body)
    if (statement.kind === 'declare' && statement.value?.kind === 'lambda')
      evaluation.bind(statement.target, evaluation.value(statement.value, names, unit), names, unit);
  for (const statement of body) {
    const end = runStatement(evaluation, statement, names, unit);
    if (end) {
      evaluation.conditions = before;
      return end;
    }
  }
  evaluation.conditions = before;
  return undefined;
}

function runStatement(evaluation: Evaluation, statement: Statement, names: Names, unit: UnitId): End | undefined {
  switch (statement.kind) {
    case 'evaluate':
      evaluation.value(statement.expression, names, unit);
      return undefined;
    case 'declare': {
      const value = statement.value ? evaluation.value(statement.value, names, unit) : UNDEFINED;
      evaluation.bind(statement.target, value, names, unit);
      if (statement.target.kind === 'variable')
        declaredUnder(evaluation, names).set(statement.target.name, evaluation.conditions);
      return undefined;
    }
    case 'branch':
      return branched(evaluation, statement, names, unit);
    case 'loop':
      return looped(evaluation, statement, names, unit);
    case 'try': {
      const end = evaluation.block(statement.body, names, unit);
      const last = evaluation.block(statement.finally, names, unit);
      // an error that a handler may catch is no failure of the migration
      return last ?? (end?.kind === 'throws' && statement.handlers.length > 0 ? undefined : end);
    }
    case 'scope': {
      for (const { target, value } of statement.resources) {
        const resource = evaluation.value(value, names, unit);
        if (target) evaluation.bind(target, resource, names, unit);
      }
      return evaluation.block(statement.body, names, unit);
    }
    case 'return':
      return { kind: 'returns', value: statement.value ? evaluation.value(statement.value, names, unit) : UNDEFINED };
    case 'throw':
      noteFailure(evaluation, statement, unit);
      return { kind: 'throws' };
    case 'break':
    case 'continue':
      return { kind: 'leaves' };
    case 'switch':
      return switched(evaluation, statement, names, unit);
    case 'opaque-statement':
      noteUnfollowed(evaluation, statement, unit, statement.label);
      return undefined;
  }
}

function branched(
  evaluation: Evaluation,
  { test, then, otherwise }: Extract<Statement, { kind: 'branch' }>,
  names: Names,
  unit: UnitId,
): End | undefined {
  const value = evaluation.value(test, names, unit);
  const truth = testsAs(evaluation, value);
  if (truth !== undefined) return runWithin(evaluation, truth ? then : otherwise, names, unit);
  const before = evaluation.conditions;
  evaluation.conditions = [...before, { value, holds: true }];
  const first = evaluation.block(then, names, unit);
  evaluation.conditions = [...before, { value, holds: false }];
  const second = evaluation.block(otherwise, names, unit);
  evaluation.conditions = before;
  if (first && second) return first;
  // `if (exists) return;`: the rest runs where it did not
  if (first) evaluation.conditions = [...before, { value, holds: false }];
  else if (second) evaluation.conditions = [...before, { value, holds: true }];
  return undefined;
}

/** A part of a body: what it finds out holds for the rest of the body too. */
export function runWithin(evaluation: Evaluation, body: Block, names: Names, unit: UnitId): End | undefined {
  for (const statement of body) {
    const end = runStatement(evaluation, statement, names, unit);
    if (end) return end;
  }
  return undefined;
}

/** The case that is meant, and those that it falls through to; each under a condition where that is not known. */
function switched(
  evaluation: Evaluation,
  { subject, cases }: Extract<Statement, { kind: 'switch' }>,
  names: Names,
  unit: UnitId,
): End | undefined {
  const value = evaluation.value(subject, names, unit);
  const truths = cases.map(({ tests }) =>
    tests.map(test => testsAs(evaluation, sameness(evaluation, value, evaluation.value(test, names, unit), false))),
  );
  // the cases exclude each other
  const isKnown = truths.some(each => each.includes(true)) || truths.flat().every(truth => truth === false);
  if (isKnown) {
    const chosen = truths.findIndex(each => each.includes(true));
    const from = chosen >= 0 ? chosen : cases.findIndex(({ tests }) => tests.length === 0);
    for (const { body } of from >= 0 ? cases.slice(from) : []) {
      const end = runWithin(evaluation, body, names, unit);
      if (end) return end.kind === 'leaves' ? undefined : end;
    }
    return undefined;
  }
  const before = evaluation.conditions;
  const ends = cases.map(({ body }) => {
    evaluation.conditions = [...before, { value: UNKNOWN, holds: true }];
    return runWithin(evaluation, body, names, unit);
  });
  const isLeft = (end: End | undefined): boolean => end !== undefined && end.kind !== 'leaves';
  evaluation.conditions = ends.some(isLeft) ? [...before, { value: UNKNOWN, holds: true }] : before;
  return ends.every(isLeft) && cases.some(({ tests }) => tests.length === 0) ? ends[0] : undefined;
}

function looped(
  evaluation: Evaluation,
  loop: Extract<Statement, { kind: 'loop' }>,
  names: Names,
  unit: UnitId,
): End | undefined {
  if (loop.form === 'count' && counted(evaluation, loop, names, unit)) return undefined;
  const source = loop.source && evaluation.value(loop.source, names, unit);
  // what a builder would send, statement by statement, is what it is for
  if (source?.kind === 'chain' && source.steps.at(-1)?.name === 'toSQL') return undefined;
  const items = loop.form === 'each' && source ? itemsOf(source, loop.keys === true) : undefined;
  if (!items) {
    noteRepeated(evaluation, loop.head, unit, () => {
      if (loop.item) evaluation.bind(loop.item, UNKNOWN, names, unit);
      evaluation.block(loop.body, names, unit);
    });
    return undefined;
  }
  for (const item of items) {
    evaluation.turns += 1;
    if (evaluation.turns > MOST_TURNS) {
      noteUnfollowed(evaluation, loop.head, unit, 'a loop of very many turns');
      return undefined;
    }
    if (loop.item) evaluation.bind(loop.item, item, names, unit);
    const end = evaluation.block(loop.body, names, unit);
    if (end && end.kind !== 'leaves') return end;
  }
  return undefined;
}

/** A loop that counts over what is known; false where it is not, and nothing has been done then. */
function counted(
  evaluation: Evaluation,
  loop: Extract<Statement, { kind: 'loop' }>,
  names: Names,
  unit: UnitId,
): boolean {
  if (!loop.test) return false;
  const inner: Names = new Map(names);
  if (loop.before) runWithin(evaluation, loop.before, inner, unit);
  if (testsAs(evaluation, evaluation.value(loop.test, inner, unit)) === undefined) return false;
  for (const [name, value] of inner) names.set(name, value);
  for (const [name, under] of declaredUnder(evaluation, inner)) declaredUnder(evaluation, names).set(name, under);
  while (testsAs(evaluation, evaluation.value(loop.test, names, unit)) === true) {
    evaluation.turns += 1;
    if (evaluation.turns > MOST_TURNS) {
      noteUnfollowed(evaluation, loop.head, unit, 'a loop of very many turns');
      return true;
    }
    const end = evaluation.block(loop.body, names, unit);
    if (end && end.kind !== 'leaves') return true;
    if (loop.after) evaluation.value(loop.after, names, unit);
  }
  return true;
}
