/** What the walkthrough's buttons do: a sample of its own to mend, and a first question about it. */
import { commands, type Disposable, type ExtensionContext, languages, Uri, window, workspace } from 'vscode';
import { SOURCE } from '../../server/protocol';

/** Copied, so that it can be mended, and again tomorrow. */
export async function openSample({ extensionUri, globalStorageUri, subscriptions }: ExtensionContext): Promise<Uri> {
  const from = Uri.joinPath(extensionUri, 'media', 'walkthrough', 'sample');
  const to = Uri.joinPath(globalStorageUri, 'sample');
  await workspace.fs.copy(from, to, { overwrite: true });
  const file = Uri.joinPath(to, 'orders.ts');
  await window.showTextDocument(await workspace.openTextDocument(file), { preview: false });
  subscriptions.push(tellsWhenMended(file));
  return file;
}

/** A fix is a plain edit, which no command tells of: one finding less than there were is a mended one. */
function tellsWhenMended(file: Uri): Disposable {
  let most = 0;
  const listening = languages.onDidChangeDiagnostics(({ uris }) => {
    if (!uris.some(uri => uri.toString() === file.toString())) return;
    const own = languages.getDiagnostics(file).filter(({ source }) => source === SOURCE).length;
    most = Math.max(most, own);
    if (own === 0 || own >= most) return;
    void commands.executeCommand('setContext', 'backendReviewer.hasMended', true);
    listening.dispose();
  });
  return listening;
}

const CHAT = 'workbench.action.chat.open';

/** Types the question, which the person sends: in the chat, or in our own view where a host has no chat or its person wants none. */
export async function askBackend(): Promise<void> {
  const isOff = workspace.getConfiguration('chat').get<boolean>('disableAIFeatures', false);
  const hasChat = !isOff && (await commands.getCommands(true)).includes(CHAT);
  if (hasChat) await commands.executeCommand(CHAT, { query: '@backend /review', isPartialQuery: true });
  else await commands.executeCommand('backendReviewer.openConversation', '/review');
}
