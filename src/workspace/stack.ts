/** What a file's project is built with, as its manifests say: evidence for receivers that no import explains. */
import { posix } from 'node:path';
import type { AbsolutePath, FileAccess } from './fileAccess';
import { manifestIn, upwardFrom } from './project';
import { isPythonManifest, PYTHON_MANIFESTS, pythonDependencies } from './pythonManifests';
import { isPython } from './pythonModules';

export interface Stack {
  /** Names as library tables have them, `npm:pg`, with the version range that is asked for. */
  readonly packages: ReadonlyMap<string, string>;
  /** The manifests that were read, nearest first. */
  readonly manifests: readonly AbsolutePath[];
  readonly problems: readonly { readonly path: AbsolutePath; readonly message: string }[];
}

export interface Stacks {
  /** Of all manifests from the file's folder up to the project's root: a workspace's root installs for its members. */
  stackOf(file: AbsolutePath, root: AbsolutePath): Stack;
  /** Whether it was a manifest: then all that was read is forgotten. */
  touched(path: AbsolutePath): boolean;
}

const DEPENDENCY_KEYS = ['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies'];

export function stacksIn(files: Pick<FileAccess, 'peek'>): Stacks {
  const known = new Map<string, Stack>();
  /** Every folder below a manifest asks for it. */
  const read = new Map<AbsolutePath, ReturnType<typeof manifestIn>>();
  const manifestAt = (path: AbsolutePath): ReturnType<typeof manifestIn> => {
    const manifest = read.get(path) ?? manifestIn(path, files);
    read.set(path, manifest);
    return manifest;
  };
  const pythonAt = new Map<AbsolutePath, PythonManifests>();
  return {
    stackOf(file, root) {
      const folder = posix.dirname(file);
      const key = `${root}\0${folder}\0${isPython(file)}`;
      const stack =
        known.get(key) ??
        (isPython(file)
          ? readPythonStack(folder, root, at => {
              const read = pythonAt.get(at) ?? pythonManifestsIn(at, files);
              pythonAt.set(at, read);
              return read;
            })
          : readStack(folder, root, manifestAt));
      known.set(key, stack);
      return stack;
    },
    touched(path) {
      if (posix.basename(path) !== 'package.json' && !isPythonManifest(path)) return false;
      known.clear();
      pythonAt.clear();
      read.clear();
      return true;
    },
  };
}

function readStack(
  folder: AbsolutePath,
  root: AbsolutePath,
  manifestAt: (path: AbsolutePath) => ReturnType<typeof manifestIn>,
): Stack {
  const packages = new Map<string, string>();
  const manifests: AbsolutePath[] = [];
  const problems: { path: AbsolutePath; message: string }[] = [];
  for (const at of upwardFrom(folder)) {
    const path = posix.join(at, 'package.json');
    const manifest = manifestAt(path);
    if ('problem' in manifest) problems.push({ path, message: `its dependencies are not known: ${manifest.problem}` });
    else if (manifest.content) {
      manifests.push(path);
      for (const [name, range] of dependenciesIn(manifest.content))
        if (!packages.has(`npm:${name}`)) packages.set(`npm:${name}`, range);
    }
    if (at === root) break;
  }
  return { packages, manifests, problems };
}

interface PythonManifests {
  readonly paths: readonly AbsolutePath[];
  readonly packages: ReadonlyMap<string, string>;
}

function pythonManifestsIn(folder: AbsolutePath, files: Pick<FileAccess, 'peek'>): PythonManifests {
  const packages = new Map<string, string>();
  const paths: AbsolutePath[] = [];
  for (const name of PYTHON_MANIFESTS) {
    const path = posix.join(folder, name);
    const text = files.peek(path);
    if (text === undefined) continue;
    paths.push(path);
    for (const [dependency, range] of pythonDependencies(name, text)) packages.set(dependency, range);
  }
  return { paths, packages };
}

function readPythonStack(
  folder: AbsolutePath,
  root: AbsolutePath,
  manifestsAt: (folder: AbsolutePath) => PythonManifests,
): Stack {
  const packages = new Map<string, string>();
  const manifests: AbsolutePath[] = [];
  for (const at of upwardFrom(folder)) {
    const found = manifestsAt(at);
    manifests.push(...found.paths);
    for (const [name, range] of found.packages) if (!packages.has(`pypi:${name}`)) packages.set(`pypi:${name}`, range);
    if (at === root) break;
  }
  return { packages, manifests, problems: [] };
}

const dependenciesIn = (manifest: Readonly<Record<string, unknown>>): [string, string][] =>
  DEPENDENCY_KEYS.flatMap(key => {
    const dependencies = manifest[key];
    return typeof dependencies === 'object' && dependencies !== null
      ? Object.entries(dependencies).map(([name, range]): [string, string] => [name, String(range)])
      : [];
  });
