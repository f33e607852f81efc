/** The exact places of a call that a fix rewrites. Absent wherever the shape is not certain. */
import type { Place, UnitId } from '../engine/place';
import { type ObservedCall, placeIn } from '../program/analysis';
import type { Call, Declare, Expression, RecordExpression, Span, Unit } from '../program/model';
import { type Node, namesUsed, nodesIn } from '../program/nodes';
import type { Piece } from '../program/value';
import type { QueryRewrite } from './facts';
import { type LoopQuery, loopRewriteOf } from './loopRewrites';
import type { QueryCall } from './queryCall';
import type { Setting } from './setting';

type Rewritable = LoopQuery & Pick<QueryCall, 'sql' | 'takes'>;
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
  const loop = loopRewriteOf(setting, source, query, calls, last, taken.valuesArgument?.items);
  return {
    unit,
    ...(query.takes ? { valuesAs: query.takes.valuesAs } : {}),
    ...(query.takes?.writesLists ? { writesLists: true } : {}),
    ...taken,
    ...(loop ? { loop } : {}),
  };
}

type Taken = Pick<QueryRewrite, 'sqlArgument' | 'textExpression' | 'valuesArgument' | 'insertValuesAt' | 'valuesAs'>;

function takenArguments(
  unit: Unit,
  call: ObservedCall,
  takes: NonNullable<QueryCall['takes']>,
  pieces: readonly Piece[],
  written: (span: Span) => Source,
): Taken {
  const sql = call.node.arguments[takes.sql]?.value;
  if (!sql || call.arguments.some(argument => argument.spread)) return {};
  // `query.call(connection, sql)`: the arguments stand elsewhere
  if (call.arguments[takes.sql]?.at.start !== sql.start) return {};
  if (sql.kind === 'record') return describedText(unit, sql, takes, pieces, written);
  const sqlArgument = { ...written(sql), index: takes.sql };
  const text = textExpression(unit, sql, pieces);
  const base: Taken = { sqlArgument, ...(text ? { textExpression: written(text) } : {}) };
  const behind = call.node.arguments.slice(takes.sql + 1).map(argument => argument.value);
  const [next] = behind;
  const insertValuesAt = { ...sqlArgument.at, start: sqlArgument.at.end };
  if (takes.binds === 'never') return base;
  if (takes.binds === 'later') return { ...base, ...laterValues(unit, call, written) };
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
      if (entry) return { ...base, valuesArgument: withItems(entry.value, written) };
      return next.kind === 'record' ? { ...base, ...newEntry(next, name, sqlArgument.at) } : base;
    }
    case 'list':
      return { ...base, valuesArgument: withItems(next, written) };
  }
}

/** The text and its values as entries of one argument: `{ text, values }`. */
function describedText(
  unit: Unit,
  described: RecordExpression,
  { sql, entries }: NonNullable<QueryCall['takes']>,
  pieces: readonly Piece[],
  written: (span: Span) => Source,
): Taken {
  const text = described.entries.find(({ key }) => key !== undefined && key === entries?.sql)?.value;
  if (!entries || !text) return {};
  const sqlArgument = { ...written(text), index: sql };
  const expression = textExpression(unit, text, pieces);
  const base: Taken = { sqlArgument, ...(expression ? { textExpression: written(expression) } : {}) };
  const values = described.entries.find(({ key }) => key === entries.values)?.value;
  if (values) return { ...base, valuesArgument: withItems(values, written), valuesAs: { kind: 'list' } };
  return { ...base, ...newEntry(described, entries.values, sqlArgument.at) };
}

/** Where an entry with the values is added to an object that has some. */
function newEntry({ entries }: RecordExpression, name: string, { unit }: Place): Taken {
  const last = entries.at(-1);
  if (!last || entries.some(({ key }) => key === undefined)) return {};
  return { insertValuesAt: placeIn(unit, { start: last.end, end: last.end }), valuesAs: { kind: 'entry', name } };
}

/** The arguments of the call on what this one gives: `prepare('…').get(id)`. */
function laterValues(unit: Unit, { node }: ObservedCall, written: (span: Span) => Source): Taken {
  const asking = nodesIn(unit.function)
    .filter(isCall)
    .find(({ callee }) => callee.kind === 'member' && callee.object === node);
  if (!asking || asking.arguments.some(({ value }) => value.kind === 'spread')) return {};
  const values = asking.arguments.map(({ value }) => value);
  const end = asking.argumentsSpan.end - 1;
  const span = { start: values[0]?.start ?? end, end: values.at(-1)?.end ?? end };
  return { valuesArgument: { ...written(span), items: values.map(written) } };
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

const isCall = (node: Node): node is Call => node.kind === 'call';
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
