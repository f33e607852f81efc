import type { Names } from './vocabulary';

/** The names of a column, as a list. */
export const namesOf = (column: Names | undefined): readonly string[] =>
  column === undefined ? [] : typeof column === 'string' ? [column] : column;
