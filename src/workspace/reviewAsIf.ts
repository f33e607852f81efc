/** Reviews a text as if a file held it: one that is not saved, or not written yet. */
import { posix } from 'node:path';
import type { AbsolutePath } from './fileAccess';
import { withText } from './overlaid';
import type { Reviewer } from './reviewer';
import { type RunDependencies, type RunOptions, type RunResult, reviewPaths } from './run';

/** A run's dependencies, and what reviews a text that is not there: a reviewer that nobody else asks meanwhile. */
export interface ScratchDependencies extends RunDependencies {
  createScratchReviewer?(root: AbsolutePath): Reviewer;
}

/** @throws as `reviewPaths` does; the file need not be there */
export async function reviewAsIf(
  path: AbsolutePath,
  text: string,
  options: RunOptions,
  dependencies: ScratchDependencies,
): Promise<RunResult> {
  const opened: (() => void)[] = [];
  const createReviewer = (root: AbsolutePath): Reviewer => {
    const reviewer = (dependencies.createScratchReviewer ?? dependencies.createReviewer)(root);
    const file = posix.relative(root, path);
    reviewer.open(file, text);
    opened.push(() => reviewer.close(file));
    return reviewer;
  };
  try {
    const files = withText(dependencies.files, path, text);
    return await reviewPaths([path], options, { ...dependencies, files, createReviewer });
  } finally {
    for (const close of opened) close();
  }
}
