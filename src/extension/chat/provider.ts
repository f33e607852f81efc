/**
 * Our own language models in the chat's picker: the offline guide, so that a chat answers on a fresh profile, and the
 * endpoint that the person has set up. Any part of the chat may use them, not @backend alone.
 */
import {
  type CancellationToken,
  Disposable,
  EventEmitter,
  type ExtensionContext,
  type LanguageModelChatInformation,
  LanguageModelChatMessageRole,
  type LanguageModelChatProvider,
  type LanguageModelChatRequestMessage,
  type LanguageModelResponsePart,
  LanguageModelTextPart,
  LanguageModelToolCallPart,
  LanguageModelToolResultPart,
  lm,
  type Progress,
  type ProvideLanguageModelChatResponseOptions,
  workspace,
} from 'vscode';
import { isEndpointFailure } from '../../models/failure';
import type { ChatMessage, ChatRequest, ToolCall } from '../../persona/chatModel';
import { redacted } from '../../persona/redact';
import { tokensIn } from '../../persona/tokens';
import { endpointModel } from './endpointModel';
import type { Questions } from './questions';
import type { SentLog } from './sentLog';
import { endpointSettings } from './settings';
import { GUIDE, VENDOR } from './whoAnswers';

const OFFLINE_GUIDE: LanguageModelChatInformation = {
  id: GUIDE,
  name: 'Offline Guide',
  family: VENDOR,
  version: '1',
  tooltip: 'Answers @backend from playbooks and the facts of this workspace. Nothing leaves this machine.',
  detail: 'Backend Reviewer',
  maxInputTokens: 100_000,
  maxOutputTokens: 16_000,
  // the chat's agent lists none without; the guide calls none
  capabilities: { toolCalling: true },
};

const ANSWER_TOKENS = 8_000;

export function provideModels(context: ExtensionContext, questions: Questions, sent: SentLog): Disposable {
  const changed = new EventEmitter<void>();
  const provider: LanguageModelChatProvider = {
    onDidChangeLanguageModelChatInformation: changed.event,
    provideLanguageModelChatInformation() {
      const endpoint = endpointSettings();
      if (!endpoint) return [OFFLINE_GUIDE];
      return [
        OFFLINE_GUIDE,
        {
          id: `endpoint/${endpoint.name}`,
          name: endpoint.name,
          family: endpoint.name,
          version: '1',
          tooltip: `${endpoint.name} at ${endpoint.baseUrl}, set up with Backend Reviewer`,
          detail: 'Backend Reviewer',
          maxInputTokens: endpoint.inputTokens,
          maxOutputTokens: ANSWER_TOKENS,
          capabilities: { toolCalling: true },
        },
      ];
    },
    async provideLanguageModelChatResponse(model, messages, options, progress, token) {
      if (model.id === GUIDE) await fromGuide(questions, messages, progress, token);
      else await fromEndpoint(context, sent, messages, options, progress, token);
    },
    provideTokenCount: async (_model, text) => tokensIn(typeof text === 'string' ? text : textIn(text)),
  };
  const registered = lm.registerLanguageModelChatProvider(VENDOR, provider);
  // this resolves our models, and a picker that has none selects the first: the chat answers from the first message on
  // (not before activation has ended, which VS Code waits for)
  setImmediate(() => void lm.selectChatModels({ vendor: VENDOR }));
  return Disposable.from(
    changed,
    registered,
    workspace.onDidChangeConfiguration(change => {
      if (change.affectsConfiguration('backendReviewer.model')) changed.fire();
    }),
  );
}

/** What the last message asks: the guide keeps no thread. */
async function fromGuide(
  questions: Questions,
  messages: readonly LanguageModelChatRequestMessage[],
  progress: Progress<LanguageModelResponsePart>,
  token: CancellationToken,
): Promise<void> {
  const last = messages.findLast(({ role }) => role === LanguageModelChatMessageRole.User);
  const [folder] = workspace.workspaceFolders ?? [];
  const { failure } = await questions(
    {
      ...(folder ? { folder: folder.uri.toString() } : {}),
      trusted: workspace.isTrusted,
      question: { text: last ? textIn(last) : '' },
    },
    {
      onPart(part) {
        if (part.kind === 'text') progress.report(new LanguageModelTextPart(part.markdown));
      },
    },
    token,
  );
  if (failure !== undefined) throw new Error(failure);
}

async function fromEndpoint(
  context: ExtensionContext,
  sent: SentLog,
  messages: readonly LanguageModelChatRequestMessage[],
  options: ProvideLanguageModelChatResponseOptions,
  progress: Progress<LanguageModelResponsePart>,
  token: CancellationToken,
): Promise<void> {
  if (!workspace.isTrusted) throw new Error('in a workspace that is not trusted nothing is sent to a model endpoint');
  const settings = endpointSettings();
  if (!settings) throw new Error('no model endpoint is set up any more: run “Backend Reviewer: Set Up Model”');
  const model = await endpointModel(context.secrets, settings);
  const request: ChatRequest = {
    messages: messages.flatMap(messagesOf),
    tools: (options.tools ?? []).map(({ name, description, inputSchema }) => ({
      name,
      description,
      parameters: inputSchema ?? { type: 'object', properties: {} },
    })),
    mayCall: true,
  };
  const controller = new AbortController();
  const listening = token.onCancellationRequested(() => controller.abort());
  sent.add({ at: new Date(), model: model.name, host: model.host, by: 'the chat', request });
  try {
    for await (const part of model.send(request, controller.signal))
      progress.report(
        part.kind === 'text'
          ? new LanguageModelTextPart(part.text)
          : new LanguageModelToolCallPart(part.call.id, part.call.name, inputOf(part.call)),
      );
  } catch (error) {
    if (token.isCancellationRequested) return;
    throw isEndpointFailure(error) ? new Error(error.message) : error;
  } finally {
    listening.dispose();
  }
}

/** One of VS Code's messages may hold text, calls and what tools said, which the protocol tells apart. Secrets are covered. */
function messagesOf(message: LanguageModelChatRequestMessage): readonly ChatMessage[] {
  const calls: ToolCall[] = [];
  const results: ChatMessage[] = [];
  for (const part of message.content) {
    if (part instanceof LanguageModelToolCallPart)
      calls.push({ id: part.callId, name: part.name, input: redacted(JSON.stringify(part.input)).text });
    else if (part instanceof LanguageModelToolResultPart)
      results.push({ role: 'tool', id: part.callId, text: redacted(partsText(part.content)).text });
  }
  const text = redacted(textIn(message)).text;
  if (message.role === LanguageModelChatMessageRole.Assistant) return [{ role: 'assistant', text, calls }];
  return [...results, ...(text === '' ? [] : [{ role: 'user' as const, text }])];
}

const textIn = ({ content }: LanguageModelChatRequestMessage): string => partsText(content);

const partsText = (parts: readonly unknown[]): string =>
  parts.map(part => (part instanceof LanguageModelTextPart ? part.value : '')).join('');

function inputOf({ input }: ToolCall): object {
  if (input.trim() === '') return {};
  try {
    return JSON.parse(input);
  } catch {
    // what asks for the call tells the model that it was no JSON
    return { input };
  }
}
