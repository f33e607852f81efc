import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { blockOf, casesIn } from '../support/cases';
import { provesFix, readProgram, reviews } from '../support/fixtures';
import { usesPostgres } from '../support/postgres';
import { reviewProgram } from '../support/reviewProgram';
import { runProgram } from '../support/runProgram';
import { contents, reset, SCHEMA } from './database';

const rules = ['missing-transaction'];
/** What the rewritten program could be found fault with. */
const kin = [...rules, 'connection-leak', 'transaction-without-rollback', 'external-call-in-transaction'];

describe('finds and leaves alone', () => {
  for (const cases of ['missing-transaction.md', 'missing-transaction-tied.md'])
    for (const each of casesIn(join(import.meta.dirname, cases)))
      test(`${cases}: ${each.title}`, () => reviews(each.blocks[0]?.text ?? '', { rules }));
});

describe('finds and leaves alone in Python', () => {
  for (const each of casesIn(join(import.meta.dirname, 'missing-transaction-python.md')))
    test(each.title, () => reviews(each.blocks[0]?.text ?? '', { rules, defaultFile: 'program.py' }));
});

for (const file of ['wrap-in-transaction.md', 'wrap-in-transaction-libraries.md'])
  describe(`makes one transaction: ${file}`, () => {
    for (const each of casesIn(join(import.meta.dirname, file)))
      test(each.title, () =>
        provesFix(blockOf(each, 'ts before'), blockOf(each, 'ts after'), {
          rule: 'missing-transaction',
          rules: kin,
          safety: 'suggestion',
        }),
      );
  });

describe('makes one transaction, on PostgreSQL', () => {
  const postgres = usesPostgres();
  beforeAll(() => postgres().execute(SCHEMA));

  const outcome = async (program: string, args: readonly unknown[]) => {
    await reset(postgres());
    const { result, error } = await runProgram(new Map([['program.ts', program]]), postgres(), args);
    return { result, error, contents: await contents(postgres()) };
  };

  for (const each of casesIn(join(import.meta.dirname, 'wrap-in-transaction.md')))
    test(each.title, async () => {
      const { works, fails } = JSON.parse(blockOf(each, 'json'));
      await reset(postgres());
      const untouched = await contents(postgres());
      const before = blockOf(each, 'ts before');
      const after = blockOf(each, 'ts after');
      expect(await outcome(after, works)).toEqual(await outcome(before, works));
      const torn = await outcome(before, fails);
      const whole = await outcome(after, fails);
      expect(whole.error).toBe(torn.error);
      expect(whole.error).toBeDefined();
      expect(torn.contents).not.toEqual(untouched);
      expect(whole.contents).toEqual(untouched);
    });
});

describe('offers no fix', () => {
  for (const each of casesIn(join(import.meta.dirname, 'wrap-in-transaction-none.md')))
    test(each.title, async () => {
      const { files } = readProgram(each.blocks[0]?.text ?? '');
      const findings = (await reviewProgram(files, { rules })).flatMap(review => review.findings);
      expect(findings.map(({ rule }) => rule)).toEqual(rules);
      expect(findings.flatMap(({ fixes }) => fixes)).toEqual([]);
    });
});
