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
    { file: 'step.sql' },
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
  ])('%s', (up, statements) => {
    const before = run(nothing, SHOP);
    const after = run(before, up);
    const back = wayBack(after, before);
    expect([...back.statements].sort()).toEqual([...statements].sort());
    expect(back.obstacles).toEqual([]);
    // and folding it leads back
    expect(compareCatalogs(before, run(after, back.statements.join('\n'))).map(describeDifference)).toEqual([]);
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
