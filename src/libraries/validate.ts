/**
 * Checks a library table against the vocabulary: the shipped ones in tests, a person's own in `backend-reviewer.json`
 * before it counts. A wrong column or value is named with its place and the nearest right one.
 */

import { didYouMean, listed } from '../engine/nearest';
import { type Column, LIBRARY, type Row } from './libraryForm';
import { namesOf } from './names';
import type { LibraryModel, Names } from './vocabulary';

export interface LibraryProblem {
  /** Keys and indexes from the table's root: `['queries', 0, 'sql']`. */
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/**
 * What is wrong with a table, in the order of its columns; nothing when it can be used as a `LibraryModel`.
 * @param json  any parsed JSON
 */
export function validateLibrary(json: unknown): LibraryProblem[] {
  const problems = rowProblems(json, LIBRARY, []);
  return problems.length === 0 && isLibrary(json) ? [...unknownTypes(json), ...claimedTwice(json)] : problems;
}

/** Narrows JSON whose columns and values are those of the vocabulary. */
export const isLibrary = (json: unknown): json is LibraryModel => rowProblems(json, LIBRARY, []).length === 0;

/** `queries[0].sql`, as messages show a place. */
export const shownPath = (path: LibraryProblem['path']): string =>
  path.reduce<string>(
    (shown, step) => (typeof step === 'number' ? `${shown}[${step}]` : shown ? `${shown}.${step}` : step),
    '',
  );

type Path = readonly (string | number)[];

const isRecord = (json: unknown): json is Readonly<Record<string, unknown>> =>
  typeof json === 'object' && json !== null && !Array.isArray(json);

function rowProblems(json: unknown, expected: Row, path: Path): LibraryProblem[] {
  if (!isRecord(json)) {
    const columns = listed(quoted(Object.keys(expected.columns)), 'and');
    return [{ path, message: `is ${shown(json)}; it is an object with ${columns}` }];
  }
  const problems: LibraryProblem[] = [];
  for (const [key, value] of Object.entries(json)) {
    const column = Object.hasOwn(expected.columns, key) ? expected.columns[key] : undefined;
    if (column) problems.push(...columnProblems(value, column, [...path, key]));
    else
      problems.push({
        path: [...path, key],
        message: `is not a column; ${didYouMean(key, Object.keys(expected.columns))}`,
      });
  }
  for (const key of expected.required) if (!(key in json)) problems.push({ path, message: `has no "${key}"` });
  if (expected.either) {
    const either = listed(quoted(expected.either));
    const given = expected.either.filter(key => key in json);
    if (given.length === 0) problems.push({ path, message: `has no ${either}` });
    if (given.length > 1) problems.push({ path, message: `has ${listed(quoted(given), 'and')}; it needs just one` });
  }
  return problems;
}

function columnProblems(value: unknown, column: Column, path: Path): LibraryProblem[] {
  const unless = (right: boolean, expected: string): LibraryProblem[] =>
    right ? [] : [{ path, message: `is ${shown(value)}; it is ${expected}` }];
  const ofItems = (problemsOf: (item: unknown, at: Path) => LibraryProblem[]): LibraryProblem[] =>
    Array.isArray(value)
      ? value.flatMap((item: unknown, at) => problemsOf(item, [...path, at]))
      : unless(false, 'a list');
  switch (column.kind) {
    case 'text':
      return unless(typeof value === 'string' && value !== '', 'a text');
    case 'flag':
      return unless(typeof value === 'boolean', 'true or false');
    case 'index':
      return unless(isIndex(value), "an argument's index, from 0");
    case 'arity':
      return unless(
        Array.isArray(value) && value.length === 2 && value.every(isIndex) && Number(value[0]) <= Number(value[1]),
        'the least and the greatest number of arguments, [0, 1]',
      );
    case 'oneOf':
      return typeof value === 'string' && column.values.includes(value)
        ? []
        : [{ path, message: `is ${shown(value)}; ${didYouMean(String(value), column.values)}` }];
    case 'indexOr':
      return unless(
        isIndex(value) || (typeof value === 'string' && column.values.includes(value)),
        `an argument's index, or ${listed(quoted(column.values))}`,
      );
    case 'flagOr':
      return unless(
        typeof value === 'boolean' || (typeof value === 'string' && column.values.includes(value)),
        `true or false, or ${listed(quoted(column.values))}`,
      );
    case 'amount':
      return unless(typeof value === 'number' && value >= 0, 'a number, 0 or more');
    case 'indexes':
      return unless(Array.isArray(value) && value.every(isIndex), "a list of arguments' indexes, from 0");
    case 'name':
      return unless(typeof value === 'string' && /^\S(?:.*\S)?$/.test(value), 'a name such as "Pool.query"');
    case 'names':
      return columnProblems(value, { kind: Array.isArray(value) ? 'listOfNames' : 'name' }, path);
    case 'listOfNames':
      return ofItems((item, at) => columnProblems(item, { kind: 'name' }, at));
    case 'listOfNamesOrNone':
      return ofItems((item, at) => (item === '' ? [] : columnProblems(item, { kind: 'names' }, at)));
    case 'listOfText':
      return ofItems((item, at) =>
        typeof item === 'string' ? [] : [{ path: at, message: `is ${shown(item)}; it is a text` }],
      );
    case 'row':
      return rowProblems(value, column.row, path);
    case 'rows':
      return ofItems((item, at) => rowProblems(item, column.row, at));
    case 'byName':
      return isRecord(value)
        ? Object.entries(value).flatMap(([name, item]) => columnProblems(item, column.value, [...path, name]))
        : unless(false, 'an object');
    case 'rowByName':
      return isRecord(value)
        ? Object.entries(value).flatMap(([name, item]) => rowProblems(item, column.row, [...path, name]))
        : unless(false, 'an object');
  }
}

const isIndex = (value: unknown): value is number => typeof value === 'number' && Number.isInteger(value) && value >= 0;

const quoted = (words: readonly string[]): string[] => words.map(word => `"${word}"`);

const shown = (value: unknown): string => {
  const json = JSON.stringify(value) ?? 'undefined';
  return json.length > 60 ? `${json.slice(0, 57)}…` : json;
};

/** Words of the `gives` column that are no types. */
const GIVES_WORDS = [
  'receiver',
  'items of receiver',
  'number',
  'boolean',
  'date',
  'argument 0',
  'instance of argument 0',
  'items of argument 0',
  'keys of argument 0',
];

const GIVES_FORMS =
  /^(?:receiver|items of receiver|(?:items of |pairs of |keys of |regex of )?argument \d+|items of arguments|(?:list of )?number|boolean|date|text \w+|input .+|instance of argument \d+|piped(?: (?:as one|in batches|until found|flat))?|emitted by (?:receiver|argument \d+)|offered (?:by name|argument \d+)|receiver with \w+ (?:argument|type) \d+|as said|checked argument \d+(?: in \w+)?|records? of (?:receiver|argument \d+)|export \S+|list of \S+#\S+)$/;

/** What a schema lets through. */
const ADMITS =
  / of (?:any|number|boolean|literal|arguments|(?:list of |values of )?argument \d+|pattern \d+|fields of argument \d+|field \d+ in \w+)$/;

/** What a stream emits; what was said of the receiver. */
const STREAMED = / (?:from argument \d+|with arguments|beside receiver)$/;

function unknownTypes(library: LibraryModel): LibraryProblem[] {
  const types = Object.keys(library.types ?? {});
  const problems: LibraryProblem[] = [];
  const known = (name: string) =>
    name === '' ||
    types.includes(
      name
        .replace(ADMITS, '')
        .replace(STREAMED, '')
        .replace(/^list of /, ''),
    ) ||
    (ADMITS.test(name) && name.startsWith('receiver of ')) ||
    name.includes('#') ||
    GIVES_FORMS.test(name);
  const check = (name: string | undefined, path: Path) => {
    if (name !== undefined && !known(name))
      problems.push({
        path,
        message: `is "${name}", which "types" does not have; ${didYouMean(name, [...types, ...GIVES_WORDS])}`,
      });
  };
  for (const [name, type] of Object.entries(library.types ?? {})) {
    check(type.extends, ['types', name, 'extends']);
    check(type.resolves, ['types', name, 'resolves']);
  }
  for (const [at, given] of (library.gives ?? []).entries()) check(given.gives, ['gives', at, 'gives']);
  for (const [at, relation] of (library.relations ?? []).entries()) {
    check(relation.as, ['relations', at, 'as']);
    check(relation.loadedAs, ['relations', at, 'loadedAs']);
    check(relation.reverse?.as, ['relations', at, 'reverse', 'as']);
    check(relation.reverse?.loadedAs, ['relations', at, 'reverse', 'loadedAs']);
  }
  const receivers = [
    ...(library.callbacks ?? []).map((each, at) => ({ each, path: ['callbacks', at] })),
    ...(library.routes ?? []).map((each, at) => ({ each, path: ['routes', at] })),
    ...(library.handlers ?? []).map((each, at) => ({ each, path: ['handlers', at] })),
  ];
  for (const { each, path } of receivers)
    for (const [parameter, name] of (each.receives ?? []).entries()) check(name, [...path, 'receives', parameter]);
  for (const [at, decorated] of (library.decorated ?? []).entries()) check(decorated.gives, ['decorated', at, 'gives']);
  for (const name of library.anyReceiver ?? [])
    if (!types.includes(name.slice(0, name.lastIndexOf('.'))))
      check(name.slice(0, Math.max(0, name.lastIndexOf('.'))), ['anyReceiver']);
  return problems;
}

/** Rows that would answer the same call: which of them counted would be chance. */
function claimedTwice(library: LibraryModel): LibraryProblem[] {
  const problems: LibraryProblem[] = [];
  const claim = (
    column: string,
    claims: readonly { readonly at: number; readonly key: string; readonly arity?: readonly [number, number] }[],
  ) => {
    const seen = new Map<string, { at: number; arity?: readonly [number, number] }[]>();
    for (const { at, key, arity: counts } of claims) {
      const before = seen.get(key) ?? [];
      const other = before.find(each => overlap(each.arity, counts));
      if (other) problems.push({ path: [column, at], message: `claims ${key}, which row ${other.at} has already` });
      seen.set(key, [...before, { at, arity: counts }]);
    }
  };
  const calls = (rows: readonly { readonly call?: Names; readonly arity?: readonly [number, number] }[] | undefined) =>
    (rows ?? []).flatMap((each, at) => namesOf(each.call).map(key => ({ at, key, arity: each.arity })));
  const made = (
    rows:
      | readonly { readonly call?: Names; readonly construct?: Names; readonly arity?: readonly [number, number] }[]
      | undefined,
  ) => [
    ...calls(rows),
    ...(rows ?? []).flatMap((each, at) =>
      namesOf(each.construct).map(name => ({ at, key: `new ${name}`, arity: each.arity })),
    ),
  ];
  claim('gives', [
    ...made(library.gives),
    ...(library.gives ?? []).flatMap((each, at) =>
      namesOf(each.property).map(name => ({ at, key: `the property ${name}` })),
    ),
  ]);
  claim('queries', calls(library.queries));
  claim('fragments', calls(library.fragments));
  claim('escapes', calls(library.escapes));
  claim('checks', calls(library.checks));
  claim('relations', calls(library.relations));
  claim('texts', calls(library.texts));
  claim('routes', calls(library.routes));
  claim('external', calls(library.external));
  claim('acquires', made(library.acquires));
  claim('connections', made(library.connections));
  claim(
    'transactions',
    // one call may enclose what it is handed, and begin one where it is handed nothing
    (library.transactions ?? []).flatMap((each, at) =>
      namesOf(each.call).map(name => ({ at, key: `${name} as ${each.does}`, arity: each.arity })),
    ),
  );
  claim(
    'callbacks',
    (library.callbacks ?? []).flatMap((each, at) =>
      namesOf(each.call).map(name => ({ at, key: `${name}, argument ${each.argument}` })),
    ),
  );
  claim(
    'neutral',
    (library.neutral ?? []).map((key, at) => ({ at, key })),
  );
  const columns = {
    queries: library.queries,
    fragments: library.fragments,
    external: library.external,
    acquires: library.acquires,
  };
  const meaningful = new Map(
    Object.entries(columns).flatMap(([column, rows]) => calls(rows).map(each => [each.key, column] as const)),
  );
  for (const [at, name] of (library.neutral ?? []).entries())
    if (meaningful.has(name))
      problems.push({ path: ['neutral', at], message: `calls ${name} harmless, which "${meaningful.get(name)}" has` });
  return problems;
}

const overlap = (a: readonly [number, number] | undefined, b: readonly [number, number] | undefined): boolean =>
  a === undefined || b === undefined || (a[0] <= b[1] && b[0] <= a[1]);
