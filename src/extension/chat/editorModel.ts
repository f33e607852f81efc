/** A model of VS Code's, as the conversation knows models. */
import {
  type CancellationToken,
  CancellationTokenSource,
  type LanguageModelChat,
  LanguageModelChatMessage,
  LanguageModelTextPart,
  LanguageModelToolCallPart,
  LanguageModelToolResultPart,
} from 'vscode';
import type { ChatMessage, ChatPart, ChatRequest } from '../../persona/chatModel';

/** @throws what VS Code says, in its words */
export async function* sentTo(
  model: LanguageModelChat,
  { messages, tools, mayCall }: ChatRequest,
  token: CancellationToken,
): AsyncIterable<ChatPart> {
  const source = new CancellationTokenSource();
  const listening = token.onCancellationRequested(() => source.cancel());
  try {
    const response = await model.sendRequest(
      messages.map(messageOf),
      {
        justification: 'It answers your question to @backend.',
        ...(mayCall
          ? {
              tools: tools.map(({ name, description, parameters }) => ({ name, description, inputSchema: parameters })),
            }
          : {}),
      },
      source.token,
    );
    for await (const part of response.stream) {
      if (part instanceof LanguageModelTextPart) yield { kind: 'text', text: part.value };
      else if (part instanceof LanguageModelToolCallPart)
        yield { kind: 'call', call: { id: part.callId, name: part.name, input: JSON.stringify(part.input ?? {}) } };
    }
  } finally {
    listening.dispose();
    source.dispose();
  }
}

/** VS Code knows no system's messages: the role goes first, in a person's. */
function messageOf(message: ChatMessage): LanguageModelChatMessage {
  switch (message.role) {
    case 'system':
    case 'user':
      return LanguageModelChatMessage.User(message.text);
    case 'tool':
      return LanguageModelChatMessage.User([
        new LanguageModelToolResultPart(message.id, [new LanguageModelTextPart(message.text)]),
      ]);
    case 'assistant':
      return LanguageModelChatMessage.Assistant([
        ...(message.text === '' ? [] : [new LanguageModelTextPart(message.text)]),
        ...message.calls.map(({ id, name, input }) => new LanguageModelToolCallPart(id, name, asObject(input))),
      ]);
  }
}

function asObject(input: string): object {
  try {
    const value: unknown = JSON.parse(input);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}
