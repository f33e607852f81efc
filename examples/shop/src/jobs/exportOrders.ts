import type { Writable } from 'node:stream';
import { pool } from '../db/pool';
import { toCsv } from '../domain/csv';

const PAGE_SIZE = 1000;
const COLUMNS = ['number', 'status', 'currency', 'total_cents', 'placed_at'];

/** Writes all orders of a year, a page at a time, so that no page is larger than the memory we have. */
export async function exportOrders(year: number, out: Writable): Promise<number> {
  let exported = 0;
  let after = '0';
  for (;;) {
    const { rows } = await pool.query<{ number: string }>(
      `SELECT ${COLUMNS.join(', ')}
         FROM orders
        WHERE number > $1 AND extract(year FROM placed_at) = $2
        ORDER BY number
        LIMIT ${PAGE_SIZE}`,
      [after, year],
    );
    if (rows.length === 0) return exported;
    out.write(toCsv(COLUMNS, rows));
    exported += rows.length;
    after = rows[rows.length - 1].number;
  }
}
