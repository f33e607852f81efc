import { Router } from 'express';
import { pool } from '../db/pool';
import { badRequest } from '../errors';
import { textOf } from '../http/input';
import { listStock, listWarehouses } from '../repositories/inventory';
import { findProductsBySku } from '../repositories/products';

export const inventoryRouter = Router();

inventoryRouter.get('/', async (req, res) => {
  const { warehouse, search } = req.query;
  const stock = await listStock({
    warehouse: typeof warehouse === 'string' ? warehouse : undefined,
    search: typeof search === 'string' ? search : undefined,
    belowReorderPoint: req.query.low === 'true',
  });
  res.json({ stock });
});

inventoryRouter.get('/warehouses', async (_req, res) => {
  res.json({ warehouses: await listWarehouses() });
});

interface Count {
  sku: string;
  onHand: number;
}

/** The result of a stocktake: what was counted on the shelves of one warehouse. */
inventoryRouter.put('/:warehouse/counts', async (req, res) => {
  const counts: Count[] = req.body.counts;
  const warehouses = await listWarehouses();
  const warehouse = warehouses.find(candidate => candidate.code === req.params.warehouse);
  if (!warehouse) throw badRequest(`Select a warehouse from the list, ${req.params.warehouse} is none.`);

  const products = new Map((await findProductsBySku(counts.map(count => count.sku))).map(p => [p.sku, p.id]));
  const unknown: string[] = [];
  for (const { sku, onHand } of counts) {
    const productId = products.get(sku);
    if (!productId) {
      unknown.push(sku);
      continue;
    }
    await pool.query(
      'UPDATE stock_levels SET on_hand = $3, counted_at = now() WHERE product_id = $1 AND warehouse_id = $2',
      [productId, warehouse.id, onHand],
    );
  }
  res.json({ counted: counts.length - unknown.length, unknown });
});

inventoryRouter.get('/movements', async (req, res) => {
  const sku = textOf(req.query.sku, 'sku');
  const days = Number.parseInt(String(req.query.days ?? '30'), 10);
  const { rows } = await pool.query(
    `SELECT m.quantity, m.reason, m.reference, m.created_at AS "createdAt"
       FROM stock_movements m
       JOIN products p ON p.id = m.product_id
      WHERE p.sku = $1 AND m.created_at > now() - interval '${days} days'
      ORDER BY m.created_at DESC`,
    [sku],
  );
  res.json({ movements: rows });
});
