/** What a working tree holds that its last commit, or else the main branch, does not: asked of git, by a person's question. */
import { execFile } from 'node:child_process';
import type { ChangedLines, ChangeFacts } from '../persona/grounding';
import type { AbsolutePath } from './fileAccess';

/** Branches that others build on, where the remote does not say. */
const MAIN = ['origin/HEAD', 'origin/main', 'origin/master', 'main', 'master', 'trunk', 'develop'];

/** Nothing that a repository configures is run: no differ, no converter, no watcher. */
const QUIET = ['-c', 'core.fsmonitor=false', '-c', 'core.quotePath=false', '--no-optional-locks'];

const LONGEST_MS = 15_000;
const MOST_BYTES = 64 * 1024 * 1024;

export async function gitChanges(folder: AbsolutePath, signal?: AbortSignal): Promise<ChangeFacts> {
  const git = (...words: readonly string[]): Promise<string> => ran(folder, [...QUIET, ...words], signal);
  const diff = (base: string): Promise<string> =>
    git(
      'diff',
      '--no-ext-diff',
      '--no-textconv',
      '--no-color',
      '--no-renames',
      '--unified=0',
      '--relative',
      base,
      '--',
      '.',
    );
  try {
    const fresh = (await git('ls-files', '--others', '--exclude-standard', '-z', '--', '.'))
      .split('\0')
      .filter(Boolean);
    const uncommitted = [...changedIn(await diff('HEAD')), ...fresh.map(file => ({ file, lines: 'all' as const }))];
    if (uncommitted.length > 0) return { against: 'HEAD', files: uncommitted };
    const head = (await git('rev-parse', 'HEAD')).trim();
    for (const branch of MAIN) {
      const base = await git('merge-base', 'HEAD', branch).catch(() => '');
      if (base.trim() !== '' && base.trim() !== head)
        return { against: branch, files: changedIn(await diff(base.trim())) };
    }
    return { against: 'HEAD', files: [] };
  } catch (error) {
    signal?.throwIfAborted();
    return { because: reasonOf(error) };
  }
}

function ran(folder: AbsolutePath, words: readonly string[], signal: AbortSignal | undefined): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { cwd: folder, signal, timeout: LONGEST_MS, maxBuffer: MOST_BYTES, windowsHide: true };
    execFile('git', words, options, (error, stdout) => (error ? reject(error) : resolve(stdout)));
  });
}

function reasonOf(error: unknown): string {
  const told = error instanceof Error ? error.message : String(error);
  if (/ENOENT/.test(told)) return 'git is not installed';
  if (/not a git repository/i.test(told)) return 'this is no git repository';
  if (/unknown revision|ambiguous argument 'HEAD'|bad revision/i.test(told)) return 'nothing was committed yet';
  return `git failed: ${told.split('\n').filter(Boolean).at(-1)}`;
}

/** The files of a diff without context, and which of their lines are new. Deleted ones are left out. */
export function changedIn(diff: string): readonly ChangedLines[] {
  const files: { file: string; lines: [number, number][] | 'all' }[] = [];
  let isNew = false;
  let current: { file: string; lines: [number, number][] | 'all' } | undefined;
  // of a hunk's own lines one may look like a head: they are counted over
  let left = 0;
  for (const line of diff.split('\n')) {
    if (left > 0) {
      if (!line.startsWith('\\')) left -= 1;
      continue;
    }
    if (line.startsWith('diff --git ')) {
      isNew = false;
      current = undefined;
    } else if (line.startsWith('new file mode ')) isNew = true;
    else if (line.startsWith('+++ ') && line !== '+++ /dev/null') {
      current = { file: nameIn(line.slice(4)), lines: isNew ? 'all' : [] };
      files.push(current);
    } else {
      const hunk = /^@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/.exec(line);
      if (!hunk) continue;
      const [, removed = '1', first = '0', added = '1'] = hunk;
      left = Number(removed) + Number(added);
      const from = Number(first);
      // where lines were only taken away, those around the gap are what changed
      const range: [number, number] = added === '0' ? [Math.max(1, from), from + 1] : [from, from + Number(added) - 1];
      if (current && current.lines !== 'all') current.lines.push(range);
    }
  }
  return files;
}

/** `b/src/a.ts`, or in quotes where the name holds a quote or a control character. */
const nameIn = (written: string): string =>
  written
    .replace(/\t$/, '')
    .replace(/^"(.*)"$/, (_, quoted: string) => quoted.replace(/\\(["\\])/g, '$1'))
    .replace(/^b\//, '');
