/** Questions over the wire: answers stream part by part, and a model is spoken to through the client alone. */
import { expect, test } from 'vitest';
import type { AnswerPart } from '../../src/persona/answer';
import {
  type AnswerPartParams,
  type AskParams,
  type AskResult,
  type ChatParams,
  type ChatPartParams,
  MESSAGES,
} from '../../src/server/protocol';
import { fakeWorkspace } from './fakeWorkspace';
import { editor } from './session';

const MODEL = { name: 'gpt-x', host: 'models.example', maxInputTokens: 16_000, callsTools: true };

async function asking() {
  const { client } = await editor(fakeWorkspace({}));
  const parts: AnswerPart[] = [];
  client.onNotification(MESSAGES.answerPart, ({ part }: AnswerPartParams) => void parts.push(part));
  const ask = (given: Partial<AskParams> & { question: AskParams['question'] }): Promise<AskResult> =>
    client.sendRequest(MESSAGES.ask, { id: 'q', folder: 'file:///w', trusted: true, ...given });
  const text = (): string => parts.map(part => (part.kind === 'text' ? part.markdown : '')).join('');
  return { client, parts, ask, text };
}

test('the offline guide answers in parts, with references and actions', async () => {
  const { ask, parts, text } = await asking();
  const focus = { uri: 'file:///w/src/routes/orders.ts' };
  expect(await ask({ question: { text: '/review', focus } })).toEqual({ offline: true });
  expect(text()).toContain('# Review of `src/routes/orders.ts`');
  expect(new Set(parts.map(({ kind }) => kind))).toEqual(new Set(['text', 'reference', 'action', 'follow-up']));
});

test('without trust there are no actions, and no model is asked whatever a client wants', async () => {
  const { ask, parts, client, text } = await asking();
  client.onRequest(MESSAGES.chat, () => {
    throw new Error('a model was asked');
  });
  expect(await ask({ trusted: false, question: { text: '/review' }, model: MODEL })).toEqual({ offline: true });
  expect(parts.some(({ kind }) => kind === 'action')).toBe(false);
  expect(text()).toContain('# Review of');
});

test('without a folder it is answered from the playbooks', async () => {
  const { ask, text } = await asking();
  expect(await ask({ folder: undefined, question: { text: 'how do I paginate?' } })).toEqual({ offline: true });
  expect(text()).toContain('next_cursor');
});

test('a model is spoken to through the client', async () => {
  const { ask, client, text } = await asking();
  const requests: ChatParams[] = [];
  client.onRequest(MESSAGES.chat, async (params: ChatParams) => {
    requests.push(params);
    for (const said of ['Page ', 'by cursor.']) {
      const part: ChatPartParams = { chat: params.chat, part: { kind: 'text', text: said } };
      await client.sendNotification(MESSAGES.chatPart, part);
    }
    return {};
  });
  const question = { text: 'mail anna@firma.de how we page', thread: [{ question: 'a?', answer: 'b.' }] };
  expect(await ask({ question, model: MODEL })).toEqual({ offline: false });
  expect(text()).toBe('Page by cursor.');
  const [sent] = requests;
  expect(sent?.request.messages.map(({ role }) => role)).toEqual(['system', 'user', 'assistant', 'user']);
  expect(sent?.request.messages.at(-1)?.text).toContain('mail [redacted: an e-mail address] how we page');
});

test('why a model did not answer comes back', async () => {
  const { ask, client } = await asking();
  client.onRequest(MESSAGES.chat, () => ({ failure: 'the quota is used up' }));
  expect(await ask({ question: { text: 'x' }, model: MODEL })).toEqual({
    offline: false,
    failure: 'the quota is used up',
  });
});

test('a question that is stopped stops the model', async () => {
  const { client } = await asking();
  const stopped = new Promise<void>(resolve => {
    client.onRequest(
      MESSAGES.chat,
      (_params, token) =>
        new Promise(done => {
          token.onCancellationRequested(() => {
            resolve();
            done({});
          });
          cancel();
        }),
    );
  });
  let cancel: () => void = () => undefined;
  const { CancellationTokenSource } = await import('vscode-languageserver/node');
  const source = new CancellationTokenSource();
  cancel = () => source.cancel();
  const params = { id: 'q', folder: 'file:///w', trusted: true, question: { text: 'x' }, model: MODEL };
  await expect(client.sendRequest(MESSAGES.ask, params, source.token)).rejects.toThrow(/cancelled/);
  await stopped;
});
