import type { Knex } from 'knex';
import { db } from '../db/knex';

export interface DaySales {
  day: Date;
  currency: string;
  orders: number;
  revenueCents: number;
}

const daySales = (from: string, to: string): Knex.QueryBuilder =>
  db('sales_by_day')
    .select('day', 'currency', 'orders', { revenueCents: 'revenue_cents' })
    .whereBetween('day', [from, to]);

export const salesByDay = (from: string, to: string): Promise<DaySales[]> => daySales(from, to).orderBy('day');

export async function bestSellers(from: string, to: string, limit: number) {
  return db('order_lines')
    .join('orders', 'orders.id', 'order_lines.order_id')
    .select('order_lines.sku', db.raw('sum(order_lines.quantity)::int AS sold'))
    .whereBetween('orders.placed_at', [from, to])
    .groupBy('order_lines.sku')
    .orderByRaw('sold DESC, order_lines.sku')
    .limit(limit);
}

export async function ordersOfCustomersNamed(name: string) {
  return db('orders')
    .join('customers', 'customers.id', 'orders.customer_id')
    .select('orders.number', 'orders.status', 'customers.email')
    .whereRaw(`customers.first_name || ' ' || customers.last_name ILIKE '%${name}%'`)
    .orderBy('orders.placed_at', 'desc')
    .limit(50);
}

export async function ordersMatching(filters: Record<string, string | number>) {
  let query = db('orders').select('number', 'status', 'total_cents', 'placed_at');
  for (const [column, value] of Object.entries(filters)) {
    query = query.where(column, value);
  }
  return query.orderBy('placed_at', 'desc').limit(200);
}

export async function revenuePerWeekday(currency: string) {
  const { rows } = await db.raw(
    `SELECT extract(isodow FROM day)::int AS weekday, sum(revenue_cents)::int AS "revenueCents"
       FROM sales_by_day
      WHERE currency = :currency
      GROUP BY 1
      ORDER BY 1`,
    { currency },
  );
  return rows;
}

export async function revenueOfSegment(segment: string, since: string) {
  const { rows } = await db.raw(`
    SELECT count(DISTINCT o.id)::int AS orders, coalesce(sum(o.total_cents), 0)::int AS "revenueCents"
      FROM orders o
      JOIN customers c ON c.id = o.customer_id
     WHERE c.email LIKE '%@${segment}' AND o.placed_at >= '${since}'
  `);
  return rows[0];
}
