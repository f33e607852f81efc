/** Where the queries that code takes from a SQL file, and the schema of the project do not agree. */
import type { Facts } from './facts';
import type { KnownSchema } from './knownSchema';
import { missingNames, type SchemaProblem } from './schemaProblems';
import type { SqlFileQuery } from './sqlFiles';
import { lastName } from './sqlPlaces';

/**
 * @param queries  those of one file: what nothing takes from it may be for another database, so that at most what is gone is
 *   told of it, and what makes a view is judged by what it is folded from
 */
export function problemsInSqlFile(
  queries: readonly SqlFileQuery[],
  known: KnownSchema,
  parser: Facts['parser'],
): readonly SchemaProblem[] {
  const found: SchemaProblem[] = [];
  for (const { text, at, name, placeOf, dialect, isTaken, isFilled, isView } of queries) {
    const names = (isTaken || isFilled) && !isView ? parser(dialect)?.names?.(text) : undefined;
    if (!names) continue;
    const label = name ?? at.unit.split('/').at(-1) ?? at.unit;
    missingNames(names, known, (span, problem) => {
      if (!isTaken && !problem.gone) return;
      const exact = placeOf(lastName(text, span));
      found.push({ label, at: exact, exact, ...problem });
    });
  }
  return found;
}
