/** Files with some texts in place of what the disk holds: what an editor has open, what an agent is about to write, what was before. */
import { posix } from 'node:path';
import type { AbsolutePath, FileAccess, FolderEntry } from './fileAccess';

/** @param textOf  `null` where there is to be no file, nothing where the disk counts */
export type TextInPlace = (path: AbsolutePath) => string | null | undefined;

export function overlaid(files: FileAccess, textOf: TextInPlace): FileAccess {
  const bytesOf = (path: AbsolutePath): Uint8Array | null | undefined => {
    const text = textOf(path);
    return typeof text === 'string' ? new TextEncoder().encode(text) : text;
  };
  const there = (folder: AbsolutePath, entries: readonly FolderEntry[]): readonly FolderEntry[] =>
    entries.filter(({ name }) => textOf(posix.join(folder, name)) !== null);
  return {
    async stat(path) {
      const bytes = bytesOf(path);
      if (bytes === null) return undefined;
      return bytes ? { kind: 'file', bytes: bytes.length } : files.stat(path);
    },
    async list(folder) {
      return there(folder, await files.list(folder));
    },
    async read(path) {
      const bytes = bytesOf(path);
      if (bytes === null) throw Object.assign(new Error('there is no such file'), { code: 'ENOENT' });
      return bytes ?? files.read(path);
    },
    exists(path) {
      const text = textOf(path);
      return text === undefined ? files.exists(path) : text !== null;
    },
    entries: folder => there(folder, files.entries(folder)),
    bytes(path) {
      const bytes = bytesOf(path);
      return bytes === undefined ? files.bytes(path) : (bytes ?? undefined);
    },
    peek(path) {
      const text = textOf(path);
      return text === undefined ? files.peek(path) : (text ?? undefined);
    },
  };
}

export const withText = (files: FileAccess, at: AbsolutePath, text: string): FileAccess =>
  overlaid(files, path => (path === at ? text : undefined));
