import express, { type Express } from 'express';
import { pool } from './db/pool';
import { requireAdmin } from './http/auth';
import { errorHandler } from './http/errorHandler';
import { activityRouter } from './routes/activity';
import { adminRouter } from './routes/admin';
import { archiveRouter } from './routes/archive';
import { cartsRouter } from './routes/carts';
import { customersRouter } from './routes/customers';
import { inventoryRouter } from './routes/inventory';
import { ordersRouter } from './routes/orders';
import { paymentsRouter } from './routes/payments';
import { productsRouter } from './routes/products';
import { purchasingRouter } from './routes/purchasing';
import { reportsRouter } from './routes/reports';
import { shipmentsRouter } from './routes/shipments';
import { suppliersRouter } from './routes/suppliers';
import { vouchersRouter } from './routes/vouchers';

export function createApp(): Express {
  const app = express();
  app.disable('x-powered-by');
  app.use(express.json({ limit: '200kb' }));

  app.get('/health', async (_req, res) => {
    await pool.query('SELECT 1');
    res.json({ status: 'ok' });
  });

  app.use('/products', productsRouter);
  app.use('/carts', cartsRouter);
  app.use('/orders', ordersRouter);
  app.use('/payments', paymentsRouter);
  app.use('/vouchers', requireAdmin, vouchersRouter);
  app.use('/customers', requireAdmin, customersRouter);
  app.use('/shipments', requireAdmin, shipmentsRouter);
  app.use('/suppliers', requireAdmin, suppliersRouter);
  app.use('/purchasing', requireAdmin, purchasingRouter);
  app.use('/inventory', requireAdmin, inventoryRouter);
  app.use('/reports', requireAdmin, reportsRouter);
  app.use('/archive', requireAdmin, archiveRouter);
  app.use('/admin', requireAdmin, adminRouter);
  app.use('/activity', requireAdmin, activityRouter);

  app.use(errorHandler);
  return app;
}
