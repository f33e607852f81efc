/** Where a question stands: the editor in front of the person, what is attached, and the folder that all of it is about. */
import { type Range, Uri, window, workspace } from 'vscode';
import type { AskedPlace, AskParams } from '../../server/protocol';
import { isReviewed } from '../languages';
import { chatSettings } from './settings';

/** Only what an editor holds: the server reads the rest itself. */
export const textAt = (uri: Uri, range?: Range): { text?: string } => {
  const document = workspace.textDocuments.find(each => each.uri.toString() === uri.toString());
  return document ? { text: document.getText(range) } : {};
};

export const placeOf = (uri: Uri, range: Range): AskedPlace => ({
  uri: uri.toString(),
  line: range.start.line + 1,
  // a selection that ends before the first character of a line does not hold that line
  endLine: range.end.character === 0 && range.end.line > range.start.line ? range.end.line : range.end.line + 1,
  ...textAt(uri, range),
});

/** The file in front of the person with the cursor's line, or what is selected in it. */
export function editorPlace(): AskedPlace | undefined {
  const editor = window.activeTextEditor ?? window.visibleTextEditors.find(({ document }) => isReviewed(document));
  if (editor?.document.uri.scheme !== 'file') return undefined;
  const { document, selection } = editor;
  if (selection.isEmpty) return { uri: document.uri.toString(), line: selection.active.line + 1 };
  return placeOf(document.uri, selection);
}

/** The folder that the question is about: of what is attached or open, else the first. */
export function folderOf({ attached = [], focus }: AskParams['question']): Uri | undefined {
  const places = [...attached, ...(focus ? [focus] : [])].map(({ uri }) => Uri.parse(uri));
  for (const uri of places) {
    const folder = workspace.getWorkspaceFolder(uri);
    if (folder) return folder.uri;
  }
  const [first] = workspace.workspaceFolders ?? [];
  const [alone] = places;
  // a single file without a folder: its own, so that it can be reviewed
  return first?.uri ?? (alone ? Uri.joinPath(alone, '..') : undefined);
}

/** The question as the server takes it, with what the person has set. */
export function askedAs(
  question: AskParams['question'],
  folder: Uri | undefined,
  model?: AskParams['model'],
): Omit<AskParams, 'id'> {
  const { lens, drafts } = chatSettings();
  return {
    ...(folder ? { folder: folder.toString() } : {}),
    trusted: workspace.isTrusted,
    question,
    ...(lens ? { lens } : {}),
    ...(drafts ? { drafts } : {}),
    ...(model ? { model } : {}),
  };
}
