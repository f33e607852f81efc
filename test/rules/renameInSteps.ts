/** Applies the fix that renames or drops in steps, and gives what each of the project's migrations is then. */
import { expect } from 'vitest';
import type { Fix } from '../../src/engine/finding';
import { applied } from '../support/fixtures';
import { type Files, reviewProgram } from '../support/reviewProgram';

export interface InSteps {
  readonly fix: Fix | undefined;
  readonly after: Files;
  /** The files that the fix has made, in order. */
  readonly added: readonly string[];
}

/** @param rule the one whose fix it is */
export const renamedInSteps = (files: Files, rule: string = 'rename-in-place'): Promise<InSteps> =>
  changedInSteps(files, [rule], /^Rename it in \d steps/);

export const droppedInSteps = (files: Files, ...rules: readonly string[]): Promise<InSteps> =>
  changedInSteps(files, rules, /^Drop it in (?:2 steps|a new migration)/);

/** What is added while the table is in use. */
export const addedInSteps = (files: Files, rule: string): Promise<InSteps> =>
  changedInSteps(files, [rule], /in 3 steps|in a new migration$/);

async function changedInSteps(files: Files, rules: readonly string[], title: RegExp): Promise<InSteps> {
  const isInSteps = (each: Fix): boolean => title.test(each.title);
  const reviews = await reviewProgram(files, { rules });
  const finding = reviews.flatMap(({ findings }) => findings).find(each => each.fixes.some(isInSteps));
  const fix = finding?.fixes.find(isInSteps);
  if (!fix) return { fix, after: files, added: [] };
  expect(fix).toMatchObject({ safety: 'suggestion', previewed: true });
  const after = applied(fix, files);
  const added = fix.edits.flatMap(({ at, creates }) => (creates && !files.has(at.file) ? [at.file] : []));
  return { fix, after, added };
}
