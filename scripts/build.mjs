// Bundles the extension, the language server and the command line into dist/, and copies beside them what they load on first need.
//
//   node scripts/build.mjs [--production] [--sizes] [--folder FOLDER]
import { chmod, copyFile, mkdir, readFile, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
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

/** The MCP server answers the handshake with what is light, and loads what reads code with the first call. @type {import('esbuild').Plugin} */
const knowledgeApart = {
  name: 'knowledge-apart',
  setup: ({ onResolve }) =>
    onResolve({ filter: /\/installedKnowledge$/ }, ({ kind }) =>
      kind === 'dynamic-import' ? { path: './mcpKnowledge.js', external: true } : undefined,
    ),
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
  { entryPoints: { server: 'src/server/main.ts' } },
  { entryPoints: { lowererThread: 'src/workspace/lowererThread.ts' } },
  { entryPoints: { mcp: 'src/cli/mcp/main.ts' }, plugins: [knowledgeApart] },
  { entryPoints: { mcpKnowledge: 'src/cli/mcp/installedKnowledge.ts' } },
  // The commands `lsp` and `mcp` load their bundles on first need, so that `check` does not carry them.
  {
    entryPoints: { cli: 'src/cli/main.ts' },
    external: ['./server.js', './mcp.js'],
    plugins: [heavyApart],
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
  const bundles = results
    .flatMap(result => Object.keys(result.metafile.outputs))
    .filter(name => /\.(?:js|css)$/.test(name));
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

const kib = bytes => `${(bytes / 1024).toFixed(0).padStart(6)} KiB`;

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const at = process.argv.indexOf('--folder');
  const folder = at < 0 ? dist : resolve(process.argv[at + 1]);
  const sizes = await buildAll({ production: process.argv.includes('--production'), folder });
  for (const { file, bytes, gzip } of sizes) console.log(`${kib(bytes)}  ${kib(gzip)} gzip  ${file}`);
  if (process.argv.includes('--sizes'))
    for (const metafile of sizes.metafiles) console.log(await analyzeMetafile(metafile));
}
