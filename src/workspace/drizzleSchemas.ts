/**
 * The tables that a project declares in Drizzle's terms, as the schema that they come to where no migrations make them. One
 * schema to a package, from all of its files together; read when it is asked for, and again when one of these files changes.
 */
import { posix } from 'node:path';
import { emptyCatalog } from '../catalog/catalog';
import { type FileId, fileOf } from '../engine/place';
import { type SchemaScript, schemaScriptOf } from '../facts/schemaScripts';
import { type PushedTables, statementsOfDrizzle } from '../migrations/drizzle/ddl';
import type { DrizzleDialect, DrizzleTable } from '../migrations/drizzle/declared';
import { DrizzleReader } from '../migrations/drizzle/tables';
import type { SchemaHead } from '../migrations/head';
import type { Module } from '../program/model';
import { loadPostgresTrees, type PostgresTrees } from '../sql/postgresTree';
import type { AbsolutePath } from './fileAccess';
import { pathKindOf } from './pathKind';
import type { SourceText } from './sources';
import type { Stacks } from './stack';

export interface DrizzleSchema {
  /** Its package, by the folder of the manifest; one to a server. */
  readonly folder: AbsolutePath;
  readonly head: SchemaHead;
  /** Of each file what makes its tables. */
  readonly scripts: ReadonlyMap<FileId, SchemaScript>;
  /** The database has these tables and no others. */
  readonly isWhole: boolean;
}

export interface DrizzleSchemas {
  /** The same until one of them is another. */
  all(): Promise<readonly DrizzleSchema[]>;
  changed(file: FileId): void;
}

export interface DrizzleSchemasOptions {
  readonly root: AbsolutePath;
  readonly stacks: Stacks;
  /** The files of code. */
  select(): Promise<readonly FileId[]>;
  textOf(file: FileId): Promise<SourceText>;
  load(file: FileId): Promise<Module | undefined>;
  resolve(from: FileId, specifier: string): FileId | undefined;
}

/** What a file has in it that declares tables; all of them import the types of their columns. */
export const mayDeclareDrizzle = (text: string): boolean =>
  /drizzle-orm\/(?:pg|mysql|sqlite|singlestore)-core/.test(text) && /\b(?:\w*[tT]able|pg\w*)\b/.test(text);

/** The newest that is assumed for what is no migration. */
const SERVER = 14;

interface Read {
  readonly schemas: readonly DrizzleSchema[];
  /** All that was looked into: what imports lead to as well. */
  readonly consulted: ReadonlySet<FileId>;
}

/** What a look at a text tells. */
interface Glanced {
  readonly declares: boolean;
  /** A text that may say how columns are called, or which tables count. */
  readonly config?: string;
}

/** How columns are called that have no name of their own: what a configuration says, or a client. */
const CASING = /\bcasing\s*:\s*(?:['"`](snake_case|camelCase)['"`])?/;

export function drizzleSchemasOf(options: DrizzleSchemasOptions): DrizzleSchemas {
  const { root, stacks, select, textOf, load, resolve } = options;
  let last: Read | undefined;
  let reading: Promise<Read> | undefined;
  /** Those of packages that have Drizzle. */
  let files: ReadonlySet<FileId> | undefined;
  const glanced = new Map<FileId, Glanced>();
  const stale = new Set<FileId>();

  const stackOf = (file: FileId) => stacks.stackOf(posix.join(root, file), root);
  const isOfDrizzle = (file: FileId): boolean => stackOf(file).packages.has('npm:drizzle-orm');
  const textIfThere = async (file: FileId): Promise<string> => {
    const source = await textOf(file);
    return 'text' in source ? source.text : '';
  };

  async function glanceAt(file: FileId): Promise<Glanced> {
    if (pathKindOf(file) !== 'production' && !CONFIGURES.test(file)) return NOTHING;
    const text = await textIfThere(file);
    const configures = text.includes('drizzle') && (CASING.test(text) || CONFIGURES.test(file));
    return { declares: mayDeclareDrizzle(text), ...(configures ? { config: text } : {}) };
  }

  async function read(): Promise<Read> {
    files ??= new Set((await select()).filter(isOfDrizzle));
    const packages = new Map<AbsolutePath, { readonly files: FileId[]; readonly config: string[] }>();
    for (const file of files) {
      const { declares, config } = glanced.get(file) ?? (await glanceAt(file));
      glanced.set(file, { declares, ...(config === undefined ? {} : { config }) });
      if (!declares && config === undefined) continue;
      const folder = posix.dirname(stackOf(file).manifests[0] ?? root);
      const own = packages.get(folder) ?? { files: [], config: [] };
      packages.set(folder, own);
      if (declares) own.files.push(file);
      if (config !== undefined) own.config.push(config);
    }
    const consulted = new Set<FileId>();
    const schemas: DrizzleSchema[] = [];
    for (const [folder, { files: declaring, config }] of packages) {
      if (declaring.length > 0) schemas.push(...(await schemasIn(folder, declaring, config, consulted)));
    }
    return { schemas, consulted };
  }

  async function schemasIn(
    folder: AbsolutePath,
    files: readonly FileId[],
    config: readonly string[],
    consulted: Set<FileId>,
  ): Promise<readonly DrizzleSchema[]> {
    const modules = new Map<FileId, Module | undefined>();
    for (const file of files) modules.set(file, await load(file));
    const casings = new Set(
      config.flatMap(
        text =>
          CASING.exec(text)
            ?.slice(0, 2)
            .map(each => each ?? '')
            .slice(-1) ?? [],
      ),
    );
    const columnName = (key: string): string => (casings.has('snake_case') ? snakeCase(key) : key);
    // which other files are needed is known when they are asked for
    for (let round = 0; round < MOST_ROUNDS; round++) {
      const wanted = new Set<FileId>();
      const reader = new DrizzleReader({
        module(file) {
          if (!modules.has(file)) wanted.add(file);
          return modules.get(file);
        },
        resolve,
        columnName,
      });
      const found = files.map(file => reader.tablesIn(file));
      const tables = found.flatMap(each => each.tables);
      const dialects = [...new Set(tables.map(({ dialect }) => dialect))];
      const each = dialects.map(dialect => {
        const own = tables.filter(table => table.dialect === dialect);
        return { dialect, tables: own, pushed: statementsOfDrizzle(own, reader, dialect) };
      });
      if (wanted.size > 0 && round < MOST_ROUNDS - 1) {
        for (const file of wanted) modules.set(file, await load(file));
        continue;
      }
      for (const file of modules.keys()) consulted.add(file);
      // a casing that is not a constant leaves names open, and so does what is said in two ways
      const isNamed = casings.size <= 1 && !casings.has('') && !casings.has('camelCase');
      const isPushed = stackOf(files[0] ?? '').packages.has('npm:drizzle-kit');
      const isChosen = config.some(text => /\b(?:tablesFilter|schemaFilter|extensionsFilters)\b/.test(text));
      const isAll = isPushed && !isChosen && each.length === 1 && found.every(({ isPartial }) => !isPartial);
      const trees = await loadPostgresTrees();
      return each.map(one => schemaOf(folder, one, { isNamed, isAll }, trees));
    }
    return [];
  }

  /** Whether what has changed since says another thing, or may. */
  async function isStale({ consulted }: Read): Promise<boolean> {
    let differs = false;
    for (const file of stale) {
      const before = glanced.get(file);
      glanced.delete(file);
      if (posix.basename(file) === 'package.json') {
        files = undefined;
        differs = true;
        continue;
      }
      if (!files?.has(file) && !(CODE.test(file) && isOfDrizzle(file))) continue;
      const now = await glanceAt(file);
      if (files?.has(file)) glanced.set(file, now);
      else if (now.declares || now.config !== undefined) files = undefined;
      differs ||= consulted.has(file) || now.declares || before?.declares === true || before?.config !== now.config;
    }
    stale.clear();
    return differs;
  }

  async function current(): Promise<Read> {
    if (last && !(await isStale(last))) return last;
    stale.clear();
    last = await read();
    return last;
  }

  return {
    async all() {
      if (!last || stale.size > 0) {
        reading ??= current().finally(() => {
          reading = undefined;
        });
        return (await reading).schemas;
      }
      return last.schemas;
    },
    changed(file) {
      stale.add(file);
    },
  };
}

/** The tables of one server. */
function schemaOf(
  folder: AbsolutePath,
  { dialect, tables, pushed }: { dialect: DrizzleDialect; tables: readonly DrizzleTable[]; pushed: PushedTables },
  { isNamed, isAll }: { readonly isNamed: boolean; readonly isAll: boolean },
  trees: PostgresTrees,
): DrizzleSchema {
  const script = schemaScriptOf({
    script: { statements: pushed.statements, untranslated: [] },
    trees,
    dialect,
    tool: 'drizzle',
    isOfModels: true,
    server: SERVER,
    before: emptyCatalog({ complete: false, dialect: dialect === 'postgresql' ? undefined : dialect }),
  });
  const isUnread = script.statements.some(({ operations }) => operations.length === 0);
  const isSettled = (name: string): boolean => isNamed && !isUnread && !pushed.open.has(name);
  const head: SchemaHead = {
    catalog: script.after,
    isSettled,
    isWithout: isSettled,
    isSettledSince: (_, names) => names.every(isSettled),
    isUnderstood: isNamed && pushed.open.size === 0,
  };
  const whole = Object.assign(script, { head });
  const scripts = new Map<FileId, SchemaScript>();
  for (const { file } of tables)
    scripts.set(file, { ...whole, changes: whole.changes.filter(({ at }) => fileOf(at.unit) === file) });
  const isWhole = isAll && isNamed && !isUnread && tables.every(({ schema }) => schema === undefined);
  return { folder, head, scripts, isWhole };
}

const NOTHING: Glanced = { declares: false };

const CODE = /\.[cm]?[jt]sx?$/;

const CONFIGURES = /(?:^|\/)drizzle[\w.-]*\.config\.\w+$/;

/** Imports lead no further than this from the files that declare tables. */
const MOST_ROUNDS = 12;

/** As Drizzle does it. */
const snakeCase = (name: string): string =>
  (name.replace(/['\u2019]/g, '').match(/[\da-z]+|[A-Z]+(?![a-z])|[A-Z][\da-z]+/g) ?? [])
    .map(word => word.toLowerCase())
    .join('_');
