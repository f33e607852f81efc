/** Threads lower as this thread does, and what they cannot do is done in place. */
import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { FRONT_ENDS } from '../../src/workspace/frontEnds';
import { lowererThreads } from '../../src/workspace/lowererThreads';
import { lowered } from '../../src/workspace/lowering';
import { openProduct } from '../../src/workspace/product';
import { parsers, syntaxFiles } from '../syntax/parsers';
import { memoryFiles } from './memoryFiles';

const root = join(import.meta.dirname, '../..');
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'backend-reviewer-threads-'));
  await build({
    entryPoints: [join(root, 'src/workspace/lowererThread.ts')],
    outfile: join(folder, 'lowererThread.js'),
    bundle: true,
    platform: 'node',
    format: 'cjs',
    logLevel: 'error',
    alias: { 'web-tree-sitter': join(root, 'node_modules/web-tree-sitter/web-tree-sitter.cjs') },
  });
  await mkdir(join(folder, 'grammars'));
  const modules = join(root, 'node_modules');
  await copyFile(join(modules, 'web-tree-sitter/web-tree-sitter.wasm'), join(folder, 'tree-sitter.wasm'));
  await copyFile(
    join(modules, '@vscode/tree-sitter-wasm/wasm/tree-sitter-typescript.wasm'),
    join(folder, 'grammars/tree-sitter-typescript.wasm'),
  );
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const text = (name: string) =>
  `import { Pool } from 'pg';\nconst pool = new Pool();\nexport class ${name} { find(id: string) { return pool.query(\`SELECT 1 FROM a WHERE b = '\${id}'\`); } }\n`;
const rules = new Set(['sql-injection']);
const texts = Array.from({ length: 90 }, (_, index) => ({ file: `src/m${index}.ts`, text: text(`M${index}`) }));

test('a thread gives the module that this thread makes', async () => {
  const modules = await lowererThreads(join(folder, 'lowererThread.js'), 2).lower([
    ...texts,
    { file: 'notes.txt', text: 'no language' },
  ]);
  expect(modules).toHaveLength(91);
  for (const [index, each] of texts.entries()) expect(modules[index]).toEqual(await lowered(each, parsers, FRONT_ENDS));
  expect(modules[90]).toBeUndefined();
});

test('findings are the same with threads and without', async () => {
  const files = memoryFiles(Object.fromEntries(texts.map(each => [`/project/${each.file}`, each.text])));
  const lowerers = lowererThreads(join(folder, 'lowererThread.js'), 2);
  const [beside, inPlace] = [{ lowerers }, {}].map(options =>
    openProduct({ syntax: syntaxFiles, files, ...options }).createReviewer('/project'),
  );
  const names = texts.map(({ file }) => file);
  await beside?.prepare(names);
  for (const name of names) {
    const review = await beside?.review(name, { rules });
    expect(review?.findings).toHaveLength(1);
    expect(review).toEqual(await inPlace?.review(name, { rules }));
  }
});

test('a thread that cannot start is told of, and costs no file', async () => {
  const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
  const files = memoryFiles(Object.fromEntries(texts.map(each => [`/project/${each.file}`, each.text])));
  const product = openProduct({ syntax: syntaxFiles, files, lowerers: lowererThreads(join(folder, 'missing.js'), 2) });
  const reviewer = product.createReviewer('/project');
  await reviewer.prepare(texts.map(({ file }) => file));
  expect((await reviewer.review('src/m7.ts', { rules })).findings).toHaveLength(1);
  expect(warned.mock.calls[0]?.[0]).toMatch(/could not lower .* files: Cannot find module/);
  warned.mockRestore();
});
