/**
 * The way up of a migration that is written in SQL, with what its tool does around it.
 *
 * Sources: github.com/amacneil/dbmate, pressly.github.io/goose/documentation/annotations, documentation.red-gate.com/flyway
 * (Migration transaction handling), prisma.io/docs (a migration is sent as one text, which the server takes as one
 * transaction), orm.drizzle.team (all pending files in one transaction).
 */
import type { FileId } from '../engine/place';
import type { Dialect } from '../sql/dialect';
import { splitStatements } from '../sql/statements';
import { isKeyword } from '../sql/tokens';
import type { Unwrap } from './codeUnwrap';
import type { Script } from './script';

export interface UpScript extends Omit<Script, 'inTransaction'> {
  /**
   * `always`: the tool runs it between BEGIN and COMMIT. `several`: unless it is a single statement. `together`: it is
   * sent as one text, which the server takes as one transaction where it holds several statements.
   */
  readonly wraps?: 'always' | 'several' | 'together';
  /** By which insertion the tool is told to run the file outside of a transaction. */
  readonly unwrap?: Unwrap;
}

interface Format {
  readonly up: RegExp;
  readonly down: RegExp;
  /** A word of the marker's line, or a comment anywhere, that turns the transaction off. */
  readonly off: RegExp;
  readonly wraps: 'always' | undefined;
  /** How it sends the file then. */
  readonly otherwise?: 'together';
  readonly unwrap?: (upLine: RegExpExecArray) => { readonly offset: number; readonly newText: string };
}

/** Up and down as sections of one file. */
const SECTIONS: readonly Format[] = [
  {
    up: /^--[ \t]*migrate:up\b[^\n]*/m,
    down: /^--[ \t]*migrate:down\b[^\n]*/m,
    off: /^--[ \t]*migrate:up\b[^\n]*\btransaction:false\b/m,
    wraps: 'always',
    otherwise: 'together',
    unwrap: line => ({ offset: line.index + line[0].trimEnd().length, newText: ' transaction:false' }),
  },
  {
    up: /^[ \t]*--[ \t]*\+goose[ \t]+up\b[^\n]*/im,
    down: /^[ \t]*--[ \t]*\+goose[ \t]+down\b[^\n]*/im,
    off: /^[ \t]*--[ \t]*\+goose[ \t]+no[ \t]+transaction\b/im,
    wraps: 'always',
    unwrap: () => ({ offset: 0, newText: '-- +goose NO TRANSACTION\n' }),
  },
  {
    up: /^[ \t]*--[ \t-]*up[ \t]+migration[^\n]*/im,
    down: /^[ \t]*--[ \t-]*down[ \t]+migration[^\n]*/im,
    off: /(?!)/,
    wraps: 'always',
  },
  {
    // sql-migrate and its like: as goose, under another name
    up: /^[ \t]*--[ \t]*\+migrate[ \t]+up\b[^\n]*/im,
    down: /^[ \t]*--[ \t]*\+migrate[ \t]+down\b[^\n]*/im,
    off: /^[ \t]*--[ \t]*\+migrate[ \t]+(?:up|down)[ \t]+notransaction\b/im,
    wraps: 'always',
    unwrap: line => ({ offset: line.index + line[0].trimEnd().length, newText: ' notransaction' }),
  },
];

/** Files of a tool's own, by their path. */
const TOOLS: readonly { readonly path: RegExp; readonly wraps: UpScript['wraps'] }[] = [
  { path: /(?:^|\/)migrations\/\d{14}_[^/]*\/migration\.sql$/i, wraps: 'together' },
  { path: /(?:^|\/)[VR]\d*(?:[._]\d+)*__[^/]+\.sql$/, wraps: 'several' },
  { path: /(?:^|\/)(?:drizzle|migrations)\/\d{4}_[a-z]+_[a-z]+\w*\.sql$/i, wraps: undefined },
];

const NOT_UP =
  /[._-]down\.sql$|(?:^|\/)(?:down|undo|revert|rollback)\.sql$|(?:^|\/)(?:down|undo|revert|verify|rollback)\/|(?:^|\/)U\d[^/]*__/i;
/** What holds a whole schema, data, or queries, and is no step. */
const NO_STEP =
  /(?:^|\/|[._-])(?:schema|structure|dump|backup|seed|seeds|fixtures?|sample|example|demo|data|setup|init|install|bootstrap|reset|teardown|clean(?:up)?|drop|quer(?:y|ies)|functions?|procedures?|triggers?|views?|tables?)(?:[._-][^/]*)?\.sql$/i;
const NUMBERED = /(?:^|\/)(?:v?\d{1,6}|\d{8,17})(?:[._-][^/]*)?\.sql$|(?:^|\/)V\d[^/]*__[^/]*\.sql$|\.up\.sql$/i;
const AMONG_MIGRATIONS =
  /(?:^|\/)(?:[\w-]*[-_])?(?:migrations?|migrate|deploy|changesets?|changelogs?|alembic\/versions)\//i;
const DUMP = /^--\s*PostgreSQL database (?:cluster )?dump|^-- MySQL dump/m;
const CHANGES_WHAT_IS_THERE =
  /\b(?:alter\s+(?:table|type|domain|index)|create\s+(?:unique\s+)?index|drop\s+(?:table|index|database)|reindex|truncate|vacuum\s+(?:full|\()|cluster|create\s+domain)\b/i;

/**
 * The up of a SQL file; undefined when the file is no step of a migration: a schema, a dump, queries, the way back.
 * @param named whether the configuration says that it is one
 */
export function upScriptInSql(file: FileId, text: string, dialect: Dialect, named = false): UpScript | undefined {
  if (DUMP.test(text)) return undefined;
  for (const format of SECTIONS) {
    const up = format.up.exec(text);
    if (!up) continue;
    const down = format.down.exec(text);
    const until = down && down.index > up.index ? down.index : text.length;
    const start = up.index + up[0].length;
    const isOff = format.off.test(text);
    const wraps = isOff ? format.otherwise : format.wraps;
    const insertion = isOff ? undefined : format.unwrap?.(up);
    return {
      ...wholeText(file, text, start, until),
      ...(wraps ? { wraps } : {}),
      ...(insertion
        ? {
            unwrap: {
              at: { unit: file, start: insertion.offset, end: insertion.offset },
              newText: insertion.newText,
            },
          }
        : {}),
    };
  }
  if (NOT_UP.test(file)) return undefined;
  if (!named && !isStep(file, text, dialect)) return undefined;
  const tool = TOOLS.find(({ path }) => path.test(file));
  return { ...wholeText(file, text, 0, text.length), ...(tool?.wraps ? { wraps: tool.wraps } : {}) };
}

/** What puts rows in, looks things up, or clears away. */
const NO_SCHEMA =
  /(?:^|\/|[._-])(?:backup|seeds?|fixtures?|samples?|data|reset|teardown|clean(?:up)?|drop|quer(?:y|ies)|test(?:s|ing)?)(?:[._-][^/]*)?\.sql$/i;

const MAKES_SCHEMA =
  /\bcreate\s+(?:or\s+replace\s+)?(?:unlogged\s+|constraint\s+)?(?:table|materialized\s+view|function|procedure|trigger)\b/i;

/** A file that holds a schema, or a part of one, as it is to be; undefined for what is a step, a backup, or the way back. */
export function schemaInSql(file: FileId, text: string): UpScript | undefined {
  if (!MAKES_SCHEMA.test(text) || NOT_UP.test(file) || NO_SCHEMA.test(file)) return undefined;
  if (DUMP.test(text) && !/(?:^|\/|[._-])(?:schema|structure)[._-]?[^/]*\.sql$/i.test(file)) return undefined;
  return wholeText(file, text, 0, text.length);
}

const wholeText = (
  file: FileId,
  text: string,
  start: number,
  end: number,
): Pick<UpScript, 'statements' | 'untranslated'> => ({
  statements: [
    {
      sql: text.slice(start, end),
      at: { unit: file, start, end },
      pieces: [{ from: 0, to: end - start, unit: file, start }],
    },
  ],
  untranslated: [],
});

/** A cheap look that says whether a SQL text may be a step with anything to say of. */
export const mayChangeSchema = (text: string): boolean =>
  /\b(?:alter|create|drop|rename|refresh|reindex|truncate|vacuum|cluster|begin|start|commit|rollback|insert|update|delete|merge|lock|set)\b/i.test(
    text,
  );

/** By its name or folder; elsewhere by changing what is there already, and not making it anew. */
function isStep(file: FileId, text: string, dialect: Dialect): boolean {
  const isAmong = AMONG_MIGRATIONS.test(file);
  if (isAmong) return !/(?:^|\/)(?:schema|structure)\.sql$/i.test(file);
  if (NUMBERED.test(file)) return true;
  if (NO_STEP.test(file) || !CHANGES_WHAT_IS_THERE.test(text)) return false;
  // a script that drops what it creates sets a database up
  const made = new Set<string>();
  const copied = new Set<string>();
  let drops: string[] = [];
  for (const { tokens, text: sql } of splitStatements(text, dialect)) {
    const [first] = tokens;
    if (!first) continue;
    const base = first.start;
    const source = (index: number): string => {
      const token = tokens[index];
      return token ? sql.slice(token.start - base, token.end - base) : '';
    };
    const from = /^\s*(?:insert|replace)\s+into\b[^;]*?\bselect\b[^;]*?\bfrom\s+([\w."`[\]]+)/i.exec(sql)?.[1];
    if (from !== undefined) copied.add(from);
    const tableAt = tokens.slice(0, 5).findIndex(token => isKeyword(text, token, 'TABLE'));
    if (tableAt < 0) continue;
    const last = /(?:table)\s+(?:if\s+(?:not\s+)?exists\s+)?([\w."`[\]]+)/i.exec(sql)?.[1] ?? '';
    if (/^create$/i.test(source(0))) made.add(last);
    // made anew from what was there, as SQLite wants it
    if (/^drop$/i.test(source(0)) && copied.has(last) && !made.has(last)) return true;
    if (/^drop$/i.test(source(0))) drops = [...drops, last];
  }
  return !drops.some(name => made.has(name));
}
