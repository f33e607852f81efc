/** The language client: most of what the extension weighs, so it is a bundle of its own that is loaded when it is needed. */
import {
  type DiagnosticCollection,
  type Disposable,
  type ExtensionContext,
  type LogOutputChannel,
  Uri,
  workspace,
} from 'vscode';
import {
  DiagnosticPullMode,
  LanguageClient,
  ProgressType,
  RevealOutputChannelOn,
  State,
  TransportKind,
} from 'vscode-languageclient/node';
import { type ClientOptions, COMMANDS } from '../server/protocol';
import { SELECTOR } from './languages';
import { layered } from './layers';
import type { ServerState } from './reviewServer';

/** @param shown  where findings end up */
export function newClient(
  context: ExtensionContext,
  log: LogOutputChannel,
  shown: DiagnosticCollection,
): LanguageClient {
  const module = Uri.joinPath(context.extensionUri, 'dist', 'server.js').fsPath;
  const initializationOptions: ClientOptions = {
    commands: Object.values(COMMANDS),
    showsCoverage: true,
    layersDiagnostics: true,
  };
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
      diagnosticPullOptions: { onChange: true, onSave: true, filter: (_document, mode) => mode !== wantedMode() },
    },
  );
}

function wantedMode(): DiagnosticPullMode {
  const run = workspace.getConfiguration('backendReviewer').get<string>('run');
  return run === 'onSave' ? DiagnosticPullMode.onSave : DiagnosticPullMode.onType;
}

const STATES: Readonly<Record<State, ServerState>> = {
  [State.Running]: 'running',
  [State.Starting]: 'starting',
  [State.StartFailed]: 'stopped',
  [State.Stopped]: 'stopped',
};

export const onState = (client: LanguageClient, listener: (state: ServerState) => void): Disposable =>
  client.onDidChangeState(({ newState }) => listener(STATES[newState]));

export interface Progress {
  readonly percentage: number;
  readonly message: string;
}

const PROGRESS = new ProgressType<Progress>();

export const onProgress = (client: LanguageClient, token: string, listener: (progress: Progress) => void): Disposable =>
  client.onProgress(PROGRESS, token, listener);
