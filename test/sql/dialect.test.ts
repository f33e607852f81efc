import { expect, test } from 'vitest';
import { dialectOf } from '../../src/sql/dialect';

test.each([
  ['CREATE TABLE `orders` (`id` int) ENGINE=InnoDB', 'mysql'],
  ['CREATE TABLE orders (id INTEGER PRIMARY KEY AUTOINCREMENT)', 'sqlite'],
  ['CREATE TABLE `orders` (`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL)', 'sqlite'],
  ['PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;\nCREATE TABLE a (b TEXT);', 'sqlite'],
  ['CREATE TABLE a (b TEXT PRIMARY KEY) WITHOUT ROWID', 'sqlite'],
  ['CREATE TABLE [orders] ([id] int IDENTITY(1,1))', 'transactsql'],
  ['CREATE TABLE orders (name NVARCHAR(80))', 'transactsql'],
  ['ALTER TABLE orders ADD a int\nGO\n', 'transactsql'],
  ["SELECT '[dbo]', 'AUTOINCREMENT', '`a`' -- PRAGMA x\n", 'postgresql'],
  ['CREATE TABLE a (b int GENERATED ALWAYS AS IDENTITY (START WITH 10))', 'postgresql'],
  ['SELECT (ARRAY[1, 2])[1], x[2] FROM a', 'postgresql'],
])('%s is written for %s', (text, dialect) => expect(dialectOf(text, 'postgresql')).toBe(dialect));

test('what a project says of itself counts', () =>
  expect(dialectOf('CREATE TABLE `a` (b int)', 'sqlite')).toBe('sqlite'));
