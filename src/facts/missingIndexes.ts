/** Indexes that the queries of a file would need, and that no table has: one for each table and its columns. */
import type { Place } from '../engine/place';
import type { Facts } from './facts';
import { certainIn, isFlag, isServed, isSortServed, MANY_ROWS } from './indexUse';
import { isReference, type KnownTable } from './knownTables';
import { declaredRows } from './schemaData';
import type { ColumnFilter, FilterOrigin, TableFilter } from './tableFilters';

export interface MissingIndex {
  readonly table: KnownTable;
  readonly columns: readonly string[];
  readonly use: 'filter' | 'join' | 'sort';
  readonly rows?: number;
  readonly at: Place;
  readonly origin: FilterOrigin;
  /** The other queries of the file that would use it. */
  readonly also: readonly { readonly at: Place; readonly origin: FilterOrigin }[];
}

type Wanted = Omit<MissingIndex, 'also'>;

export function missingIndexesIn({
  tableFilters,
  declaredTables,
}: Pick<Facts, 'tableFilters' | 'declaredTables'>): readonly MissingIndex[] {
  const wanted = new Map<string, Wanted[]>();
  for (const filter of tableFilters) {
    const rows = declaredRows(declaredTables, filter.table);
    const found = wantedBy(filter, rows);
    if (!found) continue;
    const key = `${found.table.schema}.${found.table.name}(${[...found.columns].sort().join()})`;
    wanted.set(key, [...(wanted.get(key) ?? []), found]);
  }
  return [...wanted.values()].flatMap(all => {
    const best = all.find(({ origin }) => origin.isRepeated) ?? all[0];
    if (!best) return [];
    const others = all.filter(({ origin }) => origin !== best.origin);
    return [{ ...best, also: others.map(({ at, origin }) => ({ at, origin })) }];
  });
}

function wantedBy(filter: TableFilter, rows: number | undefined): Wanted | undefined {
  const { table, origin, isOpen } = filter;
  if (isOpen || (rows !== undefined && rows <= MANY_ROWS) || isServed(filter)) return undefined;
  const isLarge = rows !== undefined;
  // what a join is asked from is not certain where conditions come and go
  const asked = certainIn(filter).filter(each => isUsable(each, table) && !(origin.isVaried && each.by === 'join'));
  const equal = asked.filter(({ operator }) => operator === '=');
  const chosen = isLarge ? [...equal, ...ranges(asked, equal)] : equal.filter(each => isReference(table, each.column));
  const [first] = chosen;
  const given = { table, origin, ...(rows === undefined ? {} : { rows }) };
  if (first)
    return {
      ...given,
      columns: [...new Set(chosen.map(({ column }) => column))].slice(0, 3),
      use: first.by === 'join' ? 'join' : 'filter',
      at: first.at,
    };
  const [top] = filter.top;
  return isLarge && top && filter.isAlone && filter.conditions.length === 0 && !isSortServed(filter)
    ? { ...given, columns: filter.top.map(({ column }) => column), use: 'sort', at: top.at }
    : undefined;
}

/** One range behind the columns that are compared by equality is all that an index can use. */
const ranges = (asked: readonly ColumnFilter[], equal: readonly ColumnFilter[]): readonly ColumnFilter[] =>
  asked
    .filter(
      ({ column, operator }) => /^(?:[<>]=?|BETWEEN)$/.test(operator) && !equal.some(each => each.column === column),
    )
    .slice(0, 1);

/** An index on the column would lead to the rows. */
const isUsable = ({ column, wrapping, by, isWild, castTo }: ColumnFilter, table: KnownTable): boolean =>
  !wrapping &&
  !isWild &&
  castTo === undefined &&
  (by === 'value' || by === 'join') &&
  table.columns.has(column) &&
  !isFlag(table, column) &&
  !isDocument(table, column);

const isDocument = ({ columns }: KnownTable, column: string): boolean =>
  /^(?:jsonb?|xml|tsvector|bytea|point|geometry|geography)$/.test(columns.get(column)?.name ?? '') ||
  (columns.get(column)?.dimensions ?? 0) > 0;
