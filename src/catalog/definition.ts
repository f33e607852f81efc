/** The parts that operations are made of. Every part says where it stands, as findings and fixes need it. */
import type { SqlSpan } from '../sql/query';

/** A plain parse tree, read by the dialect's own code alone. */
export type Tree = { readonly [key: string]: unknown };

/** A name as the server reads it: unquoted ones in lower case, quoted ones without their quotes. */
export interface Identifier {
  readonly name: string;
  readonly span: SqlSpan;
}

/** `schema.name`; the span covers both. */
export interface QualifiedName extends Identifier {
  readonly schema?: string;
}

/** An expression or a query as written. */
export interface Expression {
  readonly span: SqlSpan;
  readonly text: string;
  readonly tree: Tree;
}

/** A type where it is used. */
export interface TypeUse {
  readonly span: SqlSpan;
  /** As written. */
  readonly written: string;
  /** The server's own name for a built-in type (`integer`, `character varying`, `timestamp with time zone`). */
  readonly name: string;
  /** Only of a type that is not built in. */
  readonly schema?: string;
  /** What stands in parentheses: `10`, `2` of `numeric(10, 2)`. */
  readonly modifiers: readonly string[];
  /** 0 for what is no array. */
  readonly dimensions: number;
  readonly setOf?: boolean;
  /** Not a type of the server's but a sequence, a default and NOT NULL; `name` is the integer behind it. */
  readonly serial?: 'smallserial' | 'serial' | 'bigserial';
}

export interface SequenceOptions {
  readonly type?: string;
  readonly increment?: string;
  /** `null` for NO MINVALUE. */
  readonly min?: string | null;
  readonly max?: string | null;
  readonly start?: string;
  readonly cache?: string;
  readonly cycle?: boolean;
  /** `null` for OWNED BY NONE. */
  readonly ownedBy?: { readonly table: QualifiedName; readonly column: Identifier } | null;
  /** The position, which is data. */
  readonly restart?: string;
  /** The name that pg_dump gives the sequence of an identity column. */
  readonly sequenceName?: QualifiedName;
}

/** What of a column stands in no other field, in its dialect's own words: of other dialects than PostgreSQL. */
export interface ColumnWords {
  /** The type, with its character set and collation. */
  readonly type: string;
  /** T-SQL's `IDENTITY(1, 1)`. */
  readonly identity?: string;
  /** `NOT NULL` is written, which a key's column need not be to be held NOT NULL. */
  readonly isNotNull?: boolean;
  readonly rest: readonly string[];
}

/** What is written before and after the part of a statement that is read. */
export interface Around {
  readonly head: string;
  readonly tail: string;
}

export interface ColumnDefinition {
  readonly name: Identifier;
  /** The whole definition. */
  readonly span: SqlSpan;
  readonly type: TypeUse;
  /** `NOT NULL`, its constraint's name where it has one; a primary key is a constraint and not written here. */
  readonly notNull?: { readonly span: SqlSpan; readonly name?: string };
  /** T-SQL names a column's default. */
  readonly default?: { readonly span: SqlSpan; readonly value: Expression; readonly name?: string };
  readonly generated?: { readonly span: SqlSpan; readonly value: Expression; readonly stored: boolean };
  /** The server numbers the rows, without a sequence that is an object: of other dialects than PostgreSQL. */
  readonly autoIncrement?: boolean;
  /** What MySQL sets whenever the row changes. */
  readonly onUpdate?: string;
  readonly identity?: { readonly span: SqlSpan; readonly always: boolean; readonly options: SequenceOptions };
  readonly collation?: QualifiedName;
  readonly storage?: string;
  readonly compression?: string;
  readonly words?: ColumnWords;
  /** MySQL's FIRST and AFTER. */
  readonly place?: 'first' | { readonly after: Identifier };
  /** PRIMARY KEY, UNIQUE, CHECK and REFERENCES written with the column. */
  readonly constraints: readonly ConstraintDefinition[];
}

interface ConstraintParts {
  readonly name?: Identifier;
  /** From CONSTRAINT, or the constraint's first word, to its end. */
  readonly span: SqlSpan;
  /** Written with its column. */
  readonly inColumn: boolean;
  readonly deferrable: 'no' | 'immediate' | 'deferred';
  /** `NOT VALID` where it is written, and where it would be. */
  readonly notValid?: SqlSpan;
  readonly notValidAt: number;
  readonly enforced: boolean;
  /** All behind its name as written: of other dialects than PostgreSQL. */
  readonly words?: string;
}

export type KeyConstraint = ConstraintParts & {
  readonly kind: 'primaryKey' | 'unique';
  readonly columns: readonly Identifier[];
  readonly include: readonly Identifier[];
  readonly nullsNotDistinct: boolean;
  readonly withoutOverlaps: boolean;
  readonly usingIndex?: Identifier;
  readonly options: Options;
  readonly tablespace?: string;
};

export type CheckConstraint = ConstraintParts & {
  readonly kind: 'check';
  readonly expression: Expression;
  readonly noInherit: boolean;
};

export type ReferentialAction = 'no action' | 'restrict' | 'cascade' | 'set null' | 'set default';

export type ForeignKeyConstraint = ConstraintParts & {
  readonly kind: 'foreignKey';
  readonly columns: readonly Identifier[];
  /** What MySQL calls the index that it makes for it. */
  readonly indexName?: string;
  readonly references: QualifiedName;
  /** Empty: the primary key. */
  readonly referencedColumns: readonly Identifier[];
  readonly onUpdate: ReferentialAction;
  readonly onDelete: ReferentialAction;
  /** Of SET NULL and SET DEFAULT, where not all. */
  readonly onDeleteColumns: readonly string[];
  readonly match: 'simple' | 'full' | 'partial';
};

export type ExcludeConstraint = ConstraintParts & {
  readonly kind: 'exclude';
  readonly method: string;
  readonly elements: readonly { readonly element: IndexElement; readonly operator: string }[];
  readonly include: readonly Identifier[];
  readonly where?: Expression;
};

/** The named form of NOT NULL that PostgreSQL has since 18. */
export type NotNullConstraint = ConstraintParts & {
  readonly kind: 'notNull';
  readonly column: Identifier;
  readonly noInherit: boolean;
};

export type ConstraintDefinition =
  | KeyConstraint
  | CheckConstraint
  | ForeignKeyConstraint
  | ExcludeConstraint
  | NotNullConstraint;

export interface IndexElement {
  readonly span: SqlSpan;
  readonly column?: Identifier;
  readonly expression?: Expression;
  readonly collation?: string;
  readonly opclass?: string;
  readonly opclassOptions: Options;
  readonly descending: boolean;
  /** Where it is not the order's own default. */
  readonly nulls?: 'first' | 'last';
}

/** Storage parameters and the like, values as text, in the order of their names. */
export type Options = readonly (readonly [name: string, value: string])[];

export interface PartitionKey {
  readonly strategy: 'list' | 'range' | 'hash';
  readonly elements: readonly IndexElement[];
}

/** `FOR VALUES …` or `DEFAULT`, as written. */
export interface PartitionBound extends Expression {
  readonly isDefault: boolean;
}

export interface Parameter {
  readonly name?: string;
  readonly mode: 'in' | 'out' | 'inout' | 'variadic' | 'table';
  readonly type: TypeUse;
  readonly default?: Expression;
}

/** Every kind of thing that a name in a statement may stand for. */
export type ObjectKind =
  | 'schema'
  | 'table'
  | 'foreign table'
  | 'view'
  | 'materialized view'
  | 'index'
  | 'sequence'
  | 'column'
  | 'attribute'
  | 'constraint'
  | 'domain constraint'
  | 'trigger'
  | 'policy'
  | 'rule'
  | 'function'
  | 'procedure'
  | 'routine'
  | 'aggregate'
  | 'type'
  | 'domain'
  | 'extension'
  | 'statistics'
  | 'synonym'
  | OtherKind;

/** What the catalog holds by its text alone. */
export type OtherKind =
  | 'operator'
  | 'operator class'
  | 'operator family'
  | 'cast'
  | 'collation'
  | 'conversion'
  | 'text search configuration'
  | 'text search dictionary'
  | 'text search parser'
  | 'text search template'
  | 'publication'
  | 'subscription'
  | 'event trigger'
  | 'foreign data wrapper'
  | 'server'
  | 'user mapping'
  | 'language'
  | 'transform'
  | 'access method'
  | 'role'
  | 'database'
  | 'tablespace'
  | 'large object'
  | 'object';

/** What is read no further of other dialects than PostgreSQL. */
export type TextKind = 'trigger' | 'function' | 'procedure' | 'sequence' | 'synonym' | 'type';

/** What a statement names. */
export interface ObjectReference {
  readonly kind: ObjectKind;
  /** Its own name; of a column or trigger without the table. */
  readonly name: QualifiedName;
  /** The table of a column, constraint, trigger, policy or rule; the domain of a domain's constraint. */
  readonly on?: QualifiedName;
  /** The types that are part of a routine's identity; absent where none are written. */
  readonly arguments?: readonly TypeUse[];
  /** What else tells those of one name apart: the index method of an operator class or family, the role of a user mapping. */
  readonly of?: string;
}
