/** A migration as the review sees it: what its up does to the schema, and what stands where its down should. */
import type { Edit } from '../engine/finding';
import type { MigrationTool } from '../engine/migrationTools';
import type { FileId, Place } from '../engine/place';
import type { ObjectChange } from '../sql/schemaChange';

/** One direction of a migration, as far as it could be read. */
export interface MigrationStep {
  /**
   * `structure`: it changes the schema, whatever else it does. `data`: it writes rows and leaves the schema alone.
   * `soft`: comments, grants and the like. `none`: it has no effect. `unknown`: it holds what could not be followed,
   * and nothing that is known to change the schema.
   */
  readonly effect: 'structure' | 'data' | 'soft' | 'none' | 'unknown';
  /** What it creates, drops, alters and renames, in order, as far as it could be read. */
  readonly changes: readonly ObjectChange[];
  /** Every call was followed and nothing is computed at run time: what it does not name, it does not touch. */
  readonly complete: boolean;
}

/** What stands where the way back should. `at` is in the up's file or in the down's own. */
export type MigrationDown =
  | { readonly state: 'missing' }
  /** It is there and does nothing. */
  | { readonly state: 'empty'; readonly at: Place }
  /** It does nothing but fail. */
  | { readonly state: 'throws'; readonly at: Place }
  /** The tool is told that there is none: `exports.down = false`. */
  | { readonly state: 'refused'; readonly at: Place }
  /** The tool would make one up from the up's calls, but fails at these: `alterColumn`. */
  | { readonly state: 'not-inferable'; readonly calls: readonly string[] }
  /** The tool makes one up from the up's own calls, but for what people have written at `at`. */
  | { readonly state: 'inferred'; readonly at?: Place }
  | {
      readonly state: 'present';
      readonly at: Place;
      readonly step: MigrationStep;
      /** Names none of the objects that the up changes, and holds nothing else that could mean them. */
      readonly namesNoneOfThem: boolean;
    }
  /** After up and down the schema is not what it was: what differs, in clauses, the deciding first. */
  | {
      readonly state: 'differs';
      readonly at: Place;
      readonly differences: readonly string[];
      readonly changedAt?: Place;
    }
  /** The server refuses one of its statements, which stands at `at`. */
  | { readonly state: 'fails'; readonly at: Place; readonly says: string }
  /** The tool knows no way back, or the project has chosen to have none: said of the first migration alone. */
  | { readonly state: 'none-at-all'; readonly because: 'by-design' | 'by-choice'; readonly isFirst: boolean }
  /** It is there, made in a way that could not be followed. */
  | { readonly state: 'unread' };

export interface MigrationFact {
  readonly tool: MigrationTool;
  /** As the tool would name it: the file's name without its ending, or the folder's. */
  readonly name: string;
  /** The file that was read: the whole migration's, or that of one of its halves. */
  readonly file: FileId;
  /** The name of the up, or its first statement that changes the schema; in the other file when the down's was read. */
  readonly at: Place;
  readonly up: MigrationStep;
  readonly down: MigrationDown;
  /** Where the tool looks for the way back, for a message: `down()`, `20240101_add_orders.down.sql`, `-- migrate:down`. */
  readonly downBelongs: string;
  /**
   * The edits that put the way back at its place, in place of a down that is none; worked out when it is asked for.
   * Absent where the history around it is not known, empty where there is no honest way back.
   */
  readonly wayBack?: () => readonly Edit<Place>[];
}
