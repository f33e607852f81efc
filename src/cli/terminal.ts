/** What a terminal can show: colours, its width, and how wide a text stands on it. */
import picocolors from 'picocolors';

export type Colors = ReturnType<typeof picocolors.createColors>;

/** @see no-color.org and force-color.org: NO_COLOR and FORCE_COLOR hold when they are there and not empty */
export function colorsFor(isTerminal: boolean, environment: Readonly<Record<string, string | undefined>>): Colors {
  const { NO_COLOR, FORCE_COLOR, TERM } = environment;
  const forced = FORCE_COLOR ? FORCE_COLOR !== '0' && FORCE_COLOR !== 'false' : undefined;
  return picocolors.createColors(forced ?? (NO_COLOR ? false : isTerminal && TERM !== 'dumb'));
}

/** Columns to lay text out for: never so wide that a sentence becomes a ruler, never so narrow that nothing fits. */
export const layoutWidth = (columns: number | undefined): number => Math.min(Math.max(columns ?? 100, 50), 120);

/** What a text may do to a terminal is none of a reviewed file's business: controls become visible signs. */
export const harmless = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it is for
  text.replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, sign => {
    const unit = sign.charCodeAt(0);
    return unit < 0x20 ? String.fromCharCode(0x2400 + unit) : unit === 0x7f ? '\u2421' : '\ufffd';
  });

/** Columns that a text takes; colours take none, East Asian wide characters and emoji take two, combining marks none. */
export function widthOf(text: string): number {
  let width = 0;
  for (const character of withoutColors(text))
    width += /\p{M}|\u200d|\ufe0f/u.test(character) ? 0 : WIDE.test(character) ? 2 : 1;
  return width;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: a colour begins with one
const withoutColors = (text: string): string => text.replace(/\u001b\[[0-9;]*m/g, '');

const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}|[\u{20000}-\u{3fffd}]/u;

/** Lines of at most `width` columns, broken at spaces; a longer word stands alone. */
export function wrapped(text: string, width: number): string[] {
  return text.split('\n').flatMap(paragraph => {
    const lines: string[] = [];
    let line = '';
    for (const word of paragraph.split(' ').filter(Boolean)) {
      if (line !== '' && widthOf(line) + 1 + widthOf(word) > width) {
        lines.push(line);
        line = word;
      } else line = line === '' ? word : `${line} ${word}`;
    }
    return [...lines, line];
  });
}
