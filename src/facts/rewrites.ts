/** The exact places of a call that a fix rewrites. Absent wherever the shape is not certain. */
import { fileOf, type Place, type UnitId } from '../engine/place';
import { namesOf } from '../libraries/validate';
import { type ObservedCall, placeIn, type Repetition } from '../program/analysis';
import type {
  Call,
  Declare,
  Expression,
  Function as FunctionNode,
  Loop,
  Span,
  Statement,
  Unit,
} from '../program/model';
import type { Piece } from '../program/value';
import type { LoopResult, LoopRewrite, QueryRewrite } from './facts';
import type { QueryCall, Setting } from './queryCalls';
import { constantOf } from './sqlTexts';

type Rewritable = Pick<QueryCall, 'id' | 'sql' | 'takes' | 'repetitions' | 'chain'>;
type Source = { readonly at: Place; readonly source: string };

/** What a fix must know of a query call of this unit. */
export function rewriteOf(setting: Setting, unit: UnitId, query: Rewritable): QueryRewrite | undefined {
  const source = setting.analysis.source(unit);
  const calls = query.chain.flatMap(id => setting.analysis.unit(unit).calls.find(call => call.id === id) ?? []);
  const last = calls.find(call => call.id === query.id) ?? calls.at(-1);
  if (!source || !last || calls.some(call => call.implicit)) return undefined;
  const written = (span: Span): Source => ({
    at: placeIn(unit, span),
    source: source.text.slice(span.start, span.end),
  });
  // of a builder's chain, the call that holds the text
  const sqlCall = query.takes ? calls.find(call => call.arguments[query.takes?.sql ?? -1]) : undefined;
  const taken =
    sqlCall && query.takes ? takenArguments(source, sqlCall, query.takes, query.sql?.pieces ?? [], written) : {};
  const loop = loopRewrite(setting, source, query, calls, last, taken.valuesArgument?.items, written);
  return {
    unit,
    ...taken,
    ...(query.takes ? { valuesAs: query.takes.valuesAs } : {}),
    ...(loop ? { loop } : {}),
  };
}

type Taken = Pick<QueryRewrite, 'sqlArgument' | 'textExpression' | 'valuesArgument' | 'insertValuesAt'>;

function takenArguments(
  unit: Unit,
  call: ObservedCall,
  takes: NonNullable<QueryCall['takes']>,
  pieces: readonly Piece[],
  written: (span: Span) => Source,
): Taken {
  const sql = call.node.arguments[takes.sql]?.value;
  if (!sql || call.arguments.some(argument => argument.spread) || sql.kind === 'record') return {};
  const sqlArgument = { ...written(sql), index: takes.sql };
  const text = textExpression(unit, sql, pieces);
  const base: Taken = { sqlArgument, ...(text ? { textExpression: written(text) } : {}) };
  const behind = call.node.arguments.slice(takes.sql + 1).map(argument => argument.value);
  const [next] = behind;
  const insertValuesAt = { ...sqlArgument.at, start: sqlArgument.at.end };
  if (takes.values !== undefined && takes.values !== takes.sql + 1) return base;
  if (takes.values === undefined || !next || isFunction(next)) return { ...base, insertValuesAt };
  switch (takes.valuesAs.kind) {
    case 'rest': {
      const values = behind.filter(value => !isFunction(value));
      const end = values.at(-1)?.end ?? next.end;
      return { ...base, valuesArgument: { ...written({ start: next.start, end }), items: values.map(written) } };
    }
    case 'property': {
      const { name } = takes.valuesAs;
      const entry = next.kind === 'record' ? next.entries.find(each => each.key === name) : undefined;
      return entry ? { ...base, valuesArgument: withItems(entry.value, written) } : base;
    }
    case 'list':
      return { ...base, valuesArgument: withItems(next, written) };
  }
}

const isFunction = ({ kind }: Expression): boolean => kind === 'lambda' || kind === 'unit';

function withItems(values: Expression, written: (span: Span) => Source): NonNullable<QueryRewrite['valuesArgument']> {
  const listed = values.kind === 'list' && values.items.every(item => item.kind !== 'spread');
  return { ...written(values), ...(listed ? { items: values.items.map(written) } : {}) };
}

/** The argument itself, or the initialiser of a constant that nothing else reads. */
function textExpression(unit: Unit, argument: Expression, pieces: readonly Piece[]): Expression | undefined {
  if (holdsPieces(unit, argument, pieces)) return argument;
  if (argument.kind !== 'name') return undefined;
  const { name } = argument;
  const seen = namesUsed(unit.function);
  const declared = nodesIn(unit.function)
    .filter(isDeclare)
    .filter(node => isVariable(node, name));
  const [declaration, ...others] = declared;
  if (!declaration?.constant || !declaration.value || others.length > 0) return undefined;
  if (seen.uses.filter(use => use === name).length !== 1 || seen.bound.filter(use => use === name).length !== 1)
    return undefined;
  const { value } = declaration;
  if (!holdsPieces(unit, value, pieces)) return undefined;
  // what moves to the call must mean there what it means here
  const holes = nodesIn(value).filter(node => node.kind === 'hole' || node.kind === 'operation');
  const moved = holes.flatMap(hole => nodesIn(hole));
  if (moved.some(node => ['call', 'await', 'assign', 'yield'].includes(node.kind))) return undefined;
  const names = new Set(namesUsed(value).uses);
  const steady = [...names].every(
    each => !seen.assigned.has(each) && seen.bound.filter(bound => bound === each).length <= 1,
  );
  return steady ? value : undefined;
}

const isDeclare = (node: Node): node is Declare => node.kind === 'declare';
const isVariable = ({ target }: Declare, name: string): boolean => target.kind === 'variable' && target.name === name;

/** Every piece of the text stands in the expression; constants that it names may stand elsewhere. */
const holdsPieces = (unit: Unit, { start, end }: Span, pieces: readonly Piece[]): boolean =>
  pieces.length > 0 &&
  pieces.every(piece => {
    if (piece.kind === 'choice' && !piece.at)
      return piece.alternatives.every(each => each.length === 0 || holdsPieces(unit, { start, end }, each));
    if (piece.kind === 'repeat' && !piece.at) return holdsPieces(unit, { start, end }, piece.pieces);
    if (piece.kind === 'constant') return true;
    return piece.at !== undefined && piece.at.unit === unit.id && start <= piece.at.start && piece.at.end <= end;
  });

/** The loop around the call, taken apart. */
function loopRewrite(
  setting: Setting,
  unit: Unit,
  query: Rewritable,
  calls: readonly ObservedCall[],
  last: ObservedCall,
  items: readonly Source[] | undefined,
  written: (span: Span) => Source,
): LoopRewrite | undefined {
  const [repetition] = query.repetitions;
  if (!repetition || repetition.at.unit !== unit.id) return undefined;
  const path = pathTo(unit.function, last.node);
  const awaited = path.at(-2);
  if (awaited?.kind !== 'await') return undefined;
  const around = loopAround(path, repetition);
  if (!around) return undefined;
  const { item, source, body, statement, at } = around;
  if (isOtherCollection(unit, unit.text.slice(source.start, source.end))) return undefined;
  const inner = path.slice(path.indexOf(statement));
  // what stands in an inner function or loop does not run once a turn
  if (inner.some(node => ['lambda', 'loop', 'branch', 'try', 'switch', 'scope'].includes(node.kind))) return undefined;
  const declared = new Set([item, ...namesUsed(body).bound]);
  const equality = equalityIn(setting, calls, item, written);
  const key = keyOf(items, equality?.key, awaited, item, declared, written, unit);
  const environment = setting.analysis.environment(fileOf(unit.id));
  const all = namesUsed(unit.function);
  return {
    at: placeIn(unit.id, at),
    indentation: indentationAt(unit.text, at.start),
    item,
    source: written(source).source,
    ...(key ? { key } : {}),
    awaited: written(awaited),
    ...(equality && key ? { equality: equality.rewrite } : {}),
    result: resultOf(setting, last, unit, path, awaited, written),
    names: new Set([...all.uses, ...all.bound, ...environment.variables.keys(), ...environment.classes.keys()]),
  };
}

interface LoopAround {
  readonly item: string;
  readonly source: Span;
  readonly body: readonly Statement[];
  /** The statement of the body that holds the call. */
  readonly statement: Node;
  /** What a fix writes before. */
  readonly at: Span;
}

/** `for (const order of orders) …`, and `await Promise.all(orders.map(async order => …))`. */
function loopAround(path: readonly Node[], repetition: Repetition): LoopAround | undefined {
  const index = path.findLastIndex(
    node => (node.kind === 'loop' || node.kind === 'call') && sameSpan(node, repetition.at),
  );
  const node = path[index];
  if (node?.kind === 'loop') {
    const { item, source, body, form, keys, async } = node as Loop;
    const statement = path[index + 1];
    if (form !== 'each' || keys || async || item?.kind !== 'variable' || !source || !statement) return undefined;
    return body.some(each => each === statement) ? { item: item.name, source, body, statement, at: node } : undefined;
  }
  if (node?.kind !== 'call') return undefined;
  const lambda = path.slice(index + 1).find(each => each.kind === 'lambda');
  const statement = lambda && path[path.indexOf(lambda) + 1];
  const outer = path.slice(0, index).findLast(each => STATEMENTS.has(each.kind));
  const waits = path.slice(outer ? path.indexOf(outer) : 0, index).some(each => each.kind === 'await');
  if (!lambda || !statement || !outer || !waits || lambda.kind !== 'lambda') return undefined;
  const { callee } = node as Call;
  const { parameters, body } = (lambda as Extract<Expression, { kind: 'lambda' }>).function;
  const [item] = parameters;
  if (callee.kind !== 'member' || item?.target.kind !== 'variable' || item.default || item.rest) return undefined;
  if (!body.some(each => each === statement)) return undefined;
  const whole = outer.kind === 'declare' ? (outer as Declare).statement : outer;
  return { item: item.target.name, source: callee.object, body, statement, at: whole };
}

/** A variable that holds a collection which is walked like a list and is none: made by a constructor, or so by its type. */
const isOtherCollection = (unit: Unit, name: string): boolean =>
  nodesIn(unit.function).some(node => isDeclare(node) && isVariable(node, name) && isConstructed(node.value)) ||
  unit.function.parameters.some(
    ({ target, type }) =>
      target.kind === 'variable' &&
      target.name === name &&
      type?.kind === 'named' &&
      /(?:Set|Map|Iterable|Iterator|Generator)$/.test(type.name),
  );

const isConstructed = (value: Expression | undefined): boolean => value?.kind === 'call' && value.form === 'new';

const STATEMENTS = new Set(['evaluate', 'declare', 'return']);
const sameSpan = (left: Span, right: Span): boolean => left.start === right.start && left.end === right.end;

const indentationAt = (text: string, offset: number): string => {
  const line = text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset);
  return /^\s*/.exec(line)?.[0] ?? '';
};

/** The one expression that is bound per item; nothing when the call mentions more that only the loop knows. */
function keyOf(
  items: readonly Source[] | undefined,
  compared: Source | undefined,
  awaited: Node,
  item: string,
  declared: ReadonlySet<string>,
  written: (span: Span) => Source,
  unit: Unit,
): Source | undefined {
  const candidates = compared ? [compared] : (items ?? []);
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

/** The call of a chain that compares a column with the item's key, where its form for many keys gives the same rows. */
function equalityIn(
  { tables }: Setting,
  calls: readonly ObservedCall[],
  item: string,
  written: (span: Span) => Source,
): { readonly rewrite: NonNullable<LoopRewrite['equality']>; readonly key: Source } | undefined {
  const [first] = calls;
  if (first?.target.kind !== 'library') return undefined;
  const library = tables.libraryOf(first.target.name);
  for (const row of library?.equalities ?? []) {
    const named = (name: string) => (name.includes('#') ? name : `${library?.package}#${name}`);
    const are = (call: ObservedCall, names: readonly string[]) =>
      call.target.kind === 'library' && names.map(named).includes(call.target.name);
    const comparing = namesOf(row.call);
    const selecting = namesOf(row.selects);
    if (!calls.every(call => are(call, [...comparing, ...selecting, ...namesOf(row.keeps)]))) return undefined;
    for (const call of calls.filter(each => are(each, comparing))) {
      const compared = comparisonIn(call);
      if (!compared || rootOf(written(compared.value).source) !== item || call.node.callee.kind !== 'member') continue;
      const column = compared.column.slice(compared.column.lastIndexOf('.') + 1);
      const selected = calls
        .filter(each => are(each, selecting))
        .flatMap(each => each.arguments.map(argument => constantOf(argument.value)));
      if (selected.length > 0 && !selected.some(name => name === '*' || name === column || name === compared.column))
        return undefined;
      const at = { start: call.node.callee.nameSpan.start, end: call.node.end };
      return {
        rewrite: { at: written(at).at, column: compared.column, batched: row.batched },
        key: written(compared.value),
      };
    }
  }
  return undefined;
}

/** `where({ order_id: id })`, `where('order_id', id)`, `where('order_id', '=', id)`. */
function comparisonIn(call: ObservedCall): { readonly column: string; readonly value: Expression } | undefined {
  const [first, second, third, ...more] = call.node.arguments.map(argument => argument.value);
  if (first?.kind === 'record' && !second) {
    const [entry, ...others] = first.entries;
    return typeof entry?.key === 'string' && others.length === 0
      ? { column: entry.key, value: entry.value }
      : undefined;
  }
  const [column, operator] = call.arguments.map(argument => constantOf(argument.value));
  if (column === undefined || !second || more.length > 0) return undefined;
  if (!third) return { column, value: second };
  return operator === '=' ? { column, value: third } : undefined;
}

/** What the body does with the awaited result. */
function resultOf(
  { tables }: Setting,
  last: ObservedCall,
  unit: Unit,
  path: readonly Node[],
  awaited: Node,
  written: (span: Span) => Source,
): LoopResult {
  const at = path.indexOf(awaited);
  const library = last.target.kind === 'library' ? tables.libraryOf(last.target.name) : undefined;
  const parent = path[at - 1];
  if (parent?.kind === 'declare' && (parent as Declare).value === awaited) {
    const { target } = parent as Declare;
    const reads = written({ start: target.start, end: awaited.end }).at;
    if (target.kind === 'variable' && !library?.equalities && onlyRead(unit, target.name, 'rows'))
      return { kind: 'rows', reads, target: target.name, rowsIn: 'rows', wrappedIn: 'rows' };
    if (target.kind === 'entries') {
      const [entry, ...others] = target.entries;
      if (entry?.key !== 'rows' || others.length > 0 || target.rest || entry.default) return { kind: 'other' };
      if (entry.target.kind === 'variable') return { kind: 'rows', reads, target: entry.target.name, rowsIn: 'rows' };
      const [row, ...rows] = entry.target.kind === 'items' ? entry.target.items : [];
      if (entry.target.kind !== 'items' || rows.length > 0 || entry.target.rest || row?.target?.kind !== 'variable')
        return { kind: 'other' };
      return row.default ? { kind: 'other' } : { kind: 'first-row', reads, target: row.target.name, rowsIn: 'rows' };
    }
  }
  let index = at;
  let rowsIn: string | undefined;
  const outer = path[index - 1];
  if (outer?.kind === 'member' && (outer as { name?: string }).name === 'rows') {
    rowsIn = 'rows';
    index -= 1;
  } else if (!library?.equalities) return { kind: 'other' };
  let kind: 'rows' | 'first-row' = 'rows';
  const item = path[index - 1];
  if (item?.kind === 'index') {
    const { index: which } = item as Extract<Expression, { kind: 'index' }>;
    if (which.kind !== 'constant' || which.value !== 0) return { kind: 'other' };
    kind = 'first-row';
    index -= 1;
  } else if (item?.kind === 'member') return { kind: 'other' };
  const value = path[index];
  const holder = path[index - 1];
  if (!value || !holder) return { kind: 'other' };
  const base = { kind, ...(rowsIn === undefined ? {} : { rowsIn }) };
  if (holder.kind === 'declare') {
    const { target } = holder as Declare;
    if (target.kind !== 'variable') return { kind: 'other' };
    return { ...base, reads: written({ start: target.start, end: value.end }).at, target: target.name };
  }
  if (holder.kind === 'assign') {
    const { target, operator } = holder as Extract<Expression, { kind: 'assign' }>;
    if (operator !== undefined || target.kind === 'entries' || target.kind === 'items') return { kind: 'other' };
    return { ...base, reads: written(holder).at, target: written(target).source };
  }
  if (holder.kind === 'evaluate') return { kind: 'other' };
  return { ...base, reads: written(value).at };
}

/** Whether a variable is read for one of its members and for nothing else. */
function onlyRead(unit: Unit, name: string, member: string): boolean {
  const isVariableItself = (node: unknown): boolean =>
    typeof node === 'object' &&
    node !== null &&
    'kind' in node &&
    node.kind === 'name' &&
    'name' in node &&
    node.name === name;
  const nodes = nodesIn(unit.function);
  const reads = nodes.filter(
    node =>
      node.kind === 'member' &&
      (node as { name?: string }).name === member &&
      isVariableItself((node as { object?: unknown }).object),
  );
  const { uses, bound } = namesUsed(unit.function);
  return (
    reads.length > 0 &&
    uses.filter(use => use === name).length === reads.length &&
    bound.filter(use => use === name).length === 1
  );
}

/** Any node of the model that has a kind and a place: statements, expressions, patterns, holes. */
interface Node extends Span {
  readonly kind: string;
}

const isNode = (value: object): value is Node =>
  'kind' in value && typeof value.kind === 'string' && 'start' in value && typeof value.start === 'number';

/** All nodes in a part of the model, outer before inner. */
function nodesIn(root: FunctionNode | Node | readonly Node[]): readonly Node[] {
  const nodes: Node[] = [];
  const stack: unknown[] = [root];
  while (stack.length > 0) {
    const next = stack.pop();
    if (typeof next !== 'object' || next === null) continue;
    if (isNode(next)) nodes.push(next);
    const inner: unknown[] = Object.values(next);
    for (let index = inner.length - 1; index >= 0; index--) stack.push(inner[index]);
  }
  return nodes;
}

/** From the outermost node down to `target`, which is the last; empty when it is not there. */
function pathTo(root: FunctionNode, target: Node): readonly Node[] {
  const visit = (value: unknown): Node[] | undefined => {
    if (typeof value !== 'object' || value === null) return undefined;
    const own = isNode(value) ? [value] : [];
    if (own[0] && own[0].kind === target.kind && sameSpan(own[0], target)) return own;
    // a node whose span does not hold the target's cannot hold the target
    if (own[0] && (own[0].start > target.start || own[0].end < target.end)) return undefined;
    for (const inner of Object.values(value)) {
      const found = visit(inner);
      if (found) return [...own, ...found];
    }
    return undefined;
  };
  return visit(root.body) ?? [];
}

interface Names {
  /** Every mention, in order. */
  readonly uses: readonly string[];
  /** Names of variables in patterns: declared, bound or assigned. */
  readonly bound: readonly string[];
  readonly assigned: ReadonlySet<string>;
}

function namesUsed(root: FunctionNode | Node | readonly Node[]): Names {
  const uses: string[] = [];
  const bound: string[] = [];
  const assigned = new Set<string>();
  for (const node of nodesIn(root)) {
    const { name } = node as { name?: unknown };
    if (node.kind === 'name' && typeof name === 'string') uses.push(name);
    if (node.kind === 'variable' && typeof name === 'string') bound.push(name);
    if (node.kind === 'assign') {
      const { target } = node as Extract<Expression, { kind: 'assign' }>;
      if (target.kind === 'variable') assigned.add(target.name);
    }
  }
  return { uses, bound, assigned };
}
