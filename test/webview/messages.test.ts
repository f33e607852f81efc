import { describe, expect, test } from 'vitest';
import { LONGEST_QUESTION, messageFrom } from '../../src/webview/messages';

describe('what the page may say', () => {
  test('is taken where it is whole', () => {
    expect(messageFrom({ kind: 'ask', text: '/review' })).toEqual({ kind: 'ask', text: '/review' });
    expect(messageFrom({ kind: 'press', turn: 't', block: 1, button: 0, command: 'x' })).toEqual({
      kind: 'press',
      turn: 't',
      block: 1,
      button: 0,
    });
    expect(messageFrom({ kind: 'open', turn: 't', file: 'a.ts', line: 3 })).toEqual({
      kind: 'open',
      turn: 't',
      file: 'a.ts',
      line: 3,
    });
    expect(messageFrom({ kind: 'visit', url: 'https://example.com' })).toEqual({
      kind: 'visit',
      url: 'https://example.com',
    });
    expect(messageFrom({ kind: 'stop' })).toEqual({ kind: 'stop' });
  });

  test.each([
    undefined,
    null,
    'ask',
    {},
    { kind: 'run', command: 'workbench.action.quit' },
    { kind: 'ask', text: '  ' },
    { kind: 'ask', text: 5 },
    { kind: 'ask', text: 'x'.repeat(LONGEST_QUESTION + 1) },
    { kind: 'press', turn: 't', block: -1, button: 0 },
    { kind: 'press', turn: 't', block: 1.5, button: 0 },
    { kind: 'open', turn: 't', file: 7 },
    { kind: 'visit', url: 'command:workbench.action.quit' },
    { kind: 'visit', url: 'javascript:alert(1)' },
    { kind: 'copy', text: '' },
  ])('and else it is nothing: %j', message => {
    expect(messageFrom(message)).toBeUndefined();
  });
});
