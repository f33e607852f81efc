/** What a catalog holds. Plain immutable values; every object and every column has an identity that a rename keeps. */
import type {
  Around,
  ColumnWords,
  Options,
  OtherKind,
  Parameter,
  ReferentialAction,
  SequenceOptions,
  TextKind,
  Tree,
} from './definition';
import type { Persistence } from './operation';

/** As a server's OID: a rename keeps it, a drop and a create does not. */
export type ObjectId = number;

interface ObjectParts {
  readonly id: ObjectId;
  /** The history does not explain it: it was there before, and what is not known of it equals anything. */
  readonly assumed?: true;
  /** What of an assumed one is known all the same, by the names of its aspects. */
  readonly told?: readonly string[];
  readonly comment?: string;
}

/** An expression whose names are bound to identities, so that it follows renames. */
export interface Bound {
  /** As written. */
  readonly text: string;
  /** Its nodes carry the identities that their names stand for, as `$id`. */
  readonly tree: Tree;
  /** Every identity that it names. */
  readonly refs: readonly ObjectId[];
}

export interface DataType {
  readonly name: string;
  readonly schema?: string;
  /** Of a type that the catalog holds, which then names it. */
  readonly id?: ObjectId;
  readonly modifiers: readonly string[];
  readonly dimensions: number;
}

export interface Column extends ObjectParts {
  readonly name: string;
  /** Unknown of an assumed column and of a view's. */
  readonly type?: DataType;
  readonly notNull: boolean;
  readonly notNullName?: string;
  /** What PostgreSQL 18 has called its NOT NULL, which nobody has. */
  readonly notNullMade?: string;
  /** Of an inherited one: it is NOT NULL by its own table's word, which outlives its parent's since PostgreSQL 18. */
  readonly ownNotNull?: true;
  readonly default?: Bound;
  /** As a constraint, where the dialect names it. */
  readonly defaultName?: string;
  readonly generated?: { readonly value: Bound; readonly stored: boolean };
  readonly autoIncrement?: boolean;
  readonly onUpdate?: string;
  readonly words?: ColumnWords;
  /** It was there before anything told what it is. */
  readonly met?: true;
  readonly identity?: { readonly always: boolean; readonly sequence: ObjectId };
  readonly collation?: string;
  readonly storage?: string;
  readonly compression?: string;
  readonly statistics?: string;
  /** `name=value`, sorted, a comma between them. */
  readonly options?: string;
  /** From a parent of its table; a local one may have been inherited too. */
  readonly inherited?: boolean;
  /** Inherited, and declared by the table too. */
  readonly local?: boolean;
}

interface ConstraintParts extends ObjectParts {
  readonly name: string;
  readonly validated: boolean;
  readonly enforced: boolean;
  readonly deferrable: 'no' | 'immediate' | 'deferred';
  readonly inherited?: boolean;
  /** Inherited, and declared by the table too. */
  readonly local?: boolean;
  /** As written, of other dialects than PostgreSQL: all behind its name, and whether it has one. */
  readonly words?: { readonly text: string; readonly isNamed: boolean; readonly inColumn: boolean };
  /** The partitioned table's key or foreign key that it is part of. */
  readonly parent?: ObjectId;
}

export type Constraint =
  | (ConstraintParts & {
      readonly kind: 'primaryKey' | 'unique';
      readonly columns: readonly ObjectId[];
      /** The index behind it, of the same name. */
      readonly index: ObjectId;
      readonly withoutOverlaps: boolean;
    })
  | (ConstraintParts & {
      readonly kind: 'exclude';
      readonly columns: readonly ObjectId[];
      readonly index: ObjectId;
      readonly operators: readonly string[];
    })
  | (ConstraintParts & {
      readonly kind: 'check';
      readonly columns: readonly ObjectId[];
      readonly expression: Bound;
      readonly noInherit: boolean;
    })
  | (ConstraintParts & {
      readonly kind: 'foreignKey';
      readonly columns: readonly ObjectId[];
      readonly table: ObjectId;
      readonly referenced: readonly ObjectId[];
      readonly onUpdate: ReferentialAction;
      readonly onDelete: ReferentialAction;
      readonly onDeleteColumns: readonly ObjectId[];
      readonly match: 'simple' | 'full' | 'partial';
    });

export interface KeyElement {
  /** What its column was called when the index was made, which copies of the index are named by. */
  readonly named?: string;
  readonly column?: ObjectId;
  readonly expression?: Bound;
  readonly collation?: string;
  readonly opclass?: string;
  readonly opclassOptions: Options;
  readonly descending: boolean;
  readonly nulls?: 'first' | 'last';
}

export interface Index extends ObjectParts {
  readonly name: string;
  readonly unique: boolean;
  readonly method: string;
  readonly elements: readonly KeyElement[];
  readonly include: readonly ObjectId[];
  /** What those were called when the index was made, which copies of the index are named by. */
  readonly includeNamed?: readonly string[];
  readonly where?: Bound;
  readonly nullsNotDistinct: boolean;
  readonly options: Options;
  readonly tablespace?: string;
  /** Of other dialects than PostgreSQL. */
  readonly words?: Around;
  /** The constraint that it serves. */
  readonly constraint?: ObjectId;
  /** The partitioned table's index that it is part of. */
  readonly parent?: ObjectId;
  /** Made ON ONLY a partitioned table, and not every partition has a part of it. */
  readonly invalid?: true;
}

export type FiringState = 'enabled' | 'disabled' | 'replica' | 'always';

export interface Trigger extends ObjectParts {
  readonly name: string;
  readonly constraint: boolean;
  readonly timing: 'before' | 'after' | 'instead of';
  readonly events: readonly string[];
  readonly columns: readonly ObjectId[];
  readonly forEachRow: boolean;
  readonly when?: Bound;
  readonly function: { readonly name: string; readonly schema?: string; readonly id?: ObjectId };
  readonly arguments: readonly string[];
  readonly deferrable: 'no' | 'immediate' | 'deferred';
  readonly fromTable?: ObjectId;
  readonly transitions: readonly { readonly name: string; readonly isNew: boolean }[];
  readonly state: FiringState;
  /** The partitioned table's trigger that it is a copy of. */
  readonly parent?: ObjectId;
}

export interface Policy extends ObjectParts {
  readonly name: string;
  readonly permissive: boolean;
  readonly command: string;
  readonly roles: readonly string[];
  readonly using?: Bound;
  readonly check?: Bound;
}

export interface Rule extends ObjectParts {
  readonly name: string;
  readonly event: string;
  readonly definition: Bound;
  readonly state: FiringState;
}

interface RelationParts extends ObjectParts {
  readonly schema: string;
  readonly name: string;
  readonly owner?: string;
  readonly columns: readonly Column[];
  readonly indexes: readonly Index[];
  readonly triggers: readonly Trigger[];
  readonly rules: readonly Rule[];
  readonly options: Options;
  readonly tablespace?: string;
  readonly accessMethod?: string;
  readonly grants: Grants;
}

/** Per grantee its privileges, `with grant option` among them, sorted. */
export type Grants = readonly (readonly [grantee: string, privileges: readonly string[]])[];

/** An index that nobody has written. */
export interface ImpliedIndex {
  readonly name: string;
  readonly columns: readonly ObjectId[];
}

export interface Table extends RelationParts {
  readonly kind: 'table';
  readonly foreignServer?: string;
  readonly persistence: Persistence;
  readonly constraints: readonly Constraint[];
  readonly policies: readonly Policy[];
  readonly rowSecurity: boolean;
  readonly forceRowSecurity: boolean;
  readonly partitionBy?: { readonly strategy: string; readonly elements: readonly KeyElement[] };
  readonly partitionOf?: { readonly parent: ObjectId; readonly bound: string; readonly isDefault: boolean };
  readonly inherits: readonly ObjectId[];
  readonly ofType?: string;
  readonly replicaIdentity: 'default' | 'full' | 'nothing' | ObjectId;
  readonly clusteredOn?: ObjectId;
  readonly onCommit?: string;
  /** What is written behind its columns, and what was altered of it later: of other dialects than PostgreSQL. */
  readonly words?: { readonly tail: string; readonly later: readonly string[] };
  /** Those that MySQL keeps for its foreign keys where no other index serves them. */
  readonly implied?: readonly ImpliedIndex[];
  /** All its columns, constraints and indexes are known. */
  readonly complete: boolean;
  /** Of one that is not: parts that are known not to be there, as `column note`. */
  readonly lacks?: readonly string[];
  /** It was there and is not; what names it still means the next one of its name. Of other dialects than PostgreSQL. */
  readonly dropped?: boolean;
}

export interface View extends RelationParts {
  readonly kind: 'view' | 'materializedView';
  readonly temporary: boolean;
  readonly query?: Bound;
  /** Before VIEW and behind the name, of other dialects than PostgreSQL. */
  readonly words?: Around;
  /** Its text names what has been renamed since, where no server follows: it cannot be made so again. */
  readonly isStale?: true;
  /** Its columns' names are written before the query. */
  readonly checkOption?: 'local' | 'cascaded';
  readonly withData: boolean;
}

export interface Sequence extends ObjectParts {
  readonly kind: 'sequence';
  readonly schema: string;
  readonly name: string;
  readonly owner?: string;
  readonly persistence: Persistence;
  readonly options: SequenceOptions;
  readonly ownedBy?: { readonly table: ObjectId; readonly column: ObjectId };
  /** Of an identity column, which it cannot outlive or leave. */
  readonly identity: boolean;
  readonly grants: Grants;
}

export type Relation = Table | View | Sequence;

interface NamedParts extends ObjectParts {
  readonly schema: string;
  readonly name: string;
  readonly owner?: string;
}

export type Type =
  | (NamedParts & { readonly kind: 'enum'; readonly labels: readonly string[] })
  | (NamedParts & {
      readonly kind: 'domain';
      readonly type: DataType;
      readonly collation?: string;
      readonly default?: Bound;
      readonly notNull: boolean;
      readonly constraints: readonly (ConstraintParts & { readonly expression: Bound })[];
    })
  | (NamedParts & { readonly kind: 'composite'; readonly attributes: readonly Column[] })
  | (NamedParts & { readonly kind: 'range'; readonly options: Options });

export interface Routine extends NamedParts {
  readonly kind: 'routine';
  readonly procedure: boolean;
  readonly parameters: readonly (Omit<Parameter, 'type' | 'default'> & {
    readonly type: DataType;
    readonly default?: Bound;
  })[];
  readonly returns?: DataType & { readonly setOf: boolean };
  readonly language: string;
  readonly body?: string;
  readonly sqlBody?: Bound;
  readonly options: Options;
  readonly grants: Grants;
}

export interface Schema extends ObjectParts {
  readonly kind: 'schema';
  readonly name: string;
  readonly owner?: string;
  readonly grants: Grants;
}

export interface Extension extends ObjectParts {
  readonly kind: 'extension';
  readonly name: string;
  readonly schema?: string;
  readonly version?: string;
}

export interface Statistics extends NamedParts {
  readonly kind: 'statistics';
  readonly table: ObjectId;
  readonly kinds: readonly string[];
  readonly elements: readonly KeyElement[];
}

/** What is kept by its text. */
export interface Other extends ObjectParts {
  readonly kind: 'other';
  readonly what: OtherKind | 'aggregate' | TextKind;
  readonly schema?: string;
  readonly name: string;
  /** With its argument types, as far as they belong to its identity: those of the history's own as what they are. */
  readonly identity: string;
  /** What tells it from others of its name: an aggregate's arguments, an operator's sides, a cast's two types. */
  readonly types?: readonly DataType[];
  readonly text: string;
  /** Of what follows the tables, types or functions that it names: the whole statement. */
  readonly definition?: Bound;
  /** What it is made of, and cannot be without. */
  readonly uses: readonly ObjectId[];
  /** The table that it falls with. */
  readonly on?: ObjectId;
  /** It names what has been renamed since. */
  readonly isStale?: true;
}

export type CatalogObject = Relation | Type | Routine | Schema | Extension | Statistics | Other;
