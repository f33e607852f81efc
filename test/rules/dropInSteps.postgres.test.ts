/** Drops in steps, on a real server: what old and new code do between them, and what the schema is then. */
import { describe, expect, test } from 'vitest';
import { takeSnapshot } from '../../src/lab/snapshot';
import { usesPostgres } from '../support/postgres';
import type { Files } from '../support/reviewProgram';
import { droppedInSteps } from './renameInSteps';

const postgres = usesPostgres();
const run = (sql: string) => postgres().execute(sql);

async function setUp(): Promise<void> {
  await run(`DROP SCHEMA public CASCADE; CREATE SCHEMA public; ${SETUP}`);
}

/** In an order of its own: that of the server's columns is no part of a schema. */
const schemaNow = async (): Promise<readonly string[]> =>
  (await takeSnapshot(run)).map(row => JSON.stringify(row)).sort();

const SETUP = `
CREATE TABLE teams (id bigint PRIMARY KEY, motto text);
CREATE TABLE users (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, team_id bigint REFERENCES teams (id), name text,
  nickname text NOT NULL CHECK (nickname <> '' AND length(nickname) < 40), UNIQUE (team_id, nickname)
);
CREATE INDEX users_lower_idx ON users (lower(nickname)) WHERE nickname <> 'x';
COMMENT ON COLUMN users.nickname IS 'As among friends';`;

/** The files of both steps, where the newest migration is this one, and all of it is asked for. */
async function steps(step: string, down: string) {
  const files: Files = new Map([
    ['db/1_a.up.sql', SETUP],
    ['db/1_a.down.sql', 'DROP TABLE users; DROP TABLE teams;'],
    ['db/2_b.up.sql', step],
    ['db/2_b.down.sql', down],
    [
      'src/a.ts',
      `import { Pool } from 'pg';
      const pool = new Pool();
      export const users = () => pool.query('SELECT nickname, t.motto FROM users JOIN teams AS t ON t.id = team_id');
      export const mottos = () => pool.query('SELECT motto FROM teams');`,
    ],
  ]);
  const { after, added } = await droppedInSteps(files, 'breaks-running-code');
  const [contractDown, contractUp] = added;
  const textOf = (file: string | undefined) => after.get(file ?? '') ?? '';
  return {
    added,
    expand: { up: textOf('db/2_b.up.sql'), down: textOf('db/2_b.down.sql') },
    contract: { up: textOf(contractUp), down: textOf(contractDown) },
  };
}

describe('a column that code must give', () => {
  test('is left out by new code and given by old code, and then is gone as by a plain drop', async () => {
    const drop = 'ALTER TABLE users DROP COLUMN nickname;\n';
    const { added, expand, contract } = await steps(drop, "ALTER TABLE users ADD COLUMN nickname text DEFAULT 'x';\n");
    expect(added).toEqual(['db/3_drop_users_nickname.down.sql', 'db/3_drop_users_nickname.up.sql']);

    await setUp();
    const atFirst = await schemaNow();
    await run(drop);
    const dropped = await schemaNow();

    await setUp();
    await expect(run("INSERT INTO users (name) VALUES ('new')")).rejects.toThrow('null value in column "nickname"');
    await run(expand.up);
    const between = await schemaNow();
    await run("INSERT INTO users (name, nickname) VALUES ('old', 'o')");
    await run("INSERT INTO users (name) VALUES ('new'), ('newer')");
    expect(await run('SELECT name, nickname FROM users ORDER BY name')).toEqual([
      { name: 'new', nickname: null },
      { name: 'newer', nickname: null },
      { name: 'old', nickname: 'o' },
    ]);
    // what the way back says of itself
    await expect(run(expand.down)).rejects.toThrow('contains null values');

    await run(contract.up);
    expect(await schemaNow()).toEqual(dropped);
    expect(await run('SELECT name FROM users ORDER BY name')).toHaveLength(3);

    await run(contract.down);
    expect(await schemaNow()).toEqual(between);
    await run("UPDATE users SET nickname = 'n' || id");
    await run(expand.down);
    expect(await schemaNow()).toEqual(atFirst);
  });
});

describe('what code may leave out', () => {
  test.each([
    ['a column', 'ALTER TABLE teams DROP COLUMN motto;\n', '3_drop_teams_motto'],
    ['a table', 'DROP TABLE teams CASCADE;\n', '3_drop_teams'],
  ])('%s is dropped by a migration of its own', async (_, drop, name) => {
    const { added, expand, contract } = await steps(drop, '');
    expect(added).toEqual([`db/${name}.down.sql`, `db/${name}.up.sql`]);

    await setUp();
    const atFirst = await schemaNow();
    await run(drop);
    const dropped = await schemaNow();

    await setUp();
    await run(expand.up);
    expect(await schemaNow()).toEqual(atFirst);
    await run(contract.up);
    expect(await schemaNow()).toEqual(dropped);
    await run(contract.down);
    expect(await schemaNow()).toEqual(atFirst);
    await run(expand.down);
    expect(await schemaNow()).toEqual(atFirst);
  });
});
