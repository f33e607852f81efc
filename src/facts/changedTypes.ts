/** Columns that take other values than they did: another type, or an enumeration without labels that it had. */
import { allowedIn } from '../catalog/allowedValues';
import { type Catalog, isTable, tableNamed, tablesOf, typeNamed } from '../catalog/catalog';
import { typeText } from '../catalog/definitionText';
import type { Column, Table } from '../catalog/object';
import type { Constant } from './facts';
import { type PastOperation, placed } from './goneNames';
import type { Gone, ValueType } from './knownSchema';

/** What of it still holds at the head. */
export function changedIn(past: Iterable<PastOperation>, head: Catalog): readonly Gone[] {
  const found = new Map<string, Gone>();
  const label = (each: PastOperation, table: Table, column: Column, name: string, to?: string): void => {
    const type = valueType(head, column);
    if (!type?.labels || type.labels.includes(name)) return;
    found.set(`${column.id} ${name}`, {
      what: 'label',
      label: name,
      type,
      ...located(table, column),
      ...(to === undefined || !type.labels.includes(to) ? {} : { to }),
      ...placed(each),
    });
  };
  for (const each of past) {
    const { operation, before } = each;
    if (operation.kind === 'renameEnumLabel') {
      const type = typeNamed(before, operation.type);
      if (!type) continue;
      for (const table of tablesOf(head))
        for (const column of table.columns)
          if (column.type?.id === type.id) label(each, table, column, operation.label.name, operation.to.name);
    } else if (operation.kind === 'setColumnType') {
      const was = tableNamed(before, operation.table);
      const columnBefore = was?.columns.find(({ name }) => name === operation.column.name);
      const now = was && head.objects.get(was.id);
      const column = isTable(now) ? now.columns.find(({ id }) => id === columnBefore?.id) : undefined;
      if (!columnBefore || !isTable(now) || !column) continue;
      const typeBefore = valueType(before, columnBefore);
      const type = valueType(head, column);
      if (!type || !typeBefore) continue;
      if (typeBefore.labels && type.labels)
        for (const name of typeBefore.labels) label(each, now, column, name, undefined);
      else if (type.name !== typeBefore.name)
        found.set(`${column.id}`, { what: 'type', type, typeBefore, ...located(now, column), ...placed(each) });
    } else if (operation.kind === 'addConstraint' && operation.constraint.kind === 'check') {
      const was = tableNamed(before, operation.table);
      const now = was && head.objects.get(was.id);
      if (!was || !isTable(now)) continue;
      for (const column of now.columns) {
        const type = valueType(head, column);
        const labels = allowedIn(now, column.id);
        if (!type || !labels || type.labels) continue;
        for (const name of allowedIn(was, column.id) ?? [])
          if (!labels.includes(name) && namesColumn(operation.constraint.expression.text, column.name))
            found.set(`${column.id} ${name}`, {
              what: 'label',
              label: name,
              type: { ...type, labels },
              byCheck: true,
              ...located(now, column),
              ...placed(each),
            });
      }
    }
  }
  return [...found.values()];
}

const namesColumn = (text: string, name: string): boolean =>
  new RegExp(`(?:^|\\W)${name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?:\\W|$)`).test(text);

const located = (table: Table, { name }: Column): Pick<Gone, 'table' | 'tableNow' | 'column'> => ({
  table: table.name,
  tableNow: table.name,
  column: name,
});

/** Nothing for an array and for what is not known. */
function valueType(catalog: Catalog, { type }: Column): ValueType | undefined {
  if (!type || type.dimensions > 0) return undefined;
  const own = type.id === undefined ? undefined : catalog.objects.get(type.id);
  if (own?.kind === 'domain' || own?.kind === 'composite' || own?.kind === 'range') return undefined;
  return { name: typeText(catalog, type), ...(own?.kind === 'enum' ? { labels: own.labels } : {}) };
}

/** A value as a statement has it: `untyped` is a quoted text or a bound value, which the server reads as the column's type. */
export type Given =
  | { readonly kind: 'untyped'; readonly text: string }
  | { readonly kind: 'number' | 'boolean'; readonly text: string };

export const asGiven = (value: Constant): Given => ({ kind: 'untyped', text: String(value) });

/** Whether the server refuses to compare a column of the type with a value, or to store it there. Strict: only what it must. */
export function refuses({ name, labels }: ValueType, { kind, text }: Given, use: 'compared' | 'written'): boolean {
  const family = familyOf(name);
  if (kind === 'untyped') {
    if (labels) return !labels.includes(text);
    return family !== undefined && !READS[family].test(text.trim());
  }
  if (labels) return true;
  if (family === undefined) return TEXTS.test(name) && use === 'compared';
  if (kind === 'number') return family !== 'integer' && family !== 'number';
  return family !== 'boolean';
}

type Family = 'integer' | 'number' | 'boolean' | 'uuid' | 'time' | 'json';

const FAMILIES: readonly (readonly [Family, RegExp])[] = [
  ['integer', /^(?:smallint|integer|bigint)$/],
  ['number', /^(?:numeric|decimal|real|double precision)\b/],
  ['boolean', /^boolean$/],
  ['uuid', /^uuid$/],
  ['time', /^(?:date|timestamp|time)\b/],
  ['json', /^jsonb?$/],
];

const TEXTS = /^(?:text|character|varchar|char|citext|bpchar)\b/;

const familyOf = (name: string): Family | undefined => FAMILIES.find(([, form]) => form.test(name))?.[0];

/** What the server may read as a value of the type. */
const READS: Readonly<Record<Family, RegExp>> = {
  integer: /^[+-]?(?:\d[\d_]*|0[xob][\da-f_]+)$/i,
  number: /^[+-]?(?:\d|\.\d|nan|inf)/i,
  boolean: /^(?:t|tr|tru|true|y|ye|yes|on|1|f|fa|fal|fals|false|n|no|of|off|0)$/i,
  uuid: /^\{?[\da-f]{4}[\da-f-]{28,33}\}?$/i,
  time: /\d|^(?:now|today|tomorrow|yesterday|epoch|-?infinity|allballs)$/i,
  json: /^(?:[[{"]|-?\d|true$|false$|null$)/,
};
