/** node-oracledb 5 and 6: pools, connections, and statements with binds by name or position. */
import type { LibraryModel } from './vocabulary';

export const oracledb = {
  package: 'npm:oracledb',
  source: 'https://node-oracledb.readthedocs.io/en/latest/api_manual/connection.html',
  placeholder: ':name',
  promises: 'eager',
  types: { Pool: { pooled: true }, Connection: {}, ResultSet: {}, SodaDatabase: {} },
  gives: [
    { call: 'createPool', gives: 'Pool' },
    { call: 'getPool', gives: 'Pool' },
    { call: ['getConnection', 'Pool.getConnection'], gives: 'Connection' },
    { call: 'Connection.getSodaDatabase', gives: 'SodaDatabase' },
  ],
  queries: [
    {
      call: 'Connection.execute',
      sql: 0,
      sqlProperty: 'statement',
      values: 1,
      valuesProperty: 'values',
      returns: 'many',
    },
    { call: 'Connection.executeMany', sql: 0, values: 1, operation: 'write', batched: true, returns: 'count' },
    { call: 'Connection.queryStream', sql: 0, values: 1, operation: 'read', returns: 'many' },
  ],
  fragments: [{ call: 'Connection.getStatementInfo', sql: 0 }],
  callbacks: [
    { call: ['getConnection', 'Pool.getConnection'], argument: 'rest', from: 0, receives: ['', 'Connection'] },
    { call: 'createPool', argument: 1, receives: ['', 'Pool'] },
    { call: 'Connection.execute', argument: 'rest', from: 1 },
  ],
  acquires: [
    {
      call: ['getConnection', 'Pool.getConnection'],
      takes: 'connection',
      releasedBy: ['Connection.close', 'Connection.release'],
      parameter: 1,
      releaseWaits: true,
    },
  ],
  connections: [
    {
      call: 'createPool',
      makes: 'pool',
      options: 0,
      max: { option: 'poolMax', default: 4, suits: 10 },
      idleTimeout: { option: 'poolTimeout', default: 60, suits: 60 },
      connectionTimeout: { option: 'queueTimeout', default: 60_000, suits: 10_000 },
    },
  ],
  transactions: [
    { call: 'Connection.commit', does: 'commit' },
    { call: 'Connection.rollback', does: 'rollback' },
  ],
  neutral: [
    'initOracleClient',
    'Pool.close',
    'Pool.terminate',
    'Connection.close',
    'Connection.release',
    'Connection.ping',
    'Connection.subscribe',
    'ResultSet.getRow',
    'ResultSet.getRows',
    'ResultSet.close',
  ],
} as const satisfies LibraryModel;
