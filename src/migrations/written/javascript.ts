/** Puts the way back into a migration in JavaScript or TypeScript: into the body of its down, or into a down like its up. */
import { type MigrationTool, titleOfTool } from '../../engine/migrationTools';
import { behindBlank, behindBracket, endOfExpression } from './brackets';
import { type DownText, linesOfJavaScript, styleOf } from './statements';

interface Span {
  readonly start: number;
  readonly end: number;
}

/** Where a direction stands in a text. */
export interface Direction {
  /** From its first word: `export`, `exports.`, `async`, `public`. */
  readonly start: number;
  /** Behind it and the semicolon that ends it. */
  readonly end: number;
  readonly name: Span;
  /** What the lines of its body are indented against. */
  readonly indent: string;
  /** `exports.up = …`, `export function up`, or a member of an object or class. */
  readonly stands: 'exported' | 'declared' | 'member';
  /** Where `async` goes; absent where it is there. */
  readonly asyncAt?: number;
  /** Without their brackets; absent for a constant that stands where a function would. */
  readonly parameters?: Span & { readonly bare: boolean };
  /** With its braces, or the expression of an arrow function, or a constant. */
  readonly body: Span;
  readonly isBraced: boolean;
}

const HEAD =
  '(^|[{,;])([ \\t]*)((?:(?:export|public|static|override)\\s+)*)((?:const|let|var)\\s+)?((?:module\\.)?exports\\.)?(async\\s+)?(function\\s*)?';
const RETURN_TYPE = /\s*:\s*[\w.]+(?:<[\w.<>[\]|\s]*>)?(?:\[\])?\s*/y;

/** The direction of this name; undefined where none stands in a form that is known. */
export function directionNamed(text: string, name: 'up' | 'down'): Direction | undefined {
  for (const head of text.matchAll(new RegExp(`${HEAD}(${name})\\b(?=\\s*[:=(])`, 'gm'))) {
    const [whole, before = '', indent = '', exportWord = '', variable, exported, isAsync, functionWord] = head;
    const start = head.index + before.length + indent.length;
    const nameEnd = head.index + whole.length;
    const stands =
      exported || exportWord.includes('export') ? 'exported' : functionWord || variable ? 'declared' : 'member';
    const common = {
      start,
      name: { start: nameEnd - name.length, end: nameEnd },
      indent: before === '' ? indent : indentAt(text, head.index),
      stands,
    } as const;
    const isCallable = text[behindBlank(text, nameEnd)] === '(';
    if (isCallable) {
      const asyncAt = functionWord ? start + exportWord.length : nameEnd - name.length;
      const found = functionAt(text, behindBlank(text, nameEnd), { ...common, ...(isAsync ? {} : { asyncAt }) });
      if (found) return found;
      continue;
    }
    const valueAt = valueAfter(text, nameEnd, variable !== undefined);
    const found = valueAt === undefined ? undefined : assigned(text, valueAt, common);
    if (found) return found;
  }
  return undefined;
}

type Common = Pick<Direction, 'start' | 'name' | 'indent' | 'stands' | 'asyncAt'>;

/** The offset of what is assigned: behind `=`, or behind the colon of an entry. */
function valueAfter(text: string, nameEnd: number, isVariable: boolean): number | undefined {
  const at = behindBlank(text, nameEnd);
  if (text[at] === '=' || (text[at] === ':' && !isVariable)) return behindBlank(text, at + 1);
  const sign = /=(?!>)/.exec(text.slice(at, at + 200));
  return sign ? behindBlank(text, at + sign.index + 1) : undefined;
}

function assigned(text: string, at: number, common: Common): Direction | undefined {
  const [word = ''] = /^async\b/.exec(text.slice(at, at + 6)) ?? [];
  const afterAsync = behindBlank(text, at + word.length);
  const [keyword = ''] = /^function\b\s*\w*\s*/.exec(text.slice(afterAsync, afterAsync + 80)) ?? [];
  const head = { ...common, ...(word ? {} : { asyncAt: at }) };
  const found = functionAt(text, afterAsync + keyword.length, head);
  if (found) return found;
  const end = endOfExpression(text, at);
  // another name stands for it: what it names is found by itself
  if (/^[\w$.]+$/.test(text.slice(at, end).trim()) && !/^(?:false|null|undefined)$/.test(text.slice(at, end).trim()))
    return undefined;
  return { ...common, body: { start: at, end }, isBraced: false, end: behindSemicolon(text, end) };
}

/** A function from its parameters on. */
function functionAt(text: string, at: number, common: Common): Direction | undefined {
  const word = /^[A-Za-z_$][\w$]*(?=\s*=>)/.exec(text.slice(at, at + 80))?.[0];
  const closing = text[at] === '(' ? behindBracket(text, at) : undefined;
  if (word === undefined && closing === undefined) return undefined;
  const behind = closing ?? at + (word ?? '').length;
  const parameters =
    closing === undefined ? { start: at, end: behind, bare: true } : { start: at + 1, end: behind - 1, bare: false };
  RETURN_TYPE.lastIndex = behind;
  let next = behindBlank(text, behind + (RETURN_TYPE.exec(text)?.[0].length ?? 0));
  const isArrow = text.startsWith('=>', next);
  if (isArrow) next = behindBlank(text, next + 2);
  const isBraced = text[next] === '{';
  if (!isArrow && !isBraced) return undefined;
  const end = isBraced ? behindBracket(text, next) : endOfExpression(text, next);
  if (end === undefined) return undefined;
  return { ...common, parameters, body: { start: next, end }, isBraced, end: behindSemicolon(text, end) };
}

const behindSemicolon = (text: string, end: number): number => (text[end] === ';' ? end + 1 : end);

const indentAt = (text: string, at: number): string =>
  /^[ \t]*/.exec(text.slice(text.lastIndexOf('\n', at - 1) + 1))?.[0] ?? '';

export interface Handed {
  readonly name: string;
  readonly type: string;
  /** Under its name in a record, which a direction takes it out of. */
  readonly inRecord?: true;
}

/** What each tool hands to a direction, and its type. */
export const HANDED: Readonly<Partial<Record<MigrationTool, Handed>>> = {
  knex: { name: 'knex', type: 'Knex' },
  sequelize: { name: 'queryInterface', type: 'QueryInterface' },
  typeorm: { name: 'queryRunner', type: 'QueryRunner' },
  'node-pg-migrate': { name: 'pgm', type: 'MigrationBuilder' },
  'db-migrate': { name: 'db', type: 'Base' },
  // nothing: what it is told stands in the class
  'mikro-orm': { name: 'this', type: '' },
  payload: { name: 'db', type: '', inRecord: true },
};

export type Filled = { readonly text: string } | { readonly because: string };

const UNKNOWN_FORM = 'stands in a form that cannot be filled: print it and put it there';

/** A file with the way back as its down, in place of one that stands there. */
export function inJavaScript(tool: MigrationTool, down: DownText, text: string): Filled {
  const handed = HANDED[tool];
  if (!handed) return { because: `what ${titleOfTool(tool)} wants is not known: print it and put it there` };
  if (tool === 'payload' && !sendsPayloadsSql(text)) return { because: `its SQL ${UNKNOWN_FORM}` };
  const up = directionNamed(text, 'up');
  const existing = directionNamed(text, 'down');
  if (existing) {
    const builder = builderOf(text, takenBy(text, existing, up), handed);
    if (builder === undefined) return { because: `its down ${UNKNOWN_FORM}` };
    return { text: refilled(text, existing, up, builder, bodyOf(tool, builder, down, text, existing.indent), handed) };
  }
  if (/\bdown\b\s*[,}:=(]|['"]down['"]/.test(text)) return { because: `its down ${UNKNOWN_FORM}` };
  const builder = up && builderOf(text, up, handed);
  if (!up || builder === undefined) return { because: `its up ${UNKNOWN_FORM}` };
  return beside(text, up, bodyOf(tool, builder, down, text, up.indent), tool === 'typeorm' || tool === 'mikro-orm');
}

/** Whether it has the tag of SQL from a package of Payload's, for PostgreSQL: on SQLite it is sent by another call. */
const sendsPayloadsSql = (text: string): boolean =>
  /\{[^}]*\bsql\b[^}]*\}\s*(?:from\s*|=\s*require\(\s*)['"]@payloadcms\/db-(?:vercel-)?postgres['"]/.test(text);

/** How the function calls what it is handed; undefined for a form that is not known. */
export function builderOf(
  text: string,
  { parameters }: Direction,
  { name: usual, inRecord }: Handed,
): string | undefined {
  const given = parameters ? text.slice(parameters.start, parameters.end).trim() : '';
  if (!inRecord && (given === '' || /^_\w*/.test(given))) return usual;
  // umzug hands over `{ context: queryInterface }`
  const key = inRecord ? usual : 'context';
  if (given.startsWith('{')) {
    const within = given.slice(0, given.lastIndexOf('}'));
    const [whole, name, inside] = new RegExp(`\\b${key}\\b(?:\\s*:\\s*(?:([\\w$]+)|(\\{)))?`).exec(within) ?? [];
    return whole === undefined || inside ? undefined : interfaceOf(text, name ?? key);
  }
  if (inRecord) return undefined;
  const [name] = /^[\w$]+/.exec(given) ?? [];
  if (name === undefined) return undefined;
  const isContext = new RegExp(`\\b${name}\\.context\\b|\\bcontext\\b[^;\\n]*=\\s*${name}\\b`).test(text);
  return isContext ? interfaceOf(text, `${name}.context`) : name;
}

/** What umzug hands over may be Sequelize itself, which gives the builder. */
function interfaceOf(text: string, name: string): string {
  const asked = `${name}.getQueryInterface()`;
  return text.includes(asked) ? asked : name;
}

/** What a direction takes, from whom its builder is had: a down that takes nothing takes what an up takes out of a record. */
function takenBy(text: string, down: Direction, up: Direction | undefined): Direction {
  const isNothing = down.parameters && text.slice(down.parameters.start, down.parameters.end).trim() === '';
  return isNothing && up?.parameters && text.slice(up.parameters.start).trimStart().startsWith('{') ? up : down;
}

function bodyOf(tool: MigrationTool, builder: string, down: DownText, text: string, indent: string): string {
  const unit = /^(\t| {2,4})\S/m.exec(text)?.[1] ?? '  ';
  const lines = linesOfJavaScript(tool, builder, down, styleOf(text)).map(line => `${indent}${unit}${line}`);
  return `{\n${lines.join('\n')}\n${indent}}`;
}

function refilled(
  text: string,
  down: Direction,
  up: Direction | undefined,
  builder: string,
  body: string,
  { type }: { readonly type: string },
): string {
  const { parameters, asyncAt } = down;
  const typed = new RegExp(`\\b${builder}\\s*:\\s*[\\w.]*${type}\\b`).exec(text)?.[0];
  if (!parameters) {
    const given = up?.parameters && text.slice(up.parameters.start, up.parameters.end).trim();
    return `${text.slice(0, down.body.start)}async (${given || (typed ?? builder)}) => ${body}${text.slice(down.body.end)}`;
  }
  const { parameters: taken = parameters } = takenBy(text, down, up);
  const given = text.slice(taken.start, taken.end);
  const [root = builder] = /^[\w$]+/.exec(builder) ?? [];
  const isUsed = builder === 'this' || new RegExp(`\\b${root}\\b|\\bcontext\\b`).test(given);
  const wanted = parameters.bare && typed !== undefined ? `(${typed})` : (typed ?? builder);
  const head = text.slice(asyncAt ?? down.start, parameters.start);
  return [
    text.slice(0, asyncAt ?? down.start),
    asyncAt === undefined ? '' : 'async ',
    head,
    isUsed ? given : wanted,
    text.slice(parameters.end, down.body.start),
    body,
    text.slice(down.body.end),
  ].join('');
}

/** A down like the up, behind it. */
function beside(text: string, up: Direction, body: string, inClass: boolean): Filled {
  const { start, name, asyncAt, indent, stands } = up;
  const at = asyncAt ?? start;
  const head = [text.slice(start, at), asyncAt === undefined ? '' : 'async ', text.slice(at, up.body.start)].join('');
  const nameAt = name.start - start + (asyncAt !== undefined && asyncAt <= name.start ? 'async '.length : 0);
  const written = `${head.slice(0, nameAt)}down${head.slice(nameAt + 'up'.length)}${body}`;
  if (stands === 'member') {
    if (inClass) return { text: `${text.slice(0, up.end)}\n\n${indent}${written}${text.slice(up.end)}` };
    const comma = behindBlank(text, up.body.end);
    const end = text[comma] === ',' ? comma + 1 : up.body.end;
    return {
      text: `${text.slice(0, end)}${text[comma] === ',' ? '' : ','}\n${indent}${written}${text[comma] === ',' ? ',' : ''}${text.slice(end)}`,
    };
  }
  const semicolon = text[up.end - 1] === ';' ? ';' : '';
  const both = `${text.slice(0, up.end)}\n\n${written}${semicolon}${text.slice(up.end)}`;
  if (stands === 'exported') return { text: both };
  const exports = /^((?:module\.)?exports\.)up(\s*=\s*)up\b(;?)/m.exec(both);
  if (!exports)
    return { because: 'its up is exported in a form beside which none can be put: print it and put it there' };
  const end = exports.index + exports[0].length;
  return { text: `${both.slice(0, end)}\n${exports[1]}down${exports[2]}down${exports[3]}${both.slice(end)}` };
}
