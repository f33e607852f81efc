/** Python's string literals: prefixes, quotes of one and of three, escapes, and the holes of f-strings. */
import type { Expression, TextExpression, TextHole, TextPart } from '../../program/model';
import type { Node } from '../../syntax/flatTree';
import type { Lowering } from './lowering';

export function lowerString(at: Lowering, node: Node, start: number, end: number): TextExpression {
  const parts: (TextPart | TextHole)[] = [];
  let open = '';
  let close = '';
  for (const child of at.parts(node))
    switch (at.type(child)) {
      case 'string_start':
        open = at.source(child);
        break;
      case 'string_end':
        close = at.source(child);
        break;
      case 'string_content':
        parts.push(constantPart(at, child, open));
        break;
      case 'interpolation':
        parts.push(holeOf(at, child));
    }
  return { kind: 'text', parts, open, close, start, end };
}

/** Literals that stand side by side are one text: `"SELECT * " f"FROM {table}"`. */
export function lowerAdjacent(at: Lowering, node: Node, start: number, end: number): Expression {
  const operands = at.parts(node).map(part => at.expression(part));
  const [only, ...more] = operands;
  if (only && more.length === 0) return only;
  return { kind: 'operation', operator: '+', operands, start, end };
}

function holeOf(at: Lowering, node: Node): TextHole {
  const [expression, ...others] = at.parts(node);
  const format = others
    .filter(part => /^(?:type_conversion|format_specifier)$/.test(at.type(part)))
    .map(part => at.source(part))
    .join('');
  return {
    kind: 'hole',
    expression: expression === undefined ? at.missing(at.tree.start(node) - at.base) : at.expression(expression),
    ...(format && { format }),
    ...at.span(node),
  };
}

function constantPart(at: Lowering, node: Node, open: string): TextPart {
  const raw = at.source(node);
  const prefix = open.toLowerCase();
  const [isRaw, isFormat] = [prefix.includes('r'), /^\w*f/.test(prefix)];
  const special = specialIn(isRaw, isFormat);
  special.lastIndex = 0;
  if (!special.test(raw)) return { kind: 'part', value: raw, ...at.span(node) };
  return { kind: 'part', ...cooked(raw, special), ...at.span(node) };
}

const ESCAPE =
  '\\\\(?:\\r\\n|x[\\da-fA-F]{2}|u[\\da-fA-F]{4}|U[\\da-fA-F]{8}|N\\{[^}]*\\}|[0-7]{1,3}|[\\n\\\\\'"abfnrtv])';
const BRACES = '\\{\\{|\\}\\}';

const SPECIAL = [ESCAPE, `${ESCAPE}|${BRACES}`, '', BRACES].map(
  kind => new RegExp(`${kind ? `${kind}|` : ''}\\r\\n`, 'g'),
);
const NEVER = /\r\n/g;

const specialIn = (isRaw: boolean, isFormat: boolean): RegExp => SPECIAL[(isRaw ? 2 : 0) + (isFormat ? 1 : 0)] ?? NEVER;

/** What an escaped stretch says; `escapes` as the model wants them. An escape that Python does not know stays as it is. */
function cooked(raw: string, special: RegExp): Pick<TextPart, 'value' | 'escapes'> {
  const escapes: [number, number][] = [];
  let value = '';
  let from = 0;
  special.lastIndex = 0;
  for (const found of raw.matchAll(special)) {
    value += raw.slice(from, found.index) + meaningOf(found[0]);
    from = found.index + found[0].length;
    escapes.push([value.length, from]);
  }
  return { value: value + raw.slice(from), escapes };
}

const SINGLE: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\n': '',
  '\r\n': '',
};

function meaningOf(written: string): string {
  if (!written.startsWith('\\')) return written === '\r\n' ? '\n' : written.charAt(0);
  const said = written.slice(1);
  const letter = said.charAt(0);
  if (/^[0-7]/.test(said)) return String.fromCharCode(Number.parseInt(said, 8));
  if (said.length > 1 && /[xuU]/.test(letter)) {
    const code = Number.parseInt(said.slice(1), 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : '';
  }
  // The character's name is of no matter; that one stands here is.
  if (letter === 'N' && said.length > 1) return '\ufffd';
  return SINGLE[said] ?? said;
}
