/** Walks loops and comprehensions, and tells what they repeat over. */
import { constantItems, loopIdOf, saysBatches } from './callbacks';
import { itemOf } from './items';
import { alternativesIn, joinAll, listOf, listOfAny, NULL, recordOf, shaped, withSources } from './lattice';
import { keyOf } from './members';
import type { Assign, Comprehension, Expression, Loop } from './model';
import { callsIn, type Turning } from './observations';
import { dependsOnCalls } from './observing';
import { unionOf } from './sources';
import { type Cell, createScope, type Outcome } from './state';
import { cellOf, namesIn, pathOf, readPath, refinePath } from './storage';
import { holesOf } from './strings';
import { isTextLike } from './textValues';
import { visitNodes } from './traverse';
import { settleTurns, type Turns, unrollTurns } from './turns';
import type { LoopId, Value } from './value';
import { OTHER, type Walk } from './walk';

export function runLoop(walk: Walk, loop: Loop): void {
  const outer = walk.scope;
  walk.scope = createScope(outer);
  if (loop.form === 'each') runEach(walk, loop);
  else runConditional(walk, loop);
  walk.scope = outer;
}

const itemSource = (loop: LoopId) => [{ kind: 'item' as const, loop }];

function runEach(walk: Walk, loop: Loop): void {
  const source = loop.source ? walk.evaluate(loop.source, OTHER) : NULL;
  const text = loop.source && walk.source(loop.source);
  const written = loop.item && walk.source(loop.item);
  const constants = loop.keys ? undefined : constantItems(source);
  const turning = walk.observations.loop({
    ...frameOf(walk, loop),
    form: 'each',
    ...(written === undefined ? {} : { item: written }),
    ...(loop.source ? { source: { at: walk.at(loop.source), text: text ?? '', value: source } } : {}),
    bindings: loop.item ? namesIn(loop.item) : [],
    ...(constants ? { constantCount: constants.length } : {}),
    batches: saysBatches(text, written),
  });
  const from = itemSource(turning.id);
  let item: Cell | undefined;
  const bind = (value: Value): void => {
    if (loop.item) walk.bind(loop.item, withSources(value, from), loop.item.kind === 'place' ? 'assign' : 'constant');
    if (loop.item?.kind === 'variable') item = cellOf(walk, loop.item.name);
  };
  const body = (): void => {
    walk.scope = createScope(walk.scope);
    walk.run(loop.body);
  };
  const turns: Turns = { turning, jumps: true, ...labelOf(loop), turn: body };
  if (constants && unrollTurns(walk, turns, constants, bind)) return;
  const any = loop.keys ? keyOf(source) : itemOf(source);
  const turn = (): void => {
    bind(any);
    body();
  };
  const end = settleTurns(walk, { ...turns, turn, after: () => loop.after && walk.evaluate(loop.after, OTHER) });
  if (end && item && !loop.keys) settleItems(walk, loop, source, item, end);
}

/** `for (const id of ids) if (!isUUID(id)) throw …`: behind the loop every item of the list is one. */
function settleItems(walk: Walk, loop: Loop, source: Value, item: Cell, { writes }: Outcome): void {
  const path = loop.source && pathOf(walk, loop.source);
  if (!path) return;
  const own = writes.get(item);
  if (own && isSettled(own)) {
    refinePath(walk, path, listOfAny(withoutItems(own), source.from));
    return;
  }
  const members = new Map<string, Value>();
  for (const [name, cell] of item.members) {
    const value = name.includes('.') ? undefined : writes.get(cell);
    if (value && isSettled(value)) members.set(name, withoutItems(value));
  }
  if (members.size === 0) return;
  const any = itemOf(source);
  const parameter = any.shape.kind === 'unknown' ? any.shape.parameter : undefined;
  if (any.shape.kind !== 'unknown') return;
  const each = shaped({ kind: 'record', entries: members, open: true, ...(parameter ? { parameter } : {}) }, any.from);
  refinePath(walk, path, listOfAny(each, source.from));
}

/** A text that is known to do no harm, or nothing. */
const isSettled = (value: Value): boolean =>
  isTextLike(value) &&
  alternativesIn(value).every(
    ({ shape }) =>
      (shape.kind === 'scalar' && shape.type === 'null') ||
      (shape.kind === 'text' && holesOf(shape.pieces).every(({ safety, within }) => safety !== undefined || within)),
  );

/** Of which turn it is says nothing behind the loop. */
const withoutItems = ({ shape, from }: Value): Value =>
  shaped(
    shape,
    from.filter(({ kind }) => kind !== 'item'),
  );

const labelOf = (loop: Loop): { label?: string } => (loop.label === undefined ? {} : { label: loop.label });

const frameOf = (walk: Walk, loop: Loop) => ({
  id: loopIdOf(walk, walk.at(loop)),
  head: walk.at(loop.head),
  at: walk.at(loop),
  bindings: [] as readonly string[],
  stopsAtFirstHit: false,
  feedsNextTurn: false,
  batches: false,
});

/** `while` and counted loops. */
function runConditional(walk: Walk, loop: Loop): void {
  const before = walk.scope;
  walk.run(loop.before ?? []);
  const walking = loop.form === 'while' ? steppedInBody(loop) : undefined;
  const counter = counterOf(loop) ?? walking?.counter;
  const indexed = walking ?? (counter === undefined ? undefined : indexedBy(loop, counter));
  const emptied = loop.form === 'while' ? emptiedBy(walk, loop) : undefined;
  const source = indexed?.collection ?? emptied?.collection ?? slicedBy(loop, counter);
  const bound = counter === undefined ? undefined : boundOf(walk, loop, counter);
  const path = source && pathOf(walk, source);
  const test = loop.test ?? loop.after;
  const item = indexed ? walk.source(indexed.item) : (emptied?.item ?? counter);
  const turning = walk.observations.loop({
    ...frameOf(walk, loop),
    form: counter === undefined ? 'while' : 'count',
    ...(item === undefined ? {} : { item }),
    ...(source && path
      ? { source: { at: walk.at(source), text: walk.source(source), value: readPath(walk, path, source) } }
      : {}),
    bindings: counter !== undefined ? [counter] : emptied?.item === undefined ? [] : [emptied.item],
    ...(bound === undefined ? {} : { constantCount: bound }),
    ...(test ? { test: walk.source(test) } : {}),
    feedsNextTurn:
      counter === undefined ? isEndless(loop) : isSequence(walk, loop, counter, indexed !== undefined, bound),
    batches: counter !== undefined && !indexed && slicedBy(loop, counter) !== undefined && stepOf(loop) !== 1,
  });
  const mark = walk.observations.mark();
  settleTurns(walk, {
    turning,
    jumps: true,
    ...labelOf(loop),
    ...(loop.testLast ? { atLeastOnce: true } : {}),
    turn: () => {
      if (loop.test && !loop.testLast) {
        walk.evaluate(loop.test, OTHER);
        walk.refine(loop.test, true);
      }
      for (const name of turning.bindings) markItem(walk, name, turning.id);
      walk.scope = createScope(walk.scope);
      walk.run(loop.body);
      walk.scope = before;
      if (loop.test && loop.testLast) walk.evaluate(loop.test, OTHER);
    },
    after: () => loop.after && walk.evaluate(loop.after, OTHER),
    over: () => loop.test && walk.refine(loop.test, false),
  });
  if (!turning.feedsNextTurn) turning.feedsNextTurn = testHangsOnBody(walk, loop, turning, mark);
}

/** What the loop counts or takes differs from turn to turn: the variable is the loop's item. */
function markItem(walk: Walk, name: string, loop: LoopId): void {
  const cell = cellOf(walk, name);
  const value = cell && walk.state.get(cell);
  if (cell && value) walk.state.set(cell, withSources(value, itemSource(loop)));
}

/** `while (i < orders.length)` with `orders[i]` and `i++` in the body. */
function steppedInBody(
  loop: Loop,
): { readonly counter: string; readonly collection: Expression; readonly item: Expression } | undefined {
  if (loop.test?.kind !== 'operation') return undefined;
  const [counter] = loop.test.operands.flatMap(operand => (operand.kind === 'name' ? [operand.name] : []));
  if (counter === undefined) return undefined;
  let stepped = false;
  visitNodes(loop.body, node => {
    if (node.kind === 'lambda') return false;
    const isStep = node.kind === 'operation' && (node.operator === '++' || node.operator === '--');
    if ((isStep || (node.kind === 'assign' && stepBy(node) === 1)) && steppedName(node) === counter) stepped = true;
    return true;
  });
  const indexed = stepped ? indexedBy(loop, counter) : undefined;
  return indexed && { counter, ...indexed };
}

/** The variable that a counted loop steps. */
function counterOf(loop: Loop): string | undefined {
  const declared = loop.before?.flatMap(statement =>
    statement.kind === 'declare' && statement.target.kind === 'variable'
      ? [statement.target.name]
      : statement.kind === 'evaluate' &&
          statement.expression.kind === 'assign' &&
          statement.expression.target.kind === 'variable'
        ? [statement.expression.target.name]
        : [],
  );
  const stepped = loop.after && steppedName(loop.after);
  if (stepped !== undefined && (declared?.includes(stepped) ?? false)) return stepped;
  return loop.form === 'count' ? (stepped ?? declared?.[0]) : undefined;
}

function steppedName(after: Expression): string | undefined {
  if (after.kind === 'assign' && after.target.kind === 'variable') return after.target.name;
  const [operand] = after.kind === 'operation' ? after.operands : [];
  return operand?.kind === 'name' ? operand.name : undefined;
}

/** By how much the counter moves; nothing when that is not a constant. */
function stepOf(loop: Loop): number | undefined {
  const { after } = loop;
  if (after?.kind === 'operation' && (after.operator === '++' || after.operator === '--')) return 1;
  return after?.kind === 'assign' ? stepBy(after) : undefined;
}

function stepBy({ value, operator }: Assign): number | undefined {
  if (operator === '+' || operator === '-')
    return value.kind === 'constant' && typeof value.value === 'number' ? value.value : undefined;
  const step = value.kind === 'operation' ? value.operands.find(operand => operand.kind === 'constant') : undefined;
  return step?.kind === 'constant' && typeof step.value === 'number' ? step.value : undefined;
}

/** `xs[i]` in the body. */
function indexedBy(
  loop: Loop,
  counter: string,
): { readonly collection: Expression; readonly item: Expression } | undefined {
  let found: { readonly collection: Expression; readonly item: Expression } | undefined;
  visitNodes(loop.body, node => {
    if (found) return false;
    if (node.kind === 'index' && isTurns(node.index, counter)) found = { collection: node.object, item: node };
    return true;
  });
  return found;
}

/** `i`, `i++`, and `i - 1`; not the sum of two variables, where the other one walks over a part. */
function isTurns(index: Expression, counter: string): boolean {
  if (index.kind === 'name') return index.name === counter;
  if (steppedName(index) !== counter) return false;
  return index.kind !== 'operation' || index.operands.slice(1).every(operand => operand.kind === 'constant');
}

/** `ids.slice(i, i + 100)` in the body. */
function slicedBy(loop: Loop, counter: string | undefined): Expression | undefined {
  let found: Expression | undefined;
  if (counter === undefined) return undefined;
  visitNodes(loop.body, node => {
    const first = node.kind === 'call' ? node.arguments[0]?.value : undefined;
    if (node.kind === 'operation' && node.operator === 'slice') {
      const [whole, from] = node.operands;
      if (from?.kind === 'name' && from.name === counter) found ??= whole;
    }
    if (
      node.kind === 'call' &&
      node.callee.kind === 'member' &&
      /^(?:slice|splice|subList|subarray)$/.test(node.callee.name)
    )
      if (first?.kind === 'name' && first.name === counter) found ??= node.callee.object;
    return true;
  });
  return found;
}

/** A constant bound of the counter: how many turns there can be. */
function boundOf(walk: Walk, loop: Loop, counter: string): number | undefined {
  const test = loop.test;
  if (test?.kind !== 'operation') return undefined;
  const [left, right] = test.operands;
  const other =
    left?.kind === 'name' && left.name === counter
      ? right
      : right?.kind === 'name' && right.name === counter
        ? left
        : undefined;
  if (!other) return undefined;
  const bound = numberOf(walk, other);
  // downwards it begins at what bounds it
  return test.operator.startsWith('>') === (other === right) ? numberOf(walk, startOf(loop, counter)) : bound;
}

function numberOf(walk: Walk, expression: Expression | undefined): number | undefined {
  if (expression?.kind !== 'constant' && expression?.kind !== 'name') return undefined;
  const { shape } = walk.evaluate(expression, OTHER);
  return shape.kind === 'scalar' && typeof shape.value === 'number' ? shape.value : undefined;
}

/** What a counter begins with. */
function startOf(loop: Loop, counter: string): Expression | undefined {
  for (const statement of loop.before ?? [])
    if (statement.kind === 'declare' && statement.target.kind === 'variable' && statement.target.name === counter)
      return statement.value;
  return undefined;
}

/** `while (true)`: it ends by what it finds. */
const isEndless = (loop: Loop): boolean => !loop.test || (loop.test.kind === 'constant' && Boolean(loop.test.value));

/** Turns that are steps of one course: attempts, pages. The counter walks no collection. */
function isSequence(walk: Walk, loop: Loop, counter: string, indexes: boolean, bound: number | undefined): boolean {
  if (indexes) return false;
  if (bound !== undefined || stepOf(loop) !== 1) return true;
  const words = `${counter} ${loop.test ? walk.source(loop.test) : ''}`;
  return /page|offset|cursor|attempt|retr|tries|poll/i.test(words) || leavesWhenDone(loop);
}

/** The body is tried, and left when it succeeds. */
function leavesWhenDone(loop: Loop): boolean {
  return loop.body.some(
    statement =>
      statement.kind === 'try' &&
      statement.handlers.length > 0 &&
      statement.body.some(inner => inner.kind === 'return' || inner.kind === 'break'),
  );
}

/** `while (queue.length)` with `queue.shift()` in the body, `while ((row = rows.next()))`: an item and where it comes from. */
function emptiedBy(walk: Walk, loop: Loop): { readonly collection: Expression; readonly item?: string } | undefined {
  if (!loop.test) return undefined;
  const tested = walk.source(loop.test);
  let found: { readonly collection: Expression; readonly item?: string } | undefined;
  const look = (name: string | undefined, value: Expression | undefined): void => {
    const call = value?.kind === 'await' ? value.value : value;
    if (found || call?.kind !== 'call' || call.callee.kind !== 'member') return;
    if (!/^(?:shift|pop|poll|dequeue|popleft|next|pollFirst|remove|read)$/.test(call.callee.name)) return;
    if (tested.includes(walk.source(call.callee.object)))
      found = { collection: call.callee.object, ...(name === undefined ? {} : { item: name }) };
  };
  visitNodes(loop.test, node => {
    if (node.kind === 'assign' && node.target.kind === 'variable') look(node.target.name, node.value);
    return true;
  });
  visitNodes(loop.body, node => {
    if (node.kind === 'declare' && node.target.kind === 'variable') look(node.target.name, node.value);
    return node.kind !== 'lambda' && node.kind !== 'loop';
  });
  return found;
}

/** Whether a variable of the test is what a call in the body found: the next turn depends on this one. */
function testHangsOnBody(walk: Walk, loop: Loop, turning: Turning, mark: number): boolean {
  if (!loop.test || turning.form === 'count') return false;
  const tested = new Set<string>();
  const assigned = new Set<string>();
  visitNodes(loop.test, node => {
    if (node.kind === 'name') tested.add(node.name);
    if (node.kind === 'assign' && node.target.kind === 'variable') assigned.add(node.target.name);
    return true;
  });
  const at = walk.at({ start: loop.test.start, end: loop.test.end });
  const inBody = walk.observations
    .callsSince(mark)
    .filter(call => call.at.start < at.start || call.at.start >= at.end)
    .map(call => call.id);
  const calls = new Set(inBody);
  return [...tested].some(name => {
    const cell = assigned.has(name) ? undefined : cellOf(walk, name);
    const value = cell && walk.state.get(cell);
    return value !== undefined && callsIn(value.from).length > 0 && dependsOnCalls(value, calls);
  });
}

/** `[element for item in source if test]`. */
export function evaluateComprehension(walk: Walk, comprehension: Comprehension): Value {
  const outer = walk.scope;
  let element: Value = NULL;
  let from: Value['from'] = [];
  const items: Value[] = [];
  let exact = comprehension.loops.length === 1;
  const nest = (depth: number): void => {
    const loop = comprehension.loops[depth];
    if (!loop) {
      element = walk.evaluate(comprehension.element, OTHER);
      items.push(element);
      return;
    }
    const source = walk.evaluate(loop.source, OTHER);
    from = unionOf(from, source.from);
    const constants = constantItems(source);
    const text = walk.source(loop.source);
    const turning = walk.observations.loop({
      id: loopIdOf(walk, walk.at(loop.head)),
      form: 'comprehension',
      head: walk.at(loop.head),
      at: walk.at(comprehension),
      item: walk.source(loop.item),
      source: { at: walk.at(loop.source), text, value: source },
      bindings: namesIn(loop.item),
      stopsAtFirstHit: false,
      ...(constants ? { constantCount: constants.length } : {}),
      feedsNextTurn: false,
      batches: saysBatches(text, walk.source(loop.item)),
    });
    const bind = (value: Value): void => {
      walk.scope = createScope(walk.scope);
      walk.bind(loop.item, withSources(value, itemSource(turning.id)), 'constant');
    };
    const turn = (): void => {
      for (const test of loop.tests) {
        walk.evaluate(test, OTHER);
        walk.refine(test, true);
        exact = false;
      }
      nest(depth + 1);
    };
    const turns: Turns = { turning, jumps: false, turn };
    if (constants && unrollTurns(walk, turns, constants, bind)) return;
    exact = false;
    settleTurns(walk, {
      ...turns,
      turn: () => {
        bind(itemOf(source));
        turn();
      },
    });
  };
  nest(0);
  walk.scope = outer;
  if (comprehension.variety === 'record') return recordOf(new Map(), true, unionOf(from, element.from));
  return exact ? listOf(items, from) : listOfAny(joinAll(items.slice(-4)), from);
}
