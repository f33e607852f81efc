/** The cases of a rule about migrations, which stand as data beside its test. */
import { join } from 'node:path';
import { describe, test } from 'vitest';
import { blockOf, casesIn } from './cases';
import { provesFix, reviews } from './fixtures';

const rulesFolder = join(import.meta.dirname, '..', 'rules');

/** Plain SQL of no tool that is known: nothing runs it in a transaction. */
const DEFAULT_FILE = 'migrations/20240101_step.sql';

/**
 * Runs the cases of `test/rules/<rule>.md`, or of another file there. Where a case has a block `… fixed`, the preferred fix of its first finding must
 * turn the program into that.
 */
export function findsAndLeaves(rule: string, file: string = rule): void {
  describe(`finds and leaves alone: ${file}`, () => {
    for (const each of casesIn(join(rulesFolder, `${file}.md`))) {
      const [program] = each.blocks;
      const settings = { rules: [rule], defaultFile: DEFAULT_FILE };
      test(each.title, () => reviews(program?.text ?? '', settings));
      const fixed = each.blocks.find(({ info }) => info.endsWith(' fixed'));
      if (fixed)
        test(`${each.title}: its fix`, () =>
          provesFix(program?.text ?? '', blockOf(each, fixed.info), { ...settings, safety: 'suggestion' }));
    }
  });
}
