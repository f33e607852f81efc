/** Tables as those ask who judge queries: columns, indexes and references by name, whichever catalog they come from. */
import { type Catalog, columnOfId, primaryKeyOf } from '../catalog/catalog';
import { currentTree } from '../catalog/naming';
import type { DataType, Index, Table } from '../catalog/object';
import { referencedByName } from './impliedKeys';

export interface KnownTable {
  readonly schema: string;
  readonly name: string;
  /** Found by their names as the server tells them apart. */
  readonly columns: ReadonlyMap<string, DataType | undefined>;
  /** A column's name as the table spells it. */
  readonly spelled: (column: string) => string;
  /** Of another server than PostgreSQL. */
  readonly dialect?: Catalog['dialect'];
  readonly primaryKey: readonly string[];
  readonly indexes: readonly KnownIndex[];
  readonly references: readonly KnownReference[];
}

export interface KnownIndex {
  readonly name: string;
  readonly unique: boolean;
  readonly method: string;
  readonly elements: readonly {
    readonly column?: string;
    /** An expression in the form in which two are compared. */
    readonly expression?: string;
    readonly opclass?: string;
  }[];
  /** The condition that rows must meet to be in it, as a tree. */
  readonly where?: unknown;
}

export interface KnownReference {
  readonly columns: readonly string[];
  /** The table, by its name, and the columns of it. */
  readonly table: string;
  readonly referenced: readonly string[];
  /** A foreign key says so; else the column's name and type. */
  readonly isDeclared: boolean;
}

const KNOWN = new WeakMap<Table, KnownTable>();

export function knownTable(table: Table, catalog: Catalog): KnownTable {
  const before = KNOWN.get(table);
  if (before) return before;
  const nameOf = (id: number): string => columnOfId(table, id)?.name ?? '';
  const known: KnownTable = {
    schema: table.schema,
    name: table.name,
    columns: new Map(table.columns.map(({ name, type }) => [name, type])),
    spelled: speller(table, catalog),
    ...(catalog.dialect === undefined ? {} : { dialect: catalog.dialect }),
    primaryKey: (primaryKeyIds(table) ?? []).map(nameOf),
    indexes: [...table.indexes.map(index => indexOf(index, catalog, nameOf)), ...madeForKeys(table, catalog, nameOf)],
    references: [...declared(table, catalog, nameOf), ...implied(table, catalog)],
  };
  KNOWN.set(table, known);
  return known;
}

function speller(table: Table, { dialect }: Catalog): KnownTable['spelled'] {
  if (dialect === undefined) return name => name;
  const names = new Map(table.columns.map(({ name }) => [name.toLowerCase(), name]));
  return name => names.get(name.toLowerCase()) ?? name;
}

/** InnoDB makes an index for each foreign key that has none. */
const madeForKeys = (table: Table, { dialect }: Catalog, nameOf: (id: number) => string): readonly KnownIndex[] =>
  dialect === 'mysql' || dialect === 'mariadb'
    ? table.constraints.flatMap(each =>
        each.kind === 'foreignKey'
          ? [
              {
                name: each.name,
                unique: false,
                method: 'btree',
                elements: each.columns.map(id => ({ column: nameOf(id) })),
              },
            ]
          : [],
      )
    : [];

const primaryKeyIds = (table: Table): readonly number[] | undefined => {
  const key = primaryKeyOf(table);
  return key?.kind === 'primaryKey' ? key.columns : undefined;
};

const indexOf = (index: Index, catalog: Catalog, nameOf: (id: number) => string): KnownIndex => ({
  name: index.name,
  unique: index.unique,
  method: index.method,
  elements: index.elements.map(({ column, expression, opclass }) => ({
    ...(column === undefined ? {} : { column: nameOf(column) }),
    ...(expression ? { expression: comparable(currentTree(catalog, expression)) } : {}),
    ...(opclass === undefined ? {} : { opclass }),
  })),
  ...(index.where ? { where: currentTree(catalog, index.where) } : {}),
});

const declared = (table: Table, catalog: Catalog, nameOf: (id: number) => string): readonly KnownReference[] =>
  table.constraints.flatMap((each): KnownReference[] => {
    const to = each.kind === 'foreignKey' ? catalog.objects.get(each.table) : undefined;
    if (each.kind !== 'foreignKey' || to?.kind !== 'table') return [];
    return [
      {
        columns: each.columns.map(nameOf),
        table: to.name,
        referenced: each.referenced.map(id => columnOfId(to, id)?.name ?? ''),
        isDeclared: true,
      },
    ];
  });

const implied = (table: Table, catalog: Catalog): readonly KnownReference[] =>
  table.columns.flatMap((column): KnownReference[] => {
    const to = referencedByName(column, table, catalog);
    const [key] = (to && primaryKeyIds(to)) ?? [];
    const referenced = to && key !== undefined ? columnOfId(to, key)?.name : undefined;
    return to && referenced !== undefined
      ? [{ columns: [column.name], table: to.name, referenced: [referenced], isDeclared: false }]
      : [];
  });

/** A table that is told of twice, by a dump and by the migrations: what either knows of it. */
export const together = (one: KnownTable, other: KnownTable): KnownTable => ({
  ...one,
  columns: new Map([...other.columns, ...one.columns]),
  primaryKey: one.primaryKey.length > 0 ? one.primaryKey : other.primaryKey,
  indexes: [...one.indexes, ...other.indexes],
  references: [...one.references, ...other.references],
});

/** The columns that a reference leads from, one by one. */
export const isReference = ({ references }: KnownTable, column: string): boolean =>
  references.some(({ columns }) => columns[0] === column);

/**
 * An expression in the form in which that of a query and that of an index are the same: without places, the tables' names, and
 * casts between the types of text; `x::date` is `date(x)`.
 */
export function comparable(tree: unknown): string {
  return JSON.stringify(plain(tree));
}

const TEXTUAL = new Set(['text', 'varchar', 'bpchar', 'citext', 'name']);

function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  const own = value as Readonly<Record<string, unknown>>;
  const cast = own.TypeCast as { readonly arg?: unknown; readonly typeName?: { readonly names?: unknown } } | undefined;
  if (cast) {
    const type = lastName(cast.typeName?.names);
    if (type !== undefined && TEXTUAL.has(type)) return plain(cast.arg);
    return { call: type, of: [plain(cast.arg)] };
  }
  const column = own.ColumnRef as { readonly fields?: unknown } | undefined;
  if (column) return { column: lastName(column.fields) };
  const call = own.FuncCall as { readonly funcname?: unknown; readonly args?: readonly unknown[] } | undefined;
  if (call) return { call: lastName(call.funcname), of: (call.args ?? []).map(plain) };
  return Object.fromEntries(
    Object.entries(own)
      .filter(([key]) => key !== 'location' && !key.startsWith('$'))
      .map(([key, each]) => [key, plain(each)]),
  );
}

const lastName = (names: unknown): string | undefined => {
  const last: unknown = Array.isArray(names) ? names.at(-1) : undefined;
  return (last as { readonly String?: { readonly sval?: string } } | undefined)?.String?.sval;
};
