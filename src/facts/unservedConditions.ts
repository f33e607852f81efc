/** Conditions that no index on their column can serve, and of which no other index of the table holds the answer. */
import type { DataType } from '../catalog/object';
import type { Place } from '../engine/place';
import type { Facts } from './facts';
import { certainIn, isServed, MANY_ROWS } from './indexUse';
import { isReference, type KnownTable } from './knownTables';
import { declaredRows } from './schemaData';
import { isSmallByName } from './smallTables';
import type { ColumnFilter, FilterOrigin, TableCondition, TableFilter } from './tableFilters';

export interface UnservedCondition {
  readonly origin: FilterOrigin;
  readonly table: KnownTable;
  readonly column: string;
  /**
   * `wildcard`: a pattern that begins with one; `function` and `cast` stand around the column; `type`: the value's type has the
   * server cast the column.
   */
  readonly how: 'wildcard' | 'function' | 'cast' | 'type';
  /** The function's name, or the type's. */
  readonly name?: string;
  /** The further columns of one condition, which OR joins. */
  readonly with: readonly string[];
  /** An index on the column that is of no use here. */
  readonly index?: string;
  readonly rows?: number;
  readonly at: Place;
}

export function unservedConditionsIn({
  tableFilters,
  declaredTables,
}: Pick<Facts, 'tableFilters' | 'declaredTables'>): readonly UnservedCondition[] {
  const found: UnservedCondition[] = [];
  for (const filter of tableFilters) {
    const { table, origin, isOpen } = filter;
    const rows = declaredRows(declaredTables, table);
    const isSmall = rows === undefined ? isSmallByName(table.name) : rows <= MANY_ROWS;
    if (isOpen || isSmall || isServed(filter) || asksForFew(filter)) continue;
    for (const condition of filter.conditions) {
      const unserved = unservedIn(condition, table);
      const index = unserved && indexOn(table, unserved.column);
      if (unserved)
        found.push({
          origin,
          table,
          ...unserved,
          ...(index === undefined ? {} : { index }),
          ...(rows === undefined ? {} : { rows }),
        });
    }
  }
  return found;
}

/** A value of a key, or of a reference, is asked for beside it. */
const asksForFew = (filter: TableFilter): boolean =>
  certainIn(filter).some(
    ({ column, operator, wrapping, by, castTo }) =>
      operator === '=' &&
      !wrapping &&
      castTo === undefined &&
      (by === 'value' || by === 'join') &&
      (isReference(filter.table, column) ||
        filter.table.indexes.some(({ elements }) => elements[0]?.column === column)),
  );

const indexOn = ({ indexes }: KnownTable, column: string): string | undefined =>
  indexes.find(({ elements, where }) => elements[0]?.column === column && where === undefined)?.name;

type Unserved = Pick<UnservedCondition, 'column' | 'how' | 'name' | 'with' | 'at'>;

/** Of arms that OR joins each would have to be served. */
function unservedIn({ arms }: TableCondition, table: KnownTable): Unserved | undefined {
  const known = arms.filter(arm => arm !== undefined);
  if (known.length < arms.length) return undefined;
  const told = known.map(arm => ({ arm, how: howUnserved(arm, table) }));
  const [first, ...more] = told.filter(({ how }) => how !== undefined);
  if (!first?.how) return undefined;
  const others = more.filter(({ how }) => how?.how === first.how?.how).map(({ arm }) => arm.column);
  const { column, at } = first.arm;
  return { column, at, ...first.how, with: [...new Set(others)].filter(other => other !== column) };
}

function howUnserved(
  { column, operator, wrapping, castTo, by, isWild }: ColumnFilter,
  { columns, dialect, indexes }: KnownTable,
): Pick<Unserved, 'how' | 'name'> | undefined {
  const type = columns.get(column);
  if (!columns.has(column)) return undefined;
  if (/^I?LIKE$/.test(operator) && isWild && isText(type)) return { how: 'wildcard' };
  if (!/^(?:[<>]=?|=|BETWEEN|LIKE)$/.test(operator) || by !== 'value') return undefined;
  // which casts an index serves, and in which words one on an expression is written, is told of PostgreSQL
  if (dialect !== undefined) {
    const isIndexed = indexes.some(({ elements }) => elements.some(({ expression }) => expression !== undefined));
    return wrapping?.kind === 'function' && !isIndexed && LEAVES_FEW.test(wrapping.name)
      ? { how: 'function', name: wrapping.name }
      : undefined;
  }
  if (wrapping) {
    const { kind, name } = wrapping;
    if (kind === 'cast') return changesType(type, name) ? { how: 'cast', name } : undefined;
    return LEAVES_FEW.test(name) ? { how: 'function', name } : undefined;
  }
  return castTo === undefined ? undefined : { how: 'type', name: castTo };
}

/** Functions of one value, by which rows are looked for as by the value itself. */
const LEAVES_FEW =
  /^(?:lower|upper|trim|btrim|ltrim|rtrim|unaccent|replace|regexp_replace|translate|substr|substring|left|right|md5|sha256|digest|encode|date|date_trunc|date_part|extract|to_char|to_date|timezone|year|month|abs|round|floor|ceil|trunc|length|char_length|reverse|initcap)$/;

/** Whether the values come in another order under the type, so that an index on the column is of no use. */
function changesType(type: DataType | undefined, to: string): boolean {
  if (!type || type.dimensions > 0) return false;
  if (to === 'date') return isTime(type);
  if (TEXT.test(to)) return isInteger(type) || isTime(type) || /^(?:uuid|date|numeric|bigint)$/.test(type.name);
  if (/^(?:int[248]|numeric|float[48])$/.test(to)) return isText(type) || isInteger(type);
  return false;
}

const TEXT = /^(?:(?:tiny|medium|long|n)?text|n?varchar|n?char|bpchar|character varying|character|citext)$/;
const isText = (type: DataType | undefined): boolean =>
  type !== undefined && type.dimensions === 0 && TEXT.test(type.name);
const isTime = ({ name }: DataType): boolean => /^timestamp/.test(name);
const isInteger = (type: DataType | undefined): boolean =>
  type !== undefined && type.dimensions === 0 && /^(?:smallint|integer|bigint|int[248]?)$/.test(type.name);
