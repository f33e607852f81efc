/** What a Drizzle schema declares, as far as its declarations are constants. */
import type { FileId, Place } from '../../engine/place';
import type { Argument } from '../../program/model';
import type { Meaning as MeaningOf, Scope as ScopeOf } from './names';

/** The servers that Drizzle has tables of; SingleStore's are MySQL's. */
export type DrizzleDialect = 'postgresql' | 'mysql' | 'sqlite';

export interface DrizzleColumn {
  /** As the code calls it. */
  readonly key: string;
  readonly name: string;
  /** As SQL; undefined for one that is not known. */
  readonly type: string | undefined;
  /** MySQL's `serial` is a number that counts by itself. */
  readonly counts?: boolean;
  /** The enumeration that it is of. */
  readonly labels?: DrizzleEnum;
  /** The calls behind the column's type. */
  readonly steps: readonly Step[];
  readonly at: Place;
}

export interface DrizzleEnum {
  readonly schema?: string;
  readonly name: string;
  readonly labels: readonly string[];
  readonly at: Place;
}

export interface DrizzleTable {
  readonly file: FileId;
  readonly dialect: DrizzleDialect;
  readonly schema?: string;
  readonly name: string;
  readonly at: Place;
  readonly columns: readonly DrizzleColumn[];
  /** There may be more columns. */
  readonly isOpen: boolean;
  /** What the third argument gives: indexes and constraints. */
  readonly extras: Extras;
}

/** `undefined` for what is not understood. */
export type Extras = readonly (Chain | undefined)[];

/** A chain of calls: `text('a').notNull()` is `text` and a step. */
export interface Chain {
  readonly base: Step;
  readonly steps: readonly Step[];
}

export interface Step {
  readonly name: string;
  readonly arguments: readonly Argument[];
  readonly scope: Scope;
  readonly at: Place;
}

/** What a parameter is bound to: a table, or a column of one. */
export type Known =
  | { readonly kind: 'table'; readonly table: Pick<DrizzleTable, 'name' | 'schema' | 'columns'> }
  | {
      readonly kind: 'column';
      readonly table: Pick<DrizzleTable, 'name' | 'schema'>;
      readonly column: DrizzleColumn;
    };

export type Scope = ScopeOf<Known>;
export type Meaning = MeaningOf<Known>;
