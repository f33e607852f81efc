/**
 * Fifty migrations in each of four formats, each folder with one down that looks right and is not: `migration verify`
 * names that one, and the review says of all two hundred what the lab says.
 */
import { describe, expect, test } from 'vitest';
import type { Reversal } from '../../src/migrations/reversal';
import { openProduct } from '../../src/workspace/product';
import { folders } from '../migrations/folders';
import { syntaxFiles } from '../syntax/parsers';
import { folderWith, verify } from './commandLine';
import { usesLab } from './program';

const lab = usesLab();

/** What the review's verdict is called where the lab has one. */
const IN_WORDS: Readonly<Record<Reversal['verdict'], string>> = {
  'nothing-to-undo': 'changes no structure',
  undone: 'reversible: proven',
  unknown: 'not verified',
  differs: 'not reversible',
  fails: 'not reversible',
};

describe('the one wrong down among fifty migrations', () => {
  test.each(folders().map(folder => [folder.format, folder] as const))(
    'of %s',
    { timeout: 240_000 },
    async (_, { files, wrong }) => {
      const folder = folderWith(files);
      const { status, out, verdicts } = await verify(folder, [folder], lab());
      expect(verdicts).toHaveLength(50);
      const up = wrong.file.replace('.down.', '.up.');
      expect(verdicts.filter(verdict => verdict.endsWith('not reversible'))).toEqual([`${up}: not reversible`]);
      expect(verdicts.filter(verdict => verdict.endsWith('not verified'))).toEqual([]);
      expect(out).toContain(wrong.object);
      expect(status).toBe(1);

      const reviewer = openProduct({ syntax: syntaxFiles }).createReviewer(folder);
      const seen = new Set<string>();
      for (const file of files.keys())
        for (const { step, reversal } of await reviewer.stepsIn(file))
          seen.add(`${step.file}: ${reversal ? IN_WORDS[reversal.verdict] : 'no verdict'}`);
      // values are lost by definition: to the review that is a way back
      expect([...seen]).toEqual(
        verdicts.map(each => each.replace('structure proven, data lost', 'reversible: proven')),
      );
    },
  );
});
