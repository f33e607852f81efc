/** The language server's life, seen from VS Code: started once, told apart from its crashes, restarted on request. */

import type * as vscode from 'vscode';
import {
  type DiagnosticCollection,
  type Disposable,
  EventEmitter,
  type ExtensionContext,
  type LogOutputChannel,
  languages,
  Uri,
  workspace,
} from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import type { ClientOptions, CoverageParams } from '../server/protocol';
import { COMMANDS, MESSAGES, SOURCE } from '../server/protocol';
import { SELECTOR } from './languages';
import { layered } from './layers';

export type ServerState = 'starting' | 'running' | 'stopped';

export interface ReviewServer extends Disposable {
  readonly state: ServerState;
  readonly onState: vscode.Event<ServerState>;
  readonly onCoverage: vscode.Event<CoverageParams>;
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
  const startClient = async (): Promise<LanguageClient> => {
    try {
      const client = await newClient(context, log, shown);
      const { State } = await import('vscode-languageclient/node');
      client.onDidChangeState(({ newState }) =>
        enter(newState === State.Running ? 'running' : newState === State.Starting ? 'starting' : 'stopped'),
      );
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

/** The language client's library is loaded here and not before: it is most of what the extension weighs. */
async function newClient(
  context: ExtensionContext,
  log: LogOutputChannel,
  shown: DiagnosticCollection,
): Promise<LanguageClient> {
  const { LanguageClient, RevealOutputChannelOn, TransportKind, DiagnosticPullMode } = await import(
    'vscode-languageclient/node'
  );
  const module = Uri.joinPath(context.extensionUri, 'dist', 'server.js').fsPath;
  const initializationOptions: ClientOptions = { commands: Object.values(COMMANDS), layersDiagnostics: true };
  return new LanguageClient(
    'backendReviewer',
    'Backend Reviewer',
    { module, transport: TransportKind.ipc },
    {
      documentSelector: SELECTOR,
      initializationOptions,
      outputChannel: log,
      // Findings are squiggles; the log is there for who asks for it.
      revealOutputChannelOn: RevealOutputChannelOn.Never,
      diagnosticCollectionProvider: layered(shown),
      diagnosticPullOptions: {
        onChange: true,
        onSave: true,
        filter: (_document, mode) => mode !== wantedMode(DiagnosticPullMode),
      },
    },
  );
}

function wantedMode<Modes extends { onType: unknown; onSave: unknown }>(modes: Modes): Modes['onType' | 'onSave'] {
  const run = workspace.getConfiguration('backendReviewer').get<string>('run');
  return run === 'onSave' ? modes.onSave : modes.onType;
}
