/**
 * The schema that a project's migrations and SQL files come to, for the code that queries it. Found on first need, kept
 * until one of them changes.
 */
import { posix } from 'node:path';
import { tablesOf } from '../catalog/catalog';
import type { FileId } from '../engine/place';
import { changedIn } from '../facts/changedTypes';
import { goneIn, type PastOperation, placeIn } from '../facts/goneNames';
import { type Gone, type KnownPart, type KnownSchema, knownSchemaOf } from '../facts/knownSchema';
import { type ClientModel, clientModelsOf } from '../facts/prismaModels';
import type { SchemaScript } from '../facts/schemaScripts';
import { mayHoldQueries } from '../facts/sqlFiles';
import { readStatements } from '../migrations/folding';
import type { SchemaHead } from '../migrations/head';
import { mayContribute } from '../migrations/history';
import { mayBeMigration } from '../migrations/read';
import type { Dialect } from '../sql/dialect';
import { loadPostgresTrees } from '../sql/postgresTree';
import { type GoneWords, goneWords, mentionsGone, type SurveyedFile, surveyOf } from './codeSurvey';
import type { ConfigurationFiles } from './configurationFiles';
import type { DrizzleSchema, DrizzleSchemas } from './drizzleSchemas';
import type { AbsolutePath } from './fileAccess';
import { historyTail } from './historyTail';
import { pathKindOf } from './pathKind';
import type { PlainSchemas, PlainScript } from './plainSchemas';
import { isPrisma, type PrismaSchemas } from './prismaSchemas';
import type { FileLists } from './projectFiles';
import type { HistoryState } from './schemaHistory';
import type { SourceText } from './sources';

export interface ProjectSchema {
  /** Undefined where nothing of the project says what its tables are. */
  known(): Promise<KnownSchema | undefined>;
  /** Production code that may name what is gone. */
  mayNameGone(): Promise<readonly FileId[]>;
  /** Whether a file of code may, whatever kind of code it is. */
  isNamingGone(file: FileId, text: string): Promise<boolean>;
  /** Whether the tables of a schema are made from it, and not by migrations. */
  isPushed(file: FileId): Promise<boolean>;
  /** What makes the tables that a file of code declares, where no migrations make them. */
  pushedIn(file: FileId): Promise<SchemaScript | undefined>;
  /** What would make the tables that a file of code declares, whoever makes them. */
  modelledIn(file: FileId): Promise<SchemaScript | undefined>;
  /** The tables that no migrations make: what files of SQL, Prisma and Drizzle say. */
  declared(): Promise<readonly DeclaredSchema[]>;
  changed(file: FileId): void;
  /** Which files are migrations, or for which server, may have changed. */
  configurationChanged(): void;
}

/** Tables by the files that declare them. */
export interface DeclaredSchema {
  readonly head: SchemaHead;
  readonly scripts: ReadonlyMap<FileId, SchemaScript>;
}

export interface ProjectSchemaOptions {
  readonly root: AbsolutePath;
  readonly listOf: FileLists['of'];
  readonly configurations: ConfigurationFiles;
  readonly plainSchemas: PlainSchemas;
  readonly prismaSchemas: PrismaSchemas;
  readonly drizzleSchemas: DrizzleSchemas;
  isCode(file: FileId): boolean;
  textOf(file: FileId): Promise<SourceText>;
  now(): Date;
  /** The project's, or the one that a configuration names. */
  dialectOf(file: FileId): Dialect;
  /** The history that a migration belongs to; undefined for a file that is none. */
  stateOf(file: FileId): Promise<HistoryState | undefined>;
}

/** Where migrations stand that are written in code. */
const AMONG_MIGRATIONS = /(?:^|\/)(?:[\w-]*[-_])?(?:migrations?|migrate|versions|alembic)\//i;

/** Code that may name what is gone, by the words that speak of that. */
interface NamingGone {
  readonly words: readonly GoneWords[];
  /** The same words, whenever they were found. */
  readonly key: string;
  readonly mentions: ReturnType<typeof mentionsGone>;
  /** Those that were judged since they changed. */
  readonly files: Map<FileId, boolean>;
}

interface Found {
  readonly parts: readonly KnownPart[];
  /** What may make tables as well, and cannot be followed: texts in lower case. */
  readonly unread: readonly string[];
  readonly gone: readonly Gone[];
  readonly clients: ReadonlyMap<string, ClientModel>;
  readonly declared: readonly DeclaredSchema[];
  /** The files of schemas from which the tables are made, where no migrations make them. */
  readonly pushed: ReadonlySet<FileId>;
  readonly goneWords: readonly GoneWords[];
  /** The tables of all parts, those that are gone among them. */
  readonly tables: ReadonlySet<string>;
}

export function projectSchemaOf(options: ProjectSchemaOptions): ProjectSchema {
  const { root, configurations, plainSchemas, prismaSchemas, drizzleSchemas, listOf } = options;
  const { isCode, textOf, dialectOf, stateOf, now } = options;
  let found: Promise<Found> | undefined;
  let declared: Declared | undefined;
  let current: Promise<KnownSchema | undefined> | undefined;
  let last: { readonly found: Found; readonly known: KnownSchema } | undefined;
  let namingInSql: Promise<readonly FileId[]> | undefined;
  const surveyed = new Map<FileId, SurveyedFile>();
  /** The list that `surveyed` is of. */
  let surveyedFiles: readonly FileId[] | undefined;
  const stale = new Set<FileId>();
  let namingGone: NamingGone | undefined;

  const isSchema = (file: FileId): boolean =>
    /\.(?:sql|prisma)$/i.test(file) || (isCode(file) && AMONG_MIGRATIONS.test(file) && mayContribute(file));

  const schemaFiles = listOf(isSchema);
  const sqlFiles = listOf(file => /\.sql$/i.test(file) && pathKindOf(file) === 'production');
  const codeFiles = listOf(file => isCode(file) && pathKindOf(file) === 'production' && !AMONG_MIGRATIONS.test(file));

  async function textIfThere(file: FileId): Promise<string | undefined> {
    const source = await textOf(file);
    return 'text' in source ? source.text : undefined;
  }

  async function textsOf({ steps }: HistoryState['history']): Promise<readonly string[]> {
    const texts: string[] = [];
    for (const { file } of steps) {
      const source = await textOf(file);
      if ('text' in source) texts.push(source.text);
    }
    return texts;
  }

  async function findParts(): Promise<Found> {
    const parts = new Map<string, KnownPart>();
    const unread: string[] = [];
    const inFiles: DeclaredSchema[] = [];
    /** Files of histories that were met. */
    const told = new Set<FileId>();
    for (const file of await schemaFiles()) {
      if (pathKindOf(file) !== 'production' || told.has(file)) continue;
      const state = await stateOf(file);
      if (state) {
        for (const step of state.history.steps) {
          told.add(step.file);
          if (step.downFile !== undefined) told.add(step.downFile);
        }
        if (!parts.has(state.key)) {
          const part = await partOf(state, textIfThere, now);
          if (part) parts.set(state.key, part);
          else unread.push(...(await textsOf(state.history)));
        }
        continue;
      }
      if (isPrisma(file)) continue;
      if (/\.sql$/i.test(file)) {
        const { configuration } = configurations.configurationOf(posix.join(root, file));
        const settings = configuration.migrations;
        const postgresVersion = configuration.migrations.postgresVersion?.major ?? 14;
        const plain = await plainSchemas.scriptOf({ file, settings, postgresVersion, dialect: dialectOf(file) });
        if (!plain?.script.head) continue;
        const [first] = plain.among;
        const key = `plain ${first?.file ?? file}`;
        if (!parts.has(key)) {
          parts.set(key, partOfFiles(plain, plain.script.head));
          const scripts = new Map(plain.among.map(each => [each.file, each.script]));
          inFiles.push({ head: plain.script.head, scripts });
        }
        continue;
      }
      const source = await textOf(file);
      if ('text' in source && mayBeMigration(file, source.text)) unread.push(source.text);
    }
    const schemas = (await prismaSchemas.all()).filter(each =>
      each.files.some(({ file }) => pathKindOf(file) === 'production'),
    );
    // what migrations make is what is there
    const tables = new Set(
      [...parts.values()].flatMap(({ head, gone }) => [
        ...tablesOf(head.catalog).map(({ name }) => name),
        ...gone.map(({ table }) => table),
      ]),
    );
    const pushed = schemas.filter(
      each => each.pushed && !tablesOf(each.pushed.head.catalog).some(({ name }) => tables.has(name)),
    );
    for (const { files: all, pushed: own, isPartial } of pushed)
      if (own)
        parts.set(`prisma ${all[0]?.file}`, {
          head: own.head,
          isWhole: !isPartial && isMadeBy(own.head),
          gone: [],
          isHistory: false,
        });
    const clients = new Map(schemas.flatMap(({ files: each }) => [...clientModelsOf(each)]));
    const all = [...parts.values()];
    const gone = all.flatMap(part => part.gone);
    return {
      parts: all,
      unread: unread.map(text => text.toLowerCase()),
      declared: [...inFiles, ...pushed.flatMap(each => each.pushed ?? [])],
      gone,
      clients,
      pushed: new Set(pushed.flatMap(({ files: all }) => all.map(({ file }) => file))),
      goneWords: goneWords(gone, clients),
      tables,
    };
  }

  /** What is there, with the tables that code declares and nothing else makes. */
  async function withDeclared(): Promise<Declared> {
    found ??= findParts();
    const base = await found;
    const schemas = await drizzleSchemas.all();
    if (declared?.base === base && declared.schemas === schemas) return declared;
    const pushed = schemas.filter(({ head }) => !tablesOf(head.catalog).some(({ name }) => base.tables.has(name)));
    const parts = pushed.map(({ head, isWhole }): KnownPart => ({ head, isWhole, gone: [], isHistory: false }));
    const whole = parts.length > 0 ? { ...base, parts: [...base.parts, ...parts] } : base;
    declared = { base, schemas, pushed, found: whole };
    return declared;
  }

  /** Looks at the code that was not looked at since it changed. @returns whether it says another thing than before */
  async function survey(): Promise<boolean> {
    let differs = false;
    const listed = await codeFiles();
    if (surveyedFiles !== listed) {
      const present = new Set(listed);
      for (const file of surveyed.keys()) {
        if (present.has(file)) continue;
        surveyed.delete(file);
        differs = true;
      }
      surveyedFiles = listed;
    }
    for (const file of listed) {
      const before = surveyed.get(file);
      if (before && !stale.has(file)) continue;
      const now = surveyOf((await textIfThere(file)) ?? '');
      surveyed.set(file, now);
      namingGone?.files.delete(file);
      differs ||=
        !before ||
        !isSame(before.makes, now.makes) ||
        !isSame(before.indexes, now.indexes) ||
        !isSame(before.models, now.models) ||
        !isSame(before.asks, now.asks);
    }
    stale.clear();
    return differs;
  }

  /** Which of the files that were looked at may name what is gone, as long as the same is gone. */
  function namingOf({ goneWords: words }: Found): NamingGone {
    if (namingGone?.words === words) return namingGone;
    const key = JSON.stringify(words);
    namingGone =
      namingGone?.key === key
        ? { ...namingGone, words }
        : { words, key, mentions: mentionsGone(words), files: new Map() };
    return namingGone;
  }

  async function isNaming(file: FileId, { mentions, files: judged }: NamingGone): Promise<boolean> {
    const known = judged.get(file);
    if (known !== undefined) return known;
    const is = mentions((await textIfThere(file)) ?? '', surveyed.get(file)?.models ?? NO_MODELS);
    judged.set(file, is);
    return is;
  }

  async function find(): Promise<KnownSchema | undefined> {
    const { found: now } = await withDeclared();
    if (now.parts.length === 0) return undefined;
    const differs = await survey();
    if (last?.found === now && !differs) return last.known;
    const each = [...surveyed.values()];
    const makes = new Set(each.flatMap(file => [...file.makes]));
    const indexes = new Set(each.flatMap(file => [...file.indexes]));
    const models = new Set(each.flatMap(file => [...file.models]));
    const schema = knownSchemaOf({
      ...now,
      isPartial: now.unread.length > 0,
      isUnread: name => now.unread.some(text => text.includes(name.toLowerCase())),
      asked: new Set(each.flatMap(file => [...file.asks])),
      isMadeElsewhere: name => makes.has(name),
      isIndexedElsewhere: name => indexes.has(name),
      isModelled: name => models.has(name),
    });
    last = { found: now, known: schema };
    return schema;
  }

  /** Files of queries in SQL that may name what is gone. */
  async function findNamingInSql(): Promise<readonly FileId[]> {
    found ??= findParts();
    const now = await found;
    if (now.gone.length === 0) return [];
    const { mentions } = namingOf(now);
    const naming: FileId[] = [];
    for (const file of await sqlFiles()) {
      const text = await textIfThere(file);
      const is = text !== undefined && mayHoldQueries(text) && mentions(text, NO_MODELS);
      if (is && !(await stateOf(file))) naming.push(file);
    }
    return naming;
  }

  const known = (): Promise<KnownSchema | undefined> => {
    current ??= find();
    return current;
  };

  const forget = (): void => {
    current = undefined;
    found = undefined;
    namingInSql = undefined;
  };

  return {
    known,
    async mayNameGone() {
      const inCode: FileId[] = [];
      if ((await known()) && found) {
        const naming = namingOf(await found);
        for (const file of surveyed.keys()) if (await isNaming(file, naming)) inCode.push(file);
      }
      const schemas = (await prismaSchemas.all()).flatMap(({ files: each }) => each.map(({ file }) => file));
      namingInSql ??= findNamingInSql();
      return [...inCode, ...schemas.filter(file => pathKindOf(file) === 'production'), ...(await namingInSql)];
    },
    async isNamingGone(file, text) {
      if (!(await known()) || !found) return false;
      const naming = namingOf(await found);
      return surveyed.has(file) ? isNaming(file, naming) : naming.mentions(text, surveyOf(text).models);
    },
    async isPushed(file) {
      found ??= findParts();
      return (await found).pushed.has(file);
    },
    async pushedIn(file) {
      for (const { scripts } of (await withDeclared()).pushed) {
        const script = scripts.get(file);
        if (script) return script;
      }
      return undefined;
    },
    async modelledIn(file) {
      for (const { scripts } of (await withDeclared()).schemas) {
        const script = scripts.get(file);
        if (script) return script;
      }
      return undefined;
    },
    async declared() {
      const { base, pushed } = await withDeclared();
      return [...base.declared, ...pushed];
    },
    changed(file) {
      current = undefined;
      if (isSchema(file)) forget();
      stale.add(file);
    },
    configurationChanged() {
      forget();
      surveyed.clear();
    },
  };
}

interface Declared {
  readonly base: Found;
  readonly schemas: readonly DrizzleSchema[];
  /** Those whose tables are made from them. */
  readonly pushed: readonly DrizzleSchema[];
  readonly found: Found;
}

const NO_MODELS: ReadonlySet<string> = new Set();

const isSame = (one: ReadonlySet<string>, other: ReadonlySet<string>): boolean =>
  one.size === other.size && [...one].every(name => other.has(name));

/** A history as the code sees it; nothing for one that is not read. */
async function partOf(
  { history, steps, head }: HistoryState,
  textOf: (file: FileId) => Promise<string | undefined>,
  now: () => Date,
): Promise<KnownPart | undefined> {
  if (!head) return undefined;
  const tail = await historyTail(history, textOf, now);
  const trees = await loadPostgresTrees();
  const past: PastOperation[] = [];
  let isWhole = history.unordered === undefined;
  for (const [at, { before, up }] of steps.entries()) {
    const step = history.steps[at];
    if (!step) continue;
    if (up.isPartial || up.failed || step.refused !== undefined || !before.complete) isWhole = false;
    for (const { statement, operations } of readStatements(step.up, trees))
      for (const operation of operations)
        past.push({
          operation,
          before,
          step: at,
          at: placeIn(statement, operation.span),
          file: step.file,
          migration: step.name,
        });
  }
  const gone = takenIn(past, head);
  return { head, isWhole: isWhole && head.catalog.complete, gone, isHistory: true, ...(tail ? { tail } : {}) };
}

const takenIn = (past: readonly PastOperation[], head: SchemaHead): readonly Gone[] => [
  ...goneIn(past, head),
  ...changedIn(past, head.catalog),
];

/** The SQL files of a folder as the code sees them. They are all there is where they speak of nothing else. */
function partOfFiles({ among }: PlainScript, head: SchemaHead): KnownPart {
  const past = among.flatMap(({ file, script }, step) =>
    script.changes.map(
      ({ operation, before, at }): PastOperation => ({
        operation,
        before,
        step,
        at,
        file,
        migration: posix.basename(file),
      }),
    ),
  );
  return { head, isWhole: isMadeBy(head), gone: takenIn(past, head), isHistory: false };
}

/** It is understood, and speaks of nothing that it has not made. */
const isMadeBy = ({ isUnderstood, catalog }: SchemaHead): boolean =>
  isUnderstood && [...catalog.objects.values()].every(object => !object.assumed);
