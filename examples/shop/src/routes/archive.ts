import { Router } from 'express';
import { Client } from 'pg';
import { config } from '../config';
import { archive } from '../db/archive';
import { notFound } from '../errors';
import { archivedOrder, countArchived, ordersOfYear } from '../repositories/archivedOrders';

export const archiveRouter = Router();

archiveRouter.get('/years/:year', async (req, res) => {
  const year = Number(req.params.year);
  res.json({ count: await countArchived(year), orders: await ordersOfYear(year) });
});

archiveRouter.get('/size', async (_req, res) => {
  const { rows } = await archive.query<{ bytes: string }>("SELECT pg_total_relation_size('archived_orders') AS bytes");
  res.json({ bytes: Number(rows[0].bytes) });
});

/** Whether the archive's replica keeps up. */
archiveRouter.get('/lag', async (_req, res) => {
  const replica = new Client({ connectionString: config.archiveReplicaUrl });
  await replica.connect();
  try {
    const { rows } = await replica.query<{ seconds: string }>(
      'SELECT extract(epoch FROM now() - pg_last_xact_replay_timestamp()) AS seconds',
    );
    res.json({ seconds: Number(rows[0].seconds) });
  } finally {
    await replica.end();
  }
});

archiveRouter.get('/orders/:number', async (req, res) => {
  const order = await archivedOrder(req.params.number);
  if (!order) throw notFound('Archived order', req.params.number);
  res.json({ order });
});
