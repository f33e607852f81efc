/** Packages whose template tag binds what stands in its holes: text written with them is harmless by construction. */
import type { LibraryModel } from './vocabulary';

export const postgresJs = {
  package: 'npm:postgres',
  source: 'https://github.com/porsager/postgres#queries',
  dialect: 'postgresql',
  placeholder: '$n',
  promises: 'lazy',
  types: { Sql: { pooled: true }, TransactionSql: { extends: 'Sql', transaction: true } },
  gives: [
    { call: ['default', 'postgres'], gives: 'Sql' },
    { call: 'Sql.reserve', gives: 'Sql' },
  ],
  queries: [
    { call: 'Sql', sql: 'template', returns: 'many' },
    { call: 'Sql.unsafe', sql: 0, values: 1, returns: 'many' },
  ],
  escapes: [{ call: 'Sql', makes: 'bound' }],
  callbacks: [
    {
      call: ['Sql.begin', 'TransactionSql.savepoint'],
      argument: 'rest',
      from: 0,
      receives: ['TransactionSql'],
      result: 'value',
    },
  ],
  transactions: [{ call: ['Sql.begin', 'TransactionSql.savepoint'], does: 'enclose' }],
  neutral: ['Sql.end', 'Sql.listen', 'Sql.notify', 'Sql.array', 'Sql.json', 'Sql.file'],
} as const satisfies LibraryModel;

export const slonik = {
  package: 'npm:slonik',
  source: 'https://github.com/gajus/slonik#tagged-template-literals',
  dialect: 'postgresql',
  placeholder: '$n',
  escapes: [
    { call: ['sql', 'sql.unsafe', 'sql.fragment', 'sql.typeAlias', 'sql.identifier', 'sql.join'], makes: 'bound' },
  ],
} as const satisfies LibraryModel;

export const sqlTemplateTag = {
  package: 'npm:sql-template-tag',
  also: ['npm:sql-template-strings', 'npm:@nearform/sql', 'npm:@databases/sql'],
  source: 'https://github.com/blakeembrey/sql-template-tag#usage',
  escapes: [{ call: ['default', 'sql', 'SQL', 'join'], makes: 'bound' }],
  fragments: [{ call: 'raw', sql: 0 }],
} as const satisfies LibraryModel;

export const drizzle = {
  package: 'npm:drizzle-orm',
  source: 'https://orm.drizzle.team/docs/sql',
  escapes: [{ call: ['sql', 'sql.join', 'sql.identifier'], makes: 'bound' }],
  fragments: [{ call: 'sql.raw', sql: 0 }],
} as const satisfies LibraryModel;
