/** Parts of a model for those who rewrite it: every node with a place, the way down to one, the names that are mentioned. */
import type { Expression, Function as FunctionNode, Span } from './model';

/** Any node of the model that has a kind and a place: statements, expressions, patterns, holes. */
export interface Node extends Span {
  readonly kind: string;
}

export const sameSpan = (left: Span, right: Span): boolean => left.start === right.start && left.end === right.end;

const isNode = (value: object): value is Node =>
  'kind' in value && typeof value.kind === 'string' && 'start' in value && typeof value.start === 'number';

/** All nodes in a part of the model, outer before inner. */
export function nodesIn(root: FunctionNode | Node | readonly Node[]): readonly Node[] {
  const nodes: Node[] = [];
  const stack: unknown[] = [root];
  while (stack.length > 0) {
    const next = stack.pop();
    if (typeof next !== 'object' || next === null) continue;
    if (isNode(next)) nodes.push(next);
    const inner: unknown[] = Object.values(next);
    for (let index = inner.length - 1; index >= 0; index--) stack.push(inner[index]);
  }
  return nodes;
}

/** From the outermost node down to `target`, which is the last; empty when it is not there. */
export function pathTo(root: FunctionNode, target: Node): readonly Node[] {
  const visit = (value: unknown): Node[] | undefined => {
    if (typeof value !== 'object' || value === null) return undefined;
    const own = isNode(value) ? [value] : [];
    if (own[0] && own[0].kind === target.kind && sameSpan(own[0], target)) return own;
    // a node whose span does not hold the target's cannot hold the target
    if (own[0] && (own[0].start > target.start || own[0].end < target.end)) return undefined;
    for (const inner of Object.values(value)) {
      const found = visit(inner);
      if (found) return [...own, ...found];
    }
    return undefined;
  };
  return visit(root.body) ?? [];
}

export interface Names {
  /** Every mention, in order. */
  readonly uses: readonly string[];
  /** Names of variables in patterns: declared, bound or assigned. */
  readonly bound: readonly string[];
  readonly assigned: ReadonlySet<string>;
}

export function namesUsed(root: FunctionNode | Node | readonly Node[]): Names {
  const uses: string[] = [];
  const bound: string[] = [];
  const assigned = new Set<string>();
  for (const node of nodesIn(root)) {
    const { name } = node as { name?: unknown };
    if (node.kind === 'name' && typeof name === 'string') uses.push(name);
    if (node.kind === 'variable' && typeof name === 'string') bound.push(name);
    if (node.kind === 'assign') {
      const { target } = node as Extract<Expression, { kind: 'assign' }>;
      if (target.kind === 'variable') assigned.add(target.name);
    }
  }
  return { uses, bound, assigned };
}
