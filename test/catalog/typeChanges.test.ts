/** What `typeChanges.ts` and `volatility.ts` say that a statement costs, against what servers do to the rows. */
import { Client, DatabaseError } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TypeUse } from '../../src/catalog/definition';
import { readPostgres } from '../../src/catalog/readPostgres';
import { costOfTypeChange } from '../../src/catalog/typeChanges';
import { loadPostgresTrees, type PostgresTrees } from '../../src/sql/postgresTree';
import { installedServers, usesPostgres } from '../support/postgres';

const CHANGES = [
  ['varchar(20)', 'varchar(40)'],
  ['varchar(20)', 'varchar(20)'],
  ['varchar(20)', 'varchar(10)'],
  ['varchar(20)', 'varchar'],
  ['varchar(20)', 'text'],
  ['varchar', 'text'],
  ['varchar', 'varchar(20)'],
  ['text', 'varchar'],
  ['text', 'varchar(20)'],
  ['char(5)', 'char(10)'],
  ['char(5)', 'text'],
  ['char(5)', 'varchar(5)'],
  ['numeric(10, 2)', 'numeric(12, 2)'],
  ['numeric(10, 2)', 'numeric(8, 2)'],
  ['numeric(10, 2)', 'numeric(12, 4)'],
  ['numeric(10, 2)', 'numeric'],
  ['numeric', 'numeric(10, 2)'],
  ['int', 'bigint'],
  ['bigint', 'int'],
  ['smallint', 'int'],
  ['int', 'numeric'],
  ['int', 'oid'],
  ['oid', 'int'],
  ['int', 'text'],
  ['real', 'double precision'],
  ['timestamp', 'timestamptz'],
  ['timestamptz', 'timestamp'],
  ['timestamp(3)', 'timestamp(6)'],
  ['timestamp(6)', 'timestamp(3)'],
  ['timestamp(3)', 'timestamp'],
  ['timestamp', 'timestamp(3)'],
  ['timestamptz(3)', 'timestamptz'],
  ['time(3)', 'time(6)'],
  ['interval(3)', 'interval(6)'],
  ['interval', 'interval(3)'],
  ['date', 'timestamp'],
  ['timestamp', 'date'],
  ['cidr', 'inet'],
  ['bit(4)', 'bit(8)'],
  ['varbit(4)', 'varbit(8)'],
  ['varbit(4)', 'varbit'],
  ['xml', 'text'],
  ['json', 'jsonb'],
  ['json', 'text'],
  ['text', 'jsonb'],
  ['uuid', 'text'],
  ['text', 'uuid'],
  ['text', 'citext'],
  ['varchar(20)', 'citext'],
  ['char(20)', 'citext'],
  ['citext', 'text'],
  ['citext', 'varchar'],
  ['citext', 'varchar(20)'],
  ['mood', 'text'],
  ['text', 'mood'],
  ['int[]', 'bigint[]'],
  ['varchar(5)[]', 'varchar(9)[]'],
  ['varchar(5)[]', 'text[]'],
  ['varchar(5)[]', 'varchar[]'],
  ['varchar[]', 'text[]'],
  ['varchar[]', 'varchar(5)[]'],
  ['numeric(10, 2)[]', 'numeric[]'],
  ['numeric(10, 2)[]', 'numeric(12, 2)[]'],
  ['char(5)[]', 'char[]'],
  ['char(5)[]', 'bpchar[]'],
  ['bit(5)[]', 'bit[]'],
  ['varbit(5)[]', 'varbit[]'],
  ['timestamp(3)[]', 'timestamp[]'],
  ['interval(3)[]', 'interval[]'],
  ['int', 'int[]'],
  ['boolean', 'int'],
  ['bytea', 'text'],
  ['name', 'text'],
] as const;

let trees: PostgresTrees;
beforeAll(async () => {
  trees = await loadPostgresTrees();
});

function typeOf(written: string): TypeUse {
  const [one] = readPostgres(trees, `ALTER TABLE t ALTER COLUMN c TYPE ${written}`).flatMap(each => each.operations);
  if (one?.kind !== 'setColumnType') throw new Error(`no type: ${written}`);
  return one.type;
}

describe.each(installedServers())('what PostgreSQL $major does for a type', installed => {
  const server = usesPostgres(installed);
  let session: Client;
  beforeAll(async () => {
    session = new Client(server().connection);
    await session.connect();
    await session.query("CREATE EXTENSION citext; CREATE TYPE mood AS ENUM ('good'); SET TIME ZONE 'Europe/Zurich'");
  }, 60_000);
  afterAll(() => session?.end());

  /** Rows of NULL are enough: the server decides by the types. */
  async function costs(from: string, to: string, { indexed = false, zone = 'Europe/Zurich' }): Promise<string> {
    await session.query('BEGIN');
    try {
      await session.query(`SET LOCAL TIME ZONE '${zone}'; CREATE TABLE t (c ${from}); INSERT INTO t VALUES (NULL)`);
      if (indexed) await orElse('CREATE INDEX ON t (c)', undefined);
      const before = await state();
      await orElse(
        `ALTER TABLE t ALTER COLUMN c TYPE ${to}`,
        `ALTER TABLE t ALTER COLUMN c TYPE ${to} USING c::text::${to}`,
      );
      const after = await state();
      return after?.file !== before?.file ? 'rewrite' : after?.scans > before?.scans ? 'reindex' : 'none';
    } finally {
      await session.query('ROLLBACK');
    }
  }

  const state = async () =>
    (
      await session.query(
        "SELECT pg_relation_filenode('t') AS file, pg_stat_get_xact_numscans('t'::regclass)::int AS scans",
      )
    ).rows[0];

  /** A second statement where the server refuses the first: no automatic cast, no index on such a type. */
  async function orElse(sql: string, other: string | undefined): Promise<void> {
    await session.query('SAVEPOINT plain');
    try {
      await session.query(sql);
    } catch (error) {
      await session.query('ROLLBACK TO plain');
      if (!(error instanceof DatabaseError)) throw error;
      if (other !== undefined) await session.query(other);
    }
  }

  test.each(CHANGES)('%s to %s', async (from, to) => {
    const said = costOfTypeChange(typeOf(from), typeOf(to), installed.major);
    expect(said === 'reindex' ? 'none' : said).toBe(await costs(from, to, {}));
    expect(said).toBe(await costs(from, to, { indexed: true }));
  });

  test('times in a session whose zone is UTC', async () => {
    for (const [from, to] of [
      ['timestamp', 'timestamptz'],
      ['timestamptz', 'timestamp'],
      ['timestamp(3)', 'timestamptz(3)'],
      ['timestamp(3)', 'timestamptz'],
      ['timestamp', 'timestamptz(3)'],
    ] as const) {
      const said = costOfTypeChange(typeOf(from), typeOf(to), installed.major, true);
      expect([from, to, said]).toEqual([from, to, await costs(from, to, { indexed: true, zone: 'UTC' })]);
    }
  });
});
