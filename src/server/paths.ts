/** Between the editor's URIs and the review's paths. */
import { posix } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { FileId } from '../engine/place';
import type { AbsolutePath } from '../workspace/fileAccess';

/** Path of a `file:` URI, with `/`; nothing for any other scheme. */
export function pathOf(uri: string): AbsolutePath | undefined {
  return uri.startsWith('file:') ? fileURLToPath(uri).replaceAll('\\', '/') : undefined;
}

export const uriOf = (path: AbsolutePath): string => pathToFileURL(path).href;

/** `path` as the project names it; nothing when it lies outside. */
export function fileIdOf(root: AbsolutePath, path: AbsolutePath): FileId | undefined {
  const folder = root.endsWith('/') ? root : `${root}/`;
  return path.startsWith(folder) ? path.slice(folder.length) : undefined;
}

/** A file may lie beside the root: a related place in a sibling package is named with `..`. */
export const absolute = (root: AbsolutePath, file: FileId): AbsolutePath => posix.join(root, file);
