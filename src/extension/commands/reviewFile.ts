/** `Backend Reviewer: Review File`: the file in front of you, as it is now, saved or not. */
import { commands, languages, window } from 'vscode';
import { SOURCE } from '../../server/protocol';
import { isReviewed } from '../languages';
import type { ReviewServer } from '../reviewServer';

export async function reviewFile(server: ReviewServer): Promise<void> {
  const document = window.activeTextEditor?.document;
  if (!document || !isReviewed(document)) {
    void window.showInformationMessage(
      'Backend Reviewer reviews JavaScript, TypeScript and SQL files on disk. Open one first.',
    );
    return;
  }
  const client = await server.client();
  const provider = client.getFeature('textDocument/diagnostic').getProvider(document);
  const reviewed = new Promise<void>(resolve => {
    const listening = server.onCoverage(({ uri }) => {
      if (uri !== document.uri.toString()) return;
      listening.dispose();
      resolve();
    });
  });
  provider?.onDidChangeDiagnosticsEmitter.fire();
  await reviewed;
  if (languages.getDiagnostics(document.uri).some(({ source }) => source === SOURCE))
    await commands.executeCommand('workbench.actions.view.problems');
}
