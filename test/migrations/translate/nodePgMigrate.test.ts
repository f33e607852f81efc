import { MigrationBuilder } from 'node-pg-migrate';
import { describe, expect, test } from 'vitest';
import { code } from '../../../src/migrations/formats/code';
import { nodePgMigrateTranslator } from '../../../src/migrations/translate/nodePgMigrate';
import { lowered, printed, scriptOf } from './script';

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
    `pgm.createPolicy('orders', 'own rows', { command: 'UPDATE', role: ['app', 'PUBLIC'], using: 'a = 1', check: 'a = 2' }); pgm.createPolicy({ schema: 's', name: 'orders' }, 'p'); pgm.alterPolicy('orders', 'p', { using: 'a = 3' }); pgm.renamePolicy('orders', 'p', 'q'); pgm.dropPolicy('orders', 'q', { ifExists: true });`,
    `pgm.createDomain('mail', 'string', { check: "VALUE LIKE '%@%'", constraintName: 'looks_right', default: 'a', collation: '"C"' }); pgm.createDomain('n', 'int', { notNull: true }); pgm.renameDomain('n', 'm'); pgm.dropDomain('m', { ifExists: true, cascade: true });`,
    `pgm.alterDomain('d', { default: 5 }); pgm.alterDomain('d', { default: null, notNull: true }); pgm.alterDomain('d', { allowNull: true });`,
    `pgm.alterSequence('s', { increment: 2, maxvalue: 99, restart: 7 }); pgm.alterSequence('s', { restart: true, cycle: false }); pgm.createSequence('t', { temporary: true, type: 'bigint', owner: 'a.b' });`,
    `pgm.addType('pair', { a: 'int' }); pgm.addTypeAttribute('pair', 'b', 'string'); pgm.setTypeAttribute('pair', 'b', 'bigint'); pgm.renameTypeAttribute('pair', 'b', 'c'); pgm.dropTypeAttribute('pair', 'c');`,
    `pgm.createTable('child', { extra: 'text' }, { inherits: { schema: 's', name: 'parent' } }); pgm.createTable('copy', {}, { like: { table: 'orders', options: { including: ['INDEXES', 'DEFAULTS'], excluding: 'COMMENTS' } } }); pgm.createTable('twin', { n: 'int' }, { like: 'orders', unlogged: true });`,
    `pgm.createTable('events', { at: 'date' }, { partition: { strategy: 'RANGE', columns: 'at' } }); pgm.createTable('lists', { a: 'text', b: 'int' }, { partition: { strategy: 'HASH', columns: ['b', { name: 'a', collate: '"C"', opclass: 'text_ops' }] } });`,
    `pgm.createTable('parts', { org: { type: 'int', references: 'orgs', referencesConstraintName: 'own', referencesConstraintComment: 'the org' }, user: { type: 'int', references: 'users', referencesConstraintComment: 'whose' } }, { constraints: { foreignKeys: { columns: 'org', references: 'x', referencesConstraintComment: 'other' } } }); pgm.addConstraint('parts', 'c', { check: 'org > 0', comment: 'why' });`,
    `pgm.createView('v', { columns: 'a', checkOption: 'LOCAL', options: { security_barrier: true } }, 'SELECT 1'); pgm.createView('t', { recursive: true, columns: 'n' }, 'VALUES (1)'); pgm.alterViewColumn('v', 'a', { default: 'x' }); pgm.alterViewColumn('v', 'a', { default: null }); pgm.alterView('v', { options: { security_barrier: null, check_option: 'local' } });`,
    `pgm.createMaterializedView('m', { ifNotExists: true, data: false, storageParameters: { fillfactor: 70 }, columns: ['a', 'b'] }, 'SELECT 1, 2'); pgm.alterMaterializedView('m', { storageParameters: { fillfactor: null } }); pgm.refreshMaterializedView('m', { data: false }); pgm.renameMaterializedViewColumn('m', 'b', 'c');`,
    `pgm.grantOnTables({ tables: ['a', 'b'], privileges: ['SELECT', 'INSERT'], roles: 'app', withGrantOption: true }); pgm.grantOnTables({ schema: 's', privileges: 'ALL', roles: ['PUBLIC'] }); pgm.grantOnSchemas({ schemas: 's', privileges: 'USAGE', roles: ['app'] }); pgm.grantRoles('a', ['b', 'c'], { withAdminOption: true });`,
    `pgm.revokeOnTables({ tables: 'a', privileges: 'ALL', roles: 'app', cascade: true }); pgm.revokeOnSchemas({ schemas: ['s'], privileges: 'USAGE', roles: 'app', onlyGrantOption: true }); pgm.revokeRoles('a', 'b', { onlyAdminOption: true });`,
    `pgm.createRole('app', { login: true, inherit: false, limit: 3, inRole: ['a', 'b'] }); pgm.alterRole('app', { superuser: false, bypassrls: true }); pgm.renameRole('app', 'other'); pgm.dropRole('other', { ifExists: true });`,
    `pgm.renameFunction('add', ['int', 'int'], 'plus'); pgm.createFunction('f', [], { language: 'sql', onNull: true, parallel: 'SAFE', set: [{ configurationParameter: 'search_path', value: 'public' }, { configurationParameter: 'work_mem', value: 'FROM CURRENT' }] }, 'SELECT 1');`,
    `pgm.addExtension('citext', { schema: 's' }); pgm.renameIndex('a', 'b'); pgm.alterTable('orders', { unlogged: true }); pgm.alterTable('orders', { unlogged: false, levelSecurity: 'FORCE' }); pgm.createCast('a', 'b', { functionName: 'f', as: 'IMPLICIT' }); pgm.createCast('a', 'c', { inout: true }); pgm.dropCast('a', 'b', { ifExists: true });`,
    `pgm.alterColumn('orders', 'a', { expressionGenerated: null }); pgm.addColumn('orders', { a: { type: 'jsonb', default: JSON.stringify({ open: true, tags: ['x'] }) }, b: { type: 'timestamp', default: { literal: true, value: 'now()' } } });`,
    `pgm.createOperator('===', { procedure: 'same', left: 'int', right: 'int', commutator: '===', hashes: true }); pgm.dropOperator('===', { left: 'int', right: 'int', ifExists: true }); pgm.createOperatorFamily('fam', 'btree'); pgm.addToOperatorFamily('fam', 'btree', [{ type: 'operator', number: 1, name: '<', params: ['int', 'int'] }]); pgm.renameOperatorFamily('fam', 'btree', 'kin'); pgm.dropOperatorFamily('kin', 'btree');`,
    `pgm.createOperatorClass('c', 'int', 'btree', [{ type: 'function', number: 1, name: 'compare', params: ['int', 'int'] }], { default: true }); pgm.renameOperatorClass('c', 'btree', 'd'); pgm.dropOperatorClass('d', 'btree', { cascade: true });`,
    `pgm.sql('ALTER TABLE {table} ADD {column} text', { table: 'orders', column: { name: 'a' } }); pgm.sql("SELECT 1;");`,
  ])('%s', async body => {
    const script = await scriptOf(nodePgMigrateTranslator(), `exports.up = pgm => { ${body} };`);
    expect(script.untranslated).toEqual([]);
    expect(comparable(script.statements.map(({ sql }) => sql))).toEqual(comparable(sent(body)));
  });

  test('a type of its list', async () => {
    const script = await scriptOf(
      nodePgMigrateTranslator(),
      "import { PgType } from 'node-pg-migrate'; exports.up = pgm => { pgm.createTable('a', { b: { type: PgType.TIMESTAMP_WITH_TIME_ZONE }, c: PgType.PG_LSN }); };",
    );
    expect(printed(script)).toBe('CREATE TABLE "a" ("b" timestamp with time zone, "c" pg_lsn)');
  });

  test('what is sent at once goes before the steps', async () => {
    const file = 'migrations/1_orders.js';
    const module = await lowered(
      "exports.up = async pgm => { pgm.dropTable('a'); await pgm.db.query('DROP TABLE b'); };",
      file,
    );
    const [found] = code({ file, text: '', module }, 'postgresql', 'node-pg-migrate');
    expect(found?.kind === 'migration' && found.up && printed(found.up.script)).toBe('DROP TABLE b\nDROP TABLE "a"');
  });

  test.each([
    ['what it does not know', `pgm.createAggregate('a', {});`, '-- not followed: `createAggregate`'],
    [
      'a policy of what is read',
      `pgm.createPolicy('a', 'b', await read());`,
      '-- not followed: options of a policy that are not constant',
    ],
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
      "await pgm.db.query('DROP TABLE a'); await pgm.db.query('DROP TABLE b', [1]);",
      'DROP TABLE a\n-- not followed: `query`',
    ],
    ['a run outside a transaction', `pgm.noTransaction(); pgm.dropTable('a');`, 'DROP TABLE "a"'],
  ])('%s', async (_, body, expected) => {
    expect(printed(await scriptOf(nodePgMigrateTranslator(), `exports.up = async pgm => { ${body} };`))).toBe(expected);
  });
});
