/** Where placeholders and holes stand in a text, and the text with them written as a parser takes them. */
import { type Dialect, LEXIS } from './dialect';
import { HOLE, sourceOf, type Token, tokensOf } from './tokens';

/** A place where a bound value stands, or a hole that may become one. */
export interface Placeholder {
  readonly token: Token;
  /** Counts the placeholders of the text from 0. */
  readonly ordinal: number;
  /** `$2` */
  readonly number?: number;
  /** `:id`, `@id`, `%(id)s` */
  readonly name?: string;
}

/** After these a value begins, so that a question mark there is no operator. Everything else ends an operand. */
const BEFORE_VALUE = new Set(
  'SELECT DISTINCT ALL WHERE AND OR NOT IN LIKE ILIKE SIMILAR BETWEEN CASE WHEN THEN ELSE ON HAVING BY LIMIT OFFSET VALUES SET RETURNING ANY SOME AS TO FROM IS INTERVAL ESCAPE ROW TOP USING CALL'.split(
    ' ',
  ),
);

const endsOperand = (text: string, token: Token | undefined): boolean => {
  if (!token) return false;
  if (token.kind === 'word') return !BEFORE_VALUE.has(sourceOf(text, token).toUpperCase());
  if (token.kind === 'symbol') return /^[)\]]$/.test(sourceOf(text, token));
  return token.kind !== 'comment' && token.kind !== 'foreign';
};

const beginsOperand = (text: string, token: Token | undefined): boolean =>
  token !== undefined &&
  (token.kind === 'text' ||
    token.kind === 'body' ||
    token.kind === 'number' ||
    token.kind === 'placeholder' ||
    token.kind === 'name' ||
    (token.kind === 'word' &&
      !/^(?:AND|OR|ORDER|GROUP|LIMIT|OFFSET|THEN|ELSE|END|ASC|DESC|RETURNING|ON|WHERE|AS|IS|NOT|FROM|UNION|FOR|HAVING|IN|LIKE|BETWEEN)$/i.test(
        sourceOf(text, token),
      )) ||
    (token.kind === 'symbol' && sourceOf(text, token) === '('));

/** PostgreSQL's `data ? 'key'`: a question mark between two operands. */
export const isQuestionOperator = (text: string, tokens: readonly Token[], at: number): boolean =>
  endsOperand(text, tokens[at - 1]) && beginsOperand(text, tokens[at + 1]);

/** A word that is nothing but one hole. */
export const isHole = (text: string, token: Token): boolean => token.kind === 'word' && sourceOf(text, token) === HOLE;

/** The placeholders and bare holes among a text's tokens, in order. `tokens` are without comments. */
export function placeholdersOf(text: string, tokens: readonly Token[], dialect: Dialect): readonly Placeholder[] {
  const found: Placeholder[] = [];
  for (const [at, token] of tokens.entries()) {
    if (isHole(text, token)) {
      found.push({ token, ordinal: found.length });
      continue;
    }
    if (token.kind !== 'placeholder') continue;
    const source = sourceOf(text, token);
    if (source === '?' && LEXIS[dialect].postgresStrings && isQuestionOperator(text, tokens, at)) continue;
    const number = /^[$?:]?(\d+)$/.exec(source)?.[1];
    const name = /^(?:[:@$](?=\D)|%\()(\w+)/.exec(source)?.[1];
    found.push({
      token,
      ordinal: found.length,
      ...(number !== undefined && source.startsWith('$') ? { number: Number(number) } : {}),
      ...(name !== undefined ? { name } : {}),
    });
  }
  return found;
}

/**
 * pg-promise's variables written as parameters, each as long as before: `${id}`, `$(ids:csv)`. Those whose values go in as they
 * are stay: `${table:name}`.
 * Source: https://github.com/vitaly-t/pg-promise#named-parameters
 */
export const withNamedVariables = (text: string): string =>
  NAMED_VARIABLE.test(text)
    ? text.replace(NAMED_VARIABLES, whole =>
        /^..\s*[\w.]+(?::csv|:list|:json)?\s*.$/.test(whole) ? '$1'.padEnd(whole.length) : whole,
      )
    : text;

const NAMED_VARIABLES = /\$(?:\{[^{}]*\}|\([^()]*\)|<[^<>]*>|\[[^[\]]*\]|\/[^/]*\/)/g;
const NAMED_VARIABLE = /\$[{(<[/]/;

/** A text's tokens without comments. */
export const significantTokens = (text: string, dialect: Dialect): readonly Token[] =>
  tokensOf(text, dialect).filter(token => token.kind !== 'comment' && token.kind !== 'foreign');

/**
 * The text with each placeholder written as `as` gives it, at most as long and padded, so that every other offset
 * stays what it was. Comments become white space.
 */
export function withPlaceholders(
  text: string,
  placeholders: readonly Placeholder[],
  as: (source: string) => string,
): string {
  const pieces: string[] = [];
  let from = 0;
  for (const { token } of placeholders) {
    pieces.push(text.slice(from, token.start), as(sourceOf(text, token)).padEnd(token.end - token.start));
    from = token.end;
  }
  pieces.push(text.slice(from));
  return pieces.join('');
}
