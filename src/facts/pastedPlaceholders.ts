/**
 * Placeholders that a library fills in as they are, with no quotes and no escaping, since a mark behind their name says so:
 * `$1:raw` and `${order^}` of pg-promise. What such a placeholder stands for is part of the statement, as if it had been pasted.
 */
import type { Analysis, ObservedArgument } from '../program/analysis';
import type { ConstantPiece, Hole, Piece } from '../program/value';

/** `$1`, `${name}`, `$(name)`, `$<name>`, `$[name]`, `$/name/`, with what stands behind the name. */
const PLACEHOLDER = /\$(?:(\d+)(:?\w+|\^|#)?|[{(<[/]\s*([\w$.]+)\s*(:?\w+|\^|#)?\s*[})>\]/])/g;

/**
 * The argument with the text, what is pasted into it in the place of its placeholders.
 * @param marks  what behind a placeholder's name says that it is pasted
 */
export function withPasted(
  argument: ObservedArgument,
  values: ObservedArgument | undefined,
  marks: readonly string[],
  analysis: Analysis,
): ObservedArgument {
  const { shape } = argument.value;
  if (shape.kind !== 'text' || !values) return argument;
  const pieces = shape.pieces.flatMap(piece =>
    piece.kind === 'constant' ? filled(piece, values, marks, analysis) : [piece],
  );
  if (pieces.length === shape.pieces.length) return argument;
  return { ...argument, value: { shape: { kind: 'text', pieces }, from: argument.value.from } };
}

function filled(
  piece: ConstantPiece,
  values: ObservedArgument,
  marks: readonly string[],
  analysis: Analysis,
): readonly Piece[] {
  const pieces: Piece[] = [];
  let last = 0;
  for (const found of piece.value.matchAll(PLACEHOLDER)) {
    const mark = found[2] ?? found[4];
    if (mark === undefined || !marks.includes(mark)) continue;
    const name = found[3];
    pieces.push(
      { kind: 'constant', value: piece.value.slice(last, found.index) },
      name === undefined ? numbered(Number(found[1]), values) : named(name, values, analysis),
    );
    last = found.index + found[0].length;
  }
  return last === 0 ? [piece] : [...pieces, { kind: 'constant', value: piece.value.slice(last) }];
}

/** One value may stand alone, without a list around it. */
function numbered(number: number, { at, source, value }: ObservedArgument): Hole {
  const { shape } = value;
  const items = shape.kind === 'list' ? (shape.items ?? []) : [value];
  const item = items[number - 1] ?? (shape.kind === 'list' ? shape.each : value);
  return { kind: 'hole', value: item, at, source };
}

function named(name: string, { at, value }: ObservedArgument, analysis: Analysis): Hole {
  return { kind: 'hole', value: analysis.part(value, name.split('.'), at), at, source: name };
}
