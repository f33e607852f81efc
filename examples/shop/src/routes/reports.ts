import { Router } from 'express';
import { db } from '../db/knex';
import { textOf } from '../http/input';
import {
  bestSellers,
  ordersOfCustomersNamed,
  revenueOfSegment,
  revenuePerWeekday,
  salesByDay,
} from '../repositories/reports';

export const reportsRouter = Router();

reportsRouter.get('/sales', async (req, res) => {
  const from = textOf(req.query.from, 'from');
  const to = textOf(req.query.to, 'to');
  res.json({ days: await salesByDay(from, to), bestSellers: await bestSellers(from, to, 10) });
});

reportsRouter.get('/weekdays', async (req, res) => {
  res.json({ weekdays: await revenuePerWeekday(textOf(req.query.currency, 'currency')) });
});

reportsRouter.get('/segments/:domain', async (req, res) => {
  res.json({ revenue: await revenueOfSegment(req.params.domain, textOf(req.query.since, 'since')) });
});

reportsRouter.get('/orders-by-name', async (req, res) => {
  res.json({ orders: await ordersOfCustomersNamed(textOf(req.query.name, 'name')) });
});

reportsRouter.get('/refund-rate', async (req, res) => {
  const since = req.query.since ?? '2024-01-01';
  const { rows } = await db.raw(
    `SELECT count(DISTINCT r.payment_id)::float / greatest(count(DISTINCT p.id), 1) AS rate
       FROM payments p
       LEFT JOIN refunds r ON r.payment_id = p.id
      WHERE p.created_at >= '${since}'`,
  );
  res.json({ since, rate: rows[0].rate });
});

reportsRouter.get('/top-customers', async (req, res) => {
  const sort = req.query.sort || 'revenue DESC';
  const customers = await db('orders')
    .select('customer_id', db.raw('sum(total_cents)::int AS revenue'), db.raw('count(*)::int AS orders'))
    .groupBy('customer_id')
    .orderByRaw(`${sort}`)
    .limit(25);
  res.json({ customers });
});

reportsRouter.get('/stock-turnover', async (req, res) => {
  const days = Number(req.query.days ?? 90);
  const { rows } = await db.raw(
    `SELECT p.sku, -sum(m.quantity)::int AS sold
       FROM stock_movements m
       JOIN products p ON p.id = m.product_id
      WHERE m.reason = 'shipment' AND m.created_at > now() - ? * interval '1 day'
      GROUP BY p.sku
      ORDER BY ?? DESC`,
    [days, req.query.by === 'sku' ? 'sku' : 'sold'],
  );
  res.json({ products: rows });
});

reportsRouter.get('/refunds', async (req, res) => {
  const refunds = await db('refunds')
    .join('payments', 'payments.id', 'refunds.payment_id')
    .select('refunds.reason', 'refunds.amount_cents', 'payments.order_id')
    .whereRaw('refunds.reason ILIKE ?', [`%${req.query.reason ?? ''}%`])
    .orderBy('refunds.created_at', 'desc')
    .limit(100);
  res.json({ refunds });
});
