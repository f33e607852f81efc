/** What of two catalogs is looked at to tell them apart: what they share reads alike in both. */
import { beforeAll, describe, expect, test } from 'vitest';
import { aspectsOf } from '../../src/catalog/aspects';
import { type Catalog, emptyCatalog } from '../../src/catalog/catalog';
import { compareCatalogs, describeDifference } from '../../src/catalog/compare';
import { fold } from '../../src/catalog/fold';
import { readPostgres } from '../../src/catalog/readPostgres';
import { loadPostgresTrees, type PostgresTrees } from '../../src/sql/postgresTree';

let trees: PostgresTrees;
beforeAll(async () => {
  trees = await loadPostgresTrees();
});

const run = (catalog: Catalog, text: string): Catalog =>
  fold(
    catalog,
    readPostgres(trees, text).flatMap(one => one.operations),
  ).catalog;

const SHOP = `
  CREATE TABLE item (id serial PRIMARY KEY, name text DEFAULT upper('x'), price int CHECK (price > 0));
  CREATE INDEX item_name ON item (lower(name)) WHERE price > 1;
  CREATE TABLE line (id int GENERATED ALWAYS AS IDENTITY, item int REFERENCES item (id));`;

describe('two versions of a catalog', () => {
  test('what parts of a table both have are left out, those that differ are not', () => {
    const before = run(emptyCatalog({ complete: true }), SHOP);
    const after = run(before, 'ALTER TABLE item ALTER price SET NOT NULL, ADD note text');
    const item = [...after.objects.unlike(before.objects)];
    expect([...aspectsOf(after, item, before).keys()]).toEqual(['table item', 'column item.price', 'column item.note']);
    expect(compareCatalogs(before, after).map(describeDifference)).toEqual([
      'column item.note is not dropped',
      'column item.price is NOT NULL, was NULL',
    ]);
  });

  test.each([
    ['ALTER TABLE item RENAME COLUMN price TO cost', ['price', 'cost', 'item_price_check', 'item_name']],
    ['ALTER TABLE line ADD note text; ALTER TABLE item RENAME TO goods', ['goods', 'line_item_fkey']],
    ['ALTER TABLE line ADD note text; ALTER TABLE line ALTER id SET INCREMENT 5', ['line.id', 'line.note']],
  ])('what names another thing, or has one of its own, is told where that is another: %s', (sql, named) => {
    const before = run(emptyCatalog({ complete: true }), SHOP);
    const said = compareCatalogs(before, run(before, sql)).map(describeDifference).join('\n');
    for (const name of named) expect(said).toContain(name);
  });
});

test.each([
  ['plpgsql', []],
  ['plpython3u', ['function f() comes back with the body a(…) instead of a(…)']],
])('the layout of a body says something in some languages alone: %s', (language, said) => {
  const make = (body: string): Catalog =>
    run(emptyCatalog({ complete: true }), `CREATE FUNCTION f() RETURNS int LANGUAGE ${language} AS $$${body}$$`);
  expect(compareCatalogs(make('BEGIN\n  RETURN 1; -- one\nEND'), make('BEGIN\nRETURN 1;\nEND'))).toHaveLength(
    said.length,
  );
});

test.each([
  ['varchar(10)', true],
  ['char', true],
  ['numeric(5, 2)', true],
  ['varchar(10)[]', true],
  ['code', true],
  ['text', false],
  ['varchar', false],
  ['int', false],
])('the server keeps a default that is NULL where it is cut to a length: %s', (type, isKept) => {
  const table = run(emptyCatalog({ complete: true }), `CREATE DOMAIN code AS text; CREATE TABLE t (id int, c ${type})`);
  const given = run(table, 'ALTER TABLE t ALTER c SET DEFAULT NULL');
  expect(compareCatalogs(table, given)).toHaveLength(isKept ? 1 : 0);
  const bare = type
    .replace(/\(.*\)/, '')
    .replace('char', 'bpchar')
    .replace('varbpchar', 'varchar');
  const told = run(table, `ALTER TABLE t ALTER c SET DEFAULT NULL::${bare}`);
  expect(compareCatalogs(given, told)).toEqual([]);
});
