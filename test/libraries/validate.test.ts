/** The validator names the place and the nearest right word. */
import { expect, test } from 'vitest';
import { shownPath, validateLibrary } from '../../src/libraries/validate';

const problemsOf = (json: unknown): string[] =>
  validateLibrary(json).map(problem => `${shownPath(problem.path)}: ${problem.message}`.replace(/^: /, ''));

const table = (columns: object) => ({ package: 'npm:our-db', source: 'https://example.com', ...columns });

test.each<[string, unknown, string[]]>([
  ['a table of one row', table({ types: { Db: {} }, queries: [{ call: 'Db.run', sql: 0, values: 1 }] }), []],
  ['a list of names', table({ neutral: ['Db.close', 'Db.open'] }), []],
  ['no object', 'npm:pg', [expect.stringContaining('is "npm:pg"; it is an object with "package",')]],
  ['no package', { source: 'x' }, ['has no "package"']],
  ['a misspelt column', table({ querys: [] }), ['querys: is not a column; did you mean "queries"?']],
  [
    'a misspelt column of a row',
    table({ queries: [{ call: 'Db.run', sqll: 0 }] }),
    ['queries[0].sqll: is not a column; did you mean "sql"?'],
  ],
  ['a misspelt value', table({ dialect: 'postgre' }), ['dialect: is "postgre"; did you mean "postgresql"?']],
  ['an unknown value', table({ placeholder: '{}' }), [expect.stringContaining('placeholder: is "{}"; ')]],
  [
    'a text for an index',
    table({ queries: [{ call: 'Db.run', sql: '0' }] }),
    ['queries[0].sql: is "0"; it is an argument\'s index, or "template"'],
  ],
  [
    'a negative index',
    table({ fragments: [{ call: 'Db.raw', sql: -1 }] }),
    ["fragments[0].sql: is -1; it is an argument's index, from 0"],
  ],
  ['a missing column', table({ fragments: [{ call: 'Db.raw' }] }), ['fragments[0]: has no "sql"']],
  ['rows that are none', table({ queries: { call: 'Db.run' } }), ['queries: is {"call":"Db.run"}; it is a list']],
  ['an empty name', table({ neutral: [''] }), ['neutral[0]: is ""; it is a name such as "Pool.query"']],
  [
    'neither of either',
    table({ gives: [{ gives: 'number' }] }),
    ['gives[0]: has no "call", "construct" or "property"'],
  ],
  [
    'both of either',
    table({ inputs: [{ property: 'Request.query', call: 'Request.get', label: 'x' }] }),
    ['inputs[0]: has "property" and "call"; it needs just one'],
  ],
  [
    'an arity the wrong way round',
    table({ gives: [{ call: 'f', arity: [2, 1], gives: 'number' }] }),
    ['gives[0].arity: is [2,1]; it is the least and the greatest number of arguments, [0, 1]'],
  ],
  [
    'a type that is not there',
    table({ types: { Database: {} }, gives: [{ call: 'open', gives: 'Databse' }] }),
    ['gives[0].gives: is "Databse", which "types" does not have; did you mean "Database"?'],
  ],
  [
    'a misspelt word of gives',
    table({ types: { Db: {} }, gives: [{ call: 'Db.where', gives: 'reciever' }] }),
    ['gives[0].gives: is "reciever", which "types" does not have; did you mean "receiver"?'],
  ],
  [
    'an ancestor that is not there',
    table({ types: { Db: { extends: 'Base' } } }),
    [expect.stringContaining('types.Db.extends: is "Base", which "types" does not have')],
  ],
  [
    'two rows for one call',
    table({
      types: { Db: {} },
      queries: [
        { call: 'Db.run', sql: 0 },
        { call: ['Db.all', 'Db.run'], sql: 1 },
      ],
    }),
    ['queries[1]: claims Db.run, which row 0 has already'],
  ],
  [
    'two rows for one call of different arity',
    table({
      types: { Db: {} },
      queries: [
        { call: 'Db.run', arity: [1, 1], sql: 0 },
        { call: 'Db.run', arity: [2, 3], sql: 1 },
      ],
    }),
    [],
  ],
  [
    'harmless and a query at once',
    table({ types: { Db: {} }, queries: [{ call: 'Db.run', sql: 0 }], neutral: ['Db.run'] }),
    ['neutral[0]: calls Db.run harmless, which "queries" has'],
  ],
])('%s', (_, json, expected) => {
  expect(problemsOf(json)).toEqual(expected);
});
