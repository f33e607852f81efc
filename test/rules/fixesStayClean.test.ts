/** What a fix of the safety set leaves behind: looked at again, its finding is gone and no other has come. */
import { describe, expect, test } from 'vitest';
import { type Finding, type Fix, messageOf } from '../../src/engine/finding';
import { applied } from '../support/fixtures';
import { type Files, reviewProgram } from '../support/reviewProgram';

/** A tool's files: a history that makes the tables, and the step that is looked at. */
type Format = (setup: readonly string[], step: readonly string[]) => Readonly<Record<string, string>>;

const lines = (statements: readonly string[]): string => statements.map(each => `${each};\n`).join('');

const calls = (statements: readonly string[], call: (sql: string) => string): string =>
  statements.map(each => `  ${call(each)}\n`).join('');

const manifest = (dependency: string): string => JSON.stringify({ dependencies: { pg: '8', [dependency]: '1' } });

const FORMATS: Readonly<Record<string, Format>> = {
  'plain files': (setup, step) => ({
    'migrations/001_setup.sql': lines(setup),
    'migrations/002_step.sql': lines(step),
  }),
  'files with BEGIN and COMMIT': (setup, step) => ({
    'migrations/001_setup.sql': lines(setup),
    'migrations/002_step.sql': `BEGIN;\n${lines(step)}COMMIT;\n`,
  }),
  pairs: (setup, step) => ({
    'migrations/001_setup.up.sql': lines(setup),
    'migrations/001_setup.down.sql': '-- nothing\n',
    'migrations/002_step.up.sql': lines(step),
    'migrations/002_step.down.sql': '-- nothing\n',
  }),
  'pairs with BEGIN and COMMIT': (setup, step) => ({
    'migrations/001_setup.up.sql': lines(setup),
    'migrations/001_setup.down.sql': '-- nothing\n',
    'migrations/002_step.up.sql': `BEGIN;\n${lines(step)}COMMIT;\n`,
    'migrations/002_step.down.sql': '-- nothing\n',
  }),
  dbmate: (setup, step) => ({
    'db/migrations/20240101000001_setup.sql': `-- migrate:up\n${lines(setup)}\n-- migrate:down\n`,
    'db/migrations/20240101000002_step.sql': `-- migrate:up\n${lines(step)}\n-- migrate:down\n`,
  }),
  goose: (setup, step) => ({
    'migrations/20240101000001_setup.sql': `-- +goose Up\n${lines(setup)}\n-- +goose Down\n`,
    'migrations/20240101000002_step.sql': `-- +goose Up\n${lines(step)}\n-- +goose Down\n`,
  }),
  Flyway: (setup, step) => ({
    'src/main/resources/db/migration/V1__setup.sql': lines(setup),
    'src/main/resources/db/migration/V2__step.sql': lines(step),
  }),
  Diesel: (setup, step) => ({
    'migrations/2024-01-01-000001_setup/up.sql': lines(setup),
    'migrations/2024-01-01-000001_setup/down.sql': '-- nothing\n',
    'migrations/2024-01-01-000002_step/up.sql': lines(step),
    'migrations/2024-01-01-000002_step/down.sql': '-- nothing\n',
  }),
  Prisma: (setup, step) => ({
    'prisma/migrations/20240101000001_setup/migration.sql': lines(setup),
    'prisma/migrations/20240101000002_step/migration.sql': lines(step),
    'prisma/migrations/migration_lock.toml': 'provider = "postgresql"\n',
  }),
  'Knex raw': (setup, step) => {
    const text = (statements: readonly string[]) =>
      `exports.up = async knex => {\n${calls(statements, sql => `await knex.raw(\`${sql}\`);`)}};\nexports.down = async knex => {};\n`;
    return {
      'package.json': manifest('knex'),
      'migrations/20240101000001_setup.js': text(setup),
      'migrations/20240101000002_step.js': text(step),
    };
  },
  'node-pg-migrate': (setup, step) => {
    const text = (statements: readonly string[]) =>
      `exports.up = pgm => {\n${calls(statements, sql => `pgm.sql(\`${sql}\`);`)}};\nexports.down = pgm => {};\n`;
    return {
      'package.json': manifest('node-pg-migrate'),
      'migrations/1704067200001_setup.js': text(setup),
      'migrations/1704067200002_step.js': text(step),
    };
  },
  TypeORM: (setup, step) => {
    const text = (name: string, statements: readonly string[]) =>
      `import { MigrationInterface, QueryRunner } from 'typeorm';\nexport class ${name} implements MigrationInterface {\n  async up(queryRunner: QueryRunner) {\n${calls(statements, sql => `  await queryRunner.query(\`${sql}\`);`)}  }\n  async down(queryRunner: QueryRunner) {}\n}\n`;
    return {
      'package.json': manifest('typeorm'),
      'src/migrations/1704067200001-Setup.ts': text('Setup1704067200001', setup),
      'src/migrations/1704067200002-Step.ts': text('Step1704067200002', step),
    };
  },
  Sequelize: (setup, step) => {
    const text = (statements: readonly string[]) =>
      `module.exports = {\n  async up(queryInterface) {\n${calls(statements, sql => `  await queryInterface.sequelize.query(\`${sql}\`);`)}  },\n  async down() {},\n};\n`;
    return {
      'package.json': manifest('sequelize'),
      'migrations/20240101000001-setup.js': text(setup),
      'migrations/20240101000002-step.js': text(step),
    };
  },
  Alembic: (setup, step) => {
    const text = (revision: string, down: string, statements: readonly string[]) =>
      `"""step"""\nfrom alembic import op\n\nrevision = '${revision}'\ndown_revision = ${down}\n\n\ndef upgrade():\n${calls(statements, sql => `  op.execute("""${sql}""")`)}\n\ndef downgrade():\n    pass\n`;
    return {
      'alembic/versions/aaaaaaaaaaa1_setup.py': text('aaaaaaaaaaa1', 'None', setup),
      'alembic/versions/aaaaaaaaaaa2_step.py': text('aaaaaaaaaaa2', "'aaaaaaaaaaa1'", step),
    };
  },
};

const SETUP = [
  'CREATE TABLE customers (id bigint PRIMARY KEY)',
  'CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint, number bigint NOT NULL, note text, total numeric NOT NULL)',
  'CREATE TABLE logs (id bigint NOT NULL, note text)',
  'CREATE INDEX orders_number ON orders (number)',
  "CREATE TYPE mood AS ENUM ('sad', 'ok')",
  'CREATE DOMAIN email AS text',
  'CREATE TABLE events (at timestamptz NOT NULL, id bigint) PARTITION BY RANGE (at)',
  "CREATE TABLE events_2023 PARTITION OF events FOR VALUES FROM ('2023-01-01') TO ('2024-01-01')",
  'CREATE TABLE events_2024 (at timestamptz NOT NULL, id bigint)',
];

const OTHER = "COMMENT ON TABLE customers IS 'who buys'";

const STEPS: Readonly<Record<string, readonly string[]>> = {
  'an index': ['CREATE INDEX orders_note ON orders (note)'],
  'an index that may be there': ['CREATE INDEX IF NOT EXISTS orders_note ON orders (note)'],
  'an index CONCURRENTLY': ['CREATE INDEX CONCURRENTLY orders_note ON orders (note)'],
  'an index CONCURRENTLY that may be there': ['CREATE INDEX CONCURRENTLY IF NOT EXISTS orders_note ON orders (note)'],
  'an index without one': ['DROP INDEX orders_number'],
  'an index without one that may be there': ['DROP INDEX IF EXISTS orders_number'],
  'an index anew': ['REINDEX INDEX orders_number'],
  'a partition less': ['ALTER TABLE events DETACH PARTITION events_2023'],
  'a partition more': [
    "ALTER TABLE events ATTACH PARTITION events_2024 FOR VALUES FROM ('2024-01-01') TO ('2025-01-01')",
  ],
  'a CHECK': ['ALTER TABLE orders ADD CONSTRAINT orders_total CHECK (total > 0)'],
  'a foreign key': [
    'ALTER TABLE orders ADD CONSTRAINT orders_customer FOREIGN KEY (customer_id) REFERENCES customers (id)',
  ],
  'a column with a foreign key': ['ALTER TABLE logs ADD COLUMN customer_id bigint REFERENCES customers (id)'],
  'a unique key': ['ALTER TABLE orders ADD CONSTRAINT orders_note_key UNIQUE (note)'],
  'a primary key': ['ALTER TABLE logs ADD CONSTRAINT logs_pkey PRIMARY KEY (id)'],
  'NOT NULL': ['ALTER TABLE orders ALTER COLUMN note SET NOT NULL'],
  'a domain constraint': ["ALTER DOMAIN email ADD CONSTRAINT email_at CHECK (VALUE LIKE '%@%')"],
  'a column': ['ALTER TABLE orders ADD COLUMN place text'],
  'a required column': ['ALTER TABLE orders ADD COLUMN place text NOT NULL'],
  'a table': [
    'CREATE TABLE places (id serial PRIMARY KEY, name varchar(20) NOT NULL, code char(3), at timestamp NOT NULL)',
  ],
  'a label': ["ALTER TYPE mood ADD VALUE 'happy'"],
  'a table less': ['DROP TABLE logs'],
  'a column less': ['ALTER TABLE orders DROP COLUMN note'],
  'another name': ['ALTER TABLE orders RENAME COLUMN note TO remark'],
  CLUSTER: ['CLUSTER orders USING orders_number'],
  'a type': ['ALTER TABLE orders ALTER COLUMN note TYPE integer USING note::integer'],
  'a volatile default': ['ALTER TABLE orders ADD COLUMN token uuid DEFAULT gen_random_uuid()'],
  'no trigger': ['ALTER TABLE orders DISABLE TRIGGER ALL'],
};

const SAFETY: ReadonlySet<string> = new Set([
  'index-not-concurrent',
  'drop-index-not-concurrent',
  'reindex-not-concurrent',
  'detach-not-concurrent',
  'concurrent-in-transaction',
  'constraint-not-valid',
  'foreign-key-not-valid',
  'unique-constraint-in-place',
  'primary-key-in-place',
  'set-not-null-scan',
  'required-column',
  'volatile-default',
  'column-type-rewrite',
  'destructive-drop',
  'drop-not-null',
  'rename-in-place',
  'truncate-cascade',
  'missing-lock-timeout',
  'missing-statement-timeout',
  'transaction-nesting',
  'uncommitted-transaction',
  'non-idempotent-migration',
  'domain-constraint',
  'enum-value-order',
  'duplicate-column',
  'char-column',
  'prefer-text',
  'prefer-bigint',
  'prefer-identity',
  'prefer-timestamptz',
  'enum-value-in-transaction',
  'concurrent-index-if-not-exists',
  'trigger-all-disabled',
  'attach-partition-scan',
  'multi-table-transaction',
  'rewrite-under-lock',
]);

const findingsOf = async (files: Files): Promise<readonly Finding[]> =>
  (await reviewProgram(files)).flatMap(({ findings }) => findings);

const shown = ({ rule, at }: Finding, message: string): string => `${rule} ${at.file}: ${message}`;

/** What is found after a fix and was not before, and what it should have mended. */
async function leftBy(
  fix: Fix,
  files: Files,
  finding: Finding,
  before: readonly Finding[],
): Promise<readonly string[]> {
  const after = await findingsOf(applied(fix, files));
  const count = (findings: readonly Finding[], rule: string): number =>
    findings.filter(each => each.rule === rule).length;
  const known = new Map<string, number>();
  for (const { rule } of before) known.set(rule, (known.get(rule) ?? 0) + 1);
  const isSpread = fix.edits.some(({ creates }) => creates);
  const fresh = after.filter(finding => {
    const { rule, level } = finding;
    // what is written into new migrations is told of them as of those that people write
    if (isSpread && level === 'info') return false;
    // what works CONCURRENTLY by itself may break off, and a person looks at what it has left: that is said of it, however it came there
    if (rule === 'non-idempotent-migration' && /^(?:CREATE|DROP) INDEX /.test(messageOf(finding))) return false;
    const left = known.get(rule) ?? 0;
    known.set(rule, left - 1);
    return left <= 0;
  });
  const stays = count(after, finding.rule) >= count(before, finding.rule);
  return [
    ...fresh.map(each => `NEW ${shown(each, messageOf(each))}`),
    ...(stays ? [`STAYS ${shown(finding, messageOf(finding))}`] : []),
  ];
}

describe.each(Object.entries(FORMATS))('%s', (_name, format) => {
  const cases = Object.entries(STEPS).flatMap(([title, step]) => [
    [title, step] as const,
    ...(/index|CHECK|key|NULL|domain|partition/.test(title) ? [[`${title}, and more`, [...step, OTHER]] as const] : []),
  ]);
  test.each(cases)('%s', async (_title, step) => {
    const files = new Map(Object.entries(format(SETUP, step)));
    const before = await findingsOf(files);
    const problems: string[] = [];
    for (const finding of before) {
      if (!SAFETY.has(finding.rule) || !/step/i.test(finding.at.file)) continue;
      for (const fix of finding.fixes) {
        const left = await leftBy(fix, files, finding, before);
        problems.push(...left.map(each => `${finding.rule} “${fix.title}” → ${each}`));
      }
    }
    expect(problems).toEqual([]);
  });
});
