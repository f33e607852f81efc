/** The server that a Laravel application is set up for. Source: laravel.com/docs/database (`DB_CONNECTION`, config/database.php). */
import { posix } from 'node:path';
import type { Dialect } from '../sql/dialect';
import type { AbsolutePath, FileAccess } from './fileAccess';

const CONNECTIONS: Readonly<Record<string, Dialect>> = {
  pgsql: 'postgresql',
  mysql: 'mysql',
  mariadb: 'mariadb',
  sqlite: 'sqlite',
  sqlsrv: 'transactsql',
};

/** Where it is written, the nearest to what runs first. */
const SAID: readonly (readonly [file: string, form: RegExp])[] = [
  ['.env', /^\s*DB_CONNECTION\s*=\s*["']?(\w+)/m],
  ['.env.example', /^\s*DB_CONNECTION\s*=\s*["']?(\w+)/m],
  ['config/database.php', /['"]default['"]\s*=>\s*(?:env\(\s*['"]DB_CONNECTION['"]\s*,\s*)?['"](\w+)['"]/],
];

/** By the application around a migration's file, within the project; undefined where it does not say. */
export function laravelDialect(
  path: AbsolutePath,
  root: AbsolutePath,
  files: Pick<FileAccess, 'peek'>,
): Dialect | undefined {
  for (let folder = posix.dirname(path); folder.startsWith(root); folder = posix.dirname(folder)) {
    for (const [file, form] of SAID) {
      const name = form.exec(files.peek(posix.join(folder, file)) ?? '')?.[1];
      const dialect = name !== undefined && Object.hasOwn(CONNECTIONS, name) ? CONNECTIONS[name] : undefined;
      if (dialect) return dialect;
    }
    if (folder === root || folder === '/') break;
  }
  return undefined;
}
