/** The migration that the fix of `missing-index` adds, in the form of each tool: `missing-index-migrations.md`. */
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { blockOf, casesIn } from '../support/cases';
import { applied, readProgram } from '../support/fixtures';
import { reviewProgram } from '../support/reviewProgram';

const CODE = {
  file: 'src/orders.ts',
  text: `import { Pool } from 'pg';
const pool = new Pool();
export const ordersOf = (id: string) => pool.query('SELECT id FROM orders WHERE customer_id = $1', [id]);
`,
};

/** What the new files must give no cause for. */
const RULES = ['missing-index', 'irreversible-migration', 'concurrent-in-transaction', 'index-not-concurrent'];

describe('the index in a new migration', () => {
  for (const each of casesIn(join(import.meta.dirname, 'missing-index-migrations.md'))) {
    const { files } = readProgram(each.blocks[0]?.text ?? '');
    const before = new Map([...files, [CODE.file, CODE.text]]);
    const offered = async () => {
      const reviews = await reviewProgram(before, { rules: ['missing-index'] });
      const [finding] = reviews.flatMap(({ findings }) => findings);
      expect(finding?.rule).toBe('missing-index');
      return finding?.fixes[0];
    };
    if (each.blocks.length === 1) {
      test(`${each.title}: none`, async () => expect(await offered()).toBeUndefined());
      continue;
    }
    test(each.title, async () => {
      const fix = await offered();
      expect(fix).toMatchObject({ safety: 'suggestion', previewed: true });
      expect(fix?.edits.every(({ creates }) => creates)).toBe(true);
      const after = applied({ edits: fix?.edits ?? [] }, before);
      const added = [...after].filter(([file]) => !before.has(file));
      expect(Object.fromEntries(added)).toEqual(Object.fromEntries(readProgram(blockOf(each, 'text added')).files));
      const known = (await reviewProgram(before, { rules: RULES })).flatMap(({ findings }) => findings);
      const left = (await reviewProgram(after, { rules: RULES })).flatMap(({ findings }) => findings);
      const fingerprints = new Set(known.filter(({ rule }) => rule !== 'missing-index').map(it => it.fingerprint));
      expect(left.filter(({ fingerprint }) => !fingerprints.has(fingerprint))).toEqual([]);
    });
  }
});
