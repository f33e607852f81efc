/** Drivers for MySQL that follow Python's database interface: PyMySQL, mysqlclient, MySQL's own, and aiomysql. */
import type { LibraryModel } from './vocabulary';

const columns = {
  dialect: 'mysql',
  placeholder: '%s',
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
  // the first statement begins a transaction, which lasts until commit()
  types: { Connection: { transaction: true }, Cursor: { transaction: true }, Pool: { pooled: true } },
  gives: [
    { call: ['connect', 'Connect', 'Connection', 'MySQLConnection'], gives: 'Connection' },
    { call: ['Connection.cursor', 'Pool.cursor'], gives: 'Cursor' },
    { call: ['create_pool', 'MySQLConnectionPool'], gives: 'Pool' },
    { call: ['Pool.acquire', 'Pool.get_connection'], gives: 'Connection' },
  ],
  queries: [
    { call: 'Cursor.execute', sql: 0, values: 1, returns: 'many' },
    { call: 'Cursor.executemany', sql: 0, values: 1, batched: true },
    { call: ['Connection.query', 'Connection.cmd_query'], sql: 0 },
  ],
  escapes: [
    {
      call: [
        'Connection.escape',
        'Connection.escape_string',
        'Connection.literal',
        'escape_string',
        'escape_dict',
        'escape_sequence',
      ],
      makes: 'literal',
    },
  ],
  connections: [{ call: ['connect', 'Connect', 'Connection', 'MySQLConnection'], makes: 'connection' }],
  transactions: [
    { call: 'Connection.commit', does: 'commit' },
    { call: 'Connection.rollback', does: 'rollback' },
  ],
  neutral: [
    'Cursor.fetchone',
    'Cursor.fetchall',
    'Cursor.fetchmany',
    'Cursor.close',
    'Cursor.callproc',
    'Connection.close',
    'Connection.ping',
    'Pool.release',
    'Pool.close',
  ],
} as const satisfies Omit<LibraryModel, 'package' | 'source'>;

/** What those share that answer before they come back. */
const blocking = {
  ...columns,
  blocks: true,
  acquires: [
    {
      call: ['connect', 'Connect', 'Connection', 'MySQLConnection'],
      takes: 'connection',
      releasedBy: 'Connection.close',
      collected: true,
    },
    { call: 'Pool.get_connection', takes: 'connection', releasedBy: 'Connection.close' },
  ],
} as const satisfies Omit<LibraryModel, 'package' | 'source'>;

export const pymysql = {
  package: 'pypi:pymysql',
  also: ['pypi:pymysql.cursors', 'pypi:pymysql.connections', 'pypi:pymysql.converters'],
  source: 'https://pymysql.readthedocs.io/en/latest/modules/index.html',
  ...blocking,
} as const satisfies LibraryModel;

export const mysqlclient = {
  package: 'pypi:MySQLdb',
  also: ['pypi:mysqlclient', 'pypi:MySQLdb.cursors'],
  source: 'https://mysqlclient.readthedocs.io/user_guide.html',
  ...blocking,
} as const satisfies LibraryModel;

export const mysqlConnectorPython = {
  package: 'pypi:mysql.connector',
  also: ['pypi:mysql-connector-python', 'pypi:mysql', 'pypi:mysql.connector.pooling', 'pypi:mysql.connector.aio'],
  source: 'https://dev.mysql.com/doc/connector-python/en/connector-python-reference.html',
  ...blocking,
} as const satisfies LibraryModel;

export const aiomysql = {
  package: 'pypi:aiomysql',
  source: 'https://aiomysql.readthedocs.io/en/stable/connection.html',
  ...columns,
  acquires: [
    { call: 'connect', takes: 'connection', releasedBy: 'Connection.close' },
    { call: 'Pool.acquire', takes: 'connection', releasedBy: 'Pool.release' },
  ],
} as const satisfies LibraryModel;
