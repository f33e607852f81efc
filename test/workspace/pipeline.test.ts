/** The reviewer of a project: edits, files that come and go, and places that are right wherever the code stands. */
import { describe, expect, test } from 'vitest';
import { openProduct } from '../../src/workspace/product';
import type { Reviewer } from '../../src/workspace/reviewer';
import { tableFactsOf } from '../../src/workspace/schemaFacts';
import { syntaxFiles } from '../syntax/parsers';
import { memoryFiles } from './memoryFiles';

const POOL = "import { Pool } from 'pg';\nconst pool = new Pool();\n";

function project(
  files: Record<string, string>,
  onCompute?: (what: string) => void,
): { files: Record<string, string>; reviewer: Reviewer; listed: readonly string[] } {
  const onDisk = Object.fromEntries(
    Object.entries({ '.git/HEAD': '', ...files }).map(([name, text]) => [`/project/${name}`, text]),
  );
  const access = memoryFiles(onDisk);
  const product = openProduct({
    syntax: syntaxFiles,
    files: access,
    ...(onCompute ? { onCompute } : {}),
  });
  return { files: onDisk, reviewer: product.createReviewer('/project'), listed: access.listed };
}

/** What the code in these tests is about; what else it lacks is no matter. */
const RULES = new Set(['sql-injection', 'n-plus-one']);

const marked = async (reviewer: Reviewer, file: string, text: string) =>
  (await reviewer.review(file, { rules: RULES })).findings.map(
    ({ rule, at }) => `${rule} ${text.slice(at.start, at.end)}`,
  );

describe('places', () => {
  test('in a text that a constant of the top level holds', async () => {
    const text = `${POOL}const before = 1;\nconst sql = 'SELECT id FROM users WHERE name = ' + process.argv[2];\nexport const all = () => pool.query(sql);\n`;
    const { reviewer } = project({ 'a.ts': text });
    expect(await marked(reviewer, 'a.ts', text)).toEqual(['sql-injection process.argv[2]']);
  });

  test('in a method, below others', async () => {
    const text = `${POOL}class Users {\n  a() { return 1; }\n  find(name: string) { return pool.query(\`SELECT 1 FROM a WHERE b = '\${name}'\`); }\n}\nexport { Users };\n`;
    const { reviewer } = project({ 'a.ts': text });
    expect(await marked(reviewer, 'a.ts', text)).toEqual(['sql-injection name']);
  });
});

describe('whether a down undoes its up', () => {
  const DOWN = 'migrations/2_note.down.sql';
  const UP = 'migrations/2_note.up.sql';
  const files = {
    'migrations/1_users.up.sql': 'CREATE TABLE users (id serial PRIMARY KEY);\n',
    'migrations/1_users.down.sql': 'DROP TABLE users;\n',
    [UP]: 'ALTER TABLE users ADD COLUMN note text;\n',
    [DOWN]: 'ALTER TABLE users DROP COLUMN note;\n',
  };
  const judged = async (reviewer: Reviewer, file: string) => (await reviewer.stepsIn(file))[0]?.reversal;

  test('is worked out once for both files of a pair', async () => {
    const { reviewer } = project({ ...files, [DOWN]: 'SELECT 1;\n' });
    const reversal = await judged(reviewer, UP);
    expect(reversal).toMatchObject({ verdict: 'differs' });
    expect(await judged(reviewer, UP)).toBe(reversal);
    expect(await judged(reviewer, DOWN)).toBe(reversal);
  });

  test('is worked out anew when the down is edited, and when a step before it is', async () => {
    const { reviewer } = project(files);
    await judged(reviewer, UP);
    reviewer.open(DOWN, 'SELECT 1;\n');
    expect(await judged(reviewer, UP)).toMatchObject({ verdict: 'differs', differences: [{ name: 'users.note' }] });
    reviewer.open(DOWN, files[DOWN] ?? '');
    expect(await judged(reviewer, UP)).toEqual({ verdict: 'undone' });
    reviewer.open('migrations/1_users.up.sql', 'CREATE TABLE users (id serial PRIMARY KEY, note text);\n');
    expect(await judged(reviewer, UP)).not.toEqual({ verdict: 'undone' });
  });
});

describe('what the steps before one do', () => {
  const step = (index: number) => `migrations/V${index + 1}__t${index}.sql`;
  const history = Object.fromEntries(
    Array.from({ length: 30 }, (_, index) => [step(index), `ALTER TABLE users ADD COLUMN note${index} text;\n`]),
  );
  const rules = new Set(['missing-lock-timeout']);
  const found = async (reviewer: Reviewer, index: number) =>
    (await reviewer.review(step(index), { rules })).findings.length;

  test('is read anew when one of them is edited: whether they bound their waiting', async () => {
    const { reviewer } = project(history);
    expect([await found(reviewer, 9), await found(reviewer, 20)]).toEqual([0, 0]);
    reviewer.open(step(12), "SET lock_timeout = '2s';\nALTER TABLE users ADD COLUMN note12 text;\n");
    expect([await found(reviewer, 9), await found(reviewer, 20)]).toEqual([0, 1]);
    reviewer.open(step(12), history[step(12)] ?? '');
    expect(await found(reviewer, 20)).toBe(0);
  });
});

describe('what a project says of its migrations', () => {
  const query = `${POOL}export const all = () => pool.query('SELECT id, name FROM users');\n`;
  const files = {
    'package.json': '{ "dependencies": { "pg": "8" } }',
    'migrations/1_users.up.sql': 'CREATE TABLE users (id serial PRIMARY KEY, email text NOT NULL);\n',
    'migrations/1_users.down.sql': 'DROP TABLE users;\n',
    'a.ts': query,
  };
  const told = async (reviewer: Reviewer, file = 'a.ts') =>
    (await reviewer.review(file, { rules: new Set(['unknown-relation']) })).findings.map(({ at }) => at);

  test('is heard when the configuration changes', async () => {
    const { files: disk, reviewer } = project(files);
    expect(await told(reviewer)).toHaveLength(1);
    disk['/project/backend-reviewer.json'] = '{ "migrations": { "folders": ["db/migrations"] } }';
    reviewer.touched('backend-reviewer.json');
    expect(await told(reviewer)).toEqual([]);
  });

  test('is heard when a manifest names another server', async () => {
    const { files: disk, reviewer } = project({
      ...files,
      'migrations/1_users.up.sql': 'CREATE TABLE users (id integer PRIMARY KEY, email text NOT NULL);\n',
      'package.json': '{ "dependencies": { "sqlite3": "5" } }',
      'all.sql': '-- name: All :many\nSELECT id, "Email" FROM users;\n',
    });
    expect(await told(reviewer, 'all.sql')).toEqual([]);
    disk['/project/package.json'] = files['package.json'];
    reviewer.touched('package.json');
    expect(await told(reviewer, 'all.sql')).toHaveLength(1);
  });
});

describe('the schema of the project', () => {
  const UP = 'migrations/2_name.up.sql';
  const files = {
    'package.json': '{ "dependencies": { "pg": "8" } }',
    'migrations/1_users.up.sql': 'CREATE TABLE users (id serial PRIMARY KEY, email text, name text);\n',
    'migrations/1_users.down.sql': 'DROP TABLE users;\n',
    [UP]: 'ALTER TABLE users ADD COLUMN note text;\n',
    'migrations/2_name.down.sql': 'ALTER TABLE users DROP COLUMN note;\n',
    'a.ts': `${POOL}export const all = () => pool.query('SELECT id, name FROM users WHERE id = 1');\n`,
    'b.ts': `${POOL}export const all = () => pool.query('SELECT id, city FROM places WHERE id = 1');\n`,
  };
  const rules = new Set(['unknown-relation', 'breaks-running-code']);
  const told = async (reviewer: Reviewer, file: string) =>
    (await reviewer.review(file, { rules })).findings.map(({ rule }) => rule);

  test('is made anew while a migration is typed, and no folder is listed for it', async () => {
    const { reviewer, listed } = project(files);
    reviewer.open(UP, files[UP] ?? '');
    expect([await told(reviewer, UP), await told(reviewer, 'a.ts')]).toEqual([[], []]);
    reviewer.change(UP, [{ start: 0, end: 0, newText: 'ALTER TABLE users DROP COLUMN name;\n' }]);
    expect([await told(reviewer, UP), await told(reviewer, 'a.ts')]).toEqual([
      ['breaks-running-code'],
      ['breaks-running-code'],
    ]);
    const before = listed.length;
    reviewer.change(UP, [{ start: 0, end: 36, newText: '' }]);
    expect([await told(reviewer, UP), await told(reviewer, 'a.ts')]).toEqual([[], []]);
    reviewer.open('a.ts', files['a.ts'].replace('name', 'note'));
    reviewer.change(UP, [{ start: 0, end: 0, newText: 'ALTER TABLE users DROP COLUMN email;\n' }]);
    expect([await told(reviewer, UP), await told(reviewer, 'a.ts')]).toEqual([[], []]);
    expect(listed.length).toBe(before);
  });

  test('is made of the files that are there', async () => {
    const { files: disk, reviewer } = project(files);
    expect(await told(reviewer, 'b.ts')).toEqual(['unknown-relation']);
    disk['/project/migrations/3_places.up.sql'] = 'CREATE TABLE places (id int, city text);\n';
    reviewer.touched('migrations/3_places.up.sql');
    expect(await told(reviewer, 'b.ts')).toEqual([]);
    delete disk['/project/migrations/3_places.up.sql'];
    reviewer.touched('migrations/3_places.up.sql');
    expect(await told(reviewer, 'b.ts')).toEqual(['unknown-relation']);
    disk['/project/c.ts'] = `${POOL}export const make = () => pool.query('CREATE TABLE places (id int)');\n`;
    reviewer.touched('c.ts');
    expect(await told(reviewer, 'b.ts')).toEqual([]);
    delete disk['/project/c.ts'];
    reviewer.touched('c.ts');
    expect(await told(reviewer, 'b.ts')).toEqual(['unknown-relation']);
  });
});

describe('edits', () => {
  const text = `${POOL}export const find = (name: string) => pool.query(\`SELECT id FROM users WHERE name = '\${name}'\`);\n`;

  test('an open file is reviewed as the editor has it, and as the disk has it once it is closed', async () => {
    const { reviewer } = project({ 'a.ts': text });
    expect(await marked(reviewer, 'a.ts', text)).toEqual(['sql-injection name']);
    reviewer.open('a.ts', `${POOL}export const one = 1;\n`);
    expect(await marked(reviewer, 'a.ts', text)).toEqual([]);
    reviewer.close('a.ts');
    expect(await marked(reviewer, 'a.ts', text)).toEqual(['sql-injection name']);
  });

  test('typed in between, the finding moves along', async () => {
    const { reviewer } = project({ 'a.ts': text });
    reviewer.open('a.ts', text);
    expect(await marked(reviewer, 'a.ts', text)).toEqual(['sql-injection name']);
    reviewer.change('a.ts', [{ start: 0, end: 0, newText: '// first line 🐘\n' }]);
    expect(await marked(reviewer, 'a.ts', `// first line 🐘\n${text}`)).toEqual(['sql-injection name']);
  });

  test('half a statement breaks nothing, and costs nothing once it is gone', async () => {
    const { reviewer } = project({ 'a.ts': text });
    reviewer.open('a.ts', text);
    reviewer.change('a.ts', [{ start: text.length, end: text.length, newText: 'const x = pool.query(`SELECT ${' }]);
    const broken = await reviewer.review('a.ts');
    expect(broken.coverage.kind).toBe('partly-parsed');
    reviewer.change('a.ts', [{ start: text.length, end: text.length + 31, newText: '' }]);
    const mended = await reviewer.review('a.ts', { rules: RULES });
    expect(mended.coverage).toEqual({ kind: 'reviewed' });
    expect(mended.findings.map(({ rule }) => rule)).toEqual(['sql-injection']);
  });

  test('an edit of an imported file is seen by those who import it', async () => {
    const names =
      'import { db } from "./db";\nexport async function f(ids: string[]) {\n  for (const id of ids) await db("t").where({ id }).first();\n}\n';
    const { reviewer, files } = project({ 'a.ts': names, 'db.ts': 'export const db = (name: string) => name;\n' });
    expect(await marked(reviewer, 'a.ts', names)).toEqual([]);
    files['/project/db.ts'] = "import knex from 'knex';\nexport const db = knex({});\n";
    reviewer.touched('db.ts');
    expect(await marked(reviewer, 'a.ts', names)).toHaveLength(1);
    reviewer.open('db.ts', 'export const db = 1;\n');
    expect(await marked(reviewer, 'a.ts', names)).toEqual([]);
  });

  test('an edit of tsconfig.json is seen by those whose imports it maps', async () => {
    const text =
      'import { db } from "@/db";\nexport async function f(ids: string[]) {\n  for (const id of ids) await db("t").where({ id }).first();\n}\n';
    const { reviewer, files } = project({
      'a.ts': text,
      'lib/db.ts': 'export const db = (name: string) => name;\n',
      'src/db.ts': "import knex from 'knex';\nexport const db = knex({});\n",
      'tsconfig.json': '{ "compilerOptions": { "paths": { "@/*": ["./lib/*"] } } }',
    });
    expect(await marked(reviewer, 'a.ts', text)).toEqual([]);
    files['/project/tsconfig.json'] = '{ "compilerOptions": { "paths": { "@/*": ["./src/*"] } } }';
    reviewer.touched('tsconfig.json');
    expect(await marked(reviewer, 'a.ts', text)).toHaveLength(1);
  });

  test('a file that is gone is skipped, with the reason', async () => {
    const { reviewer, files } = project({ 'a.ts': text });
    await reviewer.review('a.ts');
    delete files['/project/a.ts'];
    reviewer.touched('a.ts');
    expect((await reviewer.review('a.ts')).coverage).toEqual({ kind: 'skipped', reason: 'it is gone' });
  });

  test('a raised signal ends the review', async () => {
    const { reviewer } = project({ 'a.ts': text });
    await expect(reviewer.review('a.ts', { signal: AbortSignal.abort() })).rejects.toThrow(/abort/i);
  });
});

test('files without a word of a database are not parsed', async () => {
  const { reviewer } = project({ 'a.ts': 'export const sum = (a: number, b: number) => a + b;\n' });
  expect((await reviewer.review('a.ts')).coverage).toEqual({ kind: 'nothing-to-review' });
});

describe('how far a review sees', () => {
  /** A loop, and the query that it repeats five files away. */
  const chain: Record<string, string> = {
    'a.ts':
      "import { b } from './b';\nexport async function all(ids: string[]) { for (const id of ids) await b(id); }\n",
    'b.ts': "import { c } from './c';\nexport const b = (id: string) => c(id);\n",
    'c.ts': "import { d } from './d';\nexport const c = (id: string) => d(id);\n",
    'd.ts':
      "import { pool } from './pool';\nexport const d = (id: string) => pool.query('SELECT 1 FROM a WHERE id = $1', [id]);\n",
    'pool.ts': "import { Pool } from 'pg';\nexport const pool = new Pool();\n",
  };
  const inA = (reviewer: Reviewer, reach?: number) =>
    reviewer
      .review('a.ts', reach === undefined ? {} : { reach })
      .then(({ findings }) => findings.map(({ rule }) => rule));

  test('as far as the code goes', async () => {
    const { reviewer } = project(chain);
    expect(await inA(reviewer)).toEqual(['n-plus-one']);
  });

  test('no farther than its reach, and it does not read on at the next keystroke', async () => {
    const { reviewer } = project(chain);
    expect(await inA(reviewer, 1)).toEqual([]);
    expect(await inA(reviewer, 1)).toEqual([]);
    expect(await inA(reviewer, 4)).toEqual([]);
  });

  test('what a migration does to a live server, by its own file', async () => {
    const migration =
      "exports.up = async knex => {\n  await knex.schema.alterTable('orders', table => { table.index(['note']); });\n};\nexports.down = async knex => {\n  await knex.schema.alterTable('orders', table => { table.dropIndex(['note']); });\n};\n";
    const { reviewer } = project({ 'migrations/20240101000000_note.js': migration });
    const only = new Set(['index-not-concurrent', 'irreversible-migration']);
    const { findings } = await reviewer.review('migrations/20240101000000_note.js', { reach: 0, rules: only });
    expect(findings.map(({ rule }) => rule)).toEqual(['index-not-concurrent']);
  });

  test('farther when its reach has no end', async () => {
    const { reviewer } = project(chain);
    expect(await inA(reviewer, 1)).toEqual([]);
    expect(await inA(reviewer)).toEqual(['n-plus-one']);
  });

  test('what was prepared is within every reach', async () => {
    const near = { 'a.ts': chain['a.ts'] ?? '', 'b.ts': (chain['d.ts'] ?? '').replace('const d', 'const b') };
    const { reviewer } = project({ ...near, 'pool.ts': chain['pool.ts'] ?? '' });
    expect(await inA(reviewer, 0)).toEqual([]);
    await reviewer.prepare(Object.keys(near));
    expect(await inA(reviewer, 0)).toEqual(['n-plus-one']);
  });

  test('nothing is analysed twice, whatever is reviewed first', async () => {
    const computed: string[] = [];
    const { reviewer } = project(chain, what => computed.push(what));
    for (const file of Object.keys(chain)) await reviewer.review(file);
    const analysed = computed.filter(what => what.startsWith('analyse '));
    expect(analysed.length).toBeGreaterThan(4);
    expect(analysed).toEqual([...new Set(analysed)]);
  });

  test('a raised signal ends the preparation', async () => {
    const { reviewer } = project(chain);
    await expect(reviewer.prepare(['a.ts'], { signal: AbortSignal.abort() })).rejects.toThrow('aborted');
  });
});

test('what a server fills in and makes by itself is told with the table', async () => {
  const { reviewer } = project({
    'package.json': '{}',
    'schema.sql':
      'CREATE TABLE `a` (`id` int AUTO_INCREMENT PRIMARY KEY);\nCREATE TABLE `b` (`id` int PRIMARY KEY, `a_id` int, `n` int AS (`a_id` + 1), CONSTRAINT `b_a` FOREIGN KEY (`a_id`) REFERENCES `a` (`id`));',
  });
  const [declared] = await reviewer.declaredSchemas();
  const [a, b] = declared ? tableFactsOf(declared.head.catalog) : [];
  expect(a?.columns.map(({ filled }) => filled)).toEqual(['counted']);
  expect(b?.columns.map(({ filled }) => filled)).toEqual([undefined, undefined, 'computed']);
  expect(b?.indexes.map(({ name, on }) => `${name} ${on}`)).toContain('b_a (a_id)');
});

test('tables that no migrations make are told from files of SQL, Prisma and Drizzle, each in its server’s words', async () => {
  const { reviewer } = project({
    'package.json': '{ "dependencies": { "drizzle-orm": "0.44.0", "pg": "8" } }',
    'schema.sql': 'CREATE TABLE `visits` (`id` int AUTO_INCREMENT PRIMARY KEY);',
    'prisma/schema.prisma':
      'datasource db {\n  provider = "sqlite"\n}\nmodel Order {\n  id Int @id\n}\nmodel Kept {\n  id Int @id\n}\n',
    'src/schema.ts':
      "import { int, mysqlTable } from 'drizzle-orm/mysql-core';\nexport const customers = mysqlTable('customers', { id: int('id') });\n",
    'migrations/1_kept.up.sql': 'CREATE TABLE orders (id int);',
  });
  const declared = await reviewer.declaredSchemas();
  expect(
    declared.map(({ head: { catalog }, scripts }) => [
      catalog.dialect,
      [...scripts.keys()],
      [...catalog.objects.values()].flatMap(each => (each.kind === 'table' ? [each.name] : [])),
    ]),
  ).toEqual([
    ['mysql', ['schema.sql'], ['visits']],
    ['sqlite', ['prisma/schema.prisma'], ['Order', 'Kept']],
    ['mysql', ['src/schema.ts'], ['customers']],
  ]);
});
