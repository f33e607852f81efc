import type { PoolClient } from 'pg';
import { inTransaction, pool } from '../db/pool';
import type { Refund } from '../domain/types';
import { badRequest, conflict, notFound } from '../errors';
import { findPayment } from '../repositories/payments';
import { createRefund, refundsOf } from '../repositories/refunds';

export interface ReturnedLine {
  orderLineId: string;
  quantity: number;
}

/** What the returned lines cost when they were ordered. */
async function refundableCents(client: PoolClient, returned: ReturnedLine[]): Promise<number> {
  let cents = 0;
  for (let index = 0; index < returned.length; index += 1) {
    const { orderLineId, quantity } = returned[index];
    const { rows } = await client.query<{ quantity: number; unit_price_cents: number }>(
      'SELECT quantity, unit_price_cents FROM order_lines WHERE id = $1',
      [orderLineId],
    );
    if (!rows[0] || rows[0].quantity < quantity) throw badRequest(`Line ${orderLineId} has fewer than ${quantity}.`);
    cents += rows[0].unit_price_cents * quantity;
  }
  return cents;
}

export async function requestRefund(paymentId: string, returned: ReturnedLine[], reason: string): Promise<Refund> {
  return inTransaction(async client => {
    const payment = await findPayment(paymentId, client);
    if (!payment) throw notFound('Payment', paymentId);
    if (payment.status !== 'captured') throw conflict(`Payment ${paymentId} is ${payment.status}.`);

    const amountCents = await refundableCents(client, returned);
    const refunded = (await refundsOf(paymentId, client)).reduce((sum, refund) => sum + refund.amountCents, 0);
    if (refunded + amountCents > payment.amountCents) throw conflict('More would be refunded than was paid.');

    await client.query(
      `INSERT INTO return_requests (order_line_id, quantity, reason)
       SELECT line.id, line.quantity, $3 FROM unnest($1::bigint[], $2::int[]) AS line (id, quantity)`,
      [returned.map(line => line.orderLineId), returned.map(line => line.quantity), reason],
    );
    return createRefund({ paymentId, amountCents, reason }, client);
  });
}

export async function refundTotals(): Promise<Record<Refund['status'], number>> {
  const totals = { requested: 0, partial: 0, paid: 0, failed: 0 };
  for (const status of ['requested', 'partial', 'paid', 'failed'] as const) {
    const { rows } = await pool.query<{ cents: number }>(
      'SELECT coalesce(sum(amount_cents), 0)::int AS cents FROM refunds WHERE status = $1',
      [status],
    );
    totals[status] = rows[0].cents;
  }
  return totals;
}
