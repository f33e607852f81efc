/** Where a file and the schema of the whole project do not agree, and who uses what a schema holds. */
import type { FileId } from '../engine/place';
import type { Facts, QueryExecution } from '../facts/facts';
import type { Gone, KnownSchema } from '../facts/knownSchema';
import { refreshesIn } from '../facts/refreshes';
import {
  type BrokenUse,
  type SchemaProblem,
  type SchemaProblemsInput,
  schemaProblemsIn,
} from '../facts/schemaProblems';
import { problemsInSqlFile } from '../facts/sqlFileProblems';
import { tableFiltersIn } from '../facts/tableFilters';
import { tiedWrites } from '../facts/tiedWrites';
import type { DatabaseUses } from './databaseUses';
import { pathKindOf } from './pathKind';
import type { ProjectSchema } from './projectSchema';

export interface AgainstSchema {
  /** Whether a review asks for it at all: all of the project has to be in reach. */
  isAsked(reach: number, only: ReadonlySet<string> | undefined): boolean;
  /**
   * @param facts  what was read of the file
   * @param code  absent for a file of SQL
   */
  againstSchema(
    file: FileId,
    facts: Facts,
    reach: number,
    only: ReadonlySet<string> | undefined,
    code: (Pick<SchemaProblemsInput, 'setting' | 'module'> & { readonly text: string }) | undefined,
  ): Promise<Pick<Facts, 'schemaProblems' | 'brokenUses' | 'tableFilters' | 'tiedWrites' | 'refreshes' | 'schema'>>;
  /** What the project's texts say of the views and functions that a file makes. */
  usesOf(
    scripts: Pick<Facts, 'schemaScripts' | 'schemaFiles'>,
    reach: number,
    only: ReadonlySet<string> | undefined,
  ): Promise<Pick<Facts, 'databaseUse'>>;
}

export interface AgainstSchemaOptions {
  readonly projectSchema: ProjectSchema;
  readonly databaseUses: DatabaseUses;
  readonly parser: Facts['parser'];
  /** Empty for a file that cannot be read. */
  textOf(file: FileId): Promise<string>;
  /** What a file names that the schema does not have, without a review of it. */
  problemsOf(file: FileId, text: string, known: KnownSchema): Promise<readonly SchemaProblem[]>;
  /** Brings the project's index up to date: it tells who calls what hands rows on. */
  readMentions(): Promise<void>;
}

/** The rules that ask what the schema of the whole project is. */
const AGAINST_SCHEMA: ReadonlySet<string> = new Set([
  'unknown-relation',
  'breaks-running-code',
  'missing-index',
  'non-sargable-filter',
  'stale-materialized-view',
  'mutable-event-log',
  'missing-transaction',
  'schema-drift',
]);

/** The rules that ask who uses what a schema holds. */
const BY_USE: ReadonlySet<string> = new Set(['stale-materialized-view', 'untested-database-function']);

export function againstSchemaOf(options: AgainstSchemaOptions): AgainstSchema {
  const { projectSchema, databaseUses, parser, textOf, problemsOf, readMentions } = options;
  const broken = new Map<
    FileId,
    { readonly known: KnownSchema; readonly text: string; readonly problems: readonly SchemaProblem[] }
  >();

  /** What of a file's SQL a migration has taken away. */
  async function goneIn(file: FileId, known: KnownSchema): Promise<readonly SchemaProblem[]> {
    const text = await textOf(file);
    const before = broken.get(file);
    if (before?.known === known && before.text === text) return before.problems;
    const problems = (await problemsOf(file, text, known)).filter(({ gone }) => gone);
    broken.set(file, { known, text, problems });
    return problems;
  }

  const isAsked: AgainstSchema['isAsked'] = (reach, only) =>
    reach === Number.POSITIVE_INFINITY && (!only || [...AGAINST_SCHEMA].some(rule => only.has(rule)));

  const againstSchema: AgainstSchema['againstSchema'] = async (file, facts, reach, only, code) => {
    const none = { schemaProblems: [], brokenUses: [], tableFilters: [], tiedWrites: [], refreshes: [] };
    if (!isAsked(reach, only)) return none;
    if (!facts.inMigration) {
      const { queryExecutions: queries, sqlQueries } = facts;
      const namesTables = ({ statement, relation }: QueryExecution): boolean =>
        statement !== undefined || relation !== undefined;
      const asks =
        sqlQueries.length > 0 ||
        facts.fragments.length > 0 ||
        queries.some(namesTables) ||
        (code !== undefined && (await projectSchema.isNamingGone(file, code.text)));
      if (!asks) return none;
      const known = await projectSchema.known();
      if (!known) return none;
      return {
        ...none,
        schema: known,
        ...(code
          ? {
              schemaProblems: schemaProblemsIn({ ...code, queries, fragments: facts.fragments, known, parser }),
              refreshes: refreshesIn(queries, code.setting, known),
            }
          : { schemaProblems: problemsInSqlFile(sqlQueries, known, parser) }),
        tiedWrites: tiedWrites(facts.transactions.maybeTied, known),
        tableFilters: tableFiltersIn(queries, sqlQueries, known, parser, file),
      };
    }
    if (pathKindOf(file) !== 'production') return none;
    const known = await projectSchema.known();
    const gone = known?.gone.filter(each => each.file === file) ?? [];
    if (!known || gone.length === 0) return none;
    const uses = new Map<Gone, BrokenUse['uses'][number][]>(gone.map(each => [each, []]));
    await readMentions();
    for (const user of await projectSchema.mayNameGone())
      for (const { gone: each, at, label, by, sure } of await goneIn(user, known))
        if (each) uses.get(each)?.push({ at, label, ...(by ? { by } : {}), ...(sure ? { sure } : {}) });
    return {
      ...none,
      brokenUses: [...uses].flatMap(([each, found]) => (found.length > 0 ? [{ gone: each, uses: found }] : [])),
    };
  };

  const usesOf: AgainstSchema['usesOf'] = async ({ schemaScripts, schemaFiles }, reach, only) => {
    if (reach !== Number.POSITIVE_INFINITY || (only && ![...BY_USE].some(rule => only.has(rule)))) return {};
    const makes = [...schemaScripts, ...schemaFiles].some(({ changes }) =>
      changes.some(({ operation: { kind } }) => kind === 'createMaterializedView' || kind === 'createFunction'),
    );
    return makes ? { databaseUse: await databaseUses.known() } : {};
  };

  return { isAsked, againstSchema, usesOf };
}
