/** Statements that get another number of values than they have placeholders. Only where both are written out. */
import type { Place } from '../engine/place';
import { placeholdersOf, significantTokens } from '../sql/placeholder';
import { sourceOf } from '../sql/tokens';
import type { QueryExecution } from './facts';

export interface ParameterMismatch {
  readonly query: QueryExecution;
  /** What to mark: the values, or the call where there are none. */
  readonly at: Place;
  readonly placeholders: number;
  readonly values: number;
}

/** A query whose unit stands is the same object after an edit elsewhere, so its text is counted once. */
const COUNTED = new WeakMap<QueryExecution, { readonly mismatch: ParameterMismatch | undefined }>();

export function parameterMismatchOf(query: QueryExecution): ParameterMismatch | undefined {
  const known = COUNTED.get(query) ?? { mismatch: mismatchOf(query) };
  COUNTED.set(query, known);
  return known.mismatch;
}

function mismatchOf(query: QueryExecution): ParameterMismatch | undefined {
  const { sql, statement, rewrite, placeholder, dialect } = query;
  if (!sql?.complete || !statement || statement.kind === 'other' || !rewrite || query.callPath.length > 0)
    return undefined;
  if (!placeholder || (rewrite.valuesAs?.kind ?? 'list') !== 'list') return undefined;
  // what a hole stands for may hold placeholders of its own
  const text = sql.pieces.map(piece => (piece.kind === 'constant' ? piece.value : undefined));
  if (text.some(value => value === undefined)) return undefined;
  const wanted = countOf(text.join(''), placeholder, dialect);
  if (wanted === undefined) return undefined;
  const { valuesArgument, insertValuesAt } = rewrite;
  const given = valuesArgument ? valuesArgument.items?.length : insertValuesAt && placeholder === '$n' ? 0 : undefined;
  if (given === undefined || given === wanted) return undefined;
  // mysql leaves values aside that no placeholder takes
  if (given > wanted && placeholder === '?') return undefined;
  return { query, at: valuesArgument?.at ?? query.at, placeholders: wanted, values: given };
}

/** How many values the placeholders of a text take; undefined where they are of another kind than the driver's. */
function countOf(
  text: string,
  style: NonNullable<QueryExecution['placeholder']>,
  dialect: QueryExecution['dialect'],
): number | undefined {
  const found = placeholdersOf(text, significantTokens(text, dialect), dialect);
  switch (style) {
    case '$n': {
      const numbers = new Set(found.map(({ number }) => number));
      if (numbers.has(undefined)) return undefined;
      const highest = Math.max(0, ...[...numbers].map(number => number ?? 0));
      // a number that is left out is another mistake
      return numbers.size === highest ? highest : undefined;
    }
    case '?':
      return found.every(({ token }) => /^\?\??$/.test(sourceOf(text, token))) ? found.length : undefined;
    case '%s':
      return found.every(({ token }) => sourceOf(text, token) === '%s') && !text.includes('%%')
        ? found.length
        : undefined;
    default:
      return undefined;
  }
}
