/** Questions to the server: parts of an answer come back, and where a model answers, the server speaks to it through here. */
import { randomUUID } from 'node:crypto';
import type { CancellationToken } from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import type { AnswerPart } from '../../persona/answer';
import type { ChatPart, ChatRequest } from '../../persona/chatModel';
import {
  type AnswerPartParams,
  type AskParams,
  type AskResult,
  type ChatParams,
  type ChatPartParams,
  type ChatResult,
  MESSAGES,
} from '../../server/protocol';
import type { ReviewServer } from '../reviewServer';

export interface Asking {
  onPart(part: AnswerPart): void;
  /** Speaks to the model of the question. */
  send?(request: ChatRequest, token: CancellationToken): AsyncIterable<ChatPart>;
}

export type Questions = (params: Omit<AskParams, 'id'>, asking: Asking, token: CancellationToken) => Promise<AskResult>;

export function questionsTo(server: ReviewServer): Questions {
  const open = new Map<string, Asking>();
  const attached = new WeakSet<LanguageClient>();

  function attach(client: LanguageClient): void {
    if (attached.has(client)) return;
    attached.add(client);
    client.onNotification(MESSAGES.answerPart, ({ id, part }: AnswerPartParams) => open.get(id)?.onPart(part));
    client.onRequest(MESSAGES.chat, async ({ id, chat, request }: ChatParams, token): Promise<ChatResult> => {
      const send = open.get(id)?.send;
      if (!send) return { failure: 'the question is not asked any more' };
      try {
        for await (const part of send(request, token)) {
          const said: ChatPartParams = { chat, part };
          await client.sendNotification(MESSAGES.chatPart, said);
        }
        return {};
      } catch (error) {
        return { failure: error instanceof Error ? error.message : String(error) };
      }
    });
  }

  return async (params, asking, token) => {
    const client = await server.client();
    attach(client);
    const id = randomUUID();
    open.set(id, asking);
    try {
      const asked: AskParams = { ...params, id };
      return await client.sendRequest<AskResult>(MESSAGES.ask, asked, token);
    } finally {
      open.delete(id);
    }
  };
}
