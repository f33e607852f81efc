import { join } from 'node:path';
import { describe, test } from 'vitest';
import { blockOf, casesIn } from '../support/cases';
import { provesFix, reviews } from '../support/fixtures';

const rules = ['swallowed-error'];

describe('finds and leaves alone', () => {
  for (const each of casesIn(join(import.meta.dirname, 'swallowed-error.md')))
    test(each.title, () => reviews(each.blocks[0]?.text ?? '', { rules }));
});

describe('finds and leaves alone in Python', () => {
  for (const each of casesIn(join(import.meta.dirname, 'swallowed-error-python.md')))
    test(each.title, () => reviews(each.blocks[0]?.text ?? '', { rules, defaultFile: 'program.py' }));
});

describe('makes the error heard', () => {
  for (const each of casesIn(join(import.meta.dirname, 'handle-error.md')))
    test(each.title, () =>
      provesFix(blockOf(each, 'ts before'), blockOf(each, 'ts after'), {
        rules,
        safety: 'suggestion',
        title: each.title.startsWith('throw') ? 'Throw' : undefined,
      }),
    );
});
