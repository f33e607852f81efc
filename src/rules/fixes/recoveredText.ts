/**
 * The way from an SQL text back to the program's source: which stretch of a literal, which expression wrote a character
 * of the statement.
 */
import type { Place } from '../../engine/place';
import type { SqlText } from '../../facts/facts';
import { sourceOffset } from '../../program/strings';
import type { ChoicePiece, ConstantPiece, Hole, Literal, Piece, RepeatPiece } from '../../program/value';
import { HOLE } from '../../sql/tokens';

/** What an expression puts into a text: a value, one of several, or a list that it joins. */
export type Inserted = Hole | ChoicePiece | RepeatPiece;

/** A piece and the stretch of the text that it wrote; what an expression puts in stands there as one `HOLE`. */
export interface Segment {
  readonly piece: ConstantPiece | Inserted;
  readonly start: number;
  readonly end: number;
}

export interface RecoveredText {
  readonly text: string;
  readonly segments: readonly Segment[];
  /** The constant stretches around the holes, one more than there are holes. */
  readonly constants: readonly string[];
  /** The segments that are holes, in order. */
  readonly holes: readonly InsertedSegment[];
}

export interface InsertedSegment extends Segment {
  readonly piece: Inserted;
}

/** The text as one run of the program builds it; nothing when it has several forms. */
export function recoveredText(pieces: readonly Piece[]): RecoveredText | undefined {
  const segments: Segment[] = [];
  let text = '';
  for (const piece of pieces) {
    if ((piece.kind === 'choice' || piece.kind === 'repeat') && !piece.at) return undefined;
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
  /** Whether all that wrote a stretch of the text stands in the expression. */
  reaches(start: number, end: number): boolean;
  /** What is written between two offsets of the unit. */
  slice(start: number, end: number): string;
  /** Where a replacement begins that takes the text from `offset` on out of the program. */
  before(offset: number): SourcePoint | undefined;
  /** Where a replacement ends that takes the text up to `offset` out of the program. */
  after(offset: number): SourcePoint | undefined;
}

/**
 * Constants that are named in the expression and stand elsewhere are part of the text, and out of reach.
 *
 * @returns nothing unless every hazard stands in `expression`, and what stands there is in the order of the text: then an
 *          edit in it changes this text alone
 */
export function textSource(
  text: SqlText,
  expression: { readonly at: Place; readonly source: string },
): TextSource | undefined {
  const recovered = recoveredText(text.pieces);
  if (!recovered) return undefined;
  const { at, source } = expression;
  const within = (place: Place | undefined): place is Place =>
    place !== undefined && place.unit === at.unit && at.start <= place.start && place.end <= at.end;
  if (!text.hazards.every(hazard => within(hazard.at))) return undefined;
  // What is written once and goes in several times cannot be changed in one place; nor what another order put together.
  const own = new Set<Segment>();
  let last = at.start;
  for (const segment of recovered.segments) {
    const place = segment.piece.at;
    if (!within(place)) continue;
    const again = recovered.segments.some(
      other => other !== segment && other.piece.at?.start === place.start && within(other.piece.at),
    );
    if (place.start < last || again) {
      if (segment.piece.kind !== 'constant') return undefined;
      continue;
    }
    own.add(segment);
    last = place.end;
  }
  const { segments } = recovered;
  const slice = (start: number, end: number) => source.slice(start - at.start, end - at.start);
  return {
    at,
    recovered,
    slice,
    reaches: (start, end) =>
      segments.every(segment => segment.end <= start || segment.start >= end || own.has(segment)),
    before(offset) {
      const index = segments.findIndex(({ start, end }) => start <= offset && offset < end);
      const segment = segments[index];
      if (!segment || !own.has(segment)) return undefined;
      const { piece } = segment;
      if (piece.kind === 'constant') {
        if (!piece.at || !piece.literal) return undefined;
        return { offset: piece.at.start + sourceOffset(piece, offset - segment.start), literal: piece.literal };
      }
      if (piece.interpolation && piece.literal) return { offset: piece.interpolation.start, literal: piece.literal };
      // A hole that is added to a literal: what replaces it is written at the end of that literal.
      const neighbour = segments[index - 1];
      if (!neighbour || !own.has(neighbour) || neighbour.piece.kind !== 'constant') return undefined;
      const { at: before, literal } = neighbour.piece;
      return before && literal && { offset: before.end, literal };
    },
    after(offset) {
      const index = segments.findIndex(({ start, end }) => start < offset && offset <= end);
      const segment = segments[index];
      if (!segment || !own.has(segment)) return undefined;
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
