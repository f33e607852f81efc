/**
 * What one query for all of them would look like, for the hover, in the program's own names: with less certainty than a fix
 * has, and for every finding, so that nobody is left with a complaint alone.
 */
import type { QueryExecution, QueryRepetition, Together } from '../../facts/facts';
import type { CodeWriter } from '../../program/writer';
import { batchedStatement } from './batchedStatement';
import { itemName } from './batchNames';

export function sketchOf(query: QueryExecution, loop: QueryRepetition, writer: CodeWriter): string {
  const { together } = query;
  if (loop.form === 'resolver') return loaderOf(query, loop, writer);
  return (
    batchedStatement(query) ??
    (together?.pieces.length ? fenced(rendered(together, loop, writer)) : forAll(query, loop, writer))
  );
}

// ——— lists ———

/** How the items are called, and the list of them. */
interface Listed {
  readonly item: string;
  readonly source: string;
  /** `orders[i]`, of a loop that counts. */
  readonly indexed?: string;
}

function listedBy({ item, source }: Pick<QueryRepetition, 'item' | 'source'>): Listed {
  const plain = source.replace(/^\(?await\s+/, '').replace(/\s+/g, ' ');
  const list =
    IDENTIFIERS.test(source) || (plain === source && source.length > 0 && source.length <= 40) ? source : undefined;
  const isIndexed = /[[(]/.test(item) && !/^[[({]/.test(item);
  const named = item === '' || isIndexed ? itemName(list && IDENTIFIERS.test(list) ? list : 'items', NONE) : item;
  const plural = /^[\p{L}_$][\w$]*$/u.test(named) ? `${named}s` : 'items';
  return { item: named, source: list ?? plural, ...(isIndexed ? { indexed: item } : {}) };
}

const WORD = /^[\p{L}_$][\w$]*$/u;
const WORDS = /[\p{L}_$][\w$]*/gu;
const NONE: ReadonlySet<string> = new Set();
const IDENTIFIERS = /^[\p{L}_$][\w$]*(?:\.[\p{L}_$][\w$]*)*$/u;

/** The list of `each` for all items. */
function mapped(each: string, { item, source, indexed }: Listed, writer: CodeWriter): string {
  const element = indexed === undefined ? each : each.replaceAll(indexed, item);
  if (element === item) return source;
  // another name of the loop's, of which only the name says what it is
  const names: readonly string[] = item.match(WORDS) ?? [];
  const isOther = WORD.test(element) && !names.includes(element);
  return isOther ? `${element}s` : writer.mapped(source, item, element);
}

function rendered({ pieces, waits, reads }: Together, loop: QueryRepetition, writer: CodeWriter): string {
  const listed = listedBy(loop);
  const text = pieces
    .map(piece =>
      typeof piece === 'string' ? piece : 'all' in piece ? listed.source : mapped(piece.each, listed, writer),
    )
    .join('');
  const query = waits ? writer.awaited(text) : text;
  return reads === undefined ? query : [query, writer.comment('in the loop'), reads].join('\n');
}

// ——— loaders ———

/** A loader gathers the keys of all objects in a result. */
function loaderOf(query: QueryExecution, { item, source }: QueryRepetition, writer: CodeWriter): string {
  const { together } = query;
  const pieces = together?.pieces ?? [];
  const key = pieces.flatMap(piece => (typeof piece === 'object' && 'each' in piece ? [piece.each] : []))[0];
  const statement = batchedStatement(query);
  const asked =
    pieces.length > 0
      ? pieces.map(piece => (typeof piece === 'string' ? piece : 'keys')).join('')
      : statement === undefined
        ? `${nameForAll(query.label)}(keys)`
        : undefined;
  const name = `${source || 'all'}Of${item === 'object' ? 'Objects' : item}`;
  const column = together?.column;
  const written = writer.loader?.({
    name,
    ...(asked === undefined ? {} : { asked }),
    ...(column === undefined || column === '' ? {} : { column }),
    key: key === undefined || key === '…' ? undefined : key,
    field: source,
  });
  const loader = written === undefined ? undefined : fenced(written);
  return (
    [statement, loader].filter(each => each !== undefined).join('\n\n') || forAll(query, { item, source: '' }, writer)
  );
}

// ——— what no table tells ———

/** A form of the call for the whole list, and what it would send. */
function forAll(query: QueryExecution, loop: Pick<QueryRepetition, 'item' | 'source'>, writer: CodeWriter): string {
  const { operation, relation } = query;
  const { source } = listedBy(loop);
  const isRead = operation !== 'write';
  const sends = isRead
    ? 'one query that asks for all of them by their keys'
    : 'one statement for all of them, or one transaction around them';
  const statement =
    relation === undefined || !/^[\w.]+$/.test(relation) || !isRead
      ? undefined
      : `SELECT … FROM ${relation} WHERE … IN (…)`;
  return fenced(
    [
      writer.comment(statement === undefined ? sends : `${sends}: ${statement}`),
      `${nameForAll(query.label)}(${source})`,
    ].join('\n'),
  );
}

/** `linesOfAll` for `linesOf()`. */
function nameForAll(label: string): string {
  const name = /^([\p{L}_$][\w$.]*)(?:\(.*\))?$/u.exec(label)?.[1]?.replace(/\.bind$/, '');
  return name === undefined ? 'askForAll' : `${name}All`;
}

const fenced = (text: string): string => `\`\`\`\n${text}\n\`\`\``;
