/** Which file an import of Python means. */
import { posix } from 'node:path';
import type { FileId } from '../engine/place';

export const isPython = (file: FileId): boolean => /\.pyw?$/i.test(file);

/** What a package runs when it is imported; also where a folder is one without it. */
const PACKAGE = '__init__.py';

/** Folders beside a project's packages that hold further ones. */
const ROOTS = ['', 'src', 'lib'];

/**
 * The file that an import means as seen from a file: `a.b`, `.a`, `..`. A folder without `__init__.py` is a package too, and
 * is given as the file that it could have.
 * @param isThere  whether the project has a file, or a folder
 */
export function pythonModule(from: FileId, specifier: string, isThere: (path: string) => boolean): FileId | undefined {
  const dots = /^\.*/.exec(specifier)?.[0].length ?? 0;
  const path = specifier.slice(dots).replaceAll('.', '/');
  if (dots > 0) {
    let folder = folderOf(from);
    for (let up = 1; up < dots; up++) {
      if (folder === '') return undefined;
      folder = folderOf(folder);
    }
    return moduleAt(joined(folder, path), isThere);
  }
  if (path === '') return undefined;
  for (const root of rootsFor(from, isThere)) {
    const found = moduleAt(joined(root, path), isThere);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** What a module inside a package is called there: `.orders`. */
export const pythonModuleInside = (file: FileId, name: string): string | undefined =>
  posix.basename(file) === PACKAGE ? `.${name}` : undefined;

function moduleAt(path: string, isThere: (path: string) => boolean): FileId | undefined {
  const initial = joined(path, PACKAGE);
  if (isThere(initial)) return initial;
  if (path !== '' && isThere(`${path}.py`)) return `${path}.py`;
  return path !== '' && isThere(path) ? initial : undefined;
}

/**
 * Folders that absolute imports start from: the one around the outermost package that holds the file, those above it that are
 * no packages themselves (`app/db/sqlalchemy` is not what `import sqlalchemy` means), and, for scripts, the file's own.
 */
function rootsFor(from: FileId, isThere: (path: string) => boolean): readonly string[] {
  let folder = folderOf(from);
  while (folder !== '' && isThere(joined(folder, PACKAGE))) folder = folderOf(folder);
  const roots = new Set<string>();
  for (let at = folder; ; at = folderOf(at)) {
    if (at === '' || !isThere(joined(at, PACKAGE))) for (const root of ROOTS) roots.add(joined(at, root));
    if (at === '') break;
  }
  roots.add(folderOf(from));
  return [...roots];
}

const folderOf = (path: string): string => (path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '');

const joined = (folder: string, name: string): string =>
  folder === '' ? name : name === '' ? folder : `${folder}/${name}`;
