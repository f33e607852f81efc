/** The SQL dialects that the review knows apart, and what each of them does differently in text. */

export type Dialect = 'postgresql' | 'mysql' | 'mariadb' | 'sqlite' | 'transactsql';

/**
 * How bound parameters are written in a query's text: `$1`, `?`, `:id`, `@id`, `%s`, `%(id)s`.
 * A driver's or builder's own matter rather than the dialect's, so library tables name it beside the dialect.
 */
export type PlaceholderStyle = '$n' | '?' | ':name' | '@name' | '%s' | '%(name)s';

/** What a dialect's text looks like to a tokenizer. Sources: each server's manual, chapter on lexical structure. */
export interface Lexis {
  /** `E'\n'`, `U&'…'`, `$tag$ … $tag$`, and a backslash that means itself in a plain literal. */
  readonly postgresStrings: boolean;
  /** Whether a backslash escapes inside every quoted literal. */
  readonly backslashEscapes: boolean;
  /** Whether `"…"` holds text rather than a name. */
  readonly doubleQuotedText: boolean;
  /** Names may stand in backticks. */
  readonly backticks: boolean;
  /** Names may stand in `[…]`. */
  readonly brackets: boolean;
  /** `#` begins a comment. */
  readonly hashComments: boolean;
  /** `--` begins a comment only before white space or the end. */
  readonly spacedDashes: boolean;
  /** Block comments nest. */
  readonly nestedComments: boolean;
}

const MYSQL: Lexis = {
  postgresStrings: false,
  backslashEscapes: true,
  doubleQuotedText: true,
  backticks: true,
  brackets: false,
  hashComments: true,
  spacedDashes: true,
  nestedComments: false,
};

export const LEXIS: Readonly<Record<Dialect, Lexis>> = {
  postgresql: {
    postgresStrings: true,
    backslashEscapes: false,
    doubleQuotedText: false,
    backticks: false,
    brackets: false,
    hashComments: false,
    spacedDashes: false,
    nestedComments: true,
  },
  mysql: MYSQL,
  mariadb: MYSQL,
  sqlite: {
    postgresStrings: false,
    backslashEscapes: false,
    doubleQuotedText: false,
    backticks: true,
    brackets: true,
    hashComments: false,
    spacedDashes: false,
    nestedComments: false,
  },
  transactsql: {
    postgresStrings: false,
    backslashEscapes: false,
    doubleQuotedText: false,
    backticks: false,
    brackets: true,
    hashComments: false,
    spacedDashes: false,
    nestedComments: true,
  },
};

/** Syntax that PostgreSQL does not have and another server does; SQLite takes MySQL's backticks as well. */
const OWN: readonly (readonly [form: RegExp, dialect: Dialect])[] = [
  [/\bAUTOINCREMENT\b|^[ \t]*PRAGMA\s+\w|\bWITHOUT\s+ROWID\b|\bsqlite_(?:master|schema|sequence)\b/im, 'sqlite'],
  [
    /\[dbo\]|^[ \t]*GO[ \t]*;?[ \t\r]*$|\bIDENTITY\s*\(\s*\d+\s*,\s*\d+\s*\)|\bNVARCHAR\s*\(|\b(?:NON)?CLUSTERED\b|\b(?:CREATE|ALTER)\s+TABLE\s+\[|\bsp_rename\b|\bUNIQUEIDENTIFIER\b/im,
    'transactsql',
  ],
  [/`[\w$ -]+`|\bENGINE\s*=\s*\w|\bAUTO_INCREMENT\b/i, 'mysql'],
];

/** The dialect that a text is written in, by its own syntax where that is plain, else the project's. */
export function dialectOf(text: string, projects: Dialect): Dialect {
  if (projects !== 'postgresql' || !OWN.some(([form]) => form.test(text))) return projects;
  const bare = text.replace(PROSE, ' ');
  return OWN.find(([form]) => form.test(bare))?.[1] ?? projects;
}

/** Comments and literals: what they speak of is nobody's syntax. */
const PROSE = /--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'/g;

/** Syntax that no other server has. */
const POSTGRES_ALONE =
  /\$\w*\$|::\s*[a-z]|\b(?:big|small)?serial\b|\bjsonb\b|\btimestamptz\b|\bbytea\b|\bCREATE\s+EXTENSION\b|\bCREATE\s+TYPE\s+\S+\s+AS\s+ENUM\b|\bplpgsql\b|\bUSING\s+(?:gin|gist|brin)\b|\bCONCURRENTLY\b|\bpg_catalog\b/i;

/** Whether a text can be for PostgreSQL alone, by its own syntax. */
export const isPlainlyPostgres = (text: string): boolean =>
  POSTGRES_ALONE.test(text) && POSTGRES_ALONE.test(text.replace(PROSE, ' '));
