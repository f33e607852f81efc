/** Definitions of SQLite's tables, indexes and views as they were written, with the names that things have in a catalog. */
import { sourceOf, type Token, nameOf as tokenName, tokensOf } from '../sql/tokens';
import type { Catalog } from './catalog';
import { isTable } from './catalog';
import { namesIn } from './naming';
import type { Bound, Column, Constraint, Index, KeyElement, ObjectId, Table, View } from './object';
import { type Fields, isFields, list, walk } from './tree';

/** What a definition is written with. What is not known is put among the obstacles, and the text is not to be used then. */
export interface Writing {
  readonly catalog: Catalog;
  readonly obstacles: string[];
}

/** A name as SQLite reads it. */
export const sqliteName = (name: string): string =>
  /^[a-z_][a-z0-9_]*$/i.test(name) && !KEYWORDS.has(name.toLowerCase()) ? name : `"${name.replaceAll('"', '""')}"`;

/** https://sqlite.org/lang_keywords.html */
const KEYWORDS = new Set(
  'abort action add after all alter always analyze and as asc attach autoincrement before begin between by cascade case cast check collate column commit conflict constraint create cross current current_date current_time current_timestamp database default deferrable deferred delete desc detach distinct do drop each else end escape except exclude exclusive exists explain fail false filter first following for foreign from full generated glob group groups having if ignore immediate in index indexed initially inner insert instead intersect into is isnull join key last left like limit match materialized natural no not nothing notnull null nulls of offset on or order others outer over partition plan pragma preceding primary query raise range recursive references regexp reindex release rename replace restrict returning right rollback row rows savepoint select set table temp temporary then ties to transaction trigger true unbounded union unique update using vacuum values view virtual when where window with without'.split(
    ' ',
  ),
);

const namesText = (names: readonly string[]): string => names.map(sqliteName).join(', ');

const columnName = (table: Table | View, id: ObjectId): string =>
  table.columns.find(column => column.id === id)?.name ?? '';

/** The tokens of a text that are no comments. */
export const sqliteTokens = (text: string): readonly Token[] =>
  tokensOf(text, 'sqlite').filter(({ kind }) => kind !== 'comment');

/** Whether a text names one of these, which are in lower case. */
export const mentions = (text: string, names: ReadonlySet<string>): boolean =>
  names.size > 0 &&
  sqliteTokens(text).some(
    token =>
      (token.kind === 'word' || token.kind === 'name' || (token.kind === 'text' && text[token.start] === '"')) &&
      names.has(tokenName(text, token).toLowerCase()),
  );

/** The text of an expression with the names of today; undefined where a name that it holds has come to mean two things. */
export function textToday(catalog: Catalog, bound: Bound, text = bound.text): string | undefined {
  const today = namesToday(catalog, bound);
  if ([...today].every(([name, now]) => now.size === 1 && now.has(name))) return text;
  let written = '';
  let at = 0;
  const tokens = sqliteTokens(text);
  for (const [index, token] of tokens.entries()) {
    if (token.kind !== 'word' && token.kind !== 'name') continue;
    const next = tokens[index + 1];
    if (next && sourceOf(text, next) === '(' && token.kind === 'word') continue;
    const name = tokenName(text, token).toLowerCase();
    const now = today.get(name);
    if (!now || (now.size === 1 && now.has(name))) continue;
    const [only, more] = now;
    if (only === undefined || more !== undefined) return undefined;
    written += `${text.slice(at, token.start)}${sqliteName(spelled(catalog, only))}`;
    at = token.end;
  }
  return written + text.slice(at);
}

/** What each name in an expression is called now, in lower case; one that stands for nothing that is known keeps its own. */
function namesToday(catalog: Catalog, bound: Bound): ReadonlyMap<string, ReadonlySet<string>> {
  const names = namesIn(catalog);
  const found = new Map<string, Set<string>>();
  const put = (name: unknown, id: unknown): void => {
    const own = String(name).toLowerCase();
    const now = typeof id === 'number' ? (names.get(id)?.name.toLowerCase() ?? own) : own;
    found.set(own, (found.get(own) ?? new Set()).add(now));
  };
  const see = (key: string, value: Fields): void => {
    if (key === 'ColumnRef') {
      const parts = list(value.fields).map(part => (isFields(part) && isFields(part.String) ? part.String.sval : ''));
      put(parts[parts.length - 1], value.$id);
      if (parts.length > 1) put(parts[parts.length - 2], value.$table);
    } else if (typeof value.relname === 'string') put(value.relname, value.$id);
  };
  walk(bound.tree, see);
  return found;
}

/** The name in its own case. */
function spelled(catalog: Catalog, name: string): string {
  for (const now of namesIn(catalog).values()) if (now.name.toLowerCase() === name) return now.name;
  return name;
}

function boundText({ catalog, obstacles }: Writing, bound: Bound, of: string): string {
  const text = textToday(catalog, bound);
  if (text === undefined) obstacles.push(`how ${of} reads since the renames before is not known: ${bound.text}`);
  return text ?? '';
}

/** What a constraint without a name is told by: what it says, in the names of today. */
export function saidBy(catalog: Catalog, table: Table, constraint: Constraint): string {
  const [label] = constraint.name.split(' (', 1);
  if (constraint.kind !== 'check')
    return `${label} (${constraint.columns.map(id => columnName(table, id)).join(', ')})`;
  const text = textToday(catalog, constraint.expression) ?? constraint.expression.text;
  return `${label} (${text
    .replace(/["`[\]]/g, '')
    .replace(/\s+/g, ' ')
    .trim()})`;
}

/** The column that a constraint is written with. */
export const ownerOf = ({ words, columns }: Constraint): ObjectId | undefined =>
  words?.inColumn === true && columns.length === 1 ? columns[0] : undefined;

/** Between the parentheses that open at a token: the items, and where they close. */
function itemsAt(text: string, tokens: readonly Token[], open: number): { items: readonly string[]; closing: number } {
  const items: string[] = [];
  let depth = 0;
  let from = (tokens[open]?.end ?? 0) + 0;
  for (let at = open; at < tokens.length; at += 1) {
    const token = tokens[at];
    if (!token) break;
    const source = sourceOf(text, token);
    if (source === '(') depth += 1;
    if (source === ')') depth -= 1;
    if (depth === 0 || (depth === 1 && source === ',')) {
      items.push(text.slice(from, token.start).trim());
      from = token.end;
    }
    if (depth === 0) return { items, closing: at };
  }
  return { items, closing: tokens.length };
}

const isWord = (text: string, token: Token | undefined, word: string): boolean =>
  token?.kind === 'word' && sourceOf(text, token).toLowerCase() === word;

/** A key's words with its columns' names: each item is a column, with its order and collation. */
function keyText(text: string, names: readonly string[]): string {
  const tokens = sqliteTokens(text);
  const open = tokens.findIndex(token => sourceOf(text, token) === '(');
  if (open < 0) return text;
  const { items, closing } = itemsAt(text, tokens, open);
  const written = items.map((item, at) => {
    const [first] = sqliteTokens(item);
    return `${sqliteName(names[at] ?? '')}${item.slice(first?.end ?? 0)}`;
  });
  return `${text.slice(0, tokens[open]?.start ?? 0)}(${written.join(', ')})${text.slice(tokens[closing]?.end ?? text.length)}`;
}

function referenceText(
  { catalog }: Writing,
  table: Table,
  key: Extract<Constraint, { kind: 'foreignKey' }>,
  text: string,
  self: string,
): string {
  const tokens = sqliteTokens(text);
  const start = tokens.findIndex(token => isWord(text, token, 'references'));
  let at = start + 2;
  while (tokens[at] && sourceOf(text, tokens[at] as Token) === '.') at += 2;
  const target = catalog.objects.get(key.table);
  const name = key.table === table.id ? self : isTable(target) ? target.name : '';
  let columns = '';
  if (tokens[at] && sourceOf(text, tokens[at] as Token) === '(') {
    const { items, closing } = itemsAt(text, tokens, at);
    const today = isTable(target)
      ? key.referenced.flatMap(id => {
          const found = columnName(target, id);
          return found === '' ? [] : [found];
        })
      : [];
    columns = today.length === items.length ? `(${namesText(today)})` : `(${items.join(', ')})`;
    at = closing + 1;
  }
  const tail = tokens[at] ? ` ${text.slice(tokens[at]?.start).trim()}` : '';
  const own = start > 0 ? `FOREIGN KEY (${namesText(key.columns.map(id => columnName(table, id)))}) ` : '';
  return `${own}REFERENCES ${sqliteName(name)}${columns === '' ? '' : ` ${columns}`}${tail}`;
}

function constraintText(writing: Writing, table: Table, constraint: Constraint, self: string): string {
  const { words } = constraint;
  if (!words) {
    writing.obstacles.push(`how ${constraint.name} of ${table.name} is written for SQLite is not known`);
    return '';
  }
  const name = words.isNamed ? `CONSTRAINT ${sqliteName(constraint.name)} ` : '';
  switch (constraint.kind) {
    case 'primaryKey':
    case 'unique':
      return `${name}${keyText(
        words.text,
        constraint.columns.map(id => columnName(table, id)),
      )}`;
    case 'foreignKey':
      return `${name}${referenceText(writing, table, constraint, words.text, self)}`;
    case 'check':
      return `${name}CHECK ${wrapped(boundText(writing, constraint.expression, `a check of ${table.name}`))}`;
    case 'exclude':
      writing.obstacles.push(`SQLite has no constraint like ${constraint.name}`);
      return '';
  }
}

const wrapped = (text: string): string => `(${text.trim()})`;

/** @param self what the table is called where it refers to itself */
export function columnText(writing: Writing, table: Table, column: Column, self = table.name): string {
  const { words, default: value, generated } = column;
  if (!words) {
    writing.obstacles.push(`how column ${table.name}.${column.name} is written for SQLite is not known`);
    return '';
  }
  const own = table.constraints.filter(constraint => ownerOf(constraint) === column.id);
  const inKey = table.constraints.some(({ kind, columns }) => kind === 'primaryKey' && columns.includes(column.id));
  const isNotNull = inKey ? words.isNotNull === true : column.notNull;
  const [key] = own.filter(({ kind }) => kind === 'primaryKey');
  const others = own.filter(constraint => constraint !== key);
  const about = `the value of ${table.name}.${column.name}`;
  return [
    sqliteName(column.name),
    words.type,
    ...(key ? [constraintText(writing, table, key, self)] : []),
    ...(column.autoIncrement ? ['AUTOINCREMENT'] : []),
    ...(isNotNull && !words.rest.some(each => /^not null/i.test(each)) ? ['NOT NULL'] : []),
    ...words.rest.filter(each => !/^null$/i.test(each)),
    ...(value ? [`DEFAULT ${boundText(writing, value, about)}`] : []),
    ...(generated
      ? [
          `GENERATED ALWAYS AS ${wrapped(boundText(writing, generated.value, about))} ${generated.stored ? 'STORED' : 'VIRTUAL'}`,
        ]
      : []),
    ...others.map(each => constraintText(writing, table, each, self)),
  ]
    .filter(part => part !== '')
    .join(' ');
}

/** @param as what it is called while the former one is there */
export function createTableText(writing: Writing, table: Table, as = table.name): string {
  const { obstacles } = writing;
  if (!table.complete || table.assumed || table.foreignServer !== undefined || !table.words) {
    obstacles.push(`not all of the former definition of table ${table.name} is known`);
    return '';
  }
  const lines = [
    ...table.columns.map(column => columnText(writing, table, column, as)),
    ...table.constraints
      .filter(constraint => ownerOf(constraint) === undefined)
      .map(constraint => constraintText(writing, table, constraint, as)),
  ];
  const tail = table.words.tail.trim();
  return `CREATE TABLE ${sqliteName(as)} (\n  ${lines.join(',\n  ')}\n)${tail === '' ? '' : ` ${tail}`};`;
}

function elementText(writing: Writing, on: Table | View, element: KeyElement): string {
  const { column, expression, collation, descending } = element;
  const of = expression ? boundText(writing, expression, `an index of ${on.name}`) : undefined;
  return `${of ?? (column === undefined ? '' : sqliteName(columnName(on, column)))}${
    collation === undefined ? '' : ` COLLATE ${collation.toUpperCase()}`
  }${descending ? ' DESC' : ''}`;
}

export function createIndexText(writing: Writing, on: Table | View, index: Index): string {
  const where = index.where ? ` WHERE ${boundText(writing, index.where, `index ${index.name}`)}` : '';
  const elements = index.elements.map(element => elementText(writing, on, element)).join(', ');
  return `CREATE ${index.unique ? 'UNIQUE ' : ''}INDEX ${sqliteName(index.name)} ON ${sqliteName(on.name)} (${elements})${where};`;
}

export function createViewText(writing: Writing, view: View): string {
  const tail = view.words && view.query ? textToday(writing.catalog, view.query, view.words.tail) : undefined;
  if (tail === undefined) writing.obstacles.push(`the former text of view ${view.name} is not known`);
  return `CREATE VIEW ${sqliteName(view.name)} ${tail ?? ''};`;
}
