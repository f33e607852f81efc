import { Router } from 'express';
import {
  mergeVouchers,
  noteView,
  redeemVoucher,
  resendVoucher,
  sellVoucher,
  sendVoucher,
  voidVoucher,
} from '../services/vouchers';

export const vouchersRouter = Router();

vouchersRouter.post('/', async (req, res) => {
  const id = await sellVoucher(req.body);
  await sendVoucher(id);
  res.status(201).json({ id });
});

vouchersRouter.post('/:id/redeem', async (req, res) => {
  await redeemVoucher(Number(req.params.id), Number(req.body.cents));
  res.status(204).end();
});

vouchersRouter.post('/:id/merge', async (req, res) => {
  await mergeVouchers(Number(req.params.id), Number(req.body.into));
  res.status(204).end();
});

vouchersRouter.post('/:id/send', async (req, res) => {
  await resendVoucher(Number(req.params.id));
  res.status(204).end();
});

vouchersRouter.post('/:id/view', async (req, res) => {
  await noteView(Number(req.params.id));
  res.status(204).end();
});

vouchersRouter.delete('/:id', async (req, res) => {
  await voidVoucher(Number(req.params.id));
  res.status(204).end();
});
