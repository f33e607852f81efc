/** The loop around a query, taken apart for one statement before it. Absent wherever the shape is not certain. */
import { fileOf, type Place } from '../engine/place';
import { type ObservedCall, placeIn, type Repetition } from '../program/analysis';
import type { Call, Declare, Expression, Loop, Span, Statement, Unit } from '../program/model';
import { type Node, namesUsed, nodesIn, pathTo, sameSpan } from '../program/nodes';
import { comparisonIn, type Written } from './comparisons';
import type { LoopRewrite } from './facts';
import { loopResultOf } from './loopResults';
import type { QueryCall, Setting } from './queryCalls';
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
  const { item, source, body, statement, at } = around;
  if (!hasRoomBefore(unit, path, around)) return undefined;
  const listed = unit.text.slice(source.start, source.end);
  if (isOtherCollection(unit, listed) || growsIn(unit, body, listed)) return undefined;
  const inner = path.slice(path.indexOf(statement));
  // what stands in an inner function or loop does not run once a turn
  if (inner.some(node => ['lambda', 'loop', 'branch', 'try', 'switch', 'scope'].includes(node.kind))) return undefined;
  if (writesBetween(setting, query, body)) return undefined;
  const declared = new Set([item, ...namesUsed(body).bound]);
  const onward = setting.analysis.unit(unit.id).calls.filter(({ id }) => further.includes(id));
  const { equality, keyed } = comparisonIn(setting, unit, query.library, [...calls, ...onward], item, written);
  if (further.length > 0 && !keyed) return undefined;
  const key = keyOf(items, (equality ?? keyed)?.key, awaited, item, declared, written, unit);
  // an item that is left out has no key to ask for, and not every client takes an empty one
  const isSkipped = nodesIn(body).some(
    node => (node.kind === 'continue' || node.kind === 'break') && node.start < call.start,
  );
  const batch = isSkipped ? undefined : keyed?.rewrite;
  const environment = setting.analysis.environment(fileOf(unit.id));
  const all = namesUsed(unit.function);
  return {
    at: placeIn(unit.id, at),
    indentation: indentationAt(unit.text, at.start),
    item,
    source: written(source).source,
    ...(key && !isAssignedIn(unit, body, key.source) ? { key } : {}),
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

interface LoopAround {
  readonly item: string;
  readonly source: Span;
  readonly body: readonly Statement[];
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
    if (form !== 'each' || keys || async || item?.kind !== 'variable' || !source || !statement) return undefined;
    return body.some(each => each === statement)
      ? { item: item.name, source, body, statement, outer: node, at: node }
      : undefined;
  }
  if (node?.kind !== 'call') return undefined;
  const lambda = path.slice(index + 1).find(each => each.kind === 'lambda');
  const statement = lambda && path[path.indexOf(lambda) + 1];
  const outer = path.slice(0, index).findLast(each => STATEMENTS.has(each.kind));
  if (!lambda || !statement || !outer || !isWaitedFor(unit, path.slice(0, index), outer)) return undefined;
  const { callee } = node as Call;
  const { parameters, body } = (lambda as LambdaNode).function;
  const [item] = parameters;
  if (callee.kind !== 'member' || item?.target.kind !== 'variable' || item.default || item.rest) return undefined;
  if (!body.some(each => each === statement)) return undefined;
  const whole = outer.kind === 'declare' ? (outer as Declare).statement : outer;
  const { name } = item.target;
  return { item: name, source: callee.object, body, statement, outer, at: whole, waitsForCallbacks: true };
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

const indentationAt = (text: string, offset: number): string => {
  const line = text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset);
  return /^\s*/.exec(line)?.[0] ?? '';
};

/** The one expression that is bound per item; nothing when the call mentions more that only the loop knows. */
function keyOf(
  items: readonly Written[] | undefined,
  compared: Written | undefined,
  awaited: Node,
  item: string,
  declared: ReadonlySet<string>,
  written: (span: Span) => Written,
  unit: Unit,
): Written | undefined {
  const candidates: readonly { readonly at: Place; readonly source: string }[] = compared ? [compared] : (items ?? []);
  const [key, ...others] = candidates.filter(({ source }) => rootOf(source) === item);
  if (!key || others.length > 0) return undefined;
  const elsewhere = nodesIn(awaited).some(
    node =>
      node.kind === 'name' &&
      declared.has(unit.text.slice(node.start, node.end)) &&
      !(key.at.start <= node.start && node.end <= key.at.end),
  );
  return elsewhere ? undefined : { at: key.at, source: written(key.at).source };
}

/** The name that a chain of members begins with; nothing for any other expression. */
const rootOf = (source: string): string | undefined => /^([\p{L}_$][\w$]*)(?:\.[\p{L}_$][\w$]*)*$/u.exec(source)?.[1];
