// Runs a suite inside the real extension host, with the packaged extension, in VS Code in a browser.
//
//   node test/extension-host/run.mjs [--suite review|chat|tools|activation] [--floor]      BACKEND_REVIEWER_VSIX=FILE spares the packaging
import { existsSync, watch } from 'node:fs';
import { appendFile, cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { packageVsix, VSIX } from '../../scripts/package.mjs';
import { CHROMIUM_FLAGS, FLOOR, findChromium, LATEST, serveVsCode } from '../../scripts/vscode-web.mjs';
import { buildTestExtension } from './testExtension.mjs';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const PATIENCE_MS = 180_000;

/**
 * @param {object} options
 * @param {'review' | 'chat' | 'tools' | 'floor' | 'activation'} options.suite
 * @param {import('../../scripts/vscode-web.mjs').Build} [options.build]
 * @param {string} [options.vsix]  the packaged extension
 * @returns {Promise<import('./runner').Results>}
 */
export async function runInHost({ suite, build = LATEST, vsix = VSIX }) {
  const scratch = await mkdtemp(join(tmpdir(), 'backend-reviewer-host-'));
  const workspace = join(scratch, 'workspace');
  const results = join(scratch, 'results.json');
  await cp(join(root, 'test/fixtures/workspace'), workspace, { recursive: true });
  const tests = await buildTestExtension(scratch);
  const dialogs = join(scratch, 'dialogs.txt');
  await writeFile(dialogs, '');
  const env = {
    BACKEND_REVIEWER_SUITE: suite,
    BACKEND_REVIEWER_RESULTS: results,
    BACKEND_REVIEWER_DIALOGS: dialogs,
  };
  const vscode = await serveVsCode({ workspace, vsix: [vsix, tests], build, env });
  const browser = await chromium.launch({ executablePath: await findChromium(), args: CHROMIUM_FLAGS });
  try {
    const page = await browser.newPage();
    // The extension host starts when a window connects to it.
    await page.goto(vscode.url);
    void answerTools(page, dialogs);
    return await resultsIn(results, () => vscode.log());
  } finally {
    await browser.close();
    await vscode.stop();
    await rm(scratch, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** The person who is asked by tools, and notes it: says no first, and yes from then on; until the page is closed. */
async function answerTools(page, file) {
  const dialog = page.locator('.monaco-dialog-box', { hasText: 'Backend Reviewer' });
  try {
    for (let answer = 'Cancel'; ; answer = 'Yes') {
      await dialog.waitFor({ timeout: 0 });
      await appendFile(file, `${await dialog.innerText()}\n`);
      const { BACKEND_REVIEWER_DIALOG_PICTURES: pictures } = process.env;
      if (pictures) await page.screenshot({ path: join(pictures, `dialog-${Date.now()}.png`) });
      await dialog.getByRole('button', { name: answer, exact: true }).click();
      await dialog.waitFor({ state: 'hidden', timeout: 0 });
    }
  } catch (error) {
    if (!page.isClosed()) throw error;
  }
}

/** What the suite wrote, once it is there. */
function resultsIn(file, log) {
  return new Promise((resolve, reject) => {
    const done = () => {
      clearTimeout(patience);
      watcher.close();
    };
    const patience = setTimeout(async () => {
      done();
      const steps = existsSync(`${file}.log`) ? await readFile(`${file}.log`, 'utf8') : 'nothing';
      reject(new Error(`the suite did not end. It said:\n${steps}\nVS Code said:\n${log().slice(-3000)}`));
    }, PATIENCE_MS);
    let seen = false;
    const watcher = watch(dirname(file), async (_event, name) => {
      if (name !== basename(file) || seen) return;
      const text = await readFile(file, 'utf8');
      // The file is there before its text is; and each write is told more than once.
      if (seen || !text.endsWith('}')) return;
      seen = true;
      done();
      const steps = existsSync(`${file}.log`) ? await readFile(`${file}.log`, 'utf8') : '';
      process.stdout.write(steps);
      resolve(JSON.parse(text));
    });
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({
    options: { suite: { type: 'string', default: 'review' }, floor: { type: 'boolean' } },
  });
  const vsix = process.env.BACKEND_REVIEWER_VSIX ?? VSIX;
  if (vsix === VSIX) await packageVsix();
  const { passed, failures } = await runInHost({
    suite: values.floor ? 'floor' : values.suite,
    build: values.floor ? FLOOR : LATEST,
    vsix,
  });
  console.log(`${passed} passed, ${failures.length} failed`);
  process.exitCode = failures.length > 0 || passed === 0 ? 1 : 0;
}
