import { join } from 'node:path';
import { describe, test } from 'vitest';
import { casesIn } from '../support/cases';
import { reviews } from '../support/fixtures';

const rules = [
  'constraint-not-valid',
  'foreign-key-not-valid',
  'index-not-concurrent',
  'primary-key-in-place',
  'set-not-null-scan',
  'unbatched-backfill',
  'unique-constraint-in-place',
];

describe('locks on tables that are likely to be small', () => {
  for (const each of casesIn(join(import.meta.dirname, 'table-sizes.md')))
    test(each.title, () => reviews(each.blocks[0]?.text ?? '', { rules }));
});
