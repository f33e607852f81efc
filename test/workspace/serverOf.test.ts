import { expect, test } from 'vitest';
import { serversOf } from '../../src/workspace/serverOf';
import { stacksIn } from '../../src/workspace/stack';

const dialectIn = (files: Readonly<Record<string, string>>, path: string) => {
  const access = { peek: (at: string) => files[at] };
  return serversOf('/shop', stacksIn(access), access).dialectOf(path);
};

test.each([
  ['/shop/go.mod', 'require github.com/go-sql-driver/mysql v1.8.1', 'mysql'],
  ['/shop/go.mod', 'require (\n\tgithub.com/mattn/go-sqlite3 v1.14\n\tgithub.com/jackc/pgx/v5 v5.6\n)', 'postgresql'],
  ['/shop/db/go.mod', 'require modernc.org/sqlite v1.30.0', 'sqlite'],
  ['/shop/composer.json', '{ "require": { "ext-pdo_mysql": "*" } }', 'mysql'],
  ['/shop/pom.xml', '<groupId>com.microsoft.sqlserver</groupId>', 'transactsql'],
  ['/shop/requirements.txt', 'PyMySQL==1.1.0', 'mysql'],
  ['/shop/package.json', '{ "dependencies": { "mysql2": "3" } }', 'mysql'],
  ['/other/go.mod', 'require github.com/go-sql-driver/mysql v1.8.1', 'postgresql'],
])('%s: %s', (manifest, text, dialect) =>
  expect(dialectIn({ [manifest]: text }, '/shop/db/migrations/1_a.up.sql')).toBe(dialect),
);
