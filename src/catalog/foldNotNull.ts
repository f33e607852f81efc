/** DROP NOT NULL, and how far it reaches: since PostgreSQL 18 a child's own NOT NULL outlives its parent's. */
import { type Draft, type Outcome, refuse } from './draft';
import { childrenOf, identityIn } from './foldInheritance';
import { replaceColumn } from './foldTable';
import type { Column, Table } from './object';
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
  replaceColumn(draft, table, column.id, ({ notNullName: _, ownNotNull: __, ...rest }) => ({
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
