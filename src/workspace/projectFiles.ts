/** The files of a project that are wanted for what they say of it, however little of them is reviewed. */
import { posix } from 'node:path';
import { ConfigurationError } from '../engine/configuration';
import type { FileId } from '../engine/place';
import type { AbsolutePath } from './fileAccess';
import { type SelectionOptions, selectFiles } from './selection';
import { UsageError } from './usageError';

async function projectFiles(
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

/** Lists of a project's files: each is found by one walk, until a file comes that is not in it, or one goes. */
export interface FileLists {
  /** @returns what finds the files that are wanted */
  of(isWanted: (file: FileId) => boolean): () => Promise<readonly FileId[]>;
  /** The text of a file is another: in an editor it may not be on the disk yet. */
  changed(file: FileId): void;
  /** A file may be there now, or be there no more. */
  touched(file: FileId): void;
  /** Which files are left out may be another matter. */
  configurationChanged(): void;
}

interface FileList {
  isWanted(file: FileId): boolean;
  files?: Promise<readonly FileId[]> | undefined;
  /** The same, once they are found. */
  known: ReadonlySet<FileId>;
}

export function fileListsOf(root: AbsolutePath, from: Pick<SelectionOptions, 'files' | 'configurations'>): FileLists {
  const lists: FileList[] = [];

  async function find(list: FileList): Promise<readonly FileId[]> {
    const files = await projectFiles(root, from, list.isWanted);
    list.known = new Set(files);
    return files;
  }

  return {
    of(isWanted) {
      const list: FileList = { isWanted, known: new Set() };
      lists.push(list);
      return () => {
        list.files ??= find(list);
        return list.files;
      };
    },
    changed(file) {
      for (const list of lists) if (list.files && !list.known.has(file) && list.isWanted(file)) list.files = undefined;
    },
    touched(file) {
      for (const list of lists) if (list.files && list.isWanted(file)) list.files = undefined;
    },
    configurationChanged() {
      for (const list of lists) list.files = undefined;
    },
  };
}
