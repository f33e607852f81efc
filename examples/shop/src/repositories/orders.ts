import { pool, type Queryable } from '../db/pool';
import type { OrderStatus } from '../domain/orderStatus';
import type { Totals } from '../domain/pricing';
import type { Order, OrderLine, OrderWithLines } from '../domain/types';

const ORDER_COLUMNS = `o.id, o.number, o.customer_id AS "customerId", o.status, o.currency,
  o.subtotal_cents AS "subtotalCents", o.discount_cents AS "discountCents", o.shipping_cents AS "shippingCents",
  o.total_cents AS "totalCents", o.placed_at AS "placedAt"`;

const LINE_COLUMNS = `l.id, l.order_id AS "orderId", l.product_id AS "productId", l.sku, l.name, l.quantity,
  l.unit_price_cents AS "unitPriceCents"`;

export interface NewOrder extends Totals {
  customerId: string;
  currency: string;
  discountCode: string | null;
}

class OrderRepository {
  async create(order: NewOrder, db: Queryable): Promise<Order> {
    const { rows } = await db.query<Order>(
      `INSERT INTO orders AS o (customer_id, currency, subtotal_cents, discount_cents, shipping_cents, total_cents, discount_code)
       VALUES ($1, $2, $3, $4, $5, $6, $7)
       RETURNING ${ORDER_COLUMNS}`,
      [
        order.customerId,
        order.currency,
        order.subtotalCents,
        order.discountCents,
        order.shippingCents,
        order.totalCents,
        order.discountCode,
      ],
    );
    return rows[0];
  }

  async findById(id: string, db: Queryable = pool): Promise<Order | undefined> {
    const { rows } = await db.query<Order>(`SELECT ${ORDER_COLUMNS} FROM orders o WHERE o.id = $1`, [id]);
    return rows[0];
  }

  async linesOf(orderId: string, db: Queryable = pool): Promise<OrderLine[]> {
    const { rows } = await db.query<OrderLine>(
      `SELECT ${LINE_COLUMNS} FROM order_lines l WHERE l.order_id = $1 ORDER BY l.id`,
      [orderId],
    );
    return rows;
  }

  async listForCustomer(customerId: string, limit: number): Promise<OrderWithLines[]> {
    const { rows: orders } = await pool.query<OrderWithLines>(
      `SELECT ${ORDER_COLUMNS} FROM orders o WHERE o.customer_id = $1 ORDER BY o.placed_at DESC LIMIT $2`,
      [customerId, limit],
    );
    for (const order of orders) {
      const { rows: lines } = await pool.query<OrderLine>(
        `SELECT ${LINE_COLUMNS} FROM order_lines l WHERE l.order_id = $1 ORDER BY l.id`,
        [order.id],
      );
      order.lines = lines;
    }
    return orders;
  }

  async listOpen(limit: number): Promise<OrderWithLines[]> {
    const { rows: orders } = await pool.query<Order>(
      `SELECT ${ORDER_COLUMNS} FROM orders o WHERE o.status IN ('paid', 'packed') ORDER BY o.placed_at LIMIT $1`,
      [limit],
    );
    const { rows: lines } = await pool.query<OrderLine>(
      `SELECT ${LINE_COLUMNS} FROM order_lines l WHERE l.order_id = ANY($1) ORDER BY l.id`,
      [orders.map(order => order.id)],
    );
    const linesByOrder = new Map<string, OrderLine[]>();
    for (const line of lines) {
      const known = linesByOrder.get(line.orderId);
      if (known) known.push(line);
      else linesByOrder.set(line.orderId, [line]);
    }
    return orders.map(order => ({ ...order, lines: linesByOrder.get(order.id) ?? [] }));
  }

  async setStatus(id: string, from: OrderStatus, to: OrderStatus, db: Queryable = pool): Promise<boolean> {
    const { rowCount } = await db.query(
      `UPDATE orders
          SET status = $3, cancelled_at = CASE WHEN $3 = 'cancelled' THEN now() ELSE cancelled_at END
        WHERE id = $1 AND status = $2`,
      [id, from, to],
    );
    return rowCount === 1;
  }

  async recordEvent(orderId: string, type: string, payload: object, db: Queryable = pool): Promise<void> {
    await db.query('INSERT INTO order_events (order_id, type, payload) VALUES ($1, $2, $3)', [
      orderId,
      type,
      JSON.stringify(payload),
    ]);
  }
}

export const orderRepository = new OrderRepository();
