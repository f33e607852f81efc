// @backend in the chat of the real workbench, on a fresh profile: nothing is set up and nobody has signed in.
import { equal, match, ok } from 'node:assert/strict';
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { VSIX } from '../../scripts/package.mjs';
import { serveVsCode } from '../../scripts/vscode-web.mjs';
import { openWorkbench } from './workbench.mjs';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const vsix = process.env.BACKEND_REVIEWER_VSIX ?? VSIX;
const pictures = join(root, 'test-results/browser');

const SETTINGS = {
  'editor.minimap.enabled': false,
  'workbench.activityBar.location': 'hidden',
  'window.commandCenter': false,
  'typescript.validate.enable': false,
};

suite('in the chat', () => {
  let scratch;
  let vscode;
  /** @type {Awaited<ReturnType<typeof openWorkbench>>} */
  let workbench;

  suiteSetup(async () => {
    await mkdir(pictures, { recursive: true });
    scratch = await mkdtemp(join(tmpdir(), 'backend-reviewer-chat-'));
    await cp(join(root, 'examples/shop'), join(scratch, 'shop'), { recursive: true });
    // Its packages are not installed here, of which TypeScript would complain.
    await rm(join(scratch, 'shop', 'tsconfig.json'));
    vscode = await serveVsCode({ workspace: join(scratch, 'shop'), vsix: [vsix], settings: SETTINGS });
    // tall enough for a whole answer: the chat's list scrolls by its own rules
    workbench = await openWorkbench(vscode.url, { width: 1280, height: 1700 });
  });
  suiteTeardown(async () => {
    await workbench?.close();
    await vscode?.stop();
    await rm(scratch, { recursive: true, force: true, maxRetries: 5 });
  });
  teardown(async function () {
    if (this.currentTest?.state === 'failed') await picture(`failed-${this.currentTest.title.replace(/\W+/g, '-')}`);
  });

  const picture = name => workbench.page.screenshot({ path: join(pictures, `${name}.png`) });

  test('a question about a file is answered from the first message on', async () => {
    await workbench.open('src/routes/customers.ts');
    await workbench.command('View: Toggle Primary Side Bar Visibility');
    const answer = await workbench.ask('@backend /review', /Review of/);
    await workbench.command('View: Toggle Maximized Secondary Side Bar');
    await picture('chat-review');
    const said = await answer.innerText();
    match(said, /Review of src\/routes\/customers\.ts/);
    match(said, /sql-injection/);
    match(said, /This is the offline guide|Offline guide/);
  });

  test('the finished answer is not folded away, and says what it stands on', async () => {
    const answer = workbench.answers.last();
    equal(await answer.getByText('Review of').first().isVisible(), true);
    // what came before the answer is folded: the references
    await answer.locator('.chat-used-context-label', { hasText: 'Completed' }).click();
    await answer.getByText('Used 3 references').waitFor();
    await picture('chat-references');
    await answer.locator('.chat-used-context-label', { hasText: 'Completed' }).click();
    await workbench.command('View: Toggle Maximized Secondary Side Bar');
  });

  test('an action shows the fix, and makes it on a word', async () => {
    const answer = workbench.answers.last();
    // wherever the list has scrolled to
    await answer
      .getByText('Bind q as a parameter')
      .last()
      .evaluate(link => link.click());
    await workbench.page.locator('.monaco-diff-editor').waitFor();
    await picture('chat-fix');
    await workbench.page.locator('.notification-toast').getByRole('button', { name: 'Apply' }).click();
    await workbench.page.locator('.monaco-diff-editor').waitFor({ state: 'detached' });
    await workbench.untilText(/ILIKE \$1/);
  });

  test('a follow-up keeps the thread', async () => {
    const answer = await workbench.ask('/explain', /What production feels/);
    const said = await answer.innerText();
    match(said, /What production feels/);
    await picture('chat-follow-up');
    ok((await workbench.page.locator('.interactive-input-part').innerText()).includes('backend'), 'it is sticky');
  });
});
