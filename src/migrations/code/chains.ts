/** Chains of calls on what the tool hands over: how they begin, grow and are noted. */
import type { Place } from '../../engine/place';
import type { Evaluation } from './evaluation';
import { handedTo } from './functions';
import { noteFailure } from './notes';
import {
  type Chain,
  type ChainStep,
  type Condition,
  type Entry,
  type GivenArgument,
  partsOf,
  type Root,
  UNKNOWN,
  type Value,
} from './values';

/** A chain that nothing hangs on yet. */
export const chainOf = (root: Root, conditions: readonly Condition[] = []): Chain => ({
  kind: 'chain',
  root,
  steps: [],
  conditions,
});

/** The chain to hang on: a call's own, which goes on, or a copy of one that has only been named so far. */
export function grownChain(evaluation: Evaluation, chain: Chain): Chain {
  if (chain.steps.some(step => step.arguments !== undefined)) return chain;
  return { ...chain, steps: [...chain.steps], conditions: evaluation.conditions };
}

/** The chain to read a member of: what a call gives stays as it is, and what is called on the member is an entry of its own. */
export function readOn(evaluation: Evaluation, chain: Chain): Chain {
  if (chain.steps.every(step => step.arguments === undefined)) return grownChain(evaluation, chain);
  const steps = chain.steps.map(step => (step.inner.length > 0 ? { ...step, inner: [] } : step));
  const copy: Chain = { ...chain, steps, conditions: evaluation.conditions };
  evaluation.unnoted.add(copy);
  return copy;
}

/**
 * A variable's chain: what is called on a library's thing later happens then, `status.create(…)`, and is an entry of its
 * own that begins like the thing.
 */
export function namedAgain(evaluation: Evaluation, chain: Chain): Chain {
  const [first, more] = chain.steps;
  // an answer is asked again and again
  const last = chain.steps.at(-1);
  if (last?.arguments !== undefined && GIVES_ANSWER.test(last.name)) return readOn(evaluation, chain);
  // `const knex = this.getKnex()`
  const isGotten = chain.root.kind === 'this' && first?.arguments?.length === 0 && more === undefined;
  if (!isGotten && (chain.root.kind !== 'import' || chain.steps.every(step => step.arguments === undefined)))
    return grownChain(evaluation, chain);
  const copy: Chain = { ...chain, steps: [...chain.steps], conditions: evaluation.conditions };
  evaluation.unnoted.add(copy);
  return copy;
}

/** A call of a chain's member that is yet to come: each time that it comes it is an entry of its own. */
export function boundMember(
  evaluation: Evaluation,
  { root, steps }: Chain,
  [, ...given]: readonly GivenArgument[],
): Value {
  const member = steps.at(-1);
  if (!member) return UNKNOWN;
  const before = steps.slice(0, -1);
  return {
    kind: 'bound',
    call: more =>
      noteCall(
        evaluation,
        { kind: 'chain', root, steps: [...before], conditions: evaluation.conditions },
        member.name,
        member.at,
        [...given, ...more],
      ),
  };
}

/** Notes a call on a chain. */
export function noteCall(
  evaluation: Evaluation,
  chain: Chain,
  name: string | undefined,
  at: Place,
  given: readonly GivenArgument[],
): Chain {
  // Node's callbacks are told of a failure: `callback(new Error('no way back'))`
  const [first] = given;
  if (
    name === undefined &&
    chain.steps.length === 0 &&
    first?.value.kind === 'instance' &&
    first.value.name.endsWith('Error')
  )
    noteFailure(evaluation, at, at.unit);
  consume(evaluation, given);
  const isNew = evaluation.unnoted.delete(chain) || chain.steps.every(step => step.arguments === undefined);
  // a member that is called by a name of its own: `from sqlalchemy import Column`
  const read = name === undefined ? chain.steps[chain.steps.length - 1] : undefined;
  if (read && read.arguments === undefined) chain.steps.pop();
  const step: { -readonly [Key in keyof ChainStep]: ChainStep[Key] } = {
    name: name ?? (read?.arguments === undefined ? read?.name : undefined) ?? '()',
    at,
    arguments: given,
    inner: [],
  };
  chain.steps.push(step);
  if (isNew) evaluation.entries.push(chain);
  step.inner = callbacksOf(evaluation, step, given);
  return chain;
}

/** A chain that is handed to another call is a part of that call: `defaultTo(knex.raw('now()'))`. */
function consume(evaluation: Evaluation, given: readonly GivenArgument[]): void {
  const parts = new Set<Value>();
  for (const { value } of given) for (const part of partsOf(value)) if (part.kind === 'chain') parts.add(part);
  if (parts.size > 0)
    evaluation.entries = evaluation.entries.filter(entry => entry.kind !== 'chain' || !parts.has(entry));
}

/** What the functions among the arguments do, as the tool would call them. */
function callbacksOf(evaluation: Evaluation, step: ChainStep, given: readonly GivenArgument[]): readonly Entry[] {
  const outer = evaluation.entries;
  const conditions = evaluation.conditions;
  evaluation.entries = [];
  // the call that it is handed to has the conditions already
  evaluation.conditions = [];
  for (const { value } of given) {
    const functions = value.kind === 'list' ? value.items : [value];
    for (const each of functions) {
      if (each.kind === 'bound') each.call([]);
      if (each.kind !== 'function') continue;
      evaluation.apply(
        each,
        handedTo(each, index => chainOf({ kind: 'parameter', of: step, index })),
      );
    }
  }
  const inner = evaluation.entries;
  evaluation.entries = outer;
  evaluation.conditions = conditions;
  return inner;
}

/** What is asked of a server: a table, its columns. */
const GIVES_ANSWER = /^(?:get|has|describe|find|show|list|inspect|columnInfo)/;
