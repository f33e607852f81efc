/** What a down leaves different, and the way back of a step, as people read them. */
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
  );
  expect(folded.failures.map(({ says }) => says)).toEqual([]);
  return folded.catalog;
}

const nothing = emptyCatalog({ complete: true });

const SHOP = `
  CREATE TYPE status AS ENUM ('new', 'paid');
  CREATE TABLE users (id bigserial PRIMARY KEY, name text NOT NULL, email varchar(100));
  CREATE TABLE orders (
    id bigserial PRIMARY KEY,
    user_id bigint REFERENCES users (id) ON DELETE CASCADE,
    total bigint NOT NULL DEFAULT 0 CHECK (total >= 0),
    state status NOT NULL DEFAULT 'new'
  );
  CREATE INDEX orders_total_idx ON orders (total) WHERE state = 'paid';
  CREATE VIEW paid AS SELECT id, total FROM orders WHERE state = 'paid';
  CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
  CREATE TRIGGER touched BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION touch();`;

describe('a down that is no inverse says what differs', () => {
  test.each([
    ['CREATE INDEX i ON orders (user_id)', '', ['index i is not dropped']],
    ['CREATE INDEX i ON orders (user_id)', 'DROP INDEX i', []],
    [
      'ALTER TABLE orders ALTER total TYPE numeric',
      'SELECT 1',
      ['column orders.total is numeric, was bigint'],
      'DROP VIEW paid',
    ],
    [
      'ALTER TABLE orders DROP CONSTRAINT orders_user_id_fkey',
      'ALTER TABLE orders ADD CONSTRAINT orders_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id)',
      [
        'constraint orders_user_id_fkey on orders comes back with the definition FOREIGN KEY (user_id) REFERENCES users (id) instead of FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE',
      ],
    ],
    [
      'ALTER TABLE users DROP COLUMN name',
      'ALTER TABLE users ADD COLUMN name text',
      ['column users.name is NULL, was NOT NULL'],
    ],
    // the same in other words
    ['ALTER TABLE users DROP COLUMN email', 'ALTER TABLE users ADD email character varying(100)', []],
    ['ALTER TABLE orders ALTER total DROP DEFAULT', 'ALTER TABLE orders ALTER COLUMN total SET DEFAULT 0', []],
    [
      'DROP INDEX orders_total_idx',
      `CREATE INDEX orders_total_idx ON orders USING btree (total) WHERE (state = 'paid'::status)`,
      [],
    ],
    [
      'DROP INDEX orders_total_idx',
      `CREATE INDEX orders_total_idx ON public.orders (total) WHERE (state = 'paid')`,
      [],
    ],
    [
      `ALTER TYPE status ADD VALUE 'sent'`,
      '',
      [`type status comes back with the labels 'new', 'paid', 'sent' instead of 'new', 'paid'`],
    ],
    [
      'DROP TRIGGER touched ON orders',
      'CREATE TRIGGER touched AFTER UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION touch()',
      [
        'trigger touched on orders comes back with the definition AFTER UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION touch() instead of BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION touch()',
      ],
    ],
    ['ALTER TABLE users RENAME COLUMN name TO label', 'ALTER TABLE users RENAME label TO name', []],
    [`COMMENT ON TABLE users IS 'people'`, '', ['table users has the comment people and had none']],
    ['CREATE TABLE t (id serial)', 'DROP TABLE t', []],
  ])('%s, then: %s', (up, down, says, first = '') => {
    const before = run(run(nothing, SHOP), first);
    expect(compareCatalogs(before, run(run(before, up), down)).map(describeDifference)).toEqual(says);
  });

  // the server reads a literal as the column's type, and keeps what it has read
  test.each([
    ['int', '7', `'7'`, true],
    ['int', '-7', `' -7'`, true],
    ['integer', `'7'::int`, '7', true],
    ['int', '7', `'8'`, false],
    ['bool', 'true', `'t'`, true],
    ['boolean', `'off'`, 'false', true],
    ['boolean', `'0'`, `'no'`, true],
    ['boolean', 'true', `'f'`, false],
    ['text', `'7'`, `'8'`, false],
    // of another width it is written with its type
    ['bigint', '7', `'7'`, false],
  ])('the default of a column that is %s: %s and %s', (type, was, is, same) => {
    const before = run(nothing, `CREATE TABLE t (a ${type} DEFAULT ${was})`);
    const after = run(before, `ALTER TABLE t ALTER a SET DEFAULT ${is}`);
    expect(compareCatalogs(before, after).map(({ aspect }) => aspect)).toEqual(same ? [] : ['default']);
  });

  test('what is assumed equals anything', () => {
    const before = emptyCatalog({ complete: false });
    const up = run(before, 'ALTER TABLE orders ADD COLUMN note text');
    expect(compareCatalogs(before, run(up, 'ALTER TABLE orders DROP COLUMN note'))).toEqual([]);
    expect(
      compareCatalogs(run(before, 'ALTER TABLE orders ADD x int'), run(up, 'SELECT 1')).map(describeDifference),
    ).toEqual([]);
  });
});

describe('the way back', () => {
  test.each([
    ['CREATE TABLE t (id int); CREATE INDEX i ON t (id)', ['DROP TABLE t;']],
    ['ALTER TABLE users ADD COLUMN age int; CREATE INDEX i ON users (age)', ['ALTER TABLE users DROP COLUMN age;']],
    [
      'ALTER TABLE users RENAME TO people; ALTER TABLE people RENAME name TO label',
      ['ALTER TABLE people RENAME TO users;', 'ALTER TABLE users RENAME COLUMN label TO name;'],
    ],
    [
      'DROP TABLE orders CASCADE',
      [
        `CREATE TABLE orders (
  id bigserial,
  user_id bigint,
  total bigint NOT NULL DEFAULT 0,
  state status NOT NULL DEFAULT 'new',
  CONSTRAINT orders_total_check CHECK (total >= 0),
  CONSTRAINT orders_pkey PRIMARY KEY (id)
);`,
        'ALTER TABLE orders ADD CONSTRAINT orders_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE;',
        `CREATE INDEX orders_total_idx ON orders (total) WHERE state = 'paid';`,
        `CREATE VIEW paid (id, total) AS\nSELECT id, total FROM orders WHERE state = 'paid';`,
        'CREATE TRIGGER touched BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION touch();',
      ],
    ],
    [
      `ALTER TYPE status ADD VALUE 'sent'`,
      [
        'DROP VIEW paid;',
        'DROP INDEX orders_total_idx;',
        'ALTER TYPE status RENAME TO status_old;',
        `CREATE TYPE status AS ENUM ('new', 'paid');`,
        'ALTER TABLE orders ALTER COLUMN state DROP DEFAULT;',
        'ALTER TABLE orders ALTER COLUMN state TYPE status USING state::text::status;',
        `ALTER TABLE orders ALTER COLUMN state SET DEFAULT 'new';`,
        `CREATE INDEX orders_total_idx ON orders (total) WHERE state = 'paid';`,
        `CREATE VIEW paid (id, total) AS\nSELECT id, total FROM orders WHERE state = 'paid';`,
        'DROP TYPE status_old;',
      ],
    ],
    [`UPDATE users SET name = ''`, []],
    [
      `CREATE TABLE teams (id int PRIMARY KEY, lead int);
       CREATE TABLE people (id int PRIMARY KEY, team int REFERENCES teams (id));
       ALTER TABLE teams ADD CONSTRAINT teams_lead FOREIGN KEY (lead) REFERENCES people (id)`,
      ['ALTER TABLE teams DROP CONSTRAINT teams_lead;', 'DROP TABLE people;', 'DROP TABLE teams;'],
    ],
    // a temporary table is gone with its session
    [
      'CREATE TEMP TABLE chosen ON COMMIT DROP AS SELECT id FROM users; CREATE TABLE kept (id bigint)',
      ['DROP TABLE kept;'],
    ],
    // a ring of three, beside a key that is in none
    [
      `CREATE TABLE a (id int PRIMARY KEY, next int, "user" bigint REFERENCES users (id));
       CREATE TABLE b (id int PRIMARY KEY, next int REFERENCES a (id), self int REFERENCES b (id));
       CREATE TABLE c (id int PRIMARY KEY, next int REFERENCES b (id));
       ALTER TABLE a ADD CONSTRAINT ring FOREIGN KEY (next) REFERENCES c (id)`,
      ['ALTER TABLE a DROP CONSTRAINT ring;', 'DROP TABLE c;', 'DROP TABLE b;', 'DROP TABLE a;'],
    ],
  ])('%s', (up, statements) => {
    const before = run(nothing, SHOP);
    const after = run(before, up);
    const back = wayBack(after, before);
    expect([...back.statements].sort()).toEqual([...statements].sort());
    expect(back.obstacles).toEqual([]);
    // and folding it leads back
    expect(compareCatalogs(before, run(after, back.statements.join('\n'))).map(describeDifference)).toEqual([]);
  });

  test.each([
    [
      'a type that took the place of another of its name makes room for it',
      `DROP VIEW paid; DROP INDEX orders_total_idx;
       ALTER TABLE orders ALTER state DROP DEFAULT, ALTER state TYPE text;
       DROP TYPE status;
       CREATE TYPE status AS ENUM ('open', 'shut');
       ALTER TABLE orders ALTER state TYPE status USING 'open'`,
      [
        'ALTER TYPE status RENAME TO status_new;',
        `CREATE TYPE status AS ENUM ('new', 'paid');`,
        'ALTER TABLE orders ALTER COLUMN state TYPE status USING state::text::status;',
        `ALTER TABLE orders ALTER COLUMN state SET DEFAULT 'new';`,
        `CREATE INDEX orders_total_idx ON orders (total) WHERE state = 'paid';`,
        `CREATE VIEW paid (id, total) AS\nSELECT id, total FROM orders WHERE state = 'paid';`,
        'DROP TYPE status_new;',
      ],
    ],
    [
      'a default that calls what is dropped goes first',
      'CREATE FUNCTION next_total() RETURNS bigint LANGUAGE sql RETURN 1; ALTER TABLE orders ALTER total SET DEFAULT next_total()',
      [
        'ALTER TABLE orders ALTER COLUMN total DROP DEFAULT;',
        'DROP FUNCTION next_total();',
        'ALTER TABLE orders ALTER COLUMN total SET DEFAULT 0;',
      ],
    ],
    [
      'the default of a view has its own statement',
      `ALTER VIEW paid ALTER COLUMN total SET DEFAULT 7`,
      ['ALTER VIEW paid ALTER COLUMN total DROP DEFAULT;'],
    ],
    [
      'what has no cast goes back through a text',
      'ALTER TABLE orders ALTER user_id TYPE timestamp USING NULL',
      ['ALTER TABLE orders ALTER COLUMN user_id TYPE bigint USING user_id::text::bigint;'],
      'ALTER TABLE orders DROP CONSTRAINT orders_user_id_fkey',
    ],
    [
      'a rule that writes is one again where what it writes has another name',
      'DROP RULE r ON paid',
      [
        'CREATE RULE r AS ON INSERT TO paid DO INSTEAD INSERT INTO sales (\n  number,\n  amount\n) VALUES\n  (new.id, new.total) ON CONFLICT (number) DO UPDATE SET \n  amount = excluded.amount + sales.amount WHERE sales.number > 1;',
      ],
      'CREATE RULE r AS ON INSERT TO paid DO INSTEAD INSERT INTO orders (id, total) VALUES (new.id, new.total) ON CONFLICT (id) DO UPDATE SET total = excluded.total + orders.total WHERE orders.id > 1; ALTER TABLE orders RENAME TO sales; ALTER TABLE sales RENAME total TO amount; ALTER TABLE sales RENAME id TO number',
    ],
    [
      'an update in a rule speaks of the table that it changes',
      'DROP RULE r ON orders',
      ['CREATE RULE r AS ON UPDATE TO orders DO UPDATE users SET label = upper(label) WHERE id = new.user_id;'],
      'CREATE RULE r AS ON UPDATE TO orders DO ALSO UPDATE users SET name = upper(name) WHERE id = NEW.user_id; ALTER TABLE users RENAME name TO label; ALTER TABLE orders DROP CONSTRAINT orders_pkey; ALTER TABLE orders ADD name text; ALTER TABLE orders RENAME name TO other',
    ],
    ['a name keeps its case', `CREATE COLLATION "Own" (locale = 'C')`, ['DROP COLLATION "Own";']],
    [
      'a publication has its tables again',
      'DROP TABLE users CASCADE',
      [
        'DROP PUBLICATION changes;',
        'CREATE TABLE users (\n  id bigserial,\n  name text NOT NULL,\n  email character varying(100),\n  CONSTRAINT users_pkey PRIMARY KEY (id)\n);',
        'CREATE PUBLICATION changes FOR TABLE orders, users;',
        'ALTER TABLE orders ADD CONSTRAINT orders_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE;',
      ],
      'CREATE PUBLICATION changes FOR TABLE orders, users',
    ],
    [
      'a function of statements is one again where a table has another name',
      'DROP FUNCTION counted()',
      [
        'CREATE FUNCTION counted()\n RETURNS bigint\n LANGUAGE sql\nBEGIN ATOMIC\n  SELECT count(*) AS count\nFROM sales;\nEND;',
      ],
      'CREATE FUNCTION counted() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM orders; END; ALTER TABLE orders RENAME TO sales',
    ],
    [
      'what was said of an enum is said again of the one that takes its place',
      `ALTER TYPE mood ADD VALUE 'sad'`,
      [
        'ALTER TYPE mood RENAME TO mood_old;',
        `CREATE TYPE mood AS ENUM ('glad');`,
        'DROP TYPE mood_old;',
        `COMMENT ON TYPE mood IS 'how it feels';`,
      ],
      `CREATE TYPE mood AS ENUM ('glad'); COMMENT ON TYPE mood IS 'how it feels'`,
    ],
    [
      'what was attached leaves without what it was given',
      `ALTER TABLE m ATTACH PARTITION m1 FOR VALUES FROM ('2020-01-01') TO ('2021-01-01')`,
      [
        'ALTER TABLE m DETACH PARTITION m1;',
        'ALTER TABLE m1 DROP CONSTRAINT m1_at_key;',
        'DROP INDEX m1_at_idx;',
        'ALTER TABLE m1 ALTER COLUMN at DROP NOT NULL;',
      ],
      'CREATE TABLE m (at date NOT NULL UNIQUE) PARTITION BY RANGE (at); CREATE INDEX ON m (at); CREATE TABLE m1 (at date)',
    ],
    [
      'an index of a partition that is no part of its table’s has its name first',
      'DROP INDEX m_at_idx, m1_at_idx1',
      ['CREATE INDEX m1_at_idx1 ON m1 (at, id);', 'CREATE INDEX m_at_idx ON m (at);'],
      `CREATE TABLE m (id int, at date) PARTITION BY RANGE (at);
      CREATE TABLE m1 PARTITION OF m FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
      CREATE INDEX m1_at_idx1 ON m1 (at, id); CREATE INDEX ON m (at)`,
    ],
    [
      'an array of labels is made of others by way of texts',
      'ALTER TABLE t ALTER a TYPE other[] USING NULL',
      ['ALTER TABLE t ALTER COLUMN a TYPE mood[] USING a::text[]::mood[];'],
      `CREATE TYPE mood AS ENUM ('glad'); CREATE TYPE other AS ENUM ('sad'); CREATE TABLE t (a mood[])`,
    ],
    [
      'an array is cast as its elements are',
      'ALTER TABLE t ALTER a TYPE bigint[]',
      ['ALTER TABLE t ALTER COLUMN a TYPE integer[] USING a::integer[];'],
      'CREATE TABLE t (a int[])',
    ],
    [
      'a materialized view that is made anew has its indexes again',
      `ALTER TYPE mood ADD VALUE 'sad'`,
      [
        'DROP INDEX m_a_idx;',
        'DROP MATERIALIZED VIEW m;',
        'ALTER TYPE mood RENAME TO mood_old;',
        `CREATE TYPE mood AS ENUM ('glad');`,
        'ALTER TABLE t ALTER COLUMN a TYPE mood USING a::text::mood;',
        'CREATE MATERIALIZED VIEW m (a) AS\nSELECT a FROM t;',
        'CREATE INDEX m_a_idx ON m (a);',
        'DROP TYPE mood_old;',
      ],
      `CREATE TYPE mood AS ENUM ('glad'); CREATE TABLE t (a mood); CREATE MATERIALIZED VIEW m AS SELECT a FROM t; CREATE INDEX ON m (a)`,
    ],
    [
      'what is made of another column goes before it',
      'ALTER TABLE a ADD COLUMN y int; ALTER TABLE b ADD COLUMN z int GENERATED ALWAYS AS (y * 2) STORED',
      ['ALTER TABLE b DROP COLUMN z;', 'ALTER TABLE a DROP COLUMN y;'],
      'CREATE TABLE a (x int); CREATE TABLE b () INHERITS (a)',
    ],
    [
      'an identity is a child’s own',
      'ALTER TABLE b ALTER COLUMN x SET NOT NULL, ALTER COLUMN x ADD GENERATED ALWAYS AS IDENTITY',
      ['ALTER TABLE b ALTER COLUMN x DROP IDENTITY;', 'ALTER TABLE b ALTER COLUMN x DROP NOT NULL;'],
      'CREATE TABLE a (x int); CREATE TABLE b () INHERITS (a)',
    ],
    [
      'a child’s own default comes back beside that of its parent',
      'ALTER TABLE a ALTER COLUMN x SET DEFAULT 7',
      ['ALTER TABLE a ALTER COLUMN x DROP DEFAULT;', 'ALTER TABLE b ALTER COLUMN x SET DEFAULT 1;'],
      'CREATE TABLE a (x int); CREATE TABLE b () INHERITS (a); ALTER TABLE b ALTER COLUMN x SET DEFAULT 1',
    ],
    [
      'privileges on a column go with its name in children too',
      'ALTER TABLE a RENAME COLUMN x TO y',
      ['ALTER TABLE a RENAME COLUMN y TO x;'],
      'CREATE TABLE a (x int); CREATE TABLE b () INHERITS (a); GRANT SELECT (x) ON b TO reader',
    ],
    [
      'a publication has the children that its tables had, and no others',
      'CREATE TABLE c () INHERITS (b); DROP PUBLICATION p',
      ['DROP TABLE c;', 'CREATE PUBLICATION p FOR TABLE ONLY a, TABLE ONLY b;'],
      'CREATE TABLE a (x int); CREATE TABLE b () INHERITS (a); CREATE PUBLICATION p FOR TABLE a',
    ],
    [
      'a cast is named by its types',
      'CREATE CAST (text AS mood) WITH INOUT AS ASSIGNMENT',
      ['DROP CAST (text AS mood);'],
      "CREATE TYPE mood AS ENUM ('ok')",
    ],
    [
      'a cast goes on with its types and its function, whatever they are called by now',
      `ALTER TYPE mood RENAME TO spirits; ALTER FUNCTION rank(spirits) RENAME TO place; CREATE SCHEMA apart; ALTER FUNCTION place(spirits) SET SCHEMA apart;
       DROP CAST (spirits as int4)`,
      [
        'ALTER TYPE spirits RENAME TO mood;',
        'ALTER FUNCTION apart.place(mood) SET SCHEMA public;',
        'ALTER FUNCTION place(mood) RENAME TO rank;',
        'CREATE CAST (mood AS int) WITH FUNCTION rank(mood);',
        'DROP SCHEMA apart;',
      ],
      "CREATE TYPE mood AS ENUM ('ok'); CREATE FUNCTION rank(mood) RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE FUNCTION rank(int) RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE CAST (mood AS int) WITH FUNCTION rank(mood)",
    ],
    [
      'aggregates and operators go on with their types and functions, whatever they are called by now',
      `ALTER TYPE mood RENAME TO spirits; ALTER FUNCTION better(spirits, spirits) RENAME TO best; ALTER FUNCTION rank(spirits, int) RENAME TO place;
       DROP AGGREGATE peak(spirits); DROP OPERATOR <~> (spirits, int)`,
      [
        'ALTER TYPE spirits RENAME TO mood;',
        'ALTER FUNCTION best(mood, mood) RENAME TO better;',
        'ALTER FUNCTION place(mood, integer) RENAME TO rank;',
        'CREATE AGGREGATE peak(mood) (SFUNC = better, STYPE = mood);',
        'CREATE OPERATOR <~> (FUNCTION = rank, LEFTARG = mood, RIGHTARG = int);',
      ],
      `CREATE TYPE mood AS ENUM ('ok'); CREATE FUNCTION better(mood, mood) RETURNS mood LANGUAGE sql AS 'SELECT $1'; CREATE FUNCTION better(int) RETURNS int LANGUAGE sql AS 'SELECT $1';
       CREATE FUNCTION rank(mood, int) RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE AGGREGATE peak(mood) (SFUNC = better, STYPE = mood);
       CREATE OPERATOR <~> (FUNCTION = rank, LEFTARG = mood, RIGHTARG = int)`,
    ],
    [
      'an aggregate of a type that has been renamed is dropped by the type’s present name',
      "CREATE TYPE mood AS ENUM ('ok'); CREATE FUNCTION better(mood, mood) RETURNS mood LANGUAGE sql AS 'SELECT $1'; CREATE AGGREGATE peak(mood) (SFUNC = better, STYPE = mood); ALTER TYPE mood RENAME TO spirits",
      ['DROP AGGREGATE peak(spirits);', 'DROP FUNCTION better(spirits, spirits);', 'DROP TYPE spirits;'],
      '',
    ],
    [
      'a cast of a type that has been renamed is dropped by the type’s present name',
      "CREATE TYPE mood AS ENUM ('ok'); CREATE CAST (mood AS text[]) WITH INOUT; ALTER TYPE mood RENAME TO spirits",
      ['DROP CAST (spirits AS text[]);', 'DROP TYPE spirits;'],
      '',
    ],
    [
      'tables, materialized views and indexes lie where they lay, and nothing is made anew for it',
      `ALTER TABLE t SET TABLESPACE fast; ALTER INDEX t_pkey SET TABLESPACE fast; ALTER INDEX i SET TABLESPACE pg_default;
       ALTER MATERIALIZED VIEW m SET TABLESPACE fast; ALTER MATERIALIZED VIEW m SET ACCESS METHOD columnar; ALTER TABLE t SET ACCESS METHOD columnar`,
      [
        'ALTER TABLE t SET ACCESS METHOD heap;',
        'ALTER TABLE t SET TABLESPACE pg_default;',
        'ALTER INDEX t_pkey SET TABLESPACE pg_default;',
        'ALTER INDEX i SET TABLESPACE fast;',
        'ALTER MATERIALIZED VIEW m SET ACCESS METHOD heap;',
        'ALTER MATERIALIZED VIEW m SET TABLESPACE pg_default;',
      ],
      'CREATE TABLE t (a int PRIMARY KEY); CREATE INDEX i ON t (a) TABLESPACE fast; CREATE MATERIALIZED VIEW m AS SELECT a FROM t',
    ],
    [
      'a key’s index and a partition are made where they lay',
      'DROP TABLE p; ALTER TABLE t DROP CONSTRAINT t_pkey',
      [
        'CREATE TABLE p PARTITION OF whole DEFAULT USING heap TABLESPACE pg_default;',
        'ALTER TABLE t ADD CONSTRAINT t_pkey PRIMARY KEY (a);',
        'ALTER INDEX t_pkey SET TABLESPACE fast;',
      ],
      `CREATE TABLE t (a int PRIMARY KEY USING INDEX TABLESPACE fast);
       CREATE TABLE whole (a int) PARTITION BY LIST (a) TABLESPACE fast; ALTER TABLE whole SET ACCESS METHOD columnar;
       CREATE TABLE p PARTITION OF whole DEFAULT; ALTER TABLE p SET ACCESS METHOD heap; ALTER TABLE p SET TABLESPACE pg_default`,
    ],
    [
      'a trigger that was replaced fires when it did',
      'CREATE OR REPLACE TRIGGER x AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()',
      ['ALTER TABLE t ENABLE ALWAYS TRIGGER x;'],
      `CREATE TABLE t (a int); CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
       CREATE TRIGGER x AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION f(); ALTER TABLE t ENABLE ALWAYS TRIGGER x`,
    ],
    [
      'a sequence is nobody’s before the table goes that it was given to',
      'CREATE TABLE t (a int); ALTER SEQUENCE s OWNED BY t.a',
      ['ALTER SEQUENCE s OWNED BY NONE;', 'DROP TABLE t;'],
      'CREATE SEQUENCE s',
    ],
    [
      'a collation that has become the column’s is an index’s own again',
      'ALTER TABLE t ALTER COLUMN a TYPE text COLLATE "C"',
      ['DROP INDEX i;', 'ALTER TABLE t ALTER COLUMN a TYPE text;', 'CREATE INDEX i ON t (a COLLATE "C");'],
      'CREATE TABLE t (a text); CREATE INDEX i ON t (a COLLATE "C")',
    ],
    [
      'a generated column is made anew where its values have no cast',
      'ALTER TABLE t ALTER COLUMN b TYPE text',
      [
        'DROP INDEX i;',
        'ALTER TABLE t DROP COLUMN b;',
        'ALTER TABLE t ADD COLUMN b integer GENERATED ALWAYS AS (a * 2) STORED;',
        'CREATE INDEX i ON t (b);',
        `COMMENT ON COLUMN t.b IS 'twice';`,
      ],
      `CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a * 2) STORED); CREATE INDEX i ON t (b); COMMENT ON COLUMN t.b IS 'twice'`,
    ],
    [
      'a virtual column is made anew where a check keeps its expression',
      'ALTER TABLE t ALTER COLUMN v SET EXPRESSION AS (1), ADD CHECK (a > 0)',
      [
        'ALTER TABLE t DROP CONSTRAINT t_a_check;',
        'ALTER TABLE t DROP COLUMN v;',
        'ALTER TABLE t ADD COLUMN v integer GENERATED ALWAYS AS (a);',
      ],
      'CREATE TABLE t (a int, v int GENERATED ALWAYS AS (a) VIRTUAL)',
    ],
    [
      'what is made of an enum is made anew with it',
      `ALTER TYPE mood ADD VALUE 'sad'`,
      [
        'ALTER TABLE u DROP CONSTRAINT u_m_fkey;',
        'DROP FUNCTION f(mood);',
        'ALTER TYPE mood RENAME TO mood_old;',
        `CREATE TYPE mood AS ENUM ('glad');`,
        'ALTER DOMAIN d RENAME TO d_old;',
        `CREATE DOMAIN d AS mood DEFAULT 'glad';`,
        'ALTER TYPE c RENAME TO c_old;',
        'CREATE TYPE c AS (d d, n integer);',
        'ALTER TABLE t ALTER COLUMN m TYPE mood USING m::text::mood;',
        'ALTER TABLE u ALTER COLUMN m TYPE mood USING m::text::mood;',
        'ALTER TABLE t ALTER COLUMN ds TYPE d[] USING ds::text[]::d[];',
        'ALTER TABLE t ALTER COLUMN c TYPE c USING c::text::c;',
        'CREATE FUNCTION f(x mood)\n RETURNS mood\n LANGUAGE sql\nAS $$SELECT x$$;',
        'ALTER TABLE u ADD CONSTRAINT u_m_fkey FOREIGN KEY (m) REFERENCES t (m);',
        'DROP TYPE c_old;',
        'DROP DOMAIN d_old;',
        'DROP TYPE mood_old;',
      ],
      `CREATE TYPE mood AS ENUM ('glad'); CREATE DOMAIN d AS mood DEFAULT 'glad'; CREATE TYPE c AS (d d, n int);
      CREATE FUNCTION f(x mood) RETURNS mood LANGUAGE sql AS 'SELECT x';
      CREATE TABLE t (m mood PRIMARY KEY, ds d[], c c); CREATE TABLE u (m mood REFERENCES t)`,
    ],
    [
      'a default follows the label of its enum',
      'DROP TABLE t; DROP DOMAIN d',
      [
        `CREATE DOMAIN d AS mood DEFAULT 'fine';`,
        `CREATE TABLE t (\n  m mood DEFAULT 'fine',\n  n text DEFAULT 'glad'\n);`,
      ],
      `CREATE TYPE mood AS ENUM ('glad'); CREATE DOMAIN d AS mood DEFAULT 'glad';
      CREATE TABLE t (m mood DEFAULT 'glad', n text DEFAULT 'glad'); ALTER TYPE mood RENAME VALUE 'glad' TO 'fine'`,
    ],
    [
      'what is granted on all of a schema is taken from each',
      'GRANT SELECT ON ALL TABLES IN SCHEMA s TO reader',
      ['REVOKE SELECT ON s.t FROM reader;', 'REVOKE SELECT ON s.v FROM reader;'],
      'CREATE SCHEMA s; CREATE TABLE s.t (a serial); CREATE VIEW s.v AS SELECT a FROM s.t; CREATE TABLE t (a int)',
    ],
    [
      'what is made of functions goes before them',
      'CREATE FUNCTION plus(int, int) RETURNS int LANGUAGE sql RETURN $1 + $2; CREATE AGGREGATE sum_of (int) (SFUNC = plus, STYPE = int)',
      ['DROP AGGREGATE sum_of(integer);', 'DROP FUNCTION plus(integer, integer);'],
    ],
  ])('%s', (_, up, statements, earlier = '') => {
    const before = run(nothing, `${SHOP}${earlier}`);
    const after = run(before, up);
    const back = wayBack(after, before);
    expect(back.statements).toEqual(statements);
    expect(compareCatalogs(before, run(after, back.statements.join('\n'))).map(describeDifference)).toEqual([]);
  });

  test('a partition that leaves and comes back keeps what it had', () => {
    const before = run(
      nothing,
      `CREATE TABLE m (id int CHECK (id > 0), at date NOT NULL UNIQUE) PARTITION BY RANGE (at);
      CREATE TABLE m1 PARTITION OF m FOR VALUES FROM ('2020-01-01') TO ('2021-01-01'); CREATE INDEX ON m (id)`,
    );
    const after = run(before, 'ALTER TABLE m DETACH PARTITION m1');
    expect(wayBack(after, before).statements).toEqual([
      `ALTER TABLE m ATTACH PARTITION m1 FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');`,
    ]);
    expect(wayBack(before, after).statements).toEqual(['ALTER TABLE m DETACH PARTITION m1;']);
  });

  test('what was moved into a new schema leaves it before the schema is dropped', () => {
    const before = run(nothing, 'CREATE TABLE t (id int)');
    expect(wayBack(run(before, 'CREATE SCHEMA s; ALTER TABLE t SET SCHEMA s'), before).statements).toEqual([
      'ALTER TABLE s.t SET SCHEMA public;',
      'DROP SCHEMA s;',
    ]);
  });

  test('a table made of a query has the collations of its columns', () => {
    const made = run(nothing, 'CREATE TABLE t (a text COLLATE "C"); CREATE TABLE u AS SELECT a, a || a AS b FROM t');
    expect(wayBack(run(made, 'DROP TABLE u'), made).statements.join('\n')).toMatch(/a text COLLATE "C",\s+b text\n/);
  });

  test('statistics stand where names are made, and not beside their table', () => {
    const before = run(nothing, 'CREATE SCHEMA s; CREATE TABLE s.t (a int, b int)');
    expect(wayBack(run(before, 'CREATE STATISTICS x ON a, b FROM s.t'), before).statements).toEqual([
      'DROP STATISTICS x;',
    ]);
  });

  test('privileges on a column go with its name', () => {
    const before = run(nothing, 'CREATE TABLE t (a int, b int); GRANT SELECT (a) ON t TO reader');
    expect(wayBack(run(before, 'ALTER TABLE t RENAME COLUMN a TO c'), before).statements).toEqual([
      'ALTER TABLE t RENAME COLUMN c TO a;',
    ]);
    const granted = 'ALTER TABLE t ADD COLUMN d int; GRANT SELECT (d) ON t TO reader';
    expect(wayBack(run(before, granted), before).statements).toEqual(['ALTER TABLE t DROP COLUMN d;']);
  });

  test('a rule that was renamed is made again by its name', () => {
    const rule =
      'CREATE TABLE t (a int); CREATE RULE r AS ON UPDATE TO t DO INSTEAD NOTHING; ALTER RULE r ON t RENAME TO q';
    const before = run(nothing, rule);
    expect(wayBack(run(before, 'DROP RULE q ON t'), before).statements).toEqual([
      'CREATE RULE q AS ON UPDATE TO t DO INSTEAD NOTHING;',
    ]);
  });

  test('a key of a partition may be called otherwise than its table’s', () => {
    const before = run(
      nothing,
      `CREATE TABLE m (at date UNIQUE) PARTITION BY RANGE (at);
      CREATE TABLE m1 PARTITION OF m FOR VALUES FROM ('2020-01-01') TO ('2021-01-01')`,
    );
    expect(wayBack(run(before, 'ALTER TABLE m1 RENAME CONSTRAINT m1_at_key TO k'), before).statements).toEqual([
      'ALTER TABLE m1 RENAME CONSTRAINT k TO m1_at_key;',
    ]);
  });

  test('is none where the type of a column cannot change', () => {
    const obstacles = (tables: string) => {
      const before = run(nothing, `CREATE TYPE mood AS ENUM ('glad'); ${tables}`);
      return wayBack(run(before, `ALTER TYPE mood ADD VALUE 'sad'`), before).obstacles;
    };
    expect(obstacles('CREATE TABLE t (m mood) PARTITION BY LIST (m)')).toEqual([
      'the type of t.m cannot change: it is part of the partition key',
    ]);
    expect(
      obstacles('CREATE TABLE t (m mood, n int GENERATED ALWAYS AS (CASE WHEN m IS NULL THEN 1 END) STORED)'),
    ).toEqual(['the type of t.m cannot change: n is computed from it']);
  });

  test('says what is lost, and what may fail', () => {
    const before = run(nothing, SHOP);
    expect(
      wayBack(run(before, 'ALTER TABLE users DROP COLUMN name'), before).notes.map(
        ({ kind, says }) => `${kind}: ${says}`,
      ),
    ).toEqual([
      'dataLost: users.name comes back without its values',
      'mayFail: users.name is NOT NULL without a default: adding it fails while users has rows',
    ]);
  });

  test('is none where the former definition is not known', () => {
    const before = emptyCatalog({ complete: false });
    const assumed = run(before, 'ALTER TABLE old ADD COLUMN a int');
    expect(wayBack(run(assumed, 'DROP TABLE old'), assumed).obstacles).not.toEqual([]);
  });
});
