import { describe, expect, test } from 'vitest';
import { wholeAnswer } from '../../src/persona/answer';
import { NOTHING, offlineGuide } from '../../src/persona/guide';
import { openLibrary } from '../../src/persona/library';
import { readPlaybooks } from '../../src/persona/playbooks/all';
import { pointedAt } from '../../src/persona/thread';
import { ruleDescriptions } from '../../src/rules/all.generated';
import { FINDING, fakeGrounding } from './fakeGrounding';

const REVIEW = {
  question: '/review',
  answer:
    'Review\n- [src/a.ts:12](src/a.ts#L12) `sql-injection`\n- [src/b.ts:40](src/b.ts#L40) `n-plus-one`\n- [src/a.ts:12](src/a.ts#L12)',
};
const PAGES = { question: 'How should we page through the orders?', answer: 'By keyset, from the last id on.' };

describe('what a question points back to', () => {
  test.each([
    ['Why is that dangerous?', { kind: 'finding', at: 'src/a.ts:12', wants: 'explain' }],
    ['how do I fix the second one?', { kind: 'finding', at: 'src/b.ts:40', wants: 'fix' }],
    ['And the last?', { kind: 'finding', at: 'src/b.ts:40', wants: 'explain' }],
    ['why?', { kind: 'finding', at: 'src/a.ts:12', wants: 'explain' }],
  ])('%s', (text, pointed) => {
    expect(pointedAt(text, [PAGES, REVIEW])).toEqual(pointed);
  });

  test('what was asked before, where no finding was shown', () => {
    expect(pointedAt('and what does it cost?', [PAGES])).toEqual({
      kind: 'question',
      text: 'How should we page through the orders?\nand what does it cost?',
    });
  });

  test('nothing: it stands alone, there is nothing before it, or not so many findings', () => {
    expect(pointedAt('Which football team won?', [REVIEW])).toBeUndefined();
    expect(pointedAt('Why is that dangerous?', [])).toBeUndefined();
    expect(pointedAt('Why is that dangerous?')).toBeUndefined();
    expect(pointedAt('and the fifth one?', [REVIEW])).toBeUndefined();
  });
});

describe('the guide goes on with a thread', () => {
  const guide = offlineGuide(openLibrary(readPlaybooks(), ruleDescriptions));
  const grounding = fakeGrounding();
  const ask = async (text: string, thread: readonly { question: string; answer: string }[]): Promise<string> =>
    (await wholeAnswer(guide.answer({ text, thread }, grounding))).markdown;
  const shown = `${FINDING.file}:${FINDING.line}`;

  test('explains the finding that it has shown, and shows its fix', async () => {
    const thread = [{ question: '/review', answer: `- [${shown}](${FINDING.file}#L${FINDING.line})` }];
    expect(await ask('Why is that dangerous?', thread)).toContain(FINDING.why);
    expect(await ask('How do I fix it?', thread)).toMatch(/ready fix|```diff/);
    expect(await ask('Why is that dangerous?', [])).toContain(NOTHING);
  });

  test('answers to what was asked before', async () => {
    const alone = await ask('and what does it cost?', []);
    const after = await ask('and what does it cost?', [PAGES]);
    expect(alone).toContain(NOTHING);
    expect(after).toMatch(/keyset|cursor/i);
  });
});
