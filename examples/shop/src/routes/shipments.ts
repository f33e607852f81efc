import { Router } from 'express';
import { notFound } from '../errors';
import { textOf } from '../http/input';
import { shipmentRepository } from '../services/fulfilment';

export const shipmentsRouter = Router();

shipmentsRouter.get('/', async (req, res) => {
  const carrier = textOf(req.query.carrier, 'carrier');
  const sort = typeof req.query.sort === 'string' ? req.query.sort : 'created_at';
  res.json({ shipments: await shipmentRepository.listByCarrier(carrier, sort) });
});

shipmentsRouter.get('/undelivered', async (req, res) => {
  res.json({ shipments: await shipmentRepository.listUndelivered(req.query.order === 'newest') });
});

shipmentsRouter.post('/:id/shipped', async (req, res) => {
  const { id } = req.params;
  if (!(await shipmentRepository.markShipped(id, textOf(req.body.trackingNumber, 'trackingNumber')))) {
    throw notFound('Packed shipment', id);
  }
  res.json({ shipment: await shipmentRepository.findById(id) });
});

shipmentsRouter.post('/delivered', async (req, res) => {
  const trackingNumbers: string[] = req.body.trackingNumbers ?? [];
  const delivered = trackingNumbers.length === 0 ? 0 : await shipmentRepository.markDelivered(trackingNumbers);
  res.json({ delivered });
});
