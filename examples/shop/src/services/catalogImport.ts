import { db } from '../db/knex';
import { chunk } from '../domain/csv';
import { badRequest } from '../errors';

export interface ImportRow {
  sku: string;
  name: string;
  description?: string;
  category: string;
  priceCents: number;
}

const BATCH_SIZE = 500;

function check(row: ImportRow, line: number): void {
  if (!row.sku || !row.name) throw badRequest(`Line ${line}: sku and name are needed.`);
  if (!Number.isInteger(row.priceCents) || row.priceCents < 0) throw badRequest(`Line ${line}: the price is wrong.`);
}

export async function importProducts(rows: ImportRow[]): Promise<number> {
  rows.forEach((row, index) => check(row, index + 1));
  return db.transaction(async trx => {
    const categories: { id: number; slug: string }[] = await trx('categories').select('id', 'slug');
    const categoryIds = new Map(categories.map(category => [category.slug, category.id]));
    for (const row of rows) {
      const categoryId = categoryIds.get(row.category);
      if (categoryId === undefined) throw badRequest(`Category ${row.category} does not exist.`);
      await trx('products')
        .insert({ sku: row.sku, name: row.name, category_id: categoryId, price_cents: row.priceCents })
        .onConflict('sku')
        .merge(['name', 'price_cents']);
    }
    return rows.length;
  });
}

export async function retireProducts(skus: string[]): Promise<number> {
  let retired = 0;
  for (const batch of chunk(skus, BATCH_SIZE)) {
    retired += await db('products').whereIn('sku', batch).update({ active: false, updated_at: db.fn.now() });
  }
  return retired;
}
