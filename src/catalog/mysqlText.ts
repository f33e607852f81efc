/** Definitions of a catalog of MySQL's or MariaDB's, as these servers take them. */
import { tokensOf } from '../sql/tokens';
import type { Catalog } from './catalog';
import { isTable } from './catalog';
import type { Column, Constraint, ImpliedIndex, Index, ObjectId, Table } from './object';

export const quotedMysql = (name: string): string => `\`${name.replaceAll('`', '``')}\``;

export const mysqlName = ({ schema, name }: { readonly schema?: string; readonly name: string }): string =>
  schema === undefined || schema === 'public' ? quotedMysql(name) : `${quotedMysql(schema)}.${quotedMysql(name)}`;

/** A column's definition from its name on; undefined where it is not known in the server's words. */
export function mysqlColumn(table: Table, column: Column): string | undefined {
  const { words, generated } = column;
  if (!words || words.type === '' || column.assumed) return undefined;
  const parts = [quotedMysql(column.name), words.type];
  if (generated) parts.push(`GENERATED ALWAYS AS (${generated.value.text}) ${generated.stored ? 'STORED' : 'VIRTUAL'}`);
  const rest = words.rest.filter(word => word !== 'NULL');
  if (column.notNull) parts.push('NOT NULL');
  else if (rest.length < words.rest.length) parts.push('NULL');
  if (column.default) parts.push(`DEFAULT ${column.default.text}`);
  if (column.onUpdate !== undefined) parts.push(`ON UPDATE ${column.onUpdate}`);
  if (column.autoIncrement) parts.push('AUTO_INCREMENT');
  parts.push(...rest);
  if (column.comment !== undefined) parts.push(`COMMENT ${textLiteral(column.comment)}`);
  for (const check of checksIn(table, column))
    parts.push(`${isNamed(check) ? `CONSTRAINT ${quotedMysql(check.name)} ` : ''}${checkText(check)}`);
  return parts.join(' ');
}

/** The text keeps the escapes that it was written with. */
const textLiteral = (text: string): string => `'${text.replace(/\\?'/g, quote => (quote === "'" ? "''" : quote))}'`;

type Of<Kind extends Constraint['kind']> = Extract<Constraint, { readonly kind: Kind }>;

/** The number in the name that the server has made up for a foreign key. */
export const numberOf = (table: Table, { name }: Constraint): number | undefined => {
  const before = `${table.name}_ibfk_`.toLowerCase();
  const number = name.toLowerCase().startsWith(before) ? Number(name.slice(before.length)) : undefined;
  return Number.isInteger(number) ? number : undefined;
};

export const isNamed = ({ words }: Constraint): boolean => words?.isNamed !== false;

/** The checks that are written with the column, and are MariaDB's column's own. */
export const checksIn = (table: Table, column: Column): readonly Of<'check'>[] =>
  table.constraints.filter(
    (each): each is Of<'check'> =>
      each.kind === 'check' && each.words?.inColumn === true && each.columns[0] === column.id,
  );

const checkText = ({ expression, enforced }: Of<'check'>): string =>
  `CHECK (${expression.text})${enforced ? '' : ' NOT ENFORCED'}`;

const columnList = (table: Table, ids: readonly ObjectId[]): string =>
  ids.map(id => quotedMysql(table.columns.find(column => column.id === id)?.name ?? '')).join(', ');

/** A written index or the server's own, from KEY on. */
export function mysqlIndex(table: Table, index: Index | ImpliedIndex): string {
  if (!('elements' in index)) return `KEY ${quotedMysql(index.name)} (${columnList(table, index.columns)})`;
  const primary = primaryOf(table);
  if (primary && index.id === primary.index)
    return `PRIMARY KEY (${columnList(table, primary.columns)})${/\susing\s+\w+/i.exec(primary.words?.text ?? '')?.[0] ?? ''}`;
  const head = index.method === 'btree' ? (index.unique ? 'UNIQUE ' : '') : `${index.method.toUpperCase()} `;
  const elements = index.elements.map(({ column, expression, opclassOptions, descending }) => {
    const length = opclassOptions.find(([name]) => name === 'length')?.[1];
    const what = column === undefined ? (expression?.text ?? '') : columnList(table, [column]);
    return `${what}${length === undefined ? '' : `(${length})`}${descending ? ' DESC' : ''}`;
  });
  const tail = index.words?.tail ? ` ${index.words.tail}` : '';
  return `${head}KEY ${quotedMysql(index.name)} (${elements.join(', ')})${tail}`;
}

export const primaryOf = (table: Table): Of<'primaryKey' | 'unique'> | undefined =>
  table.constraints.find((each): each is Of<'primaryKey' | 'unique'> => each.kind === 'primaryKey');

/** A foreign key or check from CONSTRAINT on. */
export function mysqlConstraint(
  catalog: Catalog,
  table: Table,
  constraint: Of<'foreignKey' | 'check'>,
  isNumbered = false,
): string {
  const named = isNumbered ? '' : `CONSTRAINT ${quotedMysql(constraint.name)} `;
  if (constraint.kind === 'check') return `${isNamed(constraint) ? named : ''}${checkText(constraint)}`;
  const other = catalog.objects.get(constraint.table);
  const [name, columns] = isTable(other) ? [mysqlName(other), columnList(other, constraint.referenced)] : ['', ''];
  const said = (event: string, action: string): string => {
    // what is left out, RESTRICT and NO ACTION do the same, and are told apart by what is shown of them
    const [, plain] =
      new RegExp(`on\\s+${event}\\s+(restrict|no\\s+action)`, 'i').exec(constraint.words?.text ?? '') ?? [];
    if (action === 'no action') return plain === undefined ? '' : ` ON ${event} ${plain.toUpperCase()}`;
    return ` ON ${event} ${action.toUpperCase()}`;
  };
  return `${named}FOREIGN KEY (${columnList(table, constraint.columns)}) REFERENCES ${name} (${columns})${said('DELETE', constraint.onDelete)}${said('UPDATE', constraint.onUpdate)}`;
}

/** How a table is stored: its options as they are set now, and all that is none. */
export interface Storage {
  readonly options: ReadonlyMap<string, string>;
  /** Partitions and the like. */
  readonly more: string;
}

/** Undefined where they are not known. */
export function storageOf({ words }: Table): Storage | undefined {
  if (!words) return undefined;
  const options = new Map<string, string>();
  let more = optionsIn(words.tail, options);
  for (const text of words.later) {
    if (/^(?:partition|remove|coalesce|reorganize|with|without|tablespace)\b/i.test(text)) more += `; ${text}`;
    else more += optionsIn(text.replace(/^convert\s+to\s+/i, ''), options);
  }
  return { options, more: more.trim() };
}

/** Reads options from a text; what begins with none is left. */
function optionsIn(text: string, options: Map<string, string>): string {
  const tokens = tokensOf(text, 'mysql').map(({ start, end }) => text.slice(start, end));
  const starts = tokensOf(text, 'mysql').map(({ start }) => start);
  let at = 0;
  while (at < tokens.length) {
    const from = at;
    if (tokens[at] === ',') at += 1;
    if (/^default$/i.test(tokens[at] ?? '')) at += 1;
    let name = (tokens[at] ?? '').toLowerCase();
    if (name === 'character' && /^set$/i.test(tokens[at + 1] ?? '')) {
      name = 'charset';
      at += 1;
    }
    at += 1;
    if (tokens[at] === '=') at += 1;
    const value = tokens[at];
    if (!OPTION.test(name) || value === undefined) return text.slice(starts[from]);
    at += 1;
    // another character set has a collation of its own
    if (name === 'charset') options.delete('collate');
    options.set(name, value);
  }
  return '';
}

const OPTION =
  /^(?:engine|charset|collate|comment|auto_increment|row_format|key_block_size|max_rows|min_rows|avg_row_length|stats_persistent|stats_auto_recalc|stats_sample_pages|pack_keys|checksum|delay_key_write|compression|encryption)$/;

export const storageText = ({ options, more }: Storage): string =>
  [...[...options].map(([name, value]) => optionText(name, value)), ...(more === '' ? [] : [more])]
    .map(each => ` ${each}`)
    .join('');

export const optionText = (name: string, value: string): string =>
  name === 'charset' ? `DEFAULT CHARSET=${value}` : `${name.toUpperCase()}=${value}`;
