import { describe, expect, test } from 'vitest';
import { payloadTranslator } from '../../../src/migrations/translate/payload';
import { typeormTranslator } from '../../../src/migrations/translate/typeorm';
import { printed, scriptOf } from './script';

/** What is sent where TypeORM is asked this, beside the question. */
async function guarded(question: string, test = 'rows.length === 0'): Promise<string> {
  const script = await scriptOf(
    typeormTranslator,
    `export async function up(queryRunner) { const rows = await queryRunner.query(\`${question}\`); if (${test}) await queryRunner.query('ALTER TABLE a ADD b int'); }`,
  );
  return printed({ ...script, statements: script.statements.filter(({ sql }) => !/SELECT/i.test(sql)) });
}

const COLUMN = "SELECT column_name FROM information_schema.columns WHERE table_name = 'a' AND column_name = 'b'";

describe('whether a thing is there, asked in SQL', () => {
  test.each([
    [COLUMN, 'ALTER TABLE a ADD b int -- where no a.b'],
    [
      "select 1 from INFORMATION_SCHEMA.COLUMNS\n where table_schema = current_schema() and table_name = 'a' and column_name = 'b' limit 1;",
      'ALTER TABLE a ADD b int -- where no a.b',
    ],
    ["SELECT * FROM information_schema.tables WHERE table_name = 'a'", 'ALTER TABLE a ADD b int -- where no a'],
    [
      "SELECT 1 FROM information_schema.tables WHERE table_name = 'a' AND table_type = 'BASE TABLE'",
      'ALTER TABLE a ADD b int -- where no a',
    ],
  ])('%s', async (question, expected) => expect(await guarded(question)).toBe(expected));

  test.each([
    ['rows.length > 0', 'ALTER TABLE a ADD b int -- where a.b'],
    ['!rows.length', 'ALTER TABLE a ADD b int -- where no a.b'],
  ])('where %s', async (asked, expected) => expect(await guarded(COLUMN, asked)).toBe(expected));

  test.each([
    // a row whatever is there
    "SELECT count(*) FROM information_schema.tables WHERE table_name = 'a'",
    "SELECT EXISTS (SELECT 1 FROM information_schema.tables WHERE table_name = 'a')",
    "SELECT 1 FROM information_schema.tables WHERE table_name = 'a' AND table_type = 'VIEW'",
    // what else must be so
    `${COLUMN} AND data_type = 'text'`,
    "SELECT 1 FROM information_schema.columns WHERE table_name = 'a'",
    "SELECT 1 FROM information_schema.tables WHERE table_name = 'a' OR table_name = 'b'",
    "SELECT 1 FROM information_schema.tables WHERE table_name LIKE 'a'",
    "SELECT 1 FROM a WHERE table_name = 'a'",
  ])('is not known: %s', async question =>
    expect(await guarded(question)).toBe('-- not followed: a step that runs only under a condition'),
  );

  test('in the rows of what a driver gives, in a tag', async () => {
    const script = await scriptOf(
      payloadTranslator,
      `import { sql } from '@payloadcms/db-postgres';
export async function up({ db }) {
  const found = await db.execute(sql\`SELECT 1 FROM information_schema.tables WHERE table_name = 'a'\`);
  if (found.rows.length > 0) return;
  await db.execute(sql\`CREATE TABLE a (b int)\`);
}`,
    );
    expect(printed(script)).toContain('CREATE TABLE a (b int) -- where no a');
  });
});
