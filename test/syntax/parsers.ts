/** The parsers as tests use them: engine and grammars from `node_modules`. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createParsers, type GrammarName, type SyntaxFiles, type SyntaxTree } from '../../src/syntax/parsers';

const require = createRequire(import.meta.url);
const grammars = join(dirname(require.resolve('@vscode/tree-sitter-wasm/package.json')), 'wasm');

export const syntaxFiles: SyntaxFiles = {
  engineWasm: () => readFile(require.resolve('web-tree-sitter/web-tree-sitter.wasm')),
  grammar: name => readFile(join(grammars, `tree-sitter-${name}.wasm`)),
};

export const parsers = createParsers(syntaxFiles);

export async function parse(grammar: GrammarName, text: string): Promise<SyntaxTree> {
  return (await parsers.parser(grammar)).parse(text);
}
