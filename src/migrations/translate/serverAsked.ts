/** Which server a migration is sent to, asked in its code: `knex.client.config.client === 'pg'`. */
import type { Dialect } from '../../sql/dialect';
import { type Answers, constantText, type Value } from '../code/values';
import type { Translator } from './translation';

/** What drivers and libraries call each server. A name that is in none of these answers nothing. */
const NAMES: Readonly<Record<'postgresql' | 'mysql' | 'mariadb' | 'sqlite' | 'transactsql' | 'oracle', string>> = {
  postgresql: 'pg postgres postgresql pgsql pg-native pgnative aurora-postgres client_pg',
  mysql: 'mysql mysql2 aurora-mysql client_mysql client_mysql2',
  mariadb: 'mariadb',
  sqlite: 'sqlite sqlite3 better-sqlite3 sqljs client_sqlite3 client_bettersqlite3',
  transactsql: 'mssql sqlsrv tedious client_mssql',
  oracle: 'oracle oracledb client_oracledb',
};

const SERVERS: ReadonlyMap<string, string> = new Map(
  Object.entries(NAMES).flatMap(([server, names]) => names.split(' ').map(name => [name, server])),
);

/** Drivers do not tell these two apart. */
const isOfMysql = (server: string): boolean => server === 'mysql' || server === 'mariadb';

/** How a tool's questions are answered where the migrations are for a server of this dialect. */
export function answersOf(translator: Translator, dialect: Dialect): Answers {
  return {
    isAmong(asked, among) {
      if (!asksServer(translator, asked)) return undefined;
      const answers = among.map(value => isNameOf(value, dialect));
      if (answers.includes(true)) return true;
      return answers.includes(undefined) ? undefined : false;
    },
    has(asked, how, text) {
      if (!asksServer(translator, asked)) return undefined;
      const found = new Set([...SERVERS].filter(([name]) => name[how](text.toLowerCase())).map(([, server]) => server));
      if (found.size === 0) return undefined;
      if (isOfMysql(dialect) && dialect === 'mariadb' && found.has('mysql'))
        return found.has('mariadb') ? true : undefined;
      return found.has(dialect);
    },
    // a migration that is run is run against a server
    holds: asked => (isOffline(asked) ? false : isServersName(asked, dialect)),
  };
}

function asksServer({ acts, asksServer: questions = [] }: Translator, asked: Value): boolean {
  if (asked.kind !== 'chain' || !acts(asked.root)) return false;
  // another connection, `DB::connection('archive')`, may be to another server
  if (asked.steps.some(step => step.arguments && step.arguments.length > 0)) return false;
  const path = `.${asked.steps.map(({ name }) => name).join('.')}`;
  return questions.some(question => path.endsWith(`.${question}`));
}

const isOffline = (asked: Value): boolean => asked.kind === 'chain' && asked.steps.at(-1)?.name === 'is_offline_mode';

/** `isPostgres`, `isSQLite(knex)`, `DatabaseInfo.isMySQL(knex)`: who asks so means the server that the migration is sent to. */
function isServersName(asked: Value, dialect: Dialect): boolean | undefined {
  const name = asked.kind === 'chain' ? asked.steps.at(-1)?.name : undefined;
  const [, server] = /^is_?([a-z]+)(?:_?(?:dialect|client|db|database))?$/i.exec(name ?? '') ?? [];
  const meant = server === undefined ? undefined : SERVERS.get(server.toLowerCase());
  if (meant === undefined) return undefined;
  if (isOfMysql(meant) && isOfMysql(dialect)) return meant === dialect ? true : undefined;
  return meant === dialect;
}

function isNameOf(value: Value, dialect: Dialect): boolean | undefined {
  const server = SERVERS.get(constantText(value)?.toLowerCase() ?? '');
  if (server === undefined) return undefined;
  if (isOfMysql(server) && isOfMysql(dialect)) return server === 'mysql' && dialect === 'mysql' ? true : undefined;
  return server === dialect;
}
