/**
 * Tables that a history refers to and leaves to others: an app's keys lead to `auth_user`, which the migrations of another app
 * make. Here they stand with their key alone, so that what the history itself makes can be run and compared.
 */
import { type LabScript, quotedName } from './database';

/** @returns the statements that make them; of those that the history makes itself there is none */
export function othersTables(scripts: readonly LabScript[]): readonly string[] {
  const others = new Map(scripts.flatMap(({ leansOn = [] }) => leansOn.map(each => [each.table, each] as const)));
  return [...others.values()].flatMap(({ table, key, type }) => {
    const name = quotedName(table);
    const isOwn = scripts.some(({ statements }) =>
      statements.some(({ sql }) => /^\s*(?:CREATE|ALTER)\s+TABLE\b/i.test(sql) && makes(sql, table)),
    );
    return isOwn ? [] : [`CREATE TABLE ${name} (${quotedName(key)} ${type} PRIMARY KEY)`];
  });
}

/** Creates a table of this name, or gives it to one. */
function makes(sql: string, table: string): boolean {
  const name = `(?:"?public"?\\.)?"?${table.replace(/[^\w]/g, '\\$&')}"?(?![\\w"])`;
  return new RegExp(`^\\s*CREATE\\s+TABLE\\s+(?:IF\\s+NOT\\s+EXISTS\\s+)?${name}|\\bRENAME\\s+TO\\s+${name}`, 'i').test(
    sql,
  );
}
