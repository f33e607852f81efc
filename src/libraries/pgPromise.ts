/** pg-promise 10 to 12: query methods by the number of rows they expect, tasks, and formatting that escapes. */
import { membersOf } from './members';
import type { LibraryModel } from './vocabulary';

export const pgPromise = {
  package: 'npm:pg-promise',
  source:
    'https://vitaly-t.github.io/pg-promise/Database.html, https://vitaly-t.github.io/pg-promise/formatting.html, https://vitaly-t.github.io/pg-promise/helpers.html',
  dialect: 'postgresql',
  placeholder: '$n',
  pastes: [':raw', '^', ':value', '#'],
  promises: 'eager',
  types: {
    IMain: {},
    IDatabase: { pooled: true },
    IBaseProtocol: { extends: 'IDatabase' },
    ITask: { extends: 'IBaseProtocol' },
    IConnected: { extends: 'IDatabase' },
  },
  gives: [
    { call: 'default', gives: 'IMain' },
    { call: 'IMain', gives: 'IDatabase' },
    { call: 'IDatabase.connect', gives: 'IConnected' },
    { property: 'IMain.as', gives: 'export as' },
    { property: 'IMain.helpers', gives: 'export helpers' },
    { property: 'IMain.ParameterizedQuery', gives: 'export ParameterizedQuery' },
    { property: 'IMain.PreparedStatement', gives: 'export PreparedStatement' },
  ],
  queries: [
    {
      call: ['IDatabase.query', 'IDatabase.result'],
      sql: 0,
      sqlProperty: 'text',
      values: 1,
      valuesProperty: 'values',
      returns: 'many',
    },
    {
      call: membersOf('IDatabase', ['any', 'many', 'manyOrNone']),
      sql: 0,
      sqlProperty: 'text',
      values: 1,
      valuesProperty: 'values',
      returns: 'many',
    },
    {
      call: membersOf('IDatabase', ['one', 'oneOrNone']),
      sql: 0,
      sqlProperty: 'text',
      values: 1,
      valuesProperty: 'values',
      returns: 'one',
    },
    { call: 'IDatabase.none', sql: 0, sqlProperty: 'text', values: 1, valuesProperty: 'values', returns: 'nothing' },
    { call: ['IDatabase.multi', 'IDatabase.multiResult'], sql: 0, values: 1, returns: 'many' },
    { call: ['IDatabase.map', 'IDatabase.each'], sql: 0, values: 1, returns: 'many' },
    { call: ['IDatabase.func', 'IDatabase.proc'], relation: 0, returns: 'many' },
    { call: 'IDatabase.stream', returns: 'many' },
  ],
  acquires: [{ call: 'IDatabase.connect', takes: 'connection', releasedBy: 'IConnected.done' }],
  fragments: [{ call: ['new ParameterizedQuery', 'new PreparedStatement'], sql: 0, values: 1 }],
  escapes: [
    { call: ['as.name', 'as.alias'], makes: 'identifier' },
    {
      call: ['as.text', 'as.json', 'as.csv', 'as.array', 'as.date', 'as.buffer'],
      makes: 'literal',
    },
    { call: ['as.number'], makes: 'number' },
    { call: ['as.bool'], makes: 'boolean' },
    {
      call: ['helpers.insert', 'helpers.update', 'helpers.values', 'helpers.sets'],
      makes: 'bound',
    },
  ],
  // format() puts escaped values where the variables stand: what is left of the text is its first argument.
  texts: [{ call: ['as.format'], builds: 'keep-argument', argument: 0 }],
  wraps: [{ on: 'IDatabase', call: 'tx', name: 't' }],
  callbacks: [
    {
      call: membersOf('IDatabase', ['task', 'taskIf', 'tx', 'txIf']),
      argument: 'rest',
      from: 0,
      receives: ['ITask'],
      result: 'value',
    },
    {
      call: ['IDatabase.map', 'IDatabase.each', 'IDatabase.one', 'IDatabase.oneOrNone', 'IDatabase.result'],
      argument: 2,
    },
  ],
  transactions: [{ call: ['IDatabase.tx', 'IDatabase.txIf'], does: 'enclose' }],
  neutral: [
    'IMain.end',
    'IMain.QueryFile',
    'IMain.minify',
    'helpers.concat',
    'helpers.ColumnSet',
    'ITask.batch',
    'ITask.page',
    'ITask.sequence',
    'IConnected.done',
  ],
} as const satisfies LibraryModel;
