/** Drops in steps, in the form of each tool: `drop-in-steps.md`. What they do on a server: `dropInSteps.postgres.test.ts`. */
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { casesIn } from '../support/cases';
import { readProgram } from '../support/fixtures';
import { reviewProgram } from '../support/reviewProgram';
import { droppedInSteps } from './renameInSteps';

const RULES = ['breaks-running-code', 'destructive-drop', 'irreversible-migration'];

describe('a drop in steps', () => {
  for (const each of casesIn(join(import.meta.dirname, 'drop-in-steps.md'))) {
    const [program, expected] = each.blocks;
    const { files } = readProgram(program?.text ?? '');
    test(each.title, async () => {
      const { after, fix, added } = await droppedInSteps(files, 'breaks-running-code');
      const changed = Object.fromEntries([...after].filter(([file, text]) => files.get(file) !== text));
      expect(changed).toEqual(expected ? Object.fromEntries(readProgram(expected.text).files) : {});
      if (!fix) return;
      // the drop is the new migration's now, which is not made to wait again
      const known = new Set((await found(files)).map(({ fingerprint }) => fingerprint));
      const inMigrations = (await found(after)).filter(({ fingerprint }) => !known.has(fingerprint));
      for (const { rule, at, fixes } of inMigrations) {
        expect(['breaks-running-code', 'destructive-drop']).toContain(rule);
        expect(added).toContain(at.file);
        expect(fixes).toEqual([]);
      }
      // in a file that gets one changeset more they are what they were
      const expectedRules = added.length > 0 ? ['breaks-running-code', 'destructive-drop'] : [];
      expect(inMigrations.map(({ rule }) => rule).sort()).toEqual(expectedRules);
    });
  }

  test('is offered by both rules that tell of it', async () => {
    const files = new Map([
      ['db/1_a.up.sql', 'CREATE TABLE users (id bigint PRIMARY KEY, nickname text NOT NULL);\n'],
      ['db/1_a.down.sql', 'DROP TABLE users;\n'],
      ['db/2_b.up.sql', 'ALTER TABLE users DROP COLUMN nickname;\n'],
      [
        'src/a.ts',
        "import { Pool } from 'pg';\nexport const all = () => new Pool().query('SELECT nickname FROM users');\n",
      ],
    ]);
    const fixesOf = (findings: Awaited<ReturnType<typeof found>>) =>
      findings.flatMap(({ rule, fixes }) => fixes.map(({ title }) => `${rule}: ${title.slice(0, 19)}`)).sort();
    expect(fixesOf(await found(files)).filter(each => !each.startsWith('irreversible'))).toEqual([
      'breaks-running-code: Drop it in 2 steps:',
      'destructive-drop: Drop it in 2 steps:',
    ]);
    const unused = new Map([...files].filter(([file]) => !file.endsWith('.ts')));
    expect(fixesOf(await found(unused)).filter(each => !each.startsWith('irreversible'))).toEqual([]);
  });
});

/** In migrations: what is said where the code still uses it is said as before. */
const found = async (files: ReadonlyMap<string, string>) =>
  (await reviewProgram(files, { rules: RULES }))
    .flatMap(({ findings }) => findings)
    .filter(({ at }) => !/^(?:src|app)\/[^/]+$/.test(at.file));
