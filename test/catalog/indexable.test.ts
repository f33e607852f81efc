/** What an index cannot hold is refused, and nothing else. Each was held against PostgreSQL 15 and 18. */
import { beforeAll, describe, expect, test } from 'vitest';
import { emptyCatalog } from '../../src/catalog/catalog';
import { fold } from '../../src/catalog/fold';
import { readPostgres } from '../../src/catalog/readPostgres';
import { loadPostgresTrees, type PostgresTrees } from '../../src/sql/postgresTree';

let trees: PostgresTrees;
beforeAll(async () => {
  trees = await loadPostgresTrees();
});

const TABLE = `
  CREATE TYPE mood AS ENUM ('sad'); CREATE DOMAIN word AS text; CREATE DOMAIN feeling AS mood; CREATE TYPE pair AS (x int);
  CREATE TABLE t (a text, b jsonb, c json, d mood, e int[], f int4range, g word);`;

const refused = (sql: string) =>
  fold(
    emptyCatalog({ complete: true }),
    readPostgres(trees, `${TABLE} ${sql}`).flatMap(one => one.operations),
  ).failures.map(({ says }) => says);

describe('an index', () => {
  test.each([
    ['CREATE INDEX ON t (a text_pattern_ops); ALTER TABLE t ALTER a TYPE mood USING a::mood', 'class text_pattern_ops'],
    [
      'CREATE INDEX ON t (a text_pattern_ops); ALTER TABLE t ALTER a TYPE feeling USING a::mood',
      'class text_pattern_ops',
    ],
    [
      'CREATE INDEX ON t (a COLLATE "C"); ALTER TABLE t ALTER a TYPE mood USING a::mood',
      'collations are not supported',
    ],
    ['CREATE INDEX ON t USING gin (b); ALTER TABLE t ALTER b TYPE text', 'no default operator class for gin'],
    ['CREATE INDEX ON t USING gin (b jsonb_ops); ALTER TABLE t ALTER b TYPE text', 'no default operator class for gin'],
    ['CREATE INDEX ON t (d text_pattern_ops)', 'class text_pattern_ops'],
    ['ALTER TABLE t ADD UNIQUE (c)', 'no default operator class for btree'],
    ['CREATE INDEX ON t USING brin (b)', 'no default operator class for brin'],
  ])('%s', (sql, why) => {
    expect(refused(sql)).toEqual([expect.stringContaining(why)]);
  });

  test.each([
    'CREATE INDEX ON t (a text_pattern_ops); ALTER TABLE t ALTER a TYPE word',
    'CREATE INDEX ON t USING hash (a text_ops); ALTER TABLE t ALTER a TYPE pair USING NULL',
    'CREATE INDEX ON t (b, d, e, f, g); CREATE INDEX ON t USING gin (b, e); CREATE INDEX ON t USING gist (f)',
    'CREATE INDEX ON t USING spgist (a); CREATE INDEX ON t USING spgist (f); CREATE INDEX ON t USING brin (a, f)',
    'CREATE EXTENSION btree_gist; CREATE INDEX ON t USING gist (a)',
    'CREATE INDEX ON t USING gin (b jsonb_path_ops)',
    // somebody who may has installed what brings the class
    'CREATE INDEX ON t USING gist (a)',
    'CREATE INDEX ON t USING gin (d)',
    'ALTER TABLE t ADD EXCLUDE USING gist (a WITH =)',
  ])('%s', sql => {
    expect(refused(sql)).toEqual([]);
  });
});
