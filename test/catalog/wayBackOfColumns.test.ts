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
    [
      'a sequence that has outlived its column and its table is asked again, not made again',
      'CREATE TABLE t (id serial, n text); CREATE TABLE u (id serial);',
      `ALTER SEQUENCE t_id_seq OWNED BY NONE; ALTER TABLE t DROP COLUMN id;
       ALTER SEQUENCE u_id_seq OWNED BY NONE; DROP TABLE u`,
      [
        "ALTER TABLE t ADD COLUMN id integer NOT NULL DEFAULT nextval('t_id_seq'::regclass);",
        "CREATE TABLE u (\n  id integer NOT NULL DEFAULT nextval('u_id_seq'::regclass)\n);",
        'ALTER SEQUENCE t_id_seq OWNED BY t.id;',
        'ALTER SEQUENCE u_id_seq OWNED BY u.id;',
      ],
    ],
    [
      'a sequence that another column of the table asks for is made before both',
      "CREATE TABLE t (id bigint, n serial); ALTER TABLE t ALTER id SET DEFAULT nextval('t_n_seq');",
      'ALTER TABLE t DROP COLUMN n CASCADE',
      [
        'CREATE SEQUENCE t_n_seq AS integer;',
        "ALTER TABLE t ALTER COLUMN id SET DEFAULT nextval('t_n_seq');",
        "ALTER TABLE t ADD COLUMN n integer NOT NULL DEFAULT nextval('t_n_seq'::regclass);",
        'ALTER SEQUENCE t_n_seq OWNED BY t.n;',
      ],
    ],
    [
      'a foreign table’s column is of another type without a conversion',
      'CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w; CREATE FOREIGN TABLE f (a int) SERVER s',
      'ALTER FOREIGN TABLE f ALTER a TYPE text',
      ['ALTER TABLE f ALTER COLUMN a TYPE integer;'],
    ],
    [
      'a sequence that went along with its table stands as it stood by itself',
      `CREATE TABLE t (id serial, n serial); ALTER SEQUENCE t_n_seq SET UNLOGGED;
       CREATE UNLOGGED TABLE u (id serial); ALTER SEQUENCE u_id_seq SET LOGGED`,
      'ALTER TABLE t SET UNLOGGED; ALTER TABLE u SET LOGGED',
      [
        'ALTER TABLE t SET LOGGED;',
        'ALTER TABLE u SET UNLOGGED;',
        'ALTER SEQUENCE t_n_seq SET UNLOGGED;',
        'ALTER SEQUENCE u_id_seq SET LOGGED;',
      ],
    ],
    [
      'an identity beside the sequence of a serial has its own by name',
      `CREATE TABLE t (id serial); ALTER TABLE t ALTER id DROP DEFAULT;
       ALTER TABLE t ALTER id ADD GENERATED ALWAYS AS IDENTITY`,
      'DROP TABLE t',
      [
        'CREATE SEQUENCE t_id_seq AS integer;',
        'CREATE TABLE t (\n  id integer GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME t_id_seq1)\n);',
        'ALTER SEQUENCE t_id_seq OWNED BY t.id;',
      ],
    ],
    [
      'a sequence that is not logged any more is logged again',
      'CREATE SEQUENCE s; CREATE TABLE t (id serial);',
      'ALTER SEQUENCE s SET UNLOGGED; ALTER TABLE t SET UNLOGGED',
      ['ALTER TABLE t SET LOGGED;', 'ALTER SEQUENCE s SET LOGGED;'],
    ],
    [
      'a table that took another’s name gives it back first',
      'CREATE TABLE t (a int); CREATE TABLE t_new (a bigint);',
      'ALTER TABLE t RENAME TO t_old; ALTER TABLE t_new RENAME TO t',
      ['ALTER TABLE t RENAME TO t_new;', 'ALTER TABLE t_old RENAME TO t;'],
    ],
    [
      'two that have changed their names change them again',
      'CREATE TABLE t (a int); CREATE TABLE u (a bigint);',
      'ALTER TABLE t RENAME TO x; ALTER TABLE u RENAME TO t; ALTER TABLE x RENAME TO u',
      ['ALTER TABLE u RENAME TO t_meanwhile;', 'ALTER TABLE t RENAME TO u;', 'ALTER TABLE t_meanwhile RENAME TO t;'],
    ],
    [
      'also where the name in between would be cut to a name that is taken',
      'CREATE TABLE aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa (a int); CREATE TABLE u (a bigint);',
      'ALTER TABLE aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa RENAME TO x; ALTER TABLE u RENAME TO aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa; ALTER TABLE x RENAME TO u',
      [
        'ALTER TABLE u RENAME TO aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa_meanwhile;',
        'ALTER TABLE aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa RENAME TO u;',
        'ALTER TABLE aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa_meanwhile RENAME TO aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa;',
      ],
    ],
    [
      'and so do two of two schemas',
      'CREATE SCHEMA s; CREATE TABLE t (a int); CREATE TABLE s.t (b int);',
      'ALTER TABLE t RENAME TO q; ALTER TABLE s.t SET SCHEMA public; ALTER TABLE q SET SCHEMA s; ALTER TABLE s.q RENAME TO t',
      [
        'ALTER TABLE s.t RENAME TO t_meanwhile;',
        'ALTER TABLE s.t_meanwhile SET SCHEMA public;',
        'ALTER TABLE t SET SCHEMA s;',
        'ALTER TABLE t_meanwhile RENAME TO t;',
      ],
    ],
    [
      'columns and indexes of tables that took over',
      'CREATE TABLE t (a int, b int); CREATE INDEX i ON t (a); CREATE TABLE u (a int); CREATE INDEX j ON u (a);',
      `ALTER TABLE t RENAME a TO x; ALTER TABLE t RENAME b TO a; ALTER TABLE t RENAME x TO b;
       ALTER INDEX i RENAME TO i_old; ALTER INDEX j RENAME TO i;`,
      [
        'ALTER INDEX i RENAME TO j;',
        'ALTER INDEX i_old RENAME TO i;',
        'ALTER TABLE t RENAME COLUMN b TO a_meanwhile;',
        'ALTER TABLE t RENAME COLUMN a TO b;',
        'ALTER TABLE t RENAME COLUMN a_meanwhile TO a;',
      ],
    ],
    [
      'how the statistics of a column are to be taken',
      'CREATE TABLE t (a text); ALTER TABLE t ALTER a SET (n_distinct = 5);',
      'ALTER TABLE t ALTER a RESET (n_distinct); ALTER TABLE t ALTER a SET (n_distinct_inherited = -0.5)',
      [
        'ALTER TABLE t ALTER COLUMN a RESET (n_distinct_inherited);',
        'ALTER TABLE t ALTER COLUMN a SET (n_distinct=5);',
      ],
    ],
    [
      'and those of a child’s, which are its own',
      `CREATE TABLE t (a text, b int); ALTER TABLE t ALTER a SET (n_distinct = 5); CREATE TABLE c () INHERITS (t);
       ALTER TABLE c ALTER a SET (n_distinct = 7);`,
      'ALTER TABLE t DROP a',
      [
        'ALTER TABLE t ADD COLUMN a text;',
        'ALTER TABLE t ALTER COLUMN a SET (n_distinct=5);',
        'ALTER TABLE c ALTER COLUMN a SET (n_distinct=7);',
      ],
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
