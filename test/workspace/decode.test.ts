import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { decode, isMinified, readSource, SIZE_LIMIT } from '../../src/workspace/decode';
import { nodeFiles } from '../../src/workspace/fileAccess';

const CODE = "const naïve = pool.query('SELECT 1');\n".repeat(20);
const ASCII = "const a = pool.query('SELECT 1');\n".repeat(20);

const utf16 = (text: string, bigEndian: boolean, mark: boolean): Uint8Array => {
  const little = Buffer.from(mark ? `\uFEFF${text}` : text, 'utf16le');
  return new Uint8Array(bigEndian ? little.swap16() : little);
};
const bytes = (text: string) => new TextEncoder().encode(text);

describe('text', () => {
  test.each([
    ['UTF-8', bytes(CODE), CODE, 'utf-8', false],
    ['UTF-8 with a byte order mark, which no offset counts', bytes(`\uFEFF${CODE}`), CODE, 'utf-8', true],
    ['UTF-16, little end first, with a mark', utf16(CODE, false, true), CODE, 'utf-16le', true],
    ['UTF-16, big end first, with a mark', utf16(CODE, true, true), CODE, 'utf-16be', true],
    ['UTF-16, little end first, without', utf16(ASCII, false, false), ASCII, 'utf-16le', false],
    ['UTF-16, big end first, without', utf16(ASCII, true, false), ASCII, 'utf-16be', false],
    ['Windows-1252', new Uint8Array(Buffer.from(CODE, 'latin1')), CODE, 'windows-1252', false],
    ['characters outside the basic plane', bytes('"😀"'), '"😀"', 'utf-8', false],
    ['one character', bytes('x'), 'x', 'utf-8', false],
    ['a mark alone', new Uint8Array([0xef, 0xbb, 0xbf]), '', 'utf-8', true],
  ])('%s', (_, encoded, text, encoding, byteOrderMark) => {
    expect(decode(encoded)).toEqual({ text, encoding, byteOrderMark });
  });
});

describe('no text', () => {
  test.each([
    ['empty', new Uint8Array(), 'empty'],
    ['zeros among the bytes', new Uint8Array([1, 2, 0, 4, 5, 6, 7]), 'binary'],
    ['an image', new Uint8Array([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13, 0x49]), 'binary'],
    ['controls without zeros', new Uint8Array(200).map((_, at) => (at % 7) + 1), 'binary'],
    ['controls in what is no UTF-8', new Uint8Array(200).map((_, at) => (at % 2 ? 0xff : 1)), 'binary'],
    ['larger than the limit', new Uint8Array(SIZE_LIMIT + 1).fill(32), 'larger than 2 MB'],
    [
      'a mark that is not kept',
      new Uint8Array([0xef, 0xbb, 0xbf, 0xff, 0xff]),
      'not the UTF-8 that its byte order mark says',
    ],
  ])('%s', (_, encoded, reason) => {
    expect(decode(encoded)).toEqual({ reason });
  });

  test('exactly the limit is still text', () => {
    expect(decode(new Uint8Array(SIZE_LIMIT).fill(32))).toMatchObject({ encoding: 'utf-8' });
  });
});

/** A script of 200 functions in lines, and what each is called. */
const bundled = (nameOf: (index: number) => string): string =>
  Array.from({ length: 200 }, (_, index) => `function ${nameOf(index)}(value) {\n  return value + 1;\n}\n`).join('');

test.each([
  ['code', 'const a = 1;\n'.repeat(1000), false],
  ['a bundle in one line', 'a=b;'.repeat(5000), true],
  ['a bundle below its licence', `/*\n${' * x\n'.repeat(20)} */\n${'a=b;'.repeat(50_000)}`, true],
  ['one long line in much code', `${'const a = 1;\n'.repeat(1000)}const b = '${'x'.repeat(20_000)}';`, false],
  ['a short line', 'a=b;'.repeat(100), false],
  ['a bundle that keeps its lines', bundled(index => 'abcdefghijklmnopqrstuvwxyz'.charAt(index % 26)), true],
  ['the same with names of two letters', bundled(index => `${'abcdefghij'.charAt(index % 10)}${index % 9}`), true],
  ['code with names', bundled(index => `total${index}`), false],
  ['code that names things by a few letters', bundled(index => 'abcde'.charAt(index % 5)), false],
  [
    'code with names and counters',
    bundled(index => (index % 3 === 0 ? `total${index}` : 'ijklmnopqrstuvwxyzabcdefg'.charAt(index % 25))),
    false,
  ],
])('%s is minified: %s', (_, text, expected) => {
  expect(isMinified(text)).toBe(expected);
});

describe('from the disk', () => {
  const folder = mkdtempSync(join(tmpdir(), 'decode-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'a.ts'), CODE);
  writeFileSync(join(folder, 'big.ts'), 'x'.repeat(SIZE_LIMIT + 1));
  writeFileSync(join(folder, 'min.js'), 'a=b;'.repeat(5000));
  writeFileSync(join(folder, 'dump.sql'), 'INSERT INTO a VALUES (1);'.repeat(5000));
  mkdirSync(join(folder, 'sub'));
  symlinkSync('circle', join(folder, 'circle'));

  test.each([
    ['a.ts', { text: CODE }],
    ['big.ts', { reason: 'larger than 2 MB' }],
    ['min.js', { reason: 'minified' }],
    ['dump.sql', { encoding: 'utf-8' }],
    ['sub', { reason: 'it is a folder' }],
    ['gone.ts', { reason: 'it is gone' }],
    ['a.ts/b.ts', { reason: 'it is gone' }],
    ['circle', { reason: 'cannot be read: its symbolic links lead in a circle' }],
  ])('%s', async (name, expected) => {
    expect(await readSource(nodeFiles, join(folder, name))).toMatchObject(expected);
  });
});
