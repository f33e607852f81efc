/**
 * What a function does to databases when it is called: which queries it runs, itself or in what it calls, and which of its
 * parameters they depend on. Summed bottom-up over the call graph, through files; what is recursive settles because a
 * query is counted once wherever it stands.
 *
 * @see Sharir and Pnueli, Two approaches to interprocedural data flow analysis (1981): the functional approach
 */
import type { Place, UnitId } from '../engine/place';
import type { ObservedCall } from '../program/analysis';
import type { Expression, Function as FunctionNode, Pattern, Unit } from '../program/model';
import { namesUsed } from '../program/sites';
import { namesIn } from '../program/storage';
import { visitNodes } from '../program/traverse';
import type { Source, Value } from '../program/value';
import { lambdaId } from '../program/world';
import { ALWAYS, type CallConditions, conditionsOf, type GivenParameter, isGiven } from './conditions';
import type { PathStep, SqlText } from './facts';
import type { QueryCall } from './queryCall';
import { queryCallsOf } from './queryCalls';
import { labelOf } from './queryRows';
import type { Setting } from './setting';
import { gistOf, handedWhole, isSql, sqlTextOf } from './sqlTexts';
import { innerFunctionsIn } from './unitFunctions';

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
  /** Those of them that tell its table or its database, by index: with another one it is a statement of its own. */
  readonly apart: readonly number[];
  /** The parameter that is the statement's text, and the one with its values: a wrapper, whose callers write the SQL. */
  readonly textParameter?: number;
  /** The members of the parameter that lead to the text: `sql` of `run({ sql, values })`. */
  readonly textMember?: readonly string[];
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

/** What is called: a unit, or a function inside one that was given to others. */
interface Callee {
  readonly unit: UnitId;
  /** The owner of its parameters. */
  readonly owner: string;
  /** The function, where it is one inside the unit. */
  readonly lambda?: Place;
}

/** What a call calls that is not walked along with the caller; nothing where it is a library's, or not known. */
function calleeOf({ at, target }: Pick<ObservedCall, 'at' | 'target'>): Callee | undefined {
  if (target.kind === 'unit') return { unit: target.unit, owner: target.unit };
  if (target.kind !== 'lambda' || target.at.unit === at.unit) return undefined;
  return { unit: target.at.unit, owner: lambdaId(target.at), lambda: target.at };
}

/** Whether the call is of a function of the workspace whose queries stand there and not here. */
export const callsElsewhere = (call: Pick<ObservedCall, 'at' | 'target'>): boolean => calleeOf(call) !== undefined;

/** The queries that a call of the function runs; kept in the analysis' memory. */
function summaryOf(setting: Setting, callee: Callee): BackendSummary {
  const { analysis, key } = setting;
  // a function that is being summed further up the stack runs nothing yet
  return (
    analysis.remember<BackendSummary | undefined>(`backend summary ${key} ${callee.owner}`, () =>
      callee.lambda ? sumInside(setting, callee.unit, callee.lambda) : sum(setting, callee.unit),
    ) ?? NONE
  );
}

/** The part of a unit's queries that a function inside it runs, in terms of its own parameters. */
function sumInside(setting: Setting, unit: UnitId, lambda: Place): BackendSummary {
  const source = setting.analysis.source(unit);
  const inside = source && functionAt(source, lambda);
  if (!inside) return NONE;
  return sum(setting, unit, { at: lambda, owner: lambdaId(lambda), function: inside, unit: source });
}

/** A function inside a unit that is summed for itself. */
interface Inner {
  readonly at: Place;
  readonly owner: string;
  readonly function: FunctionNode;
  readonly unit: Unit;
}

function functionAt(unit: Unit, { start, end }: Place): FunctionNode | undefined {
  let found: FunctionNode | undefined;
  visitNodes(unit.function.body, node => {
    if (node.kind === 'lambda' && node.start === start && node.end === end) found = node.function;
    return found === undefined;
  });
  return found;
}

function sum(setting: Setting, unit: UnitId, of?: Inner): BackendSummary {
  const queries = new Map<string, SummaryQuery>();
  const add = (query: SummaryQuery) => {
    const last = query.callPath.at(-1)?.at;
    const place = last ? `${last.unit}@${last.start}` : '';
    if (queries.size < MAX_QUERIES && query.callPath.length <= MAX_PATH && !queries.has(place))
      queries.set(place, query);
  };
  const inner = innerFunctionsIn(setting, unit);
  const whole = setting.analysis.source(unit);
  const source = of ? { ...of.unit, function: of.function } : whole;
  const owner = of?.owner ?? unit;
  const conditions = (call: Place): CallConditions => (source ? conditionsOf(source, call) : ALWAYS);
  const runs = (call: Place, lambda: Place | undefined): boolean =>
    (!of || (of.at.start <= call.start && call.end <= of.at.end)) && inner.runs(lambda, of?.at);
  const dependence = (query: SummaryQuery, sources: readonly string[]): SummaryQuery =>
    of && query.parameters.length === 0 ? { ...query, parameters: parametersNamed(of, sources) } : query;
  for (const query of queryCallsOf(setting, unit))
    if (query.role === 'query' && runs(query.call, query.inLambda))
      add(dependence(ownQuery(owner, query, conditions(query.call)), query.sources));
  for (const call of setting.analysis.unit(unit).calls)
    if (callsElsewhere(call) && runs(call.at, call.inLambda)) {
      const queries = calledQueries(setting, call);
      const around = queries.length > 0 ? conditions(call.at) : ALWAYS;
      for (const query of queries) {
        const used = call.arguments.filter((_, index) => query.query.parameters.includes(index));
        add(
          dependence(
            behindCall(owner, call, query, around),
            used.map(argument => argument.source),
          ),
        );
      }
    }
  return queries.size === 0 ? NONE : { queries: [...queries.values()] };
}

/**
 * Parameters by the names that a statement is written with. A function inside a unit is walked with what it is called with
 * there, where it is called there, and then its values no longer say which of its parameters they were.
 */
function parametersNamed({ function: called }: Inner, sources: readonly string[]): readonly number[] {
  const reached = new Map<string, Set<number>>();
  called.parameters.forEach(({ target }, index) => {
    for (const name of namesIn(target)) reached.set(name, new Set([index]));
  });
  const note = (target: Pattern, value: Expression): void => {
    const from = namesUsed(value).flatMap(name => [...(reached.get(name) ?? [])]);
    if (from.length > 0)
      for (const name of namesIn(target)) reached.set(name, new Set([...(reached.get(name) ?? []), ...from]));
  };
  visitNodes(called.body, node => {
    if (node.kind === 'declare' && node.value) note(node.target, node.value);
    if (node.kind === 'assign') note(node.target, node.value);
    if (node.kind === 'loop' && node.item && node.source) note(node.item, node.source);
    return true;
  });
  const words = new Set(sources.flatMap(source => source.match(/(?<![\w$.])[\p{L}_$][\p{L}\p{N}_$]*/gu) ?? []));
  return [...new Set([...words].flatMap(word => [...(reached.get(word) ?? [])]))];
}

const parametersIn = (owner: string, sources: readonly Source[]): readonly number[] => [
  ...new Set(sources.flatMap(source => (source.kind === 'parameter' && source.unit === owner ? [source.index] : []))),
];

function ownQuery(owner: string, query: QueryCall, conditions: CallConditions): SummaryQuery {
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
  const whole = sql && handedWhole(sql);
  const text = whole ? parametersIn(owner, whole.from) : [];
  const [values] = valuesFrom(owner, query);
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
    parameters: parametersIn(owner, query.from),
    apart: parametersIn(owner, [...query.relationFrom, ...query.connectionFrom]),
    ...textIn(text, whole),
    ...(text.length === 1 && values !== undefined && !isInMember(whole) ? { valuesParameter: values } : {}),
    conditions,
    callPath: [{ at, says: evidence === 'possible' ? `\`${query.label}\` runs it` : 'the query' }],
  };
}

/** Where a wrapper takes its text: a parameter, or a member of one. */
const textIn = (
  [parameter, ...more]: readonly number[],
  whole: Whole | undefined,
): Pick<SummaryQuery, 'textParameter' | 'textMember'> => {
  if (parameter === undefined || more.length > 0) return {};
  return isInMember(whole) ? { textParameter: parameter, textMember: whole.member } : { textParameter: parameter };
};

type Whole = NonNullable<ReturnType<typeof handedWhole>>;

const isInMember = (whole: Whole | undefined): whole is Whole & { readonly member: readonly string[] } =>
  whole?.member !== undefined && whole.member.length > 0;

/** The parameter that is handed on as the bound values. */
const valuesFrom = (owner: string, query: QueryCall): readonly number[] =>
  query.values === undefined ? [] : parametersIn(owner, query.values.from).filter(() => isWhole(query.values));

const isWhole = (value: Value | undefined): boolean =>
  value !== undefined && value.from.length === 1 && (value.shape.kind === 'unknown' || value.shape.kind === 'list');

/** A query behind a call, in terms of the call's own arguments. */
export interface CalledQuery {
  readonly query: SummaryQuery;
  /** The text, where the callee is a wrapper and this call writes it. */
  readonly sql?: SqlText;
  readonly from: readonly Source[];
  /** What its table or its database depends on. */
  readonly apartFrom: readonly Source[];
}

/** What a call of a function of the workspace runs. A wrapper that gets no SQL runs nothing that is known. */
export function calledQueries(setting: Setting, call: ObservedCall): readonly CalledQuery[] {
  const callee = calleeOf(call);
  if (!callee) return [];
  const spread = call.arguments.some(argument => argument.spread);
  return summaryOf(setting, callee).queries.flatMap((query): CalledQuery[] => {
    if (!spread && isGiven(query.conditions.unlessGiven, call.arguments)) return [];
    const used = spread ? call.arguments : query.parameters.flatMap(index => call.arguments[index] ?? []);
    const from = [...used.flatMap(argument => argument.value.from), ...(call.receiver?.from ?? [])];
    const apartFrom = spread ? [] : query.apart.flatMap(index => call.arguments[index]?.value.from ?? []);
    if (query.textParameter === undefined) return query.evidence === 'possible' ? [] : [{ query, from, apartFrom }];
    const handed = call.arguments[query.textParameter];
    if (!handed || spread) return [];
    const argument = query.textMember
      ? { ...handed, value: setting.analysis.part(handed.value, query.textMember, handed.at) }
      : handed;
    const sql = sqlTextOf(argument, query.dialect);
    const passedOn = handedWhole(sql) !== undefined;
    if (query.evidence === 'possible' && !passedOn && !isSql(sql.pieces)) return [];
    if (passedOn) return [{ query, sql, from, apartFrom }];
    const evidence = query.evidence === 'possible' ? 'sql-text' : query.evidence;
    const { operation, relation, relationFrom } = gistOf(sql.pieces, query.dialect);
    return [
      { query: { ...query, evidence, operation, relation }, sql, from, apartFrom: [...apartFrom, ...relationFrom] },
    ];
  });
}

function behindCall(
  owner: string,
  call: ObservedCall,
  { query, sql, from, apartFrom }: CalledQuery,
  around: CallConditions,
): SummaryQuery {
  const { textParameter: _, textMember: __, valuesParameter: ___, ...rest } = query;
  const whole = sql && handedWhole(sql);
  const text = whole ? parametersIn(owner, whole.from) : [];
  const values = query.valuesParameter === undefined ? undefined : call.arguments[query.valuesParameter];
  const [handedOn] = values && isWhole(values.value) ? parametersIn(owner, values.value.from) : [];
  return {
    ...rest,
    parameters: parametersIn(owner, from),
    apart: parametersIn(owner, apartFrom),
    ...textIn(text, whole),
    ...(text.length === 1 && handedOn !== undefined && !isInMember(whole) ? { valuesParameter: handedOn } : {}),
    conditions: {
      unlessGiven: [
        ...around.unlessGiven,
        ...query.conditions.unlessGiven.flatMap(given => handedOnBy(owner, call, given) ?? []),
      ],
      remembered: around.remembered || query.conditions.remembered,
    },
    callPath: [{ at: call.callee, says: `calls \`${labelOf(call)}\`` }, ...query.callPath],
  };
}

/** What the caller got itself and hands on. */
function handedOnBy(owner: string, call: ObservedCall, { index, path }: GivenParameter): GivenParameter | undefined {
  const shape = call.arguments[index]?.value.shape;
  const parameter = shape && 'parameter' in shape ? shape.parameter : undefined;
  return parameter?.unit === owner ? { index: parameter.index, path: [...parameter.path, ...path] } : undefined;
}
