/** What statements do to tables: CREATE TABLE, and each command of ALTER TABLE. */
import type { SqlSpan } from '../sql/query';
import type {
  ColumnDefinition,
  ColumnWords,
  ConstraintDefinition,
  Expression,
  Identifier,
  Options,
  PartitionBound,
  PartitionKey,
  QualifiedName,
  SequenceOptions,
  TypeUse,
} from './definition';
import type { Creates, DropsPart, Op, Persistence } from './operationParts';

export interface LikeClause {
  readonly table: QualifiedName;
  readonly span: SqlSpan;
  readonly including: ReadonlySet<
    | 'comments'
    | 'compression'
    | 'constraints'
    | 'defaults'
    | 'generated'
    | 'identity'
    | 'indexes'
    | 'statistics'
    | 'storage'
  >;
}

export type TableOperation =
  | Op<
      'createTable',
      Creates & {
        readonly name: QualifiedName;
        readonly persistence: Persistence;
        readonly foreign: boolean;
        readonly columns: readonly ColumnDefinition[];
        readonly constraints: readonly ConstraintDefinition[];
        /** With the number of columns that are written before it. */
        readonly like: readonly (LikeClause & { readonly afterColumns: number })[];
        readonly inherits: readonly QualifiedName[];
        readonly partitionBy?: PartitionKey;
        readonly partitionOf?: { readonly parent: QualifiedName; readonly bound: PartitionBound };
        readonly ofType?: QualifiedName;
        readonly options: Options;
        readonly tablespace?: string;
        readonly accessMethod?: string;
        readonly server?: string;
        readonly onCommit?: 'delete rows' | 'drop' | 'preserve rows';
        /** What is written behind the columns, in other dialects than PostgreSQL. */
        readonly tail?: string;
      }
    >
  | Op<
      'createTableAs',
      Creates & {
        readonly name: QualifiedName;
        readonly persistence: Persistence;
        readonly columns: readonly Identifier[];
        readonly query: Expression;
        readonly withData: boolean;
      }
    >;

type TableChange<Kind extends string, Parts = unknown> = Op<
  Kind,
  { readonly table: QualifiedName; readonly ifTableExists: boolean; readonly only: boolean } & Parts
>;

export type ColumnOperation =
  | TableChange<'addColumn', Creates & { readonly column: ColumnDefinition }>
  | TableChange<'dropColumn', DropsPart & { readonly column: Identifier }>
  | TableChange<
      'setColumnType',
      {
        readonly column: Identifier;
        readonly type: TypeUse;
        readonly collation?: QualifiedName;
        readonly using?: Expression;
        readonly words?: ColumnWords;
      }
    >
  | TableChange<
      'setDefault',
      {
        readonly column: Identifier;
        readonly value: Expression;
        /** T-SQL names it as a constraint. */
        readonly constraint?: string;
      }
    >
  /** All of the column is said anew, as MySQL's MODIFY does; it stays the same column, under the name that it has. */
  | TableChange<'redefineColumn', { readonly column: Identifier; readonly definition: ColumnDefinition }>
  | TableChange<'dropDefault', { readonly column: Identifier }>
  | TableChange<'setNotNull' | 'dropNotNull', { readonly column: Identifier }>
  | TableChange<'setGenerated', { readonly column: Identifier; readonly value: Expression }>
  | TableChange<'dropGenerated', { readonly column: Identifier; readonly ifExists: boolean }>
  | TableChange<
      'addIdentity',
      { readonly column: Identifier; readonly always: boolean; readonly options: SequenceOptions }
    >
  | TableChange<
      'setIdentity',
      { readonly column: Identifier; readonly always?: boolean; readonly options: SequenceOptions }
    >
  | TableChange<'dropIdentity', { readonly column: Identifier; readonly ifExists: boolean }>
  | TableChange<
      'setColumnOption',
      {
        readonly column: Identifier;
        readonly option: 'storage' | 'compression' | 'statistics' | 'options';
        /** Of `options`: `name=value`, a comma between them; a name alone where it is reset. */
        readonly value: string;
      }
    >;

export type ConstraintOperation =
  | TableChange<'addConstraint', { readonly constraint: ConstraintDefinition }>
  | TableChange<
      'dropConstraint',
      DropsPart & {
        readonly name: Identifier;
        /** T-SQL's, which looks up what the server has called it: of one column, or the primary key. */
        readonly unnamed?: {
          readonly kind: 'check' | 'primaryKey' | 'unique' | 'foreignKey';
          readonly column?: Identifier;
        };
      }
    >
  | TableChange<'validateConstraint', { readonly name: Identifier; readonly ofAll?: true }>
  | TableChange<
      'alterConstraint',
      {
        readonly name: Identifier;
        /** T-SQL's ALL: every CHECK and foreign key of the table. */
        readonly ofAll?: true;
        readonly deferrable?: 'no' | 'immediate' | 'deferred';
        readonly enforced?: boolean;
      }
    >;

export type TableSettingOperation =
  | TableChange<
      'setTriggerState',
      { readonly trigger: Identifier | 'all' | 'user'; readonly state: 'enabled' | 'disabled' | 'replica' | 'always' }
    >
  | TableChange<
      'setRuleState',
      { readonly rule: Identifier; readonly state: 'enabled' | 'disabled' | 'replica' | 'always' }
    >
  | TableChange<'setRowSecurity', { readonly enabled?: boolean; readonly forced?: boolean }>
  | TableChange<
      'setReplicaIdentity',
      { readonly identity: 'default' | 'full' | 'nothing' | 'index'; readonly index?: Identifier }
    >
  | TableChange<'setTableOptions', { readonly set: Options; readonly reset: readonly string[] }>
  /** How MySQL stores the table, as it is written. */
  | TableChange<'setStorageWords', { readonly text: string }>
  | TableChange<'setTablespace' | 'setAccessMethod', { readonly to: string }>
  | TableChange<'setPersistence', { readonly to: 'permanent' | 'unlogged' }>
  | TableChange<'inherit' | 'noInherit', { readonly parent: QualifiedName }>
  | TableChange<'attachPartition', { readonly partition: QualifiedName; readonly bound?: PartitionBound }>
  | TableChange<
      'detachPartition',
      {
        readonly partition: QualifiedName;
        readonly concurrently?: SqlSpan;
        readonly finalize: boolean;
        readonly concurrentlyAt: number;
      }
    >
  | TableChange<'clusterOn', { readonly index?: Identifier }>;

/** A change to one table by ALTER TABLE. */
export type AlterTableOperation = ColumnOperation | ConstraintOperation | TableSettingOperation;
