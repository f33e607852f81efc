/**
 * What git says has changed. Only the command line asks: reviewing itself runs nothing. Git is started without a shell, and
 * with what a repository's configuration could make it run switched off.
 */
import { execFile } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { UsageError } from '../../workspace/usageError';
import { type FileChange, fileChangesIn } from './diff';

export interface Changes {
  /** Absolute, of the working tree. */
  readonly top: string;
  /** The commit that the working tree is compared with. */
  readonly base: string;
  readonly files: readonly FileChange[];
}

/** Enough for the diff of a release. */
const MOST_OUTPUT = 512 * 1024 * 1024;

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
  const git = (folder: string, args: readonly string[]) => run(folder, args, environment);
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
      const diff = await git(top, [...DIFF, base, '--', ...below]);
      const untracked = await git(top, ['ls-files', '--others', '--exclude-standard', '-z', '--', ...below]);
      for (const { status, err } of [diff, untracked])
        if (status !== 0) throw new UsageError(`--changed-since ${ref}: git cannot tell: ${firstLine(err)}`);
      const added = untracked.out.toString('utf8').split('\0').filter(Boolean);
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

const DIFF = [
  'diff',
  '--no-color',
  '--no-ext-diff',
  '--no-textconv',
  '--no-relative',
  '--find-renames',
  '--unified=0',
  '--inter-hunk-context=0',
  '--src-prefix=a/',
  '--dst-prefix=b/',
  '--ignore-submodules=all',
];

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

interface Ran {
  readonly status: number;
  readonly out: Buffer;
  readonly err: string;
}

function run(
  folder: string,
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Ran> {
  return new Promise((done, failed) => {
    execFile(
      'git',
      // paths as they are, and no helper that a repository names
      ['-c', 'core.quotePath=false', '-c', 'core.fsmonitor=false', '-C', folder, ...args],
      {
        encoding: 'buffer',
        maxBuffer: MOST_OUTPUT,
        windowsHide: true,
        env: { ...environment, GIT_LITERAL_PATHSPECS: '1', GIT_OPTIONAL_LOCKS: '0', LC_ALL: 'C' },
      },
      (error, stdout, stderr) => {
        const err = stderr.toString('utf8');
        if (!error) return done({ status: 0, out: stdout, err });
        if (error.code === 'ENOENT') return failed(new UsageError('--changed-since needs git, which is not installed'));
        if (typeof error.code === 'number') return done({ status: error.code, out: stdout, err });
        failed(error);
      },
    );
  });
}

const firstLine = (text: string): string => text.trim().split('\n')[0] ?? '';
