/** Which migrations some paths mean, by convention and by the configuration. */
import { expect, test } from 'vitest';
import { historiesAt } from '../../src/workspace/histories';
import { openProduct } from '../../src/workspace/product';
import { syntaxFiles } from '../syntax/parsers';
import { memoryFiles } from './memoryFiles';

/** Each history in one line: its tool, its folder, its steps, those that were meant with a star. */
async function found(files: Readonly<Record<string, string>>, ...paths: readonly string[]): Promise<readonly string[]> {
  const onDisk = Object.fromEntries(Object.entries(files).map(([name, text]) => [`/project/${name}`, text]));
  const product = openProduct({ syntax: syntaxFiles, files: memoryFiles({ '/project/.git/HEAD': '', ...onDisk }) });
  const { histories, without } = await historiesAt(
    (paths.length > 0 ? paths : ['']).map(path => `/project/${path}`.replace(/\/$/, '')),
    product,
  );
  const lines = histories.map(({ history, chosen }) => {
    const steps = history.steps.map(
      ({ name, down }, index) => `${name}${down ? '' : '!'}${chosen.has(index) ? '*' : ''}`,
    );
    return `${history.tool} ${history.folder}: ${steps.join(' ')}`;
  });
  return [...lines, ...without.map(path => `nothing in ${path}`)];
}

const KNEX = "exports.up = knex => knex.schema.createTable('a', t => t.increments());";
const PAIR = { 'db/1_a.up.sql': 'CREATE TABLE a ();', 'db/1_a.down.sql': 'DROP TABLE a;' };

test('every tool of a project, each in its own order', async () => {
  const files = {
    ...PAIR,
    'db/10_c.up.sql': 'CREATE TABLE c ();',
    'db/9_b.up.sql': 'CREATE TABLE b ();',
    'knex/2_b.js': `${KNEX}\nexports.down = knex => knex.schema.dropTable('a');`,
    'knex/1_a.js': KNEX,
    'alembic/versions/z.py':
      "from alembic import op\nrevision = 'z'\ndown_revision = None\ndef upgrade():\n    op.execute('SELECT 1')\n",
    'alembic/versions/a.py':
      "from alembic import op\nrevision = 'a'\ndown_revision = 'z'\ndef upgrade():\n    op.execute('SELECT 1')\n",
    'change/sqitch.plan':
      '%project=a\n\nz 2024-01-01T00:00:00Z Jo <jo@shop>\na [z] 2024-01-01T00:00:00Z Jo <jo@shop>\n',
    'change/deploy/a.sql': 'CREATE TABLE a ();',
    'change/deploy/z.sql': 'CREATE TABLE z ();',
    'change/deploy/unplanned.sql': 'CREATE TABLE u ();',
    'change/revert/z.sql': 'DROP TABLE z;',
    'drizzle/meta/_journal.json': '{ "entries": [{ "tag": "0000_b" }, { "tag": "0001_a" }] }',
    'drizzle/0001_a.sql': 'CREATE TABLE a ();',
    'drizzle/0000_b.sql': 'CREATE TABLE b ();',
    'flyway/V10__b.sql': 'CREATE TABLE b ();',
    'flyway/V9__a.sql': 'CREATE INDEX CONCURRENTLY a ON b (c);',
    'flyway/V9__a.sql.conf': 'executeInTransaction=false',
    'flyway/U9__a.sql': 'DROP INDEX a;',
    'node_modules/x/migrations/1_a.js': KNEX,
    'src/setUp.ts': 'export const up = () => 1;',
  };
  expect(await found(files)).toEqual([
    'alembic alembic/versions: z!* a!*',
    'sqitch change: z* a!*',
    'sql-pairs db: 1_a* 9_b!* 10_c!*',
    'drizzle drizzle: 0000_b!* 0001_a!*',
    'flyway flyway: V9__a* V10__b!*',
    'knex knex: 1_a!* 2_b*',
  ]);
  expect(await found(files, 'db/1_a.down.sql', 'change/deploy', 'src')).toEqual([
    'sql-pairs db: 1_a* 9_b! 10_c!',
    'sqitch change: z* a!*',
    'nothing in /project/src',
  ]);
});

test('a migration that is a folder of its own, named by that folder', async () => {
  const files = { 'm/1_a/up.sql': 'CREATE TABLE a ();', 'm/1_a/down.sql': '', 'm/2_b/up.sql': 'CREATE TABLE b ();' };
  expect(await found(files, 'm/2_b')).toEqual(['diesel m: 1_a 2_b!*']);
});

test('what nothing keeps out is history, and what something keeps out is not asked about', async () => {
  const files = {
    ...PAIR,
    'db/2_b.up.sql': 'CREATE TABLE b ();',
    'backend-reviewer.json': '{ "exclude": ["db/1_*"] }',
  };
  expect(await found(files)).toEqual(['sql-pairs db: 1_a 2_b!*']);
  expect(await found({ ...PAIR, '.gitignore': 'db\n' })).toEqual(['nothing in /project']);
});

test('TypeORM goes by the names of the classes', async () => {
  const migration = (name: string) =>
    `import { MigrationInterface, QueryRunner } from 'typeorm';\nexport class ${name} implements MigrationInterface {\n  async up(queryRunner: QueryRunner) { await queryRunner.query('SELECT 1'); }\n}`;
  const files = { 'm/AddA.ts': migration('AddA1700000000002'), 'm/AddB.ts': migration('AddB1700000000001') };
  expect(await found(files)).toEqual(['typeorm m: AddB!* AddA!*']);
});

test('the configuration names the folders', async () => {
  const configuration = JSON.stringify({ migrations: { folders: ['db'] } });
  const files = { ...PAIR, 'old/1_a.up.sql': 'CREATE TABLE a ();', 'backend-reviewer.json': configuration };
  expect(await found(files)).toEqual(['sql-pairs db: 1_a*']);
});

test('the configuration names the tool', async () => {
  const named = (tool: string) => ({
    'backend-reviewer.json': JSON.stringify({ migrations: { folders: ['db'], tool } }),
  });
  const script = 'exports.up = connection => connection.raw("DROP TABLE a");';
  expect(await found({ 'db/1_a.js': script })).toEqual(['nothing in /project']);
  expect(await found({ 'db/1_a.js': script, ...named('knex') })).toEqual(['knex db: 1_a!*']);
  expect(await found({ ...PAIR, ...named('knex') })).toEqual(['nothing in /project']);
  const plain = { 'db/2_b.sql': 'CREATE TABLE b ();', 'db/1_a.sql': 'CREATE TABLE a ();' };
  expect(await found({ ...plain, ...named('sql-pairs') })).toEqual(['sql-pairs db: 1_a!* 2_b!*']);
});

test('objects that hold each other, handed from file to file', async () => {
  const files = {
    'knex/tree.js': `class Tree {
  constructor(parent) { this.parent = parent; this.children = []; if (parent) parent.children.push(this); }
}
exports.grown = () => { const root = new Tree(null); root.self = root; new Tree(root); return root; };
exports.nameOf = tree => 'orders';`,
    'knex/1_a.js': `const { grown, nameOf } = require('./tree');
exports.up = knex => { const own = {}; own.self = own; const tree = grown(); return knex.schema.createTable(nameOf(tree), t => { t.increments(); t.audit(tree); t.text('note').comment(JSON.stringify(own)); }); };
exports.down = knex => knex.schema.dropTable('orders');`,
  };
  expect(await found(files)).toEqual(['knex knex: 1_a*']);
});
