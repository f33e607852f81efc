/** One direction of a migration as the SQL that its tool sends. The catalog folds it, the lab runs it. */
import type { OtherDialect } from '../catalog/dialectCursor';
import type { Place } from '../engine/place';
import type { SourcePiece } from './code/values';
import type { Guard } from './guards';

export interface ScriptStatement {
  /** One statement, without its terminator. */
  readonly sql: string;
  /** What stands for it in the source: the statement itself, or the builder's call. */
  readonly at: Place;
  /** Where stretches of `sql` stand in the source; nothing where a builder has made it. */
  readonly pieces: readonly SourcePiece[];
  /** Where parts of a statement that stands nowhere are declared, for what is to be marked: a column's field. */
  readonly marks?: readonly { readonly from: number; readonly to: number; readonly at: Place }[];
  /** The type of the column that it changes, as the migration itself says: Alembic's `existing_type`. */
  readonly typeBefore?: string;
  /** A prefix or a schema of the configuration stands before names of it, which are read without: no text is made of them. */
  readonly namesInPart?: boolean;
  /** A builder that says all of a column anew when something else of it changes: its type may be what it was, or it may have taken NULL before. */
  readonly repeatsType?: boolean;
  /** It runs only where all of these are so. */
  readonly guards?: readonly Guard[];
}

/** What could not be turned into SQL. */
export interface Untranslated {
  readonly at: Place;
  /** In words that complete "… cannot be followed": `a call of something else`, `knex.batchInsert`. */
  readonly what: string;
  /** It writes rows at most, and leaves the schema alone. */
  readonly dataOnly: boolean;
  /** Every name that it speaks of, where it can touch nothing else; absent where it may touch anything. */
  readonly about?: readonly string[];
}

export interface Script {
  readonly statements: readonly ScriptStatement[];
  readonly untranslated: readonly Untranslated[];
  /** Whether the tool runs it inside one transaction. */
  readonly inTransaction: boolean;
  /** It raises an error whatever happens. */
  readonly throws?: boolean;
  /** Of another server than PostgreSQL. What a builder has made is written as PostgreSQL's all the same. */
  readonly dialect?: OtherDialect;
  /** Tables that its history leaves to others and that its statements refer to: another app's models. */
  readonly leansOn?: readonly OthersTable[];
}

/** A table of someone else, as far as a foreign key knows it. */
export interface OthersTable {
  readonly table: string;
  readonly key: string;
  readonly type: string;
}
