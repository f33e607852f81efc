/** The files of a project that are wanted for what they say of it, however little of them is reviewed. */
import { posix } from 'node:path';
import { ConfigurationError } from '../engine/configuration';
import type { FileId } from '../engine/place';
import type { AbsolutePath } from './fileAccess';
import { type SelectionOptions, selectFiles } from './selection';
import { UsageError } from './usageError';

export async function projectFiles(
  root: AbsolutePath,
  { files, configurations }: Pick<SelectionOptions, 'files' | 'configurations'>,
  isWanted: (file: FileId) => boolean,
): Promise<readonly FileId[]> {
  try {
    const isReviewable = (path: AbsolutePath): boolean => isWanted(posix.relative(root, path));
    const selected = await selectFiles([root], { files, configurations, isReviewable });
    return selected.files.map(({ path }) => posix.relative(root, path));
  } catch (error) {
    // whoever reviews a file to which it applies is told
    if (error instanceof ConfigurationError || error instanceof UsageError) return [];
    throw error;
  }
}
