/** What goes wrong around the transactions of a unit: writes that need one, ways out that leave one open, waits inside one. */
import type { Place, UnitId } from '../engine/place';
import type { ExternalRow } from '../libraries/vocabulary';
import { type ObservedCall, placeIn } from '../program/analysis';
import type { Function as FunctionNode, Span } from '../program/model';
import { type CallbackRun, type Ending, followPaths } from '../program/paths';
import { visitNodes } from '../program/traverse';
import { type DependentWrites, dependentWritesIn, maybeTiedWritesIn } from './dependentWrites';
import type { PathStep } from './facts';
import type { Setting } from './setting';
import { type TransactionControl, transactionCallsOf } from './transactionCalls';
import { functionAround, holds, type Scene, triesIn } from './transactionScene';
import { innerFunctionsIn } from './unitFunctions';
import { externalBehind, workOf } from './work';

export interface TransactionFacts {
  readonly dependentWrites: readonly DependentWrites[];
  /** Pairs of writes that belong together where a foreign key ties their tables. */
  readonly maybeTied: readonly DependentWrites[];
  readonly openEnds: readonly OpenEnd[];
  readonly waits: readonly WaitInTransaction[];
}

/** A transaction that is begun here and can stay open, or whose end may reach another connection. */
export interface OpenEnd {
  readonly at: Place;
  readonly label: string;
  readonly how: 'pooled' | 'error' | 'return' | 'end';
  /** Where the way out is, or the call that fails. */
  readonly out?: Place;
  /** The handler that could roll back, and does not. */
  readonly handler?: { readonly at: Place; readonly source: string; readonly indentation: string };
  /** How a rollback is written like the begin: `await client.query('ROLLBACK');` */
  readonly rollback?: string;
}

/** A call of another service while a transaction is open. */
export interface WaitInTransaction {
  readonly at: Place;
  readonly label: string;
  readonly kind: Exclude<ExternalRow['kind'], 'file'>;
  /** Where the transaction begins. */
  readonly opened: Place;
  readonly path: readonly PathStep[];
}

const NOTHING: TransactionFacts = { dependentWrites: [], maybeTied: [], openEnds: [], waits: [] };

/** Of a unit, in its own places; the caller keeps them in the analysis' memory. */
export function transactionFactsOf(setting: Setting, unit: UnitId): TransactionFacts {
  const transactions = transactionCallsOf(setting, unit);
  const work = workOf(setting, unit);
  const writes = work.filter(each => each.kind === 'query' && each.operation === 'write');
  const opens = transactions.controls.some(({ does }) => does === 'begin') || transactions.enclosed.length > 0;
  if (writes.length < 2 && !opens) return NOTHING;
  const source = setting.analysis.source(unit);
  if (!source) return NOTHING;
  const calls = new Map(setting.analysis.unit(unit).calls.map(call => [call.id, call]));
  const scene: Scene = { setting, unit: source, id: unit, transactions, calls };
  const dependentWrites = dependentWritesIn(scene, writes);
  return {
    dependentWrites,
    maybeTied: maybeTiedWritesIn(scene, writes, dependentWrites),
    ...endsIn(scene),
    ...(opens ? waitsIn(scene) : { waits: [] }),
  };
}

// ——— ways out that leave a transaction open ———

const GIVES_UP = /(?:^|\.)(?:destroy|end|terminate|close)$/;
const RELEASES = /(?:^|\.)release$/;

function endsIn(scene: Scene): Pick<TransactionFacts, 'openEnds'> {
  const { controls } = scene.transactions;
  const openEnds: OpenEnd[] = [];
  for (const begin of controls) {
    if (begin.does !== 'begin' || begin.by === 'name') continue;
    if (begin.pooled && begin.by === 'certain') {
      openEnds.push({ at: begin.at, label: begin.label, how: 'pooled' });
      continue;
    }
    // what is called back when it is open is no path of this function
    if (begin.hasCallback) continue;
    const region = functionAround(scene.unit.function, begin.call);
    const ends = controls.filter(
      each => each.does !== 'begin' && holds(region, each.call) && each.call.start > begin.call.start,
    );
    // who only begins leaves it open for the caller
    if (!ends.some(({ does, by }) => does === 'commit' || by === 'helper')) continue;
    const open = openEndOf(scene, begin, region);
    if (open) openEnds.push(open);
  }
  return { openEnds };
}

type Phase = 'none' | 'open' | 'closed';

const RANK: Readonly<Record<Ending<Phase>['kind'], number>> = { raise: 0, throw: 1, return: 2, end: 3 };

function openEndOf(scene: Scene, begin: TransactionControl, region: FunctionNode): OpenEnd | undefined {
  // what an inner function has ended by then is not known: it says so in a variable, and that is asked for
  const asks = scene.transactions.controls.some(
    ({ does, call }) => does !== 'begin' && holds(region, call) && functionAround(region, call) !== region,
  );
  const endings = pathsThrough(scene, begin, region).filter(
    ({ state, kind, raised }) =>
      state === 'open' && (kind !== 'end' || raised !== undefined) && !(asks && kind === 'return'),
  );
  const [ending] = [...endings].sort((left, right) => RANK[left.kind] - RANK[right.kind]);
  if (!ending) return undefined;
  const how = ending.raised !== undefined || ending.kind === 'raise' || ending.kind === 'throw' ? 'error' : 'return';
  const handler = how === 'error' ? handlerFor(scene, begin, region) : undefined;
  const written = scene.unit.text.slice(begin.call.start, begin.call.end);
  const rollback = written.replace(/(['"`])\s*(?:BEGIN|START\s+TRANSACTION)[^'"`]*\1/i, '$1ROLLBACK$1');
  const out = ending.raised ?? ending.at;
  return {
    at: begin.at,
    label: begin.label,
    how,
    out: placeIn(scene.id, { start: out.start, end: out.end }),
    ...(handler ? { handler } : {}),
    ...(rollback === written ? {} : { rollback }),
  };
}

/** The paths through the function in which the transaction is begun, and in which phase it is on each way out. */
function pathsThrough(
  scene: Scene,
  begin: TransactionControl,
  region: FunctionNode,
  meets?: (call: ObservedCall, state: Phase) => void,
): readonly Ending<Phase>[] {
  const { setting, id } = scene;
  const keyOf = ({ start, end }: Span): string => `${start}-${end}`;
  const ends = new Set(
    scene.transactions.controls.filter(({ does }) => does !== 'begin').map(({ call }) => keyOf(call)),
  );
  const opens = keyOf(begin.call);
  const guards = guardsIn(scene, region);
  const working = new Set(workOf(setting, id).map(({ call }) => keyOf(call)));
  return followPaths<Phase>(region, {
    start: [{ state: 'none' }],
    step(node, state) {
      if (state === 'open' && guards.some(guard => holds(guard, node))) return 'closed';
      if (node.kind !== 'call') return state;
      const key = keyOf(node);
      if (key === opens) return 'open';
      if (ends.has(key)) return 'closed';
      const callee = scene.unit.text.slice(node.callee.start, node.callee.end);
      const givesUp = GIVES_UP.test(callee) || (RELEASES.test(callee) && node.arguments.length > 0);
      if (givesUp && state === 'open') return 'closed';
      const call = meets && scene.calls.get(`${id}@${key}`);
      if (call) meets(call, state);
      return state;
    },
    mayThrow: node => node.kind === 'await' || (node.kind === 'call' && working.has(keyOf(node))),
    // what cannot begin is not open, and what fails while it ends is ended by the server
    raised(node, before) {
      const inner = node.kind === 'await' ? node.value : node;
      const key = keyOf(inner);
      if (key === opens) return 'none';
      return ends.has(key) ? 'closed' : before;
    },
    callback: (call, index) => runOf(setting, scene.calls.get(`${id}@${keyOf(call)}`), index),
  });
}

/**
 * Conditions of a handler on which it ends the transaction: `if (runner.isTransactionActive) await runner.rollbackTransaction()`.
 * Who asks knows when there is one.
 */
function guardsIn({ transactions }: Scene, region: FunctionNode): readonly Span[] {
  const ends = transactions.controls.filter(({ does }) => does !== 'begin');
  const aftermath = triesIn(region).flatMap(each => [...each.handlers.flatMap(({ body }) => body), ...each.finally]);
  const guards: Span[] = [];
  visitNodes(aftermath, node => {
    if ((node.kind === 'branch' || node.kind === 'choice') && ends.some(({ call }) => holds(node, call)))
      guards.push(node.test);
    return true;
  });
  return guards;
}

/** When a call runs a function that it is handed, by the tables. */
function runOf({ tables }: Setting, call: ObservedCall | undefined, index: number): CallbackRun | undefined {
  if (!call) return undefined;
  const method = call.node.callee.kind === 'member' ? call.node.callee.name : '';
  const rows = tables.errorMethods.get(method);
  if (rows?.some(({ argument, error }) => error === 'only' && argument === index)) return 'on-failure';
  const meanings =
    (call.target.kind === 'library' ? tables.semantics.calls.get(call.target.name) : undefined) ??
    tables.semantics.methods.get(method) ??
    [];
  const callback = meanings.flatMap(({ callbacks }) => callbacks ?? []).find(({ argument }) => argument === index);
  if (callback?.repeats) return 'repeatedly';
  if (rows && callback) return 'on-success';
  return callback && call.awaited ? 'perhaps' : undefined;
}

/** The `catch` around what stands behind the begin. */
function handlerFor(scene: Scene, begin: TransactionControl, region: FunctionNode): OpenEnd['handler'] {
  const commit = scene.transactions.controls.find(
    ({ does, call }) => does === 'commit' && call.start > begin.call.start && holds(region, call),
  );
  const around = commit && triesIn(region).find(each => each.body.some(statement => holds(statement, commit.call)));
  const [handler, ...more] = around?.handlers ?? [];
  if (!handler || more.length > 0) return undefined;
  const { text } = scene.unit;
  return {
    at: placeIn(scene.id, handler.span),
    source: text.slice(handler.span.start, handler.span.end),
    indentation: /[^\n]*$/.exec(text.slice(0, handler.span.start))?.[0].match(/^\s*/)?.[0] ?? '',
  };
}

// ——— waits inside a transaction ———

/** What is registered to run when the transaction is through. */
const AFTERWARDS =
  /after_?Commit|on_?Commit|post_?Commit|TransactionCommit|afterTransaction|setTimeout|setImmediate|nextTick|queueMicrotask/i;

function waitsIn(scene: Scene): Pick<TransactionFacts, 'waits'> {
  const { setting, id, transactions } = scene;
  const inner = innerFunctionsIn(setting, id);
  const waits = new Map<string, WaitInTransaction>();
  const later = [...scene.calls.values()]
    .filter(({ source }) => AFTERWARDS.test(source))
    .flatMap(({ node }) => node.arguments.map(({ value }) => value));
  const add = (call: ObservedCall, opened: Place): void => {
    const wait = waitOf(scene, call, opened);
    if (wait && !later.some(span => holds(span, call.at))) waits.set(call.id, wait);
  };
  for (const span of transactions.enclosed)
    if (span.certain) for (const call of scene.calls.values()) if (holds(span, call.at)) add(call, span.at);
  for (const begin of transactions.controls) {
    if (begin.does !== 'begin' || begin.by === 'name' || begin.hasCallback || !inner.runs(undefined)) continue;
    const region = functionAround(scene.unit.function, begin.call);
    pathsThrough(scene, begin, region, (call, state) => {
      if (state === 'open') add(call, begin.at);
    });
  }
  return { waits: [...waits.values()].sort((left, right) => left.at.start - right.at.start) };
}

function waitOf(scene: Scene, call: ObservedCall, opened: Place): WaitInTransaction | undefined {
  const own = workOf(scene.setting, scene.id).find(({ id }) => id === call.id);
  if (own && !own.behind && own.kind !== 'query' && own.kind !== 'file')
    return { at: own.at, label: own.label, kind: own.kind, opened, path: [] };
  if (call.target.kind !== 'unit') return undefined;
  const behind = externalBehind(scene.setting, call.target.unit).find(({ kind }) => kind !== 'file');
  if (!behind || behind.kind === 'file') return undefined;
  const label = own?.label ?? `${call.source.replace(/\s+/g, ' ')}()`;
  return { at: call.callee, label, kind: behind.kind, opened, path: behind.path };
}
