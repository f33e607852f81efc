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
import { acquisitionsOf } from './acquisitions';
import { madePerRequest } from './connectionsMade';
import type { Facts, Hazard, QueryExecution, SqlText } from './facts';
import { isToldHarmless } from './hazardWeights';
import { isCheckedOnEntry } from './inputChecks';
import { withProvenOpenings } from './openInput';
import { poolsIn } from './pools';
import { settledByCallers } from './privateCallers';
import type { Setting } from './queryCalls';
import { type UnitFacts, unitFactsOf } from './queryExecutions';
import { inputPathsIn } from './requestInput';
import type { SchemaScript } from './schemaScripts';
import { secretsInText, secretsOf } from './secrets';
import type { LibraryTables } from './semantics';
import { recoveredFrom } from './sqlTexts';
import { isRunInTransaction } from './transactionCalls';
import { trustByDeclaration } from './trustedNames';
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
  const { analysis, module, parser, migrations, schemaScripts, declaredTables, writer, pathKind } = input;
  const setting = settingOf(input);
  const units = [module.top.id, ...module.units.map(unit => unit.id)];
  const found = units.map(unit => unitFactsOf(setting, unit));
  const paths = inputPathsIn(setting);
  const isSettled = settledByCallers(setting, module);
  const proven = (sql: SqlText): SqlText =>
    withHazards(
      sql,
      sql.hazards
        .filter(hazard => hazard.wholeText || !isSettled(hazard))
        .map(hazard => paths.proven(hazard))
        .filter(hazard => !isUnlikely(hazard) && !(hazard.inputPath && isCheckedOnEntry(setting, hazard))),
    );
  const isUnlikely = (hazard: Hazard): boolean => {
    const trust = trustByDeclaration(analysis, hazard);
    if (hazard.inputPath) return trust === 'escaped-by-driver';
    return hazard.weight === 'unlikely' || isToldHarmless(trust, hazard.role, hazard.from);
  };
  const opened = withProvenOpenings(setting, units, paths);
  const queryExecutions = found
    .flatMap(each => each.queryExecutions)
    .map(query => (query.sql ? executionWith(query, query.sql, proven(query.sql), parser) : opened(query)));
  return {
    queryExecutions,
    fragments: found.flatMap(each => each.fragments).map(fragment => ({ ...fragment, sql: proven(fragment.sql) })),
    looseTexts: found.flatMap(each => each.looseTexts).map(proven),
    errorHandlers: found.flatMap(each => each.errorHandlers),
    acquisitions: units.flatMap(unit => acquisitionsOf(setting, unit).acquisitions),
    madePerRequest: madePerRequest(setting, units),
    pools: units.flatMap(unit => poolsIn(setting, unit)),
    wholeReads: wholeReadsIn(setting, module, queryExecutions),
    transactions: transactionsOf(setting, units, found),
    migrations,
    schemaScripts,
    schemaFiles: [],
    schemaProblems: [],
    brokenUses: [],
    inMigration: migrations.length > 0 || AMONG_MIGRATIONS.test(fileOf(module.top.id)),
    secrets: secretsOf(setting, module, units),
    ...(declaredTables ? { declaredTables } : {}),
    pathKind,
    parser,
    writer,
  };
}

const settingOf = ({
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

/** The queries of a file alone, with their statements. */
export function queriesIn(
  input: Pick<FactsInput, 'analysis' | 'module' | 'tables' | 'manifest' | 'dialect' | 'parser'>,
): readonly QueryExecution[] {
  const setting = settingOf(input);
  const units = [input.module.top.id, ...input.module.units.map(unit => unit.id)];
  return units
    .flatMap(unit => unitFactsOf(setting, unit).queryExecutions)
    .map(query => (query.sql ? executionWith(query, query.sql, query.sql, input.parser) : query));
}

/** A folder of migrations, or of what they share. */
const AMONG_MIGRATIONS = /(?:^|\/)(?:[\w-]*[-_])?(?:migrations?|alembic)\//i;

/** What the units hold; writes of a function that is only run inside a transaction need none of their own. */
function transactionsOf(
  setting: Setting,
  units: readonly UnitId[],
  found: readonly UnitFacts[],
): Facts['transactions'] {
  const dependentWrites = found.flatMap(({ transactions }) => transactions.dependentWrites);
  return {
    dependentWrites: dependentWrites.filter(({ unit }) => !isRunInTransaction(setting, units, unit)),
    openEnds: found.flatMap(({ transactions }) => transactions.openEnds),
    waits: found.flatMap(({ transactions }) => transactions.waits),
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
  schemaProblems: [],
  brokenUses: [],
  transactions: { dependentWrites: [], openEnds: [], waits: [] },
} as const satisfies Partial<Facts>;

/** Facts of a file without code: plain SQL. */
export const factsWithoutCode = ({
  file,
  text,
  ...known
}: Pick<FactsInput, 'migrations' | 'schemaScripts' | 'declaredTables' | 'parser' | 'writer' | 'pathKind'> & {
  readonly file: FileId;
  readonly text: string;
  readonly schemaFiles: readonly SchemaScript[];
}): Facts => ({
  ...NO_CODE,
  inMigration: known.migrations.length > 0 || known.schemaScripts.length > 0,
  // how to read the environment is a matter of code
  secrets: secretsInText(file, text, true).map(({ literal: _, ...secret }) => secret),
  ...known,
});

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

/** Answers under another dialect or manifest are other answers; packages without a table change nothing. */
const settingKey = (dialect: Dialect, manifest: ReadonlySet<string>, tables: LibraryTables): string =>
  `${dialect} ${[...manifest]
    .filter(name => tables.libraryOf(name) !== undefined)
    .sort()
    .join(',')}`;

/** What was put together last for a text or a query of a unit, so that the same comes out as the same object. */
const PROVEN = new WeakMap<SqlText, SqlText>();
const EXECUTIONS = new WeakMap<QueryExecution, QueryExecution>();
const STATEMENTS = new WeakMap<SqlText, { readonly parser: SqlParser; readonly statement: SqlQuery | undefined }>();

function withHazards(sql: SqlText, hazards: SqlText['hazards']): SqlText {
  if (hazards.length === sql.hazards.length && hazards.every((each, index) => each === sql.hazards[index])) return sql;
  const before = PROVEN.get(sql);
  if (before && equalByStructure(before.hazards, hazards)) return before;
  const now = { ...sql, hazards };
  PROVEN.set(sql, now);
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
  if (sql === query.sql && !statement) return query;
  const before = EXECUTIONS.get(query);
  if (before?.sql === sql && before.statement === statement) return before;
  const now = { ...query, sql, ...(statement ? { statement } : {}) };
  EXECUTIONS.set(query, now);
  return now;
}

function statementOf(sql: SqlText, parsers: FactsInput['parser']): SqlQuery | undefined {
  const parser = parsers(sql.dialect);
  if (!parser) return undefined;
  const known = STATEMENTS.get(sql);
  if (known?.parser === parser) return known.statement;
  const [only, ...more] = parser.read(recoveredFrom(sql.pieces));
  const statement = more.length === 0 ? only : undefined;
  STATEMENTS.set(sql, { parser, statement });
  return statement;
}
