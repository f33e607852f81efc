/** Python packages that take SQL and follow no common interface: DuckDB, databases, records. */
import { membersOf } from './members';
import type { LibraryModel } from './vocabulary';

const DUCKDB = ['execute', 'sql', 'query', 'from_query'];

export const duckdb = {
  package: 'pypi:duckdb',
  source:
    'https://duckdb.org/docs/stable/clients/python/dbapi, https://duckdb.org/docs/stable/clients/python/reference/',
  placeholder: '?',
  inProcess: true,
  types: { DuckDBPyConnection: {}, Result: {} },
  gives: [
    { call: ['connect', 'DuckDBPyConnection.cursor', 'DuckDBPyConnection.duplicate'], gives: 'DuckDBPyConnection' },
    { call: [...DUCKDB, ...membersOf('DuckDBPyConnection', DUCKDB)], gives: 'Result' },
  ],
  queries: [
    { call: ['execute', 'DuckDBPyConnection.execute'], sql: 0, values: 1, returns: 'many' },
    { call: ['executemany', 'DuckDBPyConnection.executemany'], sql: 0, values: 1, batched: true },
    {
      call: [
        ...DUCKDB.filter(name => name !== 'execute'),
        ...membersOf('DuckDBPyConnection', ['sql', 'query', 'from_query']),
      ],
      sql: 0,
      returns: 'many',
    },
  ],
  neutral: membersOf('Result', ['fetchall', 'fetchone', 'fetchmany', 'fetchdf', 'df', 'pl', 'arrow', 'show']),
} as const satisfies LibraryModel;

export const databases = {
  package: 'pypi:databases',
  source: 'https://www.encode.io/databases/database_queries/',
  placeholder: ':name',
  types: { Database: { pooled: true } },
  gives: [{ call: 'Database', gives: 'Database' }],
  queries: [
    { call: membersOf('Database', ['fetch_all', 'iterate']), sql: 0, values: 1, returns: 'many' },
    { call: membersOf('Database', ['fetch_one', 'fetch_val']), sql: 0, values: 1, returns: 'one' },
    { call: 'Database.execute', sql: 0, values: 1 },
    { call: 'Database.execute_many', sql: 0, values: 1, batched: true },
  ],
  transactions: [{ call: 'Database.transaction', does: 'enclose' }],
  connections: [{ call: 'Database', makes: 'pool' }],
  neutral: membersOf('Database', ['connect', 'disconnect']),
} as const satisfies LibraryModel;

export const records = {
  package: 'pypi:records',
  source: 'https://github.com/kennethreitz/records#-basics',
  placeholder: ':name',
  types: { Database: {}, Connection: {}, RecordCollection: {} },
  gives: [
    { call: 'Database', gives: 'Database' },
    { call: 'Database.get_connection', gives: 'Connection' },
    { call: ['Database.query', 'Connection.query'], gives: 'RecordCollection' },
  ],
  queries: [
    { call: ['Database.query', 'Connection.query'], sql: 0, returns: 'many' },
    { call: ['Database.bulk_query', 'Connection.bulk_query'], sql: 0, batched: true },
  ],
  neutral: membersOf('RecordCollection', ['all', 'first', 'one', 'scalar', 'as_dict', 'export']),
} as const satisfies LibraryModel;
