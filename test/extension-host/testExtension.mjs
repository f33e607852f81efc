// Builds the extension that carries the suites, as a .vsix for the browser's VS Code and as a folder for a desktop one.
import { mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createVSIX } from '@vscode/vsce';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const require = createRequire(import.meta.url);

const MANIFEST = {
  name: 'suites',
  publisher: 'backend-reviewer-tests',
  version: '0.0.1',
  engines: { vscode: '^1.104.0' },
  main: './runner.js',
  activationEvents: ['onStartupFinished'],
  license: 'MIT',
};

/** mocha reads files of its own when it runs, so it stays where it is installed. */
const mochaInPlace = {
  name: 'mocha-in-place',
  setup: ({ onResolve }) =>
    onResolve({ filter: /^mocha$/ }, () => ({ path: require.resolve('mocha').replaceAll('\\', '/'), external: true })),
};

/** @returns {Promise<string>} the folder with its manifest and bundle */
export async function buildTestFolder(scratch) {
  const folder = join(scratch, 'suites');
  await mkdir(folder, { recursive: true });
  await build({
    entryPoints: [join(here, 'runner.ts')],
    outfile: join(folder, 'runner.js'),
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    external: ['vscode'],
    plugins: [mochaInPlace],
    logLevel: 'warning',
  });
  await writeFile(join(folder, 'package.json'), JSON.stringify(MANIFEST));
  await writeFile(join(folder, '.vscodeignore'), '');
  await writeFile(join(folder, 'README.md'), 'Runs the suites inside the extension host.');
  await writeFile(join(folder, 'LICENSE'), 'MIT');
  return folder;
}

/** @returns {Promise<string>} the packaged extension */
export async function buildTestExtension(scratch) {
  const cwd = await buildTestFolder(scratch);
  const packagePath = join(scratch, 'suites.vsix');
  await createVSIX({ cwd, packagePath, dependencies: false, allowMissingRepository: true });
  return packagePath;
}
