/** The end of a history for those who add to it: the newest migration's text, and the clock. */
import type { FileId } from '../engine/place';
import type { HistoryTail } from '../facts/newMigrations';
import { isDeclarative, listsOf, newFiles } from '../migrations/added/newFiles';
import { newestOf } from '../migrations/added/newMigration';
import type { MigrationHistory } from '../migrations/history';
import { editsBetween } from './migrationDown';

/** @param textOf the text of a file of the project as it is now; nothing where there is none */
export async function historyTail(
  history: MigrationHistory,
  textOf: (file: FileId) => Promise<string | undefined>,
  now: () => Date,
): Promise<HistoryTail | undefined> {
  const newest = newestOf(history);
  const text = newest && (await textOf(newest.file));
  if (!newest || text === undefined) return undefined;
  const lists = new Map<FileId, string>();
  for (const file of listsOf(history, newest)) {
    const list = await textOf(file);
    if (list !== undefined) lists.set(file, list);
  }
  return {
    isDeclared: isDeclarative(history.tool),
    add: migrations =>
      newFiles({ history, newest, text, lists, now: now() }, migrations)?.flatMap(({ file, text: written }) =>
        editsBetween(file, lists.get(file), written),
      ),
  };
}
