/** Shows what a fix would make of its files beside what they are, and makes it when the person wants it. */
import { commands, type Disposable, Range, TabInputTextDiff, Uri, WorkspaceEdit, window, workspace } from 'vscode';
import { type ChangeTarget, MESSAGES, type ProposedChange, type ProposedFile } from '../../server/protocol';
import type { ReviewServer } from '../reviewServer';

/** Documents that hold a file as it would be, or nothing for one that is not there yet. */
export const PROPOSED = 'backend-reviewer-proposed';

const APPLY = 'Apply';
const DISCARD = 'Discard';

export interface ChangePreview extends Disposable {
  /** @returns whether it was made */
  preview(target: unknown): Promise<boolean>;
  /** Answers for the person, from a button of the editor: the change that is shown last. */
  decide(isWanted: boolean): void;
}

export function changePreview(server: ReviewServer): ChangePreview {
  const texts = new Map<string, string>();
  const provider = workspace.registerTextDocumentContentProvider(PROPOSED, {
    provideTextDocumentContent: uri => texts.get(uri.toString()) ?? '',
  });
  let decide: (isWanted: boolean) => void = () => undefined;
  let shown = 0;

  const documentOf = ({ uri }: ProposedFile, side: 'before' | 'after', text: string): Uri => {
    const made = Uri.parse(uri).with({ scheme: PROPOSED, query: `${side}-${shown}` });
    texts.set(made.toString(), text);
    return made;
  };

  /** Shows a change until the person has decided. */
  async function isWanted({ title, files }: Extract<ProposedChange, { files: unknown }>): Promise<boolean> {
    shown += 1;
    const sides = files.map(file => ({
      at: Uri.parse(file.uri),
      before: file.before === null ? documentOf(file, 'before', '') : Uri.parse(file.uri),
      after: documentOf(file, 'after', file.after),
    }));
    // before the editor is there, whose button may answer
    const decided = new Promise<boolean>(resolve => {
      decide = resolve;
    });
    const names = sides.map(({ at }) => nameOf(at)).join(', ');
    for (const { at, before, after } of [...sides].reverse())
      await commands.executeCommand('vscode.diff', before, after, `${nameOf(at)}: ${title}`, { preview: false });
    const answered = Promise.resolve(window.showInformationMessage(`${title}: ${names}`, APPLY, DISCARD)).then(
      // one that was closed has not answered: the editor is still there
      answer => (answer === undefined ? decided : answer === APPLY),
    );
    const answer = await Promise.race([decided, answered]);
    await closeTabs(new Set(sides.map(({ after }) => after.toString())));
    for (const { before, after } of sides) for (const uri of [before, after]) texts.delete(uri.toString());
    return answer;
  }

  async function preview(target: unknown): Promise<boolean> {
    if (!isTarget(target)) return false;
    const client = await server.client();
    const change = await client.sendRequest<ProposedChange | null>(MESSAGES.proposedChange, target);
    if (!change || 'because' in change) {
      void window.showInformationMessage(
        `Backend Reviewer: ${change?.because ?? 'there is nothing to write any more.'}`,
      );
      return false;
    }
    if (!(await isWanted(change))) return false;
    if (!(await isAsShown(change.files))) {
      void window.showWarningMessage('Backend Reviewer: the file has changed meanwhile. Look at the change again.');
      return preview(target);
    }
    return make(change.files);
  }

  return {
    preview,
    decide: isMade => decide(isMade),
    dispose: () => provider.dispose(),
  };
}

/** Nothing is written over what the person has not seen. */
async function isAsShown(files: readonly ProposedFile[]): Promise<boolean> {
  for (const { uri, before } of files) {
    const at = Uri.parse(uri);
    if (before === null ? await isThere(at) : (await workspace.openTextDocument(at)).getText() !== before) return false;
  }
  return true;
}

async function isThere(uri: Uri): Promise<boolean> {
  return workspace.fs.stat(uri).then(
    () => true,
    () => false,
  );
}

async function make(files: readonly ProposedFile[]): Promise<boolean> {
  const edit = new WorkspaceEdit();
  for (const { uri, before, after } of files) {
    const at = Uri.parse(uri);
    if (before === null) edit.createFile(at, { contents: new TextEncoder().encode(after) });
    else {
      const document = await workspace.openTextDocument(at);
      const all = new Range(document.positionAt(0), document.positionAt(before.length));
      edit.replace(at, all, after);
    }
  }
  const isMade = await workspace.applyEdit(edit);
  const [first] = files;
  if (isMade && first) await window.showTextDocument(Uri.parse(first.uri), { preview: false });
  return isMade;
}

async function closeTabs(proposed: ReadonlySet<string>): Promise<void> {
  const isOurs = (input: unknown): boolean =>
    input instanceof TabInputTextDiff && proposed.has(input.modified.toString());
  const tabs = window.tabGroups.all.flatMap(group => group.tabs.filter(({ input }) => isOurs(input)));
  if (tabs.length > 0) await window.tabGroups.close(tabs);
}

const nameOf = (uri: Uri): string => uri.path.slice(uri.path.lastIndexOf('/') + 1);

const isTarget = (value: unknown): value is ChangeTarget =>
  typeof value === 'object' && value !== null && 'uri' in value && ('fix' in value || 'write' in value);
