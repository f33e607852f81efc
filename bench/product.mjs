// The product as the benchmarks drive it: bundled once, in this process, with the WebAssembly that the build copies.
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, 'node_modules');

/** What the benchmarks use of the source. */
const THREAD = `import '${root}/src/workspace/lowererThread';`;
const ENTRY = `
export { openProduct } from '${root}/src/workspace/product';
export { syntaxFilesIn } from '${root}/src/workspace/syntaxFiles';
export { lowererThreads } from '${root}/src/workspace/lowererThreads';
export { selectFiles } from '${root}/src/workspace/selection';
export { createParsers } from '${root}/src/syntax/parsers';
export { nodeFilesAtOnce } from '${root}/src/workspace/fileAccess';
export { compileLess } from '${root}/src/cli/compileLess';
export { postgresTrees } from '${root}/src/sql/postgresTree';
export { splitStatements } from '${root}/src/sql/statements';
export * as postgres from 'libpg-query';
`;

/**
 * Bundles the source as it stands, and opens the product.
 *
 * @returns the product, its parts, and `close`, which removes the bundle
 */
export async function openForBenchmark() {
  const folder = await mkdtemp(join(tmpdir(), 'backend-reviewer-bench-'));
  const { copyFile, mkdir } = await import('node:fs/promises');
  for (const [name, contents] of [
    ['product', ENTRY],
    ['lowererThread', THREAD],
  ])
    await build({
      stdin: { contents, resolveDir: root, loader: 'ts' },
      bundle: true,
      platform: 'node',
      format: 'cjs',
      target: 'node20',
      outfile: join(folder, `${name}.cjs`),
      logLevel: 'error',
      // as in scripts/build.mjs: their ES modules find their WebAssembly by a URL that a bundle does not have
      alias: {
        'web-tree-sitter': join(modules, 'web-tree-sitter/web-tree-sitter.cjs'),
        'libpg-query': join(modules, 'libpg-query/wasm/index.cjs'),
        'jsonc-parser': join(modules, 'jsonc-parser/lib/esm/main.js'),
      },
    });
  await mkdir(join(folder, 'grammars'));
  await copyFile(join(modules, 'web-tree-sitter/web-tree-sitter.wasm'), join(folder, 'tree-sitter.wasm'));
  await copyFile(join(modules, 'libpg-query/wasm/libpg-query.wasm'), join(folder, 'libpg-query.wasm'));
  for (const name of ['javascript', 'typescript', 'tsx', 'python', 'php'])
    await copyFile(
      join(modules, `@vscode/tree-sitter-wasm/wasm/tree-sitter-${name}.wasm`),
      join(folder, 'grammars', `tree-sitter-${name}.wasm`),
    );
  const bundle = createRequire(import.meta.url)(join(folder, 'product.cjs'));
  const { openProduct, syntaxFilesIn, selectFiles, createParsers, lowererThreads, compileLess, nodeFilesAtOnce } =
    bundle;
  const threads = () => lowererThreads(join(folder, 'lowererThread.cjs'));
  const syntax = syntaxFilesIn(folder);
  return {
    /** `files` stand for the disk; with `threads` many files are lowered side by side; `onCompute` is told what is computed. */
    open: ({ files, withThreads = false, onCompute } = {}) =>
      openProduct({
        syntax,
        ...(files ? { files } : {}),
        ...(withThreads ? { lowerers: threads() } : {}),
        ...(onCompute ? { onCompute } : {}),
      }),
    selectFiles,
    compileLess,
    nodeFilesAtOnce,
    /** PostgreSQL's parser, and how the product cuts a text into statements and has them parsed. */
    async postgres() {
      await bundle.postgres.loadModule();
      const trees = bundle.postgresTrees(bundle.postgres);
      return { parse: bundle.postgres.parseSync, split: text => bundle.splitStatements(text, 'postgresql'), trees };
    },
    parsers: createParsers(syntax),
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

/** CPU time of this process since `since`, in milliseconds; what other processes do to the clock is left out. */
export const cpuSince = since => {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1000;
};

/** The value that a share of the sorted numbers does not exceed. */
export function percentile(numbers, share) {
  const sorted = [...numbers].sort((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}
