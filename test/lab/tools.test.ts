/** `migration verify` over migrations of every tool, right and wrong, and over what is none: one run each, told by file. */
import { expect, test } from 'vitest';
import { folderWith, verify } from './commandLine';
import { usesLab } from './program';

const lab = usesLab();

const python = (revision: string, after: string | undefined, up: string, down: string): string =>
  [
    'from alembic import op',
    'import sqlalchemy as sa',
    `revision = '${revision}'`,
    `down_revision = ${after === undefined ? 'None' : `'${after}'`}`,
    `def upgrade():\n    ${up}`,
    `def downgrade():\n    ${down}\n`,
  ].join('\n');

const typeorm = (name: string, up: string, down: string): string =>
  `import { MigrationInterface, QueryRunner } from 'typeorm';
export class ${name} implements MigrationInterface {
  async up(queryRunner: QueryRunner) { ${up} }
  async down(queryRunner: QueryRunner) { ${down} }
}`;

const FILES: Readonly<Record<string, string>> = {
  'alembic/versions/b.py': python(
    'b',
    'a',
    "op.add_column('t', sa.Column('n', sa.Text()))",
    "op.drop_column('t', 'm')",
  ),
  'alembic/versions/a.py': python(
    'a',
    undefined,
    "op.create_table('t', sa.Column('id', sa.Integer()))",
    "op.drop_table('t')",
  ),
  'diesel/1_a/up.sql': 'CREATE TABLE t (id int);\nCREATE INDEX CONCURRENTLY i ON t (id);',
  'diesel/1_a/down.sql': 'DROP TABLE t;',
  'diesel/1_a/metadata.toml': 'run_in_transaction = false',
  'drizzle/0000_a.sql': 'CREATE TABLE t (id int);',
  'drizzle/meta/_journal.json': '{ "entries": [{ "tag": "0000_a" }] }',
  'flyway/V1__a.sql': 'CREATE TABLE t (id int);',
  'flyway/U1__a.sql': 'DROP TABLE t;',
  'flyway/V2__b.sql': 'CREATE TABLE u (id int);\nCREATE INDEX CONCURRENTLY i ON u (id);',
  'flyway/V2__b.sql.conf': 'executeInTransaction=false',
  'flyway/U2__b.sql': 'DROP TABLE u;',
  'flyway/R__views.sql': 'CREATE OR REPLACE VIEW v AS SELECT id FROM t;',
  'knex/1_a.js':
    "exports.up = knex => knex.schema.createTable('t', t => { t.increments('id'); });\nexports.down = knex => knex.schema.dropTable('t');",
  'knex/2_throws.js':
    "exports.up = knex => knex.raw('CREATE TABLE u ()');\nexports.down = () => { throw new Error('cannot'); };",
  'knex/3_loops.js':
    "exports.up = async knex => { for (const { name } of await knex('t').select()) await knex.raw(`CREATE TABLE ${name} ()`); };",
  'knex/4_after.js': "exports.up = knex => knex.raw('CREATE TABLE w ()');",
  'liquibase/log.sql':
    '--liquibase formatted sql\n--changeset jo:1\nCREATE TABLE t (id int);\n--rollback DROP TABLE t;\n--changeset jo:2\nCREATE TABLE u (id int);\n--rollback DROP TABLE t;\n',
  'mysql/1_a.up.sql': 'CREATE TABLE `t` (id int AUTO_INCREMENT);',
  'pgm/1_a.js': "exports.up = pgm => { pgm.createTable('t', { id: 'id' }); };",
  'pgm/2_b.js': "exports.up = pgm => { pgm.alterColumn('t', 'id', { type: 'bigint' }); };\nexports.down = false;",
  'sequelize/1_a.js':
    "module.exports = { up: (q, S) => q.createTable('t', { id: S.INTEGER }), down: q => q.dropTable('t') };".replaceAll(
      'q',
      'queryInterface',
    ),
  'sqitch/sqitch.plan':
    '%project=a\n\nlate 2024-01-01T00:00:00Z Jo <jo@shop>\nearly 2024-01-01T00:00:00Z Jo <jo@shop>\n',
  'sqitch/deploy/early.sql': 'BEGIN;\nALTER TABLE t ADD COLUMN n int;\nCOMMIT;',
  'sqitch/revert/early.sql': 'BEGIN;\nALTER TABLE t DROP COLUMN n;\nCOMMIT;',
  'sqitch/deploy/late.sql': 'BEGIN;\nCREATE TABLE t (id int);\nCOMMIT;',
  'sqitch/revert/late.sql': 'BEGIN;\nDROP TABLE t;\nCOMMIT;',
  'typeorm/1-a.ts': typeorm(
    'A1',
    "await queryRunner.query('CREATE TABLE t (id int)');",
    "await queryRunner.query('DROP TABLE t');",
  ),
  'twins/1_a.up.sql': 'CREATE TABLE a ();',
  'twins/1_a.down.sql': 'DROP TABLE a;',
  'twins/2_b.up.sql': 'CREATE TABLE b ();',
  'twins/2_b.down.sql': 'DROP TABLE b;',
  'twins/02_c.up.sql': 'CREATE TABLE c ();',
  'swapped/1_a.sql': '-- migrate:up\nCREATE TABLE a (id int);\n-- migrate:down\nDROP TABLE b;\n',
  'swapped/2_b.sql': '-- migrate:up\nCREATE TABLE b (id int);\n-- migrate:down\nDROP TABLE a;\n',
  'broken/1_a.sql':
    '-- +goose Up\nCREATE TABLE a (id int);\nCREAT TABLE b;\nCREATE TABLE c ();\n-- +goose Down\nDROP TABLE a;\n',
  'circle/a.py': python('a', 'b', "op.execute('SELECT 1')", 'pass'),
  'circle/b.py': python('b', 'a', "op.execute('SELECT 1')", 'pass'),
  'heads/a.py': python('a', undefined, "op.execute('CREATE TABLE t ()')", "op.execute('DROP TABLE t')"),
  'heads/b.py': python('b', 'a', "op.execute('CREATE TABLE u ()')", "op.execute('DROP TABLE u')"),
  'heads/c.py': python('c', 'a', "op.execute('CREATE TABLE v ()')", "op.execute('DROP TABLE v')"),
};

const [PROVEN, NOT, UNVERIFIED] = ['reversible: proven', 'not reversible', 'not verified'];

/** By folder: the verdicts in the order of the history, and what is said of them. */
const EXPECTED: Readonly<Record<string, readonly [verdicts: readonly string[], ...says: string[]]>> = {
  alembic: [[PROVEN, NOT], 'The down fails in statement 1, `ALTER TABLE "t" DROP COLUMN "m"`'],
  broken: [[UNVERIFIED], 'The up fails in statement 2, `CREAT TABLE b`'],
  circle: [[UNVERIFIED, UNVERIFIED], 'it goes after itself'],
  diesel: [[PROVEN]],
  drizzle: [[UNVERIFIED], 'There is no way back to prove: Drizzle knows none.'],
  flyway: [[PROVEN, PROVEN, UNVERIFIED], 'it is run again whenever it changes.'],
  heads: [[UNVERIFIED, UNVERIFIED, UNVERIFIED], 'there are 2 heads: b, c'],
  knex: [
    [PROVEN, NOT, UNVERIFIED, UNVERIFIED],
    'Its down only fails',
    'Its up cannot be told as SQL',
    'The history before it ends at 3_loops.',
  ],
  liquibase: [[PROVEN, NOT], 'table t is not restored', 'liquibase/log.sql, jo:2'],
  mysql: [[UNVERIFIED], 'It is written for mysql'],
  pgm: [[PROVEN, NOT], 'It has no down'],
  sequelize: [[PROVEN]],
  sqitch: [[PROVEN, PROVEN]],
  swapped: [[NOT, NOT], 'table "b" does not exist', 'After up and down, table a is not restored.'],
  twins: [[PROVEN, UNVERIFIED, UNVERIFIED], 'has the number 2 too'],
  typeorm: [[PROVEN]],
};

const saysOf = (folder: string): readonly string[] => EXPECTED[folder]?.slice(1).flat() ?? [];

test('migrations of every tool, and what is wrong with them', { timeout: 240_000 }, async () => {
  const folder = folderWith(Object.entries(FILES));
  const { status, out, verdicts } = await verify(folder, ['.'], lab());
  const told = out.replace(/\s+/g, ' ');
  const found: Record<string, [string[], ...string[]]> = {};
  for (const verdict of verdicts) {
    const [, name = '', headline = ''] = /^([^/]+)\/[^:]+(?::\d+)?: (.+)$/.exec(verdict) ?? [];
    found[name] ??= [[], ...saysOf(name).map(said => (told.includes(said) ? said : out))];
    found[name][0].push(headline);
  }
  expect(found).toEqual(EXPECTED);
  expect(status).toBe(1);
});

test('the status of what is proven, and of what cannot be', async () => {
  const folder = folderWith([...Object.entries(FILES), ['plain/1_a.sql', 'SELECT 1;']]);
  const statusOf = async (...paths: readonly string[]) => (await verify(folder, paths, lab())).status;
  expect(await statusOf('diesel')).toBe(0);
  expect(await statusOf('drizzle', 'mysql')).toBe(3);
  const none = await verify(folder, ['plain'], lab());
  expect(none.out).toContain('There is no migration here that can be read.');
  expect(none.status).toBe(3);
});
