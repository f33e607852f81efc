/** An endpoint that speaks OpenAI's protocol, as a person names it, and what must be true before anything is sent to it. */
import { EndpointFailure } from './failure';

export interface Endpoint {
  /** Of the protocol's root: `https://api.openai.com/v1`, `http://localhost:11434/v1`, `https://NAME.openai.azure.com`. */
  readonly baseUrl: string;
  /** The model's name there; with Azure the deployment's. */
  readonly model: string;
  readonly key?: string;
  /** Tokens that a request may hold: servers cut or refuse longer ones. */
  readonly maxInputTokens?: number;
}

export const OPENAI = 'https://api.openai.com/v1';

/** Fits today's small local models as they are usually started. */
export const DEFAULT_INPUT_TOKENS = 16_000;

/** @throws EndpointFailure */
export function urlOf({ baseUrl, key }: Pick<Endpoint, 'baseUrl' | 'key'>): URL {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  if (!url || !/^https?:$/.test(url.protocol))
    throw new EndpointFailure(
      'setting',
      `the base URL ${JSON.stringify(baseUrl)} is no address; it looks like ${OPENAI} or http://localhost:11434/v1`,
    );
  if (url.username !== '' || url.password !== '')
    throw new EndpointFailure('setting', 'a key does not belong into the base URL, where logs and histories keep it');
  if (url.protocol === 'http:' && key !== undefined && !isNear(url.hostname))
    throw new EndpointFailure(
      'setting',
      `the key would go to ${url.hostname} unencrypted, for everybody on the way to read: use https://`,
    );
  return url;
}

/** This machine or its network: what goes there does not cross the internet. */
export const isNear = (host: string): boolean =>
  /^(?:localhost|127(?:\.\d+){3}|\[::1\]|host\.docker\.internal|10(?:\.\d+){3}|192\.168(?:\.\d+){2}|172\.(?:1[6-9]|2\d|3[01])(?:\.\d+){2}|\[f[cd][\da-f:]+\])$/.test(
    host,
  ) ||
  !host.includes('.') ||
  /\.(?:local|localhost|internal|lan|home\.arpa)$/.test(host);

/** Azure's own protocol, with deployments and dated versions; its newer address speaks OpenAI's. */
export const isAzure = ({ hostname, pathname }: URL): boolean =>
  /\.(?:openai\.azure\.(?:com|us|cn)|cognitiveservices\.azure\.com)$/.test(hostname) &&
  !/\/openai\/v1\/?$/.test(pathname);
