/** The nodes of a function with what each stands in, for questions that go outwards. */
import type { Block, Expression, Function as FunctionNode, Statement } from './model';

export type ModelNode = Statement | Expression;

export interface Parents {
  readonly nodes: readonly ModelNode[];
  of(node: ModelNode): ModelNode | undefined;
}

/** Every node of the function's body, outer before inner, functions inside included. */
export function parentsIn({ body, parameters }: Pick<FunctionNode, 'body' | 'parameters'>): Parents {
  const parents = new Map<ModelNode, ModelNode | undefined>();
  const stack: { readonly value: unknown; readonly around: ModelNode | undefined }[] = [
    { value: body, around: undefined },
    { value: parameters, around: undefined },
  ];
  while (stack.length > 0) {
    const next = stack.pop();
    const value = next?.value;
    if (typeof value !== 'object' || value === null) continue;
    let around = next?.around;
    if (isNode(value)) {
      // one arm of `a || b` is the test again
      if (parents.has(value)) continue;
      parents.set(value, around);
      around = value;
    }
    const inner: readonly unknown[] = Array.isArray(value) ? value : Object.values(value);
    for (let index = inner.length - 1; index >= 0; index--) stack.push({ value: inner[index], around });
  }
  return { nodes: [...parents.keys()], of: node => parents.get(node) };
}

const KINDS: ReadonlySet<string> = new Set<(Statement | Expression)['kind']>([
  'evaluate',
  'declare',
  'branch',
  'switch',
  'loop',
  'try',
  'scope',
  'return',
  'throw',
  'break',
  'continue',
  'opaque-statement',
  'constant',
  'text',
  'name',
  'this',
  'import',
  'member',
  'index',
  'call',
  'operation',
  'choice',
  'assign',
  'record',
  'list',
  'spread',
  'await',
  'yield',
  'lambda',
  'unit',
  'class',
  'comprehension',
  'opaque',
]);

/** Patterns, parts of texts and spans have no place of their own in the order of evaluation. */
const isNode = (value: object): value is ModelNode =>
  'kind' in value && typeof value.kind === 'string' && KINDS.has(value.kind) && 'start' in value;

/** The innermost function around a node: a lambda, or none for the function itself. */
export function lambdaAround(parents: Parents, node: ModelNode): Extract<Expression, { kind: 'lambda' }> | undefined {
  for (let each = parents.of(node); each; each = parents.of(each)) if (each.kind === 'lambda') return each;
  return undefined;
}

/** Whether `block` holds the statement itself, and not something inside another. */
export const holds = (block: Block, statement: ModelNode): boolean => block.some(each => each === statement);
