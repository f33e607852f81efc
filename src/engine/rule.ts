/** A rule: check → explain → fix. Generic in the facts, which `facts/` defines. */
import type { Explanation, ProposedFix } from './finding';
import type { Level } from './level';
import type { Place } from './place';

/** The least that a check must hand on. */
export interface Evidence {
  readonly at: Place;
  /** Replaces the rule's base level for this finding, unless the configuration sets one. */
  readonly level?: Level;
  /** Steps by which weaker evidence lowers the level; see *Evidence* in `docs/architecture.md`. */
  readonly loweredBy?: number;
  /** Keeps its level in test, seed, fixture and script files, whatever the rule does. */
  readonly sameLevelInTests?: boolean;
}

/** What a finding threatens, most of all. Locks that block a running service count as its speed. */
export type Concern = 'security' | 'errors' | 'performance' | 'maintainability' | 'tests';

export interface Rule<Facts, E extends Evidence = Evidence> {
  /** Also the name of its file, its page, its test and, in camel case, of its constant. */
  readonly id: string;
  readonly level: Level;
  readonly concern: Concern;
  /** Off unless the configuration or `--rule` asks for it. */
  readonly optIn?: boolean;
  /** Keeps its level in test, seed, fixture and script files. */
  readonly sameLevelInTests?: boolean;
  /** Finds the evidence, and says nothing. */
  check(facts: Facts): Iterable<E>;
  /** A pure function of the evidence. */
  explain(evidence: E): Explanation;
  /** A pure function of the evidence; nothing where the fix would not be right. The first one is the preferred. */
  fix?(evidence: E): readonly ProposedFix[];
}

/** `defineRule` for one kind of facts: infers the evidence from `check`. */
export const ruleFor =
  <Facts>() =>
  <E extends Evidence>(rule: Rule<Facts, E>): Rule<Facts, E> =>
    rule;

/** A rule whose evidence is its own business, as the engine holds it. Method parameters are bivariant, so any rule fits. */
export type AnyRule<Facts> = Rule<Facts, Evidence>;
