/**
 * `backendReviewer/ask`: a question is answered, part by part. The facts, the guide, the prompt and what is covered in it
 * are this side's; where a language model is to answer, the client is its mouth and ear (`backendReviewer/chat`).
 */
import { posix } from 'node:path';
import { type CancellationToken, CancellationTokenSource } from 'vscode-languageserver';
import type { Answerer, Passage, Question } from '../../persona/answer';
import type { ChatModel, ChatPart } from '../../persona/chatModel';
import { answererWith } from '../../persona/conversation';
import { noWorkspace } from '../../persona/noWorkspace';
import { isAbort, signalOf } from '../guard';
import { pathOf } from '../paths';
import {
  type AnswerPartParams,
  type AskedPlace,
  type AskParams,
  type AskResult,
  type ChatParams,
  type ChatPartParams,
  type ChatResult,
  MESSAGES,
} from '../protocol';
import type { Session } from '../session';

/** @throws AbortError when the person has stopped it */
export async function ask(session: Session, params: AskParams, token: CancellationToken): Promise<AskResult> {
  const { connection, projects, workspace } = session;
  const { answers } = workspace;
  const signal = signalOf(token);
  const folder = params.folder === undefined ? undefined : pathOf(params.folder);
  const { grounding, tools } =
    folder === undefined
      ? { grounding: noWorkspace, tools: [] }
      : answers.open({
          folder,
          trusted: params.trusted,
          createReviewer: root => projects.reviewerOf(root),
          textOf: path => projects.openAt(path)?.text.getText(),
          signal,
        });
  // without trust nothing leaves, whatever a client asks for
  const isModels = params.model !== undefined && params.trusted;
  const answerer: Answerer = isModels
    ? answererWith(throughClient(session, params.model, params.id), {
        guide: answers.guide({ asDraft: true }),
        tools,
        ...(params.lens === undefined ? {} : { lens: params.lens }),
        ...(params.drafts === undefined ? {} : { drafts: params.drafts }),
      })
    : answers.guide();
  try {
    for await (const part of answerer.answer(questionIn(params, folder), grounding, signal)) {
      const told: AnswerPartParams = { id: params.id, part };
      await connection.sendNotification(MESSAGES.answerPart, told);
    }
    return { offline: answerer.offline };
  } catch (error) {
    signal.throwIfAborted();
    if (isAbort(error)) throw error;
    const failure = error instanceof Error ? error.message : String(error);
    connection.console.error(`ask failed: ${error instanceof Error ? (error.stack ?? failure) : failure}`);
    return { offline: answerer.offline, failure };
  }
}

function questionIn({ question }: AskParams, folder: string | undefined): Question {
  const passageAt = ({ uri, ...place }: AskedPlace): Passage => ({ ...place, file: nameOf(uri, folder) });
  return {
    text: question.text,
    ...(question.thread ? { thread: question.thread } : {}),
    ...(question.focus ? { focus: passageAt(question.focus) } : {}),
    ...(question.attached ? { attached: question.attached.map(passageAt) } : {}),
  };
}

/** Relative to the folder where it lies in it. */
function nameOf(uri: string, folder: string | undefined): string {
  const path = pathOf(uri) ?? uri;
  const below = folder === undefined ? path : posix.relative(folder, path);
  return below.startsWith('..') ? path : below || '.';
}

/** A model that the client speaks to. */
function throughClient({ connection, chats }: Session, model: NonNullable<AskParams['model']>, id: string): ChatModel {
  let sent = 0;
  return {
    ...model,
    async *send(request, signal) {
      const chat = `${id}.${sent++}`;
      const heard: ChatPart[] = [];
      let wake: () => void = () => undefined;
      let isOver = false;
      chats.set(chat, ({ part }: ChatPartParams) => {
        heard.push(part);
        wake();
      });
      const source = new CancellationTokenSource();
      const stop = (): void => source.cancel();
      signal?.addEventListener('abort', stop, { once: true });
      const params: ChatParams = { id, chat, request };
      const done = connection.sendRequest<ChatResult>(MESSAGES.chat, params, source.token).finally(() => {
        isOver = true;
        wake();
      });
      try {
        for (;;) {
          const part = heard.shift();
          if (part) yield part;
          else if (isOver) break;
          else
            await new Promise<void>(resolve => {
              wake = resolve;
            });
        }
        const { failure } = await done;
        signal?.throwIfAborted();
        if (failure !== undefined) throw new Error(failure);
      } finally {
        chats.delete(chat);
        signal?.removeEventListener('abort', stop);
        if (!isOver) source.cancel();
        source.dispose();
        await done.catch(() => undefined);
      }
    },
  };
}
