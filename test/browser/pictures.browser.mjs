// The pictures of the README, taken of the example service. Made on request only: no two runs give the same pixels.
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { VSIX } from '../../scripts/package.mjs';
import { serveVsCode } from '../../scripts/vscode-web.mjs';
import { openWorkbench } from './workbench.mjs';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const images = join(root, 'docs/images');
const FILE = 'src/routes/customers.ts';

const SETTINGS = {
  'editor.minimap.enabled': false,
  'editor.stickyScroll.enabled': false,
  'editor.fontSize': 14,
  'editor.lightbulb.enabled': 'off',
  'typescript.validate.enable': false,
  'workbench.activityBar.location': 'hidden',
  'window.commandCenter': false,
};

suite('pictures', () => {
  let scratch;
  let vscode;
  /** @type {Awaited<ReturnType<typeof openWorkbench>>} */
  let workbench;

  suiteSetup(async () => {
    await mkdir(images, { recursive: true });
    scratch = await mkdtemp(join(tmpdir(), 'backend-reviewer-pictures-'));
    await cp(join(root, 'examples/shop'), join(scratch, 'shop'), { recursive: true });
    // Its packages are not installed here, of which TypeScript would complain in the Problems view.
    await rm(join(scratch, 'shop', 'tsconfig.json'));
    const vsix = [process.env.BACKEND_REVIEWER_VSIX ?? VSIX];
    vscode = await serveVsCode({ workspace: join(scratch, 'shop'), vsix, settings: SETTINGS });
    workbench = await openWorkbench(vscode.url);
    await workbench.open(FILE);
    await workbench.squiggles.first().waitFor();
    await workbench.command('View: Toggle Primary Side Bar Visibility');
    await workbench.command('Notifications: Toggle Do Not Disturb Mode');
  });
  suiteTeardown(async () => {
    await workbench?.close();
    await vscode?.stop();
    await rm(scratch, { recursive: true, force: true, maxRetries: 5 });
  });

  const picture = name => workbench.page.screenshot({ path: join(images, `${name}.png`) });

  test('the finding', async () => {
    await workbench.goTo(37, 29);
    const hover = await workbench.hover();
    await hover.getByRole('button', { name: 'Quick Fix' }).waitFor();
    await picture('finding');
    await workbench.page.keyboard.press('Escape');
  });

  test('the light bulb', async () => {
    await workbench.goTo(37, 29);
    await workbench.bulb();
    await picture('light-bulb');
    await workbench.page.keyboard.press('Escape');
    await workbench.bulbMenu.waitFor({ state: 'hidden' });
  });

  test('the mended code', async () => {
    const [fix] = await workbench.bulb();
    await workbench.choose(fix);
    await workbench.untilText(/ILIKE \$1/);
    await workbench.status.filter({ hasText: '2 findings' }).waitFor();
    await picture('mended');
  });

  test('the workspace', async () => {
    await workbench.command('Backend Reviewer: Review Workspace');
    await workbench.page.locator('.markers-panel .monaco-list-row').nth(6).waitFor();
    await workbench.page.locator('.notifications-toasts .notification-toast').first().waitFor({ state: 'hidden' });
    await picture('workspace');
  });
});
