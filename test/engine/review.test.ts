import { describe, expect, test } from 'vitest';
import type { ProposedFix } from '../../src/engine/finding';
import type { Level } from '../../src/engine/level';
import type { Place } from '../../src/engine/place';
import { type RulesRun, runRules } from '../../src/engine/review';
import { type AnyRule, ruleFor } from '../../src/engine/rule';
import type { CommentSpan } from '../../src/engine/suppression';

/** Facts of these tests: words of the text that are wrong. */
interface Facts {
  readonly words: readonly string[];
  readonly text: string;
}

const FILE = 'src/a.ts';

const defineRule = ruleFor<Facts>();

const placeOf = (text: string, word: string, from = 0): Place => {
  const start = text.indexOf(word, from);
  return { unit: `${FILE}#f`, start, end: start + word.length };
};

/** Finds every occurrence of its words. */
const wordRule = (id: string, rest: Partial<AnyRule<Facts>> = {}, evidence: object = {}): AnyRule<Facts> =>
  defineRule({
    id,
    level: 'warning',
    concern: 'errors',
    *check({ words, text }) {
      for (const word of words)
        for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1))
          yield { at: placeOf(text, word, at), word, ...evidence };
    },
    explain: ({ at }) => ({ what: `at ${at.start - at.start}`, why: 'because.', remedy: 'do not.', related: [] }),
    ...rest,
  });

/** Comments of a text by pattern. */
const commentsIn = (text: string): CommentSpan[] =>
  [...text.matchAll(/\/\/[^\n]*|\/\*[\s\S]*?\*\//g)].map(match => ({
    start: match.index,
    end: match.index + match[0].length,
    text: match[0],
    ownLine: true,
  }));

const review = (text: string, rules: readonly AnyRule<Facts>[], rest: Partial<RulesRun<Facts>> = {}) =>
  runRules<Facts>({
    file: FILE,
    text,
    facts: { words: ['bad'], text },
    locate: ({ unit, start, end }) => ({ file: unit.split('#')[0] ?? '', start, end }),
    rules,
    comments: commentsIn(text),
    ...rest,
  });

const linesFound = (text: string, rules: readonly AnyRule<Facts>[], rest: Partial<RulesRun<Facts>> = {}) =>
  review(text, rules, rest).findings.map(({ rule, at }) => `${text.slice(0, at.start).split('\n').length} ${rule}`);

describe('levels', () => {
  const levels: [string, Level, object, Partial<RulesRun<Facts>>, Partial<AnyRule<Facts>>][] = [
    ["the rule's own", 'warning', {}, {}, {}],
    ["the evidence's", 'error', { level: 'error' }, {}, {}],
    ['weaker evidence', 'info', { loweredBy: 1 }, {}, {}],
    ['stops at information', 'info', { loweredBy: 5 }, {}, {}],
    ['a test file', 'info', {}, { pathKind: 'test' }, {}],
    ['a seed', 'info', {}, { pathKind: 'seed' }, {}],
    ['a fixture', 'info', {}, { pathKind: 'fixture' }, {}],
    ['a script', 'info', {}, { pathKind: 'script' }, {}],
    ['a rule that keeps its level in tests', 'warning', {}, { pathKind: 'test' }, { sameLevelInTests: true }],
    ['lowerings add up', 'info', { level: 'error', loweredBy: 1 }, { pathKind: 'test' }, {}],
    ['an error lowered once', 'warning', { level: 'error' }, { pathKind: 'test' }, {}],
    ["the configuration replaces the rule's", 'error', {}, { settings: { bad: 'error' } }, {}],
    ["the configuration replaces the evidence's too", 'info', { level: 'error' }, { settings: { bad: 'info' } }, {}],
    ['and lowerings still apply', 'warning', { loweredBy: 1 }, { settings: { bad: 'error' } }, {}],
    ['in tests too', 'warning', {}, { settings: { bad: 'error' }, pathKind: 'test' }, {}],
    ['off, and yet asked for', 'warning', {}, { settings: { bad: 'off' }, only: new Set(['bad']) }, {}],
  ];
  test.each(levels)('%s', (_, expected, evidence, rest, rule) => {
    expect(review('bad', [wordRule('bad', rule, evidence)], rest).findings.map(({ level }) => level)).toEqual([
      expected,
    ]);
  });
});

describe('which rules run', () => {
  test.each([
    ['all', {}, ['one', 'two']],
    ['not what is off', { settings: { one: 'off' } }, ['two']],
    ['an opt-in one with a level', { settings: { three: 'info' } }, ['one', 'two', 'three']],
    ['exactly those asked for', { only: new Set(['two']) }, ['two']],
    ['opt-in ones asked for', { only: new Set(['three']) }, ['three']],
  ] satisfies [string, Partial<RulesRun<Facts>>, string[]][])('%s', (_, rest, expected) => {
    const rules = [wordRule('one'), wordRule('two'), wordRule('three', { optIn: true })];
    const { findings, ran } = review('bad', rules, rest);
    expect(findings.map(({ rule }) => rule).sort()).toEqual([...expected].sort());
    expect([...ran].sort()).toEqual([...expected].sort());
  });
});

describe('a rule that fails', () => {
  const fails = (what: string) => (): never => {
    throw new TypeError(`${what} fell over\nwith details`);
  };

  test('while checking: what it found before stays, and so do the others', () => {
    const half = defineRule({
      ...wordRule('half'),
      *check({ text }) {
        yield { at: placeOf(text, 'bad') };
        fails('check')();
      },
    });
    const { findings, notifications, ran } = review('bad', [half, wordRule('whole')]);
    expect(findings.map(({ rule }) => rule)).toEqual(['half', 'whole']);
    expect(notifications).toEqual([
      { file: FILE, message: expect.stringMatching(/^The rule half failed .*TypeError: check fell over$/) },
    ]);
    expect([...ran]).toEqual(['whole']);
  });

  test('while explaining one of its findings: the rest goes on', () => {
    const rule = wordRule('picky', {
      explain: ({ at }) => (at.start === 0 ? fails('explain')() : { what: 'found', why: '', remedy: '', related: [] }),
    });
    const { findings, notifications } = review('bad bad', [rule]);
    expect(findings.map(({ at }) => at.start)).toEqual([4]);
    expect(notifications).toHaveLength(1);
  });

  test('while fixing: the finding stays, without fixes', () => {
    const { findings, notifications } = review('bad', [wordRule('bad', { fix: fails('fix') })]);
    expect(findings).toMatchObject([{ rule: 'bad', fixes: [] }]);
    expect(notifications[0]?.message).toContain('fix fell over');
  });

  test('a fix whose edits overlap is none', () => {
    const fix = ({ at }: { at: Place }): ProposedFix[] => [
      {
        title: 'Twice',
        safety: 'safe',
        edits: [
          { at, newText: 'a' },
          { at: { ...at, start: at.start + 1 }, newText: 'b' },
        ],
      },
    ];
    const { findings, notifications } = review('bad', [wordRule('bad', { fix })]);
    expect(findings[0]?.fixes).toEqual([]);
    expect(notifications[0]?.message).toContain('overlap');
  });

  test('a place in another file is a failure, not a finding', () => {
    const rule = defineRule({ ...wordRule('lost'), check: () => [{ at: { unit: 'src/b.ts#g', start: 0, end: 1 } }] });
    const { findings, notifications } = review('bad', [rule]);
    expect(findings).toEqual([]);
    expect(notifications[0]?.message).toContain('src/b.ts');
  });
});

describe('findings', () => {
  test('are ordered by place, then by rule', () => {
    expect(linesFound('bad\nbad', [wordRule('two'), wordRule('one')])).toEqual(['1 one', '1 two', '2 one', '2 two']);
  });

  test('are said once, however often the evidence comes', () => {
    const twice = defineRule({
      ...wordRule('twice'),
      check: ({ text }) => [{ at: placeOf(text, 'bad') }, { at: placeOf(text, 'bad') }],
    });
    expect(review('bad', [twice]).findings).toHaveLength(1);
  });

  test('carry related places and fixes in file ranges, edits in order', () => {
    const rule = wordRule('bad', {
      explain: ({ at }) => ({ what: 'w', why: 'y', remedy: 'r', sketch: 's', related: [{ at, says: 'here' }] }),
      fix: ({ at }) => [
        {
          title: 'Mend',
          safety: 'safe',
          edits: [
            { at: { ...at, start: at.end }, newText: '!' },
            { at: { ...at, end: at.start }, newText: 'not ' },
          ],
        },
      ],
    });
    const [finding] = review('x bad', [rule]).findings;
    expect(finding).toMatchObject({
      sketch: 's',
      related: [{ at: { file: FILE, start: 2, end: 5 }, message: 'here' }],
      fixes: [{ edits: [{ at: { start: 2, end: 2 } }, { at: { start: 5, end: 5 } }] }],
    });
  });

  test('equal ones have numbered fingerprints, which a suppression of the first does not change', () => {
    const text = 'bad\nbad\nbad';
    const prints = review(text, [wordRule('word')]).findings.map(({ fingerprint }) => fingerprint);
    expect(prints).toEqual([prints[0], `${prints[0]}:2`, `${prints[0]}:3`]);
    const silenced = review(`// backend-reviewer-ignore-next-line word -- why\n${text}`, [wordRule('word')]).findings;
    expect(silenced.map(({ fingerprint }) => fingerprint)).toEqual(prints.slice(1));
  });
});

test('a raised signal ends the review with its reason', () => {
  expect(() => review('bad', [wordRule('bad')], { signal: AbortSignal.abort(new Error('enough')) })).toThrow('enough');
});

describe('suppressions', () => {
  const ignore = (rest: string) => `// backend-reviewer-ignore-next-line ${rest}`;
  const ignoreFile = (rest: string) => `// backend-reviewer-ignore-file ${rest}`;
  const rules = [wordRule('one'), wordRule('two')];
  const cases: [string, string, string[], Partial<RulesRun<Facts>>?][] = [
    ['the next line', `${ignore('one, two -- why')}\nbad\nbad`, ['3 one', '3 two']],
    ['one rule of two', `${ignore('one -- why')}\nbad`, ['2 two']],
    ['not its own line', `bad ${ignore('one, two -- why')}\nbad`, ['1 one', '1 two']],
    ['two comments for one line', `${ignore('one -- why')}\n${ignore('two -- why')}\nbad`, []],
    ['the whole file', `${ignoreFile('one, two -- why')}\nbad\nbad`, []],
    ['without a reason it works, and is said', `${ignore('one, two')}\nbad`, ['1 suppression-without-reason']],
    ['one that ignores nothing', `${ignore('one -- why')}\ngood`, ['1 unused-suppression']],
    ['judges no rule that is off', `${ignore('one, two -- why')}\nbad`, [], { settings: { two: 'off' } }],
    [
      'judges no rule that was not asked for',
      `${ignore('two -- why')}\ngood`,
      [],
      { only: new Set(['one', 'unused-suppression']) },
    ],
    ['is silent when it did not run itself', `${ignore('one -- why')}\ngood`, [], { only: new Set(['one']) }],
    ['is silent when it is off', `${ignore('one -- why')}\ngood`, [], { settings: { 'unused-suppression': 'off' } }],
    [
      'no reason asked for when that is off',
      `${ignore('one, two')}\nbad`,
      [],
      { settings: { 'suppression-without-reason': 'off' } },
    ],
    ['a rule that does not exist is not judged', `${ignore('three -- why')}\ngood`, []],
    ['one that names no rule', `${ignore('-- why')}\ngood`, ['1 unused-suppression']],
    [
      'a file comment below code does nothing',
      `good\n${ignoreFile('one, two -- why')}\nbad`,
      ['2 unused-suppression', '3 one', '3 two'],
    ],
    ['a comment may allow itself to be unused', `${ignore('one, unused-suppression -- some builds')}\ngood`, []],
    [
      'a file may allow missing reasons',
      `${ignoreFile('suppression-without-reason -- old code')}\n${ignore('one, two')}\nbad`,
      [],
    ],
    [
      'that permission can be unused too',
      `${ignoreFile('suppression-without-reason -- old code')}\n${ignore('one, two -- why')}\nbad`,
      ['1 unused-suppression'],
    ],
    ['no code below', `good\n${ignore('one -- why')}`, ['2 unused-suppression']],
  ];
  test.each(cases)('%s', (_, text, expected, rest) => {
    expect(linesFound(text, rules, rest)).toEqual(expected);
  });

  test('a finding in a later line of a statement is covered by the comment above the statement', () => {
    const text = `${ignore('one, two -- why')}\nquery(\n  bad,\n);\nquery(\n  bad,\n);`;
    const statementStart = (offset: number) => text.lastIndexOf('query', offset);
    expect(linesFound(text, rules, { statementStart })).toEqual(['6 one', '6 two']);
    expect(linesFound(text, rules)).toEqual(['1 unused-suppression', '3 one', '3 two', '6 one', '6 two']);
  });

  test('a rule that failed is not called unused', () => {
    const broken = wordRule('broken', {
      check: () => {
        throw new Error('x');
      },
    });
    expect(linesFound(`${ignore('broken -- why')}\ngood`, [broken])).toEqual([]);
  });

  test('a misspelt rule is said, with the nearest', () => {
    expect(review(`good\n${ignore('sql-injecton -- why')}\ngood`, [wordRule('sql-injection')]).notifications).toEqual([
      { file: FILE, message: 'line 2: no rule is called "sql-injecton"; did you mean "sql-injection"?' },
    ]);
  });

  test('the fix of an unused one takes its whole line, or just the one name', () => {
    const applied = (text: string) => {
      const finding = review(text, rules).findings.find(({ rule }) => rule === 'unused-suppression');
      const edit = finding?.fixes[0]?.edits[0];
      return edit && text.slice(0, edit.at.start) + edit.newText + text.slice(edit.at.end);
    };
    expect(applied(`${ignore('one -- why')}\ngood`)).toBe('good');
    const one = [wordRule('one'), wordRule('two', { check: () => [] })];
    const text = `${ignore('one, two -- why')}\nbad`;
    const [unused] = review(text, one).findings;
    expect(unused?.what).toContain('`two` is ignored, but nothing is found on line 2');
    const edit = unused?.fixes[0]?.edits[0];
    expect(edit && text.slice(0, edit.at.start) + text.slice(edit.at.end)).toBe(`${ignore('one -- why')}\nbad`);
  });

  test('their level can be set like that of any rule', () => {
    const { findings } = review(`${ignore('one -- why')}\ngood`, rules, {
      settings: { 'unused-suppression': 'error' },
    });
    expect(findings.map(({ level }) => level)).toEqual(['error']);
  });
});

test('what one line makes in a loop is said once, with the others beside it', () => {
  const made = (count: number) =>
    defineRule({
      id: 'made',
      level: 'warning',
      concern: 'errors',
      *check({ text }) {
        for (let index = 1; index <= count; index++) yield { at: placeOf(text, 'loop'), table: `t${index}` };
        yield { at: placeOf(text, 'other'), table: 'u' };
      },
      explain: ({ table }) => ({ what: `locks ${table}.`, why: 'It waits.', remedy: 'Do not.', related: [] }),
    });
  const said = (count: number) =>
    review('loop other', [made(count)]).findings.map(({ what, why, related }) => [what, why, related.length]);
  expect(said(3)).toHaveLength(4);
  expect(said(5)).toEqual([
    ['locks t1.', 'It waits. This line does the like 4 times more.', 4],
    ['locks u.', 'It waits.', 0],
  ]);
});
