/**
 * Demand-driven incremental computation: what was computed once is computed again only when something it read has changed.
 *
 * The idea is that of red-green marking as in Salsa and rustc's query system: every answer records what it read, inputs
 * carry revisions, and an answer is looked at again lazily, when it is asked for. An answer that comes out equal keeps its
 * old revision, so whatever read it is left alone (early cut-off). Answers that need themselves are iterated from a bottom
 * value to a fixed point; the whole cycle then stands on the union of what it read from outside.
 *
 * @see https://salsa-rs.github.io/salsa/reference/algorithm.html
 * @see https://rustc-dev-guide.rust-lang.org/queries/incremental-compilation.html
 */
import { equalByStructure } from './equality';

export interface Memory {
  /** A value from outside, kept until `changed(key)`. Readers are disturbed only when the new value differs. */
  input<T>(key: string, read: () => T, equal?: (before: T, after: T) => boolean): T;
  /** The inputs are to be read again when they are next asked for. What nobody has read disturbs nobody. */
  changed(...keys: readonly string[]): void;
  /** A computed value. `compute` must be a function of what it reads from this memory. */
  derive<T>(key: string, compute: () => T, options?: DeriveOptions<T>): T;
  /** As `input` for all keys `KIND ID`: what is asked for often is found by its id, without a key being put together. */
  inputs<T>(kind: string, read: (id: string) => T, equal?: (before: T, after: T) => boolean): (id: string) => T;
  /** As `derive` for all keys `KIND ID`. */
  derived<T>(kind: string, compute: (id: string) => T, options?: DerivedOptions<T>): (id: string) => T;
  /** As `derive` for all keys `KIND OWNER ID`. */
  derivedOf<T>(
    kind: string,
    compute: (owner: string, id: string) => T,
    options?: DeriveOptions<T>,
  ): (owner: string, id: string) => T;
}

export interface DeriveOptions<T> {
  /** Whether a new answer disturbs those who read the old one; by structure when absent. */
  readonly equal?: (before: T, after: T) => boolean;
  /** What a computation that needs itself sees first. Without it a cycle sees `undefined`. */
  readonly bottom?: T;
  /** Not reported to the observer: a mere look-up. */
  readonly silent?: boolean;
}

export interface DerivedOptions<T> extends Omit<DeriveOptions<T>, 'bottom'> {
  readonly bottom?: (id: string) => T;
}

export interface MemoryOptions {
  /** So many computations may need each other before the innermost is computed first, on a stack of its own. */
  readonly maxDepth?: number;
  /** Told of every computation that was not answered from memory. */
  readonly onCompute?: (key: string) => void;
}

/** How often a cycle is walked before its last answer stands; the domains that are computed here widen long before. */
const CYCLE_TURNS = 6;

const DEFAULT_DEPTH = 48;
/** Looking whether an old answer holds takes so much less of the stack than computing one. */
const VERIFIED_PER_DEPTH = 8;

/** Unwinds to the outermost question, which has this computed first. */
class TooDeep {
  constructor(readonly node: Node) {}
}

interface Node {
  readonly key: string;
  /** The latest that was handed in: it closes over what is true now. */
  compute: () => unknown;
  readonly equal: (before: unknown, after: unknown) => boolean;
  readonly bottom: unknown;
  readonly input: boolean;
  readonly silent: boolean;
  value: unknown;
  /** False until the first final answer. */
  known: boolean;
  /** The revision in which the value last came out different. */
  changedAt: number;
  /** The revision up to which the value is known to hold; 0 when it has to be looked at again. */
  verifiedAt: number;
  reads: readonly Node[];
  /** Set while it is being computed. */
  activity: Activity | undefined;
  /** Set while its answer hangs on an unfinished one. */
  unfinished: Provisional | undefined;
}

/** A computation that is under way. */
interface Activity {
  readonly node: Node;
  readonly depth: number;
  /** What it has read, in order, and what it was told. */
  readonly reads: Map<Node, unknown>;
  /** Depth of the lowest unfinished computation that this one, or what it read, has read. */
  lowestHead: number;
  /** The answer that others see while this is under way. */
  readonly assumed: unknown;
  readAsHead: boolean;
  /** Length of the list of provisional answers when this began. */
  readonly firstProvisional: number;
}

/** An answer that hangs on an unfinished one: it holds for the current turn of that computation. */
interface Provisional {
  readonly node: Node;
  readonly value: unknown;
  readonly reads: ReadonlyMap<Node, unknown>;
  head: number;
  /** It was itself read before it was finished, and came out different from what was assumed. */
  readonly unsettled: boolean;
}

/** What a member of a cycle came to in one turn; without `reads` it is to be computed in each. */
interface Answer {
  readonly value: unknown;
  readonly reads?: ReadonlyMap<Node, unknown>;
}

export function createMemory(options: MemoryOptions = {}): Memory {
  const nodes = new Map<string, Node>();
  const stack: Activity[] = [];
  const provisional: Provisional[] = [];
  /** What a member of the cycle under way came to in the last turn. */
  const lastTurn = new Map<Node, Answer>();
  let revision = 1;

  const maxDepth = options.maxDepth ?? DEFAULT_DEPTH;
  /** The question under way goes round a cycle that is deeper than that: it is cut where it is too deep. */
  let cuts = false;

  /** As `read`, for whoever asks from outside: chains that are too deep are computed from their far end. */
  const ask = (node: Node): unknown => {
    if (stack.length > 0) return read(node);
    cuts = false;
    const waiting: Node[] = [node];
    for (let next = waiting.at(-1); next; next = waiting.at(-1)) {
      try {
        const value = read(next);
        waiting.pop();
        if (waiting.length === 0) return value;
      } catch (problem) {
        if (!(problem instanceof TooDeep)) throw problem;
        if (waiting.includes(problem.node)) cuts = true;
        else waiting.push(problem.node);
      }
    }
    return undefined;
  };

  const read = (node: Node): unknown => {
    const reader = stack.at(-1);
    const value = valueFor(node, reader);
    reader?.reads.set(node, value);
    return value;
  };

  const valueFor = (node: Node, reader: Activity | undefined): unknown => {
    const active = node.activity;
    if (active) {
      active.readAsHead = true;
      hangOn(reader, active.depth);
      return active.assumed;
    }
    if (!node.unfinished) {
      if (isCurrent(node)) return node.value;
      if (cuts && stack.length >= maxDepth && !isLookUp(node)) {
        hangOn(reader, 0);
        return node.bottom;
      }
      refresh(node);
    }
    // set by what has just been computed
    const { unfinished } = node as { readonly unfinished: Provisional | undefined };
    if (!unfinished) return node.value;
    hangOn(reader, unfinished.head);
    return unfinished.value;
  };

  const isCurrent = (node: Node): boolean =>
    node.known && (node.verifiedAt === revision || (node.input && node.verifiedAt > 0));

  const hangOn = (reader: Activity | undefined, depth: number): void => {
    if (reader) reader.lowestHead = Math.min(reader.lowestHead, depth);
  };

  /** Brings the node's value up to date. */
  const refresh = (node: Node): void => {
    if (isCurrent(node)) return;
    if (node.input) settle(node, node.compute(), []);
    else if (node.known && node.verifiedAt > 0 && holds(node)) node.verifiedAt = revision;
    else compute(node);
  };

  /** Whether nothing that the answer stands on has changed. */
  const holds = ({ reads, verifiedAt }: Node): boolean => {
    for (const node of reads) if (changedSince(node, verifiedAt)) return false;
    return true;
  };

  let verifying = 0;

  const changedSince = (node: Node, since: number): boolean => {
    // What is under way, or hangs on it, cannot vouch for an older answer.
    if (node.activity || node.unfinished) return true;
    if (isCurrent(node)) return node.changedAt > since;
    if (verifying >= maxDepth * VERIFIED_PER_DEPTH) {
      if (cuts) return true;
      throw new TooDeep(node);
    }
    verifying++;
    try {
      refresh(node);
    } finally {
      verifying--;
    }
    const { unfinished } = node as { readonly unfinished: Provisional | undefined };
    return unfinished !== undefined || node.changedAt > since;
  };

  const settle = (node: Node, value: unknown, reads: readonly Node[]): void => {
    if (!node.known || !node.equal(node.value, value)) {
      node.value = value;
      node.changedAt = revision;
    }
    node.known = true;
    node.verifiedAt = revision;
    node.reads = reads;
  };

  /** Runs the computation once, with what it reads recorded. */
  const evaluate = (node: Node): { readonly value: unknown; readonly activity: Activity } => {
    if (stack.length >= maxDepth && !cuts) throw new TooDeep(node);
    const before = lastTurn.size > 0 ? lastTurn.get(node) : undefined;
    const activity: Activity = {
      node,
      depth: stack.length,
      reads: new Map(),
      lowestHead: Number.POSITIVE_INFINITY,
      assumed: before ? before.value : node.bottom,
      readAsHead: false,
      firstProvisional: provisional.length,
    };
    stack.push(activity);
    node.activity = activity;
    let finished = false;
    try {
      const stands = before?.reads !== undefined && toldAgain(before.reads);
      if (!stands) {
        activity.reads.clear();
        if (!node.silent) options.onCompute?.(node.key);
      }
      const value = stands ? before?.value : node.compute();
      finished = true;
      return { value, activity };
    } finally {
      stack.pop();
      node.activity = undefined;
      if (!finished) dropProvisional(activity.firstProvisional);
      if (!finished && stack.length === 0) lastTurn.clear();
    }
  };

  /** Within a cycle: asks in the same order for what was read in the last turn. The same again makes the same answer. */
  const toldAgain = (reads: ReadonlyMap<Node, unknown>): boolean => {
    for (const [node, told] of reads) {
      const now = read(node);
      if (now !== told && !node.equal(told, now)) return false;
    }
    return true;
  };

  const dropProvisional = (from: number): readonly Provisional[] => {
    if (provisional.length <= from) return NONE_PROVISIONAL;
    const dropped = provisional.splice(from);
    for (const each of dropped) each.node.unfinished = undefined;
    return dropped;
  };

  const compute = (node: Node): void => {
    for (let turn = 1; ; turn++) {
      const { value, activity } = evaluate(node);
      const cameOutAsAssumed = !activity.readAsHead || node.equal(activity.assumed, value);
      if (activity.lowestHead < activity.depth) {
        postpone(node, value, activity, !cameOutAsAssumed);
        return;
      }
      const members = dropProvisional(activity.firstProvisional);
      const settled = cameOutAsAssumed && !members.some(member => member.unsettled);
      if (!settled && turn < CYCLE_TURNS) {
        lastTurn.set(node, { value });
        for (const member of members) lastTurn.set(member.node, { value: member.value, reads: member.reads });
        continue;
      }
      finish(node, value, activity, members);
      return;
    }
  };

  /** Part of a cycle whose head is still under way. */
  const postpone = (node: Node, value: unknown, activity: Activity, unsettled: boolean): void => {
    for (let index = activity.firstProvisional; index < provisional.length; index++) {
      const member = provisional[index];
      if (member) member.head = Math.min(member.head, activity.lowestHead);
    }
    const answer = { node, value, reads: activity.reads, head: activity.lowestHead, unsettled };
    provisional.push(answer);
    node.unfinished = answer;
  };

  /** The outermost head has settled: the whole cycle is final, and stands on what it read from outside. */
  const finish = (node: Node, value: unknown, activity: Activity, members: readonly Provisional[]): void => {
    if (members.length === 0 && !activity.readAsHead) {
      if (lastTurn.size > 0) lastTurn.delete(node);
      settle(node, value, [...activity.reads.keys()]);
      return;
    }
    lastTurn.delete(node);
    for (const member of members) lastTurn.delete(member.node);
    const inside = new Set<Node>([node, ...members.map(member => member.node)]);
    const outside = new Set<Node>();
    for (const reads of [activity.reads, ...members.map(member => member.reads)])
      for (const each of reads.keys()) if (!inside.has(each)) outside.add(each);
    const reads = [...outside];
    for (const member of members) settle(member.node, member.value, reads);
    settle(node, value, reads);
  };

  const add = (node: Node): Node => {
    nodes.set(node.key, node);
    return node;
  };

  return {
    input<T>(key: string, readInput: () => T, equal: (before: T, after: T) => boolean = equalByStructure): T {
      const name = `input ${key}`;
      const node = nodes.get(name) ?? add(blank(name, readInput, equal as Node['equal'], true));
      node.compute = readInput;
      return ask(node) as T;
    },
    changed(...keys) {
      let disturbed = false;
      for (const key of keys) {
        const node = nodes.get(`input ${key}`);
        if (!node || node.verifiedAt === 0) continue;
        node.verifiedAt = 0;
        disturbed = true;
      }
      if (disturbed) revision++;
    },
    derive<T>(key: string, computeValue: () => T, derive: DeriveOptions<T> = {}): T {
      const known = nodes.get(key);
      const node = known ?? add(blank(key, computeValue, equalOf(derive), false, derive.bottom, derive.silent));
      node.compute = computeValue;
      return ask(node) as T;
    },
    inputs<T>(kind: string, readInput: (id: string) => T, equal: (before: T, after: T) => boolean = equalByStructure) {
      const byId = new Map<string, Node>();
      return (id: string): T => {
        let node = byId.get(id);
        if (!node) {
          node = add(blank(`input ${kind} ${id}`, () => readInput(id), equal as Node['equal'], true));
          byId.set(id, node);
        }
        return ask(node) as T;
      };
    },
    derived<T>(kind: string, computeValue: (id: string) => T, derive: DerivedOptions<T> = {}) {
      const byId = new Map<string, Node>();
      return (id: string): T => {
        let node = byId.get(id);
        if (!node) {
          const bottom = derive.bottom?.(id);
          node = blank(`${kind} ${id}`, () => computeValue(id), equalOf(derive), false, bottom, derive.silent);
          byId.set(id, node);
        }
        return ask(node) as T;
      };
    },
    derivedOf<T>(kind: string, computeValue: (owner: string, id: string) => T, derive: DeriveOptions<T> = {}) {
      const byOwner = new Map<string, Map<string, Node>>();
      return (owner: string, id: string): T => {
        let byId = byOwner.get(owner);
        if (!byId) {
          byId = new Map();
          byOwner.set(owner, byId);
        }
        let node = byId.get(id);
        if (!node) {
          const key = `${kind} ${owner} ${id}`;
          node = blank(key, () => computeValue(owner, id), equalOf(derive), false, derive.bottom, derive.silent);
          byId.set(id, node);
        }
        return ask(node) as T;
      };
    },
  };
}

const NONE_PROVISIONAL: readonly Provisional[] = [];

const equalOf = <T>({ equal }: { readonly equal?: (before: T, after: T) => boolean }): Node['equal'] =>
  (equal ?? equalByStructure) as Node['equal'];

/** What only reads what is there, and does not lead on round a cycle. */
const isLookUp = (node: Node): boolean => node.silent && node.bottom === undefined;

const blank = (
  key: string,
  compute: () => unknown,
  equal: Node['equal'],
  input: boolean,
  bottom: unknown = undefined,
  silent = false,
): Node => ({
  key,
  compute,
  equal,
  bottom,
  input,
  silent: input || silent,
  value: undefined,
  known: false,
  changedAt: 0,
  verifiedAt: 0,
  reads: NO_READS,
  activity: undefined,
  unfinished: undefined,
});

const NO_READS: readonly Node[] = [];
