/**
 * What a rule says of its evidence, kept: `explain` and `fix` are pure functions of it, and after an edit most evidence of a
 * file is the same as before.
 */
import type { Explanation, ProposedFix } from './finding';
import type { Place } from './place';
import type { AnyRule, Evidence } from './rule';

interface Said {
  readonly evidence: Evidence;
  readonly explanation: Explanation;
  /** Made when they are first asked for. */
  fixes?: readonly ProposedFix[];
}

/** By the rule, and by the place that the evidence marks: it lives as long as the facts that hold it. */
const SAID = new WeakMap<object, WeakMap<Place, Said>>();

/** @throws what the rule throws, and then nothing is kept */
export function explained<Facts>(rule: AnyRule<Facts>, evidence: Evidence): Explanation {
  return saidOf(rule, evidence).explanation;
}

/** @throws what the rule throws, and then nothing is kept */
export function fixesFor<Facts>(rule: AnyRule<Facts>, evidence: Evidence): readonly ProposedFix[] {
  const said = saidOf(rule, evidence);
  said.fixes ??= rule.fix?.(evidence) ?? [];
  return said.fixes;
}

function saidOf<Facts>(rule: AnyRule<Facts>, evidence: Evidence): Said {
  let ofRule = SAID.get(rule);
  if (!ofRule) {
    ofRule = new WeakMap();
    SAID.set(rule, ofRule);
  }
  const known = ofRule.get(evidence.at);
  if (known && holdsTheSame(known.evidence, evidence, 2)) return known;
  const said = { evidence, explanation: rule.explain(evidence) };
  ofRule.set(evidence.at, said);
  return said;
}

/** The same objects, in records or lists that a check makes anew around them. */
function holdsTheSame(before: unknown, after: unknown, depth: number): boolean {
  if (Object.is(before, after)) return true;
  if (depth === 0 || !isPlain(before) || !isPlain(after)) return false;
  let keys = 0;
  for (const key in before) {
    if (!(key in after) || !holdsTheSame(before[key], after[key], depth - 1)) return false;
    keys++;
  }
  for (const _ in after) keys--;
  return keys === 0;
}

const isPlain = (value: unknown): value is Readonly<Record<string, unknown>> => {
  if (typeof value !== 'object' || value === null) return false;
  const kind: unknown = Object.getPrototypeOf(value);
  return kind === Object.prototype || kind === Array.prototype;
};
