/** Which concern of a review a rule's findings belong to. */
import type { GroundedFinding } from './grounding';
import type { ReviewConcern } from './role';

const SECURITY =
  /injection|secret|authentication|authorization|ownership|tenant|crypto|hash|jwt|token|cors|csrf|ssrf|traversal|deserial|redirect|tls|personal|mass-assignment|password|random|cookie|upload/;
const PERFORMANCE =
  /^(?:n-plus-one|unbounded|missing-index|non-sargable|foreign-key-without-index|stale-materialized|unindexed|index-|drop-index|reindex|column-type-rewrite|rewrite|volatile-default|set-not-null|external-call)|offset|slow|cartesian/;
const STYLE =
  /^(?:prefer-|business-logic-in-trigger|char-column|unqualified|unused-suppression|suppression-without-reason|naming)/;
const TESTS = /^(?:untested|test-)/;

/** By what the rule is named after: a name says the problem. What says nothing of these is about errors and data. */
export function concernOf({ rule }: Pick<GroundedFinding, 'rule'>): ReviewConcern {
  if (SECURITY.test(rule)) return 'security';
  if (TESTS.test(rule)) return 'tests';
  if (STYLE.test(rule)) return 'maintainability';
  if (PERFORMANCE.test(rule)) return 'performance';
  return 'errors';
}
