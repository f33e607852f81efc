// Drives the real workbench in a browser.
//
//   node test/browser/run.mjs [--grep TEXT]
// BACKEND_REVIEWER_PICTURES=1 renews the pictures in docs/images instead; BACKEND_REVIEWER_VSIX=FILE spares the packaging.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import Mocha from 'mocha';
import { packageVsix } from '../../scripts/package.mjs';

const { values } = parseArgs({ options: { grep: { type: 'string' } } });
if (!process.env.BACKEND_REVIEWER_VSIX) await packageVsix();

const mocha = new Mocha({
  ui: 'tdd',
  timeout: 180_000,
  bail: true,
  reporter: class Silent {},
  ...(values.grep ? { grep: values.grep } : {}),
});
const here = dirname(fileURLToPath(import.meta.url));
const FILES = process.env.BACKEND_REVIEWER_PICTURES
  ? ['pictures.browser.mjs']
  : ['review.browser.mjs', 'chat.browser.mjs', 'view.browser.mjs'];
for (const file of FILES) mocha.addFile(join(here, file));
await mocha.loadFilesAsync();

let passed = 0;
let failed = 0;
const runner = mocha.run(() => {
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
});
runner.on('pass', ({ title, duration }) => {
  passed++;
  console.log(`  ✔ ${title} (${duration} ms)`);
});
runner.on('fail', ({ title }, error) => {
  failed++;
  console.log(`  ✘ ${title}\n    ${error.stack ?? error}`);
});
