/** Which project a path belongs to: where the evidence for its findings is looked for. */
import { posix } from 'node:path';
import type { AbsolutePath, FileAccess } from './fileAccess';

type Probe = Pick<FileAccess, 'exists' | 'peek'>;

/** Files that say what a folder's code is built from. */
const MANIFESTS = [
  'package.json',
  'pyproject.toml',
  'setup.py',
  'setup.cfg',
  'requirements.txt',
  'Pipfile',
  'go.mod',
  'pom.xml',
  'build.gradle',
  'build.gradle.kts',
  'settings.gradle',
  'settings.gradle.kts',
  'composer.json',
];

/** Files whose coming and going may move a project's root. */
export const ROOT_MARKERS: ReadonlySet<string> = new Set(['.git', 'pnpm-workspace.yaml', 'go.work', ...MANIFESTS]);

/**
 * The nearest folder upward with `.git`, else the nearest with a workspace's manifest, else the nearest with a
 * manifest, else `folder` itself. The current folder plays no part.
 *
 * @param folder  a folder, or the folder of a file
 */
export function projectRootOf(folder: AbsolutePath, probe: Probe): AbsolutePath {
  const upward = [...upwardFrom(folder)];
  return (
    upward.find(at => probe.exists(posix.join(at, '.git'))) ??
    upward.find(at => isWorkspaceRoot(at, probe)) ??
    upward.find(at => MANIFESTS.some(name => probe.exists(posix.join(at, name)))) ??
    folder
  );
}

/** A folder and every folder above it, nearest first. */
export function* upwardFrom(folder: AbsolutePath): Generator<AbsolutePath> {
  for (let at = folder; ; ) {
    yield at;
    const above = posix.dirname(at);
    if (above === at || above === '.') return; // `.` stands above a drive's letter
    at = above;
  }
}

function isWorkspaceRoot(folder: AbsolutePath, probe: Probe): boolean {
  if (probe.exists(posix.join(folder, 'pnpm-workspace.yaml')) || probe.exists(posix.join(folder, 'go.work')))
    return true;
  const manifest = manifestIn(posix.join(folder, 'package.json'), probe);
  return 'content' in manifest && manifest.content?.workspaces !== undefined;
}

/** A `package.json`: nothing where there is none, and a problem where it cannot be understood. */
export function manifestIn(
  path: AbsolutePath,
  probe: Pick<FileAccess, 'peek'>,
): { readonly content?: Readonly<Record<string, unknown>> } | { readonly problem: string } {
  try {
    const text = probe.peek(path);
    if (text === undefined) return {};
    const content: unknown = JSON.parse(text.replace(/^\uFEFF/, ''));
    return typeof content === 'object' && content !== null && !Array.isArray(content)
      ? { content: content as Record<string, unknown> }
      : { problem: 'it holds no object' };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}
