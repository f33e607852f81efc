/** The ways that lead to a point of a function, merged where they agree on the state. */
import type { Span } from './model';
import { type Known, knownOnBoth } from './pathConditions';

/** All ways that have brought one state. */
export interface Way<S extends string> {
  readonly state: S;
  /** What is known of conditions on each of them. */
  readonly known: Known;
  /** Of the first of them: what brought the state, the call whose error was caught, the inner `return` that was passed. */
  readonly since?: Span;
  readonly raised?: Span;
  readonly left?: Span;
  /** Where it leaves, when it is on its way out. */
  readonly exit?: Span;
  /** Where it left, while it does what is done on every way out. */
  readonly leaving?: Leaving;
}

export interface Leaving {
  readonly exit?: Span;
  readonly outer?: Leaving;
}

/** By state; none where no way leads. Never changed in place. */
export type Ways<S extends string> = ReadonlyMap<S, Way<S>>;

export type ExitKind = 'return' | 'throw' | 'raise' | 'break' | 'continue';

/** Ways that leave what is being walked. */
export interface Exit<S extends string> {
  readonly kind: ExitKind;
  readonly label?: string;
  readonly ways: Ways<S>;
}

export const NO_WAY: ReadonlyMap<never, never> = new Map<never, never>();

export const isError = ({ kind }: Pick<Exit<string>, 'kind'>): boolean => kind === 'throw' || kind === 'raise';

/** The ways of errors that someone handles. */
export const caught = <S extends string>(failed: readonly Exit<S>[]): Ways<S> =>
  each(joinWays(failed.map(({ ways }) => ways)), ({ exit, ...way }) => (exit ? { ...way, raised: exit } : way));

export const isOpen = (ways: Ways<string>): boolean => ways.size > 0;

/** The ways of either; the first one itself when the other adds nothing. */
export function both<S extends string>(left: Ways<S>, right: Ways<S>): Ways<S> {
  if (right.size === 0 || left === right) return left;
  if (left.size === 0) return right;
  let joined: Map<S, Way<S>> | undefined;
  for (const [state, way] of right) {
    const before = left.get(state);
    const known = before && knownOnBoth(before.known, way.known);
    if (before && known === before.known) continue;
    joined ??= new Map(left);
    joined.set(state, before && known ? { ...before, known } : way);
  }
  return joined ?? left;
}

export const joinWays = <S extends string>(all: readonly Ways<S>[]): Ways<S> =>
  all.reduce((joined: Ways<S>, ways) => both(joined, ways), new Map());

/** Ways on their way out, past something that is done on every way out. */
export function passing<S extends string>(ways: Ways<S>, run: (ways: Ways<S>) => Ways<S>): Ways<S> {
  const held = each(ways, ({ exit, leaving, ...way }) => ({
    ...way,
    leaving: { ...(exit ? { exit } : {}), ...(leaving ? { outer: leaving } : {}) },
  }));
  return each(run(held), ({ leaving, ...way }) => ({
    ...way,
    ...(leaving?.exit ? { exit: leaving.exit } : {}),
    ...(leaving?.outer ? { leaving: leaving.outer } : {}),
  }));
}

/** Every way changed, or dropped; the same object when none is. */
export function each<S extends string>(ways: Ways<S>, change: (way: Way<S>) => Way<S> | undefined): Ways<S> {
  let changed = false;
  const now: Way<S>[] = [];
  for (const way of ways.values()) {
    const next = change(way);
    if (next !== way) changed = true;
    if (next) now.push(next);
  }
  if (!changed) return ways;
  return now.reduce((joined: Ways<S>, way) => both(joined, new Map([[way.state, way]])), new Map());
}
