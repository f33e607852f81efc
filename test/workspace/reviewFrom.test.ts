import { describe, expect, test } from 'vitest';
import { openProduct } from '../../src/workspace/product';
import { reviewPaths } from '../../src/workspace/run';
import { folderOf } from '../cli/fake';
import { reviewerOf } from '../support/reviewProgram';
import { syntaxFiles } from '../syntax/parsers';

const files = new Map([
  ['backend-reviewer.json', '{ "migrations": { "reviewFrom": "0002_notes" } }'],
  ['db/0001_orders.up.sql', 'CREATE TABLE orders (id bigint PRIMARY KEY, note text);'],
  ['db/0002_notes.up.sql', 'ALTER TABLE orders ALTER COLUMN note SET NOT NULL;'],
  ['db/0002_notes.down.sql', 'ALTER TABLE orders ALTER COLUMN note DROP NOT NULL;'],
  ['db/0003_drop.up.sql', 'DROP TABLE orders;'],
]);

describe('migrations.reviewFrom', () => {
  test('leaves what stands before it out, and takes the schema from there', async () => {
    const reviewer = reviewerOf(files);
    const first = await reviewer.review('db/0001_orders.up.sql');
    expect(first).toMatchObject({ findings: [], coverage: { kind: 'history' } });
    const named = await reviewer.review('db/0002_notes.up.sql');
    expect(named.findings.map(({ rule }) => rule)).toContain('set-not-null-scan');
    const last = await reviewer.review('db/0003_drop.up.sql');
    expect(last.findings.map(({ rule }) => rule)).toContain('irreversible-migration');
  });

  test('is asked by name where the files around a migration are out of reach', async () => {
    const reviewer = reviewerOf(files);
    expect((await reviewer.review('db/0001_orders.up.sql', { reach: 0 })).coverage).toEqual({ kind: 'history' });
    expect((await reviewer.review('db/0003_drop.up.sql', { reach: 0 })).coverage).toEqual({ kind: 'reviewed' });
  });

  test('reviews everything where it names none of the migrations', async () => {
    const reviewer = reviewerOf(
      new Map([...files, ['backend-reviewer.json', '{ "migrations": { "reviewFrom": "x" } }']]),
    );
    expect((await reviewer.review('db/0001_orders.up.sql')).coverage).toEqual({ kind: 'reviewed' });
  });

  test('speaks of migrations in code alike', async () => {
    const migration = (up: string) => `exports.up = async knex => { ${up} };\nexports.down = async knex => {};\n`;
    const reviewer = reviewerOf(
      new Map([
        ['package.json', '{ "dependencies": { "knex": "3", "pg": "8" } }'],
        ['backend-reviewer.json', '{ "migrations": { "reviewFrom": "20240201000000_b.js" } }'],
        ['migrations/20240101000000_a.js', migration("await knex.schema.createTable('a', t => { t.increments(); });")],
        ['migrations/20240201000000_b.js', migration("await knex.schema.createTable('b', t => { t.increments(); });")],
      ]),
    );
    expect((await reviewer.review('migrations/20240101000000_a.js')).coverage).toEqual({ kind: 'history' });
    const { findings } = await reviewer.review('migrations/20240201000000_b.js');
    expect(findings.map(({ rule }) => rule)).toContain('irreversible-migration');
  });
});

describe('a name that no migration has', () => {
  const notificationsFor = async (configuration: string): Promise<readonly string[]> => {
    const { folder, dispose } = folderOf({
      '.git/HEAD': '',
      ...Object.fromEntries(files),
      'backend-reviewer.json': configuration,
    });
    const { notifications } = await reviewPaths([folder], {}, openProduct({ syntax: syntaxFiles }));
    dispose();
    return notifications.map(({ path, message }) => `${path?.slice(folder.length)}: ${message}`);
  };

  test('is said with its place and the nearest one', async () => {
    expect(await notificationsFor('{\n  "migrations": { "reviewFrom": "0002_note" }\n}')).toEqual([
      '/backend-reviewer.json: line 2, column 33: "migrations.reviewFrom" is "0002_note", which names no migration, so that all are reviewed; did you mean "0002_notes"?',
    ]);
  });

  test.each(['0002_notes', '0002_notes.up.sql', '0002_notes.down.sql'])('is none of %s', async name => {
    expect(await notificationsFor(`{ "migrations": { "reviewFrom": "${name}" } }`)).toEqual([]);
  });
});
