/** JSX: what it shows is no backend matter, but what it calls while it is made is. */
import type { Expression } from '../../program/model';
import type { Node } from '../../syntax/flatTree';
import type { LowerExpression, Lowering } from './lowering';

/** The expressions in its braces, of all the elements inside it, in order. */
export const lowerJsx: LowerExpression = (at, node, start, end) => {
  const operands: Expression[] = [];
  collect(at, node, operands);
  return { kind: 'opaque', label: 'jsx', operands, start, end };
};

function collect(at: Lowering, node: Node, operands: Expression[]): void {
  // An element tree can be deep, and holds little on most levels: walked by hand, not by calling ourselves.
  const waiting = at.items(node).reverse();
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    switch (at.type(next)) {
      case 'jsx_expression':
        for (const part of at.parts(next)) operands.push(at.expression(part));
        break;
      case 'jsx_text':
      case 'jsx_closing_element':
      case 'string':
      case 'identifier':
      case 'member_expression':
      case 'nested_identifier':
      case 'property_identifier':
      case 'jsx_namespace_name':
        break;
      default:
        waiting.push(...at.items(next).reverse());
    }
  }
}
