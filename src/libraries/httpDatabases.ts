/** Databases at the edge: PlanetScale and libSQL (Turso). */
import type { LibraryModel } from './vocabulary';

export const planetscale = {
  package: 'npm:@planetscale/database',
  also: ['npm:@tidbcloud/serverless'],
  source: 'https://github.com/planetscale/database-js#usage',
  dialect: 'mysql',
  placeholder: '?',
  promises: 'eager',
  types: { Client: { pooled: true }, Connection: { extends: 'Client' }, Tx: { extends: 'Client', transaction: true } },
  gives: [
    { call: ['connect', 'Client.connection'], gives: 'Connection' },
    { construct: 'Client', gives: 'Client' },
  ],
  queries: [{ call: 'Client.execute', sql: 0, values: 1, returns: 'many' }],
  escapes: [{ call: 'format', makes: 'bound' }],
  callbacks: [{ call: 'Client.transaction', argument: 0, receives: ['Tx'], result: 'value' }],
  transactions: [{ call: 'Client.transaction', does: 'enclose' }],
  neutral: ['cast', 'hex', 'Connection.refresh'],
} as const satisfies LibraryModel;

export const libsqlClient = {
  package: 'npm:@libsql/client',
  also: ['npm:@libsql/client/web', 'npm:@libsql/client/http', 'npm:@libsql/client/node'],
  source: 'https://docs.turso.tech/sdk/ts/reference',
  dialect: 'sqlite',
  placeholder: '?',
  promises: 'eager',
  types: { Client: { pooled: true }, Transaction: { extends: 'Client', transaction: true } },
  gives: [
    { call: 'createClient', gives: 'Client' },
    { call: 'Client.transaction', gives: 'Transaction' },
  ],
  queries: [
    { call: 'Client.execute', sql: 0, sqlProperty: 'sql', values: 1, valuesProperty: 'args', returns: 'many' },
    { call: ['Client.batch', 'Client.migrate'], batched: true, returns: 'many' },
    { call: 'Client.executeMultiple', sql: 0, returns: 'nothing' },
  ],
  transactions: [
    { call: 'Client.batch', does: 'enclose' },
    { call: 'Client.transaction', does: 'begin', on: 'result' },
    { call: 'Transaction.commit', does: 'commit' },
    { call: 'Transaction.rollback', does: 'rollback' },
  ],
  neutral: ['Client.close', 'Client.sync'],
} as const satisfies LibraryModel;
