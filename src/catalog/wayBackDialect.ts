/**
 * The way back on other servers than PostgreSQL. What is written is read again and folded over the catalog that it starts from:
 * what does not come to the catalog before the step is no way back.
 */
import type { PostgresTrees } from '../sql/postgresTree';
import { type Catalog, inNewSession } from './catalog';
import { decidingDifferences, describeDifference } from './compare';
import type { OtherDialect } from './dialectCursor';
import { fold } from './fold';
import { readDialect } from './readDialect';
import type { WayBack } from './wayBack';

/** Writes the statements that lead from the catalog after a step to the one before it. */
export type DialectWriter = (after: Catalog, before: Catalog) => WayBack;

const WRITERS: Readonly<Partial<Record<OtherDialect, DialectWriter>>> = {};

const TITLES: Readonly<Record<OtherDialect, string>> = {
  mysql: 'MySQL',
  mariadb: 'MariaDB',
  sqlite: 'SQLite',
  transactsql: 'SQL Server',
};

export function wayBackDialect(after: Catalog, before: Catalog, dialect: OtherDialect, trees: PostgresTrees): WayBack {
  const writer = WRITERS[dialect];
  if (!writer) return refused(`no way back is written for ${TITLES[dialect]} yet`);
  const written = writer(after, before);
  if (written.obstacles.length > 0) return written;
  return { ...written, obstacles: wrongIn(written.statements, after, before, dialect, trees) };
}

const refused = (...obstacles: readonly string[]): WayBack => ({ statements: [], notes: [], obstacles });

/** What the statements do not do, or do besides. */
function wrongIn(
  statements: readonly string[],
  after: Catalog,
  before: Catalog,
  dialect: OtherDialect,
  trees: PostgresTrees,
): readonly string[] {
  let now = inNewSession(after);
  for (const text of statements)
    for (const { operations } of readDialect(trees, text, dialect)) {
      // statements are texts of their own, so that their operations' offsets may be the same
      const { catalog, failures } = fold(now, operations);
      const [failure] = failures;
      if (failure) return [failure.says];
      if (operations.some(each => each.kind === 'unread' && each.mayChangeSchema))
        return [`what would have to be written cannot be checked: ${text}`];
      now = catalog;
    }
  return decidingDifferences(before, now).map(describeDifference);
}
