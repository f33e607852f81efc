/** Where the parts of a recovered text stand in the source. */
import type { Place } from '../engine/place';
import { alternativesOf, sourceOffset } from '../program/strings';
import type { SqlSpan } from '../sql/query';
import { HOLE } from '../sql/tokens';
import type { SqlText } from './facts';

/** `coupon` of `o.coupon`. */
export function lastName(text: string, { start, end }: SqlSpan): SqlSpan {
  const dot = text.slice(start, end).lastIndexOf('.');
  if (dot < 0) return { start, end };
  const from = start + dot + 1;
  return { start: from + (text.slice(from, end).length - text.slice(from, end).trimStart().length), end };
}

/** Where a stretch of the recovered text stands in the source; nothing where it was put together. */
export function placeInText({ pieces }: Pick<SqlText, 'pieces'>, { start, end }: SqlSpan): Place | undefined {
  let from = 0;
  for (const piece of alternativesOf(pieces, 1)[0] ?? []) {
    const length = piece.kind === 'constant' ? piece.value.length : HOLE.length;
    if (start >= from && end <= from + length && piece.kind === 'constant' && piece.at) {
      const offset = (at: number): number => (piece.at?.start ?? 0) + sourceOffset(piece, at - from);
      return { ...piece.at, start: offset(start), end: offset(end) };
    }
    from += length;
  }
  return undefined;
}
