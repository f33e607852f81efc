/** What the tables see in programs as people write them: one file of cases for each library. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { casesIn } from '../support/cases';
import { reviews } from '../support/fixtures';

const folder = join(import.meta.dirname, 'cases');
const rules = ['sql-injection', 'n-plus-one'];

for (const file of readdirSync(folder).filter(name => name.endsWith('.md')))
  describe(file.slice(0, -'.md'.length), () => {
    const cases = casesIn(join(folder, file));
    for (const each of cases) test(each.title, () => reviews(each.blocks[0]?.text ?? '', { rules }));

    test('holds programs that are flagged and programs that are silent', () => {
      const flagged = cases.filter(({ blocks }) => /\^ (?:sql-injection|n-plus-one)/.test(blocks[0]?.text ?? ''));
      expect(flagged.length).toBeGreaterThan(0);
      expect(cases.length - flagged.length).toBeGreaterThan(0);
    });
  });
