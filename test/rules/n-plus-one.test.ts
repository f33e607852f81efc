import { join } from 'node:path';
import { describe, test } from 'vitest';
import { blockOf, casesIn } from '../support/cases';
import { provesFix, reviews } from '../support/fixtures';

const rules = ['n-plus-one'];

describe('finds and leaves alone', () => {
  for (const each of casesIn(join(import.meta.dirname, 'n-plus-one.md')))
    test(each.title, () => reviews(each.blocks[0]?.text ?? '', { rules }));
});

describe('asks once before the loop', () => {
  for (const each of casesIn(join(import.meta.dirname, 'batch-loop.md')))
    test(each.title, () =>
      provesFix(blockOf(each, 'ts before'), blockOf(each, 'ts after'), { rules, safety: 'suggestion' }),
    );
});
