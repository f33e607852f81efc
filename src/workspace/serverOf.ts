/** Which server a project's SQL is written for, by the drivers that its manifests ask for. */
import { posix } from 'node:path';
import type { Dialect } from '../sql/dialect';
import { DRIVERS, SPOKEN } from './databaseDrivers';
import type { AbsolutePath, FileAccess } from './fileAccess';
import { laravelDialect } from './laravelDialect';
import { upwardFrom } from './project';
import type { Stack, Stacks } from './stack';

export interface Servers {
  /** The one that counts where several are asked for; PostgreSQL where none is. */
  dialectOf(path: AbsolutePath): Dialect;
  /** PostgreSQL is one of several. */
  areSeveral(path: AbsolutePath): boolean;
  /** Whether it was a file that names a server: then all that was read of its kind is forgotten. */
  touched(path: AbsolutePath): boolean;
}

export function serversOf(root: AbsolutePath, stacks: Stacks, files: Pick<FileAccess, 'peek'>): Servers {
  const named = new Map<AbsolutePath, Dialect | undefined>();
  const told = new Map<AbsolutePath, Dialect | undefined>();
  /** Of SQL, by the packages, which are one object for all files of a folder until a manifest changes. */
  let ofFolders = new WeakMap<Stack['packages'], Dialect>();
  const several = new WeakMap<Stack['packages'], boolean>();

  /** What a tool has written down beside its migrations: Prisma's lock, Drizzle's journal. */
  function byTool(path: AbsolutePath): Dialect | undefined {
    const folder = posix.dirname(path);
    for (const [at, form] of [
      [posix.join(posix.dirname(folder), 'migration_lock.toml'), /^\s*provider\s*=\s*"(\w+)"/m],
      [posix.join(folder, 'meta/_journal.json'), /"dialect"\s*:\s*"(\w+)"/],
    ] as const) {
      const known = told.has(at) ? told.get(at) : TOLD[form.exec(files.peek(at) ?? '')?.[1] ?? ''];
      told.set(at, known);
      if (known) return known;
    }
    return undefined;
  }

  /** The server that a schema of Prisma's names, where Prisma brings its drivers itself. */
  function fromPrisma(folder: AbsolutePath): Dialect | undefined {
    const file = posix.join(folder, 'prisma/schema.prisma');
    const text = told.has(file) ? '' : (files.peek(file) ?? '');
    const known = told.get(file) ?? TOLD[/\bdatasource\s+\w+\s*\{[^}]*?\bprovider\s*=\s*"(\w+)"/.exec(text)?.[1] ?? ''];
    told.set(file, known);
    return known;
  }

  /** Of what is written in a language whose packages are not read otherwise. */
  function fromManifests(folder: AbsolutePath): Dialect | undefined {
    if (named.has(folder)) return named.get(folder);
    let found: Dialect | undefined;
    for (const name of MANIFESTS) {
      const text = files.peek(posix.join(folder, name));
      found ??= text === undefined ? undefined : SPOKEN.find(([driver]) => driver.test(text))?.[1];
    }
    named.set(folder, found);
    return found;
  }

  function find(path: AbsolutePath, packages: Stack['packages']): Dialect {
    const written = path.endsWith('.php') ? laravelDialect(path, root, files) : undefined;
    if (written) return written;
    const byIts = path.endsWith('.sql') ? byTool(path) : undefined;
    if (byIts) return byIts;
    const own = DRIVERS.find(([name]) => packages.has(name))?.[1];
    const isPrismas = packages.has('npm:prisma') || packages.has('npm:@prisma/client');
    const isSql = /\.(?:sql|xml|ya?ml)$/i.test(path);
    if (own || (!isSql && !isPrismas)) return own ?? 'postgresql';
    for (const folder of upwardFrom(posix.dirname(path))) {
      const found = (isPrismas ? fromPrisma(folder) : undefined) ?? (isSql ? fromManifests(folder) : undefined);
      if (found) return found;
      if (folder === root) break;
    }
    return 'postgresql';
  }

  return {
    dialectOf(path) {
      const { packages } = stacks.stackOf(path, root);
      if (!path.endsWith('.sql')) return find(path, packages);
      const known = ofFolders.get(packages);
      if (known) return known;
      const found = find(path, packages);
      ofFolders.set(packages, found);
      return found;
    },
    areSeveral(path) {
      const { packages } = stacks.stackOf(path, root);
      const known = several.get(packages);
      if (known !== undefined) return known;
      const dialects = DRIVERS.flatMap(([name, dialect]) => (packages.has(name) ? [dialect] : []));
      const areSeveral = dialects.includes('postgresql') && dialects.some(dialect => dialect !== 'postgresql');
      several.set(packages, areSeveral);
      return areSeveral;
    },
    touched(path) {
      const isManifest = MANIFESTS.includes(posix.basename(path));
      if (isManifest) named.clear();
      const tells = /(?:^|\/)(?:migration_lock\.toml|_journal\.json|schema\.prisma)$/.test(path);
      if (tells) told.clear();
      if (isManifest || tells) ofFolders = new WeakMap();
      return isManifest || tells;
    },
  };
}

const TOLD: Readonly<Record<string, Dialect | undefined>> = {
  postgresql: 'postgresql',
  postgres: 'postgresql',
  mysql: 'mysql',
  sqlite: 'sqlite',
  turso: 'sqlite',
  singlestore: 'mysql',
  sqlserver: 'transactsql',
};

/** Read as text: a driver's name is enough. */
const MANIFESTS: readonly string[] = [
  'go.mod',
  'composer.json',
  'pom.xml',
  'build.gradle',
  'build.gradle.kts',
  'requirements.txt',
  'pyproject.toml',
  'Pipfile',
  'Cargo.toml',
];
