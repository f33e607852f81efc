/**
 * Python's names come to be by being assigned. The model wants to know where one is declared, and whether it ever changes;
 * both are told by looking at the whole function first.
 */
import type { SyntaxNode as Node } from '../../../src/syntax/parsers';

/** The names that one function, or the top level of a file, binds. */
export interface Bindings {
  /** Whether this assignment is the one that declares what it assigns to. */
  declares(target: Node): boolean;
  /** Whether this assignment is the only one. */
  isConstant(target: Node): boolean;
  /** The first binding of each name that is to be declared before the function's body, since several branches bind it. */
  declaredFirst(body: Node): Node[];
}

/** @param scope  a function or a module */
export function bindingsOf(scope: Node): Bindings {
  const body = scope.childForFieldName('body') ?? scope;
  const changed = new Map<string, Node[]>();
  collect(body, changed, new Set(), scope.type === 'module' ? 'global_statement' : 'nonlocal_statement');
  const isTopmost = (node: Node) => node.parent?.parent?.id === body.id || node.parent?.parent?.parent?.id === body.id;
  const first = [...changed.values()].flatMap(([at, ...more]) => (at && more.length > 0 && !isTopmost(at) ? [at] : []));
  const isFirst = (name: Node) => changed.get(name.text)?.[0]?.id === name.id && !first.some(at => at.id === name.id);
  return {
    declares: target => namesIn(target).length > 0 && namesIn(target).every(isFirst),
    isConstant: target => namesIn(target).every(name => changed.get(name.text)?.length === 1),
    declaredFirst: block => (block.id === body.id ? first : []),
  };
}

/** Every place that binds a name, in order; a function inside counts for the names that it says are of the outside. */
function collect(node: Node, into: Map<string, Node[]>, only: ReadonlySet<string>, outside: string): void {
  const inner = node.type === 'function_definition' ? namesOf(node, outside) : only;
  if (node.type === 'class_definition' || (node.type === 'function_definition' && inner.size === 0)) return;
  if (node.type === 'assignment' || node.type === 'augmented_assignment') {
    const target = node.childForFieldName('left');
    for (const name of target ? namesIn(target) : [])
      if (inner.size === 0 || inner.has(name.text)) into.set(name.text, [...(into.get(name.text) ?? []), name]);
  }
  for (const child of node.namedChildren) collect(child, into, inner, outside);
}

const namesOf = (node: Node, statement: string): ReadonlySet<string> =>
  new Set(node.descendantsOfType(statement).flatMap(each => each?.namedChildren.map(name => name.text) ?? []));

/** The names that a target binds; none where it sets a member of something. */
function namesIn(target: Node): Node[] {
  if (target.type === 'identifier') return [target];
  if (target.type === 'attribute' || target.type === 'subscript') return [];
  return target.namedChildren.flatMap(namesIn);
}
