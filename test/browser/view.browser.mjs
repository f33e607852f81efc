// The conversation in our own view, where the host has no chat panel: a person asks, reads, mends and goes on, with keys alone.
import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { cp, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { VSIX } from '../../scripts/package.mjs';
import { serveVsCode } from '../../scripts/vscode-web.mjs';
import { openWorkbench } from './workbench.mjs';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const vsix = process.env.BACKEND_REVIEWER_VSIX ?? VSIX;
const pictures = join(root, 'test-results/browser');
const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

const SETTINGS = {
  'chat.disableAIFeatures': true,
  'editor.minimap.enabled': false,
  'window.commandCenter': false,
  'typescript.validate.enable': false,
};

suite('in a view of our own', () => {
  let scratch;
  let vscode;
  /** @type {Awaited<ReturnType<typeof openWorkbench>>} */
  let workbench;
  /** @type {import('playwright-core').Frame} */
  let frame;

  suiteSetup(async () => {
    await mkdir(pictures, { recursive: true });
    scratch = await mkdtemp(join(tmpdir(), 'backend-reviewer-view-'));
    await cp(join(root, 'examples/shop'), join(scratch, 'shop'), { recursive: true });
    // Its packages are not installed here, of which TypeScript would complain.
    await rm(join(scratch, 'shop', 'tsconfig.json'));
    vscode = await serveVsCode({ workspace: join(scratch, 'shop'), vsix: [vsix], settings: SETTINGS });
    workbench = await openWorkbench(vscode.url);
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

  /** The page of the view: a frame in a frame. */
  async function viewFrame() {
    for (let tries = 0; tries < 200; tries++) {
      for (const each of workbench.page.frames())
        if (
          await each
            .locator('#composer')
            .count()
            .catch(() => 0)
        )
          return each;
      await workbench.page.waitForTimeout(100);
    }
    throw new Error('the view has no page');
  }

  async function setTheme(theme) {
    await workbench.command('Preferences: Color Theme');
    const input = workbench.page.locator('.quick-input-widget input').first();
    await input.waitFor();
    await input.fill(theme);
    await workbench.page.locator('.quick-input-list .monaco-list-row', { hasText: theme }).first().click();
  }

  const turns = () => frame.locator('.turn');
  const finished = count =>
    frame
      .locator('.turn[aria-busy="false"]')
      .nth(count - 1)
      .waitFor();

  /** A file that is opened takes the keys: what is typed before would go there. */
  const fileFocused = () => workbench.page.locator('.editor-instance .monaco-editor.focused').first().waitFor();

  test('it is there when the chat is not, and says what it does', async () => {
    await workbench.open('src/routes/customers.ts');
    await workbench.command('Backend Reviewer: Open Conversation');
    frame = await viewFrame();
    await frame.getByRole('heading', { name: 'Ask the backend engineer' }).waitFor();
    await picture('view-welcome');
    equal(await workbench.page.locator('.interactive-input-part').count(), 0);
  });

  test('a command is completed by keys, and answered with references', async () => {
    const question = frame.getByRole('textbox', { name: 'Your question' });
    await question.focus();
    await workbench.page.keyboard.type('/rev');
    await frame.getByRole('option', { name: /\/review/ }).waitFor();
    await picture('view-commands');
    await workbench.page.keyboard.press('Tab');
    equal(await question.inputValue(), '/review ');
    await workbench.page.keyboard.press('Enter');
    await finished(1);
    const said = await turns().first().innerText();
    match(said, /Review of src\/routes\/customers\.ts/);
    match(said, /sql-injection/);
    match(said, /Stands on \d+ references?/);
    equal(await frame.locator('#status').innerText(), 'The answer is complete');
    await picture('view-review');
  });

  test('an action shows the fix, and makes it on a word', async () => {
    await turns().first().getByRole('button', { name: 'Bind q as a parameter' }).first().click();
    await workbench.page.locator('.monaco-diff-editor').waitFor();
    await workbench.page.locator('.notification-toast').getByRole('button', { name: 'Apply' }).click();
    await workbench.page.locator('.monaco-diff-editor').waitFor({ state: 'detached' });
    await fileFocused();
  });

  test('a link opens its file at the line', async () => {
    await frame.locator('.references summary').first().click();
    const place = frame.locator('.references button').first();
    const [, line] = /:(\d+)$/.exec(await place.innerText()) ?? [];
    await place.click();
    await workbench.page.locator('.tab.active', { hasText: '.ts' }).waitFor();
    await workbench.page
      .locator('.statusbar-item', { hasText: `Ln ${line}, Col 1` })
      .first()
      .waitFor();
    await fileFocused();
  });

  test('a follow-up keeps the thread, and the conversation outlives its hiding', async () => {
    const question = frame.getByRole('textbox', { name: 'Your question' });
    await question.focus();
    await workbench.page.keyboard.type('/explain');
    equal(await question.inputValue(), '/explain');
    // the list of commands would take it
    await workbench.page.keyboard.press('Escape');
    await workbench.page.keyboard.press('Enter');
    await finished(2);
    match(await turns().nth(1).innerText(), /customers\.ts:\d+/);
    await question.focus();
    await workbench.page.keyboard.press('ArrowUp');
    equal(await question.inputValue(), '/explain');
    await workbench.command('View: Show Explorer');
    await workbench.command('Backend Reviewer: Open Conversation');
    frame = await viewFrame();
    await finished(2);
    equal(await turns().count(), 2);
    await picture('view-thread');
  });

  test('what a file or a model may write runs nothing', async () => {
    const ran = await frame.evaluate(async () => {
      const hostile = [
        '<img src=x onerror="window.ran = 1"><script>window.ran = 2</script>',
        '[a](javascript:window.ran=3) ![b](https://example.com/beacon.png)',
        '<svg onload="window.ran = 4"><a href="javascript:window.ran=5">c</a>',
      ].join('\n\n');
      const turn = document.querySelector('.turn')?.getAttribute('aria-label');
      window.postMessage({
        kind: 'turn',
        turn: {
          id: 'hostile',
          asked: hostile,
          by: 'x',
          state: 'answered',
          blocks: [{ kind: 'text', markdown: hostile }],
          references: [{ file: hostile, title: hostile }],
          followUps: [],
          failure: hostile,
        },
      });
      await new Promise(resolve => setTimeout(resolve, 300));
      const shown = [...document.querySelectorAll('.turn')].at(-1);
      return {
        turn: typeof turn,
        ran: Reflect.get(window, 'ran'),
        elements: shown?.querySelectorAll('img, script, svg, iframe, object, [onerror], [onload]').length,
        links: [...(shown?.querySelectorAll('a[href]') ?? [])].length,
        text: shown?.querySelector('.text')?.textContent,
      };
    });
    equal(ran.turn, 'string');
    equal(ran.ran, undefined);
    equal(ran.elements, 0);
    match(ran.text ?? '', /<img src=x onerror/);
  });

  for (const [theme, kind] of [
    ['Dark Modern', 'vscode-dark'],
    ['Light Modern', 'vscode-light'],
    ['Dark High Contrast', 'vscode-high-contrast'],
  ])
    test(`an accessibility checker finds nothing, in ${theme}`, async () => {
      await setTheme(theme);
      await frame.locator(`body.${kind}`).waitFor();
      await frame.evaluate(await readFile(axe, 'utf8'));
      const { violations, passes } = await frame.evaluate(async () => Reflect.get(window, 'axe').run(document));
      ok(passes.length > 10);
      deepEqual(
        violations.map(
          ({ id, nodes }) =>
            `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join('; ')}`,
        ),
        [],
      );
      await picture(`view-${kind}`);
    });

  test('the conversation is cleared by a button', async () => {
    await workbench.command('Backend Reviewer: Clear Conversation');
    await frame.getByRole('heading', { name: 'Ask the backend engineer' }).waitFor();
    equal(await turns().count(), 0);
  });
});
