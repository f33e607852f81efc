/** References that no foreign key declares: what the name of a column says that it refers to. */
import { type Catalog, primaryKeyOf, tableNamed } from '../catalog/catalog';
import type { Column, Table } from '../catalog/object';
import { isWholeNumber } from './columnKinds';

/** The table that the column's name speaks of, where its key has the column's type and nothing ties the two. */
export function referencedByName(column: Column, table: Table, catalog: Catalog): Table | undefined {
  const [, stem] = /^(.+?)(?:_id|_uuid|Id|Uuid|ID)$/.exec(column.name) ?? [];
  if (stem === undefined || !column.type || column.type.dimensions > 0) return undefined;
  if (
    table.constraints.some(each => 'columns' in each && each.kind === 'foreignKey' && each.columns.includes(column.id))
  )
    return undefined;
  // with a type beside it, the id may be of any of several tables
  if (table.columns.some(({ name }) => isTypeOf(name, stem))) return undefined;
  const own = primaryKeyOf(table)?.columns;
  if (own?.length === 1 && own[0] === column.id) return undefined;
  for (const name of namesOf(stem)) {
    const found = tableNamed(catalog, { schema: table.schema, name });
    const key = found && primaryKeyOf(found);
    if (!found || found.id === table.id || key?.columns.length !== 1) continue;
    const referenced = found.columns.find(({ id }) => id === key.columns[0]);
    if (referenced && isSameType(column, referenced)) return found;
  }
  return undefined;
}

const isTypeOf = (name: string, stem: string): boolean =>
  name === `${stem}_type` || name === `${stem}Type` || name === `${stem}_kind` || name === `${stem}_class`;

const isSameType = (one: Column, other: Column): boolean =>
  one.type?.name === other.type?.name || (isWholeNumber(one.type) && isWholeNumber(other.type));

/** What a table is called whose rows are called that. */
function namesOf(stem: string): readonly string[] {
  const snake = stem.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase();
  const names = new Set<string>();
  for (const one of [stem, snake]) {
    names.add(one);
    names.add(`${one}s`);
    names.add(one.endsWith('y') ? `${one.slice(0, -1)}ies` : `${one}es`);
  }
  const pascal = stem.replace(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return [...names, pascal, `${pascal}s`];
}
