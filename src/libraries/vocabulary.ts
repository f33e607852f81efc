/**
 * The closed vocabulary of library tables: what a library's calls mean, as data. No row holds logic.
 *
 * Names are relative to the package: `Pool` is an export or type, `Pool.query` a member of its instances, `knex` a
 * function, `default` the package itself when it is called. A user's own table in `backend-reviewer.json` has this shape
 * and passes the same validator.
 */
import type { Dialect, PlaceholderStyle } from '../sql/dialect';

export interface LibraryModel {
  /** `npm:pg`, or `js:` for what the language has without an import. */
  readonly package: string;
  /** Packages with the same exports: `npm:mysql2/promise`. */
  readonly also?: readonly string[];
  /** The documentation that the rows were read from. */
  readonly source: string;
  readonly dialect?: Dialect;
  readonly placeholder?: PlaceholderStyle;
  /** `Repository: { extends: 'Base' }`; a type that no row makes is known by annotation only. */
  readonly types?: Readonly<Record<string, TypeRow>>;
  /** What calls, constructors and properties give. */
  readonly gives?: readonly GivesRow[];
  /** Calls that send a statement. */
  readonly queries?: readonly QueryRow[];
  /** Raw SQL fragments: text that becomes part of a statement without being one. */
  readonly fragments?: readonly FragmentRow[];
  /** What makes a value harmless in text. */
  readonly escapes?: readonly EscapeRow[];
  /** Higher-order calls: which argument is called, how often, with what. */
  readonly callbacks?: readonly CallbackRow[];
  /** Calls that build text from their receiver or arguments. */
  readonly texts?: readonly TextRow[];
  /** Data from outside. */
  readonly inputs?: readonly InputRow[];
  readonly routes?: readonly RouteRow[];
  /** Calls that gather many per-item requests into one statement: DataLoader's. */
  readonly batches?: readonly { readonly call: string; readonly callback: number }[];
  /** Looked at, and neither queries, nor connections, nor input. */
  readonly neutral?: readonly string[];
}

export interface TypeRow {
  readonly extends?: string;
}

/** Exactly one of `call`, `construct`, `property`. */
export interface GivesRow {
  readonly call?: string;
  readonly construct?: string;
  /** `PrismaClient.*` for any property that no other row names. */
  readonly property?: string;
  readonly arity?: readonly [min: number, max: number];
  /** A type of this package, `receiver`, or `items of receiver`. */
  readonly gives: string;
}

export interface QueryRow {
  readonly call: string;
  readonly arity?: readonly [min: number, max: number];
  /** When the statement goes out: at the call, or when the built query is awaited. */
  readonly executes?: 'called' | 'awaited';
  /** Argument with the SQL text, or a tagged template that binds its holes. */
  readonly sql?: number | 'template';
  /** The SQL text may also be in this property of that argument: `{ text, values }`. */
  readonly sqlProperty?: string;
  readonly values?: number;
  readonly valuesProperty?: string;
  readonly operation?: 'read' | 'write';
  readonly returns?: 'one' | 'many' | 'count' | 'nothing';
  /** Takes many items in one statement: `createMany`, `insertMany`. */
  readonly batched?: boolean;
  /** Distinctive enough to count on an untraced receiver where the manifest has the package. */
  readonly distinctive?: boolean;
}

export interface FragmentRow {
  readonly call: string;
  readonly sql: number;
  readonly values?: number;
  readonly distinctive?: boolean;
}

export interface EscapeRow {
  readonly call: string;
  readonly makes: 'identifier' | 'literal' | 'number' | 'boolean' | 'bound';
}

export interface CallbackRow {
  readonly call: string;
  readonly argument: number | 'rest';
  readonly from?: number;
  /** What the callback's parameters are, by index; `''` for unknown. */
  readonly receives?: readonly string[];
  readonly repeats?: { readonly over: 'receiver' | number; readonly item: number; readonly stopsAtFirstHit?: boolean };
  readonly result?: 'list' | 'value';
}

export interface TextRow {
  readonly call: string;
  readonly builds: 'concat' | 'join' | 'keep' | 'keep-argument' | 'printf' | 'replace' | 'repeat' | 'string';
  readonly argument?: number;
}

export interface InputRow {
  /** `Request.query`: reading it gives data that a client chose. */
  readonly property?: string;
  readonly call?: string;
  /** `the query string`, for messages. */
  readonly label: string;
}

export interface RouteRow {
  /** `Router.get`. */
  readonly call: string;
  readonly method?: string;
  readonly path: number;
  /** Index of the first handler; all later function arguments are handlers too. */
  readonly handlers: number;
  /** Types of the handler's parameters. */
  readonly receives: readonly string[];
}
