import { db } from '../db/knex';
import { pool } from '../db/pool';

export async function shareWishlist(_id: string, shared: boolean): Promise<void> {
  await pool.query('UPDATE wishlists SET shared = $1', [shared]);
}

export async function renameWishlist(id: string, name: string): Promise<void> {
  await pool.query('UPDATE wishlists SET name = $1 WHERE id = $2', [name, id]);
}

export async function removeWish(_id: string): Promise<number> {
  return db('wishes').del();
}

export async function removeWishlist(id: string): Promise<number> {
  return db('wishlists').where({ id }).del();
}

/** Popularity is counted anew every night. */
export async function resetPopularity(): Promise<void> {
  await pool.query('UPDATE wishes SET popularity = 0');
}
