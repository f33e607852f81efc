/**
 * What a function does to databases when it is called: which queries it runs, itself or in what it calls, and which of its
 * parameters they depend on. Summed bottom-up over the call graph, through files; what is recursive settles because a
 * query is counted once wherever it stands.
 *
 * @see Sharir and Pnueli, Two approaches to interprocedural data flow analysis (1981): the functional approach
 */
import type { Place, UnitId } from '../engine/place';
import type { ObservedCall } from '../program/analysis';
import type { Source, Value } from '../program/value';
import { ALWAYS, type CallConditions, conditionsOf, type GivenParameter, isGiven } from './conditions';
import type { PathStep, SqlText } from './facts';
import { innerFunctionsIn, labelOf, type QueryCall, queryCallsOf, type Setting } from './queryCalls';
import { gistOf, isSql, sqlTextOf } from './sqlTexts';

export interface BackendSummary {
  readonly queries: readonly SummaryQuery[];
}

/** A query that a function runs when it is called. */
export interface SummaryQuery
  extends Pick<
    QueryCall,
    | 'evidence'
    | 'library'
    | 'dialect'
    | 'placeholder'
    | 'operation'
    | 'relation'
    | 'batched'
    | 'batchedBy'
    | 'takesList'
    | 'gathered'
  > {
  /** Parameters that the statement depends on, by index. */
  readonly parameters: readonly number[];
  /** The parameter that is the statement's text, and the one with its values: a wrapper, whose callers write the SQL. */
  readonly textParameter?: number;
  readonly valuesParameter?: number;
  /** Does not run for a caller who hands in one of these, and once for each key where the answer is remembered. */
  readonly conditions: CallConditions;
  /** From the function down to the query. */
  readonly callPath: readonly PathStep[];
}

const NONE: BackendSummary = { queries: [] };
/** More queries than this in one function say no more about it. */
const MAX_QUERIES = 6;
/** A query that lies deeper is seldom run by every call: what is in between decides, or remembers. */
const MAX_PATH = 4;

/** The queries that a call of the unit runs; kept in the analysis' memory. */
export function summaryOf(setting: Setting, unit: UnitId): BackendSummary {
  const { analysis, key } = setting;
  // a function that is being summed further up the stack runs nothing yet
  return (
    analysis.remember<BackendSummary | undefined>(`backend summary ${key} ${unit}`, () => sum(setting, unit)) ?? NONE
  );
}

function sum(setting: Setting, unit: UnitId): BackendSummary {
  const queries = new Map<string, SummaryQuery>();
  const add = (query: SummaryQuery) => {
    const last = query.callPath.at(-1)?.at;
    const place = last ? `${last.unit}@${last.start}` : '';
    if (queries.size < MAX_QUERIES && query.callPath.length <= MAX_PATH && !queries.has(place))
      queries.set(place, query);
  };
  const inner = innerFunctionsIn(setting, unit);
  const source = setting.analysis.source(unit);
  const conditions = (call: Place): CallConditions => (source ? conditionsOf(source, call) : ALWAYS);
  for (const query of queryCallsOf(setting, unit))
    if (query.role === 'query' && inner.runs(query.inLambda)) add(ownQuery(unit, query, conditions(query.call)));
  for (const call of setting.analysis.unit(unit).calls)
    if (call.target.kind === 'unit' && inner.runs(call.inLambda)) {
      const queries = calledQueries(setting, call);
      const around = queries.length > 0 ? conditions(call.at) : ALWAYS;
      for (const query of queries) add(behindCall(unit, call, query, around));
    }
  return queries.size === 0 ? NONE : { queries: [...queries.values()] };
}

const parametersIn = (unit: UnitId, sources: readonly Source[]): readonly number[] => [
  ...new Set(sources.flatMap(source => (source.kind === 'parameter' && source.unit === unit ? [source.index] : []))),
];

function ownQuery(unit: UnitId, query: QueryCall, conditions: CallConditions): SummaryQuery {
  const {
    evidence,
    library,
    dialect,
    placeholder,
    operation,
    relation,
    batched,
    batchedBy,
    takesList,
    gathered,
    sql,
    at,
  } = query;
  const [hazard] = sql?.hazards ?? [];
  const text = hazard?.wholeText ? parametersIn(unit, hazard.from) : [];
  const [values] = valuesFrom(unit, query);
  return {
    evidence,
    library,
    dialect,
    placeholder,
    operation,
    relation,
    batched,
    batchedBy,
    takesList,
    gathered,
    parameters: parametersIn(unit, query.from),
    ...(text.length === 1 ? { textParameter: text[0] } : {}),
    ...(text.length === 1 && values !== undefined ? { valuesParameter: values } : {}),
    conditions,
    callPath: [{ at, says: evidence === 'possible' ? `\`${query.label}\` runs it` : 'the query' }],
  };
}

/** The parameter that is handed on as the bound values. */
const valuesFrom = (unit: UnitId, query: QueryCall): readonly number[] =>
  query.values === undefined ? [] : parametersIn(unit, query.values.from).filter(() => isWhole(query.values));

const isWhole = (value: Value | undefined): boolean =>
  value !== undefined && value.from.length === 1 && (value.shape.kind === 'unknown' || value.shape.kind === 'list');

/** A query behind a call, in terms of the call's own arguments. */
export interface CalledQuery {
  readonly query: SummaryQuery;
  /** The text, where the callee is a wrapper and this call writes it. */
  readonly sql?: SqlText;
  readonly from: readonly Source[];
}

/** What a call of a function of the workspace runs. A wrapper that gets no SQL runs nothing that is known. */
export function calledQueries(setting: Setting, call: ObservedCall): readonly CalledQuery[] {
  if (call.target.kind !== 'unit') return [];
  const spread = call.arguments.some(argument => argument.spread);
  return summaryOf(setting, call.target.unit).queries.flatMap((query): CalledQuery[] => {
    if (!spread && isGiven(query.conditions.unlessGiven, call.arguments)) return [];
    const used = spread ? call.arguments : query.parameters.flatMap(index => call.arguments[index] ?? []);
    const from = [...used.flatMap(argument => argument.value.from), ...(call.receiver?.from ?? [])];
    if (query.textParameter === undefined) return query.evidence === 'possible' ? [] : [{ query, from }];
    const argument = call.arguments[query.textParameter];
    if (!argument || spread) return [];
    const sql = sqlTextOf(argument, query.dialect);
    const passedOn = sql.hazards.some(hazard => hazard.wholeText);
    if (query.evidence === 'possible' && !passedOn && !isSql(sql.pieces)) return [];
    if (passedOn) return [{ query, sql, from }];
    const evidence = query.evidence === 'possible' ? 'sql-text' : query.evidence;
    const { operation, relation } = gistOf(sql.pieces, query.dialect);
    return [{ query: { ...query, evidence, operation, relation }, sql, from }];
  });
}

function behindCall(
  unit: UnitId,
  call: ObservedCall,
  { query, sql, from }: CalledQuery,
  around: CallConditions,
): SummaryQuery {
  const { textParameter: _, valuesParameter: __, ...rest } = query;
  const [hazard] = sql?.hazards ?? [];
  const text = hazard?.wholeText ? parametersIn(unit, hazard.from) : [];
  const values = query.valuesParameter === undefined ? undefined : call.arguments[query.valuesParameter];
  const [handedOn] = values && isWhole(values.value) ? parametersIn(unit, values.value.from) : [];
  return {
    ...rest,
    parameters: parametersIn(unit, from),
    ...(text.length === 1 ? { textParameter: text[0] } : {}),
    ...(text.length === 1 && handedOn !== undefined ? { valuesParameter: handedOn } : {}),
    conditions: {
      unlessGiven: [
        ...around.unlessGiven,
        ...query.conditions.unlessGiven.flatMap(given => handedOnBy(unit, call, given) ?? []),
      ],
      remembered: around.remembered || query.conditions.remembered,
    },
    callPath: [{ at: call.callee, says: `calls \`${labelOf(call)}\`` }, ...query.callPath],
  };
}

/** What the caller got itself and hands on. */
function handedOnBy(unit: UnitId, call: ObservedCall, { index, path }: GivenParameter): GivenParameter | undefined {
  const shape = call.arguments[index]?.value.shape;
  const parameter = shape && 'parameter' in shape ? shape.parameter : undefined;
  return parameter?.unit === unit ? { index: parameter.index, path: [...parameter.path, ...path] } : undefined;
}
