/** `backendReviewer/review`: every file of the workspace, with progress, until it is cancelled. */
import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import type { CancellationToken, WorkDoneProgressReport } from 'vscode-languageserver';
import { ProgressType } from 'vscode-languageserver';
import type { Level } from '../../engine/level';
import type { FileId } from '../../engine/place';
import type { FileReview, Reviewer } from '../../workspace/reviewer';
import { guardedNotification, isAbort, signalOf } from '../guard';
import { pathOf } from '../paths';
import type { ProjectFile } from '../projects';
import type { ReviewParams, ReviewSummary } from '../protocol';
import type { Session } from '../session';
import { countsOf, textsOf, toDiagnostics } from '../toProtocol';

/** Other requests get their turn at least this often. */
const TURN_MS = 20;

const Progress = new ProgressType<WorkDoneProgressReport>();

/** A file that fails is logged and skipped. What was found before a cancellation stays. */
export async function reviewWorkspace(
  session: Session,
  params: ReviewParams,
  token: CancellationToken,
): Promise<ReviewSummary> {
  const signal = signalOf(token);
  const { connection, projects } = session;
  const report = (done: number, of: number): void => {
    if (params.workDoneToken === undefined) return;
    const percentage = of === 0 ? 100 : Math.floor((100 * done) / of);
    const message = `${done} of ${of} files`;
    void connection.sendProgress(Progress, params.workDoneToken, {
      kind: 'report',
      percentage,
      message,
      cancellable: true,
    });
  };

  const paths = await filesOf(session, params);
  const before = new Set(session.published);
  const findings: Record<Level, number> = { error: 0, warning: 0, info: 0 };
  let reviewed = 0;
  let skipped = 0;
  let turn = Date.now();
  report(0, paths.length);
  await prepare(session, paths, signal);
  for (const [done, path] of paths.entries()) {
    if (Date.now() - turn > TURN_MS) {
      report(done, paths.length);
      await turnOfTheLoop();
      turn = Date.now();
    }
    if (signal.aborted) break;
    const file = projects.fileAt(path);
    before.delete(file.uri);
    const review = await reviewOne(session, file, signal);
    if (review === 'cancelled') break;
    if (review === 'failed' || review.coverage.kind === 'skipped') {
      skipped++;
      continue;
    }
    session.swept.add(file.uri);
    reviewed++;
    const counts = countsOf(review.findings);
    for (const level of ['error', 'warning', 'info'] as const) findings[level] += counts[level];
  }
  report(reviewed + skipped, paths.length);
  // What an earlier review published about files that are gone by now.
  if (!signal.aborted) for (const uri of before) withdraw(session, uri);
  return { files: paths.length, reviewed, skipped, findings, cancelled: signal.aborted };
}

async function filesOf(
  { connection, client, workspace }: Session,
  { folders }: ReviewParams,
): Promise<readonly string[]> {
  const open = client.hasFolders ? ((await connection.workspace.getWorkspaceFolders()) ?? []) : [];
  const asked = folders ?? open.map(({ uri }) => uri);
  const found = new Set<string>();
  for (const folder of asked) {
    const path = pathOf(folder);
    if (path !== undefined) for (const file of await workspace.filesBelow(path)) found.add(file);
  }
  return [...found];
}

/** Reads each project before its files are reviewed: what is analysed then sees as far as the code goes. */
async function prepare(
  { connection, projects }: Session,
  paths: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const byReviewer = new Map<Reviewer, FileId[]>();
  for (const path of paths) {
    const { reviewer, file } = projects.fileAt(path);
    const files = byReviewer.get(reviewer) ?? [];
    byReviewer.set(reviewer, files);
    files.push(file);
  }
  // what cannot be read here costs its file alone, when that is reviewed
  await guardedNotification(connection.console, 'reading the workspace', async () => {
    for (const [reviewer, files] of byReviewer) {
      await reviewer.prepare(files, { signal });
      projects.prepared(reviewer);
    }
  });
}

async function reviewOne(
  session: Session,
  file: ProjectFile,
  signal: AbortSignal,
): Promise<FileReview | 'failed' | 'cancelled'> {
  try {
    const review = await session.projects.review(file, signal);
    await publish(session, file, review);
    return review;
  } catch (error) {
    if (isAbort(error)) return 'cancelled';
    session.connection.console.error(
      `the review of ${file.path} failed: ${error instanceof Error ? error.stack : error}`,
    );
    return 'failed';
  }
}

/** An open file is left out where the editor would show what it pulled beside what is published. */
async function publish(session: Session, file: ProjectFile, review: FileReview): Promise<void> {
  const { client, connection, projects, published, workspace } = session;
  if (!client.layersDiagnostics && projects.openAt(file.path)) return;
  const diagnostics = toDiagnostics(review, await textsOf(projects, file.reviewer, review), workspace);
  if (diagnostics.length === 0) {
    withdraw(session, file.uri);
    return;
  }
  published.add(file.uri);
  await connection.sendDiagnostics({ uri: file.uri, diagnostics });
}

/** Takes back what was published for a file: it was opened, mended, or is gone. */
export function withdraw({ connection, published }: Session, uri: string): void {
  if (published.delete(uri)) void connection.sendDiagnostics({ uri, diagnostics: [] });
}

/** Publishes a file's findings anew, after it changed on disk or its editor was closed. */
export async function publishAgain(session: Session, uri: string): Promise<void> {
  const file = session.projects.fileOf(uri);
  if (!file) return;
  await turnOfTheLoop();
  await publish(session, file, await session.projects.review(file));
}
