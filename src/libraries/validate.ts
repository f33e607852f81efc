/**
 * Checks a library table against the vocabulary: the shipped ones in tests, a person's own in `backend-reviewer.json`
 * before it counts. A wrong column or value is named with its place and the nearest right one.
 */
import { didYouMean, listed } from '../engine/nearest';
import { type Dialect, LEXIS, type PlaceholderStyle } from '../sql/dialect';
import type {
  AcquireRow,
  BatchRow,
  BeginningRow,
  BuiltRow,
  CallbackRow,
  CheckRow,
  ClauseRow,
  ComparisonCalls,
  ConnectionRow,
  DecoratedRow,
  EqualityRow,
  EscapeRow,
  ExternalRow,
  FragmentRow,
  GivesRow,
  HandlerRow,
  InputRow,
  KeyedReadRow,
  LibraryModel,
  LimitColumn,
  ListFormRow,
  ListingRow,
  ModelRow,
  Names,
  QueryRow,
  RegistryColumn,
  RegistryRecords,
  RelationRow,
  RepeatsColumn,
  ResolverRow,
  ReverseColumn,
  RouteRow,
  SecretRow,
  SerializerRow,
  TextRow,
  TogetherRow,
  TransactionRow,
  TypeRow,
  WrapRow,
  WrittenFieldRow,
} from './vocabulary';

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

/** What may stand in a column. */
type Column =
  | {
      readonly kind:
        | 'text'
        | 'flag'
        | 'index'
        | 'name'
        | 'names'
        | 'listOfNames'
        | 'listOfNamesOrNone'
        | 'listOfText'
        | 'arity';
    }
  | { readonly kind: 'oneOf'; readonly values: readonly string[] }
  | { readonly kind: 'indexOr' | 'flagOr'; readonly values: readonly string[] }
  | { readonly kind: 'indexes' | 'amount' }
  | { readonly kind: 'row'; readonly row: Row }
  | { readonly kind: 'rows'; readonly row: Row }
  | { readonly kind: 'rowByName'; readonly row: Row }
  | { readonly kind: 'byName'; readonly value: Column };

interface Row {
  readonly columns: Readonly<Record<string, Column>>;
  readonly required: readonly string[];
  /** Exactly one of these. */
  readonly either?: readonly string[];
}

/** Holds the schema to the types of the vocabulary: a column added there and forgotten here does not compile. */
const row = <T>(
  columns: { readonly [K in keyof Required<T>]: Column },
  required: readonly (keyof T & string)[],
  either?: readonly (keyof T & string)[],
): Row => ({ columns, required, either });

const text: Column = { kind: 'text' };
const flag: Column = { kind: 'flag' };
const index: Column = { kind: 'index' };
const names: Column = { kind: 'names' };
const arity: Column = { kind: 'arity' };
const listOfNames: Column = { kind: 'listOfNames' };
const listOfText: Column = { kind: 'listOfText' };
const oneOf = (...values: readonly string[]): Column => ({ kind: 'oneOf', values });
const flagOr = (...values: readonly string[]): Column => ({ kind: 'flagOr', values });
const indexOr = (...values: readonly string[]): Column => ({ kind: 'indexOr', values });

const DIALECTS: readonly Dialect[] = Object.keys(LEXIS).filter((name): name is Dialect => name in LEXIS);
const PLACEHOLDERS: readonly PlaceholderStyle[] = ['$n', '?', ':name', '@name', '%s', '%(name)s'];
const placeholder = oneOf(...PLACEHOLDERS);

const MAKES = oneOf('identifier', 'literal', 'number', 'boolean', 'bound');

const REPEATS = row<RepeatsColumn>(
  { over: indexOr('receiver', 'emitted', 'piped'), item: index, stopsAtFirstHit: flag },
  ['over', 'item'],
);

const LIMIT: Column = {
  kind: 'row',
  row: row<LimitColumn>({ option: names, default: { kind: 'amount' }, suits: { kind: 'amount' } }, ['option', 'suits']),
};

const COMPARISON_CALLS = row<ComparisonCalls>({ one: text, list: text, all: text }, ['one', 'list', 'all']);

const LIBRARY = row<LibraryModel>(
  {
    package: text,
    also: listOfNames,
    parts: names,
    source: text,
    dialect: oneOf(...DIALECTS),
    placeholder,
    pastes: listOfText,
    inProcess: flag,
    blocks: flag,
    types: {
      kind: 'rowByName',
      row: row<TypeRow>(
        {
          extends: text,
          annotated: flag,
          executes: oneOf('awaited', 'called', 'iterated'),
          resolves: text,
          pooled: flag,
          transaction: flag,
          holds: flag,
        },
        [],
      ),
    },
    gives: {
      kind: 'rows',
      row: row<GivesRow>(
        { call: names, construct: names, property: names, arity, holds: index, gives: text },
        ['gives'],
        ['call', 'construct', 'property'],
      ),
    },
    promises: oneOf('eager', 'lazy'),
    queries: {
      kind: 'rows',
      row: row<QueryRow>(
        {
          call: names,
          arity,
          executes: oneOf('called', 'awaited'),
          sql: indexOr('template'),
          tag: flag,
          sqlProperty: text,
          values: index,
          valuesProperty: text,
          valuesOption: text,
          writesLists: flag,
          valuesRest: flag,
          placeholder,
          relation: indexOr('receiver', 'property', 'owner'),
          self: flag,
          unlessLoaded: flag,
          operation: oneOf('read', 'write'),
          returns: oneOf('one', 'many', 'count', 'nothing'),
          batched: flag,
          batchedBy: text,
          gathered: flag,
          distinctive: flagOr('on a model', 'on its client'),
          filter: index,
          filterProperty: text,
          update: index,
          pipeline: index,
          code: { kind: 'indexes' },
          changes: oneOf('update', 'delete'),
          needsFilter: flag,
          limit: index,
          limitProperty: names,
        },
        ['call'],
      ),
    },
    fragments: {
      kind: 'rows',
      row: row<FragmentRow>(
        { call: names, sql: index, named: names, values: index, valuesLater: flag, placeholder, distinctive: flag },
        ['call', 'sql'],
      ),
    },
    escapes: {
      kind: 'rows',
      row: row<EscapeRow>({ call: names, makes: MAKES, where: names }, ['call', 'makes']),
    },
    checks: {
      kind: 'rows',
      row: row<CheckRow>(
        {
          call: names,
          checks: indexOr('receiver'),
          makes: oneOf('identifier', 'literal', 'number', 'boolean'),
          pattern: indexOr('receiver'),
          anchored: oneOf('start', 'both'),
          groups: flag,
        },
        ['call', 'checks'],
        ['makes', 'pattern'],
      ),
    },
    callbacks: {
      kind: 'rows',
      row: row<CallbackRow>(
        {
          call: names,
          argument: indexOr('rest'),
          from: index,
          receives: listOfText,
          repeats: { kind: 'row', row: REPEATS },
          result: oneOf('list', 'value', 'yielded', 'emitted', 'flattened'),
          error: oneOf('only', 'first'),
          runs: oneOf('kept', 'either', 'later'),
        },
        ['call', 'argument'],
      ),
    },
    texts: {
      kind: 'rows',
      row: row<TextRow>(
        {
          call: names,
          builds: oneOf(
            'concat',
            'join',
            'keep',
            'keep-argument',
            'printf',
            'format',
            'replace',
            'replace-all',
            'repeat',
            'string',
          ),
          argument: index,
          escapes: { kind: 'byName', value: MAKES },
        },
        ['call', 'builds'],
      ),
    },
    inputs: {
      kind: 'rows',
      row: row<InputRow>(
        { property: names, call: names, decorator: names, handler: names, label: text },
        ['label'],
        ['property', 'call', 'decorator', 'handler'],
      ),
    },
    routes: {
      kind: 'rows',
      row: row<RouteRow>(
        {
          call: names,
          arity,
          method: text,
          path: index,
          schemas: names,
          everyRoute: flag,
          handlers: index,
          receives: listOfText,
        },
        ['call', 'handlers', 'receives'],
      ),
    },
    wraps: {
      kind: 'rows',
      row: row<WrapRow>(
        {
          on: text,
          call: text,
          takes: text,
          name: text,
          begin: text,
          commit: text,
          rollback: text,
          sends: text,
          releasedBy: text,
        },
        ['on', 'name'],
        ['call', 'takes'],
      ),
    },
    transactions: {
      kind: 'rows',
      row: row<TransactionRow>(
        {
          call: names,
          arity,
          option: names,
          decorator: names,
          does: oneOf('begin', 'commit', 'rollback', 'enclose', 'join'),
          on: oneOf('receiver', 'result'),
        },
        ['does'],
        ['call', 'option', 'decorator'],
      ),
    },
    acquires: {
      kind: 'rows',
      row: row<AcquireRow>(
        {
          call: names,
          construct: names,
          arity,
          takes: oneOf('connection', 'cursor', 'session', 'statement'),
          on: oneOf('receiver'),
          releasedBy: names,
          parameter: index,
          releaseParameter: index,
          releaseWaits: flag,
          collected: flag,
        },
        ['takes', 'releasedBy'],
        ['call', 'construct'],
      ),
    },
    connections: {
      kind: 'rows',
      row: row<ConnectionRow>(
        {
          call: names,
          construct: names,
          arity,
          makes: oneOf('pool', 'connection', 'client'),
          options: indexOr('last'),
          max: LIMIT,
          idleTimeout: LIMIT,
          connectionTimeout: LIMIT,
        },
        ['makes'],
        ['call', 'construct'],
      ),
    },
    external: {
      kind: 'rows',
      row: row<ExternalRow>({ call: names, arity, kind: oneOf('http', 'queue', 'mail', 'file'), writes: flag }, [
        'call',
        'kind',
      ]),
    },
    handlers: {
      kind: 'rows',
      row: row<HandlerRow>(
        {
          type: names,
          exported: names,
          file: names,
          folder: names,
          named: names,
          parameters: { kind: 'listOfNamesOrNone' },
          receives: listOfText,
        },
        ['receives'],
      ),
    },
    decorated: { kind: 'rows', row: row<DecoratedRow>({ decorator: names, gives: text }, ['decorator', 'gives']) },
    batches: {
      kind: 'rows',
      row: row<BatchRow>({ call: names, construct: names, callback: index }, ['callback'], ['call', 'construct']),
    },
    lazyRelations: names,
    oneOfThese: text,
    anyOf: text,
    together: {
      kind: 'rows',
      row: row<TogetherRow>(
        {
          call: names,
          arity,
          bare: flag,
          with: text,
          behind: names,
          ofItem: flag,
          renamed: text,
          written: text,
          loadedBy: text,
          options: index,
          on: names,
          otherwise: text,
          reads: text,
          column: text,
        },
        ['call'],
      ),
    },
    listForms: {
      kind: 'rows',
      row: row<ListFormRow>(
        { of: oneOf('==', 'keyword', 'entry', 'call'), call: names, operator: text, written: text },
        ['of', 'written'],
      ),
    },
    keyedReads: {
      kind: 'rows',
      row: row<KeyedReadRow>(
        {
          call: names,
          batched: text,
          listedBy: text,
          argument: index,
          property: text,
          column: text,
          gives: oneOf('one', 'many'),
          missing: oneOf('null', 'undefined'),
          unique: flag,
          keeps: names,
          selects: text,
          comparedBy: { kind: 'row', row: COMPARISON_CALLS },
          selectedBy: names,
          limitedBy: names,
        },
        ['call', 'gives'],
      ),
    },
    resolvers: {
      kind: 'rows',
      row: row<ResolverRow>(
        { call: names, construct: names, decorator: names, type: text, entries: names, parent: names },
        [],
        ['call', 'construct', 'decorator'],
      ),
    },
    equalities: {
      kind: 'rows',
      row: row<EqualityRow>({ call: names, batched: text, selects: names, keeps: names }, [
        'call',
        'batched',
        'selects',
        'keeps',
      ]),
    },
    clauses: {
      kind: 'rows',
      row: row<ClauseRow>(
        {
          call: names,
          arity,
          says: oneOf('filters', 'limits', 'aggregates', 'streams', 'joins'),
          filter: index,
          code: index,
        },
        ['call', 'says'],
      ),
    },
    built: {
      kind: 'rows',
      row: row<BuiltRow>(
        {
          call: names,
          names: oneOf('table', 'columns', 'outputs', 'computed', 'order', 'joined', 'nothing'),
          first: flag,
        },
        ['call', 'names'],
      ),
    },
    secrets: {
      kind: 'rows',
      row: row<SecretRow>(
        {
          call: names,
          construct: names,
          argument: index,
          property: names,
          host: text,
          is: oneOf('password', 'key'),
          use: text,
        },
        ['argument', 'is', 'use'],
        ['call', 'construct'],
      ),
    },
    relations: {
      kind: 'rows',
      row: row<RelationRow>(
        {
          call: names,
          to: index,
          toName: text,
          gives: oneOf('one', 'many', 'either'),
          loadedBy: text,
          oneWhere: text,
          as: text,
          loadedAs: text,
          option: text,
          eager: names,
          asked: names,
          reverse: {
            kind: 'row',
            row: row<ReverseColumn>(
              {
                names,
                otherwise: text,
                loadedBy: text,
                gives: oneOf('one', 'many', 'either'),
                as: text,
                loadedAs: text,
              },
              ['names'],
            ),
          },
        },
        ['call', 'gives'],
      ),
    },
    models: {
      kind: 'rows',
      row: row<ModelRow>(
        {
          call: names,
          construct: names,
          decorator: names,
          extends: names,
          member: text,
          distinctive: flag,
          table: index,
          model: index,
          options: index,
          tableNames: names,
          inFolder: flag,
          columns: index,
          listed: flag,
          columnsIn: text,
          marks: names,
          references: names,
          typed: names,
          every: flag,
          columnName: index,
          columnNames: names,
          values: names,
          valuesOf: names,
          leftOut: names,
          hints: flag,
        },
        [],
        ['call', 'construct', 'decorator', 'extends', 'member'],
      ),
    },
    serializers: {
      kind: 'rows',
      row: row<SerializerRow>(
        {
          extends: names,
          many: text,
          records: text,
          fields: {
            kind: 'rows',
            row: row<WrittenFieldRow>(
              {
                call: names,
                writes: oneOf('key', 'method', 'nothing'),
                named: text,
                prefix: text,
                by: text,
                key: text,
              },
              ['call', 'writes'],
            ),
          },
          source: text,
          unwritten: text,
          options: text,
          names: text,
          without: text,
          depth: text,
          method: text,
        },
        [
          'extends',
          'many',
          'records',
          'fields',
          'source',
          'unwritten',
          'options',
          'names',
          'without',
          'depth',
          'method',
        ],
      ),
    },
    listings: {
      kind: 'rows',
      row: row<ListingRow>(
        { extends: names, records: listOfText, serializer: listOfText, makes: text, lists: names, by: names },
        ['extends', 'records', 'serializer', 'makes', 'lists', 'by'],
      ),
    },
    loads: names,
    fills: names,
    operators: oneOf('$'),
    pipes: names,
    registry: {
      kind: 'row',
      row: row<RegistryColumn>(
        {
          classes: names,
          functions: names,
          values: names,
          names,
          loads: names,
          injects: names,
          all: text,
          records: {
            kind: 'row',
            row: row<RegistryRecords>({ token: text, class: text, function: text, value: text, alias: text }, [
              'token',
              'class',
              'function',
              'value',
              'alias',
            ]),
          },
        },
        [],
      ),
    },
    anyReceiver: listOfNames,
    failures: listOfNames,
    raises: listOfNames,
    byTable: text,
    beginnings: {
      kind: 'rows',
      row: row<BeginningRow>({ call: text, then: text, table: oneOf('call', 'then') }, ['call', 'then', 'table']),
    },
    clientNames: listOfNames,
    neutral: listOfNames,
  },
  ['package', 'source'],
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
      return ofItems((item, at) => (item === '' ? [] : columnProblems(item, names, at)));
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

/** The names of a column, as a list. */
export const namesOf = (column: Names | undefined): readonly string[] =>
  column === undefined ? [] : typeof column === 'string' ? [column] : column;

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
