import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { blockOf, casesIn } from '../support/cases';
import { provesFix, readProgram, reviews } from '../support/fixtures';
import { reviewProgram } from '../support/reviewProgram';

const rules = ['sql-injection'];

for (const [what, file] of [
  ['finds and leaves alone', 'sql-injection.md'],
  ['text that is put together over control flow', 'sql-injection-flow.md'],
  ['what settles a value', 'sql-injection-settled.md'],
  ['old and large code', 'sql-injection-old-code.md'],
  ['request input from other files', 'sql-injection-across.md'],
  ['texts as real services build them', 'sql-injection-forms.md'],
  ['what is checked in front of a handler', 'sql-injection-checked.md'],
] as const)
  describe(what, () => {
    for (const each of casesIn(join(import.meta.dirname, file)))
      test(each.title, () => reviews(each.blocks[0]?.text ?? '', { rules }));
  });

describe('finds and leaves alone, in Python', () => {
  for (const each of casesIn(join(import.meta.dirname, 'sql-injection-python.md')))
    test(each.title, () => reviews(each.blocks[0]?.text ?? '', { rules, defaultFile: 'program.py' }));
});

describe('binds values', () => {
  for (const each of casesIn(join(import.meta.dirname, 'bind-values.md'))) {
    const { safety } = JSON.parse(blockOf(each, 'json'));
    test(each.title, () => provesFix(blockOf(each, 'ts before'), blockOf(each, 'ts after'), { rules, safety }));
  }
});

describe('binds values for other drivers', () => {
  for (const each of casesIn(join(import.meta.dirname, 'bind-values-elsewhere.md'))) {
    const { safety } = JSON.parse(blockOf(each, 'json'));
    test(each.title, () => provesFix(blockOf(each, 'ts before'), blockOf(each, 'ts after'), { rules, safety }));
  }
});

describe('binds values in Python', () => {
  for (const each of casesIn(join(import.meta.dirname, 'bind-values-python.md'))) {
    const { safety } = JSON.parse(blockOf(each, 'json'));
    test(each.title, () =>
      provesFix(blockOf(each, 'python before'), blockOf(each, 'python after'), {
        rules,
        safety,
        defaultFile: 'program.py',
      }),
    );
  }
});

describe('offers no fix', () => {
  for (const each of casesIn(join(import.meta.dirname, 'bind-values-none.md')))
    test(each.title, async () => {
      const { files } = readProgram(each.blocks[0]?.text ?? '');
      const findings = (await reviewProgram(files, { rules })).flatMap(review => review.findings);
      expect(findings.map(({ rule }) => rule)).toEqual(each.title.startsWith('half-typed') ? expect.anything() : rules);
      expect(findings.flatMap(({ fixes }) => fixes)).toEqual([]);
    });
});
