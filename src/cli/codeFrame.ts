/** Some lines of code with a stretch of them marked: underlined within a line, along the edge over several. */
import type { Lines } from '../engine/lines';
import type { PlacedRange } from '../workspace/run';
import { type Colors, harmless, widthOf } from './terminal';

export interface FrameOptions {
  readonly colors: Colors;
  /** Columns of the whole frame. */
  readonly width: number;
  readonly mark: (text: string) => string;
  /** Lines shown before and after. */
  readonly context?: number;
}

/** Lines of a longer stretch that are shown. */
const SHOWN = 6;
const TAB = '  ';
/** Columns kept visible around what is marked in a line that is cut. */
const LEEWAY = 12;

/** Lines without line breaks; empty when the text is not there. */
export function codeFrame(
  lines: Lines,
  { start, end }: Pick<PlacedRange, 'start' | 'end'>,
  { colors, width, mark, context = 1 }: FrameOptions,
): string[] {
  if (start.line > lines.count || lines.endOf(lines.count) === 0) return [];
  const isBlank = (line: number) => lines.textOf(line).trim() === '';
  let first = Math.max(1, start.line - context);
  while (first < start.line && isBlank(first)) first++;
  const shownTo = Math.min(end.line, start.line + SHOWN - 1);
  let last = end.line > shownTo ? shownTo : Math.min(lines.count, end.line + context);
  while (last > shownTo && isBlank(last)) last--;

  const gutter = String(last).length;
  const room = Math.max(20, width - gutter - 4);
  const isLong = end.line > start.line;
  const frame: string[] = [];
  for (let line = first; line <= last; line++) {
    const source = lines.textOf(line);
    const isMarked = line >= start.line && line <= end.line;
    const from = line === start.line ? start.column - 1 : 0;
    const to = isLong ? from : end.column - 1;
    const window = cropped(source, isMarked ? from : 0, isMarked ? to : 0, room);
    const number = String(line).padStart(gutter);
    const edge = isMarked && isLong ? mark('┃') : colors.dim('│');
    const shown = isMarked ? window.text : colors.dim(window.text);
    frame.push(`${isMarked ? mark(number) : colors.dim(number)} ${edge} ${shown}`.trimEnd());
    if (!isMarked || isLong) continue;
    const before = window.columnOf(from);
    const length = Math.max(1, Math.min(room - before, window.columnOf(to) - before));
    frame.push(`${' '.repeat(gutter)} ${colors.dim('│')} ${' '.repeat(before)}${mark('^'.repeat(length))}`);
  }
  if (end.line > shownTo) frame.push(`${' '.repeat(gutter)} ${colors.dim('│ ⋮')}`);
  return frame;
}

/** The part of a line that fits, with what is marked in it; `columnOf` gives where an offset of the line stands. */
function cropped(
  source: string,
  from: number,
  to: number,
  room: number,
): { text: string; columnOf(offset: number): number } {
  const shown = (text: string) => harmless(text.replaceAll('\t', TAB));
  const whole = shown(source);
  if (widthOf(whole) <= room) return { text: whole, columnOf: offset => widthOf(shown(source.slice(0, offset))) };
  // as far to the left as what is marked, and a little behind it, still fit
  const start =
    widthOf(shown(source.slice(0, to))) + LEEWAY <= room ? 0 : Math.max(0, Math.min(from - LEEWAY, to + LEEWAY - room));
  const lead = start > 0 ? '…' : '';
  let end = start;
  let text = lead;
  while (end < source.length) {
    const character = String.fromCodePoint(source.codePointAt(end) ?? 32);
    if (widthOf(text) + widthOf(shown(character)) > room - 1) break;
    text += shown(character);
    end += character.length;
  }
  return {
    text: end < source.length ? `${text}…` : text,
    columnOf: offset => widthOf(lead + shown(source.slice(start, Math.max(start, Math.min(offset, end))))),
  };
}
