/** Defaults as documents write them, beside what a server keeps of them. */
import type { DbmlToken } from '../migrations/dbml/tokens';

/** A document's default in the form in which two are compared; nothing for one that is more than a value. */
export function valueInDocument(tokens: readonly DbmlToken[]): string | undefined {
  const [first] = tokens;
  if (!first) return undefined;
  if (first.kind === 'text') return `'${first.value}'`;
  return plainValue(first.kind === 'expression' ? first.value : tokens.map(({ value }) => value).join(''));
}

/** An expression of SQL in the same form: without casts and brackets around it. */
export function plainValue(written: string): string | undefined {
  let text = written.trim();
  for (;;) {
    const bare = text
      .replace(/::[\w ."]+(?:\(\d+(?:,\s*\d+)?\))?(?:\[\])?$/, '')
      .replace(/^\((.*)\)$/s, '$1')
      .trim();
    if (bare === text) break;
    text = bare;
  }
  if (/^(?:now\s*\(\s*\)|current_timestamp(?:\s*\(\s*\d*\s*\))?|transaction_timestamp\(\))$/i.test(text))
    return 'now()';
  if (/^-?\d+(?:\.\d+)?$/.test(text)) return String(Number(text));
  if (/^'[^']*'$/.test(text)) return text;
  return /^(?:true|false|null)$/i.test(text) ? text.toLowerCase() : undefined;
}

/** A number or truth value may be written as a text, a truth value as a number, and the first moment of a day as the day. */
export function isSameValue(one: string, other: string): boolean {
  const [first, second] = [bare(one), bare(other)];
  return first === second || (isTrue(first) && isTrue(second)) || (isFalse(first) && isFalse(second));
}

const bare = (value: string): string =>
  value
    .replace(/^'(.*)'$/s, '$1')
    .toLowerCase()
    .replace(/^(\d{4,}-\d\d-\d\d)[ t]00:00(?::00(?:\.0+)?)?(?:z|[+-]00(?::?00)?)?$/, '$1');

const isTrue = (value: string): boolean => ['true', 't', '1'].includes(value);
const isFalse = (value: string): boolean => ['false', 'f', '0'].includes(value);
