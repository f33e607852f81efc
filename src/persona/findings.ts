/** The findings of a workspace as something that can be searched: those that a question speaks of come first. */
import type { GroundedFinding } from './grounding';
import { termsOf } from './vocabulary';

const LEVELS = { error: 0, warning: 1, info: 2 } as const;

/** Nobody reads more, and a person waits. */
const MOST_LOOKED_AT = 1_000;

/**
 * By how much of the question they speak of, then by weight.
 * A place that is named (`orders.ts`, `linesOf`) counts for more than a word of the trade.
 */
export function findingsFor(question: string, findings: readonly GroundedFinding[]): readonly GroundedFinding[] {
  const asked = new Set(termsOf(question));
  const names = new Set(question.match(/[\w$-]{3,}/g)?.map(name => name.toLowerCase()) ?? []);
  const weighty = findings.toSorted((left, right) => LEVELS[left.level] - LEVELS[right.level]);
  const scored = weighty.slice(0, MOST_LOOKED_AT).map(finding => {
    const said = new Set(termsOf(`${finding.rule.replaceAll('-', ' ')} ${finding.what}`));
    let score = 0;
    for (const term of asked) if (said.has(term)) score += 1;
    for (const part of finding.file.toLowerCase().split(/[/.]/)) if (names.has(part)) score += 2;
    for (const name of finding.what.match(/[\w$]{3,}/g) ?? []) if (names.has(name.toLowerCase())) score += 1;
    return { finding, score };
  });
  return scored.toSorted((left, right) => right.score - left.score).map(({ finding }) => finding);
}
