/**
 * A model behind an endpoint that speaks OpenAI's protocol: OpenAI, Azure, Ollama, LM Studio, vLLM, OpenRouter. A bundle of
 * its own that is loaded when a person has chosen one.
 */
import { APIConnectionError, APIError, AzureOpenAI, OpenAI } from 'openai';
import type { ChatMessage, ChatModel, ChatPart, ChatRequest } from '../persona/chatModel';
import { redacted } from '../persona/redact';
import { DEFAULT_INPUT_TOKENS, type Endpoint, isAzure, urlOf } from './endpoint';
import { EndpointFailure, type FailureKind } from './failure';
import { fetchThrough } from './proxy';
import { retried, type Waiting } from './retry';

export interface ModelDependencies extends Waiting {
  /** `http://proxy:3128`; straight where absent. */
  readonly proxy?: string;
  /** Until the first byte of an answer, and between two pieces of it. A large local model thinks for a while. */
  readonly silenceMs?: number;
}

const SILENCE_MS = 120_000;

/** Longer is no answer any more. */
const MOST_CHARACTERS = 400_000;

/** Azure's dated protocol, where the address does not say which. */
const AZURE_VERSION = '2024-10-21';

/** @throws EndpointFailure for an address that nothing may be sent to */
export function openAiModel(endpoint: Endpoint, dependencies: ModelDependencies = {}): ChatModel {
  const url = urlOf(endpoint);
  const client = clientFor(endpoint, url, dependencies);
  const who = { host: url.host, model: endpoint.model };
  let takesTools = true;
  return {
    name: endpoint.model,
    host: url.host,
    maxInputTokens: endpoint.maxInputTokens ?? DEFAULT_INPUT_TOKENS,
    callsTools: true,
    async *send(request, signal) {
      const silence = silenceOf(dependencies.silenceMs ?? SILENCE_MS, signal);
      try {
        const open = () =>
          retried(
            () => {
              silence.heard();
              return created(client, endpoint, request, takesTools, silence.signal);
            },
            silence,
            who.host,
            dependencies,
          );
        const stream = await open().catch((error: unknown) => {
          // many small models know no tools, and their servers refuse the whole request
          if (!takesTools || request.tools.length === 0 || !refusesTools(error)) throw error;
          takesTools = false;
          return open();
        });
        yield* partsOf(stream, who, silence);
      } catch (error) {
        signal?.throwIfAborted();
        throw failureOf(error, who, silence);
      } finally {
        silence.end();
      }
    },
  };
}

/** What the server lists, for choosing from. */
export async function modelNames(endpoint: Endpoint, dependencies: ModelDependencies = {}): Promise<readonly string[]> {
  const client = clientFor(endpoint, urlOf(endpoint), dependencies);
  const names: string[] = [];
  for await (const { id } of client.models.list({ timeout: LIST_MS })) names.push(id);
  return names.toSorted();
}

const LIST_MS = 10_000;

/** What the client says of the machine that it runs on is nobody's business. */
const UNSAID = Object.fromEntries(
  ['Lang', 'Package-Version', 'OS', 'Arch', 'Runtime', 'Runtime-Version', 'Retry-Count', 'Timeout'].map(name => [
    `X-Stainless-${name}`,
    null,
  ]),
);

function clientFor({ key, model }: Endpoint, url: URL, { proxy }: ModelDependencies): OpenAI {
  const options = {
    // the environment may hold another one's
    adminAPIKey: null,
    organization: null,
    project: null,
    maxRetries: 0,
    logLevel: 'off',
    timeout: 2 ** 31 - 1,
    defaultHeaders: {
      ...UNSAID,
      'User-Agent': 'Backend-Reviewer',
      ...(key === undefined ? { Authorization: null } : {}),
    },
    ...(proxy === undefined ? {} : { fetch: fetchThrough(proxy) }),
    // a proxy or a browser-like host is no browser: the key is the person's own and stays on this machine
    dangerouslyAllowBrowser: true,
  } as const;
  const apiKey = key ?? 'none';
  if (!isAzure(url)) return new OpenAI({ ...options, apiKey, baseURL: url.href.replace(/\/$/, '') });
  return new AzureOpenAI({
    ...options,
    apiKey,
    endpoint: url.origin,
    deployment: /\/deployments\/([^/]+)/.exec(url.pathname)?.[1] ?? model,
    apiVersion: url.searchParams.get('api-version') ?? AZURE_VERSION,
  });
}

function created(
  client: OpenAI,
  { model }: Endpoint,
  { messages, tools, mayCall }: ChatRequest,
  takesTools: boolean,
  signal: AbortSignal,
): Promise<AsyncIterable<OpenAI.Chat.ChatCompletionChunk>> {
  const offered = takesTools ? tools : [];
  return client.chat.completions.create(
    {
      model,
      stream: true,
      messages: messages.map(message => messageOf(message, takesTools)),
      ...(offered.length === 0
        ? {}
        : {
            tools: offered.map(({ name, description, parameters }) => ({
              type: 'function' as const,
              function: { name, description, parameters: { ...parameters } },
            })),
            tool_choice: mayCall ? ('auto' as const) : ('none' as const),
          }),
    },
    { signal },
  );
}

function messageOf(message: ChatMessage, takesTools: boolean): OpenAI.Chat.ChatCompletionMessageParam {
  if (message.role === 'tool')
    return takesTools
      ? { role: 'tool', tool_call_id: message.id, content: message.text }
      : { role: 'user', content: message.text };
  if (message.role !== 'assistant') return { role: message.role, content: message.text };
  if (message.calls.length === 0 || !takesTools) return { role: 'assistant', content: message.text };
  return {
    role: 'assistant',
    content: message.text,
    tool_calls: message.calls.map(({ id, name, input }) => ({
      id,
      type: 'function',
      function: { name, arguments: input },
    })),
  };
}

const refusesTools = (error: unknown): boolean =>
  error instanceof APIError &&
  (error.status === 400 || error.status === 404) &&
  /\btools?\b|function.?call/i.test(error.message);

/** The stream as parts: text as it comes, calls when they are whole. */
async function* partsOf(
  stream: AsyncIterable<OpenAI.Chat.ChatCompletionChunk>,
  { model, host }: Who,
  silence: Silence,
): AsyncIterable<ChatPart> {
  const calls = new Map<number, { id: string; name: string; input: string }>();
  let isFinished = false;
  let characters = 0;
  for await (const chunk of stream) {
    silence.heard();
    const failed = (chunk as { error?: { message?: unknown } }).error;
    if (failed)
      throw new EndpointFailure('refused', `${host} broke off: ${said(String(failed.message ?? 'no reason given'))}`);
    const choice = chunk.choices?.[0];
    if (!choice) continue;
    const { content, tool_calls: called = [] } = choice.delta ?? {};
    if (typeof content === 'string' && content !== '') {
      characters += content.length;
      yield { kind: 'text', text: content };
    }
    for (const [at, { index = at, id, function: asked }] of (called ?? []).entries()) {
      const call = calls.get(index) ?? { id: id ?? `call_${index}`, name: '', input: '' };
      call.name += asked?.name ?? '';
      call.input += asked?.arguments ?? '';
      characters += asked?.arguments?.length ?? 0;
      calls.set(index, call);
    }
    if (characters > MOST_CHARACTERS)
      throw new EndpointFailure(
        'not-understood',
        `${model} does not come to an end: stopped after ${characters} characters`,
      );
    if (choice.finish_reason) isFinished = true;
  }
  if (!isFinished && characters === 0 && calls.size === 0)
    throw new EndpointFailure(
      'not-understood',
      `${host} answered with nothing that is of OpenAI’s protocol; is the base URL right?`,
    );
  if (!isFinished) throw new EndpointFailure('cut', `the connection to ${host} was cut in the middle of the answer`);
  for (const call of calls.values()) yield { kind: 'call', call };
}

interface Who {
  readonly host: string;
  readonly model: string;
}

/** An answer of which nothing comes for too long is ended; waiting for a turn that the server has named is no silence. */
interface Silence {
  /** Raised by the person, or by silence. */
  readonly signal: AbortSignal;
  readonly isOver: boolean;
  heard(): void;
  end(): void;
}

function silenceOf(ms: number, signal: AbortSignal | undefined): Silence {
  const silent = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const end = (): void => clearTimeout(timer);
  const heard = (): void => {
    end();
    timer = setTimeout(() => silent.abort(), ms);
  };
  return {
    signal: signal ? AbortSignal.any([signal, silent.signal]) : silent.signal,
    get isOver() {
      return silent.signal.aborted;
    },
    heard,
    end,
  };
}

/** What went wrong, told by what can be done about it. */
function failureOf(error: unknown, { host, model }: Who, silence: Silence): Error {
  if (silence.isOver) return new EndpointFailure('silent', `${host} has said nothing for too long`, { cause: error });
  if (error instanceof EndpointFailure) return error;
  if (error instanceof APIConnectionError)
    return new EndpointFailure('unreachable', `${host} cannot be reached: ${said(reasonOf(error))}`, { cause: error });
  if (error instanceof APIError) return refusal(error, host, model);
  if (error instanceof SyntaxError)
    return new EndpointFailure('not-understood', `${host} does not speak OpenAI’s protocol; is the base URL right?`, {
      cause: error,
    });
  return new EndpointFailure('cut', `the connection to ${host} was cut in the middle of the answer`, { cause: error });
}

function refusal(error: InstanceType<typeof APIError>, host: string, model: string): EndpointFailure {
  const reason = said(error.message.replace(/^\d{3} /, ''));
  const as = (kind: FailureKind, message: string) => new EndpointFailure(kind, message, { cause: error });
  switch (error.status) {
    case 401:
    case 403:
      return as('key', `${host} refuses the key: ${reason}`);
    case 404:
      return as('model', `${host} has no model ${model} at this address: ${reason}`);
    case 429:
      return as('limit', `${host} takes no more requests for now: ${reason}`);
    case undefined:
      return as('refused', `${host} broke off: ${reason}`);
    default:
      return as('refused', `${host} answered ${error.status}: ${reason}`);
  }
}

/** The innermost cause says what happened; the outer ones that it did. */
function reasonOf(error: unknown): string {
  let innermost = error;
  while (innermost instanceof Error && innermost.cause !== undefined) innermost = innermost.cause;
  if (innermost instanceof AggregateError && innermost.errors.length > 0) innermost = innermost.errors[0];
  if (!(innermost instanceof Error)) return String(innermost);
  return innermost.message || ('code' in innermost ? String(innermost.code) : innermost.name);
}

/** A server's words, in one line of bounded length, and without a key that it repeats. */
const said = (words: string): string =>
  redacted(words.replace(/\s+/g, ' ').trim().slice(0, 300)).text || 'no reason given';
