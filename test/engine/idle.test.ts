import { expect, test } from 'vitest';
import { mayFind } from '../../src/engine/idle';
import { type AnyRule, ruleFor } from '../../src/engine/rule';

interface Facts {
  readonly words: readonly string[];
  readonly names: readonly string[];
  readonly isTest: boolean;
  readonly schema?: string;
}

const NOTHING: Facts = { words: [], names: [], isTest: false };

let checks = 0;
const ruleWith = (id: string, check: AnyRule<Facts>['check']): AnyRule<Facts> =>
  ruleFor<Facts>()({
    id,
    level: 'warning',
    concern: 'errors',
    check(facts) {
      checks += 1;
      return check(facts);
    },
    explain: () => ({ what: '', why: '', remedy: '', related: [] }),
  });

const found = { at: { unit: 'a.ts', start: 0, end: 1 } };

const rules = [
  ruleWith('words', ({ words }) => words.map(() => found)),
  ruleWith('names-beside-words', ({ words, names }) => words.flatMap(() => names.map(() => found))),
  ruleWith('names-of-tests', facts => (facts.isTest ? facts.names.map(() => found) : [])),
  ruleWith('schema', ({ schema }) => (schema === undefined ? [] : [found])),
  ruleWith('always', () => [found]),
  ruleWith('all-of-it', facts => Object.values({ ...facts }).flatMap(value => (Array.isArray(value) ? value : []))),
  ruleWith('fails', ({ words: [first] }) => {
    throw new Error(first);
  }),
];

const asked = (facts: Partial<Facts>) => [...mayFind(rules, { ...NOTHING, ...facts }, NOTHING)].map(({ id }) => id);

const ALWAYS = ['always', 'all-of-it', 'fails'];

test.each([
  ['nothing', {}, ALWAYS],
  ['lists that are empty', { words: [], names: [] }, ALWAYS],
  ['words', { words: ['a'] }, ['words', 'names-beside-words', ...ALWAYS]],
  ['names, which one rule sees beside words', { names: ['a'] }, ['names-beside-words', ...ALWAYS]],
  ['a test', { isTest: true }, ['names-of-tests', ...ALWAYS]],
  ['a schema', { schema: 'public' }, ['schema', ...ALWAYS]],
])('of %s', (_, facts, expected) => {
  expect(asked(facts)).toEqual(expected);
});

test('what a rule looks at is learnt once', () => {
  asked({});
  const before = checks;
  asked({ words: ['b'] });
  expect(checks).toBe(before);
});
