import { pool, type Queryable } from '../db/pool';
import type { CartItem } from '../domain/types';

export interface Cart {
  id: string;
  customerId: string | null;
  status: 'open' | 'ordered' | 'expired';
}

export interface PriceChange {
  productId: string;
  fromCents: number;
  toCents: number;
}

export async function createCart(customerId: string | null): Promise<Cart> {
  const { rows } = await pool.query<Cart>(
    'INSERT INTO carts (customer_id) VALUES ($1) RETURNING id, customer_id AS "customerId", status',
    [customerId],
  );
  return rows[0];
}

export async function findCart(id: string, db: Queryable = pool): Promise<Cart | undefined> {
  const { rows } = await db.query<Cart>('SELECT id, customer_id AS "customerId", status FROM carts WHERE id = $1', [
    id,
  ]);
  return rows[0];
}

export async function cartItems(cartId: string, db: Queryable = pool): Promise<CartItem[]> {
  const { rows } = await db.query<CartItem>(
    `SELECT i.product_id AS "productId", p.sku, p.name, i.quantity, p.price_cents AS "priceCents", p.currency
       FROM cart_items i
       JOIN products p ON p.id = i.product_id
      WHERE i.cart_id = $1
      ORDER BY p.name`,
    [cartId],
  );
  return rows;
}

export async function putItem(cartId: string, productId: string, quantity: number): Promise<void> {
  await pool.query(
    `INSERT INTO cart_items (cart_id, product_id, quantity)
     VALUES ($1, $2, $3)
     ON CONFLICT (cart_id, product_id) DO UPDATE SET quantity = excluded.quantity`,
    [cartId, productId, quantity],
  );
}

export async function removeItem(cartId: string, productId: string): Promise<boolean> {
  const { rowCount } = await pool.query('DELETE FROM cart_items WHERE cart_id = $1 AND product_id = $2', [
    cartId,
    productId,
  ]);
  return rowCount === 1;
}

export async function closeCart(id: string, db: Queryable): Promise<void> {
  await db.query("UPDATE carts SET status = 'ordered', updated_at = now() WHERE id = $1", [id]);
}

async function currentPrice(productId: string): Promise<number> {
  const { rows } = await pool.query<{ price_cents: number }>('SELECT price_cents FROM products WHERE id = $1', [
    productId,
  ]);
  return rows[0].price_cents;
}

/** What became dearer or cheaper since the cart was last shown. */
export async function priceChanges(shown: CartItem[]): Promise<PriceChange[]> {
  const changes: PriceChange[] = [];
  for (const item of shown) {
    const priceCents = await currentPrice(item.productId);
    if (priceCents !== item.priceCents) {
      changes.push({ productId: item.productId, fromCents: item.priceCents, toCents: priceCents });
    }
  }
  return changes;
}

/** Moves the items of a guest's cart into the customer's own. */
export async function mergeCarts(fromId: string, intoId: string, db: Queryable): Promise<void> {
  const items = await cartItems(fromId, db);
  if (items.length === 0) return;
  const tuples = items.map((_, index) => `($1, $${index * 2 + 2}, $${index * 2 + 3})`).join(', ');
  await db.query(
    `INSERT INTO cart_items (cart_id, product_id, quantity) VALUES ${tuples}
     ON CONFLICT (cart_id, product_id) DO UPDATE SET quantity = cart_items.quantity + excluded.quantity`,
    [intoId, ...items.flatMap(item => [item.productId, item.quantity])],
  );
  await db.query('DELETE FROM carts WHERE id = $1', [fromId]);
}
