import { pool } from '../db/pool';
import { logger } from '../logger';

/** Once a night, when nobody books any more. */
export async function closeDay(): Promise<void> {
  await pool.query('REFRESH MATERIALIZED VIEW balances');
  await pool.query('REFRESH MATERIALIZED VIEW turnover_by_month');
  await pool.query('REFRESH MATERIALIZED VIEW CONCURRENTLY reporting.customer_lifetime_value');
  logger.info('balances are up to date');
}
