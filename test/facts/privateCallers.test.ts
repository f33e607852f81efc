/** What a file's own helper puts into a text, when all who can call it hand in constants. */
import { describe, expect, test } from 'vitest';
import { reviewProgram } from '../support/reviewProgram';

const HELPER = 'const run = (knex: Knex, list: string) => knex.raw(`ALTER TABLE a ADD CHECK (b IN (${list}))`);\n';
const HEAD = "import type { Knex } from 'knex';\n";

async function injections(code: string): Promise<number> {
  const reviews = await reviewProgram(new Map([['a.ts', HEAD + code]]), { rules: ['sql-injection'] });
  return reviews.flatMap(review => review.findings).length;
}

describe('a helper that builds text from its parameter', () => {
  test.each([
    ['called with constants', `${HELPER}export const up = (knex: Knex) => run(knex, "'x', 'y'");`, 0],
    [
      'called twice with constants',
      `${HELPER}export const up = async (knex: Knex) => { await run(knex, "'x'"); await run(knex, "'y'"); };`,
      0,
    ],
    ['exported', `export ${HELPER}export const up = (knex: Knex) => run(knex, "'x'");`, 1],
    ['exported by list', `${HELPER}export { run };\nexport const up = (knex: Knex) => run(knex, "'x'");`, 1],
    [
      'called with something else too',
      `${HELPER}export const up = (knex: Knex, l: string) => { run(knex, "'x'"); return run(knex, l); };`,
      1,
    ],
    [
      'handed on',
      `${HELPER}export const all = ["'x'"].map(each => each);\nexport const handed = { run };\nexport const up = (knex: Knex) => run(knex, "'x'");`,
      1,
    ],
    ['never called', HELPER, 1],
    [
      'that takes options, of constants',
      'async function ids({ knex, table }) { return knex.raw(`select id from "${table}"`); }\nexport const up = (knex: Knex) => ids({ knex, table: "orders" });',
      0,
    ],
    [
      'that takes options, of something else',
      "async function ids({ knex, kind }) { return knex.raw(`select id from orders where kind = '${kind}'`); }\nexport const up = (knex: Knex, kind: string) => ids({ knex, kind });",
      1,
    ],
  ])('%s', async (_, code, found) => {
    expect(await injections(code)).toBe(found);
  });
});
