import { describe, expect, test } from 'vitest';
import { type HistoryStep, historiesOf, type MigrationHistory, mayContribute } from '../../src/migrations/history';
import type { Script } from '../../src/migrations/script';
import { lowered } from './translate/script';

type Files = Readonly<Record<string, string>>;

async function histories(files: Files): Promise<readonly MigrationHistory[]> {
  const read = await Promise.all(
    Object.entries(files).map(async ([file, text]) => ({
      file,
      text,
      ...(/\.(?:[jt]s|py)$/.test(file) ? { module: await lowered(text, file) } : {}),
    })),
  );
  for (const { file, text } of read) expect(mayContribute(file, text), file).toBe(true);
  return historiesOf(read, 'postgresql');
}

const script = ({ statements, untranslated, inTransaction }: Script): string =>
  [
    ...statements.map(({ sql }) => sql.replace(/\s+/g, ' ')),
    ...untranslated.map(({ what, dataOnly }) => `(${dataOnly ? 'data' : 'not followed'}: ${what})`),
    ...(inTransaction ? [] : ['(alone)']),
  ].join('; ');

const step = ({ name, up, down, downInferred, refused, repeatable }: HistoryStep): string =>
  [
    `${name}: ${script(up)}`,
    ...(down ? [`  ${downInferred ? 'makes up' : 'back'}: ${script(down)}`] : []),
    ...(refused === undefined ? [] : [`  refused: ${refused}`]),
    ...(repeatable ? ['  repeatable'] : []),
  ].join('\n');

const shown = (all: readonly MigrationHistory[]): string =>
  all
    .map(({ tool, folder, steps, withoutDowns, unordered }) =>
      [
        `${tool} in ${folder}${withoutDowns ? `, no downs ${withoutDowns}` : ''}${unordered ? `, ${unordered}` : ''}`,
        ...steps.map(step),
      ].join('\n'),
    )
    .join('\n\n');

const CASES: readonly (readonly [title: string, files: Files, expected: string])[] = [
  [
    'pairs go by number, and two with one number are refused',
    {
      'db/10_c.up.sql': 'CREATE TABLE c ();',
      'db/10_c.down.sql': 'DROP TABLE c;',
      'db/9_b.up.sql': 'CREATE TABLE b (); CREATE INDEX ON b (id)',
      'db/9_b.down.sql': '',
      'db/0009_d.up.sql': 'CREATE INDEX CONCURRENTLY i ON c (id)',
      'db/8_lost.down.sql': 'DROP TABLE lost',
    },
    `sql-pairs in db
0009_d: CREATE INDEX CONCURRENTLY i ON c (id); (alone)
  refused: 9_b has the number 9 too
9_b: CREATE TABLE b (); CREATE INDEX ON b (id)
  back: (alone)
  refused: 0009_d has the number 9 too
10_c: CREATE TABLE c (); (alone)
  back: DROP TABLE c; (alone)`,
  ],
  [
    'diesel keeps folders, and a setting beside them',
    {
      'migrations/2024-01-02-000000_b/up.sql': 'CREATE TABLE b ();',
      'migrations/2024-01-02-000000_b/down.sql': 'DROP TABLE b;',
      'migrations/2024-01-02-000000_b/metadata.toml': 'run_in_transaction = false\n',
      'migrations/2024-01-01-000000_a/up.sql': 'CREATE TABLE a ();',
    },
    `diesel in migrations
2024-01-01-000000_a: CREATE TABLE a ()
2024-01-02-000000_b: CREATE TABLE b (); (alone)
  back: DROP TABLE b; (alone)`,
  ],
  [
    'db-migrate keeps SQL beside the code that sends it',
    {
      'db/migrations/20240101000000-a.js': `exports.setup = () => {};
exports.up = function (db) {
  var filePath = path.join(__dirname, 'sqls', '20240101000000-a-up.sql');
  return new Promise(function (resolve, reject) {
    fs.readFile(filePath, { encoding: 'utf-8' }, function (err, data) {
      if (err) return reject(err);
      resolve(data);
    });
  }).then(function (data) { return db.runSql(data); });
};
exports.down = function (db) { return null; };`,
      'db/migrations/sqls/20240101000000-a-up.sql': 'CREATE TABLE a (); CREATE INDEX i ON a (b);',
      'db/migrations/sqls/20240101000000-a-down.sql': '/* Replace with your SQL commands */',
      'db/migrations/20240102000000-b.js':
        "exports.setup = () => {};\nexports.up = db => db.dropTable('a');\nexports.down = (db, callback) => callback(new Error('no'));",
    },
    `db-migrate in db/migrations
20240101000000-a: CREATE TABLE a (); CREATE INDEX i ON a (b)
  back: 
20240102000000-b: DROP TABLE "a"
  back: (not followed: an error that it throws)`,
  ],
  [
    'dbmate and goose mark sections',
    {
      'db/migrations/1_a.sql':
        '-- migrate:up transaction:false\nCREATE INDEX CONCURRENTLY i ON a (b);\n-- migrate:down\nDROP INDEX i;',
      'goose/00002_b.sql': '-- +goose NO TRANSACTION\n-- +goose Up\nVACUUM;\n',
      'goose/00001_a.sql':
        '-- +goose Up\n-- +goose StatementBegin\nCREATE FUNCTION f() RETURNS int AS $$ BEGIN; RETURN 1; END $$ LANGUAGE plpgsql;\n-- +goose StatementEnd\n-- +goose Down\nDROP FUNCTION f();',
    },
    `dbmate in db/migrations
1_a: CREATE INDEX CONCURRENTLY i ON a (b); (alone)
  back: DROP INDEX i

goose in goose
00001_a: CREATE FUNCTION f() RETURNS int AS $$ BEGIN; RETURN 1; END $$ LANGUAGE plpgsql
  back: DROP FUNCTION f()
00002_b: VACUUM; (alone)`,
  ],
  [
    'a transaction that is written is taken for one, and what psql includes is not followed',
    {
      'db/1_a.up.sql': 'BEGIN;\nCREATE TABLE a ();\n\\i more.sql\nCOMMIT;',
      'db/1_a.down.sql': '\\echo going back\nDROP TABLE a;',
    },
    `sql-pairs in db
1_a: CREATE TABLE a (); (not followed: psql's \\i)
  back: DROP TABLE a; (alone)`,
  ],
  [
    'Flyway goes by version, then repeats; an undo may be named otherwise',
    {
      'sql/V10__c.sql': 'CREATE INDEX CONCURRENTLY c ON a (b);',
      'sql/V2_1__b.sql': 'CREATE TABLE b (v int DEFAULT ${start});',
      'sql/V2__a.sql': 'CREATE TABLE a ();',
      'sql/U2.0__undo_a.sql': 'DROP TABLE z;',
      'sql/U2__undo_a.sql': 'DROP TABLE a;',
      'sql/R__views.sql': 'CREATE OR REPLACE VIEW v AS SELECT 1;',
      'sql/V11__d.sql': 'CREATE TABLE d ();',
      'sql/V11__d.sql.conf': 'executeInTransaction=false',
    },
    `flyway in sql
V2__a: CREATE TABLE a ()
  back: DROP TABLE a
V2_1__b: CREATE TABLE b (v int DEFAULT \${start}); (not followed: a placeholder of Flyway)
V10__c: CREATE INDEX CONCURRENTLY c ON a (b); (alone)
V11__d: CREATE TABLE d (); (alone)
R__views: CREATE OR REPLACE VIEW v AS SELECT 1
  repeatable`,
  ],
  [
    'Flyway without any undo has chosen to have none',
    { 'sql/V1__a.sql': 'CREATE TABLE a ();' },
    'flyway in sql, no downs by-choice\nV1__a: CREATE TABLE a ()',
  ],
  [
    "Liquibase's changesets, with rollbacks in comments",
    {
      'log/01.sql': `--liquibase formatted sql
--changeset jo:10
CREATE TABLE a (id int);
--rollback DROP TABLE a;

--changeset jo:2 runInTransaction:false
CREATE INDEX CONCURRENTLY i ON a (id);
/* liquibase rollback
DROP INDEX i;
*/
--changeset jo:3
INSERT INTO a VALUES (1);
--rollback not required
--changeset jo:4
CREATE TABLE b ();
--rollback ALTER TABLE a DROP COLUMN x;
--rollback DROP TABLE b;`,
    },
    `liquibase in log
jo:10: CREATE TABLE a (id int)
  back: DROP TABLE a
jo:2: CREATE INDEX CONCURRENTLY i ON a (id); (alone)
  back: DROP INDEX i; (alone)
jo:3: INSERT INTO a VALUES (1)
  back: 
jo:4: CREATE TABLE b ()
  back: ALTER TABLE a DROP COLUMN x; DROP TABLE b`,
  ],
  [
    'sqitch goes by its plan; a reworked change stands under its tag',
    {
      'sqitch.plan': `%syntax-version=1.0.0
%project=shop

users 2024-01-01T00:00:00Z Jo <jo@shop> # people
orders [users] 2024-01-02T00:00:00Z Jo <jo@shop> # sales
@v1 2024-01-03T00:00:00Z Jo <jo@shop> # first
users [users@v1] 2024-01-04T00:00:00Z Jo <jo@shop> # again`,
      'deploy/orders.sql': 'BEGIN;\nCREATE TABLE orders ();\nCOMMIT;',
      'revert/orders.sql': 'BEGIN;\nDROP TABLE orders;\nCOMMIT;',
      'deploy/users@v1.sql': 'CREATE TABLE users ();',
      'deploy/users.sql': 'ALTER TABLE users ADD COLUMN a int;',
      'deploy/forgotten.sql': 'CREATE TABLE forgotten ();',
    },
    `sqitch in 
users: CREATE TABLE users (); (alone)
orders: CREATE TABLE orders ()
  back: DROP TABLE orders
users: ALTER TABLE users ADD COLUMN a int; (alone)`,
  ],
  [
    'Prisma keeps folders, Drizzle a journal; neither knows a way back',
    {
      'prisma/migrations/20240101000000_init/migration.sql': 'CREATE TABLE "a" ();\nCREATE TABLE "b" ();',
      'drizzle/meta/_journal.json': '{"entries":[{"idx":0,"tag":"0001_z"},{"idx":1,"tag":"0000_y"}]}',
      'drizzle/0000_y.sql': 'CREATE TABLE y ();--> statement-breakpoint\nCREATE INDEX ON y (a);',
      'drizzle/0001_z.sql': 'CREATE TABLE z ();',
    },
    `prisma in prisma/migrations, no downs by-design
20240101000000_init: CREATE TABLE "a" (); CREATE TABLE "b" ()

drizzle in drizzle, no downs by-design
0001_z: CREATE TABLE z ()
0000_y: CREATE TABLE y (); CREATE INDEX ON y (a)`,
  ],
  [
    'numbered files without a list are no migrations',
    {
      'sql/01_report.sql': 'SELECT 1;',
    },
    '',
  ],
  [
    "Knex's functions, in a transaction unless they say otherwise",
    {
      'migrations/2_b.js':
        "exports.config = { transaction: false };\nexports.up = knex => knex.raw('CREATE INDEX CONCURRENTLY i ON a (b)');\nexports.down = knex => knex.raw('DROP INDEX i');",
      'migrations/1_a.ts':
        "import type { Knex } from 'knex';\nexport async function up(knex: Knex) { await knex.schema.createTable('a', t => t.integer('b')); }\nexport async function down(knex: Knex) { await knex.schema.dropTable('a'); }",
    },
    `knex in migrations
1_a: CREATE TABLE "a" ("b" integer)
  back: DROP TABLE "a"
2_b: CREATE INDEX CONCURRENTLY i ON a (b); (alone)
  back: DROP INDEX i; (alone)`,
  ],
  [
    'node-pg-migrate makes up a missing down, unless a call has no reverse or there is to be none',
    {
      'migrations/1_a.js':
        "exports.shorthands = { money: { type: 'bigint', notNull: true } };\nexports.up = pgm => { pgm.createTable('a', { b: 'money' }); pgm.createIndex('a', 'b'); pgm.renameColumn('a', 'b', 'c'); };",
      'migrations/2_b.js': "exports.up = pgm => { pgm.sql('CREATE TABLE b ()'); };",
      'migrations/3_c.js': "exports.up = pgm => { pgm.createTable('c', { id: 'int' }); };\nexports.down = false;",
      'migrations/4_d.js':
        "exports.up = pgm => { pgm.noTransaction(); pgm.addIndex('a', 'c', { concurrently: true }); };\nexports.down = pgm => { pgm.dropIndex('a', 'c'); };",
    },
    `node-pg-migrate in migrations
1_a: CREATE TABLE "a" ("b" bigint NOT NULL); CREATE INDEX "a_b_index" ON "a" ("b"); ALTER TABLE "a" RENAME "b" TO "c"
  makes up: ALTER TABLE "a" RENAME "c" TO "b"; DROP INDEX "a_b_index"; DROP TABLE "a"
2_b: CREATE TABLE b ()
3_c: CREATE TABLE "c" ("id" integer)
4_d: CREATE INDEX CONCURRENTLY "a_c_index" ON "a" ("c"); (alone)
  back: DROP INDEX "a_c_index"`,
  ],
  [
    'Alembic goes by what its revisions say; a merge goes behind both',
    Object.fromEntries(
      (
        [
          ['m', "('b1', 'c1')", ''],
          ['c1', "'a1'", "op.add_column('t', sa.Column('c', sa.Integer()))"],
          ['a1', 'None', "op.create_table('t', sa.Column('id', sa.Integer()))"],
          ['b2', "'b1'", "op.execute('DROP TABLE x')"],
          ['b1', "'a1'", "op.add_column('t', sa.Column('b', sa.Integer()))"],
          ['z', "'gone'", "op.drop_table('t')"],
        ] as const
      ).map(([id, down, body]) => [
        `alembic/versions/${id}_x.py`,
        `from alembic import op\nimport sqlalchemy as sa\nrevision: str = '${id}'\ndown_revision = ${down}\n\ndef upgrade():\n    ${body || 'pass'}\n\ndef downgrade():\n    pass\n`,
      ]),
    ),
    `alembic in alembic/versions, there are 3 heads: m, b2, z
a1_x: CREATE TABLE "t" ("id" INTEGER)
  back: 
b1_x: ALTER TABLE "t" ADD COLUMN "b" INTEGER
  back: 
b2_x: DROP TABLE x
  back: 
c1_x: ALTER TABLE "t" ADD COLUMN "c" INTEGER
  back: 
m_x: 
  back: 
z_x: DROP TABLE "t"
  back: 
  refused: there is no revision gone`,
  ],
];

describe('histories', () => {
  test.each(CASES)('%s', async (_, files, expected) => {
    expect(shown(await histories(files))).toBe(expected);
  });

  test('places are those of the file', async () => {
    const text = '--liquibase formatted sql\n--changeset jo:1\nCREATE TABLE a ();\n--rollback DROP TABLE a;\n';
    const [history] = await histories({ 'a.sql': text });
    const [{ up, down, downAt } = {}] = history?.steps ?? [];
    const at = (place?: { start: number; end: number }) => place && text.slice(place.start, place.end);
    expect([at(up?.statements[0]?.at), at(down?.statements[0]?.at), at(downAt)]).toEqual([
      'CREATE TABLE a ()',
      'DROP TABLE a',
      '--rollback DROP TABLE a;',
    ]);
  });
});
