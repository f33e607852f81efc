/** Where the parser's WebAssembly lies. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SyntaxFiles } from '../syntax/parsers';

/** As the build lays it down: `tree-sitter.wasm` and `grammars/` in `folder`. */
export const syntaxFilesIn = (folder: string): SyntaxFiles => ({
  engineWasm: () => readFile(join(folder, 'tree-sitter.wasm')),
  grammar: name => readFile(join(folder, 'grammars', `tree-sitter-${name}.wasm`)),
});
