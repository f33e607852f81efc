import { Client } from 'pg';
import { expect, test } from 'vitest';
import { usesPostgres } from './postgres';

const postgres = usesPostgres();

test('statements run on a real server', async () => {
  await postgres().execute("CREATE TABLE greeting (words text); INSERT INTO greeting VALUES ('hello')");
  const client = new Client(postgres().connection);
  await client.connect();
  const { rows } = await client.query('SELECT words, version() FROM greeting');
  await client.end();
  expect(rows).toEqual([{ words: 'hello', version: expect.stringMatching(/^PostgreSQL \d+/) }]);
});
