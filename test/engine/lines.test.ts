import { expect, test } from 'vitest';
import { linesOf } from '../../src/engine/lines';

test.each([
  ['the first character', 'ab\ncd', 0, { line: 1, column: 1 }],
  ['behind the last of a line', 'ab\ncd', 2, { line: 1, column: 3 }],
  ['the first of the next line', 'ab\ncd', 3, { line: 2, column: 1 }],
  ['the end', 'ab\ncd', 5, { line: 2, column: 3 }],
  ['carriage return and line feed are one break', 'ab\r\ncd', 4, { line: 2, column: 1 }],
  ['a carriage return alone is one too', 'ab\rcd', 3, { line: 2, column: 1 }],
  ['a character outside the basic plane takes two columns', '😀x', 2, { line: 1, column: 3 }],
  ['an offset behind the text is its end', 'ab', 99, { line: 1, column: 3 }],
  ['an offset before the text is its start', 'ab', -1, { line: 1, column: 1 }],
  ['behind a final line break', 'ab\n', 3, { line: 2, column: 1 }],
])('%s', (_, text, offset, position) => {
  expect(linesOf(text).positionAt(offset)).toEqual(position);
});

test('the text of a line has no line break, whichever it was', () => {
  const lines = linesOf('one\r\ntwo\rthree\n');
  expect([1, 2, 3, 4, 5, 0].map(lines.textOf)).toEqual(['one', 'two', 'three', '', '', '']);
  expect(lines.count).toBe(4);
});

test('starts and ends frame the text', () => {
  const text = 'a\r\nbc\n';
  const lines = linesOf(text);
  expect(text.slice(lines.startOf(2), lines.endOf(2))).toBe('bc');
  expect(lines.startOf(9)).toBe(text.length);
});
