/** The reviewer of one project: text → model → facts → findings, with everything kept that an edit did not touch. */
import { posix } from 'node:path';
import type { Configuration } from '../engine/configuration';
import type { Notification } from '../engine/finding';
import { type FileId, type FileRange, fileOf, type Locate, type UnitId } from '../engine/place';
import { runRules } from '../engine/review';
import type { AnyRule } from '../engine/rule';
import { mentionsSuppression } from '../engine/suppression';
import type { Facts } from '../facts/facts';
import { factsOf, factsOfNothing, factsOfText, factsWithoutCode, queriesIn, settingOf } from '../facts/factsOf';
import type { KnownSchema } from '../facts/knownSchema';
import { type LibraryTables, tablesOf } from '../facts/libraryTables';
import type { DeclaredModel } from '../facts/models';
import { modelsOfPrisma } from '../facts/prismaModels';
import { driftIn } from '../facts/schemaDrift';
import { goneInDeclared, type SchemaProblem, schemaProblemsIn } from '../facts/schemaProblems';
import { problemsInSqlFile } from '../facts/sqlFileProblems';
import { mayHoldQueries, type SqlFileQuery, sqlQueriesIn } from '../facts/sqlFiles';
import type { FrontEnd } from '../languages/frontEnd';
import { grammarFor } from '../languages/frontEnd';
import { libraries as shippedLibraries } from '../libraries/all';
import type { LibraryModel } from '../libraries/vocabulary';
import { commentsOfDbml } from '../migrations/dbml/tokens';
import { dialectNamed, isOfOtherServer, mayContribute } from '../migrations/history';
import { mayBeMigration } from '../migrations/read';
import type { Analysis } from '../program/analysis';
import { createAnalysis } from '../program/createAnalysis';
import type { Module } from '../program/model';
import type { CodeWriter } from '../program/writer';
import { commentsIn } from '../sql/comments';
import { type Dialect, dialectOf } from '../sql/dialect';
import type { Parsers } from '../syntax/parsers';
import { againstSchemaOf } from './againstSchema';
import { type CodeOfFile, columnUsesAmong } from './columnSearch';
import type { ConfigurationFiles } from './configurationFiles';
import { databaseUsesOf } from './databaseUses';
import { dbmlDocumentsOf, isDbml } from './dbmlDocuments';
import { drizzleSchemasOf, mayDeclareDrizzle } from './drizzleSchemas';
import type { AbsolutePath, FileAccess } from './fileAccess';
import { type Glance, glanceFor } from './glance';
import { indexProject, mentionsOf } from './indexing';
import type { Lowerers } from './lowering';
import { migrationsInFilesOf } from './migrationsInFiles';
import { pathKindOf } from './pathKind';
import { plainSchemasOf } from './plainSchemas';
import { isPrisma, prismaComments, prismaSchemasOf } from './prismaSchemas';
import { fileListsOf } from './projectFiles';
import { projectIndexOf } from './projectIndex';
import { projectSchemaOf } from './projectSchema';
import { isPython, pythonModuleInside } from './pythonModules';
import type { Coverage, FileReview, PrepareOptions, Reviewer, ReviewOptions } from './reviewer';
import { isHistory } from './reviewFrom';
import { type MigrationSubject, schemaHistoryOf } from './schemaHistory';
import { schemaScriptsIn } from './schemaScripts';
import { serversOf } from './serverOf';
import { isSettingsFile, settingsComments } from './settingsFiles';
import { sourcesOf } from './sources';
import { sqlParsers } from './sqlParsers';
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

/** What a file of models has in it, whatever they are written for. */
const MAY_DECLARE_TABLE =
  /@(?:Entity|Table)\b|\bEntitySchema\b|Table\s*\(|\b(?:define|defineEntity|init|table)\s*\(|\b(?:tableName|__tablename__|db_table|table_name)\b|\bmodels\.\w+Field\b|\bModel\b|\bSQLModel\b/;

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
  const lists = fileListsOf(root, options);
  const understandings = new Map<readonly LibraryModel[] | undefined, Understanding>();
  const sources = sourcesOf({
    ...options,
    onChanged: file => {
      for (const { analysis } of understandings.values()) analysis.changed(file);
      textChanged(file);
    },
    onResolutionChanged() {
      for (const { analysis } of understandings.values()) analysis.resolutionChanged();
    },
  });

  const textChanged = (file: FileId): void => {
    unread.add(file);
    for (const kept of [
      lists,
      history,
      plainSchemas,
      prismaSchemas,
      drizzleSchemas,
      dbmlDocuments,
      projectSchema,
      databaseUses,
    ])
      kept.changed(file);
  };

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
    module: sources.module,
    resolve: sources.resolve,
    isCode: file => frontEnds.some(frontEnd => grammarFor(frontEnd, file) !== undefined),
    settingsOf: file => configurations.configurationOf(posix.join(root, file)).configuration.migrations,
  });

  const plainSchemas = plainSchemasOf({ ...options, textOf: sources.textOf, isClaimed: history.isClaimed });

  const prismaSchemas = prismaSchemasOf({
    ...options,
    select: lists.of(isPrisma),
    textOf: sources.textOf,
  });

  const dbmlDocuments = dbmlDocumentsOf({
    select: lists.of(isDbml),
    textOf: sources.textOf,
  });

  const drizzleSchemas = drizzleSchemasOf({
    root,
    stacks,
    select: lists.of(file => isCode(file)),
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

  const parsers = sqlParsers();
  const parser = parsers.of;
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
    listOf: lists.of,
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

  async function problemsOf(file: FileId, text: string, known: KnownSchema): Promise<readonly SchemaProblem[]> {
    if (isPrisma(file)) return goneInDeclared(await modelsInPrisma(file), known);
    if (isSql(file)) return problemsInSqlFile(await queriesOfSql(file, text), known, parser);
    const code = await codeIn(file);
    return code ? schemaProblemsIn({ ...code, known, parser }) : [];
  }

  const {
    isAsked: isAgainstSchema,
    againstSchema,
    usesOf,
  } = againstSchemaOf({
    projectSchema,
    databaseUses,
    textOf: async file => (await textIfThere(file)) ?? '',
    problemsOf,
    // who calls what hands rows on is told by the index
    readMentions: () => readMentions(true),
    parser,
  });

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
    while (((await sources.loadGrammars()) || (await parsers.loadFor(found))) && isUnchanged(file, module))
      found = find();
    const { queryExecutions: queries, fragments } = found;
    return { setting: settingOf(input), module, queries, fragments, locate: locateBy(analysis) };
  }

  /** The text of a file that may be written to; nothing where there is none yet. */
  async function textIfThere(file: FileId): Promise<string | undefined> {
    const read = await sources.textOf(file);
    if ('text' in read) return read.text;
    return read.reason === 'empty' ? '' : undefined;
  }

  const { stepsOf, plainOf, ownSteps, migrationsOf, beside } = migrationsInFilesOf({
    root,
    history,
    plainSchemas,
    sourceOf: sources.textOf,
    textOf: textIfThere,
    now,
  });

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
      glance.mayHoldFindings(
        text,
        specifier => sources.resolve(file, specifier) !== undefined,
        manifestFor(posix.join(root, file)),
      )) ||
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
    const subject: Subject = {
      file,
      text,
      path,
      configuration,
      dialect: dialectFor(path, configuration),
      postgresVersion: configuration.migrations.postgresVersion?.major ?? POSTGRES_VERSION,
      reach,
      only,
      signal,
    };
    if (isSql(file)) return reviewSql(subject);
    if (isPrisma(file)) return reviewPrisma(subject);
    if (isDbml(file)) return reviewDbml(subject);
    if (isCode(file)) return reviewCode(subject);
    return isSettingsFile(file) ? reviewSettings(subject) : nothing(file);
  }

  const textFactsInput = ({ file, text }: Subject) => ({
    file,
    text,
    parser,
    writer: writerFor(file),
    pathKind: pathKindOf(file),
  });

  async function reviewSql(subject: Subject): Promise<FileReview> {
    const { file, text, path, configuration, dialect, postgresVersion, reach, only, signal } = subject;
    const written = configuration.sql.dialect ?? dialectOf(text, dialectNamed(file) ?? dialect);
    const migration = { file, text, dialect: written, module: undefined, postgresVersion };
    // what is written for a server whose SQL is not read is a text like any other
    const isRead = configuration.sql.dialect !== undefined || !isOfOtherServer(file);
    const steps = isRead ? await stepsOf({ ...migration, dialect }, reach) : [];
    const migrations = await migrationsOf(migration, steps, configuration.migrations);
    const settings = configuration.migrations;
    const among =
      steps.length === 0 && isRead
        ? await plainOf({ file, settings, postgresVersion, dialect: configuration.sql.dialect ?? dialect }, reach)
        : undefined;
    const schema = isRead
      ? await schemaScriptsIn(
          { ...migration, path, settings, hasOtherServers: hasOtherServers(path, configuration) },
          ownSteps(migration, steps, reach),
          among,
          beside,
        )
      : { schemaScripts: [], schemaFiles: [] };
    signal?.throwIfAborted();
    const isMigration = migrations.length > 0 || schema.schemaScripts.length > 0;
    if (isMigration && isHistory(file, settings.reviewFrom, steps)) return beforeReviewed(file);
    const sqlQueries = isMigration || !isRead ? [] : await queriesInSql(file, text, written);
    const facts = factsWithoutCode({
      ...textFactsInput(subject),
      migrations,
      ...schema,
      declaredTables: configuration.tables,
      sqlQueries,
    });
    const isQuiet =
      sqlQueries.length === 0 &&
      migrations.length === 0 &&
      schema.schemaScripts.length === 0 &&
      schema.schemaFiles.length === 0 &&
      !mentionsSuppression(text);
    if (isQuiet && facts.secrets.length === 0) return nothing(file);
    const whole: Facts = Object.assign(
      facts,
      await againstSchema(file, facts, reach, only, undefined),
      await usesOf(facts, reach, only),
    );
    signal?.throwIfAborted();
    return judged(subject, whole, {
      comments: commentsIn(text, written),
      coverage: { kind: 'reviewed' },
    });
  }

  async function reviewPrisma(subject: Subject): Promise<FileReview> {
    const { file, text, configuration, reach, only, signal } = subject;
    const inReach = reach === Number.POSITIVE_INFINITY;
    const isPushed = inReach && (await projectSchema.isPushed(file));
    const schema = inReach ? await prismaSchemas.of(file) : undefined;
    const pushed = isPushed ? schema?.pushed?.scripts.get(file) : undefined;
    const modelled = schema?.scripts?.get(file);
    const facts = factsWithoutCode({
      ...textFactsInput(subject),
      migrations: [],
      schemaScripts: [],
      schemaFiles: pushed ? [pushed] : [],
      declaredTables: configuration.tables,
    });
    const known = isAgainstSchema(reach, only) ? await projectSchema.known() : undefined;
    const schemaProblems = known ? goneInDeclared(await modelsInPrisma(file), known) : [];
    signal?.throwIfAborted();
    return judged(
      subject,
      { ...facts, ...(modelled ? { modelFiles: [modelled] } : {}), schemaProblems },
      {
        comments: prismaComments(text),
        coverage: { kind: 'reviewed' },
      },
    );
  }

  async function reviewDbml(subject: Subject): Promise<FileReview> {
    const { file, text, reach, only, signal } = subject;
    const facts = factsWithoutCode({ ...textFactsInput(subject), migrations: [], schemaScripts: [], schemaFiles: [] });
    const known = isAgainstSchema(reach, only) ? await projectSchema.known() : undefined;
    const all = await dbmlDocuments.all();
    const own = all.find(each => each.file === file);
    signal?.throwIfAborted();
    return judged(
      subject,
      { ...facts, schemaDrift: known && own ? driftIn(own, all, known) : [] },
      { comments: commentsOfDbml(text), coverage: { kind: 'reviewed' } },
    );
  }

  /** A file of settings may hold secrets. */
  async function reviewSettings(subject: Subject): Promise<FileReview> {
    const facts = factsWithoutCode({ ...textFactsInput(subject), migrations: [], schemaScripts: [], schemaFiles: [] });
    return judged(subject, facts, {
      comments: settingsComments(subject.text),
      coverage: { kind: 'reviewed' },
    });
  }

  async function reviewCode(subject: Subject): Promise<FileReview> {
    const { file, text, path, configuration, dialect, postgresVersion, reach, only, signal } = subject;
    const { tables, glanceOf, analysis } = understandingOf(configuration.libraries);
    const mayDeclare = isAgainstSchema(reach, only) && MAY_DECLARE_TABLE.test(text);
    const isNamed = mayDeclare && (await projectSchema.isNamingGone(file, text));
    const mayModel = reach === Number.POSITIVE_INFINITY && mayDeclareDrizzle(text);
    const pushed = mayModel ? await projectSchema.pushedIn(file) : undefined;
    const modelled = pushed ?? (mayModel ? await projectSchema.modelledIn(file) : undefined);
    if (!isNamed && !modelled && !isWorthwhile(file, text, glanceOf(file))) {
      const facts = factsOfText(textFactsInput(subject));
      if (facts.secrets.length === 0) return nothing(file);
      return judged(subject, facts, {
        comments: [],
        coverage: { kind: 'reviewed' },
      });
    }

    const module = await sources.load(file);
    if (!module) return nothing(file);
    await readMentions(reach === Number.POSITIVE_INFINITY);
    signal?.throwIfAborted();
    const migration = { file, text, dialect, module, postgresVersion };
    sources.setReach(reach);
    let steps = await stepsOf(migration, reach);
    // what a migration calls may be written in another language
    while (await sources.loadGrammars()) steps = await stepsOf(migration, reach);
    const settings = configuration.migrations;
    const migrations = await migrationsOf(migration, steps, settings);
    const { schemaScripts } = await schemaScriptsIn(
      { ...migration, path, settings, hasOtherServers: hasOtherServers(path, configuration) },
      ownSteps(migration, steps, reach),
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
      pathKind: pathKindOf(file),
    };
    sources.setReach(reach);
    let facts = factsOf(input);
    // which grammars and parsers are needed is known when they are asked for; what was computed is kept, so again is cheap
    while (((await sources.loadGrammars()) || (await parsers.loadFor(facts))) && isUnchanged(file, module)) {
      signal?.throwIfAborted();
      facts = factsOf(input);
    }
    signal?.throwIfAborted();
    const code = { setting: settingOf(input), module, text };
    const whole = {
      ...facts,
      ...(pushed ? { schemaFiles: [pushed] } : {}),
      ...(modelled ? { modelFiles: [modelled] } : {}),
      ...(await againstSchema(file, facts, reach, only, code)),
      ...(await usesOf(facts, reach, only)),
    };
    signal?.throwIfAborted();
    const problems = module.problems.length;
    return judged(subject, whole, {
      comments: module.comments,
      // where no comment suppresses anything, nobody needs to know which statement a finding stands in
      ...(mentionsSuppression(text) ? { statementStart: statementStartsOf(module) } : {}),
      coverage: problems ? { kind: 'partly-parsed', problems } : { kind: 'reviewed' },
    });
  }

  /** What a file of SQL asks for, beside what it does to a schema. */
  async function queriesInSql(file: FileId, text: string, dialect: Dialect): Promise<readonly SqlFileQuery[]> {
    if (!mayHoldQueries(text)) return [];
    await parsers.load([dialect]);
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

  let emptyFacts: Facts | undefined;
  const noFacts = (): Facts => {
    emptyFacts ??= factsOfNothing(parser, writerFor(''));
    return emptyFacts;
  };

  const isUnchanged = (file: FileId, module: Module) => sources.module(file) === module;

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
    { file, text, configuration, only, signal }: Subject,
    facts: Facts,
    { coverage, comments, statementStart }: Seen,
  ): FileReview {
    const { findings, notifications } = runRules<Facts>({
      file,
      text,
      facts,
      nothing: noFacts(),
      locate: locateBy(understandingOf(configuration.libraries).analysis),
      rules,
      settings: configuration.rules,
      only,
      pathKind: pathKindOf(file),
      signal,
      comments,
      ...(statementStart ? { statementStart } : {}),
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
        lists.configurationChanged();
        history.configurationChanged();
        plainSchemas.configurationChanged();
        projectSchema.configurationChanged();
      }
      // a file that was not there may be what an import means from now on
      sources.forget(file);
      lists.touched(file);
      prismaSchemas.touched(file);
      textChanged(file);
    },
    prepare,
    review,
    async columnUses(asked, among, { signal, until }) {
      await readMentions(true);
      await parsers.load(['postgresql']);
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

/** A file under review. */
interface Subject {
  readonly file: FileId;
  readonly path: AbsolutePath;
  readonly text: string;
  readonly configuration: Configuration<LibraryModel>;
  /** The project's. */
  readonly dialect: Dialect;
  /** The server's major version. */
  readonly postgresVersion: number;
  readonly reach: number;
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
