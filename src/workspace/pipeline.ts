/** The reviewer of one project: text → model → facts → findings, with everything kept that an edit did not touch. */
import { posix } from 'node:path';
import type { Configuration } from '../engine/configuration';
import type { Notification } from '../engine/finding';
import { type FileId, type FileRange, fileOf, type Locate, type UnitId } from '../engine/place';
import { runRules } from '../engine/review';
import type { AnyRule } from '../engine/rule';
import { mentionsSuppression } from '../engine/suppression';
import type { Facts, QueryExecution } from '../facts/facts';
import { factsOf, factsOfText, factsWithoutCode, queriesIn, settingOf } from '../facts/factsOf';
import type { Gone, KnownSchema } from '../facts/knownSchema';
import type { DeclaredModel } from '../facts/models';
import { modelsOfPrisma } from '../facts/prismaModels';
import { refreshesIn } from '../facts/refreshes';
import { driftIn } from '../facts/schemaDrift';
import {
  type BrokenUse,
  goneInDeclared,
  type SchemaProblem,
  type SchemaProblemsInput,
  schemaProblemsIn,
} from '../facts/schemaProblems';
import { type LibraryTables, tablesOf } from '../facts/semantics';
import { problemsInSqlFile } from '../facts/sqlFileProblems';
import { mayHoldQueries, type SqlFileQuery, sqlQueriesIn } from '../facts/sqlFiles';
import { tableFiltersIn } from '../facts/tableFilters';
import { tiedWrites } from '../facts/tiedWrites';
import type { FrontEnd } from '../languages/frontEnd';
import { grammarFor } from '../languages/frontEnd';
import { libraries as shippedLibraries } from '../libraries/all';
import type { LibraryModel } from '../libraries/vocabulary';
import { commentsOfDbml } from '../migrations/dbml/tokens';
import { dialectNamed, isOfOtherServer, mayContribute } from '../migrations/history';
import type { MigrationFact } from '../migrations/migration';
import { mayBeMigration, readMigration } from '../migrations/read';
import { companionOf } from '../migrations/sqlFiles';
import { factOfStep, withReversal, withSchema } from '../migrations/stepFact';
import type { Analysis } from '../program/analysis';
import { createAnalysis } from '../program/createAnalysis';
import type { Module } from '../program/model';
import type { CodeWriter } from '../program/writer';
import { commentsIn } from '../sql/comments';
import { type Dialect, dialectOf } from '../sql/dialect';
import { loadSqlParser, type SqlParser } from '../sql/parser';
import type { Parsers } from '../syntax/parsers';
import { type CodeOfFile, columnUsesAmong } from './columnSearch';
import type { ConfigurationFiles } from './configurationFiles';
import { databaseUsesOf } from './databaseUses';
import { dbmlDocumentsOf, isDbml } from './dbmlDocuments';
import { drizzleSchemasOf, mayDeclareDrizzle } from './drizzleSchemas';
import type { AbsolutePath, FileAccess } from './fileAccess';
import { type Glance, glanceFor } from './glance';
import { historyTail } from './historyTail';
import { indexProject, mentionsOf } from './indexing';
import type { Lowerers } from './lowering';
import { downAsOf, wayBackOf } from './migrationDown';
import { pathKindOf } from './pathKind';
import { type PlainScript, type PlainSubject, plainSchemasOf } from './plainSchemas';
import { isPrisma, prismaComments, prismaSchemasOf } from './prismaSchemas';
import { projectFiles } from './projectFiles';
import { projectIndexOf } from './projectIndex';
import { projectSchemaOf } from './projectSchema';
import { isPython, pythonModuleInside } from './pythonModules';
import type { Coverage, FileReview, PrepareOptions, Reviewer, ReviewOptions } from './reviewer';
import { isHistory } from './reviewFrom';
import { isAmong, type MigrationSubject, type StepInHistory, schemaHistoryOf } from './schemaHistory';
import { type BesideStep, schemaScriptsIn } from './schemaScripts';
import { serversOf } from './serverOf';
import { isSettingsFile, settingsComments } from './settingsFiles';
import { sourcesOf } from './sources';
import type { Stacks } from './stack';
import { statementStartsOf } from './statementStart';

export interface ReviewerOptions {
  readonly root: AbsolutePath;
  readonly files: FileAccess;
  readonly configurations: ConfigurationFiles<LibraryModel>;
  readonly stacks: Stacks;
  readonly parsers: Parsers;
  readonly frontEnds: readonly FrontEnd[];
  readonly rules: readonly AnyRule<Facts>[];
  /** Lowers many files at once beside this thread. */
  readonly lowerers?: Lowerers;
  /** The time that new migrations are named by. */
  now?(): Date;
  /** Told of each computation that was not answered from memory. */
  onCompute?(what: string): void;
}

/** The PostgreSQL version where no configuration says it. */
const POSTGRES_VERSION = 14;

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

/** What a file of models has in it, whatever they are written for. */
const MAY_DECLARE_TABLE =
  /@(?:Entity|Table)\b|\bEntitySchema\b|Table\s*\(|\b(?:define|defineEntity|init|table)\s*\(|\b(?:tableName|__tablename__|db_table|table_name)\b|\bmodels\.\w+Field\b|\bModel\b|\bSQLModel\b/;

/** The rules that ask who uses what a schema holds. */
const BY_USE: ReadonlySet<string> = new Set(['stale-materialized-view', 'untested-database-function']);

/** Enough to keep some threads busy, and to show progress by. */
const PREPARED_AT_ONCE = 400;

/** The analysis under one set of library tables: the shipped ones, or those and a configuration's own. */
interface Understanding {
  readonly tables: LibraryTables;
  glanceOf(file: FileId): Glance;
  readonly analysis: Analysis;
}

export function createReviewer(options: ReviewerOptions): Reviewer {
  const { root, configurations, stacks, frontEnds, rules, now = () => new Date() } = options;
  const understandings = new Map<readonly LibraryModel[] | undefined, Understanding>();
  const sources = sourcesOf({
    ...options,
    onChanged: file => {
      for (const { analysis } of understandings.values()) analysis.changed(file);
      unread.add(file);
      history.changed(file);
      plainSchemas.changed(file);
      prismaSchemas.changed(file);
      drizzleSchemas.changed(file);
      dbmlDocuments.changed(file);
      projectSchema.changed(file);
      databaseUses.changed(file);
    },
    onResolutionChanged() {
      for (const { analysis } of understandings.values()) analysis.resolutionChanged();
    },
  });

  const index = projectIndexOf(sources.resolve, file => pathKindOf(file) === 'production');
  /** Files that may mention other things than the index has. */
  const unread = new Set<FileId>();
  let indexed: Promise<void> | undefined;

  const indexText = (file: FileId, text: string | undefined): boolean =>
    index.update(file, text === undefined ? undefined : mentionsOf(frontEnds, file, text));

  /** Brings the index up to date: with all of the project where that is evidence, and with what was edited. */
  async function readMentions(all: boolean): Promise<void> {
    let differs = false;
    if (all && !indexed) {
      differs = true;
      indexed = indexProject(options, indexText);
    }
    if (all) await indexed;
    for (const file of [...unread]) {
      unread.delete(file);
      if (!isCode(file)) continue;
      const read = await sources.textOf(file);
      differs = indexText(file, 'text' in read ? read.text : undefined) || differs;
    }
    if (differs) sightingsChanged();
  }

  const history = schemaHistoryOf({
    ...options,
    textOf: sources.textOf,
    load: sources.load,
    isCode: file => frontEnds.some(frontEnd => grammarFor(frontEnd, file) !== undefined),
    settingsOf: file => configurations.configurationOf(posix.join(root, file)).configuration.migrations,
  });

  const plainSchemas = plainSchemasOf({ ...options, textOf: sources.textOf, isClaimed: history.isClaimed });

  const prismaSchemas = prismaSchemasOf({
    ...options,
    select: () => projectFiles(root, options, isPrisma),
    textOf: sources.textOf,
  });

  const dbmlDocuments = dbmlDocumentsOf({
    select: () => projectFiles(root, options, isDbml),
    textOf: sources.textOf,
  });

  const drizzleSchemas = drizzleSchemasOf({
    root,
    stacks,
    select: () => projectFiles(root, options, isCode),
    textOf: sources.textOf,
    load: sources.load,
    resolve: sources.resolve,
  });

  const sightingsChanged = (): void => {
    for (const { analysis } of understandings.values()) analysis.sightingsChanged();
  };

  const understandingOf = (own: readonly LibraryModel[] | undefined): Understanding => {
    const known = understandings.get(own);
    if (known) return known;
    const libraries = [...shippedLibraries, ...(own ?? [])];
    const tables = tablesOf(libraries);
    const { semantics } = tables;
    const analysis = createAnalysis({
      module: sources.module,
      resolve: sources.resolve,
      inside: pythonModuleInside,
      sightings: index.sightings,
      semantics,
      onCompute: options.onCompute,
    });
    const glances = { python: glanceFor(libraries, 'python'), javascript: glanceFor(libraries, 'javascript') };
    const glanceOf = (file: FileId) => (isPython(file) ? glances.python : glances.javascript);
    const made = { tables, glanceOf, analysis };
    understandings.set(own, made);
    return made;
  };

  const parsers = new Map<Dialect, SqlParser>();
  const parser = (dialect: Dialect) => parsers.get(dialect);
  const isSql = (file: FileId) => file.toLowerCase().endsWith('.sql');
  const isCode = (file: FileId) => frontEnds.some(frontEnd => grammarFor(frontEnd, file) !== undefined);

  /** The names of the packages, the same set for all files of a folder. */
  const manifests = new WeakMap<object, ReadonlySet<string>>();
  const manifestFor = (path: AbsolutePath): ReadonlySet<string> => {
    const { packages } = stacks.stackOf(path, root);
    const manifest = manifests.get(packages) ?? new Set(packages.keys());
    manifests.set(packages, manifest);
    return manifest;
  };

  const servers = serversOf(root, stacks, options.files);
  const dialectFor = (path: AbsolutePath, { sql }: Configuration<LibraryModel>): Dialect =>
    sql.dialect ?? servers.dialectOf(path);
  /** Whether a project has drivers of servers of several kinds, and nobody says which one counts. */
  const hasOtherServers = (path: AbsolutePath, { sql }: Configuration<LibraryModel>): boolean =>
    sql.dialect === undefined && servers.areSeveral(path);

  const projectSchema = projectSchemaOf({
    ...options,
    plainSchemas,
    prismaSchemas,
    drizzleSchemas,
    isCode,
    textOf: sources.textOf,
    dialectOf(file) {
      const path = posix.join(root, file);
      return dialectFor(path, configurations.configurationOf(path).configuration);
    },
    stateOf: async file => history.stateOf(await migrationSubject(file)),
    now,
  });

  const databaseUses = databaseUsesOf({ ...options, textOf: sources.textOf });

  const brokenBySchema = new Map<
    FileId,
    { readonly known: KnownSchema; readonly text: string; readonly problems: readonly SchemaProblem[] }
  >();

  /** What of a file's SQL a migration has taken away. */
  async function goneIn(file: FileId, known: KnownSchema): Promise<readonly SchemaProblem[]> {
    const read = await sources.textOf(file);
    const text = 'text' in read ? read.text : '';
    const before = brokenBySchema.get(file);
    if (before?.known === known && before.text === text) return before.problems;
    const problems = (await problemsOf(file, text, known)).filter(({ gone }) => gone);
    brokenBySchema.set(file, { known, text, problems });
    return problems;
  }

  async function problemsOf(file: FileId, text: string, known: KnownSchema): Promise<readonly SchemaProblem[]> {
    if (isPrisma(file)) return goneInDeclared(await modelsInPrisma(file), known);
    if (isSql(file)) return problemsInSqlFile(await queriesOfSql(file, text), known, parser);
    const code = await codeIn(file);
    return code ? schemaProblemsIn({ ...code, known, parser }) : [];
  }

  const modelsInPrisma = async (file: FileId): Promise<readonly DeclaredModel[]> =>
    modelsOfPrisma((await prismaSchemas.of(file))?.files ?? [], file);

  /** What a file asks of databases, without a review of it. */
  async function codeIn(file: FileId): Promise<CodeOfFile | undefined> {
    const path = posix.join(root, file);
    const { configuration } = configurations.configurationOf(path);
    const { tables, analysis } = understandingOf(configuration.libraries);
    const module = await sources.load(file);
    if (!module) return undefined;
    const dialect = dialectFor(path, configuration);
    const input = { analysis, module, tables, manifest: manifestFor(path), dialect, parser };
    const find = () => queriesIn(input);
    let found = find();
    while (((await sources.loadGrammars()) || (await loadParsersFor(found))) && isUnchanged(file, module))
      found = find();
    const { queryExecutions: queries, fragments } = found;
    return { setting: settingOf(input), module, queries, fragments, locate: locateBy(analysis) };
  }

  const isAgainstSchema = (reach: number, only: ReadonlySet<string> | undefined): boolean =>
    reach === Number.POSITIVE_INFINITY && (!only || [...AGAINST_SCHEMA].some(rule => only.has(rule)));

  /** Where the code and the schema do not agree, where all of the project is in reach. */
  async function againstSchema(
    file: FileId,
    facts: Facts,
    reach: number,
    only: ReadonlySet<string> | undefined,
    code: (Pick<SchemaProblemsInput, 'setting' | 'module'> & { readonly text: string }) | undefined,
  ): Promise<Pick<Facts, 'schemaProblems' | 'brokenUses' | 'tableFilters' | 'tiedWrites' | 'refreshes' | 'schema'>> {
    const none = { schemaProblems: [], brokenUses: [], tableFilters: [], tiedWrites: [], refreshes: [] };
    if (!isAgainstSchema(reach, only)) return none;
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
    // who calls what hands rows on is told by the index
    await readMentions(true);
    for (const user of await projectSchema.mayNameGone())
      for (const { gone: each, at, label, by, sure } of await goneIn(user, known))
        if (each) uses.get(each)?.push({ at, label, ...(by ? { by } : {}), ...(sure ? { sure } : {}) });
    return {
      ...none,
      brokenUses: [...uses].flatMap(([each, found]) => (found.length > 0 ? [{ gone: each, uses: found }] : [])),
    };
  }

  /** What the project's texts say of the views and functions that a file makes. */
  async function usesOf(
    { schemaScripts, schemaFiles }: Pick<Facts, 'schemaScripts' | 'schemaFiles'>,
    reach: number,
    only: ReadonlySet<string> | undefined,
  ): Promise<Pick<Facts, 'databaseUse'>> {
    if (reach !== Number.POSITIVE_INFINITY || (only && ![...BY_USE].some(rule => only.has(rule)))) return {};
    const makes = [...schemaScripts, ...schemaFiles].some(({ changes }) =>
      changes.some(({ operation: { kind } }) => kind === 'createMaterializedView' || kind === 'createFunction'),
    );
    return makes ? { databaseUse: await databaseUses.known() } : {};
  }

  /** The steps of a history that a file holds, where the files around it are in reach. */
  const stepsOf = async (subject: MigrationSubject, reach: number): Promise<readonly StepInHistory[]> =>
    reach === Number.POSITIVE_INFINITY ? history.stepsIn(subject) : [];

  /** A SQL file of no tool's among those of its folder, where they are in reach. */
  const plainOf = async (subject: PlainSubject, reach: number): Promise<PlainScript | undefined> =>
    reach === Number.POSITIVE_INFINITY ? plainSchemas.scriptOf(subject) : undefined;

  /** The file's own steps, where those around it are out of reach: enough for what a migration does to a live server. */
  const ownSteps = (subject: MigrationSubject, steps: readonly StepInHistory[], reach: number) =>
    reach === Number.POSITIVE_INFINITY ? steps : history.stepsAlone(subject);

  /** The migrations that a file holds, judged by the history around them where that is in reach. */
  async function migrationsOf(
    subject: MigrationSubject,
    steps: readonly StepInHistory[],
    settings: Configuration['migrations'],
  ): Promise<readonly MigrationFact[]> {
    const { file } = subject;
    if (!isAmong(settings, posix.join(root, file))) return [];
    const companion = companionOf(file);
    const other = companion === undefined ? undefined : await sources.textOf(companion);
    const found = readMigration({ ...subject, companion: other && 'text' in other ? other.text : undefined });
    const read = settings.tool === undefined || found?.tool === settings.tool ? found : undefined;
    if (steps.length === 0) return read ? [read] : [];
    const facts: MigrationFact[] = [];
    for (const place of steps) {
      const fact = read ?? factOfStep(place.history, place.step, place.index, file);
      if (!fact) continue;
      facts.push({
        ...withReversal(withSchema(fact, place.schema), place.reversal),
        wayBack: await wayBackOf(place, textIfThere),
      });
    }
    return facts;
  }

  const beside: BesideStep = {
    tailOf: of => historyTail(of, textIfThere, now),
    downAsOf: step => downAsOf(step, textIfThere),
  };

  /** The text of a file that may be written to; nothing where there is none yet. */
  async function textIfThere(file: FileId): Promise<string | undefined> {
    const read = await sources.textOf(file);
    if ('text' in read) return read.text;
    return read.reason === 'empty' ? '' : undefined;
  }

  async function migrationSubject(file: FileId): Promise<MigrationSubject> {
    const path = posix.join(root, file);
    const { configuration } = configurations.configurationOf(path);
    const read = await sources.textOf(file);
    const text = 'text' in read ? read.text : '';
    const isWorthwhile = isCode(file) && mayContribute(file, text, configuration.migrations.tool);
    return {
      file,
      text,
      dialect: dialectFor(path, configuration),
      postgresVersion: configuration.migrations.postgresVersion?.major ?? POSTGRES_VERSION,
      module: isWorthwhile ? await sources.load(file) : undefined,
    };
  }

  /** Whether the file is code that may hold what a rule speaks of. */
  const isWorthwhile = (file: FileId, text: string, glance: Glance): boolean =>
    isCode(file) &&
    // of PHP nothing but migrations is read
    ((!/\.php$/i.test(file) &&
      glance.mayHoldFindings(text, specifier => sources.resolve(file, specifier) !== undefined)) ||
      mayBeMigration(file, text));

  async function prepare(files: readonly FileId[], { signal, onProgress }: PrepareOptions = {}): Promise<void> {
    let differs = false;
    for (let done = 0; done < files.length; done += PREPARED_AT_ONCE) {
      onProgress?.({ done, total: files.length });
      const wanted: FileId[] = [];
      for (const file of files.slice(done, done + PREPARED_AT_ONCE)) {
        signal?.throwIfAborted();
        const read = isCode(file) ? await sources.textOf(file) : undefined;
        const { configuration } = configurations.configurationOf(posix.join(root, file));
        const { glanceOf } = understandingOf(configuration.libraries);
        if (!read || !('text' in read)) continue;
        differs = indexText(file, read.text) || differs;
        if (isWorthwhile(file, read.text, glanceOf(file))) wanted.push(file);
      }
      await sources.loadAll(wanted, signal);
    }
    if (differs) sightingsChanged();
  }

  async function review(
    file: FileId,
    { signal, rules: only, reach = Number.POSITIVE_INFINITY }: ReviewOptions = {},
  ): Promise<FileReview> {
    signal?.throwIfAborted();
    const path = posix.join(root, file);
    const { configuration } = configurations.configurationOf(path);
    const read = await sources.textOf(file);
    signal?.throwIfAborted();
    if (!('text' in read)) return read.reason === 'empty' ? nothing(file) : skipped(file, read.reason);
    const { text } = read;
    const understanding = understandingOf(configuration.libraries);
    const { tables, glanceOf, analysis } = understanding;
    const dialect = dialectFor(path, configuration);
    const postgresVersion = configuration.migrations.postgresVersion?.major ?? POSTGRES_VERSION;

    const plain = { file, text, parser, writer: writerFor(file), pathKind: pathKindOf(file) };
    if (isSql(file)) {
      const written = configuration.sql.dialect ?? dialectOf(text, dialectNamed(file) ?? dialect);
      const subject = { file, text, dialect: written, module: undefined, postgresVersion };
      // what is written for a server whose SQL is not read is a text like any other
      const isRead = configuration.sql.dialect !== undefined || !isOfOtherServer(file);
      const steps = isRead ? await stepsOf({ ...subject, dialect }, reach) : [];
      const migrations = await migrationsOf(subject, steps, configuration.migrations);
      const settings = configuration.migrations;
      const among =
        steps.length === 0 && isRead
          ? await plainOf({ file, settings, postgresVersion, dialect: configuration.sql.dialect ?? dialect }, reach)
          : undefined;
      const schema = isRead
        ? await schemaScriptsIn(
            { ...subject, path, settings, hasOtherServers: hasOtherServers(path, configuration) },
            ownSteps(subject, steps, reach),
            among,
            beside,
          )
        : { schemaScripts: [], schemaFiles: [] };
      signal?.throwIfAborted();
      const isMigration = migrations.length > 0 || schema.schemaScripts.length > 0;
      if (isMigration && isHistory(file, settings.reviewFrom, steps)) return beforeReviewed(file);
      const sqlQueries = isMigration || !isRead ? [] : await queriesInSql(file, text, written);
      const facts = {
        ...factsWithoutCode({ ...plain, migrations, ...schema, declaredTables: configuration.tables }),
        sqlQueries,
      };
      const isQuiet =
        sqlQueries.length === 0 &&
        migrations.length === 0 &&
        schema.schemaScripts.length === 0 &&
        schema.schemaFiles.length === 0 &&
        !mentionsSuppression(text);
      if (isQuiet && facts.secrets.length === 0) return nothing(file);
      const whole = {
        ...facts,
        ...(await againstSchema(file, facts, reach, only, undefined)),
        ...(await usesOf(facts, reach, only)),
      };
      signal?.throwIfAborted();
      return judged({ file, text, configuration, analysis, only, signal }, whole, {
        comments: commentsIn(text, written),
        coverage: { kind: 'reviewed' },
      });
    }
    if (isPrisma(file)) {
      const inReach = reach === Number.POSITIVE_INFINITY;
      const isPushed = inReach && (await projectSchema.isPushed(file));
      const pushed = isPushed ? (await prismaSchemas.of(file))?.pushed?.scripts.get(file) : undefined;
      const facts = factsWithoutCode({
        ...plain,
        migrations: [],
        schemaScripts: [],
        schemaFiles: pushed ? [pushed] : [],
        declaredTables: configuration.tables,
      });
      const known = isAgainstSchema(reach, only) ? await projectSchema.known() : undefined;
      const schemaProblems = known ? goneInDeclared(await modelsInPrisma(file), known) : [];
      signal?.throwIfAborted();
      return judged(
        { file, text, configuration, analysis, only, signal },
        { ...facts, schemaProblems },
        {
          comments: prismaComments(text),
          coverage: { kind: 'reviewed' },
        },
      );
    }
    if (isDbml(file)) {
      const facts = factsWithoutCode({ ...plain, migrations: [], schemaScripts: [], schemaFiles: [] });
      const known = isAgainstSchema(reach, only) ? await projectSchema.known() : undefined;
      const all = await dbmlDocuments.all();
      const own = all.find(each => each.file === file);
      signal?.throwIfAborted();
      return judged(
        { file, text, configuration, analysis, only, signal },
        { ...facts, schemaDrift: known && own ? driftIn(own, all, known) : [] },
        { comments: commentsOfDbml(text), coverage: { kind: 'reviewed' } },
      );
    }
    if (!isCode(file)) {
      if (!isSettingsFile(file)) return nothing(file);
      const facts = factsWithoutCode({ ...plain, migrations: [], schemaScripts: [], schemaFiles: [] });
      return judged({ file, text, configuration, analysis, only, signal }, facts, {
        comments: settingsComments(text),
        coverage: { kind: 'reviewed' },
      });
    }
    const mayDeclare = isAgainstSchema(reach, only) && MAY_DECLARE_TABLE.test(text);
    const isNamed = mayDeclare && (await projectSchema.isNamingGone(file, text));
    const pushed =
      reach === Number.POSITIVE_INFINITY && mayDeclareDrizzle(text) ? await projectSchema.pushedIn(file) : undefined;
    if (!isNamed && !pushed && !isWorthwhile(file, text, glanceOf(file))) {
      const facts = factsOfText(plain);
      if (facts.secrets.length === 0) return nothing(file);
      return judged({ file, text, configuration, analysis, only, signal }, facts, {
        comments: [],
        coverage: { kind: 'reviewed' },
      });
    }

    const module = await sources.load(file);
    if (!module) return nothing(file);
    await readMentions(reach === Number.POSITIVE_INFINITY);
    signal?.throwIfAborted();
    const subject = { file, text, dialect, module, postgresVersion };
    const steps = await stepsOf(subject, reach);
    const settings = configuration.migrations;
    const migrations = await migrationsOf(subject, steps, settings);
    const { schemaScripts } = await schemaScriptsIn(
      { ...subject, path, settings, hasOtherServers: hasOtherServers(path, configuration) },
      ownSteps(subject, steps, reach),
      undefined,
      beside,
    );
    signal?.throwIfAborted();
    const isMigration = migrations.length > 0 || schemaScripts.length > 0;
    if (isMigration && isHistory(file, settings.reviewFrom, steps)) return beforeReviewed(file);
    const input = {
      analysis,
      module,
      tables,
      manifest: manifestFor(path),
      dialect,
      parser,
      migrations,
      schemaScripts,
      declaredTables: configuration.tables,
      writer: writerFor(file),
      pathKind: plain.pathKind,
    };
    sources.setReach(reach);
    let facts = factsOf(input);
    // which grammars and parsers are needed is known when they are asked for; what was computed is kept, so again is cheap
    while (((await sources.loadGrammars()) || (await loadParsersFor(facts))) && isUnchanged(file, module)) {
      signal?.throwIfAborted();
      facts = factsOf(input);
    }
    signal?.throwIfAborted();
    const code = { setting: settingOf(input), module, text };
    const whole = {
      ...facts,
      ...(pushed ? { schemaFiles: [pushed] } : {}),
      ...(await againstSchema(file, facts, reach, only, code)),
      ...(await usesOf(facts, reach, only)),
    };
    signal?.throwIfAborted();
    const problems = module.problems.length;
    return judged({ file, text, configuration, analysis, only, signal }, whole, {
      comments: module.comments,
      // where no comment suppresses anything, nobody needs to know which statement a finding stands in
      ...(mentionsSuppression(text) ? { statementStart: statementStartsOf(module) } : {}),
      coverage: problems ? { kind: 'partly-parsed', problems } : { kind: 'reviewed' },
    });
  }

  /** What a file of SQL asks for, beside what it does to a schema. */
  async function queriesInSql(file: FileId, text: string, dialect: Dialect): Promise<readonly SqlFileQuery[]> {
    if (!mayHoldQueries(text)) return [];
    if (!parsers.has(dialect)) parsers.set(dialect, await loadSqlParser(dialect));
    const reader = parser(dialect);
    return reader ? sqlQueriesIn(file, text, reader) : [];
  }

  /** The same, by the server that the file is for. */
  function queriesOfSql(file: FileId, text: string): Promise<readonly SqlFileQuery[]> {
    const path = posix.join(root, file);
    const { configuration } = configurations.configurationOf(path);
    const dialect = dialectNamed(file) ?? dialectFor(path, configuration);
    return queriesInSql(file, text, configuration.sql.dialect ?? dialectOf(text, dialect));
  }

  /** SQL files are mended in SQL; what a fix there would borrow from a language is the first one's. */
  const writerFor = (file: FileId): CodeWriter => {
    const frontEnd = frontEnds.find(each => grammarFor(each, file) !== undefined) ?? frontEnds[0];
    if (!frontEnd) throw new Error('a reviewer needs a front end');
    return frontEnd.writer;
  };

  const isUnchanged = (file: FileId, module: Module) => sources.module(file) === module;

  /** @returns whether a parser was loaded that was not there before */
  async function loadParsersFor({
    queryExecutions,
    fragments,
    looseTexts = [],
  }: Pick<Facts, 'queryExecutions' | 'fragments'> & Partial<Pick<Facts, 'looseTexts'>>): Promise<boolean> {
    const dialects = new Set([...queryExecutions, ...fragments, ...looseTexts].map(each => each.dialect));
    const missing = [...dialects].filter(each => !parsers.has(each));
    for (const each of missing) parsers.set(each, await loadSqlParser(each));
    return missing.length > 0;
  }

  /** Places count from the start of their unit; a declaration of the top level is one too. */
  function locateBy(analysis: Analysis): Locate {
    const bases = new Map<UnitId, number>();
    return ({ unit, start, end }): FileRange => {
      const file = fileOf(unit);
      const base = bases.get(unit) ?? (unit === file ? 0 : (analysis.source(unit)?.start ?? 0));
      bases.set(unit, base);
      return { file, start: base + start, end: base + end };
    };
  }

  function judged(
    { file, text, configuration, analysis, only, signal }: Subject,
    facts: Facts,
    { coverage, ...seen }: Seen,
  ): FileReview {
    const { findings, notifications } = runRules<Facts>({
      file,
      text,
      facts,
      locate: locateBy(analysis),
      rules,
      settings: configuration.rules,
      only,
      pathKind: pathKindOf(file),
      signal,
      ...seen,
    });
    return { file, findings, notifications, coverage };
  }

  return {
    root,
    open: sources.open,
    change: sources.change,
    close: sources.close,
    touched(file) {
      const path = posix.join(root, file);
      const isStack = stacks.touched(path);
      const isServer = servers.touched(path);
      // which files are migrations, and for which server, may be another matter now
      if (configurations.touched(path) || isStack || isServer) {
        history.configurationChanged();
        plainSchemas.configurationChanged();
        projectSchema.configurationChanged();
      }
      // a file that was not there may be what an import means from now on
      sources.forget(file);
      unread.add(file);
      history.changed(file);
      plainSchemas.changed(file);
      prismaSchemas.changed(file);
      drizzleSchemas.changed(file);
      dbmlDocuments.changed(file);
      projectSchema.changed(file);
      databaseUses.changed(file);
    },
    prepare,
    review,
    async columnUses(asked, among, { signal, until }) {
      await readMentions(true);
      if (!parsers.has('postgresql')) parsers.set('postgresql', await loadSqlParser('postgresql'));
      return columnUsesAmong(asked, among, {
        known: await projectSchema.known(),
        parser,
        codeIn,
        queriesInSql: queriesOfSql,
        isMigration: async file => (await history.placesIn(await migrationSubject(file))).length > 0,
        textOf: textIfThere,
        signal,
        until,
      });
    },
    placesIn: async file => history.placesIn(await migrationSubject(file)),
    stepsIn: async file => history.stepsIn(await migrationSubject(file)),
    declaredSchemas: () => projectSchema.declared(),
  };
}

interface Subject {
  readonly file: FileId;
  readonly text: string;
  readonly configuration: Configuration<LibraryModel>;
  readonly analysis: Analysis;
  readonly only: ReadonlySet<string> | undefined;
  readonly signal: AbortSignal | undefined;
}

interface Seen {
  readonly comments: readonly { start: number; end: number; text: string; ownLine: boolean }[];
  readonly statementStart?: (offset: number) => number | undefined;
  readonly coverage: Coverage;
}

const NO_NOTIFICATIONS: readonly Notification[] = [];

const nothing = (file: FileId): FileReview => ({
  file,
  findings: [],
  notifications: NO_NOTIFICATIONS,
  coverage: { kind: 'nothing-to-review' },
});

const beforeReviewed = (file: FileId): FileReview => ({
  file,
  findings: [],
  notifications: NO_NOTIFICATIONS,
  coverage: { kind: 'history' },
});

const skipped = (file: FileId, reason: string): FileReview => ({
  file,
  findings: [],
  notifications: NO_NOTIFICATIONS,
  coverage: { kind: 'skipped', reason },
});
