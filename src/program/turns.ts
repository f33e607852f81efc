/** Walks what is repeated until the values at its head settle, and finds out on the way whether turns feed each other. */
import { equalByStructure } from './equality';
import { widen } from './lattice';
import { type CallSeen, callsIn, type Turning } from './observations';
import type { Outcome } from './state';
import type { CallId, Value } from './value';
import { isSpent, type JumpTarget, type Walk } from './walk';

/** By then every changing value is unknown. */
const MAX_TURNS = 5;
/** Lists of so many constants are walked item by item. */
const MAX_UNROLLED = 8;

export interface Turns {
  readonly turning: Turning;
  /** `break` and `continue` inside mean this loop; not so for a callback. */
  readonly jumps: boolean;
  readonly label?: string;
  /** One turn: binds the item and walks the body. */
  readonly turn: () => void;
  /** What follows each turn: the step of a counted loop. */
  readonly after?: () => void;
  /** What holds when it is over. */
  readonly over?: () => void;
  /** At least one turn is made. */
  readonly atLeastOnce?: boolean;
}

/**
 * Walks turns until they settle; the state is then that behind the loop.
 * @returns what each turn leaves behind, where nothing but its end leads out of the loop
 */
export function settleTurns(walk: Walk, turns: Turns): Outcome | undefined {
  const { state, observations } = walk;
  const mark = observations.mark();
  let first: ReadonlyMap<CallId, ReadonlySet<CallId>> | undefined;
  let last: { readonly target: JumpTarget; readonly end: Outcome };
  for (let turn = 1; ; turn++) {
    observations.reset(mark);
    last = walkTurn(walk, turns);
    const seen = observations.callsSince(mark);
    const hangs = dependencies(seen);
    if (first && !turns.turning.feedsNextTurn) turns.turning.feedsNextTurn = feedsBack(first, hangs);
    first ??= hangs;
    const spent = isSpent(walk);
    if (!last.end.reachable) break;
    const moved = widenHead(walk, last.end, spent ? MAX_TURNS : turn);
    if (!moved || turn >= MAX_TURNS || spent) break;
  }
  const skipped = state.branch(() => turns.over?.());
  const once = state.branch(() => {
    state.merge([last.end]);
    turns.over?.();
  });
  state.merge([...(turns.atLeastOnce ? [once] : [skipped]), ...last.target.breaks]);
  return last.target.breaks.length === 0 ? last.end : undefined;
}

/** Walks a list of constants item by item; nothing when that is not worth it. */
export function unrollTurns(walk: Walk, turns: Turns, items: readonly Value[], bind: (item: Value) => void): boolean {
  const nested = walk.around.filter(each => each.turning.constantCount !== undefined).length;
  if (items.length === 0 || items.length > MAX_UNROLLED || nested > 1 || isSpent(walk)) return false;
  const breaks: Outcome[] = [];
  for (const item of items) {
    const { target, end } = walkTurn(walk, {
      ...turns,
      turn: () => {
        bind(item);
        turns.turn();
      },
    });
    breaks.push(...target.breaks);
    walk.state.merge([end]);
    if (!end.reachable) break;
  }
  const over = walk.state.branch(() => turns.over?.());
  walk.state.merge([over, ...breaks]);
  return true;
}

function walkTurn(walk: Walk, turns: Turns): { readonly target: JumpTarget; readonly end: Outcome } {
  const { state } = walk;
  const target: JumpTarget = {
    kind: 'loop',
    loop: turns.turning.id,
    ...(turns.label === undefined ? {} : { label: turns.label }),
    breaks: [],
    continues: [],
    depth: state.depth,
  };
  const outer = walk.around;
  const scope = walk.scope;
  const mark = walk.observations.mark();
  walk.around = [{ id: turns.turning.id, frame: walk.frame, turning: turns.turning, mark }, ...outer];
  if (turns.jumps) walk.frame.jumps.push(target);
  const end = state.branch(() => {
    const body = state.branch(() => {
      turns.turn();
      walk.flushClosures();
    });
    state.merge([body, ...target.continues]);
    if (state.reachable) turns.after?.();
  });
  if (turns.jumps) walk.frame.jumps.pop();
  walk.around = outer;
  walk.scope = scope;
  return { target, end };
}

/** Joins what a turn left into what the next one starts from; says whether anything moved. */
function widenHead(walk: Walk, end: Outcome, turn: number): boolean {
  let moved = false;
  for (const [cell, after] of end.writes) {
    const before = walk.state.get(cell);
    if (before === undefined) continue;
    if (after === undefined) {
      walk.state.set(cell, undefined);
      moved = true;
      continue;
    }
    const widened = widen(before, after, turn);
    if (widened === before || equalByStructure(widened, before)) continue;
    walk.state.set(cell, widened);
    moved = true;
  }
  return moved;
}

/** For each call the calls of the same loop that its arguments hang on. */
function dependencies(calls: readonly CallSeen[]): ReadonlyMap<CallId, ReadonlySet<CallId>> {
  const inside = new Set(calls.map(call => call.id));
  return new Map(
    calls.map(call => {
      const from = call.arguments.flatMap(argument => callsIn(argument.value.from));
      return [call.id, new Set(from.filter(id => inside.has(id)))];
    }),
  );
}

/** An argument hangs on a call that it did not hang on in the first turn: on an earlier turn's. */
function feedsBack(
  first: ReadonlyMap<CallId, ReadonlySet<CallId>>,
  now: ReadonlyMap<CallId, ReadonlySet<CallId>>,
): boolean {
  for (const [call, hangs] of now) {
    const before = first.get(call);
    if (before && [...hangs].some(id => !before.has(id))) return true;
  }
  return false;
}
