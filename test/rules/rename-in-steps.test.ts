/** Renames in steps, in the form of each tool: `rename-in-steps.md`. What they do on a server: `renameInSteps.postgres.test.ts`. */
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { casesIn } from '../support/cases';
import { readProgram } from '../support/fixtures';
import { reviewProgram } from '../support/reviewProgram';
import { renamedInSteps } from './renameInSteps';

/** What the steps must give no cause for. */
const RULES = [
  'rename-in-place',
  'destructive-drop',
  'irreversible-migration',
  'concurrent-in-transaction',
  'index-not-concurrent',
  'unbatched-backfill',
  'business-logic-in-trigger',
];

describe('a rename in steps', () => {
  for (const each of casesIn(join(import.meta.dirname, 'rename-in-steps.md'))) {
    const [program, expected] = each.blocks;
    const { files } = readProgram(program?.text ?? '');
    const rule = program?.info.split(' ')[1] ?? 'rename-in-place';
    test(each.title, async () => {
      const { after, fix } = await renamedInSteps(files, rule);
      const changed = Object.fromEntries([...after].filter(([file, text]) => files.get(file) !== text));
      expect(changed).toEqual(expected ? Object.fromEntries(readProgram(expected.text).files) : {});
      if (!fix) return;
      const known = new Set((await found(files)).map(({ fingerprint }) => fingerprint));
      expect((await found(after)).filter(({ fingerprint }) => !known.has(fingerprint))).toEqual([]);
    });
  }
});

const found = async (files: ReadonlyMap<string, string>) =>
  (await reviewProgram(files, { rules: RULES })).flatMap(({ findings }) => findings);
