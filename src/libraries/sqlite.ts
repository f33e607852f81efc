/**
 * SQLite inside the program: better-sqlite3, node:sqlite and Bun's, which answer at once, and sqlite3 and sqlite, which
 * answer later.
 */
import { membersOf } from './members';
import type { LibraryModel } from './vocabulary';

export const betterSqlite3 = {
  package: 'npm:better-sqlite3',
  also: ['npm:better-sqlite3-multiple-ciphers', 'npm:bun:sqlite', 'npm:libsql'],
  source: 'https://github.com/WiseLibs/better-sqlite3/blob/master/docs/api.md',
  dialect: 'sqlite',
  placeholder: '?',
  inProcess: true,
  types: {
    Database: {},
    'Database.Database': { extends: 'Database' },
    Statement: {},
    'Database.Statement': { extends: 'Statement' },
  },
  gives: [
    { construct: ['default', 'Database'], gives: 'Database' },
    { call: 'default', gives: 'Database' },
    { call: ['Database.prepare', 'Database.query'], gives: 'Statement' },
    { call: membersOf('Statement', ['pluck', 'expand', 'raw', 'bind', 'safeIntegers']), gives: 'receiver' },
    { call: 'Database.transaction', gives: 'argument 0' },
  ],
  queries: [
    { call: ['Statement.all', 'Statement.iterate', 'Statement.values'], returns: 'many' },
    { call: 'Statement.get', returns: 'one' },
    { call: 'Statement.run', operation: 'write', returns: 'nothing' },
    { call: 'Database.exec', sql: 0, returns: 'nothing' },
    // Bun's run() takes a text and its values
    { call: 'Database.run', sql: 0, values: 1, returns: 'nothing' },
    { call: 'Database.pragma', returns: 'many' },
  ],
  fragments: [{ call: ['Database.prepare', 'Database.query'], sql: 0, valuesLater: true }],
  callbacks: [{ call: 'Database.transaction', argument: 0, result: 'value' }],
  transactions: [{ call: 'Database.transaction', does: 'enclose' }],
  neutral: [
    'Database.close',
    'Database.backup',
    'Database.serialize',
    'Database.function',
    'Database.aggregate',
    'Database.table',
    'Database.loadExtension',
    'Database.defaultSafeIntegers',
    'Database.unsafeMode',
    'Statement.columns',
  ],
} as const satisfies LibraryModel;

export const nodeSqlite = {
  package: 'npm:node:sqlite',
  source: 'https://nodejs.org/api/sqlite.html',
  dialect: 'sqlite',
  placeholder: '?',
  inProcess: true,
  types: { DatabaseSync: {}, StatementSync: {}, SQLTagStore: {} },
  gives: [
    { construct: 'DatabaseSync', gives: 'DatabaseSync' },
    { call: 'DatabaseSync.prepare', gives: 'StatementSync' },
    { call: 'DatabaseSync.createTagStore', gives: 'SQLTagStore' },
  ],
  queries: [
    { call: ['StatementSync.all', 'StatementSync.iterate'], returns: 'many' },
    { call: 'StatementSync.get', returns: 'one' },
    { call: 'StatementSync.run', operation: 'write', returns: 'nothing' },
    { call: 'DatabaseSync.exec', sql: 0, returns: 'nothing' },
    { call: membersOf('SQLTagStore', ['all', 'get', 'iterate', 'run']), sql: 'template', returns: 'many' },
  ],
  fragments: [{ call: 'DatabaseSync.prepare', sql: 0, valuesLater: true }],
  neutral: [
    ...membersOf('DatabaseSync', [
      'open',
      'close',
      'function',
      'aggregate',
      'createSession',
      'applyChangeset',
      'loadExtension',
    ]),
    ...membersOf('StatementSync', ['columns', 'setReadBigInts', 'setAllowBareNamedParameters', 'setReturnArrays']),
  ],
} as const satisfies LibraryModel;

export const sqlite3 = {
  package: 'npm:sqlite3',
  also: ['npm:@vscode/sqlite3', 'npm:@journeyapps/sqlcipher'],
  source: 'https://github.com/TryGhost/node-sqlite3/wiki/API',
  dialect: 'sqlite',
  placeholder: '?',
  inProcess: true,
  types: { Database: {}, Statement: {} },
  gives: [
    { construct: ['Database', 'cached.Database'], gives: 'Database' },
    { call: 'verbose', gives: 'export default' },
    { property: 'default.Database', gives: 'export Database' },
    { call: 'Database.prepare', gives: 'Statement' },
    { call: ['Database.run', 'Database.get', 'Database.all', 'Database.each', 'Database.exec'], gives: 'receiver' },
    {
      call: ['Statement.run', 'Statement.get', 'Statement.all', 'Statement.each', 'Statement.bind', 'Statement.reset'],
      gives: 'receiver',
    },
  ],
  queries: [
    {
      call: ['Database.all', 'Database.each', 'Database.allAsync', 'Database.eachAsync'],
      sql: 0,
      values: 1,
      valuesRest: true,
      operation: 'read',
      returns: 'many',
    },
    {
      call: ['Database.get', 'Database.getAsync'],
      sql: 0,
      values: 1,
      valuesRest: true,
      operation: 'read',
      returns: 'one',
    },
    { call: ['Database.run', 'Database.runAsync'], sql: 0, values: 1, valuesRest: true, returns: 'nothing' },
    { call: ['Database.exec', 'Database.execAsync'], sql: 0, returns: 'nothing' },
    { call: ['Statement.all', 'Statement.each'], returns: 'many' },
    { call: 'Statement.get', returns: 'one' },
    { call: 'Statement.run', operation: 'write', returns: 'nothing' },
  ],
  fragments: [{ call: 'Database.prepare', sql: 0 }],
  callbacks: [
    { call: ['Database.serialize', 'Database.parallelize'], argument: 0 },
    { call: membersOf('Database', ['all', 'get', 'run', 'exec', 'each', 'prepare']), argument: 'rest', from: 1 },
    { call: membersOf('Statement', ['all', 'get', 'run', 'each', 'finalize']), argument: 'rest', from: 0 },
  ],
  neutral: [
    'Database.close',
    'Database.configure',
    'Database.on',
    'Database.loadExtension',
    'Database.interrupt',
    'Database.wait',
  ],
} as const satisfies LibraryModel;

export const sqlite = {
  package: 'npm:sqlite',
  source: 'https://github.com/kriasoft/node-sqlite#usage',
  dialect: 'sqlite',
  placeholder: '?',
  inProcess: true,
  promises: 'eager',
  types: { Database: {}, Statement: {} },
  gives: [
    { call: 'open', gives: 'Database' },
    { call: 'Database.prepare', gives: 'Statement' },
  ],
  queries: [
    {
      call: ['Database.all', 'Database.each'],
      sql: 0,
      sqlProperty: 'sql',
      values: 1,
      valuesRest: true,
      valuesProperty: 'values',
      returns: 'many',
    },
    {
      call: 'Database.get',
      sql: 0,
      sqlProperty: 'sql',
      values: 1,
      valuesRest: true,
      valuesProperty: 'values',
      returns: 'one',
    },
    {
      call: 'Database.run',
      sql: 0,
      sqlProperty: 'sql',
      values: 1,
      valuesRest: true,
      valuesProperty: 'values',
      returns: 'nothing',
    },
    { call: 'Database.exec', sql: 0, returns: 'nothing' },
    { call: ['Statement.all', 'Statement.each'], returns: 'many' },
    { call: 'Statement.get', returns: 'one' },
    { call: 'Statement.run', operation: 'write', returns: 'nothing' },
  ],
  fragments: [{ call: 'Database.prepare', sql: 0 }],
  callbacks: [{ call: ['Database.each', 'Statement.each'], argument: 'rest', from: 0 }],
  neutral: [
    ...membersOf('Database', ['close', 'configure', 'migrate', 'on', 'getDatabaseInstance', 'loadExtension']),
    ...membersOf('Statement', ['bind', 'reset', 'finalize']),
  ],
} as const satisfies LibraryModel;
