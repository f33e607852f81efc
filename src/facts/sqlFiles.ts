/**
 * The statements of a SQL file that ask for rows or change them: queries that code takes from it, and those of views. What a
 * migration does once is none, and is read as one.
 */
import type { FileId, Place } from '../engine/place';
import type { Dialect } from '../sql/dialect';
import type { SqlParser } from '../sql/parser';
import { withNamedVariables } from '../sql/placeholder';
import type { SqlQuery, SqlSpan } from '../sql/query';
import { type StatementText, splitStatements } from '../sql/statements';

export interface SqlFileQuery {
  readonly text: string;
  /** Its first line. */
  readonly at: Place;
  readonly statement: SqlQuery;
  readonly dialect: Dialect;
  /** What a comment above it calls it, as sqlc, PgTyped and their like read it: `ListOrders`. */
  readonly name?: string;
  /** The comments above it. */
  readonly comment: string;
  /** It is the query of a view. */
  readonly isView: boolean;
  /** Code takes it from here: it has a name, or stands among queries alone, in a folder of them. */
  readonly isTaken: boolean;
  /** Somebody hands it values: it has a place for one, and stands among queries alone. */
  readonly isFilled: boolean;
  /** Rows go into the table again behind it. */
  readonly isRefilled: boolean;
  /** Where a stretch of it stands in the file. */
  readonly placeOf: (span: SqlSpan) => Place;
}

/** Statements that begin so are read. */
const ASKS =
  /^(?:select|with|insert|update|delete|create\s+(?:or\s+replace\s+)?(?:(?:temp|temporary|recursive|materialized)\s+)*view)\b/i;

/** Whether a file may hold such statements at all. */
export const mayHoldQueries = (text: string): boolean =>
  /(?:^|[;\n])\s*(?:select|with|insert|update|delete|create\s+(?:or\s+replace\s+)?(?:materialized\s+)?view)\b/i.test(
    text,
  );

export function sqlQueriesIn(file: FileId, text: string, parser: SqlParser): readonly SqlFileQuery[] {
  const statements = splitStatements(text, parser.dialect);
  const found: SqlFileQuery[] = [];
  const isAsking = statements.every(({ text: own }) => ASKS.test(own));
  for (const [index, { start, end, text: written }] of statements.entries()) {
    if (!ASKS.test(written)) continue;
    const own = parser.dialect === 'postgresql' ? withParameters(written) : written;
    const [statement, more] = parser.read(own);
    if (!statement || more) continue;
    const comment = text.slice(statements[index - 1]?.end ?? 0, start);
    const name = nameIn(comment);
    // rows that a script brings are data
    if (/^insert/i.test(own) && name === undefined && statement.placeholders === 0) continue;
    const placeOf = (span: SqlSpan): Place => ({ unit: file, start: start + span.start, end: start + span.end });
    const line = own.split('\n', 1)[0]?.trimEnd().length ?? 0;
    found.push({
      text: own,
      at: { unit: file, start, end: Math.min(start + line, end) },
      statement,
      dialect: parser.dialect,
      ...(name === undefined ? {} : { name }),
      comment,
      isView: /^create/i.test(own),
      isTaken: name !== undefined || (isAsking && KEEPS_QUERIES.test(file)),
      isFilled: isAsking && statement.placeholders > 0,
      isRefilled: isRefilled(statement, statements.slice(index + 1)),
      placeOf,
    });
  }
  return found;
}

/**
 * A statement with the parameters of sqlc, PgTyped and pg-promise as a server takes them; all else stays where it was.
 * Sources: https://docs.sqlc.dev/en/stable/reference/macros.html, https://pgtyped.dev/docs/sql-file
 */
const withParameters = (text: string): string =>
  withNamedVariables(
    text
      .replace(/\bsqlc\.(?:n?arg|slice)\s*\([^()]*\)/gi, whole => '$1'.padEnd(whole.length))
      .replace(/\bsqlc\.embed\s*\(\s*([\w"]+)\s*\)/gi, (whole, table: string) => `${table}.*`.padEnd(whole.length))
      .replace(/(?<=[\s(,=])@[a-z_]\w*/gi, whole => '$1'.padEnd(whole.length))
      .replace(/(:[a-z_]\w*)!(?!=)/gi, '$1 '),
  );

/** Where files are kept that hold a query each. */
const KEEPS_QUERIES = /(?:^|\/)(?:sql|quer(?:y|ies))\//i;

const isRefilled = ({ writes: [target] }: SqlQuery, later: readonly StatementText[]): boolean =>
  target !== undefined &&
  later.some(({ text: own }) => {
    const into = /^(?:insert\s+(?:ignore\s+)?into|copy|replace\s+into)\s+([\w."`]+)/i.exec(own)?.[1];
    return into?.replace(/["`]/g, '').split('.').at(-1)?.toLowerCase() === target.name.toLowerCase();
  });

/** `-- name: ListOrders :many`, `/* @name listOrders *\/`, `-- :name list-orders :? :*`. */
const nameIn = (comment: string): string | undefined =>
  /(?:--|\/\*|\*)\s*(?::name\s+|@?name\s*:?\s+|query\s*:\s+)([\w-]+)/i.exec(comment)?.[1];
