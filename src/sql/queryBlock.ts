/**
 * The levels of a PostgreSQL statement: each SELECT, UPDATE and DELETE in it, with what its FROM holds and the conditions that
 * choose the rows. What an index could serve is told from that, and nothing here knows one.
 */
import type { SqlSpan } from './query';
import type { NamedRange } from './statementNames';

/** A column that a level names; `of` is what it may be a column of. */
export interface BlockColumn extends SqlSpan {
  readonly name: string;
  readonly of: readonly NamedRange[];
  /** No qualifier says that it is this level's: it may be one of the level around it. */
  readonly mayBeOuter: boolean;
}

/** What a column is compared with. */
export type Against =
  /** Known before the level runs; `constant` where it is written there, `cast` the type that it is given. */
  | {
      readonly kind: 'value';
      readonly constant?: string;
      /** The first part of a text that is put together: `%` of `'%' || $1`. */
      readonly opening?: string;
      readonly cast?: string;
      readonly isDecimal?: boolean;
      /** Which of the values it is, counted from 0: by its number where it has one. */
      readonly ordinal?: number;
    }
  /** Of another thing in the same FROM. */
  | { readonly kind: 'column'; readonly column: BlockColumn }
  | { readonly kind: 'other' };

/** What stands around a column, so that an index on the column alone does not lead to the value. */
export interface Wrapping {
  readonly kind: 'function' | 'cast';
  /** `lower`, `date`, `extract`; the type's name of a cast. */
  readonly name: string;
  /** The expression's node, to be compared with those of indexes. */
  readonly tree: unknown;
  /** The further arguments that are constants: `year` of `extract(year FROM …)`. */
  readonly constants: readonly string[];
  readonly span: SqlSpan;
}

/** `column operator value`, the value on whichever side. */
export interface Predicate {
  readonly column: BlockColumn;
  /** `=`, `<`, `LIKE`, `ILIKE`, `BETWEEN`, `IS NULL`, `IS NOT NULL`, `IS TRUE`, `IS FALSE`, or the server's own. */
  readonly operator: string;
  readonly against: Against;
  readonly wrapping?: Wrapping;
}

/** One of the conditions that AND joins; with more than one arm these are joined by OR. */
export interface Condition {
  /** Absent for what is none of the forms above. */
  readonly arms: readonly (Predicate | undefined)[];
  /** A placeholder or a hole is compared with nothing: it may be any condition, or switch this one off. */
  readonly isOpen: boolean;
  /** The things whose rows it can find; all where absent. */
  readonly only?: readonly NamedRange[];
}

export interface QueryBlock {
  readonly kind: 'select' | 'update' | 'delete';
  readonly ranges: readonly NamedRange[];
  readonly conditions: readonly Condition[];
  /** The columns that it sorts by, as far as they are plain. */
  readonly sort: readonly BlockColumn[];
  readonly isLimited: boolean;
  /** GROUP BY, DISTINCT and aggregates read all that the conditions leave. */
  readonly gathers: boolean;
}
