/** What values are bound to: names, several at once, places. */
import type { Pattern } from '../../program/model';
import type { Node } from '../../syntax/flatTree';
import type { Lowering } from './lowering';

export function lowerPattern(at: Lowering, node: Node): Pattern {
  switch (at.type(node)) {
    case 'identifier':
      // `self = …` is odd, and still the object.
      return at.source(node) === at.around.self ? place(at, node) : variable(at, node);
    case 'pattern_list':
    case 'tuple_pattern':
    case 'list_pattern':
    case 'expression_list':
    case 'tuple':
    case 'list':
      return items(at, node);
    case 'parenthesized_expression':
    case 'as_pattern_target': {
      const inner = at.parts(node)[0];
      return inner === undefined ? place(at, node) : lowerPattern(at, inner);
    }
    default:
      return place(at, node);
  }
}

export function variable(at: Lowering, node: Node): Pattern {
  const name = at.source(node);
  // Half-typed: the parser put a name where none was written.
  if (name === '') return { kind: 'place', expression: at.missing(at.tree.start(node) - at.base), ...at.span(node) };
  return { kind: 'variable', name, ...at.span(node) };
}

const place = (at: Lowering, node: Node): Pattern => {
  const expression = at.expression(node);
  const span = at.span(node);
  // `rows[1:] = …` changes a part of the rows, and which is not known.
  return expression.kind === 'operation'
    ? { kind: 'place', expression: { kind: 'opaque', label: 'part', operands: expression.operands, ...span }, ...span }
    : { kind: 'place', expression, ...span };
};

/** Items after a `*rest` are not told apart from those in it. */
function items(at: Lowering, node: Node): Pattern {
  const parts = at.parts(node);
  const starred = parts.findIndex(part => /^list_splat/.test(at.type(part)));
  const before = starred < 0 ? parts : parts.slice(0, starred);
  const rest = parts[starred];
  const inner = rest === undefined ? undefined : at.parts(rest)[0];
  return {
    kind: 'items',
    items: before.map(part => ({ target: lowerPattern(at, part) })),
    ...(inner !== undefined && { rest: lowerPattern(at, inner) }),
    ...at.span(node),
  };
}
