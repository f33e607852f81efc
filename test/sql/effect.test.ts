import { describe, expect, test } from 'vitest';
import type { Dialect } from '../../src/sql/dialect';
import { effectOf, namesIn } from '../../src/sql/effect';
import { splitStatements } from '../../src/sql/statements';
import { HOLE } from '../../src/sql/tokens';

/** `create table orders; alter column orders.total?`: with `?` where something is not known. */
const effect = (text: string, dialect: Dialect = 'postgresql'): string =>
  splitStatements(text, dialect)
    .map(statement => effectOf(text, statement, dialect))
    .map(({ effect: what, changes, complete }) => {
      const told = changes.map(
        ({ action, kind, name, on, to }) =>
          `${action} ${kind} ${[on, name ?? '?'].filter(Boolean).join('.')}${to ? ` to ${to}` : ''}`,
      );
      return (told.length > 0 ? told.join(', ') : what) + (complete ? '' : ' …');
    })
    .join('; ');

describe('PostgreSQL', () => {
  test.each([
    ['CREATE TABLE IF NOT EXISTS public."Orders" (id int)', 'create table Orders'],
    ['CREATE UNLOGGED TABLE a AS SELECT 1', 'create table a'],
    ['CREATE TEMPORARY TABLE a (b int)', 'none'],
    ['CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS i ON ONLY s.t USING btree (a)', 'create index t.i'],
    ['CREATE INDEX ON t (a)', 'create index t.?'],
    ['CREATE OR REPLACE VIEW v AS SELECT 1', 'create view v'],
    ['CREATE MATERIALIZED VIEW v AS SELECT 1', 'create materialized view v'],
    ['CREATE OR REPLACE FUNCTION f(a int) RETURNS int LANGUAGE sql AS $$ SELECT 1 $$', 'create function f'],
    ['CREATE TRIGGER g BEFORE INSERT OR UPDATE OF a ON t FOR EACH ROW EXECUTE FUNCTION f()', 'create trigger t.g'],
    ['CREATE EVENT TRIGGER g ON ddl_command_end EXECUTE FUNCTION f()', 'create trigger ddl_command_end.g'],
    ["CREATE TYPE mood AS ENUM ('ok')", 'create type mood'],
    ['CREATE SCHEMA AUTHORIZATION joe', 'create schema joe'],
    ['CREATE EXTENSION "uuid-ossp"', 'create extension uuid-ossp'],
    ['CREATE POLICY p ON t USING (true)', 'create policy t.p'],
    ['CREATE RULE r AS ON INSERT TO t DO INSTEAD NOTHING', 'create rule t.r'],
    ['CREATE ROLE reader', 'unknown …'],
    [`CREATE TABLE ${HOLE} (id int)`, 'create table ? …'],
    [`CREATE TABLE orders_${HOLE} (id int)`, 'create table ? …'],
    [
      'ALTER TABLE IF EXISTS ONLY t ADD COLUMN IF NOT EXISTS c numeric(10, 2), DROP d CASCADE',
      'create column t.c, drop column t.d',
    ],
    [
      'ALTER TABLE t ADD CONSTRAINT k CHECK (a > 0) NOT VALID, ADD UNIQUE (a)',
      'create constraint t.k, create constraint t.?',
    ],
    ['ALTER TABLE t ALTER COLUMN a TYPE text, ALTER b SET NOT NULL', 'alter column t.a, alter column t.b'],
    ['ALTER TABLE t RENAME TO u', 'rename table t to u'],
    ['ALTER TABLE t RENAME COLUMN a TO b', 'rename column t.a to b'],
    ['ALTER TABLE t RENAME a TO b', 'rename column t.a to b'],
    ['ALTER TABLE t RENAME CONSTRAINT a TO b', 'rename constraint t.a to b'],
    ['ALTER TABLE t OWNER TO joe', 'soft'],
    ['ALTER TABLE t VALIDATE CONSTRAINT k', 'alter constraint t.k'],
    ['ALTER TABLE t ENABLE ROW LEVEL SECURITY', 'alter table t'],
    ['ALTER TABLE t ATTACH PARTITION p FOR VALUES IN (1)', 'alter table t'],
    ["ALTER TYPE mood ADD VALUE 'sad'", 'alter type mood'],
    ['ALTER TYPE mood RENAME VALUE $$a$$ TO $$b$$', 'alter type mood'],
    ['ALTER INDEX a RENAME TO b', 'rename index a to b'],
    ['ALTER SEQUENCE s RESTART WITH 5', 'soft'],
    ['ALTER FUNCTION f(int, text) OWNER TO joe', 'soft'],
    ['ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO joe', 'soft'],
    ['ALTER DATABASE d SET a = 1', 'unknown …'],
    ['DROP TABLE IF EXISTS a, s.b CASCADE', 'drop table a, drop table b'],
    ['DROP FUNCTION f(int, text), g()', 'drop function f, drop function g'],
    ['DROP INDEX CONCURRENTLY i', 'drop index i'],
    ['DROP TRIGGER g ON t', 'drop trigger t.g'],
    ['DROP OWNED BY joe', 'unknown …'],
    ['TRUNCATE a', 'data'],
    ['SELECT 1', 'none'],
    ['SELECT f(1)', 'unknown …'],
    ['SELECT * INTO b FROM a', 'unknown …'],
    ['SELECT * FROM a WHERE b IN (1) AND (c)', 'none'],
    ['WITH a AS (UPDATE b SET c = 1 RETURNING *) SELECT * FROM a', 'data'],
    ["DO $$ BEGIN RAISE EXCEPTION 'no'; END $$", 'fails'],
    ["DO $$ BEGIN RAISE NOTICE 'no'; END $$", 'none'],
    ["DO $$ BEGIN IF EXISTS (SELECT 1 FROM a) THEN RAISE EXCEPTION 'no'; END IF; END $$", 'none'],
    ["DO $$ BEGIN IF a THEN NULL; END IF; RAISE EXCEPTION 'no'; END $$", 'fails'],
    ["DO $$ BEGIN FOR r IN SELECT 1 FROM a LOOP RAISE EXCEPTION 'no'; END LOOP; END $$", 'none'],
    ["DO $$ BEGIN NULL; EXCEPTION WHEN others THEN RAISE EXCEPTION 'no'; END $$", 'none'],
    ['DO $$ DECLARE a int; b text := 1; BEGIN NULL; END $$', 'none'],
    ['DO $$ BEGIN UPDATE a SET b = CASE WHEN c THEN 1 ELSE 2 END; END $$', 'data'],
    ['DO $$ BEGIN IF a THEN ALTER TABLE t ADD b int; ELSE PERFORM f(); END IF; END $$', 'create column t.b …'],
    ['DO $x$ BEGIN UPDATE a SET b = 1; END $x$', 'data'],
    ["DO $$ BEGIN EXECUTE 'DROP TABLE a'; END $$", 'unknown …'],
    ['COMMENT ON TABLE a IS NULL', 'soft'],
    ['REFRESH MATERIALIZED VIEW a', 'soft'],
    ['what is this', 'unknown …'],
  ])('%s', (text, expected) => expect(effect(text)).toBe(expected));
});

describe('other dialects', () => {
  test.each<[Dialect, string, string]>([
    [
      'mysql',
      'ALTER TABLE `t` ADD (a int, b int), ADD INDEX `i` (a), ADD FOREIGN KEY (a) REFERENCES u (a), DROP FOREIGN KEY k, DROP PRIMARY KEY',
      'create column t.a, create column t.b, create index t.i, create constraint t.?, drop constraint t.k, drop constraint t.?',
    ],
    [
      'mysql',
      'ALTER TABLE t MODIFY a text, CHANGE b c int, CHANGE d d int',
      'alter column t.a, rename column t.b to c, alter column t.d',
    ],
    ['mysql', 'RENAME TABLE a TO b, c TO d', 'rename table a to b, rename table c to d'],
    ['mysql', 'DROP INDEX i ON t', 'drop index t.i'],
    ['mysql', 'CREATE DEFINER=`root`@`localhost` PROCEDURE p() SELECT 1', 'create procedure p'],
    ['mysql', 'CREATE FULLTEXT INDEX i ON t (a)', 'create index t.i'],
    ['mysql', "SIGNAL SQLSTATE '45000'", 'fails'],
    ['transactsql', 'ALTER TABLE [dbo].[t] ADD a int, b int', 'create column t.a, create column t.b'],
    ['transactsql', 'ALTER TABLE dbo.Orders ADD OrderTotal int', 'create column Orders.OrderTotal'],
    ['transactsql', 'CREATE TABLE #t (a int)', 'none'],
    ['transactsql', 'CREATE OR ALTER PROC p AS SELECT 1', 'create procedure p'],
    ['transactsql', 'EXEC sp_rename $a, $b', 'unknown …'],
    ['sqlite', 'PRAGMA foreign_keys = ON', 'none'],
    ['sqlite', 'CREATE VIRTUAL TABLE t USING fts5(a)', 'create table t'],
  ])('%s: %s', (dialect, text, expected) => expect(effect(text, dialect)).toBe(expected));
});

test('the names in a text are those of its literals and bodies too, and not of its comments', () => {
  const names = namesIn(
    '-- gone\nDROP TABLE "Orders"; DO $$ EXECUTE \'drop view v2\' $$; /* gone too */',
    'postgresql',
  );
  expect(['orders', 'v2', 'view'].every(name => names.has(name))).toBe(true);
  expect(names.has('gone')).toBe(false);
});
