/**
 * Files as they are while somebody types, or when a transfer broke off: the SQL of all cases, cut short and with stretches
 * deleted, doubled, swapped and overwritten. Nothing throws, no rule fails, and no word of a file falls between its statements.
 * A failure prints its seed; `SQL_SEED=7 SQL_CASES=5000 npx vitest run test/sql/mutated.test.ts` has others.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { commentsIn } from '../../src/sql/comments';
import { splitStatements } from '../../src/sql/statements';
import { Random } from '../catalog/random';
import { casesIn } from '../support/cases';
import { reviewProgram } from '../support/reviewProgram';

const CASES = Number(process.env.SQL_CASES ?? 1000);
const SEED = Number(process.env.SQL_SEED ?? 20_260_127);
const folder = join(import.meta.dirname, '..', 'rules');

/** Pieces of syntax that open what has to be closed, and characters that offsets go wrong by. */
const SPLINTERS = [
  "'",
  '"',
  '$$',
  '$x$',
  '/*',
  '*/',
  '--',
  '(',
  ')',
  ';',
  '\\',
  '\\.',
  '\0',
  'é',
  '𝄞',
  '\r\n',
  "E'\\'",
  ',',
];

const sources = readdirSync(folder)
  .filter(name => name.endsWith('.md'))
  .flatMap(name => casesIn(join(folder, name)))
  .flatMap(({ blocks }) => blocks.map(({ text }) => text.replace(/^(?:--|\/\/|#) *\^.*\n?/gm, '')))
  .flatMap(text => text.split(/^\/\/- .*\n/m))
  .filter(text =>
    /^\s*(?:--.*\n\s*)*(?:create|alter|drop|insert|update|delete|begin|set|with|select|refresh)\b/i.test(text),
  );

function mutated(random: Random, text: string): string {
  let now = text;
  for (let times = random.below(4) + 1; times > 0; times -= 1) {
    const at = random.below(now.length + 1);
    const to = Math.min(now.length, at + random.below(40));
    const part = now.slice(at, to);
    switch (random.below(6)) {
      case 0:
        now = now.slice(0, at);
        break;
      case 1:
        now = now.slice(0, at) + now.slice(to);
        break;
      case 2:
        now = now.slice(0, to) + part + now.slice(to);
        break;
      case 3:
        now = now.slice(to) + now.slice(0, to);
        break;
      case 4:
        now = now.slice(0, at) + random.pick(SPLINTERS) + now.slice(at);
        break;
      default:
        now = now.slice(0, at) + random.pick(SPLINTERS) + now.slice(to);
    }
  }
  return now;
}

/** Words that stand in no statement and in no comment. */
function lostIn(text: string): string {
  // what psql takes for itself is no statement
  if (/\\|\bcopy\b/i.test(text)) return '';
  const taken = [...splitStatements(text, 'postgresql'), ...commentsIn(text, 'postgresql')];
  return text
    .split('')
    .filter((letter, at) => /\w/.test(letter) && !taken.some(({ start, end }) => start <= at && at < end))
    .join('');
}

test(`${CASES} broken files of SQL are read without a crash, and nothing of them is lost`, {
  timeout: 900_000,
}, async () => {
  expect(sources.length).toBeGreaterThan(300);
  for (let index = 0; index < CASES; index += 1) {
    const seed = SEED + index;
    const random = new Random(seed);
    const text = mutated(random, random.pick(sources) ?? '');
    const failed = await reviewProgram(new Map([[random.pick(FILES) ?? '', text]])).then(
      reviews => reviews.flatMap(({ notifications }) => notifications.map(({ message }) => message)),
      (error: Error) => [error.stack ?? error.message],
    );
    expect({ seed, failed, lost: lostIn(text), ...(failed.length > 0 ? { text } : {}) }).toEqual({
      seed,
      failed: [],
      lost: '',
    });
  }
});

/** As steps of tools, and as a schema. */
const FILES = [
  'migrations/20240101_step.sql',
  'migrations/1_step.up.sql',
  'db/migrations/20240101000000_step.sql',
  'V1__step.sql',
  'db/schema.sql',
  'db/queries.sql',
];
