/** From the analysis of a program to the facts of one file. */
import type { MigrationFact } from '../migrations/migration';
import type { Analysis } from '../program/analysis';
import type { Module } from '../program/model';
import type { CodeWriter } from '../program/writer';
import type { Dialect } from '../sql/dialect';
import type { SqlParser } from '../sql/parser';
import type { SqlQuery } from '../sql/query';
import type { Facts, QueryExecution, SqlText } from './facts';
import { settledByCallers } from './privateCallers';
import type { Setting } from './queryCalls';
import { unitFactsOf } from './queryExecutions';
import { inputPathsIn } from './requestInput';
import type { LibraryTables } from './semantics';
import { recoveredFrom } from './sqlTexts';
import { trustedByDeclaration } from './trustedExpressions';

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
  readonly writer: CodeWriter;
}

/**
 * Facts of one file. What is found out about a unit is kept in the analysis' memory; only what needs the file as a whole
 * (paths of request input) or the parser is put together anew.
 */
export function factsOf(input: FactsInput): Facts {
  const { analysis, module, tables, manifest, dialect, parser, migrations, writer } = input;
  const setting: Setting = {
    analysis,
    tables,
    dependencies: manifest,
    dialect,
    key: settingKey(dialect, manifest, tables),
  };
  const units = [module.top.id, ...module.units.map(unit => unit.id)];
  const found = units.map(unit => unitFactsOf(setting, unit));
  const paths = inputPathsIn(setting, units);
  const isSettled = settledByCallers(setting, module);
  const proven = (sql: SqlText): SqlText => ({
    ...sql,
    hazards: sql.hazards
      .filter(hazard => hazard.wholeText || !isSettled(hazard))
      .filter(hazard => !trustedByDeclaration(analysis, hazard))
      .map(paths.proven),
  });
  return {
    queryExecutions: found
      .flatMap(each => each.queryExecutions)
      .map(query => withStatement(query.sql ? { ...query, sql: proven(query.sql) } : query, parser)),
    fragments: found.flatMap(each => each.fragments).map(fragment => ({ ...fragment, sql: proven(fragment.sql) })),
    looseTexts: found.flatMap(each => each.looseTexts).map(proven),
    migrations,
    parser,
    writer,
  };
}

/** Facts of a file without code: plain SQL. */
export const factsWithoutCode = ({
  migrations,
  parser,
  writer,
}: Pick<FactsInput, 'migrations' | 'parser' | 'writer'>): Facts => ({
  queryExecutions: [],
  fragments: [],
  looseTexts: [],
  migrations,
  parser,
  writer,
});

/** Answers under another dialect or manifest are other answers; packages without a table change nothing. */
const settingKey = (dialect: Dialect, manifest: ReadonlySet<string>, tables: LibraryTables): string =>
  `${dialect} ${[...manifest]
    .filter(name => tables.libraryOf(name) !== undefined)
    .sort()
    .join(',')}`;

function withStatement(query: QueryExecution, parser: FactsInput['parser']): QueryExecution {
  const statement = query.sql?.complete ? statementOf(query.sql, parser) : undefined;
  return statement ? { ...query, statement } : query;
}

function statementOf(sql: SqlText, parser: FactsInput['parser']): SqlQuery | undefined {
  const [only, ...more] = parser(sql.dialect)?.read(recoveredFrom(sql.pieces)) ?? [];
  return more.length === 0 ? only : undefined;
}
