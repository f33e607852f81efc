/** Files in memory, for what decides by names alone; a key that ends in `/` is an empty folder. */
import type { FileAccess, FolderEntry } from '../../src/workspace/fileAccess';

export function memoryFiles(
  files: Readonly<Record<string, string>>,
): FileAccess & { readonly peeked: string[]; readonly listed: string[] } {
  const peeked: string[] = [];
  const listed: string[] = [];
  const isFolder = (path: string) => Object.keys(files).some(name => name.startsWith(`${path.replace(/\/$/, '')}/`));
  const entriesOf = (folder: string): readonly FolderEntry[] => {
    const prefix = `${folder.replace(/\/$/, '')}/`;
    const names = new Map<string, 'file' | 'folder'>();
    for (const name of Object.keys(files))
      if (name.startsWith(prefix) && name !== prefix) {
        const [first = '', ...rest] = name.slice(prefix.length).split('/');
        names.set(first, rest.length ? 'folder' : 'file');
      }
    return [...names].map(([name, kind]) => ({ name, kind }));
  };
  return {
    peeked,
    listed,
    async stat(path) {
      const text = files[path];
      if (text !== undefined) return { kind: 'file', bytes: text.length };
      return isFolder(path) ? { kind: 'folder', bytes: 0 } : undefined;
    },
    async list(folder) {
      listed.push(folder);
      return entriesOf(folder);
    },
    entries: entriesOf,
    bytes: path => (files[path] === undefined ? undefined : new TextEncoder().encode(files[path])),
    read: async path => new TextEncoder().encode(files[path] ?? ''),
    exists: path => path in files || isFolder(path),
    peek(path) {
      peeked.push(path);
      if (files[path] === undefined && isFolder(path)) throw Object.assign(new Error('EISDIR'), { code: 'EISDIR' });
      return files[path];
    },
  };
}
