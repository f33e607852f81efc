import { describe, expect, test } from 'vitest';
import { mayBeMigration } from '../../src/migrations/read';
import { companionOf } from '../../src/migrations/sqlFiles';
import { brief, read, textAt } from './read';

describe('an up and a down in files of their own', () => {
  test.each([
    ['migrations/1_a.up.sql', 'migrations/1_a.down.sql'],
    ['migrations/1_a.down.sql', 'migrations/1_a.up.sql'],
    ['000001_a.UP.sql', '000001_a.DOWN.sql'],
    ['diesel/2019-04-12-121212_a/up.sql', 'diesel/2019-04-12-121212_a/down.sql'],
    ['migrations/sqls/20150101-a-up.sql', 'migrations/sqls/20150101-a-down.sql'],
    ['migrations/1_a.sql', undefined],
    ['src/pick-up.sql', undefined],
    ['schema/up.sql', undefined],
  ])('%s belongs with %s', (file, other) => {
    expect(companionOf(file)).toBe(other);
    expect(mayBeMigration(file, '')).toBe(other !== undefined);
  });

  const UP = 'CREATE TABLE orders (id bigint PRIMARY KEY);\n';
  test.each<[string, string | undefined, string]>([
    ['missing', undefined, 'create table orders | missing'],
    ['empty', '', 'create table orders | empty'],
    ['a comment', '-- nothing to do\n', 'create table orders | empty'],
    ['the template of db-migrate', '/* Replace with your SQL commands */', 'create table orders | empty'],
    ['an empty transaction', 'BEGIN;\nCOMMIT;', 'create table orders | empty'],
    ['a constant', 'SELECT 1;', 'create table orders | empty'],
    [
      'a setting',
      "SET search_path TO public; SELECT pg_catalog.set_config('a', 'b', false);",
      'create table orders | empty',
    ],
    ['an exception', "DO $$ BEGIN RAISE EXCEPTION 'no way back'; END $$;", 'create table orders | throws'],
    ['a signal', "SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'no way back';", 'create table orders | throws'],
    ['its drop', 'DROP TABLE orders;', 'create table orders | present'],
    ['its drop with a schema', 'DROP TABLE IF EXISTS "public"."orders" CASCADE;', 'create table orders | present'],
    ['another table', 'DROP TABLE order_items;', 'create table orders | names none'],
    ['a typo', 'DROP TABLE order;', 'create table orders | names none'],
    ['only rows of another table', 'DELETE FROM settings;', 'create table orders | names none'],
    ['a block that drops it', "DO $$ BEGIN EXECUTE 'DROP TABLE orders'; END $$;", 'create table orders | present'],
    [
      'a block that may drop anything',
      "DO $$ BEGIN EXECUTE format('DROP TABLE %I', x()); END $$;",
      'create table orders | present',
    ],
    ['a function that may do anything', "SELECT drop_everything('2024');", 'create table orders | present'],
    ['a call', 'CALL undo(3);', 'create table orders | present'],
    ['what stands elsewhere', '\\i undo/orders.sql\n', 'create table orders | present'],
    ['what is no SQL', 'drop the orders please', 'create table orders | present'],
  ])('the down is %s', async (_, down, expected) => {
    const files = { 'm/1_a.up.sql': UP, ...(down === undefined ? {} : { 'm/1_a.down.sql': down }) };
    expect(brief(await read('m/1_a.up.sql', files))).toBe(expected);
  });

  test('both halves read alike, and mark the down where there is one', async () => {
    const files = {
      'm/1_a.up.sql': '-- the orders\nSET lock_timeout = 1;\nCREATE TABLE orders (\n  id bigint\n);',
      'm/1_a.down.sql': '\n-- kept \nSELECT 1;',
    };
    const [fromUp, fromDown] = [await read('m/1_a.up.sql', files), await read('m/1_a.down.sql', files)];
    expect(fromUp?.down).toEqual(fromDown?.down);
    expect(fromUp?.at).toEqual(fromDown?.at);
    expect([fromUp?.file, fromDown?.file]).toEqual(['m/1_a.up.sql', 'm/1_a.down.sql']);
    expect(fromUp && (await textAt(fromUp.at, files))).toBe('CREATE TABLE orders');
    expect(fromUp?.down.state === 'empty' && (await textAt(fromUp.down.at, files))).toBe('-- kept');
  });

  test('a down without its up is no migration, nor is an up without statements', async () => {
    expect(await read('m/1_a.down.sql', { 'm/1_a.down.sql': 'DROP TABLE a;' })).toBeUndefined();
    expect(await read('m/1_a.up.sql', { 'm/1_a.up.sql': '-- later\n' })).toBeUndefined();
  });

  test.each([
    ['m/1_a.up.sql', 'sql-pairs', '1_a', '1_a.down.sql'],
    ['m/2019-04-12-121212_a/up.sql', 'diesel', '2019-04-12-121212_a', 'down.sql'],
    ['m/sqls/20150101-a-up.sql', 'db-migrate', '20150101-a', '20150101-a-down.sql'],
  ])('%s is of %s', async (file, tool, name, downBelongs) => {
    expect(await read(file, { [file]: UP })).toMatchObject({ tool, name, downBelongs, down: { state: 'missing' } });
  });
});

describe('what an up does', () => {
  const up = async (sql: string, down?: string, dialect: 'postgresql' | 'mysql' = 'postgresql') =>
    brief(
      await read('1_a.up.sql', { '1_a.up.sql': sql, ...(down === undefined ? {} : { '1_a.down.sql': down }) }, dialect),
    );

  test.each([
    ["INSERT INTO plans VALUES (1, 'free');", 'data | missing'],
    ['UPDATE users SET name = lower(name);', 'data | missing'],
    ['WITH old AS (DELETE FROM a RETURNING *) INSERT INTO b SELECT * FROM old;', 'data | missing'],
    ["COMMENT ON TABLE users IS 'people'; GRANT SELECT ON users TO reader;", 'soft | missing'],
    ['ALTER TABLE users OWNER TO app;', 'soft | missing'],
    ['ANALYZE users;', 'soft | missing'],
    ["SELECT setval('users_id_seq', 100);", 'none | missing'],
    ['SELECT create_hypertable($$metrics$$, $$at$$);', 'unknown | missing'],
    ['CREATE TEMP TABLE t (a int); INSERT INTO users SELECT * FROM t;', 'data | missing'],
    [
      "DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_type WHERE typname = 'mood') THEN CREATE TYPE mood AS ENUM ('ok'); END IF; END $$;",
      'create type mood | missing',
    ],
    [
      'DO $$ BEGIN CREATE TYPE mood AS ENUM (); EXCEPTION WHEN duplicate_object THEN NULL; END $$;',
      'create type mood | missing',
    ],
    [
      'INSERT INTO a VALUES (1); ALTER TABLE a DROP COLUMN b, ADD COLUMN c int;',
      'drop column a.b, create column a.c | missing',
    ],
  ])('%s', async (sql, expected) => expect(await up(sql)).toBe(expected));

  test.each([
    ['the index that the server names', 'CREATE INDEX ON orders (total);', 'DROP INDEX orders_total_idx;', 'present'],
    ['an index of another table', 'CREATE INDEX ON orders (total);', 'DROP INDEX users_name_idx;', 'names none'],
    [
      'a dropped index that comes back unnamed',
      'DROP INDEX orders_total_idx;',
      'CREATE INDEX ON invoices (total);',
      'present',
    ],
    ['a dropped table that does not come back', 'DROP TABLE orders;', 'CREATE TABLE invoices (id int);', 'names none'],
    ['a renamed table', 'ALTER TABLE a RENAME TO b;', 'ALTER TABLE b RENAME TO a;', 'present'],
    ['the schema around it', 'CREATE SCHEMA x; CREATE TABLE x.orders (id int);', 'DROP SCHEMA x CASCADE;', 'present'],
    [
      'what a call made',
      'CREATE TABLE orders (id int); SELECT partition_by_month();',
      'DROP TABLE order_months;',
      'present',
    ],
    ['a name in capitals', 'CREATE TABLE Orders (id int);', 'drop table ORDERS;', 'present'],
  ])('%s', async (_, sql, down, expected) => expect(await up(sql, down)).toMatch(new RegExp(`\\| ${expected}$`)));

  test('MySQL has its own quotes, comments and statements', async () => {
    expect(await up('# a note\nRENAME TABLE `a` TO `b`; ALTER TABLE `c` CHANGE d e int;', '# none', 'mysql')).toBe(
      'rename table a to b, rename column c.d to e | empty',
    );
  });
});

describe('an up and a down as sections of one file', () => {
  test.each([
    ['dbmate', '-- migrate:up\nCREATE TABLE a (id int);\n', 'create table a | missing'],
    [
      'dbmate',
      '-- migrate:up transaction:false\nCREATE TABLE a (id int);\n-- migrate:down\n',
      'create table a | empty',
    ],
    [
      'dbmate',
      '-- migrate:up\nCREATE TABLE a (id int);\n\n-- migrate:down\nDROP TABLE a;\n',
      'create table a | present',
    ],
    [
      'dbmate',
      '-- migrate:up\nCREATE TABLE a (id int);\n\n-- migrate:down\nDROP TABLE b;\n',
      'create table a | names none',
    ],
    ['dbmate', '-- migrate:up\nUPDATE a SET b = 1;\n\n-- migrate:down\n', 'data | empty'],
    ['dbmate', '-- migrate:down\nDROP TABLE a;\n-- migrate:up\nCREATE TABLE a (id int);\n', 'create table a | present'],
    ['goose', '-- +goose Up\nCREATE TABLE a (id int);\n', 'create table a | missing'],
    [
      'goose',
      "-- +goose Up\n-- +goose StatementBegin\nCREATE TABLE a (id int);\n-- +goose StatementEnd\n\n-- +goose Down\n-- +goose StatementBegin\nSELECT 'down SQL query';\n-- +goose StatementEnd\n",
      'create table a | empty',
    ],
    [
      'goose',
      '-- +goose NO TRANSACTION\n-- +goose Up\nCREATE INDEX CONCURRENTLY i ON a (b);\n-- +goose Down\nDROP INDEX CONCURRENTLY i;\n',
      'create index a.i | present',
    ],
    [
      'goose',
      '-- +goose up\nALTER TABLE a ADD b int;\n-- +goose down\nALTER TABLE c DROP d;\n',
      'create column a.b | names none',
    ],
    ['node-pg-migrate', '-- Up Migration\nCREATE TABLE a (id int);\n-- Down Migration\n', 'create table a | empty'],
    ['node-pg-migrate', '-- Up Migration\nCREATE TABLE a (id int);\n', 'create table a | missing'],
  ])('%s: %j', async (tool, text, expected) => {
    expect(mayBeMigration('db/1_a.sql', text)).toBe(true);
    const fact = await read('db/1_a.sql', { 'db/1_a.sql': text });
    expect(fact?.tool).toBe(tool);
    expect(brief(fact)).toBe(expected);
  });

  test('the markers are what is marked', async () => {
    const files = { '1.sql': '-- migrate:up\n-- orders\nCREATE TABLE a (id int);\n\n-- migrate:down  \n' };
    const fact = await read('1.sql', files);
    expect(fact && (await textAt(fact.at, files))).toBe('CREATE TABLE a');
    expect(fact?.down.state === 'empty' && (await textAt(fact.down.at, files))).toBe('-- migrate:down');
  });

  test('a file without markers is no migration', async () => {
    expect(
      await read('schema.sql', { 'schema.sql': 'CREATE TABLE a (id int); -- migrate: up to the users' }),
    ).toBeUndefined();
  });
});
