/** Files with some texts in place of what the disk holds: what an editor has open, what an agent is about to write. */
import { posix } from 'node:path';
import type { AbsolutePath, FileAccess } from './fileAccess';

/** @param textOf  nothing where the disk's text counts */
export function overlaid(files: FileAccess, textOf: (path: AbsolutePath) => string | undefined): FileAccess {
  const bytesOf = (path: AbsolutePath): Uint8Array | undefined => {
    const text = textOf(path);
    return text === undefined ? undefined : new TextEncoder().encode(text);
  };
  return {
    ...files,
    async stat(path) {
      const bytes = bytesOf(path);
      return bytes ? { kind: 'file', bytes: bytes.length } : files.stat(path);
    },
    async read(path) {
      return bytesOf(path) ?? files.read(path);
    },
    exists: path => textOf(path) !== undefined || files.exists(path),
    bytes: path => bytesOf(path) ?? files.bytes(path),
    peek: path => textOf(path) ?? files.peek(path),
  };
}

export const withText = (files: FileAccess, at: AbsolutePath, text: string): FileAccess =>
  overlaid(files, path => (path === at || posix.normalize(path) === at ? text : undefined));
