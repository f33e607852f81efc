/** What becomes of the columns of a table of both catalogs on SQL Server, which changes none under what stands on it. */
import type { Kept } from './keptTables';
import type { Column, ObjectId, Table } from './object';
import { isColumnKnown, quotedTsql, tsqlColumn, tsqlName } from './tsqlText';
import type { WayBackNote } from './wayBack';

interface Told {
  readonly notes: WayBackNote[];
  readonly obstacles: string[];
}

interface Pair {
  readonly was: Column;
  readonly column: Column;
}

/** By the identities of the columns after the step. */
export interface ColumnPlan {
  readonly kept: Kept;
  readonly gone: readonly Column[];
  /** Computed otherwise, or from what changes: dropped and added again. */
  readonly remade: ReadonlyMap<ObjectId, Pair>;
  /** Of another type, or taking NULL where they did not. */
  readonly altered: ReadonlyMap<ObjectId, Pair>;
  readonly renamed: ReadonlyMap<ObjectId, Pair>;
  /** Columns before the step that are no more. */
  readonly missing: readonly Column[];
  /** All under which nothing may stand while they change. */
  readonly touched: ReadonlySet<ObjectId>;
}

export function columnPlan({ notes, obstacles }: Told, kept: Kept): ColumnPlan {
  const { now, then, columns } = kept;
  const gone: Column[] = [];
  const remade = new Map<ObjectId, Pair>();
  const altered = new Map<ObjectId, Pair>();
  const renamed = new Map<ObjectId, Pair>();
  for (const was of now.columns) {
    const column = then.columns.find(({ id }) => id === columns.get(was.id));
    if (!column) {
      if (was.met) obstacles.push(`what column ${then.name}.${was.name} was before is not known`);
      if (!was.assumed) gone.push(was);
      continue;
    }
    const pair = { was, column };
    if (was.name !== column.name) renamed.set(was.id, pair);
    if (isComputedOtherwise(pair)) remade.set(was.id, pair);
    else if (!was.generated && isOtherwise(pair)) altered.set(was.id, pair);
  }
  for (const was of now.columns) {
    const column = then.columns.find(({ id }) => id === columns.get(was.id));
    const reads = was.generated?.value.refs ?? [];
    const isUnderIt = reads.some(id => altered.has(id) || remade.has(id) || renamed.has(id));
    if (column && isUnderIt) remade.set(was.id, { was, column });
  }
  for (const [id, { was, column }] of altered)
    checkAltered({ notes, obstacles }, then, { was, column }, remade.has(id));
  const held = new Set(columns.values());
  const missing = then.columns.filter(({ id }) => !held.has(id));
  const touched = new Set([...altered.keys(), ...remade.keys(), ...gone.map(({ id }) => id)]);
  return { kept, gone, remade, altered, renamed, missing, touched };
}

const isComputedOtherwise = ({ was, column }: Pair): boolean =>
  (was.generated === undefined) !== (column.generated === undefined) ||
  was.generated?.value.text !== column.generated?.value.text ||
  was.generated?.stored !== column.generated?.stored ||
  (was.generated !== undefined && was.notNull !== column.notNull);

const collationOf = ({ words }: Column): string =>
  /\bCOLLATE\s+(\S+)/i.exec(words?.type ?? '')?.[1]?.toLowerCase() ?? '';

const typeOf = ({ type, ...column }: Column): string =>
  JSON.stringify([type?.name, type?.modifiers, collationOf(column as Column)]);

const restOf = ({ words }: Column): string =>
  JSON.stringify((words?.rest ?? []).filter(word => word !== 'NULL').map(word => word.toUpperCase()));

const isOtherwise = ({ was, column }: Pair): boolean =>
  typeOf(was) !== typeOf(column) ||
  was.notNull !== column.notNull ||
  restOf(was) !== restOf(column) ||
  (was.autoIncrement === true) !== (column.autoIncrement === true);

function checkAltered({ notes, obstacles }: Told, then: Table, { was, column }: Pair, isRemade: boolean): void {
  const name = `${then.name}.${column.name}`;
  if (!isColumnKnown(column))
    obstacles.push(`the former definition of column ${name} is not known in the server's words`);
  else if (restOf(was) !== restOf(column) || /SPARSE|ROWGUIDCOL/.test(restOf(column)))
    obstacles.push(`what ALTER COLUMN leaves of column ${name} is not told`);
  else if ((was.autoIncrement === true) !== (column.autoIncrement === true) || isRemade)
    obstacles.push(`column ${name} cannot be made or unmade an identity where it stands`);
  if (typeOf(was) !== typeOf(column))
    notes.push({
      kind: 'mayFail',
      says: `values of ${name} that ${column.words?.type ?? 'it'} does not hold make it fail`,
    });
  if (column.notNull && !was.notNull)
    notes.push({ kind: 'mayFail', says: `NULLs that ${name} has got meanwhile make it fail` });
}

/** Columns that are no more, those first that are computed from others. */
export function columnsDropped({ notes }: Told, plan: ColumnPlan): readonly string[] {
  const { now, then } = plan.kept;
  const dropped = [...plan.gone, ...[...plan.remade.values()].map(({ was }) => was)];
  for (const column of plan.gone)
    if (!column.generated) notes.push({ kind: 'dataLost', says: `the values of ${then.name}.${column.name} are lost` });
  for (const { was, column } of plan.remade.values())
    if (!was.generated) notes.push({ kind: 'dataLost', says: `the values of ${then.name}.${column.name} are lost` });
  const lists = [dropped.filter(({ generated }) => generated), dropped.filter(({ generated }) => !generated)];
  return lists.flatMap(list =>
    list.length === 0
      ? []
      : [`ALTER TABLE ${tsqlName(now)} DROP COLUMN ${list.map(({ name }) => quotedTsql(name)).join(', ')};`],
  );
}

/** Columns of another type; what stood on them is gone by now. */
export const columnsAltered = ({ kept: { then }, altered }: ColumnPlan): readonly string[] =>
  [...altered.values()].map(
    ({ column }) =>
      `ALTER TABLE ${tsqlName(then)} ALTER COLUMN ${quotedTsql(column.name)} ${column.words?.type ?? ''} ${column.notNull ? 'NOT NULL' : 'NULL'};`,
  );

/** Columns that come back, those last that are computed from others. */
export function columnsAdded(
  { notes, obstacles }: Told,
  { kept: { then }, missing, remade }: ColumnPlan,
): readonly string[] {
  const again = [...remade.values()].map(({ column }) => column);
  const all = [...missing, ...again].sort(
    (a, b) => Number(a.generated !== undefined) - Number(b.generated !== undefined),
  );
  return all.map(column => {
    const name = `${then.name}.${column.name}`;
    const text = tsqlColumn(column);
    if (column.assumed) obstacles.push(`what was dropped is not known: column ${name}`);
    else if (text === undefined)
      obstacles.push(`the former definition of column ${name} is not known in the server's words`);
    if (!column.generated && !column.autoIncrement) {
      notes.push({ kind: 'dataLost', says: `${name} comes back without its values` });
      if (column.notNull && !column.default)
        notes.push({
          kind: 'mayFail',
          says: `${name} is NOT NULL without a default: adding it fails while ${then.name} has rows`,
        });
    } else if (column.autoIncrement) notes.push({ kind: 'dataLost', says: `${name} comes back with other values` });
    return `ALTER TABLE ${tsqlName(then)} ADD ${text ?? ''};`;
  });
}
