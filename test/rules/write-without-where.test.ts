import { join } from 'node:path';
import { describe, test } from 'vitest';
import { casesIn } from '../support/cases';
import { reviews } from '../support/fixtures';

const rules = ['write-without-where'];

describe('finds and leaves alone', () => {
  for (const cases of ['write-without-where.md', 'write-without-where-files.md'])
    for (const each of casesIn(join(import.meta.dirname, cases)))
      test(each.title, () => reviews(each.blocks[0]?.text ?? '', { rules }));
});
