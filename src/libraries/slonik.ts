/** Slonik 30 to 47: takes nothing but what its own tags made, so there is no text to put a value into. */
import type { LibraryModel } from './vocabulary';

/** What is written by it is no parameter. */
export const slonikRaw = {
  package: 'npm:slonik-sql-tag-raw',
  source: 'https://github.com/gajus/slonik-sql-tag-raw#usage',
  dialect: 'postgresql',
  placeholder: '$n',
  fragments: [{ call: ['raw', 'default.raw'], sql: 0, values: 1 }],
} as const satisfies LibraryModel;

export const slonik = {
  package: 'npm:slonik',
  also: ['npm:@slonik/sql-tag'],
  source: 'https://github.com/gajus/slonik#query-methods, https://github.com/gajus/slonik#tagged-template-literals',
  dialect: 'postgresql',
  placeholder: '$n',
  promises: 'eager',
  types: {
    CommonQueryMethods: {},
    DatabasePool: { extends: 'CommonQueryMethods', pooled: true },
    DatabaseConnection: { extends: 'CommonQueryMethods' },
    DatabasePoolConnection: { extends: 'CommonQueryMethods' },
    DatabaseTransactionConnection: { extends: 'CommonQueryMethods', transaction: true },
  },
  gives: [
    { call: 'createPool', gives: 'DatabasePool' },
    { call: ['sql.type', 'sql.typeAlias'], gives: 'export sql' },
  ],
  queries: [
    { call: 'CommonQueryMethods.query', sql: 'template', returns: 'many' },
    {
      call: [
        'CommonQueryMethods.any',
        'CommonQueryMethods.anyFirst',
        'CommonQueryMethods.many',
        'CommonQueryMethods.manyFirst',
        'CommonQueryMethods.stream',
      ],
      sql: 'template',
      returns: 'many',
    },
    {
      call: [
        'CommonQueryMethods.one',
        'CommonQueryMethods.oneFirst',
        'CommonQueryMethods.maybeOne',
        'CommonQueryMethods.maybeOneFirst',
      ],
      sql: 'template',
      returns: 'one',
    },
    { call: 'CommonQueryMethods.exists', sql: 'template', operation: 'read', returns: 'one' },
  ],
  escapes: [
    {
      call: [
        'sql',
        'sql.unsafe',
        'sql.fragment',
        'sql.identifier',
        'sql.join',
        'sql.array',
        'sql.unnest',
        'sql.json',
        'sql.jsonb',
        'sql.binary',
        'sql.date',
        'sql.timestamp',
        'sql.interval',
        'sql.uuid',
        'sql.literalValue',
      ],
      makes: 'bound',
    },
  ],
  callbacks: [
    { call: 'DatabasePool.connect', argument: 0, receives: ['DatabasePoolConnection'], result: 'value' },
    {
      call: 'CommonQueryMethods.transaction',
      argument: 0,
      receives: ['DatabaseTransactionConnection'],
      result: 'value',
    },
    { call: 'CommonQueryMethods.stream', argument: 1 },
  ],
  transactions: [{ call: 'CommonQueryMethods.transaction', does: 'enclose' }],
  neutral: [
    'DatabasePool.end',
    'DatabasePool.state',
    'createSqlTag',
    'createTypeParserPreset',
    'stringifyDsn',
    'parseDsn',
  ],
} as const satisfies LibraryModel;
