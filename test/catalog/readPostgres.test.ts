import { beforeAll, describe, expect, test } from 'vitest';
import type { Operation, OperationKind, OperationOf } from '../../src/catalog/operation';
import { readPostgres } from '../../src/catalog/readPostgres';
import { loadPostgresTrees, type PostgresTrees } from '../../src/sql/postgresTree';

let trees: PostgresTrees;
beforeAll(async () => {
  trees = await loadPostgresTrees();
});

const operations = (text: string): readonly Operation[] => readPostgres(trees, text).flatMap(one => one.operations);

function only<Kind extends OperationKind>(text: string, kind: Kind): OperationOf<Kind> {
  const found = operations(text);
  expect(found.map(one => one.kind)).toEqual([kind]);
  return found[0] as OperationOf<Kind>;
}

const at = (text: string, span: { start: number; end: number } | undefined): string | undefined =>
  span && text.slice(span.start, span.end);

/** The text with a bar where the position is. */
const bar = (text: string, position: number): string => `${text.slice(0, position)}|${text.slice(position)}`;

describe('places', () => {
  test('a column and its parts, in a file that is not ASCII', () => {
    const text = `-- größe
CREATE TABLE "Ström".t (
  id bigserial PRIMARY KEY, -- é
  naïve varchar(20) COLLATE "C" CONSTRAINT nn NOT NULL DEFAULT 'ä' || 'b' CHECK (naïve <> ''),
  o_id int REFERENCES o (id) ON DELETE SET NULL NOT NULL,
  at timestamp with time zone GENERATED ALWAYS AS (now()) STORED
);`;
    const table = only(text, 'createTable');
    expect(at(text, table.name.span)).toBe('"Ström".t');
    expect(table.name).toMatchObject({ schema: 'Ström', name: 't' });
    expect(bar('CREATE TABLE "S', table.ifNotExistsAt - table.statement.start)).toBe('CREATE TABLE| "S');
    expect(table.columns.map(column => at(text, column.name.span))).toEqual(['id', 'naïve', 'o_id', 'at']);
    expect(table.columns.map(column => column.type.written)).toEqual([
      'bigserial',
      'varchar(20)',
      'int',
      'timestamp with time zone',
    ]);
    expect(table.columns.map(column => column.type.name)).toEqual([
      'bigint',
      'character varying',
      'integer',
      'timestamp with time zone',
    ]);
    const [id, name, order, time] = table.columns;
    expect(id?.type.serial).toBe('bigserial');
    expect(at(text, name?.span)).toBe(
      `naïve varchar(20) COLLATE "C" CONSTRAINT nn NOT NULL DEFAULT 'ä' || 'b' CHECK (naïve <> '')`,
    );
    expect(at(text, name?.notNull?.span)).toBe('CONSTRAINT nn NOT NULL');
    expect(name?.default?.value.text).toBe(`'ä' || 'b'`);
    expect(name?.constraints.map(one => one.kind === 'check' && one.expression.text)).toEqual([`naïve <> ''`]);
    expect(at(text, order?.constraints[0]?.span)).toBe('REFERENCES o (id) ON DELETE SET NULL');
    expect(at(text, order?.notNull?.span)).toBe('NOT NULL');
    expect(time?.generated?.value.text).toBe('now()');
  });

  test('the words that fixes put in', () => {
    const index = 'CREATE UNIQUE INDEX i ON t (lower(a) DESC, b) INCLUDE (c) WHERE a IS NOT NULL';
    const created = only(index, 'createIndex');
    expect(bar(index, created.concurrentlyAt)).toMatch(/^CREATE UNIQUE INDEX\| i/);
    expect(created.elements.map(element => element.expression?.text ?? element.column?.name)).toEqual([
      'lower(a)',
      'b',
    ]);
    expect(created.where?.text).toBe('a IS NOT NULL');
    expect(created.include.map(one => at(index, one.span))).toEqual(['c']);

    const constraint =
      'ALTER TABLE t ADD CONSTRAINT c FOREIGN KEY (a) REFERENCES o (id), ADD COLUMN IF NOT EXISTS x int';
    const [foreignKey, column] = operations(constraint);
    expect(foreignKey?.kind === 'addConstraint' && bar(constraint, foreignKey.constraint.notValidAt)).toMatch(
      /REFERENCES o \(id\)\|, ADD/,
    );
    expect(column?.kind === 'addColumn' && at(constraint, column.ifNotExists)).toBe('IF NOT EXISTS');

    const drop = 'DROP INDEX CONCURRENTLY IF EXISTS a, b.c CASCADE';
    const dropped = only(drop, 'drop');
    expect(at(drop, dropped.concurrently)).toBe('CONCURRENTLY');
    expect(at(drop, dropped.ifExists)).toBe('IF EXISTS');
    expect(at(drop, dropped.cascade)).toBe('CASCADE');
    expect(dropped.objects.map(one => at(drop, one.name.span))).toEqual(['a', 'b.c']);
    const bare = 'DROP INDEX a';
    expect(bar(bare, only(bare, 'drop').concurrentlyAt)).toBe('DROP INDEX| a');

    const detach = 'ALTER TABLE t DETACH PARTITION p';
    expect(bar(detach, only(detach, 'detachPartition').concurrentlyAt)).toBe(`${detach}|`);
    const reindex = 'REINDEX TABLE t';
    expect(bar(reindex, only(reindex, 'reindex').concurrentlyAt)).toBe('REINDEX TABLE| t');
  });

  test('NOT VALID, USING INDEX and USING', () => {
    const valid = 'ALTER TABLE t ADD CHECK (a > 0) NOT VALID';
    const added = only(valid, 'addConstraint');
    expect(at(valid, added.constraint.notValid)).toBe('NOT VALID');
    const using = 'ALTER TABLE t ADD CONSTRAINT u UNIQUE USING INDEX i';
    const { constraint } = only(using, 'addConstraint');
    expect(constraint.kind === 'unique' && at(using, constraint.usingIndex?.span)).toBe('i');
    const type = 'ALTER TABLE t ALTER a TYPE numeric(10, 2) USING a::numeric(10, 2), ALTER b SET DEFAULT 1';
    const [changed] = operations(type);
    expect(changed?.kind === 'setColumnType' && [changed.type.written, changed.using?.text]).toEqual([
      'numeric(10, 2)',
      'a::numeric(10, 2)',
    ]);
  });
});

test('variables of psql stand for values; where they are names, what is meant is not known', () => {
  const kinds = (text: string) => readPostgres(trees, text).flatMap(one => one.operations.map(({ kind }) => kind));
  expect(kinds("UPDATE t SET a = :a, b = :'b' WHERE c[1:2] = x::int[]")).toEqual(['update']);
  expect(kinds("INSERT INTO t SELECT :'a'::date")).toEqual(['insert']);
  expect(kinds('CREATE TABLE :name (a int)')).toEqual(['unread']);
  expect(kinds('SELECT * FROM :"name"')).toEqual(['unread']);
});

test('every kind of statement is read', () => {
  const kinds = (text: string) => operations(text).map(one => one.kind);
  expect(
    kinds(`
    CREATE SCHEMA s CREATE TABLE t (a int);
    CREATE TYPE e AS ENUM ('a', 'b'); ALTER TYPE e ADD VALUE 'c' AFTER 'a'; ALTER TYPE e RENAME VALUE 'a' TO 'z';
    CREATE DOMAIN d AS text NOT NULL CHECK (value <> ''); ALTER DOMAIN d DROP CONSTRAINT d_check;
    CREATE FUNCTION f(a int DEFAULT 1) RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
    ALTER FUNCTION f(int) IMMUTABLE;
    CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();
    CREATE POLICY p ON t USING (true); ALTER POLICY p ON t TO bob;
    CREATE RULE r AS ON INSERT TO t DO INSTEAD NOTHING;
    CREATE VIEW v AS SELECT 1; CREATE MATERIALIZED VIEW m AS SELECT 1; REFRESH MATERIALIZED VIEW CONCURRENTLY m;
    CREATE SEQUENCE q; ALTER SEQUENCE q OWNED BY t.a; CREATE EXTENSION citext; CREATE STATISTICS st ON a, b FROM t;
    COMMENT ON COLUMN s.t.a IS 'x'; GRANT SELECT ON t TO bob; ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO bob;
    ALTER TABLE t OWNER TO bob; ALTER TABLE t SET SCHEMA s; ALTER TABLE t RENAME COLUMN a TO b;
    INSERT INTO t SELECT 1; UPDATE t SET a = 1; DELETE FROM t; TRUNCATE t CASCADE; COPY t FROM STDIN;
    BEGIN; SET LOCAL lock_timeout = '5s'; SELECT pg_catalog.set_config('search_path', '', false); COMMIT;
    SELECT count(*) FROM t; SELECT do_it(); CALL x(); VACUUM FULL t; CLUSTER t; LOCK t; CREATE PUBLICATION pub;
    SELECT 1 INTO TEMP x;`),
  ).toEqual(
    `createSchema createTable createEnum addEnumLabel renameEnumLabel createDomain alterDomain createFunction
    alterFunction createTrigger createPolicy alterPolicy createRule createView createMaterializedView
    refreshMaterializedView createSequence alterSequence createExtension createStatistics comment grant grant setOwner
    setSchema rename insert update delete truncate copy transaction setParameter setParameter transaction query unread
    unread vacuum cluster lockTable createOther createTableAs`.split(/\s+/),
  );
});

test('blocks that create what is not there are read, others are not', () => {
  expect(
    only(
      `DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_type WHERE typname = 'e') THEN CREATE TYPE e AS ENUM ('a'); END IF; END $$`,
      'createEnum',
    ),
  ).toMatchObject({ unlessExists: true, name: { name: 'e' } });
  expect(
    only(`DO $$ BEGIN CREATE TYPE e AS ENUM ('a'); EXCEPTION WHEN duplicate_object THEN null; END $$`, 'createEnum')
      .unlessExists,
  ).toBe(true);
  expect(only(`DO $$ BEGIN PERFORM f(); END $$`, 'unread').why).toBe('block');
});

test('blocks that drop a constraint by what the server has called it are read', () => {
  const dropped = (within: string) =>
    only(
      `DO $$ DECLARE found text; BEGIN SELECT conname INTO STRICT found FROM pg_constraint WHERE conrelid = 'a'::regclass AND contype = ${within}; EXECUTE format('ALTER TABLE a DROP CONSTRAINT %I', found); END $$`,
      'dropConstraint',
    ).unnamed;
  expect(dropped("'p'")).toEqual({ kind: 'primaryKey' });
  expect(
    dropped("'u' AND (SELECT attnum FROM pg_attribute WHERE attrelid = conrelid AND attname = 'b') = ANY (conkey)"),
  ).toMatchObject({ kind: 'unique', column: { name: 'b' } });
});

test('a default is dropped before the type changes, and set after it', () => {
  const kinds = operations(
    "ALTER TABLE a ALTER b SET DEFAULT 'x', ALTER b TYPE mood USING b::mood, ALTER b SET NOT NULL, ALTER c DROP DEFAULT",
  ).map(({ kind }) => kind);
  expect(kinds).toEqual(['dropDefault', 'setColumnType', 'setNotNull', 'setDefault']);
});

test('a statement that does not parse costs itself', () => {
  const text = 'CREATE TABLE a (x int); CREATE TABEL b (y int); CREATE TABLE c (z int)';
  expect(operations(text).map(one => (one.kind === 'unread' ? at(text, one.span) : one.kind))).toEqual([
    'createTable',
    'TABEL',
    'createTable',
  ]);
});

test.each([
  ['INSERT INTO a (x) VALUES (1,, 2)', false],
  ['UPDATE a SET x = = 1', false],
  ["INSERT INTO a (x) VALUES ('CREATE',, 2)", false],
  ['INSERT INTO a (x) VALUES (1) CREATE TABLE b (y int)', true],
  ['CREATE TABEL b (y int)', true],
])('whether %s may change the schema though it does not parse: %s', (text, mayChangeSchema) => {
  expect(operations(text)).toMatchObject([{ kind: 'unread', mayChangeSchema }]);
});
