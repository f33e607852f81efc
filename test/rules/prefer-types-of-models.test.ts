import { join } from 'node:path';
import { describe, test } from 'vitest';
import { blockOf, casesIn } from '../support/cases';
import { reviews } from '../support/fixtures';

const TYPES = ['prefer-bigint', 'prefer-identity', 'prefer-timestamptz', 'prefer-text', 'char-column'];

describe('types that a schema of models chooses', () => {
  for (const each of casesIn(join(import.meta.dirname, 'prefer-types-of-models.md')))
    test(each.title, () => reviews(blockOf(each, 'ts'), { rules: TYPES }));
});
