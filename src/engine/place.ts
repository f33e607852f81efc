/** Where something stands in the reviewed code, in the two forms that the review needs. */

/** A file of the project: its path relative to the project's root, with `/`. */
export type FileId = string;

/**
 * A part of a file that is lowered and analysed on its own: `src/orders.ts` for the file's top level,
 * `src/orders.ts#OrderService.list` for an outermost function or method in it.
 */
export type UnitId = string;

/**
 * A stretch of source text, in UTF-16 units from the start of its unit.
 *
 * Relative to the unit and not to the file, so that typing in one function moves nothing in the functions below it
 * and what was computed for them stays valid.
 */
export interface Place {
  readonly unit: UnitId;
  readonly start: number;
  readonly end: number;
}

/** A stretch of a file's text, in UTF-16 units from the file's start. */
export interface FileRange {
  readonly file: FileId;
  readonly start: number;
  readonly end: number;
}

/** Turns a place into the range where it stands right now. */
export type Locate = (place: Place) => FileRange;

/** The file that a unit belongs to. */
export const fileOf = (unit: UnitId): FileId => {
  const hash = unit.indexOf('#');
  return hash < 0 ? unit : unit.slice(0, hash);
};
