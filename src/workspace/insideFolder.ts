/** Paths that others name, held inside one folder: what leads out of it, by dots or by links, is told apart. */
import { lstat, realpath } from 'node:fs/promises';
import { posix } from 'node:path';
import { resolvedPath } from '../engine/configuration';
import type { AbsolutePath } from './fileAccess';

/**
 * The path below the folder; nothing when it leads out, or along a link that leads nowhere. What does not exist yet is judged
 * by the nearest folder above it that does.
 *
 * @param folder  absolute, with `/`
 * @param asked   relative to it, or absolute
 * @throws when a part of the path cannot be looked at
 */
export async function insideFolder(folder: AbsolutePath, asked: string): Promise<AbsolutePath | undefined> {
  const path = resolvedPath(folder, asked);
  const [real, realFolder] = [await realOf(path), await realOf(folder)];
  if (real === undefined || realFolder === undefined || !isWithin(real, realFolder)) return undefined;
  // the folder itself may be known by another name, as /tmp is on a Mac
  return isWithin(path, folder) ? path : posix.join(folder, posix.relative(realFolder, real));
}

const isWithin = (path: AbsolutePath, folder: AbsolutePath): boolean =>
  path === folder || path.startsWith(folder.endsWith('/') ? folder : `${folder}/`);

/** The path without links, as far as it exists. */
async function realOf(path: AbsolutePath): Promise<AbsolutePath | undefined> {
  try {
    return withSlashes(await realpath(path));
  } catch (error) {
    if (!isMissing(error)) throw error;
    if (await isThere(path)) return undefined; // a link to nothing
    const above = posix.dirname(path);
    const real = above === path ? above : await realOf(above);
    return real === undefined ? undefined : posix.join(real, posix.basename(path));
  }
}

async function isThere(path: AbsolutePath): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');

const withSlashes = (path: string): AbsolutePath => (process.platform === 'win32' ? path.replaceAll('\\', '/') : path);
