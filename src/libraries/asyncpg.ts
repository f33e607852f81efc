/** asyncpg. */
import type { LibraryModel } from './vocabulary';

export const asyncpg = {
  package: 'pypi:asyncpg',
  also: ['pypi:asyncpg.pool', 'pypi:asyncpg.connection'],
  source: 'https://magicstack.github.io/asyncpg/current/api/index.html',
  dialect: 'postgresql',
  placeholder: '$n',
  failures: ['PostgresError', 'InterfaceError', 'PostgresConnectionError', 'QueryCanceledError'],
  types: { Executor: {}, Connection: { extends: 'Executor' }, Pool: { extends: 'Executor' }, PreparedStatement: {} },
  gives: [
    { call: 'connect', gives: 'Connection' },
    { call: 'create_pool', gives: 'Pool' },
    { call: 'Pool.acquire', gives: 'Connection' },
    { call: 'Connection.prepare', gives: 'PreparedStatement' },
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
  neutral: [
    'Pool.release',
    'Pool.close',
    'Connection.close',
    'Connection.transaction',
    'Executor.copy_records_to_table',
    'Connection.set_type_codec',
  ],
} as const satisfies LibraryModel;
