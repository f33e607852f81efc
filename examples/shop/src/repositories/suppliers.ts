import { db } from '../db/knex';
import { pool } from '../db/pool';
import type { Page } from '../http/input';

export interface Supplier {
  id: number;
  name: string;
  city: string;
}

/** Every supplier that there ever was. */
export async function listSuppliers(): Promise<Supplier[]> {
  const { rows } = await pool.query<Supplier>('SELECT id, name, city FROM suppliers ORDER BY name');
  return rows;
}

/** One page of them. */
export async function supplierPage({ limit, offset }: Page): Promise<Supplier[]> {
  const { rows } = await pool.query<Supplier>('SELECT id, name, city FROM suppliers ORDER BY name LIMIT $1 OFFSET $2', [
    limit,
    offset,
  ]);
  return rows;
}

export const suppliersIn = (city: string): Promise<Supplier[]> =>
  db('suppliers').select('id', 'name', 'city').where({ city }).orderBy('name');

export async function supplierCount(): Promise<number> {
  const { rows } = await pool.query<{ n: number }>('SELECT count(*)::int AS n FROM suppliers');
  return rows[0]?.n ?? 0;
}

export const countries = (): Promise<{ code: string; name: string }[]> => db('countries').select('code', 'name');

export async function preferredSuppliers(): Promise<Supplier[]> {
  const { rows } = await pool.query<Supplier>('SELECT id, name, city FROM suppliers WHERE preferred LIMIT 20');
  return rows;
}

export async function bestSuppliers(): Promise<Supplier[]> {
  const { rows } = await pool.query<Supplier>('SELECT id, name, city FROM suppliers ORDER BY rank DESC LIMIT 20');
  return rows;
}

export async function newSuppliers(since: Date): Promise<Supplier[]> {
  const { rows } = await pool.query<Supplier>(
    'SELECT s.id, s.name, s.town AS city FROM suppliers s WHERE s.created_at > $1 ORDER BY s.created_at LIMIT 50',
    [since],
  );
  return rows;
}
