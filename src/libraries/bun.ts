/** Bun's own client for PostgreSQL, MySQL and SQLite: a tag like that of postgres.js. */
import type { LibraryModel } from './vocabulary';

export const bun = {
  package: 'npm:bun',
  source: 'https://bun.com/docs/runtime/sql',
  placeholder: '$n',
  promises: 'lazy',
  types: {
    SQL: { pooled: true },
    TransactionSQL: { extends: 'SQL', transaction: true },
    ReservedSQL: { extends: 'SQL' },
    Query: { executes: 'awaited' },
  },
  gives: [
    { construct: 'SQL', gives: 'SQL' },
    { call: ['SQL.reserve', 'sql.reserve'], gives: 'ReservedSQL' },
    { call: ['sql', 'SQL', 'sql.unsafe', 'SQL.unsafe', 'sql.file', 'SQL.file'], gives: 'Query' },
    { call: ['Query.simple', 'Query.execute', 'Query.values', 'Query.raw'], gives: 'receiver' },
  ],
  queries: [
    { call: ['sql', 'SQL'], executes: 'awaited', sql: 'template', returns: 'many' },
    { call: ['sql.unsafe', 'SQL.unsafe'], executes: 'awaited', sql: 0, values: 1, returns: 'many' },
    { call: ['sql.file', 'SQL.file'], executes: 'awaited', returns: 'many' },
  ],
  acquires: [{ call: ['SQL.reserve', 'sql.reserve'], takes: 'connection', releasedBy: 'ReservedSQL.release' }],
  callbacks: [
    {
      call: ['sql.begin', 'SQL.begin', 'sql.transaction', 'SQL.transaction', 'TransactionSQL.savepoint'],
      argument: 'rest',
      from: 0,
      receives: ['TransactionSQL'],
      result: 'value',
    },
  ],
  transactions: [
    {
      call: ['sql.begin', 'SQL.begin', 'sql.transaction', 'SQL.transaction', 'TransactionSQL.savepoint'],
      does: 'enclose',
    },
  ],
  neutral: [
    'sql.close',
    'SQL.close',
    'sql.end',
    'SQL.end',
    'sql.array',
    'SQL.array',
    'ReservedSQL.release',
    'Query.cancel',
  ],
} as const satisfies LibraryModel;
