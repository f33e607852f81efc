/** One door to the parsers of all dialects. Each is loaded on first need: reviewing code without SQL loads none. */
import type { Dialect } from './dialect';
import type { GrammarLibrary } from './grammar';
import type { SqlQuery } from './query';
import type { QueryBlock } from './queryBlock';
import { remembering } from './remembering';
import type { StatementNames } from './statementNames';

export interface SqlParser {
  readonly dialect: Dialect;
  /**
   * The statements of a text with what they say. Placeholders of any style may stand in it, and `HOLE` where a value
   * may. One that does not parse is left out, and costs no other.
   */
  read(text: string): readonly SqlQuery[];
  /** Whether the text, as it stands, is exactly one statement that the server would take. Placeholders as the server's. */
  accepts(text: string): boolean;
  /** What the one statement of a text names; nothing where there are several, or none that parses. */
  names?(text: string): StatementNames | undefined;
  /** The levels of the one statement of a text, with their conditions; nothing where `names` gives nothing. */
  blocks?(text: string): readonly QueryBlock[] | undefined;
}

const loaded = new Map<Dialect, Promise<SqlParser>>();

/**
 * The dialect's parser. PostgreSQL's is the server's own, in WebAssembly, which looks for its `libpg-query.wasm`
 * beside the module or bundle that it was loaded from.
 * @throws when the parser itself cannot be loaded: a broken installation
 */
export function loadSqlParser(dialect: Dialect): Promise<SqlParser> {
  const known = loaded.get(dialect);
  if (known) return known;
  const parser = load(dialect);
  loaded.set(dialect, parser);
  return parser;
}

async function load(dialect: Dialect): Promise<SqlParser> {
  switch (dialect) {
    case 'postgresql': {
      const [{ postgresParser }, library] = await Promise.all([import('./postgres'), import('libpg-query')]);
      await library.loadModule();
      return remembering(postgresParser(library));
    }
    default: {
      const [{ grammarParser }, library, { namesByPostgres }, { postgresParser }, server] = await Promise.all([
        import('./grammar'),
        grammarLibrary(dialect),
        import('./dialectNames'),
        import('./postgres'),
        import('libpg-query'),
      ]);
      await server.loadModule();
      return remembering({
        ...grammarParser(dialect, DATABASES[dialect], library),
        ...namesByPostgres(dialect, postgresParser(server, true)),
      });
    }
  }
}

/** What node-sql-parser calls its builds. */
const DATABASES = { mysql: 'MySQL', mariadb: 'MariaDB', sqlite: 'Sqlite', transactsql: 'TransactSQL' } as const;

async function grammarLibrary(dialect: keyof typeof DATABASES): Promise<GrammarLibrary> {
  switch (dialect) {
    case 'mysql':
      return import('node-sql-parser/build/mysql.js');
    case 'mariadb':
      return import('node-sql-parser/build/mariadb.js');
    case 'sqlite':
      return import('node-sql-parser/build/sqlite.js');
    case 'transactsql':
      return import('node-sql-parser/build/transactsql.js');
  }
}
