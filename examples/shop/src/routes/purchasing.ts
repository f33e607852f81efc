import { Router } from 'express';
import {
  movementsBecauseOf,
  movementsIn,
  movementsOf,
  pricesOf,
  suppliersBeginning,
  suppliersNamed,
  suppliersOf,
  suppliersSince,
} from '../repositories/supplierPrices';

export const purchasingRouter = Router();

purchasingRouter.get('/products/:id/prices', async (req, res) => {
  res.json({ prices: await pricesOf(req.params.id), suppliers: await suppliersOf(req.params.id) });
});

purchasingRouter.get('/products/:id/movements', async (req, res) => {
  res.json({ movements: await movementsOf(req.params.id) });
});

purchasingRouter.get('/warehouses/:id/movements', async (req, res) => {
  res.json({ movements: await movementsIn(Number(req.params.id)) });
});

purchasingRouter.get('/suppliers', async (req, res) => {
  const { part, since } = req.query;
  if (typeof since === 'string') res.json({ suppliers: await suppliersSince(since) });
  else if (typeof part === 'string' && part.length > 2) res.json({ suppliers: await suppliersNamed(part) });
  else res.json({ suppliers: await suppliersBeginning(String(part ?? 'A')) });
});

purchasingRouter.get('/products/:id/movements/:word', async (req, res) => {
  res.json({ movements: await movementsBecauseOf(req.params.id, req.params.word) });
});
