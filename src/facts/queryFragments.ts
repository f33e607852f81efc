import { namesOf } from '../libraries/names';
import type { ObservedArgument, ObservedCall } from '../program/analysis';
import { textValue } from '../program/lattice';
import type { Piece, Value } from '../program/value';
import type { SqlText } from './facts';
import type { QueryCall } from './queryCall';
import { basics, isOpen, isTextual, placeholderOf, sqlArgument, takesOf } from './queryRows';
import { isPresent, type Setting } from './setting';
import { sqlTextOf } from './sqlTexts';
import { templateOf } from './taggedPieces';

/** The pieces of raw SQL that a call hands over, each a query of the role `fragment`. */
export function fragmentCalls(setting: Setting, call: ObservedCall): readonly QueryCall[] {
  const { target } = call;
  const traced = target.kind === 'library' ? setting.tables.fragments.get(target.name) : undefined;
  const distinctive =
    target.kind === 'method' && (!call.receiver || isOpen(call.receiver))
      ? (setting.tables.distinctiveFragments.get(target.name) ?? []).find(({ library }) => isPresent(setting, library))
      : undefined;
  const found = traced ?? distinctive;
  if (!found) return [];
  const { library, row } = found;
  const dialect = library.dialect ?? setting.dialect;
  const told = (sql: SqlText): QueryCall => ({
    ...basics(call, dialect),
    role: 'fragment',
    evidence: traced ? 'traced' : 'manifest',
    library: library.package,
    ...placeholderOf(row, library, dialect),
    sql,
    ...(row.named === undefined ? { takes: takesOf(row, row.sql) } : {}),
  });
  if (row.named !== undefined) {
    const names = namesOf(row.named);
    return call.arguments
      .filter(({ name }) => name !== undefined && names.includes(name))
      .flatMap(({ at, source, value }) =>
        textsIn(value).map(text => told(sqlTextOf({ at, source, value: text }, dialect, true))),
      );
  }
  const argument = call.arguments[row.sql];
  // `where({ id })` and `where(builder => …)` hand over no text
  if (!argument || !isTextual(argument.value) || (argument.value.shape.kind === 'unknown' && isFunction(argument)))
    return [];
  const sql = sqlArgument(call, row.sql, undefined, dialect, true);
  return sql ? [told(sql)] : [];
}

/**
 * A fragment that stands in a statement written around it, `` sql`… ORDER BY ${sql.raw(sort)}` ``: what it is there for tells
 * the statement, and it is no text that a caller has put together as a whole.
 */
export function insideTemplate(fragment: QueryCall, calls: readonly ObservedCall[]): QueryCall {
  const { sql, at, call, dialect } = fragment;
  if (!sql?.hazards.some(({ wholeText }) => wholeText)) return fragment;
  for (const tagged of calls) {
    if (tagged.form !== 'tagged' || tagged.at.start > at.start || tagged.at.end < call.end) continue;
    const pieces = templateOf(tagged) ?? [];
    const holes = pieces.filter(piece => piece.kind === 'hole');
    const own = holes.find(hole => hole.at.start <= call.start && call.end <= hole.at.end);
    if (!own || !pieces.some(isWritten)) continue;
    const around = pieces.flatMap((piece): readonly Piece[] => {
      if (piece.kind !== 'hole') return [piece];
      return piece === own ? sql.pieces : [{ ...piece, safety: 'bound' }];
    });
    const hazards = sqlTextOf({ at: sql.at, source: '', value: textValue(around) }, dialect).hazards;
    return { ...fragment, sql: { ...sql, hazards } };
  }
  return fragment;
}

const isWritten = (piece: Piece): boolean => piece.kind === 'constant' && piece.value.trim() !== '';

/** The texts of a list or record that is written out. */
function textsIn({ shape }: Value): readonly Value[] {
  if (shape.kind === 'list') return (shape.items ?? [shape.each]).filter(isTextPut);
  return shape.kind === 'record' ? [...shape.entries.values()].filter(isTextPut) : [];
}

const isTextPut = ({ shape }: Value): boolean => shape.kind === 'text';

const isFunction = ({ source }: ObservedArgument): boolean => /=>|^(?:async\s+)?function\b/.test(source);
