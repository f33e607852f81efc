/**
 * Whether rows survive a way there and back: a row with a value in every column is put into each table before, and
 * looked for afterwards.
 */
import type { Database } from './database';
import { shortName } from './snapshot';

interface Column {
  readonly relation: string;
  readonly column: string;
  /** A literal of the column's type; null where none is known. */
  readonly value: string | null;
  readonly required: boolean;
  readonly isText: boolean;
}

/**
 * Values that survive a change of type that people make: digits as text become a number, a fraction shows when a number
 * is cut. All columns hold the same, so that what references a key finds it.
 */
const COLUMNS = `
WITH RECURSIVE base AS (
  SELECT a.attrelid, a.attnum, a.attname, a.attnotnull AND d.oid IS NULL AND a.attidentity = '' AS required,
    a.atttypid AS type, a.atttypmod AS typmod
  FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
  WHERE c.relkind = 'r' AND NOT c.relispartition AND c.oid >= 16384 AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e')
    AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
  UNION ALL
  SELECT attrelid, attnum, attname, required, typbasetype, CASE WHEN typtypmod >= 0 THEN typtypmod ELSE typmod END
  FROM base JOIN pg_type t ON t.oid = base.type WHERE t.typtype = 'd'
)
SELECT base.attrelid::regclass::text AS relation, quote_ident(attname) AS column, required, t.typcategory = 'S' AS "isText",
  CASE
    WHEN t.typtype = 'e' THEN (SELECT enumlabel::text FROM pg_enum WHERE enumtypid = t.oid ORDER BY enumsortorder DESC LIMIT 1)
    WHEN t.typtype = 'r' THEN 'empty'
    WHEN t.typcategory = 'A' THEN '{}'
    WHEN t.typname = 'numeric' THEN CASE WHEN typmod >= 4 AND (typmod - 4) & 65535 = 0 THEN '1' WHEN typmod >= 4 AND (typmod - 4) >> 16 <= (typmod - 4) & 65535 THEN '0.5' ELSE '1.5' END
    WHEN t.typname IN ('float4', 'float8') THEN '1.5'
    WHEN t.typcategory = 'N' THEN '1'
    WHEN t.typcategory = 'S' THEN left('12', CASE WHEN typmod > 4 THEN typmod - 4 ELSE 2 END)
    WHEN t.typcategory = 'B' THEN 'true'
    WHEN t.typname = 'date' THEN '2020-02-03'
    WHEN t.typname IN ('time', 'timetz') THEN '04:05:06.5'
    WHEN t.typcategory = 'D' THEN '2020-02-03 04:05:06.5+00'
    WHEN t.typcategory = 'T' THEN '1 day 02:03:04'
    WHEN t.typname = 'uuid' THEN '00000000-0000-4000-8000-000000000001'
    WHEN t.typname IN ('json', 'jsonb') THEN '{"a": 1}'
    WHEN t.typname = 'bytea' THEN '\\x01'
    WHEN t.typcategory = 'I' THEN '10.0.0.1'
    WHEN t.typname = 'macaddr' THEN '08:00:2b:01:02:03'
    WHEN t.typname = 'tsvector' THEN 'a'
    WHEN t.typname = 'point' THEN '(1,2)'
    WHEN t.typname = 'bit' THEN repeat('1', CASE WHEN typmod > 0 THEN typmod ELSE 1 END)
    WHEN t.typname = 'varbit' THEN '1'
    WHEN t.typname = 'hstore' THEN 'a=>1'
    WHEN t.typname = 'ltree' THEN 'a'
  END AS value
FROM base JOIN pg_type t ON t.oid = base.type WHERE t.typtype <> 'd'
ORDER BY base.attrelid, attnum`;

/** The rows of a table before, by the names of its columns. */
export type Rows = ReadonlyMap<string, readonly Readonly<Record<string, unknown>>[]>;

/** Puts a row into each table that takes one, inside the open transaction, and gives all rows that there are then. */
export async function putMarkers(database: Database): Promise<Rows> {
  const columns = (await database.ask(COLUMNS)) as readonly Column[];
  const tables = new Map<string, Column[]>();
  for (const column of columns) tables.set(column.relation, [...(tables.get(column.relation) ?? []), column]);
  // neither triggers nor foreign keys have a say
  await database.ask('SET LOCAL session_replication_role = replica');
  for (const [relation, own] of tables) await putRow(database, relation, own);
  await database.ask('SET LOCAL session_replication_role = origin');
  const rows = new Map<string, readonly Readonly<Record<string, unknown>>[]>();
  for (const relation of tables.keys()) rows.set(relation, await rowsOf(database, relation));
  return rows;
}

/** A row as full as the table's own checks let it be. */
async function putRow(database: Database, relation: string, columns: readonly Column[]): Promise<void> {
  const known = columns.filter(({ value }) => value !== null);
  for (const chosen of [
    known,
    known.filter(({ isText, required }) => !isText || required),
    columns.filter(c => c.required),
  ]) {
    const names = chosen.map(({ column }) => column).join(', ');
    const values = chosen.map(({ value }) => (value === null ? 'NULL' : `'${value.replaceAll("'", "''")}'`)).join(', ');
    const insert = chosen.length
      ? `INSERT INTO ${relation} (${names}) OVERRIDING SYSTEM VALUE VALUES (${values})`
      : `INSERT INTO ${relation} DEFAULT VALUES`;
    await database.ask('SAVEPOINT marker');
    const put = await database.tries(insert);
    if (!put) await database.ask('ROLLBACK TO marker');
    await database.ask('RELEASE marker');
    if (put) return;
  }
}

async function rowsOf(database: Database, relation: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const rows = await database.ask(`SELECT to_jsonb(row) AS row FROM ${relation} row LIMIT 1000`);
  return rows.map(found => (found as { row: Record<string, unknown> }).row);
}

/** What of the rows is not there any more, in words: `orders: 1 of 1 rows`, `orders.note`. */
export async function lostOf(database: Database, before: Rows): Promise<readonly string[]> {
  const lost: string[] = [];
  for (const [relation, rows] of before) {
    const after = await rowsOf(database, relation);
    const left = [...after];
    const columns = new Set<string>();
    let gone = 0;
    for (const row of rows) {
      const at = left.findIndex(other => Object.keys(row).every(name => isSame(row[name], other[name])));
      if (at >= 0) {
        left.splice(at, 1);
        continue;
      }
      const nearest = nearestTo(row, left);
      if (nearest) {
        left.splice(left.indexOf(nearest), 1);
        for (const name of Object.keys(row)) if (!isSame(row[name], nearest[name])) columns.add(name);
      } else gone += 1;
    }
    const table = shortName(relation);
    if (gone > 0) lost.push(`rows of ${table}`);
    for (const name of columns) lost.push(`values of ${table}.${name}`);
  }
  return lost;
}

const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

/** The row that shares most with it. */
function nearestTo(
  row: Readonly<Record<string, unknown>>,
  others: readonly Readonly<Record<string, unknown>>[],
): Readonly<Record<string, unknown>> | undefined {
  const shared = (other: Readonly<Record<string, unknown>>): number =>
    Object.keys(row).filter(name => isSame(row[name], other[name])).length;
  return others.reduce<Readonly<Record<string, unknown>> | undefined>(
    (best, other) => (best === undefined || shared(other) > shared(best) ? other : best),
    undefined,
  );
}
