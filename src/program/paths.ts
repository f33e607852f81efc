/**
 * Follows the paths through one function: in which states something may be that is opened, used and closed, on every way
 * out of it.
 *
 * A client describes the thing as a machine of a few named states and what each expression does to them; the walk does the
 * rest: branches, loops, `try`, `finally` on every exit, calls that may throw, resources of a scope, callbacks that run at
 * once, functions inside the function that are called by name. Per state it keeps what is known of conditions, so that
 * paths which cannot be are not followed: `if (client) client.release()` and `if (!released) …` are understood. The cost is
 * linear in the function's size, times the number of states.
 *
 * ```ts
 * const endings = followPaths(unit.function, {
 *   start: [{ state: 'none' }],
 *   step: (node, state) => (node === acquire ? 'held' : isRelease(node) ? 'released' : state),
 *   mayThrow: node => node.kind === 'await' || isQuery(node),
 *   isPresent: node => node === acquire,
 *   callback: (call, index) => callbackRunOf(call, index),
 * });
 * const leak = endings.find(({ state }) => state === 'held'); // at leak.at, since leak.since, after leak.raised failed
 * ```
 *
 * A function that gets the thing as a parameter of a callback, `getConnection((error, connection) => …)`, is a region of its
 * own: follow its lambda's function from `{ state: 'held', known: { connection: 'truthy', error: 'falsy' } }` and
 * `{ state: 'none', known: { connection: 'nullish', error: 'truthy' } }`. Chains of promises are walked as the `try` that
 * they are, as far as `callback` tells which of their functions runs when.
 *
 * What members of objects are known to be is kept over calls: a path that a call in between makes possible is not seen.
 *
 * @see Das, Lerner, Seigle, ESP: Path-sensitive program verification in polynomial time (2002): paths are merged where they
 *   agree on the state
 */
import type { Declare, Expression, Function as FunctionNode, Return, Span, Throw } from './model';
import type { Truth } from './pathConditions';
import { endingsOf } from './pathWalk';

/** What a machine is shown, when its operands have been evaluated. */
export type PathNode = Expression | Declare | Return | Throw;

/**
 * When a call runs a function that it is handed: at once, perhaps, any number of times, when the promise that is its receiver
 * is kept, broken, or either. What runs later, or elsewhere, has no such answer and is not followed.
 */
export type CallbackRun = 'now' | 'perhaps' | 'repeatedly' | 'on-success' | 'on-failure' | 'always';

export interface PathMachine<S extends string> {
  readonly start: readonly { readonly state: S; readonly known?: Readonly<Record<string, Truth>> }[];
  /**
   * The state after a node, in order of evaluation: operands first. Most nodes change nothing. A lambda is shown only where it
   * is not followed, and so is any other function that is handed over.
   */
  step(node: PathNode, state: S): S;
  /** Whether the call, the wait or the `yield` may end in an error that matters. All calls and waits may when absent. */
  mayThrow?(node: Extract<Expression, { kind: 'call' | 'await' | 'yield' }>): boolean;
  /** The state when it does; the one before the call when absent. */
  raised?(node: Expression, before: S): S;
  /** The call never gives null: a condition on its result is known. */
  isPresent?(node: Expression): boolean;
  /** The call does not come back: `process.exit()`. */
  ends?(node: Expression): boolean;
  /** When the call runs its argument. A function is not followed when absent. */
  callback?(call: Extract<Expression, { kind: 'call' }>, argument: number): CallbackRun | undefined;
  /** The state after a scope has closed the resource that was made by this expression. */
  closes?(resource: Expression, state: S): S;
}

/** One way out of the function, in one state. */
export interface Ending<S extends string> {
  /** `raise` is a throw out of a call, `throw` one that is written. */
  readonly kind: 'end' | 'return' | 'throw' | 'raise';
  readonly state: S;
  /** The `return`, the `throw`, the first call that may fail in this state; the end of the body. */
  readonly at: Span;
  /** What brought it into its state; absent for the state it started in. */
  readonly since?: Span;
  /** A call that has failed on the way, and whose error was caught. */
  readonly raised?: Span;
  /** A `return` of an inner function that was passed. */
  readonly left?: Span;
}

/** Every way out of the function, in source order; one for each state that is possible there, and for `raise` one for each state. */
export function followPaths<S extends string>(
  region: Pick<FunctionNode, 'body' | 'start' | 'end'>,
  machine: PathMachine<S>,
): readonly Ending<S>[] {
  return endingsOf(region, machine);
}
