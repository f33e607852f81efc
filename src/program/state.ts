/**
 * What variables hold at the point that the interpreter has reached.
 *
 * Branches do not copy the state: writes are kept in a journal, taken back at the end of an arm, and joined cell by cell,
 * so a branch costs what it writes and not what the function holds.
 */
import { join } from './lattice';
import type { Expression } from './model';
import type { Value } from './value';

/** A variable, `this`, or a member of one that was written or tested: `options.sort`. */
export interface Cell {
  readonly name: string;
  /** Cells of members, by path: `sort`, `filters.name`. */
  readonly members: Map<string, Cell>;
  /** Its value as long as nothing was written: a variable of the file's top level, `this`. */
  readonly initial?: Value;
  /** The condition that a constant truth value was computed from: `const known = ALLOWED.includes(column)`. */
  test?: Expression;
}

export const createCell = (name: string, initial?: Value): Cell => ({
  name,
  members: new Map(),
  ...(initial ? { initial } : {}),
});

/** Variables by name, from the inside out. */
export interface Scope {
  readonly parent?: Scope;
  readonly cells: Map<string, Cell>;
  /** In a function's own scope: variables of its inner blocks, which some languages let the whole function see. */
  readonly hoisted?: Map<string, Cell>;
}

/** The scope of a block. */
export const createScope = (parent?: Scope): Scope => (parent ? { parent, cells: new Map() } : { cells: new Map() });

/** The scope of a function. */
export const createFunctionScope = (parent?: Scope): Scope =>
  parent ? { parent, cells: new Map(), hoisted: new Map() } : { cells: new Map(), hoisted: new Map() };

/** A variable that was declared in an inner block of the function, or of one around it. */
export function lookUpHoisted(scope: Scope | undefined, name: string): Cell | undefined {
  for (let each = scope; each; each = each.parent) {
    const cell = each.hoisted?.get(name);
    if (cell) return cell;
  }
  return undefined;
}

/** The cell of a name as seen from a scope. */
export function lookUp(scope: Scope | undefined, name: string): Cell | undefined {
  for (let each = scope; each; each = each.parent) {
    const cell = each.cells.get(name);
    if (cell) return cell;
  }
  return undefined;
}

/** What an arm of a branch, a loop's turn or an early exit has written. */
export interface Outcome {
  readonly writes: ReadonlyMap<Cell, Value | undefined>;
  readonly reachable: boolean;
}

export interface State {
  /** False behind a return, throw, break or continue: what is written there reaches no one. */
  reachable: boolean;
  get(cell: Cell): Value | undefined;
  /** `undefined` forgets what was known. */
  set(cell: Cell, value: Value | undefined): void;
  /** Walks an arm, and takes back what it wrote. */
  branch(walk: () => void): Outcome;
  /** Goes on after all of these arms. */
  merge(outcomes: readonly Outcome[]): void;
  /** How many arms are open; `snapshot` counts from here. */
  readonly depth: number;
  /** All writes since `depth`, as of now. */
  snapshot(depth: number): Outcome;
}

export function createState(): State {
  const values = new Map<Cell, Value>();
  /** The values before the first write in each open arm. */
  const journal: Map<Cell, Value | undefined>[] = [];

  const put = (cell: Cell, value: Value | undefined): void => {
    if (value === undefined) values.delete(cell);
    else values.set(cell, value);
  };

  const state: State = {
    reachable: true,
    get depth() {
      return journal.length;
    },
    get: cell => values.get(cell) ?? cell.initial,
    set(cell, value) {
      const open = journal.at(-1);
      if (open && !open.has(cell)) open.set(cell, values.get(cell));
      put(cell, value);
    },
    branch(walk) {
      const before = state.reachable;
      const depth = journal.length;
      const written = new Map<Cell, Value | undefined>();
      journal.push(written);
      try {
        walk();
        const writes = new Map<Cell, Value | undefined>();
        for (const cell of written.keys()) writes.set(cell, values.get(cell));
        return { writes, reachable: state.reachable };
      } finally {
        journal.length = depth;
        for (const [cell, value] of written) put(cell, value);
        state.reachable = before;
      }
    },
    merge(outcomes) {
      const live = outcomes.filter(outcome => outcome.reachable);
      // Behind a point that no arm passes, the last that is known is as good as any.
      const joined = live.length > 0 ? live : outcomes;
      const cells = new Set<Cell>();
      for (const outcome of joined) for (const cell of outcome.writes.keys()) cells.add(cell);
      for (const cell of cells) state.set(cell, joinedValue(cell, joined));
      state.reachable = state.reachable && live.length > 0;
    },
    snapshot(depth) {
      const writes = new Map<Cell, Value | undefined>();
      for (const open of journal.slice(depth)) for (const cell of open.keys()) writes.set(cell, values.get(cell));
      return { writes, reachable: state.reachable };
    },
  };

  const joinedValue = (cell: Cell, outcomes: readonly Outcome[]): Value | undefined => {
    const isMember = cell.name.includes('.');
    let result: Value | undefined;
    for (const outcome of outcomes) {
      const now = outcome.writes.has(cell) ? outcome.writes.get(cell) : values.get(cell);
      // A forgotten or untouched cell is what it was to begin with.
      const value = now ?? cell.initial;
      if (value === undefined) {
        // What is known of a member on one way only is not known afterwards; a variable of an inner block is.
        if (isMember) return undefined;
        continue;
      }
      result = result === undefined ? value : join(result, value);
    }
    return result;
  };

  return state;
}
