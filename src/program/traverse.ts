/** Visits the nodes of a model without knowing them one by one. */
import type { Block, Expression, Statement } from './model';

type Node = Statement | Expression;

const isNode = (value: object): value is Node =>
  'kind' in value && typeof value.kind === 'string' && 'start' in value && typeof value.start === 'number';

/**
 * Every statement and expression in `roots`, outer before inner, in source order as far as the model keeps it.
 * @param visit  gives `false` for a node whose inside is of no interest
 */
export function visitNodes(roots: Block | Expression | undefined, visit: (node: Node) => boolean | undefined): void {
  // An explicit stack: generated code nests deeper than the call stack likes.
  const stack: unknown[] = [roots];
  while (stack.length > 0) {
    const next = stack.pop();
    if (typeof next !== 'object' || next === null) continue;
    if (Array.isArray(next)) {
      for (let index = next.length - 1; index >= 0; index--) {
        const each: unknown = next[index];
        if (typeof each === 'object' && each !== null) stack.push(each);
      }
      continue;
    }
    if (isNode(next) && visit(next) === false) continue;
    // put on the stack in their order and then turned round: no list of a node's values is made for every node
    let low = stack.length;
    const parts = next as Readonly<Record<string, unknown>>;
    for (const key in parts) {
      const each = parts[key];
      if (typeof each === 'object' && each !== null) stack.push(each);
    }
    for (let high = stack.length - 1; low < high; low++, high--) {
      const first = stack[low];
      stack[low] = stack[high];
      stack[high] = first;
    }
  }
}

/** Names of variables that are assigned, not declared, anywhere in `roots`. */
export function assignedNames(roots: Block | Expression | undefined): ReadonlySet<string> {
  const names = new Set<string>();
  visitNodes(roots, node => {
    if (node.kind === 'assign' && node.target.kind === 'variable') names.add(node.target.name);
    return true;
  });
  return names;
}
