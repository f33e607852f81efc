/** Chance with a seed, and what random statements are put together from: names, types, columns, objects of a catalog. */
import { type Catalog, isTable, isView } from '../../src/catalog/catalog';
import { fullName, quoted } from '../../src/catalog/naming';
import type { CatalogObject, Column, Table, View } from '../../src/catalog/object';

export class Random {
  constructor(private state: number) {}

  /** In [0, 1). */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  }

  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<Item>(items: readonly Item[]): Item | undefined {
    return items[this.below(items.length)];
  }
}

const WORDS = [
  'orders',
  'users',
  'item',
  'Line',
  'total',
  'status',
  'note',
  'at',
  'price',
  'code',
  'kind',
  'user',
  'size',
  'a_rather_long_name_for_something_in_a_database',
];

const TYPES = [
  'int',
  'bigint',
  'text',
  'varchar(20)',
  'numeric(10,2)',
  'boolean',
  'timestamptz',
  'date',
  'jsonb',
  'uuid',
  'int[]',
  'timestamp(3)',
  'char(3)',
];

export const DEFAULTS: Readonly<Record<string, string>> = {
  integer: '1',
  bigint: '(1 + 2)',
  text: "'x'",
  'character varying': "'y'",
  numeric: '0.5',
  boolean: 'false',
  'timestamp with time zone': 'now()',
  date: 'CURRENT_DATE',
  jsonb: "'{}'",
};

export type Maker = (random: Random, catalog: Catalog) => string | undefined;

export const objects = (catalog: Catalog): readonly CatalogObject[] =>
  [...catalog.objects.values()].sort((a, b) => a.id - b.id);
export const tables = (catalog: Catalog): readonly Table[] => objects(catalog).filter(isTable);
export const views = (catalog: Catalog): readonly View[] => objects(catalog).filter(isView);
export const enums = (catalog: Catalog) => objects(catalog).flatMap(one => (one.kind === 'enum' ? [one] : []));

let count = 0;
export const freshName = (random: Random): string => {
  count += 1;
  return quoted(`${random.pick(WORDS)}${count}`);
};

/** Names count from one again: a case is then the same wherever it stands in a run. */
export const restartNames = (): void => {
  count = 0;
};

export function typeOf(random: Random, catalog: Catalog): string {
  const own = objects(catalog).filter(one => one.kind === 'enum' || one.kind === 'domain');
  const type = random.chance(0.25) ? random.pick(own) : undefined;
  return type && 'schema' in type ? fullName(type) : (random.pick(TYPES) ?? 'int');
}

export function columnIn(random: Random, catalog: Catalog): string {
  const name = freshName(random);
  if (random.chance(0.08)) return `${name} serial`;
  if (random.chance(0.08)) return `${name} int GENERATED ${random.chance(0.5) ? 'ALWAYS' : 'BY DEFAULT'} AS IDENTITY`;
  const type = typeOf(random, catalog);
  const parts = [name, type];
  const key =
    {
      int: 'integer',
      'varchar(20)': 'character varying',
      'numeric(10,2)': 'numeric',
      timestamptz: 'timestamp with time zone',
    }[type] ?? type;
  const value = DEFAULTS[key];
  if (value !== undefined && random.chance(0.4)) parts.push(`DEFAULT ${value}`);
  if (random.chance(0.3)) parts.push('NOT NULL');
  if (random.chance(0.1)) parts.push('UNIQUE');
  if (random.chance(0.1) && (type === 'int' || type === 'bigint')) parts.push(`CHECK (${name} > 0)`);
  return parts.join(' ');
}

export const isNumber = (column: Column): boolean =>
  ['integer', 'bigint', 'numeric'].includes(column.type?.name ?? '') && column.type?.dimensions === 0;
export const isText = (column: Column): boolean =>
  ['text', 'character varying'].includes(column.type?.name ?? '') && column.type?.dimensions === 0;

export const inTable =
  (make: (random: Random, table: Table, name: string, catalog: Catalog) => string | undefined): Maker =>
  (random, catalog) => {
    const table = random.pick(tables(catalog));
    return table && make(random, table, fullName(table), catalog);
  };

export const inColumn = (
  make: (random: Random, table: Table, column: Column, catalog: Catalog) => string | undefined,
): Maker =>
  inTable((random, table, _, catalog) => {
    const column = random.pick(table.columns);
    return column && make(random, table, column, catalog);
  });

export const alter = (table: Table, what: string): string => `ALTER TABLE ${fullName(table)} ${what}`;
export const alterColumn = (table: Table, column: Column, what: string): string =>
  alter(table, `ALTER COLUMN ${quoted(column.name)} ${what}`);
export const cascade = (random: Random): string => (random.chance(0.5) ? ' CASCADE' : '');

/** What makes statements, the heavier the more often. */
export type Makers = readonly (readonly [weight: number, make: Maker])[];
