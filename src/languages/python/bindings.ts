/**
 * Python's names come to be by being assigned. The model wants to know where one is declared, and whether it ever changes;
 * both are told by looking at the whole function first.
 */
import type { Node } from '../../syntax/flatTree';
import type { TreeLowering } from '../treeLowering';

/** What an assignment to a name is: its declaration, for good or to be changed later, or a change. */
export type Binding = 'constant' | 'variable' | 'change';

/** The names that one function, or the top level of a file, binds. */
export interface Bindings {
  bindingOf(name: Node): Binding;
  /** The first binding of each name that several blocks bind or use, so that it is declared before all of them. */
  readonly declaredFirst: readonly Node[];
}

/** Any language's lowering will do: only the tree is read. */
type Tree = Pick<TreeLowering<unknown>, 'tree' | 'type' | 'parts' | 'source' | 'items'>;

interface Place {
  readonly node: Node;
  readonly block: Node;
}

interface Named {
  readonly assigned: Place[];
  /** Where loops, resources and handlers bind it, and where it is read. */
  readonly bound: number[];
  readonly read: number[];
  /** A function inside changes it. */
  changedInside: boolean;
}

/** A node that is still to be looked at. */
interface Visit {
  readonly node: Node;
  readonly block: Node;
  /** Names that mean something else here: of a comprehension, of a lambda. */
  readonly hidden: ReadonlySet<string>;
  /** In a function or class inside. */
  readonly inside: boolean;
}

export interface ScopeOf {
  /** Names that are there from the start. */
  readonly parameters?: ReadonlySet<string>;
  /** At the top level, other functions and files see a name wherever it is bound; these are changed by some. */
  readonly module?: { readonly changed: ReadonlySet<string> };
}

const NONE: ReadonlySet<string> = new Set();

export function bindingsOf(at: Tree, body: Node, { parameters = NONE, module }: ScopeOf): Bindings {
  const names = new Map<string, Named>();
  const outside = new Set<string>();
  collect(at, body, names, outside);
  const kinds = new Map<number, Binding>();
  const declaredFirst: Node[] = [];
  for (const [name, { assigned, bound, read, changedInside }] of names) {
    const [first] = assigned;
    if (!first) continue;
    const start = at.tree.start(first.node);
    const isOthers = outside.has(name) || parameters.has(name) || bound.some(position => position < start);
    if (isOthers) continue;
    const [from, to] = [at.tree.start(first.block), at.tree.end(first.block)];
    const positions = [...read, ...assigned.map(({ node }) => at.tree.start(node))];
    const isLocal = positions.every(position => position >= start && from <= position && position < to);
    const isChanged = assigned.length > 1 || changedInside || module?.changed.has(name);
    if (module || isLocal || first.block === body) kinds.set(first.node, isChanged ? 'variable' : 'constant');
    else declaredFirst.push(first.node);
  }
  declaredFirst.sort((left, right) => at.tree.start(left) - at.tree.start(right));
  return { bindingOf: name => kinds.get(name) ?? 'change', declaredFirst };
}

function collect(at: Tree, body: Node, names: Map<string, Named>, outside: Set<string>): void {
  const named = (name: string): Named => {
    const known = names.get(name) ?? { assigned: [], bound: [], read: [], changedInside: false };
    names.set(name, known);
    return known;
  };
  const waiting: Visit[] = [{ node: body, block: body, hidden: new Set(), inside: false }];
  for (let visit = waiting.pop(); visit; visit = waiting.pop()) {
    const { node, hidden, inside } = visit;
    const type = at.type(node);
    const block = type === 'block' && !inside ? node : visit.block;
    const go = (nodes: readonly (Node | undefined)[], also: Partial<Visit> = {}): void => {
      for (const each of [...nodes].reverse())
        if (each !== undefined) waiting.push({ node: each, block, hidden, inside, ...also });
    };
    const read = (name: Node): void => {
      const source = at.source(name);
      if (!hidden.has(source)) named(source).read.push(at.tree.start(name));
    };
    /** Names in a target; what else stands in it is read. */
    const bind = (target: Node | undefined, how: 'assigned' | 'bound'): void => {
      if (target === undefined) return;
      for (const name of namesIn(at, target)) {
        if (inside) read(name);
        else if (how === 'assigned') named(at.source(name)).assigned.push({ node: name, block });
        else named(at.source(name)).bound.push(at.tree.start(name));
      }
      go(placesIn(at, target));
    };
    const parts = at.items(node);
    switch (type) {
      case 'identifier':
        read(node);
        break;
      case 'attribute':
        go(parts.slice(0, 1));
        break;
      case 'keyword_argument':
        go(parts.slice(1));
        break;
      case 'assignment':
      case 'named_expression':
        bind(parts[0], 'assigned');
        go(parts.slice(1));
        break;
      case 'augmented_assignment':
        bind(parts[0], 'assigned');
        go(parts.slice(1));
        break;
      case 'for_statement':
        bind(parts[0], 'bound');
        go(parts.slice(1));
        break;
      case 'as_pattern_target':
        bind(parts[0] ?? node, 'bound');
        break;
      case 'import_statement':
      case 'import_from_statement':
        for (const name of importedNames(at, node)) bind(name, 'bound');
        break;
      case 'class_definition':
        bind(parts[0], 'bound');
        go(parts.slice(1), { inside: true });
        break;
      case 'function_definition':
        bind(parts[0], 'bound');
        go(parts.slice(1), { inside: true, hidden: union(hidden, parameterNames(at, parts)) });
        break;
      case 'lambda':
        go(parts, { inside: true, hidden: union(hidden, parameterNames(at, parts)) });
        break;
      case 'list_comprehension':
      case 'set_comprehension':
      case 'dictionary_comprehension':
      case 'generator_expression': {
        const clauses = parts.filter(part => at.type(part) === 'for_in_clause');
        const own = clauses.flatMap(clause => namesIn(at, at.parts(clause)[0] ?? clause));
        go(parts, { hidden: union(hidden, new Set(own.map(name => at.source(name)))) });
        break;
      }
      case 'global_statement':
      case 'nonlocal_statement':
        for (const name of parts)
          if (inside) named(at.source(name)).changedInside = true;
          else outside.add(at.source(name));
        break;
      case 'case_pattern':
      case 'except_clause':
        if (type === 'except_clause' && parts.length > 2) bind(parts[1], 'bound');
        go(type === 'except_clause' && parts.length > 2 ? [parts[0], ...parts.slice(2)] : parts);
        break;
      default:
        go(parts);
    }
  }
}

const union = (left: ReadonlySet<string>, right: ReadonlySet<string>): ReadonlySet<string> =>
  right.size === 0 ? left : new Set([...left, ...right]);

function parameterNames(at: Tree, parts: readonly Node[]): ReadonlySet<string> {
  const list = parts.find(part => at.type(part) === 'parameters' || at.type(part) === 'lambda_parameters');
  return new Set(
    (list === undefined ? [] : at.parts(list)).flatMap(each => {
      const [first = each] = at.parts(each);
      return namesIn(at, at.type(each) === 'identifier' ? each : first).map(name => at.source(name));
    }),
  );
}

/** The names that an import binds: `a` of `import a.b`, `d` of `import b as d`. */
export function importedNames(at: Tree, node: Node): Node[] {
  const parts = at.parts(node);
  const names = at.type(node) === 'import_from_statement' ? parts.slice(1) : parts;
  return names.flatMap(name => {
    const inner = at.parts(name);
    const local = at.type(name) === 'aliased_import' ? inner.at(-1) : inner[0];
    return local === undefined || at.type(name) === 'wildcard_import' ? [] : [local];
  });
}

/** The names that a target binds; none where it sets a member of something. */
export function namesIn(at: Tree, target: Node): Node[] {
  switch (at.type(target)) {
    case 'identifier':
      return [target];
    case 'attribute':
    case 'subscript':
    case 'call':
      return [];
    default:
      return at.parts(target).flatMap(part => namesIn(at, part));
  }
}

/** `a.b` and `c[d]` among the targets. */
const placesIn = (at: Tree, target: Node): Node[] => {
  switch (at.type(target)) {
    case 'identifier':
      return [];
    case 'attribute':
    case 'subscript':
    case 'call':
      return [target];
    default:
      return at.parts(target).flatMap(part => placesIn(at, part));
  }
};
