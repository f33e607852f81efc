import { MongoClient } from 'mongodb';

const client = new MongoClient(process.env.ACTIVITY_URL ?? 'mongodb://localhost:27017', { maxPoolSize: 10 });

/** What customers looked at: kept for a month, beside the orders. */
export const views = client.db('activity').collection<View>('views');

export interface View {
  readonly visitor: string;
  readonly sku: string;
  readonly at: Date;
}
