import { Router } from 'express';
import { notFound } from '../errors';
import { requireAdmin } from '../http/auth';
import { textOf } from '../http/input';
import { findPaymentByReference, settlePayments } from '../repositories/payments';
import { refundsOf } from '../repositories/refunds';
import { changeStatus } from '../services/orders';
import { settled } from '../services/payments';
import { refundTotals, requestRefund } from '../services/refunds';

export const paymentsRouter = Router();

paymentsRouter.post('/webhook', async (req, res) => {
  const reference = textOf(req.body.reference, 'reference');
  const payment = await findPaymentByReference(reference);
  if (!payment) throw notFound('Payment', reference);
  const status = req.body.paid === true ? 'captured' : 'failed';
  await settlePayments([{ id: payment.id, status }]);
  if (status === 'captured') await changeStatus(payment.orderId, 'paid');
  res.status(204).end();
});

paymentsRouter.get('/refund-totals', requireAdmin, async (_req, res) => {
  res.json({ totals: await refundTotals() });
});

paymentsRouter.get('/:id', async (req, res) => {
  res.json({ payment: await settled(req.params.id) });
});

paymentsRouter.get('/:id/refunds', requireAdmin, async (req, res) => {
  res.json({ refunds: await refundsOf(req.params.id) });
});

paymentsRouter.post('/:id/refunds', requireAdmin, async (req, res) => {
  const refund = await requestRefund(req.params.id, req.body.lines, textOf(req.body.reason, 'reason'));
  res.status(201).json({ refund });
});
