/**
 * Credentials that stand in a text, whatever language it is in: keys in their providers' own forms, connection URLs with a
 * password, and random-looking values that are given a secret's name. One pass over the text, and nothing is parsed.
 */
import { keyFormats } from '../libraries/credentials';
import type { Span } from '../program/model';

export interface Credential {
  /** What to mark: the key, the URL, the value. */
  readonly at: Span;
  /** The literal around it with its delimiters, where the value fills one. */
  readonly literal?: Span;
  /** The part that must not be shown. */
  readonly secret: Span;
  readonly kind: 'key' | 'url' | 'named';
  /** `a GitHub token`, `the password of the database`, `the value of \`JWT_SECRET\``; never the secret. */
  readonly label: string;
  /** As much of it as may be shown: `ghp_…`, `postgres://app:…@db.example.org/shop`. */
  readonly shown: string;
  /** What it opens. */
  readonly opens: string;
  /** For what stands in its place in the environment: `DATABASE_URL`. */
  readonly variable: string;
  /** A value that only counts where the environment has none: `process.env.KEY || '…'`. */
  readonly fallback: boolean;
  /** A host that only the developer's own machine or network knows. */
  readonly local: boolean;
  /** Nobody would type it to try something out. */
  readonly strong: boolean;
}

/** Whether it is worth looking closer: most texts hold none of these. */
const KEY_HINT = new RegExp(
  [
    'A[KS]IA[A-Z2-7]{16}',
    ...['gh[pousr]_', 'github_pat_', 'glpat-', 'xox[abeoprs]-', 'hooks\\.slack\\.com', '[rs]k_live_', 'whsec_', 'AIza'],
    ...[
      'GOCSPX-',
      'SG\\.',
      'key-[0-9a-f]{32}',
      '-us\\d',
      'SK[0-9a-f]{32}',
      'npm_',
      'pypi-',
      'sk-',
      'hf_',
      'do[opr]_v1_',
    ],
    ...['shp(?:at|ca|pa|ss)_', 'sq0', ':AA', 'dapi', 'hvs\\.', 'AccountKey=', '-----BEGIN'],
  ].join('|'),
);
const URL_HINT = /:\/\/[^/\s:@]*:[^/\s@]+@/;
const NAME_HINT = /[Pp][Aa][Ss][Ss]|PWD|[Pp]wd|[Ss][Ee][Cc][Rr][Ee][Tt]|[Tt][Oo][Kk][Ee][Nn]|[Kk][Ee][Yy]/;

const KEYS = new RegExp(`(?<![A-Za-z0-9_.-])(?:${keyFormats.map(({ pattern }) => `(${pattern})`).join('|')})`, 'g');

/** `scheme://user:password@host…`, up to what ends a literal. */
const URLS =
  /\b([a-z][a-z0-9+.-]{1,20}):\/\/([^\s:/?#'"`<>@{}()[\]$\\,;]*):([^\s/?#'"`<>@\\,;]+)@([^\s/'"`?#<>\\),;]+)([^\s'"`<>\\)]*)/gi;

/** Names that end in what a secret is called, and a value in quotes or, in settings, up to the end of the line. */
const SECRET_NAME =
  '(?:pass(?:word|wd|phrase)?|pwd|secret|secret[_-]?key|(?:api|auth|access|private|signing|encryption|master|account|service)[_-]?key|(?:api|client|app|auth|jwt|session|cookie|webhook|signing|shared)[_-]?secret|(?:api|auth|access|refresh|bearer|bot|deploy)[_-]?token|secret[_-]?access[_-]?key)';
const NAMED = new RegExp(
  `${SECRET_NAME}\\d?['"\`]?\\]?\\s*(?::\\s*(?:string|String)\\s*)?(?:=>|:=|[:=]|\\|\\||\\?\\?)\\s*(?:[\\w.]{1,60}(?:\\[['"]\\w+['"]\\])?\\s*(\\|\\||\\?\\?)\\s*)?(['"\`])([^'"\`\\s\\\\]{8,200})\\2`,
  'gi',
);
/** `DB_PASSWORD=value` of a settings file. */
const SETTING = new RegExp(
  `^[ \\t]*(?:export[ \\t]+)?([\\w.-]{0,60}?${SECRET_NAME}\\d?)[ \\t]*[=:][ \\t]*([^\\s'"#$<{][^\\s#]{7,})[ \\t]*$`,
  'gim',
);

/** Long lines are data; what they hold is not written by hand. */
const MAX_MATCHES = 40;

/** Whether a text may hold a credential at all. May say yes too often, never no. */
export const mayHoldCredentials = (text: string): boolean =>
  NAME_HINT.test(text) || URL_HINT.test(text) || KEY_HINT.test(text);

/**
 * Every credential of a text, in order, each stretch once.
 * @param settings  the text is a settings file: values stand without quotes
 */
export function credentialsIn(text: string, { settings = false } = {}): readonly Credential[] {
  const found: Credential[] = [];
  const add = (credential: Credential | undefined) => {
    if (!credential || found.length >= MAX_MATCHES) return;
    if (!found.some(({ at }) => at.start < credential.at.end && credential.at.start < at.end)) found.push(credential);
  };
  if (KEY_HINT.test(text)) for (const match of text.matchAll(KEYS)) add(keyIn(text, match));
  if (URL_HINT.test(text)) for (const match of text.matchAll(URLS)) add(urlIn(text, match));
  const isNamed = NAME_HINT.test(text);
  if (isNamed) for (const match of text.matchAll(NAMED)) add(namedIn(text, match));
  if (isNamed && settings) for (const match of text.matchAll(SETTING)) add(settingIn(match));
  return found.sort((left, right) => left.at.start - right.at.start);
}

function keyIn(text: string, match: RegExpMatchArray): Credential | undefined {
  const [key] = match;
  const start = match.index ?? 0;
  const format = keyFormats[match.slice(1).findIndex(group => group !== undefined)];
  if (!format) return undefined;
  const random = randomPartOf(key, format.prefix);
  if (isPlaceholder(random) || !looksDrawn(random) || isExample(text, start, 80)) return undefined;
  if (format.prefix === 'AIza' && isBrowsersOwn(text, start)) return undefined;
  const isPem = format.prefix === '-----BEGIN';
  const end = isPem ? start + key.search(/-----(?!BEGIN)/) + 5 : start + key.length;
  const at = { start, end };
  return {
    at,
    ...(isPem ? {} : literalAround(text, at)),
    secret: isPem
      ? { start: end, end: Math.max(end, pemEnd(text, start)) }
      : { start: start + format.prefix.length, end },
    kind: 'key',
    label: format.name,
    shown: isPem ? text.slice(start, end) : `${format.prefix || key.slice(0, 4)}…`,
    opens: format.opens,
    variable: variableFor(nameBefore(text, start), format.name),
    fallback: isFallback(text, start),
    local: false,
    strong: true,
  };
}

const randomPartOf = (key: string, prefix: string): string =>
  prefix === '-----BEGIN' ? (/[A-Za-z0-9+/=]{40,}$/.exec(key)?.[0] ?? '') : key.slice(prefix.length);

const pemEnd = (text: string, start: number): number => {
  const found = text.indexOf('-----END', start);
  return found < 0 ? start : found;
};

/** Google's keys for a browser's Firebase are told to every visitor. */
const isBrowsersOwn = (text: string, at: number): boolean =>
  /authDomain|messagingSenderId|firebaseapp\.com|maps\.google|maps\/api\/js/.test(
    text.slice(Math.max(0, at - 400), at + 500),
  );

function urlIn(text: string, match: RegExpMatchArray): Credential | undefined {
  const [url, scheme = '', user = '', password = '', hostAndPort = ''] = match;
  const start = match.index ?? 0;
  if (isInComment(text, start) || OTHER_SCHEMES.test(scheme)) return undefined;
  // several hosts of a cluster: the first tells
  const host = hostAndPort.replace(/:.*$/, '').toLowerCase();
  if (host === '' || /[$%{}*]/.test(host) || /[${}%]\{|^[$%{]|^\*+$|[{}]/.test(password)) return undefined;
  const local = isLocal(host);
  const plain = decoded(password);
  if (isPlaceholder(plain) || isPlaceholder(host) || plain === user.toLowerCase() || isDocumentation(host, user))
    return undefined;
  const strong = isStrong(plain);
  if (!strong && (local || !DATA_SCHEMES.test(scheme))) return undefined;
  const secretAt = start + scheme.length + 3 + user.length + 1;
  const at = { start, end: start + url.length };
  return {
    at,
    ...literalAround(text, at),
    secret: { start: secretAt, end: secretAt + password.length },
    kind: 'url',
    label: `the password of \`${user || scheme}\``,
    shown: `${scheme}://${user}:…@${hostAndPort}`,
    opens: `\`${host}\``,
    variable: variableFor(nameBefore(text, start), /^https?$/.test(scheme) ? 'SERVICE_URL' : 'DATABASE_URL'),
    fallback: isFallback(text, start),
    local,
    strong,
  };
}

/** Databases, caches and queues: nobody writes such an address of a real host to show what one looks like. */
const DATA_SCHEMES =
  /^(?:postgres(?:ql)?|mysqlx?|mariadb|mongodb(?:\+srv)?|rediss?|amqps?|mssql|sqlserver|oracle|cassandra|clickhouse|couchdb|neo4j(?:\+s)?|bolt|nats|mqtts?|ldaps?|smtps?|cockroachdb|db2|influxdb)(?:\+\w+)?$/i;

/** What stands before `://` and is no service: `ssh://git:…`, packages of a monorepo, addresses of objects. */
const OTHER_SCHEMES = /^(?:file|data|urn|npm|workspace|git|ssh|chrome|vscode|arn|s3|gs|urlscheme)$/i;

/** Percent escapes undone, as far as they can be. */
function decoded(password: string): string {
  return password.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

function namedIn(text: string, match: RegExpMatchArray): Credential | undefined {
  const [whole, operator, , value = ''] = match;
  const begin = match.index ?? 0;
  const start = begin + whole.length - 1 - value.length;
  if (!isRandom(value) || isInComment(text, start) || isExample(text, start, 250)) return undefined;
  // the words before the one that tells, too: `stripeSecretKey`, `PUBLIC_KEY`
  const before = /[\w$-]*$/.exec(text.slice(Math.max(0, begin - 60), begin))?.[0] ?? '';
  const name = before + (/^[\w-]+/.exec(whole)?.[0] ?? '');
  if (NO_SECRET.test(name)) return undefined;
  // its form was looked at already
  if (value.search(KEYS) === 0) return undefined;
  const secret = { start, end: start + value.length };
  return {
    at: { start: start - 1, end: secret.end + 1 },
    literal: { start: start - 1, end: secret.end + 1 },
    secret,
    kind: 'named',
    label: `\`${lastName(name)}\``,
    shown: `${lastName(name)} = …`,
    opens: 'what it protects',
    variable: variableFor(lastName(name), 'SECRET'),
    fallback: operator !== undefined || isFallback(text, start - 1),
    local: false,
    strong: true,
  };
}

function settingIn(match: RegExpMatchArray): Credential | undefined {
  const [whole, name = '', value = ''] = match;
  const start = (match.index ?? 0) + whole.lastIndexOf(value);
  if (NO_SECRET.test(name) || /\$\{|%\(|^\$|^\/|:\/\//.test(value) || !isRandom(value)) return undefined;
  const at = { start, end: start + value.length };
  return {
    at,
    secret: at,
    kind: 'named',
    label: `\`${name}\``,
    shown: `${name}=…`,
    opens: 'what it protects',
    variable: variableFor(name, 'SECRET'),
    fallback: false,
    local: false,
    strong: true,
  };
}

/** Names that end like a secret's and are about one, or are public by design. */
const NO_SECRET =
  /(?:public|publish|anon|test|mock|fake|dummy|sample|example|hash|digest|cache|primary|foreign|storage|i18n|translation|label|field|form|page|csrf|xsrf|next|continuation|site|recaptcha_?site|client_?key|react|vite|sort|map|query|partition|row|idempotency|object|etag)[\w-]*?(?:key|secret|token|pass\w*|pwd)\d?$/i;

const lastName = (name: string): string => name.slice(Math.max(name.lastIndexOf('.'), name.lastIndexOf('$')) + 1);

/** What people write where a secret goes. */
const PLACEHOLDER =
  /^(?:x+|\*+|•+|\.+|-+|_+|0+|1234\w*|abc\w{0,6}|pass|passwd|password\d{0,3}|pw|pwd|secret|secret[_-]?key|key|token|test\w{0,8}|user|username|root|admin|guest|postgres|mysql|mongo|redis|rabbitmq|toor|none|null|undefined|true|false|string|foo|bar|baz|qwerty\d*|hunter2|letmein|s3cr3t|passw0rd|p@ss(?:w0rd|word)?)$|change[_-]?(?:me|it|this)|replace[_-]?(?:me|this|with)|example|sample|placeholder|dummy|redacted|your[_-]?|my[_-]?(?:secret|password|pass|token|key)|insert[_-]|todo|fixme|fake|mock|<[^>]*>|\$\{|\{\{|%[a-z]|%\(|xxx|\*\*\*|\.\.\.|…|_here$|not[_-]?a?[_-]?(?:real|secret)|lorem|do[_-]not[_-]use|secret[_-]?(?:value|here|password)|some[_-]?(?:secret|password|token|key)|super[_-]?secret|top[_-]?secret|^process\.env|^env[.:]|vault:|^enc\[|^op:\/\/|^arn:|^ssm:|^secretsmanager/i;

export const isPlaceholder = (value: string): boolean => PLACEHOLDER.test(value);

/** Hosts that only a developer's machine or a network of containers knows. */
export const isLocal = (host: string): boolean =>
  /^(?:localhost|127(?:\.\d+){3}|0\.0\.0\.0|\[?::1\]?|host\.docker\.internal|10(?:\.\d+){3}|192\.168(?:\.\d+){2}|172\.(?:1[6-9]|2\d|3[01])(?:\.\d+){2})$/.test(
    host,
  ) ||
  !host.includes('.') ||
  /\.(?:local|localhost|test|internal|lan|docker|svc|cluster\.local)$/.test(host);

/** Addresses that exist to be written in documents. */
const isDocumentation = (host: string, user: string): boolean =>
  /(?:^|\.)(?:example|domain|host|server|mydomain|company|acme|foo|bar|yourhost|hostname|test)\.(?:com|org|net|io|dev|tld)$|^(?:host|hostname|server|domain)\b|\.(?:example|invalid)$/.test(
    host,
  ) || /^(?:user(?:name)?|usr|login|your\w*|my\w*|foo|me|u)$/i.test(user);

/** Nobody would type it to try something out. */
const isStrong = (value: string): boolean => value.length >= 12 && classesOf(value) >= 3 && entropyOf(value) >= 3;

/** A value that a machine has drawn, or a person has chosen as a password: no word, no name, no path, no message. */
export function isRandom(value: string): boolean {
  if (isPlaceholder(value) || isWords(value) || NOT_RANDOM.test(value)) return false;
  const classes = classesOf(value);
  const digits = value.replace(/\D/g, '').length;
  if (value.length >= 20) return entropyOf(value) >= 3.2 && digits >= 2 && classes >= 2 && !isSequence(value);
  if (value.length >= 12) return classes >= 3 && entropyOf(value) >= 3 && digits >= 1;
  return classes === 4 && entropyOf(value) >= 2.7;
}

/** Words joined by dots, dashes or capitals, with a number here and there: `auth.passwordTooShort`, `x-api-key-v2`. */
const isWords = (value: string): boolean => {
  const words = value.split(/[-_.:/@ ]|(?<=[a-z])(?=[A-Z])|(?<=\D)(?=\d+$)/);
  return (
    words.every(word => word === '' || /^(?:[A-Za-z]{2,}|[A-Za-z]?\d{1,4}|[a-z]+\d?[a-z]*)$/.test(word)) &&
    words.length <= 12 &&
    !/^[0-9a-f]{16,}$/i.test(value)
  );
};

/** Hashes, digests, addresses, paths, expressions, markup, templates, types of media, other names. */
const NOT_RANDOM =
  /^\$(?:2[abxy]?|argon2\w*|pbkdf2\w*|scrypt|5|6)\$|^sha\d{3}-|^(?:https?|data|file|urn|blob):|^[./~#@]|[<>()[\]{}|\\^*?]|^[a-z]+\/[a-z.+-]+$|^[A-Z][A-Z0-9_]+$|%[sd]|\$\{|\$[a-zA-Z]\w*$|^--|==?>|^ey[A-Z]\w{5,}$/;

/** Of key formats: the part behind the prefix is as varied as what a machine draws. */
function looksDrawn(random: string): boolean {
  if (isSequence(random)) return false;
  return entropyOf(random) >= (random.length >= 30 ? 3.2 : 2.8);
}

/** `abcdefgh…`, `0123456789…`, one stretch again and again. */
function isSequence(value: string): boolean {
  let steps = 0;
  for (let at = 1; at < value.length; at++) if (value.charCodeAt(at) - value.charCodeAt(at - 1) === 1) steps++;
  return steps > value.length / 2 || /^(.{1,8})\1+.{0,8}$/.test(value) || /(?:0123456|1234567|abcdefg)/i.test(value);
}

const classesOf = (value: string): number =>
  [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z0-9]/].filter(each => each.test(value)).length;

/** Shannon's, in bits a character. */
export function entropyOf(value: string): number {
  const counts = new Map<string, number>();
  for (const character of value) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / value.length) * Math.log2(count / value.length);
  return bits;
}

/** What stands before says that this shows what one looks like: `placeholder: 'e.g. …'`, `examples: [{ secret: … }]`. */
const isExample = (text: string, at: number, within: number): boolean =>
  /\bexamples?['"]?\s*[:=(]|\bplaceholder['"]?\s*[:=]|\be\.g\./i.test(text.slice(Math.max(0, at - within), at));

/** The line begins as a comment does, or the text before is one's end. */
function isInComment(text: string, at: number): boolean {
  const line = text.slice(text.lastIndexOf('\n', at - 1) + 1, at);
  return /^\s*(?:\/\/|\/\*|\*|#|--|;|<!--)/.test(line) || /(?:^|\s)\/\/\s/.test(line);
}

/** The literal that a stretch fills. */
function literalAround(text: string, { start, end }: Span): { literal?: Span } {
  const quote = text[start - 1];
  return quote !== undefined && /['"`]/.test(quote) && text[end] === quote
    ? { literal: { start: start - 1, end: end + 1 } }
    : {};
}

/** What stands before is a default for what the environment lacks. */
const isFallback = (text: string, at: number): boolean => {
  const line = text.slice(text.lastIndexOf('\n', at - 1) + 1, at);
  return (
    (/(?:\|\||\?\?|,|:-)\s*['"`]?$/.test(line) && /\b(?:env|environ|getenv|ENV)\b/.test(line)) ||
    /\$\{\w+:-?$/.test(line)
  );
};

/** The name that the value is given: `DATABASE_URL =`, `connectionString:`. */
const nameBefore = (text: string, at: number): string | undefined => {
  const line = text.slice(text.lastIndexOf('\n', at - 1) + 1, at);
  return /([A-Za-z_$][\w$]*)['"]?\s*(?::\s*\w+\s*)?(?:=|:|\|\||\?\?)\s*['"`]?$/.exec(line)?.[1];
};

/** How the environment would call it: `apiKey` → `API_KEY`. */
function variableFor(name: string | undefined, otherwise: string): string {
  const from = name && /[a-z]{2}|[A-Z]{2}/i.test(name) ? name : otherwise.replace(/^an? |^the /, '');
  return from
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/\W+/g, '_')
    .replace(/^_+|_+$/g, '')
    .toUpperCase();
}
