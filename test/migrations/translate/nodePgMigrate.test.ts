import { MigrationBuilder } from 'node-pg-migrate';
import { describe, expect, test } from 'vitest';
import { nodePgMigrateTranslator } from '../../../src/migrations/translate/nodePgMigrate';
import { printed, scriptOf } from './script';

/** What the tool itself sends for a body. */
function sent(body: string): readonly string[] {
  const db = { query: async () => ({ rows: [] }), select: async () => [] };
  const pgm = new MigrationBuilder(db as never, undefined, false, console as never);
  new Function('pgm', body)(pgm);
  return pgm.getSqlSteps();
}

/** Statements spelt alike: the tool writes texts in dollars, and a line for each part. */
const comparable = (statements: readonly string[]): readonly string[] =>
  statements
    .flatMap(sql => sql.split(/;\s*(?:\n|$)/))
    .map(sql =>
      sql
        .replace(/\$pg\w\$([^$]*)\$pg\w\$/g, (_, text: string) => `'${text.replaceAll("'", "''")}'`)
        .replace(/\$body\$([^$]*)\$body\$/g, "'$1'")
        .replace('EXECUTE PROCEDURE', 'EXECUTE FUNCTION')
        // an expression of an index may stand in parentheses of its own
        .replace(', (lower(b)))', ', lower(b))')
        .replace(/\s+/g, ' ')
        .replaceAll('( ', '(')
        .replaceAll(' )', ')')
        .trim(),
    )
    .filter(sql => sql !== '');

describe('node-pg-migrate sends what its calls are read as', () => {
  test.each([
    `pgm.createTable('orders', { id: 'id', name: { type: 'string', notNull: true }, total: { type: 'numeric(12,2)', default: 0 } });`,
    `pgm.createTable('orders', { a: { type: 'int', primaryKey: true }, b: { type: 'int', primaryKey: true } }, { ifNotExists: true });`,
    `pgm.createTable('orders', { user_id: { type: 'bigint', references: 'users', onDelete: 'CASCADE', unique: true, comment: "whose" } }, { comment: 'all' });`,
    `pgm.createTable({ schema: 'sales', name: 'orders' }, { a: { type: 'text', array: true, default: pgm.func("'{}'::text[]"), check: "a <> '{}'" } });`,
    `pgm.createTable('orders', { a: 'text', b: 'text' }, { constraints: { unique: [['a', 'b'], ['b']], check: ['a > b', 'b > a'], foreignKeys: { columns: ['a', 'b'], references: 'x(a, b)', onDelete: 'SET NULL' } } });`,
    `pgm.createTable('orders', { id: { type: 'bigint', sequenceGenerated: { precedence: 'ALWAYS', increment: 5 }, primaryKey: true }, created: { type: 'timestamptz', notNull: true, default: pgm.func('now()') }, ok: { type: 'bool', default: false } });`,
    `pgm.createTable('t', { a: { type: 'int', references: '"x"(id)', referencesConstraintName: 'own', deferrable: true, deferred: true } });`,
    `pgm.addColumns('orders', { a: 'text', b: { type: 'datetime', notNull: true } }, { ifNotExists: true });`,
    `pgm.addColumn('orders', { a: { type: 'int', expressionGenerated: 'b + 1' } });`,
    `pgm.dropColumns('orders', ['a', 'b'], { ifExists: true, cascade: true }); pgm.dropColumn('orders', 'c'); pgm.dropColumns('orders', { d: 'text' });`,
    `pgm.alterColumn('orders', 'a', { type: 'int', using: 'a::int', default: 3, notNull: true, comment: 'x' });`,
    `pgm.alterColumn('orders', 'a', { default: null, notNull: false }); pgm.alterColumn('orders', 'a', { allowNull: true, default: false });`,
    `pgm.renameColumn('orders', 'a', 'b'); pgm.renameTable('orders', 'sales'); pgm.renameConstraint('orders', 'a', 'b'); pgm.dropTable('orders', { ifExists: true, cascade: true });`,
    `pgm.addConstraint('orders', 'own', { unique: ['a', 'b'] }); pgm.addConstraint('orders', 'c', 'CHECK (a > 0)'); pgm.addConstraint('orders', 'p', { primaryKey: 'id' }); pgm.createConstraint('orders', 'f', { foreignKeys: { columns: 'a', references: 'x', onUpdate: 'CASCADE' }, deferrable: true });`,
    `pgm.dropConstraint('orders', 'own', { ifExists: true, cascade: true });`,
    `pgm.createIndex('orders', 'a'); pgm.createIndex('orders', ['a', 'b'], { unique: true, concurrently: true, ifNotExists: true }); pgm.addIndex('orders', [{ name: 'a', sort: 'DESC' }, 'lower(b)'], { name: 'own', method: 'btree', where: 'a > 0', include: 'c' });`,
    `pgm.dropIndex('orders', 'a'); pgm.dropIndex('orders', ['a', 'b'], { unique: true, concurrently: true, ifExists: true }); pgm.dropIndex('orders', [], { name: 'own', cascade: true });`,
    `pgm.createType('mood', ['sad', "it's"]); pgm.createType('pair', { a: 'int', b: { type: 'string' } }); pgm.addTypeValue('mood', 'ok', { after: 'sad', ifNotExists: true }); pgm.renameTypeValue('mood', 'ok', 'fine'); pgm.dropType('mood', { ifExists: true });`,
    `pgm.createExtension(['pgcrypto', 'citext'], { ifNotExists: true }); pgm.dropExtension('citext'); pgm.createSchema('sales', { ifNotExists: true }); pgm.dropSchema('sales', { cascade: true }); pgm.renameSchema('a', 'b');`,
    `pgm.createFunction('f', [{ name: 'a', type: 'int', default: 3 }, 'text'], { returns: 'int', language: 'sql', behavior: 'STABLE', replace: true, security: 'DEFINER' }, 'SELECT 1'); pgm.dropFunction('f', ['int', { name: 'b', type: 'text' }], { ifExists: true });`,
    `pgm.createTrigger('orders', 'touch', { when: 'BEFORE', operation: ['INSERT', 'UPDATE'], level: 'ROW', function: 'touch_row' }); pgm.dropTrigger('orders', 'touch', { ifExists: true }); pgm.renameTrigger('orders', 'a', 'b');`,
    `pgm.createTrigger('orders', 'touch', { when: 'AFTER', operation: 'DELETE', condition: 'OLD.a > 0', language: 'plpgsql' }, 'BEGIN RETURN NULL; END');`,
    `pgm.createView('v', { replace: true, columns: ['a', 'b'] }, 'SELECT 1, 2'); pgm.dropView('v', { ifExists: true }); pgm.renameView('v', 'w'); pgm.dropMaterializedView('m'); pgm.refreshMaterializedView('m', { concurrently: true });`,
    `pgm.createSequence('s', { increment: 2, start: 10, cycle: true, minvalue: null }); pgm.dropSequence('s'); pgm.alterTable('orders', { levelSecurity: 'ENABLE' });`,
    `pgm.sql('ALTER TABLE {table} ADD {column} text', { table: 'orders', column: { name: 'a' } }); pgm.sql("SELECT 1;");`,
  ])('%s', async body => {
    const script = await scriptOf(nodePgMigrateTranslator(), `exports.up = pgm => { ${body} };`);
    expect(script.untranslated).toEqual([]);
    expect(comparable(script.statements.map(({ sql }) => sql))).toEqual(comparable(sent(body)));
  });

  test.each([
    ['a table like another', `pgm.createTable('a', {}, { like: 'b' });`, '-- not followed: a table with `like`'],
    ['what it does not know', `pgm.createOperator('a', {});`, '-- not followed: `createOperator`'],
    [
      'a text that is not constant',
      'pgm.sql(`DROP TABLE ${process.env.T}`);',
      '-- not followed: `sql` of a text that is not constant',
    ],
    [
      'rows that are read and written one by one',
      "const rows = await pgm.db.select('SELECT id FROM a'); for (const { id } of rows) await pgm.db.query('UPDATE a SET b = 1 WHERE id = $1', [id]); rows.forEach(r => pgm.sql(`UPDATE a SET b = 2 WHERE id = ${r.id}`));",
      '-- data: `select`\n-- data: a loop over what is not constant\n-- data: a loop over what is not constant',
    ],
    [
      'what is sent at once and may change the schema',
      "await pgm.db.query('DROP TABLE a');",
      '-- not followed: `query`',
    ],
    ['a run outside a transaction', `pgm.noTransaction(); pgm.dropTable('a');`, 'DROP TABLE "a"'],
  ])('%s', async (_, body, expected) => {
    expect(printed(await scriptOf(nodePgMigrateTranslator(), `exports.up = async pgm => { ${body} };`))).toBe(expected);
  });
});
