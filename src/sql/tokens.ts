/**
 * Cuts SQL text into tokens without parsing it: enough to tell statements, literals, names, comments and placeholders
 * apart, in any dialect, in broken text too. Everything else in this folder stands on it.
 */
import { type Dialect, LEXIS, type Lexis } from './dialect';
import { rememberedByDialect } from './remembered';

/**
 * Stands for a hole in recovered SQL text, as one letter: a private-use character that no program writes. It may stand
 * alone, inside a word (`orders_` + hole) or inside a literal.
 */
export const HOLE = '\uE000';

export type TokenKind =
  /** An unquoted name or keyword. */
  | 'word'
  /** A quoted name. */
  | 'name'
  /** A quoted literal, its prefix included: `'…'`, `E'…'`, `N'…'`. */
  | 'text'
  /** A dollar-quoted literal. */
  | 'body'
  | 'number'
  /** `$1`, `?`, `:id`, `@id`, `%s`, `%(id)s`, and `??` for a bound name. */
  | 'placeholder'
  /** An operator or a punctuation mark. */
  | 'symbol'
  | 'comment'
  /** Not SQL: a psql meta-command, COPY data, a DELIMITER line. */
  | 'foreign';

/** UTF-16 offsets in the text. A literal or comment that nothing closes runs to the end of the text, `open` then. */
export interface Token {
  readonly kind: TokenKind;
  readonly start: number;
  readonly end: number;
  readonly open?: boolean;
}

const LETTER = /[\p{L}\p{Nl}_\uE000]/u;

const isDigit = (code: number): boolean => code >= 48 && code <= 57;
const isSpace = (code: number): boolean =>
  code === 32 || (code >= 9 && code <= 13) || code === 0xa0 || code === 0xfeff || code === 0x2028 || code === 0x2029;
const isWordStart = (text: string, at: number): boolean => {
  const code = text.charCodeAt(at);
  if ((code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95) return true;
  return code >= 0x80 && !isSpace(code) && (code >= 0xd800 || LETTER.test(text.charAt(at)));
};
const isWordPart = (text: string, at: number): boolean =>
  at < text.length && (isDigit(text.charCodeAt(at)) || text[at] === '$' || isWordStart(text, at));

const OPERATOR_CHARACTERS = '+-*/<>=~!@#%^&|`';

/** The end of a quoted stretch that opens at `at`; doubling the quote escapes it, a backslash too where `backslash`. */
function quotedEnd(text: string, at: number, quote: string, backslash: boolean): { end: number; open: boolean } {
  let position = at + 1;
  while (position < text.length) {
    const character = text[position];
    if (backslash && character === '\\') position += 2;
    else if (character === quote) {
      if (text[position + 1] !== quote) return { end: position + 1, open: false };
      position += 2;
    } else position += 1;
  }
  return { end: text.length, open: true };
}

function blockCommentEnd(text: string, at: number, nested: boolean): { end: number; open: boolean } {
  let depth = 1;
  let position = at + 2;
  while (position < text.length) {
    if (text.startsWith('*/', position)) {
      depth -= 1;
      position += 2;
      if (depth === 0) return { end: position, open: false };
    } else if (nested && text.startsWith('/*', position)) {
      depth += 1;
      position += 2;
    } else position += 1;
  }
  return { end: text.length, open: true };
}

const lineEnd = (text: string, at: number): number => {
  const newline = text.indexOf('\n', at);
  return newline < 0 ? text.length : newline;
};

/** The end of `$tag$`, when that is what stands at `at`. */
function dollarTagEnd(text: string, at: number): number | undefined {
  let position = at + 1;
  if (isDigit(text.charCodeAt(position))) return undefined;
  while (position < text.length && text[position] !== '$') {
    if (!isWordPart(text, position)) return undefined;
    position += 1;
  }
  return text[position] === '$' ? position + 1 : undefined;
}

function numberEnd(text: string, at: number): number {
  const match = /(?:0[xX][0-9a-fA-F_]+|[0-9][0-9_]*(?:\.[0-9_]*)?(?:[eE][+-]?[0-9]+)?|\.[0-9]+(?:[eE][+-]?[0-9]+)?)/y;
  match.lastIndex = at;
  return match.test(text) ? match.lastIndex : at + 1;
}

/** Literal prefixes by dialect family, and whether a backslash escapes inside. */
function literalPrefix(text: string, at: number, lexis: Lexis): { length: number; backslash: boolean } | undefined {
  const first = text[at];
  if (first === undefined) return undefined;
  const upper = first.toUpperCase();
  if (text[at + 1] === "'") {
    if (upper === 'E' && lexis.postgresStrings) return { length: 1, backslash: true };
    if (upper === 'N' || upper === 'X' || upper === 'B') return { length: 1, backslash: lexis.backslashEscapes };
  }
  if (upper === 'U' && lexis.postgresStrings && text[at + 1] === '&' && text[at + 2] === "'")
    return { length: 2, backslash: false };
  return undefined;
}

/** What a scan must remember from one token to the next. */
interface Scan {
  readonly text: string;
  readonly lexis: Lexis;
  readonly dialect: Dialect;
  delimiter: string;
  /** Nothing but comments since the last statement ended. */
  fresh: boolean;
  /** Inside of a comment that MySQL runs. */
  conditional: boolean;
  /** The words of this statement so far tell of `COPY … FROM STDIN`. */
  copy: 'no' | 'copy' | 'from' | 'stdin';
}

function noteWord(scan: Scan, start: number, end: number): void {
  if (!scan.lexis.postgresStrings) return;
  const length = end - start;
  if (scan.fresh) {
    scan.copy = length === 4 && /^copy$/i.test(scan.text.slice(start, end)) ? 'copy' : 'no';
  } else if (scan.copy === 'copy' && length === 4 && /^from$/i.test(scan.text.slice(start, end))) scan.copy = 'from';
  else if (scan.copy === 'from')
    // behind FROM both words mean what stands there
    scan.copy = /^std(?:in|out)$/i.test(scan.text.slice(start, end)) ? 'stdin' : 'no';
}

function operatorEnd(scan: Scan, at: number): number {
  const { text, lexis } = scan;
  let end = at;
  while (end < text.length && OPERATOR_CHARACTERS.includes(text.charAt(end))) {
    if (end > at) {
      if (text.startsWith('--', end) || text.startsWith('/*', end)) break;
      if (scan.conditional && text.startsWith('*/', end)) break;
      if (!lexis.postgresStrings && (text[end] === '@' || text[end] === '#' || text[end] === '`')) break;
      if (text[end] === '%' && /^%(?:s(?![\w$])|\(\w+\)s)/.test(text.slice(end, end + 64))) break;
    }
    end += 1;
  }
  // As the server reads it: `>=-1` is `>=` and `-1`, unless the operator holds a character that only operators have.
  while (end > at + 1 && /[+-]/.test(text.charAt(end - 1)) && !/[~!@#%^&|`]/.test(text.slice(at, end))) end -= 1;
  if (text[end] === '?' && scan.lexis.postgresStrings && text[at] === '@' && end === at + 1) end += 1;
  return Math.max(end, at + 1);
}

/** The token at `at`, where no white space stands. */
function tokenAt(scan: Scan, at: number): Token {
  const { text, lexis } = scan;
  const character = text.charAt(at);
  const make = (kind: TokenKind, end: number, open = false): Token =>
    open ? { kind, start: at, end, open } : { kind, start: at, end };

  if (scan.delimiter !== ';' && text.startsWith(scan.delimiter, at)) return make('symbol', at + scan.delimiter.length);

  if (scan.conditional && text.startsWith('*/', at)) {
    scan.conditional = false;
    return make('comment', at + 2);
  }
  switch (character) {
    case "'": {
      const { end, open } = quotedEnd(text, at, "'", lexis.backslashEscapes);
      return make('text', end, open);
    }
    case '"': {
      const { end, open } = quotedEnd(text, at, '"', lexis.doubleQuotedText && lexis.backslashEscapes);
      return make(lexis.doubleQuotedText ? 'text' : 'name', end, open);
    }
    case '`':
      if (lexis.backticks) {
        const { end, open } = quotedEnd(text, at, '`', false);
        return make('name', end, open);
      }
      return make('symbol', operatorEnd(scan, at));
    case '[':
      if (lexis.brackets) {
        const { end, open } = quotedEnd(text, at, ']', false);
        return make('name', end, open);
      }
      return make('symbol', at + 1);
    case '-':
      if (text[at + 1] === '-') {
        const after = text.charCodeAt(at + 2);
        if (!lexis.spacedDashes || Number.isNaN(after) || isSpace(after)) return make('comment', lineEnd(text, at));
        return make('symbol', at + 1);
      }
      return make('symbol', operatorEnd(scan, at));
    case '#':
      if (lexis.hashComments) return make('comment', lineEnd(text, at));
      if (scan.dialect === 'transactsql' && isWordStart(text, at + 1)) break; // `#temporary`
      return make('symbol', operatorEnd(scan, at));
    case '/':
      if (text[at + 1] === '*') {
        const runs = lexis.hashComments ? conditionalStart(text, at) : undefined;
        if (runs !== undefined) {
          scan.conditional = true;
          return make('comment', runs);
        }
        const { end, open } = blockCommentEnd(text, at, lexis.nestedComments);
        return make('comment', end, open);
      }
      return make('symbol', operatorEnd(scan, at));
    case '\\':
      if (lexis.postgresStrings) return make('foreign', commandEnd(text, at));
      return make('symbol', at + 1);
    case '$': {
      if (isDigit(text.charCodeAt(at + 1))) return make('placeholder', numberEnd(text, at + 1));
      if (lexis.postgresStrings) {
        const tagEnd = dollarTagEnd(text, at);
        if (tagEnd !== undefined) {
          const close = text.indexOf(text.slice(at, tagEnd), tagEnd);
          return close < 0 ? make('body', text.length, true) : make('body', close + (tagEnd - at));
        }
      }
      if (scan.dialect === 'sqlite' && isWordStart(text, at + 1)) return make('placeholder', wordEnd(text, at + 1));
      return make('symbol', at + 1);
    }
    case '?': {
      const next = text[at + 1];
      if (lexis.postgresStrings && (next === '|' || next === '&') && text[at + 2] !== next)
        return make('symbol', at + 2);
      if (next === '?') return make('placeholder', at + 2);
      return make('placeholder', isDigit(text.charCodeAt(at + 1)) ? numberEnd(text, at + 1) : at + 1);
    }
    case ':':
      if (text[at + 1] === ':' || text[at + 1] === '=') return make('symbol', at + 2);
      // a slice of an array, `a[1:n]`, or a cast that another program cut in two is no placeholder
      if (isWordStart(text, at + 1)) return make('placeholder', wordEnd(text, at + 1));
      if (isDigit(text.charCodeAt(at + 1)) && !isWordPart(text, at - 1))
        return make('placeholder', numberEnd(text, at + 1));
      if (text[at + 1] === "'" && lexis.postgresStrings) {
        const end = quotedVariableEnd(text, at);
        if (end !== undefined) return make('placeholder', end);
      }
      return make('symbol', at + 1);
    case '@': {
      if (text[at + 1] === '@' || lexis.postgresStrings) return make('symbol', operatorEnd(scan, at));
      if (isWordStart(text, at + 1))
        return make(lexis.backslashEscapes ? 'word' : 'placeholder', wordEnd(text, at + 1));
      return make('symbol', at + 1);
    }
    case '%': {
      const match = /%(?:s(?![\w$])|\(\w+\)s)/y;
      match.lastIndex = at;
      if (match.test(text)) return make('placeholder', match.lastIndex);
      return make('symbol', operatorEnd(scan, at));
    }
    default:
      break;
  }
  if (isDigit(text.charCodeAt(at)) || (character === '.' && isDigit(text.charCodeAt(at + 1)))) {
    const end = numberEnd(text, at);
    // `2fa_codes` is a name in MySQL
    if (lexis.backticks && isWordStart(text, end)) return make('word', wordEnd(text, end));
    return make('number', end);
  }
  const prefix = literalPrefix(text, at, lexis);
  if (prefix) {
    const { end, open } = quotedEnd(text, at + prefix.length, "'", prefix.backslash);
    return make('text', end, open);
  }
  if (isWordStart(text, at) || (character === '#' && isWordStart(text, at + 1))) {
    const end = wordEnd(text, at + 1);
    // `END$$`: the MySQL client looks for its delimiter in words too
    const delimiter = scan.delimiter === ';' ? -1 : text.slice(at, end).indexOf(scan.delimiter);
    return make('word', delimiter > 0 ? at + delimiter : end);
  }
  if (OPERATOR_CHARACTERS.includes(character)) return make('symbol', operatorEnd(scan, at));
  return make('symbol', at + 1);
}

/** The end of a meta-command of psql: of its line, but for `\\;` and for what stands behind `\\\\` on the same line. */
function commandEnd(text: string, at: number): number {
  if (text[at + 1] === ';') return at + 2;
  const end = lineEnd(text, at);
  const line = text.slice(at, end);
  const separator = line.indexOf('\\\\', 1);
  return separator < 0 || /^\\(?:!|copy|e|ef|ev|sf|sv|h|help)\b/.test(line) ? end : at + separator + 2;
}

/** The end of psql's `:'name'`, a variable as a literal, when that is what stands at `at`. */
function quotedVariableEnd(text: string, at: number): number | undefined {
  const match = /:'\w+'/y;
  match.lastIndex = at;
  return match.test(text) ? match.lastIndex : undefined;
}

function wordEnd(text: string, at: number): number {
  let end = at;
  while (isWordPart(text, end)) end += 1;
  return end;
}

/** The end of `/*!40101`, where one that is closed opens: what stands in such a comment, MySQL and MariaDB run. */
function conditionalStart(text: string, at: number): number | undefined {
  const match = /\/\*M?!\d*/y;
  match.lastIndex = at;
  return match.test(text) && text.indexOf('*/', match.lastIndex) >= 0 ? match.lastIndex : undefined;
}

/** The rest of a `DELIMITER $$` line of the MySQL client, when that is what stands at `at`. */
function delimiterLine(text: string, at: number): { end: number; delimiter: string } | undefined {
  const match = /delimiter[ \t]+(\S+)[^\n]*/iy;
  match.lastIndex = at;
  const found = match.exec(text);
  return found?.[1] ? { end: match.lastIndex, delimiter: found[1] } : undefined;
}

/**
 * The tokens of `text` in order, comments included, white space left out. Total: every text gives tokens, and each
 * character that is no white space lies in exactly one of them.
 *
 * A statement's end is a `symbol` that reads `;`, or the delimiter that the MySQL client was told of, or `GO` alone in
 * a line in T-SQL (then of kind `foreign`).
 */
export const tokensOf: (text: string, dialect: Dialect) => readonly Token[] = rememberedByDialect(scanned);

function scanned(text: string, dialect: Dialect): readonly Token[] {
  const lexis = LEXIS[dialect];
  const scan: Scan = { text, lexis, dialect, delimiter: ';', fresh: true, conditional: false, copy: 'no' };
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    if (isSpace(text.charCodeAt(at))) {
      at += 1;
      continue;
    }
    if (lexis.hashComments && scan.fresh) {
      const line = delimiterLine(text, at);
      if (line) {
        tokens.push({ kind: 'foreign', start: at, end: line.end });
        scan.delimiter = line.delimiter;
        at = line.end;
        continue;
      }
    }
    if (dialect === 'transactsql' && isBatchEnd(text, at)) {
      const line = /go(?:[ \t]*\d+)?/iy;
      line.lastIndex = at;
      line.test(text);
      tokens.push({ kind: 'foreign', start: at, end: line.lastIndex });
      at = line.lastIndex;
      scan.fresh = true;
      continue;
    }
    const token = tokenAt(scan, at);
    tokens.push(token);
    at = token.end;
    if (token.kind === 'comment') continue;
    if (token.kind === 'foreign') {
      // what is written behind a meta-command is a statement of its own
      scan.fresh = true;
      scan.copy = 'no';
      const data = /^\\copy\b.*\bfrom\s+std(?:in|out)\b/i.test(sourceOf(text, token)) ? copyData(text, at) : undefined;
      if (data) tokens.push(data);
      at = data?.end ?? at;
      continue;
    }
    if (token.kind === 'word') noteWord(scan, token.start, token.end);
    else if (scan.copy === 'from') scan.copy = 'no';
    scan.fresh = isTerminator(text, token, scan.delimiter);
    if (scan.fresh && scan.copy === 'stdin') {
      const data = copyData(text, at);
      if (data) tokens.push(data);
      at = data?.end ?? at;
    }
    if (scan.fresh) scan.copy = 'no';
  }
  return tokens;
}

const isTerminator = (text: string, token: Token, delimiter: string): boolean =>
  token.kind === 'symbol' && token.end - token.start === delimiter.length && text.startsWith(delimiter, token.start);

const isBatchEnd = (text: string, at: number): boolean => {
  if (!/^go(?![\w$])/i.test(text.slice(at, at + 3))) return false;
  const before = text.slice(text.lastIndexOf('\n', at - 1) + 1, at);
  return before.trim() === '' && /^[ \t]*(?:\d+[ \t]*)?\r?$/.test(text.slice(at + 2, lineEnd(text, at)));
};

/** The data lines after `COPY … FROM STDIN;`, up to and with the line `\.`. */
function copyData(text: string, at: number): Token | undefined {
  const firstLine = lineEnd(text, at) + 1;
  if (firstLine >= text.length) return undefined;
  const end = /^\\\.[ \t]*\r?$/gm;
  end.lastIndex = firstLine;
  const found = end.exec(text);
  return found ? { kind: 'foreign', start: firstLine, end: found.index + found[0].length } : undefined;
}

/** The token's source text. */
export const sourceOf = (text: string, token: Token): string => text.slice(token.start, token.end);

/** Whether the token is this unquoted keyword, in any case. `keyword` is given in capitals. */
export const isKeyword = (text: string, token: Token | undefined, keyword: string): boolean =>
  token?.kind === 'word' &&
  token.end - token.start === keyword.length &&
  sourceOf(text, token).toUpperCase() === keyword;

/** The name that a `word` or `name` token writes, without its quotes; a word is folded to lower case. */
export function nameOf(text: string, token: Token): string {
  const source = sourceOf(text, token);
  if (token.kind === 'word') return source.toLowerCase();
  if (token.kind !== 'name' && token.kind !== 'text') return source;
  const quote = source.startsWith('[') ? ']' : source.charAt(0);
  const inner = token.open ? source.slice(1) : source.slice(1, -1);
  return inner.replaceAll(quote + quote, quote);
}
