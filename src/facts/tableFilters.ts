/**
 * What the queries of a file ask of each table that the schema knows: its rows by these columns, compared so, sorted so. Of SQL
 * at every level of the statement, of a builder's calls where all of its conditions are known.
 */
import type { DataType } from '../catalog/object';
import { fileOf, type Place } from '../engine/place';
import type { SqlParser } from '../sql/parser';
import type { SqlSpan } from '../sql/query';
import type { BlockColumn, Condition, Predicate, QueryBlock, Wrapping } from '../sql/queryBlock';
import type { NamedRange } from '../sql/statementNames';
import { HOLE } from '../sql/tokens';
import type { Facts, QueryExecution } from './facts';
import { isGone, type KnownSchema } from './knownSchema';
import type { KnownTable } from './knownTables';
import type { SqlFileQuery } from './sqlFiles';
import { placeInText } from './sqlPlaces';
import { recoveredFrom } from './sqlTexts';

/** The statement that asks. */
export interface FilterOrigin {
  /** What to mark where a name in the statement does not stand there as it is. */
  readonly at: Place;
  /** `pool.query()`; absent for a statement that stands in a file of SQL. */
  readonly label?: string;
  readonly loweredBy: number;
  /** It runs again and again. */
  readonly isRepeated: boolean;
  /** Parts of it are there on some ways only; what is judged is the fullest. */
  readonly isVaried: boolean;
}

/** A condition on one column of the table. */
export interface ColumnFilter {
  readonly column: string;
  readonly operator: string;
  /**
   * `value`: known before; `join`: a column of another thing, of which few rows are asked; `scan`: of one of which all are read;
   * `other` for what is none of these.
   */
  readonly by: 'value' | 'join' | 'scan' | 'other';
  readonly wrapping?: Wrapping;
  readonly against: Predicate['against'];
  /** The value begins with a wildcard. */
  readonly isWild?: boolean;
  /** The type of the value, to which the server casts the column. */
  readonly castTo?: string;
  readonly at: Place;
}

/** Of several arms, which OR joins, those that are none of the table's columns are absent. */
export interface TableCondition {
  readonly arms: readonly (ColumnFilter | undefined)[];
}

export interface TableFilter {
  readonly origin: FilterOrigin;
  readonly table: KnownTable;
  readonly kind: QueryBlock['kind'];
  readonly conditions: readonly TableCondition[];
  /** There may be conditions that are not known. */
  readonly isOpen: boolean;
  /** Nothing else stands in FROM. */
  readonly isAlone: boolean;
  /** The columns that the rows are sorted by, where only the first ones are asked for. */
  readonly top: readonly { readonly column: string; readonly at: Place }[];
}

/** @param file  the one that is reviewed: what stands elsewhere is marked where it is sent */
export function tableFiltersIn(
  queries: readonly QueryExecution[],
  sqlQueries: readonly SqlFileQuery[],
  known: KnownSchema,
  parser: Facts['parser'],
  file: string,
): readonly TableFilter[] {
  const found = queries.flatMap(query => (query.filters ? filtersOfBuilder(query, known) : []));
  for (const query of queries) {
    const reader = parser(query.dialect);
    if (reader?.blocks) found.push(...filtersInCode(query, known, reader, file));
  }
  for (const { text, at, placeOf, dialect } of sqlQueries) {
    const origin = { at, loweredBy: 0, isRepeated: false, isVaried: false };
    found.push(...filtersIn(parser(dialect)?.blocks?.(text) ?? [], known, origin, span => placeOf(span) ?? at));
  }
  return found;
}

function filtersInCode(
  query: QueryExecution,
  known: KnownSchema,
  reader: SqlParser,
  file: string,
): readonly TableFilter[] {
  const { sql, statement, at, label, evidence, repeatedBy, wildcards = [] } = query;
  if (!sql?.complete || !statement) return [];
  const { pieces } = sql;
  const text = recoveredFrom(pieces);
  if (/\bcreate\s+(?:\w+\s+)*table\b/i.test(text)) return [];
  const placeOf = (span: SqlSpan): Place => {
    const place = placeInText({ pieces }, span);
    return place && fileOf(place.unit) === file ? place : at;
  };
  const origin: FilterOrigin = {
    at,
    label,
    loweredBy: evidence === 'manifest' ? 1 : 0,
    isRepeated: repeatedBy.some(each => each.runsPerItem),
    isVaried: pieces.some(({ kind }) => kind !== 'constant' && kind !== 'hole'),
  };
  return filtersIn(reader.blocks?.(text) ?? [], known, origin, placeOf, new Set(wildcards));
}

/** A builder's statement reads one table, by conditions that AND joins. */
function filtersOfBuilder(query: QueryExecution, known: KnownSchema): readonly TableFilter[] {
  const { relation, filters = [], dialect, callPath, at, label, evidence, repeatedBy, rows } = query;
  const table = relation === undefined ? undefined : tableOf({ name: relation }, known);
  if (!table || !isOfServer(table, dialect) || callPath.length > 0) return [];
  const conditions = filters.map(
    ({ column, operator, opening, at: place }): TableCondition => ({
      arms: [
        {
          column: table.spelled(column),
          operator,
          by: 'value',
          against: { kind: 'value' },
          at: place,
          ...(opening?.startsWith('%') ? { isWild: true } : {}),
        },
      ],
    }),
  );
  return [
    {
      origin: {
        at,
        label,
        loweredBy: evidence === 'manifest' ? 1 : 0,
        isRepeated: repeatedBy.some(each => each.runsPerItem),
        isVaried: false,
      },
      table,
      kind: rows?.changes ?? 'select',
      conditions,
      isOpen: rows?.filter === 'unknown' || filters.some(({ column }) => !table.columns.has(table.spelled(column))),
      isAlone: true,
      top: [],
    },
  ];
}

function filtersIn(
  blocks: readonly QueryBlock[],
  known: KnownSchema,
  origin: FilterOrigin,
  placeOf: (span: SqlSpan) => Place,
  wildcards: ReadonlySet<number> = new Set(),
): readonly TableFilter[] {
  return blocks.flatMap(block => filtersOfBlock(block, { known, origin, placeOf, wildcards }));
}

interface Setting {
  readonly known: KnownSchema;
  readonly origin: FilterOrigin;
  readonly placeOf: (span: SqlSpan) => Place;
  readonly wildcards: ReadonlySet<number>;
}

function filtersOfBlock(block: QueryBlock, setting: Setting): readonly TableFilter[] {
  const tables = new Map<NamedRange, KnownTable>();
  for (const range of block.ranges) {
    const table = range.relation && tableOf(range.relation, setting.known);
    if (table) tables.set(range, table);
  }
  if (tables.size === 0) return [];
  const hasColumn = (range: NamedRange, name: string): boolean | undefined => {
    const table = tables.get(range);
    return table?.columns.has(table.spelled(name));
  };
  const ownerOf = ({ name, of, mayBeOuter }: BlockColumn): NamedRange | undefined => {
    const [only, more] = of;
    if (only && !more && (!mayBeOuter || hasColumn(only, name))) return only;
    // of several it is the only one's that has it, where all of them are known
    const having = of.filter(range => hasColumn(range, name) !== false);
    return having.length === 1 && having[0] && tables.has(having[0]) ? having[0] : undefined;
  };
  return [...tables].map(([range, table]): TableFilter => {
    const restricted = restrictedIn(block, ownerOf, range);
    const conditions: TableCondition[] = [];
    let isOpen = false;
    for (const condition of block.conditions) {
      isOpen ||= condition.isOpen;
      if (condition.only && !condition.only.includes(range)) continue;
      const arms = condition.arms.map(arm => arm && columnFilter(arm, { range, table, ownerOf, restricted }, setting));
      if (arms.some(arm => arm !== undefined)) conditions.push({ arms });
    }
    return {
      origin: setting.origin,
      table,
      kind: block.kind,
      conditions,
      isOpen,
      isAlone: block.ranges.length === 1,
      top: block.isLimited && !block.gathers ? sortOf(block, range, table, ownerOf, setting) : [],
    };
  });
}

type OwnerOf = (column: BlockColumn) => NamedRange | undefined;

const sortOf = (
  block: QueryBlock,
  range: NamedRange,
  table: KnownTable,
  ownerOf: OwnerOf,
  { placeOf }: Setting,
): TableFilter['top'] =>
  block.sort.every(column => ownerOf(column) === range)
    ? block.sort.map(column => ({ column: table.spelled(column.name), at: placeOf(column) }))
    : [];

interface Met {
  readonly range: NamedRange;
  readonly table: KnownTable;
  readonly ownerOf: OwnerOf;
  readonly restricted: ReadonlySet<NamedRange>;
}

/** A condition as the table of one thing in FROM meets it. */
function columnFilter(
  { column, operator, against, wrapping }: Predicate,
  { range, table, ownerOf, restricted }: Met,
  { placeOf, wildcards }: Setting,
): ColumnFilter | undefined {
  const own = ownerOf(column) === range;
  const other = against.kind === 'column' ? ownerOf(against.column) : undefined;
  if (!own && (against.kind !== 'column' || other !== range || wrapping)) return undefined;
  const met = own || against.kind !== 'column' ? column : against.column;
  const partner = own ? other : ownerOf(column);
  const by =
    against.kind === 'value'
      ? 'value'
      : partner && partner !== range && restricted.has(partner)
        ? 'join'
        : // a list of values, a function or part of a query may give few rows
          partner?.relation && partner !== range
          ? 'scan'
          : 'other';
  const castTo = own && !wrapping ? castOf(against, table.columns.get(column.name)) : undefined;
  const text = against.kind === 'value' ? (against.constant ?? against.opening) : undefined;
  const isWild =
    text?.startsWith('%') === true ||
    (against.kind === 'value' && against.ordinal !== undefined && wildcards.has(against.ordinal));
  return {
    column: table.spelled(met.name),
    operator,
    by,
    against,
    ...(own && wrapping ? { wrapping } : {}),
    ...(isWild ? { isWild } : {}),
    ...(castTo === undefined ? {} : { castTo }),
    at: placeOf(own && wrapping ? wrapping.span : met),
  };
}

/** An integer that is compared with a number of another kind becomes one. */
function castOf(against: Predicate['against'], type: DataType | undefined): string | undefined {
  if (against.kind !== 'value' || !type || type.dimensions > 0 || !/^(?:smallint|integer|bigint)$/.test(type.name))
    return undefined;
  const given = against.cast ?? (against.isDecimal ? 'numeric' : undefined);
  return given !== undefined && /^(?:numeric|float[48])$/.test(given) ? given : undefined;
}

/** The things beside one of which few rows are asked: by a value, or by a join with something of that kind. */
function restrictedIn({ conditions }: QueryBlock, ownerOf: OwnerOf, beside: NamedRange): ReadonlySet<NamedRange> {
  const found = new Set<NamedRange>();
  const single = conditions.flatMap(({ arms, only }: Condition) => {
    const [arm, more] = arms;
    return arm && more === undefined && arms.length === 1 && arm.operator === '=' && !only ? [arm] : [];
  });
  for (const { column, against } of single) {
    const owner = against.kind === 'value' ? ownerOf(column) : undefined;
    if (owner && owner !== beside) found.add(owner);
  }
  for (let grew = found.size > 0; grew; ) {
    grew = false;
    for (const arm of conditions.flatMap(({ arms }) => (arms.length === 1 ? arms : []))) {
      if (arm?.operator !== '=' || arm.against.kind !== 'column') continue;
      const one = ownerOf(arm.column);
      const other = ownerOf(arm.against.column);
      for (const [from, to] of [
        [one, other],
        [other, one],
      ])
        if (from && to && to !== beside && found.has(from) && !found.has(to)) {
          found.add(to);
          grew = true;
        }
    }
  }
  return found;
}

/** Whether a table is one of the server that a query is sent to. */
const isOfServer = (table: KnownTable, dialect: QueryExecution['dialect']): boolean =>
  (table.dialect === undefined) === (dialect === 'postgresql');

function tableOf(
  name: { readonly schema?: string; readonly name: string },
  known: KnownSchema,
): KnownTable | undefined {
  if (name.name.includes(HOLE)) return undefined;
  const answer = known.relation(name);
  return answer === 'open' || answer === 'absent' || isGone(answer) ? undefined : answer.table;
}
