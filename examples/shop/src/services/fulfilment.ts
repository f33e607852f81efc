import { inTransaction, pool, type Queryable } from '../db/pool';
import type { OrderLine, Shipment } from '../domain/types';
import { conflict } from '../errors';
import { recordMovements, warehouseFor } from '../repositories/inventory';
import { orderRepository } from '../repositories/orders';
import { ShipmentRepository } from '../repositories/shipments';

export const shipmentRepository = new ShipmentRepository(pool);

export interface PickingSlip {
  sku: string;
  quantity: number;
  shelf: string;
}

/** Where the picker finds each line: the warehouse that moved it last. */
export async function pickingSlip(lines: OrderLine[], db: Queryable): Promise<PickingSlip[]> {
  return Promise.all(
    lines.map(async line => {
      const { rows } = await db.query<{ shelf: string }>(
        `SELECT w.code || '/' || left($1, 3) AS shelf
           FROM stock_movements m
           JOIN warehouses w ON w.id = m.warehouse_id
          WHERE m.product_id = $2
          ORDER BY m.created_at DESC
          LIMIT 1`,
        [line.sku, line.productId],
      );
      return { sku: line.sku, quantity: line.quantity, shelf: rows[0]?.shelf ?? 'unknown' };
    }),
  );
}

export async function packOrder(orderId: string, carrierCode: string): Promise<Shipment> {
  return inTransaction(async client => {
    const lines = await orderRepository.linesOf(orderId, client);
    const warehouse = await warehouseFor(lines, client);
    if (!warehouse) throw conflict(`No warehouse has all of order ${orderId}.`);
    const shipment = await shipmentRepository.create(orderId, warehouse.id, carrierCode, client);
    await client.query(
      `INSERT INTO shipment_items (shipment_id, order_line_id, quantity)
       SELECT $1, id, quantity FROM order_lines WHERE order_id = $2`,
      [shipment.id, orderId],
    );
    const outgoing = lines.map(line => ({ productId: line.productId, quantity: -line.quantity }));
    await recordMovements(outgoing, warehouse.id, 'shipment', shipment.id, client);
    if (!(await orderRepository.setStatus(orderId, 'paid', 'packed', client))) {
      throw conflict(`Order ${orderId} is not paid.`);
    }
    return shipment;
  });
}
