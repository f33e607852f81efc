/** Written types, as far as they tell what a value is. */
import type { Type } from '../../program/model';
import type { Node } from '../../syntax/flatTree';
import type { Lowering } from './lowering';

/** From a `type_annotation` (`: Pool`) or the type itself. */
export function lowerType(at: Lowering, node: Node): Type {
  return lowered(at, node, 0);
}

/** Of `<A, B>`. */
export function lowerTypeArguments(at: Lowering, node: Node): Type[] {
  return at.parts(node).map(each => lowered(at, each, 0));
}

const LONGEST_LABEL = 80;

function lowered(at: Lowering, node: Node, depth: number): Type {
  if (depth > 40) return opaque(at, node);
  const inside = (each: Node) => lowered(at, each, depth + 1);
  switch (at.type(node)) {
    case 'type_annotation':
    case 'parenthesized_type':
    case 'readonly_type': {
      const inner = at.parts(node)[0];
      return inner ? inside(inner) : opaque(at, node);
    }
    case 'predefined_type':
    case 'type_identifier':
    case 'nested_type_identifier':
    case 'identifier':
    case 'nested_identifier':
    case 'member_expression':
    case 'this_type':
      return named(at.source(node).replace(/\s+/g, ''));
    case 'generic_type': {
      const [name, args] = at.parts(node);
      if (!name) return opaque(at, node);
      const of = args ? at.parts(args).map(inside) : [];
      const spelt = at.source(name).replace(/\s+/g, '');
      const [item] = of;
      if ((spelt === 'Array' || spelt === 'ReadonlyArray') && item) return { kind: 'list', of: item };
      return { kind: 'named', name: spelt, arguments: of };
    }
    case 'intersection_type': {
      // It is each of them; the first that has a name says most.
      const of = at.parts(node).map(inside);
      return of.find(each => each.kind === 'named') ?? of[0] ?? opaque(at, node);
    }
    case 'array_type': {
      const item = at.parts(node)[0];
      return item ? { kind: 'list', of: inside(item) } : opaque(at, node);
    }
    case 'union_type': {
      const of = at
        .parts(node)
        .map(inside)
        .flatMap(each => (each.kind === 'union' ? each.of : [each]));
      const [only, ...more] = of;
      if (!only) return opaque(at, node);
      return more.length === 0 ? only : { kind: 'union', of };
    }
    case 'literal_type': {
      const value = at.parts(node)[0];
      return value ? constant(at, value) : opaque(at, node);
    }
    case 'index_type_query': {
      const [record] = at.parts(node);
      const queried = record && queriedIn(at, record);
      return queried ? { kind: 'named', name: 'keyof', arguments: [queried] } : opaque(at, node);
    }
    case 'lookup_type': {
      const [of, index] = at.parts(node);
      const member = index && at.type(index) === 'literal_type' ? inside(index) : undefined;
      if (of && member?.kind === 'constant') return { kind: 'named', name: '[]', arguments: [inside(of), member] };
      return (of && queriedIn(at, of)) ?? opaque(at, node);
    }
    case 'type_query': {
      const [of] = at.parts(node);
      const path = of ? at.source(of) : '';
      return /^[\w$]+(?:\.[\w$]+)*$/.test(path)
        ? { kind: 'named', name: 'typeof', arguments: [named(path)] }
        : opaque(at, node);
    }
    case 'object_type':
    case 'interface_body':
      return { kind: 'record', entries: recordEntries(at, node, depth) };
    default:
      return opaque(at, node);
  }
}

/** `X` of `typeof X`, in parentheses or not: of a constant list or record, one of what it holds. */
function queriedIn(at: Lowering, node: Node): Type | undefined {
  const [inner] = at.parts(node);
  if (!inner) return undefined;
  if (at.type(node) === 'parenthesized_type') return queriedIn(at, inner);
  return at.type(node) === 'type_query' && at.type(inner) === 'identifier' ? named(at.source(inner)) : undefined;
}

/** The properties of an object type or interface; methods and index signatures hold no data. */
export function propertiesOf(at: Lowering, body: Node): { name: string; type: Type; node: Node }[] {
  return properties(at, body, 0);
}

const recordEntries = (at: Lowering, body: Node, depth: number) =>
  properties(at, body, depth).map(({ name, type }) => ({ name, type }));

function properties(at: Lowering, body: Node, depth: number): { name: string; type: Type; node: Node }[] {
  const found: { name: string; type: Type; node: Node }[] = [];
  for (const node of at.parts(body)) {
    if (at.type(node) !== 'property_signature') {
      continue;
    }
    const parts = at.parts(node);
    const annotation = parts.find(part => at.type(part) === 'type_annotation');
    const name = parts.find(part => NAMES.has(at.type(part)));
    if (!name) continue;
    const type: Type = annotation ? lowered(at, annotation, depth + 1) : { kind: 'opaque', label: '' };
    found.push({ name: nameOf(at, name), type, node });
  }
  return found;
}

const NAMES = new Set([
  'property_identifier',
  'private_property_identifier',
  'string',
  'number',
  'computed_property_name',
]);

/** A property's name as the program sees it; a computed one in its brackets. */
export function nameOf(at: Lowering, node: Node): string {
  const source = at.source(node);
  return at.type(node) === 'string' ? source.slice(1, -1) : source;
}

function constant(at: Lowering, value: Node): Type {
  const source = at.source(value);
  switch (at.type(value)) {
    case 'string':
      return { kind: 'constant', value: source.slice(1, -1) };
    case 'true':
    case 'false':
      return { kind: 'constant', value: source === 'true' };
    case 'null':
    case 'undefined':
      return { kind: 'constant', value: null };
    default: {
      const number = Number(source.replaceAll('_', ''));
      return Number.isNaN(number) ? { kind: 'opaque', label: source } : { kind: 'constant', value: number };
    }
  }
}

const named = (name: string): Type => ({ kind: 'named', name, arguments: [] });

function opaque(at: Lowering, node: Node): Type {
  const label = at.source(node).replace(/\s+/g, ' ');
  return { kind: 'opaque', label: label.length > LONGEST_LABEL ? `${label.slice(0, LONGEST_LABEL)}…` : label };
}
