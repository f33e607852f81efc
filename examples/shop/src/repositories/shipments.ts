import type { Pool } from 'pg';
import type { Queryable } from '../db/pool';
import type { Shipment, ShipmentItem } from '../domain/types';

const SHIPMENT_COLUMNS = `s.id, s.order_id AS "orderId", s.warehouse_id AS "warehouseId",
  s.carrier_code AS "carrierCode", s.tracking_number AS "trackingNumber", s.status`;

export interface ShipmentWithItems extends Shipment {
  items: ShipmentItem[];
}

export class ShipmentRepository {
  constructor(private readonly pool: Pool) {}

  async findById(id: string): Promise<Shipment | undefined> {
    const { rows } = await this.pool.query<Shipment>(`SELECT ${SHIPMENT_COLUMNS} FROM shipments s WHERE s.id = $1`, [
      id,
    ]);
    return rows[0];
  }

  async itemsOf(shipmentId: string): Promise<ShipmentItem[]> {
    const { rows } = await this.pool.query<ShipmentItem>(
      `SELECT i.order_line_id AS "orderLineId", l.sku, l.name, i.quantity
         FROM shipment_items i
         JOIN order_lines l ON l.id = i.order_line_id
        WHERE i.shipment_id = $1
        ORDER BY l.id`,
      [shipmentId],
    );
    return rows;
  }

  async listForOrder(orderId: string): Promise<ShipmentWithItems[]> {
    const { rows: shipments } = await this.pool.query<Shipment>(
      `SELECT ${SHIPMENT_COLUMNS} FROM shipments s WHERE s.order_id = $1 ORDER BY s.created_at`,
      [orderId],
    );
    return Promise.all(shipments.map(async shipment => ({ ...shipment, items: await this.itemsOf(shipment.id) })));
  }

  async listByCarrier(carrierCode: string, sort: string): Promise<Shipment[]> {
    const { rows } = await this.pool.query<Shipment>(
      `SELECT ${SHIPMENT_COLUMNS} FROM shipments s WHERE s.carrier_code = $1 ORDER BY s.${sort} LIMIT 200`,
      [carrierCode],
    );
    return rows;
  }

  async listUndelivered(newestFirst: boolean): Promise<Shipment[]> {
    const direction = newestFirst ? 'DESC' : 'ASC';
    const { rows } = await this.pool.query<Shipment>(
      `SELECT ${SHIPMENT_COLUMNS} FROM shipments s WHERE s.status = 'shipped' ORDER BY s.shipped_at ${direction}`,
    );
    return rows;
  }

  async create(orderId: string, warehouseId: number, carrierCode: string, db: Queryable): Promise<Shipment> {
    const { rows } = await db.query<Shipment>(
      `INSERT INTO shipments AS s (order_id, warehouse_id, carrier_code) VALUES ($1, $2, $3)
       RETURNING ${SHIPMENT_COLUMNS}`,
      [orderId, warehouseId, carrierCode],
    );
    return rows[0];
  }

  async markShipped(id: string, trackingNumber: string): Promise<boolean> {
    const { rowCount } = await this.pool.query(
      `UPDATE shipments
          SET status = 'shipped', tracking_number = $2, shipped_at = now(), updated_at = now()
        WHERE id = $1 AND status = 'packed'`,
      [id, trackingNumber],
    );
    return rowCount === 1;
  }

  async markDelivered(trackingNumbers: string[]): Promise<number> {
    const placeholders = trackingNumbers.map((_, index) => `$${index + 1}`).join(', ');
    const { rowCount } = await this.pool.query(
      `UPDATE shipments SET status = 'delivered', delivered_at = now() WHERE tracking_number IN (${placeholders})`,
      trackingNumbers,
    );
    return rowCount ?? 0;
  }
}
