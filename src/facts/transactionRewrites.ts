/** What makes one transaction of the statements from a write to those that need it. Absent wherever that is not certain. */
import { fileOf, type Place } from '../engine/place';
import type { LibraryModel, WrapRow } from '../libraries/vocabulary';
import { type ObservedCall, placeIn } from '../program/analysis';
import type { Block, Call, Expression, Span, Statement, Unit } from '../program/model';
import { type Node, namesUsed, nodesIn } from '../program/nodes';
import { lambdaAround, type ModelNode, type Parents, parentsIn } from '../program/parents';
import { blockAround, indentationAt, linesInTexts, spanOf, stepOf, waits } from './blocks';
import { namesBoundBy } from './handles';
import type { Setting } from './setting';
import { type Work, workOf } from './work';

export interface TransactionRewrite {
  readonly way: WrapRow;
  /** What the statements are run on, as written: `this.pool`. */
  readonly receiver: string;
  /** Where it stands in them. */
  readonly receivers: readonly Place[];
  /** From the first write to the last. */
  readonly body: { readonly at: Place; readonly source: string };
  /** The last statement returns: where its value begins and ends. */
  readonly returns?: { readonly at: Place; readonly value: Place; readonly awaited: boolean };
  /** What stands behind and needs what the statements declare, where it waits for nothing: to the end of the block. */
  readonly tail?: { readonly at: Place; readonly source: string };
  /** What they declare and others read behind them. */
  readonly needed: readonly string[];
  readonly indentation: string;
  readonly step: string;
  /** Lines, by their place in the unit, that begin inside a text: their indentation is the text's. */
  readonly textLines: readonly number[];
  /** A `try` of the same function is around them. */
  readonly inTry: boolean;
  readonly names: ReadonlySet<string>;
}

export function transactionRewriteOf(
  setting: Setting,
  unit: Unit,
  writes: readonly Work[],
): TransactionRewrite | undefined {
  const [first] = writes;
  const library = first?.library === undefined ? undefined : setting.tables.libraryOf(first.library);
  if (!first || !library?.wraps || writes.some(write => write.behind !== undefined)) return undefined;
  const parents = parentsIn(unit.function);
  const scene: Scene = { setting, unit, library, parents };
  const block = commonBlock(scene, writes);
  if (!block) return undefined;
  const region = statementsWith(block, writes);
  const [opening] = region;
  const closing = region.at(-1);
  // one statement that holds them all has no room for a beginning
  if (!opening || !closing || region.length < 2 || region.some(leaves)) return undefined;
  const span = { start: spanOf(opening).start, end: spanOf(closing).end };
  const way = library.wraps.find(row => (rootOf(library, row, callOf(scene, first)) ?? undefined) !== undefined);
  const found = way && rootsIn(scene, way, span);
  if (!way || !found) return undefined;

  const returns = closing.kind === 'return' ? closing : undefined;
  if (returns && !returns.value) return undefined;
  const needed = returns ? [] : neededBeyond(unit, region, span);
  const rest = block.filter(each => spanOf(each).start >= span.end);
  const tail = way.takes !== undefined && needed.length > 0 ? rest : [];
  if (needed.length > 0 && (tail.some(waits) || isAssignedBeyond(unit, needed, span))) return undefined;
  const environment = setting.analysis.environment(fileOf(unit.id));
  const { uses, bound } = namesUsed(unit.function);
  const written = (part: Span) => ({ at: placeIn(unit.id, part), source: unit.text.slice(part.start, part.end) });
  const indentation = indentationAt(unit.text, span.start);
  const lastOfTail = tail.at(-1);
  const value = returns?.value;
  return {
    way,
    receiver: found.receiver,
    receivers: found.at.map(each => placeIn(unit.id, each)),
    body: written(span),
    ...(returns && value
      ? {
          returns: { at: placeIn(unit.id, returns), value: placeIn(unit.id, value), awaited: value.kind === 'await' },
        }
      : {}),
    ...(lastOfTail ? { tail: written({ start: span.end, end: spanOf(lastOfTail).end }) } : {}),
    needed,
    indentation,
    step: stepOf(indentation, indentationAt(unit.text, (parents.of(opening)?.end ?? unit.function.end) - 1)),
    textLines: linesInTexts(unit.text, [...region, ...tail], 0),
    inTry: isInTry(parents, opening),
    names: new Set([...uses, ...bound, ...environment.variables.keys(), ...environment.classes.keys()]),
  };
}

interface Scene {
  readonly setting: Setting;
  readonly unit: Unit;
  readonly library: LibraryModel;
  readonly parents: Parents;
}

const holds = (outer: Span, inner: Span): boolean => outer.start <= inner.start && inner.end <= outer.end;

/** Its calls, and those that made what they are called on: `dataSource.getRepository(Order).save(order)`. */
function callOf({ setting, unit }: Scene, { chain }: Work): readonly ObservedCall[] {
  const { calls } = setting.analysis.unit(unit.id);
  const own = calls.filter(({ id }) => chain.includes(id));
  return calls.filter(call => own.includes(call) || own.some(({ node }) => isMadeBy(node, call.node)));
}

function isMadeBy(call: Call, maker: Call): boolean {
  for (let each: Expression = call.callee; each.kind === 'member' || each.kind === 'call'; )
    if (each === maker) return true;
    else each = each.kind === 'member' ? each.object : each.callee;
  return false;
}

// ——— where they stand ———

/** The innermost block that has all of them, of one function. */
function commonBlock({ unit, parents }: Scene, writes: readonly Work[]): Block | undefined {
  const holdsAll = (block: Block): boolean =>
    writes.every(({ call }) => block.some(statement => holds(spanOf(statement), call)));
  let found: Block | undefined = holdsAll(unit.function.body) ? unit.function.body : undefined;
  for (const node of parents.nodes) {
    if (!isStatement(node)) continue;
    const block = blockAround(parents, unit.function, node);
    if (block?.[0] === node && holdsAll(block)) found = block;
  }
  return found;
}

const STATEMENTS = new Set(['evaluate', 'declare', 'branch', 'switch', 'loop', 'try', 'scope', 'return', 'throw']);
const isStatement = (node: ModelNode): node is Statement => STATEMENTS.has(node.kind);

function statementsWith(block: Block, writes: readonly Work[]): Block {
  const ordered = [...block].sort((left, right) => spanOf(left).start - spanOf(right).start);
  const has = (statement: Statement): boolean => writes.some(({ call }) => holds(spanOf(statement), call));
  return ordered.slice(ordered.findIndex(has), ordered.findLastIndex(has) + 1);
}

/** It may end the function or a loop around before the last write is made, or hands a value out in between. */
function leaves(statement: Statement, index: number, all: Block): boolean {
  if (statement.kind === 'return') return index < all.length - 1;
  const found: Node[] = [];
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    const { kind } = value as { readonly kind?: string };
    if (kind === 'lambda') return;
    if (kind === 'return' || kind === 'break' || kind === 'continue' || kind === 'yield') found.push(value as Node);
    for (const inner of Object.values(value)) visit(inner);
  };
  visit(statement);
  return found.length > 0;
}

function isInTry(parents: Parents, statement: Statement): boolean {
  for (let node = parents.of(statement); node && node.kind !== 'lambda'; node = parents.of(node))
    if (node.kind === 'try') return true;
  return false;
}

function neededBeyond(unit: Unit, region: Block, span: Span): readonly string[] {
  const bound = region.flatMap(each => (each.kind === 'declare' ? namesBoundBy(each.target) : []));
  return bound.filter(name => mentionsBeyond(unit, name, span).length > 0);
}

const mentionsBeyond = (unit: Unit, name: string, span: Span): readonly Node[] =>
  nodesIn(unit.function).filter(
    node => node.kind === 'name' && (node as Node & { readonly name: string }).name === name && node.start >= span.end,
  );

const isAssignedBeyond = (unit: Unit, names: readonly string[], { end }: Span): boolean =>
  nodesIn(unit.function).some(
    node =>
      node.kind === 'assign' &&
      node.start >= end &&
      namesBoundBy((node as Extract<Expression, { kind: 'assign' }>).target).some(name => names.includes(name)),
  );

// ——— what they are run on ———

/** The expression that the statement's library object is written as: `pool` of `pool.query()`, `prisma` of `prisma.order.create()`. */
function rootOf(library: LibraryModel, row: WrapRow, calls: readonly ObservedCall[]): Expression | undefined {
  for (const { target, node, receiver } of calls) {
    if (target.kind !== 'library') continue;
    const name = target.name.slice(target.name.indexOf('#') + 1);
    const type = name.slice(0, name.lastIndexOf('.'));
    const { callee } = node;
    if (name === row.on) return callee;
    if (callee.kind !== 'member') continue;
    const isInstance = receiver?.shape.kind === 'instance' && receiver.shape.of === `${library.package}#${row.on}`;
    if (type === row.on || isInstance) return callee.object;
    const byProperty = (library.gives ?? []).some(
      ({ property, gives }) => gives === type && [property ?? []].flat().some(each => each.startsWith(`${row.on}.`)),
    );
    if (byProperty && callee.object.kind === 'member') return callee.object.object;
  }
  return undefined;
}

/** Every statement in the span is run on one object, and that goes nowhere else; nothing else is waited for. */
function rootsIn(
  scene: Scene,
  row: WrapRow,
  span: Span,
): { readonly receiver: string; readonly at: readonly Span[] } | undefined {
  const { setting, unit, library } = scene;
  const written = (part: Span): string => unit.text.slice(part.start, part.end);
  const works = workOf(setting, unit.id).filter(({ call }) => holds(span, call));
  const roots: Expression[] = [];
  for (const work of works) {
    const root = work.kind === 'query' && !work.behind ? rootOf(library, row, callOf(scene, work)) : undefined;
    if (!root) return undefined;
    roots.push(root);
  }
  const [receiver, ...others] = new Set(roots.map(written));
  if (receiver === undefined || others.length > 0 || !/^[\p{L}_$][\w$]*(?:\.[\w$]+)*$/u.test(receiver))
    return undefined;
  for (const node of nodesIn(unit.function)) {
    if (!holds(span, node)) continue;
    const isRoot = roots.some(root => root.start === node.start && root.end === node.end);
    if ((node.kind === 'name' || node.kind === 'member') && written(node) === receiver && !isRoot) return undefined;
    if (node.kind === 'await' && !works.some(({ call }) => holds(node, call))) return undefined;
  }
  const isAwaited = nodesIn(unit.function).some(
    node => node.kind === 'await' && holds(span, node) && !lambdaIn(scene, node, span),
  );
  return isAwaited ? { receiver, at: roots } : undefined;
}

/** Whether a function inside the span is around the node. */
function lambdaIn({ parents }: Scene, node: Node, span: Span): boolean {
  const lambda = lambdaAround(parents, node as ModelNode);
  return lambda !== undefined && holds(span, lambda);
}
