/** What a statement does to a schema, in the words that every dialect and every migration tool shares. */

export type ObjectKind =
  | 'table'
  | 'column'
  | 'index'
  | 'constraint'
  | 'view'
  | 'materialized view'
  | 'function'
  | 'procedure'
  | 'trigger'
  | 'type'
  | 'domain'
  | 'sequence'
  | 'schema'
  | 'extension'
  | 'policy'
  | 'rule'
  | 'object';

/** One thing in the schema that a statement or a builder call creates, drops, alters or renames. */
export interface ObjectChange {
  readonly action: 'create' | 'drop' | 'alter' | 'rename';
  readonly kind: ObjectKind;
  /** Without its schema and quotes, unquoted names in lower case; absent where the server or the program makes it up. */
  readonly name?: string;
  /** The table or view that a column, index, constraint, trigger, policy or rule belongs to. */
  readonly on?: string;
  /** The new name. */
  readonly to?: string;
}

export interface StatementEffect {
  /**
   * * `structure` changes the schema; `data` writes rows
   * * `soft`: comments, grants, owners, statistics, sequence positions: shown, never deciding
   * * `none`: settings, transaction control, a SELECT that calls nothing
   * * `fails` raises an error whatever happens
   * * `unknown` runs code that this reading does not follow: calls, dynamic SQL, what it does not know
   */
  readonly effect: 'structure' | 'data' | 'soft' | 'none' | 'fails' | 'unknown';
  readonly changes: readonly ObjectChange[];
  /** Nothing in it is computed at run time: no hole, no dynamic SQL, no call. */
  readonly complete: boolean;
}
