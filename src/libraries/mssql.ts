/** SQL Server: mssql 6 to 12 over its requests, and tedious beneath it. */
import { membersOf } from './members';
import type { LibraryModel } from './vocabulary';

export const mssql = {
  package: 'npm:mssql',
  also: ['npm:mssql/msnodesqlv8'],
  source: 'https://tediousjs.github.io/node-mssql/',
  dialect: 'transactsql',
  placeholder: '@name',
  promises: 'eager',
  types: {
    ConnectionPool: { pooled: true },
    Request: { executes: 'called' },
    Transaction: { transaction: true },
    PreparedStatement: { executes: 'called' },
  },
  gives: [
    { construct: 'ConnectionPool', gives: 'ConnectionPool' },
    { call: ['connect', 'ConnectionPool.connect'], gives: 'ConnectionPool' },
    { construct: 'Request', gives: 'Request' },
    { construct: 'PreparedStatement', gives: 'PreparedStatement' },
    { construct: 'Transaction', gives: 'Transaction' },
    { call: 'ConnectionPool.transaction', gives: 'Transaction' },
    { call: ['ConnectionPool.request', 'Transaction.request'], gives: 'Request' },
    { call: membersOf('Request', ['input', 'output', 'replaceInput', 'pipe']), gives: 'receiver' },
    { call: membersOf('PreparedStatement', ['input', 'output', 'prepare']), gives: 'receiver' },
  ],
  queries: [
    { call: ['query', 'batch', 'ConnectionPool.query', 'ConnectionPool.batch'], sql: 0, tag: true, returns: 'many' },
    { call: ['Request.query', 'Request.batch'], sql: 0, tag: true, returns: 'many' },
    { call: ['Request.execute'], relation: 0, returns: 'many' },
    { call: 'Request.bulk', operation: 'write', batched: true, returns: 'count' },
    { call: 'PreparedStatement.execute', returns: 'many' },
  ],
  fragments: [{ call: 'PreparedStatement.prepare', sql: 0 }],
  callbacks: [
    { call: ['query', 'batch', 'Request.query', 'Request.batch', 'Request.execute'], argument: 1 },
    { call: ['PreparedStatement.prepare', 'PreparedStatement.execute'], argument: 1 },
    { call: 'Transaction.begin', argument: 'rest', from: 0 },
  ],
  transactions: [
    { call: 'Transaction.begin', does: 'begin' },
    { call: 'Transaction.commit', does: 'commit' },
    { call: 'Transaction.rollback', does: 'rollback' },
  ],
  neutral: [
    'close',
    'on',
    'ConnectionPool.close',
    'ConnectionPool.on',
    'PreparedStatement.unprepare',
    'Request.on',
    'Request.cancel',
    'Request.pause',
    'Request.resume',
  ],
} as const satisfies LibraryModel;

export const tedious = {
  package: 'npm:tedious',
  source:
    'https://tediousjs.github.io/tedious/api-request.html, https://tediousjs.github.io/tedious/api-connection.html',
  dialect: 'transactsql',
  placeholder: '@name',
  types: { Connection: {}, Request: {}, BulkLoad: {} },
  gives: [
    { construct: 'Connection', gives: 'Connection' },
    { construct: 'Request', gives: 'Request' },
    { call: 'Connection.newBulkLoad', gives: 'BulkLoad' },
  ],
  queries: [
    { call: membersOf('Connection', ['execSql', 'execSqlBatch', 'execute', 'callProcedure']), returns: 'many' },
    { call: 'Connection.execBulkLoad', operation: 'write', batched: true, returns: 'count' },
  ],
  fragments: [{ call: 'new Request', sql: 0 }],
  callbacks: [{ call: 'new Request', argument: 1 }],
  transactions: [
    { call: 'Connection.beginTransaction', does: 'begin' },
    { call: 'Connection.commitTransaction', does: 'commit' },
    { call: 'Connection.rollbackTransaction', does: 'rollback' },
  ],
  neutral: [
    ...membersOf('Connection', ['connect', 'close', 'on', 'prepare', 'unprepare', 'reset', 'cancel']),
    ...membersOf('Request', ['addParameter', 'addOutputParameter', 'on', 'pause', 'resume']),
  ],
} as const satisfies LibraryModel;
