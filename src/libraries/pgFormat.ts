/** pg-format 1: PostgreSQL's format() for text that is built in JavaScript. `%I` and `%L` quote, `%s` does not. */
import type { LibraryModel } from './vocabulary';

export const pgFormat = {
  package: 'npm:pg-format',
  source: 'https://github.com/datalanche/node-pg-format#readme',
  dialect: 'postgresql',
  texts: [
    { call: ['default', 'withArray'], builds: 'printf', argument: 0, escapes: { I: 'identifier', L: 'literal' } },
  ],
  escapes: [
    { call: 'ident', makes: 'identifier' },
    { call: 'literal', makes: 'literal' },
  ],
  neutral: ['config', 'string'],
} as const satisfies LibraryModel;
