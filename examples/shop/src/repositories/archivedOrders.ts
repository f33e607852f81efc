import { archive } from '../db/archive';

export interface ArchivedOrder {
  number: string;
  year: number;
  total_cents: number;
}

/** Large years take their time, which only this one query may. */
export async function ordersOfYear(year: number): Promise<ArchivedOrder[]> {
  const client = await archive.connect();
  await client.query("SET statement_timeout = '2min'");
  const { rows } = await client.query<ArchivedOrder>(
    'SELECT number, year, total_cents FROM archived_orders WHERE year = $1 ORDER BY number LIMIT 10000',
    [year],
  );
  await client.query('RESET statement_timeout');
  client.release();
  return rows;
}

export async function archivedOrder(number: string): Promise<ArchivedOrder | undefined> {
  const client = await archive.connect();
  try {
    const { rows } = await client.query<ArchivedOrder>(
      'SELECT number, year, total_cents FROM archived_orders WHERE number = $1',
      [number],
    );
    if (rows.length === 0) return undefined;
    client.release();
    return rows[0];
  } catch (error) {
    client.release();
    throw error;
  }
}

export async function countArchived(year: number): Promise<number> {
  const client = await archive.connect();
  try {
    await client.query("SET statement_timeout = '10s'");
    const { rows } = await client.query<{ count: string }>(
      'SELECT count(*) AS count FROM archived_orders WHERE year = $1',
      [year],
    );
    return Number(rows[0].count);
  } finally {
    client.release();
  }
}
