import { setTimeout as delay } from 'node:timers/promises';
import { config } from '../config';
import { pool } from '../db/pool';
import type { Payment } from '../domain/types';
import { conflict, notFound, sqlState } from '../errors';
import { createPayment, findPayment } from '../repositories/payments';
import { orderWithLines } from './orders';

const MAX_ATTEMPTS = 4;
const SERIALIZATION_FAILURE = '40001';

export interface ProviderCharge {
  reference: string;
  status: Payment['status'];
}

export async function charge(payment: Payment): Promise<ProviderCharge> {
  const response = await fetch(`${config.paymentsUrl}/charges`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': payment.id },
    body: JSON.stringify({ amount: payment.amountCents, currency: payment.currency }),
    signal: AbortSignal.timeout(10_000),
  });
  if (!response.ok) throw conflict(`The payment provider answered ${response.status}.`);
  return (await response.json()) as ProviderCharge;
}

async function saveCharge(paymentId: string, { reference, status }: ProviderCharge): Promise<void> {
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
    try {
      await pool.query('UPDATE payments SET provider_reference = $2, status = $3, updated_at = now() WHERE id = $1', [
        paymentId,
        reference,
        status,
      ]);
      return;
    } catch (error) {
      if (sqlState(error) !== SERIALIZATION_FAILURE || attempt === MAX_ATTEMPTS) throw error;
      await delay(50 * 2 ** attempt);
    }
  }
}

export async function payOrder(orderId: string, provider: string): Promise<Payment> {
  const order = await orderWithLines(orderId);
  if (order.status !== 'pending') throw conflict(`Order ${order.number} is ${order.status}.`);
  const payment = await createPayment({
    orderId,
    provider,
    amountCents: order.totalCents,
    currency: order.currency,
  });
  await saveCharge(payment.id, await charge(payment));
  return (await findPayment(payment.id)) ?? payment;
}

/** Waits for the provider's webhook, as the checkout page does after the redirect. */
export async function settled(paymentId: string, timeoutMs = 15_000): Promise<Payment> {
  const deadline = Date.now() + timeoutMs;
  while (Date.now() < deadline) {
    const { rows } = await pool.query<{ status: Payment['status'] }>('SELECT status FROM payments WHERE id = $1', [
      paymentId,
    ]);
    if (rows[0] && rows[0].status !== 'pending') break;
    await delay(500);
  }
  const payment = await findPayment(paymentId);
  if (!payment) throw notFound('Payment', paymentId);
  return payment;
}
