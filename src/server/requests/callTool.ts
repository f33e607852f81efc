/** `backendReviewer/callTool`: the tools of agents on the files as the editor has them; what a tool changes is the editor's edit. */
import type { CancellationToken, TextDocumentEdit, TextEdit, WorkspaceEdit } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { toolNamed } from '../../persona/tools/all';
import { failure } from '../../persona/tools/tool';
import { workspacesOf } from '../../workspace/namedFolder';
import type { WrittenFile } from '../../workspace/toolHost';
import { signalOf } from '../guard';
import { pathOf, uriOf } from '../paths';
import type { CalledTool, CallToolParams } from '../protocol';
import type { Session } from '../session';

export async function callTool(
  session: Session,
  { name, arguments: given, folders, trusted }: CallToolParams,
  token: CancellationToken,
): Promise<CalledTool> {
  const { projects, workspace } = session;
  const changed: string[] = [];
  const tool = toolNamed(name);
  if (!tool) {
    const error = failure('invalid-arguments', `There is no tool "${name}".`, 'Use one of those that are listed.');
    return { result: { ok: false, error }, changed };
  }
  const { workspace: asked, ...args } = isRecord(given) ? given : {};
  const open = folders.flatMap(uri => pathOf(uri) ?? []);
  const folder = await workspacesOf(async () => open).folderFor(asked, args.path);
  if (typeof folder !== 'string') return { result: { ok: false, error: folder }, changed };
  const host = workspace.toolHost({
    // by the name that the editor has for it, so that its texts are found
    folder: open.find(each => each === folder) ?? folder,
    trusted,
    textOf: path => projects.openAt(path)?.text.getText(),
    reviewerOf: root => projects.reviewerOf(root),
    write: async files => {
      const outcome = await written(session, files);
      if (outcome === 'written') changed.push(...files.map(({ path }) => uriIn(session, path)));
      return outcome;
    },
  });
  return { result: await tool.call(isRecord(given) ? args : given, host, signalOf(token)), changed };
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const uriIn = ({ projects }: Session, path: string): string => projects.openAt(path)?.uri ?? uriOf(path);

/** Through the editor, so that it can be undone there. */
async function written(session: Session, files: readonly WrittenFile[]): Promise<'written' | 'declined'> {
  const { connection, client, projects } = session;
  const documentChanges: NonNullable<WorkspaceEdit['documentChanges']> = [];
  for (const { path, text, before } of files) {
    const uri = uriIn(session, path);
    if (before === undefined) {
      if (!client.createsFiles) return 'declined';
      documentChanges.push({ kind: 'create', uri, options: { ignoreIfExists: false } });
    }
    const opened = projects.openAt(path);
    const edit: TextDocumentEdit = {
      textDocument: { uri, version: opened?.text.version ?? null },
      edits: [smallest(before ?? '', text)],
    };
    documentChanges.push(edit);
  }
  const { applied } = await connection.workspace.applyEdit({ label: 'Backend Reviewer', edit: { documentChanges } });
  return applied ? 'written' : 'declined';
}

/** What is replaced, and no more, so that cursors and folds around it stay. */
function smallest(before: string, after: string): TextEdit {
  let start = 0;
  while (start < before.length && before[start] === after[start]) start++;
  let behind = 0;
  const most = Math.min(before.length, after.length) - start;
  while (behind < most && before[before.length - 1 - behind] === after[after.length - 1 - behind]) behind++;
  const text = TextDocument.create('', '', 0, before);
  return {
    range: { start: text.positionAt(start), end: text.positionAt(before.length - behind) },
    newText: after.slice(start, after.length - behind),
  };
}
