import { DataSource, Table, TableCheck, TableColumn, TableForeignKey, TableIndex, TableUnique, View } from 'typeorm';
import { describe, expect, test } from 'vitest';
import { typeormTranslator } from '../../../src/migrations/translate/typeorm';
import { printed, scriptOf } from './script';

const IMPORTS = `import { Table, TableCheck, TableColumn, TableForeignKey, TableIndex, TableUnique, View, type MigrationInterface, type QueryRunner } from 'typeorm';\n`;

const migration = (body: string): string =>
  `${IMPORTS}export class AddOrders1700000000000 implements MigrationInterface {\n  async up(queryRunner: QueryRunner): Promise<void> { ${body} }\n  async down(): Promise<void> {}\n}`;

/** What TypeORM itself would send, for calls that ask the server nothing. */
async function sent(body: string): Promise<readonly string[]> {
  const source = new DataSource({ type: 'postgres' });
  Object.assign(source.driver, { database: 'shop', schema: 'public', searchSchema: 'public' });
  const queryRunner = source.createQueryRunner();
  queryRunner.enableSqlMemory();
  // an enum is made unless the server has it
  Object.assign(queryRunner, {
    query: async () => [],
    hasEnumType: async () => false,
    getCachedTable: async () => table,
    getTable: async () => table,
  });
  const table = new Table({ name: 'orders', columns: [{ name: 'old', type: 'text', isNullable: true }] });
  const names = { Table, TableCheck, TableColumn, TableForeignKey, TableIndex, TableUnique, View, queryRunner };
  await new Function(...Object.keys(names), `return (async () => { ${body} })()`)(...Object.values(names));
  return queryRunner.getMemorySql().upQueries.map(({ query }) => query);
}

/** Statements spelt alike. */
const comparable = (statements: readonly string[]): readonly string[] =>
  statements
    .flatMap(sql => sql.split(/;(?=\s*COMMENT)/))
    .map(sql =>
      sql
        .replace(/"public"\./g, '')
        .replace(/\s+/g, ' ')
        .replace(/" ?\(/g, '" (')
        .trim(),
    )
    .sort();

describe('TypeORM sends what its calls are read as', () => {
  test.each([
    `await queryRunner.createTable(new Table({ name: 'orders', columns: [{ name: 'id', type: 'int', isPrimary: true, isGenerated: true, generationStrategy: 'increment' }, { name: 'name', type: 'varchar', length: '40', isNullable: true }, { name: 'total', type: 'numeric', precision: 12, scale: 2, default: 0 }, { name: 'at', type: 'timestamptz', default: 'now()' }, { name: 'tags', type: 'text', isArray: true, isNullable: true }] }));`,
    `await queryRunner.createTable(new Table({ name: 'orders', columns: [{ name: 'id', type: 'uuid', isPrimary: true, isGenerated: true, generationStrategy: 'uuid' }, { name: 'email', type: 'varchar', isUnique: true }, { name: 'note', type: 'text', comment: "it's" }], uniques: [{ name: 'own', columnNames: ['email', 'note'] }], checks: [{ name: 'ck', expression: 'length(note) > 0' }] }));`,
    `await queryRunner.createTable(new Table({ name: 'orders', columns: [{ name: 'id', type: 'bigint', isPrimary: true }, { name: 'user_id', type: 'int' }], foreignKeys: [{ name: 'fk', columnNames: ['user_id'], referencedTableName: 'users', referencedColumnNames: ['id'], onDelete: 'CASCADE' }], indices: [{ name: 'ix', columnNames: ['user_id'], isUnique: true, where: 'user_id > 0' }] }));`,
    `await queryRunner.addColumn('orders', new TableColumn({ name: 'n', type: 'int', isNullable: true }));`,
    `await queryRunner.addColumns('orders', [new TableColumn({ name: 'n', type: 'boolean', default: false }), new TableColumn({ name: 'm', type: 'timestamp', precision: 3, isNullable: true })]);`,
    `await queryRunner.createForeignKey('orders', new TableForeignKey({ name: 'fk', columnNames: ['old'], referencedTableName: 'users', referencedColumnNames: ['id'], onDelete: 'SET NULL', onUpdate: 'CASCADE' }));`,
    `await queryRunner.createIndex('orders', new TableIndex({ name: 'ix', columnNames: ['old'] })); await queryRunner.createUniqueConstraint('orders', new TableUnique({ name: 'uq', columnNames: ['old'] })); await queryRunner.createCheckConstraint('orders', new TableCheck({ name: 'ck', expression: 'old > 0' }));`,
    `await queryRunner.createTable(new Table({ name: 'orders', columns: [{ name: 'b', type: 'bigint', isPrimary: true }, { name: 'a', type: 'int', isPrimary: true, primaryKeyConstraintName: 'unread' }, { name: 'email', type: 'varchar', isUnique: true }], uniques: [{ columnNames: ['email'] }, { columnNames: ['b', 'a'] }], checks: [{ expression: "length(email) > 0 AND email <> 'é%'" }], foreignKeys: [{ columnNames: ['b', 'a'], referencedTableName: 'users', referencedColumnNames: ['b', 'a'] }], indices: [{ columnNames: ['email', 'a'] }, { columnNames: ['a'], where: 'a > 0' }] }));`,
    `await queryRunner.createTable(new Table({ schema: 'sales', name: 'orders', columns: [{ name: 'id', type: 'int', isPrimary: true, primaryKeyConstraintName: 'pk' }], indices: [{ columnNames: ['id'] }] }));`,
    `await queryRunner.addColumns('orders', [new TableColumn({ name: 'n', type: 'int', isUnique: true, comment: "it's" }), new TableColumn({ name: 'm', type: 'varchar', length: '12', isPrimary: true }), new TableColumn({ name: 'k', type: 'enum', enum: ['a'], isArray: true })]);`,
    `await queryRunner.createForeignKeys('orders', [new TableForeignKey({ columnNames: ['old'], referencedTableName: 'users', referencedColumnNames: ['id'] })]); await queryRunner.createIndices('orders', [new TableIndex({ columnNames: ['old'], isUnique: true })]); await queryRunner.createUniqueConstraints('orders', [new TableUnique({ columnNames: ['old'] })]); await queryRunner.createCheckConstraints('orders', [new TableCheck({ expression: 'old > 0' })]); await queryRunner.createPrimaryKey('orders', ['old', 'id']); await queryRunner.createPrimaryKey('orders', ['old'], 'own');`,
    `await queryRunner.dropIndex('orders', new TableIndex({ columnNames: ['old'] })); await queryRunner.dropForeignKey('orders', new TableForeignKey({ columnNames: ['old'], referencedTableName: 'users', referencedColumnNames: ['id'] })); await queryRunner.dropIndices('orders', [new TableIndex({ name: 'ix', columnNames: ['old'] })]);`,
    `await queryRunner.changeColumn('orders', new TableColumn({ name: 'old', type: 'text', isNullable: true }), new TableColumn({ name: 'old', type: 'text', default: "'x'", comment: "it's", isUnique: true }));`,
    `await queryRunner.changeColumns('orders', [{ oldColumn: new TableColumn({ name: 'old', type: 'numeric', precision: 10, scale: 2, default: 1 }), newColumn: new TableColumn({ name: 'old', type: 'numeric', precision: 12, scale: 4, isNullable: true, default: null }) }]);`,
    `await queryRunner.changeColumn('orders', new TableColumn({ name: 'old', type: 'enum', enum: ['a', 'b'], default: "'a'" }), new TableColumn({ name: 'old', type: 'enum', enum: ['a', 'c'], default: "'c'" }));`,
    `await queryRunner.changeColumn('orders', new TableColumn({ name: 'old', type: 'enum', enum: ['a'], enumName: 'moods', isArray: true }), new TableColumn({ name: 'old', type: 'enum', enum: ['a', 'b'], enumName: 'moods', isArray: true }));`,
    `await queryRunner.changeColumn('orders', new TableColumn({ name: 'old', type: 'uuid' }), new TableColumn({ name: 'new', type: 'uuid', isPrimary: true, collation: 'C' }));`,
    `await queryRunner.createView(new View({ name: 'v', expression: 'SELECT 1' })); await queryRunner.createView(new View({ name: 'sales.m', materialized: true, expression: 'SELECT 2' }));`,
  ])('%s', async body => {
    const script = await scriptOf(typeormTranslator, migration(body));
    expect(script.untranslated).toEqual([]);
    expect(comparable(script.statements.map(({ sql }) => sql))).toEqual(comparable(await sent(body)));
  });

  test.each([
    [
      'SQL',
      'await queryRunner.query(`ALTER TABLE "orders" ADD "x" text`); await queryRunner.query(\'DROP TABLE a\');',
      'ALTER TABLE "orders" ADD "x" text\nDROP TABLE a',
    ],
    [
      'an enum',
      `await queryRunner.createTable(new Table({ name: 'orders', columns: [{ name: 'Kind', type: 'enum', enum: ['a', 'b'] }] }), true);`,
      `CREATE TYPE "orders_kind_enum" AS ENUM('a', 'b')\nCREATE TABLE IF NOT EXISTS "orders" ("Kind" "orders_kind_enum" NOT NULL)`,
    ],
    [
      'a table that was asked for',
      `const table = await queryRunner.getTable('orders'); await queryRunner.dropColumn(table, 'old'); await queryRunner.dropTable('a', true);`,
      'ALTER TABLE "orders" DROP COLUMN "old"\nDROP TYPE IF EXISTS "orders_old_enum"\nDROP TABLE IF EXISTS "a"',
    ],
    [
      'a column of an enum, whose type goes with it',
      `await queryRunner.dropColumn('sales.orders', 'Kind'); await queryRunner.dropColumns('orders', ['a', new TableColumn({ name: 'b', type: 'enum', enum: ['x'], enumName: 'own' })]);`,
      'ALTER TABLE "sales"."orders" DROP COLUMN "Kind"\nDROP TYPE IF EXISTS "sales"."orders_kind_enum"\nALTER TABLE "orders" DROP COLUMN "a"\nDROP TYPE IF EXISTS "orders_a_enum"\nALTER TABLE "orders" DROP COLUMN "b"\nDROP TYPE IF EXISTS "own"',
    ],
    [
      'the server that is asked for',
      `if (queryRunner.connection.options.type === 'postgres') { await queryRunner.query('DROP TABLE a'); } else { await queryRunner.query('DROP TABLE b'); } const { type } = queryRunner.connection.driver.options; if (type === 'sqlite') await queryRunner.query('DROP TABLE c');`,
      'DROP TABLE a',
    ],
    [
      'what is there already',
      `if (!(await queryRunner.hasTable('a'))) await queryRunner.createTable(new Table({ name: 'a', columns: [{ name: 'b', type: 'text' }] })); const table = await queryRunner.getTable('c'); if (table) await queryRunner.dropTable('c'); if (await queryRunner.hasColumn('d', 'e')) return; await queryRunner.addColumn('d', new TableColumn({ name: 'e', type: 'text' }));`,
      'CREATE TABLE IF NOT EXISTS "a" ("b" text NOT NULL)\nDROP TABLE IF EXISTS "c"\nALTER TABLE "d" ADD COLUMN IF NOT EXISTS "e" text NOT NULL',
    ],
    [
      'what is there, and it is something else, or the wrong way round',
      `if (!(await queryRunner.hasTable('a'))) { await queryRunner.dropTable('b'); await queryRunner.dropTable('a'); } if (await queryRunner.hasColumn('d', 'e')) await queryRunner.dropColumn('d', 'e2');`,
      'DROP TABLE "b" -- where no a\nDROP TABLE "a" -- where no a\nALTER TABLE "d" DROP COLUMN "e2" -- where d.e\nDROP TYPE IF EXISTS "d_e2_enum"',
    ],
    [
      'a column of a table that was asked for',
      `const table = await queryRunner.getTable('a'); if (!table.findColumnByName('b')) await queryRunner.addColumn(table, new TableColumn({ name: 'b', type: 'text' })); if (table.columns.some(each => each.name === 'c')) await queryRunner.dropColumn('a', 'c'); if (table?.columns.find(each => each.name === 'd') === undefined) return; await queryRunner.query('DROP TABLE d');`,
      'ALTER TABLE "a" ADD COLUMN IF NOT EXISTS "b" text NOT NULL\nALTER TABLE "a" DROP COLUMN IF EXISTS "c"\nDROP TYPE IF EXISTS "a_c_enum"\nDROP TABLE d -- where a.d',
    ],
    [
      'a constraint that is asked for by its column',
      `const table = await queryRunner.getTable('a'); const key = table.foreignKeys.find(fk => fk.columnNames.indexOf('b') !== -1); await queryRunner.dropForeignKey('a', key); const other = table?.foreignKeys.find(({ columnNames }) => columnNames.includes('c')); if (other) { await queryRunner.dropForeignKey(table, other); } const unique = table.uniques.find(each => each.columnNames.indexOf('d') > -1); await queryRunner.dropUniqueConstraint('a', unique);`,
      "DO $$ DECLARE found text; BEGIN SELECT conname INTO STRICT found FROM pg_constraint WHERE conrelid = '\"a\"'::regclass AND contype = 'f' AND (SELECT attnum FROM pg_attribute WHERE attrelid = conrelid AND attname = 'b') = ANY (conkey); EXECUTE format('ALTER TABLE \"a\" DROP CONSTRAINT %I', found); END $$\nDO $$ DECLARE found text; BEGIN SELECT conname INTO STRICT found FROM pg_constraint WHERE conrelid = '\"a\"'::regclass AND contype = 'f' AND (SELECT attnum FROM pg_attribute WHERE attrelid = conrelid AND attname = 'c') = ANY (conkey); EXECUTE format('ALTER TABLE \"a\" DROP CONSTRAINT %I', found); END $$\nDO $$ DECLARE found text; BEGIN SELECT conname INTO STRICT found FROM pg_constraint WHERE conrelid = '\"a\"'::regclass AND contype = 'u' AND (SELECT attnum FROM pg_attribute WHERE attrelid = conrelid AND attname = 'd') = ANY (conkey); EXECUTE format('ALTER TABLE \"a\" DROP CONSTRAINT %I', found); END $$",
    ],
    [
      'rows',
      `await queryRunner.manager.save(Order, {}); await queryRunner.query('UPDATE a SET b = $1', [1]);`,
      '-- data: rows that `save` writes\n-- data: `query` with parameters',
    ],
    [
      'rows, and what goes on behind them',
      `await queryRunner.query('UPDATE a SET b = $1', [1]).then(() => queryRunner.dropTable('a'));`,
      '-- not followed: `query` with parameters',
    ],
    [
      'a change of a column',
      `await queryRunner.changeColumn('a', 'b', new TableColumn({ name: 'b', type: 'int' })); await queryRunner.changeColumn('a', 'b', new TableColumn({ name: 'b', type: 'integer' })); await queryRunner.changeColumn('a', new TableColumn({ name: 'b', type: 'text' }), new TableColumn({ name: 'b', type: 'uuid' }));`,
      'ALTER TABLE "a" DROP COLUMN "b"\nDROP TYPE IF EXISTS "a_b_enum"\nALTER TABLE "a" ADD "b" int NOT NULL\nALTER TABLE "a" DROP COLUMN "b"\nDROP TYPE IF EXISTS "a_b_enum"\nALTER TABLE "a" ADD "b" uuid NOT NULL\n-- not followed: `changeColumn` of a column whose type is not known',
    ],
    [
      'a key whose name the server knows, and views',
      `await queryRunner.dropPrimaryKey('a'); await queryRunner.dropView('v'); await queryRunner.dropView(new View({ name: 'm', materialized: true }));`,
      `DO $$ DECLARE found text; BEGIN SELECT conname INTO STRICT found FROM pg_constraint WHERE conrelid = '"a"'::regclass AND contype = 'p'; EXECUTE format('ALTER TABLE "a" DROP CONSTRAINT %I', found); END $$\nDROP VIEW "v"\nDROP MATERIALIZED VIEW "m"`,
    ],
    [
      'a column that gets another description with its name, and a constraint that has no name to be dropped by',
      `await queryRunner.renameColumn('a', 'b', 'c'); await queryRunner.renameColumn('a', 'b', new TableColumn({ name: 'c', type: 'int' })); await queryRunner.dropUniqueConstraint('a', new TableUnique({ columnNames: ['b'] }));`,
      'ALTER TABLE "a" RENAME COLUMN "b" TO "c"\nALTER TABLE "a" DROP COLUMN "b"\nDROP TYPE IF EXISTS "a_b_enum"\nALTER TABLE "a" ADD "c" int NOT NULL\n-- not followed: a name that is not constant',
    ],
    [
      'a text that is not constant',
      'await queryRunner.query(`DROP TABLE ${process.env.T}`);',
      '-- not followed: `query` of a text that is not constant',
    ],
  ])('%s', async (_, body, expected) => {
    expect(printed(await scriptOf(typeormTranslator, migration(body)))).toBe(expected);
  });
});
