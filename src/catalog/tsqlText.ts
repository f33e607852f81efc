/** Definitions of a catalog of SQL Server's, as the server takes them. */
import { tokensOf } from '../sql/tokens';
import { type Catalog, isTable } from './catalog';
import type { Bound, Column, Constraint, Index, ObjectId, Other, Table, View } from './object';

export const quotedTsql = (name: string): string => `[${name.replaceAll(']', ']]')}]`;

interface Name {
  readonly schema?: string;
  readonly name: string;
}

/** The server's `dbo` is where things are that no schema is written of. */
export const schemaTsql = ({ schema }: Pick<Name, 'schema'>): string =>
  schema === undefined || schema === 'public' ? 'dbo' : schema;

export const tsqlName = (one: Name): string => `${quotedTsql(schemaTsql(one))}.${quotedTsql(one.name)}`;

export const literalTsql = (text: string): string => `N'${text.replaceAll("'", "''")}'`;

/** What may stand in a column beside its type, NULL, default and constraints, and is written as it was. */
const KNOWN_WORDS = /^(?:NULL|SPARSE|ROWGUIDCOL)$/i;

/** Whether all of a column is known that it would take to write it. */
export const isColumnKnown = ({ words, generated, assumed }: Column): boolean =>
  words !== undefined &&
  assumed !== true &&
  (words.type !== '' || generated !== undefined) &&
  words.rest.every(word => KNOWN_WORDS.test(word));

/** A column's definition from its name on, without its constraints; undefined where it is not known in the server's words. */
export function tsqlColumn(column: Column): string | undefined {
  const { words, generated } = column;
  if (!words || !isColumnKnown(column)) return undefined;
  const name = quotedTsql(column.name);
  if (generated) {
    const { value, stored } = generated;
    const text = value.text.trim();
    return `${name} AS ${isWrapped(text) ? text : `(${text})`}${stored ? ` PERSISTED${words.isNotNull ? ' NOT NULL' : ''}` : ''}`;
  }
  const has = (word: string): boolean => words.rest.some(each => each.toUpperCase() === word);
  return [
    name,
    words.type,
    ...(has('SPARSE') ? ['SPARSE'] : []),
    ...(words.identity === undefined ? [] : [words.identity]),
    ...(has('ROWGUIDCOL') ? ['ROWGUIDCOL'] : []),
    column.notNull ? 'NOT NULL' : 'NULL',
    ...(column.default ? [tsqlDefault(column)] : []),
  ].join(' ');
}

/** `CONSTRAINT [DF_x] DEFAULT (0)` */
export const tsqlDefault = ({ default: value, defaultName }: Column): string =>
  `${defaultName === undefined ? '' : `CONSTRAINT ${quotedTsql(defaultName)} `}DEFAULT ${value?.text ?? 'NULL'}`;

/** Whether one pair of parentheses is around all of it. */
function isWrapped(text: string): boolean {
  let depth = 0;
  const symbols = tokensOf(text, 'transactsql').map(({ start, end }) => text.slice(start, end));
  for (const [at, symbol] of symbols.entries()) {
    if (symbol === '(') depth += 1;
    else if (symbol === ')') depth -= 1;
    if (depth === 0 && at < symbols.length - 1) return false;
  }
  return symbols[0] === '(';
}

type Of<Kind extends Constraint['kind']> = Extract<Constraint, { readonly kind: Kind }>;

export type Key = Of<'primaryKey' | 'unique'>;

export const isKey = (one: Constraint): one is Key => one.kind === 'primaryKey' || one.kind === 'unique';

const nameOf = (table: Table, id: ObjectId): string =>
  quotedTsql(table.columns.find(each => each.id === id)?.name ?? '');

const columnList = (table: Table, ids: readonly ObjectId[]): string => ids.map(id => nameOf(table, id)).join(', ');

/** What is written of a key beside its columns. */
export interface KeyWords {
  readonly clustering: string;
  /** Its columns that are sorted the other way, by their place. */
  readonly descending: ReadonlySet<number>;
  /** How and where it is kept. */
  readonly tail: string;
}

export function keyWords({ words }: Key): KeyWords {
  const text = words?.text ?? '';
  const [, clustering = ''] = /\b((?:NON)?CLUSTERED)\b/i.exec(text) ?? [];
  const tokens = tokensOf(text, 'transactsql').filter(({ kind }) => kind !== 'comment');
  const sources = tokens.map(({ start, end }) => text.slice(start, end));
  const open = sources.indexOf('(');
  const isOptions = open > 0 && /^with$/i.test(sources[open - 1] ?? '');
  const close = open < 0 || isOptions ? -1 : sources.indexOf(')', open);
  const descending = new Set<number>();
  let place = 0;
  for (let at = open + 1; at < close; at += 1) {
    if (sources[at] === ',') place += 1;
    else if (/^desc$/i.test(sources[at] ?? '')) descending.add(place);
  }
  const from = close < 0 ? tokens[sources.findIndex(each => /^(?:with|on)$/i.test(each))]?.start : tokens[close]?.end;
  return { clustering: clustering.toUpperCase(), descending, tail: from === undefined ? '' : text.slice(from).trim() };
}

/** Whether another index holds the rows of the table in its order. */
export const hasClusteredIndex = (table: Table): boolean =>
  table.indexes.some(({ words, constraint }) => constraint === undefined && isClustered(words?.head ?? ''));

const isClustered = (words: string): boolean => /(?:^|\s)CLUSTERED\b/i.test(words);

/** A constraint from CONSTRAINT on. */
export function tsqlConstraint(
  catalog: Catalog,
  table: Table,
  constraint: Of<'primaryKey' | 'unique' | 'check' | 'foreignKey'>,
): string {
  const named = isNamed(constraint) ? `CONSTRAINT ${quotedTsql(constraint.name)} ` : '';
  const text = constraint.words?.text ?? '';
  const replicated = /\bNOT\s+FOR\s+REPLICATION\b/i.test(text);
  switch (constraint.kind) {
    case 'check':
      return `${named}CHECK ${replicated ? 'NOT FOR REPLICATION ' : ''}(${constraint.expression.text})`;
    case 'foreignKey': {
      const other = catalog.objects.get(constraint.table);
      const target = isTable(other) ? tsqlName(other) : '';
      const referenced =
        isTable(other) && constraint.referenced.length > 0 ? ` (${columnList(other, constraint.referenced)})` : '';
      const said = (event: string, action: string): string =>
        action === 'no action' ? '' : ` ON ${event} ${action.toUpperCase()}`;
      return `${named}FOREIGN KEY (${columnList(table, constraint.columns)}) REFERENCES ${target}${referenced}${said('DELETE', constraint.onDelete)}${said('UPDATE', constraint.onUpdate)}${replicated ? ' NOT FOR REPLICATION' : ''}`;
    }
    default: {
      const { clustering, descending, tail } = keyWords(constraint);
      const columns = constraint.columns.map((id, at) => `${nameOf(table, id)}${descending.has(at) ? ' DESC' : ''}`);
      // without the word, what comes first is clustered
      const how = clustering !== '' ? clustering : hasClusteredIndex(table) ? 'NONCLUSTERED' : '';
      return `${named}${constraint.kind === 'primaryKey' ? 'PRIMARY KEY' : 'UNIQUE'}${how === '' ? '' : ` ${how}`} (${columns.join(', ')})${tail === '' ? '' : ` ${tail}`}`;
    }
  }
}

export const isNamed = ({ words, name }: Constraint): boolean => words?.isNamed ?? !UNWRITTEN.test(name);

/** What the catalog calls those that the server has named. */
const UNWRITTEN = /^(?:primary key|unique|foreign key|check) \(.*\)(?: \d+)?$/s;

/** Whether an index is of a kind that is written here. */
export const isIndexKnown = ({ method, words, assumed }: Index): boolean =>
  (method === 'btree' || method === 'columnstore') &&
  words !== undefined &&
  assumed !== true &&
  !/\bXML\b/i.test(words.head);

/** CREATE INDEX without its semicolon. */
export function tsqlIndex(relation: Table | View, index: Index): string {
  const list = (ids: readonly ObjectId[]): string =>
    ids.map(id => quotedTsql(relation.columns.find(each => each.id === id)?.name ?? '')).join(', ');
  const elements = index.elements.map(
    ({ column, descending }) => `${list(column === undefined ? [] : [column])}${descending ? ' DESC' : ''}`,
  );
  const columns = elements.length > 0 ? ` (${elements.join(', ')})` : '';
  const include = index.include.length > 0 ? ` INCLUDE (${list(index.include)})` : '';
  const where = index.where ? ` WHERE ${index.where.text}` : '';
  const head = index.words?.head ? `${index.words.head.toUpperCase()} ` : '';
  const tail = index.words?.tail ? ` ${index.words.tail}` : '';
  return `CREATE ${index.unique ? 'UNIQUE ' : ''}${head}INDEX ${quotedTsql(index.name)} ON ${tsqlName(relation)}${columns}${include}${where}${tail}`;
}

/** A view from CREATE or ALTER on. */
export const tsqlView = (verb: 'CREATE' | 'ALTER', view: View): string =>
  `${verb} VIEW ${tsqlName(view)} ${(view.words?.tail ?? '').replace(/[\s;]+$/, '')}`;

/** A program's text with the verb that it is sent with. */
export const tsqlProgram = (verb: 'CREATE' | 'ALTER', { text }: Other): string =>
  text.replace(/^\s*(?:CREATE(?:\s+OR\s+ALTER)?|ALTER)\b/i, verb).trimEnd();

/** Statements that the server takes alone in their batch: what is behind them would be a part of them. */
export const isBatchOfItsOwn = (statement: string): boolean =>
  /^\s*(?:CREATE\s+(?:OR\s+ALTER\s+)?|ALTER\s+)(?:VIEW|PROC(?:EDURE)?|FUNCTION|TRIGGER)\b/i.test(statement);

/** Whether what it is made of cannot change under it. */
export const isSchemaBound = (text: string): boolean => /\bSCHEMABINDING\b/i.test(text);

/** Whether a text names one of these; names are in lower case. */
export function namesOne(text: string, names: ReadonlySet<string>): boolean {
  if (names.size === 0) return false;
  return tokensOf(text, 'transactsql').some(token => {
    if (token.kind !== 'word' && token.kind !== 'name') return false;
    const source = text.slice(token.start, token.end).toLowerCase();
    return names.has(token.kind === 'name' ? source.slice(1, -1).replaceAll(']]', ']') : source);
  });
}

/** Whether an expression still names its columns as they are called: the server would not have let them be renamed under it. */
export function isToday(relation: Table | View, { text, refs }: Bound): boolean {
  return relation.columns.every(({ id, name }) => !refs.includes(id) || namesOne(text, new Set([name.toLowerCase()])));
}
