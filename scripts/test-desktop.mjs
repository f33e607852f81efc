// Runs the suite of the extension host in a desktop VS Code, which it downloads. For a developer's own machine.
//
//   node scripts/test-desktop.mjs [VERSION]        the newest stable VS Code unless a version is given
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { downloadAndUnzipVSCode, runTests, runVSCodeCommand } from '@vscode/test-electron';
import { buildTestFolder } from '../test/extension-host/testExtension.mjs';
import { packageVsix, VSIX } from './package.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const version = process.argv[2] ?? 'stable';
const scratch = await mkdtemp(join(tmpdir(), 'backend-reviewer-desktop-'));
try {
  await packageVsix();
  const workspace = join(scratch, 'workspace');
  await cp(join(root, 'test/fixtures/workspace'), workspace, { recursive: true });
  const suites = await buildTestFolder(scratch);
  const profile = ['--user-data-dir', join(scratch, 'user'), '--extensions-dir', join(scratch, 'extensions')];
  const vscodeExecutablePath = await downloadAndUnzipVSCode(version).catch(error => {
    throw new Error(`a desktop VS Code could not be downloaded (${error.message}); \`npm run test:host\` needs none`);
  });
  await runVSCodeCommand(['--install-extension', VSIX, ...profile], { version });
  await runTests({
    vscodeExecutablePath,
    extensionDevelopmentPath: suites,
    extensionTestsPath: join(suites, 'runner.js'),
    launchArgs: [workspace, ...profile, '--disable-workspace-trust', '--skip-welcome'],
  });
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  await rm(scratch, { recursive: true, force: true, maxRetries: 5 });
}
