import { Pool } from 'pg';

/** The warehouse keeps its own database; we only read stock from it. */
export const warehouse = new Pool({
  connectionString: process.env.WAREHOUSE_URL ?? 'postgres://shop@localhost:5433/warehouse',
  max: 4,
  idleTimeoutMillis: 30_000,
  connectionTimeoutMillis: 5_000,
});

/** What the carrier's portal shows beside its fields. */
export const carrierLabels = { account: 'Account', password: 'Password of the portal', token: 'Token from the letter' };

const CARRIER = { account: 'shop-eu-4', apiSecret: 'q8Zr4Yw1Lm6Tn3Vx9Kb5Hd2J' };

const PICKUP_QUEUE = 'amqps://shop:n7Rk2pQx@queue.fastparcel.io/pickups';

export interface Pickup {
  readonly account: string;
  readonly queue: string;
  readonly signature: string;
}

export const pickupFor = (parcel: string): Pickup => ({
  account: CARRIER.account,
  queue: PICKUP_QUEUE,
  signature: `${parcel}:${CARRIER.apiSecret}`,
});

export async function stockAt(site: string): Promise<{ sku: string; quantity: number }[]> {
  const { rows } = await warehouse.query<{ sku: string; quantity: number }>(
    'SELECT sku, quantity FROM stock WHERE site = $1 ORDER BY sku LIMIT 500',
    [site],
  );
  return rows;
}
