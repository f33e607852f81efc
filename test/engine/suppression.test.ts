import { describe, expect, test } from 'vitest';
import { type CommentSpan, suppressionsIn } from '../../src/engine/suppression';

/** Comments of a text by pattern: enough for tests, which have no comment signs in strings. */
function commentsIn(text: string): CommentSpan[] {
  return [...text.matchAll(/\/\*[\s\S]*?\*\/|<!--[\s\S]*?-->|(?:\/\/|#(?!!)|--(?= ))[^\r\n]*/g)].map(match => ({
    start: match.index,
    end: match.index + match[0].length,
    text: match[0],
    ownLine: text.slice(text.lastIndexOf('\n', match.index - 1) + 1, match.index).trim() === '',
  }));
}

const read = (text: string) => suppressionsIn(text, commentsIn(text));

const targetLine = (text: string, index = 0) => {
  const target = read(text).suppressions[index]?.target;
  return target === undefined ? undefined : text.slice(0, target).split('\n').length;
};

describe('in every host language', () => {
  test.each([
    ['//', '// backend-reviewer-ignore-next-line n-plus-one -- few items\ncode'],
    ['#', '# backend-reviewer-ignore-next-line n-plus-one -- few items\ncode'],
    ['--', '-- backend-reviewer-ignore-next-line n-plus-one -- few items\ncode'],
    ['/* */', '/* backend-reviewer-ignore-next-line n-plus-one -- few items */\ncode'],
    ['/** */', '/** backend-reviewer-ignore-next-line n-plus-one -- few items */\ncode'],
    ['<!-- -->', '<!-- backend-reviewer-ignore-next-line n-plus-one -- few items -->\ncode'],
    ['JSX', '{/* backend-reviewer-ignore-next-line n-plus-one -- few items */}\ncode'],
    ['without a space', '//backend-reviewer-ignore-next-line n-plus-one -- few items\ncode'],
    ['a line of a block', '/*\n * backend-reviewer-ignore-next-line n-plus-one -- few items\n */\ncode'],
    ['behind code', 'first(); // backend-reviewer-ignore-next-line n-plus-one -- few items\ncode'],
    ['Windows line breaks', '// backend-reviewer-ignore-next-line n-plus-one -- few items\r\ncode'],
  ])('%s', (_, text) => {
    const { suppressions } = read(text);
    expect(suppressions).toHaveLength(1);
    expect(suppressions[0]).toMatchObject({ scope: 'next-line', reason: 'few items', target: text.indexOf('code') });
    expect(suppressions[0]?.rules.map(({ id, start, end }) => [id, text.slice(start, end)])).toEqual([
      ['n-plus-one', 'n-plus-one'],
    ]);
  });
});

describe('rules and reason', () => {
  test.each([
    ['n-plus-one -- why', ['n-plus-one'], 'why'],
    ['n-plus-one, sql-injection -- why', ['n-plus-one', 'sql-injection'], 'why'],
    ['n-plus-one,sql-injection--why', ['n-plus-one', 'sql-injection'], 'why'],
    ['n-plus-one --- why -- and more', ['n-plus-one'], 'why -- and more'],
    ['n-plus-one', ['n-plus-one'], undefined],
    ['n-plus-one --', ['n-plus-one'], undefined],
    ['n-plus-one --   ', ['n-plus-one'], undefined],
    ['n-plus-one because it is fine', ['n-plus-one'], undefined],
    ['-- why', [], 'why'],
    ['', [], undefined],
  ])('%s', (written, rules, reason) => {
    const text = `// backend-reviewer-ignore-next-line ${written}\ncode`;
    const [suppression] = read(text).suppressions;
    expect(suppression?.rules.map(({ id }) => id)).toEqual(rules);
    expect(suppression?.reason).toBe(reason);
    for (const { id, start, end } of suppression?.rules ?? []) expect(text.slice(start, end)).toBe(id);
  });

  test('an HTML comment without a reason ends with its delimiter, not with a reason', () => {
    expect(read('<!-- backend-reviewer-ignore-next-line n-plus-one -->\ncode').suppressions[0]?.reason).toBeUndefined();
  });
});

describe('what is none', () => {
  test.each([
    ['prose that mentions one', '// use backend-reviewer-ignore-next-line n-plus-one for this\ncode'],
    ['a longer word', '// backend-reviewer-ignore-next-line-x n-plus-one -- y\ncode'],
    ['no comment', 'const a = "backend-reviewer-ignore-next-line n-plus-one -- y";'],
  ])('%s', (_, text) => {
    expect(read(text).suppressions).toEqual([]);
  });

  test.each(['backend-reviewer-ignore', 'backend-reviewer-disable-next-line', 'backend-reviewer-ignore-line'])(
    '%s is nearly one, and said',
    directive => {
      const { suppressions, problems } = read(`code;\n// ${directive} n-plus-one -- y\ncode`);
      expect(suppressions).toEqual([]);
      expect(problems).toEqual([{ start: 9, message: expect.stringContaining(`"${directive}" ignores nothing`) }]);
    },
  );
});

describe('the next line of code', () => {
  const ignore = '// backend-reviewer-ignore-next-line n-plus-one -- y';
  test.each([
    ['directly below', `${ignore}\ncode`, 2],
    ['below another comment', `${ignore}\n// more about it\ncode`, 3],
    ['below a block comment and a blank line', `${ignore}\n/* one\n two */\n\ncode`, 5],
    ['below another suppression', `${ignore}\n${ignore}\ncode`, 3],
    [
      'below a comment in JSX braces',
      `<p>\n  {/* backend-reviewer-ignore-next-line n-plus-one -- y */}\n  {/* b */}\n  <b/>`,
      4,
    ],
    [
      'not behind the comment in its own line',
      `/* backend-reviewer-ignore-next-line n-plus-one -- y */ here();\nthere();`,
      2,
    ],
    ['nothing at the end', `code\n${ignore}`, undefined],
    ['nothing but blanks', `code\n${ignore}\n\n`, undefined],
  ])('%s', (_, text, line) => {
    expect(targetLine(text)).toBe(line);
  });
});

describe('the head of a file', () => {
  const ignore = 'backend-reviewer-ignore-file n-plus-one -- generated';
  test.each([
    ['the first line', `// ${ignore}\ncode`, false],
    ['below a licence', `/* licence\n * of ours */\n\n// ${ignore}\ncode`, false],
    ['below a #! line', `#!/usr/bin/env node\n// ${ignore}\ncode`, false],
    ['below an opening tag', `<?php\n// ${ignore}\ncode`, false],
    ['below use strict', `'use strict';\n// ${ignore}\ncode`, false],
    ['in a file of comments', `// ${ignore}`, false],
    ['below code', `import a from 'a';\n// ${ignore}\n`, true],
    ['behind code', `import a from 'a'; // ${ignore}\n`, true],
  ])('%s', (_, text, misplaced) => {
    expect(read(text).suppressions).toMatchObject([{ scope: 'file', misplaced }]);
  });
});

describe('what goes with the comment', () => {
  const without = (text: string) => {
    const removable = read(text).suppressions[0]?.removable;
    return removable && text.slice(0, removable.start) + text.slice(removable.end);
  };
  const ignore = 'backend-reviewer-ignore-next-line n-plus-one -- y';
  test.each([
    ['its line', `a\n  // ${ignore}\n  b`, 'a\n  b'],
    ['its line with Windows line breaks', `a\r\n  // ${ignore}\r\n  b`, 'a\r\n  b'],
    ['the blanks before it', `a();  // ${ignore}\nb`, 'a();\nb'],
    ['the blanks behind it', `  /* ${ignore} */ a();`, '  a();'],
    ['its braces', `<p>\n  {/* ${ignore} */}\n  <b/>`, '<p>\n  <b/>'],
    ['nothing when it says more', `/*\n * more\n * ${ignore}\n */\na`, undefined],
  ])('%s', (_, text, expected) => {
    expect(without(text)).toBe(expected);
  });
});
