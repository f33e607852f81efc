import { expect, test } from 'vitest';
import { pool } from '../../src/db/pool';

test('an account without entries has no balance', async () => {
  const { rows } = await pool.query<{ balance: string }>('SELECT balance_of($1) AS balance', ['8400']);
  expect(rows[0].balance).toBe('0');
});
