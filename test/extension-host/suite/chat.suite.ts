import { deepEqual, equal, match, ok, rejects } from 'node:assert/strict';
import { suite, suiteTeardown, teardown, test } from 'mocha';
import * as vscode from 'vscode';
import { commandNames } from '../../../src/persona/question';
import { calls, fakeEndpoint, refuses, says } from '../../models/fakeEndpoint';
import { closeAll, extension, first, open, untilFindings } from './editor';

const VENDOR = 'backend-reviewer';

const settings = () => vscode.workspace.getConfiguration('backendReviewer');

/** A model of ours by its id, once VS Code lists it. */
async function modelOf(id: string): Promise<vscode.LanguageModelChat> {
  for (;;) {
    const changed = new Promise<void>(resolve => {
      const listening = vscode.lm.onDidChangeChatModels(() => {
        listening.dispose();
        resolve();
      });
    });
    const found = (await vscode.lm.selectChatModels({ vendor: VENDOR })).find(model => model.id === id);
    if (found) return found;
    await changed;
  }
}

async function answerOf(
  model: vscode.LanguageModelChat,
  text: string,
  options: vscode.LanguageModelChatRequestOptions = {},
): Promise<{ text: string; calls: vscode.LanguageModelToolCallPart[] }> {
  const response = await model.sendRequest([vscode.LanguageModelChatMessage.User(text)], options);
  const answer = { text: '', calls: [] as vscode.LanguageModelToolCallPart[] };
  for await (const part of response.stream) {
    if (part instanceof vscode.LanguageModelTextPart) answer.text += part.value;
    if (part instanceof vscode.LanguageModelToolCallPart) answer.calls.push(part);
  }
  return answer;
}

suite('the chat in the extension host', () => {
  teardown(closeAll);
  suiteTeardown(async () => {
    await settings().update('model.name', undefined, true);
    await settings().update('model.baseUrl', undefined, true);
  });

  test('the participant is sticky, brings the commands of the role, and is chosen by nobody but a person', async () => {
    const { chatParticipants } = extension().packageJSON.contributes;
    const [participant] = chatParticipants;
    equal(participant.name, 'backend');
    equal(participant.isSticky, true);
    ok(!('disambiguation' in participant));
    deepEqual(
      participant.commands.map(({ name }: { name: string }) => name),
      commandNames,
    );
  });

  test('the offline guide is a model, and answers without anything being set up', async () => {
    await extension().activate();
    const { text } = await answerOf(await modelOf('offline-guide'), 'how do I paginate?');
    match(text, /next_cursor/);
    match(text, /This is the offline guide/);
  });

  test('an endpoint that is set up is a model: text, tools, and no secrets', async () => {
    const server = await fakeEndpoint(
      says('Page ', 'by cursor.'),
      calls('look_up', { id: 7 }),
      refuses(401, 'no such key'),
    );
    try {
      await settings().update('model.baseUrl', server.baseUrl, true);
      await settings().update('model.name', 'llama-test', true);
      const model = await modelOf('endpoint/llama-test');
      equal((await answerOf(model, "connect('postgres://app:Tr0ub4dor@db.shop.io/shop')")).text, 'Page by cursor.');
      equal(
        first(server.asked).body.messages.at(-1)?.content,
        "connect('postgres://app:[redacted: a password]@db.shop.io/shop')",
      );
      const tools = [{ name: 'look_up', description: 'Looks up.', inputSchema: { type: 'object' } }];
      const { calls: called } = await answerOf(model, 'look', { tools });
      deepEqual([first(called).name, first(called).input], ['look_up', { id: 7 }]);
      await rejects(answerOf(model, 'again'), /refuses the key: no such key/);
    } finally {
      await server.close();
    }
  });

  test('what was sent is shown', async () => {
    await vscode.commands.executeCommand('backendReviewer.showSent');
    const shown = vscode.window.activeTextEditor?.document.getText() ?? '';
    match(shown, /→ llama-test \(127\.0\.0\.1:\d+\)/);
    match(shown, /redacted: a password/);
    ok(!shown.includes('Tr0ub4dor'));
  });

  test('an action whose finding is gone changes nothing, and says so', async () => {
    const { document } = await open('src/orders.ts');
    await untilFindings(document.uri, 'the finding', found => found.length > 0);
    const before = document.getText();
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri.toString();
    const target = { folder, file: 'src/orders.ts', fingerprint: '0000', fix: 0 };
    equal(await vscode.commands.executeCommand('backendReviewer.applyFinding', target), false);
    equal(await vscode.commands.executeCommand('backendReviewer.applyFinding', { folder }), false);
    equal(document.getText(), before);
  });

  test('the sample of the walkthrough opens, with its findings', async () => {
    const uri = await vscode.commands.executeCommand<vscode.Uri>('backendReviewer.openSample');
    const found = await untilFindings(uri, 'three findings', all => all.length === 3);
    equal(found.length, 3);
  });
});
