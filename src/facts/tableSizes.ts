/**
 * How many rows a table is likely to have when a migration locks it: what the configuration declares, what the history tells of
 * its age, and what its name says that it holds.
 */
import type { QualifiedName } from '../catalog/definition';
import type { Facts } from './facts';
import { changesIn, isYoung } from './schemaChanges';
import { declaredRows, reachOf } from './schemaData';
import type { SchemaChange } from './schemaScripts';
import { isDefinedByPeople } from './smallTables';

/** Why a table is likely to have few rows. */
export type Smallness =
  /** A migration of the week before has made it. */
  | 'young'
  /** The same migration has emptied it before. */
  | 'emptied'
  /** Types, roles, currencies: what people define one by one. */
  | 'defined';

export interface TableSize {
  /** How much less a lock on all of it matters. */
  readonly loweredBy: number;
  readonly smallness?: Smallness;
}

/** Reading or writing so many rows at once takes no longer than a request. */
export const FEW_ROWS = 10_000;

/** What is known of a table's size before a change that takes longer the more rows it has; nothing where it is declared to be small. */
export function sizeOf(
  { declaredTables }: Pick<Facts, 'declaredTables'>,
  change: SchemaChange,
  table: QualifiedName,
): TableSize | undefined {
  const rows = declaredRows(declaredTables, table);
  if (rows !== undefined) return rows <= FEW_ROWS ? undefined : { loweredBy: 0 };
  const smallness = smallnessOf(change, table);
  return smallness === undefined ? { loweredBy: 0 } : { loweredBy: 1, smallness };
}

/** What is younger has hardly any rows yet. */
const DAYS_TO_FILL = 7;

function smallnessOf(change: SchemaChange, table: QualifiedName): Smallness | undefined {
  if (isDefinedByPeople(table.name)) return 'defined';
  if (isYoung(change, table, undefined, DAYS_TO_FILL)) return 'young';
  return isEmptiedBefore(change, table) ? 'emptied' : undefined;
}

function isEmptiedBefore({ script, statement }: SchemaChange, { name, schema }: QualifiedName): boolean {
  for (const { operation, statement: earlier } of changesIn(script, 'truncate', 'delete')) {
    if (earlier.index >= statement.index) return false;
    const tables = operation.kind === 'delete' ? [operation.table] : operation.tables;
    const isIt = tables.some(each => each.name === name && (each.schema ?? 'public') === (schema ?? 'public'));
    if (isIt && (operation.kind === 'truncate' || reachOf(operation) === 'all')) return true;
  }
  return false;
}

const BECAUSE: Readonly<Record<Smallness, string>> = {
  young: 'it was made less than a week before',
  emptied: 'this migration has emptied it before',
  defined: 'its name speaks of what people define one by one',
};

/** What to add to the consequence of a lock where the table is likely to be small; nothing elsewhere. */
export const whileSmall = ({ smallness }: { readonly smallness?: Smallness | undefined }): string =>
  smallness === undefined ? '' : ` It is over in a moment as long as the table is small, and ${BECAUSE[smallness]}.`;
