import { describe, expect, test } from 'vitest';
import { kept, linkAt, pageTurn, type Turn, textOf, turnsIn, withText } from '../../src/extension/view/conversation';
import { pageOf, policyOf } from '../../src/extension/view/page';

const turn = (id: string, more: Partial<Turn> = {}): Turn => ({
  id,
  asked: `question ${id}`,
  folder: 'file:///shop',
  by: 'Offline Guide',
  state: 'answered',
  blocks: [{ kind: 'text', markdown: `answer ${id}` }],
  references: [],
  followUps: [],
  ...more,
});

const rule = { title: '$(book) Open n-plus-one', command: 'backendReviewer.showRule', arguments: ['n-plus-one'] };

describe('the turns of a conversation', () => {
  test('text that comes in pieces is one block, until there are buttons', () => {
    const blocks = withText(withText([], '| a |\n'), '|---|\n');
    expect(blocks).toEqual([{ kind: 'text', markdown: '| a |\n|---|\n' }]);
    const after = withText([...blocks, { kind: 'links', links: [rule] }], 'more');
    expect(after).toHaveLength(3);
    expect(textOf(turn('1', { blocks: after }))).toBe('| a |\n|---|\nmore');
  });

  test('the page gets the titles of buttons, and nothing of what they run', () => {
    const shown = pageTurn(turn('1', { blocks: [{ kind: 'links', links: [rule] }] }));
    expect(shown.blocks).toEqual([{ kind: 'buttons', titles: ['Open n-plus-one'] }]);
    expect(JSON.stringify(shown)).not.toMatch(/showRule|file:\/\/\//);
  });

  test('a button runs what stands at its place, and only what an answer may offer', () => {
    const foreign = { title: 'x', command: 'workbench.action.quit', arguments: [] };
    const turns = [turn('1', { blocks: [{ kind: 'links', links: [rule, foreign] }] })];
    expect(linkAt(turns, '1', 0, 0)).toEqual(rule);
    expect(linkAt(turns, '1', 0, 1)).toBeUndefined();
    expect(linkAt(turns, '1', 0, 2)).toBeUndefined();
    expect(linkAt(turns, '1', 1, 0)).toBeUndefined();
    expect(linkAt(turns, '2', 0, 0)).toBeUndefined();
  });

  test('the newest are kept, as far as they fit', () => {
    const many = Array.from({ length: 60 }, (_, index) => turn(String(index)));
    expect(kept(many).map(({ id }) => id)).toEqual(many.slice(-40).map(({ id }) => id));
    const large = ['a', 'b', 'c'].map(id => turn(id, { blocks: [{ kind: 'text', markdown: id.repeat(150_000) }] }));
    expect(kept(large).map(({ id }) => id)).toEqual(['b', 'c']);
  });

  test('what an earlier window kept is read with care', () => {
    expect(turnsIn(undefined)).toEqual([]);
    expect(turnsIn({ turns: [] })).toEqual([]);
    expect(turnsIn([{ id: 1 }, { ...turn('1'), blocks: [{}] }, null, turn('2')])).toEqual([turn('2')]);
    expect(turnsIn([turn('3', { state: 'answering' })])[0]?.state).toBe('stopped');
  });
});

describe('the page', () => {
  const parts = {
    script: 'https://v/conversation.js',
    style: 'https://v/conversation.css',
    source: 'https://v',
    nonce: 'n0',
  };

  test('loads its own script and style, and nothing else', () => {
    expect(policyOf(parts)).toBe("default-src 'none'; script-src 'nonce-n0'; style-src https://v");
    const page = pageOf(parts);
    expect(page.match(/<script\b[^>]*>/g)).toEqual(['<script nonce="n0" src="https://v/conversation.js">']);
    expect(page).not.toMatch(/\son\w+=|\sstyle=|unsafe/);
  });
});
