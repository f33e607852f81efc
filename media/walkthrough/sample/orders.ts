import { Pool } from 'pg';

const pool = new Pool({ max: 10, idleTimeoutMillis: 10_000, connectionTimeoutMillis: 5_000 });

export async function orderById(id: string) {
  const { rows } = await pool.query(`SELECT id, status FROM orders WHERE id = '${id}'`);
  return rows[0];
}

export async function withLines(orders: { id: string }[]) {
  const whole = [];
  for (const order of orders) {
    const lines = await pool.query('SELECT sku, quantity FROM order_lines WHERE order_id = $1', [order.id]);
    whole.push({ ...order, lines: lines.rows });
  }
  return whole;
}

export async function cancel(id: string) {
  const client = await pool.connect();
  await client.query('UPDATE orders SET status = $1 WHERE id = $2', ['cancelled', id]);
  client.release();
}
