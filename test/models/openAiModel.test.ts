/** The client of model endpoints, against a server on this machine that answers well and badly. */
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import type { Endpoint } from '../../src/models/endpoint';
import { isEndpointFailure } from '../../src/models/failure';
import { type ModelDependencies, openAiModel } from '../../src/models/openAiModel';
import { proxyFor } from '../../src/models/proxy';
import type { ChatPart, ChatRequest } from '../../src/persona/chatModel';
import {
  type Answering,
  calls,
  cutsAfter,
  endless,
  endsAfter,
  fakeEndpoint,
  garbage,
  page,
  refuses,
  says,
  silent,
} from './fakeEndpoint';

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of opened.splice(0)) await each.close();
});

const REQUEST: ChatRequest = {
  messages: [
    { role: 'system', text: 'You are an engineer.' },
    { role: 'user', text: 'What is slow?' },
  ],
  tools: [{ name: 'read_schema', description: 'The schema.', parameters: { type: 'object', properties: {} } }],
  mayCall: true,
};

async function endpoint(...answering: Answering[]) {
  const server = await fakeEndpoint(...answering);
  opened.push(server);
  return server;
}

async function ask(
  given: Partial<Endpoint> & { baseUrl: string },
  dependencies: ModelDependencies = {},
  { signal, request = REQUEST }: { signal?: AbortSignal; request?: ChatRequest } = {},
): Promise<ChatPart[]> {
  const model = openAiModel({ model: 'gpt-x', key: 'k', ...given }, { firstWaitMs: 1, ...dependencies });
  const parts: ChatPart[] = [];
  for await (const part of model.send(request, signal)) parts.push(part);
  return parts;
}

const textOf = (parts: readonly ChatPart[]): string =>
  parts.map(part => (part.kind === 'text' ? part.text : '')).join('');

/** What a person is told. */
const failure = (asking: Promise<unknown>): Promise<string> =>
  asking.then(
    () => 'no failure',
    error => (isEndpointFailure(error) ? `${error.kind}: ${error.message}` : `unexpected: ${error}`),
  );

test('text as it streams; nothing is said of the machine', async () => {
  const { baseUrl, asked } = await endpoint(says('The ', 'loop.'));
  expect(await ask({ baseUrl })).toEqual([
    { kind: 'text', text: 'The ' },
    { kind: 'text', text: 'loop.' },
  ]);
  const [{ path, headers, body } = { path: '', headers: {}, body: undefined }] = asked;
  expect(path).toBe('/v1/chat/completions');
  expect(headers.authorization).toBe('Bearer k');
  expect(Object.keys(headers).filter(name => name.startsWith('x-stainless') || name.startsWith('openai'))).toEqual([]);
  expect(headers['user-agent']).toBe('Backend-Reviewer');
  expect(body).toMatchObject({ model: 'gpt-x', stream: true, tool_choice: 'auto' });
  expect(body?.messages[1]).toEqual({ role: 'user', content: 'What is slow?' });
});

test('calls of tools are put together, and their answers go back by id', async () => {
  const { baseUrl, asked } = await endpoint(calls('read_schema', { table: 'orders' }), says('Done.'));
  const parts = await ask({ baseUrl });
  const call = { id: 'call_1', name: 'read_schema', input: '{"table":"orders"}' };
  expect(parts).toEqual([{ kind: 'call', call }]);
  await ask(
    { baseUrl },
    {},
    {
      request: {
        ...REQUEST,
        mayCall: false,
        messages: [
          ...REQUEST.messages,
          { role: 'assistant', text: '', calls: [call] },
          { role: 'tool', id: 'call_1', text: 'id bigint' },
        ],
      },
    },
  );
  expect(asked[1]?.body.tool_choice).toBe('none');
  expect(asked[1]?.body.messages.at(-1)).toEqual({ role: 'tool', tool_call_id: 'call_1', content: 'id bigint' });
});

test('without a key none is sent, whatever the environment holds', async () => {
  process.env.OPENAI_API_KEY = 'sk-of-somebody';
  try {
    const { baseUrl, asked } = await endpoint(says('Hi.'));
    await ask({ baseUrl, key: undefined });
    expect(asked[0]?.headers.authorization).toBeUndefined();
  } finally {
    delete process.env.OPENAI_API_KEY;
  }
});

test('a wrong key is told at once, and once', async () => {
  const { baseUrl, host, asked } = await endpoint(refuses(401, 'Incorrect API key provided: sk-1234.'));
  expect(await failure(ask({ baseUrl }))).toBe(`key: ${host} refuses the key: Incorrect API key provided: sk-1234.`);
  expect(asked).toHaveLength(1);
});

test('a model that is not there', async () => {
  const { baseUrl, host } = await endpoint(refuses(404, 'model not found, try pulling it first'));
  expect(await failure(ask({ baseUrl }))).toBe(
    `model: ${host} has no model gpt-x at this address: model not found, try pulling it first`,
  );
});

describe('again', () => {
  test('after the time that the server names', async () => {
    const waits: number[] = [];
    const { baseUrl } = await endpoint(refuses(429, 'slow down', { 'retry-after': '0.05' }), says('Now.'));
    expect(textOf(await ask({ baseUrl }, { onWait: ms => waits.push(ms) }))).toBe('Now.');
    expect(waits).toEqual([50]);
  });

  test('after a growing time where it names none', async () => {
    const waits: number[] = [];
    const overloaded = refuses(503, 'overloaded');
    const { baseUrl } = await endpoint(overloaded, overloaded, says('Now.'));
    expect(textOf(await ask({ baseUrl }, { firstWaitMs: 8, onWait: ms => waits.push(ms) }))).toBe('Now.');
    expect(waits[0]).toBeLessThanOrEqual(8);
    expect(waits[1]).toBeGreaterThan(8);
  });

  test('but not for ever', async () => {
    const { baseUrl, host, asked } = await endpoint(refuses(429, 'slow down'));
    expect(await failure(ask({ baseUrl }))).toBe(`limit: ${host} takes no more requests for now: slow down`);
    expect(asked).toHaveLength(4);
  });

  test('and not when it would take minutes, or the quota is used up', async () => {
    const { baseUrl, host, asked } = await endpoint(refuses(429, 'slow down', { 'retry-after': '3600' }));
    expect(await failure(ask({ baseUrl }))).toBe(
      `limit: ${host} takes no more requests for now: it asks to wait 3600 seconds`,
    );
    expect(asked).toHaveLength(1);
    const empty = await endpoint(refuses(429, 'You exceeded your current quota', {}, 'insufficient_quota'));
    expect(await failure(ask({ baseUrl: empty.baseUrl }))).toContain('limit: ');
    expect(empty.asked).toHaveLength(1);
  });

  test('a wait is ended by the person', async () => {
    const { baseUrl } = await endpoint(refuses(429, 'slow down', { 'retry-after': '30' }));
    const controller = new AbortController();
    const asking = ask({ baseUrl }, { onWait: () => controller.abort() }, { signal: controller.signal });
    await expect(asking).rejects.toThrow(/abort/i);
  });
});

test('a server whose model knows no tools is asked without', async () => {
  const { baseUrl, asked } = await endpoint(refuses(400, 'llama2 does not support tools'), says('Without.'));
  expect(textOf(await ask({ baseUrl }))).toBe('Without.');
  expect(asked.map(({ body }) => body.tools?.length ?? 0)).toEqual([1, 0]);
});

test('a connection that is cut, or ends before its time', async () => {
  for (const answering of [cutsAfter('The loop'), endsAfter('The loop')]) {
    const { baseUrl, host } = await endpoint(answering);
    expect(await failure(ask({ baseUrl }))).toBe(`cut: the connection to ${host} was cut in the middle of the answer`);
  }
});

test('what is not of the protocol', async () => {
  const broken = await endpoint(garbage);
  expect(await failure(ask({ baseUrl: broken.baseUrl }))).toMatch(
    /^not-understood: .+ does not speak OpenAI’s protocol/,
  );
  const web = await endpoint(page);
  expect(await failure(ask({ baseUrl: web.baseUrl }))).toMatch(/^not-understood: .+ answered with nothing/);
});

test('an endless answer is ended by the person, and the server hears of it', async () => {
  const { baseUrl, asked } = await endpoint(endless);
  const controller = new AbortController();
  const model = openAiModel({ model: 'gpt-x', key: 'k', baseUrl });
  const parts: ChatPart[] = [];
  const reading = (async () => {
    for await (const part of model.send(REQUEST, controller.signal)) {
      parts.push(part);
      if (parts.length === 3) controller.abort();
    }
  })();
  await expect(reading).rejects.toThrow(/abort/i);
  await asked[0]?.gone;
  expect(parts).toHaveLength(3);
});

test('silence is ended by a clock', async () => {
  const { baseUrl, host } = await endpoint(silent);
  expect(await failure(ask({ baseUrl }, { silenceMs: 60 }))).toBe(`silent: ${host} has said nothing for too long`);
});

test('nobody there', async () => {
  const gone = await fakeEndpoint(says('x'));
  await gone.close();
  expect(await failure(ask({ baseUrl: gone.baseUrl }, { retries: 1 }))).toMatch(
    /^unreachable: 127\.0\.0\.1:\d+ cannot be reached: .*ECONNREFUSED/,
  );
});

test('an address that nothing may be sent to', async () => {
  const told = (given: Partial<Endpoint>) => failure((async () => ask({ baseUrl: '', ...given }))());
  expect(await told({ baseUrl: 'localhost:11434' })).toMatch(/^setting: the base URL "localhost:11434" is no address/);
  expect(await told({ baseUrl: 'https://me:secret@example.org/v1' })).toMatch(/^setting: a key does not belong/);
  expect(await told({ baseUrl: 'http://models.example.org/v1' })).toMatch(/^setting: the key would go .+ unencrypted/);
});

test('Azure gets its deployment, its version and its own header', async () => {
  const proxy = await forwarding(says('Azure.'));
  const parts = await ask({ baseUrl: 'http://shop.openai.azure.com', model: 'gpt-4o', key: undefined }, proxy);
  expect(textOf(parts)).toBe('Azure.');
  expect(proxy.asked[0]?.path).toBe(
    'http://shop.openai.azure.com/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21',
  );
  expect(proxy.asked[0]?.headers['api-key']).toBe('none');
});

describe('a proxy', () => {
  test('carries a plain request, with its own password', async () => {
    const { asked, proxy } = await forwarding(says('Through.'));
    const given = proxy.replace('http://', 'http://me:pa%40ss@');
    expect(textOf(await ask({ baseUrl: 'http://gpu.internal:8000/v1' }, { proxy: given }))).toBe('Through.');
    expect(asked[0]?.path).toBe('http://gpu.internal:8000/v1/chat/completions');
    expect(asked[0]?.headers['proxy-authorization']).toBe(`Basic ${Buffer.from('me:pa@ss').toString('base64')}`);
  });

  test('is asked for a tunnel where the connection is a secure one', async () => {
    const wanted: string[] = [];
    const server = createServer();
    server.on('connect', ({ url = '' }, socket) => {
      wanted.push(url);
      if (url.startsWith('refused')) socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
      else {
        // whatever is there, it is no server of the name that was asked for
        const other = connect((server.address() as AddressInfo).port, '127.0.0.1', () => {
          socket.write('HTTP/1.1 200 OK\r\n\r\n');
          other.pipe(socket).pipe(other);
        });
        other.on('error', () => socket.destroy());
        socket.on('error', () => other.destroy());
      }
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    opened.push({ close: () => new Promise(resolve => server.close(() => resolve())) });
    const proxy = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    expect(await failure(ask({ baseUrl: 'https://refused.example.org/v1' }, { proxy, retries: 0 }))).toMatch(
      /unreachable: .+ answered 403 to CONNECT refused\.example\.org:443/,
    );
    expect(await failure(ask({ baseUrl: 'https://models.example.org/v1' }, { proxy, retries: 0 }))).toMatch(
      /^unreachable: /,
    );
    expect(wanted).toEqual(['refused.example.org:443', 'models.example.org:443']);
    server.closeAllConnections();
  });

  test('is told by the environment, as curl reads it', () => {
    const of = (url: string, environment: Record<string, string>) => proxyFor(new URL(url), environment);
    expect(of('https://api.openai.com/v1', { HTTPS_PROXY: 'http://p:1' })).toBe('http://p:1');
    expect(of('https://api.openai.com/v1', { https_proxy: 'http://p:2', HTTPS_PROXY: 'http://p:1' })).toBe(
      'http://p:2',
    );
    expect(of('https://api.openai.com/v1', { HTTP_PROXY: 'http://p:1' })).toBeUndefined();
    expect(of('http://gpu:8000/v1', { ALL_PROXY: 'http://p:1' })).toBe('http://p:1');
    expect(of('http://localhost:11434/v1', { HTTP_PROXY: 'http://p:1' })).toBeUndefined();
    expect(
      of('https://llm.corp.example/v1', { HTTPS_PROXY: 'http://p:1', NO_PROXY: 'other, .corp.example' }),
    ).toBeUndefined();
    expect(of('https://llm.example:8443', { HTTPS_PROXY: 'http://p:1', NO_PROXY: 'llm.example:443' })).toBe(
      'http://p:1',
    );
  });
});

/** A proxy that answers for everybody. */
async function forwarding(...answering: Answering[]) {
  const server = await endpoint(...answering);
  return { asked: server.asked, proxy: `http://${server.host}` };
}
