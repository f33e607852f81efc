/**
 * Which calls of a unit send a statement themselves: by the library that their receiver is traced to, by their text being
 * SQL, or, one level lower, by a distinctive method in a project that has its library.
 */

import type { UnitId } from '../engine/place';
import type { LibraryModel, QueryRow } from '../libraries/vocabulary';
import type { ObservedCall } from '../program/analysis';
import type { CallId } from '../program/value';
import { type RelationRead, relationReadsIn } from './lazyRelations';
import type { QueryCall } from './queryCall';
import { calledQuery, chainQuery, chainsOf, isSender, sentBy, unsentRaw, walkedBy } from './queryChains';
import { fragmentCalls, insideTemplate } from './queryFragments';
import { fromRow, isOpen, rowFor } from './queryRows';
import { bySqlText } from './queryTexts';
import { cameLoaded, type LazyRead, lazyReadsIn, recordMethod, recordSources } from './records';
import { isPresent, type Setting } from './setting';
import { innerFunctionsIn } from './unitFunctions';
import { untracedStatements } from './untracedBuilders';

/** Every query call of a unit, kept in the analysis' memory. */
export function queryCallsOf(setting: Setting, unit: UnitId): readonly QueryCall[] {
  const { analysis, key } = setting;
  return analysis.remember(`query calls ${key} ${unit}`, () => findQueryCalls(setting, unit)) ?? [];
}

function findQueryCalls(setting: Setting, unit: UnitId): readonly QueryCall[] {
  const { calls, awaits, loops } = setting.analysis.unit(unit);
  const found: QueryCall[] = [];
  const chains = chainsOf(setting, calls);
  const untraced = untracedStatements(setting, calls);
  const inChain = new Set([...chains, ...untraced].flatMap(chain => chain.calls.map(call => call.id)));
  const records = recordSources(setting.tables, calls);
  for (const call of calls) {
    const query = inChain.has(call.id) ? undefined : queryCall(setting, call, records, calls);
    if (query) found.push(query);
    found.push(...fragmentCalls(setting, call).map(fragment => insideTemplate(fragment, calls)));
  }
  for (const chain of chains) {
    const senders = chain.calls.filter(call => isSender(setting, call));
    if (chain.executes === 'called') found.push(...senders.flatMap(call => calledQuery(setting, chain, call)));
    else {
      const [sender] = senders;
      const sent =
        chain.executes === 'iterated'
          ? walkedBy(setting, unit, chain, calls, [...loops.values()])
          : sender
            ? { last: sender, repetitions: sender.repetitions }
            : sentBy(chain, calls, awaits);
      const query = sent ? chainQuery(setting, chain, sent) : unsentRaw(setting, chain);
      if (query) found.push(query);
    }
  }
  for (const { calls: built, last } of untraced) {
    const chain = {
      calls: built,
      created: true,
      executes: 'awaited',
      ids: new Set(built.map(({ id }) => id)),
    } as const;
    const query = chainQuery(setting, chain, { last, repetitions: last.repetitions });
    if (query) found.push({ ...query, evidence: 'manifest' });
  }
  found.push(...lazyReadsIn(setting, unit).map(read => lazyQuery(setting, read)));
  for (const read of relationReadsIn(setting, unit)) {
    const query = relationQuery(setting, read);
    if (query && !found.some(({ call }) => call.start === query.call.start && call.end === query.call.end))
      found.push(query);
  }
  const inner = innerFunctionsIn(setting, unit);
  return found
    .map(query => ({ ...query, repetitions: inner.repeating(query.inLambda, query.repetitions) }))
    .map(withoutComposed)
    .map(query => ({ ...query, takesList: LIST_PARAMETER.test(query.sql?.preview ?? '') }))
    .sort((left, right) => left.call.start - right.call.start);
}

/** A parameter that takes a whole list. */
const LIST_PARAMETER =
  /\b(?:any|all|unnest)\s*\(\s*(?:\$\d|:\w|\?|%s|%\()|\bin\s*\(\s*(?:\?|:\w+|\$\{[^}]*\}\s*)\)|\bin\s+\?/i;

/** A statement goes in whole and its own values beside it: `(${part.sql})` with `...part.bindings`. */
function withoutComposed(query: QueryCall): QueryCall {
  if (!query.sql || query.sql.hazards.length === 0) return query;
  const isComposed = ({ source }: { readonly source: string }): boolean => {
    const part = /^([\w$.]+)\.(?:sql|text)$/.exec(source)?.[1];
    return part !== undefined && query.sources.some(each => VALUES_OF.some(name => each.includes(`${part}.${name}`)));
  };
  const hazards = query.sql.hazards.filter(hazard => !isComposed(hazard));
  return hazards.length === query.sql.hazards.length ? query : { ...query, sql: { ...query.sql, hazards } };
}

/** How a statement in two parts calls its second. */
const VALUES_OF = ['bindings', 'values', 'params', 'parameters'] as const;

/** A call that is a query by itself, whatever the chain around it. */
function queryCall(
  setting: Setting,
  call: ObservedCall,
  records: ReturnType<typeof recordSources>,
  calls: readonly ObservedCall[],
): QueryCall | undefined {
  const { target } = call;
  const isLoaded = (row: QueryRow): boolean => {
    const { callee } = call.node;
    const member = row.unlessLoaded && callee.kind === 'member' ? callee.object : undefined;
    return (
      member?.kind === 'member' && cameLoaded(setting.tables, calls, call.receiver?.from ?? [], member.name, call.at)
    );
  };
  if (target.kind === 'library') {
    const row = rowFor(setting.tables.queries.get(target.name), call);
    return row && row.row.executes !== 'awaited' && !isLoaded(row.row)
      ? fromRow(setting, call, row, 'traced')
      : undefined;
  }
  if (target.kind !== 'method' && target.kind !== 'unknown') return undefined;
  if (call.form !== 'call' || (call.receiver && !isOpen(call.receiver))) return undefined;
  const name = target.name ?? '';
  const record = recordMethod(setting.tables, call, records);
  if (record) return isLoaded(record.row) ? undefined : fromRow(setting, call, record, 'traced');
  const distinctive = (setting.tables.distinctive.get(name) ?? []).find(
    ({ library, row }) => isPresent(setting, library) && isDistinctiveOn(call, row.distinctive, library),
  );
  const bySql = bySqlText(setting, call, name);
  if (bySql && bySql.evidence === 'sql-text') return bySql;
  if (target.kind === 'method' && distinctive && !isGathered(setting, call, name) && !isLoaded(distinctive.row))
    return fromRow(setting, call, distinctive, 'manifest');
  return bySql;
}

/** `bulk.find(…).upsert().updateOne(…)`: what is sent later, with others. */
function isGathered({ tables }: Setting, { node: { callee } }: ObservedCall, name: string): boolean {
  const before = callee.kind === 'member' && callee.object.kind === 'call' ? callee.object.callee : undefined;
  return before?.kind === 'member' && tables.gatheredBehind.has(`${before.name} ${name}`);
}

function isDistinctiveOn(call: ObservedCall, on: QueryRow['distinctive'], { clientNames }: LibraryModel): boolean {
  if (on === 'on a model') return isModelLike(call);
  if (on !== 'on its client') return true;
  // the client, its member, the method
  const client = call.source
    .split('.')
    .at(-3)
    ?.replace(/[?!\s]+$/, '')
    .trim();
  return client !== undefined && clientNames?.includes(client) === true;
}

/** `User.findOne()`, `models.User.findOne()`: the receiver is written as people write a model. */
const isModelLike = ({ source }: ObservedCall): boolean => /(?:^|\.)[A-Z][a-z]\w*\??\.[\w$]+$/.test(source);

/** A relation that is awaited: the statement goes out where it is read. */
function lazyQuery(setting: Setting, { at, source, library, repetitions, from }: LazyRead): QueryCall {
  const dialect = library.dialect ?? setting.dialect;
  const id: CallId = `${at.unit}@${at.start}-${at.end}`;
  return {
    id,
    at,
    call: at,
    label: source,
    evidence: 'traced',
    role: 'query',
    library: library.package,
    dialect,
    operation: 'read',
    batched: false,
    takesList: false,
    gathered: false,
    repetitions,
    relationFrom: [],
    connectionFrom: [],
    from,
    sources: [source],
    chain: [id],
  };
}

/** A relation that a record loads when it is read: the statement goes out there, or in the function that is called. */
function relationQuery(setting: Setting, read: RelationRead): QueryCall | undefined {
  const { by, reversed } = read.relation;
  const library = setting.tables.libraryOf(by);
  if (!library) return undefined;
  const { call, inLambda, steps } = read;
  const declared = setting.tables.relations.get(by);
  const form = reversed ? declared?.reverse?.loadedBy : declared?.loadedBy;
  const loadedBy = form?.replace('…', pathOf(read)).replace('{class}', read.owner.class);
  return {
    ...lazyQuery(setting, { ...read, library }),
    call,
    id: `${call.unit}@${call.start}-${call.end}`,
    ...(inLambda ? { inLambda } : {}),
    ...(steps.length > 0 ? { steps } : {}),
    ...(loadedBy === undefined ? {} : { loadedBy, by }),
  };
}

/** `author__publisher` of `book.author.publisher`. */
function pathOf({ source, name, repetitions, steps }: RelationRead): string {
  const [root, ...members] = source.split('.');
  const isItem = repetitions.some(({ bindings }) => root !== undefined && bindings.includes(root));
  return isItem && steps.length === 0 && members.length > 1 && members.at(-1) === name ? members.join('__') : name;
}
