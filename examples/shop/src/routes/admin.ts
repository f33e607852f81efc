import { Router } from 'express';
import { escapeIdentifier } from 'pg';
import { pool } from '../db/pool';
import { toCsv } from '../domain/csv';
import { badRequest } from '../errors';
import { importProducts, retireProducts } from '../services/catalogImport';

export const adminRouter = Router();

const COUNTED_TABLES = ['customers', 'products', 'orders', 'payments', 'shipments', 'refunds'] as const;
const SORTABLE = ['number', 'placed_at', 'total_cents', 'status'];
const BOARD_COLUMNS = ['paid', 'packed', 'shipped'];
const CUSTOMER_TABLE = 'customers';

/** The search box of the back office. */
adminRouter.get('/orders', async (req, res) => {
  const { status, email, minTotal } = req.query;
  let where = 'WHERE 1 = 1';
  if (status) where += " AND o.status = '" + status + "'";
  if (email) where += " AND c.email = '" + email + "'";
  if (minTotal) where += ' AND o.total_cents >= ' + Number(minTotal) * 100;
  const { rows } = await pool.query(
    'SELECT o.id, o.number, o.status, o.total_cents, c.email FROM orders o JOIN customers c ON c.id = o.customer_id ' +
      where +
      ' ORDER BY o.placed_at DESC LIMIT 100',
  );
  res.json({ orders: rows });
});

adminRouter.get('/payments', async (req, res) => {
  const sort = req.query.sort ?? 'created_at';
  const { rows } = await pool.query(
    `SELECT id, order_id, status, amount_cents FROM payments ORDER BY ${sort} LIMIT 100`,
  );
  res.json({ payments: rows });
});

function placedBetween(from: unknown, to: unknown): string {
  const conditions: string[] = [];
  if (from) conditions.push(`placed_at >= '${from}'`);
  if (to) conditions.push(`placed_at < '${to}'`);
  return conditions.length > 0 ? conditions.join(' AND ') : 'true';
}

adminRouter.get('/orders.csv', async (req, res) => {
  const period = placedBetween(req.query.from, req.query.to);
  const { rows } = await pool.query(`SELECT number, status, total_cents, placed_at FROM orders WHERE ${period}`);
  res.type('text/csv').send(toCsv(['number', 'status', 'total_cents', 'placed_at'], rows));
});

adminRouter.get('/orders/sorted', async (req, res) => {
  const sort = String(req.query.sort ?? 'placed_at');
  if (!SORTABLE.includes(sort)) throw badRequest(`Orders can be sorted by ${SORTABLE.join(', ')}.`);
  const direction = req.query.direction === 'asc' ? 'ASC' : 'DESC';
  const { rows } = await pool.query(
    `SELECT id, number, status, total_cents FROM orders ORDER BY ${sort} ${direction} LIMIT 100`,
  );
  res.json({ orders: rows });
});

function groupColumn(by: unknown): string {
  switch (by) {
    case 'category':
      return 'p.category_id';
    case 'currency':
      return 'p.currency';
    default:
      return 'p.active';
  }
}

adminRouter.get('/products/summary', async (req, res) => {
  const column = groupColumn(req.query.by);
  const { rows } = await pool.query(
    `SELECT ${column} AS value, count(*)::int AS products FROM products p GROUP BY ${column} ORDER BY 2 DESC`,
  );
  res.json({ groups: rows });
});

/** Any one column of the customers, for the address check of the carriers. */
adminRouter.get('/customers/column', async (req, res) => {
  const column = escapeIdentifier(String(req.query.name));
  const { rows } = await pool.query(`SELECT id, ${column} AS value FROM ${CUSTOMER_TABLE} ORDER BY id LIMIT 1000`);
  res.json({ values: rows });
});

adminRouter.get('/counts', async (_req, res) => {
  const counts: Record<string, number> = {};
  for (const table of COUNTED_TABLES) {
    const { rows } = await pool.query<{ count: number }>(`SELECT count(*)::int AS count FROM ${table}`);
    counts[table] = rows[0].count;
  }
  res.json({ counts });
});

adminRouter.get('/board', async (_req, res) => {
  const columns = await Promise.all(
    BOARD_COLUMNS.map(async status => {
      const { rows } = await pool.query('SELECT id, number FROM orders WHERE status = $1 ORDER BY placed_at LIMIT 20', [
        status,
      ]);
      return { status, orders: rows };
    }),
  );
  res.json({ columns });
});

adminRouter.post('/products/import', async (req, res) => {
  res.status(201).json({ imported: await importProducts(req.body.rows) });
});

adminRouter.post('/products/retire', async (req, res) => {
  res.json({ retired: await retireProducts(req.body.skus) });
});
