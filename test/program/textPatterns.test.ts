/** What regular expressions let through. */
import { describe, expect, test } from 'vitest';
import { isWordy, leftBy, matchedBy, quotesNotIn } from '../../src/program/textPatterns';

const words = (pattern: string, flags = ''): boolean => {
  const alphabet = matchedBy(pattern, flags);
  return alphabet !== undefined && isWordy(alphabet);
};

describe('lets nothing through but words', () => {
  test.each([
    ['^\\w+$'],
    ['^[a-z_][a-z0-9_]*$', 'i'],
    ['^[A-Za-z]{1,63}$'],
    ['^(?:name|age)$'],
    ['^(name|age)$'],
    ['^name$|^age$'],
    ['(^name$|^age$)'],
    ['^\\d+(?:\\.\\d+)?$'],
    ['^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$', 'i'],
    ['^(?!pg_)[a-z_]+$'],
    ['^(?<schema>\\w+)\\.(?<table>\\w+)$'],
    ['\\A\\w+\\Z'],
    ['^a\\.b$'],
  ] as [string, string?][])('%s %s', (pattern, flags) => expect(words(pattern, flags)).toBe(true));
});

describe('lets more through', () => {
  test.each([
    ['\\w+'],
    ['^\\w+'],
    ['\\w+$'],
    ['^\\w+$', 'm'],
    ['^\\w+$|.'],
    ['^name|age$'],
    ['^(?:name|age)'],
    ["^[\\w']+$"],
    ['^[\\w ]+$'],
    ['^.*$'],
    ['^\\S+$'],
    ['^[^;]+$'],
    ['^\\p{L}+$', 'u'],
    ['^[a-z'],
    ['^(a$'],
    ['^a$b$'],
    ['^\\x27$'],
    ['(^a$)+'],
  ] as [string, string?][])('%s %s', (pattern, flags) => expect(words(pattern, flags)).toBe(false));
});

test.each([
  ["^[^']*$", "'"],
  ["^[^'\\\\]*$", "'\\"],
  ['^[\\w ]+$', '\'"`\\'],
])('texts of %s hold no %s', (pattern, quotes) => {
  const alphabet = matchedBy(pattern, '');
  expect(alphabet && quotesNotIn(alphabet)).toBe(quotes);
});

test.each([
  ['[^\\w]', '', true],
  ['\\W', '', true],
  ['\\W+', '', true],
  ['[^a-z0-9_]', 'i', true],
  ["'", '', false],
  ['\\W\\d', '', false],
  ['[^a-z ]', '', false],
])('where %s does not match, only words are left: %s', (pattern, flags, expected) => {
  const alphabet = leftBy(pattern, flags);
  expect(alphabet !== undefined && isWordy(alphabet)).toBe(expected);
});

test('an escaped quote is left out of what is not in it', () => {
  const alphabet = leftBy("'", '');
  expect(alphabet && quotesNotIn(alphabet)).toBe("'");
});
