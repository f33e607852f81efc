/** A NOT NULL is a constraint with a name since PostgreSQL 18, which it can be dropped and renamed by. */
import { beforeAll, describe, expect, test } from 'vitest';
import { emptyCatalog, isTable } from '../../src/catalog/catalog';
import { fold } from '../../src/catalog/fold';
import { readPostgres } from '../../src/catalog/readPostgres';
import { loadPostgresTrees, type PostgresTrees } from '../../src/sql/postgresTree';

let trees: PostgresTrees;
beforeAll(async () => {
  trees = await loadPostgresTrees();
});

const folded = (text: string, postgresVersion = 18) =>
  fold(
    emptyCatalog({ complete: true }),
    readPostgres(trees, text).flatMap(one => one.operations),
    { postgresVersion },
  );

const refusals = (text: string, version?: number) => folded(text, version).failures.map(({ says }) => says);

/** `table.column name` of each. */
const names = (text: string) =>
  [...folded(text).catalog.objects.values()].flatMap(object =>
    isTable(object)
      ? object.columns.flatMap(({ name, notNullName, notNullMade }) => {
          const called = notNullName ?? notNullMade;
          return called === undefined ? [] : [`${object.name}.${name} ${called}`];
        })
      : [],
  );

const RENAMED = 'CREATE TABLE t (id int PRIMARY KEY, a int NOT NULL); ALTER TABLE t RENAME TO u;';
const CHILDREN =
  'CREATE TABLE t (a int NOT NULL); CREATE TABLE c () INHERITS (t); CREATE TABLE d (a int NOT NULL) INHERITS (t);';

describe('the name of a NOT NULL', () => {
  test.each([
    [`${RENAMED} ALTER TABLE u RENAME a TO z;`, ['u.id t_id_not_null', 'u.z t_a_not_null']],
    [
      'CREATE TABLE t (a serial, b int GENERATED ALWAYS AS IDENTITY, c int CONSTRAINT mine NOT NULL)',
      ['t.a t_a_not_null', 't.b t_b_not_null', 't.c mine'],
    ],
    ['CREATE TABLE t (a int); ALTER TABLE t ALTER a SET NOT NULL; ALTER TABLE t ALTER a DROP NOT NULL', []],
    ['CREATE TABLE t (a int NOT NULL, CONSTRAINT t_a_not_null CHECK (a > 0))', ['t.a t_a_not_null1']],
    // a copy is called as what it is of, a child's own by itself
    ['CREATE TABLE t (a int NOT NULL); CREATE TABLE l (LIKE t)', ['t.a t_a_not_null', 'l.a t_a_not_null']],
    [CHILDREN, ['t.a t_a_not_null', 'c.a t_a_not_null', 'd.a d_a_not_null']],
    [
      'CREATE TABLE t (a int NOT NULL); CREATE TABLE c () INHERITS (t); ALTER TABLE t RENAME CONSTRAINT t_a_not_null TO n',
      ['t.a n', 'c.a n'],
    ],
  ])('%s', (text, expected) => expect(names(text)).toEqual(expected));

  test.each([
    [`${RENAMED} ALTER TABLE u DROP CONSTRAINT t_a_not_null; ALTER TABLE u ALTER a SET NOT NULL;`, []],
    [`${RENAMED} ALTER TABLE u DROP CONSTRAINT u_a_not_null`, ['constraint u_a_not_null of u does not exist']],
    [`${RENAMED} ALTER TABLE u DROP CONSTRAINT t_id_not_null`, ['column id of u is in a primary key']],
    [`${CHILDREN} ALTER TABLE c DROP CONSTRAINT t_a_not_null`, ['column a of c is NOT NULL in its parent']],
    [`${CHILDREN} ALTER TABLE d RENAME CONSTRAINT d_a_not_null TO n`, ['constraint d_a_not_null of d is inherited']],
    [`${CHILDREN} ALTER TABLE t RENAME CONSTRAINT t_a_not_null TO n`, ['constraint t_a_not_null of d does not exist']],
    [
      `${CHILDREN} ALTER TABLE ONLY t RENAME CONSTRAINT t_a_not_null TO n`,
      ['constraint t_a_not_null of t must be renamed in its child tables too'],
    ],
    [`${CHILDREN} COMMENT ON CONSTRAINT t_a_not_null ON t IS 'needed'`, []],
  ])('%s', (text, expected) => expect(refusals(text)).toEqual(expected));

  test('is none before', () =>
    expect(refusals('CREATE TABLE t (a int NOT NULL); ALTER TABLE t DROP CONSTRAINT t_a_not_null', 17)).toEqual([
      'constraint t_a_not_null of t does not exist',
    ]));
});

test('what children have by the same name is not renamed of their parent alone', () =>
  expect(
    refusals(`CREATE TABLE t (a int PRIMARY KEY CHECK (a > 0)); CREATE TABLE c () INHERITS (t);
      ALTER TABLE ONLY t RENAME a TO b; ALTER TABLE ONLY t RENAME CONSTRAINT t_a_check TO b;
      ALTER TABLE ONLY t RENAME CONSTRAINT t_pkey TO b;`),
  ).toEqual([
    'a of t must be renamed in its child tables too',
    't_a_check of t must be renamed in its child tables too',
  ]));
