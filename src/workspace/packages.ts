/** The packages of a workspace, and which of their files an import of them means. */
import { posix } from 'node:path';
import picomatch from 'picomatch';
import type { AbsolutePath, FileAccess } from './fileAccess';
import { manifestIn, upwardFrom } from './project';
import { restOf } from './tsconfig';

type Manifest = Readonly<Record<string, unknown>>;
type Probe = Pick<FileAccess, 'exists' | 'peek' | 'entries'>;

export interface Packages {
  /** The nearest manifest from a folder up to the root, and where it lies. */
  manifestOf(folder: AbsolutePath): { readonly folder: AbsolutePath; readonly manifest: Manifest } | undefined;
  /** The manifest of this very folder. */
  manifestAt(folder: AbsolutePath): Manifest | undefined;
  /** The folder of a package that is part of the workspace, as seen from a folder. */
  folderOf(name: string, from: AbsolutePath): AbsolutePath | undefined;
}

/** Folders that a glob of workspaces looks into: deeper ones hold no packages. */
const MAX_DEPTH = 5;

export function packagesIn(root: AbsolutePath, files: Probe): Packages {
  const manifests = new Map<AbsolutePath, Manifest | undefined>();
  const workspaces = new Map<AbsolutePath, ReadonlyMap<string, AbsolutePath>>();

  const manifestAt = (folder: AbsolutePath): Manifest | undefined => {
    if (!manifests.has(folder)) {
      const read = manifestIn(posix.join(folder, 'package.json'), files);
      manifests.set(folder, 'content' in read ? read.content : undefined);
    }
    return manifests.get(folder);
  };

  const upward = function* (folder: AbsolutePath): Generator<AbsolutePath> {
    for (const at of upwardFrom(folder)) {
      yield at;
      if (at === root) break;
    }
  };

  const membersOf = (folder: AbsolutePath): ReadonlyMap<string, AbsolutePath> => {
    const known = workspaces.get(folder);
    if (known) return known;
    const members = new Map<string, AbsolutePath>();
    const patterns = workspacePatterns(folder, manifestAt(folder), files);
    for (const member of patterns.length > 0 ? foldersMatching(folder, patterns, files) : []) {
      const name = manifestAt(member)?.name;
      if (typeof name === 'string' && !members.has(name)) members.set(name, member);
    }
    workspaces.set(folder, members);
    return members;
  };

  return {
    manifestAt,
    manifestOf(folder) {
      for (const at of upward(folder)) {
        const manifest = manifestAt(at);
        if (manifest) return { folder: at, manifest };
      }
      return undefined;
    },
    folderOf(name, from) {
      for (const at of upward(from)) {
        const manifest = manifestAt(at);
        if (manifest?.name === name) return at;
        const linked = manifest && linkedFolder(manifest, name);
        if (linked !== undefined) return posix.join(at, linked);
        const member = membersOf(at).get(name);
        if (member !== undefined) return member;
      }
      return undefined;
    },
  };
}

/** `"@acme/db": "file:../db"`: the dependency lies beside the package. */
function linkedFolder(manifest: Manifest, name: string): string | undefined {
  for (const key of ['dependencies', 'devDependencies']) {
    const ranges = manifest[key];
    const range = isObject(ranges) ? ranges[name] : undefined;
    const folder = typeof range === 'string' ? /^(?:file|link|portal):(\.{1,2}\/.*)$/.exec(range)?.[1] : undefined;
    if (folder !== undefined && !/\.(?:tgz|tar\.gz)$/.test(folder)) return folder;
  }
  return undefined;
}

/** Globs of the member packages: of npm, Yarn and Bun, of pnpm, of Lerna. */
function workspacePatterns(folder: AbsolutePath, manifest: Manifest | undefined, files: Probe): readonly string[] {
  const declared = manifest?.workspaces;
  const own = isObject(declared) ? declared.packages : declared;
  const patterns = strings(own);
  const pnpm = textAt(posix.join(folder, 'pnpm-workspace.yaml'), files);
  if (pnpm !== undefined) patterns.push(...pnpmPatterns(pnpm));
  if (patterns.length === 0 && files.exists(posix.join(folder, 'lerna.json'))) {
    const lerna = manifestIn(posix.join(folder, 'lerna.json'), files);
    if ('content' in lerna && lerna.content) patterns.push(...strings(lerna.content.packages ?? ['packages/*']));
  }
  return patterns;
}

/** The list under `packages:`, in the block form that people write or in brackets. */
function pnpmPatterns(yaml: string): readonly string[] {
  const section = /^packages:[ \t]*(\[[^\]]*\])?((?:\r?\n[ \t]*(?:-[^\n]*|#[^\n]*)?)*)/m.exec(yaml);
  if (!section) return [];
  const written = section[1]
    ? section[1].slice(1, -1).split(',')
    : (section[2] ?? '').split('\n').flatMap(line => /^[ \t]*-(.*)$/.exec(line)?.[1] ?? []);
  return written.flatMap(each => /^\s*(['"]?)([^'"#]*?)\1\s*(?:#.*)?$/.exec(each)?.[2] || []);
}

function foldersMatching(root: AbsolutePath, patterns: readonly string[], files: Probe): readonly AbsolutePath[] {
  const clean = (pattern: string): string => pattern.replace(/^!/, '').replace(/^\.\//, '').replace(/\/+$/, '');
  const wanted = patterns.filter(pattern => !pattern.startsWith('!')).map(clean);
  const unwanted = patterns.filter(pattern => pattern.startsWith('!')).map(clean);
  const isWanted = picomatch(wanted);
  const isUnwanted = unwanted.length > 0 ? picomatch(unwanted) : () => false;
  const deepest = Math.max(...wanted.map(pattern => (pattern.includes('**') ? MAX_DEPTH : pattern.split('/').length)));
  const firsts = new Set(wanted.map(pattern => pattern.split('/')[0] ?? ''));
  const entersAll = [...firsts].some(first => /[*?{[(]/.test(first));
  const found: AbsolutePath[] = [];
  const walk = (folder: AbsolutePath, relative: string, depth: number): void => {
    for (const { name, kind } of files.entries(folder)) {
      if (kind !== 'folder' || name === 'node_modules' || name.startsWith('.')) continue;
      if (depth === 1 && !entersAll && !firsts.has(name)) continue;
      const below = relative === '' ? name : `${relative}/${name}`;
      const path = posix.join(folder, name);
      if (isWanted(below) && !isUnwanted(below)) found.push(path);
      if (depth < deepest) walk(path, below, depth + 1);
    }
  };
  walk(root, '', 1);
  return found;
}

/** Conditions under which a package's own code is found, the source before what was built from it. */
const CONDITIONS = ['source', 'development', 'types', 'import', 'module', 'node', 'require', 'default'];

/**
 * What a package's folder means by a path below it, `.` or `./sql`: paths in the folder, most likely first, whose endings
 * are still to be tried. What was built stands for what it was built from.
 */
export function entriesOf(
  folder: AbsolutePath,
  manifest: Manifest | undefined,
  subpath: string,
): readonly AbsolutePath[] {
  const at = (path: string): AbsolutePath => posix.join(folder, path);
  const written: string[] = [...exported(manifest?.exports, subpath)];
  if (subpath === '.')
    for (const key of ['source', 'types', 'typings', 'module', 'main']) {
      const path = manifest?.[key];
      if (typeof path === 'string') written.push(path);
    }
  const targets = written.flatMap(path => [...sourcesOf(path), path.replace(/\.d(?=\.[cm]?ts$)/, '')]);
  if (subpath === '.') targets.push('src/index', 'index', 'src/main');
  else targets.push(subpath, `src/${subpath.replace(/^\.\//, '')}`, ...sourcesOf(subpath));
  return [...new Set(targets.map(at))];
}

/** `dist/index.js` was built from `src/index.ts`, or from `index.ts`. */
function sourcesOf(path: string): readonly string[] {
  const built = /^(?:\.\/)?(?:dist|lib|build|out|es|esm|cjs|types)\/(?:(?:cjs|esm|es|types|src|node)\/)*(.+)$/.exec(
    path,
  )?.[1];
  if (built === undefined) return /\.d\.[cm]?ts$/.test(path) ? [withoutEnding(path)] : [];
  return [`src/${withoutEnding(built)}`, withoutEnding(built)];
}

const withoutEnding = (path: string): string => path.replace(/(?:\.d)?\.[cm]?[jt]sx?$/, '');

/** The targets of a subpath in a manifest's `exports` or `imports`, in the order of their conditions. */
export function exported(map: unknown, subpath: string): readonly string[] {
  if (map === undefined || map === null) return [];
  if (!isObject(map) || !Object.keys(map).some(key => key.startsWith('.') || key.startsWith('#')))
    return subpath === '.' ? conditional(map) : [];
  if (map[subpath] !== undefined) return conditional(map[subpath]);
  const patterns = Object.keys(map)
    .filter(key => key.includes('*'))
    .sort((left, right) => right.indexOf('*') - left.indexOf('*'));
  for (const pattern of patterns) {
    const rest = restOf(pattern, subpath);
    if (rest !== undefined) return conditional(map[pattern]).map(target => target.replaceAll('*', rest));
  }
  return [];
}

function conditional(target: unknown): readonly string[] {
  if (typeof target === 'string') return [target];
  if (Array.isArray(target)) return target.flatMap(conditional);
  if (!isObject(target)) return [];
  return CONDITIONS.flatMap(condition => conditional(target[condition]));
}

/** `@acme/db/sql` is the package `@acme/db` and the path `./sql`; nothing for what names no package. */
export function packageIn(specifier: string): { readonly name: string; readonly subpath: string } | undefined {
  const match = /^((?:@[^/]+\/)?[^/.@#~][^/]*)(?:\/(.*))?$/.exec(specifier);
  if (!match?.[1] || specifier.includes(':')) return undefined;
  return { name: match[1], subpath: match[2] ? `./${match[2]}` : '.' };
}

function textAt(path: AbsolutePath, files: Probe): string | undefined {
  return files.exists(path) ? files.peek(path) : undefined;
}

const strings = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter(each => typeof each === 'string') : [];

const isObject = (value: unknown): value is Manifest =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
