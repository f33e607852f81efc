import { type Request, type Response, Router } from 'express';
import { pool } from '../db/pool';
import type { Customer } from '../domain/types';
import { notFound } from '../errors';
import { pageOf, textOf } from '../http/input';
import { createCustomer, findCustomer, findCustomerByEmail, findCustomersByPhone } from '../repositories/customers';
import { orderRepository } from '../repositories/orders';

export const customersRouter = Router();

customersRouter.get('/', async (req, res) => {
  const { limit, offset } = pageOf(req);
  const { rows: customers } = await pool.query<Customer>(
    `SELECT id, email, first_name AS "firstName", last_name AS "lastName", phone
       FROM customers
      ORDER BY created_at DESC
      LIMIT $1 OFFSET $2`,
    [limit, offset],
  );
  const withTotals = await Promise.all(
    customers.map(async customer => {
      const { rows } = await pool.query(
        'SELECT count(*)::int AS orders, coalesce(sum(total_cents), 0)::int AS "spentCents" FROM orders WHERE customer_id = $1',
        [customer.id],
      );
      return { ...customer, ...rows[0] };
    }),
  );
  res.json({ customers: withTotals });
});

async function searchCustomers(req: Request, res: Response): Promise<void> {
  const q = String(req.query.q ?? '').trim();
  const { rows } = await pool.query<Customer>(
    `SELECT id, email, first_name AS "firstName", last_name AS "lastName"
       FROM customers
      WHERE email ILIKE '%${q}%'
      LIMIT 50`,
  );
  res.json({ customers: rows });
}

customersRouter.get('/search', searchCustomers);

customersRouter.get('/by-email', async (req, res) => {
  const email = textOf(req.query.email, 'email');
  const customer = await findCustomerByEmail(email);
  if (!customer) throw notFound('Customer', email);
  res.json({ customer });
});

customersRouter.get('/by-phone', async (req, res) => {
  res.json({ customers: await findCustomersByPhone(textOf(req.query.phone, 'phone')) });
});

customersRouter.get('/mailing-list', async (req, res) => {
  const ids = String(req.query.ids).split(',');
  const { rows } = await pool.query(`SELECT email, first_name FROM customers WHERE id IN ('${ids.join("','")}')`);
  res.json({ recipients: rows });
});

customersRouter.post('/', async (req, res) => {
  const customer = await createCustomer({
    email: textOf(req.body.email, 'email'),
    firstName: textOf(req.body.firstName, 'firstName'),
    lastName: textOf(req.body.lastName, 'lastName'),
    phone: req.body.phone,
  });
  res.status(201).json({ customer });
});

customersRouter.get('/:id', async (req, res) => {
  const customer = await findCustomer(req.params.id);
  if (!customer) throw notFound('Customer', req.params.id);
  res.json({ customer, orders: await orderRepository.listForCustomer(customer.id, 20) });
});
