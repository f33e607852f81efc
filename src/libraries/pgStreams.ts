/** What is handed to node-postgres instead of a text: cursors and streams. And the native bindings, used directly. */
import type { LibraryModel } from './vocabulary';

export const pgCursor = {
  package: 'npm:pg-cursor',
  source: 'https://node-postgres.com/apis/cursor',
  dialect: 'postgresql',
  placeholder: '$n',
  fragments: [{ call: 'new default', sql: 0, values: 1 }],
} as const satisfies LibraryModel;

export const pgQueryStream = {
  package: 'npm:pg-query-stream',
  source: 'https://github.com/brianc/node-postgres/tree/master/packages/pg-query-stream#usage',
  dialect: 'postgresql',
  placeholder: '$n',
  fragments: [{ call: 'new default', sql: 0, values: 1 }],
} as const satisfies LibraryModel;

export const pgNative = {
  package: 'npm:pg-native',
  source: 'https://github.com/brianc/node-pg-native#api',
  dialect: 'postgresql',
  placeholder: '$n',
  types: { Client: {} },
  gives: [
    { construct: 'default', gives: 'Client' },
    { call: 'default', gives: 'Client' },
  ],
  queries: [
    { call: ['Client.query', 'Client.querySync'], sql: 0, values: 1, returns: 'many' },
    { call: ['Client.execute', 'Client.executeSync'], relation: 0, returns: 'many' },
  ],
  fragments: [{ call: ['Client.prepare', 'Client.prepareSync'], sql: 1 }],
  escapes: [
    { call: 'Client.escapeIdentifier', makes: 'identifier' },
    { call: 'Client.escapeLiteral', makes: 'literal' },
  ],
  callbacks: [
    { call: ['Client.query', 'Client.execute', 'Client.prepare', 'Client.connect'], argument: 'rest', from: 0 },
  ],
  neutral: ['Client.connectSync', 'Client.end', 'Client.cancel', 'Client.pq'],
} as const satisfies LibraryModel;
