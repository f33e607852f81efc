import { expect, test } from 'vitest';
import { chunk, toCsv } from '../../src/domain/csv';

test('quotes what needs quotes', () => {
  expect(toCsv(['name', 'note'], [{ name: 'Teapot, 1.2 l', note: 'said "fine"' }])).toBe(
    'name,note\n"Teapot, 1.2 l","said ""fine"""\n',
  );
});

test('leaves missing values empty', () => {
  expect(toCsv(['a', 'b'], [{ a: 1, b: null }])).toBe('a,b\n1,\n');
});

test('chunks keep the order and the rest', () => {
  expect(chunk([1, 2, 3, 4, 5], 2)).toEqual([[1, 2], [3, 4], [5]]);
  expect(chunk([], 2)).toEqual([]);
});
