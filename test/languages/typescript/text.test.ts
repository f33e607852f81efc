/** What a literal says is what JavaScript says it says, and each character is found again in the source. */
import { describe, expect, test } from 'vitest';
import type { TextPart } from '../../../src/program/model';
import { lower } from './lower';

async function partOf(literal: string): Promise<{ part: TextPart; source: string }> {
  const source = `x = ${literal};`;
  const [statement] = (await lower(source, 'program.js')).top.function.body;
  if (statement?.kind !== 'evaluate' || statement.expression.kind !== 'assign') throw new Error('No assignment.');
  const { value } = statement.expression;
  const [part] = value.kind === 'text' ? value.parts : [];
  if (part?.kind !== 'part') throw new Error('No constant text.');
  return { part, source };
}

/** Where a character of the value stands in the source. */
function sourceOffset(part: TextPart, offset: number): number {
  const known = (part.escapes ?? []).filter(([value]) => value <= offset).at(-1) ?? [0, 0];
  return part.start + known[1] + offset - known[0];
}

describe('escapes', () => {
  test.each([
    String.raw`'a\n\r\t\b\f\v\0b'`,
    String.raw`'\x41\u0042\u{1F600}\u{43}'`,
    String.raw`'\'\"\\\q\$'`,
    String.raw`"it's \"so\""`,
    "'line \\\ncontinued'",
    "'line \\\r\ncontinued'",
    String.raw`'\101\47\18'`,
    String.raw`'😀\u00e9𝒳'`,
    '`two\r\nlines\rthree`',
    String.raw`'\`\${x}'`.replaceAll("'", '`'),
  ])('%j', async literal => {
    const { part, source } = await partOf(literal);
    // Sloppy mode, since octal escapes are only there.
    expect(part.value).toBe(new Function(`return ${literal}`)());
    const plain = [...part.value].findIndex(character => /[a-z]/.test(character));
    if (plain >= 0) {
      const offset = part.value.search(/[a-z]/);
      // Of an escaped letter, its backslash.
      expect([part.value[offset], '\\']).toContain(source[sourceOffset(part, offset)]);
    }
    expect(sourceOffset(part, part.value.length)).toBe(part.end);
  });
});

test('an escape that is none is taken as written', async () => {
  const { part } = await partOf(String.raw`'\u{110000}b'`);
  expect(part.value).toBe('b');
});
