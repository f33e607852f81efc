/** The way back of partitions, of what their tables share with them, and of what is said of indexes. */
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

const PARTED = `
  CREATE TABLE t (id int NOT NULL, at date NOT NULL, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
  CREATE TABLE t1 PARTITION OF t FOR VALUES FROM ('2001-01-01') TO ('2002-01-01');
  CREATE TABLE t2 PARTITION OF t FOR VALUES FROM ('2002-01-01') TO ('2003-01-01');`;

describe('the way back', () => {
  test.each([
    [
      'a partition that foreign keys reference leaves before it is dropped',
      `${PARTED} ALTER TABLE t ADD FOREIGN KEY (id, at) REFERENCES t;`,
      `CREATE TABLE t3 PARTITION OF t FOR VALUES FROM ('2003-01-01') TO ('2004-01-01')`,
      ['ALTER TABLE t DETACH PARTITION t3;', 'DROP TABLE t3;'],
    ],
    [
      'what a child has said of a column that goes with its parent’s comes back',
      'CREATE TABLE p (a int, b int DEFAULT 1); CREATE TABLE c (x int) INHERITS (p); ALTER TABLE c ALTER a SET NOT NULL; ALTER TABLE c ALTER b SET DEFAULT 2;',
      'ALTER TABLE p DROP COLUMN a, DROP COLUMN b',
      [
        'ALTER TABLE p ADD COLUMN a integer;',
        'ALTER TABLE p ADD COLUMN b integer DEFAULT 1;',
        'ALTER TABLE c ALTER COLUMN a SET NOT NULL;',
        'ALTER TABLE c ALTER COLUMN b SET DEFAULT 2;',
      ],
    ],
    [
      'what a child has said itself is taken back from it too',
      'CREATE TABLE p (a int); CREATE TABLE c () INHERITS (p);',
      'ALTER TABLE c ALTER a SET NOT NULL; ALTER TABLE p ALTER a SET NOT NULL',
      ['ALTER TABLE p ALTER COLUMN a DROP NOT NULL;', 'ALTER TABLE c ALTER COLUMN a DROP NOT NULL;'],
    ],
    [
      'how a partition’s column is looked at comes back, apart from its table’s',
      `CREATE TABLE m (a int, b text) PARTITION BY HASH (a); CREATE TABLE m1 PARTITION OF m FOR VALUES WITH (MODULUS 2, REMAINDER 0);`,
      'ALTER TABLE m1 ALTER COLUMN b SET STATISTICS 300; ALTER TABLE m ALTER COLUMN a SET STATISTICS 200',
      ['ALTER TABLE m ALTER COLUMN a SET STATISTICS -1;', 'ALTER TABLE m1 ALTER COLUMN b SET STATISTICS -1;'],
    ],
    [
      'a sequence that LIKE has made is of another type than its column',
      'CREATE TABLE a (id int GENERATED ALWAYS AS IDENTITY (START 10)); CREATE TABLE b (LIKE a INCLUDING ALL);',
      'DROP TABLE b',
      [
        'CREATE TABLE b (\n  id integer GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME b_id_seq MAXVALUE 2147483647 START WITH 10)\n);',
        'ALTER SEQUENCE b_id_seq AS bigint MAXVALUE 2147483647;',
      ],
    ],
    [
      'and is so again when the column gets its type back',
      'CREATE TABLE a (id int GENERATED ALWAYS AS IDENTITY); CREATE TABLE b (LIKE a INCLUDING ALL);',
      'ALTER TABLE b ALTER id TYPE bigint',
      ['ALTER TABLE b ALTER COLUMN id TYPE integer;', 'ALTER SEQUENCE b_id_seq AS bigint;'],
    ],
    [
      'what a partition has from its table gets the name that it had, and then what is said of it',
      `${PARTED} CREATE TABLE u (k int PRIMARY KEY); ALTER TABLE t ADD FOREIGN KEY (id) REFERENCES u; CREATE INDEX ON t (id);
       ALTER INDEX t1_pkey RENAME TO first; ALTER INDEX t1_id_idx RENAME TO low; ALTER TABLE t1 RENAME CONSTRAINT t_id_fkey TO theirs;
       COMMENT ON CONSTRAINT first ON t1 IS 'k'; COMMENT ON INDEX low IS 'i'; COMMENT ON CONSTRAINT theirs ON t1 IS 'f'; ALTER TABLE t1 CLUSTER ON low;`,
      'DROP TABLE t1',
      [
        `CREATE TABLE t1 PARTITION OF t FOR VALUES FROM ('2001-01-01') TO ('2002-01-01');`,
        'ALTER TABLE t1 RENAME CONSTRAINT t1_pkey TO first;',
        'ALTER INDEX t1_id_idx RENAME TO low;',
        'ALTER TABLE t1 RENAME CONSTRAINT t_id_fkey TO theirs;',
        'ALTER TABLE t1 CLUSTER ON low;',
        `COMMENT ON INDEX low IS 'i';`,
        `COMMENT ON CONSTRAINT first ON t1 IS 'k';`,
        `COMMENT ON CONSTRAINT theirs ON t1 IS 'f';`,
      ],
    ],
    [
      'and so does what comes back with its table’s key, named by columns as they are called by then',
      `${PARTED} CREATE INDEX i ON t (id); ALTER TABLE t RENAME COLUMN id TO number; COMMENT ON INDEX t1_id_idx IS 'i';`,
      'DROP INDEX i',
      [
        'CREATE INDEX i ON t (number);',
        'ALTER INDEX t1_number_idx RENAME TO t1_id_idx;',
        'ALTER INDEX t2_number_idx RENAME TO t2_id_idx;',
        `COMMENT ON INDEX t1_id_idx IS 'i';`,
      ],
    ],
    [
      'a key that not every partition has is made of its table alone, and attached part by part',
      `${PARTED} ALTER TABLE ONLY t ADD CONSTRAINT u UNIQUE (at); ALTER TABLE ONLY t1 ADD CONSTRAINT u1 UNIQUE (at); ALTER INDEX u ATTACH PARTITION u1;`,
      'ALTER TABLE t DROP CONSTRAINT u',
      [
        'ALTER TABLE ONLY t ADD CONSTRAINT u UNIQUE (at);',
        'ALTER TABLE t1 ADD CONSTRAINT u1 UNIQUE (at);',
        'ALTER INDEX u ATTACH PARTITION u1;',
      ],
    ],
    [
      'a part of a key that was attached is taken off with it, and made again',
      `${PARTED} ALTER TABLE ONLY t ADD CONSTRAINT u UNIQUE (at); ALTER TABLE t1 ADD CONSTRAINT u1 UNIQUE (at);`,
      'ALTER INDEX u ATTACH PARTITION u1',
      [
        'ALTER TABLE t DROP CONSTRAINT u;',
        'ALTER TABLE ONLY t ADD CONSTRAINT u UNIQUE (at);',
        'ALTER TABLE t1 ADD CONSTRAINT u1 UNIQUE (at);',
      ],
    ],
    [
      'how values are compressed is each table’s own',
      'CREATE TABLE a (b text); CREATE TABLE a1 () INHERITS (a); ALTER TABLE a ALTER b SET COMPRESSION pglz;',
      'ALTER TABLE a ALTER b SET COMPRESSION default; DROP TABLE a1',
      [
        'ALTER TABLE a ALTER COLUMN b SET COMPRESSION pglz;',
        'CREATE TABLE a1 () INHERITS (a);',
        'ALTER TABLE a1 ALTER COLUMN b SET COMPRESSION default;',
      ],
    ],
    [
      'a column that is made anew takes no sequence with it',
      'CREATE TABLE a (b int, c int GENERATED ALWAYS AS (b) STORED); CREATE SEQUENCE s OWNED BY a.c;',
      'ALTER TABLE a ALTER c TYPE text',
      [
        'ALTER SEQUENCE s OWNED BY NONE;',
        'ALTER TABLE a DROP COLUMN c;',
        'ALTER TABLE a ADD COLUMN c integer GENERATED ALWAYS AS (b) STORED;',
        'ALTER SEQUENCE s OWNED BY a.c;',
      ],
    ],
    [
      'what stands on a label follows its rename, there and back',
      `CREATE TYPE mood AS ENUM ('sad', 'glad'); CREATE TABLE a (m mood, n text, CHECK (m IN ('sad', 'glad') OR n = 'sad'));
       CREATE INDEX i ON a (m) WHERE m = 'sad'; CREATE VIEW v AS SELECT n FROM a WHERE m = 'sad'; CREATE DOMAIN d AS mood DEFAULT 'sad' CHECK (VALUE <> 'sad');`,
      `ALTER TYPE mood RENAME VALUE 'sad' TO 'blue'`,
      [`ALTER TYPE mood RENAME VALUE 'blue' TO 'sad';`],
    ],
    [
      'and comes back with the label that it has by then',
      `CREATE TYPE mood AS ENUM ('sad', 'glad'); CREATE TABLE a (m mood, n text, CONSTRAINT c CHECK (m <> 'sad' OR n = 'sad'));
       CREATE DOMAIN d AS mood CONSTRAINT c CHECK (VALUE <> 'sad'); ALTER TYPE mood RENAME VALUE 'sad' TO 'blue';`,
      'ALTER TABLE a DROP CONSTRAINT c; ALTER DOMAIN d DROP CONSTRAINT c',
      [
        `ALTER DOMAIN d ADD CONSTRAINT c CHECK (value <> 'blue');`,
        `ALTER TABLE a ADD CONSTRAINT c CHECK (m <> 'blue'\n  OR n = 'sad');`,
      ],
    ],
    [
      'a partition has its table’s foreign key as it is: not validated, though it has no rows',
      `CREATE TABLE o (a int PRIMARY KEY); CREATE TABLE q (a int) PARTITION BY HASH (a); ALTER TABLE q ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES o NOT VALID;
       CREATE TABLE q1 PARTITION OF q FOR VALUES WITH (MODULUS 2, REMAINDER 0); ALTER TABLE q DETACH PARTITION q1;`,
      'ALTER TABLE q1 DROP CONSTRAINT f',
      ['ALTER TABLE q1 ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES o (a) NOT VALID;'],
    ],
    [
      'where the key goes too, it need not',
      PARTED,
      `CREATE TABLE t3 PARTITION OF t FOR VALUES FROM ('2003-01-01') TO ('2004-01-01');
       CREATE TABLE o (id int, at date, FOREIGN KEY (id, at) REFERENCES t);`,
      ['DROP TABLE o;', 'DROP TABLE t3;'],
    ],
    [
      'an index that not every partition has is made on its table alone, and attached part by part',
      `${PARTED} CREATE INDEX whole ON ONLY t (at); CREATE INDEX part ON t1 (at); ALTER INDEX whole ATTACH PARTITION part;`,
      'DROP INDEX whole',
      [
        'CREATE INDEX whole ON ONLY t (at);',
        'CREATE INDEX part ON t1 (at);',
        'ALTER INDEX whole ATTACH PARTITION part;',
      ],
    ],
    [
      'an index that not every partition has gets no parts by what else is done to its table',
      `${PARTED} CREATE INDEX whole ON ONLY t (at); ALTER TABLE t ADD b int; CREATE INDEX other ON t (b);`,
      'DROP INDEX whole',
      ['CREATE INDEX whole ON ONLY t (at);'],
    ],
    [
      'the default of a new column goes before its sequence, which is nobody’s',
      'CREATE TABLE a (b int);',
      'ALTER TABLE a ADD c serial; ALTER SEQUENCE a_c_seq OWNED BY NONE;',
      ['ALTER TABLE a ALTER COLUMN c DROP DEFAULT;', 'DROP SEQUENCE a_c_seq;', 'ALTER TABLE a DROP COLUMN c;'],
    ],
    [
      'a column that others inherit is numbered once it is there',
      'CREATE TABLE a (b int, c int GENERATED ALWAYS AS IDENTITY); CREATE TABLE a1 (d int) INHERITS (a);',
      'ALTER TABLE a DROP c',
      [
        'ALTER TABLE a ADD COLUMN c integer NOT NULL;',
        'ALTER TABLE a ALTER COLUMN c ADD GENERATED ALWAYS AS IDENTITY;',
      ],
    ],
    [
      'a column without a default takes none from a parent',
      `CREATE TABLE a (b text DEFAULT 'x'); CREATE TABLE a1 (b text); ALTER TABLE a1 INHERIT a;`,
      'DROP TABLE a1',
      ['CREATE TABLE a1 (\n  b text\n) INHERITS (a);', 'ALTER TABLE a1 ALTER COLUMN b DROP DEFAULT;'],
    ],
    [
      'a part that was attached is taken off with its index, and made again',
      `${PARTED} CREATE INDEX whole ON ONLY t (at); CREATE INDEX part ON t1 (at);`,
      'ALTER INDEX whole ATTACH PARTITION part',
      ['DROP INDEX whole;', 'CREATE INDEX whole ON ONLY t (at);', 'CREATE INDEX part ON t1 (at);'],
    ],
    [
      'a partition that comes back gets no part that it did not have',
      `${PARTED} CREATE INDEX whole ON ONLY t (at);`,
      'DROP TABLE t2',
      [
        'DROP INDEX whole;',
        `CREATE TABLE t2 PARTITION OF t FOR VALUES FROM ('2002-01-01') TO ('2003-01-01');`,
        'CREATE INDEX whole ON ONLY t (at);',
      ],
    ],
    [
      'an index that was left behind by its partitions comes back as it was',
      'CREATE TABLE h (id int) PARTITION BY HASH (id); CREATE TABLE h1 PARTITION OF h FOR VALUES WITH (MODULUS 2, REMAINDER 0); CREATE INDEX i ON ONLY h (id); DROP TABLE h1;',
      'DROP INDEX i',
      [
        'CREATE TABLE h_meanwhile PARTITION OF h FOR VALUES WITH (MODULUS 1, REMAINDER 0);',
        'CREATE INDEX i ON ONLY h (id);',
        'ALTER TABLE h DETACH PARTITION h_meanwhile;',
        'DROP TABLE h_meanwhile;',
      ],
    ],
    [
      'what nobody but its owner may call is so again',
      'CREATE FUNCTION f() RETURNS int LANGUAGE sql RETURN 1; CREATE FUNCTION g() RETURNS int LANGUAGE sql RETURN 1; REVOKE ALL ON FUNCTION g() FROM PUBLIC;',
      'REVOKE EXECUTE ON FUNCTION f() FROM PUBLIC; DROP FUNCTION g();',
      [
        'CREATE FUNCTION g()\n RETURNS integer\n LANGUAGE sql\nRETURN 1;',
        'GRANT EXECUTE ON FUNCTION f() TO PUBLIC;',
        'REVOKE EXECUTE ON FUNCTION g() FROM PUBLIC;',
      ],
    ],
    [
      'a column is stored as it was when its type goes back',
      `CREATE TABLE a (b text STORAGE EXTERNAL, c varchar(9)); CREATE INDEX i ON a (lower(c)) WHERE c IS NOT NULL; CREATE TYPE e AS ENUM ('x');`,
      'ALTER TABLE a ALTER b TYPE varchar(9); ALTER TABLE a ALTER b SET STORAGE MAIN; ALTER TABLE a ALTER c TYPE e USING c::e;',
      [
        'DROP INDEX i;',
        'ALTER TABLE a ALTER COLUMN b TYPE text;',
        'ALTER TABLE a ALTER COLUMN b SET STORAGE EXTERNAL;',
        'ALTER TABLE a ALTER COLUMN c TYPE character varying(9) USING c::character varying(9);',
        'CREATE INDEX i ON a ((lower(c))) WHERE c IS NOT NULL;',
      ],
    ],
    [
      'what was granted on a column stays where it was granted on the table too',
      'CREATE TABLE a (b text); GRANT SELECT (b) ON a TO reader;',
      'GRANT SELECT, UPDATE ON a TO reader',
      ['REVOKE SELECT, UPDATE ON a FROM reader;', 'GRANT SELECT (b) ON a TO reader;'],
    ],
    [
      'what is stored over a column keeps its casts',
      `CREATE TABLE a (c varchar(9)); CREATE STATISTICS s ON (lower(c)) FROM a; CREATE TYPE e AS ENUM ('x'); ALTER TABLE a ALTER c TYPE e USING c::e;`,
      'DROP STATISTICS s',
      ['CREATE STATISTICS s ON (lower(c::text)) FROM a;'],
    ],
    [
      'columns are stored as they were',
      'CREATE TABLE a (b text); ALTER TABLE a ALTER b SET STORAGE EXTERNAL, ALTER b SET STATISTICS 300;',
      'DROP TABLE a',
      [
        'CREATE TABLE a (\n  b text\n);',
        'ALTER TABLE a ALTER COLUMN b SET STORAGE EXTERNAL;',
        'ALTER TABLE a ALTER COLUMN b SET STATISTICS 300;',
      ],
    ],
    [
      'indexes of a partition that have changed names with each other',
      `CREATE TABLE m (a int, b text) PARTITION BY HASH (a); CREATE TABLE m1 PARTITION OF m FOR VALUES WITH (MODULUS 2, REMAINDER 0);
       CREATE INDEX ON m (a); CREATE INDEX ON m (b);
       ALTER INDEX m1_a_idx RENAME TO x; ALTER INDEX m1_b_idx RENAME TO m1_a_idx; ALTER INDEX x RENAME TO m1_b_idx;`,
      'DROP TABLE m1',
      [
        'CREATE TABLE m1 PARTITION OF m FOR VALUES WITH (MODULUS 2, REMAINDER 0);',
        'ALTER INDEX m1_a_idx RENAME TO m1_b_idx_meanwhile;',
        'ALTER INDEX m1_b_idx RENAME TO m1_a_idx;',
        'ALTER INDEX m1_b_idx_meanwhile RENAME TO m1_b_idx;',
      ],
    ],
    [
      'and where they are made one after the other',
      `CREATE TABLE m (a int, b text) PARTITION BY HASH (a); CREATE TABLE m1 PARTITION OF m FOR VALUES WITH (MODULUS 2, REMAINDER 0);
       CREATE INDEX ON m (a); CREATE INDEX ON m (b);
       ALTER INDEX m1_a_idx RENAME TO x; ALTER INDEX m1_b_idx RENAME TO m1_a_idx; ALTER INDEX x RENAME TO m1_b_idx;`,
      'DROP INDEX m_a_idx; DROP INDEX m_b_idx',
      [
        'CREATE INDEX m_a_idx ON m (a);',
        'ALTER INDEX m1_a_idx RENAME TO m1_b_idx;',
        'CREATE INDEX m_b_idx ON m (b);',
        'ALTER INDEX m1_b_idx1 RENAME TO m1_a_idx;',
      ],
    ],
    [
      'a sequence stays as it is where its table is as it should be',
      'CREATE UNLOGGED TABLE a (id int); CREATE SEQUENCE s OWNED BY a.id; ALTER TABLE a SET UNLOGGED;',
      'DROP SEQUENCE s',
      ['CREATE SEQUENCE s;', 'ALTER SEQUENCE s OWNED BY a.id;'],
    ],
    [
      'a table is clustered on its index again',
      'CREATE TABLE a (id int PRIMARY KEY, b int); CREATE INDEX i ON a (b); ALTER TABLE a CLUSTER ON i;',
      'ALTER TABLE a CLUSTER ON a_pkey; DROP INDEX i;',
      ['CREATE INDEX i ON a (b);', 'ALTER TABLE a CLUSTER ON i;'],
    ],
    [
      'a table is clustered no longer',
      'CREATE TABLE a (id int PRIMARY KEY);',
      'ALTER TABLE a CLUSTER ON a_pkey;',
      ['ALTER TABLE a SET WITHOUT CLUSTER;'],
    ],
    [
      'a partition and its table that have changed names have keys of each other’s names',
      `CREATE TABLE a (id int PRIMARY KEY) PARTITION BY RANGE (id); CREATE TABLE b PARTITION OF a FOR VALUES FROM (0) TO (9);
       ALTER TABLE b RENAME TO x; ALTER TABLE a RENAME TO b; ALTER TABLE x RENAME TO a;`,
      'DROP TABLE b;',
      [
        'CREATE TABLE b (\n  id integer NOT NULL,\n  CONSTRAINT a_pkey PRIMARY KEY (id)\n) PARTITION BY RANGE (id);',
        'CREATE TABLE a PARTITION OF b FOR VALUES FROM (0) TO (9);',
        'ALTER TABLE a RENAME CONSTRAINT a_pkey1 TO b_pkey;',
      ],
    ],
    [
      'an index that is made anew identifies rows again',
      'CREATE TABLE a (id int NOT NULL UNIQUE, b int); ALTER TABLE a REPLICA IDENTITY USING INDEX a_id_key;',
      'ALTER TABLE a DROP CONSTRAINT a_id_key;',
      ['ALTER TABLE a ADD CONSTRAINT a_id_key UNIQUE (id);', 'ALTER TABLE a REPLICA IDENTITY USING INDEX a_id_key;'],
    ],
  ])('%s', (_, schema, up, statements) => {
    const before = run(nothing, schema);
    const after = run(before, up);
    const back = wayBack(after, before);
    expect(back.statements).toEqual(statements);
    expect(back.obstacles).toEqual([]);
    expect(compareCatalogs(before, run(after, back.statements.join('\n'))).map(describeDifference)).toEqual([]);
  });

  test('an index that is not on every partition is no index that is', () => {
    const before = run(nothing, `${PARTED} CREATE INDEX whole ON t (at);`);
    const after = run(before, 'DROP INDEX whole; CREATE INDEX whole ON ONLY t (at);');
    expect(compareCatalogs(before, after).map(describeDifference)).toEqual([
      'index whole has the validity invalid and had none',
    ]);
  });
});

test('a comment on a foreign table calls it one', () => {
  const foreign = run(
    nothing,
    'CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w; CREATE FOREIGN TABLE t (id int) SERVER s;',
  );
  const says = (text: string) =>
    fold(
      foreign,
      readPostgres(trees, text).flatMap(one => one.operations),
    ).failures.map(one => one.says);
  expect(says("COMMENT ON TABLE t IS 'x';")).toEqual(['t is a foreign table: COMMENT ON FOREIGN TABLE tells of it']);
  expect(says("COMMENT ON FOREIGN TABLE t IS 'x';")).toEqual([]);
});

describe('what one name does not tell', () => {
  const WRAPPED = 'CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w;';
  test.each([
    [
      'an event trigger is made with the name that its function has',
      "CREATE FUNCTION f() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'; CREATE EVENT TRIGGER e ON ddl_command_end EXECUTE FUNCTION f(); ALTER FUNCTION f() RENAME TO g;",
      'DROP EVENT TRIGGER e;',
      ['CREATE EVENT TRIGGER e ON ddl_command_end EXECUTE PROCEDURE g();'],
    ],
    [
      'an event trigger that was renamed is made with its name',
      "CREATE FUNCTION f() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'; CREATE EVENT TRIGGER e ON ddl_command_end EXECUTE FUNCTION f(); ALTER EVENT TRIGGER e RENAME TO h; ALTER FUNCTION f() RENAME TO g;",
      'DROP EVENT TRIGGER h;',
      ['CREATE EVENT TRIGGER h ON ddl_command_end EXECUTE PROCEDURE g();'],
    ],
    [
      'an operator family is dropped by its method',
      '',
      'CREATE OPERATOR FAMILY f USING hash;',
      ['DROP OPERATOR FAMILY f USING hash;'],
    ],
    [
      'families of one name are two',
      'CREATE OPERATOR FAMILY f USING hash; CREATE OPERATOR FAMILY f USING btree;',
      'DROP OPERATOR FAMILY f USING btree;',
      ['CREATE OPERATOR FAMILY f USING btree;'],
    ],
    [
      'an operator class is dropped by its method',
      '',
      'CREATE OPERATOR CLASS c FOR TYPE int4 USING btree AS OPERATOR 1 <, FUNCTION 1 btint4cmp(int4, int4);',
      ['DROP OPERATOR CLASS c USING btree;'],
    ],
    [
      'a user mapping is dropped by its role',
      WRAPPED,
      'CREATE USER MAPPING FOR "Ann" SERVER s; CREATE USER MAPPING FOR PUBLIC SERVER s;',
      ['DROP USER MAPPING FOR public SERVER s;', 'DROP USER MAPPING FOR "Ann" SERVER s;'],
    ],
    [
      'a user mapping that is dropped comes back',
      `${WRAPPED} CREATE USER MAPPING FOR current_user SERVER s;`,
      'DROP USER MAPPING FOR current_user SERVER s;',
      ['CREATE USER MAPPING FOR current_user SERVER s;'],
    ],
  ])('%s', (_, schema, up, statements) => {
    const before = run(nothing, schema);
    const after = run(before, up);
    const back = wayBack(after, before);
    expect(back.statements).toEqual(statements);
    expect(compareCatalogs(before, run(after, back.statements.join('\n'))).map(describeDifference)).toEqual([]);
  });
});
