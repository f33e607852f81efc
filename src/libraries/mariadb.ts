/** mariadb 3: promises by default, callbacks from `mariadb/callback`. */
import { membersOf } from './members';
import type { LibraryModel } from './vocabulary';

export const mariadb = {
  package: 'npm:mariadb',
  also: ['npm:mariadb/callback'],
  source: 'https://github.com/mariadb-corporation/mariadb-connector-nodejs/blob/master/documentation/promise-api.md',
  dialect: 'mariadb',
  placeholder: '?',
  promises: 'eager',
  types: {
    Connection: {},
    PoolConnection: { extends: 'Connection' },
    Pool: { extends: 'Connection', pooled: true },
    PoolCluster: {},
    FilteredCluster: { extends: 'Pool' },
    Prepare: {},
  },
  gives: [
    { call: 'createConnection', gives: 'Connection' },
    { call: 'createPool', gives: 'Pool' },
    { call: 'createPoolCluster', gives: 'PoolCluster' },
    { call: ['Pool.getConnection', 'PoolCluster.getConnection'], gives: 'PoolConnection' },
    { call: 'PoolCluster.of', gives: 'FilteredCluster' },
    { call: 'Connection.prepare', gives: 'Prepare' },
  ],
  queries: [
    {
      call: ['Connection.query', 'Connection.execute', 'Connection.queryStream'],
      sql: 0,
      sqlProperty: 'sql',
      values: 1,
      returns: 'many',
    },
    {
      call: 'Connection.batch',
      sql: 0,
      sqlProperty: 'sql',
      values: 1,
      operation: 'write',
      batched: true,
      returns: 'count',
    },
    { call: ['Prepare.execute', 'Prepare.executeStream'], returns: 'many' },
  ],
  fragments: [{ call: 'Connection.prepare', sql: 0, values: 1 }],
  escapes: [
    { call: ['Connection.escape', 'Pool.escape'], makes: 'literal' },
    { call: ['Connection.escapeId', 'Pool.escapeId'], makes: 'identifier' },
  ],
  acquires: [
    {
      call: ['Pool.getConnection', 'PoolCluster.getConnection'],
      takes: 'connection',
      releasedBy: ['PoolConnection.release', 'PoolConnection.end', 'Connection.end', 'Connection.destroy'],
      parameter: 1,
      releaseWaits: true,
    },
    {
      call: 'createConnection',
      takes: 'connection',
      releasedBy: ['Connection.end', 'Connection.destroy'],
      releaseWaits: true,
    },
  ],
  callbacks: [
    { call: 'Pool.getConnection', argument: 0, receives: ['', 'PoolConnection'] },
    { call: 'Connection.query', argument: 'rest', from: 1 },
  ],
  transactions: [
    { call: 'Connection.beginTransaction', does: 'begin' },
    { call: 'Connection.commit', does: 'commit' },
    { call: 'Connection.rollback', does: 'rollback' },
  ],
  neutral: [
    ...membersOf('Connection', ['end', 'destroy', 'ping', 'reset', 'changeUser', 'importFile', 'on', 'connect']),
    'PoolConnection.release',
    'PoolCluster.add',
    'PoolCluster.end',
    'Prepare.close',
    'importFile',
    'defaultOptions',
  ],
} as const satisfies LibraryModel;
