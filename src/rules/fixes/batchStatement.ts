/** A statement for one key becomes one for a list of keys. */
import type { Edit } from '../../engine/finding';
import type { Place } from '../../engine/place';
import type { QueryExecution, SqlText } from '../../facts/facts';
import type { Comparison, Output, SqlQuery } from '../../sql/query';
import { textSource } from './recoveredText';

/** One call for all keys. */
export interface Batch {
  /** The member of a row that holds the key. */
  readonly column: string;
  readonly relation?: string;
  /** Changes to the awaited call. */
  readonly edits: readonly Edit<Place>[];
  /** Changes to other places: an import. */
  readonly elsewhere?: readonly Edit<Place>[];
}

/** `WHERE order_id = $1` → `WHERE order_id = ANY($1)`, and the key in the values → all keys. */
export function batchOfStatement(
  { sql, statement, placeholder, dialect, rewrite }: QueryExecution,
  keys: string,
): Batch | undefined {
  const loop = rewrite?.loop;
  const sqlArgument = rewrite?.sqlArgument;
  const items = rewrite?.valuesArgument?.items;
  // Only PostgreSQL takes an array for a parameter.
  if (!loop?.key || !sql || !statement || !sqlArgument || !items) return undefined;
  if (dialect !== 'postgresql' || placeholder !== '$n' || sql.hazards.length > 0 || !givesWholeRows(statement))
    return undefined;

  const { key } = loop;
  const number = items.findIndex(({ at }) => at.start === key.at.start && at.end === key.at.end) + 1;
  if (number === 0) return undefined;
  const [comparison, ...others] = statement.comparisons.filter(({ values }) =>
    values.some(value => value.kind === 'placeholder' && value.number === number),
  );
  if (!comparison || others.length > 0 || comparison.operator !== '=' || comparison.values.length !== 1)
    return undefined;
  // The same parameter somewhere else, in a subquery or an expression, would get the array too.
  if (sql.preview.split(new RegExp(`\\$${number}(?!\\d)`)).length !== 2) return undefined;
  const column = outputOf(statement, comparison);
  const edit = arrayEdit(sql, sqlArgument, comparison);
  if (column === undefined || !edit) return undefined;
  const compared = statement.from.find(({ name, alias }) => (alias ?? name) === comparison.qualifier);
  return { column, relation: (compared ?? statement.from[0])?.name, edits: [edit, { at: key.at, newText: keys }] };
}

/** Rows of one statement for all keys are the rows of the statements for each: none is left out, merged or counted. */
const givesWholeRows = (statement: SqlQuery): boolean =>
  statement.kind === 'select' &&
  !statement.grouped &&
  !statement.aggregated &&
  !statement.distinct &&
  !statement.limited &&
  !statement.combined &&
  !statement.locking &&
  statement.writes.length === 0;

/** The name under which the compared column stands in a row; nothing when it is not selected, or ambiguous. */
function outputOf({ outputs, from }: SqlQuery, { column, qualifier }: Comparison): string | undefined {
  const single = from.length === 1;
  const named = outputs.filter((output): output is Output & { kind: 'column' } => output.kind === 'column');
  const match = named.find(output => output.name === column && (single || output.qualifier === qualifier));
  const name = match?.as ?? match?.name;
  if (name !== undefined) {
    const others = outputs.filter(output => output !== match);
    const clashes = others.some(output => (output.kind === 'all' ? !single : nameOf(output) === name));
    return clashes ? undefined : name;
  }
  const all = outputs.find(
    output => output.kind === 'all' && (single || (qualifier !== undefined && output.qualifier === qualifier)),
  );
  if (!all) return undefined;
  const clashes = outputs.some(output => output !== all && (output.kind === 'all' || nameOf(output) === column));
  return clashes ? undefined : column;
}

const nameOf = (output: Output): string | undefined =>
  output.kind === 'all' ? undefined : (output.as ?? (output.kind === 'column' ? output.name : undefined));

/** `= $1` → `= ANY($1)` in the program's source, a cast of the parameter along: `$1::int` → `$1::int[]`. */
function arrayEdit(
  sql: SqlText,
  argument: { readonly at: Place; readonly source: string },
  { values }: Comparison,
): Edit<Place> | undefined {
  const [value] = values;
  const source = textSource(sql, argument);
  if (value?.kind !== 'placeholder' || !source) return undefined;
  const { text } = source.recovered;
  const written = /^\$\d+/.exec(text.slice(value.start));
  if (!written) return undefined;
  const placeholderEnd = value.start + written[0].length;
  const cast = CAST.exec(text.slice(placeholderEnd))?.[0] ?? '';
  if (cast === '' && /^\s*(?:::|[[.])/.test(text.slice(placeholderEnd))) return undefined;
  const end = placeholderEnd + cast.length;
  const from = source.before(value.start);
  const to = source.after(end);
  if (!from?.literal || from.literal.at.start !== to?.literal?.at.start) return undefined;
  const newText = `ANY(${written[0]}${cast === '' ? '' : `${cast}[]`})`;
  return { at: { unit: source.at.unit, start: from.offset, end: to.offset }, newText };
}

/** A cast to a type of one word. */
const CAST = /^\s*::\s*[a-z_]\w*(?![\w.])(?!\s*(?:[([]|precision\b|varying\b|with(?:out)?\b))/i;
