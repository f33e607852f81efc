/** The parts of the chat that need no VS Code: who answers, what a request asks, how an answer is drawn. */
import { describe, expect, test } from 'vitest';
import { questionOf } from '../../src/extension/chat/asked';
import { drawingOn, followUpOf, linksAsMarkdown, type Surface, unwrapped } from '../../src/extension/chat/drawing';
import { SentLog } from '../../src/extension/chat/sentLog';
import { GUIDE, VENDOR, whoAnswers } from '../../src/extension/chat/whoAnswers';
import type { AnswerPart } from '../../src/persona/answer';

describe('who answers', () => {
  const copilot = { vendor: 'copilot', id: 'gpt-5', name: 'GPT-5' };
  const own = { vendor: VENDOR, id: 'endpoint/llama', name: 'llama' };
  const trusting = { isTrusted: true, agreed: [] };

  test('one that VS Code has preselected waits for the person', () => {
    expect(whoAnswers(copilot, trusting)).toEqual({ kind: 'guide-until-agreed', key: 'copilot/gpt-5' });
    expect(whoAnswers(copilot, { isTrusted: true, agreed: ['copilot/gpt-4'] }).kind).toBe('guide-until-agreed');
    expect(whoAnswers(copilot, { isTrusted: true, agreed: ['copilot/gpt-5'] })).toEqual({ kind: 'model' });
  });

  test('one that was set up with our command is a choice', () => {
    expect(whoAnswers(own, trusting)).toEqual({ kind: 'model' });
  });

  test('the guide, where it is selected, where nothing is, and wherever there is no trust', () => {
    expect(whoAnswers({ vendor: VENDOR, id: GUIDE, name: '' }, trusting)).toEqual({ kind: 'guide' });
    expect(whoAnswers(undefined, trusting)).toEqual({ kind: 'guide' });
    for (const model of [copilot, own])
      expect(whoAnswers(model, { isTrusted: false, agreed: ['copilot/gpt-5'] })).toEqual({ kind: 'guide' });
  });
});

describe('what is asked', () => {
  const nothing = { references: [], history: [] };
  const file = { uri: 'file:///w/a.ts' };

  test('a command and its words, the editor as focus', () => {
    expect(questionOf({ ...nothing, prompt: ' src ', command: 'review', editor: file })).toEqual({
      text: '/review src',
      focus: file,
    });
  });

  test('what is attached is taken out of the words; what VS Code adds by itself is no attachment', () => {
    const asked = questionOf({
      ...nothing,
      prompt: 'is #file:a.ts right?',
      references: [
        { range: [3, 13], place: file },
        { place: { uri: 'file:///w/b.ts' }, implicit: true },
        { text: 'a stack trace' },
      ],
    });
    expect(asked).toEqual({
      text: 'is right?\n\na stack trace',
      attached: [file],
      focus: { uri: 'file:///w/b.ts' },
    });
  });

  test('the thread, without turns that were not answered', () => {
    const { thread } = questionOf({
      ...nothing,
      prompt: 'and now?',
      history: [{ asked: 'a.ts', command: 'review' }, { said: 'One ' }, { said: 'finding.' }, { asked: 'lost' }],
    });
    expect(thread).toEqual([{ question: '/review a.ts', answer: 'One finding.' }]);
  });
});

describe('how it is drawn', () => {
  function drawn(parts: readonly AnswerPart[], { folder }: { folder?: string } = { folder: 'file:///w' }) {
    const log: string[] = [];
    const surface: Surface = {
      text: markdown => log.push(`text ${markdown}`),
      links: links => log.push(`links ${links.map(({ title, command }) => `${title} ${command}`).join(', ')}`),
      reference: ({ file }) => log.push(`reference ${file}`),
      progress: says => log.push(`progress ${says}`),
    };
    const drawing = drawingOn(surface, folder);
    for (const part of parts) drawing.add(part);
    return { log, end: drawing.end() };
  }
  const text = (markdown: string): AnswerPart => ({ kind: 'text', markdown });
  const fix: AnswerPart = {
    kind: 'action',
    action: { kind: 'apply-fix', title: 'Bind q', file: 'a.ts', fingerprint: 'f', fix: 0 },
  };
  const rule: AnswerPart = { kind: 'action', action: { kind: 'show-rule', title: 'Open x', rule: 'x' } };

  test('actions of one finding stand below it, in one line; progress ends with the first word', () => {
    const { log, end } = drawn([
      { kind: 'progress', says: 'looks' },
      text('one'),
      fix,
      rule,
      { kind: 'reference', reference: { file: 'a.ts' } },
      { kind: 'reference', reference: { file: 'a.ts' } },
      text('two'),
      { kind: 'progress', says: 'looks again' },
      fix,
      { kind: 'follow-up', ask: '/fix f' },
      { kind: 'follow-up', ask: '/fix f' },
    ]);
    const links = 'Bind q backendReviewer.applyFinding';
    expect(log).toEqual([
      'progress looks',
      'text one',
      'reference a.ts',
      `links ${links}, Open x backendReviewer.showRule`,
      'text two',
      `links ${links}`,
    ]);
    expect(end).toEqual({ followUps: [{ ask: '/fix f' }], hasText: true });
  });

  test('without a folder there is nothing to act on', () => {
    const { log } = drawn([text('one'), fix], {});
    expect(log).toEqual(['text one']);
  });

  test('a name from the code cannot add a link to our own ones', () => {
    const markdown = linksAsMarkdown([
      {
        title: 'Bind x](command:workbench.action.terminal.new) [y`$(zap)\nz',
        command: 'backendReviewer.applyFinding',
        arguments: [{ file: "a)](command:evil).ts'", folder: 'file:///w' }],
      },
    ]);
    expect(markdown.match(/(?<!\\)\]\(/g)).toHaveLength(1);
    expect(markdown).toMatch(/^\[Bind x\\\]/);
    expect(/\((command:[^)]*)\)\n\n$/.exec(markdown)?.[1]).toBe(
      `command:backendReviewer.applyFinding?${encodeURIComponent(JSON.stringify([{ file: "a)](command:evil).ts'", folder: 'file:///w' }])).replace(/[()']/g, sign => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)}`,
    );
  });

  test('a paragraph is one line; lists, tables, quotes and code keep theirs', () => {
    const kept = '# Head\n\n- one\n  two\n- three\n\n| a |\n|---|\n\n> q\n> r\n\n```ts\na();\nb();\n```\n1. x\n2. y';
    expect(unwrapped(kept)).toBe(kept);
    expect(unwrapped('A page of 50 orders\nmakes 51 round trips.\n\n**Bold** begins\nand goes on\n- item\n')).toBe(
      'A page of 50 orders makes 51 round trips.\n\n**Bold** begins and goes on\n- item\n',
    );
    expect(unwrapped('**What I would do**\n- a\nof it\n')).toBe('**What I would do**\n- a of it\n');
  });

  test('a follow-up that is a command is sent as one', () => {
    expect(followUpOf({ ask: '/fix abc', title: 'Show the fix' }, ['fix'])).toEqual({
      prompt: 'abc',
      label: 'Show the fix',
      command: 'fix',
    });
    expect(followUpOf({ ask: '/etc is full' }, ['fix'])).toEqual({ prompt: '/etc is full', label: '/etc is full' });
  });
});

test('what was sent is shown word for word, newest first, and no more than is kept', () => {
  const log = new SentLog();
  expect(log.asText()).toMatch(/^Nothing was sent/);
  for (let index = 0; index < 60; index += 1)
    log.add({
      at: new Date(index),
      model: 'gpt-x',
      host: 'models.example',
      by: '@backend',
      request: { messages: [{ role: 'user', text: `question ${index}.` }], tools: [], mayCall: false },
    });
  expect(log.asText()).toMatch(/^1970-01-01T00:00:00\.059Z {2}@backend → gpt-x \(models\.example\)/);
  expect(log.asText()).toContain('── user\nquestion 59.');
  expect(log.asText()).not.toContain('question 9.');
});
