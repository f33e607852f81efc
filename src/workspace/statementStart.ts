/** Where the statement around an offset begins, so that a comment above a statement covers all of its lines. */
import type { Module, Statement } from '../program/model';

/**
 * @returns a function from file offsets to the file offset where the innermost statement around begins; nothing outside
 *          of statements. The module is walked when it is first asked.
 */
export function statementStartsOf(module: Module): (offset: number) => number | undefined {
  let spans: readonly { start: number; end: number }[] | undefined;
  return offset => {
    spans ??= [module.top, ...module.units].flatMap(unit => [...statementSpans(unit.function, unit.start)]);
    let innermost: { start: number; end: number } | undefined;
    for (const span of spans)
      if (
        span.start <= offset &&
        offset < span.end &&
        (!innermost || span.end - span.start <= innermost.end - innermost.start)
      )
        innermost = span;
    return innermost?.start;
  };
}

const STATEMENTS: ReadonlySet<unknown> = new Set<Statement['kind']>([
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
]);

/** By shape rather than by kind of node, so that no new node can hide a statement. */
function* statementSpans(node: unknown, base: number): Generator<{ start: number; end: number }> {
  if (typeof node !== 'object' || node === null) return;
  if (isStatement(node)) {
    const { start, end } = node.kind === 'declare' ? node.statement : node;
    yield { start: base + start, end: base + end };
  }
  for (const child of Object.values(node)) yield* statementSpans(child, base);
}

const isStatement = (node: object): node is Statement => 'kind' in node && STATEMENTS.has(node.kind);
