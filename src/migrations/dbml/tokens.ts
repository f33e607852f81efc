/** DBML's tokens. Total: a character that belongs to none is passed over. */
export interface DbmlToken {
  /** `quoted` a name in `"`, `text` in `'`, `expression` in backticks; an `operator` is that of a reference. */
  readonly kind: 'word' | 'quoted' | 'text' | 'expression' | 'operator' | 'mark';
  /** Without its quotes. */
  readonly value: string;
  /** Offsets in the file. */
  readonly start: number;
  readonly end: number;
  /** The first of its line. */
  readonly isFirst: boolean;
}

const TOKEN =
  /(?<blank>[^\S\n]+|\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$))|(?<line>\n)|'''(?<long>(?:\\[\s\S]|[\s\S])*?)(?:'''|$)|'(?<text>(?:\\.|[^'\\\n])*)'?|"(?<quoted>(?:\\.|[^"\\\n])*)"?|`(?<expression>[^`]*)`?|#[0-9a-fA-F]{3,8}\b|(?<word>\d+(?:\.\d+)?(?![\p{L}\p{N}_$])|[\p{L}\p{N}_$]+)|(?<operator>\??(?:<>|[<>]|-)\??)|(?<mark>[\s\S])/uy;

export function tokensOfDbml(text: string): readonly DbmlToken[] {
  const tokens: DbmlToken[] = [];
  let isFirst = true;
  TOKEN.lastIndex = 0;
  for (let found = TOKEN.exec(text); found; found = TOKEN.exec(text)) {
    const { blank, line, long, text: short, quoted, expression, word, operator, mark } = found.groups ?? {};
    const start = found.index;
    const end = start + found[0].length;
    if (line !== undefined) isFirst = true;
    const kind =
      long !== undefined || short !== undefined
        ? 'text'
        : quoted !== undefined
          ? 'quoted'
          : expression !== undefined
            ? 'expression'
            : word !== undefined
              ? 'word'
              : operator !== undefined
                ? 'operator'
                : mark !== undefined
                  ? 'mark'
                  : undefined;
    if (kind && line === undefined && blank === undefined) {
      const value = long ?? short ?? quoted ?? expression ?? word ?? operator ?? mark ?? '';
      tokens.push({
        kind,
        value: kind === 'text' || kind === 'quoted' ? value.replace(/\\(.)/gs, '$1') : value,
        start,
        end,
        isFirst,
      });
      isFirst = false;
    }
    if (end === start) break;
  }
  return tokens;
}

/** The comments, for suppressions: file offsets. */
export function commentsOfDbml(
  text: string,
): readonly { readonly start: number; readonly end: number; readonly text: string; readonly ownLine: boolean }[] {
  const comments: { start: number; end: number; text: string; ownLine: boolean }[] = [];
  TOKEN.lastIndex = 0;
  for (let found = TOKEN.exec(text); found && found[0] !== ''; found = TOKEN.exec(text)) {
    const blank = found.groups?.blank;
    if (blank?.startsWith('/') !== true) continue;
    const ownLine = /(?:^|\n)[ \t]*$/.test(text.slice(Math.max(0, found.index - 200), found.index));
    comments.push({ start: found.index, end: found.index + blank.length, text: blank, ownLine });
  }
  return comments;
}
