/** `Backend Reviewer: Review Workspace`: all files, with progress; what was found when it is cancelled stays. */
import { commands, ProgressLocation, window, workspace } from 'vscode';
import { MESSAGES, type ReviewParams, type ReviewSummary } from '../../server/protocol';
import type { ReviewServer } from '../reviewServer';
import { inWords } from '../statusBar';

const SHOWN_MS = 15_000;

let runs = 0;

export async function reviewWorkspace(server: ReviewServer): Promise<ReviewSummary | undefined> {
  if (!workspace.workspaceFolders?.length) {
    void window.showInformationMessage('Backend Reviewer: open a folder to review it.');
    return undefined;
  }
  const client = await server.client();
  const { onProgress } = await import('../languageClient');
  const token = `backendReviewer.review.${runs++}`;
  const params: ReviewParams = { workDoneToken: token };
  const summary = await window.withProgress(
    { location: ProgressLocation.Notification, title: 'Reviewing the workspace', cancellable: true },
    async (progress, cancelled) => {
      let shown = 0;
      const listening = onProgress(client, token, ({ percentage, message }) => {
        progress.report({ message, increment: percentage - shown });
        shown = percentage;
      });
      try {
        return await client.sendRequest<ReviewSummary>(MESSAGES.review, params, cancelled);
      } finally {
        listening.dispose();
      }
    },
  );
  window.setStatusBarMessage(`$(checklist) ${inOneLine(summary)}`, SHOWN_MS);
  const { error, warning, info } = summary.findings;
  if (error + warning + info > 0) await commands.executeCommand('workbench.actions.view.problems');
  return summary;
}

function inOneLine({ files, reviewed, skipped, findings, cancelled }: ReviewSummary): string {
  const how = cancelled ? `cancelled after ${reviewed} of ${files} files` : `${reviewed} files reviewed`;
  return `Backend Reviewer: ${how}${skipped > 0 ? `, ${skipped} skipped` : ''}: ${inWords(findings)}`;
}
