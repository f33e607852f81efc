/** Where the statement around an offset begins, so that a comment above a statement covers all of its lines. */
import type { Module, Statement, Unit } from '../program/model';

/**
 * @returns a function from file offsets to the file offset where the innermost statement around begins; nothing outside
 *          of statements. A unit is walked when an offset inside it is first asked for, and once as long as it stands.
 */
export function statementStartsOf(module: Module): (offset: number) => number | undefined {
  return offset => {
    let innermost: Span | undefined;
    let start: number | undefined;
    for (const unit of [module.top, ...module.units]) {
      const at = offset - unit.start;
      if (unit !== module.top && (at < unit.function.start || at >= unit.function.end)) continue;
      for (const span of spansOf(unit))
        if (
          span.start <= at &&
          at < span.end &&
          (!innermost || span.end - span.start <= innermost.end - innermost.start)
        ) {
          innermost = span;
          start = unit.start + span.start;
        }
    }
    return start;
  };
}

interface Span {
  readonly start: number;
  readonly end: number;
}

const SPANS = new WeakMap<Unit, readonly Span[]>();

function spansOf(unit: Unit): readonly Span[] {
  const known = SPANS.get(unit);
  if (known) return known;
  const spans = [...statementSpans(unit.function)];
  SPANS.set(unit, spans);
  return spans;
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
function* statementSpans(node: unknown): Generator<Span> {
  if (typeof node !== 'object' || node === null) return;
  if (isStatement(node)) {
    const { start, end } = node.kind === 'declare' ? node.statement : node;
    yield { start, end };
  }
  for (const child of Object.values(node)) yield* statementSpans(child);
}

const isStatement = (node: object): node is Statement => 'kind' in node && STATEMENTS.has(node.kind);
