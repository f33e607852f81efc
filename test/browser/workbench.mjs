// The workbench as a person meets it: opens files, reads squiggles and hovers, uses the light bulb. Waits for elements, never for time.
import { chromium } from 'playwright-core';
import { CHROMIUM_FLAGS, findChromium } from '../../scripts/vscode-web.mjs';

/** Only a failing step waits this long. */
const PATIENCE_MS = 45_000;

/**
 * @param {string} url  of the served VS Code
 * @param {{ width: number, height: number }} viewport
 * @returns a workbench with the explorer shown
 */
export async function openWorkbench(url, viewport = { width: 1280, height: 720 }) {
  const browser = await chromium.launch({ executablePath: await findChromium(), args: CHROMIUM_FLAGS });
  const context = await browser.newContext({ viewport, deviceScaleFactor: 1 });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  await page.goto(url);
  await page.locator('.explorer-folders-view .monaco-list-row').first().waitFor();

  const editor = page.locator('.editor-instance .monaco-editor').first();
  const squiggles = page.locator('.squiggly-error, .squiggly-warning, .squiggly-info');
  const bulbMenu = page.locator('.action-widget:not(.action-list-submenu-panel)');

  /** Runs a command of the palette by its full title. */
  async function command(title) {
    await page.keyboard.press('F1');
    const input = page.locator('.quick-input-widget input').first();
    await input.waitFor();
    await input.fill(`>${title}`);
    // The list still shows other rows while it filters: the right one is clicked, not whichever is first.
    await page
      .locator('.quick-input-list .monaco-list-row', { has: page.getByText(title, { exact: true }) })
      .first()
      .click();
  }

  /** Opens a file by its path in the workspace. */
  async function open(path) {
    await page.keyboard.press('Control+P');
    const input = page.locator('.quick-input-widget input').first();
    await input.waitFor();
    await input.fill(path);
    const name = path.slice(path.lastIndexOf('/') + 1);
    await page.locator('.quick-input-list .monaco-list-row', { hasText: name }).first().click();
    await page.locator('.tab.active', { hasText: name }).waitFor();
    await page.locator('.editor-instance .view-line').first().waitFor();
  }

  /** Puts the cursor at a line and column, both from 1. */
  async function goTo(line, column = 1) {
    await page.keyboard.press('Control+G');
    const input = page.locator('.quick-input-widget input').first();
    await input.waitFor();
    await input.fill(`:${line}:${column}`);
    await page.keyboard.press('Enter');
    await page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
    await page
      .locator('#status\\.editor\\.selection, .statusbar-item', { hasText: `Ln ${line}, Col ${column}` })
      .first()
      .waitFor();
  }

  /** The text of a line, from 1, as the editor shows it; blanks are plain. */
  async function lineText(line) {
    const top = await page.locator('.editor-instance .view-line').evaluateAll((lines, wanted) => {
      const sorted = lines.map(each => ({ top: each.offsetTop, text: each.textContent })).sort((a, b) => a.top - b.top);
      return sorted[wanted - 1]?.text;
    }, line);
    return top?.replaceAll('\u00a0', ' ');
  }

  /** The whole text that the editor shows; only for files that fit its window. */
  const text = async () => {
    const lines = await page
      .locator('.editor-instance .view-line')
      .evaluateAll(all =>
        all.map(each => ({ top: each.offsetTop, text: each.textContent })).sort((a, b) => a.top - b.top),
      );
    return lines.map(line => line.text.replaceAll('\u00a0', ' ')).join('\n');
  };

  const untilText = wanted =>
    page.waitForFunction(
      ({ source, flags }) => {
        const lines = [...document.querySelectorAll('.editor-instance .view-line')];
        const sorted = lines.sort((a, b) => a.offsetTop - b.offsetTop).map(each => each.textContent);
        return new RegExp(source, flags).test(sorted.join('\n').replaceAll('\u00a0', ' '));
      },
      { source: wanted.source, flags: wanted.flags },
    );

  /** Shows the hover at the cursor and gives it. */
  async function hover() {
    await page.keyboard.press('Control+K');
    await page.keyboard.press('Control+I');
    const shown = page.locator('.monaco-hover:not(.hidden) .hover-row').first();
    await shown.waitFor();
    return page.locator('.monaco-hover:not(.hidden)', { has: page.locator('.hover-row') }).first();
  }

  /** Opens the light bulb's menu at the cursor. @returns {Promise<string[]>} its entries, in order */
  async function bulb() {
    await page.keyboard.press('Control+.');
    await bulbMenu.locator('.monaco-list-row.action').first().waitFor();
    return bulbMenu.locator('.monaco-list-row.action .title').allTextContents();
  }

  const choose = title => bulbMenu.locator('.monaco-list-row.action', { hasText: title }).first().click();

  const answers = page.locator('.interactive-response');

  /**
   * Sends a message in the chat, which is opened where it is not.
   * @param {RegExp} wanted  what the answer holds, and no answer before it
   * @returns the finished answer
   */
  async function ask(message, wanted) {
    const input = page.locator('.interactive-input-part .monaco-editor').first();
    if (!(await input.isVisible())) await command('Chat: Open Chat');
    await input.click();
    await page.keyboard.type(message, { delay: 5 });
    // the list of suggestions would take the Enter
    await page.keyboard.press('Escape');
    await page.keyboard.press('Enter');
    // a whole review may stand before the first word; what has scrolled out of sight is not in the page, so its words tell it
    const answer = answers.filter({ hasText: wanted }).last();
    await answer.waitFor({ timeout: 60_000 });
    await page.locator('.chat-response-loading').first().waitFor({ state: 'detached', timeout: 60_000 });
    return answer;
  }

  const status = page.locator('.statusbar-item', { hasText: 'Backend' });

  return {
    page,
    editor,
    squiggles,
    status,
    bulbMenu,
    command,
    open,
    goTo,
    lineText,
    text,
    untilText,
    hover,
    bulb,
    choose,
    answers,
    ask,
    close: () => browser.close(),
  };
}
