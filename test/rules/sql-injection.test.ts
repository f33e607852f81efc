import { join } from 'node:path';
import { describe, test } from 'vitest';
import { blockOf, casesIn } from '../support/cases';
import { provesFix, reviews } from '../support/fixtures';

const rules = ['sql-injection'];

describe('finds and leaves alone', () => {
  for (const each of casesIn(join(import.meta.dirname, 'sql-injection.md')))
    test(each.title, () => reviews(each.blocks[0]?.text ?? '', { rules }));
});

describe('binds values', () => {
  for (const each of casesIn(join(import.meta.dirname, 'bind-values.md'))) {
    const { safety } = JSON.parse(blockOf(each, 'json'));
    test(each.title, () => provesFix(blockOf(each, 'ts before'), blockOf(each, 'ts after'), { rules, safety }));
  }
});
