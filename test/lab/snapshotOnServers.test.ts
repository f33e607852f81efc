/** The same question to a server that is not embedded. */
import { Client } from 'pg';
import { expect, test } from 'vitest';
import { compareSnapshots } from '../../src/lab/differences';
import { takeSnapshot } from '../../src/lab/snapshot';
import { usesPostgres } from '../support/postgres';

const server = usesPostgres();

test('a real server answers as the embedded one does', async () => {
  const client = new Client(server().connection);
  await client.connect();
  const ask = async (sql: string) => (await client.query(sql)).rows;
  const before = await takeSnapshot(ask);
  await client.query(`CREATE TYPE status AS ENUM ('a'); CREATE TABLE orders (id bigserial PRIMARY KEY, status status);
    CREATE PUBLICATION p FOR TABLE orders; CREATE EXTENSION hstore; CREATE COLLATION c (provider = libc, locale = 'C');
    CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w; CREATE FOREIGN TABLE far (id int) SERVER s;
    CREATE TEXT SEARCH CONFIGURATION words (COPY = english); CREATE AGGREGATE total(int) (SFUNC = int4pl, STYPE = int);
    CREATE OPERATOR === (FUNCTION = int4eq, LEFTARG = int, RIGHTARG = int)`);
  const after = await takeSnapshot(ask);
  await client.end();
  expect(compareSnapshots(before, before)).toEqual([]);
  expect(compareSnapshots(before, after).map(({ kind, name, change }) => `${change} ${kind} ${name}`)).toEqual([
    'left operator ===(integer, integer)',
    'left collation c',
    'left foreign table far',
    'left extension hstore',
    'left table orders',
    'left publication p',
    'left server s',
    'left type status',
    'left aggregate total(integer)',
    'left foreign-data wrapper w',
    'left text search configuration words',
  ]);
});
