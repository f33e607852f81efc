/** Finds where brackets, strings and comments of JavaScript end, in files that an editor may hold half written. */

const PAIRS: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

/** The offset behind the bracket that closes the one at `at`; undefined where none does. */
export function behindBracket(text: string, at: number): number | undefined {
  const open: string[] = [];
  for (let index = at; index < text.length; ) {
    const character = text[index] ?? '';
    const skipped = behindQuoted(text, index);
    if (skipped !== undefined) {
      index = skipped;
      continue;
    }
    if (PAIRS[character] !== undefined) open.push(PAIRS[character]);
    else if (character === open[open.length - 1]) {
      open.pop();
      if (open.length === 0) return index + 1;
    }
    index += 1;
  }
  return undefined;
}

/** The offset behind a string, a template or a comment that begins here; undefined where none does. */
function behindQuoted(text: string, at: number): number | undefined {
  const character = text[at];
  if (character === '/' && text[at + 1] === '/') return endOr(text.indexOf('\n', at), text);
  if (character === '/' && text[at + 1] === '*') return endOr(text.indexOf('*/', at), text, 2);
  if (character !== "'" && character !== '"' && character !== '`') return undefined;
  for (let index = at + 1; index < text.length; index += 1) {
    const next = text[index];
    if (next === '\\') index += 1;
    else if (next === character) return index + 1;
    else if (next === '\n' && character !== '`') return index;
    else if (character === '`' && next === '$' && text[index + 1] === '{')
      index = (behindBracket(text, index + 1) ?? text.length) - 1;
  }
  return text.length;
}

const endOr = (index: number, text: string, length = 0): number => (index < 0 ? text.length : index + length);

/** The offset of what is neither white space nor a comment. */
export function behindBlank(text: string, at: number): number {
  for (let index = at; ; ) {
    BLANK.lastIndex = index;
    index += BLANK.exec(text)?.[0].length ?? 0;
    const isComment = text[index] === '/' && (text[index + 1] === '/' || text[index + 1] === '*');
    if (!isComment) return index;
    index = behindQuoted(text, index) ?? index + 1;
  }
}

const BLANK = /\s*/y;

/** The offset at which an expression that begins here ends: a bracket or separator of what is around it, or its line. */
export function endOfExpression(text: string, at: number): number {
  for (let index = at; index < text.length; ) {
    const character = text[index] ?? '';
    if (character === ';' || character === ',' || character === ')' || character === ']' || character === '}')
      return index;
    if (character === '\n' && !/^[.?&|+]/.test(text.slice(behindBlank(text, index), behindBlank(text, index) + 1)))
      return index;
    index = behindQuoted(text, index) ?? (PAIRS[character] ? (behindBracket(text, index) ?? text.length) : index + 1);
  }
  return text.length;
}
