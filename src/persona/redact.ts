/**
 * Takes secrets and personal data out of what is about to leave. Nothing is reported here, so unlike the rule
 * `hardcoded-secret` it may be wrong to the safe side: a harmless value too many is covered rather than a key too few.
 */
import { keyFormats } from '../libraries/credentials';

export interface Redacted {
  readonly text: string;
  /** What was covered, by kind: `an AWS access key`, `an e-mail address`. */
  readonly covered: ReadonlyMap<string, number>;
}

interface Cover {
  readonly pattern: RegExp;
  /** What it is, as the mark says it. A number names the group that is covered; without it, all of the match is. */
  readonly kind: string;
  readonly group?: number;
  isOne?(found: string, whole: string): boolean;
}

const SECRET_NAME =
  '(?:pass(?:word|wd|phrase|code)?|pwd|secret|(?:api|auth|access|private|signing|encryption|master|account|service|secret|client)[_-]?key|credentials?|(?:[a-z]+[_-]?)?(?:secret|token))';

/** What people write where a secret goes, and what reads one from elsewhere. */
const NO_SECRET =
  /^(?:string|text|varchar|null|undefined|true|false|none|required|password|secret|token|x+|\*+|•+|\.+|<[^>]*>|\$\{[^}]*\}|\{\{.*\}\}|%\w+%?|your[_-].*|change[_-]?me.*|example|placeholder|redacted.*|process\.env.*|os\.environ.*|env\(.*)$/i;

/** In this order: what covers more goes first, so that nothing of it is left over. */
const COVERS: readonly Cover[] = [
  {
    kind: 'a private key',
    pattern: /-----BEGIN [A-Z ]*(?:PRIVATE KEY|CERTIFICATE)[A-Z ]*-----[\s\S]*?(?:-----END [A-Z ]*-----|$)/g,
  },
  ...keyFormats
    .filter(({ prefix }) => prefix !== '-----BEGIN')
    .map(({ name, pattern }): Cover => ({ kind: name, pattern: new RegExp(`(?<![A-Za-z0-9_])(?:${pattern})`, 'g') })),
  { kind: 'a token', pattern: /\bey[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*/g },
  {
    kind: 'a password',
    pattern: /\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s:/?#'"`<>@]*:([^\s/?#'"`<>@]+)@/gi,
    group: 1,
    isOne: found => !NO_SECRET.test(found),
  },
  {
    kind: 'a secret',
    pattern: /\b(?:bearer|basic|token)\s+([A-Za-z0-9+/=_.~-]{12,})/gi,
    group: 1,
    isOne: found => /\d|[A-Z].*[a-z]|[a-z].*[A-Z]/.test(found) && /[0-9=+/_-]/.test(found),
  },
  {
    kind: 'a secret',
    pattern: new RegExp(
      `${SECRET_NAME}\\w{0,12}['"\`]?\\]?\\s*(?::\\s*[\\w<>| ]{1,30})?(?:=>|:=|[:=]|,|\\|\\||\\?\\?)\\s*(?:[\\w.]{1,60}(?:\\[['"]\\w+['"]\\])?\\s*(?:\\|\\||\\?\\?)\\s*)?[bru]?(['"\`])([^'"\`\\n]{4,400}?)\\1`,
      'gi',
    ),
    group: 2,
    // words with spaces are a message about it
    isOne: found => !/\s/.test(found.trim()) && !NO_SECRET.test(found),
  },
  {
    kind: 'a password',
    pattern: /\b(?:password|identified\s+by)\s+(?:encrypted\s+)?'([^'\n]+)'/gi,
    group: 1,
    isOne: found => !NO_SECRET.test(found),
  },
  {
    kind: 'a secret',
    pattern: new RegExp(
      `^[ \\t]*(?:export[ \\t]+)?[\\w.-]{0,60}${SECRET_NAME}\\w{0,12}[ \\t]*[=:][ \\t]*([^\\s'"#$<{(\\[,;][^\\s#]{3,})[ \\t]*$`,
      'gim',
    ),
    group: 1,
    isOne: (found, whole) =>
      !NO_SECRET.test(found) &&
      !/^[\w.]+[,;(]|^(?:await|new|this)\b|[;,({]$/.test(found) &&
      (/^\s*(?:export\s+)?[A-Z0-9_.-]+\s*[=:]/.test(whole) || /\d/.test(found)),
  },
  { kind: 'a secret', pattern: /(?<=['"`])[A-Za-z0-9+/=_-]{32,}(?=['"`])/g, isOne: looksDrawn },
  {
    kind: 'an e-mail address',
    pattern: /\b[A-Za-z0-9][\w.+-]{0,63}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,24}\b/g,
    isOne: found => !/@(?:[\w-]+\.)*(?:example\.\w+|test|invalid|localhost)$|^(?:git|noreply|no-reply)@/i.test(found),
  },
  { kind: 'a bank account', pattern: /\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b/g, isOne: isIban },
  { kind: 'a card number', pattern: /(?<![\w.-])\d(?:[ -]?\d){12,18}(?![\w.-])/g, isOne: isCard },
  {
    kind: 'a social security number',
    pattern: /(?<![\w.-])(?!000|666|9\d\d)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\w.-])/g,
  },
  {
    kind: 'a telephone number',
    pattern: /(?<![\w.+-])\+[1-9]\d{0,2}(?:[ ./-]?\(?\d{1,4}\)?){3,6}(?![\w.])/g,
    isOne: found => found.replace(/\D/g, '').length >= 9,
  },
];

/** Any of these, or there is nothing to look for: most texts are done after one pass. */
const HINT = /[=:@'"+-]|\d{4}|ey[A-Z]|bearer|password|secret/i;

/** The same text where there is nothing to cover; covering twice changes nothing more. */
export function redacted(text: string): Redacted {
  const covered = new Map<string, number>();
  if (!HINT.test(text)) return { text, covered };
  let rest = text;
  for (const { pattern, kind, group, isOne } of COVERS)
    rest = rest.replace(pattern, (...found: unknown[]) => {
      const whole = String(found[0]);
      const secret = group === undefined ? whole : String(found[group] ?? '');
      if (secret === '' || secret.includes(MARK) || isOne?.(secret, whole) === false) return whole;
      covered.set(kind, (covered.get(kind) ?? 0) + 1);
      const mark = `${MARK} ${kind}]`;
      if (group === undefined) return mark;
      const at = whole.lastIndexOf(secret);
      return whole.slice(0, at) + mark + whole.slice(at + secret.length);
    });
  return { text: rest, covered };
}

const MARK = '[redacted:';

/** Hexadecimal, or letters of both cases with digits: no name that a person has written. */
function looksDrawn(value: string): boolean {
  const digits = value.replace(/\D/g, '').length;
  if (/^[0-9a-f]+$/i.test(value)) return digits >= 6 && /[a-f]/i.test(value);
  return (
    digits >= 3 &&
    /[a-z]/.test(value) &&
    /[A-Z]/.test(value) &&
    !/^[A-Z]?[a-z]+(?:[-_/][A-Za-z]?[a-z]*\d*)+$/.test(value)
  );
}

/** ISO 13616: the number modulo 97 is 1. */
function isIban(found: string): boolean {
  const plain = found.replaceAll(' ', '');
  if (plain.length < 15 || plain.length > 34) return false;
  let rest = 0;
  for (const sign of plain.slice(4) + plain.slice(0, 4)) rest = Number(`${rest}${Number.parseInt(sign, 36)}`) % 97;
  return rest === 1;
}

/** ISO 7812: Luhn's check digit. */
function isCard(found: string): boolean {
  const digits = found.replace(/\D/g, '');
  if (!/^[3-6]/.test(digits) || /^(\d)\1+$/.test(digits)) return false;
  const sum = [...digits].reverse().reduce((total, digit, index) => {
    const value = Number(digit) * (index % 2 === 1 ? 2 : 1);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}
