/** node-postgres 8, and the packages that offer the same classes. */
import type { LibraryModel } from './vocabulary';

export const pg = {
  package: 'npm:pg',
  also: ['npm:pg-pool'],
  source: 'https://node-postgres.com/apis/pool, https://node-postgres.com/apis/client',
  dialect: 'postgresql',
  placeholder: '$n',
  promises: 'eager',
  types: {
    Pool: { pooled: true },
    ClientBase: {},
    Client: { extends: 'ClientBase' },
    PoolClient: { extends: 'Client' },
  },
  gives: [
    { construct: ['Pool', 'native.Pool', 'default'], gives: 'Pool' },
    { construct: ['Client', 'native.Client'], gives: 'Client' },
    { call: 'Pool.connect', arity: [0, 0], gives: 'PoolClient' },
    { call: 'ClientBase.connect', arity: [0, 0], gives: 'receiver' },
  ],
  queries: [
    {
      call: ['Pool.query', 'ClientBase.query'],
      sql: 0,
      sqlProperty: 'text',
      values: 1,
      valuesProperty: 'values',
      returns: 'many',
    },
  ],
  secrets: [
    {
      construct: ['Pool', 'native.Pool', 'default', 'Client', 'native.Client'],
      argument: 0,
      property: 'password',
      host: 'host',
      is: 'password',
      use: 'opens the database',
    },
  ],
  escapes: [
    { call: ['escapeIdentifier', 'ClientBase.escapeIdentifier'], makes: 'identifier' },
    { call: ['escapeLiteral', 'ClientBase.escapeLiteral'], makes: 'literal' },
  ],
  wraps: [{ on: 'Pool', takes: 'connect', name: 'client', sends: 'query', releasedBy: 'release' }],
  callbacks: [
    { call: 'Pool.connect', argument: 0, receives: ['', 'PoolClient'], error: 'first' },
    { call: 'ClientBase.connect', argument: 0, receives: ['', 'receiver'], error: 'first' },
    { call: ['Pool.query', 'ClientBase.query'], argument: 'rest', from: 1, error: 'first' },
  ],
  acquires: [
    {
      call: 'Pool.connect',
      takes: 'connection',
      releasedBy: ['PoolClient.release', 'Client.end'],
      parameter: 1,
      releaseParameter: 2,
    },
    {
      call: 'ClientBase.connect',
      takes: 'connection',
      on: 'receiver',
      releasedBy: ['Client.end', 'PoolClient.release'],
    },
  ],
  connections: [
    {
      construct: ['Pool', 'native.Pool', 'default'],
      makes: 'pool',
      options: 0,
      max: { option: 'max', default: 10, suits: 10 },
      idleTimeout: { option: 'idleTimeoutMillis', default: 10_000, suits: 30_000 },
      connectionTimeout: { option: 'connectionTimeoutMillis', suits: 5_000 },
    },
    { construct: ['Client', 'native.Client'], makes: 'connection' },
  ],
  neutral: [
    'Pool.end',
    'Pool.on',
    'Pool.once',
    'Pool.removeListener',
    'ClientBase.on',
    'ClientBase.once',
    'ClientBase.removeListener',
    'ClientBase.pauseDrain',
    'ClientBase.setTypeParser',
    'ClientBase.getTypeParser',
    'ClientBase.getTransactionStatus',
    'Client.end',
    'PoolClient.release',
    'types.setTypeParser',
    'types.getTypeParser',
  ],
} as const satisfies LibraryModel;
