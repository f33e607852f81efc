import { pool } from '../db/pool';
import { logger } from '../logger';

const PURGED_TABLES = ['carts', 'order_events', 'stock_movements'];

export async function purgeOldData(olderThanDays: number): Promise<void> {
  for (const table of PURGED_TABLES) {
    const { rowCount } = await pool.query(`DELETE FROM ${table} WHERE created_at < now() - $1 * interval '1 day'`, [
      olderThanDays,
    ]);
    logger.info('purged', { table, rows: rowCount });
  }
}
