import { describe, expect, test } from 'vitest';
import { evaluateMigration } from '../../../src/migrations/code/evaluate';
import { directionsIn } from '../../../src/migrations/codeFiles';
import { inOrderSent, mikroOrmTranslator } from '../../../src/migrations/translate/mikroOrm';
import { translateAll } from '../../../src/migrations/translate/translation';
import { lowered, printed } from './script';

const inClass = (body: string, head = "import { Migration } from '@mikro-orm/migrations';"): string =>
  `${head}\nexport class Migration20240101 extends Migration {\n  override async up(): Promise<void> {\n${body}\n  }\n}\n`;

/** What the up of a class sends, in the order in which MikroORM sends it. */
async function sent(code: string): Promise<string> {
  const module = await lowered(code, 'migrations/Migration20240101.ts');
  const found = directionsIn(module);
  if (!found) return 'no migration';
  const { function: fn, at, ownerClass } = found.up;
  return printed(
    translateAll(inOrderSent(evaluateMigration(module, fn, at.unit, ownerClass)), mikroOrmTranslator, true),
  );
}

describe('a migration of MikroORM', () => {
  test.each([
    [
      'its generator',
      'this.addSql(\'create table "a" ("b" int);\');\n\nthis.addSql(`drop table if exists "c" cascade;`);',
      'create table "a" ("b" int);\ndrop table if exists "c" cascade;',
    ],
    [
      'what it executes goes first',
      "this.addSql('drop table a'); await this.execute('drop table b');",
      'drop table b\ndrop table a',
    ],
    ['raw text', "this.addSql(raw('drop table a')); this.addSql(sql`drop table b`);", 'drop table a\ndrop table b'],
    [
      'a question in SQL',
      "const found = await this.execute(`select 1 from information_schema.tables where table_name = 'a'`); if (found.length > 0) this.addSql('drop table a');",
      "select 1 from information_schema.tables where table_name = 'a'\ndrop table a -- where a",
    ],
    [
      'a list',
      "for (const table of ['a', 'b']) this.addSql(`drop table \"${table}\"`);",
      'drop table "a"\ndrop table "b"',
    ],
    ['Knex, executed', "await this.getKnex().schema.dropTable('a');", 'DROP TABLE "a"'],
    [
      'Knex in a variable',
      "const knex = this.getKnex(); this.addSql(knex.schema.dropTable('a').toQuery()); this.addSql(knex.raw('drop table b').toQuery()); await knex.schema.renameTable('c', 'd');",
      'ALTER TABLE "c" RENAME TO "d"\nDROP TABLE "a"\ndrop table b',
    ],
    [
      'what a function adds between statements',
      'this.addSql(`create table a (b int); ${dropNotNull("a", ["b"])} create index c on a (b); ${more()}`);',
      'create table a (b int);   create index c on a (b);  \n-- not followed: `addSql` of a text that is not constant',
    ],
    [
      'what a function gives alone, or in a statement',
      'this.addSql(`${more()}`); this.addSql(`create table a (b int); create index c on a ${method()};`);',
      '-- not followed: `addSql` of a text that is not constant\n-- not followed: `addSql` of a text that is not constant',
    ],
    [
      'rows',
      "await this.execute('update a set b = ?', [1]);\nawait this.getEntityManager().nativeUpdate('A', {}, { b: 1 });",
      '-- data: rows that `execute` writes\n-- data: rows that `nativeUpdate` writes',
    ],
    [
      'rows that are gone through',
      "const rows = await this.execute('select id from a'); for (const row of rows) this.addSql(`update a set b = '${row.id}'`);",
      'select id from a\n-- data: a loop over what is not constant',
    ],
    [
      'a condition',
      "if (process.env.LARGE) this.addSql('drop table a');",
      '-- not followed: a step that runs only under a condition',
    ],
    [
      'a method of its own',
      "this.dropAll('a');\n  }\n  dropAll(table: string) {\n this.addSql(`drop table ${table}`);",
      'drop table a',
    ],
    [
      'a text that is not constant',
      'this.addSql(await textOf());',
      '-- not followed: `addSql` of a text that is not constant',
    ],
  ])('%s', async (_, body, expected) => {
    const head = "import { Migration } from '@mikro-orm/migrations';\nimport { raw, sql } from '@mikro-orm/core';";
    expect(await sent(inClass(body, head))).toBe(expected);
  });

  test.each([
    [
      'compiled',
      'const migrations_1 = require("@mikro-orm/migrations");\nclass M extends migrations_1.Migration { async up() { this.addSql("drop table a"); } }\nexports.M = M;',
      'drop table a',
    ],
    [
      'handed on by a framework',
      inClass("this.addSql('drop table a');", "import { Migration } from '@medusajs/framework/mikro-orm/migrations';"),
      'drop table a',
    ],
    [
      'a class of something else',
      inClass("this.addSql('drop table a');", "import { Migration } from '@nocobase/database';"),
      'no migration',
    ],
  ])('%s', async (_, code, expected) => {
    expect(await sent(code)).toBe(expected);
  });
});
