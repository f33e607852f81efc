import { Router } from 'express';
import { movementsIn, movementsOf, pricesOf, suppliersOf } from '../repositories/supplierPrices';

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
