/** A change of all rows of a table in batches, each committed by itself: a block of PostgreSQL's, outside of a transaction. */
import { columnOfId, primaryKeyOf } from '../catalog/catalog';
import { quoted } from '../catalog/naming';
import type { Table } from '../catalog/object';

/** Procedures and blocks commit from here on. */
export const COMMITS_SINCE = 11;

const NAMES = ['batch_from', 'batch_to', 'batch'];

/**
 * By the primary key, from one row to the ten thousandth behind it; undefined for a table without one of one column.
 * @param set   what stands behind SET
 * @param where which rows need it; all where absent
 */
export function inBatches(table: Table, on: string, set: string, where?: string): string | undefined {
  const [only, more] = primaryKeyOf(table)?.columns ?? [];
  const key = only === undefined || more !== undefined ? undefined : columnOfId(table, only)?.name;
  if (key === undefined || table.columns.some(({ name }) => NAMES.includes(name))) return undefined;
  const id = quoted(key);
  return [
    'DO $$',
    'DECLARE',
    `  batch_from ${on}.${id}%TYPE;`,
    `  batch_to ${on}.${id}%TYPE;`,
    'BEGIN',
    `  SELECT ${id} INTO batch_from FROM ${on} ORDER BY ${id} LIMIT 1;`,
    '  WHILE batch_from IS NOT NULL LOOP',
    `    SELECT ${id} INTO batch_to`,
    `    FROM (SELECT ${id} FROM ${on} WHERE ${id} >= batch_from ORDER BY ${id} LIMIT 10000) AS batch`,
    `    ORDER BY ${id} DESC LIMIT 1;`,
    `    UPDATE ${on} SET ${set} WHERE ${id} BETWEEN batch_from AND batch_to${where === undefined ? '' : ` AND ${where}`};`,
    '    COMMIT;',
    `    SELECT ${id} INTO batch_from FROM ${on} WHERE ${id} > batch_to ORDER BY ${id} LIMIT 1;`,
    '  END LOOP;',
    'END $$;',
  ].join('\n');
}
