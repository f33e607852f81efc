/** asyncpg. */
import type { LibraryModel } from './vocabulary';

export const asyncpg = {
  package: 'pypi:asyncpg',
  also: ['pypi:asyncpg.pool', 'pypi:asyncpg.connection'],
  source: 'https://magicstack.github.io/asyncpg/current/api/index.html',
  dialect: 'postgresql',
  placeholder: '$n',
  failures: ['PostgresError', 'InterfaceError', 'PostgresConnectionError', 'QueryCanceledError'],
  types: {
    Executor: {},
    Connection: { extends: 'Executor' },
    Pool: { extends: 'Executor', pooled: true },
    PreparedStatement: {},
    Transaction: {},
  },
  gives: [
    { call: 'connect', gives: 'Connection' },
    { call: 'create_pool', gives: 'Pool' },
    { call: 'Pool.acquire', gives: 'Connection' },
    { call: 'Connection.prepare', gives: 'PreparedStatement' },
    { call: 'Connection.transaction', gives: 'Transaction' },
  ],
  queries: [
    {
      call: ['Executor.fetch', 'Executor.fetchrow', 'Executor.fetchval', 'Executor.execute', 'Connection.cursor'],
      sql: 0,
      values: 1,
      valuesRest: true,
      returns: 'many',
    },
    { call: ['Executor.executemany', 'Executor.fetchmany'], sql: 0, values: 1, batched: true },
    {
      call: ['PreparedStatement.fetch', 'PreparedStatement.fetchrow', 'PreparedStatement.fetchval'],
      returns: 'many',
    },
  ],
  fragments: [{ call: 'Connection.prepare', sql: 0 }],
  acquires: [
    { call: 'connect', takes: 'connection', releasedBy: ['Connection.close', 'Connection.terminate'] },
    { call: 'Pool.acquire', takes: 'connection', releasedBy: 'Pool.release' },
  ],
  connections: [{ call: 'connect', makes: 'connection' }],
  transactions: [
    { call: 'Connection.transaction', does: 'enclose' },
    { call: 'Transaction.start', does: 'begin' },
    { call: 'Transaction.commit', does: 'commit' },
    { call: 'Transaction.rollback', does: 'rollback' },
  ],
  neutral: [
    'Pool.release',
    'Pool.close',
    'Connection.close',
    'Executor.copy_records_to_table',
    'Connection.set_type_codec',
  ],
} as const satisfies LibraryModel;
