import { expect, test } from 'vitest';
import { dialectSpokenBy } from '../../src/workspace/databaseDrivers';
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

test.each([
  [
    '/shop/prisma/migrations/migration_lock.toml',
    'provider = "sqlite"',
    '/shop/prisma/migrations/1_a/migration.sql',
    'sqlite',
  ],
  ['/shop/drizzle/meta/_journal.json', '{ "version": "5", "dialect": "mysql" }', '/shop/drizzle/0001_a_b.sql', 'mysql'],
])('%s says it itself', (file, text, path, dialect) =>
  expect(dialectIn({ [file]: text, '/shop/package.json': '{ "dependencies": { "pg": "8" } }' }, path)).toBe(dialect),
);

test('Prisma brings its drivers itself', () => {
  const files = {
    '/shop/package.json': '{ "dependencies": { "@prisma/client": "6" } }',
    '/shop/prisma/schema.prisma': 'datasource db {\n  provider = "sqlite"\n}',
  };
  expect(dialectIn(files, '/shop/src/orders.ts')).toBe('sqlite');
});

test.each([
  ['an npm driver before others', ['go:github.com/lib/pq', 'npm:mysql2'], 'mysql'],
  ['Go', ['go:github.com/jackc/pgx/v5'], 'postgresql'],
  ['Maven', ['maven:org.mariadb.jdbc:mariadb-java-client'], 'mariadb'],
  ['an extension of PHP', ['composer:ext-pdo_sqlite', 'composer:laravel/framework'], 'sqlite'],
  ['PostgreSQL where there are several', ['pypi:pymysql', 'pypi:asyncpg'], 'postgresql'],
  ['no driver', ['npm:express'], undefined],
])('packages of %s', (_, packages, dialect) => expect(dialectSpokenBy(new Set(packages))).toBe(dialect));
