import { describe, expect, test } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { suppressionsIn } from '../../src/engine/suppression';
import { ignoreFile, ignoreLine } from '../../src/server/suppress';

const document = (text: string, languageId = 'typescript') => TextDocument.create('file:///a', languageId, 1, text);
const onLine = (text: string, line: number, reason = 'it is so', languageId?: string) => {
  const open = document(text, languageId);
  return TextDocument.applyEdits(open, [ignoreLine(open, line, { rule: 'n-plus-one', reason })]);
};
const inFile = (text: string, reason = 'it is so', languageId?: string) => {
  const open = document(text, languageId);
  return TextDocument.applyEdits(open, [ignoreFile(open, { rule: 'n-plus-one', reason })]);
};

describe('a comment above the line', () => {
  test('is as deep as the line, and in the line endings of the file', () => {
    expect(onLine('if (a) {\r\n\t  b();\r\n}\r\n', 1)).toBe(
      'if (a) {\r\n\t  // backend-reviewer-ignore-next-line n-plus-one -- it is so\r\n\t  b();\r\n}\r\n',
    );
  });

  test('is the comment of SQL in SQL', () => {
    expect(onLine('DELETE FROM person;\n', 0, 'it is so', 'sql')).toBe(
      '-- backend-reviewer-ignore-next-line n-plus-one -- it is so\nDELETE FROM person;\n',
    );
  });

  test('is the comment of Python in Python', () => {
    expect(onLine('if a:\n    b()\n', 1, 'it is so', 'python')).toBe(
      'if a:\n    # backend-reviewer-ignore-next-line n-plus-one -- it is so\n    b()\n',
    );
  });

  test('without a reason has no dashes', () => {
    expect(onLine('b();\n', 0, '')).toBe('// backend-reviewer-ignore-next-line n-plus-one\nb();\n');
  });

  test('that stands there takes the rule in and keeps its reason', () => {
    expect(onLine('// backend-reviewer-ignore-next-line sql-injection -- ours\nb();\n', 1)).toBe(
      '// backend-reviewer-ignore-next-line sql-injection, n-plus-one -- ours\nb();\n',
    );
  });

  test('is read as what it says', () => {
    const text = onLine('b();\n', 0);
    const end = text.indexOf('\n');
    const { suppressions, problems } = suppressionsIn(text, [
      { start: 0, end, text: text.slice(0, end), ownLine: true },
    ]);
    expect(problems).toEqual([]);
    expect(suppressions).toMatchObject([
      { scope: 'next-line', rules: [{ id: 'n-plus-one' }], reason: 'it is so', target: end + 1 },
    ]);
  });
});

describe('a comment for the file', () => {
  test('stands in its first line', () => {
    expect(inFile('b();\n')).toBe('// backend-reviewer-ignore-file n-plus-one -- it is so\nb();\n');
  });

  test('stands below a #! line, also when there is no other', () => {
    expect(inFile('#!/usr/bin/env node\nb();\n')).toBe(
      '#!/usr/bin/env node\n// backend-reviewer-ignore-file n-plus-one -- it is so\nb();\n',
    );
    expect(inFile('#!/usr/bin/env node')).toBe(
      '#!/usr/bin/env node\n// backend-reviewer-ignore-file n-plus-one -- it is so\n',
    );
  });

  test('that stands there takes the rule in', () => {
    expect(inFile('-- backend-reviewer-ignore-file data-loss -- ours\nDROP TABLE a;\n', 'x', 'sql')).toBe(
      '-- backend-reviewer-ignore-file data-loss, n-plus-one -- ours\nDROP TABLE a;\n',
    );
  });
});
