import { join } from 'node:path';
import { describe, test } from 'vitest';
import { blockOf, casesIn } from '../support/cases';
import { provesFix, reviews } from '../support/fixtures';

const rules = ['nosql-injection'];

describe('finds and leaves alone', () => {
  for (const each of casesIn(join(import.meta.dirname, 'nosql-injection.md')))
    test(each.title, () => reviews(each.blocks[0]?.text ?? '', { rules }));
});

describe('compares with the value alone', () => {
  for (const each of casesIn(join(import.meta.dirname, 'nosql-injection-fixes.md')))
    test(each.title, () =>
      provesFix(blockOf(each, 'ts before'), blockOf(each, 'ts after'), { rules, safety: 'suggestion' }),
    );
});
