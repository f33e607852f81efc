/** Python's string literals: prefixes, quotes of one and of three, escapes, and the holes of f-strings. */
import type { Expression, TextExpression, TextHole, TextPart } from '../../../src/program/model';
import type { SyntaxNode as Node } from '../../../src/syntax/parsers';

const SHORT: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '\\': '\\', "'": "'", '"': '"', '\n': '' };

/** @param base  where the unit starts; @param lower  lowers the expression of a hole */
export function lowerString(node: Node, base: number, lower: (hole: Node) => Expression): TextExpression {
  const parts: (TextPart | TextHole)[] = [];
  let open = '';
  let close = '';
  for (const child of node.namedChildren) {
    const span = { start: child.startIndex - base, end: child.endIndex - base };
    if (child.type === 'string_start') open = child.text;
    else if (child.type === 'string_end') close = child.text;
    else if (child.type === 'string_content') parts.push({ ...constant(child), ...span });
    else if (child.type === 'interpolation') {
      const expression = child.childForFieldName('expression') ?? child;
      const format = child.namedChildren
        .filter(part => part.type === 'type_conversion' || part.type === 'format_specifier')
        .map(part => part.text)
        .join('');
      parts.push({ kind: 'hole', expression: lower(expression), ...(format && { format }), ...span });
    }
  }
  return { kind: 'text', parts, open, close, start: node.startIndex - base, end: node.endIndex - base };
}

function constant(node: Node): { kind: 'part'; value: string; escapes?: [number, number][] } {
  const escapes: [number, number][] = [];
  let value = '';
  let at = node.startIndex;
  for (const child of node.namedChildren) {
    value += node.text.slice(at - node.startIndex, child.startIndex - node.startIndex);
    value += child.type === 'escape_interpolation' ? child.text.slice(1) : (SHORT[child.text.slice(1)] ?? child.text);
    at = child.endIndex;
    escapes.push([value.length, at - node.startIndex]);
  }
  value += node.text.slice(at - node.startIndex);
  return { kind: 'part', value, ...(escapes.length > 0 && { escapes }) };
}
