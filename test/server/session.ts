/** An editor in a test: a client and the server in one process, joined by two streams. */
import { PassThrough } from 'node:stream';
import { onTestFinished } from 'vitest';
import type {
  ClientCapabilities,
  CodeAction,
  CodeActionContext,
  Diagnostic,
  DidChangeWatchedFilesRegistrationOptions,
  DocumentDiagnosticReport,
  InitializeResult,
  ProtocolConnection,
  PublishDiagnosticsParams,
  TextEdit,
  WorkspaceEdit,
} from 'vscode-languageserver/node';
import {
  createConnection,
  createProtocolConnection,
  RegistrationRequest,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { COMMANDS, type CoverageParams, MESSAGES } from '../../src/server/protocol';
import { serve } from '../../src/server/server';
import type { Workspace } from '../../src/server/workspace';

export const PULLS: ClientCapabilities = {
  textDocument: { diagnostic: {}, codeAction: { resolveSupport: { properties: ['edit'] } } },
  workspace: { configuration: true, workspaceFolders: true, diagnostics: { refreshSupport: true } },
};

export const PUSHED: ClientCapabilities = { textDocument: {} };

export interface Editor {
  readonly client: ProtocolConnection;
  readonly initialized: InitializeResult;
  readonly published: PublishDiagnosticsParams[];
  readonly coverage: CoverageParams[];
  readonly log: string[];
  readonly refreshes: () => number;
  /** The globs that the server asks to be told of. */
  readonly watched: readonly string[];
  settings: unknown;
  open(path: string, text: string, languageId?: string): Promise<void>;
  change(
    path: string,
    version: number,
    changes: { range?: [number, number, number, number]; text: string }[],
  ): Promise<void>;
  close(path: string): Promise<void>;
  diagnostics(path: string, previousResultId?: string): Promise<DocumentDiagnosticReport>;
  items(path: string): Promise<Diagnostic[]>;
  actions(path: string, line: number, character: number, context?: Partial<CodeActionContext>): Promise<CodeAction[]>;
}

const uri = (path: string): string => `file://${path}`;

export async function editor(
  workspace: Workspace,
  capabilities: ClientCapabilities = PULLS,
  folders: string[] = ['/w'],
  commands: string[] = Object.values(COMMANDS),
  layersDiagnostics = false,
): Promise<Editor> {
  const toServer = new PassThrough();
  const toClient = new PassThrough();
  serve(createConnection(new StreamMessageReader(toServer), new StreamMessageWriter(toClient)), () => workspace);
  const client = createProtocolConnection(new StreamMessageReader(toClient), new StreamMessageWriter(toServer));
  onTestFinished(() => client.dispose());

  const published: PublishDiagnosticsParams[] = [];
  const coverage: CoverageParams[] = [];
  const log: string[] = [];
  const watched: string[] = [];
  let refreshes = 0;
  const state = { settings: { run: 'onType' } as unknown };
  const workspaceFolders = folders.map(path => ({ uri: uri(path), name: path }));
  client.onNotification(
    'textDocument/publishDiagnostics',
    (params: PublishDiagnosticsParams) => void published.push(params),
  );
  client.onNotification(MESSAGES.coverage, (params: CoverageParams) => void coverage.push(params));
  client.onNotification('window/logMessage', ({ message }: { message: string }) => void log.push(message));
  client.onRequest('workspace/diagnostic/refresh', () => {
    refreshes++;
    return null;
  });
  client.onRequest('workspace/configuration', () => [state.settings]);
  client.onRequest('workspace/workspaceFolders', () => workspaceFolders);
  client.onRequest(RegistrationRequest.type, ({ registrations }) => {
    for (const { registerOptions } of registrations) {
      const { watchers = [] }: Partial<DidChangeWatchedFilesRegistrationOptions> = registerOptions ?? {};
      for (const { globPattern } of watchers)
        watched.push(typeof globPattern === 'string' ? globPattern : globPattern.pattern);
    }
  });
  client.listen();
  const initialized: InitializeResult = await client.sendRequest('initialize', {
    processId: null,
    rootUri: null,
    capabilities,
    workspaceFolders,
    initializationOptions: { commands, layersDiagnostics, showsCoverage: true },
  });
  await client.sendNotification('initialized', {});

  const diagnostics = (path: string, previousResultId?: string): Promise<DocumentDiagnosticReport> =>
    client.sendRequest('textDocument/diagnostic', { textDocument: { uri: uri(path) }, previousResultId });
  return {
    client,
    initialized,
    published,
    coverage,
    log,
    watched,
    refreshes: () => refreshes,
    get settings() {
      return state.settings;
    },
    set settings(value) {
      state.settings = value;
    },
    open: (path, text, languageId = 'typescript') =>
      client.sendNotification('textDocument/didOpen', {
        textDocument: { uri: uri(path), languageId, version: 1, text },
      }),
    change: (path, version, changes) =>
      client.sendNotification('textDocument/didChange', {
        textDocument: { uri: uri(path), version },
        contentChanges: changes.map(({ range, text }) => (range ? { range: rangeOf(range), text } : { text })),
      }),
    close: path => client.sendNotification('textDocument/didClose', { textDocument: { uri: uri(path) } }),
    diagnostics,
    async items(path) {
      const report = await diagnostics(path);
      return report.kind === 'full' ? report.items : [];
    },
    actions: (path, line, character, context = {}) =>
      client.sendRequest('textDocument/codeAction', {
        textDocument: { uri: uri(path) },
        range: rangeOf([line, character, line, character]),
        context: { diagnostics: [], ...context },
      }),
  };
}

const rangeOf = ([line, character, endLine, endCharacter]: [number, number, number, number]) => ({
  start: { line, character },
  end: { line: endLine, character: endCharacter },
});

/** The text after the edit of one file. */
export function applied(text: string, edit: WorkspaceEdit | undefined | null): string {
  const edits: TextEdit[] = Object.values(edit?.changes ?? {}).flat();
  return TextDocument.applyEdits(TextDocument.create('file:///x', 'typescript', 1, text), edits);
}
