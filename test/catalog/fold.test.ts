import { beforeAll, describe, expect, test } from 'vitest';
import {
  type Catalog,
  columnNames,
  emptyCatalog,
  relationNamed,
  sequenceNamed,
  tableNamed,
  tablesOf,
  typeNamed,
} from '../../src/catalog/catalog';
import { fold } from '../../src/catalog/fold';
import type { Table } from '../../src/catalog/object';
import { readPostgres } from '../../src/catalog/readPostgres';
import { loadPostgresTrees, type PostgresTrees } from '../../src/sql/postgresTree';

let trees: PostgresTrees;
beforeAll(async () => {
  trees = await loadPostgresTrees();
});

const folded = (text: string, from: Catalog = emptyCatalog({ complete: true })) =>
  fold(
    from,
    readPostgres(trees, text).flatMap(one => one.operations),
  );

/** The catalog after statements that all succeed. */
function catalogAfter(text: string, from?: Catalog): Catalog {
  const { catalog, failures } = folded(text, from);
  expect(failures.map(({ says }) => says)).toEqual([]);
  return catalog;
}

/** Why statements are refused. */
const refusals = (text: string, from?: Catalog) => folded(text, from).failures.map(({ says }) => says);

function table(catalog: Catalog, name: string): Table {
  const found = tableNamed(catalog, { name });
  if (!found) throw new Error(`no table ${name}`);
  return found;
}

const constraints = (one: Table) => one.constraints.map(({ name }) => name);
const indexes = (one: Table) => one.indexes.map(({ name }) => name);

describe('names that the server makes up', () => {
  test('of constraints, indexes and sequences', () => {
    const catalog = catalogAfter(`
      CREATE TABLE o (id bigserial PRIMARY KEY, a int UNIQUE, b int CHECK (b > 0), c int CHECK (c > a),
        d int REFERENCES o, UNIQUE (a, b), CHECK (a > 0), CHECK (a > 1));
      CREATE INDEX ON o (a); CREATE INDEX ON o (a); CREATE INDEX ON o (lower(d::text), b) INCLUDE (c);
      CREATE TABLE p (a int, b int, FOREIGN KEY (a) REFERENCES o (a));`);
    expect(constraints(table(catalog, 'o'))).toEqual([
      'o_b_check',
      'o_check',
      'o_a_check',
      'o_a_check1',
      'o_pkey',
      'o_a_key',
      'o_a_b_key',
      'o_d_fkey',
    ]);
    expect(indexes(table(catalog, 'o'))).toEqual([
      'o_pkey',
      'o_a_key',
      'o_a_b_key',
      'o_a_idx',
      'o_a_idx1',
      'o_lower_b_c_idx',
    ]);
    expect(constraints(table(catalog, 'p'))).toEqual(['p_a_fkey']);
    expect(sequenceNamed(catalog, { name: 'o_id_seq' })?.ownedBy?.table).toBe(table(catalog, 'o').id);
  });

  test('are cut at 63 bytes', () => {
    const long = 'a_table_with_a_very_long_name_indeed_yes_it_is';
    const catalog = catalogAfter(`CREATE TABLE ${long} (another_very_long_column_name_here int UNIQUE)`);
    expect(constraints(table(catalog, long))).toEqual([
      'a_table_with_a_very_long_name_another_very_long_column_name_key',
    ]);
  });
});

describe('identity', () => {
  test('a rename keeps it, and with it what stands on the object', () => {
    const before = catalogAfter(`
      CREATE TABLE orders (id int PRIMARY KEY, total int CHECK (total > 0));
      CREATE VIEW big AS SELECT id, total FROM orders WHERE total > 100;`);
    const renamed = catalogAfter(
      'ALTER TABLE orders RENAME TO sales; ALTER TABLE sales RENAME total TO amount',
      before,
    );
    expect(table(renamed, 'sales').id).toBe(table(before, 'orders').id);
    expect(constraints(table(renamed, 'sales'))).toEqual(['orders_total_check', 'orders_pkey']);
    expect(refusals('ALTER TABLE sales DROP COLUMN amount', renamed)).toEqual([
      'column amount of sales cannot be dropped: view big depends on it',
    ]);
    const dropped = catalogAfter('ALTER TABLE sales DROP COLUMN amount CASCADE', renamed);
    expect(relationNamed(dropped, { name: 'big' })).toBeUndefined();
    expect(constraints(table(dropped, 'sales'))).toEqual(['orders_pkey']);
    // the catalogs before are as they were
    expect(constraints(table(before, 'orders'))).toHaveLength(2);
  });
});

test('a function is known by the types of its parameters, whatever they are called by now', () => {
  const catalog = catalogAfter(`
    CREATE TYPE mood AS ENUM ('sad');
    CREATE FUNCTION f(a mood, OUT b mood) LANGUAGE sql AS 'SELECT a';
    ALTER TYPE mood RENAME TO feeling;
    CREATE OR REPLACE FUNCTION f(a feeling, OUT b feeling) LANGUAGE sql AS 'SELECT $1';
    CREATE TYPE mood AS ENUM ('glad');
    CREATE FUNCTION f(a mood) RETURNS int LANGUAGE sql AS 'SELECT 1';
    CREATE TABLE p (a feeling); CREATE TABLE c (a feeling) INHERITS (p);
    COMMENT ON FUNCTION f(feeling) IS 'x';`);
  expect(refusals('DROP FUNCTION f(mood); DROP FUNCTION f(mood)', catalog)).toEqual(['function f does not exist']);
});

const TRIGGERED = `CREATE TABLE m (a int) PARTITION BY LIST (a); CREATE TABLE m1 PARTITION OF m DEFAULT;
  CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
  CREATE TRIGGER r AFTER INSERT ON m FOR EACH ROW EXECUTE FUNCTION f();`;

const FOREIGN =
  'CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w; CREATE FOREIGN TABLE f (a int) SERVER s;';

describe('what the server refuses', () => {
  test.each([
    ['CREATE TABLE t (a int); CREATE TABLE t (a int)', ['relation t already exists']],
    ['ALTER TABLE t ADD a int', ['relation t does not exist']],
    ['CREATE TABLE t (a int); ALTER TABLE t DROP b', ['column b of t does not exist']],
    ['CREATE TABLE t (a int); ALTER TABLE t DROP IF EXISTS b, DROP CONSTRAINT IF EXISTS c', []],
    ['DROP TABLE IF EXISTS t', []],
    [
      'CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (a int REFERENCES a); DROP TABLE a',
      ['table a cannot be dropped: constraint b_a_fkey on table b depends on it'],
    ],
    ['CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (a int REFERENCES a); DROP TABLE a, b', []],
    [
      'CREATE TABLE a (id int); CREATE TABLE b (a int REFERENCES a)',
      ['there is no primary key for referenced table a'],
    ],
    [
      `CREATE TYPE e AS ENUM ('a'); CREATE TABLE t (e e); DROP TYPE e`,
      ['type e cannot be dropped: column e of table t depends on it'],
    ],
    [`CREATE TYPE e AS ENUM ('a'); ALTER TYPE e ADD VALUE 'a'`, ['"a" is a label of e already']],
    [
      'CREATE TABLE t (a int); CREATE VIEW v AS SELECT * FROM t; ALTER TABLE t ALTER a TYPE bigint',
      ['the type of column a of t cannot change: view v uses it'],
    ],
    [
      'CREATE TABLE t (a int, b int, UNIQUE (a) INCLUDE (b)); CREATE TABLE r (x int REFERENCES t (a)); ALTER TABLE t ALTER b TYPE bigint',
      ['the type of column b of t cannot change: constraint r_x_fkey on table r depends on a key that includes it'],
    ],
    [
      'CREATE TABLE t (a int, b int, UNIQUE (a) INCLUDE (b)); CREATE TABLE r (x int REFERENCES t (a)); ALTER TABLE t ALTER a TYPE bigint',
      [],
    ],
    [
      'CREATE TABLE p (a int CONSTRAINT c CHECK (a > 0)) PARTITION BY LIST (a); CREATE TABLE q (a int); ALTER TABLE p ATTACH PARTITION q DEFAULT',
      ['q lacks constraint c'],
    ],
    [
      'CREATE TABLE p (a int CONSTRAINT c CHECK (a > 0) NO INHERIT); CREATE TABLE q (a int); ALTER TABLE q INHERIT p',
      [],
    ],
    [
      `CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE TABLE t (a int); CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()`,
      ['function f() does not return a trigger'],
    ],
    [
      'CREATE TABLE p (a int, b int) PARTITION BY LIST (a); CREATE TABLE q PARTITION OF p DEFAULT; ALTER TABLE q ADD PRIMARY KEY (b); ALTER TABLE p ADD PRIMARY KEY (a, b)',
      ['q has a primary key already'],
    ],
    [
      'CREATE TABLE p (a int) PARTITION BY LIST (a); CREATE TABLE q (a int PRIMARY KEY); ALTER TABLE p ADD FOREIGN KEY (a) REFERENCES q; ALTER TABLE p ATTACH PARTITION q DEFAULT',
      ['q is referenced by foreign key p_a_fkey of p'],
    ],
    [
      'CREATE TABLE t (a int); CREATE VIEW v AS SELECT a FROM t; CREATE OR REPLACE VIEW v AS SELECT a AS b FROM t',
      ['view v cannot be replaced: its column a would change'],
    ],
    ['CREATE SCHEMA s; CREATE TABLE s.t (a int); DROP SCHEMA s', ['schema s cannot be dropped: it is not empty']],
    [
      'CREATE TABLE t (a serial); DROP SEQUENCE t_a_seq',
      ['sequence t_a_seq cannot be dropped: default value for column a of table t depends on it'],
    ],
    [
      'CREATE TABLE t (a int PRIMARY KEY); DROP INDEX t_pkey',
      ['index t_pkey cannot be dropped: a constraint of t requires it'],
    ],
    [
      'CREATE TABLE a (id int UNIQUE DEFERRABLE); CREATE TABLE b (a int REFERENCES a (id))',
      ['a foreign key cannot reference the deferrable key of a'],
    ],
    [
      'CREATE TABLE a (id int PRIMARY KEY DEFERRABLE); CREATE TABLE b (a int REFERENCES a)',
      ['a foreign key cannot reference the deferrable key of a'],
    ],
    [
      'CREATE TABLE t (a int, v int GENERATED ALWAYS AS (a) VIRTUAL); CREATE INDEX ON t (a) INCLUDE (v)',
      ['an index of t cannot hold a virtual generated column'],
    ],
    [
      'CREATE TABLE t (a int, v int GENERATED ALWAYS AS (a) VIRTUAL); CREATE INDEX ON t (a) WHERE v > 1',
      ['an index of t cannot hold a virtual generated column'],
    ],
    [
      'CREATE TABLE t (a int, v int GENERATED ALWAYS AS (a) VIRTUAL); ALTER TABLE t ADD EXCLUDE (a WITH =) WHERE (v > 1)',
      ['a constraint of t cannot hold a virtual generated column'],
    ],
    [
      'CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w; DROP FOREIGN DATA WRAPPER w',
      ['foreign data wrapper w cannot be dropped: server s depends on it'],
    ],
    [
      'CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w; CREATE FOREIGN TABLE f () SERVER s; DROP SERVER s',
      ['server s cannot be dropped: foreign table f depends on it'],
    ],
    [
      'CREATE FUNCTION plus(int, int) RETURNS int LANGUAGE sql RETURN $1 + $2; CREATE AGGREGATE total (int) (SFUNC = plus, STYPE = int); DROP FUNCTION plus',
      ['function plus cannot be dropped: aggregate total depends on it'],
    ],
    [
      'CREATE TABLE t (a int); CREATE PUBLICATION p FOR TABLE t; ALTER TABLE t SET UNLOGGED',
      ['t is published, and cannot be unlogged'],
    ],
    ['CREATE TABLE t (a int); CREATE PUBLICATION p FOR ALL TABLES; ALTER TABLE t SET UNLOGGED', []],
    [
      'CREATE TABLE t (a int); CREATE PUBLICATION p FOR TABLE t; ALTER PUBLICATION p ADD TABLE t',
      ['t is in publication p already'],
    ],
    ['CREATE TABLE t (a int); CREATE PUBLICATION p; ALTER PUBLICATION p DROP TABLE t', ['t is not in publication p']],
    ['CREATE TABLE t (a int); CREATE PUBLICATION p FOR TABLE t; ALTER PUBLICATION p SET TABLE t', []],
    [
      'CREATE TYPE c AS (a int); CREATE DOMAIN d AS c; CREATE TABLE t (d d); ALTER TYPE c ALTER ATTRIBUTE a TYPE text',
      ['the attributes of c cannot change: column d of t uses it'],
    ],
    [
      'CREATE EXTENSION hstore; CREATE TABLE t (a int); CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql RETURN a; CREATE TRIGGER r AFTER INSERT ON t EXECUTE FUNCTION f()',
      ['function f() does not exist'],
    ],
    [
      'CREATE TABLE t (a int); GRANT SELECT (a), UPDATE (b) ON t TO reader',
      ['update (b) on t: there is no such column'],
    ],
    ['CREATE FOREIGN TABLE f (a int) SERVER s', ['server s does not exist']],
    [
      'CREATE EXTENSION citext; CREATE TABLE t (a citext); DROP EXTENSION citext',
      ['extension citext cannot be dropped: column a of table t depends on it'],
    ],
    [
      'CREATE EXTENSION citext; CREATE TABLE t (a citext, b int); DROP EXTENSION citext CASCADE; CREATE INDEX ON t (a)',
      ['column a of t does not exist'],
    ],
    [
      'CREATE TABLE t (a text); CREATE INDEX i ON t (a text_pattern_ops); ALTER TABLE t ALTER a TYPE varchar(9); ALTER TABLE t ALTER a TYPE char(9)',
      ['operator class text_pattern_ops does not accept type character'],
    ],
    [
      'CREATE TABLE t (a json); CREATE INDEX ON t USING gin (a jsonb_path_ops)',
      ['operator class jsonb_path_ops does not accept type json'],
    ],
    [
      'CREATE TABLE t (a int CHECK (a > 0), v int GENERATED ALWAYS AS (a) VIRTUAL); ALTER TABLE t ALTER v SET EXPRESSION AS (1)',
      ['virtual column v cannot change: t has a check constraint'],
    ],
    [
      `CREATE TYPE e AS ENUM ('a'); CREATE TYPE c AS (k e, n int); DROP TYPE e`,
      ['type e cannot be dropped: column k of composite type c depends on it'],
    ],
    [
      `CREATE TYPE e AS ENUM ('a'); CREATE TYPE c AS (k e, n int); DROP TYPE e CASCADE; ALTER TYPE c DROP ATTRIBUTE k`,
      ['attribute k of type c does not exist'],
    ],
    [
      'CREATE TABLE m (id int, at date UNIQUE) PARTITION BY RANGE (at); CREATE TABLE m1 PARTITION OF m DEFAULT PARTITION BY HASH (id)',
      ['unique index m_at_key must include the partition key of m1'],
    ],
    [
      'CREATE TABLE m (id int, at date) PARTITION BY RANGE (at); CREATE TABLE m1 PARTITION OF m DEFAULT PARTITION BY HASH (id); ALTER TABLE m ADD UNIQUE (at); CREATE UNIQUE INDEX i ON m (at); ALTER TABLE m ADD UNIQUE (at, id)',
      [
        'unique index m_at_key must include the partition key of m1',
        'unique index i must include the partition key of m1',
      ],
    ],
    [
      'CREATE TABLE m (id int, at date) PARTITION BY RANGE (at); ALTER TABLE m ADD EXCLUDE USING btree (id WITH =); ALTER TABLE m ADD EXCLUDE USING btree (id WITH =, at WITH =)',
      ['an exclusion of the partitioned table m must include its partition key'],
    ],
    [
      'CREATE TABLE m (id int PRIMARY KEY) PARTITION BY RANGE (id); CREATE TABLE m1 PARTITION OF m DEFAULT; CREATE TABLE o (m int REFERENCES m); DROP TABLE m1; DROP TABLE m1 CASCADE; ALTER TABLE o DROP CONSTRAINT o_m_fkey',
      [
        'table m1 cannot be dropped: constraint o_m_fkey on table o depends on it',
        'constraint o_m_fkey of o does not exist',
      ],
    ],
    [
      `CREATE TABLE t (a text COLLATE "C", b int); CREATE VIEW v AS SELECT a, b FROM t; CREATE OR REPLACE VIEW v AS SELECT 'x'::text AS a, b FROM t; CREATE OR REPLACE VIEW v AS SELECT a, b::text FROM t; CREATE OR REPLACE VIEW v AS SELECT a::text, NULL::int AS b FROM t`,
      ['view v cannot be replaced: its column a would change', 'view v cannot be replaced: its column b would change'],
    ],
    [
      'CREATE TABLE t (a int); CREATE INDEX i ON t (a) WHERE a > 1; ALTER TABLE t CLUSTER ON i; ALTER TABLE t CLUSTER ON j',
      ['t cannot be clustered on index i', 'index j does not exist'],
    ],
    [
      'CREATE TABLE m (a int) PARTITION BY HASH (a); CREATE TABLE m1 PARTITION OF m FOR VALUES WITH (MODULUS 2, REMAINDER 0); CREATE TABLE m2 PARTITION OF m FOR VALUES WITH  (MODULUS 2, REMAINDER 0)',
      ['partition m2 would overlap partition m1'],
    ],
    [
      'CREATE TABLE m (a int NOT NULL) PARTITION BY HASH (a); CREATE TABLE m1 PARTITION OF m FOR VALUES WITH (MODULUS 2, REMAINDER 0); ALTER TABLE m1 ALTER a SET DEFAULT 1; ALTER TABLE m ALTER a ADD GENERATED ALWAYS AS IDENTITY',
      ['column a of m1 has a default already'],
    ],
    [
      'CREATE TABLE m (a int PRIMARY KEY) PARTITION BY HASH (a); CREATE TABLE m1 PARTITION OF m FOR VALUES WITH (MODULUS 2, REMAINDER 0); ALTER TABLE m ADD FOREIGN KEY (a) REFERENCES m1',
      ['m cannot reference its own partition m1'],
    ],
    [
      'CREATE TABLE t (a int NOT NULL UNIQUE); ALTER TABLE t REPLICA IDENTITY USING INDEX t_a_key; ALTER TABLE t ALTER a DROP NOT NULL',
      ['column a of t is in the index of its replica identity'],
    ],
    [
      `CREATE TYPE e AS ENUM ('x'); CREATE TABLE t (a e PRIMARY KEY, b int); ALTER TABLE t ADD FOREIGN KEY (b) REFERENCES t; ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES t`,
      ['b of t and a of t have types that do not compare'],
    ],
    [
      'CREATE TABLE m (a int, b int) PARTITION BY RANGE (b); CREATE TABLE m1 PARTITION OF m DEFAULT PARTITION BY HASH (a); ALTER TABLE m DROP a; ALTER TABLE m ALTER a TYPE bigint',
      ['column a of m1 is part of its partition key', 'column a of m1 is part of its partition key'],
    ],
    [
      'CREATE TABLE t (a int, b text); CREATE UNIQUE INDEX i ON t (a DESC); ALTER TABLE t ADD UNIQUE USING INDEX i; CREATE UNIQUE INDEX j ON t (a NULLS FIRST); ALTER TABLE t ADD UNIQUE USING INDEX j; CREATE UNIQUE INDEX k ON t (b text_pattern_ops); ALTER TABLE t ADD UNIQUE USING INDEX k',
      ['i', 'j', 'k'].map(index => `index ${index} does not sort as a constraint's does`),
    ],
    [
      'CREATE TABLE m (a int, b int) PARTITION BY RANGE (a); CREATE TABLE m1 PARTITION OF m DEFAULT; CREATE INDEX i ON ONLY m (a); CREATE INDEX j ON m1 (b); ALTER INDEX i ATTACH PARTITION j; CREATE INDEX k ON m1 (a); CREATE INDEX l ON m1 (a); ALTER INDEX i ATTACH PARTITION k; ALTER INDEX i ATTACH PARTITION l',
      ['cannot attach index j to i: they differ', 'cannot attach index l to i: m1 has a part of it'],
    ],
    [
      `${TRIGGERED} DROP TRIGGER r ON m1; DROP TRIGGER IF EXISTS r ON m1 CASCADE; DROP TRIGGER r ON m; DROP TRIGGER r ON m1`,
      [
        ...Array(2).fill('trigger r cannot be dropped: a trigger of the partitioned table requires it'),
        'trigger r of m1 does not exist',
      ],
    ],
    [
      `${TRIGGERED} CREATE OR REPLACE TRIGGER r AFTER INSERT ON m1 FOR EACH ROW EXECUTE FUNCTION f(); CREATE OR REPLACE TRIGGER r BEFORE INSERT ON m FOR EACH ROW EXECUTE FUNCTION f(); ALTER TABLE m DETACH PARTITION m1; CREATE TRIGGER r AFTER INSERT ON m1 FOR EACH ROW EXECUTE FUNCTION f(); ALTER TABLE m ATTACH PARTITION m1 DEFAULT`,
      ["trigger r for m1 is a copy of its table's", 'trigger r for m1 already exists'],
    ],
    [
      `${FOREIGN} ALTER TABLE f ADD PRIMARY KEY (a); ALTER TABLE f ADD UNIQUE (a); ALTER TABLE f ADD EXCLUDE USING btree (a WITH =); CREATE TABLE t (a int PRIMARY KEY); ALTER TABLE f ADD FOREIGN KEY (a) REFERENCES t; CREATE FOREIGN TABLE g (a int UNIQUE) SERVER s; ALTER TABLE f ADD b int UNIQUE; CREATE INDEX ON f (a); ALTER TABLE f ADD CHECK (a > 0)`,
      [
        'a primary key cannot be of the foreign table f',
        'a unique constraint cannot be of the foreign table f',
        'an exclusion constraint cannot be of the foreign table f',
        'a foreign key cannot be of the foreign table f',
        'a unique constraint cannot be of the foreign table g',
        'a unique constraint cannot be of the foreign table f',
        'an index cannot be of the foreign table f',
      ],
    ],
    [
      `${FOREIGN} ALTER TABLE f REPLICA IDENTITY FULL; ALTER TABLE f ENABLE ROW LEVEL SECURITY; ALTER TABLE f SET (fillfactor = 70); ALTER TABLE f SET WITHOUT CLUSTER; ALTER TABLE f ALTER a SET COMPRESSION pglz; CREATE POLICY p ON f USING (true); CREATE RULE r AS ON UPDATE TO f DO INSTEAD NOTHING; ALTER TABLE f ALTER a TYPE text USING a::text; CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; CREATE TRIGGER x AFTER INSERT ON f REFERENCING NEW TABLE AS n EXECUTE FUNCTION tf(); CREATE TRIGGER y AFTER INSERT ON f EXECUTE FUNCTION tf(); DROP TABLE f; CREATE TABLE plain (a int); DROP FOREIGN TABLE plain; ALTER TABLE f ALTER a SET STORAGE PLAIN; ALTER TABLE f ALTER a SET STATISTICS 10`,
      [
        ...Array(4).fill('f is a foreign table, whose rows are stored elsewhere'),
        'f is a foreign table, whose values are stored elsewhere',
        'f is a foreign table, and has no policies',
        'f is a foreign table, and has no rules',
        'f is a foreign table, whose rows are not written anew',
        'f is a foreign table, and has no such triggers',
        'f is not a table',
        'plain is not a foreign table',
      ],
    ],
    [
      `CREATE TYPE mood AS ENUM ('ok'); CREATE FUNCTION f(mood) RETURNS mood LANGUAGE sql AS 'SELECT $1'; CREATE FUNCTION f(mood, int) RETURNS mood LANGUAGE sql AS 'SELECT $1';
       CREATE CAST (mood AS mood) WITH INOUT; CREATE CAST (mood AS mood) WITH FUNCTION f(mood); CREATE CAST (mood AS mood) WITH FUNCTION f(mood, int);
       CREATE CAST (mood AS int) WITH INOUT; ALTER TYPE mood RENAME TO m; CREATE CAST (m AS int4) WITH INOUT; DROP FUNCTION f(m, int)`,
      [
        'cast (mood AS mood) is of a type to itself',
        'cast (mood AS mood) is of a type to itself',
        'cast (m AS int4) already exists',
        'function f cannot be dropped: cast (mood AS mood) depends on it',
      ],
    ],
    [
      `CREATE TABLE t (a int) PARTITION BY LIST (a); CREATE INDEX i ON t (a); ALTER INDEX i SET TABLESPACE fast; ALTER TABLE i SET TABLESPACE pg_default; CREATE INDEX j ON t (a) TABLESPACE pg_default;
       CREATE TABLE u (a int) PARTITION BY LIST (a) TABLESPACE pg_default; CREATE MATERIALIZED VIEW m AS SELECT a FROM t; ALTER MATERIALIZED VIEW m SET TABLESPACE fast; ALTER MATERIALIZED VIEW m SET ACCESS METHOD columnar; ALTER TABLE i SET ACCESS METHOD heap`,
      [
        'index j of a partitioned table has no entries to lie in the usual tablespace',
        'the partitioned table u has no rows to lie in the usual tablespace',
        'i is an index, and no table',
      ],
    ],
    [
      `${FOREIGN} CREATE UNLOGGED TABLE u (a int); CREATE TABLE t (a int); CREATE PUBLICATION p FOR TABLE f; CREATE PUBLICATION q FOR TABLE t; ALTER PUBLICATION q ADD TABLE u; ALTER PUBLICATION q SET TABLE f`,
      [
        'f is a foreign table, and cannot be published',
        'u is unlogged, and cannot be published',
        'f is a foreign table, and cannot be published',
      ],
    ],
    [
      'CREATE TABLE m (a int, b int GENERATED ALWAYS AS (a) STORED) PARTITION BY LIST (a); CREATE TABLE t (a int, b int); ALTER TABLE m ATTACH PARTITION t DEFAULT; CREATE TABLE w (a int, b int GENERATED ALWAYS AS (a + 1) STORED); ALTER TABLE m ATTACH PARTITION w DEFAULT',
      ['column b of t is not computed as that of m is'],
    ],
    [
      "CREATE TYPE e AS ENUM ('a'); CREATE TABLE t (a text, b text); CREATE INDEX i ON t ((a || 'x')); ALTER TABLE t ALTER a TYPE e USING a::e; ALTER TABLE t ALTER a TYPE integer USING 1; ALTER TABLE t ALTER a TYPE varchar(9); ALTER TABLE t ALTER b TYPE e USING b::e",
      Array(2).fill('the expression of index i would not be immutable'),
    ],
    [
      'CREATE TABLE m (a int, b int, PRIMARY KEY (a, b)); CREATE TABLE t (a int REFERENCES m); CREATE TABLE u (a int REFERENCES m (a, b)); CREATE TABLE v (a int, b int, FOREIGN KEY (a, b) REFERENCES m)',
      ['a foreign key of t has 1 columns, and the key of m 2', 'a foreign key of u has 1 columns, and the key of m 2'],
    ],
    [
      `${FOREIGN} CREATE TABLE m (a int) PARTITION BY LIST (a); ALTER TABLE m ATTACH PARTITION f DEFAULT; CREATE INDEX ON m (a); CREATE UNIQUE INDEX u ON m (a); ALTER TABLE m ADD UNIQUE (a); CREATE TABLE t (a int PRIMARY KEY); ALTER TABLE m ADD FOREIGN KEY (a) REFERENCES t; DROP INDEX f_a_idx; ALTER TABLE m DETACH PARTITION f; CREATE UNIQUE INDEX v ON m (a); ALTER TABLE m ATTACH PARTITION f DEFAULT`,
      [
        'unique index u cannot be of the foreign partition f',
        'unique index m_a_key cannot be of the foreign partition f',
        'a foreign key cannot be of the foreign table f',
        'index f_a_idx does not exist',
        'unique index v cannot be of the foreign partition f',
      ],
    ],
    [
      'CREATE TABLE t (a int, b int, v int GENERATED ALWAYS AS (a) VIRTUAL); CREATE STATISTICS ON a, v FROM t; CREATE STATISTICS ON (v + 1) FROM t; CREATE STATISTICS ON a, b FROM t',
      Array(2).fill('statistics of t cannot be of a virtual generated column'),
    ],
    // a statement is all or nothing
    [
      'CREATE TABLE t (a int); ALTER TABLE t ADD b int, DROP c; ALTER TABLE t ADD b int',
      ['column c of t does not exist'],
    ],
  ])('%s', (text, says) => {
    expect(refusals(text)).toEqual(says);
  });

  test('nothing, where history is missing', () => {
    expect(
      refusals(
        'ALTER TABLE t DROP a; DROP TABLE x; ALTER TABLE t ALTER c SET NOT NULL',
        emptyCatalog({ complete: false }),
      ),
    ).toEqual([]);
    expect(refusals('SELECT migrate_everything(); ALTER TABLE t ADD a int')).toEqual([]);
  });
});

describe('sessions', () => {
  test('the search path says where names are', () => {
    const catalog =
      catalogAfter(`CREATE SCHEMA s; SET search_path = s, public; CREATE TABLE t (a int); CREATE TABLE public.u (a int);
      ALTER TABLE u ADD b int;`);
    expect(
      tablesOf(catalog)
        .map(({ schema, name }) => `${schema}.${name}`)
        .sort(),
    ).toEqual(['public.u', 's.t']);
  });

  test('ROLLBACK takes back', () => {
    expect(
      tablesOf(catalogAfter('BEGIN; CREATE TABLE a (x int); ROLLBACK; CREATE TABLE b (x int)')).map(({ name }) => name),
    ).toEqual(['b']);
  });
});

test('partitions have what their table has', () => {
  const catalog = catalogAfter(`
    CREATE TABLE m (id int, at date NOT NULL, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
    CREATE TABLE m1 PARTITION OF m FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
    CREATE INDEX ON m (at); ALTER TABLE m ADD CHECK (id > 0);`);
  const part = table(catalog, 'm1');
  expect(part.columns.map(({ name, notNull }) => [name, notNull])).toEqual([
    ['id', true],
    ['at', true],
  ]);
  expect(constraints(part)).toEqual(['m1_pkey', 'm_id_check']);
  expect(indexes(part)).toEqual(['m1_pkey', 'm1_at_idx']);
  expect(indexes(table(catalogAfter('DROP INDEX m_at_idx', catalog), 'm1'))).toEqual(['m1_pkey']);
});

test('an equal key of a partition becomes part of the key of its table, and falls with it', () => {
  const before = catalogAfter(`
    CREATE TABLE users (id int PRIMARY KEY);
    CREATE TABLE m (id int NOT NULL, at date NOT NULL) PARTITION BY RANGE (at);
    CREATE TABLE m1 PARTITION OF m FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
    ALTER TABLE m1 ADD CONSTRAINT own UNIQUE (at), ADD CONSTRAINT theirs FOREIGN KEY (id) REFERENCES users;
    CREATE INDEX low ON m1 (id DESC);`);
  const after = catalogAfter(
    `ALTER TABLE m ADD UNIQUE (at); ALTER TABLE m ADD FOREIGN KEY (id) REFERENCES users; CREATE INDEX ON m (id)`,
    before,
  );
  const part = table(after, 'm1');
  expect([constraints(part), indexes(part)]).toEqual([
    ['own', 'theirs'],
    ['own', 'low'],
  ]);
  expect(part.constraints.every(({ inherited }) => inherited)).toBe(true);
  const left = table(
    catalogAfter(
      'ALTER TABLE m DROP CONSTRAINT m_at_key; ALTER TABLE m DROP CONSTRAINT m_id_fkey; DROP INDEX m_id_idx',
      after,
    ),
    'm1',
  );
  expect([constraints(left), indexes(left)]).toEqual([[], []]);
});

test('since PostgreSQL 15 the copies of a trigger are called as it is', () => {
  const names = (postgresVersion: number) => {
    const read = readPostgres(
      trees,
      `${TRIGGERED} CREATE TABLE m2 PARTITION OF m FOR VALUES IN (2) PARTITION BY LIST (a);
       CREATE TABLE m21 PARTITION OF m2 DEFAULT; ALTER TRIGGER r ON m RENAME TO s; ALTER TRIGGER r ON m1 RENAME TO t;`,
    );
    const { catalog, failures } = fold(
      emptyCatalog({ complete: true }),
      read.flatMap(one => one.operations),
      { postgresVersion },
    );
    const called = ['m', 'm1', 'm2', 'm21'].flatMap(name => table(catalog, name).triggers.map(one => one.name));
    return [called.join(' '), ...failures.map(({ says }) => says)];
  };
  expect(names(15)).toEqual(['s s s s', 'trigger r of m1 does not exist']);
  expect(names(14)).toEqual(['s t r r']);
});

test('a column of a partition is an identity where its table’s is', () => {
  const text = `CREATE TABLE m (id int GENERATED ALWAYS AS IDENTITY) PARTITION BY LIST (id);
    CREATE TABLE m1 PARTITION OF m FOR VALUES IN (1); ALTER TABLE m1 ALTER id DROP DEFAULT`;
  const read = (sql: string) => readPostgres(trees, sql).flatMap(one => one.operations);
  const says = (postgresVersion: number) =>
    fold(emptyCatalog({ complete: true }), read(text), { postgresVersion }).failures.map(one => one.says);
  expect(says(17)).toEqual(['column id of m1 is an identity column']);
  const copied = fold(emptyCatalog({ complete: true }), read(`${text}; CREATE TABLE u (LIKE m1 INCLUDING ALL)`), {
    postgresVersion: 17,
  });
  expect(table(copied.catalog, 'u').columns[0]?.identity?.always).toBe(true);
  expect(says(16)).toEqual([]);
});

test('what is said of a part of a table is not said of the copies that its partitions have', () => {
  const catalog = catalogAfter(`
    CREATE TABLE m (id int CHECK (id > 0), at date NOT NULL, UNIQUE (at)) PARTITION BY RANGE (at);
    CREATE INDEX i ON m (id) INCLUDE (at); COMMENT ON INDEX i IS 'i'; COMMENT ON CONSTRAINT m_id_check ON m IS 'c';
    COMMENT ON CONSTRAINT m_at_key ON m IS 'k';
    CREATE TABLE m1 PARTITION OF m FOR VALUES FROM ('2020-01-01') TO ('2021-01-01')`);
  const part = table(catalog, 'm1');
  expect([...part.constraints, ...part.indexes].filter(({ comment }) => comment !== undefined)).toEqual([]);
  expect(indexes(part)).toEqual(['m1_at_key', 'm1_id_at_idx']);
});

test('a check that a child declares too stays with it, and with what inherits from it, when the parent’s goes', () => {
  const before = catalogAfter(`
    CREATE TABLE a (x int, CONSTRAINT big CHECK (x > 0)); CREATE TABLE b (x int, CONSTRAINT big CHECK (x > 0));
    ALTER TABLE b INHERIT a; CREATE TABLE c () INHERITS (b); CREATE TABLE d () INHERITS (a)`);
  const after = catalogAfter('ALTER TABLE a DROP CONSTRAINT big', before);
  expect(['a', 'b', 'c', 'd'].map(name => constraints(table(after, name)))).toEqual([[], ['big'], ['big'], []]);
});

test('what a child has from another parent too stays inherited', () => {
  const after = catalogAfter(`
    CREATE TABLE a (x int, CONSTRAINT big CHECK (x > 0)); CREATE TABLE b (x int, y int, CONSTRAINT big CHECK (x > 0));
    CREATE TABLE c () INHERITS (a, b); ALTER TABLE c NO INHERIT b`);
  const child = table(after, 'c');
  expect(child.columns.map(({ name, inherited = false }) => [name, inherited])).toEqual([
    ['x', true],
    ['y', false],
  ]);
  expect(child.constraints.map(({ inherited = false }) => inherited)).toEqual([true]);
});

describe('NOT NULL dropped of a parent', () => {
  const dropped = (text: string, postgresVersion: number) => {
    const { catalog, failures } = fold(
      emptyCatalog({ complete: true }),
      readPostgres(trees, `${text}; ALTER TABLE p ALTER a DROP NOT NULL`).flatMap(one => one.operations),
      { postgresVersion },
    );
    const held = tablesOf(catalog).filter(({ columns }) =>
      columns.some(({ name, notNull }) => name === 'a' && notNull),
    );
    return [held.map(({ name }) => name).join(' '), ...failures.map(({ says }) => says)];
  };
  const p = 'CREATE TABLE p (a int NOT NULL)';
  const m = `${p} PARTITION BY LIST (a)`;
  test.each([
    [
      'stays where a child has said it',
      `${p}; CREATE TABLE c () INHERITS (p); ALTER TABLE c ALTER a SET NOT NULL`,
      'c',
    ],
    [
      'before its parent too',
      `CREATE TABLE p (a int); CREATE TABLE c () INHERITS (p); ALTER TABLE c ALTER a SET NOT NULL; ALTER TABLE p ALTER a SET NOT NULL`,
      'c',
    ],
    [
      'or has declared it',
      `${p}; CREATE TABLE c (a int NOT NULL) INHERITS (p); CREATE TABLE d (a int) INHERITS (p)`,
      'c',
    ],
    ['or brought it', `${p}; CREATE TABLE c (a int NOT NULL); ALTER TABLE c INHERIT p`, 'c'],
    [
      'or had the column first',
      `CREATE TABLE p (b int); CREATE TABLE c (a int NOT NULL) INHERITS (p); ALTER TABLE p ADD a int NOT NULL`,
      'c',
    ],
    [
      'and below it',
      `${p}; CREATE TABLE c () INHERITS (p); CREATE TABLE d () INHERITS (c); ALTER TABLE c ALTER a SET NOT NULL`,
      'c d',
    ],
    [
      'or was left with it',
      `${p}; CREATE TABLE c () INHERITS (p); ALTER TABLE ONLY p ALTER a DROP NOT NULL; ALTER TABLE p ALTER a SET NOT NULL`,
      'c',
    ],
    ['or has it from another', `${p}; CREATE TABLE q (a int NOT NULL); CREATE TABLE c () INHERITS (p, q)`, 'q c', 'q'],
    [
      'or had',
      `${p}; CREATE TABLE q (a int NOT NULL); CREATE TABLE c () INHERITS (p, q); ALTER TABLE c NO INHERIT q`,
      'q',
      'q',
    ],
    [
      'goes from a partition that brought it',
      `${m}; CREATE TABLE c (a int NOT NULL); ALTER TABLE p ATTACH PARTITION c DEFAULT`,
      '',
    ],
    [
      'and stays where it alone has it',
      `CREATE TABLE p (a int) PARTITION BY LIST (a); CREATE TABLE c (a int NOT NULL); ALTER TABLE p ATTACH PARTITION c DEFAULT`,
      'c',
    ],
    [
      'goes with a key that a child was given',
      `${p}; CREATE TABLE c () INHERITS (p); ALTER TABLE c ADD PRIMARY KEY (a); ALTER TABLE c DROP CONSTRAINT c_pkey`,
      '',
    ],
    [
      'and not with one that it was made with',
      `${p}; CREATE TABLE c (PRIMARY KEY (a)) INHERITS (p); ALTER TABLE c DROP CONSTRAINT c_pkey`,
      'c',
    ],
  ])('%s', (_, text, since18, before = '') => {
    expect(dropped(text, 18)).toEqual([since18]);
    expect(dropped(text, 17)).toEqual([before]);
  });

  test('is refused where a child needs it', () => {
    const child = `${p}; CREATE TABLE c () INHERITS (p); ALTER TABLE c ADD PRIMARY KEY (a)`;
    const declared = `${p}; CREATE TABLE c (a int NOT NULL PRIMARY KEY) INHERITS (p)`;
    const refusal = ['p c', 'column a of c is in a primary key'];
    expect([dropped(child, 18), dropped(child, 17)]).toEqual([refusal, refusal]);
    expect([dropped(declared, 18), dropped(declared, 17)]).toEqual([['c'], refusal]);
  });
});

test('LIKE takes statistics and comments where it is told to', () => {
  const source = `CREATE TABLE t (a int CONSTRAINT big CHECK (a > 0), b int); CREATE STATISTICS s ON a, b FROM t;
    CREATE STATISTICS ON (a + 1), b FROM t; CREATE INDEX i ON t (a); COMMENT ON INDEX i IS 'i';
    COMMENT ON CONSTRAINT big ON t IS 'c'; COMMENT ON STATISTICS s IS 's';`;
  const made = (like: string) => {
    const catalog = catalogAfter(`${source} CREATE TABLE u (LIKE t ${like})`);
    const { constraints: checks, indexes: own, id } = table(catalog, 'u');
    const statistics = [...catalog.objects.values()].filter(one => one.kind === 'statistics' && one.table === id);
    return [...checks, ...own, ...statistics].map(one => [
      'name' in one ? one.name : '',
      'comment' in one ? one.comment : undefined,
    ]);
  };
  expect(made('INCLUDING ALL')).toEqual([
    ['big', 'c'],
    ['u_a_idx', 'i'],
    ['u_a_b_stat', 's'],
    ['u_b_expr_stat', undefined],
  ]);
  expect(made('INCLUDING ALL EXCLUDING COMMENTS').map(([, comment]) => comment)).toEqual(Array(4).fill(undefined));
  expect(made('')).toEqual([]);
});

test('a foreign table takes from another, since PostgreSQL 18, what it can have', () => {
  const text = `${FOREIGN} CREATE TABLE r (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, x text STORAGE main DEFAULT 'a'
    CONSTRAINT big CHECK (x <> '')); CREATE INDEX ON r (x); CREATE FOREIGN TABLE l (LIKE r INCLUDING ALL) SERVER s`;
  const like = (postgresVersion: number) =>
    fold(
      emptyCatalog({ complete: true }),
      readPostgres(trees, text).flatMap(one => one.operations),
      { postgresVersion },
    );
  const made = table(like(18).catalog, 'l');
  expect([constraints(made), indexes(made)]).toEqual([['big'], []]);
  expect(made.columns.map(({ identity, storage, default: value }) => [identity, storage, value?.text])).toEqual([
    [undefined, undefined, undefined],
    [undefined, undefined, "'a'"],
  ]);
  expect(like(17).failures.map(({ says }) => says)).toEqual(['LIKE is not supported for the foreign table l']);
});

test('no table inherits from itself, and none is a part of its part', () => {
  const before = catalogAfter(`CREATE TABLE a (x int); CREATE TABLE b () INHERITS (a); CREATE TABLE c () INHERITS (b);
    CREATE TABLE m (x int) PARTITION BY LIST (x); CREATE TABLE m1 PARTITION OF m FOR VALUES IN (1) PARTITION BY LIST (x)`);
  const failures = (text: string) => refusals(text, before);
  expect(failures('ALTER TABLE a INHERIT c')).toEqual(['c inherits from a itself']);
  expect(failures('ALTER TABLE a INHERIT a')).toEqual(['a inherits from a itself']);
  expect(failures('ALTER TABLE m1 ATTACH PARTITION m FOR VALUES IN (2)')).toEqual(['m1 is a part of m itself']);
});

test('enum labels stand where they are put', () => {
  const catalog = catalogAfter(
    `CREATE TYPE e AS ENUM ('a', 'c'); ALTER TYPE e ADD VALUE 'b' BEFORE 'c'; ALTER TYPE e RENAME VALUE 'a' TO 'z'`,
  );
  expect(typeNamed(catalog, { name: 'e' })).toMatchObject({ labels: ['z', 'b', 'c'] });
});

test('a unique index that becomes a key', () => {
  const catalog = catalogAfter(
    'CREATE TABLE t (a int); CREATE UNIQUE INDEX i ON t (a); ALTER TABLE t ADD CONSTRAINT k PRIMARY KEY USING INDEX i',
  );
  const one = table(catalog, 't');
  expect(indexes(one)).toEqual(['k']);
  expect(one.columns[0]?.notNull).toBe(true);
  expect(one.constraints.map(constraint => columnNames(one, constraint.columns))).toEqual([['a']]);
});

test('keeping the catalog of every step is cheap', () => {
  let catalog = emptyCatalog({ complete: true });
  const kept: Catalog[] = [];
  const create = readPostgres(trees, 'CREATE TABLE t (id bigint PRIMARY KEY, a int, b text)').flatMap(
    one => one.operations,
  );
  const [operation] = create;
  if (operation?.kind !== 'createTable') throw new Error('not read');
  for (let step = 0; step < 1000; step += 1) {
    const named = { ...operation, name: { ...operation.name, name: `t${step % 300}_${Math.floor(step / 300)}` } };
    catalog = fold(catalog, [named]).catalog;
    kept.push(catalog);
  }
  // what two catalogs have in common is the same object in both
  const [first, last] = [kept[500], kept[999]];
  expect(first?.objects.get(2)).toBe(last?.objects.get(2));
  expect(tablesOf(kept[499] ?? catalog)).toHaveLength(500);
});

test('copies of an index are named by what its columns were called, and a copied column is looked at anew', () => {
  const catalog = catalogAfter(`
    CREATE TABLE a (b int, c int, UNIQUE (b) INCLUDE (c));
    ALTER TABLE a RENAME b TO d; ALTER TABLE a RENAME c TO e; ALTER TABLE a ALTER d SET STATISTICS 300;
    CREATE TABLE f (LIKE a INCLUDING ALL);`);
  expect(indexes(table(catalog, 'f'))).toEqual(['f_b_c_key']);
  expect(table(catalog, 'f').columns.map(({ statistics }) => statistics)).toEqual([undefined, undefined]);
});
