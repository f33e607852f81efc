/**
 * What ALTER COLUMN … TYPE costs: PostgreSQL leaves the rows as they are where the new type reads them as the old one did.
 *
 * Source: postgresql.org/docs/current/sql-altertable.html (Notes), and the casts "binary coercible" of pg_cast.
 */

export interface ChangedType {
  readonly name: string;
  readonly schema?: string;
  readonly modifiers: readonly string[];
  readonly dimensions: number;
}

/** `none`: the catalog alone changes. `reindex`: the column's indexes are built anew. `rewrite`: every row as well. */
export type TypeChangeCost = 'none' | 'reindex' | 'rewrite';

/** From a type to those that read its rows as they are, whatever their modifiers. */
const COERCIBLE: Readonly<Record<string, readonly string[]>> = {
  'character varying': ['text', 'citext'],
  text: ['character varying', 'citext'],
  citext: ['text', 'character varying'],
  cidr: ['inet'],
  'bit varying': [],
  xml: ['text', 'character varying'],
  integer: ['oid', 'regclass', 'regproc', 'regtype'],
  oid: ['integer', 'regclass', 'regproc', 'regtype'],
};

/** Types that compare in their own way: an index on one is none on the other. */
const COMPARED_APART = new Set(['citext', 'integer', 'oid', 'regclass', 'regproc', 'regtype']);

const number = (modifier: string | undefined): number | undefined =>
  modifier === undefined ? undefined : Number(modifier);

/** Types whose one modifier is a limit that may grow or be dropped. */
const LIMITED = new Set(['character varying', 'bit varying']);
/** Types whose modifier is a precision in digits of a second, six where none is written. */
const TIMES = /^(?:timestamp|time) with|^interval$/;

/**
 * @param server major version
 * @param inUtc  the session's time zone is known to be UTC
 */
export function costOfTypeChange(from: ChangedType, to: ChangedType, server: number, inUtc = false): TypeChangeCost {
  if (from.dimensions > 0 !== to.dimensions > 0 || from.schema !== to.schema) return 'rewrite';
  // the elements of an array are converted one by one, whatever for, but where a limit is dropped nothing is converted
  if (from.dimensions > 0) {
    const isSame = from.modifiers.join() === to.modifiers.join();
    return from.name === to.name && (isSame || to.modifiers.length === 0) ? 'none' : 'rewrite';
  }
  if (from.name === to.name) return costOfModifiers(from, to);
  if (isTimestamp(from) && isTimestamp(to) && inUtc && server >= 12)
    return to.modifiers.length === 0 ? 'reindex' : 'rewrite';
  if (!COERCIBLE[from.name]?.includes(to.name)) return 'rewrite';
  // a limit where there was none is checked by writing every row
  if (LIMITED.has(to.name) && to.modifiers.length > 0) return 'rewrite';
  return COMPARED_APART.has(from.name) || COMPARED_APART.has(to.name) ? 'reindex' : 'none';
}

/** With a time zone or without. */
const isTimestamp = ({ name }: ChangedType): boolean => name.startsWith('timestamp with');

function costOfModifiers({ name, modifiers: from }: ChangedType, { modifiers: to }: ChangedType): TypeChangeCost {
  if (from.join() === to.join()) return 'none';
  if (LIMITED.has(name)) {
    const [before, after] = [number(from[0]), number(to[0])];
    return after === undefined || (before !== undefined && after >= before) ? 'none' : 'rewrite';
  }
  if (name === 'numeric') {
    if (to.length === 0) return 'none';
    const [precision, scale = 0] = from.map(Number);
    const [newPrecision, newScale = 0] = to.map(Number);
    if (precision === undefined || newPrecision === undefined) return 'rewrite';
    return newPrecision >= precision && newScale === scale ? 'none' : 'rewrite';
  }
  if (TIMES.test(name) && from.every(each => /^\d$/.test(each)) && to.every(each => /^\d$/.test(each)))
    return (number(to[0]) ?? 6) >= (number(from[0]) ?? 6) ? 'none' : 'rewrite';
  return 'rewrite';
}
