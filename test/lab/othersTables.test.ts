/** What stands for the tables of others while a history runs. */
import { expect, test } from 'vitest';
import type { LabScript } from '../../src/lab/database';
import { othersTables } from '../../src/lab/othersTables';

const script = (leansOn: LabScript['leansOn'], ...sqls: readonly string[]): LabScript => ({
  statements: sqls.map(sql => ({ sql })),
  untranslated: [],
  inTransaction: true,
  ...(leansOn ? { leansOn } : {}),
});
const users = { table: 'auth_user', key: 'id', type: 'integer' };
const MADE = 'CREATE TABLE "auth_user" ("id" integer PRIMARY KEY)';

test('each is made once, with its key', () => {
  expect(othersTables([script([users]), script(undefined), script([users])])).toEqual([MADE]);
  expect(othersTables([script([{ table: 'say"so', key: 'code', type: 'varchar(9)' }])])).toEqual([
    'CREATE TABLE "say""so" ("code" varchar(9) PRIMARY KEY)',
  ]);
});

test.each([
  'CREATE TABLE "auth_user" (id int)',
  'create table if not exists public.auth_user (id int)',
  'ALTER TABLE "members" RENAME TO "auth_user"',
])('one that the history makes itself is left to it: %s', sql =>
  expect(othersTables([script([users], sql)])).toEqual([]),
);

test.each(['CREATE TABLE "auth_user_groups" (id int)', 'ALTER TABLE auth_user ADD COLUMN note text'])(
  'another statement leaves it to others: %s',
  sql => expect(othersTables([script([users], sql)])).toEqual([MADE]),
);
