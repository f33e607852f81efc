/**
 * The way back on other servers than PostgreSQL. What is written is read again and folded over the catalog that it starts from:
 * what does not come to the catalog before the step is no way back.
 */
import type { PostgresTrees } from '../sql/postgresTree';
import { type Catalog, inNewSession, isTable } from './catalog';
import { type CatalogDifference, decidingDifferences, describeDifference } from './compare';
import type { OtherDialect } from './dialectCursor';
import { fold } from './fold';
import { fullName } from './naming';
import type { Operation } from './operation';
import { readDialect } from './readDialect';
import { refusedByTransact } from './transactRefusals';
import type { WayBack } from './wayBack';
import { mysqlRemainder, wayBackMysql } from './wayBackMysql';
import { wayBackSqlite } from './wayBackSqlite';
import { tsqlRemainder, wayBackTsql } from './wayBackTsql';

export interface DialectWriter {
  /** Writes the statements that lead from the catalog after a step to the one before it. */
  write(after: Catalog, before: Catalog): WayBack;
  /** What differs between the catalog before the step and the one that is come back to, beyond what is compared of any two. */
  remainder?(before: Catalog, now: Catalog): readonly string[];
  /** Why the server would not do what is written at this time, where folding does not tell. */
  refuses?(now: Catalog, operation: Operation): string | undefined;
}

const MYSQL: DialectWriter = { write: wayBackMysql, remainder: mysqlRemainder };

const WRITERS: Readonly<Record<OtherDialect, DialectWriter>> = {
  mysql: MYSQL,
  mariadb: MYSQL,
  sqlite: { write: wayBackSqlite },
  transactsql: { write: wayBackTsql, remainder: tsqlRemainder, refuses: refusedByTransact },
};

export function wayBackDialect(after: Catalog, before: Catalog, dialect: OtherDialect, trees: PostgresTrees): WayBack {
  const writer = WRITERS[dialect];
  const written = writer.write(after, before);
  if (written.obstacles.length > 0) return written;
  return { ...written, obstacles: wrongIn(writer, written.statements, { after, before, dialect, trees }) };
}

interface Ends {
  readonly after: Catalog;
  readonly before: Catalog;
  readonly dialect: OtherDialect;
  readonly trees: PostgresTrees;
}

/** What the statements do not do, or do besides. */
function wrongIn(
  { remainder, refuses }: DialectWriter,
  statements: readonly string[],
  { after, before, dialect, trees }: Ends,
): readonly string[] {
  let now = inNewSession(after);
  for (const text of statements)
    for (const { operations } of readDialect(trees, text, dialect)) {
      for (const operation of operations) {
        const refusal = refuses?.(now, operation);
        if (refusal !== undefined) return [refusal];
      }
      // statements are texts of their own, so that their operations' offsets may be the same
      const { catalog, failures } = fold(now, operations);
      const [failure] = failures;
      if (failure) return [failure.says];
      if (operations.some(each => each.kind === 'unread' && each.mayChangeSchema))
        return [`what would have to be written cannot be checked: ${text}`];
      now = catalog;
    }
  const differences = decidingDifferences(before, now).filter(each => !isImplied(each, before) && !isOfSession(each));
  return differences.length > 0 ? differences.map(describeDifference) : (remainder?.(before, now) ?? []);
}

/** A temporary table is gone with the session that made it. */
const isOfSession = ({ name, parent }: CatalogDifference): boolean => /^pg_temp\./.test(parent ?? name);

/** An index that the server kept by itself has to be written. */
function isImplied({ kind, change, name, parent }: CatalogDifference, before: Catalog): boolean {
  if (kind !== 'index' || change !== 'left') return false;
  const last = name.replaceAll('"', '').split('.').at(-1);
  for (const object of before.objects.values())
    if (isTable(object) && fullName(object) === parent && object.implied?.some(each => each.name === last)) return true;
  return false;
}
