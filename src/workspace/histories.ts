/** The histories of migrations that stand at some paths, and which of their steps the paths mean. */
import { posix } from 'node:path';
import { type MigrationHistory, mayContribute } from '../migrations/history';
import type { AbsolutePath } from './fileAccess';
import type { Reviewer } from './reviewer';
import type { RunDependencies } from './run';
import { selectFiles } from './selection';

export interface FoundHistory {
  /** What its files are relative to. */
  readonly root: AbsolutePath;
  readonly history: MigrationHistory;
  /** The steps that were meant, by their place in the history. */
  readonly chosen: ReadonlySet<number>;
}

export interface FoundHistories {
  readonly histories: readonly FoundHistory[];
  /** Paths at which there is no migration that can be read. */
  readonly without: readonly AbsolutePath[];
}

/**
 * A folder means all migrations below it that nothing keeps out, a file that one migration. The history around it is
 * read all the same, and it is the one that the review sees.
 * @param paths absolute, with `/`
 * @throws UsageError when a path does not exist
 * @throws ConfigurationError when a configuration that applies on the way is unusable
 */
export async function historiesAt(
  paths: readonly AbsolutePath[],
  { files, configurations, createReviewer }: Pick<RunDependencies, 'files' | 'configurations' | 'createReviewer'>,
): Promise<FoundHistories> {
  const reviewers = new Map<AbsolutePath, Reviewer>();
  const found = new Map<MigrationHistory, { root: AbsolutePath; chosen: Set<number> }>();
  const without: AbsolutePath[] = [];
  for (const path of paths) {
    const selection = await selectFiles([path], { files, configurations, isReviewable: file => mayContribute(file) });
    let isFound = false;
    for (const { path: file, root } of selection.files) {
      const reviewer = reviewers.get(root) ?? createReviewer(root);
      reviewers.set(root, reviewer);
      for (const { history, index } of await reviewer.placesIn(posix.relative(root, file))) {
        const known = found.get(history) ?? { root, chosen: new Set<number>() };
        found.set(history, known);
        known.chosen.add(index);
        isFound = true;
      }
    }
    if (!isFound) without.push(path);
  }
  return { histories: [...found].map(([history, { root, chosen }]) => ({ root, history, chosen })), without };
}
