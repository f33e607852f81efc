/** psycopg 3, psycopg 2, and aiopg on top of the latter. */
import type { LibraryModel, QueryRow } from './vocabulary';

/** Statements that are put together from parts: identifiers and values are quoted, text is not. */
const composition = {
  gives: [{ call: ['SQL', 'Composed'], gives: 'argument 0' }],
  escapes: [
    { call: 'Identifier', makes: 'identifier' },
    { call: 'Literal', makes: 'literal' },
    { call: 'Placeholder', makes: 'bound' },
  ],
} as const;

const cursor = [
  { call: 'Cursor.execute', sql: 0, values: 1, returns: 'many' },
  { call: 'Cursor.executemany', sql: 0, values: 1, batched: true },
] as const satisfies readonly QueryRow[];

const FETCHES = ['Cursor.fetchone', 'Cursor.fetchall', 'Cursor.fetchmany', 'Cursor.close', 'Connection.close'] as const;

export const psycopg2 = {
  package: 'pypi:psycopg2',
  also: [
    'pypi:psycopg2-binary',
    'pypi:psycopg2.extras',
    'pypi:psycopg2.extensions',
    'pypi:psycopg2.pool',
    'pypi:psycopg2.sql',
  ],
  source: 'https://www.psycopg.org/docs/cursor.html, https://www.psycopg.org/docs/sql.html',
  dialect: 'postgresql',
  placeholder: '%s',
  blocks: true,
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
  types: {
    // the first statement begins a transaction, which lasts until commit()
    Connection: { transaction: true },
    connection: { extends: 'Connection', transaction: true },
    Cursor: { transaction: true },
    cursor: { extends: 'Cursor', transaction: true },
    Pool: { pooled: true },
    execute_values: {},
    execute_batch: {},
  },
  gives: [
    ...composition.gives,
    { call: 'connect', gives: 'Connection' },
    { call: 'Connection.cursor', gives: 'Cursor' },
    { call: ['SimpleConnectionPool', 'ThreadedConnectionPool', 'PersistentConnectionPool'], gives: 'Pool' },
    { call: 'Pool.getconn', gives: 'Connection' },
    { property: 'Cursor.connection', gives: 'Connection' },
  ],
  queries: [
    ...cursor,
    { call: 'Cursor.copy_expert', sql: 0 },
    { call: ['execute_values', 'execute_batch'], sql: 1, values: 2, batched: true },
  ],
  acquires: [
    { call: 'connect', takes: 'connection', releasedBy: 'Connection.close', collected: true },
    { call: 'Pool.getconn', takes: 'connection', releasedBy: 'Pool.putconn' },
  ],
  connections: [{ call: 'connect', makes: 'connection' }],
  transactions: [
    { call: 'Connection.commit', does: 'commit' },
    { call: 'Connection.rollback', does: 'rollback' },
  ],
  // text with its values put in as literals; nothing is sent
  fragments: [{ call: 'Cursor.mogrify', sql: 0, values: 1 }],
  escapes: [
    ...composition.escapes,
    { call: 'quote_ident', makes: 'identifier' },
    { call: 'Cursor.mogrify', makes: 'literal' },
  ],
  neutral: [...FETCHES, 'Cursor.copy_from', 'Cursor.copy_to', 'Pool.putconn', 'Pool.closeall', 'register_uuid'],
} as const satisfies LibraryModel;

export const psycopg = {
  package: 'pypi:psycopg',
  also: ['pypi:psycopg.sql', 'pypi:psycopg.rows', 'pypi:psycopg-binary', 'pypi:psycopg_pool', 'pypi:psycopg-pool'],
  source:
    'https://www.psycopg.org/psycopg3/docs/api/connections.html, https://www.psycopg.org/psycopg3/docs/api/sql.html',
  dialect: 'postgresql',
  placeholder: '%s',
  blocks: true,
  types: {
    Connection: { transaction: true },
    AsyncConnection: { extends: 'Connection', transaction: true },
    Cursor: { transaction: true },
    AsyncCursor: { extends: 'Cursor', transaction: true },
    ConnectionPool: { pooled: true },
    AsyncConnectionPool: { extends: 'ConnectionPool', pooled: true },
  },
  gives: [
    ...composition.gives,
    { call: ['connect', 'Connection.connect', 'AsyncConnection.connect'], gives: 'Connection' },
    { call: ['Connection.cursor', 'ClientCursor', 'ServerCursor', 'AsyncServerCursor'], gives: 'Cursor' },
    { call: ['Connection.execute', 'Cursor.execute'], gives: 'Cursor' },
    { call: ['ConnectionPool', 'NullConnectionPool'], gives: 'ConnectionPool' },
    { call: ['AsyncConnectionPool', 'AsyncNullConnectionPool'], gives: 'AsyncConnectionPool' },
    { call: ['ConnectionPool.connection', 'ConnectionPool.getconn'], gives: 'Connection' },
    { property: 'Cursor.connection', gives: 'Connection' },
  ],
  queries: [
    ...cursor,
    { call: ['Connection.execute', 'Cursor.stream'], sql: 0, values: 1, returns: 'many' },
    { call: 'Cursor.copy', sql: 0, values: 1 },
  ],
  acquires: [
    { call: ['connect', 'Connection.connect'], takes: 'connection', releasedBy: 'Connection.close', collected: true },
    { call: 'AsyncConnection.connect', takes: 'connection', releasedBy: 'Connection.close' },
    {
      call: 'ConnectionPool.getconn',
      takes: 'connection',
      releasedBy: ['ConnectionPool.putconn', 'Connection.close'],
    },
  ],
  connections: [{ call: ['connect', 'Connection.connect', 'AsyncConnection.connect'], makes: 'connection' }],
  transactions: [
    { call: 'Connection.transaction', does: 'enclose' },
    { call: 'Connection.commit', does: 'commit' },
    { call: 'Connection.rollback', does: 'rollback' },
  ],
  escapes: [...composition.escapes],
  neutral: [...FETCHES, 'ConnectionPool.putconn', 'ConnectionPool.close', 'ConnectionPool.open'],
} as const satisfies LibraryModel;

export const aiopg = {
  package: 'pypi:aiopg',
  source: 'https://aiopg.readthedocs.io/en/stable/core.html',
  dialect: 'postgresql',
  placeholder: '%s',
  types: { Connection: {}, Cursor: {}, Pool: { pooled: true } },
  gives: [
    { call: 'connect', gives: 'Connection' },
    { call: 'create_pool', gives: 'Pool' },
    { call: 'Pool.acquire', gives: 'Connection' },
    { call: ['Connection.cursor', 'Pool.cursor'], gives: 'Cursor' },
  ],
  queries: [...cursor],
  acquires: [
    { call: 'connect', takes: 'connection', releasedBy: 'Connection.close' },
    { call: 'Pool.acquire', takes: 'connection', releasedBy: 'Pool.release' },
  ],
  connections: [{ call: 'connect', makes: 'connection' }],
  neutral: [...FETCHES, 'Connection.commit', 'Connection.rollback', 'Pool.release', 'Pool.close', 'Pool.wait_closed'],
} as const satisfies LibraryModel;
