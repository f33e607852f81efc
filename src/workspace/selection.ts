/** Which files a run looks at: what is named, and below named folders what nothing keeps out. What is kept out is counted. */
import { posix } from 'node:path';
import ignore, { type Ignore } from 'ignore';
import { CONFIGURATION_FILE, type Glob } from '../engine/configuration';
import { listed } from '../engine/nearest';
import type { ConfigurationFiles } from './configurationFiles';
import { type AbsolutePath, type FileAccess, reasonOf } from './fileAccess';
import { matcherOf } from './globs';
import { projectRootOf, upwardFrom } from './project';
import { UsageError } from './usageError';

export interface SelectedFile {
  readonly path: AbsolutePath;
  /** Root of the project of the path that was given. */
  readonly root: AbsolutePath;
}

export interface Skipped {
  /** Reads after a count: `3 files ignored by .gitignore`. */
  readonly reason: string;
  readonly count: number;
  readonly what: 'file' | 'folder' | 'link';
}

export interface Selection {
  /** Each once, in the order of the paths given, and by name below a folder. */
  readonly files: readonly SelectedFile[];
  readonly skipped: readonly Skipped[];
}

export interface SelectionOptions {
  readonly files: FileAccess;
  readonly configurations: ConfigurationFiles;
  /** Whether the review can say anything of a file, told by its name. What is named itself is not asked about. */
  isReviewable(path: AbsolutePath): boolean;
  readonly signal?: AbortSignal;
}

/**
 * @param paths  absolute, with `/`
 * @throws UsageError when a path does not exist or cannot be looked at
 * @throws ConfigurationError when a configuration that applies on the way is unusable
 */
export async function selectFiles(paths: readonly AbsolutePath[], options: SelectionOptions): Promise<Selection> {
  const selected = new Map<AbsolutePath, SelectedFile>();
  const skipped = new Map<string, Skipped>();
  const skip = (reason: string, what: Skipped['what']): void => {
    const key = `${what} ${reason}`;
    skipped.set(key, { reason, what, count: (skipped.get(key)?.count ?? 0) + 1 });
  };
  const keepsOut = selectionRules(options.configurations);
  const kinds = new Map<AbsolutePath, 'file' | 'folder' | 'other'>();
  for (const path of paths) kinds.set(path, await kindOf(path, options.files));
  const walked = new Set<AbsolutePath>();
  for (const [given, kind] of kinds) {
    const folder = kind === 'folder' ? given : posix.dirname(given);
    const root = projectRootOf(folder, options.files);
    if (kind === 'folder') await walk(given, gitignoresAbove(given, root, options.files));
    else selected.set(given, { path: given, root });

    async function walk(at: AbsolutePath, above: readonly Gitignore[]): Promise<void> {
      options.signal?.throwIfAborted();
      if (walked.has(at)) return;
      walked.add(at);
      const entries = await entriesOf(at, options.files);
      if ('reason' in entries) {
        skip(`that cannot be read: ${entries.reason}`, 'folder');
        return;
      }
      const ignores = [...above, ...gitignoreIn(at, options.files)];
      for (const { name, kind } of entries) {
        const path = posix.join(at, name);
        if (kind === 'link') skip('not followed', 'link');
        else if (kind === 'folder') {
          if (name === 'node_modules' || name === '.git') skip(`called ${name}`, 'folder');
          else if (isIgnored(path, true, ignores)) skip('ignored by .gitignore', 'folder');
          else await walk(path, ignores);
        } else if (kind === 'file') {
          const language = UNREVIEWED[posix.extname(name)];
          if (!options.isReviewable(path)) {
            if (language !== undefined && !isIgnored(path, false, ignores))
              skip(`in ${language}, which is not reviewed yet`, 'file');
          } else if (selected.has(path) || kinds.has(path)) continue;
          else if (isIgnored(path, false, ignores)) skip('ignored by .gitignore', 'file');
          else {
            const reason = keepsOut(path);
            if (reason === undefined) selected.set(path, { path, root });
            else skip(reason, 'file');
          }
        }
      }
    }
  }
  return { files: [...selected.values()], skipped: [...skipped.values()] };
}

/**
 * Why a run over a file's project would not look at the file, when it is not named itself; nothing when it would. For
 * editors, which walk nothing.
 *
 * @throws ConfigurationError when the configuration that applies is unusable
 */
export function keptOutBy(
  path: AbsolutePath,
  root: AbsolutePath,
  { files, configurations }: Pick<SelectionOptions, 'files' | 'configurations'>,
): string | undefined {
  const folders: AbsolutePath[] = [];
  for (const at of upwardFrom(posix.dirname(path))) {
    const name = posix.basename(at);
    if (at !== root && (name === 'node_modules' || name === '.git')) return `in a folder called ${name}`;
    folders.unshift(at);
    if (at === root) break;
  }
  const ignores = folders.flatMap(folder => gitignoreIn(folder, files));
  if (isInIgnored(posix.dirname(path), root, ignores) || isIgnored(path, false, ignores))
    return 'ignored by .gitignore';
  return selectionRules(configurations)(path);
}

/** Why a configuration keeps a file out that was not named; nothing when it does not. For editors, which walk nothing. */
export function selectionRules(configurations: ConfigurationFiles): (path: AbsolutePath) => string | undefined {
  const matchers = new Map<readonly Glob[], (path: AbsolutePath) => boolean>();
  const matches = (globs: readonly Glob[], path: AbsolutePath): boolean => {
    const matcher = matchers.get(globs) ?? matcherOf(globs);
    matchers.set(globs, matcher);
    return matcher(path);
  };
  return path => {
    const { include, exclude } = configurations.configurationOf(path).configuration;
    if (exclude && matches(exclude, path)) return `excluded by ${CONFIGURATION_FILE}`;
    if (include && !matches(include, path)) return `not included by ${CONFIGURATION_FILE}`;
    return undefined;
  };
}

/** Code that a backend may well be written in, so that nobody takes silence about it for a pass. */
const UNREVIEWED: Readonly<Record<string, string>> = {
  '.py': 'Python',
  '.go': 'Go',
  '.java': 'Java',
  '.kt': 'Kotlin',
  '.php': 'PHP',
  '.rb': 'Ruby',
  '.cs': 'C#',
  '.rs': 'Rust',
  '.scala': 'Scala',
  '.ex': 'Elixir',
  '.vue': 'Vue',
  '.svelte': 'Svelte',
};

interface Gitignore {
  readonly folder: AbsolutePath;
  readonly rules: Ignore;
}

/** Those of the project above a named folder. Where they ignore that folder itself, naming it overrules them. */
function gitignoresAbove(folder: AbsolutePath, root: AbsolutePath, files: FileAccess): Gitignore[] {
  const found: Gitignore[] = [];
  if (folder === root) return found;
  for (const at of upwardFrom(posix.dirname(folder))) {
    found.unshift(...gitignoreIn(at, files));
    if (at === root) break;
  }
  return isInIgnored(folder, root, found) ? [] : found;
}

function isInIgnored(folder: AbsolutePath, root: AbsolutePath, ignores: readonly Gitignore[]): boolean {
  for (const at of upwardFrom(folder)) {
    if (at === root) return false;
    const above = ignores.filter(({ folder: holder }) => at.startsWith(withSlash(holder)));
    if (isIgnored(at, true, above)) return true;
  }
  return false;
}

function gitignoreIn(folder: AbsolutePath, files: Pick<FileAccess, 'peek'>): Gitignore[] {
  const text = peekOr(posix.join(folder, '.gitignore'), files);
  return text === undefined ? [] : [{ folder, rules: ignore({ ignorecase: false }).add(text) }];
}

/** A `.gitignore` that cannot be read keeps nothing out, as with git. */
function peekOr(path: AbsolutePath, files: Pick<FileAccess, 'peek'>): string | undefined {
  try {
    return files.peek(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error) return undefined;
    throw error;
  }
}

/** The deepest file that says anything of the path decides. */
function isIgnored(path: AbsolutePath, isFolder: boolean, ignores: readonly Gitignore[]): boolean {
  let ignored = false;
  for (const { folder, rules } of ignores) {
    const relative = path.slice(withSlash(folder).length);
    const said = rules.test(isFolder ? `${relative}/` : relative);
    if (said.ignored) ignored = true;
    else if (said.unignored) ignored = false;
  }
  return ignored;
}

const withSlash = (folder: AbsolutePath): string => (folder.endsWith('/') ? folder : `${folder}/`);

async function entriesOf(folder: AbsolutePath, files: FileAccess) {
  try {
    return [...(await files.list(folder))].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  } catch (error) {
    return { reason: reasonOf(error) };
  }
}

async function kindOf(path: AbsolutePath, files: FileAccess): Promise<'file' | 'folder' | 'other'> {
  let found: Awaited<ReturnType<FileAccess['stat']>>;
  try {
    found = await files.stat(path);
  } catch (error) {
    throw new UsageError(`${path} cannot be read: ${reasonOf(error)}`);
  }
  if (!found) throw new UsageError(`${path} does not exist`);
  return found.kind;
}

/** `3 files ignored by .gitignore, 1 folder called node_modules`. */
export const skippedInWords = (skipped: readonly Skipped[]): string =>
  listed(
    skipped.map(
      ({ reason, count, what }) => `${count.toLocaleString('en')} ${what}${count === 1 ? '' : 's'} ${reason}`,
    ),
    'and',
  );
