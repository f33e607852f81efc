/** `backendReviewer/ignore`: the edit that writes a suppression comment with the reason that the person gave. */
import type { WorkspaceEdit } from 'vscode-languageserver';
import type { IgnoreParams } from '../protocol';
import type { Session } from '../session';
import { ignoreFile, ignoreLine } from '../suppress';

/** Nothing when the document was closed meanwhile. */
export function ignoreEdit({ projects }: Session, { uri, rule, line, reason }: IgnoreParams): WorkspaceEdit | null {
  const opened = projects.openFile(uri);
  if (!opened) return null;
  const suppression = { rule, reason: reason.trim() };
  const edit = line === undefined ? ignoreFile(opened.text, suppression) : ignoreLine(opened.text, line, suppression);
  return { changes: { [uri]: [edit] } };
}
