/** Further drivers that follow Python's database interface, PEP 249. */
import type { LibraryModel } from './vocabulary';

const columns = {
  failures: [
    'Error',
    'DatabaseError',
    'OperationalError',
    'InterfaceError',
    'InternalError',
    'ProgrammingError',
    'DataError',
    'NotSupportedError',
  ],
  blocks: true,
  // the first statement begins a transaction, which lasts until commit()
  types: { Connection: { transaction: true }, Cursor: { transaction: true } },
  gives: [
    { call: ['connect', 'Connection'], gives: 'Connection' },
    { call: 'Connection.cursor', gives: 'Cursor' },
  ],
  queries: [
    { call: ['Cursor.execute', 'Connection.execute', 'Connection.run'], sql: 0, values: 1, returns: 'many' },
    { call: 'Cursor.executemany', sql: 0, values: 1, batched: true },
  ],
  acquires: [{ call: ['connect', 'Connection'], takes: 'connection', releasedBy: 'Connection.close', collected: true }],
  connections: [{ call: ['connect', 'Connection'], makes: 'connection' }],
  transactions: [
    { call: 'Connection.commit', does: 'commit' },
    { call: 'Connection.rollback', does: 'rollback' },
  ],
  neutral: ['Cursor.fetchone', 'Cursor.fetchall', 'Cursor.fetchmany', 'Cursor.close', 'Connection.close'],
} as const satisfies Omit<LibraryModel, 'package' | 'source'>;

export const pg8000 = {
  package: 'pypi:pg8000',
  also: ['pypi:pg8000.native', 'pypi:pg8000.dbapi'],
  source: 'https://github.com/tlocke/pg8000#api-docs',
  dialect: 'postgresql',
  placeholder: '%s',
  ...columns,
  escapes: [
    { call: 'identifier', makes: 'identifier' },
    { call: 'literal', makes: 'literal' },
  ],
} as const satisfies LibraryModel;

export const pyodbc = {
  package: 'pypi:pyodbc',
  source: 'https://github.com/mkleehammer/pyodbc/wiki',
  placeholder: '?',
  ...columns,
} as const satisfies LibraryModel;

export const cxOracle = {
  package: 'pypi:oracledb',
  also: ['pypi:cx_Oracle', 'pypi:cx-oracle'],
  source: 'https://python-oracledb.readthedocs.io/en/latest/api_manual/cursor.html',
  placeholder: ':name',
  ...columns,
} as const satisfies LibraryModel;

export const pymssql = {
  package: 'pypi:pymssql',
  source: 'https://pymssql.readthedocs.io/en/stable/ref/pymssql.html',
  dialect: 'transactsql',
  placeholder: '%s',
  ...columns,
} as const satisfies LibraryModel;
