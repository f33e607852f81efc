import { expect, test } from 'vitest';
import { codeFrame } from '../../src/cli/codeFrame';
import { colorsFor, harmless, layoutWidth, widthOf, wrapped } from '../../src/cli/terminal';
import { linesOf } from '../../src/engine/lines';

const frame = (text: string, start: number, end: number, width = 60, context = 1) => {
  const lines = linesOf(text);
  return codeFrame(
    lines,
    { start: lines.positionAt(start), end: lines.positionAt(end) },
    { colors: colorsFor(false, {}), width, mark: marked => marked, context },
  ).join('\n');
};

test.each([
  ['one word', 'a\nb cc d\ne', 4, 6, '1 │ a\n2 │ b cc d\n  │   ^^\n3 │ e'],
  ['the first line', 'aa\nb', 0, 2, '1 │ aa\n  │ ^^\n2 │ b'],
  ['an empty stretch', 'abc', 1, 1, '1 │ abc\n  │  ^'],
  ['the end of a line', 'abc', 3, 3, '1 │ abc\n  │    ^'],
  ['behind a tab', '\tabc', 1, 4, '1 │   abc\n  │   ^^^'],
  ['behind wide characters', '日本 ab', 3, 5, '1 │ 日本 ab\n  │      ^^'],
  ['no blank line as context', '\nab\n\nc', 1, 3, '2 │ ab\n  │ ^^'],
  ['several lines', 'f(\n  a,\n)\nb', 0, 9, '1 ┃ f(\n2 ┃   a,\n3 ┃ )\n4 │ b'],
  ['numbers of unequal length', `${'x\n'.repeat(9)}yy`, 18, 20, ' 9 │ x\n10 │ yy\n   │ ^^'],
  ['no text', '', 0, 0, ''],
])('%s', (_, text, start, end, expected) => {
  expect(frame(text, start, end)).toBe(expected);
});

test('many lines are cut', () => {
  const text = Array.from({ length: 20 }, (_, index) => `line ${index + 1}`).join('\n');
  const shown = frame(text, 0, text.length).split('\n');
  expect(shown).toHaveLength(7);
  expect(shown.at(-1)).toMatch(/│ ⋮/);
});

test('a long line keeps what is marked in sight', () => {
  const text = `${'a'.repeat(100)}XXXX${'b'.repeat(100)}`;
  const [line = '', underline = ''] = frame(text, 100, 104, 40).split('\n');
  expect(line.length).toBeLessThanOrEqual(40);
  expect(line.slice(underline.indexOf('^'), underline.lastIndexOf('^') + 1)).toBe('XXXX');
});

test('a mark longer than the line shown is cut with it', () => {
  const [line = '', underline = ''] = frame('x'.repeat(500), 0, 500, 40).split('\n');
  expect(underline.length).toBeLessThanOrEqual(line.length);
});

test.each([
  ['abc', 3],
  ['日本', 4],
  ['é', 1],
  ['e\u0301', 1],
  ['😀', 2],
  ['\u001b[31mred\u001b[39m', 3],
])('%j takes %d columns', (text, width) => {
  expect(widthOf(text)).toBe(width);
});

test('text wraps at spaces, and a long word stands alone', () => {
  expect(wrapped('aa bb cc', 5)).toEqual(['aa bb', 'cc']);
  expect(wrapped('a bbbbbbbb c', 4)).toEqual(['a', 'bbbbbbbb', 'c']);
  expect(wrapped('', 4)).toEqual(['']);
});

test('controls become visible', () => {
  expect(harmless('a\u001b\r\u007f\u0085')).toBe('a␛␍␡\ufffd');
});

test.each([
  [undefined, 100],
  [10, 50],
  [80, 80],
  [300, 120],
])('a terminal of %s columns is laid out for %d', (columns, width) => {
  expect(layoutWidth(columns)).toBe(width);
});
