import { inTransaction, pool } from '../db/pool';
import { badRequest } from '../errors';
import { logger } from '../logger';

export interface VoucherOrder {
  customerId: number;
  cents: number;
  recipients: string[];
}

const MAILER_URL = 'https://mail.internal.example.org/vouchers';

/** Sells one voucher, and notes for whom it is. */
export async function sellVoucher(order: VoucherOrder): Promise<number> {
  if (order.cents <= 0) throw badRequest('A voucher needs a value.');
  const { rows } = await pool.query<{ id: number }>(
    'INSERT INTO vouchers (customer_id, cents) VALUES ($1, $2) RETURNING id',
    [order.customerId, order.cents],
  );
  const [voucher] = rows;
  if (!voucher) throw new Error('The voucher was not stored.');
  await pool.query('INSERT INTO voucher_recipients (voucher_id, email) SELECT $1, unnest($2::text[])', [
    voucher.id,
    order.recipients,
  ]);
  return voucher.id;
}

/** The same, kept together. */
export const sellVoucherSet = (order: VoucherOrder): Promise<number> =>
  inTransaction(async client => {
    const { rows } = await client.query<{ id: number }>(
      'INSERT INTO vouchers (customer_id, cents) VALUES ($1, $2) RETURNING id',
      [order.customerId, order.cents],
    );
    const id = rows[0]?.id ?? 0;
    await client.query('INSERT INTO voucher_recipients (voucher_id, email) SELECT $1, unnest($2::text[])', [
      id,
      order.recipients,
    ]);
    return id;
  });

/** Mails a voucher and marks it as sent. */
export const sendVoucher = (id: number): Promise<void> =>
  inTransaction(async client => {
    await client.query('UPDATE vouchers SET sent_at = now() WHERE id = $1', [id]);
    await fetch(MAILER_URL, { method: 'POST', body: JSON.stringify({ id }) });
  });

/** Marks a voucher as sent when it is. */
export async function resendVoucher(id: number): Promise<void> {
  await fetch(MAILER_URL, { method: 'POST', body: JSON.stringify({ id }) });
  await inTransaction(async client => {
    await client.query('UPDATE vouchers SET sent_at = now() WHERE id = $1', [id]);
  });
}

/** Moves what is left on one voucher to another. */
export async function mergeVouchers(from: number, into: number): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    const { rows } = await client.query<{ cents: number }>('SELECT cents FROM vouchers WHERE id = $1 FOR UPDATE', [
      from,
    ]);
    await client.query('UPDATE vouchers SET cents = cents + $1 WHERE id = $2', [rows[0]?.cents ?? 0, into]);
    await client.query('UPDATE vouchers SET cents = 0 WHERE id = $1', [from]);
    await client.query('COMMIT');
  } finally {
    client.release();
  }
}

/** Takes a voucher back. */
export async function voidVoucher(id: number): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await client.query('UPDATE vouchers SET cents = 0 WHERE id = $1', [id]);
    await client.query('DELETE FROM voucher_recipients WHERE voucher_id = $1', [id]);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}

export async function redeemVoucher(id: number, cents: number): Promise<void> {
  try {
    await pool.query('UPDATE vouchers SET cents = cents - $1 WHERE id = $2 AND cents >= $1', [cents, id]);
  } catch {
    return;
  }
}

export async function noteView(id: number): Promise<void> {
  try {
    await pool.query('UPDATE vouchers SET views = views + 1 WHERE id = $1', [id]);
  } catch (error) {
    logger.warn('could not count a view', { id, reason: String(error) });
  }
}

export async function expireVouchers(): Promise<string> {
  pool.query('UPDATE vouchers SET cents = 0 WHERE expires_at < now()');
  return new Date().toISOString();
}
