import { pool, type Queryable } from '../db/pool';
import type { Product } from '../domain/types';

const PRODUCT_COLUMNS = `p.id, p.sku, p.name, p.description, p.category_id AS "categoryId",
  p.price_cents AS "priceCents", p.currency, p.active`;

const SORT_COLUMNS = {
  name: 'p.name',
  price: 'p.price_cents',
  newest: 'p.created_at DESC',
} as const;

export type ProductSort = keyof typeof SORT_COLUMNS;

export const isProductSort = (value: unknown): value is ProductSort =>
  typeof value === 'string' && value in SORT_COLUMNS;

export interface ProductFilter {
  category?: string;
  q?: string;
  maxPriceCents?: number;
  sort?: ProductSort;
  limit: number;
  offset: number;
}

export async function listProducts(filter: ProductFilter): Promise<Product[]> {
  const conditions = ['p.active'];
  const values: unknown[] = [];
  if (filter.category) {
    values.push(filter.category);
    conditions.push(`c.slug = $${values.length}`);
  }
  if (filter.q) {
    values.push(filter.q);
    conditions.push(`p.search @@ plainto_tsquery('simple', $${values.length})`);
  }
  if (filter.maxPriceCents !== undefined) {
    values.push(filter.maxPriceCents);
    conditions.push(`p.price_cents <= $${values.length}`);
  }
  values.push(filter.limit, filter.offset);
  const { rows } = await pool.query<Product>(
    `SELECT ${PRODUCT_COLUMNS}
       FROM products p
       JOIN categories c ON c.id = p.category_id
      WHERE ${conditions.join(' AND ')}
      ORDER BY ${SORT_COLUMNS[filter.sort ?? 'name']}
      LIMIT $${values.length - 1} OFFSET $${values.length}`,
    values,
  );
  return rows;
}

export async function findProduct(id: string): Promise<Product | undefined> {
  const { rows } = await pool.query<Product>(`SELECT ${PRODUCT_COLUMNS} FROM products p WHERE p.id = $1`, [id]);
  return rows[0];
}

export async function findProductsById(ids: string[], db: Queryable = pool): Promise<Map<string, Product>> {
  const { rows } = await db.query<Product>(`SELECT ${PRODUCT_COLUMNS} FROM products p WHERE p.id = ANY($1)`, [ids]);
  return new Map(rows.map(product => [product.id, product]));
}

export async function findProductsBySku(skus: string[]): Promise<Product[]> {
  const list = skus.map(sku => `'${sku}'`).join(', ');
  const { rows } = await pool.query<Product>(`SELECT ${PRODUCT_COLUMNS} FROM products p WHERE p.sku IN (${list})`);
  return rows;
}

export async function relatedProducts(product: Product, limit: number): Promise<Product[]> {
  const { rows } = await pool.query<Product>(
    `SELECT ${PRODUCT_COLUMNS}
       FROM products p
      WHERE p.active AND p.category_id = $1 AND p.id <> $2
      ORDER BY abs(p.price_cents - $3)
      LIMIT ${limit}`,
    [product.categoryId, product.id, product.priceCents],
  );
  return rows;
}
