/**
 * Files that are read from the disk by somebody who lives on: what was seen is looked at again before the next question, so that
 * an answer is of now although nobody watches the disk. An agent writes a file and asks in the next moment.
 */
import { readdirSync, statSync } from 'node:fs';
import { posix } from 'node:path';
import type { AbsolutePath, FileAccess } from './fileAccess';

export interface NoticedFiles {
  readonly files: FileAccess;
  /** What has changed, come or gone since it was seen. It is seen anew with that. */
  changes(): readonly Noticed[];
}

export interface Noticed {
  readonly path: AbsolutePath;
  readonly cameOrWent: boolean;
}

/** What tells one state of a path from the next; empty where there is nothing. */
type Signature = string;

export function noticedFiles(files: FileAccess): NoticedFiles {
  const seen = new Map<AbsolutePath, Signature>();
  const listed = new Map<AbsolutePath, readonly string[]>();
  // before it is read: a change in between shows as one
  const see = (path: AbsolutePath): AbsolutePath => {
    if (!seen.has(path)) seen.set(path, signatureOf(path));
    return path;
  };
  const seeFolder = (folder: AbsolutePath): AbsolutePath => {
    if (!listed.has(folder)) listed.set(folder, namesIn(folder));
    return folder;
  };
  return {
    files: {
      stat: path => files.stat(see(path)),
      list: folder => files.list(seeFolder(folder)),
      read: path => files.read(see(path)),
      exists: path => files.exists(see(path)),
      entries: folder => files.entries(seeFolder(folder)),
      bytes: path => files.bytes(see(path)),
      peek: path => files.peek(see(path)),
    },
    changes() {
      const changed = new Map<AbsolutePath, Noticed>();
      const notice = (path: AbsolutePath, cameOrWent: boolean): void => {
        if (cameOrWent || !changed.has(path)) changed.set(path, { path, cameOrWent });
      };
      for (const [path, before] of seen) {
        const now = signatureOf(path);
        if (now === before) continue;
        seen.set(path, now);
        notice(path, now === '' || before === '');
      }
      for (const [folder, before] of listed) {
        const now = namesIn(folder);
        if (now.length === before.length && now.every((name, index) => name === before[index])) continue;
        listed.set(folder, now);
        const were = new Set(before);
        const are = new Set(now);
        for (const name of now) if (!were.has(name)) notice(posix.join(folder, name), true);
        for (const name of before) if (!are.has(name)) notice(posix.join(folder, name), true);
      }
      return [...changed.values()];
    },
  };
}

function signatureOf(path: AbsolutePath): Signature {
  try {
    const found = statSync(path, { throwIfNoEntry: false });
    if (!found) return '';
    // entries of a folder are another matter: see `listed`
    if (!found.isFile()) return found.isDirectory() ? 'folder' : 'other';
    return `${found.ino} ${found.size} ${found.mtimeMs} ${found.ctimeMs}`;
  } catch (error) {
    return `cannot be looked at: ${error instanceof Error && 'code' in error ? error.code : error}`;
  }
}

function namesIn(folder: AbsolutePath): readonly string[] {
  try {
    return readdirSync(folder).sort();
  } catch (error) {
    if (error instanceof Error && 'code' in error) return [];
    throw error;
  }
}
