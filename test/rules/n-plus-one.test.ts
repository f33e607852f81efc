import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { blockOf, casesIn } from '../support/cases';
import { provesFix, readProgram, reviews } from '../support/fixtures';
import { reviewProgram } from '../support/reviewProgram';

const rules = ['n-plus-one'];

for (const file of ['n-plus-one.md', 'n-plus-one-forms.md', 'n-plus-one-resolvers.md', 'n-plus-one-relations.md'])
  describe(`finds and leaves alone: ${file}`, () => {
    for (const each of casesIn(join(import.meta.dirname, file)))
      test(each.title, () => reviews(each.blocks[0]?.text ?? '', { rules }));
  });

describe('finds and leaves alone, in Python', () => {
  for (const each of casesIn(join(import.meta.dirname, 'n-plus-one-python.md')))
    test(each.title, () => reviews(each.blocks[0]?.text ?? '', { rules, defaultFile: 'program.py' }));
});

describe('asks once before the loop', () => {
  for (const each of casesIn(join(import.meta.dirname, 'batch-loop.md')))
    test(each.title, () =>
      provesFix(blockOf(each, 'ts before'), blockOf(each, 'ts after'), { rules, safety: 'suggestion' }),
    );
});

describe('asks once before the loop, with Knex', () => {
  for (const each of casesIn(join(import.meta.dirname, 'batch-loop-knex.md')))
    test(each.title, () =>
      provesFix(blockOf(each, 'ts before'), blockOf(each, 'ts after'), { rules, safety: 'suggestion' }),
    );
});

describe('offers no fix', () => {
  for (const each of casesIn(join(import.meta.dirname, 'batch-loop-none.md')))
    test(each.title, async () => {
      const { files } = readProgram(each.blocks[0]?.text ?? '');
      const findings = (await reviewProgram(files, { rules })).flatMap(review => review.findings);
      expect(findings.map(({ rule }) => rule)).toEqual(rules);
      expect(findings.flatMap(({ fixes }) => fixes)).toEqual([]);
    });
});

describe('sketches the one call that would do', () => {
  for (const each of casesIn(join(import.meta.dirname, 'n-plus-one-sketches.md')))
    test(each.title, async () => {
      const { files } = readProgram(blockOf(each, 'ts'));
      const findings = (await reviewProgram(files, { rules })).flatMap(review => review.findings);
      expect(findings.map(({ rule }) => rule)).toEqual(rules);
      const sketch = blockOf(each, 'sketch').trim();
      expect(findings[0]?.sketch).toBe(sketch === '' ? undefined : `\`\`\`\n${sketch}\n\`\`\``);
    });
});
