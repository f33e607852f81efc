/** What the requests share: the connection, the projects, and what the client can do. */
import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import type { ClientCapabilities, Connection } from 'vscode-languageserver';
import { LSPErrorCodes, ResponseError } from 'vscode-languageserver';
import type { Finding } from '../engine/finding';
import type { FileReview } from '../workspace/reviewer';
import type { OpenFile, ProjectFile, Projects } from './projects';
import { type ChatPartParams, type ClientOptions, type CoverageParams, MESSAGES } from './protocol';
import { countsOf, type Texts, textsOf } from './toProtocol';
import type { Workspace } from './workspace';

export interface Client {
  readonly pullsDiagnostics: boolean;
  readonly refreshesDiagnostics: boolean;
  readonly refreshesLenses: boolean;
  readonly resolvesCodeActions: boolean;
  /** Makes files that an edit says it creates. */
  readonly createsFiles: boolean;
  /** Shows an edit that says so before it makes it. */
  readonly confirmsEdits: boolean;
  readonly pullsConfiguration: boolean;
  readonly watchesFiles: boolean;
  readonly hasFolders: boolean;
  readonly showsProgress: boolean;
  readonly showsCoverage: boolean;
  readonly layersDiagnostics: boolean;
  readonly commands: ReadonlySet<string>;
}

export function clientOf(capabilities: ClientCapabilities, options: ClientOptions | undefined): Client {
  const { textDocument, workspace, window } = capabilities;
  return {
    pullsDiagnostics: textDocument?.diagnostic !== undefined,
    refreshesDiagnostics: workspace?.diagnostics?.refreshSupport === true,
    refreshesLenses: workspace?.codeLens?.refreshSupport === true,
    resolvesCodeActions: textDocument?.codeAction?.resolveSupport?.properties.includes('edit') === true,
    createsFiles:
      workspace?.workspaceEdit?.documentChanges === true &&
      workspace.workspaceEdit.resourceOperations?.includes('create') === true,
    confirmsEdits:
      workspace?.workspaceEdit?.documentChanges === true &&
      workspace.workspaceEdit.changeAnnotationSupport !== undefined,
    pullsConfiguration: workspace?.configuration === true,
    watchesFiles: workspace?.didChangeWatchedFiles?.dynamicRegistration === true,
    hasFolders: workspace?.workspaceFolders === true,
    showsProgress: window?.workDoneProgress === true,
    showsCoverage: options?.showsCoverage === true,
    layersDiagnostics: options?.layersDiagnostics === true,
    commands: new Set(options?.commands ?? []),
  };
}

export interface Session {
  readonly connection: Connection;
  readonly workspace: Workspace;
  readonly projects: Projects;
  readonly client: Client;
  /** Files that a review of the workspace looked at: their findings are kept up to date although no editor holds them. */
  readonly swept: Set<string>;
  /** Those of them that findings are shown for right now. */
  readonly published: Set<string>;
  /** Messages about the run that the log has already. */
  readonly told: Set<string>;
  /** Requests to a language model under way, by name: what hears its parts. */
  readonly chats: Map<string, (params: ChatPartParams) => void>;
}

/** A review and the texts that its places lie in: of one moment, so that they fit together. */
export interface Reviewed {
  readonly review: FileReview;
  readonly texts: Texts;
}

/**
 * Reviews a file and reads the texts that its findings speak of.
 *
 * @throws ResponseError when an open document changed meanwhile: its client asks again
 * @throws AbortError when the signal is raised
 */
export async function reviewNow(session: Session, file: ProjectFile, signal?: AbortSignal): Promise<Reviewed> {
  const { projects } = session;
  // One turn of the event loop lets the keystroke or the cancellation that is already waiting come in first.
  await turnOfTheLoop();
  signal?.throwIfAborted();
  const before = projects.openAt(file.path)?.text.version;
  const start = performance.now();
  const review = await projects.review(file, signal);
  session.connection.console.debug(
    `${file.path}: ${review.coverage.kind}, findings: ${review.findings.length}, ${(performance.now() - start).toFixed(1)} ms`,
  );
  const texts = await textsOf(projects, file.reviewer, review);
  const opened = projects.openAt(file.path);
  if (opened?.text.version !== before)
    throw new ResponseError(LSPErrorCodes.ServerCancelled, `${file.file} changed while it was reviewed`, {
      retriggerRequest: true,
    });
  for (const { file: about, message } of review.notifications) tell(session, about ? `${about}: ${message}` : message);
  if (review.coverage.kind === 'skipped') tell(session, `${file.path} was skipped: ${review.coverage.reason}`);
  if (opened && session.client.showsCoverage) sendCoverage(session, opened, review);
  return { review, texts };
}

/** Each message goes to the log once: a wrong setting holds for every file. */
function tell(session: Session, message: string): void {
  if (session.told.has(message)) return;
  session.told.add(message);
  session.connection.console.warn(message);
}

function sendCoverage(
  { connection }: Session,
  { uri }: OpenFile,
  { coverage, findings, notifications }: FileReview,
): void {
  const params: CoverageParams = {
    uri,
    coverage,
    findings: countsOf(findings),
    notifications: notifications.map(({ message }) => message),
  };
  void connection.sendNotification(MESSAGES.coverage, params);
}

/** The findings that touch a stretch of the file, in UTF-16 offsets; the ends count. */
export const findingsAt = (review: FileReview, start: number, end: number): readonly Finding[] =>
  review.findings.filter(({ at }) => at.file === review.file && at.start <= end && start <= at.end);
