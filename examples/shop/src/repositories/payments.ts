import { pool, type Queryable } from '../db/pool';
import type { Payment } from '../domain/types';

const PAYMENT_COLUMNS = `id, order_id AS "orderId", provider, provider_reference AS "providerReference",
  amount_cents AS "amountCents", currency, status`;

export async function createPayment(
  payment: Pick<Payment, 'orderId' | 'provider' | 'amountCents' | 'currency'>,
): Promise<Payment> {
  const { rows } = await pool.query<Payment>(
    `INSERT INTO payments (order_id, provider, amount_cents, currency) VALUES ($1, $2, $3, $4)
     RETURNING ${PAYMENT_COLUMNS}`,
    [payment.orderId, payment.provider, payment.amountCents, payment.currency],
  );
  return rows[0];
}

export async function findPayment(id: string, db: Queryable = pool): Promise<Payment | undefined> {
  const { rows } = await db.query<Payment>(`SELECT ${PAYMENT_COLUMNS} FROM payments WHERE id = $1`, [id]);
  return rows[0];
}

export async function findPaymentByReference(reference: string): Promise<Payment | undefined> {
  const { rows } = await pool.query<Payment>(`SELECT ${PAYMENT_COLUMNS} FROM payments WHERE provider_reference = $1`, [
    reference,
  ]);
  return rows[0];
}

export async function stalePayments(olderThanMinutes: number, limit = 100): Promise<Payment[]> {
  const { rows } = await pool.query<Payment>(
    `SELECT ${PAYMENT_COLUMNS}
       FROM payments
      WHERE status = 'pending' AND created_at < now() - interval '${olderThanMinutes} minutes'
      ORDER BY created_at
      LIMIT $1`,
    [limit],
  );
  return rows;
}

/** Writes the provider's answers in one statement. */
export async function settlePayments(settled: Pick<Payment, 'id' | 'status'>[], db: Queryable = pool): Promise<void> {
  await db.query(
    `UPDATE payments
        SET status = settled.status,
            captured_at = CASE WHEN settled.status = 'captured' THEN now() END,
            updated_at = now()
       FROM unnest($1::uuid[], $2::text[]) AS settled (id, status)
      WHERE payments.id = settled.id`,
    [settled.map(payment => payment.id), settled.map(payment => payment.status)],
  );
}
