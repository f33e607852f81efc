/**
 * What a column's values lose when its type is changed in MySQL, MariaDB or SQL Server. SQLite changes no types.
 *
 * Sources: dev.mysql.com/doc/refman/8.4/en/alter-table.html ("conversions may result in alteration of data"), /en/sql-mode.html
 * (strict mode refuses what the server else cuts), learn.microsoft.com/sql/t-sql/statements/alter-table-transact-sql.
 */
import type { OtherDialect } from './dialectCursor';
import type { ChangedType } from './typeChanges';
import type { TypeLoss } from './typeLoss';

export function lossElsewhere(from: ChangedType, to: ChangedType, dialect: OtherDialect): TypeLoss | undefined {
  if (dialect === 'sqlite') return undefined;
  return (
    ofLabels(from, to) ??
    ofTexts(from, to, dialect) ??
    ofIntegers(from, to) ??
    ofFractions(from, to, dialect) ??
    ofTimes(from, to)
  );
}

/** `enum('open','closed')`: the labels that are no more. */
export function lostLabels(from: ChangedType, to: ChangedType): readonly string[] {
  if (from.name !== 'enum' || to.name !== 'enum') return [];
  const kept = new Set(to.modifiers.map(labelOf));
  return from.modifiers.map(labelOf).filter(label => !kept.has(label));
}

/** Labels are compared without regard to case, by the usual collation. */
const labelOf = (modifier: string): string => modifier.trim().replace(/^'|'$/g, '').toLowerCase();

function ofLabels(from: ChangedType, to: ChangedType): TypeLoss | undefined {
  const lost = lostLabels(from, to).map(label => `'${label}'`);
  if (lost.length === 0) return undefined;
  const named = lost.length > 3 ? [...lost.slice(0, 3), `${lost.length - 3} more`] : lost;
  return { how: 'refused', what: `the value${lost.length > 1 ? 's' : ''} ${named.join(', ')}` };
}

const TEXT = /^(?:n?varchar|n?char|tinytext|text|mediumtext|longtext|ntext)$/;

const LIMITS: Readonly<Record<string, number>> = {
  tinytext: 255,
  text: 65_535,
  mediumtext: 16_777_215,
  longtext: 4_294_967_295,
  ntext: 1_073_741_823,
};

function ofTexts(from: ChangedType, to: ChangedType, dialect: OtherDialect): TypeLoss | undefined {
  if (!TEXT.test(from.name) || !TEXT.test(to.name)) return undefined;
  const [before, limit] = [limitOf(from, dialect), limitOf(to, dialect)];
  if (before !== undefined && limit !== undefined && limit < before)
    return { how: 'refused', what: `what is beyond ${limit.toLocaleString('en')} characters` };
  return dialect === 'transactsql' && from.name.startsWith('n') && !to.name.startsWith('n')
    ? { how: 'cut', what: 'every character that the column’s code page does not have' }
    : undefined;
}

/** Characters that a column takes; undefined where it is not said. */
function limitOf({ name, modifiers: [length] }: ChangedType, dialect: OtherDialect): number | undefined {
  if (/char$/.test(name)) {
    if (length === undefined) return dialect === 'transactsql' || name === 'char' ? 1 : undefined;
    return length.toLowerCase() === 'max' ? 1_073_741_823 : Number(length);
  }
  return dialect === 'transactsql' ? 1_073_741_823 : LIMITS[name];
}

const BYTES: Readonly<Record<string, number>> = { tinyint: 1, smallint: 2, mediumint: 3, int: 4, bigint: 8 };

/** A whole number's size, and whether it has a sign. T-SQL's `tinyint` has none, which is of no matter where sizes differ. */
function wholeOf({ name }: ChangedType): { readonly bytes: number; readonly signed: boolean } | undefined {
  const [word = '', unsigned] = name.split(' ');
  const bytes = BYTES[word];
  return bytes === undefined ? undefined : { bytes, signed: unsigned === undefined };
}

function ofIntegers(from: ChangedType, to: ChangedType): TypeLoss | undefined {
  const [before, after] = [wholeOf(from), wholeOf(to)];
  if (!before || !after) return undefined;
  if (after.bytes < before.bytes || (after.bytes === before.bytes && after.signed && !before.signed))
    return { how: 'refused', what: `what is too large for ${to.name}` };
  return before.signed && !after.signed ? { how: 'refused', what: 'what is below 0' } : undefined;
}

const FLOAT = /^(?:float|double|real)(?: unsigned)?$/;
const DECIMAL = /^decimal(?: unsigned)?$/;

interface Digits {
  readonly whole: number;
  readonly scale: number;
}

function digitsOf({ name, modifiers: [precision, scale] }: ChangedType, dialect: OtherDialect): Digits | undefined {
  if (name === 'money') return { whole: 15, scale: 4 };
  if (!DECIMAL.test(name)) return undefined;
  const all = Number(precision ?? (dialect === 'transactsql' ? 18 : 10));
  return { whole: all - Number(scale ?? 0), scale: Number(scale ?? 0) };
}

function ofFractions(from: ChangedType, to: ChangedType, dialect: OtherDialect): TypeLoss | undefined {
  const before = digitsOf(from, dialect);
  const hasFraction = before ? before.scale > 0 : FLOAT.test(from.name);
  if (wholeOf(to)) return hasFraction ? { how: 'rounded', what: 'every fraction' } : undefined;
  if (before && FLOAT.test(to.name))
    return { how: 'rounded', what: 'what a binary fraction cannot hold exactly, 0.10 among it' };
  const after = digitsOf(to, dialect);
  if (!after) return undefined;
  if (hasFraction && before && after.scale < before.scale)
    return {
      how: 'rounded',
      what: after.scale === 0 ? 'every fraction' : `every digit beyond ${after.scale} decimals`,
    };
  return before && after.whole < before.whole
    ? { how: 'refused', what: `what has more than ${after.whole} digits before the point` }
    : undefined;
}

const MOMENT = /^(?:timestamp|datetime|datetime2|datetimeoffset|smalldatetime)$/;

function ofTimes(from: ChangedType, to: ChangedType): TypeLoss | undefined {
  if (!MOMENT.test(from.name)) return undefined;
  if (to.name === 'date') return { how: 'cut', what: 'the time of day' };
  if (to.name === 'time') return { how: 'cut', what: 'the date' };
  return undefined;
}
