/**
 * A text that is one literal with marks in it, and values beside it: `"… = '%s'" % name`, `"… = {}".format(name)`. Bound,
 * the literal is all that stays.
 */
import type { Edit } from '../../engine/finding';
import type { Place } from '../../engine/place';
import type { SqlText } from '../../facts/facts';
import { sourceOffset } from '../../program/strings';
import type { ConstantPiece } from '../../program/value';
import type { Binding } from './bindings';
import { recoveredText, type Segment, type TextSource } from './recoveredText';

export interface FormattedText {
  readonly source: TextSource;
  /** The edits that leave the literal with placeholders in it; one of them is `undefined` where that fails. */
  edits(bindings: readonly Binding[], placeholders: readonly string[]): readonly (Edit<Place> | undefined)[];
}

/** A literal behind which nothing but the values is written. */
const APPLIED = /^\s*(?:%(?!%)|\.format\s*\()/;

/** @returns nothing where the expression is no such text, or puts anything in that is not pasted as it is */
export function formattedText(
  text: SqlText,
  { at, source }: { readonly at: Place; readonly source: string },
): FormattedText | undefined {
  const recovered = recoveredText(text.pieces);
  const constants = text.pieces.filter(piece => piece.kind === 'constant');
  const literal = constants[0]?.literal;
  if (!recovered || !literal || literal.at.unit !== at.unit || literal.at.start !== at.start) return undefined;
  const isInLiteral = ({ literal: own, at: place }: ConstantPiece): boolean =>
    place !== undefined && own?.at.start === literal.at.start;
  const slice = (start: number, end: number): string => source.slice(start - at.start, end - at.start);
  const written = slice(literal.at.start, literal.at.end);
  if (!APPLIED.test(slice(literal.at.end, at.end)) || /%%|\{\{|\}\}/.test(written)) return undefined;
  if (!constants.every(isInLiteral)) return undefined;
  const isBeside = (place: Place | undefined): boolean =>
    place !== undefined && place.unit === at.unit && literal.at.end < place.start && place.end <= at.end;
  // a value that is written twice into the text would be bound twice, and one that does no harm stays a mark
  const starts = new Set(recovered.holes.map(({ piece }) => piece.at?.start));
  if (!recovered.holes.every(({ piece }) => isBeside(piece.at)) || starts.size < recovered.holes.length)
    return undefined;
  return {
    source: { at, recovered, slice, reaches: () => true, before: () => undefined, after: () => undefined },
    edits(bindings, placeholders) {
      const isBound = ({ start, end }: Segment): boolean =>
        bindings.some(binding => binding.start <= start && end <= binding.end);
      if (!recovered.holes.every(isBound)) return [undefined];
      return [
        ...bindings.map((binding, index): Edit<Place> | undefined => {
          const start = offsetAt(recovered.segments, binding.start, 'before') ?? literal.at.start + literal.open.length;
          const end = offsetAt(recovered.segments, binding.end, 'after') ?? literal.at.end - literal.close.length;
          return { at: { unit: at.unit, start, end }, newText: binding.written(placeholders[index] ?? '') };
        }),
        { at: { unit: at.unit, start: literal.at.end, end: at.end }, newText: '' },
      ];
    },
  };
}

/** Where an offset of the text lies in the literal: at the end of the constant before it, or the start of the one behind. */
function offsetAt(segments: readonly Segment[], offset: number, side: 'before' | 'after'): number | undefined {
  const found =
    side === 'before'
      ? segments.find(({ piece, start, end }) => piece.kind === 'constant' && start < offset && offset <= end)
      : segments.find(({ piece, start, end }) => piece.kind === 'constant' && start <= offset && offset < end);
  if (found?.piece.kind !== 'constant' || !found.piece.at) return undefined;
  return found.piece.at.start + sourceOffset(found.piece, offset - found.start);
}
