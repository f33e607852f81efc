import { db } from '../db/knex';
import { pool } from '../db/pool';
import { sql } from '../db/sql';
import type { Customer } from '../domain/types';

const CUSTOMER_COLUMNS = [
  'id',
  'email',
  'first_name AS "firstName"',
  'last_name AS "lastName"',
  'phone',
  'marketing_opt_in AS "marketingOptIn"',
];

export interface NewCustomer {
  email: string;
  firstName: string;
  lastName: string;
  phone?: string;
}

export async function findCustomer(id: string): Promise<Customer | undefined> {
  const { rows } = await pool.query<Customer>(`SELECT ${CUSTOMER_COLUMNS.join(', ')} FROM customers WHERE id = $1`, [
    id,
  ]);
  return rows[0];
}

export async function findCustomerByEmail(email: string): Promise<Customer | undefined> {
  const { rows } = await pool.query<Customer>(sql`
    SELECT id, email, first_name AS "firstName", last_name AS "lastName", phone, marketing_opt_in AS "marketingOptIn"
      FROM customers
     WHERE lower(email) = lower(${email})
  `);
  return rows[0];
}

export async function findCustomersByPhone(phone: string): Promise<Customer[]> {
  const digits = phone.replaceAll(' ', '');
  const { rows } = await pool.query<Customer>(
    'SELECT ' + CUSTOMER_COLUMNS.join(', ') + " FROM customers WHERE phone = '" + digits + "' ORDER BY created_at",
  );
  return rows;
}

export async function createCustomer(customer: NewCustomer): Promise<Customer> {
  const { rows } = await pool.query<Customer>(
    `INSERT INTO customers (email, first_name, last_name, phone)
     VALUES ($1, $2, $3, $4)
     RETURNING ${CUSTOMER_COLUMNS.join(', ')}`,
    [customer.email.toLowerCase(), customer.firstName, customer.lastName, customer.phone ?? null],
  );
  return rows[0];
}

export async function setMarketingOptIn(ids: string[], optIn: boolean): Promise<number> {
  return db('customers').whereIn('id', ids).update({ marketing_opt_in: optIn, updated_at: db.fn.now() });
}

export async function customersWithoutOrders(sinceDays: number): Promise<Customer[]> {
  return db('customers')
    .select(
      'id',
      'email',
      { firstName: 'first_name', lastName: 'last_name', marketingOptIn: 'marketing_opt_in' },
      'phone',
    )
    .whereRaw("created_at < now() - ? * interval '1 day'", [sinceDays])
    .whereNotExists(db('orders').select(db.raw('1')).whereRaw('orders.customer_id = customers.id'));
}
