/** Which server a driver speaks to. PostgreSQL's come first: it is the one that counts where a project has several. */
import type { Dialect } from '../sql/dialect';

/** Packages as manifests that are parsed name them, with the ecosystem before them. */
export const DRIVERS: readonly (readonly [name: string, dialect: Dialect])[] = [
  ['npm:pg', 'postgresql'],
  ['npm:postgres', 'postgresql'],
  ['npm:@neondatabase/serverless', 'postgresql'],
  ['npm:@vercel/postgres', 'postgresql'],
  ['npm:@payloadcms/db-postgres', 'postgresql'],
  ['npm:@payloadcms/db-vercel-postgres', 'postgresql'],
  ['npm:mysql2', 'mysql'],
  ['npm:@planetscale/database', 'mysql'],
  ['npm:mysql', 'mysql'],
  ['npm:mariadb', 'mariadb'],
  ['npm:better-sqlite3', 'sqlite'],
  ['npm:sqlite3', 'sqlite'],
  ['npm:@libsql/client', 'sqlite'],
  ['npm:@payloadcms/db-sqlite', 'sqlite'],
  ['npm:@payloadcms/db-d1-sqlite', 'sqlite'],
  ['npm:mssql', 'transactsql'],
  ['npm:tedious', 'transactsql'],
  ['pypi:psycopg2', 'postgresql'],
  ['pypi:psycopg2-binary', 'postgresql'],
  ['pypi:psycopg', 'postgresql'],
  ['pypi:asyncpg', 'postgresql'],
  ['pypi:aiopg', 'postgresql'],
  ['pypi:pg8000', 'postgresql'],
  ['pypi:pymysql', 'mysql'],
  ['pypi:mysqlclient', 'mysql'],
  ['pypi:mysql-connector-python', 'mysql'],
  ['pypi:aiomysql', 'mysql'],
  ['pypi:aiosqlite', 'sqlite'],
  ['pypi:pyodbc', 'transactsql'],
  ['pypi:pymssql', 'transactsql'],
];

/** What names a driver in the text of another manifest, or in the name of its package. */
export const SPOKEN: readonly (readonly [driver: RegExp, dialect: Dialect])[] = [
  [
    /github\.com\/(?:jackc\/pgx|lib\/pq|go-pg\/pg)|gorm\.io\/driver\/postgres|\bpsycopg\d?\b|\basyncpg\b|org\.postgresql|\btokio-postgres\b|"postgres(?:ql)?"|"ext-(?:pgsql|pdo_pgsql)"/,
    'postgresql',
  ],
  [/org\.mariadb/, 'mariadb'],
  [
    /github\.com\/go-sql-driver\/mysql|gorm\.io\/driver\/mysql|\bmysqlclient\b|\b[Pp]y[Mm]y[Ss][Qq][Ll]\b|\baiomysql\b|\bmysql-connector\b|com\.mysql|"ext-(?:mysqli|pdo_mysql)"|\bmysql_async\b/,
    'mysql',
  ],
  [
    /github\.com\/(?:microsoft|denisenkom)\/go-mssqldb|gorm\.io\/driver\/sqlserver|\bpymssql\b|com\.microsoft\.sqlserver|\bmssql-jdbc\b|"ext-sqlsrv"/,
    'transactsql',
  ],
  [
    /github\.com\/mattn\/go-sqlite3|modernc\.org\/sqlite|gorm\.io\/driver\/sqlite|github\.com\/glebarez\/sqlite|\baiosqlite\b|org\.xerial|"ext-(?:sqlite3|pdo_sqlite)"|\brusqlite\b/,
    'sqlite',
  ],
];

/**
 * The server that the drivers among some packages speak to.
 * @param packages names with the ecosystem before them: `npm:pg`, `go:github.com/lib/pq`
 */
export function dialectSpokenBy(packages: ReadonlySet<string>): Dialect | undefined {
  const own = DRIVERS.find(([name]) => packages.has(name));
  if (own) return own[1];
  const others = [...packages].flatMap(name => (/^(?:npm|pypi):/.test(name) ? [] : [`"${name.replace(/^\w+:/, '')}"`]));
  return SPOKEN.find(([driver]) => others.some(name => driver.test(name)))?.[1];
}
