/**
 * Where nothing is known of a value, its name is what a reviewer goes by: a constant by how it is written, a call that is
 * named for escaping, what a model says of its own table. The names stand in tables here, in the words that they are made
 * of, so that `quoteIdentifier`, `quote_identifier` and `QuoteIdentifier` are one. A name is never believed against what
 * is known: a function of the workspace is looked into, and a name says nothing of what a client is proven to send.
 */
import type { Analysis } from '../program/analysis';
import type { Declare, Unit } from '../program/model';
import { isNamed, type NamedCalls, type Spelling, spellingOf, wordsIn } from '../program/spelling';
import { visitNodes } from '../program/traverse';
import type { Hazard } from './facts';

/** What is made safe for a statement alone; values are sanitized for pages as well. */
const NAMES = new Set('sql ident idents identifier identifiers table tables column columns name names'.split(' '));

/**
 * Calls that escape what goes in: a word of the first list, and words of the second or nothing behind it. To sanitize is
 * said of much, and counts where it is said of SQL or of a name in it.
 */
export const ESCAPING: NamedCalls = {
  verbs: new Set(['escape', 'quote', 'esc', 'quoted', 'escaped', 'sqlsanitize']),
  vague: new Map(['sanitize', 'sanitise', 'sanitized'].map(verb => [verb, NAMES])),
  things: new Set(
    'id ids ident idents identifier identifiers name names literal literals table tables column columns schema field fields value values string sql'.split(
      ' ',
    ),
  ),
};

/** What such a call is made on, when it is a driver's own: believed whatever goes in. */
const DRIVERS = new Set(
  'mysql mysql2 pg pool connection conn client db sqlstring knex sequelize manager driver platform dialect'.split(' '),
);

/** Calls that give the text of a statement that a builder has built: its values stay parameters. */
const BUILT = new Set(['get query', 'get sql', 'to query', 'to sql', 'to native', 'compile']);
/** Members of what a builder has built. */
const BUILT_TEXT = new Set(['sql', 'text']);

/** What a model, an entity or a configuration says of its own table. */
const TABLE_NAMES = new Set(
  'table|table name|table path|schema|schema name|database name|database path|join table name|given table name|table name without prefix|collection name|full table name|get table name|get schema name|get schema|get table path|get table|primary key|alias'.split(
    '|',
  ),
);

/** What pieces of a statement are called. */
const PIECES_OF_SQL = new Set(
  'sql query clause clauses expression expr condition conditions where column columns col cols field fields fragment fragments'.split(
    ' ',
  ),
);

/** Where configuration is kept. */
const SETTINGS = new Set(['env', 'config', 'configuration', 'settings', 'constants', 'conf']);

/** What a name says of a value. */
export type Trust =
  /** Nothing: it may hold anything. */
  | 'none'
  /** It went through a call, or into a variable, that is named for escaping. */
  | 'escaped'
  /** Escaping by a driver. */
  | 'escaped-by-driver'
  /** The text of a built statement. */
  | 'built'
  /** What a model, an entity or metadata says of its table, its schema or its key. */
  | 'schema'
  /** A variable that is called like that. */
  | 'called-a-table'
  /** Written like a constant, or called with constants alone. */
  | 'constant'
  /** A setting of the configuration, the environment. */
  | 'setting'
  /** A piece of SQL, by its own name: no value at all. */
  | 'sql';

export function trustOf(spelling: Spelling | undefined): Trust {
  const last = spelling?.names.at(-1);
  if (!spelling || last === undefined) return 'none';
  const words = wordsIn(last);
  const name = words.join(' ');
  const outer = spelling.names.slice(0, -1).map(each => wordsIn(each));
  if (spelling.called) {
    if (isNamed(words, ESCAPING)) {
      const [owner] = outer.at(-1)?.slice(-1) ?? [];
      return owner !== undefined && DRIVERS.has(owner) ? 'escaped-by-driver' : 'escaped';
    }
    if (spelling.constant) return 'constant';
    if (BUILT.has(name)) return 'built';
    return TABLE_NAMES.has(name) ? 'schema' : saysSql(words) ? 'sql' : 'none';
  }
  if (BUILT_TEXT.has(name) && outer.some(each => BUILT.has(each.join(' ')))) return 'built';
  if (isEscaped(words)) return 'escaped';
  if (outer.length > 0 && outer.some(each => each.some(word => SETTINGS.has(word)))) return 'setting';
  if (/^[A-Z][A-Z0-9_]*$/.test(last)) return 'constant';
  if (!TABLE_NAMES.has(name)) return saysSql(words) ? 'sql' : 'none';
  return outer.length > 0 ? 'schema' : 'called-a-table';
}

/** `timestampSql()`, `whereClause`, `column` */
const saysSql = (words: readonly string[]): boolean => PIECES_OF_SQL.has(words.at(-1) ?? '');

/** `escapedName`, `columnQuoted` */
const isEscaped = (words: readonly string[]): boolean =>
  [words[0], words.at(-1)].some(word => word === 'escaped' || word === 'quoted');

/**
 * What a variable that never changes is told to hold by what it was given, or a member of it: `const table =
 * metadata.tableName`, `const { tableName } = metadata`, `const { sql } = query.toSQL()`.
 */
export function trustByDeclaration(analysis: Analysis, { spelling, at }: Hazard): Trust {
  const [name, ...members] = spelling?.called ? [] : (spelling?.names ?? []);
  const unit = name === undefined ? undefined : analysis.source(at.unit);
  const given = unit && name !== undefined ? declaredAs(unit, name) : [];
  const [trust, ...others] = given.map(each =>
    trustOf(each && members.length > 0 ? { names: [...each.names, ...members], called: false, constant: false } : each),
  );
  return trust !== undefined && others.every(each => each === trust) ? trust : 'none';
}

/** What every variable of this name in the unit is declared with; nothing in the place of what is open. */
function declaredAs(unit: Unit, name: string): readonly (Spelling | undefined)[] {
  const known = DECLARED.get(unit.function) ?? new Map<string, readonly (Spelling | undefined)[]>();
  DECLARED.set(unit.function, known);
  const written = known.get(name) ?? findDeclarations(unit, name);
  known.set(name, written);
  return written;
}

/** Functions outlive edits elsewhere in their file, so each is walked once for a name. */
const DECLARED = new WeakMap<Unit['function'], Map<string, readonly (Spelling | undefined)[]>>();

function findDeclarations(unit: Unit, name: string): readonly (Spelling | undefined)[] {
  if (unit.function.parameters.some(({ target }) => target.kind === 'variable' && target.name === name)) return [];
  const found: (Spelling | undefined)[] = [];
  visitNodes(unit.function.body, node => {
    if (node.kind === 'declare') found.push(...declarations(node, name));
    return true;
  });
  return found;
}

function declarations({ target, value, constant }: Declare, name: string): readonly (Spelling | undefined)[] {
  const given = value && constant ? spellingOf(value) : undefined;
  if (target.kind === 'variable') return target.name === name ? [given] : [];
  if (target.kind !== 'entries') return [];
  return target.entries.flatMap(entry =>
    entry.target.kind === 'variable' && entry.target.name === name
      ? [given && !entry.default ? { names: [...given.names, entry.key], called: false, constant: false } : undefined]
      : [],
  );
}
