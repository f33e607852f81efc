import { db } from '../db/knex';
import { pool } from '../db/pool';

export interface SupplierPrice {
  supplierId: string;
  price: number;
  validFrom: string;
}

/** What the suppliers of a product ask for it, the latest first. */
export async function pricesOf(productId: string): Promise<SupplierPrice[]> {
  const { rows } = await pool.query<SupplierPrice>(
    `SELECT supplier_id AS "supplierId", price, valid_from AS "validFrom"
       FROM supplier_prices
      WHERE product_id = $1
      ORDER BY valid_from DESC
      LIMIT 50`,
    [productId],
  );
  return rows;
}

/** The suppliers that have a product in their list. */
export const suppliersOf = (productId: string): Promise<{ supplier_id: string }[]> =>
  db('supplier_products').select('supplier_id').where('product_id', productId);

export const movementsIn = (warehouseId: number): Promise<{ product_id: string; quantity: number }[]> =>
  db('stock_movements').select('product_id', 'quantity').where({ warehouse_id: warehouseId }).limit(200);

export const movementsOf = (productId: string): Promise<{ quantity: number; reason: string }[]> =>
  db('stock_movements').select('quantity', 'reason').where({ product_id: productId }).limit(200);

/** The search box of purchasing. */
export async function suppliersNamed(part: string): Promise<{ id: string; name: string }[]> {
  const { rows } = await pool.query<{ id: string; name: string }>(
    'SELECT id, name FROM suppliers WHERE name ILIKE $1 ORDER BY name LIMIT 20',
    [`%${part}%`],
  );
  return rows;
}

export async function suppliersSince(day: string): Promise<{ id: string; name: string }[]> {
  const { rows } = await pool.query<{ id: string; name: string }>(
    'SELECT id, name FROM suppliers WHERE created_at::date = $1 ORDER BY name LIMIT 100',
    [day],
  );
  return rows;
}

/** Of one product the movements with a reason that holds a word. */
export async function movementsBecauseOf(productId: string, word: string): Promise<{ quantity: number }[]> {
  const { rows } = await pool.query<{ quantity: number }>(
    "SELECT quantity FROM stock_movements WHERE product_id = $1 AND reason ILIKE '%' || $2 || '%' LIMIT 100",
    [productId, word],
  );
  return rows;
}

export async function suppliersBeginning(letters: string): Promise<{ id: string; name: string }[]> {
  const { rows } = await pool.query<{ id: string; name: string }>(
    'SELECT id, name FROM suppliers WHERE name LIKE $1 ORDER BY name LIMIT 20',
    [`${letters}%`],
  );
  return rows;
}
