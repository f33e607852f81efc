/** `backendReviewer/verifyMigration`: runs a migration's up, down and up on the embedded PostgreSQL, by a person's action alone. */
import type { CancellationToken, WorkDoneProgressReport } from 'vscode-languageserver';
import { ProgressType } from 'vscode-languageserver';
import { signalOf } from '../guard';
import { pathOf } from '../paths';
import type { VerifyMigrationParams, VerifyMigrationResult } from '../protocol';
import type { Session } from '../session';

const Progress = new ProgressType<WorkDoneProgressReport>();

/** Nothing for what is no file; an empty list of steps where there is no migration that can be read. */
export async function verifyMigration(
  { connection, projects, workspace }: Session,
  { uri, workDoneToken }: VerifyMigrationParams,
  token: CancellationToken,
): Promise<VerifyMigrationResult | null> {
  const path = pathOf(uri);
  if (path === undefined) return null;
  const signal = signalOf(token);
  const steps = await workspace.verifyMigration(path, {
    textOf: file => projects.openAt(file)?.text.getText(),
    signal,
    onStep(message) {
      if (workDoneToken !== undefined)
        void connection.sendProgress(Progress, workDoneToken, { kind: 'report', message, cancellable: true });
    },
  });
  return { steps, cancelled: signal.aborted };
}
