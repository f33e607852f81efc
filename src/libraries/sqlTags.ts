/** Packages whose template tag binds what stands in its holes: text written with them is harmless by construction. */
import type { LibraryModel } from './vocabulary';

export const sqlTemplateTag = {
  package: 'npm:sql-template-tag',
  also: ['npm:sql-template-strings', 'npm:@nearform/sql', 'npm:squid'],
  source: 'https://github.com/blakeembrey/sql-template-tag#usage, https://github.com/nearform/sql#sqlunsafe',
  types: { SQLStatement: {} },
  escapes: [{ call: ['default', 'sql', 'SQL', 'SQL.glue', 'join', 'bulk'], makes: 'bound' }],
  fragments: [{ call: ['raw', 'SQL.unsafe', 'default.unsafe', 'spreadAndRaw'], sql: 0 }],
  neutral: ['empty', 'SQL.quoteIdent', 'default.quoteIdent'],
} as const satisfies LibraryModel;

export const atDatabases = {
  package: 'npm:@databases/sql',
  also: ['npm:@databases/pg', 'npm:@databases/mysql', 'npm:@databases/sqlite', 'npm:@databases/sqlite-sync'],
  source: 'https://www.atdatabases.org/docs/sql, https://www.atdatabases.org/docs/pg-guide-query-base',
  promises: 'eager',
  types: {
    ConnectionPool: { pooled: true },
    Queryable: {},
    Transaction: { extends: 'Queryable', transaction: true },
    Connection: { extends: 'Queryable' },
  },
  gives: [{ call: ['default', 'createConnectionPool'], gives: 'ConnectionPool' }],
  queries: [{ call: ['ConnectionPool.query', 'Queryable.query'], returns: 'many' }],
  escapes: [{ call: ['sql', 'sql.ident', 'sql.join', 'sql.value'], makes: 'bound' }],
  fragments: [{ call: 'sql.__dangerous__rawValue', sql: 0, distinctive: true }],
  callbacks: [
    { call: ['ConnectionPool.tx', 'Queryable.tx'], argument: 0, receives: ['Transaction'], result: 'value' },
    { call: ['ConnectionPool.task', 'Queryable.task'], argument: 0, receives: ['Connection'], result: 'value' },
  ],
  transactions: [{ call: ['ConnectionPool.tx', 'Queryable.tx'], does: 'enclose' }],
  neutral: ['sql.file', 'ConnectionPool.dispose', 'ConnectionPool.queryStream'],
} as const satisfies LibraryModel;
