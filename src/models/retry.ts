/** Trying again: what a moment later may go well, after the wait that the server names or else a growing one. */
import { APIConnectionError, APIError } from 'openai';
import { EndpointFailure } from './failure';

export interface Waiting {
  /** Attempts after the first. */
  readonly retries?: number;
  /** Before the first retry where the server names no time; doubled each time. */
  readonly firstWaitMs?: number;
  /** Told before each wait. */
  onWait?(ms: number, why: string): void;
}

const RETRIES = 3;
const FIRST_WAIT_MS = 500;
const LONGEST_BACKOFF_MS = 8_000;

/** A person is waiting: a server that asks for more is told about instead. */
const LONGEST_WAIT_MS = 60_000;

/**
 * @param silence  its signal ends a wait at once; the clock of an attempt does not run while it is waited
 * @throws what the last attempt threw
 */
export async function retried<T>(
  attempt: () => Promise<T>,
  silence: { readonly signal: AbortSignal; end(): void },
  host: string,
  { retries = RETRIES, firstWaitMs = FIRST_WAIT_MS, onWait }: Waiting,
): Promise<T> {
  for (let failed = 0; ; failed += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (silence.signal.aborted || failed >= retries || !mayGoWell(error)) throw error;
      silence.end();
      const asked = askedFor(error);
      if (asked !== undefined && asked > LONGEST_WAIT_MS)
        throw new EndpointFailure(
          'limit',
          `${host} takes no more requests for now: it asks to wait ${Math.ceil(asked / 1000)} seconds`,
          { cause: error },
        );
      // a part by chance, so that many who were refused at once do not come back at once
      const backoff = Math.min(firstWaitMs * 2 ** failed, LONGEST_BACKOFF_MS) * (1 - Math.random() / 4);
      const ms = asked ?? backoff;
      onWait?.(ms, error instanceof Error ? error.message : String(error));
      silence.signal.throwIfAborted();
      await waited(ms, silence.signal);
    }
  }
}

function mayGoWell(error: unknown): boolean {
  // of a quota that is used up no wait helps
  if (error instanceof APIError && error.code === 'insufficient_quota') return false;
  if (error instanceof APIConnectionError) return !NEVER.test(String(error.cause));
  return error instanceof APIError && error.status !== undefined && (RETRIED.has(error.status) || error.status >= 500);
}

/** Request time-out, conflict, too early, too many requests. */
const RETRIED: ReadonlySet<number> = new Set([408, 409, 425, 429]);

/** Nothing of these mends itself within seconds. */
const NEVER = /certificate|self.signed|unsupported protocol|ERR_INVALID_URL/i;

/** Seconds or a date. @see RFC 9110, 10.2.3 */
function askedFor(error: unknown): number | undefined {
  if (!(error instanceof APIError)) return undefined;
  const ms = Number.parseFloat(error.headers?.get('retry-after-ms') ?? '');
  if (ms >= 0) return ms;
  const after = error.headers?.get('retry-after') ?? '';
  if (/^\d+(?:\.\d+)?$/.test(after)) return Number(after) * 1000;
  const at = Date.parse(after);
  return Number.isNaN(at) ? undefined : Math.max(0, at - Date.now());
}

const waited = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, ms);
    signal.addEventListener('abort', stop, { once: true });
  });
