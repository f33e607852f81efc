import { inTransaction, type Queryable } from '../db/pool';
import { type Discount, isRedeemable, priceCart } from '../domain/pricing';
import type { Order } from '../domain/types';
import { badRequest, conflict, notFound } from '../errors';
import { cartItems, closeCart, findCart } from '../repositories/carts';
import { reserveStock, warehouseFor } from '../repositories/inventory';
import { orderRepository } from '../repositories/orders';

export interface CheckoutInput {
  customerId: string;
  country: string;
  discountCode?: string;
}

async function findDiscount(code: string, db: Queryable): Promise<Discount | undefined> {
  const { rows } = await db.query<Discount>(
    `SELECT code, percent_off AS "percentOff", minimum_cents AS "minimumCents", expires_at AS "expiresAt"
       FROM discount_codes
      WHERE code = upper($1)`,
    [code],
  );
  return rows[0];
}

export async function checkout(cartId: string, input: CheckoutInput): Promise<Order> {
  return inTransaction(async client => {
    const cart = await findCart(cartId, client);
    if (!cart) throw notFound('Cart', cartId);
    if (cart.status !== 'open') throw conflict(`Cart ${cartId} is ${cart.status}.`);

    const items = await cartItems(cartId, client);
    if (items.length === 0) throw badRequest('The cart is empty.');

    const discount = input.discountCode ? await findDiscount(input.discountCode, client) : undefined;
    const totals = priceCart(items, input.country, discount ?? null);
    const discountApplies = discount && isRedeemable(discount, totals.subtotalCents, new Date());

    const warehouse = await warehouseFor(items, client);
    if (!warehouse) throw conflict('Not everything in the cart is in stock.');
    const missing = await reserveStock(items, warehouse.id, client);
    if (missing.length > 0) throw conflict(`Out of stock: ${missing.join(', ')}`);

    const order = await orderRepository.create(
      {
        ...totals,
        customerId: input.customerId,
        currency: items[0].currency,
        discountCode: discountApplies ? discount.code : null,
      },
      client,
    );
    for (const item of items) {
      await client.query(
        `INSERT INTO order_lines (order_id, product_id, sku, name, quantity, unit_price_cents)
         VALUES ($1, $2, $3, $4, $5, $6)`,
        [order.id, item.productId, item.sku, item.name, item.quantity, item.priceCents],
      );
    }
    await closeCart(cartId, client);
    await orderRepository.recordEvent(order.id, 'placed', { warehouse: warehouse.code }, client);
    return order;
  });
}
