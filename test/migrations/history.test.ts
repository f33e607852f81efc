import { describe, expect, test } from 'vitest';
import { historiesOf, isToolsOwn, type MigrationHistory } from '../../src/migrations/history';

const read = (files: Readonly<Record<string, string>>): readonly MigrationHistory[] =>
  historiesOf(
    Object.entries(files).map(([file, text]) => ({ file, text })),
    'postgresql',
  );

/** Each history as lines: `tool folder`, then a step's name with its statements, `+` in one transaction, `.` alone. */
const told = (files: Readonly<Record<string, string>>): readonly string[] =>
  read(files).flatMap(({ tool, folder, steps }) => [
    `${tool} ${folder}`,
    ...steps.map(({ name, up, down, refused }) => {
      const script = (of: typeof up) =>
        `${of.inTransaction ? '+' : '.'} ${[...of.statements.map(({ sql }) => sql), ...of.untranslated.map(({ what, dataOnly }) => `${dataOnly ? 'rows' : 'unknown'}: ${what}`)].join('; ')}`;
      return `  ${name} ${script(up)} | ${down ? script(down) : 'none'}${refused ? ` (${refused})` : ''}`;
    }),
  ]);

describe('pairs', () => {
  test('are ordered by their number, and one query is one transaction', () => {
    expect(
      told({
        'db/10_c.up.sql': 'CREATE TABLE c ()',
        'db/9_b.up.sql': 'CREATE TABLE b (); CREATE INDEX i ON b (x);',
        'db/9_b.down.sql': 'DROP TABLE b;',
        'db/10_c.down.sql': '',
        'db/11_d.down.sql': 'DROP TABLE d',
      }),
    ).toEqual([
      'sql-pairs db',
      '  9_b + CREATE TABLE b (); CREATE INDEX i ON b (x) | . DROP TABLE b',
      '  10_c . CREATE TABLE c () | . ',
    ]);
  });

  test('two with one number are refused', () => {
    expect(told({ '3_a.up.sql': 'SELECT 1', '3_b.up.sql': 'SELECT 2', '4_c.up.sql': 'SELECT 3' })).toEqual([
      'sql-pairs ',
      '  3_a . SELECT 1 | none (3_b has the number 3 too)',
      '  3_b . SELECT 2 | none (3_a has the number 3 too)',
      '  4_c . SELECT 3 | none',
    ]);
  });

  test('BEGIN and COMMIT around all of it are the transaction', () => {
    expect(told({ '1_a.up.sql': 'BEGIN;\nSELECT 1;\nCOMMIT;\n' })[1]).toBe('  1_a + SELECT 1 | none');
  });

  test('in folders of their own', () => {
    expect(
      told({
        'm/2020-01-02-000000_a/up.sql': 'SELECT 1',
        'm/2020-01-02-000000_a/down.sql': 'SELECT 2',
        'm/2020-01-03-000000_b/up.sql': 'CREATE INDEX CONCURRENTLY i ON a (x)',
        'm/2020-01-03-000000_b/metadata.toml': 'run_in_transaction = false\n',
      }),
    ).toEqual([
      'diesel m',
      '  2020-01-02-000000_a + SELECT 1 | + SELECT 2',
      '  2020-01-03-000000_b . CREATE INDEX CONCURRENTLY i ON a (x) | none',
    ]);
  });
});

describe('sections', () => {
  test('of dbmate', () => {
    expect(
      told({
        'db/2_b.sql':
          '-- migrate:up transaction:false\nCREATE INDEX CONCURRENTLY i ON a (x);\n-- migrate:down transaction:false\nDROP INDEX CONCURRENTLY i;\n',
        'db/1_a.sql': '-- migrate:up\nCREATE TABLE a ();\n\n-- migrate:down\nDROP TABLE a;\n',
      }),
    ).toEqual([
      'dbmate db',
      '  1_a + CREATE TABLE a () | + DROP TABLE a',
      '  2_b . CREATE INDEX CONCURRENTLY i ON a (x) | . DROP INDEX CONCURRENTLY i',
    ]);
  });

  test('of goose, with statements that hold others', () => {
    const body = 'CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN 1; END $$';
    expect(
      told({
        '1_a.sql': `-- +goose Up\n-- +goose StatementBegin\n${body};\n-- +goose StatementEnd\nSELECT 1;\n-- +goose Down\nDROP FUNCTION f;\n`,
        '2_b.sql': '-- +goose NO TRANSACTION\n-- +goose Up\nVACUUM; ANALYZE;\n',
        '3_c.sql': "-- +goose ENVSUB ON\n-- +goose Up\nCREATE ROLE x PASSWORD '${PASSWORD}';\n",
      }),
    ).toEqual([
      'goose ',
      `  1_a + ${body}; SELECT 1 | + DROP FUNCTION f`,
      '  2_b . VACUUM; ANALYZE | none',
      "  3_c + CREATE ROLE x PASSWORD '${PASSWORD}'; unknown: a variable of the environment | none",
    ]);
  });

  test('of node-pg-migrate', () => {
    expect(told({ '1_a.sql': '-- Up Migration\nSELECT 1;\n-- Down Migration\nSELECT 2;\n' })).toEqual([
      'node-pg-migrate ',
      '  1_a + SELECT 1 | + SELECT 2',
    ]);
  });
});

test('what psql alone understands is said, and COPY is known to be rows', () => {
  expect(
    told({
      '1_a.up.sql': '\\set x 1\n\\i other.sql\nCOPY a (x) FROM stdin;\n1\n2\n\\.\nSELECT 1;\n',
    })[1],
  ).toBe("  1_a . SELECT 1; unknown: psql's \\i; rows: the rows of COPY | none");
});

test('a statement knows its place in the file', () => {
  const text = '-- migrate:up\nSELECT 1;\n-- migrate:down\n  SELECT 22;\n';
  const [step] = read({ 'a.sql': text })[0]?.steps ?? [];
  const at = step?.down?.statements[0]?.at;
  expect(text.slice(at?.start, at?.end)).toBe('SELECT 22');
  expect(at?.unit).toBe('a.sql');
});

test('the dialect is the one that is written', () => {
  expect(read({ '1_a.up.sql': 'CREATE TABLE `a` (id int AUTO_INCREMENT)' })[0]?.dialect).toBe('mysql');
});

test('the books of the tools', () => {
  expect(['schema_migrations', 'public.goose_db_version', '"SequelizeMeta"', 'orders'].map(isToolsOwn)).toEqual([
    true,
    true,
    true,
    false,
  ]);
});
