/**
 * Where the code reads a column from the rows of a query, by name: what `SELECT *` and `RETURNING *` bring is told nowhere else.
 * A variable counts while all that it is ever given are such rows; functions that return the rows are followed to their callers.
 */
import type { Place } from '../engine/place';
import { placeIn } from '../program/analysis';
import type { Expression, Function as FunctionNode, Pattern, Span, Statement } from '../program/model';
import { type Node, nodesIn, sameSpan } from '../program/nodes';
import type { Setting } from './setting';

export interface RowRead {
  readonly column: string;
  readonly at: Place;
  /** As written: `order.coupon`. */
  readonly source: string;
}

/** Functions that hand on what they got are followed so far. */
const MAX_CALLERS = 2;
const NO_READS: readonly RowRead[] = [];

/** @param call  the call whose rows are read */
export function rowReadsOf(setting: Setting, call: Place, columns: ReadonlySet<string>, depth = 0): readonly RowRead[] {
  const { analysis } = setting;
  const source = analysis.source(call.unit);
  if (!source || columns.size === 0) return NO_READS;
  const rows = rowsIn(source.function, call, setting.tables.semantics.calls);
  const found = rows.reads.flatMap(({ column, at }): RowRead[] =>
    columns.has(column) ? [{ column, at: placeIn(call.unit, at), source: source.text.slice(at.start, at.end) }] : [],
  );
  if (!rows.returned || depth >= MAX_CALLERS) return found;
  for (const caller of analysis.callers(call.unit))
    for (const each of analysis.unit(caller).calls)
      if (each.target.kind === 'unit' && each.target.unit === call.unit && !each.implicit)
        found.push(...rowReadsOf(setting, each.at, columns, depth + 1));
  return found;
}

interface Rows {
  readonly reads: readonly { readonly column: string; readonly at: Span }[];
  readonly returned: boolean;
}

const NODES = new WeakMap<FunctionNode, readonly Node[]>();

function nodesOf(root: FunctionNode): readonly Node[] {
  const known = NODES.get(root) ?? nodesIn(root);
  NODES.set(root, known);
  return known;
}

/** What a variable may hold. */
interface Given {
  readonly name: string;
  readonly value: Expression | undefined;
}

type CallNode = Extract<Expression, { kind: 'call' }>;

/** What a list's own methods do with a function that they are handed. */
type Methods = Setting['tables']['semantics']['calls'];

function rowsIn(root: FunctionNode, call: Span, methods: Methods): Rows {
  const nodes = nodesOf(root);
  const carriers = new Set<string>();
  const isRows = (expression: Expression | undefined): boolean => {
    switch (expression?.kind) {
      case 'call':
        return (
          sameSpan(expression, call) ||
          (isMethod(expression) && isRows(expression.callee.object) && !makesOthers(expression, methods))
        );
      case 'name':
        return carriers.has(expression.name);
      case 'await':
      case 'assign':
        return isRows(expression.value);
      case 'member':
      case 'index':
        return isRows(expression.object);
      case 'choice':
        return isRows(expression.then) || isRows(expression.otherwise);
      default:
        return false;
    }
  };
  const given = nodes.flatMap(node => givenBy(node, methods));
  const others = new Map<string, Given[]>();
  for (const each of given) others.set(each.name, [...(others.get(each.name) ?? []), each]);
  for (let before = -1; before < carriers.size; ) {
    before = carriers.size;
    for (const [name, all] of others)
      if (all.some(({ value }) => isRows(value)) && all.every(({ value }) => isEmpty(value) || isRows(value)))
        carriers.add(name);
  }
  const noReads = new Set<number>();
  const reads: { column: string; at: Span }[] = [];
  const read = (column: string | undefined, { start, end }: Span): void => {
    if (column !== undefined && !noReads.has(end)) reads.push({ column, at: { start, end } });
  };
  for (const node of nodes) {
    if (node.kind === 'place') noReads.add((node as Extract<Pattern, { kind: 'place' }>).expression.end);
    // what is called is a method
    if (node.kind === 'call') noReads.add((node as CallNode).callee.end);
  }
  for (const node of nodes) {
    const each = node as Statement | Expression;
    if (each.kind === 'member' && isRows(each.object)) read(each.name, each);
    else if (each.kind === 'index' && isRows(each.object)) read(keyIn(each.index), each);
  }
  for (const { target, value } of nodes.flatMap(node => boundBy(node, methods)))
    if (target && isRows(value)) for (const { key, at } of keysIn(target)) read(key, at);
  const lambdas = nodes.filter(({ kind }) => kind === 'lambda');
  const returns = nodes.some(
    node =>
      node.kind === 'return' &&
      isRows((node as Extract<Statement, { kind: 'return' }>).value) &&
      !lambdas.some(({ start, end }) => start <= node.start && node.end <= end),
  );
  return { reads, returned: returns };
}

const isMethod = (call: CallNode): call is CallNode & { callee: Extract<Expression, { kind: 'member' }> } =>
  call.callee.kind === 'member';

/** With a function for each, a list gives what that returns, but for those of its methods that give items of its own. */
function makesOthers(call: CallNode & { callee: { readonly name: string } }, methods: Methods): boolean {
  const meaning = methods.get(`js:#Array.${call.callee.name}`);
  if (meaning?.some(({ builds }) => builds)) return true;
  if (!call.arguments.some(({ value }) => value.kind === 'lambda' || value.kind === 'unit')) return false;
  return !meaning?.some(
    ({ gives, callbacks }) =>
      gives?.kind === 'items' || gives?.kind === 'receiver' || callbacks?.some(each => each.repeats?.stopsAtFirstHit),
  );
}

interface Bound {
  readonly target: Pattern | undefined;
  readonly value: Expression | undefined;
}

/** What a node binds to which value, or to an item of it. */
function boundBy(node: Node, methods: Methods): readonly Bound[] {
  const each = node as Statement | Expression;
  switch (each.kind) {
    case 'declare':
    case 'assign':
      return [{ target: each.target, value: each.value }];
    case 'loop':
      return each.form === 'each' && each.keys !== true ? [{ target: each.item, value: each.source }] : [];
    case 'comprehension':
      return each.loops.map(({ item, source }) => ({ target: item, value: source }));
    case 'call': {
      const [first] = each.arguments;
      if (each.callee.kind !== 'member' || first?.value.kind !== 'lambda') return [];
      const item = methods
        .get(`js:#Array.${each.callee.name}`)
        ?.flatMap(({ callbacks = [] }) => callbacks)
        .find(({ repeats }) => repeats)?.repeats?.item;
      return [{ target: first.value.function.parameters[item ?? 0]?.target, value: each.callee.object }];
    }
    default:
      return [];
  }
}

const givenBy = (node: Node, methods: Methods): readonly Given[] =>
  boundBy(node, methods).flatMap(({ target, value }) => namesOf(target).map(name => ({ name, value })));

function namesOf(pattern: Pattern | undefined): readonly string[] {
  switch (pattern?.kind) {
    case 'variable':
      return [pattern.name];
    case 'items':
      return [...pattern.items.map(({ target }) => target), pattern.rest].flatMap(namesOf);
    case 'entries':
      return pattern.entries.flatMap(({ target }) => namesOf(target));
    default:
      return [];
  }
}

/** Members that a pattern takes out: `{ coupon }`, and of the rows of a result: `{ rows: [{ coupon }] }`. */
function keysIn(pattern: Pattern): readonly { readonly key: string; readonly at: Span }[] {
  switch (pattern.kind) {
    case 'entries':
      return pattern.entries.flatMap(({ key, target }) => [{ key, at: target }, ...keysIn(target)]);
    case 'items':
      return pattern.items.flatMap(({ target }) => (target ? keysIn(target) : []));
    default:
      return [];
  }
}

/** Declared without a value, or with none to speak of. */
const isEmpty = (value: Expression | undefined): boolean =>
  value === undefined ||
  (value.kind === 'constant' && value.value === null) ||
  (value.kind === 'list' && value.items.length === 0) ||
  (value.kind === 'name' && value.name === 'undefined');

function keyIn(index: Expression): string | undefined {
  const [only, ...more] = index.kind === 'text' ? index.parts : [];
  return only?.kind === 'part' && more.length === 0 ? only.value : undefined;
}
