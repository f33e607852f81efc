/** Values as text, with the places that each part of it comes from. */
import { fileOf, type UnitId } from '../../engine/place';
import type { TextExpression } from '../../program/model';
import { HOLE } from '../../sql/tokens';
import type { Evaluation } from './evaluation';
import type { Names, SourcePiece, Value } from './values';

/** The stretches of a text that stands further on in another one. */
export const shifted = (pieces: readonly SourcePiece[], by: number): readonly SourcePiece[] =>
  pieces.map(piece => ({ ...piece, from: piece.from + by, to: piece.to + by }));

/** A text or another constant as text, where all of it is known. */
export const textValue = (value: Value): string | undefined => {
  const text = textOf(value);
  return text?.kind === 'text' && text.complete ? text.value : undefined;
};

/** A constant as text, as a template writes it. */
export function textOf(value: Value): Value | undefined {
  if (value.kind === 'text') return value;
  if (value.kind === 'constant') return { kind: 'text', value: String(value.value), pieces: [], complete: true };
  return undefined;
}

/** Values written one after the other, `between` standing between them. */
export function joined(values: readonly Value[], between: string): Value {
  let value = '';
  let complete = true;
  const pieces: SourcePiece[] = [];
  values.forEach((each, index) => {
    if (index > 0) value += between;
    const text = textOf(each);
    if (text?.kind !== 'text') {
      complete = false;
      value += HOLE;
      return;
    }
    complete &&= text.complete;
    pieces.push(...shifted(text.pieces, value.length));
    value += text.value;
  });
  return { kind: 'text', value, pieces, complete };
}

/**
 * A template, or the text of a literal.
 * @param written  what stands in the text for a value in it; undefined where that is not known
 */
export function textOfParts(
  evaluation: Evaluation,
  expression: TextExpression,
  names: Names,
  unit: UnitId,
  written: (value: Value) => Value | undefined = textOf,
): Value {
  let value = '';
  let complete = true;
  const pieces: SourcePiece[] = [];
  for (const part of expression.parts) {
    if (part.kind === 'part') {
      if (fileOf(unit) === evaluation.module.file)
        pieces.push({
          from: value.length,
          to: value.length + part.value.length,
          unit,
          start: part.start,
          ...(part.escapes ? { escapes: part.escapes } : {}),
        });
      value += part.value;
      continue;
    }
    const hole = written(evaluation.value(part.expression, names, unit));
    if (hole?.kind !== 'text') {
      complete = false;
      value += HOLE;
    } else {
      complete &&= hole.complete;
      pieces.push(...shifted(hole.pieces, value.length));
      value += hole.value;
    }
  }
  return { kind: 'text', value, pieces, complete };
}
