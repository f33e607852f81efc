import { expect, test } from 'vitest';
import { didYouMean, editDistance, listed, nearest } from '../../src/engine/nearest';

const DIALECTS = ['postgresql', 'mysql', 'mariadb', 'sqlite', 'transactsql'];
const RULES = ['sql-injection', 'n-plus-one', 'irreversible-migration', 'unused-suppression'];

test.each([
  ['postgre', DIALECTS, 'postgresql'],
  ['postgres', DIALECTS, 'postgresql'],
  ['PostgreSQL', DIALECTS, 'postgresql'],
  ['msyql', DIALECTS, 'mysql'],
  ['sqlite3', DIALECTS, 'sqlite'],
  ['sql-injecton', RULES, 'sql-injection'],
  ['nplusone', RULES, 'n-plus-one'],
  ['irreversable-migration', RULES, 'irreversible-migration'],
  ['warn', ['off', 'info', 'warning', 'error'], 'warning'],
  ['oracle', DIALECTS, undefined],
  ['x', ['off', 'on'], undefined],
  ['', ['off', 'on'], undefined],
  ['completely-different', RULES, undefined],
])('%s', (word, candidates, expected) => {
  expect(nearest(word, candidates)).toBe(expected);
});

test('the end of a message is the nearest name, else all there are', () => {
  expect(didYouMean('mysq', DIALECTS)).toBe('did you mean "mysql"?');
  expect(didYouMean('oracle', ['mysql', 'sqlite'])).toBe('it can be "mysql" or "sqlite"');
  expect(didYouMean('x', [])).toBe('nothing is known by that name');
});

test.each([
  ['sale', 'sale', 0],
  ['sale', 'sael', 1],
  ['orders', 'order', 1],
  ['ca', 'abc', 3],
  ['', 'abc', 3],
  ['kitten', 'sitting', 3],
])('%s is so far from %s, and no limit above that changes it', (from, to, distance) => {
  expect(editDistance(from, to)).toBe(distance);
  expect(editDistance(from, to, distance + 1)).toBe(distance);
  for (let limit = 1; limit <= distance; limit++) expect(editDistance(from, to, limit)).toBeGreaterThanOrEqual(limit);
});

test.each([
  [[], ''],
  [['a'], 'a'],
  [['a', 'b'], 'a or b'],
  [['a', 'b', 'c'], 'a, b or c'],
])('%j listed', (items, text) => {
  expect(listed(items)).toBe(text);
});
