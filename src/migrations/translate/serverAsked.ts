/** Which server a migration is sent to, asked in its code: `knex.client.config.client === 'pg'`. */
import type { Dialect } from '../../sql/dialect';
import { type Answers, constantText, type Value } from '../code/values';
import type { Translator } from './translation';

/** What drivers and libraries call each server. A name that is in none of these answers nothing. */
const NAMES: Readonly<Record<'postgresql' | 'mysql' | 'mariadb' | 'sqlite' | 'transactsql' | 'oracle', string>> = {
  postgresql: 'pg postgres postgresql pgsql pg-native pgnative aurora-postgres',
  mysql: 'mysql mysql2 aurora-mysql',
  mariadb: 'mariadb',
  sqlite: 'sqlite sqlite3 better-sqlite3 sqljs',
  transactsql: 'mssql sqlsrv tedious',
  oracle: 'oracle oracledb',
};

const SERVERS: ReadonlyMap<string, string> = new Map(
  Object.entries(NAMES).flatMap(([server, names]) => names.split(' ').map(name => [name, server])),
);

/** Drivers do not tell these two apart. */
const isOfMysql = (server: string): boolean => server === 'mysql' || server === 'mariadb';

/** How a tool's questions are answered where the migrations are for a server of this dialect. */
export function answersOf({ acts, asksServer = [] }: Translator, dialect: Dialect): Answers {
  return (asked, among) => {
    if (asked.kind !== 'chain' || !acts(asked.root)) return undefined;
    // another connection, `DB::connection('archive')`, may be to another server
    if (asked.steps.some(step => step.arguments && step.arguments.length > 0)) return undefined;
    const path = `.${asked.steps.map(({ name }) => name).join('.')}`;
    if (!asksServer.some(question => path.endsWith(`.${question}`))) return undefined;
    const answers = among.map(value => isNameOf(value, dialect));
    if (answers.includes(true)) return true;
    return answers.includes(undefined) ? undefined : false;
  };
}

function isNameOf(value: Value, dialect: Dialect): boolean | undefined {
  const server = SERVERS.get(constantText(value)?.toLowerCase() ?? '');
  if (server === undefined) return undefined;
  if (isOfMysql(server) && isOfMysql(dialect)) return server === 'mysql' && dialect === 'mysql' ? true : undefined;
  return server === dialect;
}
