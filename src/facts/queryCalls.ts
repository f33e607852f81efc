/**
 * Which calls of a unit send a statement themselves: by the library that their receiver is traced to, by their text being
 * SQL, or, one level lower, by a distinctive method in a project that has its library.
 */

import type { Place, UnitId } from '../engine/place';
import { namesOf } from '../libraries/validate';
import type { FragmentRow, LibraryModel, QueryRow } from '../libraries/vocabulary';
import type { Analysis, ObservedArgument, ObservedCall, Repetition } from '../program/analysis';
import { textValue } from '../program/lattice';
import type { CallId, EntityName, Piece, Source, Value } from '../program/value';
import type { Dialect, PlaceholderStyle } from '../sql/dialect';
import type { Evidence, PathStep, SqlText } from './facts';
import { type InnerFunctions, innerFunctionsOf } from './innerFunctions';
import { type RelationRead, relationReadsIn } from './lazyRelations';
import { withPasted } from './pastedPlaceholders';
import { isPickedFrom } from './pickedItems';
import { cameLoaded, type LazyRead, lazyReadsIn, recordMethod, recordSources } from './records';
import type { LibraryTables, RowOf } from './semantics';
import { constantOf, gistOf, isSql, sqlTextOf } from './sqlTexts';
import { untracedStatements } from './untracedBuilders';

/** What the facts of a file are made from, beside its own code. */
export interface Setting {
  readonly analysis: Analysis;
  readonly tables: LibraryTables;
  /** Packages of the nearest manifest, `npm:pg`. */
  readonly dependencies: ReadonlySet<string>;
  /** What the folder's SQL is taken for where no library says it. */
  readonly dialect: Dialect;
  /** Tells answers of other settings apart in the analysis' memory. */
  readonly key: string;
}

/** How a call takes its SQL text and values, as argument indexes. */
export interface SqlArguments {
  readonly sql: number;
  readonly values?: number;
  /** Values are taken by the calls on what this gives, or nowhere. */
  readonly binds?: 'later' | 'never';
  /** Lists among the values are written out by the client. */
  readonly writesLists?: boolean;
  /** The text and the values may stand in these entries of the argument. */
  readonly entries?: { readonly sql: string; readonly values: string };
  readonly valuesAs: { readonly kind: 'list' | 'rest' } | { readonly kind: 'property'; readonly name: string };
}

/** A call, or a builder's chain of calls, that sends a statement; or hands raw SQL to one that is sent elsewhere. */
export interface QueryCall {
  /** The call that sends it; of a chain its last. */
  readonly id: CallId;
  readonly at: Place;
  readonly call: Place;
  readonly label: string;
  /**
   * `possible`: a method named like a query that gets a parameter as its text. Only a caller can tell whether it is SQL,
   * so it is no query by itself.
   */
  readonly evidence: Evidence | 'possible';
  readonly role: 'query' | 'fragment';
  readonly library?: string;
  readonly dialect: Dialect;
  readonly placeholder?: PlaceholderStyle;
  readonly operation: 'read' | 'write' | 'unknown';
  readonly relation?: string;
  readonly sql?: SqlText;
  /** The text of a tagged template whose holes are bound. */
  readonly template?: readonly Piece[];
  readonly takes?: SqlArguments;
  /** The bound values as they are handed over. */
  readonly values?: Value;
  readonly batched: boolean;
  readonly batchedBy?: string;
  /** How the library's filters say "one of these", where the call reads rows by a filter: `{ in: … }`. */
  readonly oneOfThese?: string;
  /** One of its values is a list: `= ANY($1)`, `IN (?)`. */
  readonly takesList: boolean;
  /** The library gathers equal calls of one tick into one statement. */
  readonly gathered: boolean;
  readonly repetitions: readonly Repetition[];
  /** What the name of its table depends on: another table is another statement. */
  readonly relationFrom: readonly Source[];
  /** What its connection depends on: another database takes a statement of its own. */
  readonly connectionFrom: readonly Source[];
  /** All that the statement depends on, and the expressions that it is written with. */
  readonly from: readonly Source[];
  readonly sources: readonly string[];
  readonly inLambda?: Place;
  /** Calls of the chain, in order; the call itself where there is none. */
  readonly chain: readonly CallId[];
  /** From the call down to what loads a relation, where that lies in a function that it calls. */
  readonly steps?: readonly PathStep[];
  /** What has the relation that it reads loaded with the records, and the call that declares that. */
  readonly loadedBy?: string;
  readonly by?: EntityName;
}

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

/** By the calls of a unit: all that is summed up of it asks. */
const INNER = new WeakMap<readonly ObservedCall[], { readonly unit: UnitId; readonly inner: InnerFunctions }>();

/** The functions inside a unit. */
export function innerFunctionsIn({ analysis, tables }: Setting, unit: UnitId): InnerFunctions {
  const { calls } = analysis.unit(unit);
  const known = INNER.get(calls);
  if (known?.unit === unit) return known.inner;
  const inner = innerFunctionsOf(unit, calls, tables);
  INNER.set(calls, { unit, inner });
  return inner;
}

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

export const isPresent = ({ dependencies }: Pick<Setting, 'dependencies'>, library: LibraryModel): boolean =>
  [library.package, ...(library.also ?? [])].some(name => dependencies.has(name));

/** A receiver that may be anything: what is known to be a list, a text or another library's is no database. */
const isOpen = ({ shape }: Value): boolean =>
  shape.kind === 'unknown' ||
  shape.kind === 'object' ||
  shape.kind === 'member' ||
  shape.kind === 'record' ||
  (shape.kind === 'oneOf' && shape.alternatives.some(isOpen));

/** The first row whose number of arguments fits. */
function rowFor(rows: readonly RowOf<QueryRow>[] | undefined, call: ObservedCall): RowOf<QueryRow> | undefined {
  return rows?.find(({ row: { arity, sql } }) => {
    const count = call.arguments.length;
    if (sql === 'template' && call.form !== 'tagged' && count === 0) return false;
    return arity === undefined || (arity[0] <= count && count <= arity[1]);
  });
}

function fromRow(setting: Setting, call: ObservedCall, found: RowOf<QueryRow>, evidence: Evidence): QueryCall {
  const { library, row } = found;
  const dialect = library.dialect ?? setting.dialect;
  const binds = row.sql === 'template' || (row.tag === true && call.form === 'tagged');
  const sqlIndex = typeof row.sql === 'number' && !binds ? row.sql : undefined;
  const sql =
    sqlIndex === undefined
      ? undefined
      : sqlArgument(withPastes(setting, call, sqlIndex, row, library), sqlIndex, row.sqlProperty, dialect);
  const template = !sql && call.form === 'tagged' && binds ? templateOf(call) : undefined;
  const text = sql?.pieces ?? template;
  const gist = text ? gistOf(text, dialect) : undefined;
  const relation = gist?.relation ?? relationOf(call, row);
  const base = basics(call, dialect);
  return {
    ...base,
    // a record that saves itself is what it saves; a builder holds what was put into it before
    ...(row.self || (found.onBuilder && evidence === 'manifest')
      ? {
          from: [...base.from, ...(call.receiver?.from ?? [])],
          sources: [call.source, ...base.sources],
          connectionFrom: [],
        }
      : {}),
    evidence,
    library: library.package,
    ...placeholderOf(row, library, dialect),
    operation: row.operation ?? gist?.operation ?? 'unknown',
    relationFrom: gist?.relationFrom ?? relationSources(call, row),
    ...(relation === undefined ? {} : { relation }),
    ...(sql ? { sql } : {}),
    ...(template ? { template } : {}),
    ...(sqlIndex === undefined ? {} : { takes: takesOf(row, sqlIndex), ...valuesAt(call, row.values) }),
    batched: row.batched ?? false,
    ...(row.batchedBy === undefined ? {} : { batchedBy: row.batchedBy }),
    ...readsMany(row, library.oneOfThese),
    gathered: row.gathered ?? false,
  };
}

/** The call with what its placeholders paste into the text that it takes. */
function withPastes(
  { analysis }: Setting,
  call: ObservedCall,
  sql: number,
  { values }: QueryRow,
  { pastes }: LibraryModel,
): ObservedCall {
  const argument = call.arguments[sql];
  if (!pastes || !argument || values === undefined) return call;
  const pasted = withPasted(argument, call.arguments[values], pastes, analysis);
  return pasted === argument ? call : { ...call, arguments: call.arguments.with(sql, pasted) };
}

/** The text of a tagged template, whose holes the tag binds. */
function templateOf(call: ObservedCall): readonly Piece[] | undefined {
  const shape = call.arguments[0]?.value.shape;
  return shape?.kind === 'text' ? shape.pieces : undefined;
}

/** Of a call that gives rows, or has a form that does. */
const readsMany = (
  { operation, returns, batchedBy }: QueryRow,
  oneOfThese: string | undefined,
): Pick<QueryCall, 'oneOfThese'> =>
  oneOfThese !== undefined && operation === 'read' && (returns === 'many' || batchedBy !== undefined)
    ? { oneOfThese }
    : {};

const takesOf = (row: QueryRow | FragmentRow, sql: number): SqlArguments => ({
  sql,
  ...(row.values === undefined
    ? { binds: 'valuesLater' in row && row.valuesLater ? ('later' as const) : ('never' as const) }
    : { values: row.values }),
  ...('writesLists' in row && row.writesLists ? { writesLists: true } : {}),
  ...('sqlProperty' in row && row.sqlProperty !== undefined && row.valuesProperty !== undefined
    ? { entries: { sql: row.sqlProperty, values: row.valuesProperty } }
    : {}),
  valuesAs:
    'valuesLater' in row && row.valuesLater
      ? { kind: 'rest' }
      : 'valuesOption' in row && row.valuesOption !== undefined
        ? { kind: 'property', name: row.valuesOption }
        : { kind: 'valuesRest' in row && row.valuesRest ? 'rest' : 'list' },
});

const valuesAt = (call: ObservedCall, index: number | undefined): { values?: Value } => {
  const argument = index === undefined ? undefined : call.arguments[index];
  return argument ? { values: argument.value } : {};
};

function placeholderOf(
  row: QueryRow | FragmentRow,
  library: LibraryModel,
  dialect: Dialect,
): { placeholder?: PlaceholderStyle } {
  const placeholder = row.placeholder ?? library.placeholder ?? DRIVERS[dialect];
  return placeholder === undefined ? {} : { placeholder };
}

/** How the usual drivers of a dialect write placeholders, for libraries that hand the text on as it is. */
const DRIVERS: Readonly<Record<Dialect, PlaceholderStyle | undefined>> = {
  postgresql: '$n',
  mysql: '?',
  mariadb: '?',
  sqlite: '?',
  transactsql: undefined,
};

/** What a query call and a fragment have in common, with nothing known of the statement. */
function basics(call: ObservedCall, dialect: Dialect): Omit<QueryCall, 'evidence'> {
  return {
    id: call.id,
    at: call.callee,
    call: call.at,
    label: labelOf(call),
    role: 'query',
    dialect,
    operation: 'unknown',
    batched: false,
    takesList: false,
    gathered: false,
    repetitions: call.repetitions,
    relationFrom: [],
    // which connection sends a statement does not make it another; which records are asked for does
    connectionFrom:
      call.receiver?.shape.kind === 'instance' && !isSetOfRecords(call.receiver) ? call.receiver.from : [],
    from: [...call.arguments.flatMap(argument => argument.value.from), ...setFrom(call)],
    sources: call.arguments.map(argument => argument.source),
    ...(call.inLambda ? { inLambda: call.inLambda } : {}),
    chain: [call.id],
  };
}

/** A set of records that belong to another: `author.books`. */
const isSetOfRecords = (value: Value | undefined): boolean =>
  value?.shape.kind === 'instance' && value.shape.holds !== undefined;

const setFrom = ({ receiver }: ObservedCall): readonly Source[] =>
  isSetOfRecords(receiver) ? (receiver?.from ?? []) : [];

/** `pool.query()`; of a long callee its beginning and its end: `orders.createQueryBuilder….getMany()`. */
export function labelOf({
  source,
  form,
  at,
  callee,
}: Pick<ObservedCall, 'source' | 'form'> & Partial<Pick<ObservedCall, 'at' | 'callee'>>): string {
  const line = source.replace(/\s+/g, ' ').replace(/ ?(\??\.) ?/g, '$1');
  const beginning = /^[\w$.]{1,30}(?=[.(])/.exec(line)?.[0] ?? '';
  const short = line.length <= 40 ? line : `${beginning}…${/\.[\w$]+$/.exec(line)?.[0] ?? ''}`;
  if (form === 'tagged') return `${short}\`…\``;
  // languages that have no word for it begin with the class
  const isNew = form === 'new' && !(at && at.start === callee?.start);
  return `${isNew ? 'new ' : ''}${short}()`;
}

/** The text that an argument holds, or the entry of an object of options that does. */
function sqlArgument(
  call: ObservedCall,
  index: number,
  property: string | undefined,
  dialect: Dialect,
  partial = false,
): SqlText | undefined {
  const argument = call.arguments[index];
  if (!argument || argument.spread) return undefined;
  const { shape } = argument.value;
  const node = call.node.arguments[index]?.value;
  // a tag that gives a statement and its values has bound them
  if (node?.kind === 'call' && node.form === 'tagged' && shape.kind === 'record') return undefined;
  if (shape.kind === 'record' && property !== undefined) {
    const value = shape.entries.get(property);
    return value ? sqlTextOf({ at: argument.at, source: argument.source, value }, dialect, partial) : undefined;
  }
  // an object, a builder or another library's value is no text of ours: `client.query(new Cursor(…))`
  const made = node?.kind === 'call' && (node.form === 'tagged' || node.form === 'new') && shape.kind !== 'text';
  if (!isTextual(argument.value) || made) return undefined;
  return sqlTextOf(argument, dialect, partial);
}

const isTextual = ({ shape }: Value): boolean =>
  shape.kind === 'text' || shape.kind === 'unknown' || (shape.kind === 'oneOf' && shape.alternatives.some(isTextual));

function relationOf(call: ObservedCall, row: QueryRow): string | undefined {
  if (typeof row.relation === 'number') {
    const argument = call.arguments[row.relation];
    if (!argument) return undefined;
    return constantOf(argument.value) ?? (/^[A-Z]\w*$/.test(argument.source) ? argument.source : undefined);
  }
  const path = call.source.replace(/\?\./g, '.').split('.');
  const owner = path.at(-2);
  if (row.relation === 'owner') return /^[A-Z]\w*$/.test(path.at(-3) ?? '') ? path.at(-3) : undefined;
  if (row.relation === 'property') return path.length >= 3 && /^\w+$/.test(owner ?? '') ? owner : undefined;
  if (row.relation === 'receiver') return /^[A-Z]\w*$/.test(owner ?? '') ? owner : undefined;
  return undefined;
}

const relationSources = (call: ObservedCall, { relation }: QueryRow): readonly Source[] =>
  typeof relation === 'number' ? (call.arguments[relation]?.value.from ?? []) : [];

function fragmentCalls(setting: Setting, call: ObservedCall): readonly QueryCall[] {
  const { target } = call;
  const traced = target.kind === 'library' ? setting.tables.fragments.get(target.name) : undefined;
  const distinctive =
    target.kind === 'method' && (!call.receiver || isOpen(call.receiver))
      ? (setting.tables.distinctiveFragments.get(target.name) ?? []).find(({ library }) => isPresent(setting, library))
      : undefined;
  const found = traced ?? distinctive;
  if (!found) return [];
  const { library, row } = found;
  const dialect = library.dialect ?? setting.dialect;
  const told = (sql: SqlText): QueryCall => ({
    ...basics(call, dialect),
    role: 'fragment',
    evidence: traced ? 'traced' : 'manifest',
    library: library.package,
    ...placeholderOf(row, library, dialect),
    sql,
    ...(row.named === undefined ? { takes: takesOf(row, row.sql) } : {}),
  });
  if (row.named !== undefined) {
    const names = namesOf(row.named);
    return call.arguments
      .filter(({ name }) => name !== undefined && names.includes(name))
      .flatMap(({ at, source, value }) =>
        textsIn(value).map(text => told(sqlTextOf({ at, source, value: text }, dialect, true))),
      );
  }
  const argument = call.arguments[row.sql];
  // `where({ id })` and `where(builder => …)` hand over no text
  if (!argument || !isTextual(argument.value) || (argument.value.shape.kind === 'unknown' && isFunction(argument)))
    return [];
  const sql = sqlArgument(call, row.sql, undefined, dialect, true);
  return sql ? [told(sql)] : [];
}

/**
 * A fragment that stands in a statement written around it, `` sql`… ORDER BY ${sql.raw(sort)}` ``: what it is there for tells
 * the statement, and it is no text that a caller has put together as a whole.
 */
function insideTemplate(fragment: QueryCall, calls: readonly ObservedCall[]): QueryCall {
  const { sql, at, call, dialect } = fragment;
  if (!sql?.hazards.some(({ wholeText }) => wholeText)) return fragment;
  for (const tagged of calls) {
    if (tagged.form !== 'tagged' || tagged.at.start > at.start || tagged.at.end < call.end) continue;
    const pieces = templateOf(tagged) ?? [];
    const holes = pieces.filter(piece => piece.kind === 'hole');
    const own = holes.find(hole => hole.at.start <= call.start && call.end <= hole.at.end);
    if (!own || !pieces.some(isWritten)) continue;
    const around = pieces.flatMap((piece): readonly Piece[] => {
      if (piece.kind !== 'hole') return [piece];
      return piece === own ? sql.pieces : [{ ...piece, safety: 'bound' }];
    });
    const hazards = sqlTextOf({ at: sql.at, source: '', value: textValue(around) }, dialect).hazards;
    return { ...fragment, sql: { ...sql, hazards } };
  }
  return fragment;
}

const isWritten = (piece: Piece): boolean => piece.kind === 'constant' && piece.value.trim() !== '';

/** The texts of a list or record that is written out. */
function textsIn({ shape }: Value): readonly Value[] {
  if (shape.kind === 'list') return (shape.items ?? [shape.each]).filter(isTextPut);
  return shape.kind === 'record' ? [...shape.entries.values()].filter(isTextPut) : [];
}

const isTextPut = ({ shape }: Value): boolean => shape.kind === 'text';

const isFunction = ({ source }: ObservedArgument): boolean => /=>|^(?:async\s+)?function\b/.test(source);

/** Methods and functions that are named for what they do with SQL. */
const QUERY_NAME =
  /^(?:\$?(?:query|execute|executemany|executescript|execute_\w+|exec_driver_sql|fetchrow|fetchval|fetch_\w+|run_query|run_sql|read_sql(?:_query)?|exec|run|all|get|each|raw|any|one|oneOrNone|none|many|manyOrNone|result|unsafe|iterate|pluck|batch|task|tx)|\$?(?:query|execute|exec|run)(?:Raw|Unsafe|Sql|SQL|Query|Statement|Async|One|All|Many|Row|Rows|First|Single|RawUnsafe)+|(?:raw|sql|db|select|fetch)(?:Query|Execute|Exec|Run|Sql|All|One|Rows|Many)|sequelizeQuery)$/;
/** What takes a text to show, check, keep or send it elsewhere. */
const NO_QUERY =
  /^(?:log|debug|info|warn|error|trace|fatal|verbose|silly|print|write|append|send|emit|notify|publish|post|put|push|reply|respond|say|render|format|parse|explain|describe|it|test|expect|assert|equal|deepEqual|mock|when|hash|encode|decode|compile|tokenize|highlight|copy|set|add|has|is|includes|match|replace|split|step|sleep)$|^(?:log|write|append|send|emit|publish|assert|expect|should|to[A-Z]|format|parse|build|create|make|render|track|report|record|validate|check|explain|mock|escape|quote|is[A-Z]|has[A-Z])|[lL]og(?:ger)?$/;

/** A call whose argument is SQL, or a parameter of which only the caller knows. */
function bySqlText(setting: Setting, call: ObservedCall, name: string): QueryCall | undefined {
  if (name === '' || NO_QUERY.test(name)) return undefined;
  const named = QUERY_NAME.test(name);
  const prepares = name === 'prepare';
  const dialect = setting.dialect;
  for (const [index, argument] of call.arguments.entries()) {
    if (argument.spread) break;
    const property = ['text', 'sql'].find(
      each => argument.value.shape.kind === 'record' && argument.value.shape.entries.has(each),
    );
    const sql =
      isTextual(argument.value) || property !== undefined ? sqlArgument(call, index, property, dialect) : undefined;
    if (!sql || !isSql(sql.pieces)) continue;
    // of a function that no name tells of, only what is waited for and gets nothing but the statement first
    if (!named && !prepares && !(call.awaited && index === 0)) return undefined;
    const gist = gistOf(sql.pieces, dialect);
    return {
      ...basics(call, dialect),
      role: prepares ? 'fragment' : 'query',
      evidence: 'sql-text',
      ...guessedPlaceholder(setting, sql),
      operation: gist.operation,
      relationFrom: gist.relationFrom,
      ...(gist.relation === undefined ? {} : { relation: gist.relation }),
      sql,
      takes: {
        sql: index,
        ...(isValues(call, index + 1) ? { values: index + 1 } : prepares ? { binds: 'never' } : {}),
        valuesAs: { kind: 'list' },
      },
      ...valuesAt(call, isValues(call, index + 1) ? index + 1 : undefined),
    };
  }
  if (!named) return undefined;
  const index = call.arguments.findIndex(argument => isParameter(argument.value));
  const argument = call.arguments[index];
  if (!argument || index > 1) return undefined;
  return {
    ...basics(call, dialect),
    evidence: 'possible',
    sql: sqlTextOf(argument, dialect),
    takes: { sql: index, ...(isValues(call, index + 1) ? { values: index + 1 } : {}), valuesAs: { kind: 'list' } },
    ...valuesAt(call, isValues(call, index + 1) ? index + 1 : undefined),
  };
}

/** A parameter itself, handed on as it came. */
const isParameter = ({ shape }: Value): boolean => {
  if (shape.kind === 'unknown') return shape.parameter?.path.length === 0;
  const [only, ...more] = shape.kind === 'text' ? shape.pieces : [];
  return only?.kind === 'hole' && more.length === 0 && isParameter(only.value);
};

const isValues = (call: ObservedCall, index: number): boolean => {
  const kind = call.node.arguments[index]?.value.kind;
  return kind !== undefined && kind !== 'lambda' && kind !== 'unit';
};

/** The style of the placeholders that stand in the text already, else of the one driver that the manifest has. */
function guessedPlaceholder(
  { tables, dependencies, dialect }: Setting,
  sql: SqlText,
): { placeholder?: PlaceholderStyle } {
  if (/\$\d/.test(sql.preview)) return { placeholder: '$n' };
  if (/[=(,<>]\s*\?/.test(sql.preview)) return { placeholder: '?' };
  const styles = new Set(
    [...dependencies].flatMap(name => {
      const library = tables.libraryOf(name);
      return library?.placeholder && (library.dialect ?? dialect) === dialect ? [library.placeholder] : [];
    }),
  );
  const [only, ...others] = styles;
  return only !== undefined && others.length === 0 ? { placeholder: only } : {};
}

/** Calls on one builder, in the order in which they are made. */
interface Chain {
  readonly calls: readonly ObservedCall[];
  /** Made in this unit, and not handed in. */
  readonly created: boolean;
  readonly executes: 'awaited' | 'called' | 'iterated';
  readonly ids: ReadonlySet<CallId>;
}

/** The builders of a unit, each with the calls on it: one expression, or several statements with a variable between. */
function chainsOf({ tables }: Setting, calls: readonly ObservedCall[]): readonly Chain[] {
  const executesOf = (value: Value | undefined): Chain['executes'] | undefined => {
    if (!value) return undefined;
    if (value.shape.kind === 'oneOf') return value.shape.alternatives.map(executesOf).find(each => each !== undefined);
    return value.shape.kind === 'instance' ? tables.builders.get(value.shape.of) : undefined;
  };
  const roots = new Map<CallId, CallId>();
  const chains = new Map<CallId, Pick<Chain, 'created' | 'executes'> & { readonly calls: ObservedCall[] }>();
  for (const call of [...calls].sort((left, right) => left.at.end - right.at.end)) {
    const onBuilder = executesOf(call.receiver);
    const executes = onBuilder ?? executesOf(call.result);
    if (!executes || call.target.kind !== 'library') continue;
    const before = onBuilder ? madeBy(call.receiver).map(id => roots.get(id) ?? id) : [];
    const root = before.find(id => chains.has(id)) ?? before[0] ?? call.id;
    const chain = chains.get(root) ?? { calls: [], created: !onBuilder, executes };
    chain.calls.push(call);
    chains.set(root, chain);
    roots.set(call.id, root);
  }
  return [...chains.entries()].map(([root, chain]) => ({
    ...chain,
    ids: new Set([root, ...chain.calls.map(call => call.id)]),
  }));
}

/** Builders of a write that stand as statements of their own, so that nobody can send them any more. */
export function unsentBuildersOf(setting: Setting, unit: UnitId): readonly ObservedCall[] {
  const { calls, awaits } = setting.analysis.unit(unit);
  return chainsOf(setting, calls).flatMap(chain => {
    const [first] = chain.calls;
    const last = chain.calls.at(-1);
    if (!first || !last || !chain.created || chain.executes === 'iterated' || last.use.kind !== 'discarded') return [];
    // all of it is one expression
    if (first.at.start < last.at.start || sentBy(chain, calls, awaits) || isSentAtLast(last)) return [];
    const writes = chain.calls.some(
      call =>
        call.target.kind === 'library' &&
        rowFor(setting.tables.queries.get(call.target.name), call)?.row.operation === 'write',
    );
    return writes ? [last] : [];
  });
}

/** What is asked to go out, or is handed the function that hears of it, does. */
const isSentAtLast = ({ source, node }: ObservedCall): boolean =>
  /\.exec(?:ute)?$/.test(source) ||
  node.arguments.some(({ value }) => value.kind === 'lambda' || value.kind === 'unit');

/** The calls that made a value, of a builder the ones that gave it. */
const madeBy = (value: Value | undefined): readonly CallId[] => {
  if (!value) return [];
  const { shape } = value;
  if (shape.kind === 'instance') return shape.by === undefined ? [] : [shape.by];
  if (shape.kind === 'oneOf') return shape.alternatives.flatMap(madeBy);
  if (shape.kind === 'list') return [...(shape.items ?? []), shape.each].flatMap(madeBy);
  return [];
};

/** Where a built statement goes out. */
interface Sending {
  readonly repetitions: readonly Repetition[];
  readonly last: ObservedCall;
}

/** Asking a built query for its result sends it. */
const ASKS = /^(?:then|catch|finally|asCallback|stream|pipe)$/;

/** A call of the chain that asks for rows, a loop over it, an item of it, or a list made of it by the language's own functions. */
function walkedBy(
  setting: Setting,
  unit: UnitId,
  chain: Chain,
  calls: readonly ObservedCall[],
  loops: readonly Repetition[],
): Sending | undefined {
  const last = chain.calls.at(-1);
  if (!last) return undefined;
  const asked = chain.calls.find(call => {
    const row = call.target.kind === 'library' ? rowFor(setting.tables.queries.get(call.target.name), call) : undefined;
    return row !== undefined && typeof row.row.sql !== 'number';
  });
  if (asked) return { last: asked, repetitions: asked.repetitions };
  const isIn = (value: Value | undefined): boolean => madeBy(value).some(id => chain.ids.has(id));
  // What has been walked once is kept: it is asked for as often as it is made.
  const repetitions = chain.calls[0]?.repetitions ?? [];
  if (loops.some(({ source }) => isIn(source?.value))) return { last, repetitions };
  const listed = calls.find(
    ({ id, target, arguments: args }) =>
      !chain.ids.has(id) && target.kind === 'library' && OWN.test(target.name) && args.some(({ value }) => isIn(value)),
  );
  return listed || isPickedFrom(setting, unit, last) ? { last, repetitions } : undefined;
}

/** What a language has without an import: `py:#list`. */
const OWN = /^\w+:#/;

function sentBy(
  chain: Chain,
  calls: readonly ObservedCall[],
  awaits: readonly { readonly value: Value; readonly repetitions: readonly Repetition[] }[],
): Sending | undefined {
  const last = chain.calls.at(-1);
  if (!last) return undefined;
  const awaited = chain.calls.find(call => call.awaited);
  if (awaited) return { last: awaited, repetitions: awaited.repetitions };
  // conditions that a loop adds to a builder make no query of each
  const made = (chain.created ? chain.calls[0] : last)?.repetitions ?? [];
  const isIn = (value: Value | undefined): boolean => madeBy(value).some(id => chain.ids.has(id));
  // in a variable, or among what `Promise.all` is given
  const waiting =
    awaits.find(({ value }) => isIn(value)) ??
    calls.find(call => call.awaited && !chain.ids.has(call.id) && isIn(call.result));
  if (waiting) return { last, repetitions: innermost(made, waiting.repetitions) };
  const asked = calls.find(call => {
    const member = call.target.kind === 'library' || call.target.kind === 'method' ? call.target.name : '';
    return ASKS.test(member.slice(member.lastIndexOf('.') + 1)) && isIn(call.receiver);
  });
  if (asked) return { last, repetitions: innermost(made, asked.repetitions) };
  if (!chain.created) return undefined;
  // what a builder says of itself is no builder: `query.toString()`
  const returned = chain.calls.find(call => call.use.kind === 'returned' && isIn(call.result));
  return returned && { last: returned, repetitions: returned.repetitions };
}

/** A query that is made in a loop is sent as often, wherever it is waited for. */
const innermost = (made: readonly Repetition[], waited: readonly Repetition[]): readonly Repetition[] =>
  made.length > waited.length ? made : waited;

function chainQuery(setting: Setting, chain: Chain, { last, repetitions }: Sending): QueryCall | undefined {
  const [first] = chain.calls;
  if (first?.target.kind !== 'library') return undefined;
  const library = setting.tables.libraryOf(first.target.name);
  if (!library) return undefined;
  const dialect = library.dialect ?? setting.dialect;
  const rows = chain.calls.flatMap(call => {
    const found =
      call.target.kind === 'library' ? rowFor(setting.tables.queries.get(call.target.name), call) : undefined;
    return found ? [{ call, found }] : [];
  });
  const raw = rows.find(({ found }) => found.row.sql !== undefined);
  if (raw) {
    // a piece of a statement that its maker returns: `` ids.map(id => sql`(${id})`) ``
    const template = raw.call.form === 'tagged' ? templateOf(raw.call) : undefined;
    if (template && !last.awaited && last.use.kind === 'returned' && !isSql(template)) return undefined;
    return { ...fromRow(setting, raw.call, raw.found, 'traced'), ...spanOf(chain, last, repetitions) };
  }
  const operation = rows.some(({ found }) => found.row.operation === 'write') ? 'write' : 'read';
  const relation = rows.map(({ call, found }) => relationOf(call, found.row)).find(name => name !== undefined);
  const batchedBy = rows.map(({ found }) => found.row.batchedBy).find(name => name !== undefined);
  return {
    ...basics(first, dialect),
    ...spanOf(chain, last, repetitions),
    at: first.at,
    label: chainLabel(first),
    evidence: 'traced',
    library: library.package,
    ...placeholderOf({ call: '' }, library, dialect),
    operation,
    relationFrom: rows.flatMap(({ call, found }) => relationSources(call, found.row)),
    ...(relation === undefined ? {} : { relation }),
    batched: rows.some(({ found }) => found.row.batched === true),
    ...(batchedBy === undefined ? {} : { batchedBy }),
  };
}

/** A call of a chain that sends what was built. */
const isSender = (setting: Setting, call: ObservedCall): boolean => {
  const found = call.target.kind === 'library' && rowFor(setting.tables.queries.get(call.target.name), call);
  return found ? found.row.executes !== 'awaited' : false;
};

/** The statement that a call of the chain sends, with what the calls before it put in. */
function calledQuery(setting: Setting, chain: Chain, call: ObservedCall): readonly QueryCall[] {
  const until = chain.calls.slice(0, chain.calls.indexOf(call) + 1);
  const parts = until.flatMap(each => {
    const found =
      each.target.kind === 'library' ? rowFor(setting.tables.queries.get(each.target.name), each) : undefined;
    return found ? [fromRow(setting, each, found, 'traced')] : [];
  });
  const own = parts.at(-1);
  if (!own) return [];
  const says = (operation: QueryCall['operation']) => parts.some(part => part.operation === operation);
  const relation = own.relation ?? parts.map(part => part.relation).find(name => name !== undefined);
  return [
    {
      ...own,
      ...spanOf({ ...chain, calls: until }, call, call.repetitions),
      connectionFrom: chain.created && until[0] ? basics(until[0], own.dialect).connectionFrom : [],
      operation: says('write') ? 'write' : says('read') ? 'read' : 'unknown',
      relationFrom: parts.flatMap(part => part.relationFrom),
      ...(relation === undefined ? {} : { relation }),
    },
  ];
}

/** What a chain as a whole is: from its first call to the one that sends it. */
const spanOf = (
  chain: Chain,
  last: ObservedCall,
  repetitions: readonly Repetition[],
): Pick<QueryCall, 'id' | 'call' | 'repetitions' | 'from' | 'sources' | 'chain'> => ({
  id: last.id,
  call: last.at,
  repetitions,
  from: chain.calls.flatMap((call, index) => [
    ...call.arguments.flatMap(argument => argument.value.from),
    ...(index === 0 ? setFrom(call) : []),
  ]),
  sources: chain.calls.flatMap(call => call.arguments.map(argument => argument.source)),
  chain: chain.calls.map(call => call.id),
});

/** `knex('orders')`, short enough to be read. */
function chainLabel(first: ObservedCall): string {
  const [argument] = first.arguments;
  const written = argument?.name === undefined ? argument?.source : `${argument.name}=${argument.source}`;
  const called = written !== undefined && first.arguments.length === 1 && written.length <= 30 ? written : '';
  return labelOf(first).replace(/\(\)$/, `(${called.replace(/\s+/g, ' ')})`);
}

/** `knex.raw(…)` that another call takes: a piece of its statement. */
function unsentRaw(setting: Setting, chain: Chain): QueryCall | undefined {
  for (const call of chain.calls) {
    const found =
      call.target.kind === 'library' ? rowFor(setting.tables.queries.get(call.target.name), call) : undefined;
    if (!found || typeof found.row.sql !== 'number') continue;
    const query = fromRow(setting, call, found, 'traced');
    return query.sql && { ...query, role: 'fragment', sql: { ...query.sql, complete: false } };
  }
  return undefined;
}
