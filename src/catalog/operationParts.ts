/** What operations have in common: where they stand, and the words about repetition and dependents. */
import type { SqlSpan } from '../sql/query';

export interface OperationParts {
  /** The statement that it comes from; operations of one statement share it. */
  readonly statement: SqlSpan;
  /** The command within the statement, or all of it. */
  readonly span: SqlSpan;
}

/** Distributes over kinds: each is a member of the union. */
export type Op<Kind extends string, Parts = unknown> = Kind extends string
  ? OperationParts & { readonly kind: Kind } & Parts
  : never;

export interface Creates {
  readonly ifNotExists?: SqlSpan;
  readonly ifNotExistsAt: number;
}

export interface Replaces {
  readonly orReplace: boolean;
}

export interface DropsPart {
  readonly ifExists?: SqlSpan;
  readonly ifExistsAt: number;
  readonly cascade?: SqlSpan;
}

export type Persistence = 'permanent' | 'unlogged' | 'temporary';
