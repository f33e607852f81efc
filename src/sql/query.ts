/** What a parsed statement says, in a form that no dialect owns: as much as the review asks, and no more. */

export interface SqlSpan {
  /** UTF-16 offsets in the text that was parsed. */
  readonly start: number;
  readonly end: number;
}

export interface RelationUse {
  readonly name: string;
  readonly schema?: string;
  /** The name it goes by in the statement, where it has another. */
  readonly alias?: string;
}

/** What a column is compared to. */
export type ComparedValue =
  /** A bound value or a hole; `ordinal` counts the placeholders of the text from 0, `number` is that of `$1`. */
  | (SqlSpan & {
      readonly kind: 'placeholder';
      readonly ordinal: number;
      readonly number?: number;
      readonly name?: string;
    })
  | (SqlSpan & { readonly kind: 'literal' })
  | { readonly kind: 'column'; readonly name: string; readonly qualifier?: string }
  | { readonly kind: 'other' };

/** `column operator value` as one of the conditions that WHERE joins by AND. */
export interface Comparison extends SqlSpan {
  readonly column: string;
  readonly qualifier?: string;
  readonly columnSpan: SqlSpan;
  /** In capitals; `IN` for a list, `= ANY` for an array. */
  readonly operator: string;
  /** One for a simple comparison, the items of a list. */
  readonly values: readonly ComparedValue[];
}

/** One item of a select list. */
export type Output =
  | { readonly kind: 'all'; readonly qualifier?: string }
  | { readonly kind: 'column'; readonly name: string; readonly qualifier?: string; readonly as?: string }
  | { readonly kind: 'expression'; readonly as?: string };

export type QueryKind = 'select' | 'insert' | 'update' | 'delete' | 'merge' | 'other';

/** One statement. */
export interface SqlQuery extends SqlSpan {
  readonly kind: QueryKind;
  /** Tables and views that it reads, those of its subqueries and CTEs included; a CTE's own name is none. */
  readonly reads: readonly RelationUse[];
  /** Tables that it writes. */
  readonly writes: readonly RelationUse[];
  /** The outermost FROM, in order; with more than one it joins. */
  readonly from: readonly RelationUse[];
  readonly comparisons: readonly Comparison[];
  /** Every condition of WHERE is among `comparisons`. */
  readonly onlyComparisons: boolean;
  readonly hasWhere: boolean;
  /** The select list, or what RETURNING gives. */
  readonly outputs: readonly Output[];
  readonly grouped: boolean;
  /** An aggregate or window function in the select list. */
  readonly aggregated: boolean;
  readonly distinct: boolean;
  /** LIMIT, FETCH, TOP or OFFSET. */
  readonly limited: boolean;
  readonly ordered: boolean;
  /** UNION, INTERSECT or EXCEPT. */
  readonly combined: boolean;
  /** FOR UPDATE and the like. */
  readonly locking: boolean;
  /** The number of placeholders and bare holes in the text. */
  readonly placeholders: number;
}

/** A statement's reading, in offsets of the text that the statement stands in. */
export function shifted(query: SqlQuery, by: number): SqlQuery {
  if (by === 0) return query;
  const move = <T extends SqlSpan>(span: T): T => ({ ...span, start: span.start + by, end: span.end + by });
  return {
    ...move(query),
    comparisons: query.comparisons.map(comparison => ({
      ...move(comparison),
      columnSpan: move(comparison.columnSpan),
      values: comparison.values.map(value => ('start' in value ? move(value) : value)),
    })),
  };
}
