import { expect, test } from 'vitest';
import { didYouMean, listed, nearest } from '../../src/engine/nearest';

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
  [[], ''],
  [['a'], 'a'],
  [['a', 'b'], 'a or b'],
  [['a', 'b', 'c'], 'a, b or c'],
])('%j listed', (items, text) => {
  expect(listed(items)).toBe(text);
});
