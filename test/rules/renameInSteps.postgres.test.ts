/** Renames in steps, on a real server: what old and new code do before, between and after them, and what the schema is then. */
import { describe, expect, test } from 'vitest';
import { takeSnapshot } from '../../src/lab/snapshot';
import { splitStatements } from '../../src/sql/statements';
import { usesPostgres } from '../support/postgres';
import type { Files } from '../support/reviewProgram';
import { renamedInSteps } from './renameInSteps';

const postgres = usesPostgres();
const run = (sql: string) => postgres().execute(sql);

/** Sends each statement by itself, as a tool does outside of a transaction. */
async function runEach(sql: string): Promise<void> {
  for (const { text } of splitStatements(sql, 'postgresql')) await run(text);
}

async function emptied(): Promise<void> {
  await run('DROP SCHEMA public CASCADE; CREATE SCHEMA public');
}

/** In an order of its own: that of the server's columns is no part of a schema. */
const schemaNow = async (): Promise<readonly string[]> =>
  (await takeSnapshot(run)).map(row => JSON.stringify(row)).sort();

const SETUP = `
CREATE TABLE teams (id bigint PRIMARY KEY);
CREATE TABLE users (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), name text NOT NULL DEFAULT 'nobody' CHECK (name <> ''), team_id bigint REFERENCES teams (id),
  shown text GENERATED ALWAYS AS (upper(name)) STORED, UNIQUE (team_id, name)
);
CREATE INDEX users_name_idx ON users (name DESC);
CREATE INDEX users_lower_idx ON users (lower(name)) WHERE name <> 'x';
CREATE VIEW names AS SELECT name FROM users;
COMMENT ON COLUMN users.name IS 'As on the door';`;

const migrations = (step: string, down: string): Files =>
  new Map([
    ['db/1_a.up.sql', SETUP],
    ['db/1_a.down.sql', 'DROP VIEW names; DROP TABLE users; DROP TABLE teams;'],
    ['db/2_b.up.sql', step],
    ['db/2_b.down.sql', down],
  ]);

const RENAME = 'ALTER TABLE users RENAME COLUMN name TO full_name;\n';

describe('a column', () => {
  test('survives old and new code, and ends as the rename would have it', async () => {
    const files = migrations(RENAME, 'ALTER TABLE users RENAME COLUMN full_name TO name;\n');
    const { after, added } = await renamedInSteps(files);
    const ups = added.filter(file => file.endsWith('.up.sql'));
    expect(ups.map(file => file.replace(/^db\/\d+_/, ''))).toEqual([
      'fill_users_full_name.up.sql',
      'add_users_team_id_full_name_meanwhile.up.sql',
      'add_users_full_name_meanwhile.up.sql',
      'drop_users_name.up.sql',
    ]);
    const [fill = '', ...later] = ups.map(file => after.get(file) ?? '');
    const contract = later.pop() ?? '';
    const downOf = (file: string) => after.get(file.replace('.up.', '.down.')) ?? '';

    await emptied();
    await run(SETUP);
    const atFirst = await schemaNow();
    await run(RENAME);
    const renamed = await schemaNow();

    await emptied();
    await run(SETUP);
    await run(
      "INSERT INTO teams SELECT generate_series(1, 3); INSERT INTO users (name, team_id) SELECT 'u' || n, n % 3 + 1 FROM generate_series(1, 25000) n",
    );
    await run(after.get('db/2_b.up.sql') ?? '');
    // the old version
    const [old] = await run("INSERT INTO users (name) VALUES ('old') RETURNING id");
    await run('INSERT INTO users (team_id) VALUES (1)');
    await run("UPDATE users SET name = 'older' WHERE name = 'old'");
    // the new version
    await run("INSERT INTO users (full_name) VALUES ('new')");
    await run("UPDATE users SET full_name = 'newer' WHERE full_name = 'new'");
    await run("UPDATE users SET team_id = 2 WHERE name = 'u1'");
    expect(await run(`SELECT name, full_name FROM users WHERE id = '${old?.id}'`)).toEqual([
      { name: 'older', full_name: 'older' },
    ]);
    expect(
      await run("SELECT name, full_name FROM users WHERE name IN ('newer', 'nobody', 'u1') ORDER BY name"),
    ).toEqual([
      { name: 'newer', full_name: 'newer' },
      { name: 'nobody', full_name: 'nobody' },
      { name: 'u1', full_name: 'u1' },
    ]);
    await expect(run("UPDATE users SET full_name = NULL WHERE name = 'older'")).rejects.toThrow(
      'null value in column "name"',
    );
    await expect(run("INSERT INTO users (full_name) VALUES ('')")).rejects.toThrow('users_name_check');

    await run(fill);
    for (const index of later) await run(index);
    expect(await run('SELECT count(*)::int AS differ FROM users WHERE name IS DISTINCT FROM full_name')).toEqual([
      { differ: 0 },
    ]);
    // what new code asks by is unique in its own right
    await run("INSERT INTO users (full_name, team_id) VALUES ('u3', 1) ON CONFLICT (team_id, full_name) DO NOTHING");
    const between = await schemaNow();
    const values = await run('SELECT id, full_name FROM users ORDER BY id');

    await runEach(contract);
    expect(await schemaNow()).toEqual(renamed);
    expect(await run('SELECT id, full_name FROM users ORDER BY id')).toEqual(values);
    await run("INSERT INTO users (full_name) VALUES ('last')");

    await run(downOf(ups.at(-1) ?? ''));
    expect(await schemaNow()).toEqual(between);
    expect(await run('SELECT count(*)::int AS differ FROM users WHERE name IS DISTINCT FROM full_name')).toEqual([
      { differ: 0 },
    ]);
    for (const file of ups.slice(1, -1).reverse()) await runEach(downOf(file));
    await run(after.get('db/2_b.down.sql') ?? '');
    expect(await schemaNow()).toEqual(atFirst);
  });
});

describe('a table', () => {
  test('is written under both names between the steps, and ends as the rename would have it', async () => {
    const step = 'ALTER TABLE users RENAME TO people;\n';
    const { after, added } = await renamedInSteps(migrations(step, 'ALTER TABLE people RENAME TO users;\n'));
    expect(added).toEqual(['db/3_drop_view_users.down.sql', 'db/3_drop_view_users.up.sql']);

    await emptied();
    await run(SETUP);
    const atFirst = await schemaNow();
    await run(step);
    const renamed = await schemaNow();

    await emptied();
    await run(SETUP);
    await run(after.get('db/2_b.up.sql') ?? '');
    await run("INSERT INTO users (name) VALUES ('old')");
    await run("INSERT INTO people (name) VALUES ('new')");
    await run("UPDATE users SET name = 'newer' WHERE name = 'new'");
    await run("DELETE FROM users WHERE name = 'old'");
    expect(await run('SELECT name FROM people')).toEqual([{ name: 'newer' }]);
    expect(await run('SELECT name, shown FROM users')).toEqual([{ name: 'newer', shown: 'NEWER' }]);
    const between = await schemaNow();
    await run(after.get('db/3_drop_view_users.up.sql') ?? '');
    expect(await schemaNow()).toEqual(renamed);
    await run(after.get('db/3_drop_view_users.down.sql') ?? '');
    expect(await schemaNow()).toEqual(between);
    await run(after.get('db/2_b.down.sql') ?? '');
    expect(await schemaNow()).toEqual(atFirst);
  });
});
