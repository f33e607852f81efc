/**
 * What `locks.ts` says of a statement, against what servers do: the locks that a session holds behind it, and whether
 * a table was read, written anew or indexed under them.
 */
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { emptyCatalog } from '../../src/catalog/catalog';
import { fold } from '../../src/catalog/fold';
import { locksOf } from '../../src/catalog/locks';
import { readPostgres } from '../../src/catalog/readPostgres';
import { loadPostgresTrees, type PostgresTrees } from '../../src/sql/postgresTree';
import { installedServers, usesPostgres } from '../support/postgres';

const SCHEMA = `
CREATE SCHEMA elsewhere;
CREATE DOMAIN positive AS int CHECK (VALUE > 0);
CREATE DOMAIN plain AS int;
CREATE TABLE parent (id int PRIMARY KEY, note text);
CREATE TABLE other (id int PRIMARY KEY);
CREATE TABLE child (id int PRIMARY KEY, parent_id int CONSTRAINT child_parent REFERENCES parent, other_id int);
CREATE TABLE t (id int NOT NULL, a int, b int NOT NULL, note varchar(20), amount numeric(10, 2), at timestamp, domained plain,
  CONSTRAINT a_set CHECK (a IS NOT NULL));
ALTER TABLE t ADD CONSTRAINT later CHECK (a > 0) NOT VALID;
CREATE DOMAIN late AS int;
ALTER DOMAIN late ADD CONSTRAINT small CHECK (VALUE < 9) NOT VALID;
CREATE TABLE sizes (id int NOT NULL, size late NOT NULL);
CREATE UNIQUE INDEX t_id ON t (id);
CREATE UNIQUE INDEX t_a ON t (a);
CREATE UNIQUE INDEX t_note ON t (note);
ALTER TABLE child ADD CONSTRAINT child_other FOREIGN KEY (other_id) REFERENCES other NOT VALID;
CREATE TABLE parts (id int, day int) PARTITION BY RANGE (day);
CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM (1) TO (10);
CREATE TABLE halves (id int, day int) PARTITION BY RANGE (day);
CREATE TABLE halves_rest PARTITION OF halves DEFAULT;
CREATE TABLE loose (id int, day int);
CREATE TABLE checked (id int, day int NOT NULL, CONSTRAINT days CHECK (day >= 30 AND day < 40));
CREATE FUNCTION noop() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER stamp BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION noop();
CREATE VIEW seen AS SELECT id FROM loose;
CREATE MATERIALIZED VIEW counted AS SELECT id FROM loose;
CREATE UNIQUE INDEX counted_id ON counted (id);
CREATE POLICY own ON parent USING (true);
CREATE RULE quiet AS ON DELETE TO other DO INSTEAD NOTHING;
`;
const ROWS = `
INSERT INTO parent SELECT n, 'x' FROM generate_series(1, 5) n;
INSERT INTO other VALUES (1);
INSERT INTO child VALUES (1, 1, 1);
INSERT INTO t (id, a, b, note, amount, at) VALUES (1, 1, 1, 'x', 1, now());
INSERT INTO loose VALUES (1, 25);
INSERT INTO halves VALUES (1, 5);
INSERT INTO sizes VALUES (1, 1);
INSERT INTO checked VALUES (1, 35);
REFRESH MATERIALIZED VIEW counted;
`;

/** Statements that a transaction can hold open. */
const STATEMENTS = [
  'CREATE INDEX ON t (a)',
  'CREATE INDEX IF NOT EXISTS t_note ON t (note)',
  'CREATE INDEX ON ONLY parts (id)',
  'REINDEX INDEX t_note',
  'REINDEX TABLE t',
  'DROP INDEX t_note',
  'ALTER INDEX t_note RENAME TO t_remark',
  'ALTER TABLE t RENAME TO u',
  'ALTER TABLE t RENAME COLUMN a TO c',
  'ALTER TABLE t RENAME CONSTRAINT a_set TO c',
  'ALTER TRIGGER stamp ON t RENAME TO c',
  'ALTER TABLE t SET SCHEMA elsewhere',
  'ALTER TABLE t OWNER TO CURRENT_USER',
  'CREATE TRIGGER c AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION noop()',
  'DROP TRIGGER stamp ON t',
  'ALTER TABLE t DISABLE TRIGGER stamp',
  'ALTER TABLE t DISABLE TRIGGER ALL',
  'CREATE POLICY c ON t USING (true)',
  'ALTER POLICY own ON parent USING (false)',
  'DROP POLICY own ON parent',
  'CREATE RULE c AS ON INSERT TO t DO INSTEAD NOTHING',
  'DROP RULE quiet ON other',
  'ALTER TABLE t ENABLE ROW LEVEL SECURITY',
  'DROP TABLE t',
  'DROP TABLE child',
  'DROP TABLE parent CASCADE',
  'DROP MATERIALIZED VIEW counted',
  'CREATE TABLE n (id int REFERENCES parent)',
  'CREATE TABLE n (id int, FOREIGN KEY (id) REFERENCES parent)',
  'CREATE TABLE n (LIKE t INCLUDING ALL)',
  'CREATE TABLE n PARTITION OF parts FOR VALUES FROM (10) TO (20)',
  'ALTER TABLE parts ATTACH PARTITION loose FOR VALUES FROM (20) TO (30)',
  'ALTER TABLE parts ATTACH PARTITION checked FOR VALUES FROM (30) TO (40)',
  'CREATE TABLE n PARTITION OF halves FOR VALUES FROM (20) TO (30)',
  'ALTER TABLE halves ATTACH PARTITION loose FOR VALUES FROM (20) TO (30)',
  'ALTER TABLE parts DETACH PARTITION parts_1',
  'TRUNCATE t',
  'TRUNCATE parent CASCADE',
  'LOCK TABLE t',
  'LOCK TABLE t IN SHARE MODE',
  'LOCK TABLE t IN EXCLUSIVE MODE',
  'LOCK TABLE t IN ROW EXCLUSIVE MODE',
  'LOCK TABLE t IN SHARE UPDATE EXCLUSIVE MODE',
  'LOCK TABLE t IN SHARE ROW EXCLUSIVE MODE',
  'CLUSTER t USING t_note',
  'REFRESH MATERIALIZED VIEW counted',
  'REFRESH MATERIALIZED VIEW counted WITH NO DATA',
  'REFRESH MATERIALIZED VIEW CONCURRENTLY counted',
  'ALTER TABLE t ADD CONSTRAINT c CHECK (b > 0)',
  'ALTER TABLE t ADD CONSTRAINT c CHECK (b > 0) NOT VALID',
  'ALTER TABLE t ADD CONSTRAINT c UNIQUE (b)',
  'ALTER TABLE t ADD CONSTRAINT c UNIQUE USING INDEX t_id',
  'ALTER TABLE t ADD PRIMARY KEY (b)',
  'ALTER TABLE t ADD CONSTRAINT c PRIMARY KEY USING INDEX t_id',
  'ALTER TABLE t ADD CONSTRAINT c PRIMARY KEY USING INDEX t_a',
  'ALTER TABLE t ADD CONSTRAINT c PRIMARY KEY USING INDEX t_note',
  'ALTER TABLE child DROP CONSTRAINT child_pkey, ADD CONSTRAINT c PRIMARY KEY (id)',
  'ALTER TABLE t ADD CONSTRAINT c EXCLUDE (b WITH =)',
  'ALTER TABLE t ADD CONSTRAINT c FOREIGN KEY (a) REFERENCES parent',
  'ALTER TABLE t ADD CONSTRAINT c FOREIGN KEY (a) REFERENCES parent NOT VALID',
  'ALTER TABLE parent ADD CONSTRAINT c FOREIGN KEY (id) REFERENCES parent',
  'ALTER TABLE t VALIDATE CONSTRAINT later',
  'ALTER TABLE child VALIDATE CONSTRAINT child_other',
  'ALTER TABLE t DROP CONSTRAINT a_set',
  'ALTER TABLE child DROP CONSTRAINT child_parent',
  'ALTER TABLE parent DROP CONSTRAINT parent_pkey CASCADE',
  'ALTER TABLE child ALTER CONSTRAINT child_parent DEFERRABLE',
  'ALTER TABLE t ADD COLUMN c int',
  'ALTER TABLE t ADD COLUMN c int DEFAULT 1',
  'ALTER TABLE t ADD COLUMN c int NOT NULL DEFAULT 1',
  'ALTER TABLE t ADD COLUMN c timestamptz DEFAULT now()',
  'ALTER TABLE t ADD COLUMN c timestamptz DEFAULT clock_timestamp()',
  'ALTER TABLE t ADD COLUMN c uuid DEFAULT gen_random_uuid()',
  'ALTER TABLE t ADD COLUMN c float DEFAULT random()',
  'ALTER TABLE t ADD COLUMN c serial',
  'ALTER TABLE t ADD COLUMN c int GENERATED ALWAYS AS IDENTITY',
  'ALTER TABLE t ADD COLUMN c int GENERATED ALWAYS AS (id + 1) STORED',
  'ALTER TABLE t ADD COLUMN c int UNIQUE',
  'ALTER TABLE t ADD COLUMN c int CHECK (c > 0)',
  'ALTER TABLE t ADD COLUMN c int DEFAULT 1 CHECK (c > 0)',
  'ALTER TABLE t ADD COLUMN c int CONSTRAINT k PRIMARY KEY DEFAULT 1',
  'ALTER TABLE t ADD COLUMN c int REFERENCES parent',
  'ALTER TABLE t ADD COLUMN c int DEFAULT 1 REFERENCES parent',
  'ALTER TABLE t ADD COLUMN c plain DEFAULT 1',
  'ALTER TABLE t ADD COLUMN c positive',
  'ALTER TABLE t ADD COLUMN c positive DEFAULT 1',
  'ALTER TABLE t DROP COLUMN note',
  'ALTER TABLE child DROP COLUMN parent_id',
  'ALTER TABLE t ALTER COLUMN note SET DEFAULT 1',
  'ALTER TABLE t ALTER COLUMN id SET NOT NULL',
  'ALTER TABLE t ALTER COLUMN a SET NOT NULL',
  'ALTER TABLE t ALTER COLUMN note SET NOT NULL',
  'ALTER TABLE t ALTER COLUMN b DROP NOT NULL',
  'ALTER TABLE t ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY',
  'ALTER TABLE t ALTER COLUMN a SET STATISTICS 200',
  'ALTER TABLE t ALTER COLUMN a SET (n_distinct = 5)',
  'ALTER TABLE t ALTER COLUMN note SET STORAGE EXTERNAL',
  'ALTER TABLE t ALTER COLUMN note SET COMPRESSION pglz',
  'ALTER TABLE t SET (fillfactor = 70)',
  'ALTER TABLE t SET (autovacuum_enabled = false)',
  'ALTER TABLE t RESET (fillfactor)',
  'ALTER TABLE t CLUSTER ON t_note',
  'ALTER TABLE t SET WITHOUT CLUSTER',
  'ALTER TABLE t SET UNLOGGED',
  'ALTER TABLE t REPLICA IDENTITY FULL',
  'ALTER TABLE t REPLICA IDENTITY USING INDEX t_id',
  'ALTER DOMAIN plain ADD CONSTRAINT c CHECK (VALUE > 0)',
  'ALTER DOMAIN plain ADD CONSTRAINT c CHECK (VALUE > 0) NOT VALID',
  'ALTER DOMAIN late VALIDATE CONSTRAINT small',
  'ALTER DOMAIN late SET NOT NULL',
  'UPDATE t SET a = 2',
  'CREATE VIEW v AS SELECT * FROM t',
  'CREATE MATERIALIZED VIEW v AS SELECT * FROM t',
];

/** Statements that no transaction takes: seen while they wait for a session that does this. */
const WRITES = 'INSERT INTO t (id, a, b) VALUES (7, 7, 7)';
const ALONE = [
  ['CREATE INDEX CONCURRENTLY ON t (b)', WRITES],
  ['DROP INDEX CONCURRENTLY t_note', WRITES],
  ['REINDEX INDEX CONCURRENTLY t_note', WRITES],
  ['REINDEX TABLE CONCURRENTLY t', WRITES],
  ['ALTER TABLE parts DETACH PARTITION parts_1 CONCURRENTLY', 'LOCK TABLE parts IN SHARE UPDATE EXCLUSIVE MODE'],
  ['VACUUM FULL t', WRITES],
] as const;

const STRENGTH = ['SHARE UPDATE EXCLUSIVE', 'SHARE', 'SHARE ROW EXCLUSIVE', 'EXCLUSIVE', 'ACCESS EXCLUSIVE'];

interface Seen {
  /** The strongest lock on each table of the schema. */
  readonly locks: Readonly<Record<string, string>>;
  /** Whether rows were read or written under one. */
  readonly long: boolean;
}

function seen(locks: readonly { readonly table: string; readonly mode: string }[], long: boolean): Seen {
  const strongest: Record<string, string> = {};
  for (const { table, mode } of [...locks].sort((a, b) => STRENGTH.indexOf(a.mode) - STRENGTH.indexOf(b.mode)))
    if (STRENGTH.includes(mode)) strongest[table] = mode;
  return { locks: strongest, long: long && Object.keys(strongest).length > 0 };
}

let trees: PostgresTrees;
beforeAll(async () => {
  trees = await loadPostgresTrees();
});

/** What the table of locks says. */
function said(statement: string, major: number): Seen {
  const options = { postgresVersion: major };
  const read = (sql: string) => readPostgres(trees, sql).flatMap(({ operations }) => operations);
  let { catalog } = fold(emptyCatalog({ complete: true }), read(SCHEMA), options);
  const locks = [];
  let long = false;
  for (const operation of read(statement)) {
    for (const lock of locksOf(operation, catalog, major)) {
      if (lock.table) locks.push({ table: lock.table.name, mode: lock.mode });
      long ||= lock.long;
    }
    catalog = fold(catalog, [operation], options).catalog;
  }
  return seen(locks, long);
}

describe.each(installedServers())('what PostgreSQL $major locks', installed => {
  const server = usesPostgres(installed);
  let session: Client;
  let tables: ReadonlyMap<string, string>;
  beforeAll(async () => {
    await server().execute(SCHEMA);
    await server().execute(ROWS);
    session = new Client(server().connection);
    await session.connect();
    const { rows } = await session.query<{ oid: string; relname: string }>(
      "SELECT oid::text, relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'm')",
    );
    tables = new Map(rows.map(({ oid, relname }) => [oid, relname]));
  }, 60_000);
  afterAll(() => session?.end());

  /** The files with rows in them, and how often they were read from end to end. */
  const work = async () => {
    const { rows } = await session.query<{ files: string; reads: string }>(
      `SELECT string_agg(oid || ':' || pg_relation_filenode(oid), ',' ORDER BY oid)
           FILTER (WHERE relkind <> 'p' AND pg_relation_size(oid) > 0) AS files,
         coalesce(sum(pg_stat_get_xact_numscans(oid)) FILTER (WHERE pg_relation_size(oid) > 0), 0)::text AS reads
       FROM pg_class WHERE oid = ANY($1::oid[])`,
      [[...tables.keys()]],
    );
    return { files: new Set(rows[0]?.files.split(',')), reads: Number(rows[0]?.reads) };
  };

  async function happens(statement: string): Promise<Seen> {
    await session.query('BEGIN');
    try {
      const before = await work();
      await session.query(statement);
      const { rows } = await session.query<{ relation: string; mode: string }>(
        "SELECT relation::text, mode FROM pg_locks WHERE pid = pg_backend_pid() AND granted AND locktype = 'relation'",
      );
      const after = await work();
      return seen(held(rows), after.reads > before.reads || [...after.files].some(file => !before.files.has(file)));
    } finally {
      await session.query('ROLLBACK');
    }
  }

  /** Another session holds the statement up until it has been looked at; then it is called off. */
  async function waitsWith(statement: string, other: string): Promise<Seen['locks']> {
    const alone = new Client(server().connection);
    await alone.connect();
    await session.query(`BEGIN; ${other}`);
    try {
      const { rows } = await alone.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
      const ended = alone.query(statement).then(
        () => 'ended',
        (error: unknown) => String(error),
      );
      const [{ pid } = { pid: 0 }] = rows;
      for (;;) {
        const [waits] = (
          await session.query(`SELECT wait_event_type = 'Lock' AS waits FROM pg_stat_get_activity(${pid})`)
        ).rows;
        if (waits?.waits) break;
        const early = await Promise.race([ended, new Promise(resolve => setTimeout(resolve, 20))]);
        if (early !== undefined) throw new Error(`nothing held it up: ${early}`);
      }
      const locks = await session.query<{ relation: string; mode: string }>(
        `SELECT relation::text, mode FROM pg_locks WHERE pid = ${pid} AND locktype = 'relation'`,
      );
      await session.query(`SELECT pg_cancel_backend(${pid})`);
      await ended;
      return seen(held(locks.rows), true).locks;
    } finally {
      await session.query('ROLLBACK');
      await alone.end();
    }
  }

  const held = (rows: readonly { readonly relation: string; readonly mode: string }[]) =>
    rows.flatMap(({ relation, mode }) => {
      const table = tables.get(relation);
      return table ? [{ table, mode: inWords(mode) }] : [];
    });

  test.each(STATEMENTS)('%s', async statement => {
    expect(said(statement, installed.major)).toEqual(await happens(statement));
  });

  test('a new foreign key waits for writers of the referenced table with its own table locked', async () => {
    const writes = 'LOCK TABLE parent IN ROW EXCLUSIVE MODE';
    const column = await waitsWith('ALTER TABLE t ADD COLUMN c int REFERENCES parent', writes);
    expect(column).toEqual({ t: 'ACCESS EXCLUSIVE', parent: 'SHARE ROW EXCLUSIVE' });
    const constraint = await waitsWith('ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES parent', writes);
    expect(constraint).toEqual({ t: 'SHARE ROW EXCLUSIVE', parent: 'SHARE ROW EXCLUSIVE' });
  });

  // last: what is called off may leave an invalid index
  test.each(ALONE)('%s', async (statement, other) => {
    expect(said(statement, installed.major).locks).toEqual(await waitsWith(statement, other));
  });
});

/** `ShareRowExclusiveLock` as the documentation writes it. */
const inWords = (mode: string): string =>
  mode
    .replace(/Lock$/, '')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toUpperCase();
