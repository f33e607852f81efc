/** The loop around a query, taken apart for one statement before it. Absent wherever the shape is not certain. */
import { fileOf, type Place } from '../engine/place';
import { type ObservedCall, placeIn, type Repetition } from '../program/analysis';
import type { Block, Branch, Call, Choice, Declare, Expression, Loop, Span, Statement, Unit } from '../program/model';
import { type Node, namesUsed, nodesIn, pathTo, sameSpan } from '../program/nodes';
import { indentationAt, stepOf } from './blocks';
import { comparisonIn, type Written } from './comparisons';
import type { LoopRewrite } from './facts';
import { conditionOf, countedItem, itemOfPattern, type LoopItem, namesInside, pathIn, withAliases } from './loopItems';
import { loopResultOf } from './loopResults';
import type { QueryCall } from './queryCall';
import type { Setting } from './setting';
import { workOf } from './work';

/** What must be known of the query. */
export type LoopQuery = Pick<QueryCall, 'id' | 'repetitions' | 'chain'> &
  Partial<Pick<QueryCall, 'library' | 'relation'>>;

/**
 * @param calls  all calls that the query is made of, of which `last` sends it
 * @param items  the values that are bound, where they are written as a list
 */
export function loopRewriteOf(
  setting: Setting,
  unit: Unit,
  query: LoopQuery,
  calls: readonly ObservedCall[],
  last: ObservedCall,
  items: readonly Written[] | undefined,
): LoopRewrite | undefined {
  const [repetition] = query.repetitions;
  if (!repetition || repetition.at.unit !== unit.id) return undefined;
  const written = (span: Span): Written => ({
    at: placeIn(unit.id, span),
    source: unit.text.slice(span.start, span.end),
  });
  const whole = pathTo(unit.function, last.node);
  const path = whole.slice(0, chainEnd(whole) + 1);
  const further = whole
    .slice(path.length - 1, -1)
    .flatMap(node => (node.kind === 'call' ? [`${unit.id}@${node.start}-${node.end}`] : []));
  const around = loopAround(unit, path, repetition);
  const holder = path.at(-2);
  const call = path.at(-1);
  if (!around || !holder || !call) return undefined;
  // what a callback returns is waited for by who calls it
  const isReturned = around.waitsForCallbacks && holder.kind === 'return';
  if (holder.kind !== 'await' && !isReturned) return undefined;
  const awaited = isReturned ? call : holder;
  const { source, body, statement, at } = around;
  if (!hasRoomBefore(unit, path, around)) return undefined;
  const listed = unit.text.slice(source.start, source.end);
  if (isOtherCollection(unit, listed) || growsIn(unit, body, listed)) return undefined;
  const inner = path.slice(path.indexOf(statement));
  // what stands in an inner function or loop does not run once a turn, and an error in a `try` stays there
  if (inner.some(node => ['lambda', 'loop', 'try', 'switch', 'scope'].includes(node.kind))) return undefined;
  if (writesBetween(setting, query, body)) return undefined;
  const item = withAliases(unit, around.item, earlierIn(body, inner));
  const declared = namesInside(item, body);
  const turns = turnsThatAsk(unit, item, body, inner, declared);
  if (!turns) return undefined;
  const onward = setting.analysis.unit(unit.id).calls.filter(({ id }) => further.includes(id));
  const { equality, keyed } = comparisonIn(setting, unit, query.library, [...calls, ...onward], item, written);
  if (further.length > 0 && !keyed) return undefined;
  const key = keyOf(items, (equality ?? keyed)?.key, awaited, item, declared, unit);
  // an item that is left out has no key to ask for, and not every client takes an empty one
  const batch = turns.leavesSomeOut ? undefined : keyed?.rewrite;
  const environment = setting.analysis.environment(fileOf(unit.id));
  const all = namesUsed(unit.function);
  return {
    at: placeIn(unit.id, at),
    indentation: indentationAt(unit.text, at.start),
    step: stepIn(unit.text, body, around.opens),
    ...(item.name === undefined ? {} : { item: item.name }),
    source: written(source).source,
    ...(key && !isAssignedIn(unit, body, key.source) ? { key } : {}),
    conditions: turns.conditions,
    awaited: { ...written(awaited), ...(isReturned ? { waitsElsewhere: true } : {}) },
    ...(equality && key ? { equality: equality.rewrite } : {}),
    ...(batch && key ? { keyed: batch } : {}),
    result: loopResultOf(setting, last, unit, path, awaited, batch),
    names: new Set([...all.uses, ...all.bound, ...environment.variables.keys(), ...environment.classes.keys()]),
  };
}

/** The last call of a chain that the innermost call of a path begins: `User.findById(id).lean()`. */
function chainEnd(path: readonly Node[]): number {
  let end = path.length - 1;
  while (path[end - 1]?.kind === 'member' && path[end - 2]?.kind === 'call') end -= 2;
  return end;
}

/** Statements of the blocks around the query that run before it in its turn. */
const earlierIn = (body: Block, inner: readonly Node[]): readonly Statement[] =>
  [body, ...inner.flatMap(node => (node.kind === 'branch' ? [(node as Branch).then, (node as Branch).otherwise] : []))]
    .filter(block => block.some(each => inner.includes(each)))
    .flatMap(block =>
      block.slice(
        0,
        block.findIndex(each => inner.includes(each)),
      ),
    );

interface Turns {
  readonly conditions: LoopRewrite['conditions'];
  /** There are turns that do not come to the query, and it cannot be said which. */
  readonly leavesSomeOut: boolean;
}

/**
 * The turns that come to the query: those in which what is tested around it and before it comes out so. Nothing where a
 * test around it cannot be asked before the loop.
 */
function turnsThatAsk(
  unit: Unit,
  item: LoopItem,
  body: Block,
  inner: readonly Node[],
  inside: ReadonlySet<string>,
): Turns | undefined {
  const conditions: LoopRewrite['conditions'][number][] = [];
  const seen = new Set<Node>();
  const ask = (test: Expression, holds: boolean): boolean => {
    const pieces = conditionOf(unit, item, test, inside);
    if (!pieces || isChangedBefore(unit, body, test)) return false;
    conditions.push({ pieces, holds });
    return true;
  };
  for (const statement of earlierIn(body, inner)) {
    if (statement.kind !== 'branch' || statement.otherwise.length > 0) continue;
    const [leaving, ...more] = statement.then;
    if (!leaving || more.length > 0 || (leaving.kind !== 'continue' && leaving.kind !== 'return')) continue;
    if (ask(statement.test, false)) seen.add(leaving);
  }
  for (const [index, node] of inner.entries()) {
    const next = inner[index + 1];
    if (node.kind === 'branch') {
      const { test, then, otherwise } = node as Branch;
      if (next === test) continue;
      if (
        ![...then, ...otherwise].some(each => each === next) ||
        !ask(
          test,
          then.some(each => each === next),
        )
      )
        return undefined;
    }
    if (node.kind === 'choice') {
      const { operator, test, then } = node as Choice;
      if (next === test) continue;
      const isThen = next === then;
      if (operator === '||' || operator === '??' || !ask(test, isThen)) return undefined;
    }
  }
  const call = inner.at(-1);
  const leavesSomeOut = nodesIn(body).some(
    node => LEAVES.has(node.kind) && call !== undefined && node.end <= call.start && !seen.has(node),
  );
  return { conditions, leavesSomeOut };
}

const LEAVES = new Set(['continue', 'break', 'return', 'throw']);

/** What is tested gets its value in the same turn. */
const isChangedBefore = (unit: Unit, body: Block, test: Expression): boolean =>
  nodesIn(body).some(node => {
    if (node.kind !== 'assign' || node.start > test.start) return false;
    const { target } = node as Extract<Expression, { kind: 'assign' }>;
    return unit.text.slice(test.start, test.end).includes(unit.text.slice(target.start, target.end));
  });

interface LoopAround {
  readonly item: LoopItem;
  readonly source: Span;
  readonly body: readonly Statement[];
  /** What has it for its body: the loop, the callback. */
  readonly opens: Span;
  /** The statement of the body that holds the call. */
  readonly statement: Node;
  /** The whole loop, or the statement with the call, and what a fix writes before. */
  readonly outer: Node;
  readonly at: Span;
  /** What the body returns is waited for. */
  readonly waitsForCallbacks?: boolean;
}

/** `for (const order of orders) …`, and `await Promise.all(orders.map(async order => …))`. */
function loopAround(unit: Unit, path: readonly Node[], repetition: Repetition): LoopAround | undefined {
  const index = path.findLastIndex(
    node => (node.kind === 'loop' || node.kind === 'call') && sameSpan(node, repetition.at),
  );
  const node = path[index];
  if (node?.kind === 'loop') {
    const { item, source, body, form, keys, async } = node as Loop;
    const statement = path[index + 1];
    if (!statement || !body.some(each => each === statement)) return undefined;
    if (form === 'count') {
      const counted = countedItem(unit, node as Loop);
      return counted && { ...counted, body, opens: node, statement, outer: node, at: node };
    }
    const named = item && itemOfPattern(item);
    if (form !== 'each' || keys || async || !named || !source) return undefined;
    return { item: named, source, body, opens: node, statement, outer: node, at: node };
  }
  if (node?.kind !== 'call') return undefined;
  const lambda = path.slice(index + 1).find(each => each.kind === 'lambda');
  const statement = lambda && path[path.indexOf(lambda) + 1];
  const outer = path.slice(0, index).findLast(each => STATEMENTS.has(each.kind));
  if (!lambda || !statement || !outer || !isWaitedFor(unit, path.slice(0, index), outer)) return undefined;
  const { callee } = node as Call;
  const { parameters, body } = (lambda as LambdaNode).function;
  const [item] = parameters;
  const named = item && !item.default && !item.rest ? itemOfPattern(item.target) : undefined;
  if (callee.kind !== 'member' || !named) return undefined;
  if (!body.some(each => each === statement)) return undefined;
  const whole = outer.kind === 'declare' ? (outer as Declare).statement : outer;
  return {
    item: named,
    source: callee.object,
    body,
    opens: lambda,
    statement,
    outer,
    at: whole,
    waitsForCallbacks: true,
  };
}

type LambdaNode = Extract<Expression, { kind: 'lambda' }>;

/** The callbacks' promises are awaited, or handed on by a function that could wait for them itself. */
function isWaitedFor(unit: Unit, path: readonly Node[], outer: Node): boolean {
  const from = path.indexOf(outer);
  if (path.slice(from).some(each => each.kind === 'await')) return true;
  const around = path.slice(0, from).findLast(each => each.kind === 'lambda');
  const { async } = around ? (around as LambdaNode).function : unit.function;
  return outer.kind === 'return' && async === true;
}

/** A variable that holds a collection which is walked like a list and is none: made by a constructor, or so by its type. */
const isOtherCollection = (unit: Unit, name: string): boolean =>
  nodesIn(unit.function).some(node => isDeclared(node, name) && isConstructed((node as Declare).value)) ||
  unit.function.parameters.some(
    ({ target, type }) =>
      target.kind === 'variable' &&
      target.name === name &&
      type?.kind === 'named' &&
      /(?:Set|Map|Iterable|Iterator|Generator)$/.test(type.name),
  );

const isDeclared = (node: Node, name: string): boolean => {
  if (node.kind !== 'declare') return false;
  const { target } = node as Declare;
  return target.kind === 'variable' && target.name === name;
};

const isConstructed = (value: Expression | undefined): boolean => value?.kind === 'call' && value.form === 'new';

/** The body adds to the list that it walks, or takes from it, so that nobody knows its keys beforehand. */
const growsIn = (unit: Unit, body: readonly Statement[], source: string): boolean =>
  isAssignedIn(unit, body, source) ||
  nodesIn(body).some(
    node =>
      node.kind === 'call' &&
      (node as Call).callee.kind === 'member' &&
      unit.text.slice((node as Call).callee.start, (node as Call).callee.end).startsWith(`${source}.`) &&
      CHANGES_LIST.test(((node as Call).callee as { readonly name: string }).name),
  );

const CHANGES_LIST = /^(?:push|unshift|splice|pop|shift|add|append|extend|insert|enqueue)$/;

/** A name or member, as written, gets another value. */
const isAssignedIn = (unit: Unit, body: readonly Statement[], name: string): boolean =>
  nodesIn(body).some(node => {
    if (node.kind !== 'assign') return false;
    const { target } = node as Extract<Expression, { kind: 'assign' }>;
    const written = unit.text.slice(target.start, target.end);
    return written === name || name.startsWith(`${written}.`);
  });

/** Another statement of the body changes the rows that are read, or may, so that an earlier answer is another one. */
function writesBetween(setting: Setting, query: LoopQuery, body: readonly Statement[]): boolean {
  const [first] = body;
  const last = body.at(-1);
  if (!first || !last) return false;
  return workOf(setting, fileUnit(query)).some(
    ({ kind, id, chain, call, operation, relation }) =>
      kind === 'query' &&
      operation === 'write' &&
      id !== query.id &&
      !chain.some(each => query.chain.includes(each)) &&
      first.start <= call.start &&
      call.end <= last.end &&
      (relation === undefined || query.relation === undefined || relation === query.relation),
  );
}

const fileUnit = ({ id }: LoopQuery): string => id.slice(0, id.lastIndexOf('@'));

/** Statements can be written before: it is not all that an `if` or an arrow function has for a body. */
function hasRoomBefore(unit: Unit, path: readonly Node[], { outer, at }: LoopAround): boolean {
  const around = path[path.indexOf(outer) - 1];
  const before = unit.text.slice(around?.start ?? 0, at.start).replace(/\/\/[^\n]*|\/\*[\s\S]*?\*\//g, '');
  if (/(?:^|[{};:])\s*$/.test(before)) return true;
  // the statement before may end without a semicolon
  const holder = around?.kind === 'lambda' ? (around as LambdaNode).function : around;
  const blocks: readonly unknown[] = Object.values(holder ?? unit.function);
  return !blocks.some(block => Array.isArray(block) && block[0] === outer);
}

const STATEMENTS = new Set(['evaluate', 'declare', 'return']);

/** How much deeper the body stands than the loop; of a body in the loop's own line, as deep as the file goes elsewhere. */
function stepIn(text: string, body: Block, opens: Span): string {
  const outer = indentationAt(text, opens.start);
  const first = body.find(statement => text.slice(opens.start, statement.start).includes('\n'));
  if (first) return stepOf(indentationAt(text, first.start), outer);
  const line = /\n([ \t]+)\S/.exec(text)?.[1];
  return line === undefined || (line.length > 4 && !line.includes('\t')) ? stepOf(outer, outer) : line;
}

/** The one expression that is bound per item; nothing when the call mentions more that only the loop knows. */
function keyOf(
  items: readonly Written[] | undefined,
  compared: Written | undefined,
  awaited: Node,
  item: LoopItem,
  declared: ReadonlySet<string>,
  unit: Unit,
): NonNullable<LoopRewrite['key']> | undefined {
  const candidates: readonly { readonly at: Place; readonly source: string }[] = compared ? [compared] : (items ?? []);
  const [key, ...others] = candidates.filter(({ source }) => pathIn(item, source) !== undefined);
  const path = key && pathIn(item, key.source);
  if (!key || path === undefined || others.length > 0) return undefined;
  const elsewhere = nodesIn(awaited).some(
    node =>
      node.kind === 'name' &&
      declared.has(unit.text.slice(node.start, node.end)) &&
      !(key.at.start <= node.start && node.end <= key.at.end),
  );
  return elsewhere ? undefined : { ...key, path };
}
