/** What a working tree holds that its last commit, or else the main branch, does not: asked of git, by a person's question. */
import type { ChangedLines, ChangeFacts } from '../../persona/grounding';
import type { AbsolutePath } from '../fileAccess';
import { type FileChange, fileChangesIn } from './diff';
import { diffFrom, firstLine, GitMissing, namesIn, runGit, untrackedBelow } from './git';

/** Branches that others build on, where the remote does not say. */
const MAIN = ['origin/HEAD', 'origin/main', 'origin/master', 'main', 'master', 'trunk', 'develop'];

/** In a conversation nobody waits for longer, or reads more. */
const LIMITS = { longestMs: 15_000, mostOutput: 64 * 1024 * 1024 };

export async function gitChanges(folder: AbsolutePath, signal?: AbortSignal): Promise<ChangeFacts> {
  const options = { ...LIMITS, signal };
  const git = async (words: readonly string[]): Promise<Buffer> => {
    const { status, out, err } = await runGit(folder, words, options);
    if (status !== 0) throw new Error(err);
    return out;
  };
  const changedFrom = async (base: string): Promise<readonly ChangedLines[]> => {
    const diff = await git(diffFrom(base, ['.'], { relative: true, renames: false }));
    return fileChangesIn(diff.toString('utf8')).flatMap(changedLines);
  };
  try {
    const fresh = namesIn(await git(untrackedBelow(['.'])));
    const uncommitted = [...(await changedFrom('HEAD')), ...fresh.map(file => ({ file, lines: 'all' as const }))];
    if (uncommitted.length > 0) return { against: 'HEAD', files: uncommitted };
    const head = commitIn(await git(['rev-parse', 'HEAD']));
    for (const branch of MAIN) {
      const { status, out } = await runGit(folder, ['merge-base', 'HEAD', branch], options);
      const base = commitIn(out);
      if (status === 0 && base !== '' && base !== head) return { against: branch, files: await changedFrom(base) };
    }
    return { against: 'HEAD', files: [] };
  } catch (error) {
    signal?.throwIfAborted();
    return { because: reasonOf(error) };
  }
}

const commitIn = (out: Buffer): string => out.toString('utf8').trim();

function reasonOf(error: unknown): string {
  const told = error instanceof Error ? error.message : String(error);
  if (error instanceof GitMissing) return told;
  if (/not a git repository/i.test(told)) return 'this is no git repository';
  if (/unknown revision|ambiguous argument 'HEAD'|bad revision/i.test(told)) return 'nothing was committed yet';
  return `git failed: ${firstLine(told)}`;
}

/** Which lines of a file are new. Nothing for one that was deleted. */
function changedLines({ path, isDeleted, isAdded, lines, cuts }: FileChange): readonly ChangedLines[] {
  if (isDeleted) return [];
  if (isAdded) return [{ file: path, lines: 'all' }];
  const ranges = [
    ...lines.map(({ first, last }): [number, number] => [first, last]),
    // where lines were only taken away, those around the gap are what changed
    ...cuts.map((cut): [number, number] => [Math.max(1, cut), cut + 1]),
  ];
  return [{ file: path, lines: ranges.sort(([one], [other]) => one - other) }];
}
