/** What the walk along the paths of one function carries: the machine, the ways out so far, and what ways are changed by. */
import type { Block, Expression, Function as FunctionNode, Lambda, Pattern, Span } from './model';
import { assigned, knowing, NOTHING_KNOWN, spellingOf, truthOf } from './pathConditions';
import { evaluatePaths } from './pathExpressions';
import { pathsOfBlock } from './pathStatements';
import type { Ending, PathMachine, PathNode } from './paths';
import { visitNodes } from './traverse';
import { both, type Exit, type ExitKind, each, isOpen, joinWays, NO_WAY, type Way, type Ways } from './ways';

/** Deeper nesting than people write is not followed. */
const MAX_NESTING = 350;
/** After so many turns a loop forgets what it knows of conditions, so that it settles. */
const TURNS_WITH_CONDITIONS = 8;

export interface PathWalk<S extends string> {
  readonly machine: PathMachine<S>;
  /** Functions of the region by the name that stands for each. */
  readonly lambdas: ReadonlyMap<string, Lambda>;
  /** Functions of the region that are being walked where they are called. */
  readonly active: Set<Lambda>;
  /** How many were. */
  inlined: number;
  run(block: Block, ways: Ways<S>): Ways<S>;
  evaluate(expression: Expression, ways: Ways<S>): Ways<S>;
  /** The machine's step, on every way. */
  step(node: PathNode, ways: Ways<S>): Ways<S>;
  change(ways: Ways<S>, at: Span, to: (state: S) => S): Ways<S>;
  /** The node may fail here, if the machine says so. */
  raise(node: Extract<Expression, { kind: 'call' | 'await' | 'yield' }>, ways: Ways<S>): void;
  /** The ways on which the test comes out so. */
  where(ways: Ways<S>, test: Expression, truth: boolean): Ways<S>;
  /** A variable has a new value: `value`, none yet, or one that nothing is known of. */
  bind(target: Pattern, ways: Ways<S>, value?: Expression | 'nothing'): Ways<S>;
  /** The ways leave, for whoever takes them up. */
  leave(kind: ExitKind, at: Span, ways: Ways<S>, label?: string): void;
  /** Lets an exit go on its way, perhaps otherwise than it came. */
  passOn(exit: Exit<S>, ways?: Ways<S>): void;
  /** What `run` gives, and the ways out of it, which are held back. */
  apart(run: () => Ways<S>): { readonly ends: Ways<S>; readonly exits: readonly Exit<S>[] };
  /** Repeats a turn until another one adds nothing; only what the last one leaves counts. */
  settle(entry: Ways<S>, turn: (from: Ways<S>) => Turn<S>): Ways<S>;
  /** A function that runs who knows when: what it assigns is known no longer. */
  later(lambda: Lambda, ways: Ways<S>): Ways<S>;
}

export interface Turn<S extends string> {
  readonly next: Ways<S>;
  readonly out: Ways<S>;
}

/** @see followPaths */
export function endingsOf<S extends string>(
  region: Pick<FunctionNode, 'body' | 'start' | 'end'>,
  machine: PathMachine<S>,
): readonly Ending<S>[] {
  const start = joinWays(
    machine.start.map(
      ({ state, known }): Ways<S> =>
        new Map([[state, { state, known: known ? new Map(Object.entries(known)) : NOTHING_KNOWN }]]),
    ),
  );
  const walk = createPathWalk(region.body, machine);
  const { ends, exits } = walk.apart(() => walk.run(region.body, start));
  const last = { start: Math.max(region.start, region.end - 1), end: region.end };
  return [
    ...exits.flatMap(({ kind, ways }) => (kind === 'break' || kind === 'continue' ? [] : endings(kind, ways))),
    ...endings(
      'end',
      each(ends, way => ({ ...way, exit: last })),
    ),
  ].sort((left, right) => left.at.start - right.at.start);
}

const endings = <S extends string>(kind: Ending<S>['kind'], ways: Ways<S>): readonly Ending<S>[] =>
  [...ways.values()].map(({ state, exit, since, raised, left }) => ({
    kind,
    state,
    at: exit ?? { start: 0, end: 0 },
    ...(since ? { since } : {}),
    ...(raised ? { raised } : {}),
    ...(left ? { left } : {}),
  }));

function createPathWalk<S extends string>(body: Block, machine: PathMachine<S>): PathWalk<S> {
  const { lambdas, definitions } = declarationsOf(body);
  /** Variables that a function assigns which runs who knows when. */
  const volatile = new Set<string>();
  const seenLater = new Set<Lambda>();
  const isPresent = (node: Expression): boolean => machine.isPresent?.(node) ?? false;
  let exits: Exit<S>[] = [];
  let nesting = 0;

  const nested = (ways: Ways<S>, run: () => Ways<S>): Ways<S> => {
    if (!isOpen(ways) || nesting > MAX_NESTING) return ways;
    nesting++;
    const now = run();
    nesting--;
    return now;
  };

  const assign = (spelling: string, ways: Ways<S>, value: Expression | 'nothing' | undefined): Ways<S> =>
    each(ways, way => {
      const truth = value === 'nothing' ? 'nullish' : value && truthOf(way.known, value, isPresent);
      const known = assigned(way.known, spelling, volatile.has(spelling) ? undefined : truth);
      return known === way.known ? way : { ...way, known };
    });

  const forgetVolatile = (way: Way<S>): Way<S> => {
    let { known } = way;
    for (const name of volatile) known = assigned(known, name, undefined);
    return known === way.known ? way : { ...way, known };
  };

  const walk: PathWalk<S> = {
    machine,
    lambdas,
    active: new Set(),
    inlined: 0,
    run: (block, ways) => nested(ways, () => pathsOfBlock(walk, block, ways)),
    evaluate: (expression, ways) => nested(ways, () => evaluatePaths(walk, expression, ways)),
    step: (node, ways) => walk.change(ways, node, state => machine.step(node, state)),
    change: (ways, at, to) =>
      each(ways, way => {
        const state = to(way.state);
        return state === way.state ? way : { ...way, state, since: { start: at.start, end: at.end } };
      }),
    raise(node, ways) {
      if (!(machine.mayThrow?.(node) ?? node.kind !== 'yield')) return;
      walk.leave(
        'raise',
        node,
        walk.change(ways, node, state => machine.raised?.(node, state) ?? state),
      );
    },
    where: (ways, test, truth) =>
      each(ways, way => {
        const known = knowing(way.known, test, truth, definitions);
        if (known === way.known) return way;
        return known && { ...way, known };
      }),
    bind(target, ways, value) {
      switch (target.kind) {
        case 'variable':
          return assign(target.name, ways, value);
        case 'place': {
          const spelling = spellingOf(target.expression);
          return spelling === undefined ? ways : assign(spelling, ways, value);
        }
        default:
          return targetsIn(target).reduce((now, inner) => walk.bind(inner, now), ways);
      }
    },
    leave: (kind, at, ways, label) =>
      walk.passOn({
        kind,
        ways: each(ways, way => ({ ...way, exit: { start: at.start, end: at.end } })),
        ...(label === undefined ? {} : { label }),
      }),
    passOn(exit, ways = exit.ways) {
      if (!isOpen(ways)) return;
      // Of all calls that may fail the first of each state tells enough.
      const index = exit.kind === 'raise' ? exits.findIndex(({ kind }) => kind === 'raise') : -1;
      const same = exits[index];
      if (same) exits[index] = { ...same, ways: both(same.ways, ways) };
      else exits.push({ ...exit, ways });
    },
    apart(run) {
      const outer = exits;
      exits = [];
      const ends = run();
      const inner = exits;
      exits = outer;
      return { ends, exits: inner };
    },
    settle(entry, turn) {
      let from = entry;
      for (let count = 1; ; count++) {
        const { next, out, exits: inner } = turnApart(from, turn);
        const brings = count < TURNS_WITH_CONDITIONS ? next : each(next, way => ({ ...way, known: NOTHING_KNOWN }));
        const again = both(from, brings);
        if (again !== from) {
          from = again;
          continue;
        }
        for (const exit of inner) walk.passOn(exit);
        return out;
      }
    },
    later(lambda, ways) {
      if (!seenLater.has(lambda)) {
        seenLater.add(lambda);
        visitNodes(lambda.function.body, node => {
          if (node.kind === 'assign' && node.target.kind === 'variable') volatile.add(node.target.name);
          return true;
        });
      }
      return volatile.size === 0 ? ways : each(ways, forgetVolatile);
    },
  };

  const turnApart = (from: Ways<S>, turn: (from: Ways<S>) => Turn<S>): Turn<S> & { exits: readonly Exit<S>[] } => {
    let next: Ways<S> = NO_WAY;
    const { ends, exits: inner } = walk.apart(() => {
      const turned = turn(from);
      next = turned.next;
      return turned.out;
    });
    return { next, out: ends, exits: inner };
  };

  return walk;
}

const targetsIn = (target: Extract<Pattern, { kind: 'entries' | 'items' }>): readonly Pattern[] => {
  const inner = target.kind === 'entries' ? target.entries : target.items;
  return [...inner.map(entry => entry.target), target.rest].filter(each => each !== undefined);
};

/** Functions that a name stands for, and constants that stand for a condition; names with two meanings are left out. */
function declarationsOf(body: Block): {
  readonly lambdas: ReadonlyMap<string, Lambda>;
  readonly definitions: ReadonlyMap<string, Expression>;
} {
  const lambdas = new Map<string, Lambda>();
  const definitions = new Map<string, Expression>();
  const declared = new Set<string>();
  const twice = new Set<string>();
  visitNodes(body, node => {
    if (node.kind === 'assign' && node.target.kind === 'variable') twice.add(node.target.name);
    if (node.kind !== 'declare' || node.target.kind !== 'variable') return true;
    const { name } = node.target;
    if (declared.has(name)) twice.add(name);
    declared.add(name);
    if (node.value?.kind === 'lambda') lambdas.set(name, node.value);
    if (node.value?.kind === 'operation' || node.value?.kind === 'choice') definitions.set(name, node.value);
    return true;
  });
  for (const name of twice) {
    lambdas.delete(name);
    definitions.delete(name);
  }
  return { lambdas, definitions };
}
