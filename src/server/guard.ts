/** The catch around a request: what fails is logged with its file, and the server goes on. */

import type { CancellationToken, RemoteConsole } from 'vscode-languageserver';
import { LSPErrorCodes, ResponseError } from 'vscode-languageserver';

/** Raised with the token, for the review. */
export function signalOf(token: CancellationToken): AbortSignal {
  const controller = new AbortController();
  if (token.isCancellationRequested) controller.abort();
  else token.onCancellationRequested(() => controller.abort());
  return controller.signal;
}

export const isAbort = (error: unknown): boolean => error instanceof Error && error.name === 'AbortError';

const storyOf = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : String(error));

/**
 * Runs a request's handler. A cancelled one answers that it was; one that fails is logged and answers `instead`.
 *
 * @param what  the request and its file, for the log
 */
export async function guarded<T>(
  console: RemoteConsole,
  what: string,
  instead: T,
  handler: () => Promise<T> | T,
): Promise<T | ResponseError<never>> {
  try {
    return await handler();
  } catch (error) {
    if (isAbort(error)) return new ResponseError(LSPErrorCodes.RequestCancelled, `${what}: cancelled`);
    if (error instanceof ResponseError) return error as ResponseError<never>;
    console.error(`${what} failed: ${storyOf(error)}`);
    return instead;
  }
}

/** The same around a notification, which nobody waits for. */
export async function guardedNotification(
  console: RemoteConsole,
  what: string,
  handler: () => Promise<void> | void,
): Promise<void> {
  try {
    await handler();
  } catch (error) {
    if (!isAbort(error)) console.error(`${what} failed: ${storyOf(error)}`);
  }
}
