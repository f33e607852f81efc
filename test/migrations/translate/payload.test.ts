import { describe, expect, test } from 'vitest';
import { evaluateMigration } from '../../../src/migrations/code/evaluate';
import { directionsIn } from '../../../src/migrations/codeFiles';
import { payloadTranslator, sendsInTransaction } from '../../../src/migrations/translate/payload';
import { lowered, printed, scriptOf } from './script';

const IMPORTS = "import { MigrateDownArgs, MigrateUpArgs, sql } from '@payloadcms/db-postgres';";

const migration = (body: string, parameters = '{ db, payload, req }: MigrateUpArgs'): string =>
  `${IMPORTS}\nexport async function up(${parameters}): Promise<void> {\n${body}\n}\n`;

const sent = async (body: string, parameters?: string): Promise<string> =>
  printed(await scriptOf(payloadTranslator, migration(body, parameters)));

describe('a migration of Payload', () => {
  test.each([
    [
      'what the generator writes',
      'await db.execute(sql`\n CREATE TABLE "a" ("b" int);\n  DROP TABLE "c";`)',
      '\n CREATE TABLE "a" ("b" int);\n  DROP TABLE "c";',
    ],
    ['SQLite’s', 'await db.run(sql`DROP TABLE \\`a\\`;`)', 'DROP TABLE `a`;'],
    ['raw text', "await db.execute(sql.raw('DROP TABLE a'))", 'DROP TABLE a'],
    [
      'a list',
      "for (const table of ['a', 'b']) await db.execute(sql.raw(`DROP TABLE ${table}`))",
      'DROP TABLE a\nDROP TABLE b',
    ],
    [
      'fragments and names',
      "const column = sql`b int`; await db.execute(sql`ALTER TABLE ${sql.identifier('a')} ADD COLUMN ${column}, ADD ${sql.raw('c int')}`)",
      'ALTER TABLE a ADD COLUMN b int, ADD c int',
    ],
    [
      'a transaction of its own',
      'await db.transaction(async tx => { await tx.execute(sql`DROP TABLE a`) })',
      'DROP TABLE a',
    ],
    [
      'rows',
      "await payload.update({ collection: 'a', data: {} }); await db.insert(a).values({}); await payload.find({}); payload.logger.info('done'); const { rows } = await db.query.a.findMany();",
      '-- data: rows that `update` writes\n-- data: rows that `insert` writes',
    ],
    // a value in a template is a parameter
    [
      'values',
      "const id = 'a'; await db.execute(sql`UPDATE a SET b = ${id}`)",
      '-- data: `execute` of a text that is not constant',
    ],
    [
      'a condition',
      'if (process.env.OLD) await db.execute(sql`DROP TABLE a`)',
      '-- not followed: a step that runs only under a condition',
    ],
    ['what is not known', 'await payload.db.createCollection()', '-- not followed: `createCollection`'],
  ])('%s', async (_, body, expected) => {
    expect(await sent(body)).toBe(expected);
  });

  test('by whatever name', async () => {
    expect(await sent('await payload.db.drizzle.execute(sql`DROP TABLE a`)', '{ payload }')).toBe('DROP TABLE a');
    expect(await sent('await args.db.execute(sql`DROP TABLE a`)', 'args: MigrateUpArgs')).toBe('DROP TABLE a');
    expect(await sent('const { db: it } = args; await it.execute(sql`DROP TABLE a`)', 'args')).toBe('DROP TABLE a');
    expect(await sent("await req.payload.delete({ collection: 'a' })", '{ req }')).toBe(
      '-- data: rows that `delete` writes',
    );
  });

  test('the database that it is handed is in its transaction, Payload’s own is not', async () => {
    const inTransaction = async (code: string): Promise<boolean> => {
      const module = await lowered(code, 'src/migrations/20250101_000000.ts');
      const { up } = directionsIn(module) ?? {};
      return up !== undefined && sendsInTransaction(evaluateMigration(module, up.function, up.at.unit));
    };
    expect(await inTransaction(migration('await db.execute(sql`DROP TABLE a`)'))).toBe(true);
    expect(await inTransaction(migration('await payload.db.drizzle.execute(sql`DROP TABLE a`)'))).toBe(false);
  });

  test('is told by what it imports', async () => {
    const toolOf = async (code: string) => directionsIn(await lowered(code, 'src/migrations/20250101_000000.ts'))?.tool;
    expect(await toolOf(migration(''))).toBe('payload');
    expect(await toolOf("import { sql } from '@payloadcms/db-d1-sqlite';\nexport async function up({ db }) {}")).toBe(
      'payload',
    );
    expect(
      await toolOf(
        "import type { MigrateUpArgs } from '@payloadcms/db-mongodb';\nexport async function up({ payload }: MigrateUpArgs) {}",
      ),
    ).toBeUndefined();
  });
});
