import { pool } from '../../src/db/pool';
import { createCart, putItem } from '../../src/repositories/carts';

const TABLES = 'order_events, shipment_items, shipments, refunds, payments, order_lines, orders, cart_items, carts';

export async function emptyDatabase(): Promise<void> {
  await pool.query(
    `TRUNCATE ${TABLES}, stock_movements, stock_levels, warehouses, products, categories, customers CASCADE`,
  );
}

export async function aCustomer(email = 'ada@shop.example'): Promise<string> {
  const { rows } = await pool.query<{ id: string }>(
    `INSERT INTO customers (email, first_name, last_name) VALUES ('${email}', 'Ada', 'Lovelace') RETURNING id`,
  );
  return rows[0].id;
}

export async function aProduct(sku: string, priceCents: number, onHand: number): Promise<string> {
  const { rows } = await pool.query<{ id: string }>(
    `WITH category AS (
       INSERT INTO categories (slug, name) VALUES ('tea', 'Tea')
       ON CONFLICT (slug) DO UPDATE SET name = excluded.name
       RETURNING id
     ), warehouse AS (
       INSERT INTO warehouses (code, name) VALUES ('HAM', 'Hamburg')
       ON CONFLICT (code) DO UPDATE SET name = excluded.name
       RETURNING id
     ), product AS (
       INSERT INTO products (sku, name, category_id, price_cents) SELECT $1, $1, id, $2 FROM category RETURNING id
     ), stock AS (
       INSERT INTO stock_levels (product_id, warehouse_id, on_hand)
       SELECT product.id, warehouse.id, $3 FROM product, warehouse
     )
     SELECT id FROM product`,
    [sku, priceCents, onHand],
  );
  return rows[0].id;
}

export async function aCartWith(productId: string, quantity: number): Promise<string> {
  const cart = await createCart(null);
  await putItem(cart.id, productId, quantity);
  return cart.id;
}
