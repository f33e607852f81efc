import knexLibrary from 'knex';
import { describe, expect, test } from 'vitest';
import { knexTranslator } from '../../../src/migrations/translate/knex';
import { printed, scriptOf } from './script';

const knex = knexLibrary({ client: 'pg' });

/** Statements in an order that does not depend on the writer's, spelt as Knex spells them. */
const comparable = (statements: readonly string[]): readonly string[] =>
  statements.map(sql => sql.toLowerCase().replace(' rename column ', ' rename ').replace(/\s+/g, ' ').trim()).sort();

/** The body of a table's callback; what Knex itself makes of it is what is expected. */
const TABLES: readonly (readonly [mode: 'createTable' | 'alterTable', body: string])[] = [
  ['createTable', `t.increments(); t.string('name'); t.string('code', 12); t.text('note');`],
  [
    'createTable',
    `t.bigIncrements('order_id'); t.integer('a').unsigned(); t.bigInteger('b'); t.smallint('c'); t.tinyint('d');`,
  ],
  ['createTable', `t.increments('id', { primaryKey: false }); t.uuid('ref').primary();`],
  ['createTable', `t.increments(); t.integer('a'); t.integer('b'); t.primary(['a', 'b']);`],
  ['createTable', `t.integer('a'); t.integer('b'); t.primary(['a', 'b'], 'own_key');`],
  ['createTable', `t.integer('a'); t.primary(['a'], { constraintName: 'own_key' });`],
  [
    'createTable',
    `t.float('a'); t.double('b'); t.decimal('c'); t.decimal('d', 14, 4); t.decimal('e', null); t.boolean('f');`,
  ],
  [
    'createTable',
    `t.date('a'); t.datetime('b'); t.timestamp('c'); t.timestamp('d', { useTz: false }); t.timestamp('e', { precision: 3 }); t.time('f');`,
  ],
  [
    'createTable',
    `t.json('a'); t.jsonb('b').defaultTo({ kind: 'none', tags: [] }); t.binary('c'); t.specificType('d', 'text[]');`,
  ],
  ['createTable', `t.timestamps(); `],
  ['createTable', `t.timestamps(true, true);`],
  ['createTable', `t.timestamps({ useCamelCase: true, defaultToNow: true });`],
  ['createTable', `t.enu('status', ['new', 'paid']).notNullable().defaultTo('new');`],
  ['createTable', `t.enum('status', ['new', 'paid'], { useNative: true, enumName: 'order_status' });`],
  ['createTable', `t.enum('status', null, { useNative: true, existingType: true, enumName: 'order_status' });`],
  [
    'createTable',
    `t.boolean('a').notNullable().defaultTo(false); t.integer('b').defaultTo(7); t.string('c').defaultTo("it's");`,
  ],
  [
    'createTable',
    `t.timestamp('a').defaultTo(knex.fn.now()); t.uuid('b').defaultTo(knex.raw('gen_random_uuid()')); t.timestamp('c').defaultTo(knex.fn.now(6));`,
  ],
  [
    'createTable',
    `t.string('email').unique(); t.string('slug').unique({ indexName: 'slug_once' }); t.string('city').index(); t.string('zip').index('zip_idx');`,
  ],
  [
    'createTable',
    `t.integer('user_id').unsigned().notNullable().references('id').inTable('users').onDelete('CASCADE').onUpdate('RESTRICT');`,
  ],
  ['createTable', `t.integer('user_id').references('users.id').withKeyName('own_fk');`],
  [
    'createTable',
    `t.integer('a'); t.integer('b'); t.foreign(['a', 'b']).references(['x', 'y']).inTable('pairs').onDelete('SET NULL');`,
  ],
  [
    'createTable',
    `t.integer('a'); t.foreign('a', 'fk_a').references('id').inTable('sales.pairs').deferrable('deferred');`,
  ],
  [
    'createTable',
    `t.string('a'); t.string('b'); t.unique(['a', 'b']); t.index(['b', 'a'], 'ba'); t.index(['a'], undefined, 'hash');`,
  ],
  ['createTable', `t.string('a').comment("a's note"); t.comment('orders of customers');`],
  ['alterTable', `t.string('a').notNullable(); t.integer('b'); t.dropColumn('c'); t.renameColumn('d', 'e');`],
  ['alterTable', `t.dropColumns('a', 'b'); t.dropTimestamps(); `],
  ['alterTable', `t.string('a', 10).notNullable().alter(); t.integer('b').defaultTo(3).alter();`],
  ['alterTable', `t.text('a').alter({ alterNullable: false });`],
  ['alterTable', `t.setNullable('a'); t.dropNullable('b');`],
  [
    'alterTable',
    `t.dropUnique(['a', 'b']); t.dropUnique([], 'own'); t.dropForeign('user_id'); t.dropForeign(['a'], 'own_fk'); t.dropIndex(['a']); t.dropIndex([], 'own_idx'); t.dropPrimary(); t.dropPrimary('own_pk');`,
  ],
  ['alterTable', `t.index(['a']); t.unique(['a']); t.primary(['a']); t.foreign('a').references('id').inTable('x');`],
  ['alterTable', `t.string('a').index(); t.integer('b').references('id').inTable('x').onDelete('CASCADE');`],
];

describe("a table's callback gives the SQL that Knex sends", () => {
  test.each(TABLES)('%s: %s', async (mode, body) => {
    const script = await scriptOf(
      knexTranslator,
      `export async function up(knex) {\n  await knex.schema.${mode}('orders', t => { ${body} });\n}`,
    );
    const callback = new Function('knex', 't', body).bind(undefined, knex);
    const sent = knex.schema[mode]('orders', callback).toSQL() as unknown as readonly { readonly sql: string }[];
    expect(script.untranslated).toEqual([]);
    expect(comparable(script.statements.map(({ sql }) => sql))).toEqual(comparable(sent.map(({ sql }) => sql)));
  });
});

type Case = readonly [what: string, body: string, expected: string];

describe('a migration in Knex', () => {
  test.each<Case>([
    [
      'several calls on one schema',
      `await knex.schema.dropTable('a').dropTableIfExists('b');`,
      'DROP TABLE "a"\nDROP TABLE IF EXISTS "b"',
    ],
    [
      'a schema of its own',
      `await knex.schema.withSchema('sales').renameTable('a', 'b');`,
      'ALTER TABLE "sales"."a" RENAME TO "b"',
    ],
    [
      'a promise of several',
      `return Promise.all([knex.schema.dropTable('a'), knex.schema.dropTable('b')]).then(() => knex.schema.dropTable('c'));`,
      'DROP TABLE "a"\nDROP TABLE "b"\nDROP TABLE "c"',
    ],
    [
      'one after the other',
      `return knex.schema.dropTable('a').then(() => { return knex.schema.dropTable('b'); });`,
      'DROP TABLE "a"\nDROP TABLE "b"',
    ],
    ['a transaction', `await knex.transaction(async trx => { await trx.schema.dropTable('a'); });`, 'DROP TABLE "a"'],
    [
      'a constant list',
      `for (const name of NAMES) await knex.schema.dropTable(name);\n}\nconst NAMES = ['a', 'b'];\nexport function other() {`,
      'DROP TABLE "a"\nDROP TABLE "b"',
    ],
    [
      'a helper',
      `await drop(knex, 'a');\n}\nasync function drop(db, name) { await db.schema.dropTable(\`old_\${name}\`);`,
      'DROP TABLE "old_a"',
    ],
    [
      'raw text',
      'await knex.raw(`CREATE INDEX CONCURRENTLY a_idx ON a (b)`);',
      'CREATE INDEX CONCURRENTLY a_idx ON a (b)',
    ],
    [
      'raw text with bindings',
      `await knex.raw('ALTER TABLE ?? ALTER COLUMN ?? SET DEFAULT ?', ['a', 'b', "it's"]);`,
      `ALTER TABLE "a" ALTER COLUMN "b" SET DEFAULT 'it''s'`,
    ],
    [
      'a table that is there already',
      `const there = await knex.schema.hasTable('a'); if (there) return; await knex.schema.createTable('a', t => { t.text('b'); });`,
      'CREATE TABLE IF NOT EXISTS "a" ("b" text)',
    ],
    [
      'a column that is there already',
      `if (!(await knex.schema.hasColumn('a', 'b'))) await knex.schema.alterTable('a', t => { t.text('b'); });`,
      'ALTER TABLE "a" ADD COLUMN IF NOT EXISTS "b" text',
    ],
    [
      'the server that is asked for',
      `const { client } = knex.client.config; if (client === 'mysql2') return; if (['pg', 'postgres'].includes(client)) await knex.schema.dropTable('a'); else await knex.schema.dropTable('b'); const is = knex.client.config.client !== 'pg'; if (!is) await knex.schema.dropTable('c'); await (client === 'sqlite3' ? knex.raw('PRAGMA x') : knex.schema.dropTable('d'));`,
      'DROP TABLE "a"\nDROP TABLE "c"\nDROP TABLE "d"',
    ],
    [
      'another table that is there',
      `if (!(await knex.schema.hasTable('a'))) { await knex.schema.createTable('a', t => { t.text('b'); }); await knex.schema.dropTable('c'); }`,
      'CREATE TABLE IF NOT EXISTS "a" ("b" text)\nDROP TABLE "c" -- where no a',
    ],
    [
      'what is asked, by what it asks for',
      `const a = await knex.schema.hasTable('a'); const b = await knex.schema.hasColumn('a', 'b'); if (a && !b) { await knex.schema.alterTable('a', t => { t.text('b'); t.text('c'); }); } if (!a || b) return; await knex.schema.dropTable('d');`,
      'ALTER TABLE "a" ADD COLUMN "b" text, ADD COLUMN "c" text -- where a -- where no a.b\nDROP TABLE "d" -- where a -- where no a.b',
    ],
    [
      'a column that is asked for in the callback',
      `const has = await knex.schema.hasColumn('a', 'b'); await knex.schema.alterTable('a', t => { t.text('c'); if (!has) t.text('b').index(); });`,
      'ALTER TABLE "a" ADD COLUMN "c" text\nALTER TABLE "a" ADD COLUMN IF NOT EXISTS "b" text\nCREATE INDEX "a_b_index" ON "a" ("b") -- where no a.b',
    ],
    [
      'columns that are listed',
      `const columns = await knex('a').columnInfo(); if (!columns.b) await knex.schema.alterTable('a', t => { t.text('b'); }); if (Object.keys(columns).includes('c')) await knex.schema.alterTable('a', t => { t.dropColumn('c'); });`,
      'ALTER TABLE "a" ADD COLUMN IF NOT EXISTS "b" text\nALTER TABLE "a" DROP COLUMN IF EXISTS "c"',
    ],
    [
      'a condition on rows',
      `const rows = await knex('a').select('b'); if (rows.length > 0) await knex.schema.dropTable('a');`,
      '-- not followed: a step that runs only under a condition',
    ],
    [
      'the server, by what its name begins with or holds',
      `const { client } = knex.client.config; if (client.includes('sqlite3')) { await knex.schema.dropTable('a'); } else if (client.startsWith('pg')) { await knex.schema.dropTable('b'); } switch (client) { case 'mysql': case 'mysql2': await knex.schema.dropTable('c'); break; default: await knex.schema.dropTable('d'); }`,
      'DROP TABLE "b"\nDROP TABLE "d"',
    ],
    [
      'lists that are made, and what counts',
      `const names = ['a']; names.push('b'); for (let i = 0; i < names.length; i++) await knex.schema.dropTable(names[i]); for (const each of [{ n: 'c', drop: true }, { n: 'd', drop: false }]) { if (each.drop === true && each.n !== 'e') await knex.schema.dropTable(each.n); }`,
      'DROP TABLE "a"\nDROP TABLE "b"\nDROP TABLE "c"',
    ],
    [
      'a condition that is not known',
      `if (process.env.LARGE) await knex.schema.dropTable('a');`,
      '-- not followed: a step that runs only under a condition',
    ],
    ['rows', `await knex('orders').where({ id: 1 }).update({ total: 0 });`, '-- data: rows that `update` writes'],
    [
      'rows under a condition',
      `if ((await knex('a').count()) > 0) await knex('a').update({ b: 1 });`,
      '-- data: rows that `update` writes',
    ],
    [
      'rows that are gone through',
      `for (const row of await knex('a').select()) { await knex('b').where({ id: row.id }).update({ c: row.c }); }`,
      '-- data: a loop over what is not constant',
    ],
    [
      'rows in pages',
      `let last = 0; while (true) { const rows = await knex('a').where('id', '>', last).limit(100); if (rows.length === 0) break; await Promise.all(rows.map(row => knex('a').where('id', row.id).update({ c: Object.keys(row.d).map(each => each.trim()).join() }))); last = rows[99].id; }`,
      '-- data: a loop over what is not constant',
    ],
    ['what is only counted', `const ids = []; for (const row of await knex('a').select()) ids.push(row.id);`, ''],
    [
      'tables that are gone through',
      `const rows = await knex('a').select(); await Promise.all(rows.map(row => knex.schema.dropTable(row.name)));`,
      '-- not followed: a loop over what is not constant',
    ],
    [
      'a schema that goes on in a loop',
      `let schema = knex.schema.dropTable('a'); for (const name of await names()) schema = schema.raw('SELECT 1');`,
      'DROP TABLE "a"\n-- not followed: a loop over what is not constant',
    ],
    [
      'a transaction with rows',
      `await knex.transaction(async trx => { await trx.schema.dropTable('a'); await trx('b').insert({ c: 1 }); await trx.schema.dropTable('d'); });`,
      'DROP TABLE "a"\nDROP TABLE "d"\n-- data: rows that `insert` writes',
    ],
    [
      'rows, and then a table',
      `return knex('a').where({ b: 1 }).del().then(() => knex.schema.dropTable('c'));`,
      'DROP TABLE "c"\n-- data: rows that `del` writes',
    ],
    [
      'a promise made by hand',
      `return new Promise((resolve, reject) => { knex.schema.dropTable('a').then(resolve).catch(reject); });`,
      'DROP TABLE "a"',
    ],
    [
      'entries of a record',
      `for (const [table, column] of Object.entries({ a: 'b', c: 'd' })) await knex.schema.renameTable(table, column);`,
      'ALTER TABLE "a" RENAME TO "b"\nALTER TABLE "c" RENAME TO "d"',
    ],
    [
      'an error that is handled',
      `return Promise.all([knex.schema.dropTable('a')]).catch(err => { throw err; });`,
      'DROP TABLE "a"',
    ],
    ['rows that are read', `const rows = await knex('orders').select('id');`, ''],
    [
      'rows that are read and written one by one',
      `const { rows } = await knex.raw('select id from t'); for (const { id } of rows) await knex.raw('update t set a = 1 where id = ?', [id]);`,
      'select id from t\n-- data: a loop over what is not constant',
    ],
    [
      'a loop over rows that changes tables',
      `const { rows } = await knex.raw('select a from t'); for (const { a } of rows) await knex.raw('drop table ??', [a]);`,
      'select a from t\n-- not followed: a loop over what is not constant',
    ],
    ['a helper elsewhere', `await addTable(knex, 'orders');`, '-- not followed: a call of something else'],
    [
      'a name that is not constant',
      `await knex.schema.dropTable(process.env.NAME);`,
      '-- not followed: `dropTable` with a name that is not constant',
    ],
    ['a log', `console.log('dropping'); await knex.schema.dropTable('a');`, 'DROP TABLE "a"'],
    [
      'a view',
      `await knex.schema.createView('v', v => { v.columns(['a']); v.as(knex.raw('SELECT a FROM t')); });`,
      'CREATE VIEW "v" ("a") AS SELECT a FROM t',
    ],
    [
      'a view that is built',
      `await knex.schema.createView('v', v => { v.as(knex('t').select('a')); });`,
      '-- not followed: `createView` of a query that is built',
    ],
  ])('%s', async (_, body, expected) => {
    expect(printed(await scriptOf(knexTranslator, `export async function up(knex) {\n${body}\n}`))).toBe(expected);
  });

  test('SQL text says where it stands in the source', async () => {
    const code =
      "export async function up(knex) {\n  await knex.raw(`DROP TABLE ${TABLE} CASCADE`);\n}\nconst TABLE = 'orders';";
    const [statement] = (await scriptOf(knexTranslator, code)).statements;
    expect(statement?.sql).toBe('DROP TABLE orders CASCADE');
    expect(statement?.pieces.map(({ from, to }) => statement.sql.slice(from, to))).toEqual([
      'DROP TABLE ',
      'orders',
      ' CASCADE',
    ]);
  });
});
