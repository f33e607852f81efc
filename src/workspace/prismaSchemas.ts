/**
 * The Prisma schemas of a project: the files that make one together, what they declare for the code, and the tables that they
 * come to where no migrations say it.
 */
import { posix } from 'node:path';
import { emptyCatalog } from '../catalog/catalog';
import type { FileId } from '../engine/place';
import type { SchemaScript } from '../facts/schemaScripts';
import { schemaScriptOf } from '../facts/schemaScripts';
import type { SchemaHead } from '../migrations/head';
import { schemaHeadOf } from '../migrations/head';
import { type PrismaFile, statementsOfPrisma } from '../migrations/prisma/ddl';
import { parsePrisma } from '../migrations/prisma/language';
import { wordsOf } from '../migrations/prisma/words';
import type { Dialect } from '../sql/dialect';
import { loadPostgresTrees } from '../sql/postgresTree';
import type { AbsolutePath, FileAccess } from './fileAccess';
import type { SourceText } from './sources';

export interface PrismaSchemaFiles {
  readonly files: readonly PrismaFile[];
  /** Of each file what makes the tables that it declares, whoever makes them. */
  readonly scripts?: ReadonlyMap<FileId, SchemaScript>;
  /** Without migrations beside it: the tables that are pushed, and of each file what makes them. */
  readonly pushed?: { readonly head: SchemaHead; readonly scripts: ReadonlyMap<FileId, SchemaScript> };
  /** Tables come from elsewhere as well: views, another server. */
  readonly isPartial: boolean;
}

export interface PrismaSchemas {
  /** Each schema of the project, once. */
  all(): Promise<readonly PrismaSchemaFiles[]>;
  of(file: FileId): Promise<PrismaSchemaFiles | undefined>;
  changed(file: FileId): void;
  /** It may be there now, or be there no more: a folder of migrations beside a schema says that these make its tables. */
  touched(file: FileId): void;
}

export interface PrismaSchemasOptions {
  readonly root: AbsolutePath;
  readonly files: FileAccess;
  /** The `.prisma` files of the project. */
  select(): Promise<readonly FileId[]>;
  textOf(file: FileId): Promise<SourceText>;
}

export const isPrisma = (file: FileId): boolean => /\.prisma$/i.test(file);

/** As a datasource names its server; what is not here has no SQL, or another. */
const PROVIDERS: Readonly<Record<string, Dialect | undefined>> = {
  postgresql: 'postgresql',
  postgres: 'postgresql',
  mysql: 'mysql',
  sqlite: 'sqlite',
  sqlserver: 'transactsql',
};

/** The newest that is assumed for what is no migration. */
const SERVER = 14;

export function prismaSchemasOf({ root, files, select, textOf }: PrismaSchemasOptions): PrismaSchemas {
  let found: Promise<readonly PrismaSchemaFiles[]> | undefined;

  async function read(): Promise<readonly PrismaSchemaFiles[]> {
    const parsed: PrismaFile[] = [];
    for (const file of await select()) {
      const source = await textOf(file);
      if ('text' in source) parsed.push({ file, schema: parsePrisma(source.text) });
    }
    return Promise.all([...groupsOf(parsed).entries()].map(([folder, group]) => schemaOf(folder, group)));
  }

  async function schemaOf(folder: FileId, group: readonly PrismaFile[]): Promise<PrismaSchemaFiles> {
    const schemas = group.map(({ schema }) => schema);
    const provider = schemas.map(schema => schema.provider).find(each => each !== undefined);
    const hasViews = schemas.some(({ models }) => models.some(({ kind }) => kind === 'view'));
    const dialect = provider === undefined ? undefined : PROVIDERS[provider];
    if (!dialect) return { files: group, isPartial: hasViews };
    const script = schemaScriptOf({
      script: { statements: statementsOfPrisma(group, wordsOf(dialect)), untranslated: [] },
      trees: await loadPostgresTrees(),
      dialect,
      tool: 'prisma',
      isOfModels: true,
      server: SERVER,
      before: emptyCatalog({ complete: false, dialect: dialect === 'postgresql' ? undefined : dialect }),
    });
    const head = schemaHeadOf(script.after, []);
    const whole = Object.assign(script, { head });
    const scripts = new Map(
      group.map(({ file }): [FileId, SchemaScript] => [
        file,
        { ...whole, changes: whole.changes.filter(({ at }) => at.unit === file) },
      ]),
    );
    return {
      files: group,
      scripts,
      ...(hasMigrations(folder) ? {} : { pushed: { head, scripts } }),
      isPartial: hasViews,
    };
  }

  /** Beside the schema, or beside the folder of it. */
  const hasMigrations = (folder: FileId): boolean =>
    [folder, posix.dirname(folder)].some(each =>
      files
        .entries(posix.join(root, each, 'migrations'))
        .some(({ name, kind }) => kind === 'folder' || name === 'migration_lock.toml'),
    );

  const all = (): Promise<readonly PrismaSchemaFiles[]> => {
    found ??= read();
    return found;
  };

  return {
    all,
    of: async file => (await all()).find(schema => schema.files.some(each => each.file === file)),
    changed(file) {
      if (isPrisma(file)) found = undefined;
    },
    touched(file) {
      if (isPrisma(file) || /(?:^|\/)migrations\//.test(file)) found = undefined;
    },
  };
}

/** By the folder of the file with the datasource: what stands in it or below is a part of that schema. */
function groupsOf(parsed: readonly PrismaFile[]): ReadonlyMap<FileId, readonly PrismaFile[]> {
  const folders = parsed.flatMap(({ file, schema }) => (schema.provider === undefined ? [] : [posix.dirname(file)]));
  const groups = new Map<FileId, PrismaFile[]>();
  for (const each of parsed) {
    const own = posix.dirname(each.file);
    const [folder = own] = folders
      .filter(name => name === '.' || own === name || own.startsWith(`${name}/`))
      .sort((one, other) => other.length - one.length);
    groups.set(folder, [...(groups.get(folder) ?? []), each]);
  }
  return groups;
}

/** For suppressions. */
export const prismaComments = (
  text: string,
): readonly { readonly start: number; readonly end: number; readonly text: string; readonly ownLine: boolean }[] =>
  [...text.matchAll(/"(?:[^"\\\n]|\\.)*"|\/\/[^\n]*/g)].flatMap(({ index, 0: found }) =>
    found.startsWith('"')
      ? []
      : [
          {
            start: index,
            end: index + found.length,
            text: found,
            ownLine: /(?:^|\n)[ \t]*$/.test(text.slice(Math.max(0, index - 200), index)),
          },
        ],
  );
