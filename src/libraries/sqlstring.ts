/** sqlstring 2: the escaping that mysql and mysql2 stand on, used on its own. */
import type { LibraryModel } from './vocabulary';

export const sqlstring = {
  package: 'npm:sqlstring',
  also: ['npm:sql-escaper'],
  source: 'https://github.com/mysqljs/sqlstring#readme',
  dialect: 'mysql',
  placeholder: '?',
  escapes: [
    { call: 'escape', makes: 'literal' },
    { call: 'escapeId', makes: 'identifier' },
  ],
  texts: [{ call: 'format', builds: 'keep-argument', argument: 0 }],
  fragments: [{ call: 'raw', sql: 0 }],
} as const satisfies LibraryModel;
