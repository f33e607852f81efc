/** The migrations of a project as histories: paired and ordered as their tool does it, each direction as SQL. */

import type { MigrationTool } from '../engine/migrationTools';
import type { FileId, Place } from '../engine/place';
import type { Dialect } from '../sql/dialect';
import type { Contribution, Direction, Format, MigrationFile, Revision } from './contribution';
import { alembic } from './formats/alembic';
import { code } from './formats/code';
import { appOf, django, djangoGraph, mayBeDjangos, withDjangoScripts } from './formats/django';
import type { DjangoNode } from './formats/djangoNode';
import { flyway } from './formats/flyway';
import { laravel } from './formats/laravel';
import { isLiquibase, liquibase } from './formats/liquibase';
import { drizzle, prisma, sqitch } from './formats/listed';
import { pairs } from './formats/pairs';
import { sections } from './formats/sections';
import { ordered } from './order';
import type { Script } from './script';
import { hasSections, isHalfOfPair } from './sqlFiles';
import type { Irreversible } from './translate/django';

export type { MigrationFile } from './contribution';

export interface MigrationHistory {
  readonly tool: MigrationTool;
  /** The folder that the tool is pointed at; empty for the project's own. */
  readonly folder: string;
  /** As the statements are written. */
  readonly dialect: Dialect;
  /** In the order in which the tool runs them. */
  readonly steps: readonly HistoryStep[];
  /** The tool knows no way back, or the project has chosen to have none at all. */
  readonly withoutDowns?: 'by-design' | 'by-choice';
  /** Why the order is not certain: `two heads, a1 and b2`. */
  readonly unordered?: string;
}

export interface HistoryStep {
  /** As the tool names it. */
  readonly name: string;
  /** The file of the up. */
  readonly file: FileId;
  readonly up: Script;
  /** The up's function, marker or first line. */
  readonly upAt: Place;
  /** Absent: there is none. One that holds nothing is there. */
  readonly down?: Script;
  readonly downAt?: Place;
  /** The tool has made the down up from the up's own calls. */
  readonly downInferred?: boolean;
  /** Calls of the up for which people have written a way back all the same. */
  readonly reversed?: readonly Irreversible[];
  /** Calls of the up that the tool would have to take back by itself, and refuses to. */
  readonly irreversible?: readonly Irreversible[];
  /** Where the down stands, when not in the up's file. */
  readonly downFile?: FileId;
  /** Why the tool would not run it. */
  readonly refused?: string;
  /** Run whenever it changes, behind all others; it has no way back of its own. */
  readonly repeatable?: boolean;
}

/** The tables in which the tools keep what has been run, by name. No part of the schema. */
export const isToolsOwn = (relation: string): boolean =>
  TOOLS_OWN.has(relation.replace(/^.*\./, '').replaceAll('"', ''));

const TOOLS_OWN = new Set([
  'schema_migrations',
  'goose_db_version',
  '__diesel_schema_migrations',
  'pgmigrations',
  'migrations',
  'knex_migrations',
  'knex_migrations_lock',
  'SequelizeMeta',
  'alembic_version',
  'django_migrations',
  'flyway_schema_history',
  'databasechangelog',
  'databasechangeloglock',
  'mikro_orm_migrations',
  '_prisma_migrations',
  '__drizzle_migrations',
]);

/** In the order in which they are asked: the first that knows a file has it. */
const FORMATS: readonly Format[] = [
  pairs,
  sections,
  liquibase,
  flyway,
  prisma,
  sqitch,
  drizzle,
  alembic,
  django,
  laravel,
  code,
];

/**
 * What one file tells; empty for one that is no part of any history. To be kept by whoever edits.
 * @param named the tool by the configuration, which leaves no other
 */
export function contributionsOf(
  file: MigrationFile,
  projects: Dialect,
  named?: MigrationTool,
): readonly Contribution[] {
  for (const format of FORMATS) {
    const found = format(file, projects, named).filter(({ tool }) => named === undefined || tool === named);
    if (found.length > 0) return found;
  }
  return [];
}

/**
 * Whether a file could tell anything of a history: by its path, and by its text where that is at hand.
 * @param named the tool by the configuration: it knows its files by less
 */
export function mayContribute(file: FileId, text?: string, named?: MigrationTool): boolean {
  if (named === 'sql-pairs' && /\.sql$/i.test(file)) return true;
  if (/(?:^|\/)(?:sqitch\.plan|metadata\.toml|meta\/_journal\.json)$|\.sql\.conf$/.test(file)) return true;
  if (/\.sql$/i.test(file)) {
    if (isOfOtherServer(file)) return false;
    if (
      isHalfOfPair(file) ||
      /(?:^|\/)(?:[VUR]\d*[\d._]*__[^/]+|\d+_[^/]+|migration|(?:deploy|revert)\/.+)\.sql$/.test(file)
    )
      return true;
    return text === undefined || hasSections(text) || isLiquibase(text);
  }
  if (/\.py$/.test(file))
    return text === undefined || mayBeDjangos(text) || (/^down_revision\b/m.test(text) && /^def upgrade\b/m.test(text));
  if (/\.php$/i.test(file)) return text === undefined || isPhpMigration(text);
  return (
    /\.[cm]?[jt]s$/.test(file) &&
    !/\.d\.[cm]?ts$/.test(file) &&
    (text === undefined || /\bup\b/.test(text) || isMadeByCall(file, text))
  );
}

/** What a file among migrations hands over may be made by a call, in which there is no `up` to be seen. */
export const isMadeByCall = (file: FileId, text: string): boolean =>
  /migrat/i.test(file) && /\bmodule\.exports\s*=\s*[\w.]+\(|\bexport\s+default\s+[\w.]+\(/.test(text);

export const isPhpMigration = (text: string): boolean => /\bextends\s+\\?(?:\w+\\)*Migration\b/.test(text);

/**
 * The histories among these files, one for each tool and folder. Files that are no migration are left aside.
 * @param projects the dialect of the project, which the statements may belie
 */
export const historiesOf = (files: readonly MigrationFile[], projects: Dialect): readonly MigrationHistory[] =>
  historiesFrom(
    files.flatMap(file => contributionsOf(file, projects)),
    projects,
  );

interface Gathered {
  readonly tool: MigrationTool;
  readonly folder: string;
  readonly migrations: Contribution[];
  order?: Extract<Contribution, { kind: 'order' }>;
  readonly outside: Set<string>;
}

/** The same from what the files tell. */
export function historiesFrom(contributions: readonly Contribution[], projects: Dialect): readonly MigrationHistory[] {
  const gathered = new Map<string, Gathered>();
  for (const each of contributions) {
    const key = `${each.tool} ${each.folder}`;
    const group: Gathered = gathered.get(key) ?? {
      tool: each.tool,
      folder: each.folder,
      migrations: [],
      outside: new Set(),
    };
    gathered.set(key, group);
    if (each.kind === 'order') group.order = each;
    else if (each.kind === 'outside-transaction') group.outside.add(each.key);
    else group.migrations.push(each);
  }
  return [...gathered.values()].flatMap(group => historyOf(group, projects) ?? []);
}

/** One migration, its halves put together. */
export interface Joined {
  readonly key: string;
  readonly name: string;
  readonly up: Direction;
  readonly down?: Direction;
  readonly revision?: Revision;
  readonly django?: DjangoNode;
  readonly irreversible?: readonly Irreversible[];
  readonly stamp?: number;
  readonly repeatable?: boolean;
  /** Another one with the same key: two files with one version. */
  readonly twin?: string;
}

function historyOf(
  { tool, folder, migrations, order, outside }: Gathered,
  projects: Dialect,
): MigrationHistory | undefined {
  const all = join(migrations.filter(each => each.kind !== 'migration' || !each.listed || order !== undefined));
  if (all.length === 0) return undefined;
  const app = tool === 'django' ? appOf(folder, all) : undefined;
  const joined = app === undefined ? all : djangoGraph(app, all);
  const dialects = migrations.flatMap(each => (each.kind === 'migration' ? [each.dialect] : []));
  const dialect = dialectNamed(folder) ?? dialects.find(each => each !== projects) ?? projects;
  const { steps: placed, unordered } = ordered(tool, joined, order?.keys);
  const steps = app === undefined ? placed : withDjangoScripts(app, placed);
  const withoutDowns =
    tool === 'prisma' || tool === 'drizzle'
      ? 'by-design'
      : tool === 'flyway' && joined.every(({ down }) => !down)
        ? 'by-choice'
        : undefined;
  return {
    tool,
    folder,
    dialect,
    steps: steps.map(({ migration, refused }) => stepOf(migration, refused, outside, dialect)),
    ...(withoutDowns ? { withoutDowns } : {}),
    ...(unordered === undefined ? {} : { unordered }),
  };
}

/**
 * Folders, or files, beside each other for several servers: `migrations/sqlite`, `db/mysql/migrations`, `mysql-upgrades`,
 * `mysql.sql`.
 */
export function dialectNamed(path: string): Dialect | undefined {
  const folder = /^(.*\/)?[^/]*\.sql$/i.exec(path);
  const [, name] = IN_FOLDER.exec(folder ? (folder[1] ?? '') : path) ?? [];
  const named = name ?? (folder ? namedInFile(path.slice((folder[1] ?? '').length, -'.sql'.length)) : undefined);
  return named === undefined ? undefined : NAMED[named.toLowerCase()];
}

const SERVERS = 'postgres|postgresql|pgsql|pg|mysql|mariadb|sqlite3?|mssql|sqlserver';

const IN_FOLDER = new RegExp(
  `(?:^|/)(?:[\\w.-]*[-_.])?(${SERVERS})(?:/|$|[_-][\\w-]*(?:migrations?|upgrades?|updates?|changes|patches|schemas?|sql|ddl)/)`,
  'i',
);

/** Of what is moved from one server to another, the name tells of both. */
const IN_FILE = new RegExp(`(?:^|(?<!(?:^|[-_.])(?:from|to|into|of|via|like))[-_.])(${SERVERS})(?:[-_.]|$)`, 'i');

/** `V20__drop_sqlserver_logins` says what it does, `V20__logins.sqlserver` and `V20__logins_sqlserver` for which server. */
const DESCRIBED = new RegExp(`^(?:[VUBR][\\d._]*__|\\d{8,}[-_]).*[-_](?:${SERVERS})[-_]`, 'i');

const namedInFile = (name: string): string | undefined => (DESCRIBED.test(name) ? undefined : IN_FILE.exec(name)?.[1]);

/** A file of SQL for a server whose SQL is none of those that are read. */
export const isOfOtherServer = (path: string): boolean =>
  /(?:^|[/._-])(?:oracle|db2|firebird|informix|h2|hsqldb|derby|clickhouse|cassandra|bigquery|snowflake|redshift|spanner|duckdb|hive)(?:[/._-]|$)/i.test(
    path,
  );

const NAMED: Readonly<Record<string, Dialect>> = {
  postgres: 'postgresql',
  postgresql: 'postgresql',
  pgsql: 'postgresql',
  pg: 'postgresql',
  mysql: 'mysql',
  mariadb: 'mariadb',
  sqlite: 'sqlite',
  sqlite3: 'sqlite',
  mssql: 'transactsql',
  sqlserver: 'transactsql',
};

function join(contributions: readonly Contribution[]): readonly Joined[] {
  const byKey = new Map<
    string,
    { key: string; name: string; up?: Direction; down?: Direction; twin?: string } & Pick<
      Joined,
      'revision' | 'django' | 'stamp' | 'repeatable'
    >
  >();
  for (const each of contributions) {
    if (each.kind !== 'migration') continue;
    const { key, name, up, down, revision, django: own, stamp, repeatable } = each;
    const known = byKey.get(key) ?? { key, name, revision, django: own, stamp, repeatable };
    byKey.set(key, known);
    if (up) {
      if (known.up) known.twin = name;
      else known.name = name;
    }
    known.up ??= up;
    known.down ??= down;
  }
  // a down without an up is no migration
  return [...byKey.values()].flatMap(({ up, ...rest }) => (up ? [{ ...rest, up }] : []));
}

function stepOf(
  { key, name, up, down, repeatable, irreversible }: Joined,
  refused: string | undefined,
  outside: ReadonlySet<string>,
  dialect: Dialect,
): HistoryStep {
  const script = ({ file, script: read }: Direction): Script => {
    const own = dialect === 'postgresql' ? read : { ...read, dialect };
    return outside.has(key) || outside.has(file) ? { ...own, inTransaction: false } : own;
  };
  return {
    name,
    file: up.file,
    up: script(up),
    upAt: up.at,
    ...(down ? { down: script(down), downAt: down.at } : {}),
    ...(down?.inferred ? { downInferred: true } : {}),
    ...(down?.reversed && down.reversed.length > 0 ? { reversed: down.reversed } : {}),
    ...(down && down.file !== up.file ? { downFile: down.file } : {}),
    ...(irreversible ? { irreversible } : {}),
    ...(refused === undefined ? {} : { refused }),
    ...(repeatable ? { repeatable } : {}),
  };
}
