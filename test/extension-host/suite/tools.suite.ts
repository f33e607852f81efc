/** What a person is asked before a tool does more than read. Whoever drives the browser says no first, then yes, and notes what was asked. */
import { equal, match, rejects } from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { suite, teardown, test } from 'mocha';
import * as vscode from 'vscode';
import { callTool, closeAll, first, open, uriOf } from './editor';

const ORDERS = 'src/orders.ts';
const MIGRATION = 'migrations/20250102000000_create_orders.js';

/** What the dialogs said since the last look. */
let looked = 0;
async function asked(): Promise<string> {
  const all = await readFile(process.env.BACKEND_REVIEWER_DIALOGS ?? '', 'utf8');
  const since = all.slice(looked);
  looked = all.length;
  return since;
}

suite('the consent that tools ask for', () => {
  teardown(closeAll);

  test('a fix is applied when the person agrees to what is said of it, not before, and reaches the disk', async () => {
    const { document } = await open(ORDERS);
    const before = document.getText();
    const { findings: found } = await callTool('review_file', { path: ORDERS });
    const { fingerprint } = first(found as { fingerprint: string }[]);
    equal(await asked(), '');
    await rejects(callTool('apply_fix', { path: ORDERS, fingerprint }), /Cancel/);
    match(await asked(), /Apply a fix/);
    equal(await readFile(uriOf(ORDERS).fsPath, 'utf8'), before);
    const applied = await callTool('apply_fix', { path: ORDERS, fingerprint });
    equal(applied.written, true);
    const said = await asked();
    match(said, /Apply a fix/);
    match(said, /changes src\/orders\.ts for the finding [0-9a-f]+/);
    match(await readFile(uriOf(ORDERS).fsPath, 'utf8'), /\$1/);
    await vscode.workspace.fs.writeFile(uriOf(ORDERS), Buffer.from(before));
  });

  test('so is a migration verified, on no database of theirs', async () => {
    const verified = await callTool('verify_migration', { path: MIGRATION });
    match(String(verified.summary), /reversible/);
    match(await asked(), /Verify a migration[\s\S]*embedded PostgreSQL in memory/);
  });
});
