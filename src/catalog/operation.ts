/**
 * What a statement does, in words that no dialect owns. One statement is one operation, but for ALTER TABLE and the
 * like, whose commands are an operation each. Nothing of what the statement says about locks, repetition and
 * transactions is lost on the way: `concurrently`, `ifExists`, `cascade` hold the place where the word stands.
 * A position `…At` is where the word would go.
 */
import type { SqlSpan } from '../sql/query';
import type {
  Around,
  ColumnDefinition,
  ConstraintDefinition,
  Expression,
  Identifier,
  IndexElement,
  ObjectKind,
  ObjectReference,
  Options,
  OtherKind,
  Parameter,
  QualifiedName,
  SequenceOptions,
  TextKind,
  TypeUse,
} from './definition';
import type { Creates, DropsPart, Op, Persistence, Replaces } from './operationParts';
import type { AlterTableOperation, TableOperation } from './tableOperation';

export type { OperationParts, Persistence } from './operationParts';
export type {
  AlterTableOperation,
  ColumnOperation,
  ConstraintOperation,
  LikeClause,
  TableOperation,
  TableSettingOperation,
} from './tableOperation';

export type SchemaOperation = Op<'createSchema', Creates & { readonly name: Identifier; readonly owner?: string }>;

export type IndexOperation =
  | Op<
      'createIndex',
      Creates & {
        readonly name?: QualifiedName;
        readonly table: QualifiedName;
        readonly only: boolean;
        readonly unique: boolean;
        readonly concurrently?: SqlSpan;
        readonly concurrentlyAt: number;
        readonly method: string;
        readonly elements: readonly IndexElement[];
        readonly include: readonly Identifier[];
        readonly nullsNotDistinct: boolean;
        readonly where?: Expression;
        readonly options: Options;
        readonly tablespace?: string;
        readonly words?: Around;
      }
    >
  | Op<
      'reindex',
      {
        readonly target: 'index' | 'table' | 'schema' | 'database' | 'system';
        readonly name?: QualifiedName;
        readonly concurrently?: SqlSpan;
        readonly concurrentlyAt: number;
      }
    >;

export type ViewOperation =
  | Op<
      'createView',
      Replaces & {
        readonly name: QualifiedName;
        readonly temporary: boolean;
        readonly columns: readonly Identifier[];
        readonly query: Expression;
        readonly options: Options;
        readonly checkOption?: 'local' | 'cascaded';
        readonly words?: Around;
        /** T-SQL's ALTER VIEW, which says all of what is there already. */
        readonly alters?: true;
      }
    >
  | Op<
      'createMaterializedView',
      Creates & {
        readonly name: QualifiedName;
        readonly columns: readonly Identifier[];
        readonly query: Expression;
        readonly options: Options;
        readonly withData: boolean;
        readonly tablespace?: string;
        readonly accessMethod?: string;
      }
    >
  | Op<
      'refreshMaterializedView',
      {
        readonly name: QualifiedName;
        readonly concurrently?: SqlSpan;
        readonly concurrentlyAt: number;
        readonly withData: boolean;
      }
    >;

export type RoutineOperation =
  | Op<
      'createFunction',
      Replaces & {
        readonly name: QualifiedName;
        readonly procedure: boolean;
        readonly parameters: readonly Parameter[];
        /** Absent for a procedure, and where OUT parameters say it. */
        readonly returns?: TypeUse;
        readonly language: string;
        /** The text of the body, without its quotes; absent for `BEGIN ATOMIC` and `RETURN`. */
        readonly body?: string;
        readonly bodySpan?: SqlSpan;
        readonly sqlBody?: Expression;
        /** Volatility, strictness, security, cost and SET clauses, as `name`, `value`. */
        readonly options: Options;
      }
    >
  | Op<
      'alterFunction',
      { readonly function: ObjectReference; readonly set: Options; readonly reset: readonly string[] }
    >;

export type TriggerOperation =
  | Op<
      'createTrigger',
      Replaces & {
        readonly name: Identifier;
        readonly table: QualifiedName;
        readonly constraint: boolean;
        readonly timing: 'before' | 'after' | 'instead of';
        readonly events: readonly ('insert' | 'update' | 'delete' | 'truncate')[];
        readonly columns: readonly Identifier[];
        readonly forEachRow: boolean;
        readonly when?: Expression;
        readonly function: QualifiedName;
        readonly arguments: readonly string[];
        readonly deferrable: 'no' | 'immediate' | 'deferred';
        readonly from?: QualifiedName;
        readonly transitions: readonly { readonly name: string; readonly isNew: boolean }[];
      }
    >
  | Op<
      'createPolicy',
      {
        readonly name: Identifier;
        readonly table: QualifiedName;
        readonly permissive: boolean;
        readonly command: 'all' | 'select' | 'insert' | 'update' | 'delete';
        readonly roles: readonly string[];
        readonly using?: Expression;
        readonly check?: Expression;
      }
    >
  | Op<
      'alterPolicy',
      {
        readonly name: Identifier;
        readonly table: QualifiedName;
        readonly roles?: readonly string[];
        readonly using?: Expression;
        readonly check?: Expression;
      }
    >
  | Op<
      'createRule',
      Replaces & {
        readonly name: Identifier;
        readonly table: QualifiedName;
        readonly event: 'select' | 'insert' | 'update' | 'delete';
        /** The whole statement. */
        readonly definition: Expression;
      }
    >;

export type TypeOperation =
  | Op<
      'createEnum',
      { readonly name: QualifiedName; readonly labels: readonly Identifier[]; readonly unlessExists: boolean }
    >
  | Op<
      'addEnumLabel',
      Creates & {
        readonly type: QualifiedName;
        readonly label: Identifier;
        readonly before?: string;
        readonly after?: string;
      }
    >
  | Op<'renameEnumLabel', { readonly type: QualifiedName; readonly label: Identifier; readonly to: Identifier }>
  | Op<
      'createDomain',
      {
        readonly name: QualifiedName;
        readonly type: TypeUse;
        readonly collation?: QualifiedName;
        readonly default?: Expression;
        readonly notNull: boolean;
        readonly constraints: readonly ConstraintDefinition[];
        readonly unlessExists: boolean;
      }
    >
  | Op<
      'alterDomain',
      {
        readonly domain: QualifiedName;
        readonly change:
          | { readonly kind: 'setDefault'; readonly value?: Expression }
          | { readonly kind: 'setNotNull'; readonly notNull: boolean }
          | { readonly kind: 'addConstraint'; readonly constraint: ConstraintDefinition }
          | { readonly kind: 'dropConstraint'; readonly name: string; readonly ifExists: boolean }
          | { readonly kind: 'validateConstraint'; readonly name: string };
      }
    >
  | Op<
      'createCompositeType',
      { readonly name: QualifiedName; readonly attributes: readonly ColumnDefinition[]; readonly unlessExists: boolean }
    >
  | Op<'createRangeType', { readonly name: QualifiedName; readonly options: Options }>
  | Op<
      'alterCompositeType',
      {
        readonly type: QualifiedName;
        readonly change:
          | { readonly kind: 'addAttribute'; readonly attribute: ColumnDefinition }
          | { readonly kind: 'dropAttribute'; readonly name: string; readonly ifExists: boolean }
          | { readonly kind: 'setAttributeType'; readonly name: string; readonly type: TypeUse };
        readonly cascade: boolean;
      }
    >;

export type SequenceOperation =
  | Op<
      'createSequence',
      Creates & { readonly name: QualifiedName; readonly persistence: Persistence; readonly options: SequenceOptions }
    >
  | Op<
      'alterSequence',
      { readonly name: QualifiedName; readonly ifExists: boolean; readonly options: SequenceOptions }
    >;

export type ObjectOperation =
  | Op<
      'createExtension',
      Creates & {
        readonly name: Identifier;
        readonly schema?: string;
        readonly version?: string;
        readonly cascade: boolean;
      }
    >
  | Op<'alterExtension', { readonly name: Identifier; readonly version?: string }>
  | Op<
      'createStatistics',
      Creates & {
        readonly name?: QualifiedName;
        readonly table: QualifiedName;
        readonly kinds: readonly string[];
        readonly elements: readonly IndexElement[];
      }
    >
  | Op<
      'createOther',
      Creates &
        Replaces & {
          readonly object: ObjectReference;
          readonly what: OtherKind | 'aggregate' | TextKind;
          readonly text: string;
          /** T-SQL's ALTER PROCEDURE, which says all of what is there already. */
          readonly alters?: true;
          /** Of a publication or an event trigger: the whole statement. */
          readonly definition?: Expression;
          /** Functions, types and the like that it is made of. */
          readonly uses: readonly ObjectReference[];
        }
    >
  | Op<
      'alterPublication',
      {
        readonly name: Identifier;
        readonly action: 'add' | 'drop' | 'set';
        /** The whole statement. */
        readonly definition: Expression;
      }
    >
  | Op<
      'drop',
      DropsPart & {
        readonly objects: readonly ObjectReference[];
        readonly concurrently?: SqlSpan;
        /** Of DROP INDEX. */
        readonly concurrentlyAt: number;
      }
    >
  | Op<
      'rename',
      {
        readonly object: ObjectReference;
        readonly ifExists: boolean;
        readonly to: Identifier;
        /** Of a column or a constraint: of the table alone. */
        readonly only?: true;
      }
    >
  | Op<'setSchema', { readonly object: ObjectReference; readonly ifExists: boolean; readonly schema: string }>
  | Op<'setOwner', { readonly object: ObjectReference; readonly owner: string }>
  | Op<'attachIndex', { readonly index: QualifiedName; readonly child: QualifiedName }>
  | Op<'setIndexOptions', { readonly index: QualifiedName; readonly set: Options; readonly reset: readonly string[] }>
  | Op<'comment', { readonly object: ObjectReference; readonly text: string | null }>
  | Op<
      'grant',
      {
        readonly revoke: boolean;
        readonly privileges: readonly string[];
        /** Absent for `ALL … IN SCHEMA` and default privileges. */
        readonly objects: readonly ObjectReference[];
        readonly allIn?: { readonly kind: ObjectKind; readonly schemas: readonly string[] };
        readonly byDefault: boolean;
        readonly grantees: readonly string[];
        readonly withGrantOption: boolean;
        readonly text: string;
      }
    >;

export type DataOperation =
  | Op<
      'insert' | 'update' | 'delete' | 'merge',
      {
        readonly table: QualifiedName;
        /** Written columns: of INSERT's list, of SET. */
        readonly columns: readonly Identifier[];
        /** The rows come from a query, of INSERT. */
        readonly fromQuery: boolean;
        readonly hasWhere: boolean;
        /** Other tables that it reads. */
        readonly reads: readonly QualifiedName[];
        readonly tree: Expression;
      }
    >
  | Op<
      'truncate',
      { readonly tables: readonly QualifiedName[]; readonly cascade?: SqlSpan; readonly restartIdentity: boolean }
    >
  | Op<'copy', { readonly table?: QualifiedName; readonly into: boolean }>
  /** A query that changes no schema and no table: a SELECT of the server's own functions, EXPLAIN, SHOW, ANALYZE. */
  | Op<'query', { readonly reads: readonly QualifiedName[] }>
  | Op<'lockTable', { readonly tables: readonly QualifiedName[]; readonly mode: number }>
  | Op<'vacuum', { readonly full: boolean; readonly tables: readonly QualifiedName[] }>
  | Op<'cluster', { readonly table?: QualifiedName }>;

export type SessionOperation =
  | Op<
      'transaction',
      {
        readonly action: 'begin' | 'commit' | 'rollback' | 'savepoint' | 'release' | 'rollbackTo' | 'prepare';
        readonly name?: string;
        /** AND CHAIN: the next transaction begins where this one ends. */
        readonly chain?: true;
      }
    >
  | Op<
      'setParameter',
      {
        readonly name: string;
        /** Absent where it is reset to its default. */
        readonly values?: readonly string[];
        readonly local: boolean;
      }
    >;

/** What this reading does not follow. The catalog after it is partial where it `mayChangeSchema`. */
export type UnreadOperation = Op<
  'unread',
  {
    readonly why: 'does not parse' | 'block' | 'call' | 'dynamic' | 'unknown statement';
    readonly says: string;
    /** Beyond what it `ensures`. */
    readonly mayChangeSchema: boolean;
    /** Of a call: the functions by whose effect it may change anything, by their names alone. */
    readonly calls?: readonly string[];
    /** What a block does where it is not done yet: it asks the server's own lists first, or takes the refusal. */
    readonly ensures?: readonly Operation[];
  }
>;

export type Operation =
  | SchemaOperation
  | TableOperation
  | AlterTableOperation
  | IndexOperation
  | ViewOperation
  | RoutineOperation
  | TriggerOperation
  | TypeOperation
  | SequenceOperation
  | ObjectOperation
  | DataOperation
  | SessionOperation
  | UnreadOperation;

export type OperationKind = Operation['kind'];

export type OperationOf<Kind extends OperationKind> = Extract<Operation, { readonly kind: Kind }>;
