/** String literals and templates: what they say, and where in the source each stretch of it stands. */
import type { Expression, TextExpression, TextHole, TextPart } from '../../program/model';
import type { Node } from '../../syntax/flatTree';
import type { Lowering } from './lowering';

/** `'…'` or `"…"`. */
export function lowerString(at: Lowering, _node: Node, start: number, end: number): TextExpression {
  const from = at.base + start;
  const quote = at.text.charAt(from);
  // Half-typed, the closing quote may be missing.
  const closed = end - start > 1 && at.text.charAt(at.base + end - 1) === quote;
  const part = constantPart(at, from + 1, at.base + end - (closed ? 1 : 0), false);
  return { kind: 'text', parts: part ? [part] : [], open: quote, close: quote, start, end };
}

/** `` `…${hole}…` `` */
export function lowerTemplate(at: Lowering, node: Node, start: number, end: number): TextExpression {
  const parts: (TextPart | TextHole)[] = [];
  const close = at.base + end - (end - start > 1 && at.text.charAt(at.base + end - 1) === '`' ? 1 : 0);
  let from = at.base + start + 1;
  for (const child of at.parts(node)) {
    if (at.type(child) !== 'template_substitution') continue;
    const before = constantPart(at, from, at.tree.start(child), true);
    if (before) parts.push(before);
    parts.push({ kind: 'hole', expression: holeOf(at, child), ...at.span(child) });
    from = at.tree.end(child);
  }
  const last = constantPart(at, from, close, true);
  if (last) parts.push(last);
  return { kind: 'text', parts, open: '`', close: '`', start, end };
}

function holeOf(at: Lowering, substitution: Node): Expression {
  const [expression, ...more] = at.parts(substitution);
  if (expression && more.length === 0) return at.expression(expression);
  // `${}`: half-typed, or a comma operator, which the grammar puts here as several children.
  return { kind: 'opaque', label: 'missing', operands: at.operands(substitution), ...at.span(substitution) };
}

/** The stretch from `start` to `end`, in file offsets; nothing when it is empty. */
function constantPart(at: Lowering, start: number, end: number, template: boolean): TextPart | undefined {
  if (end <= start) return undefined;
  const raw = at.text.slice(start, end);
  const span = { start: start - at.base, end: end - at.base };
  if (!raw.includes('\\') && !(template && raw.includes('\r'))) return { kind: 'part', value: raw, ...span };
  return { kind: 'part', ...cooked(raw, template), ...span };
}

/**
 * What an escaped stretch says.
 * @returns `escapes` as the model wants them: from this offset in the value on, the source goes on at that offset
 */
export function cooked(raw: string, template: boolean): Pick<TextPart, 'value' | 'escapes'> {
  const escapes: [number, number][] = [];
  // A template literal's line ends are line feeds, however the file writes them.
  const special = template ? /\\(?:\r\n|[\s\S])|\r\n?/g : /\\(?:\r\n|[\s\S])/g;
  let value = '';
  let from = 0;
  for (let found = special.exec(raw); found; found = special.exec(raw)) {
    value += raw.slice(from, found.index);
    const [said, length] = meaningOf(raw, found.index, found[0]);
    value += said;
    from = found.index + length;
    special.lastIndex = from;
    escapes.push([value.length, from]);
  }
  return { value: value + raw.slice(from), escapes };
}

const SINGLE: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f', v: '\v' };

/** The characters that an escape stands for, and its length in the source. */
function meaningOf(raw: string, index: number, written: string): [string, number] {
  if (!written.startsWith('\\')) return ['\n', written.length];
  const letter = written.slice(1);
  if (/^[\r\n\u2028\u2029]/.test(letter)) return ['', written.length];
  const rest = raw.slice(index + 1, index + 12);
  const hex = /^(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|u\{([\da-fA-F]{1,6})\})/.exec(rest);
  if (hex) {
    const code = Number.parseInt(hex[1] ?? hex[2] ?? hex[3] ?? '', 16);
    return [code <= 0x10ffff ? fromCode(code, hex[3] !== undefined) : '', hex[0].length + 1];
  }
  const octal = /^[0-3]?[0-7]{1,2}/.exec(rest);
  if (octal) return [String.fromCharCode(Number.parseInt(octal[0], 8)), octal[0].length + 1];
  return [SINGLE[letter] ?? letter, written.length];
}

const fromCode = (code: number, isPoint: boolean): string =>
  isPoint ? String.fromCodePoint(code) : String.fromCharCode(code);
