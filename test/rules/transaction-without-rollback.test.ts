import { join } from 'node:path';
import { describe, test } from 'vitest';
import { blockOf, casesIn } from '../support/cases';
import { provesFix, reviews } from '../support/fixtures';

const rules = ['transaction-without-rollback'];

describe('finds and leaves alone', () => {
  for (const each of casesIn(join(import.meta.dirname, 'transaction-without-rollback.md')))
    test(each.title, () => reviews(each.blocks[0]?.text ?? '', { rules }));
});

describe('rolls back', () => {
  for (const each of casesIn(join(import.meta.dirname, 'roll-back.md')))
    test(each.title, () =>
      provesFix(blockOf(each, 'ts before'), blockOf(each, 'ts after'), { rules, safety: 'suggestion' }),
    );
});
