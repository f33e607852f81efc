/**
 * Who uses a column: the models, statements and builders that `breaks-running-code` asks what is gone, asked about a column that
 * is there. How sure a use is, is said with it.
 */
import { fileOf, type Place } from '../engine/place';
import type { Module } from '../program/model';
import { alternativesOf } from '../program/strings';
import type { SqlParser } from '../sql/parser';
import type { SqlSpan } from '../sql/query';
import type { NamedColumn, NamedRange, StatementNames } from '../sql/statementNames';
import { HOLE } from '../sql/tokens';
import type { BuilderName, Facts, QueryExecution, SqlFragment } from './facts';
import { isGone, type KnownSchema } from './knownSchema';
import { columnsFor, tablesFor } from './modelNames';
import { type DeclaredModel, modelsIn } from './models';
import { rowReadsOf } from './rowReads';
import type { Setting } from './setting';
import type { SqlFileQuery } from './sqlFiles';
import { placeInText } from './sqlPlaces';
import { recoveredFrom } from './sqlTexts';

/** A column by the names that the server has for it. */
export interface ColumnOfTable {
  readonly schema?: string;
  readonly table: string;
  readonly column: string;
}

export interface ColumnUse {
  readonly at: Place;
  /** What uses it: `pool.query()`, `model Order`, `order.coupon`. */
  readonly label: string;
  /** `star`: the rows come with it, since they come with all columns. */
  readonly by: 'statement' | 'builder' | 'model' | 'row' | 'star';
  readonly does: 'reads' | 'writes' | 'names' | 'declares';
  readonly sure: 'certain' | 'likely' | 'possible';
}

/** A statement about the table that cannot be read to its end. */
export interface UnreadStatement {
  readonly at: Place;
  readonly label: string;
}

export interface ColumnUses {
  readonly uses: readonly ColumnUse[];
  readonly unread: readonly UnreadStatement[];
}

/** A model that stands for the table, and what it calls the column. */
export interface ColumnModel {
  readonly label: string;
  readonly members: readonly string[];
  readonly isCertain: boolean;
}

type Known = KnownSchema | undefined;

/** The models of a file that stand for the table, each with the members that stand for the column. */
export function columnModelsIn(setting: Setting, module: Module, asked: ColumnOfTable, known: Known): ColumnModels {
  const models: ColumnModel[] = [];
  const uses: ColumnUse[] = [];
  for (const model of modelsIn(setting, module)) {
    if (tableOfModel(model, known) !== asked.table.toLowerCase()) continue;
    const columns = model.columns.filter(({ names }) => columnOfMember(names, asked, known) === lower(asked.column));
    const isCertain = model.isTraced && (model.isNamed || known !== undefined);
    models.push({ label: model.label, members: columns.map(({ member }) => member), isCertain });
    for (const { at, isNamed, member } of columns) {
      const isExact = isCertain && (isNamed || member === asked.column || known !== undefined);
      uses.push({
        at,
        label: `model ${model.label}`,
        by: 'model',
        does: 'declares',
        sure: model.isHint ? 'possible' : isExact ? 'certain' : 'likely',
      });
    }
  }
  return { models, uses };
}

export interface ColumnModels {
  readonly models: readonly ColumnModel[];
  readonly uses: readonly ColumnUse[];
}

const lower = (name: string): string => name.toLowerCase();

/** The likeliest table that is there; where nobody knows what is there, the likeliest name. */
function tableOfModel({ tables }: DeclaredModel, known: Known): string | undefined {
  const there = known && tables.find(name => isThere(known.relation({ name })));
  return lower(there ?? tables[0] ?? '');
}

const isThere = (answer: ReturnType<KnownSchema['relation']>): boolean =>
  answer !== 'open' && answer !== 'absent' && !isGone(answer);

function columnOfMember(names: readonly string[], { table }: ColumnOfTable, known: Known): string {
  const answer = known?.relation({ name: table });
  const columns = answer && answer !== 'open' && answer !== 'absent' && !isGone(answer) ? answer.columns : undefined;
  return lower(names.find(name => columns?.has(name)) ?? names[0] ?? '');
}

export interface ColumnUsesInput {
  readonly setting: Setting;
  readonly module: Module;
  readonly queries: readonly QueryExecution[];
  readonly fragments: readonly SqlFragment[];
  readonly parser: Facts['parser'];
  readonly known: Known;
  /** Of the whole project. */
  readonly models: readonly ColumnModel[];
}

/** What the queries of one file do with the column. */
export function columnUsesIn(input: ColumnUsesInput, asked: ColumnOfTable): ColumnUses {
  const uses: ColumnUse[] = [];
  const unread: UnreadStatement[] = [];
  for (const query of input.queries) {
    if (query.sql) inStatement(query, query.sql, input, asked, uses, unread);
    else inBuilder(query, input, asked, uses);
  }
  // of which statement a builder makes them a part is not followed
  for (const { at, label, sql } of input.fragments) {
    const text = recoveredFrom(sql.pieces);
    if (!namesWord(text, asked.column)) continue;
    const isQualified = new RegExp(`\\b${escaped(asked.table)}"?\\."?${escaped(asked.column)}\\b`, 'i').test(text);
    uses.push({ at, label, by: 'statement', does: 'names', sure: isQualified ? 'likely' : 'possible' });
  }
  return { uses, unread };
}

function inStatement(
  query: QueryExecution,
  sql: NonNullable<QueryExecution['sql']>,
  { setting, module, parser, known }: ColumnUsesInput,
  asked: ColumnOfTable,
  uses: ColumnUse[],
  unread: UnreadStatement[],
): void {
  const { label, at, callPath, dialect } = query;
  const text = recoveredFrom(sql.pieces);
  const file = module.top.id;
  if (!namesWord(text, asked.table)) {
    // a table whose name is put together
    if (!sql.complete && callPath.length === 0 && namesWord(text, asked.column))
      uses.push({ at, label, by: 'statement', does: 'names', sure: 'possible' });
    return;
  }
  const placeOf = (span: SqlSpan): Place | undefined => {
    const place = placeInText(sql, span);
    if (place && fileOf(place.unit) === file) return place;
    // what stands in a helper is told where the helper is
    return callPath.length === 0 ? at : undefined;
  };
  const read = namesOf(parser(dialect), text);
  if (!read) {
    if (callPath.length > 0) return;
    if (namesWord(text, asked.column))
      uses.push({ at, label, by: 'statement', does: 'names', sure: sql.complete ? 'likely' : 'possible' });
    else if (!sql.complete || alternativesOf(sql.pieces, 2).length > 1) unread.push({ at, label });
    else if (/\*|\binsert\s+into\s+[\w."`]+\s+values\b/i.test(text))
      uses.push({ at, label, by: 'star', does: 'names', sure: 'possible' });
    return;
  }
  const before = uses.length;
  for (const use of usesOfNames(read, asked, known)) {
    const place = placeOf(use.span);
    if (!place) continue;
    uses.push({ at: place, label, by: 'statement', does: use.does, sure: sql.complete ? use.sure : 'likely' });
  }
  if (callPath.length > 0) return;
  if (read.stars.some(range => isRange(range, asked))) inRows(query, new Set([asked.column]), setting, uses);
  const isOpen =
    !sql.complete ||
    read.columns.some(({ name }) => name.includes(HOLE)) ||
    (sql.pieces.some(({ kind }) => kind !== 'constant') && read.columns.length + read.stars.length === 0);
  if (uses.length === before && isOpen) unread.push({ at, label });
}

/** What is read of the rows that come with all columns; that they come with it, where nothing is seen to be read. */
function inRows(
  query: QueryExecution,
  columns: ReadonlySet<string>,
  setting: Setting,
  uses: ColumnUse[],
  sure: ColumnUse['sure'] = 'certain',
): void {
  const { at, label, call, operation } = query;
  const reads = rowReadsOf(setting, call, columns);
  for (const read of reads) uses.push({ at: read.at, label: read.source, by: 'row', does: 'reads', sure });
  if (reads.length === 0 && operation !== 'write')
    uses.push({ at, label, by: 'star', does: 'reads', sure: 'possible' });
}

function namesOf(parser: SqlParser | undefined, text: string): StatementNames | undefined {
  const names = parser?.names?.(text);
  return names && (names.relations.length > 0 || names.columns.length > 0) ? names : undefined;
}

interface NamedUse {
  readonly span: SqlSpan;
  readonly does: 'reads' | 'writes';
  readonly sure: ColumnUse['sure'];
}

function usesOfNames({ columns }: StatementNames, asked: ColumnOfTable, known: Known): readonly NamedUse[] {
  return columns.flatMap((column): NamedUse[] => {
    const sure = lower(column.name) === lower(asked.column) ? howSure(column, asked, known) : undefined;
    return sure ? [{ span: column, does: column.use === 'written' ? 'writes' : 'reads', sure }] : [];
  });
}

/** Of the things in FROM that a name may be a column of, the innermost that has it is meant. */
function howSure({ among }: NamedColumn, asked: ColumnOfTable, known: Known): ColumnUse['sure'] | undefined {
  let isOpen = false;
  for (const level of among) {
    const own = level.some(range => isRange(range, asked));
    const others = level.filter(range => !isRange(range, asked)).map(range => has(range, asked.column, known));
    if (others.includes('yes')) return own ? 'possible' : undefined;
    // two tables that have it would make the name ambiguous, which the server refuses: it is the one that is known to
    if (own) return isOpen ? 'possible' : 'certain';
    isOpen ||= others.includes('maybe');
  }
  return undefined;
}

function isRange({ relation }: NamedRange, { table, schema }: ColumnOfTable): boolean {
  return (
    relation !== undefined &&
    lower(relation.name) === lower(table) &&
    (schema === undefined || relation.schema === undefined || lower(relation.schema) === lower(schema))
  );
}

function has({ relation }: NamedRange, column: string, known: Known): 'yes' | 'no' | 'maybe' {
  if (!relation || relation.name.includes(HOLE)) return 'maybe';
  const answer = known?.relation(relation);
  if (answer === undefined || answer === 'open' || answer === 'absent' || isGone(answer)) return 'maybe';
  return answer.columns.has(column) ? 'yes' : answer.isComplete ? 'no' : 'maybe';
}

/** A builder's or an ORM's call, on the table by its name or by that of a model. */
function inBuilder(
  query: QueryExecution,
  { setting, models }: ColumnUsesInput,
  asked: ColumnOfTable,
  uses: ColumnUse[],
): void {
  const { relation, names = [], at, label, callPath, evidence, operation } = query;
  if (relation === undefined || callPath.length > 0) return;
  inJoined(query, asked, uses);
  const plain = relation.split('.').at(-1) ?? relation;
  const model = models.find(each => lower(each.label) === lower(plain));
  const isTable = lower(plain) === lower(asked.table);
  const isSpelt = !isTable && !model && tablesFor(plain).some(name => lower(name) === lower(asked.table));
  if (!isTable && !model && !isSpelt) return;
  const isSure = evidence !== 'manifest' && (isTable || model?.isCertain === true);
  const sureOf = (name: BuilderName): ColumnUse['sure'] | undefined => {
    const isColumn = lower(name.name) === lower(asked.column);
    const isMember = model?.members.includes(name.name) === true;
    const isSpeltSo = columnsFor(name.name, false).some(each => lower(each) === lower(asked.column));
    if (!isColumn && !isMember && !isSpeltSo) return undefined;
    if (name.qualifier !== undefined && lower(name.qualifier) !== lower(relation)) return undefined;
    if (name.isOpen) return 'possible';
    return isSure && (isColumn || isMember) ? 'certain' : 'likely';
  };
  const seen = new Set<string>();
  for (const name of names) {
    const sure = sureOf(name);
    const key = `${name.at.unit} ${name.at.start}`;
    if (!sure || seen.has(key)) continue;
    seen.add(key);
    uses.push({ at: name.at, label, by: 'builder', does: operation === 'write' ? 'names' : 'reads', sure });
  }
  if (operation === 'write') return;
  const members = new Set([asked.column, ...(model?.members ?? []), ...spellingsOf(asked.column)]);
  const reads = rowReadsOf(setting, query.call, members);
  for (const read of reads)
    uses.push({ at: read.at, label: read.source, by: 'row', does: 'reads', sure: isSure ? 'certain' : 'likely' });
  // where what it names are conditions, it asks for all columns
  const conditions = new Set(query.filters?.map(({ column }) => lower(column)));
  const asksForAll = model !== undefined || names.every(({ name }) => name === relation || conditions.has(lower(name)));
  if (reads.length === 0 && seen.size === 0 && asksForAll)
    uses.push({ at, label, by: 'star', does: 'reads', sure: 'possible' });
}

/** A column of another table than the statement is about, named with that table. */
function inJoined({ built, relation, label, evidence }: QueryExecution, asked: ColumnOfTable, uses: ColumnUse[]): void {
  if (!built || lower(relation ?? '') === lower(asked.table)) return;
  const aliases = new Set(
    built.ranges.flatMap(({ table, alias }) => (table && lower(table.name) === lower(asked.table) ? [alias] : [])),
  );
  for (const { name, qualifier, at } of built.columns)
    if (qualifier !== undefined && aliases.has(qualifier) && lower(name) === lower(asked.column))
      uses.push({ at, label, by: 'builder', does: 'reads', sure: evidence === 'manifest' ? 'likely' : 'certain' });
}

/** `coupon_code` and `couponCode`. */
const spellingsOf = (column: string): readonly string[] => [
  column.replace(/_+([a-z0-9])/gi, (_, letter: string) => letter.toUpperCase()),
];

/** What the statements of a SQL file do with the column. */
export function columnUsesInSql(
  queries: readonly SqlFileQuery[],
  parser: SqlParser | undefined,
  asked: ColumnOfTable,
  known: Known,
): readonly ColumnUse[] {
  return queries.flatMap(({ text, name, isView, placeOf, at }): ColumnUse[] => {
    if (!namesWord(text, asked.table)) return [];
    const label = isView ? 'view' : name === undefined ? 'statement' : `query ${name}`;
    const from = isView ? (/\bas\s+(?=select|with|\()/i.exec(text)?.index ?? 0) : 0;
    const body = isView ? ' '.repeat(from) + text.slice(from).replace(/^as/i, '  ') : text;
    const read = namesOf(parser, body);
    if (!read)
      return namesWord(text, asked.column) ? [{ at, label, by: 'statement', does: 'names', sure: 'likely' }] : [];
    const named = usesOfNames(read, asked, known).map(
      ({ span, does, sure }): ColumnUse => ({ at: placeOf(span), label, by: 'statement', does, sure }),
    );
    const isStar = named.length === 0 && read.stars.some(range => isRange(range, asked));
    return isStar ? [{ at, label, by: 'star', does: 'reads', sure: 'possible' }] : named;
  });
}

const escaped = (word: string): string => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

const namesWord = (text: string, word: string): boolean => new RegExp(`\\b${escaped(word)}\\b`, 'i').test(text);

/** Whether a text may speak of the table or the column, however it spells them: `orderLine` of `order_lines`. */
export function mayUseColumn({ table, column }: ColumnOfTable): (text: string) => boolean {
  const singular = table.replace(/ies$/i, 'y').replace(/([^s])s$/i, '$1');
  const stems = [...new Set([table, singular, singular.replace(/e$/i, ''), column.replace(/_id$/i, '')])];
  const any = new RegExp(stems.map(stem => stem.split('_').map(escaped).join('_?')).join('|'), 'i');
  return text => any.test(text);
}
