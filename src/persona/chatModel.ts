/** A language model, as small as it can be said: messages in, text and calls of tools out. Endpoints and editors implement it. */

export interface ChatModel {
  /** As its maker calls it: `gpt-5`, `llama3.2`. */
  readonly name: string;
  /** Who gets what is sent: `api.openai.com`, `GitHub Copilot`. */
  readonly host: string;
  /** Tokens that one request may hold. */
  readonly maxInputTokens: number;
  readonly callsTools: boolean;
  /** @throws what ended the answer before its time, in words for a person; an `AbortError` when the signal is raised */
  send(request: ChatRequest, signal?: AbortSignal): AsyncIterable<ChatPart>;
}

export interface ChatRequest {
  readonly messages: readonly ChatMessage[];
  readonly tools: readonly OfferedTool[];
  /** Whether one may be called now: what was called before stays part of the conversation. */
  readonly mayCall: boolean;
}

export type ChatMessage =
  | { readonly role: 'system' | 'user'; readonly text: string }
  | { readonly role: 'assistant'; readonly text: string; readonly calls: readonly ToolCall[] }
  /** What a tool said to the call of this id. */
  | { readonly role: 'tool'; readonly id: string; readonly text: string };

export interface ToolCall {
  readonly id: string;
  readonly name: string;
  /** JSON as the model wrote it: it may be none. */
  readonly input: string;
}

export interface OfferedTool {
  /** `verb_noun` */
  readonly name: string;
  readonly description: string;
  /** JSON schema of its input. */
  readonly parameters: object;
}

export type ChatPart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'call'; readonly call: ToolCall };

/** One that can be called. What it changes is nothing: an effect is a person's to make. */
export interface CallableTool extends OfferedTool {
  /** @throws in words that help the model to call it better */
  call(input: unknown, signal?: AbortSignal): Promise<string>;
}
