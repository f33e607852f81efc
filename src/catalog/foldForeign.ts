/** What the server does not keep of a foreign table: keys, references and indexes, be it of its own or as a partition. */
import type { ConstraintDefinition } from './definition';
import { type Outcome, refuse } from './draft';
import type { Index, Table, View } from './object';
import { shown } from './refer';

export const isForeign = (relation: Table | View): boolean =>
  relation.kind === 'table' && relation.foreignServer !== undefined;

const REFUSED: Partial<Readonly<Record<ConstraintDefinition['kind'], string>>> = {
  primaryKey: 'a primary key',
  unique: 'a unique constraint',
  exclude: 'an exclusion constraint',
  foreignKey: 'a foreign key',
};

export function refusedOfForeign(table: Table, kind: ConstraintDefinition['kind']): Outcome {
  const what = isForeign(table) ? REFUSED[kind] : undefined;
  return what === undefined ? undefined : refuse('invalid', `${what} cannot be of the foreign table ${shown(table)}`);
}

export const refusedIndexOfForeign = (relation: Table | View): Outcome =>
  isForeign(relation) ? refuse('invalid', `an index cannot be of the foreign table ${shown(relation)}`) : undefined;

/** A foreign partition has no part of an index; where the index is unique there can be none without one. */
export const refusedAsForeign = (partition: Table, index: Index): Outcome =>
  index.unique
    ? refuse('invalid', `unique index ${index.name} cannot be of the foreign partition ${shown(partition)}`)
    : undefined;
