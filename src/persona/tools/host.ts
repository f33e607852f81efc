/**
 * What a tool asks of a workspace: one folder, its files by paths relative to it. `workspace/` fills it. Nothing outside of
 * the folder is read for an answer or written, whatever path a model sends.
 */
import type { Level } from '../../engine/level';
import type { GroundedFinding, SchemaFacts } from '../grounding';
import type { RulePage } from '../library';
import type { ToolError } from './tool';

export interface ToolHost {
  /** Findings of files and folders, or of a text in place of what a file holds. */
  review(asked: ReviewAsked, signal?: AbortSignal): Promise<Reviewed | ToolError>;
  schema(): Promise<SchemaFacts>;
  columnUses(column: ColumnAsked, signal?: AbortSignal): Promise<ColumnUses>;
  /** What a fix would make of its files. */
  fix(asked: FixAsked, signal?: AbortSignal): Promise<ProposedFix | ToolError>;
  /** The way back of the migration that a file holds. */
  down(path: string): Promise<WayBack | ToolError>;
  /** Runs a migration's SQL on an embedded PostgreSQL in memory. */
  verify(path: string, signal?: AbortSignal): Promise<Verified | ToolError>;
  rule(id: string): RulePage | undefined;
  /** Makes a change, when whoever is asked agrees. Absent where nothing may be written: then changes are only shown. */
  write?(change: ProposedFix): Promise<'written' | 'declined' | ToolError>;
}

export interface ReviewAsked {
  /** Relative to the folder, or absolute and inside of it; the whole folder when empty. */
  readonly paths: readonly string[];
  /** The one path is to be a file's. */
  readonly isOneFile?: boolean;
  /** Stands for what the one path holds, which need not exist. */
  readonly text?: string;
  /** Exactly these. */
  readonly rules?: readonly string[];
}

export interface Reviewed {
  readonly findings: readonly ToolFinding[];
  readonly covered: Covered;
  /** What went wrong or was left out, file by file. */
  readonly notes: readonly { readonly file?: string; readonly message: string }[];
}

export interface Covered {
  /** Files that rules looked into. */
  readonly reviewed: number;
  /** Files that were read, and hold nothing that a rule speaks of. */
  readonly nothingToReview: number;
  /** Reads after a count: `3 files ignored by .gitignore`. */
  readonly skipped: readonly string[];
  /** Files that time did not suffice for. */
  readonly left: number;
}

export interface ToolFinding extends GroundedFinding {
  readonly column: number;
  readonly endLine: number;
  readonly level: Level;
}

export interface ColumnAsked {
  readonly schema?: string;
  readonly table: string;
  readonly column: string;
}

export interface ColumnUses {
  /** What the facts of the review tell, the surest first. */
  readonly uses: readonly ColumnUse[];
  /** Files of which nothing better is known than that they name it. */
  readonly words: readonly ColumnWord[];
  /** Statements about the table that cannot be read to their end. */
  readonly unread: readonly UnreadPlace[];
  /** Indexes, constraints and views that stand on it. */
  readonly inSchema: readonly string[];
  /** Files that facts can tell of. */
  readonly searched: number;
  /** Files in languages that are not read. */
  readonly byWordsAlone: number;
  /** Files that time or number left out. */
  readonly left: number;
}

interface Line {
  readonly file: string;
  readonly line: number;
  /** The line. */
  readonly text: string;
}

export interface ColumnUse extends Line {
  readonly sure: 'certain' | 'likely' | 'possible';
  /** `pool.query() reads it` */
  readonly how: string;
}

export interface ColumnWord extends Line {
  /** Further lines of the file. */
  readonly others: number;
}

export interface UnreadPlace extends Line {
  readonly label: string;
}

export interface FixAsked {
  readonly path: string;
  readonly fingerprint: string;
  /** Its place in the finding's list of fixes. */
  readonly fix: number;
}

export interface ProposedFix {
  readonly title: string;
  readonly safety: 'safe' | 'suggestion';
  readonly diff: string;
  readonly files: readonly ChangedFile[];
}

/** A file as it is and as it would be. */
export interface ChangedFile {
  readonly path: string;
  /** Nothing: there is no such file yet. */
  readonly before?: string;
  readonly after: string;
}

export interface WayBack {
  readonly sql: string;
  /** The file that the tool looks for it in, as it would be, or why it cannot be put there. */
  readonly place: { readonly path: string; readonly text: string } | { readonly because: string };
}

export interface Verified {
  readonly steps: readonly {
    readonly name: string;
    readonly verdict: 'proven' | 'data-only' | 'structure-proven-data-lost' | 'not-reversible' | 'not-verifiable';
    readonly headline: string;
    readonly details: readonly string[];
  }[];
}
