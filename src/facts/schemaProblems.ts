/** Where the SQL in the code and the schema of the project do not agree. */

import { nearest } from '../engine/nearest';
import { fileOf, type Place } from '../engine/place';
import { alternativesOf, sourceOffset } from '../program/strings';
import type { SqlSpan } from '../sql/query';
import type { NamedColumn, NamedRange, NamedRelation } from '../sql/statementNames';
import { HOLE } from '../sql/tokens';
import type { Facts, QueryExecution, SqlText } from './facts';
import { type Gone, isGone, type KnownRelation, type KnownSchema } from './knownSchema';
import { recoveredFrom } from './sqlTexts';

/** A name in a statement that the schema does not have. */
export interface SchemaProblem {
  readonly query: QueryExecution;
  /** What to mark: the name. */
  readonly at: Place;
  readonly what: 'table' | 'column';
  readonly name: string;
  /** The tables that the column would have to be of. */
  readonly tables: readonly string[];
  /** It was there, and a migration has dropped or renamed it. */
  readonly gone?: Gone;
  /** The nearest name that is there. */
  readonly nearest?: string;
  /** The stretch of the source that is the wrong name itself, as far as it stands there as it is. */
  readonly exact?: Place;
}

/** What a migration takes away, with the code that names it still. */
export interface BrokenUse {
  readonly gone: Gone;
  readonly uses: readonly { readonly at: Place; readonly label: string }[];
}

/** @param file  the one that is reviewed: what stands elsewhere is told where the call is */
export function schemaProblemsIn(
  queries: readonly QueryExecution[],
  known: KnownSchema,
  parser: Facts['parser'],
  file: string,
): readonly SchemaProblem[] {
  return queries.flatMap(query => (query.sql ? problemsOf(query, known, parser, file) : goneInBuilder(query, known)));
}

/** A column or table that is gone, where a builder's calls name it. */
function goneInBuilder(query: QueryExecution, known: KnownSchema): readonly SchemaProblem[] {
  const { relation, names = [], at } = query;
  if (relation === undefined || query.dialect !== 'postgresql' || query.callPath.length > 0) return [];
  const answer = known.relation({ name: relation });
  if (answer === 'open' || answer === 'absent') return [];
  if (isGone(answer)) return [{ query, at, what: 'table', name: relation, tables: [], gone: answer }];
  const found = new Map<string, SchemaProblem>();
  for (const { name, qualifier, isOpen, at: named } of names) {
    const gone = answer.gone.get(name);
    if (!gone || isOpen || (qualifier !== undefined && qualifier !== relation) || found.has(name)) continue;
    found.set(name, { query, at: named, what: 'column', name, tables: [relation], gone });
  }
  return [...found.values()];
}

function problemsOf(
  query: QueryExecution,
  known: KnownSchema,
  parser: Facts['parser'],
  file: string,
): readonly SchemaProblem[] {
  const { sql, statement, dialect } = query;
  if (!sql?.complete || !statement || dialect !== 'postgresql') return [];
  const text = recoveredFrom(sql.pieces);
  // a table that the text makes itself
  if (/\bcreate\s+(?:\w+\s+)*table\b/i.test(text)) return [];
  const names = parser(dialect)?.names?.(text);
  if (!names) return [];
  const found: SchemaProblem[] = [];
  const report = (span: SqlSpan, rest: Omit<SchemaProblem, 'query' | 'at' | 'exact'>): void => {
    const whole = placeOf(sql, span);
    const own = whole && fileOf(whole.unit) === file ? whole : undefined;
    const exact = own && placeOf(sql, lastName(text, span));
    found.push({ query, at: exact ?? own ?? query.at, ...rest, ...(exact ? { exact } : {}) });
  };
  for (const relation of names.relations) {
    if (relation.name.includes(HOLE)) continue;
    const answer = known.relation(relation);
    if (answer === 'absent') {
      const near = nearest(relation.name, known.tables);
      report(relation, {
        what: 'table',
        name: relation.name,
        tables: [],
        ...(near === undefined ? {} : { nearest: near }),
      });
    } else if (answer !== 'open' && isGone(answer))
      report(relation, { what: 'table', name: relation.name, tables: [], gone: answer });
  }
  for (const column of names.columns) {
    const missing = column.name.includes(HOLE) ? undefined : missingColumn(column, known);
    if (missing) report(column, { what: 'column', name: column.name, ...missing });
  }
  return found;
}

/** Columns that every table has. */
const SYSTEM_COLUMNS = new Set(['ctid', 'xmin', 'xmax', 'cmin', 'cmax', 'tableoid', 'oid']);

/** What is to be said of a column that none of the tables has which it may be of; nothing where one may have it. */
function missingColumn(
  { name, among }: NamedColumn,
  known: KnownSchema,
): Pick<SchemaProblem, 'tables' | 'gone' | 'nearest'> | undefined {
  if (SYSTEM_COLUMNS.has(name)) return undefined;
  const tables: { readonly relation: NamedRelation; readonly answer: KnownRelation }[] = [];
  for (const ranges of among)
    for (const range of ranges) {
      const answer = relationOf(range, known);
      if (!answer?.isComplete || answer.columns.has(name) || !range.relation) return undefined;
      tables.push({ relation: range.relation, answer });
    }
  if (tables.length === 0) return undefined;
  const gone = tables.flatMap(({ answer }) => answer.gone.get(name) ?? []);
  const near = nearest(
    name,
    tables.flatMap(({ answer }) => [...answer.columns]),
  );
  return {
    tables: [...new Set(tables.map(({ relation }) => relation.name))],
    ...(gone[0] ? { gone: gone[0] } : near === undefined ? {} : { nearest: near }),
  };
}

function relationOf({ relation }: NamedRange, known: KnownSchema): KnownRelation | undefined {
  const answer = relation && !relation.name.includes(HOLE) ? known.relation(relation) : undefined;
  return answer === undefined || answer === 'open' || answer === 'absent' || isGone(answer) ? undefined : answer;
}

/** `coupon` of `o.coupon`. */
function lastName(text: string, { start, end }: SqlSpan): SqlSpan {
  const dot = text.slice(start, end).lastIndexOf('.');
  if (dot < 0) return { start, end };
  const from = start + dot + 1;
  return { start: from + (text.slice(from, end).length - text.slice(from, end).trimStart().length), end };
}

/** Where a stretch of the recovered text stands in the source; nothing where it was put together. */
function placeOf({ pieces }: SqlText, { start, end }: SqlSpan): Place | undefined {
  let from = 0;
  for (const piece of alternativesOf(pieces, 1)[0] ?? []) {
    const length = piece.kind === 'constant' ? piece.value.length : HOLE.length;
    if (start >= from && end <= from + length && piece.kind === 'constant' && piece.at) {
      const offset = (at: number): number => (piece.at?.start ?? 0) + sourceOffset(piece, at - from);
      return { ...piece.at, start: offset(start), end: offset(end) };
    }
    from += length;
  }
  return undefined;
}
