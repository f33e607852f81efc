import { describe, expect, test } from 'vitest';
import type { Finding } from '../../src/engine/finding';
import { applied, disagreements, readProgram } from './fixtures';

const MARKED = `
  //- a.ts
  const one = 1;
  //    ^^^ a-rule: one is
  use(one, two);
  //       ^^^ a-rule (error): two
  //  ^^^ related: here
  //- b.py
  three = 3
  # ^^^^^ MISSING a-rule: not yet
`;

const finding = (file: string, start: number, end: number, more: Partial<Finding> = {}): Finding => ({
  rule: 'a-rule',
  level: 'error',
  at: { file, start, end },
  what: 'one is wrong',
  why: '',
  remedy: '',
  related: [],
  fixes: [],
  fingerprint: `${file}:${start}`,
  ...more,
});

const ONE = finding('a.ts', 6, 9, { level: 'info' });
const TWO = finding('a.ts', 24, 27, {
  what: 'two is wrong',
  related: [{ at: { file: 'a.ts', start: 19, end: 22 }, message: 'here it goes' }],
});

describe('a marked program', () => {
  test('is read without its marks', () => {
    const { files } = readProgram(MARKED);
    expect(Object.fromEntries(files)).toEqual({ 'a.ts': 'const one = 1;\nuse(one, two);\n', 'b.py': 'three = 3\n' });
  });

  test('agrees with what is marked', () => {
    expect(disagreements(readProgram(MARKED), [ONE, TWO])).toEqual([]);
  });

  test('tells what is not found', () => {
    expect(disagreements(readProgram(MARKED), [TWO])).toEqual([
      'a-rule is not found at a.ts:1:7 “one” saying “one is”.',
    ]);
  });

  test('tells what is not marked', () => {
    const more = finding('a.ts', 0, 5, { what: 'a constant' });
    expect(disagreements(readProgram(MARKED), [ONE, TWO, more])).toEqual([
      'a-rule (error) is found and not marked at a.ts:1:1 “const”: a constant',
    ]);
  });

  test.each([
    ['another level', { ...TWO, level: 'warning' as const }],
    ['another message', { ...TWO, what: 'it is wrong' }],
    ['another place', { ...TWO, at: { ...TWO.at, end: 26 } }],
    ['another rule', { ...TWO, rule: 'b-rule' }],
  ])('takes no finding of %s', (_, other) => {
    expect(disagreements(readProgram(MARKED), [ONE, other])).toHaveLength(2);
  });

  test('misses related information', () => {
    expect(disagreements(readProgram(MARKED), [ONE, { ...TWO, related: [] }])).toEqual([
      'No finding relates to a.ts:2:5 “one” saying “here”. Related: nothing',
    ]);
  });

  test('fails on the day that what is missing works', () => {
    const found = finding('b.py', 2, 7);
    expect(disagreements(readProgram(MARKED), [ONE, TWO, found])).toEqual([
      'a-rule is found now at b.py:1:3 “ree =”: drop MISSING from its mark.',
    ]);
  });

  test('takes the first line of a finding that spans lines', () => {
    const program = readProgram('a.call(\n// ^^^^ a-rule: one\n  2,\n);\n');
    expect(disagreements(program, [finding('program.ts', 3, 14)])).toEqual([]);
  });

  test('refuses a mark that does not read, or points at nothing', () => {
    expect(() => readProgram('one\n//  ^ What?')).toThrow('does not read');
    expect(() => readProgram('one\n//  ^^^^ a-rule: x')).toThrow('beyond its line');
  });
});

describe('a fix', () => {
  const files = new Map([
    ['a.ts', 'abc'],
    ['b.ts', 'abc'],
  ]);
  const edit = (file: string, start: number, end: number, newText: string) => ({ at: { file, start, end }, newText });

  test('is applied wherever its edits stand', () => {
    const edits = [edit('a.ts', 0, 1, 'x'), edit('b.ts', 3, 3, 'd'), edit('a.ts', 1, 1, '-'), edit('a.ts', 2, 3, '')];
    expect(Object.fromEntries(applied({ edits }, files))).toEqual({ 'a.ts': 'x-b', 'b.ts': 'abcd' });
  });

  test('must not overlap itself', () => {
    expect(() => applied({ edits: [edit('a.ts', 0, 2, 'x'), edit('a.ts', 1, 3, 'y')] }, files)).toThrow('overlap');
  });
});
