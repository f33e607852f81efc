/** The VS Code client: what it brings, in one page. Nothing heavy loads before the first file is open. */
import { commands, type ExtensionContext, window } from 'vscode';
import { startChat } from './chat/chat';
import { ignore } from './commands/ignore';
import { changePreview } from './commands/previewChange';
import { reviewFile } from './commands/reviewFile';
import { reviewWorkspace } from './commands/reviewWorkspace';
import { showRule } from './commands/showRule';
import { verifyMigration } from './commands/verifyMigration';
import { askBackend, openSample } from './commands/walkthrough';
import { registerMcpServer } from './mcpServer';
import { type ReviewServer, reviewServer } from './reviewServer';
import { showCoverage } from './statusBar';
import { registerTools } from './tools';

/** What other extensions, and the tests, get from `activate`. */
export interface Api {
  /** Resolves when the server answers. */
  readonly ready: Promise<void>;
}

export function activate(context: ExtensionContext): Api {
  const log = window.createOutputChannel('Backend Reviewer', { log: true });
  const server: ReviewServer = reviewServer(context, log);
  const changes = changePreview(server);
  context.subscriptions.push(
    log,
    server,
    changes,
    showCoverage(server),
    startChat(context, server, target => changes.preview(target)),
    registerTools(context, server),
    registerMcpServer(context),
    commands.registerCommand('backendReviewer.reviewFile', () => reviewFile(server)),
    commands.registerCommand('backendReviewer.reviewWorkspace', () => reviewWorkspace(server)),
    commands.registerCommand('backendReviewer.showRule', (rule?: unknown) => showRule(context, rule)),
    commands.registerCommand('backendReviewer.ignore', (target?: unknown) => ignore(server, target)),
    commands.registerCommand('backendReviewer.verifyMigration', (target?: unknown) =>
      verifyMigration(server, log, target),
    ),
    commands.registerCommand('backendReviewer.previewChange', (target?: unknown) => changes.preview(target)),
    commands.registerCommand('backendReviewer.applyChange', () => changes.decide(true)),
    commands.registerCommand('backendReviewer.discardChange', () => changes.decide(false)),
    commands.registerCommand('backendReviewer.openSample', () => openSample(context)),
    commands.registerCommand('backendReviewer.askBackend', () => askBackend()),
    commands.registerCommand('backendReviewer.showOutput', () => log.show()),
    commands.registerCommand('backendReviewer.restart', () => server.restart()),
  );
  return { ready: server.start() };
}
