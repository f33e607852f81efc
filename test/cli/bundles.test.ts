/** What the build lays into its folder: the engine once, and front doors that are light until they need it. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { builtInto } from './mcp/client';

const dist = mkdtempSync(join(tmpdir(), 'bundles-'));

beforeAll(() => {
  writeFileSync(join(dist, 'of-an-earlier-build.js'), '');
  builtInto(dist);
}, 120_000);
afterAll(() => rmSync(dist, { recursive: true, force: true }));

test('rules and library tables lie in one bundle alone', () => {
  const holding = (text: string): string[] =>
    readdirSync(dist).filter(name => name.endsWith('.js') && readFileSync(join(dist, name), 'utf8').includes(text));
  expect(holding('irreversible-migration')).toEqual(['review.js']);
  expect(holding('PrismaClient.$queryRawUnsafe')).toEqual(['review.js']);
});

test.each([
  ['cli.js', 60],
  ['server.js', 2],
  ['mcp.js', 450],
])('%s is below %d KiB', (name, most) => {
  expect(statSync(join(dist, name)).size / 1024).toBeLessThan(most);
});

test('a bundle that is built no more is gone', () => {
  expect(existsSync(join(dist, 'of-an-earlier-build.js'))).toBe(false);
});
