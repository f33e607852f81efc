import { db } from '../db/knex';
import { pool } from '../db/pool';
import { logger } from '../logger';

const EXPIRES_AFTER_DAYS = 30;

export async function expireCarts(): Promise<void> {
  const { rows: carts } = await pool.query<{ id: string }>(
    `SELECT id FROM carts WHERE status = 'open' AND updated_at < now() - interval '${EXPIRES_AFTER_DAYS} days'`,
  );
  carts.forEach(async cart => {
    await db('carts').where({ id: cart.id }).update({ status: 'expired' });
  });
  logger.info('carts expired', { carts: carts.length });
}
