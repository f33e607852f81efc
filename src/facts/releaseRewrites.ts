/** What moves a release into a `finally`. Absent wherever something could come out otherwise. */

import { namesOf } from '../libraries/names';
import type { AcquireRow } from '../libraries/vocabulary';
import { type ObservedCall, placeIn } from '../program/analysis';
import { alternativesIn } from '../program/lattice';
import type { Block, Call, Span, Statement, Try } from '../program/model';
import { lambdaAround, type ModelNode } from '../program/parents';
import { blockAround, indentationAt, linesInTexts, spanOf, stepOf, waits } from './blocks';
import type { ReleaseRewrite } from './facts';
import { type Handle, type HandleUse, namesBoundBy, ownerOf, type UnitNames } from './handles';
import type { RowOf } from './libraryTables';
import type { Setting } from './setting';

export function releaseRewriteOf(
  setting: Setting,
  names: UnitNames,
  call: ObservedCall,
  handle: Handle,
  use: HandleUse,
  { row, library }: RowOf<AcquireRow>,
): ReleaseRewrite | undefined {
  const source = setting.analysis.source(names.unit);
  const taking = statementAround(names, call.node);
  const block = taking && blockAround(names.parents, names.function, taking);
  if (!source || !taking || !block || !isPlain(names, taking, call.node)) return undefined;
  // declared functions go first in the model, wherever they stand
  const rest = block
    .filter(each => spanOf(each).start >= spanOf(taking).end)
    .sort((left, right) => left.start - right.start);
  const [first] = rest;
  const last = rest.at(-1);
  if (!first || !last || lambdaAround(names.parents, taking) !== handle.owner) return undefined;
  if (isAssignedAgain(names, handle, taking) || isBoundBeyond(names, rest)) return undefined;

  const statements = use.releases.flatMap(release => releaseStatement(names, release) ?? []);
  if (statements.length !== use.releases.length || use.effects.size !== use.releases.length) return undefined;
  const start = spanOf(first).start;
  const { end } = spanOf(last);
  const inside = (span: Span): boolean => start <= span.start && span.end <= end;
  if (!statements.every(each => inside(each) && mayGo(names, each, block, handle))) return undefined;
  if (
    statements.length > 0 &&
    rest.slice(rest.findLastIndex(each => statements.some(inner => within(inner, each))) + 1).some(waits)
  )
    return undefined;

  const text = (span: Span): string => source.text.slice(span.start, span.end);
  const written = new Set(statements.map(text));
  const [release = inventedRelease(call, handle, row)] = [...written];
  if (written.size > 1 || release === undefined) return undefined;
  const indentation = indentationAt(source.text, start);
  // where blocks end without a word, the last line stands as deep as they do
  const outer = indentationAt(source.text, (names.parents.of(taking)?.end ?? names.function.end) - 1);
  const guarded = soleTry(rest, statements);
  return {
    body: {
      at: placeIn(names.unit, { start, end }),
      source: text({ start, end }),
    },
    indentation,
    step: /^(?: {4})+$/.test(indentation) && indentation === outer ? '    ' : stepOf(indentation, outer),
    releases: statements.map(each => placeIn(names.unit, each)),
    release,
    isInvented: written.size === 0,
    isProven: library.package.startsWith('npm:'),
    textLines: linesInTexts(source.text, rest, start),
    ...(guarded ? { guarded: placeIn(names.unit, guarded) } : {}),
  };
}

const within = (inner: Span, outer: Span): boolean => outer.start <= inner.start && inner.end <= outer.end;

const STATEMENTS: ReadonlySet<ModelNode['kind']> = new Set(['evaluate', 'declare', 'return']);

function statementAround(names: UnitNames, node: ModelNode): Statement | undefined {
  for (let each: ModelNode | undefined = node; each; each = names.parents.of(each))
    if (STATEMENTS.has(each.kind)) return each as Statement;
  return undefined;
}

/** `const client = await pool.connect();`, `await client.connect();` and nothing else in the statement. */
function isPlain(names: UnitNames, statement: Statement, call: Call): boolean {
  for (let each = names.parents.of(call); each && each !== statement; each = names.parents.of(each))
    if (each.kind !== 'await' && each.kind !== 'assign') return false;
  return statement.kind !== 'return';
}

const isAssignedAgain = (names: UnitNames, { name, owner }: Handle, taking: Statement): boolean =>
  names.parents.nodes.some(
    node =>
      node.kind === 'assign' &&
      namesBoundBy(node.target).includes(name) &&
      ownerOf(names, node, name) === owner &&
      !within(node, taking),
  );

/** Something that the statements declare is used elsewhere: a block around them would hide it. */
function isBoundBeyond(names: UnitNames, rest: Block): boolean {
  const [first] = rest;
  const last = rest.at(-1);
  if (!first || !last) return true;
  const bound = rest.flatMap(each => (each.kind === 'declare' ? namesBoundBy(each.target) : []));
  return bound.some(name =>
    (names.mentions.get(name) ?? []).some(({ start }) => start < first.start || start > last.end),
  );
}

/** `client.release();` or `await client.end();` as a statement of its own. */
function releaseStatement(names: UnitNames, release: Call): Statement | undefined {
  if (release.arguments.length > 0 && release.callee.kind === 'member' && release.callee.object.kind !== 'name')
    return undefined;
  const parent = names.parents.of(release);
  const statement = parent?.kind === 'await' ? names.parents.of(parent) : parent;
  return statement?.kind === 'evaluate' ? statement : undefined;
}

/** The statement may be taken away: something is left where it stood, and nothing slow comes after it. */
function mayGo(names: UnitNames, statement: Statement, outer: Block, { owner, name }: Handle): boolean {
  const call = statement.kind === 'evaluate' ? callIn(statement.expression) : undefined;
  // `release(error)` throws the connection away
  if (!call || call.arguments.some(({ value }) => value.kind !== 'name' || value.name !== name)) return false;
  const block = blockAround(names.parents, names.function, statement);
  if (!block || lambdaAround(names.parents, statement) !== owner) return false;
  if (block !== outer && block.length < 2) return false;
  return !block.slice(block.indexOf(statement) + 1).some(waits);
}

const callIn = (expression: Extract<Statement, { kind: 'evaluate' }>['expression']): Call | undefined => {
  const value = expression.kind === 'await' ? expression.value : expression;
  return value.kind === 'call' ? value : undefined;
};

/** As the library has it, where the code never gives it back. */
function inventedRelease(call: ObservedCall, { name }: Handle, row: AcquireRow): string | undefined {
  const [released = ''] = namesOf(row.releasedBy);
  const dot = released.lastIndexOf('.');
  const type = released.slice(0, dot);
  const value = row.on === 'receiver' ? call.receiver : call.result;
  const isMethodOfIt =
    value !== undefined &&
    alternativesIn(value).some(({ shape }) => shape.kind === 'instance' && shape.of.endsWith(`#${type}`));
  return isMethodOfIt ? `${row.releaseWaits ? 'await ' : ''}${name}.${released.slice(dot + 1)}()` : undefined;
}

/** All that is left is one `try`, whose `finally` is free. */
function soleTry(rest: Block, releases: readonly Statement[]): Try | undefined {
  const [only, ...more] = rest.filter(each => !releases.includes(each));
  return only?.kind === 'try' && more.length === 0 && only.finally.length === 0 ? only : undefined;
}
