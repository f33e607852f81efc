/** Where files are read: behind an interface, so that the review runs in tests, and wherever there is no disk. */
import { type Dirent, existsSync, readdirSync, readFileSync, type Stats, statSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';

/** Absolute path with `/` on every platform. */
export type AbsolutePath = string;

export interface FileStat {
  readonly kind: 'file' | 'folder' | 'other';
  readonly bytes: number;
}

export interface FolderEntry {
  readonly name: string;
  readonly kind: 'file' | 'folder' | 'link' | 'other';
}

export interface FileAccess {
  /**
   * Follows links; nothing when there is nothing.
   * @throws when it is there and cannot be looked at: no permission, links in a circle
   */
  stat(path: AbsolutePath): Promise<FileStat | undefined>;
  /** @throws when the folder cannot be read */
  list(folder: AbsolutePath): Promise<readonly FolderEntry[]>;
  /** @throws when the file cannot be read */
  read(path: AbsolutePath): Promise<Uint8Array>;
  /** At once, as what follows: which project and configuration a file belongs to is asked where nothing can wait. */
  exists(path: AbsolutePath): boolean;
  /** What a folder holds; nothing when there is none, or it cannot be read. */
  entries(folder: AbsolutePath): readonly FolderEntry[];
  /**
   * The bytes of a file; nothing when there is none.
   * @throws when it is there and cannot be read
   */
  bytes(path: AbsolutePath): Uint8Array | undefined;
  /**
   * A small UTF-8 file; nothing when there is none.
   * @throws when it is there and cannot be read
   */
  peek(path: AbsolutePath): string | undefined;
}

export const nodeFiles: FileAccess = {
  async stat(path) {
    try {
      return statOf(await stat(path));
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  },
  async list(folder) {
    return (await readdir(folder, { withFileTypes: true })).map(entryOf);
  },
  read: path => readFile(path),
  exists: path => existsSync(path),
  entries(folder) {
    try {
      return readdirSync(folder, { withFileTypes: true }).map(entryOf);
    } catch (error) {
      if (error instanceof Error && 'code' in error) return [];
      throw error;
    }
  },
  bytes: path => unlessMissing(() => readFileSync(path)),
  peek: path => unlessMissing(() => readFileSync(path, 'utf8')),
};

/**
 * The same for a process that reviews once and ends: a file is read at once, where nothing else is waited for, since handing it to
 * a thread and back costs many times what the reading does.
 */
export const nodeFilesAtOnce: FileAccess = {
  ...nodeFiles,
  async stat(path) {
    const found = statSync(path, { throwIfNoEntry: false });
    return found && statOf(found);
  },
  read: async path => readFileSync(path),
};

const statOf = (found: Stats): FileStat => ({
  kind: found.isFile() ? 'file' : found.isDirectory() ? 'folder' : 'other',
  bytes: found.size,
});

const entryOf = (entry: Dirent): FolderEntry => ({
  name: entry.name,
  kind: entry.isFile() ? 'file' : entry.isDirectory() ? 'folder' : entry.isSymbolicLink() ? 'link' : 'other',
});

function unlessMissing<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** What went wrong with a file, as a person would say it: the system's sentence without its code and path. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error ? String(error.code) : '';
  return REASONS[code] ?? error.message.replace(/^[A-Z]+: /, '').replace(/, \w+ '.*'$/, '');
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EISDIR: 'it is a folder',
  ENOENT: 'there is no such file or folder',
  ENOTDIR: 'a part of its path is no folder',
  ELOOP: 'its symbolic links lead in a circle',
  ENOSPC: 'no space is left',
  EROFS: 'the file system is read-only',
  EMFILE: 'too many files are open',
  ENAMETOOLONG: 'its name is too long',
};

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
