/**
 * The way from an SQL text back to the program's source: which stretch of a literal, which expression wrote a character
 * of the statement.
 */
import type { Place } from '../../engine/place';
import type { SqlText } from '../../facts/facts';
import { sourceOffset } from '../../program/strings';
import type { ConstantPiece, Hole, Literal, Piece, RepeatPiece } from '../../program/value';
import { HOLE } from '../../sql/tokens';

/** A piece and the stretch of the text that it wrote; a hole, or a list joined into text, stands there as one `HOLE`. */
export interface Segment {
  readonly piece: ConstantPiece | Hole | RepeatPiece;
  readonly start: number;
  readonly end: number;
}

export interface RecoveredText {
  readonly text: string;
  readonly segments: readonly Segment[];
  /** The constant stretches around the holes, one more than there are holes. */
  readonly constants: readonly string[];
  /** The segments that are holes, in order. */
  readonly holes: readonly (Segment & { readonly piece: Hole | RepeatPiece })[];
}

/** The text as one run of the program builds it; nothing when it has several forms. */
export function recoveredText(pieces: readonly Piece[]): RecoveredText | undefined {
  const segments: Segment[] = [];
  let text = '';
  for (const piece of pieces) {
    if (piece.kind === 'choice' || (piece.kind === 'repeat' && !piece.at)) return undefined;
    const start = text.length;
    text += piece.kind === 'constant' ? piece.value : HOLE;
    segments.push({ piece, start, end: text.length });
  }
  const holes = segments.flatMap(({ piece, start, end }) => (piece.kind === 'constant' ? [] : [{ piece, start, end }]));
  return { text, segments, holes, constants: text.split(HOLE) };
}

/** Where a boundary of the text lies in the source, and in which literal; outside of all when `literal` is absent. */
export interface SourcePoint {
  readonly offset: number;
  readonly literal?: Literal;
}

/** The expression that builds a text, with the pieces of the text in it from left to right. */
export interface TextSource {
  readonly at: Place;
  readonly recovered: RecoveredText;
  /** What is written between two offsets of the unit. */
  slice(start: number, end: number): string;
  /** Where a replacement begins that takes the text from `offset` on out of the program. */
  before(offset: number): SourcePoint | undefined;
  /** Where a replacement ends that takes the text up to `offset` out of the program. */
  after(offset: number): SourcePoint | undefined;
}

/**
 * @returns nothing unless every piece stands in `expression`, in the order of the text: then the text is what is
 *          written there, and an edit in it changes this text alone
 */
export function textSource(
  text: SqlText,
  expression: { readonly at: Place; readonly source: string },
): TextSource | undefined {
  const recovered = recoveredText(text.pieces);
  if (!recovered) return undefined;
  const { at, source } = expression;
  let last = at.start;
  for (const { piece } of recovered.segments) {
    const place = piece.at;
    if (!place || place.unit !== at.unit || place.start < last || place.end > at.end) return undefined;
    last = place.end;
  }
  const { segments } = recovered;
  const slice = (start: number, end: number) => source.slice(start - at.start, end - at.start);
  return {
    at,
    recovered,
    slice,
    before(offset) {
      const index = segments.findIndex(({ start, end }) => start <= offset && offset < end);
      const segment = segments[index];
      if (!segment) return undefined;
      const { piece } = segment;
      if (piece.kind === 'constant') {
        if (!piece.at || !piece.literal) return undefined;
        return { offset: piece.at.start + sourceOffset(piece, offset - segment.start), literal: piece.literal };
      }
      if (piece.interpolation && piece.literal) return { offset: piece.interpolation.start, literal: piece.literal };
      // A hole that is added to a literal: what replaces it is written at the end of that literal.
      const neighbour = segments[index - 1]?.piece;
      if (neighbour?.kind !== 'constant' || !neighbour.at || !neighbour.literal) return undefined;
      return { offset: neighbour.at.end, literal: neighbour.literal };
    },
    after(offset) {
      const index = segments.findIndex(({ start, end }) => start < offset && offset <= end);
      const segment = segments[index];
      if (!segment) return undefined;
      const { piece } = segment;
      if (piece.kind === 'constant') {
        if (!piece.at || !piece.literal) return undefined;
        return { offset: piece.at.start + sourceOffset(piece, offset - segment.start), literal: piece.literal };
      }
      if (piece.interpolation && piece.literal) return { offset: piece.interpolation.end, literal: piece.literal };
      return piece.at && { offset: piece.at.end };
    },
  };
}
