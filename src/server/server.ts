/** The language server: which message goes to which request. */

import type { Connection, DocumentDiagnosticReport, InitializeParams, InitializeResult } from 'vscode-languageserver';
import {
  CodeActionKind,
  CodeLensRefreshRequest,
  DidChangeConfigurationNotification,
  TextDocumentSyncKind,
} from 'vscode-languageserver';
import { failure } from '../persona/tools/tool';
import { guarded, guardedNotification } from './guard';
import { indexingOf } from './indexing';
import { Projects } from './projects';
import {
  type AskParams,
  type AskResult,
  type CalledTool,
  type CallToolParams,
  type ChangeTarget,
  type ChatPartParams,
  type ClientOptions,
  FIX_ALL,
  type IgnoreParams,
  MESSAGES,
  type ReviewParams,
  type VerifyMigrationParams,
} from './protocol';
import { ask } from './requests/ask';
import { callTool } from './requests/callTool';
import { codeActions, resolveCodeAction } from './requests/codeActions';
import { codeLenses } from './requests/codeLens';
import { pullDiagnostics, pusherOf } from './requests/diagnostics';
import { hover } from './requests/hover';
import { ignoreEdit } from './requests/ignore';
import { proposedChange } from './requests/proposedChange';
import { publishAgain, reviewWorkspace, withdraw } from './requests/reviewWorkspace';
import { verifyMigration } from './requests/verifyMigration';
import { watchedFilesChanged, watchFiles } from './requests/watchedFiles';
import { clientOf, type Session } from './session';
import { DEFAULTS, pullSettings, type Settings, settingsOf } from './settings';
import type { Workspace } from './workspace';

const NO_ITEMS: DocumentDiagnosticReport = { kind: 'full', items: [] };
const NOTHING_REVIEWED = {
  files: 0,
  reviewed: 0,
  skipped: 0,
  findings: { error: 0, warning: 0, info: 0 },
  cancelled: false,
};

const TOOL_FAILED: CalledTool = {
  result: {
    ok: false,
    error: failure('failed', 'The review failed; the output channel says why.', 'Go on without it, and say so.'),
  },
  changed: [],
};

/** Serves a connection. `workspace` is made on `initialize`, so that what it loads is not loaded for nothing. */
export function serve(connection: Connection, openWorkspace: (connection: Connection) => Workspace): void {
  connection.onInitialize(params => {
    const workspace = openWorkspace(connection);
    const client = clientOf(params.capabilities, params.initializationOptions as ClientOptions | undefined);
    answerRequests({
      connection,
      workspace,
      client,
      projects: new Projects(workspace),
      swept: new Set(),
      published: new Set(),
      told: new Set(),
      chats: new Map(),
    });
    return capabilities(params);
  });
  connection.listen();
}

function capabilities({ capabilities: client }: InitializeParams): InitializeResult {
  const pulls = client.textDocument?.diagnostic !== undefined;
  return {
    serverInfo: { name: 'backend-reviewer', version: process.env.BACKEND_REVIEWER_VERSION ?? 'development' },
    capabilities: {
      textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: true },
      ...(pulls
        ? {
            diagnosticProvider: {
              identifier: 'backend-reviewer',
              interFileDependencies: true,
              workspaceDiagnostics: false,
            },
          }
        : {}),
      codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix, FIX_ALL], resolveProvider: true },
      hoverProvider: true,
      codeLensProvider: { resolveProvider: false },
      workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
    },
  };
}

function answerRequests(session: Session): void {
  const { connection, projects, client } = session;
  const { console } = connection;
  const pusher = pusherOf(session);
  let settings: Settings = DEFAULTS;

  const push = (uri: string): void => {
    if (!client.pullsDiagnostics) pusher.push(uri);
  };
  const refresh = (): void => {
    for (const { uri } of projects.openFiles) push(uri);
    if (client.pullsDiagnostics && client.refreshesDiagnostics)
      void guardedNotification(console, 'refresh', () => connection.languages.diagnostics.refresh());
    // another file may hold a migration's way back
    if (client.refreshesLenses)
      void guardedNotification(console, 'refresh of lenses', () => connection.sendRequest(CodeLensRefreshRequest.type));
  };
  const indexing = indexingOf(session, refresh);
  const notified = (what: string, uri: string, handler: () => Promise<void> | void): Promise<void> =>
    guardedNotification(console, `${what} of ${uri}`, handler);

  connection.onInitialized(() =>
    guardedNotification(console, 'initialized', async () => {
      if (client.pullsConfiguration) {
        await connection.client.register(DidChangeConfigurationNotification.type, { section: 'backendReviewer' });
        settings = await pullSettings(connection);
      }
      await watchFiles(session);
    }),
  );
  connection.onDidChangeConfiguration(change =>
    guardedNotification(console, 'didChangeConfiguration', async () => {
      settings = client.pullsConfiguration
        ? await pullSettings(connection)
        : settingsOf(change.settings?.backendReviewer);
    }),
  );

  connection.onDidOpenTextDocument(({ textDocument: { uri, languageId, version, text } }) =>
    notified('didOpen', uri, () => {
      const opened = projects.open(uri, languageId, version, text);
      if (!opened) return;
      if (!client.layersDiagnostics) withdraw(session, opened.uri);
      push(uri);
      indexing.start(opened);
    }),
  );
  connection.onDidChangeTextDocument(({ textDocument: { uri, version }, contentChanges }) =>
    notified('didChange', uri, () => {
      if (projects.change(uri, version, contentChanges) && settings.run === 'onType') push(uri);
    }),
  );
  connection.onDidSaveTextDocument(({ textDocument: { uri } }) =>
    notified('didSave', uri, () => {
      if (projects.openFile(uri) && settings.run === 'onSave') push(uri);
    }),
  );
  connection.onDidCloseTextDocument(({ textDocument: { uri } }) =>
    notified('didClose', uri, async () => {
      pusher.stop(uri);
      if (!projects.close(uri)) return;
      if (!client.pullsDiagnostics) await connection.sendDiagnostics({ uri, diagnostics: [] });
      if (session.swept.has(uri)) await publishAgain(session, uri);
    }),
  );
  connection.onDidChangeWatchedFiles(params =>
    guardedNotification(console, 'didChangeWatchedFiles', () => watchedFilesChanged(session, params, refresh)),
  );

  connection.languages.diagnostics.on((params, token) =>
    guarded(console, `diagnostic of ${params.textDocument.uri}`, NO_ITEMS, () =>
      pullDiagnostics(session, params, token),
    ),
  );
  connection.onCodeAction((params, token) =>
    guarded(console, `codeAction in ${params.textDocument.uri}`, [], () => codeActions(session, params, token)),
  );
  connection.onCodeActionResolve((action, token) =>
    guarded(console, `codeAction/resolve of ${action.title}`, action, () => resolveCodeAction(session, action, token)),
  );
  connection.onHover((params, token) =>
    guarded(console, `hover in ${params.textDocument.uri}`, null, () => hover(session, params, token)),
  );
  connection.onCodeLens(params =>
    guarded(console, `codeLens in ${params.textDocument.uri}`, [], () => codeLenses(session, params)),
  );
  connection.onRequest(MESSAGES.verifyMigration, (params: VerifyMigrationParams, token) =>
    guarded(console, `verifyMigration of ${params.uri}`, null, () => verifyMigration(session, params, token)),
  );
  connection.onRequest(MESSAGES.proposedChange, (target: ChangeTarget, token) =>
    guarded(console, `proposedChange of ${target.uri}`, null, () => proposedChange(session, target, token)),
  );
  connection.onRequest(MESSAGES.ask, (params: AskParams, token) =>
    guarded<AskResult>(console, 'ask', { offline: true, failure: 'the review failed; its output says how' }, () =>
      ask(session, params, token),
    ),
  );
  connection.onNotification(MESSAGES.chatPart, (params: ChatPartParams) => session.chats.get(params.chat)?.(params));
  connection.onRequest(MESSAGES.callTool, (params: CallToolParams, token) =>
    guarded(console, `the tool ${params.name}`, TOOL_FAILED, () => callTool(session, params, token)),
  );
  connection.onRequest(MESSAGES.ignore, (params: IgnoreParams) =>
    guarded(console, `ignore in ${params.uri}`, null, () => ignoreEdit(session, params)),
  );
  connection.onRequest(MESSAGES.review, (params: ReviewParams, token) =>
    guarded(console, 'review', NOTHING_REVIEWED, () => reviewWorkspace(session, params, token)),
  );
}
