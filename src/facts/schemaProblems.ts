/** Where the SQL in the code and the schema of the project do not agree. */

import { nearest } from '../engine/nearest';
import { fileOf, type Place } from '../engine/place';
import type { Module } from '../program/model';
import type { SqlSpan } from '../sql/query';
import type { NamedColumn, NamedRange, NamedRelation, NamedValue, StatementNames } from '../sql/statementNames';
import { HOLE } from '../sql/tokens';
import { asGiven, type Given, refuses } from './changedTypes';
import type { Facts, QueryExecution, SqlFragment } from './facts';
import { type Gone, isGone, type KnownRelation, type KnownSchema } from './knownSchema';
import { columnsFor } from './modelNames';
import { type DeclaredModel, modelsIn } from './models';
import { rowReadsOf } from './rowReads';
import type { Setting } from './setting';
import { lastName, placeInText } from './sqlPlaces';
import { isSql, recoveredFrom } from './sqlTexts';
import { asSpelled, goneInBuilt, SYSTEM_COLUMNS, unknownInBuilder } from './unknownInBuilder';

/** A name in the code that the schema does not have. */
export interface SchemaProblem {
  /** What names it: `pool.query()`, the model `Order`. */
  readonly label: string;
  /** What to mark: the name. */
  readonly at: Place;
  readonly what: 'table' | 'column' | 'value';
  readonly name: string;
  /** The tables that the column would have to be of. */
  readonly tables: readonly string[];
  /** It was there, and a migration has dropped or renamed it. */
  readonly gone?: Gone;
  /** The nearest name that is there. */
  readonly nearest?: string;
  /** The stretch of the source that is the wrong name itself, as far as it stands there as it is. */
  readonly exact?: Place;
  /**
   * A model declares it, so that its statements name it; it is read from rows that no longer have it; or it is a constant that
   * the column takes no more.
   */
  readonly by?: 'model' | 'row' | 'value';
  /** What speaks against it: a name that nobody has written out, or a use that need not be one. */
  readonly sure?: 'likely' | 'possible';
  /** Where else the rows are read so. */
  readonly further?: readonly Place[];
}

/** What a migration takes away, with the code that names it still. */
export interface BrokenUse {
  readonly gone: Gone;
  readonly uses: readonly Pick<SchemaProblem, 'at' | 'label' | 'by' | 'sure'>[];
}

export interface SchemaProblemsInput {
  readonly setting: Setting;
  readonly module: Module;
  readonly queries: readonly QueryExecution[];
  /** Of these, whole statements that are prepared. */
  readonly fragments?: readonly SqlFragment[];
  readonly known: KnownSchema;
  readonly parser: Facts['parser'];
}

/** Of one file: what stands elsewhere is told where the call is. */
export function schemaProblemsIn(input: SchemaProblemsInput): readonly SchemaProblem[] {
  const { setting, queries, fragments = [], known, parser, module } = input;
  const file = module.top.id;
  const inQueries = queries.flatMap(query => [
    ...(query.sql
      ? problemsOf(query, known, parser, file)
      : [...goneInBuilder(query, known), ...unknownInBuilder(query, known)]),
    ...goneInRows(query, input),
    ...refusedIn(query, input),
  ]);
  // a text that is prepared and sent in one file is told with what sends it
  const placeOf = ({ at, name }: SchemaProblem): string =>
    `${fileOf(at.unit)}@${(setting.analysis.source(at.unit)?.start ?? 0) + at.start} ${name}`;
  const told = new Set(inQueries.map(placeOf));
  const prepared = fragments
    .flatMap(each => problemsOf(asPrepared(each), known, parser, file))
    .filter(problem => !told.has(placeOf(problem)));
  return [...prepared, ...inQueries, ...goneInModels(input)];
}

/** A whole statement that is prepared here and run elsewhere; what is a piece of one does not parse. */
export const asPrepared = <Fragment extends SqlFragment>(fragment: Fragment) => ({
  ...fragment,
  sql: { ...fragment.sql, complete: isSql(fragment.sql.pieces) },
  statement: fragment.sql,
});

/** A column or table that is gone, where a builder's calls name it. */
function goneInBuilder(query: QueryExecution, known: KnownSchema): readonly SchemaProblem[] {
  const { names = [], at, label } = query;
  const relation = tableOf(query, known);
  const answer = builtOn(query, known);
  const built = goneInBuilt(query, known);
  if (relation === undefined || !answer) return built;
  if (isGone(answer)) return [{ label, at, what: 'table', name: relation, tables: [], gone: answer }];
  const told = new Set(built.map(({ gone, name }) => (gone?.tableNow === answer.table?.name ? name : '')));
  const found = new Map<string, SchemaProblem>();
  for (const { name: written, qualifier, isOpen, at: named } of names) {
    const name = columnOf(written, query, answer, known);
    const gone = answer.gone.get(name);
    if (!gone || isOpen || (qualifier !== undefined && qualifier !== relation) || found.has(name)) continue;
    if (!told.has(name)) found.set(name, { label, at: named, what: 'column', name, tables: [relation], gone });
  }
  return [...built, ...found.values()];
}

/** A constant that the column takes no more, since a migration has changed its type. */
function refusedIn(query: QueryExecution, { known, parser, module }: SchemaProblemsInput): readonly SchemaProblem[] {
  if (!known.gone.some(({ type }) => type)) return [];
  const { label, sql, statement, dialect, names = [], bound = [], relation = '' } = query;
  const found = new Map<string, SchemaProblem>();
  const check = (answer: KnownRelation, table: string, column: string, value: Given, use: Use, at: Place): void => {
    for (const gone of answer.changed.get(column) ?? []) {
      const isRefused =
        gone.what === 'label'
          ? value.kind === 'untyped' &&
            value.text === gone.label &&
            !(gone.byCheck && (use === 'compared' || query.operation !== 'write'))
          : gone.type && refuses(gone.type, value, use) && !(gone.typeBefore && refuses(gone.typeBefore, value, use));
      const key = `${column} ${value.text}`;
      if (isRefused && !found.has(key))
        found.set(key, {
          label,
          at,
          what: 'value',
          name: value.text,
          tables: [table],
          gone,
          by: 'value',
          // a builder's call names what it writes and what it asks for alike
          ...(gone.byCheck && !sql ? { sure: 'possible' } : {}),
        });
    }
  };
  if (!sql) {
    const answer = builtOn(query, known);
    if (!answer || isGone(answer)) return [];
    const table = tableOf(query, known) ?? relation;
    for (const { name, qualifier, isOpen, values = [], at } of names)
      if (!isOpen && (qualifier === undefined || qualifier === relation))
        for (const value of values)
          check(answer, table, columnOf(name, query, answer, known), asGiven(value), 'written', at);
    return [...found.values()];
  }
  if (!sql.complete || !statement || dialect !== 'postgresql') return [];
  const text = recoveredFrom(sql.pieces);
  for (const { column, among, value, use, ...span } of parser(dialect)?.names?.(text)?.values ?? []) {
    const ranges = among.flat();
    const tables = ranges.map(range => relationOf(range, known));
    const having = tables.filter(table => !table?.isComplete || table.columns.has(column));
    const [answer] = having;
    const table = ranges[tables.indexOf(answer)]?.relation?.name;
    const constant = value.kind === 'parameter' ? bound[value.number - 1] : undefined;
    const given = value.kind === 'parameter' ? constant !== undefined && asGiven(constant) : givenIn(value);
    if (!answer || having.length !== 1 || table === undefined || !given) continue;
    const place = placeInText(sql, span);
    const own = place && fileOf(place.unit) === module.top.id ? place : query.at;
    check(answer, table, column, given, use, own);
  }
  return [...found.values()];
}

type Use = NamedValue['use'];

const givenIn = (value: Exclude<NamedValue['value'], { readonly kind: 'parameter' }>): Given =>
  value.kind === 'text' ? { kind: 'untyped', text: value.text } : value;

/** The table that a builder's statement is about. */
function builtOn(query: QueryExecution, known: KnownSchema) {
  const { callPath, sql } = query;
  const name = tableOf(query, known);
  if (sql || name === undefined || callPath.length > 0) return undefined;
  const answer = known.relation({ name });
  return answer === 'open' || answer === 'absent' ? undefined : answer;
}

/** Of a client that is made of a schema a call names the model. */
const tableOf = ({ relation, table, library }: QueryExecution, known: KnownSchema): string | undefined =>
  table ?? (relation !== undefined && library === CLIENT ? known.client(relation)?.table : undefined) ?? relation;

const CLIENT = 'npm:@prisma/client';

/** The column that such a call means; of a field that the schema has no more, what it may have been called. */
function columnOf(written: string, query: QueryExecution, answer: KnownRelation, known: KnownSchema): string {
  const { relation, library } = query;
  if (query.table !== undefined) return columnsFor(written, false).find(isLost(answer)) ?? written;
  const model = relation !== undefined && library === CLIENT ? known.client(relation) : undefined;
  if (!model) return written;
  const declared = model.columns.get(written);
  if (declared !== undefined) return declared;
  return columnsFor(written, false).find(name => answer.gone.has(name)) ?? written;
}

const isLost =
  ({ gone, lacks }: KnownRelation) =>
  (name: string): boolean =>
    gone.has(name) && lacks(name);

/** A column that is gone, where the code reads it from what `*` brings. */
function goneInRows(query: QueryExecution, { setting, known, parser, module }: SchemaProblemsInput): SchemaProblem[] {
  const gone = goneBehindStar(query, { setting, known, parser });
  if (gone.size === 0) return [];
  const file = module.top.id;
  const found = new Map<string, SchemaProblem>();
  for (const { column, at, source } of rowReadsOf(setting, query.call, new Set(gone.keys()))) {
    const was = gone.get(column);
    if (!was) continue;
    const known = found.get(column);
    const isHere = fileOf(at.unit) === file;
    if (known) found.set(column, { ...known, further: [...(known.further ?? []), at] });
    else
      found.set(column, {
        label: isHere ? source : query.label,
        at: isHere ? at : query.at,
        what: 'column',
        name: column,
        tables: [was.tableNow ?? was.table],
        gone: was,
        by: 'row',
        ...(isHere ? {} : { further: [at] }),
      });
  }
  return [...found.values()];
}

/** The columns that the rows of a query had for naming none, and have no more. */
function goneBehindStar(
  query: QueryExecution,
  { setting, known, parser }: Pick<SchemaProblemsInput, 'setting' | 'known' | 'parser'>,
): ReadonlyMap<string, Gone> {
  const { sql, statement, dialect, names = [], callPath, call } = query;
  if (callPath.length > 0) return NONE_GONE;
  if (!sql) {
    const answer = builtOn(query, known);
    if (!answer || isGone(answer) || !answer.isComplete || names.some(({ isOpen }) => isOpen)) return NONE_GONE;
    // what it names it may give as something else
    const written = setting.analysis.source(call.unit)?.text.slice(call.start, call.end) ?? '';
    return withoutOutputs(answer.gone, name => !namesWord(written, name));
  }
  if (!sql.complete || !statement) return NONE_GONE;
  const text = recoveredFrom(sql.pieces);
  const ranges = text.includes('*') ? (parser(dialect)?.names?.(text)?.stars ?? []) : [];
  const tables = ranges.map(range => relationOf(range, known));
  if (!tables.every(table => table?.isComplete)) return NONE_GONE;
  const found = new Map(tables.flatMap(table => [...(table?.gone ?? [])]));
  return withoutOutputs(found, name => !tables.some(table => table?.columns.has(name)) && !namesWord(text, name));
}

const namesWord = (text: string, word: string): boolean => new RegExp(`\\b${word}\\b`).test(text);

const NONE_GONE: ReadonlyMap<string, Gone> = new Map();

const withoutOutputs = (gone: ReadonlyMap<string, Gone>, isIn: (name: string) => boolean): ReadonlyMap<string, Gone> =>
  gone.size === 0 ? NONE_GONE : new Map([...gone].filter(([name]) => isIn(name)));

/** A table or a column that is gone, where a model declares it. */
function goneInModels({ setting, module, known }: SchemaProblemsInput): readonly SchemaProblem[] {
  return known.gone.length === 0 ? [] : goneInDeclared(modelsIn(setting, module), known);
}

/** One of an enumeration that several columns have is said once. */
export function goneInDeclared(models: readonly DeclaredModel[], known: KnownSchema): readonly SchemaProblem[] {
  const seen = new Set<string>();
  return models
    .flatMap(model => goneInModel(model, known))
    .filter(({ at, gone }) => {
      const key = `${at.unit} ${at.start} ${gone?.label ?? ''} ${gone?.column ?? ''}`;
      const isNew = !seen.has(key);
      seen.add(key);
      return isNew;
    });
}

export function goneInModel(model: DeclaredModel, known: KnownSchema): readonly SchemaProblem[] {
  const answers = model.tables
    .map(name => ({ name, answer: known.relation({ name }) }))
    .flatMap(({ name, answer }) => (answer === 'open' || answer === 'absent' ? [] : [{ name, answer }]));
  const there = answers.find(({ answer }) => !isGone(answer)) ?? answers[0];
  if (!there) return [];
  const { name: table, answer } = there;
  const label = `model ${model.label}`;
  const by = 'model';
  if (isGone(answer)) {
    const sure = model.isNamed && model.isTraced ? {} : ({ sure: 'likely' } as const);
    return [{ label, at: model.at, what: 'table', name: table, tables: [], gone: answer, by, ...sure }];
  }
  return model.columns.flatMap((column): SchemaProblem[] => {
    const there = column.names.find(name => answer.columns.has(name));
    if (there !== undefined)
      return answer.isComplete ? labelsGone(model, column, answer.changed.get(there) ?? [], table) : [];
    const name = column.names.find(each => answer.gone.has(each) && answer.lacks(each));
    const gone = name === undefined ? undefined : answer.gone.get(name);
    if (name === undefined || !gone) return [];
    // what the member may be called otherwise may be there where not all of the table is known
    const isGuess = !column.isNamed && (name !== column.member || !answer.isComplete);
    const isLikely = !model.isTraced || isGuess;
    const sure = model.isHint ? ({ sure: 'possible' } as const) : isLikely ? ({ sure: 'likely' } as const) : {};
    return [{ label, at: column.at, what: 'column', name, tables: [table], gone, by, ...sure }];
  });
}

/** A value that the column takes no more, where the model still says that it does. */
const labelsGone = (
  { label, isTraced }: DeclaredModel,
  { labels = [] }: DeclaredModel['columns'][number],
  changed: readonly Gone[],
  table: string,
): SchemaProblem[] =>
  changed.flatMap((gone): SchemaProblem[] => {
    const declared = gone.what === 'label' ? labels.find(each => each.label === gone.label) : undefined;
    if (!declared) return [];
    const { at, label: name } = declared;
    const sure = isTraced ? {} : ({ sure: 'likely' } as const);
    return [{ label: `model ${label}`, at, what: 'value', name, tables: [table], gone, by: 'model', ...sure }];
  });

function problemsOf(
  query: Pick<QueryExecution, 'sql' | 'dialect' | 'label' | 'at'> & { readonly statement?: unknown },
  known: KnownSchema,
  parser: Facts['parser'],
  file: string,
): readonly SchemaProblem[] {
  const { sql, statement, dialect, label } = query;
  if (!sql?.complete || !statement) return [];
  const text = recoveredFrom(sql.pieces);
  // a table that the text makes itself
  if (/\bcreate\s+(?:\w+\s+)*table\b/i.test(text)) return [];
  const names = parser(dialect)?.names?.(text);
  if (!names) return [];
  const found: SchemaProblem[] = [];
  const report: ReportName = (span, rest) => {
    const whole = placeInText(sql, span);
    const own = whole && fileOf(whole.unit) === file ? whole : undefined;
    const exact = own && placeInText(sql, lastName(text, span));
    found.push({ label, at: exact ?? own ?? query.at, ...rest, ...(exact ? { exact } : {}) });
  };
  missingNames(names, known, report);
  return found;
}

/** How a name is told that the schema does not have. */
export type ReportName = (span: SqlSpan, problem: Omit<SchemaProblem, 'label' | 'at' | 'exact'>) => void;

/**
 * Tells each table and column that a statement names and the schema does not have. Where most of the code may speak to another
 * database, a statement does that names tables nobody knows here, or several columns that a table does not have.
 */
export function missingNames(names: StatementNames, known: KnownSchema, report: ReportName): void {
  for (const relation of names.relations) {
    if (relation.name.includes(HOLE)) continue;
    const answer = known.relation(relation);
    if (answer === 'absent') {
      const near = nearest(relation.name, known.tables);
      report(relation, {
        what: 'table',
        name: relation.name,
        tables: [],
        ...(near === undefined ? {} : { nearest: near }),
      });
    } else if (answer !== 'open' && isGone(answer))
      report(relation, { what: 'table', name: relation.name, tables: [], gone: answer });
  }
  const missing = names.columns.flatMap(column => {
    const problem = column.name.includes(HOLE) ? undefined : missingColumn(column, known);
    return problem ? [{ column, problem }] : [];
  });
  const isOfAnother =
    known.isAboutAnother &&
    (names.relations.some(relation => known.relation(relation) === 'open') ||
      new Set(missing.map(({ column }) => column.name)).size > 1);
  for (const { column, problem } of missing)
    if (problem.gone || !isOfAnother) report(column, { what: 'column', name: column.name, ...problem });
}

/** What is to be said of a column that none of the tables has which it may be of; nothing where one may have it. */
function missingColumn(
  { name, among }: NamedColumn,
  known: KnownSchema,
): Pick<SchemaProblem, 'tables' | 'gone' | 'nearest'> | undefined {
  if (SYSTEM_COLUMNS.has(name)) return undefined;
  const tables: { readonly relation: NamedRelation; readonly answer: KnownRelation }[] = [];
  for (const ranges of among)
    for (const range of ranges) {
      const answer = relationOf(range, known);
      if (!answer?.lacks(name) || !range.relation) return undefined;
      tables.push({ relation: range.relation, answer });
    }
  if (tables.length === 0) return undefined;
  const gone = tables.flatMap(({ answer }) => answer.gone.get(name) ?? []);
  const columns = tables.flatMap(({ answer }) => [...answer.columns]);
  const near = asSpelled(nearest(name, columns), columns);
  return {
    tables: [...new Set(tables.map(({ relation }) => relation.name))],
    ...(gone[0] ? { gone: gone[0] } : near === undefined ? {} : { nearest: near }),
  };
}

function relationOf({ relation }: NamedRange, known: KnownSchema): KnownRelation | undefined {
  const answer = relation && !relation.name.includes(HOLE) ? known.relation(relation) : undefined;
  return answer === undefined || answer === 'open' || answer === 'absent' || isGone(answer) ? undefined : answer;
}
