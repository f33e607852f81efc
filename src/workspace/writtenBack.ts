/** Puts changed texts back into their files, in the encoding that they had, and only where nobody wrote in between. */
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { posix } from 'node:path';
import { type Decoded, decode } from './decode';
import type { WrittenFile } from './toolHost';

/** @throws when one of the files is not what the change was made from, before any is written */
export async function writtenBack(files: readonly WrittenFile[]): Promise<'written'> {
  const ready: { readonly path: string; readonly bytes: Uint8Array; readonly flag: 'w' | 'wx' }[] = [];
  for (const { path, text, before } of files) {
    if (before === undefined) {
      if (existsSync(path)) throw new Error(`${path} is there by now; nothing was written`);
      ready.push({ path, bytes: Buffer.from(text, 'utf8'), flag: 'wx' });
      continue;
    }
    const now = decode(await readFile(path));
    if (!('text' in now) || now.text !== before) throw new Error(`${path} was changed meanwhile; nothing was written`);
    ready.push({ path, bytes: encoded(text, now, path), flag: 'w' });
  }
  for (const { path, bytes, flag } of ready) {
    await mkdir(posix.dirname(path), { recursive: true });
    await writeFile(path, bytes, { flag });
  }
  return 'written';
}

function encoded(
  text: string,
  { encoding, byteOrderMark }: Extract<Decoded, { text: string }>,
  path: string,
): Uint8Array {
  const marked = byteOrderMark ? `\uFEFF${text}` : text;
  switch (encoding) {
    case 'utf-8':
      return Buffer.from(marked, 'utf8');
    case 'utf-16le':
      return Buffer.from(marked, 'utf16le');
    case 'utf-16be':
      return Buffer.from(marked, 'utf16le').swap16();
    case 'windows-1252':
      throw new Error(`${path} is written in Windows-1252, which is not written back; make the change in an editor`);
  }
}
