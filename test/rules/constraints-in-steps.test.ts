/** Constraints that are validated by migrations of their own, in the form of each tool: `constraints-in-steps.md`. */
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { takeSnapshot } from '../../src/lab/snapshot';
import { casesIn } from '../support/cases';
import { readProgram } from '../support/fixtures';
import { usesPostgres } from '../support/postgres';
import { reviewProgram } from '../support/reviewProgram';
import { addedInSteps } from './renameInSteps';

/** What the steps must give no cause for. */
const RULES = ['constraint-not-valid', 'foreign-key-not-valid', 'set-not-null-scan', 'irreversible-migration'];

describe('constraints in steps', () => {
  for (const each of casesIn(join(import.meta.dirname, 'constraints-in-steps.md'))) {
    const [program, expected] = each.blocks;
    const { files } = readProgram(program?.text ?? '');
    test(each.title, async () => {
      const { after, fix } = await addedInSteps(files, program?.info.split(' ')[1] ?? '');
      const changed = Object.fromEntries([...after].filter(([file, text]) => files.get(file) !== text));
      expect(changed).toEqual(expected ? Object.fromEntries(readProgram(expected.text).files) : {});
      if (!fix) return;
      const known = new Set((await found(files)).map(({ fingerprint }) => fingerprint));
      expect((await found(after)).filter(({ fingerprint }) => !known.has(fingerprint))).toEqual([]);
    });
  }
});

const found = async (files: ReadonlyMap<string, string>) =>
  (await reviewProgram(files, { rules: RULES })).flatMap(({ findings }) => findings);

describe('on a server', () => {
  const postgres = usesPostgres();
  const run = (sql: string) => postgres().execute(sql);
  const schemaNow = async () => (await takeSnapshot(run)).map(row => JSON.stringify(row)).sort();
  const SETUP = 'CREATE TABLE a (id bigint PRIMARY KEY); CREATE TABLE b (id bigint PRIMARY KEY, a bigint, n int);';

  test.each([
    ['set-not-null-scan', 'ALTER TABLE b ALTER COLUMN n SET NOT NULL;', 'ALTER TABLE b ALTER COLUMN n DROP NOT NULL;'],
    ['constraint-not-valid', 'ALTER TABLE b ADD CONSTRAINT c CHECK (n > 0);', 'ALTER TABLE b DROP CONSTRAINT c;'],
    [
      'foreign-key-not-valid',
      'ALTER TABLE b ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES a (id) ON DELETE CASCADE DEFERRABLE;',
      'ALTER TABLE b DROP CONSTRAINT f;',
    ],
  ])('%s comes to the same, and goes back', async (rule, up, down) => {
    const { after, added } = await addedInSteps(
      new Map([
        ['m/00001_a.sql', `-- +goose Up\n${SETUP}\n-- +goose Down\nDROP TABLE b;\nDROP TABLE a;\n`],
        ['m/00002_b.sql', `-- +goose Up\n${up}\n-- +goose Down\n${down}\n`],
      ]),
      rule,
    );
    const steps = ['m/00002_b.sql', ...added].map(file => (after.get(file) ?? '').split('-- +goose Down'));
    const emptied = `DROP SCHEMA public CASCADE; CREATE SCHEMA public; ${SETUP}`;
    await run(emptied);
    const before = [await schemaNow()];
    await run(up);
    const expected = await schemaNow();
    await run(`${emptied} INSERT INTO a VALUES (1); INSERT INTO b VALUES (1, 1, 1);`);
    for (const [sql = ''] of steps) {
      await run(sql);
      before.push(await schemaNow());
    }
    expect(before.at(-1)).toEqual(expected);
    for (const [, sql = ''] of [...steps].reverse()) {
      before.pop();
      await run(sql);
      expect(await schemaNow()).toEqual(before.at(-1));
    }
  });
});
