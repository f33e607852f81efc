import { expect, test } from 'vitest';
import type { Finding, Fix } from '../../src/engine/finding';
import { safeFixes } from '../../src/server/safeFixes';

const fix = (safety: Fix['safety'], ...edits: [start: number, end: number, newText: string, file?: string][]): Fix => ({
  title: 'Mend it',
  safety,
  edits: edits.map(([start, end, newText, file = 'a.ts']) => ({ at: { file, start, end }, newText })),
});

const finding = (...fixes: Fix[]): Finding => ({
  rule: 'bad',
  level: 'warning',
  at: { file: 'a.ts', start: 0, end: 1 },
  what: '',
  why: '',
  remedy: '',
  related: [],
  fingerprint: 'f',
  fixes,
});

const texts = (...findings: Finding[]) => safeFixes('a.ts', findings).map(({ newText }) => newText);

test('of each finding the first safe fix', () => {
  expect(texts(finding(fix('suggestion', [0, 1, 'a']), fix('safe', [2, 3, 'b']), fix('safe', [4, 5, 'c'])))).toEqual([
    'b',
  ]);
});

test('a fix that shares text with an earlier one is left out as a whole', () => {
  expect(
    texts(
      finding(fix('safe', [0, 10, 'a'])),
      finding(fix('safe', [20, 21, 'b'], [9, 12, 'c'])),
      finding(fix('safe', [12, 13, 'd'])),
    ),
  ).toEqual(['a', 'd']);
});

test('fixes that touch end to end go together; two insertions at one place do not', () => {
  expect(texts(finding(fix('safe', [0, 5, 'a'])), finding(fix('safe', [5, 9, 'b'])))).toEqual(['a', 'b']);
  expect(texts(finding(fix('safe', [5, 5, 'a'])), finding(fix('safe', [5, 5, 'b'])))).toEqual(['a']);
});

test('a fix that reaches into another file is left out: fix-all may run on save', () => {
  expect(texts(finding(fix('safe', [0, 1, 'a'], [0, 1, 'b', 'other.ts'])))).toEqual([]);
});
