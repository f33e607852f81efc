/** `textDocument/codeLens`: above a migration stands what can be done with it. */
import type { CodeLens, CodeLensParams } from 'vscode-languageserver';
import { COMMANDS } from '../protocol';
import type { Session } from '../session';

/** No lens for a client that lacks the command behind it. */
export async function codeLenses(
  { client, projects }: Session,
  { textDocument: { uri } }: CodeLensParams,
): Promise<CodeLens[]> {
  const opened = projects.openFile(uri);
  if (!opened || !client.commands.has(COMMANDS.verifyMigration)) return [];
  const places = await opened.reviewer.placesIn(opened.file);
  if (places.length === 0) return [];
  const start = { line: 0, character: 0 };
  return [
    {
      range: { start, end: start },
      command: { title: 'Verify migration', command: COMMANDS.verifyMigration, arguments: [uri] },
    },
  ];
}
