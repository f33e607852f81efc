import { pool, type Queryable } from '../db/pool';
import type { Refund } from '../domain/types';

const REFUND_COLUMNS = 'id, payment_id AS "paymentId", amount_cents AS "amountCents", reason, status';

export async function createRefund(
  refund: Pick<Refund, 'paymentId' | 'amountCents' | 'reason'>,
  db: Queryable = pool,
): Promise<Refund> {
  const { rows } = await db.query<Refund>(
    `INSERT INTO refunds (payment_id, amount_cents, reason) VALUES ($1, $2, $3) RETURNING ${REFUND_COLUMNS}`,
    [refund.paymentId, refund.amountCents, refund.reason],
  );
  return rows[0];
}

export async function refundsOf(paymentId: string, db: Queryable = pool): Promise<Refund[]> {
  const { rows } = await db.query<Refund>(
    `SELECT ${REFUND_COLUMNS} FROM refunds WHERE payment_id = $1 ORDER BY created_at`,
    [paymentId],
  );
  return rows;
}

export async function listRefunds(status: Refund['status'], order: 'ASC' | 'DESC' = 'ASC'): Promise<Refund[]> {
  const { rows } = await pool.query<Refund>(
    `SELECT ${REFUND_COLUMNS} FROM refunds WHERE status = $1 ORDER BY created_at ${order} LIMIT 200`,
    [status],
  );
  return rows;
}
