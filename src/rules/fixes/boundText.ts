/** Puts a placeholder into the literals of a program, where a value was pasted between them or into one. */
import type { Edit } from '../../engine/finding';
import type { Place } from '../../engine/place';
import type { Binding } from './bindings';
import type { Segment, SourcePoint, TextSource } from './recoveredText';

/** The edits that put a placeholder in the place of a stretch of the text; one of them is `undefined` where that fails. */
export function placeholderEdits(
  source: TextSource,
  { start, end, written }: Binding,
  placeholder: string,
): readonly (Edit<Place> | undefined)[] {
  const from = source.before(start);
  const to = source.after(end);
  if (!from?.literal || !to) return [undefined];
  if (!source.reaches(start, end)) return [undefined];
  const newText = written(placeholder);
  const { unit } = source.at;
  const edit = (first: number, last: number, text: string): Edit<Place> => ({
    at: { unit, start: first, end: last },
    newText: text,
  });
  if (sameLiteral(from, to)) return [edit(from.offset, to.offset, newText)];

  // The stretch reaches out of its literal: what is added to the literal goes, and maybe the literal behind it.
  const extents = extentsIn(source, start, end);
  const gaps = extents.slice(1).map((extent, index) => source.slice(extents[index]?.end ?? 0, extent.start));
  if (gaps.length === 0 || !gaps.every(gap => /^[\s()]*[+.][\s()]*$/.test(gap))) return [undefined];
  const behind = to.literal ? undefined : nextLiteral(source, end);
  const literal = to.literal ?? behind?.literal;
  const lastHole = [...extents].reverse().find(({ isLiteral }) => !isLiteral);
  if (!lastHole) return [undefined];
  const between = literal ? source.slice(lastHole.end, literal.at.start) : '';
  const opened = (gaps.find(gap => gap.includes('(')) ?? '').split('(').length - 1;
  const closing = new RegExp(`^\\s*\\){${opened}}`).exec(source.slice(lastHole.end, source.at.end));
  if (!closing || gaps.join('').split(')').length - 1 > opened) return [undefined];
  const endOfHole = lastHole.end + (opened > 0 ? closing[0].length : 0);

  const joins = literal && /^[\s)]*[+.]\s*$/.test(between) && between.split(')').length - 1 === opened;
  const inner = to.literal ? to.offset : behind?.offset;
  if (joins && inner !== undefined && !between.includes('\n') && sameDelimiters(from.literal, literal))
    return [edit(from.offset, inner, newText)];
  const closed = edit(from.offset, endOfHole, newText + from.literal.close);
  if (!to.literal) return [closed];
  if (!joins) return [undefined];
  const isEmpty = to.offset + to.literal.close.length === to.literal.at.end;
  return isEmpty
    ? [edit(from.offset, to.literal.at.end, newText + from.literal.close)]
    : [closed, edit(to.literal.at.start + to.literal.open.length, to.offset, '')];
}

/** Drops the mark that has braces read in a literal, `f"…"`, where the last of them goes. */
export function plainLiterals(source: TextSource, bindings: readonly Binding[]): readonly Edit<Place>[] {
  const { segments } = source.recovered;
  const literals = new Map(
    segments.flatMap(({ piece }) => (piece.literal ? [[piece.literal.at.start, piece.literal]] : [])),
  );
  return [...literals.values()].flatMap(({ at, open }) => {
    const inside = segments.filter(({ piece }) => piece.literal?.at.start === at.start && isInterpolated(piece));
    const isBound = inside.every(({ start, end }) => bindings.some(each => each.start <= start && end <= each.end));
    const written = source.slice(at.start, at.end);
    if (!/^f['"]/i.test(open) || inside.length === 0 || !isBound || /\{\{|\}\}/.test(written)) return [];
    return [{ at: { ...at, end: at.start + 1 }, newText: '' }];
  });
}

const isInterpolated = (piece: Segment['piece']): boolean =>
  piece.kind !== 'constant' && piece.interpolation !== undefined;

type Literal = NonNullable<SourcePoint['literal']>;

const sameLiteral = (left: SourcePoint, right: SourcePoint): boolean =>
  left.literal !== undefined && right.literal !== undefined && left.literal.at.start === right.literal.at.start;

const sameDelimiters = (left: Literal, right: Literal): boolean =>
  left.open === right.open && left.close === right.close;

/** Literals and added expressions that a stretch of the text touches, each once, the literal before it included. */
function extentsIn(
  source: TextSource,
  start: number,
  end: number,
): { start: number; end: number; isLiteral: boolean }[] {
  const { segments } = source.recovered;
  const first = segments.findIndex(segment => segment.end > start);
  const last = segments.findIndex(segment => segment.end >= end);
  const extents: { start: number; end: number; isLiteral: boolean }[] = [];
  const before = segments[first]?.piece;
  const from = before?.kind === 'constant' || before?.interpolation ? first : first - 1;
  for (const { piece } of segments.slice(Math.max(0, from), last + 1)) {
    const inLiteral = piece.kind === 'constant' || piece.interpolation !== undefined;
    const at = inLiteral ? piece.literal?.at : piece.at;
    if (at && extents.at(-1)?.start !== at.start) extents.push({ start: at.start, end: at.end, isLiteral: inLiteral });
  }
  return extents;
}

/** The literal that goes on behind a hole, with where its content begins. */
function nextLiteral(source: TextSource, end: number): { literal: Literal; offset: number } | undefined {
  const next = source.recovered.segments.find(segment => segment.start === end)?.piece;
  if (next?.kind !== 'constant' || !next.literal || !next.at || !source.reaches(end, end + 1)) return undefined;
  const offset = next.literal.at.start + next.literal.open.length;
  return next.at.start === offset ? { literal: next.literal, offset } : undefined;
}
