/** What a new migration is, and the end of the history that it is added to. */
import type { FileId } from '../../engine/place';
import type { HistoryStep, MigrationHistory } from '../history';

/** How a new migration is called. */
export interface Naming {
  /** Its file without an ending, or its folder: `20240102120000_add_orders`. */
  readonly name: string;
  /** What orders it: `20240102120000`, `0008`. */
  readonly version: string;
  /** What it does, in the style of the others: `add_orders`. */
  readonly slug: string;
  readonly words: readonly string[];
}

/** A migration that is still to be written. */
export interface NewMigration {
  /** What it does, in a few words that its name is made of: `drop users.name`. */
  readonly does: string;
  /** What is to be known before it is deployed. */
  readonly comments: readonly string[];
  /** Statements of PostgreSQL, each with its semicolon. */
  readonly up: readonly string[];
  readonly down: readonly string[];
  /** It has to run outside of a transaction; then each way is one statement at most. */
  readonly alone?: true;
  /** Its statements take effect at once: where the tool begins no transaction they are sent as one. */
  readonly atOnce?: true;
  /** It is worth nothing in the transaction of the one before it. */
  readonly isApart?: true;
  /** It leaves the schema alone. */
  readonly isOfRows?: true;
  /** It changes what a model declares too, where the tool compares the two. */
  readonly isModelled?: true;
}

/** The end of a history, to which migrations are added. */
export interface HistoryEnd {
  readonly history: MigrationHistory;
  readonly newest: HistoryStep;
  /** The text of its file. */
  readonly text: string;
  /** What else is read and written, by file: the tool's list. */
  readonly lists: ReadonlyMap<FileId, string>;
  readonly now: Date;
}

/** A file that is made, or one of those that are read as it is then. */
export interface NewFile {
  readonly file: FileId;
  readonly text: string;
}

/**
 * The newest step of a history to which migrations can be added: its order is certain, and its tool keeps one for PostgreSQL.
 * Undefined where that is not known.
 */
export function newestOf({ dialect, unordered, steps }: MigrationHistory): HistoryStep | undefined {
  if (dialect !== 'postgresql' || unordered !== undefined || steps.some(({ refused }) => refused !== undefined))
    return undefined;
  return steps.filter(({ repeatable }) => !repeatable).at(-1);
}

/**
 * Writes one of them.
 * @param before  the one that is added before it
 */
export type WriteNew = (
  end: HistoryEnd,
  naming: Naming,
  migration: NewMigration,
  before: Naming | undefined,
) => readonly NewFile[] | undefined;
