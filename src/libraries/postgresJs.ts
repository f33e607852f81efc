/** postgres.js 3: a tag that binds what stands in its holes, and sends when it is awaited. */
import type { LibraryModel } from './vocabulary';

export const postgresJs = {
  package: 'npm:postgres',
  source: 'https://github.com/porsager/postgres#queries, https://github.com/porsager/postgres#building-queries',
  dialect: 'postgresql',
  placeholder: '$n',
  promises: 'lazy',
  types: {
    Sql: { pooled: true },
    TransactionSql: { extends: 'Sql', transaction: true },
    ReservedSql: { extends: 'Sql' },
    PendingQuery: { executes: 'awaited' },
  },
  gives: [
    { call: ['default', 'postgres'], gives: 'Sql' },
    { call: 'Sql.reserve', gives: 'ReservedSql' },
    { call: ['Sql', 'Sql.unsafe', 'Sql.file'], gives: 'PendingQuery' },
    {
      call: [
        'PendingQuery.simple',
        'PendingQuery.readable',
        'PendingQuery.writable',
        'PendingQuery.execute',
        'PendingQuery.describe',
        'PendingQuery.values',
        'PendingQuery.raw',
        'PendingQuery.stream',
      ],
      gives: 'receiver',
    },
  ],
  queries: [
    { call: 'Sql', executes: 'awaited', sql: 'template', returns: 'many' },
    { call: 'Sql.unsafe', executes: 'awaited', sql: 0, values: 1, returns: 'many' },
    { call: 'Sql.file', executes: 'awaited', returns: 'many' },
    { call: ['PendingQuery.cursor', 'PendingQuery.forEach'], returns: 'many' },
  ],
  acquires: [{ call: 'Sql.reserve', takes: 'connection', releasedBy: 'ReservedSql.release' }],
  wraps: [{ on: 'Sql', call: 'begin', name: 'tx' }],
  callbacks: [
    {
      call: ['Sql.begin', 'TransactionSql.savepoint'],
      argument: 'rest',
      from: 0,
      receives: ['TransactionSql'],
      result: 'value',
    },
    { call: ['PendingQuery.cursor', 'PendingQuery.forEach'], argument: 'rest', from: 0 },
  ],
  transactions: [{ call: ['Sql.begin', 'TransactionSql.savepoint'], does: 'enclose' }],
  neutral: [
    'Sql.end',
    'Sql.close',
    'Sql.listen',
    'Sql.notify',
    'Sql.subscribe',
    'Sql.array',
    'Sql.json',
    'Sql.typed',
    'Sql.types',
    'Sql.options',
    'ReservedSql.release',
    'TransactionSql.prepare',
    'PendingQuery.cancel',
  ],
} as const satisfies LibraryModel;
