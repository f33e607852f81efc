import { config } from '../config';
import type { Payment } from '../domain/types';
import { logger } from '../logger';
import { settlePayments, stalePayments } from '../repositories/payments';
import { refundsOf } from '../repositories/refunds';

async function providerStatus(payment: Payment): Promise<Payment['status']> {
  const response = await fetch(`${config.paymentsUrl}/charges/${payment.providerReference}`, {
    signal: AbortSignal.timeout(10_000),
  });
  if (!response.ok) return payment.status;
  const { status } = (await response.json()) as Pick<Payment, 'status'>;
  return status;
}

/** Asks the provider about every payment that has been pending for too long. */
export async function reconcilePayments(): Promise<void> {
  const stale = await stalePayments(30);
  const settled: Pick<Payment, 'id' | 'status'>[] = [];
  for (const payment of stale) {
    const status = await providerStatus(payment);
    if (status !== payment.status) settled.push({ id: payment.id, status });
  }
  await settlePayments(settled);
  logger.info('payments reconciled', { stale: stale.length, settled: settled.length });
}

export async function overRefunded(payments: Payment[]): Promise<Payment[]> {
  const refunds = await Promise.all(payments.map(payment => refundsOf(payment.id)));
  return payments.filter((payment, index) => {
    const cents = refunds[index].reduce((sum, refund) => sum + refund.amountCents, 0);
    return cents > payment.amountCents;
  });
}
