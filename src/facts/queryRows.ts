import type { FragmentRow, LibraryModel, QueryRow } from '../libraries/vocabulary';
import type { ObservedCall } from '../program/analysis';
import { textValue } from '../program/lattice';
import type { Source, Value } from '../program/value';
import type { Dialect, PlaceholderStyle } from '../sql/dialect';
import type { Evidence, SqlText } from './facts';
import type { RowOf } from './libraryTables';
import { withPasted } from './pastedPlaceholders';
import type { QueryCall, SqlArguments } from './queryCall';
import type { Setting } from './setting';
import { constantOf, gistOf, isSql, sqlTextOf } from './sqlTexts';
import { taggedPieces, templateOf } from './taggedPieces';

/** A receiver that may be anything: what is known to be a list, a text or another library's is no database. */
export const isOpen = ({ shape }: Value): boolean =>
  shape.kind === 'unknown' ||
  shape.kind === 'object' ||
  shape.kind === 'member' ||
  shape.kind === 'record' ||
  (shape.kind === 'oneOf' && shape.alternatives.some(isOpen));

/** The first row whose number of arguments fits. */
export function rowFor(rows: readonly RowOf<QueryRow>[] | undefined, call: ObservedCall): RowOf<QueryRow> | undefined {
  return rows?.find(({ row: { arity, sql } }) => {
    const count = call.arguments.length;
    if (sql === 'template' && call.form !== 'tagged' && count === 0) return false;
    return arity === undefined || (arity[0] <= count && count <= arity[1]);
  });
}

/** The query that a call is by its row: its text, or the table and operation that the row tells. */
export function fromRow(setting: Setting, call: ObservedCall, found: RowOf<QueryRow>, evidence: Evidence): QueryCall {
  const { library, row } = found;
  const dialect = library.dialect ?? setting.dialect;
  const binds = row.sql === 'template' || (row.tag === true && call.form === 'tagged');
  const sqlIndex = typeof row.sql === 'number' && !binds ? row.sql : undefined;
  const sql =
    sqlIndex === undefined
      ? undefined
      : sqlArgument(withPastes(setting, call, sqlIndex, row, library), sqlIndex, row.sqlProperty, dialect);
  const tagged = binds ? boundText(setting, call, dialect) : undefined;
  const text = sql ?? tagged;
  const gist = text ? gistOf(text.pieces, dialect) : undefined;
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
    ...(text ? { sql: text } : {}),
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

/** The statement of a tag that binds its holes, or the one that such a tag has made: `` $queryRaw(Prisma.sql`…`) ``. */
function boundText(setting: Setting, call: ObservedCall, dialect: Dialect): SqlText | undefined {
  const [argument] = call.arguments;
  const pieces = templateOf(call);
  if (!argument || !pieces || (call.form !== 'tagged' && !isSql(pieces))) return undefined;
  return { ...sqlTextOf({ ...argument, value: textValue(taggedPieces(setting, call, pieces)) }, dialect), hazards: [] };
}

/** Of a call that gives rows, or has a form that does. */
const readsMany = (
  { operation, returns, batchedBy }: QueryRow,
  oneOfThese: string | undefined,
): Pick<QueryCall, 'oneOfThese'> =>
  oneOfThese !== undefined && operation === 'read' && (returns === 'many' || batchedBy !== undefined)
    ? { oneOfThese }
    : {};

/** How a call takes its text, which stands at this index, and its values. */
export const takesOf = (row: QueryRow | FragmentRow, sql: number): SqlArguments => ({
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

/** The values that a call binds, if it is given any there. */
export const valuesAt = (call: ObservedCall, index: number | undefined): { values?: Value } => {
  const argument = index === undefined ? undefined : call.arguments[index];
  return argument ? { values: argument.value } : {};
};

/** How placeholders are written for a row, its library or, where neither says, the dialect. */
export function placeholderOf(
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
export function basics(call: ObservedCall, dialect: Dialect): Omit<QueryCall, 'evidence'> {
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

/** What a set of records that belong to another depends on: the other is part of what is asked. */
export const setFrom = ({ receiver }: ObservedCall): readonly Source[] =>
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
export function sqlArgument(
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

/** A value that may be a text. */
export const isTextual = ({ shape }: Value): boolean =>
  shape.kind === 'text' || shape.kind === 'unknown' || (shape.kind === 'oneOf' && shape.alternatives.some(isTextual));

/** The table that a call names, in the way that its row says. */
export function relationOf(call: ObservedCall, row: QueryRow): string | undefined {
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

/** What the name of the table depends on. */
export const relationSources = (call: ObservedCall, { relation }: QueryRow): readonly Source[] =>
  typeof relation === 'number' ? (call.arguments[relation]?.value.from ?? []) : [];
