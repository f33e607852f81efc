/** The lowering is total: whatever is in a file, it gives a model, and typing leads to the model that reading gives. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { typescriptFrontEnd } from '../../../src/languages/typescript/frontEnd';
import { printModule } from '../../../src/program/print';
import type { GrammarName } from '../../../src/syntax/parsers';
import { readModel } from '../../program/readModel';
import { parsers } from '../../syntax/parsers';
import { lower } from './lower';

const require = createRequire(import.meta.url);
const root = join(import.meta.dirname, '../../..');

const files: readonly (readonly [GrammarName, string])[] = [
  ['typescript', join(root, 'src/languages/typescript/expressions.ts')],
  ['typescript', join(root, 'src/languages/typescript/lowering.ts')],
  ['tsx', join(root, 'src/program/print.ts')],
  ['javascript', require.resolve('pg/lib/client.js')],
  ['javascript', require.resolve('picomatch/lib/parse.js')],
];

/** Numbers that look random and are the same every time (Park and Miller's generator). */
function* numbers(seed: number): Generator<number> {
  for (let state = seed; ; ) {
    state = (state * 48271) % 2147483647;
    yield state / 2147483647;
  }
}

describe('the beginnings of real files', () => {
  test.each(files)('%s, %s', async (grammar, file) => {
    const text = readFileSync(file, 'utf8');
    const parser = await parsers.parser(grammar);
    const random = numbers(20);
    for (let count = 0; count < 40; count += 1) {
      const beginning = text.slice(0, Math.floor((random.next().value ?? 0) * text.length));
      const tree = parser.parse(beginning);
      const printed = printModule(typescriptFrontEnd.lower({ tree, file: 'program' }));
      expect(printModule(readModel(printed))).toBe(printed);
      tree.delete();
    }
  });
});

describe('typing in real files', () => {
  test.each(files.slice(1, 4))('%s, %s', async (grammar, file) => {
    const parser = await parsers.parser(grammar);
    const random = numbers(7);
    const next = (below: number) => Math.floor((random.next().value ?? 0) * below);
    const typed = ['(', '}', '`', "'", '${', ' + ', '.', 'await ', '/*', '// x\n', 'if (', '\n', 'é😀', 'x = >'];
    let tree = parser.parse(readFileSync(file, 'utf8'));
    let module = typescriptFrontEnd.lower({ tree, file: 'program' });
    for (let count = 0; count < 25; count += 1) {
      const start = next(tree.text.length);
      const isRemoval = next(3) === 0;
      const change = {
        start,
        end: isRemoval ? start + next(30) : start,
        newText: isRemoval ? '' : (typed[next(typed.length)] ?? ''),
      };
      const undone = { start, end: start + change.newText.length, newText: tree.text.slice(start, change.end) };
      for (const each of [change, undone]) {
        tree = parser.reparse(tree, [each]);
        module = typescriptFrontEnd.lower({ tree, file: 'program', previous: module });
      }
    }
    // Every change was taken back: what was kept all the way is what a first reading gives.
    const fresh = parser.parse(tree.text);
    expect(printModule(module)).toBe(printModule(typescriptFrontEnd.lower({ tree: fresh, file: 'program' })));
    tree.delete();
    fresh.delete();
  });
});

describe('code that is deeper than any person writes it', () => {
  test.each([
    ['a sum of 5,000 texts', `x = ${Array.from({ length: 5000 }, (_, i) => `'${i}'`).join(' + ')};`],
    ['2,000 conditions', `x = ${'a ? b : '.repeat(2000)}c;`],
    ['2,000 calls in a chain', `x${'.f()'.repeat(2000)};`],
    ['2,000 lists in each other', `x = ${'['.repeat(2000)}${']'.repeat(2000)};`],
    ['1,000 blocks in each other', `${'{'.repeat(1000)}${'}'.repeat(1000)}`],
    ['1,000 else ifs', `${'if (a) b(); else '.repeat(1000)}c();`],
    ['500 functions in each other', `${'x = () => { '.repeat(500)}${'}'.repeat(500)}`],
    ['3,000 elements in each other', `x = ${'<a>'.repeat(3000)}{y}${'</a>'.repeat(3000)};`],
  ])('%s', async (_, text) => {
    const module = await lower(text, 'program.jsx');
    expect(module.top.function.body).toHaveLength(1);
  });

  test('nothing is lost of a long sum', async () => {
    const module = await lower(`x = ${Array.from({ length: 5000 }, (_, i) => `a${i}`).join(' + ')};`, 'program.js');
    const printed = printModule(module);
    expect(printed).toContain('x = a0 + a1 + a2 + ');
    expect(printed).toContain(' + a4998 + a4999\n');
  });
});

test('an empty file is an empty module', async () => {
  expect(printModule(await lower(''))).toBe('module "program.ts" typescript\ntop {}\n');
});

test('a byte order mark is no code', async () => {
  const module = await lower('\ufeffconst a = 1;');
  expect(module.problems).toEqual([]);
  expect(module.top.function.body[0]).toMatchObject({ kind: 'declare', start: 7 });
});

test('the parser is not said to have failed where only its grammar is narrow', async () => {
  const module = await lower('const rows = await sql<Row[]>`SELECT 1`;');
  expect(module.problems).toEqual([]);
});
