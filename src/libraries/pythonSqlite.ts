/** sqlite3, which comes with Python, and aiosqlite, its asynchronous form. */
import type { LibraryModel } from './vocabulary';

const columns = {
  dialect: 'sqlite',
  placeholder: '?',
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
  // the first statement that writes begins a transaction, which lasts until commit()
  types: { Connection: { transaction: true }, Cursor: { transaction: true } },
  gives: [
    { call: 'connect', gives: 'Connection' },
    { call: 'Connection', gives: 'Connection' },
    { call: ['Connection.cursor', 'Connection.execute', 'Connection.executemany'], gives: 'Cursor' },
    { call: ['Cursor.execute', 'Cursor.executemany'], gives: 'receiver' },
  ],
  queries: [
    { call: ['Connection.execute', 'Cursor.execute', 'Connection.execute_fetchall'], sql: 0, values: 1 },
    { call: ['Connection.executemany', 'Cursor.executemany'], sql: 0, values: 1, batched: true },
    { call: ['Connection.executescript', 'Cursor.executescript'], sql: 0 },
  ],
  transactions: [
    { call: 'Connection.commit', does: 'commit' },
    { call: 'Connection.rollback', does: 'rollback' },
  ],
  neutral: [
    'Connection.close',
    'Connection.create_function',
    'Cursor.fetchone',
    'Cursor.fetchall',
    'Cursor.fetchmany',
    'Cursor.close',
  ],
} as const satisfies Omit<LibraryModel, 'package' | 'source'>;

export const pythonSqlite3 = {
  package: 'py:sqlite3',
  source: 'https://docs.python.org/3/library/sqlite3.html',
  ...columns,
  blocks: true,
  acquires: [{ call: 'connect', takes: 'connection', releasedBy: 'Connection.close', collected: true }],
} as const satisfies LibraryModel;

export const aiosqlite = {
  package: 'pypi:aiosqlite',
  source: 'https://aiosqlite.omnilib.dev/en/stable/api.html',
  ...columns,
  acquires: [{ call: 'connect', takes: 'connection', releasedBy: 'Connection.close' }],
} as const satisfies LibraryModel;
