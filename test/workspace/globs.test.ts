import { expect, test } from 'vitest';
import { matcherOf } from '../../src/workspace/globs';

test.each([
  ['src/**', '/r/src/a/b.ts', true],
  ['src/**', '/r/lib/a.ts', false],
  ['src', '/r/src/a/b.ts', true],
  ['src/', '/r/src/a/b.ts', true],
  ['./src', '/r/src/a.ts', true],
  ['/src', '/r/src/a.ts', true],
  ['src', '/r/lib/src/a.ts', false],
  ['**/src', '/r/lib/src/a.ts', true],
  ['**/*.gen.ts', '/r/a/b.gen.ts', true],
  ['*.ts', '/r/a.ts', true],
  ['*.ts', '/r/a/b.ts', false],
  ['{a,b}/**', '/r/b/x.ts', true],
  ['../other', '/other/a.ts', true],
  ['../other', '/r/other/a.ts', false],
  ['.', '/r/a.ts', true],
  ['..', '/x/a.ts', true],
  ['.hidden/**', '/r/.hidden/a.ts', true],
  ['**', '/r/.hidden/a.ts', true],
  ['src\\gen', '/r/src/gen/a.ts', true],
  ['src/**', '/elsewhere/src/a.ts', false],
])('%s and %s: %s', (pattern, path, expected) => {
  expect(matcherOf([{ base: '/r', pattern }])(path)).toBe(expected);
});

test("brackets in a folder's own name are no pattern", () => {
  expect(matcherOf([{ base: '/r/[id]', pattern: 'src' }])('/r/[id]/src/a.ts')).toBe(true);
});

test('no glob matches nothing', () => {
  expect(matcherOf([])('/r/a.ts')).toBe(false);
});
