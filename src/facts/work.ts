/**
 * What a unit does that can fail on the other side of a connection: its queries, its calls of other services, and its
 * calls of functions that do either. The rules about errors and transactions ask what of it stands where.
 */
import type { Place, UnitId } from '../engine/place';
import type { ExternalRow } from '../libraries/vocabulary';
import type { ObservedCall } from '../program/analysis';
import type { CallId, Source } from '../program/value';
import { calledQueries } from './backendSummaries';
import type { Evidence, PathStep } from './facts';
import type { QueryCall } from './queryCall';
import { queryCallsOf } from './queryCalls';
import { labelOf } from './queryRows';
import type { Setting } from './setting';
import { innerFunctionsIn } from './unitFunctions';

export interface Work {
  readonly id: CallId;
  /** The callee, the whole call. */
  readonly at: Place;
  readonly call: Place;
  readonly label: string;
  readonly kind: 'query' | ExternalRow['kind'];
  readonly evidence: Evidence;
  readonly operation: 'read' | 'write' | 'unknown';
  readonly relation?: string;
  /** Gives something back, or ends what has failed: ROLLBACK, an unlock. That it fails says nothing new. */
  readonly cleansUp: boolean;
  /** CREATE, ALTER, DROP: that it is there already, or not there, is an answer. */
  readonly definesSchema: boolean;
  readonly inLambda?: Place;
  /** All calls that it is made of: a builder's chain. */
  readonly chain: readonly CallId[];
  /** What it depends on. */
  readonly from: readonly Source[];
  /** It lies in a function that is called here. */
  readonly behind?: { readonly unit: UnitId; readonly path: readonly PathStep[] };
  readonly library?: string;
  readonly promises?: 'eager' | 'lazy';
  /** The first words of its statement. */
  readonly verb: string;
  readonly sources: readonly string[];
}

/** The work of a unit in source order, kept in the analysis' memory. */
export function workOf(setting: Setting, unit: UnitId): readonly Work[] {
  return setting.analysis.remember(`work ${setting.key} ${unit}`, () => findWork(setting, unit)) ?? [];
}

/** What a call of the unit does outside the process, itself or in what it calls. */
export interface ExternalBehind {
  readonly kind: ExternalRow['kind'];
  readonly path: readonly PathStep[];
}

const MAX_EXTERNAL = 4;
const MAX_PATH = 4;

/** Calls of other services that a call of the unit makes. */
export function externalBehind(setting: Setting, unit: UnitId): readonly ExternalBehind[] {
  return setting.analysis.remember(`external calls ${setting.key} ${unit}`, () => sumExternal(setting, unit)) ?? [];
}

function sumExternal(setting: Setting, unit: UnitId): readonly ExternalBehind[] {
  const inner = innerFunctionsIn(setting, unit);
  const found: ExternalBehind[] = [];
  for (const call of setting.analysis.unit(unit).calls) {
    if (found.length >= MAX_EXTERNAL || !inner.runs(call.inLambda)) continue;
    const row = externalRowOf(setting, call);
    if (row) found.push({ kind: row.kind, path: [{ at: call.callee, says: `\`${labelOf(call)}\` waits for it` }] });
    else if (call.target.kind === 'unit' && call.target.unit !== unit)
      for (const { kind, path } of externalBehind(setting, call.target.unit))
        if (path.length < MAX_PATH)
          found.push({ kind, path: [{ at: call.callee, says: `calls \`${labelOf(call)}\`` }, ...path] });
  }
  return found.slice(0, MAX_EXTERNAL);
}

/** What the tables say of a call that reaches out of the process. */
export function externalRowOf({ tables }: Setting, { target, arguments: args }: ObservedCall): ExternalRow | undefined {
  if (target.kind !== 'library') return undefined;
  return tables.external
    .get(target.name)
    ?.find(({ row: { arity } }) => arity === undefined || (arity[0] <= args.length && args.length <= arity[1]))?.row;
}

function findWork(setting: Setting, unit: UnitId): readonly Work[] {
  const work: Work[] = [];
  for (const query of queryCallsOf(setting, unit)) {
    if (query.role !== 'query' || query.evidence === 'possible') continue;
    work.push(queryWork(setting, query, query.evidence));
  }
  const known = new Set(work.flatMap(({ chain }) => chain));
  for (const call of setting.analysis.unit(unit).calls) {
    if (known.has(call.id)) continue;
    const external = externalRowOf(setting, call);
    if (external) work.push({ ...basics(call), kind: external.kind, operation: external.writes ? 'write' : 'unknown' });
    else if (call.target.kind === 'unit') work.push(...workBehind(setting, call, call.target.unit));
  }
  return work.sort((left, right) => left.call.start - right.call.start);
}

const basics = (
  call: ObservedCall,
): Pick<
  Work,
  | 'id'
  | 'at'
  | 'call'
  | 'label'
  | 'evidence'
  | 'cleansUp'
  | 'definesSchema'
  | 'inLambda'
  | 'chain'
  | 'from'
  | 'verb'
  | 'sources'
> => ({
  id: call.id,
  at: call.callee,
  call: call.at,
  label: labelOf(call),
  evidence: 'traced',
  cleansUp: false,
  definesSchema: false,
  ...(call.inLambda ? { inLambda: call.inLambda } : {}),
  chain: [call.id],
  from: call.arguments.flatMap(argument => argument.value.from),
  sources: call.arguments.map(argument => argument.source),
  verb: '',
});

function queryWork(setting: Setting, query: QueryCall, evidence: Evidence): Work {
  const verb = verbIn(query.sql?.preview);
  const promises = query.library === undefined ? undefined : setting.tables.libraryOf(query.library)?.promises;
  return {
    id: query.id,
    at: query.at,
    call: query.call,
    label: query.label,
    kind: 'query',
    evidence,
    operation: query.operation,
    ...(query.relation === undefined ? {} : { relation: query.relation }),
    cleansUp: CLEANS_UP.test(query.sql?.preview ?? ''),
    definesSchema: DEFINES.test(verb),
    ...(query.inLambda ? { inLambda: query.inLambda } : {}),
    chain: query.chain,
    from: query.from,
    sources: query.sources,
    ...(query.library === undefined ? {} : { library: query.library }),
    ...(promises ? { promises } : {}),
    verb,
  };
}

const verbIn = (preview: string | undefined): string => /^[\s(]*(\w+)/.exec(preview ?? '')?.[1]?.toUpperCase() ?? '';

const CLEANS_UP =
  /^\s*(?:ROLLBACK|ABORT|RELEASE\b|UNLISTEN|DEALLOCATE|DISCARD|RESET|CLOSE|KILL|SET|UNLOCK|PRAGMA|LISTEN|NOTIFY)\b|pg_advisory_unlock|RELEASE_LOCK|pg_terminate_backend|pg_cancel_backend|pg_notify/i;
const CLEANING_NAME =
  /^(?:rollback|abort|release|close|destroy|disconnect|clean|unlock|tear_?down|dispose|shut_?down|end|quit|kill|drop)/i;

/** A function that is named for giving back, ending or cleaning up. */
export const isCleanUp = (name: string): boolean => CLEANING_NAME.test(/[\w$]+$/.exec(name)?.[0] ?? '');

const DEFINES = /^(?:CREATE|ALTER|DROP|COMMENT|GRANT|REVOKE|TRUNCATE|VACUUM|ANALYZE|REINDEX|REFRESH)$/;

/** Queries and external calls in a function that is called: one piece of work, which writes when one of them does. */
function workBehind(setting: Setting, call: ObservedCall, unit: UnitId): readonly Work[] {
  const queries = calledQueries(setting, call).filter(({ query }) => query.evidence !== 'possible');
  const told = queries.find(({ query }) => query.operation === 'write') ?? queries[0];
  const external = externalBehind(setting, unit)[0];
  if (told && told.query.evidence !== 'possible')
    return [
      {
        ...basics(call),
        kind: 'query',
        evidence: told.query.evidence,
        operation: told.query.operation,
        ...(told.query.relation === undefined ? {} : { relation: told.query.relation }),
        cleansUp: CLEANS_UP.test(told.sql?.preview ?? '') || isCleanUp(call.source),
        definesSchema: DEFINES.test(verbIn(told.sql?.preview)),
        // of a function that hands a statement on, the statement tells
        verb: queries.length === 1 ? verbIn(told.sql?.preview) : '',
        behind: { unit, path: told.query.callPath },
      },
    ];
  return external
    ? [{ ...basics(call), kind: external.kind, operation: 'unknown', behind: { unit, path: external.path } }]
    : [];
}
