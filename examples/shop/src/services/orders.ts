import { inTransaction } from '../db/pool';
import { canBecome, type OrderStatus } from '../domain/orderStatus';
import type { Order, OrderWithLines } from '../domain/types';
import { conflict, notFound } from '../errors';
import { orderRepository } from '../repositories/orders';

export async function orderWithLines(id: string): Promise<OrderWithLines> {
  const [order, lines] = await Promise.all([orderRepository.findById(id), orderRepository.linesOf(id)]);
  if (!order) throw notFound('Order', id);
  return { ...order, lines };
}

export async function changeStatus(id: string, to: OrderStatus): Promise<Order> {
  return inTransaction(async client => {
    const order = await orderRepository.findById(id, client);
    if (!order) throw notFound('Order', id);
    if (!canBecome(order.status, to)) throw conflict(`Order ${order.number} is ${order.status}, not to be ${to}.`);
    if (!(await orderRepository.setStatus(id, order.status, to, client))) {
      throw conflict(`Order ${order.number} was changed by someone else.`);
    }
    await orderRepository.recordEvent(id, to, { from: order.status }, client);
    return { ...order, status: to };
  });
}

/** The orders behind a pick list, in the order in which they were scanned. */
export async function ordersForPickList(ids: string[]): Promise<OrderWithLines[]> {
  const orders: OrderWithLines[] = [];
  for (const id of ids) {
    const order = await orderRepository.findById(id);
    if (order) orders.push({ ...order, lines: await orderRepository.linesOf(id) });
  }
  return orders;
}
