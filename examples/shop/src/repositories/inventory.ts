import { pool, type Queryable } from '../db/pool';
import type { Warehouse } from '../domain/types';

export interface StockRow {
  productId: string;
  sku: string;
  name: string;
  warehouse: string;
  onHand: number;
  reserved: number;
  reorderPoint: number;
}

export interface StockFilter {
  warehouse?: string;
  search?: string;
  belowReorderPoint?: boolean;
}

export interface Quantity {
  productId: string;
  quantity: number;
}

function stockConditions(filter: StockFilter): string {
  const conditions = ['p.active'];
  if (filter.belowReorderPoint) conditions.push('s.on_hand - s.reserved < s.reorder_point');
  if (filter.warehouse) conditions.push(`w.code = '${filter.warehouse}'`);
  if (filter.search) conditions.push(`(p.sku ILIKE '%${filter.search}%' OR p.name ILIKE '%${filter.search}%')`);
  return conditions.join(' AND ');
}

export async function listStock(filter: StockFilter): Promise<StockRow[]> {
  const { rows } = await pool.query<StockRow>(
    `SELECT p.id AS "productId", p.sku, p.name, w.code AS warehouse, s.on_hand AS "onHand", s.reserved,
            s.reorder_point AS "reorderPoint"
       FROM stock_levels s
       JOIN products p ON p.id = s.product_id
       JOIN warehouses w ON w.id = s.warehouse_id
      WHERE ${stockConditions(filter)}
      ORDER BY p.sku, w.priority`,
  );
  return rows;
}

export async function listWarehouses(db: Queryable = pool): Promise<Warehouse[]> {
  const { rows } = await db.query<Warehouse>('SELECT id, code, name, priority FROM warehouses ORDER BY priority, id');
  return rows;
}

/** Reserves everything in one statement; returns the products of which there is not enough. */
export async function reserveStock(items: Quantity[], warehouseId: number, db: Queryable): Promise<string[]> {
  const { rows } = await db.query<{ productId: string }>(
    `UPDATE stock_levels s
        SET reserved = s.reserved + wanted.quantity
       FROM unnest($1::uuid[], $2::int[]) AS wanted (product_id, quantity)
      WHERE s.product_id = wanted.product_id AND s.warehouse_id = $3 AND s.on_hand - s.reserved >= wanted.quantity
      RETURNING s.product_id AS "productId"`,
    [items.map(item => item.productId), items.map(item => item.quantity), warehouseId],
  );
  const reserved = new Set(rows.map(row => row.productId));
  return items.filter(item => !reserved.has(item.productId)).map(item => item.productId);
}

/** The nearest warehouse that has all of it, in the order of their priority. */
export async function warehouseFor(items: Quantity[], db: Queryable): Promise<Warehouse | undefined> {
  for (const warehouse of await listWarehouses(db)) {
    const { rows } = await db.query<{ available: number }>(
      `SELECT count(*)::int AS available
         FROM stock_levels s
         JOIN unnest($1::uuid[], $2::int[]) AS wanted (product_id, quantity) USING (product_id)
        WHERE s.warehouse_id = $3 AND s.on_hand - s.reserved >= wanted.quantity`,
      [items.map(item => item.productId), items.map(item => item.quantity), warehouse.id],
    );
    if (rows[0].available === items.length) return warehouse;
  }
  return undefined;
}

export async function recordMovements(
  movements: Quantity[],
  warehouseId: number,
  reason: string,
  reference: string,
  db: Queryable,
): Promise<void> {
  await db.query(
    `INSERT INTO stock_movements (product_id, warehouse_id, quantity, reason, reference)
     SELECT moved.product_id, $3, moved.quantity, $4, $5
       FROM unnest($1::uuid[], $2::int[]) AS moved (product_id, quantity)`,
    [movements.map(item => item.productId), movements.map(item => item.quantity), warehouseId, reason, reference],
  );
}
