/** The histories of migrations that stand at some paths, and which of their steps the paths mean. */
import { posix } from 'node:path';

export { isToolsOwn } from '../migrations/history';

import { historiesOf, type MigrationFile, type MigrationHistory } from '../migrations/history';
import { mayBeMigration } from '../migrations/read';
import type { Dialect } from '../sql/dialect';
import { readSource } from './decode';
import { type AbsolutePath, type FileAccess, reasonOf } from './fileAccess';
import { UsageError } from './usageError';

/** Migrations in code lie in folders that say so; a helper that calls a builder elsewhere is none. */
const MIGRATION_FOLDERS = /(?:^|\/)(?:migrations?|migrate|versions|alembic)\//i;

/** Whether a file is a migration by its name and text; a cheap look, which may say yes too often. */
export const looksLikeMigration = (path: AbsolutePath, text: string): boolean =>
  (path.toLowerCase().endsWith('.sql') || MIGRATION_FOLDERS.test(path)) && mayBeMigration(path, text);

export interface FoundHistory {
  /** Files are named by their absolute paths. */
  readonly history: MigrationHistory;
  /** The steps that were meant, by their place in the history. */
  readonly chosen: ReadonlySet<number>;
}

export interface FoundHistories {
  readonly histories: readonly FoundHistory[];
  /** Paths at which there is no migration that can be read. */
  readonly without: readonly AbsolutePath[];
}

/**
 * A folder means all migrations below it, a file that one migration; the history around it is read all the same.
 * @throws UsageError when a path does not exist
 */
export async function historiesAt(
  paths: readonly AbsolutePath[],
  files: FileAccess,
  dialectAt: (folder: AbsolutePath) => Dialect,
): Promise<FoundHistories> {
  const found = new Map<string, { history: MigrationHistory; chosen: Set<number> }>();
  const without: AbsolutePath[] = [];
  for (const path of paths) {
    const base = await baseOf(path, files);
    let isFound = false;
    for (const history of historiesOf(await sqlBelow(base, files), dialectAt(base))) {
      const key = `${history.tool} ${history.folder}`;
      const known = found.get(key) ?? { history, chosen: new Set<number>() };
      for (const [index, { file, downFile }] of history.steps.entries())
        if (isAt(file, path) || (downFile !== undefined && isAt(downFile, path))) known.chosen.add(index);
      if (known.chosen.size === 0) continue;
      isFound = true;
      found.set(key, known);
    }
    if (!isFound) without.push(path);
  }
  return { histories: [...found.values()], without };
}

const isAt = (file: AbsolutePath, path: AbsolutePath): boolean =>
  file === path || file.startsWith(`${path}/`) || path === '/';

/** The folder that holds the history of what is named. */
async function baseOf(path: AbsolutePath, files: FileAccess): Promise<AbsolutePath> {
  const found = await lookAt(path, files);
  if (!found) throw new UsageError(`there is no ${path}`);
  // a migration that is a folder of its own
  const isPair = (folder: AbsolutePath): boolean => files.exists(`${folder}/up.sql`);
  const folder = found.kind === 'folder' ? path : posix.dirname(path);
  return isPair(folder) ? posix.dirname(folder) : folder;
}

async function lookAt(path: AbsolutePath, files: FileAccess) {
  try {
    return await files.stat(path);
  } catch (error) {
    throw new UsageError(`${path} cannot be looked at: ${reasonOf(error)}`);
  }
}

const DEPTH = 12;

/** The files below a folder that say something of a migration in SQL, by name. */
async function sqlBelow(folder: AbsolutePath, files: FileAccess, depth = 0): Promise<readonly MigrationFile[]> {
  const found: MigrationFile[] = [];
  const entries = [...files.entries(folder)].sort((one, other) => (one.name < other.name ? -1 : 1));
  for (const { name, kind } of entries) {
    const path = posix.join(folder, name);
    if (kind === 'folder') {
      if (depth < DEPTH && name !== 'node_modules' && !name.startsWith('.'))
        found.push(...(await sqlBelow(path, files, depth + 1)));
    } else if (kind === 'file' && /\.sql$|^metadata\.toml$/i.test(name)) {
      const source = await readSource(files, path);
      // an empty down is one that does nothing; what is no text is no migration
      if ('text' in source) found.push({ file: path, text: source.text });
      else if (source.reason === 'empty') found.push({ file: path, text: '' });
    }
  }
  return found;
}
