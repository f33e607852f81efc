/** The form that a library's table has: each row's columns, and what may stand in them. */

import { type Dialect, LEXIS, type PlaceholderStyle } from '../sql/dialect';
import type {
  AcquireRow,
  AliasRow,
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

/** What may stand in a column. */
export type Column =
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

/** The columns of a row, by name, and which it must have. */
export interface Row {
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

/** The table of one library. */
export const LIBRARY = row<LibraryModel>(
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
          lentBy: names,
          idle: names,
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
          names: oneOf('table', 'columns', 'outputs', 'computed', 'order', 'joined', 'selection', 'nothing'),
          first: flag,
          hasOthers: flag,
          elsewhere: names,
        },
        ['call', 'names'],
      ),
    },
    aliases: {
      kind: 'rows',
      row: row<AliasRow>({ call: names, model: indexOr('receiver'), alias: index }, ['call', 'model', 'alias']),
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
