/** Who uses a column, as an agent is told: by facts, each as sure as it is, and by words where facts know nothing. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ColumnUses } from '../../src/persona/tools/host';
import { columnUsesIn } from '../../src/workspace/columnUses';
import { openProduct } from '../../src/workspace/product';
import { syntaxFiles } from '../syntax/parsers';

const product = openProduct({ syntax: syntaxFiles });

const FILES = {
  '.git/HEAD': '',
  'package.json': '{ "dependencies": { "pg": "8", "typeorm": "0.3", "knex": "3" } }',
  'requirements.txt': 'sqlalchemy==2.0\n',
  'migrations/001_orders.up.sql': `CREATE TABLE customers (id bigint PRIMARY KEY, email text NOT NULL);
CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint REFERENCES customers (id), coupon_code text, status text);
CREATE INDEX orders_coupon ON orders (coupon_code);
CREATE VIEW coupons AS SELECT coupon_code FROM orders;
`,
  'migrations/001_orders.down.sql': 'DROP VIEW coupons;\nDROP TABLE orders;\nDROP TABLE customers;\n',
  'src/statements.ts': `import { Pool } from 'pg';
export const pool = new Pool();
export const read = (id: string) => pool.query('SELECT o.coupon_code FROM orders o JOIN customers c ON c.id = o.customer_id WHERE o.id = $1', [id]);
export const unqualified = () => pool.query('SELECT coupon_code FROM orders JOIN customers ON customers.id = customer_id');
export const write = (code: string) => pool.query('UPDATE orders SET coupon_code = $1', [code]);
export const other = () => pool.query('SELECT email FROM customers');
export async function rows(id: string) {
  const { rows: [order] } = await pool.query('SELECT * FROM orders WHERE id = $1', [id]);
  return order.coupon_code;
}
export const all = async () => (await pool.query('SELECT * FROM orders')).rows;
export const dynamic = (columns: string[]) => pool.query('SELECT ' + columns.join(', ') + ' FROM orders');
`,
  'src/built.ts': `import knex from 'knex';
const db = knex({ client: 'pg' });
export const built = () => db('orders').where('coupon_code', 'X').select('id');
export const others = () => db('orders').select('status');
export const whole = () => db('orders').where('id', 1).first();
`,
  'src/joined.ts': `import knex from 'knex';
import { createClient } from '@supabase/supabase-js';
const db = knex({ client: 'pg' });
const client = createClient('', '');
export const joined = () => db('customers').join('orders as o', 'o.customer_id', 'customers.id').select('o.coupon_code');
export const selected = () => client.from('orders').select('id, code:coupon_code');
export const embedded = () => client.from('customers').select('id, orders(coupon_code)');
`,
  'src/order.entity.ts': `import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
@Entity('orders')
export class Order {
  @PrimaryGeneratedColumn()
  id: number;
  @Column({ name: 'coupon_code' })
  coupon: string;
  @Column()
  status: string;
}
`,
  'src/orders.ts': `import { DataSource } from 'typeorm';
import { Order } from './order.entity';
export const withCoupon = (source: DataSource, coupon: string) => source.getRepository(Order).find({ where: { coupon } });
`,
  'src/types.ts': `export interface OrderRow { id: string; couponCode: string; order: string }\n`,
  'jobs/models.py': `from sqlalchemy import Column, Text, BigInteger
from sqlalchemy.orm import declarative_base
Base = declarative_base()
class Order(Base):
    __tablename__ = "orders"
    id = Column(BigInteger, primary_key=True)
    coupon_code = Column(Text)
`,
  'reports/orders.go': 'package reports\n// orders\nconst q = "SELECT coupon_code FROM orders"\n',
  'sql/coupons.sql': '-- name: Coupons :many\nSELECT coupon_code FROM orders;\n',
};

let folder: string;
const usesOf = (table: string, column: string): Promise<ColumnUses> => columnUsesIn({ table, column }, folder, product);

beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'uses-')));
  for (const [file, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('statements, builders, models, rows and SQL files, each as sure as it is', async () => {
  const { uses, unread, inSchema, words } = await usesOf('orders', 'coupon_code');
  const told = uses.map(({ file, line, sure, how }) => `${sure} ${file}:${line} ${how}`);
  expect(told).toEqual([
    'certain jobs/models.py:7 the model Order declares it',
    'certain sql/coupons.sql:2 query Coupons reads it',
    "certain src/built.ts:3 db('orders') reads it",
    "certain src/joined.ts:5 db('customers') reads it",
    "certain src/joined.ts:6 client.from('orders') reads it",
    "certain src/joined.ts:7 client.from('customers') reads it",
    'certain src/order.entity.ts:7 the model Order declares it',
    'certain src/statements.ts:3 pool.query() reads it',
    'certain src/statements.ts:4 pool.query() reads it',
    'certain src/statements.ts:5 pool.query() writes it',
    'certain src/statements.ts:9 order.coupon_code is read from the rows',
    "possible src/built.ts:5 db('orders') gets all columns, this one among them",
    'possible src/statements.ts:11 pool.query() gets all columns, this one among them',
  ]);
  expect(unread.map(({ file, line }) => `${file}:${line}`)).toEqual(['src/statements.ts:12']);
  expect(inSchema).toEqual(['index orders_coupon', 'view coupons']);
  expect(words.map(({ file, line }) => `${file}:${line}`)).toEqual([
    'reports/orders.go:3',
    'src/orders.ts:3',
    'src/types.ts:1',
  ]);
});

test('of a name without its table, the one that has the column is meant', async () => {
  const { uses } = await usesOf('customers', 'id');
  expect(uses.map(({ file, line, sure }) => `${sure} ${file}:${line}`)).toEqual([
    'certain src/joined.ts:5',
    'certain src/joined.ts:7',
    'certain src/statements.ts:3',
    'certain src/statements.ts:4',
  ]);
});

test('a column that nobody uses has no use, and what stands on it is told all the same', async () => {
  const { uses, inSchema } = await usesOf('orders', 'status');
  expect(uses.filter(({ sure }) => sure === 'certain').map(({ file }) => file)).toEqual([
    'src/built.ts',
    'src/order.entity.ts',
  ]);
  expect(inSchema).toEqual([]);
  expect((await usesOf('orders', 'customer_id')).inSchema).toEqual([
    'foreign key orders_customer_id_fkey to customers(id)',
  ]);
});
