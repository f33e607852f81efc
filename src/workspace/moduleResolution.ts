/**
 * The file of the project that an import means: by its path, by `tsconfig.json`, by a manifest's `imports` and aliases, by
 * the package of the workspace that it names. Everything that was read is kept until `forget`.
 */
import { posix } from 'node:path';
import type { FileId } from '../engine/place';
import type { AbsolutePath, FileAccess } from './fileAccess';
import { candidatesAt, candidatesOf } from './imports';
import { entriesOf, exported, type Packages, packageIn, packagesIn } from './packages';
import { isPython, pythonModule } from './pythonModules';
import { mappedTo, type PathMapping, pathMappingOf } from './tsconfig';

export interface ModuleResolution {
  /** Nothing for a package that is installed, and where there is no such file. */
  resolve(from: FileId, specifier: string): FileId | undefined;
  /** Something came, went or changed on disk. @returns whether what imports mean as a whole may be different now */
  forget(file: FileId): boolean;
}

export interface ModuleResolutionOptions {
  readonly root: AbsolutePath;
  readonly files: Pick<FileAccess, 'exists' | 'peek' | 'entries'>;
  /** Whether an editor holds the file, on disk or not. */
  isOpen(file: FileId): boolean;
}

/** Files that say what specifiers mean. */
const CONFIGURES = /(?:^|\/)(?:package\.json|pnpm-workspace\.yaml|lerna\.json|[jt]sconfig(?:\.[\w-]+)*\.json)$/;

export function moduleResolutionOf({ root, files, isOpen }: ModuleResolutionOptions): ModuleResolution {
  const resolved = new Map<string, FileId | undefined>();
  /** Asked of the disk once: many files import the same ones. */
  const onDisk = new Map<AbsolutePath, boolean>();
  const mappings = new Map<AbsolutePath, PathMapping | undefined>();
  const probe = { ...files, exists: (path: AbsolutePath) => remembered(onDisk, path, () => files.exists(path)) };
  let packages: Packages = packagesIn(root, probe);

  const idOf = (path: AbsolutePath): FileId | undefined =>
    path.startsWith(root === '/' ? root : `${root}/`) ? path.slice(root === '/' ? 1 : root.length + 1) : undefined;
  const isThere = (file: FileId): boolean => isOpen(file) || probe.exists(posix.join(root, file));
  const first = (paths: readonly AbsolutePath[]): FileId | undefined => {
    for (const path of paths) {
      const id = idOf(path);
      const found = id === undefined ? undefined : candidatesAt(id).find(isThere);
      if (found !== undefined) return found;
    }
    return undefined;
  };

  const find = (from: FileId, specifier: string): FileId | undefined => {
    if (isPython(from)) return pythonModule(from, specifier, isThere);
    if (specifier.startsWith('.')) {
      const found = candidatesOf(from, specifier).find(isThere);
      return found ?? inFolder(posix.join(root, posix.dirname(from), specifier));
    }
    if (specifier === '' || specifier.startsWith('/') || specifier.startsWith('node:')) return undefined;
    const folder = posix.join(root, posix.dirname(from));
    return (
      mapped(folder, specifier) ??
      (specifier.startsWith('#') ? imported(folder, specifier) : aliased(folder, specifier)) ??
      packaged(folder, specifier)
    );
  };

  /** A folder with a manifest of its own is what that says. */
  const inFolder = (folder: AbsolutePath): FileId | undefined => {
    const manifest = idOf(`${folder}/`) === undefined ? undefined : packages.manifestAt(folder);
    return manifest && first(entriesOf(folder, manifest, '.'));
  };

  const mapped = (folder: AbsolutePath, specifier: string): FileId | undefined => {
    const mapping = remembered(mappings, folder, () => pathMappingOf(folder, root, probe));
    return mapping && first(mappedTo(mapping, specifier));
  };

  const imported = (folder: AbsolutePath, specifier: string): FileId | undefined => {
    const nearest = packages.manifestOf(folder);
    if (!nearest) return undefined;
    const targets = exported(nearest.manifest.imports, specifier);
    return first(targets.flatMap(target => entriesOf(nearest.folder, undefined, target)));
  };

  /** `_moduleAliases`, as the package module-alias reads them. */
  const aliased = (folder: AbsolutePath, specifier: string): FileId | undefined => {
    const nearest = packages.manifestOf(folder);
    const aliases = nearest?.manifest._moduleAliases;
    if (!nearest || typeof aliases !== 'object' || aliases === null) return undefined;
    for (const [alias, target] of Object.entries(aliases)) {
      if (typeof target !== 'string' || (specifier !== alias && !specifier.startsWith(`${alias}/`))) continue;
      const found = first([posix.join(nearest.folder, target, specifier.slice(alias.length))]);
      if (found !== undefined) return found;
    }
    return undefined;
  };

  const packaged = (from: AbsolutePath, specifier: string): FileId | undefined => {
    const named = packageIn(specifier);
    const folder = named && packages.folderOf(named.name, from);
    return folder === undefined
      ? undefined
      : first(entriesOf(folder, packages.manifestAt(folder), named?.subpath ?? '.'));
  };

  return {
    resolve: (from, specifier) =>
      remembered(resolved, `${posix.dirname(from)}\0${specifier}`, () => find(from, specifier)),
    forget(file) {
      resolved.clear();
      onDisk.clear();
      if (!CONFIGURES.test(file)) return false;
      mappings.clear();
      packages = packagesIn(root, probe);
      return true;
    },
  };
}

function remembered<Key, T>(known: Map<Key, T>, key: Key, make: () => T): T {
  if (known.has(key)) return known.get(key) as T;
  const made = make();
  known.set(key, made);
  return made;
}
