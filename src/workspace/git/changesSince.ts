/** What has changed since a commit, with the files as they were: asked of git, for `check --changed-since`. */
import { realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { UsageError } from '../usageError';
import { type FileChange, fileChangesIn } from './diff';
import { diffFrom, firstLine, GitMissing, namesIn, type Ran, runGit, untrackedBelow } from './git';

export interface Changes {
  /** Absolute, of the working tree. */
  readonly top: string;
  /** The commit that the working tree is compared with. */
  readonly base: string;
  readonly files: readonly FileChange[];
}

export interface Git {
  /**
   * The working tree that a folder lies in, by the spelling of the folder.
   * @throws UsageError where there is none, or no git
   */
  topOf(folder: string): Promise<string>;
  /**
   * Committed since, not committed and untracked alike, below the paths. A branch that went on meanwhile is compared at the
   * commit where the ways parted.
   * @param paths absolute, below `top`
   * @throws UsageError for what is no commit
   */
  changesSince(ref: string, top: string, paths: readonly string[]): Promise<Changes>;
  /** The file as it was; nothing where it was not there. */
  textAt(changes: Changes, path: string): Promise<Uint8Array | undefined>;
}

export function gitWith(environment: Readonly<Record<string, string | undefined>>): Git {
  const git = (folder: string, words: readonly string[]): Promise<Ran> =>
    runGit(folder, words, { environment }).catch(error => {
      const because = error instanceof GitMissing ? 'which is not installed' : `but ${firstLine(messageIn(error))}`;
      throw new UsageError(`--changed-since needs git, ${because}`);
    });
  return {
    async topOf(folder) {
      const { status, out, err } = await git(folder, ['rev-parse', '--show-cdup']);
      if (status !== 0)
        throw new UsageError(
          /not a git repository/i.test(err)
            ? `--changed-since needs git, and ${folder} lies in no git repository`
            : `--changed-since: git cannot be asked about ${folder}: ${firstLine(err)}`,
        );
      return resolve(folder, out.toString('utf8').trim());
    },
    async changesSince(ref, top, paths) {
      const named = await git(top, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`]);
      if (named.status !== 0)
        throw new UsageError(`--changed-since ${ref}: there is no such commit, branch or tag in ${top}`);
      const commit = named.out.toString('utf8').trim();
      const parted = await git(top, ['merge-base', commit, 'HEAD']);
      // without one, as in a shallow clone, the commit itself is what there is
      const base = parted.status === 0 ? parted.out.toString('utf8').trim() : commit;
      const below = paths.map(path => relativeTo(top, path));
      const diff = await git(top, diffFrom(base, below, { relative: false, renames: true }));
      const untracked = await git(top, untrackedBelow(below));
      for (const { status, err } of [diff, untracked])
        if (status !== 0) throw new UsageError(`--changed-since ${ref}: git cannot tell: ${firstLine(err)}`);
      const added = namesIn(untracked.out);
      return {
        top,
        base,
        files: [
          ...fileChangesIn(diff.out.toString('utf8')),
          ...added.map(
            (path): FileChange => ({ path, lines: [{ first: 1, last: Number.POSITIVE_INFINITY }], cuts: [] }),
          ),
        ],
      };
    },
    async textAt({ top, base }, path) {
      const { status, out } = await git(top, ['cat-file', 'blob', `${base}:${path}`]);
      return status === 0 ? out : undefined;
    },
  };
}

/** @returns the path below, with `/`; links in it are followed where it lies below only then */
function relativeTo(top: string, path: string): string {
  const below = (from: string, to: string) =>
    to === from
      ? '.'
      : to.startsWith(`${from.replace(/[\\/]$/, '')}/`)
        ? to.slice(from.replace(/[\\/]$/, '').length + 1)
        : undefined;
  const slashed = (written: string) => (process.platform === 'win32' ? written.replaceAll('\\', '/') : written);
  return (
    below(slashed(top), slashed(path)) ??
    below(slashed(realpathSync(top)), slashed(realpathSync(path))) ??
    slashed(path)
  );
}

const messageIn = (error: unknown): string => (error instanceof Error ? error.message : String(error));
