import { expect, test } from 'vitest';
import { createResolutions } from '../../src/program/resolutions';

const resolutions = () => {
  const all = createResolutions();
  all.note('a to pool', { from: 'src/a.ts', specifier: './pool.js', found: 'src/pool.ts' });
  all.note('a to orders', { from: 'src/a.ts', specifier: './orders', found: undefined });
  all.note('a to pg', { from: 'src/a.ts', specifier: 'pg', found: undefined });
  all.note('b to folder', { from: 'src/b.ts', specifier: '..', found: undefined });
  return all;
};

test.each([
  ['what the file imports', 'src/a.ts', ['a to pool', 'a to orders', 'a to pg', 'b to folder']],
  ['what means the file', 'src/pool.ts', ['a to pool', 'b to folder']],
  ['what meant no file and may mean this one', 'src/orders/index.ts', ['a to orders', 'b to folder']],
  ['only what names nothing, for a file of another name', 'src/customers.ts', ['b to folder']],
])('a file touches %s', (_, file, keys) => {
  expect([...resolutions().touchedBy(file)].sort()).toEqual([...keys].sort());
});

test('an import that has found its file is open to no other', () => {
  const all = resolutions();
  all.note('a to orders', { from: 'src/a.ts', specifier: './orders', found: 'src/orders.ts' });
  expect(all.touchedBy('src/orders/index.ts')).toEqual(['b to folder']);
  expect(all.touchedBy('src/orders.ts')).toContain('a to orders');
});

test('an import whose file is gone is open again', () => {
  const all = resolutions();
  all.note('a to pool', { from: 'src/a.ts', specifier: './pool.js', found: undefined });
  expect(all.touchedBy('src/pool/index.ts')).toContain('a to pool');
});
