import type { LibraryModel } from '../libraries/vocabulary';
import type { Analysis } from '../program/analysis';
import type { Dialect } from '../sql/dialect';
import type { LibraryTables } from './libraryTables';

/** What the facts of a file are made from, beside its own code. */
export interface Setting {
  readonly analysis: Analysis;
  readonly tables: LibraryTables;
  /** Packages of the nearest manifest, `npm:pg`. */
  readonly dependencies: ReadonlySet<string>;
  /** What the folder's SQL is taken for where no library says it. */
  readonly dialect: Dialect;
  /** Tells answers of other settings apart in the analysis' memory. */
  readonly key: string;
}

/** The manifest has the library. */
export const isPresent = ({ dependencies }: Pick<Setting, 'dependencies'>, library: LibraryModel): boolean =>
  [library.package, ...(library.also ?? [])].some(name => dependencies.has(name));
