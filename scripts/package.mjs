// Packs dist/backend-reviewer.vsix from a production build and prints its size.
//
//   node scripts/package.mjs [--no-build]
import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createVSIX } from '@vscode/vsce';
import { buildAll } from './build.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
export const VSIX = join(root, 'dist', 'backend-reviewer.vsix');

/** @returns {Promise<number>} its size in bytes */
export async function packageVsix({ build = true } = {}) {
  if (build) await buildAll({ production: true });
  // Everything is bundled, so no dependency goes in; and the links of the README stay as they are, since there is no public repository.
  await createVSIX({
    cwd: root,
    packagePath: VSIX,
    dependencies: false,
    allowMissingRepository: true,
    rewriteRelativeLinks: false,
  });
  return (await stat(VSIX)).size;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const bytes = await packageVsix({ build: !process.argv.includes('--no-build') });
  console.log(`${VSIX}: ${(bytes / 1024 / 1024).toFixed(2)} MB`);
}
