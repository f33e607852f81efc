import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { dbMigrateTranslator } from '../../../src/migrations/translate/dbMigrate';
import { printed, scriptOf } from './script';

/** Bodies of an up, each with what db-migrate itself sends for it. */
const measured: { readonly cases: readonly { readonly body: string; readonly sends: readonly string[] }[] } =
  JSON.parse(readFileSync(new URL('dbMigrate.json', import.meta.url), 'utf8'));

const HEAD = `const async = require('async');
var dbm; var type; var seed;
exports.setup = function (options, seedLink) { dbm = options.dbmigrate; type = dbm.dataType; seed = seedLink; };
`;

const up = (body: string) => scriptOf(dbMigrateTranslator, `${HEAD}exports.up = function (db, callback) { ${body} };`);

const comparable = (statements: readonly string[]): readonly string[] =>
  statements.map(sql => sql.replace(/\s+/g, ' ').replace(/ \(/g, '(').trim());

describe('db-migrate sends what its calls are read as', () => {
  test.each(measured.cases.map(({ body, sends }) => [body, sends] as const))('%s', async (body, sends) => {
    const script = await up(body);
    expect(script.untranslated).toEqual([]);
    expect(comparable(script.statements.map(({ sql }) => sql))).toEqual(comparable(sends));
  });

  test.each([
    [
      'a callback that is declared behind its use',
      `db.addColumn('a', 'b', 'int', fill); function fill(err) { if (err) return callback(err); db.runSql('UPDATE a SET b = ?', [1], change); } function change() { db.changeColumn('a', 'b', { notNull: true }, callback); }`,
      'ALTER TABLE "a" ADD COLUMN "b" INTEGER\nALTER TABLE "a" ALTER COLUMN "b" SET NOT NULL\nALTER TABLE "a" ALTER COLUMN "b" DROP DEFAULT\n-- data: rows that `runSql` writes',
    ],
    [
      'columns that are put together',
      `const base = { id: { type: 'int' } }; return db.createTable('a', Object.assign({}, base, { b: 'text' }));`,
      'CREATE TABLE "a" ("id" INTEGER, "b" TEXT)',
    ],
    [
      'what goes on behind rows, or behind what is not known',
      `db.runSql('UPDATE a SET b = ?', [1]).then(() => db.dropTable('a'));`,
      'DROP TABLE "a"\n-- data: rows that `runSql` writes',
    ],
    ['no values', `db.runSql('DROP TABLE a', [], callback);`, 'DROP TABLE a'],
    ['rows', `return db.insert('a', ['b'], [1]);`, '-- data: rows that `insert` writes'],
    ['rows of values', `return db.runSql('DELETE FROM a WHERE b = ?', [1]);`, '-- data: rows that `runSql` writes'],
    [
      'what is sent for every row',
      `db.all('SELECT id FROM a', function (err, rows) { async.forEach(rows, (row, next) => db.runSql('UPDATE b SET c = ' + row.id, next), callback); });`,
      'SELECT id FROM a\n-- data: a loop over what is not constant',
    ],
    [
      'rows that are gone through',
      `return db.all('SELECT id FROM a').then(rows => Promise.all(rows.map(row => db.runSql('UPDATE b SET c = ' + row.id))));`,
      'SELECT id FROM a\n-- data: a loop over what is not constant',
    ],
    [
      'tables that are gone through',
      `return db.all('SELECT name FROM a').then(rows => Promise.all(rows.map(row => db.dropTable(row.name))));`,
      'SELECT name FROM a\n-- not followed: a loop over what is not constant',
    ],
    [
      'rows whose changes are put together',
      `db.all('SELECT id FROM a', (err, rows) => { const sql = rows.map(({ id }) => ({ id })).map(({ id }) => \`UPDATE b SET c = \${id};\`).join('\\n'); db.runSql(sql, callback); });`,
      'SELECT id FROM a\n-- data: `runSql` of a text that is not constant',
    ],
    [
      'a default that is an object of a text',
      `return db.addColumn('a', 'b', { type: 'timestamp', defaultValue: new String('now()') });`,
      'ALTER TABLE "a" ADD COLUMN "b" TIMESTAMP DEFAULT now()',
    ],
    ['something else of its driver', `return db.connection.query('DROP TABLE a');`, '-- not followed: `query`'],
    [
      'a type that is computed',
      `return db.addColumn('a', 'b', typeOf('b'));`,
      '-- not followed: a type that is not known',
    ],
    [
      'promises of Bluebird',
      `var Promise = require('bluebird'); return Promise.each(['a', 'b'], each => db.dropTable(each)).then(() => db.dropTable('c'));`,
      'DROP TABLE "a"\nDROP TABLE "b"\nDROP TABLE "c"',
    ],
    [
      'functions of its own that are bound',
      `const drop = (name, cb) => db.dropTable(name, cb); async.series([drop.bind(null, 'a'), drop.bind(null, 'b')], callback);`,
      'DROP TABLE "a"\nDROP TABLE "b"',
    ],
    [
      'functions that all arguments are handed to',
      `const drop = function (name) { return db.dropTable(name); }; drop.call(this, 'a'); drop.apply(this, ['b']);`,
      'DROP TABLE "a"\nDROP TABLE "b"',
    ],
  ])('%s', async (_, body, expected) => {
    expect(printed(await up(body))).toBe(expected);
  });
});
