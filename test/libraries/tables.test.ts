/** The shipped tables: each passes the validator that a person's own passes, and says what the vocabulary can say. */
import { describe, expect, test } from 'vitest';
import { libraries } from '../../src/libraries/all';
import { namesOf } from '../../src/libraries/names';
import { shownPath, validateLibrary } from '../../src/libraries/validate';

describe.each(libraries.map(library => [library.package, library] as const))('%s', (_, library) => {
  test('passes the validator, also as JSON', () => {
    const problems = validateLibrary(JSON.parse(JSON.stringify(library)));
    expect(problems.map(problem => `${shownPath(problem.path)} ${problem.message}`)).toEqual([]);
  });

  test('names the documentation that it was read from', () => {
    expect(library.source).toMatch(/^https?:\/\/\S+\.\S+/);
  });

  test('every type is made, received, inherited from, or a known annotation', () => {
    for (const type of Object.keys(library.types ?? {})) expect(type).toMatch(/^[A-Za-z]\w*(\.[A-Z]\w*)*$/);
  });

  test('members that rows speak of belong to a type or to an export', () => {
    for (const row of library.queries ?? [])
      for (const call of namesOf(row.call)) {
        const owner = call.includes('.') ? call.slice(0, call.lastIndexOf('.')) : call;
        if (/^[a-z]/.test(owner)) continue; // an export that is no type: `sql`, `sql.query`
        expect(Object.keys(library.types ?? {}), call).toContain(owner);
      }
  });
});

test('no package is claimed by two tables', () => {
  const packages = libraries.flatMap(library => [library.package, ...(library.also ?? [])]);
  expect(new Set(packages).size).toBe(packages.length);
});
