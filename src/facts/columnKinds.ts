/**
 * What a column holds by its type, as each server means the type's name.
 *
 * Sources: postgresql.org/docs/current/datatype.html, dev.mysql.com/doc/refman/8.4/en/data-types.html,
 * sqlite.org/datatype3.html, learn.microsoft.com/sql/t-sql/data-types.
 */
import type { Dialect } from '../sql/dialect';

/** A type as a catalog or a declaration has it, which of a catalog's servers it is of beside it. */
export interface NamedType {
  readonly name: string;
  readonly modifiers: readonly string[];
  readonly dimensions: number;
}

/** Undefined is PostgreSQL, as catalogs say it. What a builder makes for any server is in PostgreSQL's words. */
type Server = Exclude<Dialect, 'postgresql'> | undefined;

/**
 * Whether a fraction becomes a binary one: `declared` where the type says so, `affinity` where SQLite stores what is called
 * a decimal as a float all the same.
 */
export function binaryFraction(type: NamedType | undefined, server: Server): 'declared' | 'affinity' | undefined {
  if (!type || type.dimensions > 0) return undefined;
  const isDeclared = (form: RegExp): 'declared' | undefined => (form.test(type.name) ? 'declared' : undefined);
  switch (server) {
    case undefined:
      return isDeclared(/^(?:real|double precision)$/);
    case 'transactsql':
      return isDeclared(/^(?:real|float|double precision)$/);
    case 'sqlite':
      if (/int/.test(type.name)) return undefined;
      if (/real|floa|doub/.test(type.name)) return 'declared';
      // a scale of nothing holds whole numbers
      return /^(?:numeric|decimal)\b/.test(type.name) && type.modifiers.length === 2 && type.modifiers[1] !== '0'
        ? 'affinity'
        : undefined;
    default:
      return isDeclared(/^(?:float|double|real|double precision)(?: unsigned)?$/);
  }
}

/** Whether its values are true and false. MySQL's boolean is a `tinyint(1)`, which small numbers are kept in as well. */
export function holdsFlag(type: NamedType | undefined, server: Server): 'certain' | 'likely' | undefined {
  if (!type || type.dimensions > 0) return undefined;
  if (type.name === 'boolean') return 'certain';
  switch (server) {
    case undefined:
      return undefined;
    case 'transactsql':
      return type.name === 'bit' ? 'certain' : undefined;
    case 'sqlite':
      return type.name === 'bool' ? 'certain' : undefined;
    default:
      return (type.name === 'tinyint' || type.name === 'bit') && type.modifiers[0] === '1' ? 'likely' : undefined;
  }
}

/** Whether it holds a moment or a day. SQLite has no such type: there the word is what its writer thinks of. */
export const holdsTime = (type: NamedType | undefined): boolean =>
  type !== undefined && /^(?:timestamp|datetime|smalldatetime)|^date$/.test(type.name);

export const isWholeNumber = (type: NamedType | undefined): boolean =>
  type !== undefined && /^(?:tiny|small|medium|big)?int(?:eger)?(?: unsigned)?$/.test(type.name);
