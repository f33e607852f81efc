/**
 * What the walk has seen. A loop's body is walked until its values settle, and only its last turn counts; a lambda that is
 * called twice is seen once, with what either call brought.
 */
import type { Place } from '../engine/place';
import type {
  CallTarget,
  ObservedArgument,
  ObservedCall,
  ObservedRead,
  Repetition,
  ResultUse,
  UnitAnalysis,
} from './analysis';
import { join } from './lattice';
import { unionOf } from './sources';
import type { CallId, LoopId, Source, Value } from './value';

/** A call as it is seen, its repetitions still under way. */
export interface CallSeen extends Omit<ObservedCall, 'repetitions'> {
  readonly around: readonly LoopId[];
}

/** A read of a record's member as it is seen. */
export interface ReadSeen extends Omit<ObservedRead, 'repetitions'> {
  readonly around: readonly LoopId[];
}

interface ValueSeen {
  readonly at: Place;
  readonly value: Value;
  readonly around: readonly LoopId[];
}

interface Write {
  readonly map: Map<string, unknown>;
  readonly key: string;
  /** Absent when the write was the first. */
  readonly before: unknown;
}

/** A repetition whose flags are found out while its body is walked. */
export type Turning = { -readonly [Key in keyof Repetition]: Repetition[Key] };

export interface Observations {
  call(seen: CallSeen): void;
  result(id: CallId, value: Value): void;
  awaited(at: Place, value: Value, around: readonly LoopId[]): void;
  text(at: Place, value: Value): void;
  read(seen: ReadSeen): void;
  loop(loop: Turning): Turning;
  /** A point to go back to. */
  mark(): number;
  /** Forgets what was seen since `mark`. */
  reset(mark: number): void;
  /** Calls seen since `mark`. */
  callsSince(mark: number): readonly CallSeen[];
  seen(id: CallId): CallSeen | undefined;
  readonly count: number;
  finish(): Pick<UnitAnalysis, 'calls' | 'awaits' | 'texts' | 'reads' | 'loops'>;
}

export function createObservations(): Observations {
  const calls = new Map<CallId, CallSeen>();
  const awaits = new Map<string, ValueSeen>();
  const texts = new Map<string, ValueSeen>();
  const reads = new Map<string, ReadSeen>();
  const loops = new Map<LoopId, Turning>();
  /** What each write has replaced, in order. */
  const undo: Write[] = [];

  const write = <T extends CallSeen | ValueSeen | ReadSeen>(map: Map<string, T>, key: string, value: T): void => {
    undo.push({ map, key, before: map.get(key) });
    map.set(key, value);
  };

  const seeValue = (map: Map<string, ValueSeen>, at: Place, value: Value, around: readonly LoopId[]): void => {
    const key = `${at.start}-${at.end}`;
    const before = map.get(key);
    write(map, key, { at, value: before ? join(before.value, value) : value, around: longer(before?.around, around) });
  };

  return {
    call(seen) {
      const before = calls.get(seen.id);
      write(calls, seen.id, before ? both(before, seen) : seen);
    },
    result(id, value) {
      const seen = calls.get(id);
      if (seen) write(calls, id, { ...seen, result: seen.result === undefined ? value : join(seen.result, value) });
    },
    awaited: (at, value, around) => seeValue(awaits, at, value, around),
    text: (at, value) => seeValue(texts, at, value, []),
    read: seen => write(reads, `${seen.at.start}-${seen.at.end}`, seen),
    loop(loop) {
      const existing = loops.get(loop.id);
      if (existing) {
        if (existing.source && loop.source)
          existing.source = { ...loop.source, value: join(existing.source.value, loop.source.value) };
        return existing;
      }
      loops.set(loop.id, loop);
      return loop;
    },
    mark: () => undo.length,
    reset(mark) {
      for (const { map, key, before } of undo.splice(mark).reverse())
        if (before === undefined) map.delete(key);
        else map.set(key, before);
    },
    callsSince(mark) {
      const ids = new Set<CallId>();
      for (let index = mark; index < undo.length; index++) {
        const entry = undo[index];
        if (entry?.map === calls) ids.add(entry.key);
      }
      return [...ids].flatMap(id => calls.get(id) ?? []);
    },
    seen: id => calls.get(id),
    get count() {
      return undo.length;
    },
    finish() {
      const repetitions = (around: readonly LoopId[]): readonly Repetition[] =>
        around.length === 0 ? NOT_REPEATED : around.flatMap(id => loops.get(id) ?? []);
      return {
        // `around` stays in it: a copy without one member costs more than all else about a call
        calls: [...calls.values()].map(call => ({ ...call, repetitions: repetitions(call.around) })),
        awaits: [...awaits.values()].map(({ at, value, around }) => ({ at, value, repetitions: repetitions(around) })),
        reads: [...reads.values()].map(({ around, ...seen }) => ({ ...seen, repetitions: repetitions(around) })),
        texts: [...texts.values()].map(({ at, value }) => ({ at, value })),
        loops,
      };
    },
  };
}

const NOT_REPEATED: readonly Repetition[] = [];

const longer = (left: readonly LoopId[] | undefined, right: readonly LoopId[]): readonly LoopId[] =>
  left && left.length > right.length ? left : right;

function both(before: CallSeen, now: CallSeen): CallSeen {
  const known = (target: CallTarget): boolean => target.kind !== 'unknown' && target.kind !== 'method';
  return {
    ...now,
    target: known(now.target) || !known(before.target) ? now.target : before.target,
    ...(before.receiver && now.receiver ? { receiver: join(before.receiver, now.receiver) } : {}),
    arguments: now.arguments.map((argument, index): ObservedArgument => {
      const earlier = before.arguments[index];
      return earlier ? { ...argument, value: join(earlier.value, argument.value) } : argument;
    }),
    result: join(before.result, now.result),
    around: longer(before.around, now.around),
    awaited: before.awaited || now.awaited,
    use: moreUsed(before.use, now.use),
  };
}

const moreUsed = (left: ResultUse, right: ResultUse): ResultUse => (right.kind === 'discarded' ? left : right);

/** Calls whose results a value depends on. */
export const callsIn = (sources: readonly Source[]): readonly CallId[] =>
  sources.flatMap(source => (source.kind === 'call' ? [source.call] : []));

/** Sources of several values. */
export const sourcesOf = (values: readonly Value[]): readonly Source[] =>
  unionOf([], ...values.map(value => value.from));
