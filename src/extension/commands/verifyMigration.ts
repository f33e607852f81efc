/** `Backend Reviewer: Verify Migration`: up, down and up again on an embedded PostgreSQL, with progress and a way to stop it. */
import { type LogOutputChannel, ProgressLocation, Uri, window, workspace } from 'vscode';
import {
  MESSAGES,
  type VerifiedStep,
  type VerifyMigrationParams,
  type VerifyMigrationResult,
} from '../../server/protocol';
import type { ReviewServer } from '../reviewServer';

const SHOW = 'Show Details';

let runs = 0;

/** @param target the migration's URI; the file in front of the person when absent */
export async function verifyMigration(
  server: ReviewServer,
  log: LogOutputChannel,
  target?: unknown,
): Promise<VerifyMigrationResult | undefined> {
  const uri = typeof target === 'string' ? target : window.activeTextEditor?.document.uri.toString();
  if (uri === undefined) {
    void window.showInformationMessage('Backend Reviewer: open a migration to verify it.');
    return undefined;
  }
  if (!workspace.isTrusted) {
    void window.showWarningMessage('Backend Reviewer runs the SQL of migrations in trusted workspaces only.');
    return undefined;
  }
  const client = await server.client();
  const { onProgress } = await import('../languageClient');
  const token = `backendReviewer.verifyMigration.${runs++}`;
  const params: VerifyMigrationParams = { uri, workDoneToken: token };
  const name = Uri.parse(uri).path.split('/').pop() ?? uri;
  const result = await window.withProgress(
    { location: ProgressLocation.Notification, title: `Verifying ${name}`, cancellable: true },
    async (progress, cancelled) => {
      progress.report({ message: 'starting the embedded PostgreSQL' });
      const listening = onProgress(client, token, ({ message }) => progress.report({ message }));
      try {
        return await client.sendRequest<VerifyMigrationResult | null>(MESSAGES.verifyMigration, params, cancelled);
      } finally {
        listening.dispose();
      }
    },
  );
  if (!result || result.cancelled) return result ?? undefined;
  for (const { name: step, headline, details } of result.steps)
    log.info([`${step}: ${headline}`, ...details.map(line => `    ${line}`)].join('\n'));
  void show(result.steps, name, log);
  return result;
}

async function show(steps: readonly VerifiedStep[], name: string, log: LogOutputChannel): Promise<void> {
  const [first] = steps;
  if (!first) {
    void window.showInformationMessage(`Backend Reviewer: ${name} is no migration that can be read as SQL.`);
    return;
  }
  const [detail] = first.details;
  const message = `${first.name}: ${first.headline}.${detail === undefined ? '' : ` ${detail}`}`;
  const actions = first.details.length > 1 || steps.length > 1 ? [SHOW] : [];
  const chosen =
    first.verdict === 'not-reversible'
      ? await window.showErrorMessage(message, ...actions)
      : first.verdict === 'not-verifiable'
        ? await window.showWarningMessage(message, ...actions)
        : await window.showInformationMessage(message, ...actions);
  if (chosen === SHOW) log.show();
}
