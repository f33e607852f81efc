import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Finding, messageOf } from '../../src/engine/finding';
import { blockOf, casesIn } from '../support/cases';
import { provesFix, readProgram, reviews } from '../support/fixtures';
import { reviewProgram } from '../support/reviewProgram';
import { runOnStandIn } from './ormStandIn';

const rules = ['n-plus-one'];

/** Nobody is left with a complaint alone: each finding has a fix, or shows what would be asked at once. */
function saysWhatInstead(findings: readonly Finding[]): void {
  const alone = findings.filter(({ fixes, sketch }) => fixes.length === 0 && sketch === undefined);
  expect(alone.map(messageOf)).toEqual([]);
  const unfilled = findings.filter(({ sketch }) => /undefined|\{each |\{all\}/.test(sketch ?? ''));
  expect(unfilled.map(({ sketch }) => sketch)).toEqual([]);
}

for (const file of [
  'n-plus-one.md',
  'n-plus-one-forms.md',
  'n-plus-one-resolvers.md',
  'n-plus-one-relations.md',
  'n-plus-one-streams.md',
  'n-plus-one-of-schema.md',
])
  describe(`finds and leaves alone: ${file}`, () => {
    for (const each of casesIn(join(import.meta.dirname, file)))
      test(each.title, async () => saysWhatInstead(await reviews(each.blocks[0]?.text ?? '', { rules })));
  });

for (const file of [
  'n-plus-one-python.md',
  'n-plus-one-python-relations.md',
  'n-plus-one-python-serializers.md',
  'n-plus-one-python-oslo.md',
])
  describe(`finds and leaves alone, in Python: ${file}`, () => {
    for (const each of casesIn(join(import.meta.dirname, file)))
      test(each.title, async () =>
        saysWhatInstead(await reviews(each.blocks[0]?.text ?? '', { rules, defaultFile: 'program.py' })),
      );
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

describe('asks once before the loop, with an ORM', () => {
  const cases = ['batch-loop-orms.md', 'batch-loop-drizzle.md'].flatMap(file =>
    casesIn(join(import.meta.dirname, file)),
  );
  for (const each of cases) {
    const before = blockOf(each, 'ts before');
    const after = blockOf(each, 'ts after');
    test(each.title, () => provesFix(before, after, { rules, safety: 'suggestion' }));

    const runs = each.blocks.find(({ info }) => info === 'json');
    if (!runs) continue;
    test(`${each.title}: both versions give the same`, async () => {
      const { stored, args } = JSON.parse(runs.text);
      const first = await runOnStandIn(readProgram(before).files, stored, args);
      const second = await runOnStandIn(readProgram(after).files, stored, args);
      expect(second.result).toEqual(first.result);
      expect(second.reads).toBe(1);
      expect(first.reads).toBeGreaterThan(1);
    });
  }
});

for (const file of ['batch-loop-none.md', 'batch-loop-orms-none.md'])
  describe(`offers no fix: ${file}`, () => {
    for (const each of casesIn(join(import.meta.dirname, file)))
      test(each.title, async () => {
        const { files } = readProgram(each.blocks[0]?.text ?? '');
        const findings = (await reviewProgram(files, { rules })).flatMap(review => review.findings);
        expect(new Set(findings.map(({ rule }) => rule))).toEqual(new Set(rules));
        expect(findings.flatMap(({ fixes }) => fixes)).toEqual([]);
      });
  });

describe('sketches the one call that would do', () => {
  for (const [file, info, defaultFile] of [
    ['n-plus-one-sketches.md', 'ts', 'program.ts'],
    ['n-plus-one-python-sketches.md', 'python', 'program.py'],
  ] as const)
    for (const each of casesIn(join(import.meta.dirname, file)))
      test(each.title, async () => {
        const { files } = readProgram(blockOf(each, info), defaultFile);
        const findings = (await reviewProgram(files, { rules })).flatMap(review => review.findings);
        expect(findings.map(({ rule }) => rule)).toEqual(rules);
        const sketch = each.blocks.find(block => block.info.startsWith('sketch'));
        const language = sketch?.info.replace(/^sketch ?/, '') ?? '';
        expect(findings[0]?.sketch).toBe(`\`\`\`${language}\n${sketch?.text.trim()}\n\`\`\``);
      });
});
