import { pool, type Queryable } from '../db/pool';

export interface Entry {
  readonly id: string;
  readonly accountId: string;
  readonly debit: string;
}

/** What is not with the tax adviser yet. */
export async function unexportedEntries(limit: number): Promise<Entry[]> {
  const { rows } = await pool.query<Entry>(
    'SELECT id, account_id AS "accountId", debit FROM ledger_entries WHERE exported_at IS NULL ORDER BY id LIMIT $1',
    [limit],
  );
  return rows;
}

export async function markExported(client: Queryable, ids: string[]): Promise<void> {
  await client.query('UPDATE ledger_entries SET exported_at = now() WHERE id = ANY($1)', [ids]);
}

/** A clerk has put in the wrong amount. */
export async function correctEntry(client: Queryable, id: string, debit: string): Promise<void> {
  await client.query('UPDATE ledger_entries SET debit = $2 WHERE id = $1', [id, debit]);
}

/** The other way round, as a row of its own. */
export async function reverseEntry(client: Queryable, id: string): Promise<void> {
  await client.query(
    'INSERT INTO ledger_entries (entry_id, account_id, debit, credit) SELECT gen_random_uuid(), account_id, credit, debit FROM ledger_entries WHERE id = $1',
    [id],
  );
}
