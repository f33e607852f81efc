import { deepEqual, equal, match, ok } from 'node:assert/strict';
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

/** Typed in two halves: up to the hole, and the rest. */
const STATEMENT = 'export const byId = (id: string) => pool.query(`SELECT * FROM orders WHERE id = ${id}`);';
const HOLE = STATEMENT.indexOf('${') + 2;

const SETTINGS = {
  'editor.minimap.enabled': false,
  // What is typed is what stands there.
  'editor.autoClosingBrackets': 'never',
  'editor.autoClosingQuotes': 'never',
  'editor.quickSuggestions': { other: 'off', comments: 'off', strings: 'off' },
  'editor.suggestOnTriggerCharacters': false,
};

suite('in the workbench', () => {
  let scratch;
  let vscode;
  /** @type {Awaited<ReturnType<typeof openWorkbench>>} */
  let workbench;

  suiteSetup(async () => {
    await mkdir(pictures, { recursive: true });
    scratch = await mkdtemp(join(tmpdir(), 'backend-reviewer-browser-'));
    await cp(join(root, 'test/fixtures/workspace'), join(scratch, 'shop'), { recursive: true });
    vscode = await serveVsCode({
      workspace: join(scratch, 'shop'),
      vsix: [vsix],
      settings: SETTINGS,
    });
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

  test('a file is opened and its hazard is a squiggle', async () => {
    await workbench.open('src/orders.ts');
    await workbench.squiggles.first().waitFor();
    equal(await workbench.squiggles.count(), 1);
  });

  test('the status bar says what was covered', async () => {
    const shown = workbench.status.filter({ hasText: '1 finding' });
    await shown.waitFor();
    await shown.hover();
    const told = workbench.page.locator('.monaco-hover', { hasText: 'This file was reviewed.' });
    await told.waitFor();
    await picture('status-bar');
    await workbench.page.keyboard.press('Escape');
  });

  test('the hover says what happens, why, and where the rest of the evidence is', async () => {
    await workbench.goTo(4, 78);
    const hover = await workbench.hover();
    await hover.getByText('sql-injection').waitFor();
    match(await hover.textContent(), /customer/);
    match(await hover.textContent(), /Backend Reviewer/);
    await hover.getByRole('button', { name: 'Quick Fix' }).waitFor();
    await picture('finding');
  });

  test("the rule's name opens its page", async () => {
    await workbench.page.locator('.monaco-hover a', { hasText: 'sql-injection' }).first().click();
    const tab = workbench.page.locator('.tab', { hasText: 'sql-injection.md' });
    await tab.waitFor();
    const shown = workbench.page.frameLocator('iframe.webview.ready').frameLocator('#active-frame');
    await shown.getByText('A value that becomes part of an SQL text').waitFor();
    await picture('rule');
    await workbench.command('View: Close Editor');
    await tab.waitFor({ state: 'detached' });
  });

  test('the light bulb: the fix, ignore here, ignore in the file, the rule', async () => {
    await workbench.open('src/orders.ts');
    await workbench.goTo(4, 78);
    const entries = await workbench.bulb();
    const ours = entries.filter(entry => /^(Ignore|Show the rule)/.test(entry));
    deepEqual(ours, [
      'Ignore sql-injection here, with a reason',
      'Ignore sql-injection in this file',
      'Show the rule: sql-injection',
    ]);
    ok(!/^(Ignore|Show)/.test(entries[0]), `the fix comes first: ${entries.join(' | ')}`);
    await picture('light-bulb');
    await workbench.page.keyboard.press('Escape');
    await workbench.bulbMenu.waitFor({ state: 'hidden' });
  });

  test('the fix mends the code, and the squiggle goes', async () => {
    const [fix] = await workbench.bulb();
    await workbench.choose(fix);
    await workbench.untilText(/WHERE customer = \$1 AND status = \$2['"`], \[customer, status\]\)/);
    await workbench.squiggles.first().waitFor({ state: 'detached' });
    await workbench.status.filter({ hasText: 'no findings' }).waitFor();
    await picture('mended');
  });

  test('half a statement breaks nothing', async () => {
    await workbench.goTo(12);
    await workbench.page.keyboard.type(STATEMENT.slice(0, HOLE));
    await workbench.untilText(/WHERE id = \$\{$/m);
    await workbench.status.filter({ hasText: /finding/ }).waitFor();
    await picture('half-a-statement');
    await workbench.page.keyboard.type(STATEMENT.slice(HOLE));
    await workbench.status.filter({ hasText: '1 finding' }).waitFor();
    await workbench.squiggles.first().waitFor();
    equal(await workbench.page.locator('.notifications-toasts .notification-toast').count(), 0);
  });

  test('ignore here asks for the reason and writes it down', async () => {
    await workbench.goTo(12, HOLE + 2);
    await workbench.bulb();
    await workbench.choose('Ignore sql-injection here');
    const input = workbench.page.locator('.quick-input-widget input').first();
    await input.waitFor();
    await picture('reason');
    await input.fill('ids come from our own table');
    await workbench.page.keyboard.press('Enter');
    await workbench.untilText(/\/\/ backend-reviewer-ignore-next-line sql-injection -- ids come from our own table/);
    await workbench.squiggles.first().waitFor({ state: 'detached' });
  });

  test('a review of the workspace shows every finding', async () => {
    await workbench.command('Backend Reviewer: Review Workspace');
    const problems = workbench.page.locator('.markers-panel');
    await problems.locator('.monaco-list-row', { hasText: 'lines.ts' }).first().waitFor();
    await problems.getByText('n-plus-one').first().waitFor();
    await problems.getByText('irreversible-migration').first().waitFor();
    await picture('workspace');
  });

  test('the output channel is there for who asks for it, and nothing pops up by itself', async () => {
    await workbench.command('Backend Reviewer: Show Output');
    const panel = workbench.page.locator('.part.panel');
    await panel.locator('.action-item.checked', { hasText: 'Output' }).waitFor();
    await panel
      .getByLabel('Switch Output')
      .locator('option:checked', { hasText: 'Backend Reviewer' })
      .first()
      .waitFor({ state: 'attached' });
    equal(await workbench.page.locator('.notifications-toasts .notification-toast').count(), 0);
  });
});

suite('in a folder that is not trusted', () => {
  test('the review works, and nobody is asked for trust on its behalf', async () => {
    const scratch = await mkdtemp(join(tmpdir(), 'backend-reviewer-untrusted-'));
    await cp(join(root, 'test/fixtures/workspace'), scratch, { recursive: true });
    const settings = { 'security.workspace.trust.startupPrompt': 'never', 'security.workspace.trust.banner': 'never' };
    const vscode = await serveVsCode({ workspace: scratch, vsix: [vsix], askForTrust: true, settings });
    const workbench = await openWorkbench(vscode.url);
    try {
      await workbench.page.locator('.statusbar-item', { hasText: 'Restricted Mode' }).waitFor();
      await workbench.open('src/orders.ts');
      await workbench.squiggles.first().waitFor();
      equal(await workbench.page.locator('.monaco-dialog-box').count(), 0);
    } finally {
      await workbench.close();
      await vscode.stop();
      await rm(scratch, { recursive: true, force: true, maxRetries: 5 });
    }
  });
});
