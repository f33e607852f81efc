/** Reviews the files of one project. The only place that joins languages, libraries and rules. */
import type { Finding, Notification } from '../engine/finding';
import type { FileId } from '../engine/place';
import type { ColumnOfTable } from '../facts/columnUses';
import type { FoundColumnUses } from './columnSearch';
import type { DeclaredSchema } from './projectSchema';
import type { PlaceInHistory, StepInHistory } from './schemaHistory';

export interface TextChange {
  /** UTF-16 offsets in the text before this change. */
  readonly start: number;
  readonly end: number;
  readonly newText: string;
}

export type Coverage =
  | { readonly kind: 'reviewed' }
  /** Looked at, and holds nothing that any rule speaks of. */
  | { readonly kind: 'nothing-to-review' }
  /** A migration before the one from which on they are reviewed: the schema is folded from it all the same. */
  | { readonly kind: 'history' }
  | { readonly kind: 'skipped'; readonly reason: string }
  /** Parsed with errors: what could be followed was reviewed. */
  | { readonly kind: 'partly-parsed'; readonly problems: number };

export interface FileReview {
  readonly file: FileId;
  /** Suppressed ones are gone; ordered by place. */
  readonly findings: readonly Finding[];
  readonly notifications: readonly Notification[];
  readonly coverage: Coverage;
}

export interface ReviewOptions {
  readonly signal?: AbortSignal;
  /** Exactly these rules, opt-in ones too. */
  readonly rules?: ReadonlySet<string>;
  /**
   * How many files that were not read yet may be read for this review: an editor does not wait for a project. What lies
   * beyond is unknown until it is prepared; without it the whole project is evidence.
   */
  readonly reach?: number;
}

export interface PrepareOptions {
  readonly signal?: AbortSignal;
  onProgress?(progress: { readonly done: number; readonly total: number }): void;
}

/** One project under review. Files are read through the workspace's file access unless an editor holds a newer text. */
export interface Reviewer {
  /** Absolute path of the project's root, with `/`. */
  readonly root: string;
  /** An editor's text stands for the file until it is closed. */
  open(file: FileId, text: string): void;
  change(file: FileId, changes: readonly TextChange[]): void;
  close(file: FileId): void;
  /** The file changed on disk, or is gone; configuration and manifests count too. */
  touched(file: FileId): void;
  /**
   * Reads the files before they are reviewed, many side by side; what reviews take from elsewhere they read themselves.
   *
   * @throws AbortError when the signal is raised
   * @throws ConfigurationError when a configuration that applies to a file is unusable
   */
  prepare(files: readonly FileId[], options?: PrepareOptions): Promise<void>;
  /** @throws AbortError when the signal is raised; never for what the file holds. */
  review(file: FileId, options?: ReviewOptions): Promise<FileReview>;
  /**
   * Who uses a column, among these files, with all of the project as evidence.
   *
   * @throws AbortError when the signal is raised
   */
  columnUses(
    asked: ColumnOfTable,
    among: readonly FileId[],
    options: { readonly signal?: AbortSignal; readonly until: number },
  ): Promise<FoundColumnUses>;
  /** The steps of a history of migrations in which a file takes part; none for one that is no migration, or cannot be read. */
  placesIn(file: FileId): Promise<readonly PlaceInHistory[]>;
  /** The same, with the schemas around them. */
  stepsIn(file: FileId): Promise<readonly StepInHistory[]>;
  /** The tables that no migrations make: what files of SQL, Prisma and Drizzle say. */
  declaredSchemas(): Promise<readonly DeclaredSchema[]>;
}
