/** Written types, as far as they tell what a value is; also those that are written as text, for names of later. */
import type { Type } from '../../program/model';
import type { Node } from '../../syntax/flatTree';
import type { Lowering } from './lowering';

const LONGEST_LABEL = 80;
const DEEPEST = 40;

/** Names that mean the same in every program, so that analyses need no second name for them. */
const NAMES: Readonly<Record<string, string>> = { str: 'string', int: 'number', float: 'number', bool: 'boolean' };

/** Types around a type that say how it is used and not what it is. */
const TRANSPARENT = new Set(['Annotated', 'Final', 'ClassVar', 'Required', 'NotRequired', 'ReadOnly', 'Type', 'type']);
const LISTS = new Set(['list', 'List', 'set', 'Set', 'frozenset', 'FrozenSet', 'Sequence', 'Iterable', 'Collection']);
/** What a generator or an asynchronous function is annotated with; the first argument is what it gives. */
const GIVERS = new Set(['Generator', 'Iterator', 'AsyncGenerator', 'AsyncIterator', 'AsyncIterable']);

export function lowerType(at: Lowering, node: Node, depth = 0): Type {
  if (depth > DEEPEST) return opaque(at.source(node));
  const inside = (each: Node) => lowerType(at, each, depth + 1);
  const parts = at.parts(node);
  const [first, second] = parts;
  switch (at.type(node)) {
    case 'type':
    case 'parenthesized_expression':
      return first === undefined ? opaque(at.source(node)) : inside(first);
    case 'none':
      return { kind: 'constant', value: null };
    case 'true':
    case 'false':
      return { kind: 'constant', value: at.type(node) === 'true' };
    case 'integer':
      return { kind: 'constant', value: Number(at.source(node).replaceAll('_', '')) };
    case 'identifier':
    case 'attribute':
    case 'member_type':
      return named(at.source(node).replace(/\s+/g, ''), []);
    case 'generic_type':
      return first === undefined ? opaque(at.source(node)) : generic(at, first, second ? at.parts(second) : [], inside);
    case 'subscript':
      return first === undefined ? opaque(at.source(node)) : generic(at, first, parts.slice(1), inside);
    case 'union_type':
      return union(parts.map(inside));
    case 'binary_operator':
      return at.source(node).includes('|') ? union(parts.map(inside)) : opaque(at.source(node));
    case 'string':
      return writtenAsText(at.source(node), depth);
    default:
      return opaque(at.source(node));
  }
}

function generic(at: Lowering, name: Node, given: readonly Node[], inside: (node: Node) => Type): Type {
  const spelt = at.source(name).replace(/\s+/g, '');
  const last = spelt.slice(spelt.lastIndexOf('.') + 1);
  if (last === 'Literal') return union(given.map(each => literal(at, each)));
  return applied(spelt, last, given.map(inside));
}

function applied(spelt: string, last: string, given: readonly Type[]): Type {
  const [first] = given;
  if (first === undefined) return named(spelt, []);
  if (LISTS.has(last)) return { kind: 'list', of: first };
  if (GIVERS.has(last)) return { kind: 'list', of: first };
  if (last === 'Optional') return union([first, { kind: 'constant', value: null }]);
  if (last === 'Union') return union(given);
  if (TRANSPARENT.has(last)) return first;
  return named(spelt, given);
}

function literal(at: Lowering, node: Node): Type {
  const inner = at.type(node) === 'type' ? (at.parts(node)[0] ?? node) : node;
  if (at.type(inner) !== 'string') return lowerType(at, inner);
  const text = /^[a-zA-Z]*(?:'([^']*)'|"([^"]*)")$/.exec(at.source(inner));
  return text ? { kind: 'constant', value: text[1] ?? text[2] ?? '' } : opaque(at.source(inner));
}

/** `"Foo"`, `"Optional[a.Foo]"`: names and what stands in their brackets; anything else is not understood. */
function writtenAsText(source: string, depth: number): Type {
  const text = source.replace(/^[a-zA-Z]*['"]+|['"]+$/g, '').trim();
  const both = text.split(/\s*\|\s*(?![^[]*\])/);
  if (both.length > 1 && depth < DEEPEST) return union(both.map(each => writtenAsText(each, depth + 1)));
  const written = /^([\w.]+)(?:\[(.*)\])?$/s.exec(text);
  if (!written) return opaque(text);
  const [, name = '', inner] = written;
  if (name === 'None') return { kind: 'constant', value: null };
  if (inner === undefined) return named(name, []);
  if (depth > DEEPEST) return opaque(text);
  const given = inner.split(/,\s*(?![^[]*\])/).map(each => writtenAsText(each, depth + 1));
  return applied(name, name.slice(name.lastIndexOf('.') + 1), given);
}

function union(of: readonly Type[]): Type {
  const flat = of.flatMap(each => (each.kind === 'union' ? each.of : [each]));
  const [only, ...more] = flat;
  return only && more.length === 0 ? only : { kind: 'union', of: flat };
}

const named = (name: string, given: readonly Type[]): Type => ({
  kind: 'named',
  name: Object.hasOwn(NAMES, name) ? (NAMES[name] ?? name) : name,
  arguments: given,
});

function opaque(source: string): Type {
  const label = source.replace(/\s+/g, ' ');
  return { kind: 'opaque', label: label.length > LONGEST_LABEL ? `${label.slice(0, LONGEST_LABEL)}…` : label };
}
