import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { describe, expect, test } from 'vitest';
import type { Module } from '../../../src/program/model';
import { printModule } from '../../../src/program/print';
import { createParsers } from '../../../src/syntax/parsers';
import { readPrograms, withoutHead } from '../programs/readPrograms';
import { misplacedIn } from '../programs/spans';
import { lowerPython } from './lowering';

const require = createRequire(import.meta.url);
const parsers = createParsers({
  engineWasm: () => readFile(require.resolve('web-tree-sitter/web-tree-sitter.wasm')),
  grammar: name => readFile(require.resolve(`@vscode/tree-sitter-wasm/wasm/tree-sitter-${name}.wasm`)),
});

const programs = readPrograms().flatMap(({ name, sources, model }) => {
  const python = sources.get('python');
  return python === undefined ? [] : [{ name, python, model, others: sources.size - 1 }];
});

const named = programs.map(program => [program.name, program] as const);

test('at least ten programs are written in Python and in another language', () => {
  expect(programs.filter(program => program.others > 0).length).toBeGreaterThanOrEqual(10);
});

async function lowered(text: string): Promise<Module> {
  const tree = (await parsers.parser('python')).parse(text);
  try {
    return lowerPython(tree, 'program.py');
  } finally {
    tree.delete();
  }
}

describe('a program prints the same from Python', () => {
  test.each(named)('%s', async (_, { python, model }) => {
    expect(withoutHead(printModule(await lowered(python)))).toBe(model);
  });
});

describe('every node stands where its span says', () => {
  test.each(named)('%s', async (_, { python }) => {
    expect(misplacedIn(await lowered(python), python)).toEqual([]);
  });
});
