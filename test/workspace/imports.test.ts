import { describe, expect, test } from 'vitest';
import { candidatesOf } from '../../src/workspace/imports';

describe('candidatesOf', () => {
  test.each([
    ['src/a.ts', './b', 'src/b.ts'],
    ['src/a.ts', '../db/pool', 'db/pool.ts'],
    ['src/a.ts', './b.js', 'src/b.ts'],
    ['src/a.ts', '.', 'src/index.ts'],
    ['a.ts', './lib', 'lib.ts'],
    ['a.js', './lib/', 'lib/index.js'],
    ['src/a.mts', './b.mjs', 'src/b.mts'],
    ['src/a.ts', './orders.repository', 'src/orders.repository.ts'],
  ])('from %s, %s may be %s', (from, specifier, file) => {
    expect(candidatesOf(from, specifier)).toContain(file);
  });

  test.each(['pg', '@scope/pkg', 'node:fs', '/abs', '../../out'])('%s is no file of the project', specifier => {
    expect(candidatesOf('src/a.ts', specifier)).toEqual([]);
  });

  test('a written ending comes first', () => {
    expect(candidatesOf('a.js', './b.js')[0]).toBe('b.js');
  });
});
