/**
 * Runs git, for a person's question about what has changed; reviewing itself runs nothing. It is started without a shell, with
 * what a repository's configuration could make it run switched off, and for so long and so much output alone.
 */
import { execFile } from 'node:child_process';
import type { AbsolutePath } from '../fileAccess';

export interface Ran {
  readonly status: number;
  readonly out: Buffer;
  readonly err: string;
}

export interface GitOptions {
  /** The process's own where absent. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly signal?: AbortSignal;
  readonly longestMs?: number;
  /** In bytes. */
  readonly mostOutput?: number;
}

export class GitMissing extends Error {
  override readonly name = 'GitMissing';
}

/** Enough for the diff of a release. */
const MOST_OUTPUT = 512 * 1024 * 1024;
const LONGEST_MS = 60_000;

/** Paths as they are, and no helper that a repository names. */
const QUIET = ['-c', 'core.quotePath=false', '-c', 'core.fsmonitor=false'];

/**
 * @returns what git said, whether it could or not
 * @throws GitMissing where it is not installed; the abortion's error; another where it ran too long or said too much
 */
export function runGit(
  folder: AbsolutePath,
  words: readonly string[],
  { environment = process.env, signal, longestMs = LONGEST_MS, mostOutput = MOST_OUTPUT }: GitOptions,
): Promise<Ran> {
  return new Promise((done, failed) => {
    execFile(
      'git',
      [...QUIET, '-C', folder, ...words],
      {
        encoding: 'buffer',
        timeout: longestMs,
        maxBuffer: mostOutput,
        signal,
        windowsHide: true,
        env: { ...environment, GIT_LITERAL_PATHSPECS: '1', GIT_OPTIONAL_LOCKS: '0', LC_ALL: 'C' },
      },
      (error, stdout, stderr) => {
        const err = stderr.toString('utf8');
        if (!error) return done({ status: 0, out: stdout, err });
        if (error.code === 'ENOENT') return failed(new GitMissing('git is not installed'));
        if (typeof error.code === 'number') return done({ status: error.code, out: stdout, err });
        failed(error.killed ? new Error(`git ran for more than ${longestMs / 1000} seconds`) : error);
      },
    );
  });
}

export interface DiffOptions {
  /** Names are relative to the folder that is asked about, and not to the working tree's top. */
  readonly relative: boolean;
  /** A file that was renamed is one file, and not one that went and one that came. */
  readonly renames: boolean;
}

/** The words for a diff that `fileChangesIn` reads, however the repository is configured. @param base  a commit */
export const diffFrom = (base: string, paths: readonly string[], { relative, renames }: DiffOptions): string[] => [
  'diff',
  '--no-color',
  '--no-ext-diff',
  '--no-textconv',
  relative ? '--relative' : '--no-relative',
  renames ? '--find-renames' : '--no-renames',
  '--unified=0',
  '--inter-hunk-context=0',
  '--src-prefix=a/',
  '--dst-prefix=b/',
  '--ignore-submodules=all',
  base,
  '--',
  ...paths,
];

/** The words for the files that git does not know and is not told to ignore; `namesIn` reads them. */
export const untrackedBelow = (paths: readonly string[]): string[] => [
  'ls-files',
  '--others',
  '--exclude-standard',
  '-z',
  '--',
  ...paths,
];

export const namesIn = (out: Buffer): readonly string[] => out.toString('utf8').split('\0').filter(Boolean);

export const firstLine = (text: string): string => text.trim().split('\n')[0] ?? '';
