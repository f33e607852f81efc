/** Requests through an HTTP proxy: Node's own `fetch` knows of none before Node 24. */
import { type IncomingMessage, request as plainRequest, type RequestOptions } from 'node:http';
import { request as secureRequest } from 'node:https';
import type { Socket } from 'node:net';
import { Readable } from 'node:stream';
import { connect } from 'node:tls';
import { EndpointFailure } from './failure';

/**
 * The proxy that the environment names for an address, as curl reads it; nothing where it is to be reached directly.
 * @param environment  `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY`, in either case
 */
export function proxyFor(url: URL, environment: Readonly<Record<string, string | undefined>>): string | undefined {
  const named = (name: string): string | undefined => environment[name.toLowerCase()] || environment[name] || undefined;
  const hosts = (named('NO_PROXY') ?? '').split(/[\s,]+/).filter(Boolean);
  if (LOOPBACK.test(url.hostname) || hosts.some(host => isCovered(url, host))) return undefined;
  return named(url.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY') ?? named('ALL_PROXY');
}

const LOOPBACK = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/;

/** `*`, `host`, `.host`, `*.host`, each with or without a port. */
function isCovered({ hostname, port, protocol }: URL, named: string): boolean {
  if (named === '*') return true;
  const [, host = '', at] = /^\*?\.?(.+?)(?::(\d+))?$/.exec(named) ?? [];
  if (at !== undefined && at !== (port || (protocol === 'https:' ? '443' : '80'))) return false;
  const plain = host.toLowerCase();
  return plain !== '' && (hostname === plain || hostname.endsWith(`.${plain}`));
}

/**
 * `fetch` as the client needs it: a request with a text as its body, a response that streams.
 * @param proxy  `http://user:password@proxy:3128`
 * @throws EndpointFailure for what is no proxy's address
 */
export function fetchThrough(proxy: string): typeof fetch {
  const at = URL.canParse(proxy) ? new URL(proxy) : undefined;
  if (!at || !/^https?:$/.test(at.protocol))
    throw new EndpointFailure('setting', `the proxy ${JSON.stringify(proxy)} is no address of an HTTP proxy`);
  return async (input, init = {}) => {
    const url = new URL(input instanceof Request ? input.url : input);
    const signal = init.signal ?? undefined;
    signal?.throwIfAborted();
    const headers = Object.fromEntries(new Headers(init.headers));
    const wished = { method: init.method ?? 'GET', headers, signal };
    const answer =
      url.protocol === 'https:'
        ? await answered(secureRequest(url, { ...wished, createConnection: await tunnel(at, url, signal) }), init.body)
        : await answered(
            toProxy(at, { ...wished, path: url.href, headers: { ...headers, host: url.host, ...authorization(at) } }),
            init.body,
          );
    return responseOf(answer);
  };
}

const toProxy = (proxy: URL, options: RequestOptions) =>
  (proxy.protocol === 'https:' ? secureRequest : plainRequest)({
    ...options,
    hostname: proxy.hostname.replace(/^\[|\]$/g, ''),
    port: proxy.port || (proxy.protocol === 'https:' ? 443 : 80),
    agent: false,
  });

const authorization = ({ username, password }: URL): Record<string, string> =>
  username === ''
    ? {}
    : {
        'proxy-authorization': `Basic ${Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64')}`,
      };

/** A connection through the proxy that only both ends can read. */
async function tunnel(proxy: URL, url: URL, signal: AbortSignal | undefined): Promise<() => Socket> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const target = `${url.hostname}:${url.port || 443}`;
  const opened = toProxy(proxy, {
    method: 'CONNECT',
    path: target,
    headers: { host: target, ...authorization(proxy) },
    signal,
  });
  const socket = await new Promise<Socket>((resolve, reject) => {
    opened.once('connect', ({ statusCode }, connected: Socket) => {
      if (statusCode === 200) return resolve(connected);
      connected.destroy();
      reject(new Error(`the proxy ${proxy.host} answered ${statusCode} to CONNECT ${target}`));
    });
    opened.once('response', ({ statusCode }) =>
      reject(new Error(`the proxy ${proxy.host} answered ${statusCode} to CONNECT ${target}`)),
    );
    opened.once('error', reject);
    opened.end();
  });
  return () => connect({ socket, servername: host });
}

function answered(request: ReturnType<typeof plainRequest>, body: unknown): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.once('response', resolve);
    request.once('error', reject);
    request.end(typeof body === 'string' ? body : undefined);
  });
}

function responseOf(answer: IncomingMessage): Response {
  const headers = new Headers();
  for (const [name, values] of Object.entries(answer.headersDistinct))
    for (const value of values ?? []) headers.append(name, value);
  const status = answer.statusCode ?? 502;
  const isEmpty = status === 204 || status === 304;
  return new Response(isEmpty ? null : (Readable.toWeb(answer) as ReadableStream), { status, headers });
}
