import { expect, test } from 'vitest';
import { linesOf } from '../../src/engine/lines';
import { fixDiff } from '../../src/workspace/fixDiff';

const TEXT = 'one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\nnine\nten\neleven\n';

/** Each edit replaces the first `old` with `new`; an empty `old` inserts at the end of the text. */
const diff = (edits: readonly (readonly [old: string, text: string])[], text = TEXT) => {
  const lines = linesOf(text);
  return fixDiff(
    {
      title: '',
      safety: 'safe',
      edits: edits.map(([old, newText]) => {
        const start = old === '' ? text.length : text.indexOf(old);
        const end = start + old.length;
        return {
          at: { path: '/a.ts', start: lines.positionAt(start), end: lines.positionAt(end), offsets: { start, end } },
          newText,
        };
      }),
    },
    () => text,
    () => 'a.ts',
  )
    .slice(2)
    .join('\n');
};

test.each([
  ['a word', [['five', 'FIVE']], '@@ -3,5 +3,5 @@\n three\n four\n-five\n+FIVE\n six\n seven'],
  ['a whole line', [['five\n', '']], '@@ -3,5 +3,4 @@\n three\n four\n-five\n six\n seven'],
  ['a new line', [['five', 'and\nfive']], '@@ -3,4 +3,5 @@\n three\n four\n+and\n five\n six'],
  ['the first line', [['one', '1']], '@@ -1,3 +1,3 @@\n-one\n+1\n two\n three'],
  ['the end', [['', 'twelve\n']], '@@ -10,2 +10,3 @@\n ten\n eleven\n+twelve'],
  [
    'two words in a line',
    [
      ['fi', 'FI'],
      ['ve', 'VE'],
    ],
    '@@ -3,5 +3,5 @@\n three\n four\n-five\n+FIVE\n six\n seven',
  ],
  [
    'two lines near each other',
    [
      ['three', '3'],
      ['six', '6'],
    ],
    '@@ -1,8 +1,8 @@\n one\n two\n-three\n+3\n four\n five\n-six\n+6\n seven\n eight',
  ],
  [
    'two lines far apart',
    [
      ['one\n', ''],
      ['eleven', '11'],
    ],
    '@@ -1,3 +1,2 @@\n-one\n two\n three\n@@ -9,3 +8,3 @@\n nine\n ten\n-eleven\n+11',
  ],
  ['nothing', [['five', 'five']], ''],
] satisfies [string, [string, string][], string][])('%s', (_, edits, expected) => {
  expect(diff(edits)).toBe(expected);
});

test('Windows line breaks are no change', () => {
  expect(diff([['b', 'B']], 'a\r\nb\r\nc\r\n')).toBe('@@ -1,3 +1,3 @@\n a\n-b\n+B\n c');
});
