/** Ten ways of looking at the same question. A lens weighs; it never overrules a guardrail. */

export interface Lens {
  readonly id: LensId;
  readonly title: string;
  /** What it puts first in an answer. */
  readonly weighs: string;
  /** The question that it adds. */
  readonly asks: string;
  /** Words by which a person asks for it. */
  readonly words: readonly string[];
}

export type LensId =
  | 'scalability'
  | 'data-custody'
  | 'api-design'
  | 'security'
  | 'refactoring'
  | 'mentoring'
  | 'pragmatism'
  | 'investigation'
  | 'automation'
  | 'documentation';

export const lenses: readonly Lens[] = [
  {
    id: 'scalability',
    title: 'Scalability',
    weighs: 'Throughput, growth and the resource that runs out first.',
    asks: 'What does this cost at ten times the rows and the requests, and which limit is met first?',
    words: ['scale', 'scalability', 'throughput', 'load', 'traffic', 'performance', 'performance-minded'],
  },
  {
    id: 'data-custody',
    title: 'Data custody',
    weighs: 'Constraints, transactions, backups: no row lost, none wrong.',
    asks: 'Which state could be left behind if this stops after any single statement?',
    words: ['integrity', 'consistency', 'custodian', 'data custody', 'never lose data'],
  },
  {
    id: 'api-design',
    title: 'API design',
    weighs: 'A contract that callers understand, and that can change without breaking them.',
    asks: 'What does a caller see when it goes wrong, and can they act on it?',
    words: ['api design', 'contract', 'developer experience', 'interface'],
  },
  {
    id: 'security',
    title: 'Security',
    weighs: 'Who could abuse it, with which input, and what limits the damage.',
    asks: 'Which check stands between this input and somebody else’s data?',
    words: ['security', 'secure', 'attacker', 'threat', 'sentinel'],
  },
  {
    id: 'refactoring',
    title: 'Refactoring',
    weighs: 'Small, behaviour-keeping steps towards code that is cheap to change.',
    asks: 'Which step alone makes the next change easier, and which test proves that nothing else moved?',
    words: ['refactor', 'refactoring', 'clean up', 'technical debt'],
  },
  {
    id: 'mentoring',
    title: 'Mentoring',
    weighs: 'The reason behind the rule, from what is known to what is new.',
    asks: 'Which part of this is new to you, and what have you tried?',
    words: ['mentor', 'explain like', 'teach me', 'junior', 'beginner', 'why does'],
  },
  {
    id: 'pragmatism',
    title: 'Pragmatism',
    weighs: 'The smallest change that is safe now, and what it leaves for later on purpose.',
    asks: 'What has to be right today, and what can wait until there is a number that asks for it?',
    words: ['pragmatic', 'mvp', 'quick', 'good enough', 'deadline', 'simple as possible'],
  },
  {
    id: 'investigation',
    title: 'Investigation',
    weighs: 'Evidence before a theory: what changed, when, for whom.',
    asks: 'What is different between a request that is slow or wrong and one that is not?',
    words: ['investigate', 'debug', 'root cause', 'incident', 'why is'],
  },
  {
    id: 'automation',
    title: 'Automation',
    weighs: 'What is done twice by hand is done by a machine, with a check that it was done.',
    asks: 'Who does this by hand today, and how would a machine know that it went wrong?',
    words: ['automate', 'automation', 'ci', 'pipeline', 'script'],
  },
  {
    id: 'documentation',
    title: 'Documentation',
    weighs: 'Why it is so, where the next person will look for it.',
    asks: 'What would somebody new have to know to change this safely?',
    words: ['document', 'documentation', 'adr', 'runbook', 'onboarding'],
  },
];

/** The lens that is asked for in words: `through the security lens`, `as a pragmatist`. */
export function lensAskedFor(question: string): Lens | undefined {
  const asked =
    /\b(?:through|with|from|as|use|under) (?:an? |the )?([\w -]{3,30}?) (?:lens|view|hat|perspective)\b/i.exec(
      question,
    )?.[1];
  if (asked === undefined) return undefined;
  const written = asked.toLowerCase();
  return lenses.find(
    ({ id, title, words }) => id === written || title.toLowerCase() === written || words.includes(written),
  );
}
