/** From names in operations to what they mean in a draft; what an incomplete history does not explain is assumed. */

import { bindOver } from './bind';
import { isSameName, isTable, isView, typeNamed } from './catalog';
import type { IndexElement, QualifiedName, TypeUse } from './definition';
import { type Draft, type Refusal, refuse } from './draft';
import { unfitElement } from './indexable';
import type { CatalogObject, Column, DataType, KeyElement, Sequence, Table, View } from './object';
import { isBuiltIn } from './types';

export const shown = (name: { readonly schema?: string; readonly name: string }): string =>
  name.schema === undefined || name.schema === 'public' ? name.name : `${name.schema}.${name.name}`;

export const isRefusal = (value: unknown): value is Refusal =>
  typeof value === 'object' && value !== null && 'reason' in value && 'says' in value;

/** Schemas whose relations no migration creates. */
const SYSTEM = new Set(['pg_catalog', 'information_schema', 'pg_toast']);

/** The table of that name. */
export function tableFor(draft: Draft, name: QualifiedName): Table | Refusal {
  const found = relationFor(draft, name);
  if (isRefusal(found) || isTable(found)) return found;
  return refuse('invalid', `${shown(name)} is not a table`);
}

export function relationFor(draft: Draft, name: QualifiedName): Table | View | Refusal {
  const found = draft.find('r', name);
  if ((isTable(found) || isView(found)) && isSameName(draft, found.name, name.name)) return found;
  if (found) return refuse('invalid', `${shown(name)} is not a table or view`);
  if (draft.complete && !SYSTEM.has(name.schema ?? ''))
    return refuse('missing', `relation ${shown(name)} does not exist`);
  return draft.assumedTable(name);
}

export function sequenceFor(draft: Draft, name: QualifiedName): Sequence | Refusal {
  const found = draft.find('r', name);
  if (found?.kind === 'sequence') return found;
  if (found) return refuse('invalid', `${shown(name)} is not a sequence`);
  if (draft.complete) return refuse('missing', `sequence ${shown(name)} does not exist`);
  return draft.assumedSequence(name);
}

/** The column of that name, as the draft has the relation now. */
export function columnFor(draft: Draft, relation: Table | View, name: string): Column | Refusal {
  const now = current(draft, relation);
  const found = now.columns.find(column => isSameName(draft, column.name, name));
  if (found) return found;
  if (SYSTEM_COLUMNS.has(name) || (draft.dialect === 'sqlite' && ROW_IDS.has(name.toLowerCase())))
    return { id: 0, name, notNull: true };
  if (isTable(now) && !now.complete) return draft.assumedColumn(now, name);
  if (isView(now) && (now.assumed || !draft.complete)) return draft.assumedColumn(now, name);
  return refuse('missing', `column ${name} of ${shown(now)} does not exist`);
}

const ROW_IDS = new Set(['rowid', 'oid', '_rowid_']);
const SYSTEM_COLUMNS = new Set(['ctid', 'xmin', 'xmax', 'cmin', 'cmax', 'tableoid']);

/** The relation as the draft has it now. */
export function current<Kind extends CatalogObject>(draft: Draft, object: Kind): Kind {
  return (draft.get(object.id) ?? object) as Kind;
}

export function columnIds(
  draft: Draft,
  relation: Table | View,
  names: readonly { readonly name: string }[],
): readonly number[] | Refusal {
  const ids: number[] = [];
  for (const { name } of names) {
    const column = columnFor(draft, relation, name);
    if (isRefusal(column)) return column;
    ids.push(column.id);
  }
  return ids;
}

export function dataTypeOf(draft: Draft, type: TypeUse): DataType {
  // every table is a type as well
  const user = typeNamed(draft, type) ?? rowType(draft, type);
  return {
    name: user?.name ?? type.name,
    ...(user ? { schema: user.schema, id: user.id } : type.schema === undefined ? {} : { schema: type.schema }),
    modifiers: type.modifiers,
    dimensions: type.dimensions,
  };
}

function rowType(draft: Draft, type: TypeUse): Table | View | undefined {
  if (draft.dialect !== undefined) return undefined;
  if (type.schema === undefined && isBuiltIn(type.name)) return undefined;
  const found = draft.find('r', type);
  return (isTable(found) || isView(found)) && found.name === type.name ? found : undefined;
}

export function keyElements(
  draft: Draft,
  relation: Table | View,
  elements: readonly IndexElement[],
): readonly KeyElement[] | Refusal {
  const bound: KeyElement[] = [];
  for (const element of elements) {
    const { opclassOptions, descending, collation, opclass, nulls } = element;
    const options = {
      opclassOptions,
      descending,
      ...(collation === undefined ? {} : { collation }),
      ...(opclass === undefined ? {} : { opclass }),
      ...(nulls === undefined ? {} : { nulls }),
    };
    if (element.column) {
      const column = columnFor(draft, relation, element.column.name);
      if (isRefusal(column)) return column;
      const refused = draft.dialect === undefined ? unfitElement(draft, options, column.type) : undefined;
      if (refused) return refused;
      bound.push({ column: column.id, named: column.name, ...options });
    } else if (element.expression)
      bound.push({ expression: bindOver(draft, element.expression, current(draft, relation)), ...options });
  }
  return bound;
}
