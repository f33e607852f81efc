/** `backendReviewer/verifyMigration`: runs a migration's up, down and up on the embedded PostgreSQL, by a person's action alone. */
import type { CancellationToken, WorkDoneProgressReport } from 'vscode-languageserver';
import { ProgressType } from 'vscode-languageserver';
import { signalOf } from '../guard';
import type { VerifyMigrationParams, VerifyMigrationResult } from '../protocol';
import type { Session } from '../session';

const Progress = new ProgressType<WorkDoneProgressReport>();

/** Nothing for what is no file; an empty list of steps where there is no migration that can be read. */
export async function verifyMigration(
  { connection, projects, workspace }: Session,
  { uri, workDoneToken }: VerifyMigrationParams,
  token: CancellationToken,
): Promise<VerifyMigrationResult | null> {
  const place = projects.fileOf(uri);
  if (!place) return null;
  const signal = signalOf(token);
  const steps = await workspace.verifyMigration(place.reviewer, place.file, {
    signal,
    onStep(message) {
      if (workDoneToken !== undefined)
        void connection.sendProgress(Progress, workDoneToken, { kind: 'report', message, cancellable: true });
    },
  });
  return { steps, cancelled: signal.aborted };
}
