import { expect, test } from 'vitest';
import { type Files, reviewProgram } from '../support/reviewProgram';
import { findsAndLeaves } from '../support/ruleCases';

findsAndLeaves('missing-lock-timeout');
findsAndLeaves('missing-lock-timeout', 'missing-lock-timeout-builders');

/** A history of that many migrations, the first of which makes the table. */
const historyOf = (length: number, text: (index: number) => string): Files =>
  new Map(
    Array.from({ length }, (_, index) => [
      `migrations/${String(index + 1).padStart(3, '0')}_step.up.sql`,
      index === 0 ? 'CREATE TABLE orders (id bigint);' : text(index),
    ]),
  );

const filesTold = async (files: Files): Promise<readonly string[]> =>
  (await reviewProgram(files, { rules: ['missing-lock-timeout'] })).flatMap(({ findings }) =>
    findings.map(({ at }) => at.file),
  );

const addColumn = (index: number) => `ALTER TABLE orders ADD COLUMN c${index} int;`;

test('a short history is told file by file', async () => {
  expect(await filesTold(historyOf(6, addColumn))).toHaveLength(5);
});

test('a long history in which none has it is told at its end', async () => {
  const told = await filesTold(historyOf(30, addColumn));
  expect(told).toEqual([26, 27, 28, 29, 30].map(number => `migrations/0${number}_step.up.sql`));
});

test('a long history in which one has it is told from there on', async () => {
  const files = historyOf(30, index => `${index === 10 ? "SET lock_timeout = '5s'; " : ''}${addColumn(index)}`);
  expect(await filesTold(files)).toHaveLength(19);
});
