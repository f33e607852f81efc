import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { blockOf, casesIn } from '../support/cases';
import { provesFix, readProgram, reviews } from '../support/fixtures';
import { reviewProgram } from '../support/reviewProgram';
import { countedRun } from './countingPool';

const rules = ['connection-leak'];

describe('finds and leaves alone', () => {
  for (const each of casesIn(join(import.meta.dirname, 'connection-leak.md')))
    test(each.title, () => reviews(each.blocks[0]?.text ?? '', { rules }));
});

describe('finds and leaves alone in Python', () => {
  for (const each of casesIn(join(import.meta.dirname, 'connection-leak-python.md')))
    test(each.title, () => reviews(each.blocks[0]?.text ?? '', { rules, defaultFile: 'program.py' }));
});

describe('moves the release into finally', () => {
  for (const each of casesIn(join(import.meta.dirname, 'release-in-finally.md')))
    test(each.title, async () => {
      const [before, after] = [blockOf(each, 'ts before'), blockOf(each, 'ts after')];
      const neverReleased = each.title.startsWith('never given back');
      await provesFix(before, after, {
        rules,
        safety: neverReleased ? 'suggestion' : 'safe',
        run: async files => {
          const { kept, ...seen } = await countedRun(files);
          return neverReleased ? seen : { ...seen, kept };
        },
      });
      const { files } = readProgram(after);
      for (const fails of [undefined, 'SELECT', 'UPDATE']) expect((await countedRun(files, fails)).kept).toBe(0);
    });
});

describe('offers no fix', () => {
  for (const each of casesIn(join(import.meta.dirname, 'release-in-finally-none.md')))
    test(each.title, async () => {
      const { files } = readProgram(each.blocks[0]?.text ?? '');
      const findings = (await reviewProgram(files, { rules })).flatMap(review => review.findings);
      expect(findings.map(({ rule }) => rule)).toEqual(rules);
      expect(findings.flatMap(({ fixes }) => fixes)).toEqual([]);
    });
});
