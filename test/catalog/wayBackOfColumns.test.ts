/** The way back of columns: their defaults and the sequences behind them, their settings and their names. */
import { beforeAll, describe, expect, test } from 'vitest';
import { type Catalog, emptyCatalog } from '../../src/catalog/catalog';
import { compareCatalogs, describeDifference } from '../../src/catalog/compare';
import { fold } from '../../src/catalog/fold';
import { readPostgres } from '../../src/catalog/readPostgres';
import { wayBack } from '../../src/catalog/wayBack';
import { loadPostgresTrees, type PostgresTrees } from '../../src/sql/postgresTree';

let trees: PostgresTrees;
beforeAll(async () => {
  trees = await loadPostgresTrees();
});

function run(catalog: Catalog, text: string): Catalog {
  const folded = fold(
    catalog,
    readPostgres(trees, text).flatMap(one => one.operations),
    { postgresVersion: 18 },
  );
  expect(folded.failures.map(({ says }) => says)).toEqual([]);
  return folded.catalog;
}

const nothing = emptyCatalog({ complete: true });

const CIRCLE = `
  CREATE TABLE b (id bigint NOT NULL); CREATE TABLE a (id bigserial);
  ALTER TABLE b ALTER id SET DEFAULT nextval('a_id_seq'); ALTER TABLE a INHERIT b;`;

describe('the way back', () => {
  test.each([
    [
      'a sequence that a parent’s default asks for is made before its own table',
      CIRCLE,
      'DROP TABLE b CASCADE',
      [
        'CREATE SEQUENCE a_id_seq;',
        "CREATE TABLE b (\n  id bigint NOT NULL DEFAULT nextval('a_id_seq')\n);",
        "CREATE TABLE a (\n  id bigint NOT NULL DEFAULT nextval('a_id_seq'::regclass)\n) INHERITS (b);",
        'ALTER SEQUENCE a_id_seq OWNED BY a.id;',
      ],
    ],
    [
      'and before the parent asks for it again',
      CIRCLE,
      'DROP TABLE a CASCADE',
      [
        'CREATE SEQUENCE a_id_seq;',
        "ALTER TABLE b ALTER COLUMN id SET DEFAULT nextval('a_id_seq');",
        "CREATE TABLE a (\n  id bigint NOT NULL DEFAULT nextval('a_id_seq'::regclass)\n) INHERITS (b);",
        'ALTER SEQUENCE a_id_seq OWNED BY a.id;',
      ],
    ],
    [
      'a parent asks for it no more before it falls',
      '',
      CIRCLE,
      ['ALTER TABLE b ALTER COLUMN id DROP DEFAULT;', 'DROP TABLE a;', 'DROP TABLE b;'],
    ],
    [
      'a table whose default asks for another’s sequence goes before that',
      '',
      `CREATE TABLE b (id bigint); CREATE TABLE a (id bigserial); ALTER SEQUENCE a_id_seq RENAME TO s;
       ALTER TABLE b ALTER id SET DEFAULT nextval('s')`,
      ['DROP TABLE b;', 'DROP TABLE a;'],
    ],
  ])('%s', (_, schema, up, statements) => {
    const before = run(nothing, schema);
    const after = run(before, up);
    const back = wayBack(after, before);
    expect(back.statements).toEqual(statements);
    expect(back.obstacles).toEqual([]);
    expect(compareCatalogs(before, run(after, back.statements.join('\n'))).map(describeDifference)).toEqual([]);
  });
});
