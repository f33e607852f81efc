import { describe, expect, test } from 'vitest';
import { mayBeMigration } from '../../src/migrations/read';
import { brief, read, textAt } from './read';

type Case = readonly [what: string, code: string, expected: string];

const inFile = (file: string) => async (_: string, code: string, expected: string) => {
  if (/^(?:create|drop|alter|rename) /.test(expected)) expect(mayBeMigration(file, code)).toBe(true);
  expect(brief(await read(file, { [file]: code }))).toBe(expected);
};

describe('Knex', () => {
  const create = `exports.up = knex => knex.schema.createTable('orders', t => { t.increments(); t.string('name'); });\n`;
  test.each<Case>([
    ['no down', create, 'create table orders | missing'],
    ['an empty down', `${create}exports.down = function () {};`, 'create table orders | empty'],
    ['a down that resolves', `${create}exports.down = () => Promise.resolve();`, 'create table orders | empty'],
    ['a down that returns', `${create}exports.down = async () => { return; };`, 'create table orders | empty'],
    ['a down that gives null', `${create}exports.down = async knex => null;`, 'create table orders | empty'],
    [
      'a down that logs',
      `${create}exports.down = async () => { console.log('orders stay'); };`,
      'create table orders | empty',
    ],
    [
      'a down that looks',
      `${create}exports.down = async knex => { await knex.schema.hasTable('orders'); };`,
      'create table orders | empty',
    ],
    [
      'a down that throws',
      `${create}exports.down = () => { throw new Error('orders are irreversible'); };`,
      'create table orders | throws',
    ],
    [
      'a down that logs and throws',
      `${create}exports.down = async () => { logger.warn('no'); throw new Error('no'); };`,
      'create table orders | throws',
    ],
    [
      'a down that rejects',
      `${create}exports.down = () => Promise.reject(new Error('no'));`,
      'create table orders | throws',
    ],
    [
      'a down that throws in one case',
      `${create}exports.down = async knex => { if (await busy()) throw new Error('later'); await knex.schema.dropTable('orders'); };`,
      'create table orders | present',
    ],
    ['a down that is null', `${create}exports.down = null;`, 'create table orders | missing'],
    ['a down that is false', `${create}exports.down = false;`, 'create table orders | refused'],
    [
      'its drop',
      `${create}exports.down = knex => knex.schema.dropTableIfExists('orders');`,
      'create table orders | present',
    ],
    [
      'another drop',
      `${create}exports.down = knex => knex.schema.dropTable('order');`,
      'create table orders | names none',
    ],
    [
      'its drop in SQL',
      `${create}exports.down = knex => knex.raw('DROP TABLE "orders"');`,
      'create table orders | present',
    ],
    [
      'another drop in SQL',
      `${create}exports.down = knex => knex.schema.raw('DROP TABLE invoices');`,
      'create table orders | names none',
    ],
    [
      'a drop by a parameter of the file',
      `const table = process.env.TABLE;\n${create}exports.down = knex => knex.schema.dropTable(table);`,
      'create table orders | present',
    ],
    [
      'a helper from elsewhere',
      `const { drop } = require('./drop');\n${create}exports.down = knex => drop(knex, 'x');`,
      'create table orders | present',
    ],
    ['the same function', `${create}exports.down = exports.up;`, 'create table orders | unread'],
    [
      'a wrapper',
      `const { reverse } = require('./reverse');\n${create}exports.down = reverse(exports.up);`,
      'create table orders | unread',
    ],
    ['a wrapped up', `exports.up = nonTransactional(knex => knex.schema.createTable('orders'));`, 'no migration'],
    [
      'a module that another makes',
      `module.exports = createTransactionalMigration(async knex => { await knex.schema.dropTable('a'); }, async () => {});`,
      'no migration',
    ],
    [
      'columns',
      `exports.up = knex => knex.schema.alterTable('orders', t => { t.integer('total').notNullable(); t.dropColumn('name'); t.index(['total'], 'i'); });`,
      'alter table orders, create column orders.total, drop column orders.name, create constraint orders | missing',
    ],
    [
      'columns that do not go',
      `exports.up = knex => knex.schema.table('orders', t => { t.integer('total'); });\nexports.down = knex => knex.schema.table('invoices', t => { t.dropColumn('sum'); });`,
      'alter table orders, create column orders.total | names none',
    ],
    [
      'columns that go',
      `exports.up = knex => knex.schema.table('orders', t => { t.integer('total'); });\nexports.down = knex => knex.schema.table('orders', t => { t.dropColumn('total'); });`,
      'alter table orders, create column orders.total | present',
    ],
    [
      'a chain',
      `exports.up = knex => knex.schema.createTable('a', t => {}).createTable('b', t => {}).raw('CREATE INDEX i ON b (c)');\nexports.down = () => {};`,
      'create table a, create table b, create index b.i | empty',
    ],
    [
      'rows only',
      `exports.up = knex => knex('orders').update({ a: 1 }).where('b', 2);\nexports.down = () => {};`,
      'data | empty',
    ],
    ['rows in SQL', 'exports.up = knex => knex.raw(`UPDATE orders SET a = 1`);', 'data | missing'],
    [
      'a constant',
      `const TABLE = 'orders';\nexports.up = knex => knex.schema.createTable(TABLE, t => {});\nexports.down = knex => knex.schema.dropTable(TABLE);`,
      'create table orders | present',
    ],
    [
      'a constant that the down does not use',
      `const TABLE = 'orders';\nexports.up = knex => knex.schema.createTable(TABLE, t => {});\nexports.down = knex => knex.schema.dropTable('invoices');`,
      'create table orders | names none',
    ],
    [
      'constants in a record',
      `const T = { orders: 'orders' };\nexports.up = knex => knex.schema.createTable(T.orders, t => {});\nexports.down = knex => knex.schema.dropTable(T.orders);`,
      'create table orders | present',
    ],
    [
      'tables in a list',
      `const tables = ['a', 'b'];\nexports.up = async knex => { for (const t of tables) await knex.schema.createTable(t, () => {}); };\nexports.down = async knex => { for (const t of tables) await knex.schema.dropTable(t); };`,
      'create table ? | present',
    ],
    [
      'tables in a list, and no down',
      `exports.up = async knex => { for (const t of ['a', 'b']) await knex.schema.createTable(t, () => {}); };\nexports.down = async () => {};`,
      'create table ? | empty',
    ],
    [
      'a helper of both',
      `const drop = (knex, t) => knex.schema.dropTable(t);\nexports.up = knex => knex.schema.createTable('a', t => {});\nexports.down = knex => drop(knex, 'a');`,
      'create table a | present',
    ],
    [
      'a helper with its own idea',
      `async function create(knex) { await knex.schema.createTable('a', t => {}); }\nasync function remove(knex) { await knex.schema.dropTable('b'); }\nexports.up = create;\nexports.down = remove;`,
      'create table a | names none',
    ],
    [
      'a helper around a helper',
      `const one = knex => two(knex);\nconst two = knex => knex.schema.createTable('a', t => {});\nexports.up = knex => one(knex);\nexports.down = async () => {};`,
      'create table a | empty',
    ],
    [
      'in a transaction',
      `exports.up = knex => knex.transaction(async trx => { await trx.schema.createTable('a', t => {}); });\nexports.down = async () => undefined;`,
      'create table a | empty',
    ],
    [
      'if it is not there yet',
      `exports.up = async knex => { if (!(await knex.schema.hasTable('a'))) await knex.schema.createTable('a', t => {}); };`,
      'create table a | missing',
    ],
    [
      'one export of both',
      `module.exports = { up(knex) { return knex.schema.dropTable('a'); }, down() {} };`,
      'drop table a | empty',
    ],
    [
      'one export of names',
      `const up = knex => knex.schema.createView('a', v => {});\nconst down = knex => knex.schema.dropView('a');\nmodule.exports = { up, down };`,
      'create view a | present',
    ],
    [
      'by the type of its parameter',
      `import type { Knex } from 'knex';\nexport async function up(db: Knex): Promise<void> { await db.schema.createTable('a', t => {}); }\nexport async function down(db: Knex): Promise<void> {}`,
      'create table a | empty',
    ],
    [
      'a default export',
      `export default { up: (knex) => knex.schema.createTable('a', t => {}), down: () => {} };`,
      'create table a | empty',
    ],
    [
      'configuration',
      `exports.config = { transaction: false };\nexports.up = knex => knex.raw('CREATE INDEX CONCURRENTLY i ON a (b)');\nexports.down = knex => knex.raw('DROP INDEX CONCURRENTLY i');`,
      'create index a.i | present',
    ],
    [
      'an SQL text in a variable',
      'exports.up = async knex => { const sql = `CREATE TABLE a (id int); CREATE TABLE b (id int);`; await knex.raw(sql); };',
      'create table a, create table b | missing',
    ],
    [
      'an SQL text that is computed',
      'exports.up = async knex => { await knex.raw(`CREATE TABLE ${knex.client.table} (id int)`); };\nexports.down = async knex => { await knex.raw(`DROP TABLE ${knex.client.table}`); };',
      'create table ? | present',
    ],
    [
      'what Kysely builds',
      `export async function up(db) { await db.schema.createTable('a').addColumn('id', 'integer').execute(); }`,
      'no migration',
    ],
    [
      'what Kysely builds, typed',
      `import { Kysely } from 'kysely';\nexport async function up(db: Kysely<any>) { await db.schema.createTable('a').execute(); }`,
      'no migration',
    ],
    [
      'what Mongo does',
      `module.exports = { async up(db) { await db.collection('a').updateMany({}, {}); } };`,
      'no migration',
    ],
    ['no migration at all', `export const up = (key) => key === 'ArrowUp';`, 'no migration'],
    ['a seed', `exports.seed = knex => knex('a').insert({});`, 'no migration'],
  ])('%s', inFile('migrations/20240101_a.ts'));
});

describe('Sequelize', () => {
  test.each<Case>([
    [
      'no down',
      `module.exports = { up: async (queryInterface, Sequelize) => { await queryInterface.createTable('orders', { id: Sequelize.INTEGER }); } };`,
      'create table orders | missing',
    ],
    [
      'an empty down',
      `module.exports = { async up(queryInterface) { await queryInterface.addColumn('orders', 'total', {}); }, async down(queryInterface) { } };`,
      'create column orders.total | empty',
    ],
    [
      'the template of its command line',
      `'use strict';\n/** @type {import('sequelize-cli').Migration} */\nmodule.exports = {\n  async up (queryInterface, Sequelize) {\n    await queryInterface.addIndex('orders', ['total'], { name: 'i' });\n  },\n  async down (queryInterface, Sequelize) {\n    /**\n     * Add reverting commands here.\n     */\n  }\n};`,
      'create index orders.i | empty',
    ],
    [
      'its removal',
      `module.exports = { up: qi => qi, up: (queryInterface) => queryInterface.addColumn('orders', 'total', {}), down: (queryInterface) => queryInterface.removeColumn('orders', 'total') };`,
      'create column orders.total | present',
    ],
    [
      'the removal of another',
      `module.exports = { up: (queryInterface) => queryInterface.addColumn('orders', 'total', {}), down: (queryInterface) => queryInterface.removeColumn('invoices', 'sum') };`,
      'create column orders.total | names none',
    ],
    [
      'several at once',
      `module.exports = { up: (queryInterface, Sequelize) => Promise.all([queryInterface.addColumn('a', 'b', { type: Sequelize.STRING(20), defaultValue: Sequelize.literal('now()') }), queryInterface.addConstraint('a', { name: 'k', fields: ['b'] })]), down: () => Promise.resolve() };`,
      'create column a.b, create constraint a.k | empty',
    ],
    [
      'a table with a schema',
      `module.exports = { up: (queryInterface) => queryInterface.createTable({ tableName: 'a', schema: 's' }, {}), down: (queryInterface) => queryInterface.dropTable({ tableName: 'a', schema: 's' }) };`,
      'create table a | present',
    ],
    [
      'SQL',
      `module.exports = { up: (queryInterface) => queryInterface.sequelize.query('CREATE TYPE mood AS ENUM ()'), down: (queryInterface) => queryInterface.sequelize.query('DROP TYPE feeling') };`,
      'create type mood | names none',
    ],
    [
      'a transaction',
      `module.exports = { async up(queryInterface) { const transaction = await queryInterface.sequelize.transaction(); try { await queryInterface.dropTable('a', { transaction }); await transaction.commit(); } catch (error) { await transaction.rollback(); throw error; } }, async down() {} };`,
      'drop table a | empty',
    ],
    [
      'rows',
      `module.exports = { up: (queryInterface) => queryInterface.bulkInsert('plans', [{ name: 'free' }]), down: () => {} };`,
      'data | empty',
    ],
    [
      'umzug',
      `export const up = async ({ context: queryInterface }) => { await queryInterface.createTable('a', {}); };\nexport const down = async ({ context: queryInterface }) => { await queryInterface.dropTable('a'); };`,
      'create table a | present',
    ],
    [
      'umzug, its own name',
      `import { QueryInterface } from 'sequelize';\nexport const up = async ({ context }: { context: QueryInterface }) => { await context.createTable('a', {}); };\nexport const down = async ({ context }) => { await context.dropTable('a'); };`,
      'create table a | present',
    ],
    [
      'umzug, which hands over Sequelize',
      `const { DataTypes } = require('sequelize');\nmodule.exports = { up: async ({ context: { sequelize } }) => { await sequelize.getQueryInterface().createTable('a', {}); }, down: async ({ context: { sequelize } }) => { await sequelize.query('DROP TABLE a'); } };`,
      'create table a | present',
    ],
    [
      'umzug, in one parameter',
      `import type { MigrationParams } from 'umzug';\nexport async function up(params: MigrationParams<QueryInterface>) { await params.context.createTable('a', {}); }\nexport async function down(params: MigrationParams<QueryInterface>) { const { context: q } = params; await q.dropTable('a'); }`,
      'create table a | present',
    ],
    [
      "umzug, with a context of somebody's own",
      `import { DataTypes } from 'other';\nexport const up = async ({ context }) => { await context.createTable('a', {}); };`,
      'no migration',
    ],
    [
      'umzug, typed',
      `import type { QueryInterface } from 'sequelize';\nexport async function up(q: QueryInterface) { await q.createTable('a', {}); }\nexport async function down() { throw new Error('no'); }`,
      'create table a | throws',
    ],
  ])('%s', inFile('migrations/20240101-a.ts'));
});

describe('TypeORM', () => {
  const inClass = (up: string, down?: string): string => `
import { MigrationInterface, QueryRunner, Table } from 'typeorm';
export class A1700000000000 implements MigrationInterface {
  name = 'A1700000000000';
  private readonly table = 'orders';
  public async up(queryRunner: QueryRunner): Promise<void> { ${up} }
  ${down === undefined ? '' : `public async down(queryRunner: QueryRunner): Promise<void> { ${down} }`}
}`;
  const create = 'await queryRunner.query(`CREATE TABLE "orders" ("id" SERIAL NOT NULL, PRIMARY KEY ("id"))`);';
  test.each<Case>([
    ['no down', inClass(create), 'create table orders | missing'],
    ['an empty down', inClass(create, ''), 'create table orders | empty'],
    ['a comment', inClass(create, '/* nothing */'), 'create table orders | empty'],
    ['a down that throws', inClass(create, "throw new Error('Not implemented');"), 'create table orders | throws'],
    ['its drop', inClass(create, 'await queryRunner.query(`DROP TABLE "orders"`);'), 'create table orders | present'],
    [
      'another drop',
      inClass(create, 'await queryRunner.query(`DROP TABLE "invoices"`);'),
      'create table orders | names none',
    ],
    [
      'objects',
      inClass(
        "await queryRunner.createTable(new Table({ name: 'orders', columns: [{ name: 'id', type: 'int' }] }), true); await queryRunner.createIndex('orders', new TableIndex({ name: 'i', columnNames: ['a'] }));",
        "await queryRunner.dropTable('orders');",
      ),
      'create table orders, create index orders.i | present',
    ],
    [
      'objects and no drop',
      inClass(
        "await queryRunner.addColumn('orders', new TableColumn({ name: 'total', type: 'int' }));",
        "await queryRunner.dropColumn('invoices', 'sum');",
      ),
      'create column orders.total | names none',
    ],
    [
      'a key that is looked up',
      inClass(
        "await queryRunner.createForeignKey('orders', new TableForeignKey({ columnNames: ['a'] }));",
        "const table = await queryRunner.getTable('orders'); const key = table.foreignKeys.find(each => each.columnNames.indexOf('a') !== -1); await queryRunner.dropForeignKey('orders', key);",
      ),
      'create constraint orders | present',
    ],
    [
      'a field of the class',
      inClass(
        'await queryRunner.createTable(new Table({ name: this.table }));',
        'await queryRunner.dropTable(this.table);',
      ),
      'create table orders | present',
    ],
    [
      'a method of the class',
      inClass('await this.create(queryRunner);', '').replace(
        /\}$/,
        `private async create(queryRunner: QueryRunner) { await queryRunner.dropTable('a'); } }`,
      ),
      'drop table a | empty',
    ],
    ['rows', inClass('await queryRunner.manager.update(User, {}, { active: true });', ''), 'data | empty'],
    ['what cannot be followed', inClass(create, 'await undo(queryRunner);'), 'create table orders | present'],
    [
      'compiled',
      `class A1700000000000 { async up(queryRunner) { await queryRunner.query('DROP TABLE a'); } async down(queryRunner) {} }\nexports.A1700000000000 = A1700000000000;`,
      'drop table a | empty',
    ],
    [
      "a project's own interface",
      `export class A implements IrreversibleMigration { async up({ schemaBuilder }) { await schemaBuilder.dropTable('a'); } }`,
      'no migration',
    ],
  ])('%s', inFile('src/migrations/1700000000000-A.ts'));
});

describe('node-pg-migrate', () => {
  test.each<Case>([
    [
      'a down that it makes up',
      `exports.up = pgm => { pgm.createTable('orders', { id: 'id' }); pgm.createIndex('orders', 'total'); };`,
      'create table orders, create index orders | inferred',
    ],
    [
      'a down that is undefined',
      `exports.shorthands = undefined;\nexports.up = pgm => { pgm.addColumns('orders', { total: 'int' }); };\nexports.down = undefined;`,
      'create column orders.total | inferred',
    ],
    [
      'a down that it cannot make up',
      `exports.up = pgm => { pgm.createTable('a', {}); pgm.alterColumn('orders', 'total', { type: 'bigint' }); pgm.dropColumns('a', ['b']); };`,
      'create table a, alter column orders.total, drop column a.b | not inferable: alterColumn, dropColumns',
    ],
    [
      'SQL that it cannot reverse',
      `exports.up = pgm => { pgm.sql('CREATE EXTENSION citext'); };`,
      'create extension citext | not inferable: sql',
    ],
    ['rows', `exports.up = pgm => { pgm.sql('UPDATE a SET b = 1'); };`, 'data | not inferable: sql'],
    [
      'a down that is false',
      `exports.up = pgm => { pgm.dropTable('orders'); };\nexports.down = false;`,
      'drop table orders | refused',
    ],
    [
      'an empty down',
      `exports.up = (pgm) => { pgm.addConstraint('a', 'b', 'CHECK (c)'); };\nexports.down = (pgm) => {};`,
      'create constraint a.b | empty',
    ],
    [
      'its drop',
      `exports.up = pgm => { pgm.createTable('orders', {}); };\nexports.down = pgm => { pgm.dropTable('orders'); };`,
      'create table orders | present',
    ],
    [
      'another drop',
      `exports.up = pgm => { pgm.createType('mood', ['ok']); };\nexports.down = pgm => { pgm.dropType('feeling'); };`,
      'create type mood | names none',
    ],
    [
      'typed',
      `import { MigrationBuilder } from 'node-pg-migrate';\nexport async function up(b: MigrationBuilder): Promise<void> { b.createTable({ schema: 's', name: 'a' }, {}); }\nexport async function down(b: MigrationBuilder): Promise<void> {}`,
      'create table a | empty',
    ],
    [
      'grants',
      `exports.up = pgm => { pgm.grantOnTables({ tables: 'a' }); };\nexports.down = () => {};`,
      'soft | empty',
    ],
  ])('%s', inFile('migrations/1700000000000_a.ts'));
});

describe('db-migrate', () => {
  const head = `var dbm; var type; var seed;\nexports.setup = function (options, seedLink) { dbm = options.dbmigrate; };\n`;
  test.each<Case>([
    [
      'no down',
      `${head}exports.up = function (db) { return db.createTable('orders', { id: 'int' }); };`,
      'create table orders | missing',
    ],
    [
      'its template',
      `${head}exports.up = function (db) { return db.addColumn('orders', 'total', 'int'); };\nexports.down = function (db) { return null; };\nexports._meta = { "version": 1 };`,
      'create column orders.total | empty',
    ],
    [
      'a callback',
      `${head}exports.up = function (db, callback) { db.createTable('orders', {}, callback); };\nexports.down = function (db, callback) { callback(); };`,
      'create table orders | empty',
    ],
    [
      'a callback with an error',
      `${head}exports.up = function (db, callback) { db.createTable('orders', {}, callback); };\nexports.down = function (db, callback) { callback(new Error('no')); };`,
      'create table orders | throws',
    ],
    [
      'its drop',
      `${head}exports.up = function (db) { return db.createTable('orders', {}); };\nexports.down = function (db) { return db.dropTable('orders'); };`,
      'create table orders | present',
    ],
    [
      'SQL',
      `${head}exports.up = db => db.runSql('ALTER TABLE a ADD b int');\nexports.down = db => db.runSql('ALTER TABLE c DROP d');`,
      'create column a.b | names none',
    ],
    [
      'SQL in a file',
      `${head}exports.up = function (db) { var filePath = path.join(__dirname, 'sqls', 'a-up.sql'); return new Promise(function (resolve, reject) { fs.readFile(filePath, function (err, data) { resolve(data); }); }).then(function (data) { return db.runSql(data); }); };\nexports.down = function (db) { return null; };`,
      'unknown | empty',
    ],
    ['rows', `${head}exports.up = db => db.insert('a', ['b'], [1]);\nexports.down = () => null;`, 'data | empty'],
    [
      'without its set-up',
      `exports.up = function (db, cb) { db.removeIndex('a', 'i', cb); };`,
      'drop index i.a | missing',
    ],
  ])('%s', inFile('migrations/20240101-a.js'));
});

test('the functions are what is marked', async () => {
  const marked = async (file: string, text: string): Promise<readonly (string | undefined)[]> => {
    const fact = await read(file, { [file]: text });
    const down = fact && 'at' in fact.down ? fact.down.at : undefined;
    return [fact && (await textAt(fact.at, { [file]: text })), down && (await textAt(down, { [file]: text }))];
  };
  const drop = "await knex.schema.dropTable('a');";
  expect(await marked('a.ts', `export async function up(knex) { ${drop} }\nexport async function down() {}`)).toEqual([
    'up',
    'down',
  ]);
  expect(
    await marked('a.js', `exports.up = async (knex) => { ${drop} };\nexports.down = async function () {};`),
  ).toEqual(['async (knex)', 'async function ()']);
  expect(await marked('a.js', `module.exports = { async up(knex) { ${drop} }, down: false };`)).toEqual([
    'up',
    'false',
  ]);
});
