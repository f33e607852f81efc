import { expect, test } from 'vitest';
import { fingerprintOf, hash64, toldApart } from '../../src/engine/fingerprint';

const SOURCE = 'const a = 1;\n  pool.query(`SELECT ${id}`);\n';

/** The fingerprint of the first `needle` in a text. */
const of = (text: string, needle = 'id', { unit = 'a.ts#find', rule = 'sql-injection', file = 'a.ts' } = {}) => {
  const start = text.indexOf(needle);
  return fingerprintOf({ rule, file, unit, text, start, end: start + needle.length });
};

test.each([
  ['lines above', `// one\n\n// two\n${SOURCE}`],
  ['another indentation', SOURCE.replace('  pool', '\t\tpool')],
  ['other line breaks', SOURCE.replaceAll('\n', '\r\n')],
  ['spaces within the line', SOURCE.replace('pool.query(`', 'pool.query( `')],
  ['other code in other lines', SOURCE.replace('const a = 1', 'const b = 2')],
])('stays with %s', (_, text) => {
  expect(of(text)).toBe(of(SOURCE));
});

test.each([
  ['other flagged code', of(SOURCE.replace('id', 'ix'), 'ix')],
  ['other code in its line', of(SOURCE.replace('SELECT', 'DELETE'))],
  ['another rule', of(SOURCE, 'id', { rule: 'n-plus-one' })],
  ['another file', of(SOURCE, 'id', { file: 'b.ts', unit: 'b.ts#find' })],
  ['another function', of(SOURCE, 'id', { unit: 'a.ts#list' })],
])('changes with %s', (_, fingerprint) => {
  expect(fingerprint).not.toBe(of(SOURCE));
});

test('the number of an anonymous callback does not count', () => {
  expect(of(SOURCE, 'id', { unit: 'a.ts#app.get("/x")~1' })).toBe(of(SOURCE, 'id', { unit: 'a.ts#app.get("/x")~2' }));
});

test('a very long line counts only near what is flagged', () => {
  const near = `${'x;'.repeat(50_000)}query(id)${';y'.repeat(50_000)}`;
  const other = `${'z;'.repeat(10)}${near}${';w'.repeat(10)}`;
  expect(of(near, 'query(id)')).toBe(of(other, 'query(id)'));
});

test('FNV-1a as its authors publish it: over bytes, here two for each UTF-16 unit', () => {
  expect(hash64('')).toBe('cbf29ce484222325');
  // FNV-1a 64 of the bytes 61 00
  expect(hash64('a')).toBe('089be207b544f1e4');
});

test('equal ones are numbered in order', () => {
  expect(toldApart(['a', 'b', 'a', 'a', 'b'])).toEqual(['a', 'b', 'a:2', 'a:3', 'b:2']);
});
