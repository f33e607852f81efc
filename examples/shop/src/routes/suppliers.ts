import { Router } from 'express';
import { db } from '../db/knex';
import { pageOf } from '../http/input';
import { countries, listSuppliers, supplierCount, supplierPage, suppliersIn } from '../repositories/suppliers';

export const suppliersRouter = Router();

suppliersRouter.get('/', async (req, res) => {
  const { city } = req.query;
  const suppliers = typeof city === 'string' ? await suppliersIn(city) : await supplierPage(pageOf(req));
  res.json({ suppliers, total: await supplierCount() });
});

suppliersRouter.get('/all', async (_req, res) => {
  res.json({ suppliers: await listSuppliers() });
});

suppliersRouter.get('/countries', async (_req, res) => {
  res.json({ countries: await countries() });
});

suppliersRouter.get('/deliveries', async (_req, res) => {
  const deliveries = await db('deliveries').select('id', 'supplier_id', 'arrived_at').orderBy('arrived_at', 'desc');
  res.json({ deliveries });
});

suppliersRouter.get('/deliveries/latest', async (_req, res) => {
  const deliveries = await db('deliveries').select('id', 'supplier_id').orderBy('arrived_at', 'desc').limit(20);
  res.json({ deliveries });
});
