/** A server on this machine that speaks OpenAI's chat protocol as well, or as badly, as a test wants. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Asked {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: {
    readonly model: string;
    readonly messages: readonly { readonly role: string; readonly content: string; readonly tool_call_id?: string }[];
    readonly tools?: readonly { readonly function: { readonly name: string } }[];
    readonly tool_choice?: string;
  };
  /** Resolves when the one who asked has gone. */
  readonly gone: Promise<void>;
}

export type Answering = (response: ServerResponse, asked: Asked) => void | Promise<void>;

/** Answers the requests one after the other; the last answering stays. */
export async function fakeEndpoint(...answering: readonly Answering[]) {
  const asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const one: Asked = {
      path: request.url ?? '',
      headers: request.headers,
      body: body === '' ? { model: '', messages: [] } : JSON.parse(body),
      gone: new Promise(resolve => response.once('close', resolve)),
    };
    const answer = answering[Math.min(asked.length, answering.length - 1)];
    asked.push(one);
    await answer?.(response, one);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    host: `127.0.0.1:${port}`,
    asked,
    close: () =>
      new Promise<void>(resolve => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

const event = (delta: object, finish: string | null = null): string =>
  `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 0, model: 'm', choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;

export const stream = (response: ServerResponse): ServerResponse =>
  response.writeHead(200, { 'content-type': 'text/event-stream' });

/** These texts, one after the other, and a proper end. */
export const says =
  (...texts: readonly string[]): Answering =>
  response => {
    stream(response);
    for (const content of texts) response.write(event({ content }));
    response.end(`${event({}, 'stop')}data: [DONE]\n\n`);
  };

/** A call of a tool, its input in two pieces. */
export const calls =
  (name: string, input: object, before = ''): Answering =>
  response => {
    const text = JSON.stringify(input);
    const half = Math.ceil(text.length / 2);
    stream(response);
    if (before !== '') response.write(event({ content: before }));
    const piece = (given: object, first: object = {}) =>
      event({ tool_calls: [{ index: 0, ...first, function: given }] });
    response.write(piece({ name, arguments: text.slice(0, half) }, { id: 'call_1', type: 'function' }));
    response.write(piece({ arguments: text.slice(half) }));
    response.end(`${event({}, 'tool_calls')}data: [DONE]\n\n`);
  };

export const refuses =
  (status: number, message: string, headers: Readonly<Record<string, string>> = {}, code?: string): Answering =>
  response => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify({ error: { message, code } }));
  };

/** Some text, and then the line is dead. */
export const cutsAfter =
  (text: string): Answering =>
  response => {
    stream(response).write(event({ content: text }), () => setTimeout(() => response.destroy(), 20));
  };

/** Some text, and then an end that is none. */
export const endsAfter =
  (text: string): Answering =>
  response => {
    stream(response).end(event({ content: text }));
  };

export const garbage: Answering = response => {
  stream(response).end('data: {"choices": [{"delta": {"con\n\ndata: \u0000\u0001\n\n');
};

export const page: Answering = response => {
  response.writeHead(200, { 'content-type': 'text/html' }).end('<html><body>Welcome to nginx!</body></html>');
};

/** A text without an end, until the reader has gone. */
export const endless: Answering = async (response, { gone }) => {
  stream(response);
  const timer = setInterval(() => response.write(event({ content: 'and ' })), 5);
  await gone;
  clearInterval(timer);
};

export const silent: Answering = response => {
  stream(response).write(event({ content: 'Well' }));
};
