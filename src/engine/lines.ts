/** Offsets as the lines and columns that people, SARIF and terminals speak of. */

/** Both from 1; the column counts UTF-16 units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export interface Lines {
  readonly count: number;
  /** An offset outside the text counts as the nearest one inside. */
  positionAt(offset: number): Position;
  /** Offset of the first character of a line (from 1). */
  startOf(line: number): number;
  /** Offset behind the last character of a line, its line break left out. */
  endOf(line: number): number;
  /** A line's text without its line break; empty for a line that does not exist. */
  textOf(line: number): string;
}

/** Line breaks are `\n`, `\r\n` and `\r`, as in the language server protocol, so that both count alike. */
export function linesOf(text: string): Lines {
  const starts = [0];
  // most texts have no `\r`, and then the search is the machine's own
  if (text.includes('\r'))
    for (let at = 0; at < text.length; at++) {
      const unit = text.charCodeAt(at);
      if (unit === 10 || (unit === 13 && text.charCodeAt(at + 1) !== 10)) starts.push(at + 1);
    }
  else for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  const startOf = (line: number) => starts[Math.max(1, line) - 1] ?? text.length;
  const endOf = (line: number) => {
    let end = line < starts.length ? startOf(line + 1) : text.length;
    const floor = startOf(line);
    while (end > floor && (text[end - 1] === '\n' || text[end - 1] === '\r')) end--;
    return end;
  };
  const lineAt = (offset: number) => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low + 1;
  };
  return {
    count: starts.length,
    positionAt(offset) {
      const inside = Math.min(Math.max(0, offset), text.length);
      const line = lineAt(inside);
      return { line, column: inside - startOf(line) + 1 };
    },
    startOf,
    endOf,
    textOf: line => (line >= 1 && line <= starts.length ? text.slice(startOf(line), endOf(line)) : ''),
  };
}
