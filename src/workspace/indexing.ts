/** Reads what the files of a project mention, once, before or beside the first review. */
import { posix } from 'node:path';
import { ConfigurationError } from '../engine/configuration';
import type { FileId } from '../engine/place';
import { type FrontEnd, grammarFor, type Mentions } from '../languages/frontEnd';
import type { ConfigurationFiles } from './configurationFiles';
import { readSource } from './decode';
import type { AbsolutePath, FileAccess } from './fileAccess';
import { selectFiles } from './selection';
import { UsageError } from './usageError';

export interface IndexingOptions {
  readonly root: AbsolutePath;
  readonly files: FileAccess;
  readonly configurations: ConfigurationFiles;
  readonly frontEnds: readonly FrontEnd[];
}

/** What a text mentions; nothing when no front end reads the file, or says it. */
export const mentionsOf = (frontEnds: readonly FrontEnd[], file: FileId, text: string): Mentions | undefined =>
  frontEnds.find(each => grammarFor(each, file) !== undefined)?.mentions?.(text);

/** @param note  is told of each file of the project that a run over all of it would look at */
export async function indexProject(
  { root, files, configurations, frontEnds }: IndexingOptions,
  note: (file: FileId, text: string) => void,
): Promise<void> {
  const isReviewable = (path: AbsolutePath): boolean =>
    frontEnds.some(each => each.mentions !== undefined && grammarFor(each, path) !== undefined);
  for (const { path } of await selected()) {
    const read = await readSource(files, path);
    const file = posix.relative(root, path);
    if ('text' in read) note(file, read.text);
  }

  async function selected() {
    try {
      return (await selectFiles([root], { files, configurations, isReviewable })).files;
    } catch (error) {
      // whoever reviews a file to which it applies is told; the others are reviewed without the index
      if (error instanceof ConfigurationError || error instanceof UsageError) return [];
      throw error;
    }
  }
}
