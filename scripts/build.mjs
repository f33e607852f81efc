// Bundles the extension, the language server and the command line into dist/, and copies beside them what they load on first need.
//
//   node scripts/build.mjs [--production] [--sizes] [--folder FOLDER]
import { chmod, copyFile, mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { analyzeMetafile, build } from 'esbuild';
import { buildLab } from './lab.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, 'dist');
const modules = join(root, 'node_modules');

const GRAMMARS = ['javascript', 'typescript', 'tsx', 'python', 'php'];

/** What is copied into dist/: from node_modules, to dist. The bundled modules look for their WebAssembly beside the bundle. */
const COPIES = [
  ['web-tree-sitter/web-tree-sitter.wasm', 'tree-sitter.wasm'],
  ['libpg-query/wasm/libpg-query.wasm', 'libpg-query.wasm'],
  ...GRAMMARS.map(name => [
    `@vscode/tree-sitter-wasm/wasm/tree-sitter-${name}.wasm`,
    `grammars/tree-sitter-${name}.wasm`,
  ]),
];

/** @type {import('esbuild').BuildOptions} */
const shared = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  logLevel: 'warning',
  legalComments: 'none',
  metafile: true,
  // playbooks are Markdown
  loader: { '.md': 'text' },
  // The ES modules of these two find their WebAssembly by `import.meta.url`, which a CommonJS bundle does not have.
  alias: {
    'web-tree-sitter': join(modules, 'web-tree-sitter/web-tree-sitter.cjs'),
    'libpg-query': join(modules, 'libpg-query/wasm/index.cjs'),
    // its UMD build asks for its parts by names that a bundler cannot see
    'jsonc-parser': join(modules, 'jsonc-parser/lib/esm/main.js'),
  },
};

/**
 * What is heavy is a bundle of its own that is loaded when it is needed: the language client after VS Code has what it waits
 * for, the client of model endpoints when a person has chosen one.
 * @type {import('esbuild').Plugin}
 */
const heavyApart = {
  name: 'heavy-apart',
  setup: ({ onResolve }) =>
    onResolve({ filter: /\/(?:languageClient|openAiModel)$/ }, ({ kind, path }) =>
      kind === 'dynamic-import' ? { path: `./${path.slice(path.lastIndexOf('/') + 1)}.js`, external: true } : undefined,
    ),
};

/** What loads the engine, as each front door asks for it: all of it lies in `review.js`, once. */
const REVIEWING = [
  'src/cli/ask',
  'src/cli/check',
  'src/cli/migrationDown',
  'src/cli/migrationVerify',
  'src/cli/product',
  'src/cli/mcp/installedKnowledge',
  'src/server/main',
];

/**
 * The other bundles are small: what they import of `REVIEWING` later, in a function, or are made of, is asked of `review.js`.
 * @type {import('esbuild').Plugin}
 */
const reviewApart = {
  name: 'review-apart',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /./ }, ({ kind, path, resolveDir }) => {
      if (kind !== 'dynamic-import' && kind !== 'entry-point') return undefined;
      const name = relative(root, resolve(resolveDir || root, path)).replaceAll('\\', '/');
      return REVIEWING.includes(name) ? { path: name, namespace: 'review-apart' } : undefined;
    });
    onResolve({ filter: /^\.\/review\.js$/, namespace: 'review-apart' }, ({ path }) => ({ path, external: true }));
    onLoad({ filter: /./, namespace: 'review-apart' }, ({ path }) => ({
      contents: `module.exports = require('./review.js')['${path}']();`,
    }));
  },
};

/** `review.js`: a function for each of `REVIEWING`, which runs what that one needs and no more. @type {import('esbuild').Plugin} */
const reviewTogether = {
  name: 'review-together',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /^review$/ }, ({ kind, path }) =>
      kind === 'entry-point' ? { path, namespace: 'review-together' } : undefined,
    );
    onLoad({ filter: /./, namespace: 'review-together' }, () => ({
      contents: REVIEWING.map(name => `exports['${name}'] = () => require('./${name}');`).join('\n'),
      resolveDir: root,
    }));
  },
};

const BUNDLES = [
  // `vscode` is there only inside the extension host.
  { entryPoints: { extension: 'src/extension/extension.ts' }, external: ['vscode'], plugins: [heavyApart] },
  { entryPoints: { languageClient: 'src/extension/languageClient.ts' }, external: ['vscode'] },
  { entryPoints: { openAiModel: 'src/models/openAiModel.ts' } },
  // the page of the view, which a browser runs
  {
    entryPoints: { 'view/conversation': 'src/webview/main.ts' },
    platform: 'browser',
    format: 'iife',
    target: 'es2022',
    tsconfig: join(root, 'src/webview/tsconfig.json'),
  },
  { entryPoints: { lowererThread: 'src/workspace/lowererThread.ts' } },
  { entryPoints: { review: 'review' }, plugins: [reviewTogether, heavyApart] },
  { entryPoints: { server: 'src/server/main' }, plugins: [reviewApart] },
  { entryPoints: { mcp: 'src/cli/mcp/main.ts' }, plugins: [reviewApart] },
  // knows the command line and its help; every command loads its bundle on first need
  {
    entryPoints: { cli: 'src/cli/main.ts' },
    external: ['./server.js', './mcp.js'],
    plugins: [reviewApart],
    banner: { js: '#!/usr/bin/env node' },
  },
];

/**
 * Builds everything into dist/, or another folder.
 *
 * @param {{ production?: boolean, folder?: string }} options  `production` minifies and leaves the source maps out
 * @returns {Promise<{ file: string, bytes: number, gzip: number }[]>} what lies in the folder now
 */
export async function buildAll({ production = false, folder = dist } = {}) {
  await mkdir(join(folder, 'grammars'), { recursive: true });
  await Promise.all(COPIES.map(([from, to]) => copyFile(join(modules, from), join(folder, to))));
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const results = await Promise.all(
    BUNDLES.map(bundle =>
      build({
        ...shared,
        ...bundle,
        outdir: folder,
        minify: production,
        sourcemap: !production,
        define: { 'process.env.BACKEND_REVIEWER_VERSION': JSON.stringify(version) },
      }),
    ),
  );
  const lab = await buildLab(folder, { ...shared, minify: production, sourcemap: !production });
  results.push(lab);
  await chmod(join(folder, 'cli.js'), 0o755);
  const outputs = results.flatMap(result => Object.keys(result.metafile.outputs));
  await removeOthers(folder, new Set(outputs.map(name => basename(name))));
  const bundles = outputs.filter(name => /\.(?:js|css)$/.test(name));
  const beside = [...COPIES.map(([, to]) => to), ...lab.files].map(name => relative(root, join(folder, name)));
  const files = [...bundles, ...beside];
  const sizes = await Promise.all(
    files.map(async file => ({
      file,
      bytes: (await stat(join(root, file))).size,
      gzip: gzipSync(await readFile(join(root, file))).length,
    })),
  );
  return Object.assign(sizes, { metafiles: results.map(result => result.metafile) });
}

/** A bundle of an earlier build that no longer exists would be packed, and found, as if it did. */
async function removeOthers(folder, built) {
  const names = (await readdir(folder)).filter(name => /\.js(?:\.map)?$/.test(name) && !built.has(name));
  await Promise.all(names.map(name => rm(join(folder, name), { force: true })));
}

const kib = bytes => `${(bytes / 1024).toFixed(0).padStart(6)} KiB`;

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const at = process.argv.indexOf('--folder');
  const folder = at < 0 ? dist : resolve(process.argv[at + 1]);
  const sizes = await buildAll({ production: process.argv.includes('--production'), folder });
  for (const { file, bytes, gzip } of sizes) console.log(`${kib(bytes)}  ${kib(gzip)} gzip  ${file}`);
  if (process.argv.includes('--sizes'))
    for (const metafile of sizes.metafiles) console.log(await analyzeMetafile(metafile));
}
