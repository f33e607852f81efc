/** `Backend Reviewer: Show Rule`: the rule's page, rendered, beside the code. */
import { commands, type ExtensionContext, FileType, Uri, window, workspace } from 'vscode';

/** @param rule  a rule's id; the person chooses one when it is missing */
export async function showRule({ extensionUri }: ExtensionContext, rule?: unknown): Promise<void> {
  const pages = Uri.joinPath(extensionUri, 'docs', 'rules');
  const known = (await workspace.fs.readDirectory(pages))
    .filter(([name, type]) => type === FileType.File && /^[a-z0-9-]+\.md$/.test(name))
    .map(([name]) => name.slice(0, -'.md'.length));
  const wanted = typeof rule === 'string' ? rule : await window.showQuickPick(known, { title: 'Show which rule?' });
  if (wanted === undefined) return;
  // The id comes from a link: only a page that is there is opened.
  if (!known.includes(wanted)) {
    void window.showErrorMessage(`Backend Reviewer has no rule "${wanted}".`);
    return;
  }
  await commands.executeCommand('markdown.showPreviewToSide', Uri.joinPath(pages, `${wanted}.md`));
}
