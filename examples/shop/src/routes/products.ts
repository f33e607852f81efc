import { Router } from 'express';
import { pool } from '../db/pool';
import { notFound } from '../errors';
import { pageOf } from '../http/input';
import { categoriesWithCounts, categoryTree } from '../repositories/categories';
import { findProduct, isProductSort, listProducts, relatedProducts } from '../repositories/products';

export const productsRouter = Router();

productsRouter.get('/', async (req, res) => {
  const { category, q, maxPrice, sort } = req.query;
  const products = await listProducts({
    ...pageOf(req, 24),
    category: typeof category === 'string' ? category : undefined,
    q: typeof q === 'string' ? q : undefined,
    maxPriceCents: maxPrice === undefined ? undefined : Math.round(Number(maxPrice) * 100),
    sort: isProductSort(sort) ? sort : undefined,
  });
  res.json({ products });
});

productsRouter.get('/categories', async (req, res) => {
  res.json({ categories: req.query.counts ? await categoriesWithCounts() : await categoryTree() });
});

productsRouter.get('/suggest', async (req, res) => {
  const limit = Math.min(Number(req.query.limit) || 8, 20);
  const { rows } = await pool.query(
    `SELECT sku, name FROM products WHERE active AND name ILIKE $1 ORDER BY name LIMIT ${limit}`,
    [`${req.query.q}%`],
  );
  res.json({ suggestions: rows });
});

productsRouter.get('/availability', async (req, res) => {
  const { rows } = await pool.query(
    `SELECT w.code AS warehouse, s.on_hand - s.reserved AS available
       FROM stock_levels s
       JOIN products p ON p.id = s.product_id
       JOIN warehouses w ON w.id = s.warehouse_id
      WHERE p.sku = '${req.query.sku}'
      ORDER BY w.priority`,
  );
  res.json({ sku: req.query.sku, availability: rows });
});

productsRouter.get('/compare', async (req, res) => {
  const skus = String(req.query.skus ?? '').split(',');
  const placeholders = skus.map((_, i) => `$${i + 1}`).join(', ');
  const { rows } = await pool.query(
    `SELECT sku, name, description, price_cents AS "priceCents" FROM products WHERE sku IN (${placeholders})`,
    skus,
  );
  res.json({ products: rows });
});

productsRouter.get('/:id', async (req, res) => {
  const product = await findProduct(req.params.id);
  if (!product) throw notFound('Product', req.params.id);
  res.json({ product, related: await relatedProducts(product, 4) });
});
