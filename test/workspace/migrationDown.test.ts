import { describe, expect, test } from 'vitest';
import type { PlacedOptions } from '../../src/migrations/writtenDown';
import { migrationDownOf } from '../../src/workspace/migrationDown';
import { reviewerOf, reviewProgram } from '../support/reviewProgram';

type Files = Readonly<Record<string, string>>;

const downOf = (files: Files, file: string, options: PlacedOptions = {}) =>
  migrationDownOf(reviewerOf(new Map(Object.entries(files))), file, async name => files[name], options);

const replaced = (text: string, { start, end }: { start: number; end: number }, newText: string): string =>
  text.slice(0, start) + newText + text.slice(end);

const ORDERS = `CREATE TYPE state AS ENUM ('new', 'paid');
CREATE TABLE orders (id bigint PRIMARY KEY, state state NOT NULL DEFAULT 'new', note text NOT NULL DEFAULT '');
CREATE INDEX orders_note_idx ON orders (note);`;
const LESS = 'ALTER TABLE orders DROP COLUMN note;';
const raw = (sql: string): string => sql.replaceAll('\n', ' ');

/** Each with a migration that creates, and the one whose way back is written. */
const FORMATS: readonly (readonly [format: string, files: Files, file: string, written: string])[] = [
  [
    'pairs',
    { 'db/1_a.up.sql': ORDERS, 'db/1_a.down.sql': 'DROP TABLE orders; DROP TYPE state;', 'db/2_b.up.sql': LESS },
    'db/2_b.up.sql',
    'db/2_b.down.sql',
  ],
  [
    'dbmate',
    {
      'm/1_a.sql': `-- migrate:up\n${ORDERS}\n-- migrate:down\nDROP TABLE orders; DROP TYPE state;\n`,
      'm/2_b.sql': `-- migrate:up\n${LESS}\n\n-- migrate:down\n`,
    },
    'm/2_b.sql',
    'm/2_b.sql',
  ],
  [
    'goose',
    {
      'm/1_a.sql': `-- +goose Up\n${ORDERS}\n-- +goose Down\nDROP TABLE orders; DROP TYPE state;\n`,
      'm/2_b.sql': `-- +goose Up\n${LESS}\n`,
    },
    'm/2_b.sql',
    'm/2_b.sql',
  ],
  [
    'Flyway',
    { 'sql/V1__a.sql': ORDERS, 'sql/U1__a.sql': 'DROP TABLE orders; DROP TYPE state;', 'sql/V2__b.sql': LESS },
    'sql/V2__b.sql',
    'sql/U2__b.sql',
  ],
  [
    'sqitch',
    {
      'sqitch.plan': 'a 2024-01-01T00:00:00Z Jo <jo@shop>\nb 2024-01-01T00:00:00Z Jo <jo@shop>\n',
      'deploy/a.sql': ORDERS,
      'revert/a.sql': 'DROP TABLE orders; DROP TYPE state;',
      'deploy/b.sql': LESS,
    },
    'deploy/b.sql',
    'revert/b.sql',
  ],
  [
    'Liquibase',
    {
      'log/1.sql': `--liquibase formatted sql\n--changeset jo:1\n${ORDERS}\n--rollback DROP TABLE orders; DROP TYPE state;\n`,
      'log/2.sql': `--liquibase formatted sql\n--changeset jo:2\n${LESS}\n`,
    },
    'log/2.sql',
    'log/2.sql',
  ],
  [
    'Knex',
    {
      'migrations/1_a.js': `exports.up = knex => knex.raw(\`${raw(ORDERS)}\`);\nexports.down = knex => knex.raw('DROP TABLE orders; DROP TYPE state');\n`,
      'migrations/2_b.js': `exports.up = knex => knex.raw('${LESS}');\n\nexports.down = async () => {};\n`,
    },
    'migrations/2_b.js',
    'migrations/2_b.js',
  ],
  [
    'Knex in TypeScript',
    {
      'migrations/1_a.ts': `import type { Knex } from 'knex';\nexport const up = (knex: Knex) => knex.raw(\`${raw(ORDERS)}\`);\nexport const down = (knex: Knex) => knex.raw('DROP TABLE orders; DROP TYPE state');\n`,
      'migrations/2_b.ts': `import type { Knex } from 'knex';\nexport async function up(knex: Knex) {\n  await knex.raw('${LESS}');\n}\n`,
    },
    'migrations/2_b.ts',
    'migrations/2_b.ts',
  ],
  [
    'Alembic',
    {
      'versions/a.py': `from alembic import op\nrevision = 'a'\ndown_revision = None\n\ndef upgrade():\n    op.execute("""${ORDERS}""")\n\ndef downgrade():\n    op.execute("DROP TABLE orders")\n    op.execute("DROP TYPE state")\n`,
      'versions/b.py': `from alembic import op\nrevision = 'b'\ndown_revision = 'a'\n\ndef upgrade():\n    op.execute("${LESS}")\n\ndef downgrade():\n    pass\n`,
    },
    'versions/b.py',
    'versions/b.py',
  ],
];

describe('the way back that is written', () => {
  test('leaves the checksum of a Liquibase change set alone: each of its lines is the rollback’s', async () => {
    const [, files = {}, file = ''] = FORMATS.find(([name]) => name === 'Liquibase') ?? [];
    const down = await downOf(files, file);
    if (!('sql' in down) || !('text' in down.placed)) throw new Error(JSON.stringify(down));
    const former = files[file] ?? '';
    expect(down.placed.text.startsWith(former)).toBe(true);
    const added = down.placed.text.slice(former.length).trimEnd().split('\n');
    expect(added.length).toBeGreaterThan(1);
    expect(added.filter(line => !line.startsWith('--rollback '))).toEqual([]);
  });

  test.each(FORMATS)('for %s is one', async (_, files, file, written) => {
    const before = await reviewProgram(new Map(Object.entries(files)), { rules: ['irreversible-migration'] });
    expect(before.flatMap(({ findings }) => findings)).toHaveLength(1);
    const down = await downOf(files, file);
    if (!('sql' in down) || !('text' in down.placed)) throw new Error(JSON.stringify(down));
    expect(down.sql).toContain("ADD COLUMN note text NOT NULL DEFAULT ''");
    expect(down.sql).toMatch(/^-- /);
    expect(down.placed.file).toBe(written);
    const [fix] = before.flatMap(({ findings }) => findings.flatMap(({ fixes }) => fixes));
    expect(fix).toMatchObject({ safety: 'suggestion', previewed: true });
    expect(fix?.edits.map(edit => edit.at.file)).toEqual([written]);
    expect(fix?.edits.map(({ at, newText }) => replaced(files[at.file] ?? '', at, newText))).toEqual([
      down.placed.text,
    ]);
    const after = new Map(Object.entries({ ...files, [down.placed.file]: down.placed.text }));
    const reviews = await reviewProgram(after, { rules: ['irreversible-migration'] });
    expect(reviews.flatMap(({ findings }) => findings)).toEqual([]);
  });

  test.each([
    [
      'only rows change',
      { '1_a.up.sql': 'INSERT INTO a VALUES (1);' },
      '1_a.up.sql',
      /^its up leaves the structure as it is/,
    ],
    [
      'the up cannot be followed',
      { '1_a.up.sql': "DO $$ BEGIN EXECUTE 'DROP TABLE ' || x(); END $$;" },
      '1_a.up.sql',
      /^its up holds what cannot be followed/,
    ],
    ['it is no migration', { 'a.sql': 'SELECT 1;' }, 'a.sql', /is no migration/],
  ] as const)('is none where %s', async (_, files, file, because) => {
    expect(await downOf(files, file)).toEqual({ because: expect.stringMatching(because) });
  });

  test.each([
    ['SELECT 1;', 'differs'],
    ['DROP TABLE b;', 'fails'],
  ])('takes the place of one that stands and is none, as a fix alone: %s', async standing => {
    const files = { '1_a.up.sql': 'CREATE TABLE a ();', '1_a.down.sql': standing };
    const [, down] = await reviewProgram(new Map(Object.entries(files)), { rules: ['irreversible-migration'] });
    const [fix] = down?.findings.flatMap(({ fixes }) => fixes) ?? [];
    const [edit] = fix?.edits ?? [];
    expect(edit && replaced(standing, edit.at, edit.newText)).toBe('-- the rows of a are lost\nDROP TABLE a;\n');
  });

  test('does not replace one that stands', async () => {
    const files = { '1_a.up.sql': 'CREATE TABLE a ();', '1_a.down.sql': 'SELECT 1;' };
    expect(await downOf(files, '1_a.up.sql')).toEqual({
      sql: '-- the rows of a are lost\nDROP TABLE a;\n',
      placed: { because: 'there is a way back already' },
    });
  });
});
