import { join } from 'node:path';
import { describe, test } from 'vitest';
import { casesIn } from '../support/cases';
import { reviews } from '../support/fixtures';

const rules = ['missing-transaction'];

describe('finds and leaves alone', () => {
  for (const each of casesIn(join(import.meta.dirname, 'missing-transaction.md')))
    test(each.title, () => reviews(each.blocks[0]?.text ?? '', { rules }));
});
