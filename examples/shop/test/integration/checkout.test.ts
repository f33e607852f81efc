import { afterAll, beforeEach, expect, test } from 'vitest';
import { db } from '../../src/db/knex';
import { pool } from '../../src/db/pool';
import { orderRepository } from '../../src/repositories/orders';
import { checkout } from '../../src/services/checkout';
import { changeStatus } from '../../src/services/orders';
import { aCartWith, aCustomer, aProduct, emptyDatabase } from '../support/factories';

beforeEach(emptyDatabase);

afterAll(async () => {
  await Promise.all([pool.end(), db.destroy()]);
});

test('a checkout makes an order and reserves the stock', async () => {
  const customerId = await aCustomer();
  const teapot = await aProduct('TEAPOT', 3490, 5);
  const order = await checkout(await aCartWith(teapot, 2), { customerId, country: 'DE' });

  expect(order).toMatchObject({ status: 'pending', subtotalCents: 6980, shippingCents: 0, totalCents: 6980 });
  const [listed] = await orderRepository.listForCustomer(customerId, 10);
  expect(listed.lines).toMatchObject([{ sku: 'TEAPOT', quantity: 2, unitPriceCents: 3490 }]);
  const { rows } = await pool.query('SELECT reserved FROM stock_levels WHERE product_id = $1', [teapot]);
  expect(rows).toEqual([{ reserved: 2 }]);
});

test('what is not in stock cannot be ordered', async () => {
  const cart = await aCartWith(await aProduct('TEAPOT', 3490, 1), 2);
  await expect(checkout(cart, { customerId: await aCustomer(), country: 'DE' })).rejects.toThrow('in stock');
});

test('a cart is ordered once', async () => {
  const customerId = await aCustomer();
  const cart = await aCartWith(await aProduct('TEAPOT', 3490, 5), 1);
  await checkout(cart, { customerId, country: 'AT' });
  await expect(checkout(cart, { customerId, country: 'AT' })).rejects.toThrow('ordered');
});

test('an order cannot be shipped before it is paid', async () => {
  const cart = await aCartWith(await aProduct('TEAPOT', 3490, 5), 1);
  const order = await checkout(cart, { customerId: await aCustomer(), country: 'DE' });
  await expect(changeStatus(order.id, 'shipped')).rejects.toThrow('pending');
  expect(await changeStatus(order.id, 'paid')).toMatchObject({ status: 'paid' });
});
