/** A call that sends a statement, as the facts of queries are made from it. */

import type { Place } from '../engine/place';
import type { Repetition } from '../program/analysis';
import type { CallId, EntityName, Source, Value } from '../program/value';
import type { Dialect, PlaceholderStyle } from '../sql/dialect';
import type { Evidence, PathStep, SqlText } from './facts';

/** How a call takes its SQL text and values, as argument indexes. */
export interface SqlArguments {
  readonly sql: number;
  readonly values?: number;
  /** Values are taken by the calls on what this gives, or nowhere. */
  readonly binds?: 'later' | 'never';
  /** Lists among the values are written out by the client. */
  readonly writesLists?: boolean;
  /** The text and the values may stand in these entries of the argument. */
  readonly entries?: { readonly sql: string; readonly values: string };
  readonly valuesAs: { readonly kind: 'list' | 'rest' } | { readonly kind: 'property'; readonly name: string };
}

/** A call, or a builder's chain of calls, that sends a statement; or hands raw SQL to one that is sent elsewhere. */
export interface QueryCall {
  /** The call that sends it; of a chain its last. */
  readonly id: CallId;
  readonly at: Place;
  readonly call: Place;
  readonly label: string;
  /**
   * `possible`: a method named like a query that gets a parameter as its text. Only a caller can tell whether it is SQL,
   * so it is no query by itself.
   */
  readonly evidence: Evidence | 'possible';
  readonly role: 'query' | 'fragment';
  readonly library?: string;
  readonly dialect: Dialect;
  readonly placeholder?: PlaceholderStyle;
  readonly operation: 'read' | 'write' | 'unknown';
  readonly relation?: string;
  readonly sql?: SqlText;
  readonly takes?: SqlArguments;
  /** The bound values as they are handed over. */
  readonly values?: Value;
  readonly batched: boolean;
  readonly batchedBy?: string;
  /** How the library's filters say "one of these", where the call reads rows by a filter: `{ in: … }`. */
  readonly oneOfThese?: string;
  /** One of its values is a list: `= ANY($1)`, `IN (?)`. */
  readonly takesList: boolean;
  /** The library gathers equal calls of one tick into one statement. */
  readonly gathered: boolean;
  readonly repetitions: readonly Repetition[];
  /** What the name of its table depends on: another table is another statement. */
  readonly relationFrom: readonly Source[];
  /** What its connection depends on: another database takes a statement of its own. */
  readonly connectionFrom: readonly Source[];
  /** All that the statement depends on, and the expressions that it is written with. */
  readonly from: readonly Source[];
  readonly sources: readonly string[];
  readonly inLambda?: Place;
  /** Calls of the chain, in order; the call itself where there is none. */
  readonly chain: readonly CallId[];
  /** From the call down to what loads a relation, where that lies in a function that it calls. */
  readonly steps?: readonly PathStep[];
  /** What has the relation that it reads loaded with the records, and the call that declares that. */
  readonly loadedBy?: string;
  readonly by?: EntityName;
}
