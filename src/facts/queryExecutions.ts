/** The queries that a unit runs: its own calls, and calls of functions that run some. */
import { fileOf, type Place, type UnitId } from '../engine/place';
import type { ObservedCall, ObservedRead, UnitAnalysis } from '../program/analysis';
import { UNKNOWN } from '../program/lattice';
import { holesOf } from '../program/strings';
import { type CalledQuery, calledQueries, callsElsewhere } from './backendSummaries';
import { builderFiltersOf, openingOf } from './builderFilters';
import { builderNamesOf, constantsIn } from './builderNames';
import { builtStatementOf } from './builtStatements';
import { conditionsOf } from './conditions';
import { aliasedStatementOf } from './entityAliases';
import { type ErrorHandler, errorHandlersOf } from './errorHandlers';
import type { QueryExecution, QueryRepetition, SqlFragment, SqlText } from './facts';
import { listedRelationsIn } from './listedRecords';
import { modelOfClass } from './models';
import type { QueryCall } from './queryCall';
import { queryCallsOf } from './queryCalls';
import { labelOf } from './queryRows';
import { recordHandedTo, recordSources } from './records';
import { type Dependence, queryRepetition, resolverRepetition } from './repetitions';
import { type FieldResolver, resolverAround, resolversIn } from './resolvers';
import { rewriteOf } from './rewrites';
import { rowScopeOf } from './rowScope';
import type { Setting } from './setting';
import { handedWhole, isSql, sqlTextOf } from './sqlTexts';
import { togetherBehind, togetherOf } from './together';
import { type TransactionFacts, transactionFactsOf } from './transactions';
import { innerFunctionsIn } from './unitFunctions';

/** What one unit does, as far as it is found out without the rest of its file. */
export interface UnitFacts {
  readonly queryExecutions: readonly QueryExecution[];
  readonly fragments: readonly SqlFragment[];
  readonly looseTexts: readonly SqlText[];
  readonly errorHandlers: readonly ErrorHandler[];
  readonly transactions: TransactionFacts;
}

/** Facts of one unit, kept in the analysis' memory: an edit elsewhere leaves them alone. */
export function unitFactsOf(setting: Setting, unit: UnitId): UnitFacts {
  const { analysis, key } = setting;
  return analysis.remember(`facts ${key} ${unit}`, () => findFacts(setting, unit));
}

function findFacts(setting: Setting, unit: UnitId): UnitFacts {
  const analysed = setting.analysis.unit(unit);
  const queries = queryCallsOf(setting, unit);
  const queryExecutions: QueryExecution[] = [];
  const fragments: SqlFragment[] = [];
  const runsSome = queries.length > 0 || analysed.calls.some(callsElsewhere);
  const resolvers = runsSome ? resolversIn(setting, unit) : [];
  const resolverOf = (call: Place) => resolverAround(resolvers, call);
  for (const query of queries) {
    if (query.role === 'fragment') fragments.push(...fragmentOf(setting, unit, query));
    else queryExecutions.push(...ownExecution(setting, unit, query, resolverOf(query.call)));
  }
  const inner = innerFunctionsIn(setting, unit);
  const records = recordSources(setting.tables, analysed.calls);
  const isTold = ({ start, end }: Place) =>
    queries.some(({ steps, call }) => steps && call.start === start && call.end === end);
  for (const call of analysed.calls)
    if (callsElsewhere(call) && !isTold(call.at)) {
      const repetitions = inner.repeating(call.inLambda, call.repetitions);
      const behind = executionsBehind(setting, unit, { ...call, repetitions }, resolverOf(call.at));
      queryExecutions.push(
        ...(behind.length > 0 ? behind : ofHandedRecord(setting, unit, { ...call, repetitions }, records)),
      );
    }
  for (const read of analysed.reads) {
    const call = queries.some(query => isSame(query.call, read.at))
      ? undefined
      : getterCall(read, setting.analysis.source(unit)?.text.slice(read.at.start, read.at.end) ?? read.name);
    if (call)
      for (const each of executionsBehind(setting, unit, call, undefined))
        queryExecutions.push({ ...each, label: call.source });
  }
  queryExecutions.push(...listedRelationsIn(setting, unit));
  const taken = [...queryExecutions, ...fragments].flatMap(({ sql }) => (sql ? [sql] : []));
  return {
    queryExecutions: queryExecutions.sort((left, right) => left.call.start - right.call.start),
    fragments,
    looseTexts: looseTextsIn(setting, analysed, taken),
    errorHandlers: errorHandlersOf(setting, unit),
    transactions: transactionFactsOf(setting, unit),
  };
}

function ownExecution(
  setting: Setting,
  unit: UnitId,
  query: QueryCall,
  resolver: FieldResolver | undefined,
): readonly QueryExecution[] {
  const { operation, relation, sql, batchedBy, oneOfThese, loadedBy } = query;
  const told = toldAlike(setting, unit, query);
  if (!told) return [];
  const isRepeated = query.repetitions.length > 0 || resolver !== undefined;
  const together = isRepeated ? togetherOf(setting, unit, query) : undefined;
  return [
    {
      ...told,
      ...(together ? { together } : {}),
      operation,
      ...(relation === undefined ? {} : { relation }),
      ...(sql ? { sql } : {}),
      ...inProcess(setting, query.library),
      batched: query.batched || isGathered(query.gathered, query.repetitions, resolver),
      ...(batchedBy === undefined ? {} : { batchedBy }),
      ...(oneOfThese === undefined ? {} : { oneOfThese }),
      ...(loadedBy === undefined ? {} : { loadedBy }),
      repeatedBy: repeatedBy(setting, unit, query, dependenceOf(query), resolver),
      ...namesOf(setting, unit, query),
      ...boundIn(query),
      ...boundOf(query),
      ...scopeOf(setting, unit, query),
      ...(isRemembered(setting, unit, query) ? { remembered: true } : {}),
    },
  ];
}

type BuilderFacts = Pick<QueryExecution, 'names' | 'filters' | 'built' | 'table'>;

function namesOf(setting: Setting, unit: UnitId, query: QueryCall): BuilderFacts {
  const names = builderNamesOf(setting, unit, query);
  const built = builtStatementOf(setting, unit, query) ?? aliasedStatementOf(setting, unit, query);
  const filters = builderFiltersOf(setting, unit, query);
  const table = names.length > 0 ? handedTable(setting, unit, query) : undefined;
  return {
    ...(table === undefined ? {} : { table }),
    ...(names.length > 0 ? { names } : {}),
    ...(filters.length > 0 ? { filters } : {}),
    ...(built ? { built } : {}),
  };
}

/** The table of the model that a statement is about, where its columns are what the code hands over. */
function handedTable(setting: Setting, unit: UnitId, { chain }: QueryCall): string | undefined {
  const { calls } = setting.analysis.unit(unit);
  const first = calls.find(({ id, receiver }) => chain.includes(id) && receiver?.shape.kind === 'class');
  const shape = first?.receiver?.shape;
  const model = shape?.kind === 'class' ? modelOfClass(setting, shape.file, shape.name) : undefined;
  return model?.isHint && model.isNamed ? model.tables[0] : undefined;
}

/** Which of the values that are bound begin with a wildcard. */
function boundIn({ sql, values }: QueryCall): Pick<QueryExecution, 'wildcards'> {
  const holes = holesOf(sql?.pieces ?? []);
  const isOfTag = holes.length > 0 && holes.every(({ safety }) => safety === 'bound');
  const bound = isOfTag
    ? holes.map(({ value }) => value)
    : values?.shape.kind === 'list'
      ? (values.shape.items ?? [])
      : [];
  const wildcards = bound.flatMap((value, at) => (openingOf(value)?.startsWith('%') ? [at] : []));
  return wildcards.length > 0 ? { wildcards } : {};
}

function boundOf({ values }: QueryCall): Pick<QueryExecution, 'bound'> {
  const items = values?.shape.kind === 'list' ? (values.shape.items ?? []) : [];
  const bound = items.map(item => {
    const [only, ...more] = constantsIn(item);
    return more.length === 0 ? only : undefined;
  });
  return bound.some(each => each !== undefined) ? { bound } : {};
}

/** Which rows it is about, and the words that say why: of what writes, and of what reads many. */
function scopeOf(
  setting: Setting,
  unit: UnitId,
  query: QueryCall,
): Pick<QueryExecution, 'rows' | 'within' | 'comment'> {
  const rows = rowScopeOf(setting, unit, query);
  const text = setting.analysis.source(unit)?.text ?? '';
  const within = [unit.slice(fileOf(unit).length + 1).replace(/~\d+/g, ''), ...calledAt(text, query.inLambda)]
    .filter(Boolean)
    .join(' ');
  const comment = query.operation === 'write' ? commentAbove(text, query.call.start) : '';
  return { ...(rows ? { rows } : {}), ...(within ? { within } : {}), ...(comment ? { comment } : {}) };
}

/** What a function without a name is registered under: `socket.on('clearStatistics', …)`. */
function calledAt(text: string, lambda: Place | undefined): readonly string[] {
  if (!lambda) return [];
  const before = text.slice(Math.max(0, lambda.start - 160), lambda.start);
  const name = /\.\w+\(\s*(['"`])([\w\s:./-]+)\1\s*,[^;{}]*$/.exec(before)?.[2];
  return name === undefined ? [] : [name];
}

/** The comments in the three lines up to a place, and at the end of its own. */
function commentAbove(text: string, at: number): string {
  const lines = text.slice(0, at).split('\n').slice(-4);
  const rest = /^[^\n]*/.exec(text.slice(at))?.[0] ?? '';
  return [...lines, rest]
    .flatMap(line => /(?:\/\/|\/\*|^\s*\*|#)\s*(.*)$/.exec(line)?.[1] ?? [])
    .join(' ')
    .trim();
}

/** The loops around a call, innermost first, and the field resolver that they stand in. */
function repeatedBy(
  { analysis }: Setting,
  unit: UnitId,
  { call, repetitions }: Pick<QueryCall, 'call' | 'repetitions'>,
  dependence: Dependence,
  resolver: FieldResolver | undefined,
): readonly QueryRepetition[] {
  const loops = repetitions.map(repetition => queryRepetition(repetition, dependence));
  const source = resolver && analysis.source(unit);
  return source ? [...loops, resolverRepetition(resolver, source, call, dependence)] : loops;
}

/** Values that are written as a list are seen one by one. */
const dependenceOf = (query: QueryCall): Dependence => ({
  ...query,
  textFrom: textSources(query.sql),
  ...(query.takesList
    ? { sources: query.sources.map(source => /^\[([^[\],]*)\]$/.exec(source)?.[1]?.trim() ?? source) }
    : {}),
});

/** What a text as a whole comes from, where the code does not write it: a list of statements that are run one by one. */
const textSources = (sql: SqlText | undefined): Dependence['textFrom'] => sql && handedWhole(sql)?.from;

const isRemembered = (
  { analysis }: Setting,
  unit: UnitId,
  { call, repetitions }: { readonly call: Place; readonly repetitions: readonly unknown[] },
): boolean => {
  const source = repetitions.length > 0 ? analysis.source(unit) : undefined;
  return source !== undefined && conditionsOf(source, call).remembered;
};

/** What a fact says of a call that stands here, be it a whole statement or a piece of one; nothing of what only may be a query. */
function toldAlike(setting: Setting, unit: UnitId, query: QueryCall): Omit<SqlFragment, 'sql'> | undefined {
  const { evidence, at, call, label, library, dialect, placeholder } = query;
  if (evidence === 'possible') return undefined;
  const rewrite = rewriteOf(setting, unit, query);
  return {
    at,
    call,
    label,
    evidence,
    ...(library === undefined ? {} : { library }),
    dialect,
    ...(placeholder === undefined ? {} : { placeholder }),
    callPath: query.steps ?? [],
    ...(rewrite ? { rewrite } : {}),
  };
}

/** Whether the library's database runs inside the program. */
const inProcess = ({ tables }: Setting, library: string | undefined): Pick<QueryExecution, 'inProcess'> =>
  library !== undefined && tables.libraryOf(library)?.inProcess ? { inProcess: true } : {};

/** Callbacks of one call and resolvers of one level start in the same tick, turns of a loop do not. */
const isGathered = (gathered: boolean, [innermost]: QueryCall['repetitions'], resolver?: FieldResolver): boolean =>
  gathered && (innermost ? innermost.form === 'callback' : resolver !== undefined);

function fragmentOf(setting: Setting, unit: UnitId, query: QueryCall): readonly SqlFragment[] {
  const told = query.sql && toldAlike(setting, unit, query);
  return told && query.sql ? [{ ...told, sql: query.sql }] : [];
}

/**
 * A call of a function that runs queries: one execution where it is repeated, and one for each text that it writes for a
 * wrapper. What runs once and brings its own text is told where it stands.
 */
function executionsBehind(
  setting: Setting,
  unit: UnitId,
  call: ObservedCall,
  resolver: FieldResolver | undefined,
): readonly QueryExecution[] {
  const called = calledQueries(setting, call).filter(({ query }) => query.evidence !== 'possible');
  const written = called.filter(({ sql }) => sql !== undefined && !handedWhole(sql));
  const isRepeated = call.repetitions.length > 0 || resolver !== undefined;
  const repeated = isRepeated ? called.filter(each => !written.includes(each)) : [];
  const executions = repeated.map(each => behindExecution(setting, unit, call, each, resolver));
  const found = executions.find(runsPerItem) ?? executions[0];
  const writes = executions.some(({ operation }) => operation === 'write');
  const together = (executions.find(each => each.operation === 'write') ?? found)?.together;
  const telling = found && {
    ...withTogether(found, together),
    operation: writes ? ('write' as const) : found.operation,
    queriesBehind: executions.length,
  };
  return [
    ...written.map(each => behindExecution(setting, unit, call, each, resolver)),
    ...(telling && !written.some(each => runsPerItem(behindExecution(setting, unit, call, each, resolver)))
      ? [telling]
      : []),
  ];
}

const isSame = (left: Place, right: Place): boolean => left.start === right.start && left.end === right.end;

/** A property of a record that a method gives, read in a loop: a call of the method. */
function getterCall(
  { at, value, name, getter, repetitions, inLambda }: ObservedRead,
  text: string,
): ObservedCall | undefined {
  if (getter === undefined || repetitions.length === 0) return undefined;
  const span = { start: at.start, end: at.end };
  const object = { kind: 'name', name: text.slice(0, text.lastIndexOf('.')), ...span } as const;
  return {
    id: `${at.unit}@${at.start}-${at.end}`,
    at,
    callee: at,
    argumentsAt: at,
    form: 'call',
    target: { kind: 'unit', unit: getter },
    source: text,
    receiver: value,
    arguments: [],
    result: UNKNOWN,
    repetitions,
    awaited: false,
    use: { kind: 'other' },
    ...(inLambda ? { inLambda } : {}),
    node: {
      kind: 'call',
      callee: { kind: 'member', object, name, nameSpan: span, ...span },
      arguments: [],
      form: 'call',
      argumentsSpan: { start: at.end, end: at.end },
      ...span,
    },
  };
}

/** A record in a loop is handed to a function that runs a statement of the record's. */
function ofHandedRecord(
  setting: Setting,
  unit: UnitId,
  call: ObservedCall,
  records: ReturnType<typeof recordSources>,
): readonly QueryExecution[] {
  const found = call.repetitions.length > 0 ? recordHandedTo(setting, call, records) : undefined;
  if (!found) return [];
  const { library, row, query, from } = found;
  const dependence = { from, sources: call.arguments.map(({ source }) => source) };
  const operation: QueryExecution['operation'] = row.operation ?? 'unknown';
  const asked = { call: query.at, from, operation, library: library.package, chain: [query.id], repetitions: [] };
  const together = togetherOf(setting, query.at.unit, asked);
  return [
    {
      at: call.callee,
      call: call.at,
      label: labelOf(call),
      evidence: 'traced',
      library: library.package,
      dialect: library.dialect ?? setting.dialect,
      operation,
      batched: row.batched ?? false,
      repeatedBy: repeatedBy(setting, unit, { call: call.at, repetitions: call.repetitions }, dependence, undefined),
      callPath: [{ at: query.callee, says: 'the query' }],
      ...(together ? { together } : {}),
    },
  ];
}

function withTogether(execution: QueryExecution, together: QueryExecution['together']): QueryExecution {
  const { together: _, ...rest } = execution;
  return together ? { ...rest, together } : rest;
}

const runsPerItem = ({ repeatedBy }: QueryExecution): boolean => repeatedBy.some(each => each.runsPerItem);

function behindExecution(
  setting: Setting,
  unit: UnitId,
  call: ObservedCall,
  { query, sql, from, apartFrom: connectionFrom }: CalledQuery,
  resolver: FieldResolver | undefined,
): QueryExecution {
  const used = call.arguments.filter((_, index) => query.parameters.includes(index));
  const sources = used.map(argument => argument.source);
  const dependence = { from, sources, takesList: query.takesList, connectionFrom, textFrom: textSources(sql) };
  const handed =
    sql && query.textParameter !== undefined && query.valuesParameter !== undefined
      ? {
          id: call.id,
          sql,
          takes: { sql: query.textParameter, values: query.valuesParameter, valuesAs: { kind: 'list' as const } },
          chain: [call.id],
        }
      : undefined;
  const rewrite = handed && rewriteOf(setting, unit, { ...handed, repetitions: [] });
  const { operation, library } = query;
  const { at, repetitions } = call;
  const isRepeated = repetitions.length > 0 || resolver !== undefined;
  const together = !isRepeated
    ? undefined
    : handed
      ? togetherOf(setting, unit, { ...handed, call: at, from, operation, library, repetitions })
      : togetherBehind(setting, call, query);
  return {
    at: call.callee,
    call: call.at,
    label: labelOf(call),
    evidence: query.evidence === 'possible' ? 'sql-text' : query.evidence,
    ...(query.library === undefined ? {} : { library: query.library }),
    dialect: query.dialect,
    ...(query.placeholder === undefined ? {} : { placeholder: query.placeholder }),
    operation: query.operation,
    ...(query.relation === undefined ? {} : { relation: query.relation }),
    ...(sql ? { sql } : {}),
    ...inProcess(setting, query.library),
    batched: query.batched || isGathered(query.gathered, call.repetitions, resolver),
    repeatedBy: repeatedBy(setting, unit, { call: call.at, repetitions: call.repetitions }, dependence, resolver),
    ...(query.conditions.remembered || isRemembered(setting, unit, { call: call.at, repetitions: call.repetitions })
      ? { remembered: true }
      : {}),
    callPath: query.callPath,
    ...(rewrite ? { rewrite } : {}),
    ...(together ? { together } : {}),
  };
}

/** What shows or throws a text does not run it. */
const SHOWS =
  /^(?:console|logger?|debug|winston|bunyan|pino)\b|(?:^|\.)(?:log|debug|info|warn|error|trace|fatal|verbose)$|Error$/;

/** SQL with request input in it that no query call in sight takes. */
function looseTextsIn(setting: Setting, { texts, calls }: UnitAnalysis, taken: readonly SqlText[]): readonly SqlText[] {
  const known = new Set(taken.flatMap(({ hazards }) => hazards.map(({ at }) => `${at.unit}@${at.start}`)));
  const shown = calls
    .filter(call => SHOWS.test(call.source) || call.form === 'tagged')
    .flatMap(call => call.arguments.map(argument => argument.at));
  return texts.flatMap(({ at, value }): SqlText[] => {
    if (!value.from.some(source => source.kind === 'input')) return [];
    if (shown.some(each => each.start <= at.start && at.end <= each.end)) return [];
    const sql = sqlTextOf({ at, source: '', value }, setting.dialect);
    const hazards = sql.hazards.filter(
      hazard =>
        !hazard.wholeText &&
        hazard.from.some(source => source.kind === 'input') &&
        !known.has(`${hazard.at.unit}@${hazard.at.start}`),
    );
    return hazards.length > 0 && isSql(sql.pieces) ? [{ ...sql, hazards }] : [];
  });
}
