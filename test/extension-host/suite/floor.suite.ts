import { match, ok } from 'node:assert/strict';
import { suite, teardown, test } from 'mocha';
import * as vscode from 'vscode';
import { callTool, closeAll, extension, first, open, untilRule } from './editor';

suite('on the oldest VS Code that is promised', () => {
  teardown(closeAll);

  test('it activates, reviews and offers its fix', async () => {
    match(vscode.version, /^1\.104\./);
    const { document } = await open('src/orders.ts');
    await (await extension().activate()).ready;
    const finding = first(await untilRule(document.uri, 'sql-injection'));
    ok(finding.message.length > 0);
  });

  test('its tools answer', async () => {
    match(String((await callTool('review_file', { path: 'src/orders.ts' })).summary), /1 finding/);
  });
});
