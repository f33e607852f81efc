/** The language server's life, seen from VS Code: started once, told apart from its crashes, restarted on request. */

import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import {
  type Disposable,
  type Event,
  EventEmitter,
  type ExtensionContext,
  type LogOutputChannel,
  languages,
} from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import { type CoverageParams, MESSAGES, SOURCE } from '../server/protocol';

export type ServerState = 'starting' | 'running' | 'stopped';

export interface ReviewServer extends Disposable {
  readonly state: ServerState;
  readonly onState: Event<ServerState>;
  readonly onCoverage: Event<CoverageParams>;
  /** @throws when the server cannot be started; the output channel says why */
  start(): Promise<void>;
  restart(): Promise<void>;
  /** The running client. */
  client(): Promise<LanguageClient>;
}

export function reviewServer(context: ExtensionContext, log: LogOutputChannel): ReviewServer {
  const states = new EventEmitter<ServerState>();
  const coverage = new EventEmitter<CoverageParams>();
  const shown = languages.createDiagnosticCollection(SOURCE);
  let state: ServerState = 'starting';
  let starting: Promise<LanguageClient> | undefined;

  const enter = (next: ServerState): void => {
    state = next;
    states.fire(next);
  };
  const { version } = context.extension.packageJSON as { version: string };
  const startClient = async (): Promise<LanguageClient> => {
    try {
      log.info(`Backend Reviewer ${version} starts`);
      // Most of what the extension weighs: a bundle of its own, read after VS Code has what it waits for.
      await turnOfTheLoop();
      const { newClient, onState } = await import('./languageClient');
      const client = newClient(context, log, shown);
      onState(client, enter);
      client.onNotification(MESSAGES.coverage, (params: CoverageParams) => coverage.fire(params));
      await client.start();
      return client;
    } catch (error) {
      log.error(`the language server did not start: ${error}`);
      enter('stopped');
      throw error;
    }
  };
  const client = (): Promise<LanguageClient> => {
    starting ??= startClient();
    return starting;
  };

  return {
    get state() {
      return state;
    },
    onState: states.event,
    onCoverage: coverage.event,
    client,
    async start() {
      await client();
    },
    async restart() {
      const running = await starting?.catch(() => undefined);
      if (running) await running.restart();
      else {
        starting = undefined;
        await client();
      }
    },
    async dispose() {
      states.dispose();
      coverage.dispose();
      shown.dispose();
      const running = await starting?.catch(() => undefined);
      await running?.dispose();
    },
  };
}
