import { Router } from 'express';
import { inTransaction } from '../db/pool';
import { notFound } from '../errors';
import { quantityOf, textOf } from '../http/input';
import { cartItems, createCart, findCart, mergeCarts, priceChanges, putItem, removeItem } from '../repositories/carts';
import { findProduct } from '../repositories/products';
import { checkout } from '../services/checkout';

export const cartsRouter = Router();

cartsRouter.post('/', async (req, res) => {
  res.status(201).json({ cart: await createCart(req.body.customerId ?? null) });
});

cartsRouter.get('/:id', async (req, res) => {
  const cart = await findCart(req.params.id);
  if (!cart) throw notFound('Cart', req.params.id);
  res.json({ cart, items: await cartItems(cart.id) });
});

cartsRouter.post('/:id/price-check', async (req, res) => {
  res.json({ changes: await priceChanges(req.body.items) });
});

cartsRouter.put('/:id/items/:productId', async (req, res) => {
  const { id, productId } = req.params;
  if (!(await findProduct(productId))) throw notFound('Product', productId);
  await putItem(id, productId, quantityOf(req.body.quantity));
  res.json({ items: await cartItems(id) });
});

cartsRouter.delete('/:id/items/:productId', async (req, res) => {
  const { id, productId } = req.params;
  if (!(await removeItem(id, productId))) {
    res.status(404).json({ error: 'not_found', message: `Nothing to delete from cart ${id} where you look for it.` });
    return;
  }
  res.json({ items: await cartItems(id) });
});

cartsRouter.post('/:id/merge', async (req, res) => {
  const fromId = textOf(req.body.from, 'from');
  await inTransaction(client => mergeCarts(fromId, req.params.id, client));
  res.json({ items: await cartItems(req.params.id) });
});

cartsRouter.post('/:id/checkout', async (req, res) => {
  const order = await checkout(req.params.id, {
    customerId: textOf(req.body.customerId, 'customerId'),
    country: textOf(req.body.country, 'country').toUpperCase(),
    discountCode: req.body.discountCode,
  });
  res.status(201).json({ order });
});
