import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { messageOf } from '../../src/engine/finding';
import type { Facts } from '../../src/facts/facts';
import { typescriptWriter } from '../../src/languages/typescript/writer';
import { irreversibleMigration } from '../../src/rules/irreversible-migration';
import { read, textAt } from '../migrations/read';
import { reviewProgram } from '../support/reviewProgram';

interface Said {
  readonly file: string;
  readonly marked: string;
  readonly message: string;
  readonly related: readonly string[];
}

/** What the rule says of each of the files. */
async function reviewed(files: Readonly<Record<string, string>>): Promise<readonly Said[]> {
  const said: Said[] = [];
  for (const file of Object.keys(files)) {
    const migration = await read(file, files);
    const facts: Facts = {
      queryExecutions: [],
      fragments: [],
      looseTexts: [],
      secrets: [],
      pathKind: 'production',
      errorHandlers: [],
      acquisitions: [],
      madePerRequest: [],
      pools: [],
      wholeReads: [],
      transactions: { dependentWrites: [], maybeTied: [], openEnds: [], waits: [] },
      migrations: migration ? [migration] : [],
      schemaScripts: [],
      schemaFiles: [],
      schemaDrift: [],
      schemaProblems: [],
      refreshes: [],
      tableFilters: [],
      tiedWrites: [],
      sqlQueries: [],
      brokenUses: [],
      inMigration: migration !== undefined,
      writer: typescriptWriter,
      parser: () => undefined,
    };
    for (const evidence of irreversibleMigration.check(facts)) {
      const explanation = irreversibleMigration.explain(evidence);
      said.push({
        file,
        marked: await textAt(evidence.at, files),
        message: messageOf(explanation),
        related: await Promise.all(
          explanation.related.map(async ({ at, says }) => `${await textAt(at, files)}: ${says}`),
        ),
      });
    }
  }
  return said;
}

const WHY = 'If the deployment fails, the schema cannot be rolled back with the code.';

describe('what it says', () => {
  test('no down', async () => {
    expect(
      await reviewed({
        'migrations/20240101_add_orders.js': `exports.up = knex => knex.schema.createTable('orders', t => { t.increments(); });`,
      }),
    ).toEqual([
      {
        file: 'migrations/20240101_add_orders.js',
        marked: 'knex',
        message: `\`20240101_add_orders\` creates table \`orders\`, and has no \`down()\`. ${WHY} Write in \`down()\` what takes back what the up does.`,
        related: [],
      },
    ]);
  });

  test('an empty down is marked, and the up is related', async () => {
    const [said] = await reviewed({
      'db/1_total.sql':
        '-- migrate:up\nALTER TABLE orders ADD COLUMN total bigint, DROP COLUMN sum;\n-- migrate:down\n',
    });
    expect(said).toEqual({
      file: 'db/1_total.sql',
      marked: '-- migrate:down',
      message: `\`1_total\` creates column \`orders.total\` and drops column \`orders.sum\`, and its \`-- migrate:down\` does nothing. ${WHY} Write in \`-- migrate:down\` what puts back what the up drops and takes back what it adds.`,
      related: ['ALTER TABLE orders ADD COLUMN total bigint, DROP COLUMN sum: changes the schema here'],
    });
  });

  test('a pair is told once: in the up when the down is missing, else in the down', async () => {
    const said = await reviewed({
      'm/1_a.up.sql': 'CREATE TABLE a (id int);',
      'm/2_b.up.sql': 'CREATE TABLE b (id int); CREATE INDEX ON b (id); CREATE VIEW c AS SELECT 1;',
      'm/2_b.down.sql': 'DROP TABLE d;',
      'm/3_c.up.sql': 'CREATE TABLE c (id int);',
      'm/3_c.down.sql': 'DROP TABLE c;',
    });
    expect(
      said.map(({ file, marked, message }) => `${file} ${marked}: ${message.slice(0, message.indexOf('. '))}`),
    ).toEqual([
      'm/1_a.up.sql CREATE TABLE a: `1_a` creates table `a`, and has no `1_a.down.sql`',
      'm/2_b.down.sql DROP TABLE d;: `2_b` creates table `b`, an index on `b` and 1 more, and its `2_b.down.sql` names none of that',
    ]);
  });

  test.each([
    ['throw new Error("no");', 'and its `down()` only fails.'],
    ['pgm.dropTable("invoices");', 'and its `down()` names none of that.'],
  ])('a down that does %s', async (body, expected) => {
    const [said] = await reviewed({
      '1_a.js': `exports.up = pgm => { pgm.renameTable('a', 'b'); };\nexports.down = pgm => { ${body} };`,
    });
    expect(said?.message).toContain(`\`1_a\` renames table \`a\`, ${expected}`);
  });

  test('what is dropped and made anew is replaced', async () => {
    const [said] = await reviewed({
      'm/1_a.up.sql':
        'ALTER TABLE a DROP CONSTRAINT a_b_fkey; ALTER TABLE a ADD CONSTRAINT a_b_fkey FOREIGN KEY (b) REFERENCES b (id); DROP VIEW v; DROP VIEW w;',
    });
    expect(said?.message).toContain('`1_a` replaces constraint `a_b_fkey`, drops view `v` and 1 more, and has');
  });

  test('a down that is declared away, or cannot be made up', async () => {
    const up = `exports.up = pgm => { pgm.alterColumn('a', 'b', { type: 'text' }); };\n`;
    expect((await reviewed({ '1_a.js': `${up}exports.down = false;` }))[0]?.message).toContain(
      'and declares that it has no way back.',
    );
    expect((await reviewed({ '1_a.js': up }))[0]?.message).toContain(
      'and has no `down()`, which node-pg-migrate cannot make up for `alterColumn`.',
    );
  });
});

describe('its page', () => {
  const page = /\/\*\*([\s\S]*?)\*\//.exec(readFileSync('src/rules/irreversible-migration.ts', 'utf8'))?.[1] ?? '';
  const [, flags = '', silent = ''] = page.replace(/^ \* ?/gm, '').split(/^## .*$/m);
  const examples = (text: string): (readonly [string, string])[] =>
    [...text.matchAll(/```(\w+)\n([\s\S]*?)```/g)].map(([, language, code]) => [`program.${language}`, code ?? '']);

  const findings = async (file: string, code: string) =>
    (await reviewProgram(new Map([[file, code]]), { rules: ['irreversible-migration'] })).flatMap(
      each => each.findings,
    );

  test.each(examples(flags))('flags %s %s', async (file, code) => expect(await findings(file, code)).toHaveLength(1));
  test.each(examples(silent))('leaves %s %s', async (file, code) => expect(await findings(file, code)).toEqual([]));
  test('has examples', () => expect([examples(flags).length, examples(silent).length]).toEqual([7, 4]));
});

test('data-only, soft and unreadable migrations are left alone', async () => {
  expect(
    await reviewed({
      '1.up.sql': 'UPDATE a SET b = 1;',
      '2.up.sql': "COMMENT ON TABLE a IS 'x'; GRANT SELECT ON a TO b;",
      '3.up.sql': "SELECT add_retention_policy('metrics');",
      '4.js': `const { addTable } = require('../utils');\nmodule.exports = addTable('a', {});`,
      '5.js': `exports.up = pgm => { pgm.createTable('a', {}); };`,
      '6.js': `const { wrap } = require('./wrap');\nexports.up = knex => knex.schema.createTable('a', t => {});\nexports.down = wrap('a');`,
    }),
  ).toEqual([]);
});
