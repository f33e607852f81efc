import { join } from 'node:path';
import { describe, test } from 'vitest';
import { blockOf, casesIn } from '../support/cases';
import { provesFix, reviews } from '../support/fixtures';

const rules = ['unbounded-query'];

describe('finds and leaves alone', () => {
  for (const cases of ['unbounded-query.md', 'unbounded-query-files.md'])
    for (const each of casesIn(join(import.meta.dirname, cases)))
      test(each.title, () => reviews(each.blocks[0]?.text ?? '', { rules }));
});

describe('the fixes', () => {
  for (const each of casesIn(join(import.meta.dirname, 'unbounded-query.fixes.md')))
    test(each.title, () =>
      provesFix(blockOf(each, 'ts before'), blockOf(each, 'ts after'), { rules, safety: 'suggestion' }),
    );
});
