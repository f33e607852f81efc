/**
 * Every fix for node-postgres, executed: the programs of `bind-values.md` and `batch-loop.md` run on a real server before
 * and after, with values that mean no harm and with values that do.
 */
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { blockOf, type Case, casesIn } from '../support/cases';
import { usesPostgres } from '../support/postgres';
import type { Files } from '../support/reviewProgram';
import { runProgram } from '../support/runProgram';
import { contents, reset, SCHEMA } from './database';

const postgres = usesPostgres();
beforeAll(() => postgres().execute(SCHEMA));

interface Runs {
  readonly args: readonly (readonly unknown[])[];
  readonly hostile?: 'quoted' | 'typed';
  readonly safety?: 'safe' | 'suggestion';
  /** Round trips of the second version for each list of arguments; those of the first are more. */
  readonly trips?: number;
}

const runsOf = (each: Case): Runs => JSON.parse(blockOf(each, 'json'));
const program = (text: string): Files => new Map([['program.ts', text]]);

/** The rows may not be as they were: a statement other than a SELECT went out. */
let touched = true;

/** What one run did, to be compared with another's. */
async function outcome(text: string, args: readonly unknown[]) {
  if (touched) await reset(postgres());
  const { statements, ...run } = await runProgram(program(text), postgres(), args);
  touched = !statements.every(statement => /^\s*(?:select|with)\b[^;]*$/i.test(statement));
  return { run, statements, contents: await contents(postgres()) };
}

const QUOTED = [
  "' OR 1=1 --",
  "'; DROP TABLE line; --",
  "' UNION SELECT id FROM orders --",
  "O'Brien",
  "''",
  "\\' OR 1=1 --",
  '\\',
  '"',
  '%',
  '_',
  '$1',
  '$$',
  '?',
  '${name}',
  '日本語 🐘',
  'null',
];

const TYPED = ['1 OR 1=1', '1; DROP TABLE line', "1' OR '1'='1", '1 UNION SELECT 1', 'abc', '1 --', '(SELECT 1)'];

/** What a value of another type is refused with: class 22, data exception. */
const DATA_EXCEPTION = /^22/;

describe('bound values', () => {
  for (const each of casesIn(join(import.meta.dirname, 'bind-values.md'))) {
    const { args, hostile } = runsOf(each);
    const before = blockOf(each, 'ts before');
    const after = blockOf(each, 'ts after');

    test(`${each.title}: both versions do the same`, async () => {
      for (const list of args) {
        const first = await outcome(before, list);
        expect(first.run, JSON.stringify(list)).not.toHaveProperty('error');
        const second = await outcome(after, list);
        expect({ ...second, statements: [] }, JSON.stringify(list)).toEqual({ ...first, statements: [] });
      }
    });

    if (hostile === 'quoted')
      test(`${each.title}: a hostile value is a value`, async () => {
        for (const value of QUOTED) {
          const [, ...rest] = args[0] ?? [];
          // With its quotes doubled the value is one literal to the first version too.
          const meant = await outcome(before, [value.replaceAll("'", "''"), ...rest]);
          const mended = await outcome(after, [value, ...rest]);
          expect(mended.run, value).toEqual(meant.run);
          expect(mended.contents, value).toEqual(meant.contents);
        }
      });

    if (hostile === 'typed')
      test(`${each.title}: a hostile value is refused`, async () => {
        await reset(postgres());
        const untouched = await contents(postgres());
        for (const value of TYPED) {
          const [, ...rest] = args[0] ?? [];
          const mended = await outcome(after, [value, ...rest]);
          expect(mended.run.error, value).toMatch(DATA_EXCEPTION);
          expect(mended.contents, value).toEqual(untouched);
        }
      });
  }
});

describe('one query before the loop', () => {
  for (const each of casesIn(join(import.meta.dirname, 'batch-loop.md'))) {
    const { args, trips } = runsOf(each);
    test(`${each.title}: both versions do the same, the second in fewer round trips`, async () => {
      for (const list of args) {
        const first = await outcome(blockOf(each, 'ts before'), list);
        expect(first.run, JSON.stringify(list)).not.toHaveProperty('error');
        const second = await outcome(blockOf(each, 'ts after'), list);
        expect({ ...second, statements: [] }, JSON.stringify(list)).toEqual({ ...first, statements: [] });
        expect(second.statements).toHaveLength(trips ?? 1);
      }
      const longest = await outcome(blockOf(each, 'ts before'), args[0] ?? []);
      expect(longest.statements.length).toBeGreaterThan(trips ?? 1);
    });
  }
});
