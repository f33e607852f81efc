/** What values are bound to: names, destructuring, places. */
import type { Expression, Pattern } from '../../program/model';
import type { Node } from '../../syntax/flatTree';
import type { Lowering } from './lowering';
import { nameOf } from './types';

type Entry = { key: string; target: Pattern; default?: Expression };
type Item = { target?: Pattern; default?: Expression };

export function lowerPattern(at: Lowering, node: Node): Pattern {
  switch (at.type(node)) {
    case 'identifier':
    case 'shorthand_property_identifier_pattern':
    case 'shorthand_property_identifier':
    case 'type_identifier':
    case 'undefined':
      return variable(at, node);
    case 'object_pattern':
      return entries(at, node);
    case 'array_pattern':
      return items(at, node);
    case 'assignment_pattern':
    case 'object_assignment_pattern':
    case 'parenthesized_expression':
    case 'non_null_expression':
    case 'rest_pattern': {
      const inner = at.parts(node)[0];
      if (inner) return lowerPattern(at, inner);
      break;
    }
  }
  return { kind: 'place', expression: at.expression(node), ...at.span(node) };
}

export function variable(at: Lowering, node: Node): Pattern {
  const name = at.source(node);
  const span = at.span(node);
  // Half-typed: the parser put a name where none was written.
  if (name === '')
    return { kind: 'place', expression: { kind: 'opaque', label: 'missing', operands: [], ...span }, ...span };
  return { kind: 'variable', name, ...span };
}

/** A pattern and the value that stands in for a missing one. */
function withDefault(at: Lowering, node: Node): { target: Pattern; default?: Expression } {
  const type = at.type(node);
  if (type !== 'assignment_pattern' && type !== 'object_assignment_pattern') return { target: lowerPattern(at, node) };
  const [target, preset] = at.parts(node);
  if (!target) return { target: variable(at, node) };
  return preset
    ? { target: lowerPattern(at, target), default: at.expression(preset) }
    : { target: lowerPattern(at, target) };
}

function entries(at: Lowering, node: Node): Pattern {
  const found: Entry[] = [];
  let rest: Pattern | undefined;
  for (const child of at.parts(node)) {
    switch (at.type(child)) {
      case 'pair_pattern': {
        const [key, target] = at.parts(child);
        if (key && target) found.push({ key: nameOf(at, key), ...withDefault(at, target) });
        break;
      }
      case 'rest_pattern':
        rest = lowerPattern(at, child);
        break;
      default: {
        const bound = withDefault(at, child);
        if (bound.target.kind === 'variable') found.push({ key: bound.target.name, ...bound });
      }
    }
  }
  const span = at.span(node);
  return rest ? { kind: 'entries', entries: found, rest, ...span } : { kind: 'entries', entries: found, ...span };
}

function items(at: Lowering, node: Node): Pattern {
  const found: Item[] = [];
  let rest: Pattern | undefined;
  let skipped = true;
  // All children and not the named ones, since `[, b]` is told by its commas alone.
  for (const child of at.tree.children(node)) {
    if (!at.tree.isNamed(child)) {
      if (at.type(child) !== ',') continue;
      if (skipped) found.push({});
      skipped = true;
      continue;
    }
    const type = at.type(child);
    if (type === 'comment' || type === 'ERROR') continue;
    skipped = false;
    if (type === 'rest_pattern') rest = lowerPattern(at, child);
    else found.push(withDefault(at, child));
  }
  const span = at.span(node);
  return rest ? { kind: 'items', items: found, rest, ...span } : { kind: 'items', items: found, ...span };
}
