/**
 * Which functions inside a unit run when it runs: those that are called, or handed to something that calls them then. A
 * route's handler, a listener, a function that is returned or kept runs later, if ever, and a loop around it repeats
 * nothing of it.
 */
import type { Place, UnitId } from '../engine/place';
import type { ObservedCall, Repetition } from '../program/analysis';
import type { Value } from '../program/value';
import type { LibraryTables } from './libraryTables';

export interface InnerFunctions {
  /**
   * Whether what stands in this function runs when the unit is called, or the function `of` inside it; in none of them it
   * does.
   */
  runs(lambda: Place | undefined, of?: Place): boolean;
  /** The repetitions that repeat what stands in this function, innermost first. */
  repeating(lambda: Place | undefined, repetitions: readonly Repetition[]): readonly Repetition[];
}

export function innerFunctionsOf(unit: UnitId, calls: readonly ObservedCall[], tables: LibraryTables): InnerFunctions {
  // those that hold a call or are handed to one; the others run nothing that is of interest
  const spans = new Map<number, number>();
  for (const call of calls) {
    if (call.inLambda) spans.set(call.inLambda.start, call.inLambda.end);
    for (const { value } of call.node.arguments) if (value.kind === 'lambda') spans.set(value.start, value.end);
  }
  const outer = new Map<number, Span>();
  const open: { readonly start: number; readonly end: number }[] = [];
  for (const [start, end] of [...spans].sort(([left], [right]) => left - right)) {
    while ((open.at(-1)?.end ?? Number.POSITIVE_INFINITY) < end) open.pop();
    outer.set(start, { start, end, around: open.at(-1)?.start });
    open.push({ start, end });
  }
  const called = new Set<number>();
  for (const call of calls) {
    if (call.target.kind === 'lambda' && call.target.at.unit === unit) called.add(call.target.at.start);
    if (!callsItsFunctions(call, tables)) continue;
    for (const { value } of call.arguments)
      for (const at of functionsIn(value, 0)) if (at.unit === unit) called.add(at.start);
    for (const { value } of call.node.arguments) if (value.kind === 'lambda') called.add(value.start);
  }
  /** From the function itself outwards, up to the one that is called, the first that does not run. */
  const idle = (lambda: Place | undefined, of?: Place): Span | undefined => {
    for (let start = lambda?.start; start !== undefined; start = outer.get(start)?.around) {
      if (of && start <= of.start) return undefined;
      if (!called.has(start)) return outer.get(start) ?? { start, end: start };
    }
    return undefined;
  };
  return {
    runs: (lambda, of) => idle(lambda, of) === undefined,
    repeating(lambda, repetitions) {
      const later = idle(lambda);
      if (!later) return repetitions;
      return repetitions.filter(({ at }) => at.unit === unit && later.start <= at.start && at.end <= later.end);
    },
  };
}

/** Lists of functions are seldom lists of lists. */
const MAX_DEPTH = 2;

/** The functions that a value is, or is a list of: `queue.addAll(orders.map(order => () => send(order)))`. */
function functionsIn({ shape }: Value, depth: number): readonly Place[] {
  if (depth > MAX_DEPTH) return [];
  switch (shape.kind) {
    case 'lambda':
      return [shape.at];
    case 'list':
      return (shape.items ?? [shape.each]).flatMap(each => functionsIn(each, depth + 1));
    case 'oneOf':
      return shape.alternatives.flatMap(each => functionsIn(each, depth + 1));
    default:
      return [];
  }
}

interface Span {
  readonly start: number;
  readonly end: number;
  /** Where the function around it begins. */
  readonly around?: number;
}

/** Whether the call runs the functions that it is handed before its result is there. */
function callsItsFunctions({ target, use, awaited, source }: ObservedCall, tables: LibraryTables): boolean {
  if (target.kind === 'library') {
    if (tables.routes.has(target.name) || tables.batches.has(target.name)) return false;
    const callbacks = (tables.semantics.calls.get(target.name) ?? []).flatMap(meaning => meaning.callbacks ?? []);
    if (callbacks.length > 0) return true;
    // what a builder gave is walked like any list: `(await db('orders')).map(…)`
    if (tables.semantics.methods.has(target.name.slice(target.name.lastIndexOf('.') + 1))) return true;
  }
  if (target.kind === 'method' && tables.semantics.methods.has(target.name)) return true;
  if (REGISTERS.test(/[\w$]+$/.exec(source)?.[0] ?? '')) return false;
  // a wrapper whose result goes on, `asyncHandler(async (req, res) => …)`, or a registration that gives nothing
  return awaited || use.kind === 'returned' || use.kind === 'receiver';
}

const REGISTERS =
  /^(?:on|once|addListener|addEventListener|subscribe|listen|use|get|post|put|patch|delete|all|route)$|^on[A-Z]/;
