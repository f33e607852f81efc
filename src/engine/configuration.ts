/**
 * `backend-reviewer.json`: what may stand in it, what it means, and what is said of what may not.
 *
 * A wrong key or value costs itself and a message; the rest of the file counts. Comments and trailing commas are fine.
 */

import { findNodeAtLocation, type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import { LEVELS, type Level } from './level';
import { linesOf } from './lines';
import { MIGRATION_TOOL_TITLES, type MigrationTool } from './migrationTools';
import { didYouMean, nearest } from './nearest';
import type { RuleSettings } from './review';

export const CONFIGURATION_FILE = 'backend-reviewer.json';

/** The dialects and tools that can be named; media/backend-reviewer.schema.json offers the same. */
export const DIALECT_NAMES = ['postgresql', 'mysql', 'mariadb', 'sqlite', 'transactsql'] as const;
export const MIGRATION_TOOL_NAMES = Object.keys(MIGRATION_TOOL_TITLES) as readonly MigrationTool[];

/** A pattern, and the folder that it counts from: that of the file it stands in. */
export interface Glob {
  readonly base: string;
  readonly pattern: string;
}

/** Absolute paths have `/` throughout. */
export interface Configuration<Library = unknown> {
  readonly rules: RuleSettings;
  readonly failLevel?: Level;
  readonly include?: readonly Glob[];
  readonly exclude?: readonly Glob[];
  readonly sql: { readonly dialect?: (typeof DIALECT_NAMES)[number] };
  readonly migrations: {
    readonly folders?: readonly Glob[];
    readonly tool?: MigrationTool;
    readonly postgresVersion?: PostgresVersion;
    readonly assumeInTransaction?: boolean;
    /** A migration's file or folder name: those before it are history. */
    readonly reviewFrom?: string;
  };
  readonly tables: ReadonlyMap<string, { readonly rows?: number }>;
  /** Absolute path. */
  readonly statistics?: string;
  readonly libraries?: readonly Library[];
}

/** 15, or 15.4, or 9.6. */
export interface PostgresVersion {
  readonly major: number;
  readonly minor?: number;
}

export const NO_CONFIGURATION: Configuration<never> = { rules: {}, sql: {}, migrations: {}, tables: new Map() };

/** A configuration that cannot be used at all: the run ends with status 2. The message names the file. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}

export interface ConfigurationProblem {
  /** Both from 1. */
  readonly line: number;
  readonly column: number;
  /** `"sql.dialect" is "postgre"; did you mean "postgresql"?` */
  readonly message: string;
}

/** Checks one entry of `libraries`; `path` leads from the entry to what is wrong in it. */
export type LibraryValidator<Library> = (entry: unknown) => {
  readonly table?: Library;
  readonly problems: readonly { readonly path: readonly (string | number)[]; readonly message: string }[];
};

export interface ConfigurationContext<Library> {
  /** Absolute path of the file, with `/`. */
  readonly file: string;
  readonly knownRules: readonly string[];
  /** Without one, `libraries` stays empty. */
  readonly validateLibrary?: LibraryValidator<Library>;
}

export interface ParsedConfiguration<Library> {
  readonly configuration: Configuration<Library>;
  /** Absolute path of the file to read first. */
  readonly extends?: string;
  readonly problems: readonly ConfigurationProblem[];
}

/**
 * Reads one file's text; `extends` is left to whoever can read files.
 *
 * @throws ConfigurationError when the text is no JSON
 */
export function parseConfiguration<Library = unknown>(
  source: string,
  context: ConfigurationContext<Library>,
): ParsedConfiguration<Library> {
  const text = source.replace(/^\uFEFF/, '');
  const lines = linesOf(text);
  const errors: ParseError[] = [];
  const tree = parseTree(text, errors, { allowTrailingComma: true });
  const error = errors[0];
  if (error || !tree) {
    const { line, column } = lines.positionAt(error?.offset ?? 0);
    const reason = error ? (PARSE_ERRORS[printParseErrorCode(error.error)] ?? 'unexpected text') : 'the file is empty';
    throw new ConfigurationError(`${context.file}:${line}:${column}: this is not JSON: ${reason}`);
  }

  const problems: ConfigurationProblem[] = [];
  const report: Report = (node, message) => problems.push({ ...lines.positionAt(node.offset), message });
  const base = context.file.slice(0, context.file.lastIndexOf('/')) || '/';
  const glob: Read<Glob> = (node, at, tell) => {
    const pattern = words('a glob')(node, at, tell);
    return pattern === undefined ? undefined : { base, pattern };
  };
  const path: Read<string> = (node, at, tell) => {
    const written = words('a path')(node, at, tell);
    return written === undefined ? undefined : resolvedPath(base, written);
  };
  const read = fields(tree, '', report, {
    $schema: words('the address of a schema'),
    extends: path,
    rules: ruleSettings(context.knownRules),
    failLevel: oneOf(['error', 'warning', 'info'] as const),
    include: listOf(glob, 'globs'),
    exclude: listOf(glob, 'globs'),
    sql: (node, at, tell) => fields(node, at, tell, { dialect: oneOf(DIALECT_NAMES) }),
    migrations: (node, at, tell) =>
      fields(node, at, tell, {
        folders: listOf(glob, 'globs'),
        tool: oneOf(MIGRATION_TOOL_NAMES),
        postgresVersion,
        assumeInTransaction: truthValue,
        reviewFrom: words("a migration's file or folder name"),
      }),
    tables,
    statistics: path,
    libraries: listOf(libraryEntry(context.validateLibrary), 'library tables'),
  });
  return {
    configuration: {
      rules: read.rules ?? {},
      failLevel: read.failLevel,
      include: read.include,
      exclude: read.exclude,
      sql: read.sql ?? {},
      migrations: read.migrations ?? {},
      tables: read.tables ?? new Map(),
      statistics: read.statistics,
      libraries: read.libraries,
    },
    extends: read.extends,
    problems: problems.sort((a, b) => a.line - b.line || a.column - b.column),
  };
}

/** What `own` says on top of `base`, which it extends: objects merge, everything else replaces. */
export function mergedConfiguration<Library>(
  base: Configuration<Library>,
  own: Configuration<Library>,
): Configuration<Library> {
  const tables = new Map(base.tables);
  for (const [name, table] of own.tables) tables.set(name, { ...tables.get(name), ...given(table) });
  return {
    ...base,
    ...given(own),
    rules: { ...base.rules, ...own.rules },
    sql: { ...base.sql, ...given(own.sql) },
    migrations: { ...base.migrations, ...given(own.migrations) },
    tables,
  };
}

/** `relative` as counted from the folder `base`; both with `/`. An absolute path stays what it is. */
export function resolvedPath(base: string, relative: string): string {
  const path = relative.replaceAll('\\', '/');
  const whole = /^(?:\/|[A-Za-z]:\/)/.test(path) ? path : `${base}/${path}`;
  const [, root = '', rest = ''] = /^((?:[A-Za-z]:)?\/)?(.*)$/s.exec(whole) ?? [];
  const parts: string[] = [];
  for (const part of rest.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return root + parts.join('/');
}

/** Where a value stands in a configuration's text; undefined where it does not. */
export function placeInConfiguration(
  text: string,
  keys: readonly string[],
): { readonly line: number; readonly column: number } | undefined {
  const tree = parseTree(text);
  const node = tree && findNodeAtLocation(tree, [...keys]);
  return node && linesOf(text).positionAt(node.offset);
}

type Report = (node: Node, message: string) => void;

/** Reads a value; reports what is wrong with it, and gives nothing where nothing can be kept. */
type Read<T> = (node: Node, at: string, report: Report) => T | undefined;

type Fields<Readers> = { [Key in keyof Readers]?: Readers[Key] extends Read<infer T> ? T : never };

function fields<Readers extends Readonly<Record<string, Read<unknown>>>>(
  node: Node,
  at: string,
  report: Report,
  readers: Readers,
): Fields<Readers> {
  const read: Record<string, unknown> = {};
  for (const { name, key, value } of properties(node, at, report, 'an object')) {
    const reader = Object.hasOwn(readers, name) ? readers[name] : undefined;
    if (reader) read[name] = reader(value, join(at, name), report);
    else report(key, `"${join(at, name)}" is no key here; ${rightKey(name, at, Object.keys(readers))}`);
  }
  return read as Fields<Readers>;
}

/** The properties of an object; a key that stands twice counts by its last value, as in any JSON, and is reported. */
function properties(
  node: Node,
  at: string,
  report: Report,
  wanted: string,
): { name: string; key: Node; value: Node }[] {
  if (node.type !== 'object') {
    report(node, at === '' ? `the file holds ${shown(node)}; it must be ${wanted}` : mustBe(node, at, wanted));
    return [];
  }
  const found = new Map<string, { name: string; key: Node; value: Node }>();
  for (const property of node.children ?? []) {
    const [key, value] = property.children ?? [];
    if (!key || !value) continue;
    const name = String(key.value);
    if (found.has(name)) report(key, `"${join(at, name)}" stands here for the second time; this one counts`);
    found.set(name, { name, key, value });
  }
  return [...found.values()];
}

/** Keys of the whole document, for one that was put into the wrong object. */
const ALL_KEYS = [
  'extends',
  'rules',
  'failLevel',
  'include',
  'exclude',
  'tables',
  'statistics',
  'libraries',
  'sql.dialect',
  'migrations.folders',
  'migrations.tool',
  'migrations.postgresVersion',
  'migrations.assumeInTransaction',
  'migrations.reviewFrom',
];

function rightKey(name: string, at: string, keys: readonly string[]): string {
  const near = nearest(name, keys);
  const elsewhere = ALL_KEYS.find(key => key.split('.').pop()?.toLowerCase() === name.toLowerCase());
  if (near === undefined && elsewhere !== undefined) return `did you mean "${elsewhere}"?`;
  if (near !== undefined) return `did you mean "${join(at, near)}"?`;
  return didYouMean(name, keys);
}

function ruleSettings(known: readonly string[]): Read<RuleSettings> {
  const level = oneOf(['off', ...LEVELS] as const);
  return (node, at, report) => {
    const settings: Record<string, Level | 'off'> = {};
    for (const { name, key, value } of properties(node, at, report, 'an object of rules and levels')) {
      if (!known.includes(name)) {
        const near = nearest(name, known);
        report(key, `"${name}" is no rule${near === undefined ? '' : `; did you mean "${near}"?`}`);
        continue;
      }
      const setting = level(value, join(at, name), report);
      if (setting !== undefined) settings[name] = setting;
    }
    return settings;
  };
}

const tables: Read<ReadonlyMap<string, { rows?: number }>> = (node, at, report) => {
  const read = new Map<string, { rows?: number }>();
  for (const { name, value } of properties(node, at, report, 'an object of table names'))
    read.set(name, fields(value, join(at, name), report, { rows: rowCount }));
  return read;
};

const rowCount: Read<number> = (node, at, report) => {
  if (node.type === 'number' && node.value >= 0) return node.value;
  const meant = typeof node.value === 'string' ? Number(node.value.replace(/[_,\s]/g, '')) : Number.NaN;
  report(
    node,
    Number.isFinite(meant) && meant >= 0 && String(node.value).trim() !== ''
      ? `"${at}" is ${shown(node)}; did you mean ${meant}?`
      : mustBe(node, at, 'a number of rows, 0 or more'),
  );
  return undefined;
};

const postgresVersion: Read<PostgresVersion> = (node, at, report) => {
  if (node.type === 'number' && Number.isInteger(node.value) && node.value >= 9 && node.value <= 99)
    return { major: node.value };
  const [, major, minor] =
    (typeof node.value === 'string' && /^(9|[1-9][0-9])(?:\.([0-9]{1,2}))?$/.exec(node.value)) || [];
  if (major !== undefined) return { major: Number(major), ...(minor === undefined ? {} : { minor: Number(minor) }) };
  // as a number, 15.10 would be 15.1
  const meant = /^\D*([0-9]{1,2}(?:\.[0-9]{1,2})?)/.exec(String(node.value))?.[1];
  report(
    node,
    meant !== undefined && Number.parseInt(meant, 10) >= 9
      ? `"${at}" is ${shown(node)}; did you mean "${meant}"?`
      : mustBe(node, at, 'a version of PostgreSQL, as in 15 or "15.4"'),
  );
  return undefined;
};

const truthValue: Read<boolean> = (node, at, report) => {
  if (node.type === 'boolean') return node.value;
  const meant = typeof node.value === 'string' ? nearest(node.value, ['true', 'false']) : undefined;
  report(
    node,
    meant === undefined ? mustBe(node, at, 'true or false') : `"${at}" is ${shown(node)}; did you mean ${meant}?`,
  );
  return undefined;
};

const words =
  (wanted: string): Read<string> =>
  (node, at, report) => {
    if (typeof node.value === 'string' && node.value.trim() !== '') return node.value;
    report(node, mustBe(node, at, `${wanted}, as text`));
    return undefined;
  };

const oneOf =
  <const Value extends string>(values: readonly Value[]): Read<Value> =>
  (node, at, report) => {
    const found = values.find(value => value === node.value);
    if (found === undefined)
      report(
        node,
        `"${at}" is ${shown(node)}; ${didYouMean(typeof node.value === 'string' ? node.value : '', values)}`,
      );
    return found;
  };

const listOf =
  <T>(item: Read<T>, wanted: string): Read<readonly T[]> =>
  (node, at, report) => {
    if (node.type !== 'array') {
      report(
        node,
        node.type === 'string'
          ? `"${at}" is ${shown(node)}; did you mean [${shown(node)}]?`
          : mustBe(node, at, `a list of ${wanted}`),
      );
      return undefined;
    }
    return (node.children ?? []).flatMap((child, index) => {
      const read = item(child, `${at}[${index}]`, report);
      return read === undefined ? [] : [read];
    });
  };

const libraryEntry =
  <Library>(validate: LibraryValidator<Library> | undefined): Read<Library> =>
  (node, at, report) => {
    if (node.type !== 'object') {
      report(node, mustBe(node, at, 'a library table'));
      return undefined;
    }
    if (!validate) return undefined;
    const { table, problems } = validate(plain(node));
    for (const { path, message } of problems) {
      const [place, spelt] = descend(node, at, path);
      report(place, `"${spelt}" ${message}`);
    }
    return table;
  };

/** The node that a path leads to, or the last one on the way that is there. */
function descend(node: Node, at: string, path: readonly (string | number)[]): [Node, string] {
  let place = node;
  let spelt = at;
  let lost = false;
  for (const step of path) {
    spelt = typeof step === 'number' ? `${spelt}[${step}]` : join(spelt, step);
    const next: Node | undefined =
      typeof step === 'number'
        ? place.children?.[step]
        : place.children?.find(property => property.children?.[0]?.value === step)?.children?.[1];
    lost ||= next === undefined;
    if (next && !lost) place = next;
  }
  return [place, spelt];
}

function plain(node: Node): unknown {
  if (node.type === 'array') return (node.children ?? []).map(plain);
  if (node.type !== 'object') return node.value;
  return Object.fromEntries(
    (node.children ?? []).map(({ children }) => [children?.[0]?.value, children?.[1] && plain(children[1])]),
  );
}

const given = <T extends object>(value: T): Partial<T> =>
  Object.fromEntries(Object.entries(value).filter(([, own]) => own !== undefined)) as Partial<T>;

const join = (at: string, name: string): string => (at === '' ? name : `${at}.${name}`);

const mustBe = (node: Node, at: string, wanted: string): string => `"${at}" is ${shown(node)}; it must be ${wanted}`;

/** A value as it would be written, cut to what fits into a sentence. */
function shown(node: Node): string {
  if (node.type === 'object') return 'an object';
  if (node.type === 'array') return 'a list';
  const written = JSON.stringify(node.value);
  return written.length > 60 ? `${written.slice(0, 57)}…"` : written;
}

const PARSE_ERRORS: Readonly<Record<string, string>> = {
  InvalidSymbol: 'a name or value without quotes',
  InvalidNumberFormat: 'a number that is not written as JSON writes numbers',
  PropertyNameExpected: 'a key in double quotes is expected',
  ValueExpected: 'a value is expected',
  ColonExpected: 'a colon is expected',
  CommaExpected: 'a comma is missing',
  CloseBraceExpected: 'a closing brace is missing',
  CloseBracketExpected: 'a closing bracket is missing',
  EndOfFileExpected: 'something stands behind the end of the object',
  InvalidCommentToken: 'a comment is out of place',
  UnexpectedEndOfComment: 'a comment does not end',
  UnexpectedEndOfString: 'a text does not end',
  UnexpectedEndOfNumber: 'a number breaks off',
  InvalidUnicode: 'a \\u escape is wrong',
  InvalidEscapeCharacter: 'an escape in a text is wrong',
  InvalidCharacter: 'a character that may not stand in a text',
};
