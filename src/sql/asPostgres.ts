/**
 * A statement of another dialect in words that PostgreSQL's parser takes, each where it stands, so that one reading of names,
 * scopes and conditions serves all. Nothing is translated: what the other dialect has of its own is blanked or stands for
 * something of the same form, and what cannot is left, so that the statement does not parse and nothing is said of it.
 */
import { type Dialect, LEXIS } from './dialect';
import { sourceOf, type Token, tokensOf } from './tokens';

/** Words that say how a statement is run, and nothing of what it asks for. */
const BLANKED = new Set([
  'SQL_CALC_FOUND_ROWS',
  'SQL_NO_CACHE',
  'SQL_CACHE',
  'HIGH_PRIORITY',
  'LOW_PRIORITY',
  'DELAYED',
  'QUICK',
  'SQL_SMALL_RESULT',
  'SQL_BIG_RESULT',
  'BINARY',
]);

const SAME: Readonly<Record<string, string>> = {
  REGEXP: '~',
  RLIKE: '~',
  GLOB: '~',
  MATCH: '~',
  SEPARATOR: ',',
  STRAIGHT_JOIN: 'JOIN',
  DIV: '/',
  MOD: '%',
  XOR: 'OR',
};

const UNITS = /^(?:MICROSECOND|SECOND|MINUTE|HOUR|DAY|WEEK|MONTH|QUARTER|YEAR|(?:DAY|HOUR|MINUTE|YEAR|SECOND)_\w+)$/i;

interface Edited {
  readonly text: string;
  readonly tokens: readonly Token[];
  readonly edits: Map<number, string>;
}

/** The text, as long as it was; undefined where it holds what has no form of that length. */
export function asPostgres(text: string, dialect: Dialect): string | undefined {
  if (dialect === 'postgresql') return text;
  const all = tokensOf(text, dialect);
  const tokens = all.filter(({ kind }) => kind !== 'comment' && kind !== 'foreign');
  const edited: Edited = { text, tokens, edits: new Map() };
  for (const [at, token] of tokens.entries()) {
    const written = tokenAs(edited, at, token, dialect);
    if (written === undefined) return undefined;
    if (written !== sourceOf(text, token)) edited.edits.set(token.start, written);
  }
  if (dialect === 'mysql' || dialect === 'mariadb') mysqlClauses(edited);
  if (dialect === 'sqlite') sqliteClauses(edited);
  if (dialect === 'transactsql') transactClauses(edited);
  withoutTail(edited, dialect);
  const pieces: string[] = [];
  let from = 0;
  for (const token of all) {
    pieces.push(blank(text.slice(from, token.start)));
    const length = token.end - token.start;
    const source = sourceOf(text, token);
    const isSql = token.kind !== 'comment' && token.kind !== 'foreign';
    pieces.push(isSql ? (edited.edits.get(token.start) ?? source).padEnd(length) : blank(source));
    from = token.end;
  }
  return pieces.join('') + text.slice(from);
}

const blank = (source: string): string => source.replace(/[^\s]/g, ' ');

function tokenAs({ text, tokens }: Edited, at: number, token: Token, dialect: Dialect): string | undefined {
  const source = sourceOf(text, token);
  switch (token.kind) {
    case 'name': {
      const inner = source.slice(1, -1);
      // a quote within a name changes its length
      if (token.open || inner === '' || /["`[\]]/.test(inner)) return undefined;
      return `"${inner.toLowerCase()}"`;
    }
    case 'text':
      return textAs(source, dialect);
    case 'placeholder':
      return /^[@$][a-z_]/i.test(source) ? '$1' : source;
    case 'word': {
      if (source.startsWith('@')) return '$1';
      if (source.startsWith('#')) return ` ${source.slice(1)}`;
      const previous = tokens[at - 1];
      if (previous && sourceOf(text, previous) === '.') return source;
      const upper = source.toUpperCase();
      const next = tokens[at + 1];
      const isCall = next !== undefined && sourceOf(text, next) === '(';
      if (BLANKED.has(upper) && !isCall) return '';
      const same = isCall && upper !== 'MATCH' ? undefined : SAME[upper];
      return same !== undefined && Object.hasOwn(SAME, upper) ? same : source;
    }
    case 'symbol':
      if (source === '==') return '=';
      if (source === '<=>') return '=';
      return source;
    default:
      return source;
  }
}

/** A text between single quotes; what is escaped in it is put out. */
function textAs(source: string, dialect: Dialect): string | undefined {
  const prefix = /^[nNxXbB](?=')/.exec(source)?.[0] ?? '';
  const inner = source.slice(prefix.length + 1, -1);
  const escaped = LEXIS[dialect].backslashEscapes ? /\\[\s\S]|''|""|'/g : /''/g;
  const shown = inner.replace(escaped, found => '_'.repeat(found.length));
  return `${prefix === '' ? '' : ' '}'${shown}'`;
}

const isWord = ({ text, tokens }: Edited, at: number, ...words: readonly string[]): boolean =>
  words.every((word, offset) => {
    const token = tokens[at + offset];
    return token?.kind === 'word' && sourceOf(text, token).toUpperCase() === word;
  });

const symbolAt = ({ text, tokens }: Edited, at: number): string => {
  const token = tokens[at];
  return token?.kind === 'symbol' ? sourceOf(text, token) : '';
};

function put({ tokens, edits }: Edited, at: number, written: string): void {
  const token = tokens[at];
  if (token) edits.set(token.start, written);
}

function blankOut(edited: Edited, from: number, to: number): void {
  for (let at = from; at < to; at += 1) put(edited, at, '');
}

/** The index of the parenthesis that closes the one at `at`. */
function closing(edited: Edited, at: number): number {
  let depth = 0;
  for (let index = at; index < edited.tokens.length; index += 1) {
    const symbol = symbolAt(edited, index);
    if (symbol === '(') depth += 1;
    else if (symbol === ')') depth -= 1;
    if (depth === 0) return index;
  }
  return edited.tokens.length - 1;
}

function mysqlClauses(edited: Edited): void {
  if (isWord(edited, 0, 'REPLACE')) put(edited, 0, 'INSERT');
  for (let at = 0; at < edited.tokens.length; at += 1) {
    // `INSERT IGNORE`, `UPDATE IGNORE`
    if (at === 1 && isWord(edited, at, 'IGNORE')) put(edited, at, '');
    if (at === 1 && isWord(edited, 0, 'INSERT') && !isWord(edited, at, 'INTO') && !isWord(edited, at, 'IGNORE'))
      continue;
    if (isWord(edited, at, 'ON', 'DUPLICATE', 'KEY', 'UPDATE')) {
      blankOut(edited, at, edited.tokens.length);
      return;
    }
    if (isWord(edited, at, 'LOCK', 'IN', 'SHARE', 'MODE')) blankOut(edited, at, at + 4);
    const isHint = ['FORCE', 'USE', 'IGNORE'].some(
      word => isWord(edited, at, word, 'INDEX') || isWord(edited, at, word, 'KEY'),
    );
    if (isHint) {
      const open = edited.tokens.findIndex((_, index) => index > at && symbolAt(edited, index) === '(');
      if (open > 0) blankOut(edited, at, closing(edited, open) + 1);
    }
    if (isWord(edited, at, 'INTERVAL')) {
      const unit = edited.tokens.findIndex(
        (token, index) => index > at + 1 && UNITS.test(sourceOf(edited.text, token)),
      );
      if (unit > 0 && unit - at < 12 && edited.tokens[unit]?.kind === 'word') {
        put(edited, at, '');
        put(edited, unit, '');
      }
    }
    // `LIMIT offset, count`
    if (isWord(edited, at, 'LIMIT') && symbolAt(edited, at + 2) === ',') put(edited, at + 2, '+');
  }
}

function sqliteClauses(edited: Edited): void {
  if (isWord(edited, 0, 'REPLACE')) put(edited, 0, 'INSERT');
  if (isWord(edited, 1, 'OR') && (isWord(edited, 0, 'INSERT') || isWord(edited, 0, 'UPDATE'))) blankOut(edited, 1, 3);
  for (let at = 0; at < edited.tokens.length; at += 1)
    if (isWord(edited, at, 'LIMIT') && symbolAt(edited, at + 2) === ',') put(edited, at + 2, '+');
}

function transactClauses(edited: Edited): void {
  for (let at = 0; at < edited.tokens.length; at += 1) {
    if (isWord(edited, at, 'TOP')) {
      const end = symbolAt(edited, at + 1) === '(' ? closing(edited, at + 1) : at + 1;
      blankOut(edited, at, end + 1);
    }
    // `WITH (NOLOCK)`
    if (isWord(edited, at, 'WITH') && symbolAt(edited, at + 1) === '(')
      blankOut(edited, at, closing(edited, at + 1) + 1);
  }
}

/** MySQL's and SQLite's UPDATE and DELETE may be sorted and limited. */
function withoutTail(edited: Edited, dialect: Dialect): void {
  if (dialect === 'transactsql' || !(isWord(edited, 0, 'UPDATE') || isWord(edited, 0, 'DELETE'))) return;
  let depth = 0;
  for (let at = 0; at < edited.tokens.length; at += 1) {
    const symbol = symbolAt(edited, at);
    if (symbol === '(') depth += 1;
    else if (symbol === ')') depth -= 1;
    if (depth === 0 && (isWord(edited, at, 'ORDER', 'BY') || isWord(edited, at, 'LIMIT'))) {
      let end = at;
      while (end < edited.tokens.length && !isWord(edited, end, 'RETURNING')) end += 1;
      blankOut(edited, at, end);
      return;
    }
  }
}
