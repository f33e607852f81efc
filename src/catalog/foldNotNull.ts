/**
 * DROP NOT NULL, and how far it reaches: since PostgreSQL 18 a child's own NOT NULL outlives its parent's. Each has a name
 * since then.
 */
import { isTable } from './catalog';
import type { ObjectReference } from './definition';
import { type Draft, type Outcome, refuse } from './draft';
import { childrenOf, identityIn } from './foldInheritance';
import { replaceColumn } from './foldTable';
import { freeConstraintName } from './names';
import type { Column, Table } from './object';
import type { OperationOf } from './operation';
import { shown } from './refer';

export function dropNotNull(draft: Draft, table: Table, column: Column, only: boolean): Outcome {
  if (column.inherited && (table.partitionOf || draft.version >= 18) && isGiven(draft, table, column.name))
    return refuse('invalid', `column ${column.name} of ${shown(table)} is NOT NULL in its parent`);
  return makeNullable(draft, table, column, only);
}

function makeNullable(draft: Draft, table: Table, column: Column, only: boolean): Outcome {
  const need = needOf(draft, table, column);
  if (need !== undefined) return refuse('invalid', `column ${column.name} of ${shown(table)} is ${need}`);
  const told = draft.switched(column, table.id, {
    aspect: 'nullability',
    stood: { notNull: true },
    column: column.name,
  });
  replaceColumn(draft, table, column.id, ({ notNullName: _, notNullMade: __, ownNotNull: ___, ...rest }) => ({
    ...rest,
    ...told,
    notNull: false,
  }));
  for (const child of childrenOf(draft, table.id)) {
    const same = child.columns.find(({ name }) => name === column.name);
    if (!same || !reaches(draft, child, column, same)) continue;
    if (!only) {
      const refused = makeNullable(draft, child, same, false);
      if (refused) return refused;
    } else if (draft.version >= 18)
      replaceColumn(draft, child, same.id, before => ({ ...before, ownNotNull: true as const }));
  }
  return undefined;
}

/** Whether the child's column has its NOT NULL, as far as that goes, from that one alone. */
const reaches = (draft: Draft, child: Table, column: Column, same: Column): boolean =>
  draft.version < 18 || (column.notNull && same.notNull && !same.ownNotNull && !isGiven(draft, child, same.name));

/** What holds no NULL whatever is dropped. */
function needOf(draft: Draft, table: Table, column: Column): string | undefined {
  if (table.constraints.some(one => one.kind === 'primaryKey' && one.columns.includes(column.id)))
    return 'in a primary key';
  const identifies = table.indexes.find(({ id }) => id === table.replicaIdentity);
  if (identifies?.elements.some(element => element.column === column.id)) return 'in the index of its replica identity';
  return identityIn(draft, table, column) ? 'an identity column' : undefined;
}

/** Whether a parent's column of that name is NOT NULL. */
export const isGiven = (draft: Draft, { inherits, partitionOf }: Table, name: string): boolean =>
  [...inherits, ...(partitionOf ? [partitionOf.parent] : [])].some(id => {
    const parent = draft.get(id);
    return parent?.kind === 'table' && parent.columns.some(one => one.name === name && one.notNull);
  });

/** The column whose NOT NULL has that name. */
export const notNullNamed = ({ columns }: Table, name: string): Column | undefined =>
  columns.find(({ notNullName, notNullMade }) => (notNullName ?? notNullMade) === name);

/** Calls each NOT NULL that has no name yet as the server does: as the parent's, or by table and column. */
export function nameNotNulls(draft: Draft): void {
  if (draft.dialect !== undefined || draft.version < 18) return;
  for (const object of draft.objects.unlike(draft.before.objects)) if (isTable(object)) nameThoseOf(draft, object);
}

function nameThoseOf(draft: Draft, { id, inherits, partitionOf, columns }: Table): void {
  if (columns.every(column => column.notNull === isNamed(column))) return;
  const parents = [...inherits, ...(partitionOf ? [partitionOf.parent] : [])];
  for (const parent of parents) {
    const above = draft.get(parent);
    if (isTable(above)) nameThoseOf(draft, above);
  }
  for (const column of columns) {
    const table = draft.get(id);
    if (!isTable(table) || column.notNull === isNamed(column)) continue;
    replaceColumn(draft, table, column.id, ({ notNullName: _, notNullMade: __, ...rest }) =>
      rest.notNull ? { ...rest, notNullMade: madeName(draft, table, column, parents) } : rest,
    );
  }
}

const isNamed = ({ notNullName, notNullMade }: Column): boolean => (notNullName ?? notNullMade) !== undefined;

function madeName(draft: Draft, table: Table, column: Column, parents: readonly number[]): string {
  for (const id of column.inherited && !column.ownNotNull ? parents : []) {
    const parent = draft.get(id);
    const theirs = isTable(parent) ? parent.columns.find(({ name }) => name === column.name) : undefined;
    const name = theirs?.notNullName ?? theirs?.notNullMade;
    const isTaken = table.constraints.some(one => one.name === name) || (name && notNullNamed(table, name));
    if (name !== undefined && !isTaken) return name;
  }
  return freeConstraintName(draft, table.schema, table.name, column.name, 'not_null');
}

/** The NOT NULL that a reference names, which is no constraint of the table's own. */
export function notNullMeant(draft: Draft, { kind, on, name }: ObjectReference): readonly [Table, Column] | undefined {
  const table = kind === 'constraint' && on ? draft.find('r', on) : undefined;
  const column = isTable(table) ? notNullNamed(table, name.name) : undefined;
  return isTable(table) && column ? [table, column] : undefined;
}

/** Its copies in child tables are renamed with it. */
export function renameNotNull(
  draft: Draft,
  table: Table,
  column: Column,
  { object, to, only }: OperationOf<'rename'>,
): Outcome {
  if (column.inherited && isGiven(draft, table, column.name))
    return refuse('invalid', `constraint ${object.name.name} of ${shown(table)} is inherited`);
  if (only && childrenOf(draft, table.id).length > 0)
    return refuse(
      'invalid',
      `constraint ${object.name.name} of ${shown(table)} must be renamed in its child tables too`,
    );
  const called = object.name.name;
  const call = (one: Table, { id }: Column): Outcome => {
    replaceColumn(draft, one, id, ({ notNullMade: _, ...rest }) => ({ ...rest, notNullName: to.name }));
    for (const child of childrenOf(draft, one.id)) {
      const same = child.columns.find(({ name }) => name === column.name);
      // one that says it itself calls it otherwise
      if (!same || (same.notNullName ?? same.notNullMade) !== called)
        return refuse('missing', `constraint ${called} of ${shown(child)} does not exist`);
      const refused = call(child, same);
      if (refused) return refused;
    }
    return undefined;
  };
  return call(table, column);
}
