/** From the analysis of a program to the facts of one file. */
import { type FileId, fileOf, type UnitId } from '../engine/place';
import type { PathKind } from '../engine/review';
import type { MigrationFact } from '../migrations/migration';
import type { Analysis } from '../program/analysis';
import { equalByStructure } from '../program/equality';
import type { Module } from '../program/model';
import type { CodeWriter } from '../program/writer';
import type { Dialect } from '../sql/dialect';
import type { SqlParser } from '../sql/parser';
import type { SqlQuery } from '../sql/query';
import { eachMadeOnce } from './connectionsMade';
import type { DependentWrites } from './dependentWrites';
import type { Facts, Hazard, QueryExecution, SqlText } from './facts';
import type { LibraryTables } from './libraryTables';
import { withProvenOpenings } from './openInput';
import { poolsOfFields } from './pools';
import { isHandedClosed, settledByCallers } from './privateCallers';
import { unitFactsOf } from './queryExecutions';
import { inputPathsIn } from './requestInput';
import { type ReviewedUnit, reviewedUnit, withHazards } from './reviewedUnits';
import type { SchemaScript } from './schemaScripts';
import { secretsInText, secretsOf } from './secrets';
import type { Setting } from './setting';
import { recoveredFrom } from './sqlTexts';
import { isRunInTransaction } from './transactionCalls';
import { wholeReadsIn } from './wholeReads';

export interface FactsInput {
  readonly analysis: Analysis;
  readonly module: Module;
  /** The tables whose `semantics` the analysis was given. */
  readonly tables: LibraryTables;
  /** Packages of the nearest manifest, `npm:pg`. */
  readonly manifest: ReadonlySet<string>;
  /** What the folder's SQL is taken for where no library says it. */
  readonly dialect: Dialect;
  /** The parser of a dialect as far as it is loaded. */
  readonly parser: (dialect: Dialect) => SqlParser | undefined;
  readonly migrations: readonly MigrationFact[];
  readonly schemaScripts: readonly SchemaScript[];
  readonly declaredTables?: Facts['declaredTables'];
  readonly writer: CodeWriter;
  readonly pathKind: PathKind;
}

/**
 * Facts of one file. What is found out about a unit is kept in the analysis' memory; only what needs the file as a whole
 * (paths of request input) or the parser is put together anew.
 */
export function factsOf(input: FactsInput): Facts {
  const { module, parser, migrations, schemaScripts, declaredTables, writer, pathKind } = input;
  const setting = settingOf(input);
  const units = [module.top.id, ...module.units.map(unit => unit.id)];
  const found = units.map(unit => reviewedUnit(setting, unit));
  const isSettled = settledByCallers(setting, module);
  const open = (sql: SqlText): SqlText =>
    withHazardsOf(sql, isSettled, hazard =>
      hazard.weight === 'likely' && isHandedClosed(setting, hazard) ? { ...hazard, weight: 'possible' } : hazard,
    );
  const opened = withProvenOpenings(setting, units, inputPathsIn(setting));
  const queryExecutions = gathered(found, each => each.queryExecutions).map(query =>
    query.sql ? executionWith(query, query.sql, open(query.sql), parser) : opened(query),
  );
  return {
    queryExecutions,
    fragments: gathered(found, each => each.fragments).map(fragment => ({ ...fragment, sql: open(fragment.sql) })),
    looseTexts: gathered(found, each => each.looseTexts).map(open),
    errorHandlers: gathered(found, each => each.errorHandlers),
    acquisitions: gathered(found, each => each.acquisitions),
    madePerRequest: eachMadeOnce(gathered(found, each => each.madePerRequest)),
    pools: [...gathered(found, each => each.pools), ...poolsOfFields(setting, module)],
    wholeReads: wholeReadsIn(setting, module, queryExecutions),
    transactions: transactionsOf(setting, units, found),
    migrations,
    schemaScripts,
    schemaFiles: [],
    schemaDrift: [],
    schemaProblems: [],
    refreshes: [],
    tableFilters: [],
    tiedWrites: [],
    sqlQueries: [],
    brokenUses: [],
    inMigration: migrations.length > 0 || AMONG_MIGRATIONS.test(fileOf(module.top.id)),
    secrets: secretsOf(
      setting,
      module,
      gathered(found, each => each.secretUses),
    ),
    ...(declaredTables ? { declaredTables } : {}),
    pathKind,
    parser,
    writer,
  };
}

export const settingOf = ({
  analysis,
  tables,
  manifest,
  dialect,
}: Pick<FactsInput, 'analysis' | 'tables' | 'manifest' | 'dialect'>): Setting => ({
  analysis,
  tables,
  dependencies: manifest,
  dialect,
  key: settingKey(dialect, manifest, tables),
});

/** The queries of a file alone, with their statements, and the pieces of SQL that builders are handed. */
export function queriesIn(
  input: Pick<FactsInput, 'analysis' | 'module' | 'tables' | 'manifest' | 'dialect' | 'parser'>,
): Pick<Facts, 'queryExecutions' | 'fragments'> {
  const setting = settingOf(input);
  const units = [input.module.top.id, ...input.module.units.map(unit => unit.id)].map(unit =>
    unitFactsOf(setting, unit),
  );
  return {
    queryExecutions: units
      .flatMap(({ queryExecutions }) => queryExecutions)
      .map(query => (query.sql ? executionWith(query, query.sql, query.sql, input.parser) : query)),
    fragments: units.flatMap(({ fragments }) => fragments),
  };
}

/** A folder of migrations, or of what they share. */
const AMONG_MIGRATIONS = /(?:^|\/)(?:[\w-]*[-_])?(?:migrations?|alembic)\//i;

/** What the units hold; writes of a function that is only run inside a transaction need none of their own. */
function transactionsOf(
  setting: Setting,
  units: readonly UnitId[],
  found: readonly ReviewedUnit[],
): Facts['transactions'] {
  const onItsOwn = ({ unit }: DependentWrites): boolean => !isRunInTransaction(setting, units, unit);
  return {
    dependentWrites: gathered(found, each => each.transactions.dependentWrites).filter(onItsOwn),
    maybeTied: gathered(found, each => each.transactions.maybeTied).filter(onItsOwn),
    openEnds: gathered(found, each => each.transactions.openEnds),
    waits: gathered(found, each => each.transactions.waits),
  };
}

/** What only code has. */
const NO_CODE = {
  queryExecutions: [],
  fragments: [],
  looseTexts: [],
  errorHandlers: [],
  acquisitions: [],
  madePerRequest: [],
  pools: [],
  wholeReads: [],
  schemaDrift: [],
  schemaProblems: [],
  refreshes: [],
  tableFilters: [],
  tiedWrites: [],
  sqlQueries: [],
  brokenUses: [],
  transactions: { dependentWrites: [], maybeTied: [], openEnds: [], waits: [] },
} as const satisfies Partial<Facts>;

/** Facts of a file in which there is nothing. */
export const factsOfNothing = (parser: FactsInput['parser'], writer: CodeWriter): Facts => ({
  ...NO_CODE,
  migrations: [],
  schemaScripts: [],
  schemaFiles: [],
  inMigration: false,
  secrets: [],
  pathKind: 'production',
  parser,
  writer,
});

/** Facts of a file without code: plain SQL. */
export const factsWithoutCode = ({
  file,
  text,
  migrations,
  schemaScripts,
  schemaFiles,
  sqlQueries = [],
  declaredTables,
  pathKind,
  parser,
  writer,
}: Pick<FactsInput, 'migrations' | 'schemaScripts' | 'declaredTables' | 'parser' | 'writer' | 'pathKind'> & {
  readonly file: FileId;
  readonly text: string;
  readonly schemaFiles: readonly SchemaScript[];
  readonly sqlQueries?: Facts['sqlQueries'];
}): Facts => {
  // one by one: so many properties behind a spread become a hash table, and each rule's look into it a search
  const facts = {
    queryExecutions: NO_CODE.queryExecutions,
    fragments: NO_CODE.fragments,
    looseTexts: NO_CODE.looseTexts,
    errorHandlers: NO_CODE.errorHandlers,
    acquisitions: NO_CODE.acquisitions,
    madePerRequest: NO_CODE.madePerRequest,
    pools: NO_CODE.pools,
    wholeReads: NO_CODE.wholeReads,
    schemaDrift: NO_CODE.schemaDrift,
    schemaProblems: NO_CODE.schemaProblems,
    refreshes: NO_CODE.refreshes,
    tableFilters: NO_CODE.tableFilters,
    tiedWrites: NO_CODE.tiedWrites,
    brokenUses: NO_CODE.brokenUses,
    transactions: NO_CODE.transactions,
    inMigration: migrations.length > 0 || schemaScripts.length > 0,
    // how to read the environment is a matter of code
    secrets: secretsInText(file, text, true).map(({ literal: _, ...secret }) => secret),
    migrations,
    schemaScripts,
    schemaFiles,
    sqlQueries,
    pathKind,
    parser,
    writer,
  };
  return declaredTables ? Object.assign(facts, { declaredTables }) : facts;
};

/** Facts of a file of code of which the text alone was looked at. */
export const factsOfText = ({
  file,
  text,
  ...known
}: Pick<FactsInput, 'parser' | 'writer' | 'pathKind'> & {
  readonly file: FileId;
  readonly text: string;
}): Facts => ({
  ...NO_CODE,
  migrations: [],
  schemaScripts: [],
  schemaFiles: [],
  inMigration: false,
  secrets: secretsInText(file, text),
  ...known,
});

/** Short names for what would be a list of packages in the key of every answer. */
interface SettingKeys {
  readonly byPackages: Map<string, number>;
  /** By the set that a manifest is: the same object for all files of a folder. */
  readonly byManifest: WeakMap<ReadonlySet<string>, number>;
}

const KEYS = new WeakMap<LibraryTables, SettingKeys>();

/** Answers under another dialect or manifest are other answers; packages without a table change nothing. */
function settingKey(dialect: Dialect, manifest: ReadonlySet<string>, tables: LibraryTables): string {
  const { byPackages, byManifest } = KEYS.get(tables) ?? { byPackages: new Map(), byManifest: new WeakMap() };
  KEYS.set(tables, { byPackages, byManifest });
  const known = byManifest.get(manifest);
  if (known !== undefined) return `${dialect} ${known}`;
  const packages = [...manifest]
    .filter(name => tables.libraryOf(name) !== undefined)
    .sort()
    .join(',');
  const number = byPackages.get(packages) ?? byPackages.size;
  byPackages.set(packages, number);
  byManifest.set(manifest, number);
  return `${dialect} ${number}`;
}

/** Of all units; most have none of most things. */
function gathered<T>(units: readonly ReviewedUnit[], of: (unit: ReviewedUnit) => readonly T[]): T[] {
  const all: T[] = [];
  for (const unit of units) {
    const some = of(unit);
    if (some.length > 0) all.push(...some);
  }
  return all;
}

/** What was put together last for a text or a query of a unit, so that the same comes out as the same object. */
const OPEN = new WeakMap<SqlText, SqlText>();
const EXECUTIONS = new WeakMap<QueryExecution, QueryExecution>();
/** By the pieces, which a text keeps when more is known of its hazards. */
const STATEMENTS = new WeakMap<
  SqlText['pieces'],
  { readonly parser: SqlParser; readonly statement: SqlQuery | undefined }
>();

/** Without the hazards that the rest of the file settles. */
function withHazardsOf(
  sql: SqlText,
  isSettled: (hazard: Hazard) => boolean,
  weighed: (hazard: Hazard) => Hazard,
): SqlText {
  if (sql.hazards.length === 0) return sql;
  const now = withHazards(sql, sql.hazards.filter(hazard => hazard.wholeText || !isSettled(hazard)).map(weighed));
  if (now === sql) return sql;
  const before = OPEN.get(sql);
  if (before && equalByStructure(before.hazards, now.hazards)) return before;
  OPEN.set(sql, now);
  return now;
}

/** The query with its proven text, and with its statement where the text is one. */
function executionWith(
  query: QueryExecution,
  written: SqlText,
  sql: SqlText,
  parser: FactsInput['parser'],
): QueryExecution {
  const statement = written.complete ? statementOf(written, parser) : undefined;
  if (sql === query.sql && statement === query.statement) return query;
  const before = EXECUTIONS.get(query);
  if (before?.sql === sql && before.statement === statement) return before;
  const now = { ...query, sql, ...(statement ? { statement } : {}) };
  EXECUTIONS.set(query, now);
  return now;
}

function statementOf(sql: SqlText, parsers: FactsInput['parser']): SqlQuery | undefined {
  const parser = parsers(sql.dialect);
  if (!parser) return undefined;
  const known = STATEMENTS.get(sql.pieces);
  if (known?.parser === parser) return known.statement;
  const [only, ...more] = parser.read(recoveredFrom(sql.pieces));
  const statement = more.length === 0 ? only : undefined;
  STATEMENTS.set(sql.pieces, { parser, statement });
  return statement;
}
