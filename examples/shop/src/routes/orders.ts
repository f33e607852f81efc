import { Router } from 'express';
import { pool } from '../db/pool';
import { isOrderStatus } from '../domain/orderStatus';
import { badRequest } from '../errors';
import { requireAdmin } from '../http/auth';
import { textOf } from '../http/input';
import { orderRepository } from '../repositories/orders';
import { packOrder, pickingSlip, shipmentRepository } from '../services/fulfilment';
import { changeStatus, ordersForPickList, orderWithLines } from '../services/orders';
import { payOrder } from '../services/payments';

export const ordersRouter = Router();

ordersRouter.get('/open', requireAdmin, async (req, res) => {
  res.json({ orders: await orderRepository.listOpen(Math.min(Number(req.query.limit) || 100, 500)) });
});

ordersRouter.post('/pick-list', requireAdmin, async (req, res) => {
  const orders = await ordersForPickList(req.body.ids);
  res.json({
    orders,
    slip: await pickingSlip(
      orders.flatMap(order => order.lines),
      pool,
    ),
  });
});

ordersRouter.get('/:id', async (req, res) => {
  res.json({ order: await orderWithLines(req.params.id) });
});

ordersRouter.get('/:id/shipments', async (req, res) => {
  res.json({ shipments: await shipmentRepository.listForOrder(req.params.id) });
});

ordersRouter.get('/:id/events', requireAdmin, async (req, res) => {
  const { rows } = await pool.query(
    'SELECT type, payload, created_at AS "createdAt" FROM order_events WHERE order_id = $1 ORDER BY id',
    [req.params.id],
  );
  res.json({ events: rows });
});

ordersRouter.post('/:id/pay', async (req, res) => {
  res.status(201).json({ payment: await payOrder(req.params.id, textOf(req.body.provider, 'provider')) });
});

ordersRouter.post('/:id/pack', requireAdmin, async (req, res) => {
  res.status(201).json({ shipment: await packOrder(req.params.id, textOf(req.body.carrier, 'carrier')) });
});

ordersRouter.put('/:id/status', requireAdmin, async (req, res) => {
  const { status } = req.body;
  if (!isOrderStatus(status)) throw badRequest(`"${status}" is no status of an order.`);
  res.json({ order: await changeStatus(req.params.id, status) });
});
