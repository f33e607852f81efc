/** What `/schema` misses in a table, in the words of its server. */
import { expect, test } from 'vitest';
import type { TableFacts } from '../../src/persona/grounding';
import { missingIn } from '../../src/persona/tableGaps';

type Columns = readonly (readonly [name: string, type: string])[];

const table = (columns: Columns, rest: Partial<TableFacts> = {}): TableFacts => ({
  schema: 'public',
  name: 'payments',
  columns: columns.map(([name, type]) => ({ name, type, notNull: true })),
  primaryKey: ['id'],
  uniques: [],
  foreignKeys: [
    { name: 'payments_order_fk', columns: ['order_id'], table: 'orders', referenced: ['id'], onDelete: 'noAction' },
  ],
  checks: [],
  indexes: [],
  complete: true,
  ...rest,
});

test('PostgreSQL: an index for the foreign key, a time zone, exact amounts', () => {
  const columns: Columns = [
    ['id', 'bigint'],
    ['order_id', 'bigint'],
    ['amount', 'double precision'],
    ['paid_at', 'timestamp without time zone'],
  ];
  expect(missingIn(table(columns))).toEqual([
    'An index that begins with `order_id`: deleting or joining from `orders` reads the whole table.',
    '`amount` is money in floating point: use integer cents or numeric.',
    '`paid_at` is a timestamp without a time zone: its meaning depends on who reads it; use timestamptz.',
  ]);
});

test('MySQL makes the index of a foreign key itself, has no time zones, and keeps moments in datetime', () => {
  const columns: Columns = [
    ['id', 'bigint unsigned'],
    ['order_id', 'bigint unsigned'],
    ['customer_id', 'bigint unsigned'],
    ['amount', 'float'],
    ['quantity', 'int unsigned'],
    ['status', 'varchar(20)'],
  ];
  expect(missingIn(table(columns, { dialect: 'mysql' }))).toEqual([
    '`customer_id` looks like a reference and has no foreign key: orphans are possible.',
    '`amount` is money in floating point: use integer cents or decimal.',
    '`status` takes any text: a CHECK (or an enum) would refuse a misspelt one.',
    'A `created_at datetime(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6)`: nobody can say later when a row came.',
  ]);
});

test('SQLite has neither enums nor exact decimals, and its moments are texts', () => {
  const columns: Columns = [
    ['id', 'integer'],
    ['order_id', 'integer'],
    ['total', 'real'],
    ['kind', 'text'],
    ['paid_at', 'text'],
  ];
  expect(missingIn(table(columns, { dialect: 'sqlite', foreignKeys: [] }))).toEqual([
    '`order_id` looks like a reference and has no foreign key: orphans are possible.',
    '`total` is money in floating point: use integer cents or text.',
    '`kind` takes any text: a CHECK would refuse a misspelt one.',
  ]);
});
