/** ONLY: what is done to a table and not to those below it, and what the server refuses to do so. */
import type { ConstraintDefinition } from './definition';
import { type Draft, type Outcome, refuse } from './draft';
import { childrenOf } from './foldInheritance';
import type { Located } from './locate';
import type { Column, ObjectId, Table, View } from './object';
import type { ColumnOperation, OperationOf } from './operation';
import { shown } from './refer';

export const hasPartitions = (draft: Draft, relation: Table | View): boolean =>
  relation.kind === 'table' && relation.partitionBy !== undefined && childrenOf(draft, relation.id).length > 0;

/** The tables right below with their column of that name. */
const columnsBelow = (draft: Draft, table: Table, name: string): readonly Column[] =>
  childrenOf(draft, table.id).flatMap(({ columns }) => columns.filter(column => column.name === name));

export function refusedAlone(draft: Draft, table: Table, definition: ConstraintDefinition): Outcome {
  switch (definition.kind) {
    case 'foreignKey':
      return table.partitionBy
        ? refuse('invalid', `a foreign key cannot be of the partitioned table ${shown(table)} alone`)
        : undefined;
    case 'check':
    case 'notNull':
      return childrenOf(draft, table.id).length > 0 && !(definition.kind === 'check' && definition.noInherit)
        ? refuse('invalid', `a constraint of ${shown(table)} must be added to its child tables too`)
        : undefined;
    case 'primaryKey': {
      if (!hasPartitions(draft, table)) return undefined;
      const open = definition.columns.find(({ name }) =>
        columnsBelow(draft, table, name).some(({ notNull }) => !notNull),
      );
      return open && refuse('invalid', `column ${open.name} is not NOT NULL in every partition of ${shown(table)}`);
    }
    default:
      return undefined;
  }
}

/** An index that only the partitioned table has is not whole before every partition has a part of it. */
export function withoutParts(draft: Draft, table: Table, before: readonly { readonly id: ObjectId }[]): void {
  if (!hasPartitions(draft, table)) return;
  const known = new Set(before.map(({ id }) => id));
  draft.change<Table>(table, now => ({
    ...now,
    indexes: now.indexes.map(index => (known.has(index.id) ? index : { ...index, invalid: true as const })),
  }));
}

/** Why a column cannot be changed in its table alone. */
export function refusedColumnAlone(draft: Draft, table: Table, column: Column, kind: ColumnOperation['kind']): Outcome {
  const below = columnsBelow(draft, table, column.name);
  const parted = hasPartitions(draft, table);
  const no = (isRefused: boolean): Outcome =>
    isRefused
      ? refuse('invalid', `column ${column.name} of ${shown(table)} must be changed in its child tables too`)
      : undefined;
  switch (kind) {
    case 'setColumnType':
    case 'dropGenerated':
      return no(below.length > 0);
    case 'dropColumn':
      return no(parted);
    case 'setNotNull':
      return no(parted && !column.notNull && (draft.version >= 18 || below.some(({ notNull }) => !notNull)));
    case 'dropNotNull':
      return no(parted && column.notNull && draft.version < 18);
    case 'addIdentity':
    case 'setIdentity':
    case 'dropIdentity':
      return no(parted && draft.version >= 17);
    default:
      return undefined;
  }
}

/** What is dropped in the parent alone stays with its children, as their own but for what another parent has too. */
export function ownFromNow(draft: Draft, parent: Table, list: 'columns' | 'constraints', name: string): void {
  for (const child of childrenOf(draft, parent.id)) {
    const others = child.inherits.some(id => {
      const other = draft.get(id);
      return id !== parent.id && other?.kind === 'table' && other[list].some(one => one.name === name);
    });
    if (others) continue;
    const own = <Part extends { readonly name: string; readonly inherited?: boolean; readonly local?: boolean }>(
      parts: readonly Part[],
    ): readonly Part[] =>
      parts.map(part => {
        if (part.name !== name || !part.inherited) return part;
        const { inherited: _, local: __, ...rest } = part;
        return rest as Part;
      });
    draft.change<Table>(child, now =>
      list === 'columns' ? { ...now, columns: own(now.columns) } : { ...now, constraints: own(now.constraints) },
    );
  }
}

/** Why a part cannot be renamed in its table alone: its children have it under the same name. */
export function refusedRenameAlone(draft: Draft, located: Located, { only }: OperationOf<'rename'>): Outcome {
  if (!only || !('part' in located) || childrenOf(draft, located.object.id).length === 0) return undefined;
  const { object, part, list } = located;
  const isShared =
    list === 'columns' || (list === 'constraints' && 'expression' in part && 'noInherit' in part && !part.noInherit);
  return isShared
    ? refuse('invalid', `${part.name} of ${shown(object)} must be renamed in its child tables too`)
    : undefined;
}
