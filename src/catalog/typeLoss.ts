/**
 * What a column's values lose when its type is changed.
 *
 * Source: postgresql.org/docs/current/datatype.html and sql-createcast.html: a change of type casts as an assignment does, which
 * rounds numbers and cuts times without a word, but refuses what is too long or too large; an explicit cast cuts texts.
 */
import type { ChangedType } from './typeChanges';

/** `cut`, `rounded`: without a word. `refused`: the statement fails at the first value that does not fit. */
export interface TypeLoss {
  readonly how: 'cut' | 'rounded' | 'refused';
  /** What goes, as the subject of a sentence: `what is beyond 20 characters`. */
  readonly what: string;
}

const TEXTS = new Set(['text', 'character varying', 'character', 'citext', 'name']);
const INTEGERS: readonly string[] = ['smallint', 'integer', 'bigint'];
const FLOATS: readonly string[] = ['real', 'double precision'];

/** @param using the expression that makes the new value, where one is written */
export function lossOf(from: ChangedType, to: ChangedType, using?: string): TypeLoss | undefined {
  if (from.dimensions > 0 && to.dimensions === 0)
    return using !== undefined && /\[[^\]]+\]/.test(using)
      ? { how: 'cut', what: 'every other item of the list' }
      : undefined;
  if (from.dimensions > 0 || to.dimensions > 0) return undefined;
  return ofTexts(from, to, using) ?? ofNumbers(from, to) ?? ofTimes(from, to);
}

function ofTexts(from: ChangedType, to: ChangedType, using: string | undefined): TypeLoss | undefined {
  const limit = lengthOf(to);
  if (!TEXTS.has(from.name) || limit === undefined) return undefined;
  const before = lengthOf(from);
  if (before !== undefined && limit >= before) return undefined;
  return {
    how: using !== undefined && CUTS.test(using) ? 'cut' : 'refused',
    what: `what is beyond ${limit} characters`,
  };
}

/** An explicit cast to a length, or a function that takes a part. */
const CUTS =
  /::\s*(?:varchar|char|character(?:\s+varying)?|bpchar)\s*\(|\bas\s+(?:varchar|char|character)[^)]*\(|\b(?:left|substr|substring|overlay|split_part)\s*\(/i;

function lengthOf({ name, modifiers: [length] }: ChangedType): number | undefined {
  if (name === 'character') return Number(length ?? 1);
  return name === 'character varying' && length !== undefined ? Number(length) : undefined;
}

function ofNumbers(from: ChangedType, to: ChangedType): TypeLoss | undefined {
  const [size, newSize] = [INTEGERS.indexOf(from.name), INTEGERS.indexOf(to.name)];
  if (size >= 0 && newSize >= 0)
    return newSize < size ? { how: 'refused', what: `what is too large for ${to.name}` } : undefined;
  const hasFraction = from.name === 'numeric' ? scaleOf(from) !== 0 : FLOATS.includes(from.name);
  if (newSize >= 0) return hasFraction ? { how: 'rounded', what: 'every fraction' } : undefined;
  if (from.name === 'double precision' && to.name === 'real')
    return { how: 'rounded', what: 'every digit from the seventh on' };
  if (from.name === 'numeric' && FLOATS.includes(to.name))
    return { how: 'rounded', what: `every digit from the ${to.name === 'real' ? 'seventh' : 'sixteenth'} on` };
  if (to.name !== 'numeric' || to.modifiers.length === 0) return undefined;
  const [digits, newDigits] = [wholeDigits(from), wholeDigits(to)];
  const [scale, newScale] = [scaleOf(from), scaleOf(to) ?? 0];
  if (hasFraction && (scale === undefined || newScale < scale))
    return { how: 'rounded', what: newScale === 0 ? 'every fraction' : `every digit beyond ${newScale} decimals` };
  const isTighter = newDigits !== undefined && (digits === undefined ? from.name === 'numeric' : newDigits < digits);
  return isTighter ? { how: 'refused', what: `what has more than ${newDigits} digits before the point` } : undefined;
}

/** Digits behind the point; undefined where nothing bounds them. */
const scaleOf = ({ name, modifiers: [precision, scale] }: ChangedType): number | undefined =>
  name === 'numeric' ? (precision === undefined ? undefined : Number(scale ?? 0)) : undefined;

const wholeDigits = ({ name, modifiers: [precision, scale] }: ChangedType): number | undefined =>
  name === 'numeric' && precision !== undefined ? Number(precision) - Number(scale ?? 0) : undefined;

function ofTimes(from: ChangedType, to: ChangedType): TypeLoss | undefined {
  if (!from.name.startsWith('timestamp')) return undefined;
  if (to.name === 'date') return { how: 'cut', what: 'the time of day' };
  if (to.name.startsWith('time with')) return { how: 'cut', what: 'the date' };
  if (!to.name.startsWith('timestamp')) return undefined;
  const [digits, newDigits] = [from, to].map(({ modifiers: [precision] }) => Number(precision ?? 6));
  return digits !== undefined && newDigits !== undefined && newDigits < digits
    ? {
        how: 'rounded',
        what: newDigits === 0 ? 'every fraction of a second' : `every digit of a second beyond ${newDigits}`,
      }
    : undefined;
}
