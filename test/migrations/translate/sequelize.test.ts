import { Sequelize } from 'sequelize';
import { describe, expect, test } from 'vitest';
import { sequelizeTranslator } from '../../../src/migrations/translate/sequelize';
import { printed, scriptOf } from './script';

/** What Sequelize itself sends for a body. */
async function sent(body: string): Promise<readonly string[]> {
  const statements: string[] = [];
  const sequelize = new Sequelize({ dialect: 'postgres', logging: false });
  const queryInterface = sequelize.getQueryInterface();
  Object.assign(sequelize, {
    query: async (sql: string) => {
      if (/^\s*select/i.test(sql)) return null;
      statements.push(sql);
      return [];
    },
  });
  // a new enum is read back for its number on the server
  Object.assign(sequelize, {
    dialect: Object.assign(Reflect.get(sequelize, 'dialect'), {
      connectionManager: { _refreshDynamicOIDs: async () => undefined },
    }),
  });
  // renaming asks for the column first
  Object.assign(queryInterface, {
    describeTable: async () => new Proxy({}, { get: () => ({ type: 'TEXT', allowNull: true }) }),
  });
  await new Function('queryInterface', 'Sequelize', `return (async () => { ${body} })()`)(queryInterface, Sequelize);
  return statements;
}

/** Statements one by one, spelt alike. */
const comparable = (statements: readonly string[]): readonly string[] =>
  statements
    .flatMap(sql => sql.split(/;(?=\s*(?:$|ALTER|COMMENT|DO '|CREATE))/))
    .map(sql =>
      sql
        .replace(/DO '(.*)'$/s, (_, block: string) => `DO $$ ${block.replaceAll("''", "'")} $$`)
        .replace(/THEN null/g, 'THEN NULL')
        .replace(/ENUM\(/g, 'ENUM (')
        .replace(/"public"\./g, '')
        .replace(/\s+/g, ' ')
        .replace(/ ([,)])/g, '$1')
        .trim(),
    )
    .filter(sql => sql !== '')
    .sort();

describe('Sequelize sends what its calls are read as', () => {
  test.each([
    `await queryInterface.createTable('orders', { id: { type: Sequelize.INTEGER, primaryKey: true, autoIncrement: true, allowNull: false }, name: Sequelize.STRING, code: { type: Sequelize.STRING(12), allowNull: false, unique: true } });`,
    `await queryInterface.createTable('orders', { id: { type: Sequelize.BIGINT, primaryKey: true, autoIncrement: true }, user_id: { type: Sequelize.INTEGER, allowNull: false, references: { model: 'users', key: 'id' }, onDelete: 'cascade', onUpdate: 'CASCADE' }, created_at: { type: Sequelize.DATE, allowNull: false, defaultValue: Sequelize.fn('now') } });`,
    `await queryInterface.createTable('orders', { a: { type: Sequelize.DECIMAL(12, 2), defaultValue: 0 }, b: { type: Sequelize.BOOLEAN, defaultValue: false }, c: { type: Sequelize.UUID, defaultValue: Sequelize.UUIDV4 }, d: Sequelize.JSONB, e: Sequelize.TEXT, f: { type: Sequelize.DATE, defaultValue: Sequelize.literal('CURRENT_TIMESTAMP') }, g: Sequelize.DATEONLY, h: Sequelize.ARRAY(Sequelize.TEXT), i: Sequelize.DOUBLE, j: { type: 'TIMESTAMP' }, k: Sequelize.BLOB, l: Sequelize.STRING.BINARY, m: { type: Sequelize.STRING, defaultValue: "it's" } });`,
    `await queryInterface.createTable('orders', { status: { type: Sequelize.ENUM('new', 'paid'), allowNull: false, defaultValue: 'new' }, kind: { type: Sequelize.ENUM, values: ['a', 'b'] } });`,
    `await queryInterface.createTable('orders', { a: { type: Sequelize.INTEGER, primaryKey: true }, b: { type: Sequelize.INTEGER, primaryKey: true, comment: "b's" } }, { comment: 'all of them' });`,
    `await queryInterface.addColumn('orders', 'total', { type: Sequelize.DECIMAL, allowNull: false, defaultValue: 1.5 }); await queryInterface.addColumn('orders', 'note', Sequelize.TEXT);`,
    `await queryInterface.addColumn('orders', 'status', { type: Sequelize.ENUM('new', 'paid') });`,
    `await queryInterface.addColumn({ tableName: 'orders', schema: 'sales' }, 'user_id', { type: Sequelize.INTEGER, references: { model: { tableName: 'users', schema: 'auth' }, key: 'id' }, onDelete: 'SET NULL' });`,
    `await queryInterface.changeColumn('orders', 'name', { type: Sequelize.STRING(40), allowNull: false, defaultValue: 'x' }); await queryInterface.changeColumn('orders', 'note', { type: Sequelize.TEXT }); await queryInterface.changeColumn('orders', 'code', { type: Sequelize.STRING, unique: true });`,
    `await queryInterface.changeColumn('orders', 'status', { type: Sequelize.ENUM('a', 'b'), allowNull: true });`,
    `await queryInterface.changeColumn('orders', 'user_id', { type: Sequelize.INTEGER, references: { model: 'users', key: 'id' }, onDelete: 'CASCADE' });`,
    `await queryInterface.removeColumn('orders', 'name'); await queryInterface.renameColumn('orders', 'a', 'b'); await queryInterface.renameTable('orders', 'sales'); await queryInterface.dropTable('orders');`,
    `await queryInterface.addIndex('orders', ['user_id', 'createdAt']); await queryInterface.addIndex('orders', ['a'], { name: 'own', unique: true, concurrently: true, using: 'gin' }); await queryInterface.addIndex('orders', { fields: [{ name: 'a', order: 'DESC' }], type: 'UNIQUE', name: 'o' });`,
    `await queryInterface.removeIndex('orders', 'own'); await queryInterface.removeIndex('orders', ['userId', 'a']);`,
    `await queryInterface.addConstraint('orders', { fields: ['a', 'b'], type: 'unique', name: 'own' }); await queryInterface.addConstraint('orders', { fields: ['u'], type: 'foreign key', name: 'fk', references: { table: 'users', field: 'id' }, onDelete: 'cascade' }); await queryInterface.addConstraint('orders', { fields: ['a'], type: 'primary key', name: 'pk' }); await queryInterface.addConstraint('orders', { fields: ['s'], type: 'check', name: 'ck', where: { s: ['x', 'y'] } });`,
    `await queryInterface.removeConstraint('orders', 'own'); await queryInterface.createSchema('sales'); await queryInterface.dropSchema('sales');`,
    `await queryInterface.sequelize.query('ALTER TABLE orders ADD COLUMN x text'); await queryInterface.dropTable('a', { cascade: true });`,
  ])('%s', async body => {
    const script = await scriptOf(
      sequelizeTranslator,
      `module.exports = { async up(queryInterface, Sequelize) { ${body} }, async down() {} };`,
    );
    expect(script.untranslated).toEqual([]);
    expect(comparable(script.statements.map(({ sql }) => sql))).toEqual(comparable(await sent(body)));
  });

  test.each([
    [
      'a transaction',
      `return queryInterface.sequelize.transaction(t => Promise.all([queryInterface.removeColumn('a', 'b', { transaction: t }), queryInterface.removeColumn('a', 'c', { transaction: t })]));`,
      'ALTER TABLE "a" DROP COLUMN "b"\nALTER TABLE "a" DROP COLUMN "c"',
    ],
    [
      'a transaction by hand',
      `const t = await queryInterface.sequelize.transaction(); try { await queryInterface.dropTable('a', { transaction: t }); await t.commit(); } catch (error) { await t.rollback(); throw error; }`,
      'DROP TABLE IF EXISTS "a"',
    ],
    ['rows', `await queryInterface.bulkInsert('a', [{ b: 1 }]);`, '-- data: rows that `bulkInsert` writes'],
    [
      'the server that is asked for',
      `const dialect = queryInterface.sequelize.getDialect(); if (dialect === 'postgres') await queryInterface.dropTable('a'); if (dialect !== 'postgres' || queryInterface.sequelize.options.dialect === 'mysql') return; await queryInterface.dropTable('b');`,
      'DROP TABLE IF EXISTS "a"\nDROP TABLE IF EXISTS "b"',
    ],
    [
      'a look',
      `const table = await queryInterface.describeTable('a'); if (!table.b) await queryInterface.addColumn('a', 'b', Sequelize.TEXT);`,
      'ALTER TABLE "a" ADD COLUMN IF NOT EXISTS "b" TEXT',
    ],
    [
      'a table that is there',
      `if (await queryInterface.tableExists('a')) await queryInterface.removeColumn('b', 'c'); if (!(await queryInterface.tableExists('a'))) await queryInterface.createTable('a', { b: Sequelize.TEXT });`,
      'ALTER TABLE "b" DROP COLUMN "c" -- where a\nCREATE TABLE IF NOT EXISTS "a" ("b" TEXT)',
    ],
    [
      'a column of a table that is described',
      `const a = await queryInterface.describeTable('a'); if (!a.b) await queryInterface.addColumn('a', 'b', Sequelize.TEXT); if (a['c'] !== undefined && 'd' in a) await queryInterface.removeColumn('a', 'c');`,
      'ALTER TABLE "a" ADD COLUMN IF NOT EXISTS "b" TEXT\nALTER TABLE "a" DROP COLUMN "c" -- where a.c -- where a.d',
    ],
    [
      'a type of its own',
      `await queryInterface.addColumn('a', 'b', MyTypes.MONEY);`,
      '-- not followed: a type that is not known',
    ],
  ])('%s', async (_, body, expected) => {
    const code = `module.exports = { up: async (queryInterface, Sequelize) => { ${body} } };`;
    expect(printed(await scriptOf(sequelizeTranslator, code))).toBe(expected);
  });
});
